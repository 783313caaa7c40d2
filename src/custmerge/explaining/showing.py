"""Explanations as people read them: aligned text, and tables with bars."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

__all__ = ["bits", "chance", "html_waterfall", "short"]

_FOR, _AGAINST = "#0072b2", "#d55e00"
"""Blue and vermilion, which people who cannot tell red from green tell apart (Okabe
and Ito 2008, Color Universal Design)."""
_BAR = 8.0
"""Width of the longest bar, in em."""
_MOST = 30
"""Characters of a value that a line has room for."""


def bits(weight: float) -> str:
    """Return a weight as text, with its sign.

    Examples:
        >>> bits(3.14159), bits(-0.02), bits(-0.05)
        ('+3.1', '0.0', '-0.1')
    """
    shown = f"{weight:+.1f}"
    return "0.0" if shown in ("+0.0", "-0.0") else shown


def chance(probability: float) -> str:
    """Return a probability as text, never rounded to sure.

    Examples:
        >>> chance(0.5), chance(0.99999), chance(0.00001)
        ('0.500', '>0.999', '<0.001')
    """
    if probability > 0.999:
        return ">0.999"
    return "<0.001" if probability < 0.001 else f"{probability:.3f}"


def short(text: str) -> str:
    """Return a text as a column of a terminal has room for it.

    Examples:
        >>> short("ann@lee.org"), short("x" * 99)[-3:]
        ('ann@lee.org', 'xx…')
    """
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def html_waterfall(
    title: str,
    header: Sequence[str],
    rows: Sequence[tuple[Sequence[str], float]],
    remarks: Sequence[str],
    right: Collection[int] = (),
) -> str:
    """Return a table whose rows end in bars, and remarks below it.

    Args:
        title: What the table is of.
        header: The names of its columns; the first column names the rows.
        rows: The cells, and the number that the bar shows.
        remarks: What is to be said beside.
        right: Which columns stand to the right, by number; all others to the left.
    """
    # Notebooks would put all of them to the right.
    styles = [
        f"style='text-align:{'right' if place in right else 'left'}'"
        for place in range(len(header))
    ]
    longest = max((abs(number) for _, number in rows), default=0.0) or 1.0
    head = "".join(
        f"<th scope='col' {style}>{escape(name)}</th>"
        for name, style in zip(header, styles, strict=True)
    )
    body = "".join(
        f"<tr><th scope='row' {styles[0]}>{escape(cells[0])}</th>"
        + "".join(
            f"<td {style}>{escape(cell)}</td>"
            for cell, style in zip(cells[1:], styles[1:], strict=True)
        )
        + f"<td>{_bar(number / longest)}</td></tr>"
        for cells, number in rows
    )
    said = "".join(f"<li>{escape(remark)}</li>" for remark in remarks)
    return (
        f"<table><caption style='text-align:left'>{escape(title)}</caption>"
        f"<thead><tr>{head}<th scope='col'>bar</th></tr></thead>"
        f"<tbody>{body}</tbody></table>" + (f"<ul>{said}</ul>" if said else "")
    )


def _bar(share: float) -> str:
    """Return a bar from the middle: for a match to the right, against it to the left.

    The number is in the row already, so those who hear the table need no bar.
    """
    colour = _FOR if share > 0 else _AGAINST
    start = _BAR if share > 0 else _BAR * (1 + share)
    return (
        f"<div aria-hidden='true' style='width:{2 * _BAR:.1f}em'>"
        f"<div style='margin-left:{start:.2f}em;width:{abs(share) * _BAR:.2f}em;"
        f"height:0.8em;background:{colour}'></div></div>"
    )
