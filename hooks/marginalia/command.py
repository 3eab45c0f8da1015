"""The commands a contributor can type."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .edition import load
from .problem import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog="marginalia", description="Check and export an annotated edition.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder (default: here)")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="read everything and list every problem")
    check.set_defaults(run=_check)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


def _check(chosen: argparse.Namespace) -> int:
    edition, problems, texts = load(chosen.root, date.today())
    if problems:
        print(report(problems, texts), file=sys.stderr)
    errors = sum(p.severity == "error" for p in problems)
    print(
        f"{len(edition.readings)} readings, {len(edition.checks)} fact-checks, {len(edition.terms)} terms, "
        f"{len(edition.countries)} countries, {len(edition.events)} events, {len(edition.questions)} questions, "
        f"{len(edition.sources)} sources: {errors} errors, {len(problems) - errors} warnings"
    )
    return 1 if problems else 0
