"""A project folder in, the whole edition out, with every problem of every file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ..intake.disk import Sheets, read_entries, read_seeds, read_sources
from ..model import Edition
from ..problem import Problem
from .agreement import check_agreement, check_use
from .resolve import resolve


def load(root: Path, today: date | None = None) -> tuple[Edition, list[Problem], Mapping[str, str]]:
    """The edition in the project at `root`, all problems, and the texts of the files they are in.

    `today`, where given, is the day after which a date has not come yet.
    """
    sheets = Sheets()
    seeds = read_seeds(root, sheets)
    found = read_entries(root, sheets, today)
    sources = read_sources(root, sheets, today)
    read = len(sheets.problems)
    edition = resolve(seeds, found, sources, sheets)
    sheets.problems += check_agreement(edition, found, sheets.unread)
    if not any(p.severity == "error" for p in sheets.problems):
        sheets.problems += check_use(edition, found)
    problems = sheets.problems[:read] + [p for p in sheets.problems[read:] if p.place not in sheets.made_up]
    return edition, sorted(set(problems)), sheets.texts
