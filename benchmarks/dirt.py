"""How true values get damaged: typos, blanks, placeholders, exchanged cells."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from population import Flags, Numbers, Texts, chance

Cells = list[str | None]

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
LOOK_ALIKE = {
    "0": "o", "o": "0", "1": "l", "l": "1", "5": "s", "s": "5", "8": "b",
    "m": "rn", "rn": "m", "cl": "d", "d": "cl", "vv": "w", "e": "c", "u": "v",
}  # fmt: skip
SOUND_ALIKE = {
    "ph": "f", "f": "ph", "ck": "k", "c": "k", "k": "c", "ie": "y", "y": "i",
    "ee": "ea", "ll": "l", "nn": "n", "tt": "t", "s": "z", "sh": "sch", "th": "t",
    "gh": "g", "v": "w", "ai": "ay", "er": "ar", "mac": "mc", "x": "ks", "qu": "kw",
}  # fmt: skip


def typo(chooser: random.Random, text: str) -> str:
    """Return the text with one slip of the finger, the eye or the ear."""
    kind = chooser.random()
    if kind < 0.12:
        return _replace(chooser, text, LOOK_ALIKE)
    if kind < 0.32:
        return _replace(chooser, text, SOUND_ALIKE)
    at = chooser.randrange(len(text))
    if kind < 0.52:
        return text[:at] + text[at + 1 :] or text
    if kind < 0.72:
        return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    wrong = _neighbour(chooser, text[at])
    return text[:at] + wrong + text[at + (kind < 0.88) :]


def _neighbour(chooser: random.Random, character: str) -> str:
    for row in KEYBOARD:
        at = row.find(character.lower())
        if at >= 0:
            found = row[max(0, at - 1)] if chooser.random() < 0.5 else row[at:][:2][-1]
            return found.upper() if character.isupper() else found
    return character


def _replace(chooser: random.Random, text: str, table: dict[str, str]) -> str:
    found = [part for part in table if part in text[1:]]
    if not found:
        return text
    part = chooser.choice(found)
    return text[0] + text[1:].replace(part, table[part], 1)


def digit_typo(chooser: random.Random, text: str) -> str:
    """Return the text with one digit changed, or two neighbours exchanged."""
    places = [at for at, character in enumerate(text) if character.isdigit()]
    if len(places) < 2:
        return text
    place = chooser.randrange(len(places) - 1)
    at, after = places[place : place + 2]
    cells = list(text)
    if chooser.random() < 0.4:
        cells[at], cells[after] = cells[after], cells[at]
    else:
        cells[after] = chooser.choice("0123456789")
    return "".join(cells)


def damage(
    rng: np.random.Generator,
    cells: Cells,
    share: float,
    slip: Callable[[random.Random, str], str | None],
) -> None:
    """Pass about the given share of the present cells through `slip`, in place."""
    chooser = random.Random(int(rng.integers(2**32)))
    for row in np.flatnonzero(chance(rng, len(cells), share)).tolist():
        text = cells[row]
        if text:
            cells[row] = slip(chooser, text)


def put(cells: Cells, where: Flags, texts: Sequence[str | None] | Texts) -> None:
    """Replace the cells at `where` by those of `texts`, in place."""
    for row in np.flatnonzero(where).tolist():
        cells[row] = texts[row]


def exchange(
    rng: np.random.Generator, first: Cells, second: Cells, share: float
) -> None:
    """Exchange the cells of two columns in about the given share of rows."""
    for row in np.flatnonzero(chance(rng, len(first), share)).tolist():
        first[row], second[row] = second[row], first[row]


def placeholders(
    rng: np.random.Generator, cells: Cells, share: float, options: Sequence[str]
) -> None:
    """Put placeholders into about the given share of cells, the first ones mostly."""
    rows = np.flatnonzero(chance(rng, len(cells), share))
    picks = np.minimum(rng.geometric(0.5, len(rows)) - 1, len(options) - 1)
    for row, pick in zip(rows.tolist(), picks.tolist(), strict=True):
        cells[row] = options[pick]


def blank(
    rng: np.random.Generator,
    columns: dict[str, Cells],
    source: Numbers,
    shares: dict[str, tuple[float, ...]],
    contacts: Sequence[str],
) -> None:
    """Empty cells by the share that each source leaves out, in place.

    A record that would be left without any of `contacts` mostly keeps the last one.
    """
    gone = {
        name: rng.random(len(source)) < np.asarray(share)[source]
        for name, share in shares.items()
    }
    bare = np.logical_and.reduce([gone[name] for name in contacts])
    gone[contacts[-1]] &= ~(bare & chance(rng, len(source), 0.85))
    for name, where in gone.items():
        put(columns[name], where, [None] * len(source))
