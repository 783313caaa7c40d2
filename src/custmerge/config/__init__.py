"""The frozen configuration: what is done with which column, and by which plug-in."""

from __future__ import annotations

from custmerge.config.defaults import (
    KIND_DEFAULTS,
    KindDefaults,
    prior_chance,
    prior_match,
)
from custmerge.config.fields import AUTO, Combine, Field
from custmerge.config.requirements import Check, Severity, as_check
from custmerge.config.settings import Config, load_config

__all__ = [
    "AUTO",
    "KIND_DEFAULTS",
    "Check",
    "Combine",
    "Config",
    "Field",
    "KindDefaults",
    "Severity",
    "as_check",
    "load_config",
    "prior_chance",
    "prior_match",
]
