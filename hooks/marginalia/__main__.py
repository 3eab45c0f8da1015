"""The command line: `python hooks/marginalia check` and the rest."""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # run as `python hooks/marginalia`
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from marginalia.command import main

if __name__ == "__main__":
    sys.exit(main())
