"""What users write; checked by mypy --strict alone, never run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import custmerge as cm


@cm.normalizer
def strip_title(value: str) -> str | None:
    return value.removeprefix("dr ").strip() or None


@cm.comparator
def same_area(left: str, right: str) -> float:
    return float(left[:2] == right[:2])


@cm.blocker("surname", "postcode")
def surname_and_area(surname: str, postcode: str) -> str:
    return f"{surname[:4]}|{postcode[:2]}"


@cm.blocker("surname")
def surname_words(surname: str) -> list[str]:
    return surname.split()


@cm.survivorship_rule
def prefer_crm(value: str, record: Mapping[str, str | None]) -> float:
    return float(record["source"] == "crm")


@dataclass(frozen=True, slots=True)
class SharedPrefix:
    """The vectorised form: a name and one method, no base class."""

    length: int = 3
    name: str = "shared_prefix"

    def compare(
        self, left: Sequence[str], right: Sequence[str], /
    ) -> NDArray[np.float32]:
        n = self.length
        same = [a[:n] == b[:n] for a, b in zip(left, right, strict=True)]
        return np.asarray(same, dtype=np.float32)


def plain_function(left: str, right: str) -> float:
    return 1.0 if left.casefold() == right.casefold() else 0.0


def plain_predicate(left: str, right: str) -> bool:
    return left != right


config = cm.Config(
    fields=(
        cm.Field("email", kind="email", compare="exact", survive=prefer_crm),
        cm.Field("surname", normalize=["text", strip_title], compare="jaro_winkler"),
        cm.Field("postcode", kind=cm.Kind.POSTCODE, compare=same_area),
        cm.Field("city", compare={"name": "jaro_winkler", "prefix_weight": 0.2}),
        cm.Field("street", normalize=strip_title, compare=SharedPrefix()),
        cm.Field("note", normalize=str.strip, compare=plain_function),
        cm.Field("tag", compare=None, survive=cm.most_recent("at").then(cm.longest())),
    ),
    blockers=(
        "email",
        surname_and_area,
        surname_words,
        {"name": "prefix", "field": "surname", "length": 3},
    ),
)


def use() -> tuple[object, ...]:
    result: cm.Resolution = cm.resolve([{"email": "ann@mail.com"}], config=config)
    also: cm.Resolution = cm.resolve(
        pd.DataFrame({"name": ["Ann"]}), fields={"name": "full_name"}, id="name"
    )
    inferred: cm.Config = cm.infer_config(
        "customers.csv", fields={"a": None, "b": cm.Kind.URL}
    )

    ruled: cm.Resolution = cm.resolve(
        "customers.csv",
        rules=[cm.Rule("match", at_least={"email": 1.0}), {"says": "differ"}],
        labels=[("a", "b", True)],
    )
    survived: cm.Resolution = cm.resolve(
        "customers.csv",
        survivorship={
            "email": cm.valid_first().then(cm.most_recent("updated_at")),
            "phone": cm.source_trust(
                {"crm": 90, "web": {"max": 70, "period": timedelta(days=90)}},
                decay="slow_then_fast",
            ),
            "tier": cm.when({"vip": True}, cm.largest(), cm.first()),
            "city": cm.prefer(lambda value, record: record["source"] == "crm"),
            "source": "most_frequent",
        },
    )
    plan: cm.Plan = cm.plan("customers.csv", config, memory="2GiB")
    seconds: float = cm.resolve("customers.csv", progress=False).timings.seconds
    weighed: cm.Resolution = cm.resolve(
        "customers.csv", model=cm.WeightedScore({"email": 1})
    )
    by_rules = cm.Rules((cm.Rule("differ", where={"name": plain_predicate}),))

    parted: cm.Resolution = result.split(0, [["a"], ("b", "c")]).merge([0, 1])
    decided = parted.decide([("a", "b", True)]).pin(0, {"city": "York"})
    decisions: cm.Decisions = decided.decisions | cm.load_decisions("decisions.json")
    told = [
        cm.resolve("customers.csv", decisions=given)
        for given in (decisions, "decisions.json", [("a", ("crm", 2), False)])
    ]

    area: float = same_area("N1", "N2")
    title: str | None = strip_title("dr ann")
    result.report("report.html", masked=result.masked("key"), language="zh")
    n_entities: int = result.n_entities
    labels: NDArray[np.int64] = result.labels
    model: cm.FellegiSunter = result.model
    noted: tuple[str, ...] = result.warnings
    remarks: tuple[cm.Remark, ...] = result.remarks
    return (
        ruled,
        survived,
        plan,
        seconds,
        weighed,
        by_rules,
        told,
        also,
        inferred,
        area,
        title,
        n_entities,
        labels,
        model,
        noted,
        remarks,
    )


def check_results(before: cm.Resolution, after: cm.Resolution) -> tuple[object, ...]:
    f1: float = cm.evaluate(after, {"a": 1, ("crm", "b"): 1}).pairwise.f1
    missed: tuple[tuple[object, object], ...] = cm.evaluate(
        after, [("a", "b", True)], complete=True
    ).missed_by_blocking
    sample = cm.audit_sample(after, 200, seed=1)
    low, high = cm.estimate(after, sample).recall_interval
    changed: cm.Comparison = cm.compare(before, after)
    only: tuple[object, ...] = changed.only_after
    best: float = cm.sweep(after, [0.5, 0.9], truth=[1, 1, 2]).best.threshold
    swept: cm.Sweep = cm.sweep("customers.csv", configs={"own": after.config})
    return f1, missed, low + high, only, best, swept.table
