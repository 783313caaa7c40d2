"""The page of a report: one file of HTML that asks for nothing else."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from os import PathLike
from typing import Any, Final

from custmerge.exceptions import InvalidInputError
from custmerge.finding import as_path, check_type
from custmerge.masking import Masked
from custmerge.reporting.document import as_json, content_of
from custmerge.reporting.material import Material

__all__ = ["LANGUAGES", "report_page", "write_report"]

LANGUAGES: Final = ("en", "zh")
_TITLES: Final = {"en": "Customer merge report", "zh": "客户合并报告"}
_STYLES: Final = ("page.css", "parts.css")
_SCRIPTS: Final = (
    *("dom.js", "tables.js", "customers.js", "customer.js", "links.js", "review.js"),
    *("overview.js", "model.js", "lists.js", "report.js"),
)
_LEAST_BYTES: Final = 1_000_000
"""What the page itself and its lists take, with some entities."""
_SLACK: Final = 0.98


def write_report(
    path: str | PathLike[str],
    material: Material,
    *,
    title: str = "",
    language: str = "en",
    max_bytes: int = 10_000_000,
) -> None:
    """Write a report as one HTML file.

    Args:
        path: The file; it is replaced.
        material: What the report is made of.
        title: Its title; by default one in its language.
        language: The language it opens in; it can be switched.
        max_bytes: The most that the file may take.

    Raises:
        InvalidInputError: An argument is of no such form.
        OSError: The file cannot be written.
    """
    target = as_path(path)
    text = report_page(material, title=title, language=language, max_bytes=max_bytes)
    target.write_bytes(text)


def report_page(
    material: Material, *, title: str, language: str, max_bytes: int
) -> bytes:
    """Return a report as HTML in UTF-8.

    It forbids itself, by a content security policy, to load or send anything, and to
    run any other script than its own.

    Args:
        material: What the report is made of.
        title: Its title.
        language: The language it opens in.
        max_bytes: The most that it may take: as many entities are shown.

    Raises:
        InvalidInputError: An argument is of no such form.
    """
    _check(material.masked, title, language, max_bytes)
    looks = {"title": title, "language": language}
    content = content_of(material, looks, max_bytes)
    least = len(_page(content.to_json(0), title, language))
    room = float(max_bytes - least)
    while True:
        page = _page(content.to_json(room), title, language)
        if len(page) <= max_bytes or room < 1:
            return page
        # What entities take was told roughly; now it is known.
        room *= _SLACK * (max_bytes - least) / (len(page) - least)


def _check(masked: object, title: object, language: object, max_bytes: object) -> None:
    is_masked = masked is None or isinstance(masked, Masked)
    check_type("masked", masked, is_masked, "true, false, or what masked() returned")
    check_type("title", title, isinstance(title, str), "text")
    if language not in LANGUAGES:
        message = f"language must be one of {list(LANGUAGES)}"
        raise InvalidInputError(message)
    is_count = isinstance(max_bytes, int) and not isinstance(max_bytes, bool)
    check_type("max_bytes", max_bytes, is_count, "a whole number")
    if isinstance(max_bytes, int) and max_bytes < _LEAST_BYTES:
        message = f"max_bytes must be at least {_LEAST_BYTES:,}"
        raise InvalidInputError(message)


def _page(data: str, title: str, language: str) -> bytes:
    script, style = (
        "\n".join(_asset(name) for name in names) for names in (_SCRIPTS, _STYLES)
    )
    policy = "; ".join((
        "default-src 'none'",
        f"script-src '{_digest(script)}'",
        f"style-src '{_digest(style)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ))  # fmt: skip
    # Answers are kept by what was asked.
    key = sha256(data.encode()).hexdigest()[:16]
    texts = as_json({name: _texts(name) for name in LANGUAGES})
    shown = escape(title or _TITLES[language])
    return f"""<!doctype html>
<html lang="{language}" data-key="{key}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{shown}</title>
<style>{style}</style>
</head>
<body>
<noscript>{shown}: this report needs JavaScript. 本报告需要 JavaScript。</noscript>
<script type="application/json" id="data">{data}</script>
<script type="application/json" id="texts">{texts}</script>
<script>{script}</script>
</body>
</html>
""".encode("utf-8", "replace")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _texts(language: str) -> dict[str, Any]:
    """Return the words of a language. Remarks are in English by themselves."""
    texts: dict[str, Any] = json.loads(_asset(f"texts.{language}.json"))
    remarks = {} if language == "en" else json.loads(_asset(f"remarks.{language}.json"))
    return texts | {f"remark.{code}": text for code, text in remarks.items()}


@cache
def _asset(name: str) -> str:
    folder = files("custmerge.reporting") / "assets"
    return (folder / name).read_text(encoding="utf-8")
