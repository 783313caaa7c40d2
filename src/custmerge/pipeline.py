"""From records to a `Resolution`: the order of the stages, known here alone."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

from custmerge.classifier import IntoClassifier, Rule, as_rule
from custmerge.config import Config
from custmerge.config.surviving import columns_asked
from custmerge.contacts import ContactValues
from custmerge.decisions import (
    Decisions,
    IntoDecisions,
    as_decisions,
    check_pinned,
    golden_columns,
    left_out,
    locate,
)
from custmerge.engines.blocking import all_blocks, block
from custmerge.engines.blocks import Blocks
from custmerge.engines.checks import (
    check_columns,
    check_ids,
    check_model,
    check_types,
    findings,
)
from custmerge.engines.identifying import IdPairs, sources_of, told
from custmerge.engines.judging import judge, without_placeholders
from custmerge.engines.labelling import read_labels
from custmerge.engines.linking import link
from custmerge.engines.observing import observe
from custmerge.engines.ordering import canonical_order, in_order
from custmerge.engines.people import People
from custmerge.engines.planning import (
    AUTO_MEMORY,
    check_memory,
    limit_of,
    plan_run,
)
from custmerge.engines.probing import Probe
from custmerge.engines.progress import watched
from custmerge.engines.record_types import with_type
from custmerge.exceptions import CustmergeWarning, InvalidConfigError
from custmerge.finding import RecordFinder
from custmerge.inference import IntoField, broken_ids, configure, load
from custmerge.io import Dataset, encode, named_sources
from custmerge.merging import merge, remarks, source_name
from custmerge.normalizing import normalize
from custmerge.plans import Plan
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable
from custmerge.remarks import Remark
from custmerge.resolution import Resolution
from custmerge.survivorship import IntoSurvivorshipRule
from custmerge.timings import Clock

__all__ = ["infer_config", "plan", "resolve"]

_LEAST_BUDGET = 40_000
"""Candidate pairs allowed however few the records: so many cost next to nothing."""
_LARGE = 2_000_000
"""Records from which columns are encoded twice rather than held all the time, and
normalized again for who asks about pairs that were not compared: what that needs takes
150 bytes a record, more than a gigabyte where there are ten million."""


def infer_config(
    records: object,
    *,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
    survivorship: Mapping[str, IntoSurvivorshipRule] | None = None,
) -> Config:
    """Return what `resolve` would do with these records, and why.

    Args:
        records: As for `resolve`.
        fields: As for `resolve`.
        id: As for `resolve`.
        source: As for `resolve`.
        survivorship: As for `resolve`.

    Examples:
        >>> import custmerge as cm
        >>> config = cm.infer_config({"surname": ["Lee"], "mail": ["a@b.org"]})
        >>> [(field.name, str(field.kind)) for field in config.fields]
        [('surname', 'family_name'), ('mail', 'email')]
    """
    dataset = load(records)
    said = _Said(None, fields, id, source, survivorship=survivorship)
    return _configured(dataset, encode(dataset), said)


def resolve(  # noqa: PLR0913  the one call that users make
    records: object,
    *,
    config: Config | None = None,
    model: IntoClassifier | None = None,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
    must_link: IdPairs = (),
    cannot_link: IdPairs = (),
    rules: Sequence[Rule | Mapping[str, Any]] | None = None,
    survivorship: Mapping[str, IntoSurvivorshipRule] | None = None,
    master: IntoSurvivorshipRule | None = None,
    labels: object = None,
    decisions: IntoDecisions | None = None,
    memory: int | str | None = AUTO_MEMORY,
    progress: bool | None = None,
) -> Resolution:
    """Return the entities in the records, with golden records and all evidence.

    Args:
        records: A list (any iterable) of mappings, a dict of columns, a pandas, polars
            or pyarrow table, a path to a CSV, TSV, Parquet or Excel file; or several of
            these by name, `{"crm": crm, "web": web}`, whose columns are aligned by name
            and kind. They are never changed.
        config: What to do; inferred where not given. Where it is, none of `fields`,
            `id`, `source` and `rules` may be.
        model: What weighs pairs: a `FellegiSunter` trained before, `Rules`, a
            `WeightedScore`, or an estimator with `predict_proba`, fitted to similarity
            vectors or to be fitted to the `labels`. Learnt from the records where not
            given.
        fields: What columns are, where the inference would not know: a kind or role
            by name (`"phone"`, `"record_type"`), a `Field`, or `None` for a column
            that is no evidence.
        id: The column with unique record ids.
        source: The column that names the system a record came from.
        must_link: Pairs of records that are one customer, whatever the evidence, by
            record id (row number without `id`); `(source, id)` where ids repeat.
        cannot_link: Pairs of records that are not.
        rules: What holds whatever the evidence; see `Rule`.
        survivorship: Which value survives, by field or column: a rule such as
            `valid_first().then(most_recent())`, or the name of one. It goes before
            what `config` or `fields` say.
        master: The rule by which one record of each entity survives, as in a CRM, the
            others filling its gaps alone; `smallest()` is the lowest id. See `Config`.
        labels: Pairs of which is known whether they are the same: rows of `left_id`,
            `right_id` and `same`, as tuples, mappings, a table or a path, such as
            `result.review` with a column `same` added. With several sources, whose
            ids may repeat, `left_source` and `right_source` as well, or `(source, id)`
            in tuples. The model learns from them, and the result keeps to them.
        decisions: What people decided before: an earlier result's `decisions`, a file
            that these were saved to or that `write_review` wrote and people filled in,
            or triples `(record, record, same)`. The result keeps to them, and no model
            learns from them. Those about records that are not there are left out, with
            a warning.
        memory: How much memory the run may take above the records themselves, such as
            `"2GiB"` or a number of bytes; `"auto"`: what the machine has available;
            `None`: any amount. What is expected to take more is refused, before the
            long work.
        progress: Whether a bar shows how far the run is; `None`: in a terminal or a
            notebook, if the run is long.

    Raises:
        InvalidInputError: The records cannot be read as a table, or the labels do not
            fit them or each other.
        DuplicateIdError: Ids repeat or are missing.
        ColumnNotFoundError: A named column does not exist.
        InvalidConfigError: The arguments contradict each other.
        MemoryLimitError: The run is expected to take more than `memory`; see `plan`.
        ModelError: The model does not fit the records' fields.
        PluginError: A plug-in failed.

    Warns:
        CustmergeWarning: The result stands but deserves a look; also in
            `result.warnings`.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "phone": "020 7946 0001", "city": "London"},
        ...     {"name": "Bo Chan", "phone": "0113 496 0002", "city": "Leeds"},
        ...     {"name": "Anne Lee", "phone": "+44 20 7946 0001", "city": "London"},
        ... ]
        >>> cm.resolve(records).assignments[2]["entity_id"]
        0
    """
    check_types(config, model)
    said = _Said(
        *(config, fields, id, source, rules),
        *(model, must_link, cannot_link, labels, limit_of(memory)),
        as_decisions(decisions),
        survivorship=survivorship,
        master=master,
    )
    with watched(progress) as clock:
        return _resolved(records, said, clock)


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What the caller of `resolve` says beside the records; see there."""

    config: Config | None = None
    fields: Mapping[str, IntoField] | None = None
    id: str | None = None
    source: str | None = None
    rules: Sequence[Rule | Mapping[str, Any]] | None = None
    model: IntoClassifier | None = None
    must_link: IdPairs = ()
    cannot_link: IdPairs = ()
    labels: object = None
    memory: int | None = None
    decisions: Decisions = field(default_factory=Decisions)
    survivorship: Mapping[str, IntoSurvivorshipRule] | None = None
    master: IntoSurvivorshipRule | None = None


