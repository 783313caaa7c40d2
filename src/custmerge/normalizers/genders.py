"""Gender as a code."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.text import plain_words

__all__ = ["Gender"]

# English, German, French, Spanish, Italian, Portuguese, Dutch, Chinese. Digits are left
# as they are: 1 is male in ISO/IEC 5218, female elsewhere.
_CODES = {
    **dict.fromkeys(
        "m male man boy mr herr mannlich mann masculin homme masculino hombre "
        "maschio uomo homem mannelijk 男 男性 男士 先生".split(),
        "m",
    ),
    **dict.fromkeys(
        "f female woman w girl mrs ms miss frau weiblich feminin femme femenino "
        "feminino mujer femmina donna mulher vrouwelijk vrouw 女 女性 女士 "
        "小姐".split(),
        "f",
    ),
}


@dataclass(frozen=True, slots=True)
class Gender:
    """Normalizes a gender to `m` or `f` where the word is known, else to text.

    Examples:
        >>> Gender().normalize(["Male", "weiblich", "男", "non-binary", "unknown"])
        ['m', 'f', 'm', 'non binary', None]
    """

    name: str = "gender"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the code, or else the text, of each gender."""
        texts = (plain_words(value) for value in values)
        return [None if text is None else _CODES.get(text, text) for text in texts]
