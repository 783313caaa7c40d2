"""The Fellegi-Sunter model: evidence in bits, field by field.

Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049) weigh agreement on a
field by `log2(m / u)`: how much likelier it is among records of one customer than
among unrelated ones. Beside those two classes stands a third, *related* pairs, which
share what households share and differ in what makes a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.documents import write_document
from custmerge.classifier.levels import Levels, to_levels
from custmerge.pairs import SimilarityVectors

__all__ = [
    "MAX_RARITY_BITS",
    "FellegiSunter",
    "FieldWeights",
    "Training",
    "from_document",
    "probability",
]

Weights = NDArray[np.float64]
_SLACK = 1e-6
"""How far from 1 probabilities may sum to, for rounding."""
_AT_ONCE = 2**15
"""Pairs weighed together, so that all about them is in the processor's cache."""
MAX_RARITY_BITS = 10.0
"""Most bits that a value's rarity may add or take, whatever the counts say."""


Rows = tuple[tuple[float, ...], ...]
"""Probabilities of levels, a row for each level of the parents."""


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """What one field's agreement levels are worth.

    Fields that say the same (a postcode and its city, names and the e-mail made of
    them) would count twice. Such a field has parents, and a row of probabilities for
    each level that all parents reach: what the field adds to what they said already.
    It follows the tree-augmented form of the model (Friedman et al. 1997,
    doi:10.1023/A:1007465528199).

    Attributes:
        name: The field.
        thresholds: Ascending similarities in [0, 1]; `n` of them make `n + 1` levels.
        match: How often pairs of one customer show each level. One row without
            parents; with some, a first row for where one of them is missing, then one
            for each level that all of them reach. Each row sums to 1.
        unrelated: The same among unrelated pairs.
        related: The same among each class of relatives, such as a household's members;
            `unrelated` where those agree no more than strangers.
        parents: The fields that it depends on; all have as many levels.
        mean_frequency: How common a value is on average, which an agreed value's own
            frequency is held against; 0 where frequency does not count.
        support: Expected matching pairs that showed each level in training.
    """

    name: str
    thresholds: tuple[float, ...]
    match: Rows
    unrelated: Rows
    related: tuple[Rows, ...] = ()
    parents: tuple[str, ...] = ()
    mean_frequency: float = 0.0
    support: tuple[float, ...] = ()

    def __repr__(self) -> str:
        bits = self.bits()[0, :-1]
        after = f"; after {', '.join(self.parents)}" if self.parents else ""
        return (
            f"FieldWeights({self.name!r}, {len(bits)} levels, "
            f"{bits.min():+.1f} to {bits.max():+.1f} bits{after})"
        )

    def bits(self) -> Weights:
        """Return the weight of each level, a row for each row of `match`.

        A last column of zeros stands for a missing side.
        """
        return _bits(self.match, self.unrelated)

    def kin_bits(self, kin: int) -> Weights:
        """Return what `bits` does, for relatives of a class against strangers."""
        return _bits(self.related[kin], self.unrelated)


@lru_cache(maxsize=1024)  # a model weighs pairs several times
def _bits(above: Rows, below: Rows) -> Weights:
    weights = np.zeros((len(above), len(above[0]) + 1))
    weights[:, :-1] = np.log2(np.asarray(above) / np.asarray(below))
    weights.flags.writeable = False
    return weights


@dataclass(frozen=True, slots=True)
class Training:
    """How the model came about.

    Attributes:
        converged: Whether the parameters settled before the iterations ran out.
        n_iterations: Iterations of expectation maximisation.
        n_pairs: Candidate pairs it saw.
        reason: Why it stopped, in words.
    """

    converged: bool = True
    n_iterations: int = 0
    n_pairs: int = 0
    reason: str = "given, not trained"