def plan(
    records: object,
    config: Config | None = None,
    *,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
    memory: int | str | None = AUTO_MEMORY,
) -> Plan:
    """Return what `resolve` would do with these records, and what it would take.

    Time and memory are good to a factor of two or so; see `custmerge.plans`.

    Args:
        records: As for `resolve`; the arguments below too.
        config: What would be done; inferred where not given.
        fields: What columns are, where the inference would not know.
        id: The column with unique record ids.
        source: The column that names the system a record came from.
        memory: How much memory the run may take.

    Raises:
        CustmergeError: As `resolve` does, but for too little memory.

    Examples:
        >>> import custmerge as cm
        >>> plan = cm.plan({"name": ["Ann Lee", "Bo Chan", "Ann Lee"]}, memory="2GiB")
        >>> plan.n_pairs, plan.fits
        (1, True)
    """
    check_types(config, None)
    limit, clock = limit_of(memory), Clock()
    dataset, raw = _read(records, clock)
    config = _configured(dataset, raw, _Said(config, fields, id, source))
    check_ids(raw, config, dataset.source_codes)
    sources = sources_of(raw, config, dataset)
    table, _, _ = _normalized(raw, config, sources, clock)
    return plan_run(table, config, _budget(table, config), limit)


def _budget(table: RecordTable, config: Config) -> int:
    """Return how many candidate pairs are allowed."""
    return max(config.pairs_per_record * table.n_rows, _LEAST_BUDGET)


