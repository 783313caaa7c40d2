"""Running plug-ins over tables: each distinct value once, each distinct pair once."""

from __future__ import annotations
