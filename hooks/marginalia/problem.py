"""What is wrong with a contributed file, as a value: code, place, what, how to mend.

Rule: nothing in this package raises for what a contributor wrote. Functions return problems;
only the outermost layer (the command line, the MkDocs module) prints them or stops.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .codes import CODES

Key = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """A point in a contributed file."""

    path: str
    """Relative to the project's root, with forward slashes."""
    line: int = 1
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in characters."""


class Lines:
    """A text in; the place of any of its characters out."""

    def __init__(self, path: str, text: str, first: int = 1) -> None:
        """`first` is the number of the text's first line in its file."""
        self._path = path
        self._first = first
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> Place:
        """The place of the character at `offset`."""
        index = bisect_right(self._starts, offset) - 1
        return Place(self._path, self._first + index, offset - self._starts[index] + 1)


@dataclass(frozen=True)
class Places:
    """Where each value of a front matter stands; the file itself answers for unknown keys."""

    path: str
    by_key: Mapping[Key, tuple[int, int]] = field(default_factory=dict)
    base: Key = ()
    """Where in the file the value stands that keys are counted from."""

    def of(self, *key: str | int) -> Place:
        """The place of the value at `key`, or of its nearest known parent."""
        whole = self.base + key
        for length in range(len(whole), -1, -1):
            found = self.by_key.get(whole[:length])
            if found:
                return Place(self.path, *found)
        return Place(self.path)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that a contributor has to mend."""

    place: Place
    code: str
    """A key of `codes.CODES`."""
    what: str
    """One sentence on what is wrong, with the offending words."""
    mend: str = ""
    """One sentence on what to do."""

    @property
    def severity(self) -> Literal["error", "warning"]:
        return CODES[self.code].severity

    def __str__(self) -> str:
        place = f"{self.place.path}:{self.place.line}:{self.place.column}"
        return f"{place}  {self.code}  {self.what}" + (f"  {self.mend}" if self.mend else "")

    def annotation(self) -> str:
        """The problem as a GitHub Actions workflow command, shown on the diff."""
        text = _escaped(f"{self.what} {self.mend}".strip())
        path = _escaped(self.place.path, ",:")
        place = f"file={path},line={self.place.line},col={self.place.column}"
        return f"::{self.severity} {place},title={self.code}::{text}"


def _escaped(text: str, others: str = "") -> str:
    """`text` with the signs written out that a workflow command keeps for itself."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + others else c for c in text)


def report(problems: Iterable[Problem], sources: Mapping[str, str] | None = None) -> str:
    """All problems as text, in the order of files and lines, each with its source line and a caret.

    `sources` maps paths to the texts of the files. Under GitHub Actions every problem is also
    written as a workflow command.
    """
    lines: list[str] = []
    for problem in sorted(problems):
        lines.append(str(problem))
        text = (sources or {}).get(problem.place.path, "")
        rows = text.split("\n")
        if 0 < problem.place.line <= len(rows) and text:
            lines += _excerpt(rows[problem.place.line - 1], problem.place.column)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            lines.append(problem.annotation())
    return "\n".join(lines)


def _excerpt(row: str, column: int, width: int = 96) -> list[str]:
    start = max(0, min(column - width // 2, len(row) - width))
    shown = "".join(c if c.isprintable() else "\N{MIDDLE DOT}" for c in row[start : start + width])
    return [f"    | {shown}", "    | " + " " * (column - 1 - start) + "^"]