def _resolved(records: object, said: _Said, clock: Clock) -> Resolution:
    """Return the entities in the records: every stage, in order."""
    dataset, raw = _read(records, clock)
    config = _configured(dataset, raw, said)
    broken = (
        broken_ids(raw, named_sources(dataset))
        if said.config is None and config.id is None
        else {}
    )
    check_ids(raw, config, dataset.source_codes)
    finder = RecordFinder.of(dataset, config, raw.__getitem__)
    answers = read_labels(said.labels, finder)
    if said.model is not None:
        check_model(said.model, config, len(answers))
    people = People(
        told(finder, said.must_link, said.cannot_link),
        answers,
        locate(said.decisions, finder, golden_columns(dataset, config)),
        sources_of(raw, config, dataset),
    )
    clock.lap("configure", records=raw.n_rows, values=raw.n_values)
    table, order, contacts = _normalized(raw, config, people.sources, clock)
    # Texts as they came lie idle while pairs are weighed, when most memory is held.
    held = None if raw.n_rows >= _LARGE else raw
    del raw, finder
    budget = _budget(table, config)
    check_memory(table, config, budget, said.memory)
    blocking = block(table, config.plugins, budget)
    clock.lap("block", records=table.n_rows, pairs=blocking.candidates.n_expected)
    candidates, known = blocking.candidates, people.known(config, contacts, order)
    linkage = link(table, config, candidates, said.model, known, clock)
    observations = observe(blocking, linkage, budget, order)
    linkage = linkage.renamed(order)
    located = people.located
    overrides, n_contradicted = located.overrides(linkage.labels)
    noted = _warned(
        chain(
            broken.values(),
            findings(table, config, blocking, linkage, broken),
            left_out(located.n_absent, n_contradicted),
        )
    )
    clock.lap("diagnose", pairs=len(linkage.pairs))
    raw = encode(dataset) if held is None else held
    survivors = merge(raw, linkage.labels, config, overrides, named_sources(dataset))
    noted += _warned(remarks(raw, config, survivors, named_sources(dataset)))
    clock.lap("merge", records=raw.n_rows)
    return Resolution(
        dataset,
        config,
        linkage.model,
        noted,
        linkage.labels,
        linkage.pairs,
        linkage.vectors,
        linkage.weights,
        located.settled(linkage.pairs, linkage.verdicts),
        linkage.confidence,
        survivors,
        blocking.reports,
        contacts,
        observations,
        clock.timings,
        people.basis(dataset, config, linkage, table, order),
        Probe(
            *(config, linkage.model, known, order),
            partial(
                _prepared,
                dataset,
                config,
                people.sources,
                None if held is None else (table, blocking.blocks),
            ),
        ),
        said.decisions,
    )


