"""What is known of people's names: short forms, surnames, scripts, how they sound."""

from __future__ import annotations

from custmerge.names.english import english_names, full_forms
from custmerge.names.look_alikes import look_alikes
from custmerge.names.ordering import family_words
from custmerge.names.romanization import (
    families_spelt,
    kana_read,
    latin,
    pinyin,
    romanized,
    script,
    spellings_abroad,
    wade_giles,
)
from custmerge.names.surnames import (
    CHINESE_SURNAMES,
    COMPOUND_SURNAMES,
    JAPANESE_READINGS,
    SPELT_ABROAD,
    split_name,
)
from custmerge.names.wade_giles import from_wade_giles

__all__ = [
    "CHINESE_SURNAMES",
    "COMPOUND_SURNAMES",
    "JAPANESE_READINGS",
    "SPELT_ABROAD",
    "english_names",
    "families_spelt",
    "family_words",
    "from_wade_giles",
    "full_forms",
    "kana_read",
    "latin",
    "look_alikes",
    "pinyin",
    "romanized",
    "script",
    "spellings_abroad",
    "split_name",
    "wade_giles",
]
