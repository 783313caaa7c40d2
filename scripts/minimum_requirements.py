"""Print the lowest version of each dependency that pyproject.toml allows.

python scripts/minimum_requirements.py [EXTRA ...] > minimum.txt
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)>=([0-9.]+)")


def minimum_requirements(extras: list[str]) -> list[str]:
    """Return `name==lowest` for each dependency, those of the extras included.

    Args:
        extras: Names of optional dependencies.

    Raises:
        SystemExit: A dependency has no lower bound, or more than one.
    """
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    given = [*project["dependencies"], *(r for name in extras for r in optional[name])]
    matches = [(text, REQUIREMENT.fullmatch(text)) for text in given]
    unbounded = [text for text, match in matches if match is None]
    if unbounded:
        message = f"these need exactly one lower bound, 'name>=1.2': {unbounded}"
        raise SystemExit(message)
    return [f"{match[1]}=={match[2]}" for _, match in matches if match]


if __name__ == "__main__":
    sys.stdout.write("\n".join(minimum_requirements(sys.argv[1:])) + "\n")