def _read(records: object, clock: Clock) -> tuple[Dataset, RecordTable]:
    """Return the records as they came, and encoded."""
    dataset = load(records)
    raw = encode(dataset)
    clock.lap("read", records=raw.n_rows, values=raw.n_values)
    return dataset, raw


def _configured(dataset: Dataset, raw: RecordTable, said: _Said) -> Config:
    """Return the configuration that was given, or is inferred.

    Raises:
        InvalidConfigError: Both were asked for, or a rule needs what is not there.
        InvalidInputError: The decisions pin ids.
        ColumnNotFoundError: It names a column that does not exist.
    """
    config = said.config
    if config is None:
        config = configure(
            raw,
            fields=said.fields,
            id=said.id,
            source=said.source,
            sources=named_sources(dataset),
        )
        if said.rules is not None:
            # The caller's come first, and the first that holds has its way.
            rules = (*map(as_rule, said.rules), *config.rules)
            config = replace(config, rules=rules)
    elif any(x is not None for x in (said.fields, said.id, said.source, said.rules)):
        message = "give either config= or fields=, id=, source= and rules=, not both"
        raise InvalidConfigError(message)
    config = _surviving(config, said, raw)
    check_columns(raw, config, named=dataset.source_codes is not None)
    check_pinned((pin.field for pin in said.decisions.pins), config)
    return config


def _surviving(config: Config, said: _Said, raw: RecordTable) -> Config:
    """Return the configuration with the caller's survivorship and master rules.

    Raises:
        InvalidConfigError: They are none; the message says what is wrong with each.
    """
    if said.survivorship is None and said.master is None:
        return config
    given: object = {} if said.survivorship is None else said.survivorship
    if not isinstance(given, Mapping):
        message = (
            "survivorship must map fields or columns to rules, such as "
            f"{{'email': most_recent()}}, not be a {type(given).__name__}"
        )
        raise InvalidConfigError(message)
    try:
        return replace(
            config,
            survivorship={**config.survivorship, **given},
            master=config.master if said.master is None else said.master,
        )
    except InvalidConfigError as error:
        known = {*raw, *config.names, source_name(raw)}
        unknown = sorted(columns_asked(given).difference(known))
        if not unknown:
            raise
        message = f"{error}; survivorship also names {unknown}, which are no columns"
        raise InvalidConfigError(message) from None


def _warned(found: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return remarks, each issued as a warning to whoever called `resolve`."""
    noted = tuple(found)
    for remark in noted:
        warnings.warn(remark.text, CustmergeWarning, stacklevel=4)
    return noted


def _prepared(
    dataset: Dataset,
    config: Config,
    sources: Column | None,
    held: tuple[RecordTable, tuple[Blocks, ...]] | None,
) -> tuple[RecordTable, tuple[Blocks, ...]]:
    """Return the normalized records and their blocks: those held, or made again."""
    if held is not None:
        return held
    table, _, _ = _normalized(encode(dataset), config, sources, Clock())
    return table, all_blocks(table, config.plugins)


def _normalized(
    raw: RecordTable, config: Config, sources: Column | None, clock: Clock
) -> tuple[RecordTable, Rows, Mapping[str, ContactValues]]:
    """Return the normalized records in canonical order, that order, and contacts."""
    table = normalize(raw, config.compared)
    if config.record_type is not None and raw.columns:
        table = with_type(table, raw[config.record_type])
    # Copies in the fields are not all one where a source holds a customer once.
    named = {name for field in config.compared for name in field.columns}
    ties = (
        [sources, *(raw[name] for name in sorted(named))] if sources is not None else []
    )
    order = canonical_order(table, ties)
    table = in_order(table, order)
    clock.lap("normalize", records=table.n_rows, values=table.n_values)
    contacts = judge(table, config.compared)
    table = without_placeholders(table, contacts)
    clock.lap("contacts", records=table.n_rows, values=table.n_values)
    return table, order, contacts
