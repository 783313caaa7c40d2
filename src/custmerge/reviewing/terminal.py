"""A review session in a terminal, or wherever lines come from."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from custmerge.answers import as_answer
from custmerge.display import text_table, text_width
from custmerge.explaining.showing import bits
from custmerge.reviewing.session import ReviewSession, perform
from custmerge.reviewing.showing import ReviewPair, called, evidence_of

__all__ = ["review_lines"]

_COMMANDS = {
    **dict.fromkeys(("s", "same"), "same"),
    **dict.fromkeys(("d", "different"), "different"),
    **dict.fromkeys(("k", "skip", " "), "skip"),
    **dict.fromkeys(("u", "undo"), "undo"),
    **dict.fromkeys(("e", "explain", "?"), "explain"),
    **dict.fromkeys(("q", "quit"), "quit"),
}
_PROMPT = "[s]ame, [d]ifferent, s[k]ip, [u]ndo, [e]xplain, [q]uit: "
_WIDEST_BAR, _LEAST_ROOM = 16, 8
_UNLIKE, _NOTHING = "≠", "–"
_EMPHASIS, _PLAIN = "\x1b[1;33m", "\x1b[0m"
"""Bold yellow, and back (ECMA-48, section 8.3.117); the sign says it without colour."""


def review_lines(
    session: ReviewSession,
    lines: Iterable[str],
    show: Callable[[str], object],
    *,
    width: int = 80,
    colour: bool = False,
    keys: bool = False,
) -> None:
    r"""Ask about the pairs of a session until there is no pair, or no line, or `q`.

    Args:
        session: What is asked about, and keeps the answers.
        lines: What the person types: s or same, d or different, k or skip (or a blank
            alone), u or undo, e or ?, q or quit; and whatever else `read_review` takes
            as an answer.
        show: Takes the text to show.
        width: How many columns of text there is room for; with less, values stand below
            each other.
        colour: Whether what differs is coloured as well.
        keys: Whether these are single keys, which the terminal has not shown.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.reviewing import review_lines, start_review
        >>> session = start_review(cm.resolve("examples/customers.csv"), n=2)
        >>> review_lines(session, ["s\n", "d\n"], lambda text: None)
        >>> session.decisions
        Decisions(same 1, different 1, pinned 0, never 0)
    """
    typed = iter(lines)
    while (pair := session.pair) is not None:
        show("\n".join([*_shown(pair, width, colour=colour), "", _PROMPT]))
        command = _next_command(typed, (lambda _: None) if keys else show)
        if keys:
            show(f"{command or ''}\n")
        if command is None or command == "quit":
            show("\n")
            break
        if command == "explain":
            told = _reasons(session)
        else:
            with _uninterrupted():
                told = perform(session, command)
        show(f"{told}\n\n")
    else:
        show("no pair is left to ask about\n")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Control-C wait until an answer is in the file and in the session too."""
    is_ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not is_ours:  # whoever handles it otherwise knows why
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def _next_command(lines: Iterator[str], show: Callable[[str], object]) -> str | None:
    """Return what the next line that is one asks for; `None` at the end."""
    for line in lines:
        text = line.strip() or line
        answer = as_answer(text)
        said = None if answer is None else ("different", "same")[answer]
        command = _COMMANDS.get(text.casefold(), said)
        if command is not None:
            return command
        show(_PROMPT)
    return None


def _reasons(session: ReviewSession) -> str:
    """Return what the pair in turn was weighed by; a sign is a bit for or against."""
    explained = session.explain()
    parts = () if explained is None else evidence_of(explained)
    scale = min(1.0, _WIDEST_BAR / max((abs(x.weight) for x in parts), default=1.0))
    bars = ["+-"[x.weight < 0] * round(scale * abs(x.weight)) for x in parts]
    rows = [
        (one.part, bits(one.weight), bar, one.words)
        for one, bar in zip(parts, bars, strict=True)
    ]
    return "\n".join(text_table(rows, right=(1,)))


def _shown(pair: ReviewPair, width: int, *, colour: bool) -> Iterator[str]:
    left, right = map(called, (pair.left, pair.right))
    chance = f"probability {pair.probability:.3f}, {pair.weight:+.1f} bits"
    yield f"{chance}; {pair.reason}"
    rows = [("", "", left, right)]
    for cells in pair.columns:
        mark = _UNLIKE if cells.differ else ""
        rows.append((mark, cells.column, cells.left or "", cells.right or ""))
    lines = text_table(rows)
    if max(map(text_width, lines)) > width:
        lines = _stacked(rows, width)
    for line, (mark, *_) in zip(lines, rows, strict=True):
        yield f"{_EMPHASIS}{line}{_PLAIN}" if mark and colour else line


def _stacked(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """Return rows of two values with the second one below the first."""
    names = text_table([row[:2] for row in rows])
    indent = max(map(text_width, names)) + 2
    room = max(width - indent, _LEAST_ROOM)
    return [
        name
        + " " * (indent - text_width(name))
        + f"\n{' ' * indent}".join(
            piece for value in values for piece in _wrapped(_flat(value), room)
        )
        for name, (_, _, *values) in zip(names, rows, strict=True)
    ]


def _wrapped(text: str, room: int) -> list[str]:
    """Return the lines of a text, all but the first set in.

    Examples:
        >>> _wrapped("上海市閔行區", 8)
        ['上海市閔', '  行區']
    """
    lines = [""]
    for char in text:
        if text_width(lines[-1] + char) > room:
            lines.append("  ")
        lines[-1] += char
    return lines


def _flat(text: str) -> str:
    return " ".join(text.split()) or _NOTHING