@dataclass(frozen=True, slots=True)
class FellegiSunter:
    """Weighs similarity vectors by how often each level occurs in each class.

    Attributes:
        fields: The weights of each field.
        match_rate: Share of matches among all pairs of records, in (0, 1).
        related_rates: Share of each class of relatives among all pairs, in [0, 1).
        relatives: The names of these classes.
        training: How the parameters came about.
        shift: Bits that labels add to the prior.
        factors: What labels multiply each part of the weight with; 1 where not named.
            See `calibrated`.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ... ]
        >>> model = cm.resolve(records).model
        >>> [item.name for item in model.fields]
        ['given_name', 'family_name', 'email']
        >>> cm.resolve(records, model=model).n_entities
        2
    """

    fields: tuple[FieldWeights, ...]
    match_rate: float
    related_rates: tuple[float, ...] = ()
    relatives: tuple[str, ...] = ()
    training: Training = field(default_factory=Training)
    shift: float = 0.0
    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def prior(self) -> float:
        """The weight in bits of a pair about which nothing is known."""
        return float(np.log2(self.match_rate / self.unrelated_rate)) + self.shift

    @property
    def unrelated_rate(self) -> float:
        """Share of unrelated pairs among all pairs."""
        return 1 - self.match_rate - sum(self.related_rates)

    def weights(self, vectors: SimilarityVectors, /) -> Weights:
        """Return the match weight of each pair in bits, prior included."""
        if len(vectors) <= _AT_ONCE:
            return self._weights(vectors)
        starts = range(0, len(vectors), _AT_ONCE)
        some = (vectors.take(slice(start, start + _AT_ONCE)) for start in starts)
        with ThreadPoolExecutor() as threads:
            return np.concatenate(list(threads.map(self._weights, some)))

    def _weights(self, vectors: SimilarityVectors) -> Weights:
        total = np.zeros(len(vectors))
        for part in self.contributions(vectors).values():
            total += part
        return total

    def contributions(self, vectors: SimilarityVectors) -> dict[str, Weights]:
        """Return the parts that add up to `weights`: prior, each field, relatives.

        `"(prior)"` is the prior, and `"(related)"` what the pair loses for looking like
        relatives, never above 0; the others are the fields.
        """
        parts, kinship = self._evidence(vectors)
        parts["(related)"] = self._loss_to_relatives(kinship, len(vectors))
        for name, factor in self.factors.items():
            parts[name] = parts[name] * factor
        return parts

    def kinship(self, vectors: SimilarityVectors) -> dict[str, Weights]:
        """Return for each class of relatives the probability that pairs are such.

        Each is float64, shape `(n_pairs,)`, in [0, 1].
        """
        parts, kinship = self._evidence(vectors)
        match = np.sum(list(parts.values()), axis=0)
        odds = [
            (np.log2(rate / self.unrelated_rate) if rate else -np.inf) + bits
            for rate, bits in zip(self.related_rates, kinship, strict=True)
        ]
        total = np.logaddexp2.reduce([np.zeros(len(vectors)), match, *odds])
        chances = [np.exp2(bits - total) for bits in odds]
        return dict(zip(self.relatives, chances, strict=True))

    def _evidence(
        self, vectors: SimilarityVectors
    ) -> tuple[dict[str, Weights], list[Weights]]:
        """Return the bits for a match by part, and in all for each class of relatives.

        All are against unrelated pairs.
        """
        n_pairs = len(vectors)
        parts = {"(prior)": np.full(n_pairs, self.prior)}
        kinship = [np.zeros(n_pairs) for _ in self.related_rates]
        levels = {
            item.name: to_levels(vectors.scores[item.name], item.thresholds)
            for item in self.fields
        }
        for item in self.fields:
            cells = _cells(item, levels)
            rarity = self._rarity(item, levels, vectors)
            parts[item.name] = item.bits().take(cells) + rarity
            for kin, table in enumerate(item.related):
                if table != item.unrelated:
                    kinship[kin] += item.kin_bits(kin).take(cells) + rarity
        return parts, kinship

    def _rarity(
        self,
        item: FieldWeights,
        levels: Mapping[str, Levels],
        vectors: SimilarityVectors,
    ) -> Weights:
        """Return the bits that agreement gains on rare values, loses on common ones.

        To agree on a value that a share `f` of the records hold happens by chance with
        probability `f`, not with the field's mean (Winkler 2000, RR2000/05); a value
        that nearly agrees is taken for that value mistyped. Where all parents agree
        exactly too, nothing is left to chance.
        """
        bits = np.zeros(len(vectors))
        frequencies = vectors.frequencies.get(item.name)
        if frequencies is None or not item.mean_frequency:
            return bits
        agree = (levels[item.name] > 0) & (frequencies > 0)
        if item.parents:
            tops = {field.name: len(field.thresholds) for field in self.fields}
            told = [levels[name] == tops[name] for name in item.parents]
            agree &= ~np.logical_and.reduce(told)
        rarity = np.log2(item.mean_frequency / frequencies[agree])
        bits[agree] = np.clip(rarity, -MAX_RARITY_BITS, MAX_RARITY_BITS)
        return bits

    def _loss_to_relatives(self, kinship: Sequence[Weights], n_pairs: int) -> Weights:
        """Odds against unrelated become odds against unrelated or any relatives."""
        odds = [
            np.log2(rate / self.unrelated_rate) + bits
            for rate, bits in zip(self.related_rates, kinship, strict=True)
            if rate
        ]
        loss: Weights = -np.logaddexp2.reduce([np.zeros(n_pairs), *odds])
        return loss

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model as JSON; `load_model` reads it back.

        Examples:
            >>> import custmerge as cm
            >>> records = [{"name": n} for n in ("Ann Lee", "Bo Chan", "Ann Lee")]
            >>> model = cm.resolve(records).model
            >>> model.save("model.json")  # doctest: +SKIP
        """
        write_document(path, "fellegi_sunter", asdict(self))

    def __repr__(self) -> str:
        names = ", ".join(item.name for item in self.fields)
        state = "converged" if self.training.converged else "NOT converged"
        return (
            f"FellegiSunter({len(self.fields)} fields: {names}; "
            f"prior {self.prior:.1f} bits; {state})"
        )


def _cells(item: FieldWeights, levels: Mapping[str, Levels]) -> NDArray[np.intp]:
    """Return where each pair stands in the field's tables, laid out in one row.

    One before a row, where a side is missing, ends the row before it, or the last one:
    a cell for missing sides as well.
    """
    cells = levels[item.name].astype(np.intp)
    if item.parents:
        reached = np.minimum.reduce([levels[name] for name in item.parents])
        cells += (reached.astype(np.intp) + 1) * (len(item.thresholds) + 2)
    return cells


def probability(weights: Weights) -> Weights:
    """Return match probabilities for weights in bits.

    Examples:
        >>> probability(np.asarray([0.0, 1.0, -60.0])).round(3).tolist()
        [0.5, 0.667, 0.0]
    """
    return np.exp2(-np.logaddexp2(0, -weights))


def from_document(document: Mapping[str, Any]) -> FellegiSunter:
    """Return the model whose parameters `FellegiSunter.save` wrote.

    Raises:
        ValueError: They are of no such model.
    """
    known = {item.name for item in fields(FellegiSunter)}
    unknown = sorted(set(document) - known)
    if unknown:
        message = f"unknown entries {unknown}; known are {sorted(known)}"
        raise ValueError(message)
    tables = tuple(_field_weights(row) for row in document["fields"])
    model = FellegiSunter(
        tables,
        document["match_rate"],
        _frozen(document["related_rates"]),
        _frozen(document["relatives"]),
    )
    n_levels = {item.name: len(item.thresholds) + 1 for item in model.fields}
    if len(n_levels) < len(model.fields):
        message = "two fields have the same name"
        raise ValueError(message)
    for item in model.fields:
        _check_weights(item, n_levels)
    rates = np.asarray([model.match_rate, *model.related_rates], dtype=np.float64)
    if not (rates[0] > 0 and (rates >= 0).all() and rates.sum() < 1):
        message = "match_rate and related_rates must be shares, below 1 together"
        raise ValueError(message)
    n_classes = {len(item.related) for item in model.fields} | {len(model.relatives)}
    if n_classes != {len(model.related_rates)}:
        message = "relatives and each field must have an entry for each related_rate"
        raise ValueError(message)
    return replace(
        model,
        training=Training(**document["training"]),
        **_corrections(document, n_levels),
    )


def _corrections(
    document: Mapping[str, Any], fields: Collection[str]
) -> dict[str, Any]:
    """Return what labels changed, where they did."""
    shift, factors = document.get("shift", 0.0), document.get("factors", {})
    if not np.isfinite(np.asarray([shift, *factors.values()], dtype=float)).all() or (
        set(factors) - {*fields, "(related)"}
    ):
        message = "shift and factors must be numbers, and factors those of fields"
        raise ValueError(message)
    return {"shift": shift, "factors": dict(factors)}


def _field_weights(row: Mapping[str, Any]) -> FieldWeights:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        message = "each field must be a table with a name"
        raise TypeError(message)
    weights = FieldWeights(**{key: _frozen(value) for key, value in row.items()})
    edges = np.asarray(weights.thresholds, dtype=np.float64)
    if edges.ndim != 1 or not (np.diff(edges) > 0).all():
        message = f"field {weights.name!r} needs ascending thresholds"
        raise ValueError(message)
    return weights


def _frozen(value: Any) -> Any:  # noqa: ANN401  lists of JSON at any depth
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _check_weights(item: FieldWeights, n_levels: Mapping[str, int]) -> None:
    parents = {n_levels.get(name, 0) for name in item.parents}
    if 0 in parents or len(parents) > 1:
        message = f"the parents of {item.name!r} must be fields of as many levels each"
        raise ValueError(message)
    shape = (max(parents, default=0) + 1, n_levels[item.name])
    for rows in (item.match, item.unrelated, *item.related):
        table = np.asarray(rows, dtype=np.float64)
        sums = table.sum(axis=-1)
        if (
            table.shape != shape
            or not (table > 0).all()
            or abs(sums - 1).max() > _SLACK
        ):
            message = (
                f"field {item.name!r} needs {shape} probabilities above 0, whose rows "
                "sum to 1"
            )
            raise ValueError(message)
