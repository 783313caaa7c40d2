"""`python -m custmerge`."""

from __future__ import annotations

import sys

from custmerge.cli import main

if __name__ == "__main__":
    sys.exit(main())
