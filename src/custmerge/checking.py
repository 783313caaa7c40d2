"""One record checked at entry, by what `result.quality` goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from custmerge.config import Config
from custmerge.exceptions import InvalidInputError
from custmerge.finding import check_type
from custmerge.inference import configure, read_header
from custmerge.quality import inspect, judge
from custmerge.records import RecordTable

__all__ = ["Issue", "RecordReport", "check"]


class Issue(NamedTuple):
    """What was found in a record.

    Attributes:
        field: The column, or the field where several columns make one value.
        issue: One of `custmerge.quality.ISSUES`, or the name of a check's function.
        severity: `"error"` or `"warning"`.
    """

    field: str
    issue: str
    severity: str


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was found in one record; it holds none of the record's values.

    Attributes:
        issues: What was found, by field.
        score: In [0, 1], how complete and sound the record is; see
            `custmerge.quality.judge`.
        reasons: Why it is of nobody, of `custmerge.quality.GHOSTS`.

    Examples:
        >>> import custmerge as cm
        >>> report = cm.check({"name": "Ann Lee", "email": "ann@mailinator.com"})
        >>> report.ok, report.is_ghost, report.score
        (False, False, 0.25)
        >>> report
        RecordReport(email: disposable, score 0.25)
    """

    issues: tuple[Issue, ...]
    score: float
    reasons: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing at all was found."""
        return not self.issues and not self.is_ghost

    @property
    def is_ghost(self) -> bool:
        """Whether the record is of nobody."""
        return bool(self.reasons)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        return {
            "ok": self.ok,
            "issues": [issue._asdict() for issue in self.issues],
            "score": self.score,
            "is_ghost": self.is_ghost,
            "reasons": list(self.reasons),
        }

    def __repr__(self) -> str:
        ghost = [f"ghost: {', '.join(self.reasons)}"] if self.reasons else []
        parts = ghost + [f"{field}: {issue}" for field, issue, _ in self.issues]
        parts = [*(parts or ["ok"]), f"score {self.score:.2f}"]
        return f"RecordReport({', '.join(parts)})"


def check(record: Mapping[str, object], config: Config | None = None) -> RecordReport:
    """Return what is wrong with one record, as when a person enters it in a form.

    Whether so many records hold a value that it stands for none is for
    `result.quality` to tell; one record cannot.

    Args:
        record: The record: cells by column.
        config: What the columns are, and the checks of your own; inferred from the
            columns' names, and the values of those whose names do not tell, where not
            given. A column that the record lacks is a missing value.

    Raises:
        InvalidInputError: The record is no mapping, or an empty one without a `config`;
            or the `config` is none.
        PluginError: A check's function failed.

    Examples:
        >>> import custmerge as cm
        >>> cm.check({"姓名": "王小明", "手机": "139 1234 5678"}).ok
        True
        >>> config = cm.Config(
        ...     [cm.Field("name", kind="full_name"), cm.Field("email", kind="email")],
        ...     checks=[cm.Check("email", required=True)],
        ... )
        >>> cm.check({"name": "Ann Lee"}, config).issues
        (Issue(field='email', issue='required', severity='error'),)
    """
    _require_record(record, config)
    named = {str(name): cell for name, cell in record.items()}
    if config is None:
        config = _by_headers(named)
    wanted = [name for field in config.fields for name in field.columns]
    wanted += [check.field for check in config.checks]
    roles = (config.created_at, config.updated_at)
    wanted += [name for name in roles if name is not None]
    absent = {name: None for name in wanted if name not in named}
    table = RecordTable.from_mappings([{**absent, **named}])
    found = inspect(table, config, datetime.now(tz=UTC).date())
    verdict = judge(found)
    reasons = verdict.reasons.decode()[0]
    return RecordReport(
        tuple(
            Issue(
                found.units[unit].name,
                found.names[issue],
                "error" if is_error else "warning",
            )
            for unit, issue, is_error in zip(
                found.fields.tolist(),
                found.issues.tolist(),
                found.is_error.tolist(),
                strict=True,
            )
        ),
        float(verdict.scores[0]),
        () if reasons is None else tuple(reasons.split("; ")),
    )


def _by_headers(record: Mapping[str, object]) -> Config:
    """Return what the columns are.

    A header that says it is believed whatever the value: of many records most show
    that it is right, and of one the value may be what is wrong.
    """
    headers = {name: read_header(name) for name in record}
    said = {
        name: str(header.kind)
        for name, header in headers.items()
        if header is not None
        and header.kind is not None
        and header.part is None
        and not header.open
    }
    return configure(RecordTable.from_mappings([record]), fields=said)


def _require_record(record: object, config: Config | None) -> None:
    is_config = config is None or isinstance(config, Config)
    check_type("config", config, is_config, "a Config, as cm.load_config returns")
    if not isinstance(record, Mapping):
        what = f"a {type(record).__name__}"
    elif not record and config is None:
        what = "an empty one, of which nothing can be inferred"
    else:
        return
    message = (
        f"check takes one record, a mapping of columns' names to cells, not {what}"
    )
    raise InvalidInputError(message)
