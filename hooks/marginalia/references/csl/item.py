"""A CSL record in, what a style asks of it out; it also keeps count of what was asked and given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from .terms import Date
from .writing import MARKS

Person = Mapping[str, str]
Value = TypeVar("Value", str, Date, Sequence[Person])
_FOR_CITATIONS = frozenset(("year-suffix", "citation-number"))
"""Variables that only citations in running text have: asking for them in vain empties no group."""
_NUMBER = r"[A-Za-z]*\d[A-Za-z\d/.]*"
_NUMERIC = re.compile(rf"{_NUMBER}(\s*[,&–-]\s*{_NUMBER})*")
_SEVERAL = re.compile(r"\d\s*[,&–-]\s*\d")
_UNMARKED = str.maketrans(dict.fromkeys(MARKS))


class Item:
    """One record while a reference to it is being written."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.type = str(record["type"])
        self._texts: dict[str, str] = {}
        self._dates: dict[str, Date] = {}
        self._people: dict[str, Sequence[Person]] = {}
        for name, value in record.items():
            if isinstance(value, str):
                self._texts[name] = value.translate(_UNMARKED)
            elif isinstance(value, Mapping):
                self._dates[name] = tuple(value["date-parts"][0])
            else:
                self._people[name] = value
        if "page" in self._texts:
            self._texts["page-first"] = re.split("[–-]", self._texts["page"])[0]
        named = [*self._texts, "", *self._dates, "", *self._people, "", *filter(self.is_numeric, self._texts)]
        self.shape = " ".join([self.type, *named])
        """All that the branches of a style depend on: alike in records that take the same ones."""
        self.is_english = self._texts.get("language", "en").startswith("en")
        self.called = 0
        """How many variables were asked for: a group that asked and got nothing is not written."""
        self.given = 0
        """How many of them had something to give."""
        self._written: list[str] = []
        self._used_up: set[str] = set()

    def text(self, name: str) -> str:
        """The words of the variable `name`, counted."""
        return self._count(name, self._texts.get(name, ""), "")

    def date(self, name: str) -> Date:
        """The date `name`, counted."""
        return self._count(name, self._dates.get(name, ()), ())

    def people(self, name: str) -> Sequence[Person]:
        """Who has the role `name`, counted."""
        return self._count(name, self._people.get(name, ()), ())

    def _count(self, name: str, value: Value, nothing: Value) -> Value:
        if name in _FOR_CITATIONS:
            return value
        self.called += 1
        if name in self._used_up:
            return nothing
        if value:
            self.given += 1
            self._written.append(name)
        return value

    def count(self) -> None:
        """Count a group or a macro that had something to say, as if it were a variable."""
        self.called += 1
        self.given += 1

    def has(self, name: str) -> bool:
        """Whether there is such a variable, without counting."""
        return name in self._texts or name in self._dates or name in self._people

    def is_numeric(self, name: str) -> bool:
        """Whether a variable is nothing but numbers."""
        return bool(_NUMERIC.fullmatch(self._texts.get(name, "")))

    def is_several(self, name: str) -> bool:
        """Whether a variable names more than one number. A report's number is one, hyphens or not."""
        return name != "number" and bool(_SEVERAL.search(self._texts.get(name, "")))

    @property
    def mark(self) -> int:
        """A point in the writing, for `use_up`."""
        return len(self._written)

    def use_up(self, mark: int) -> None:
        """Write nothing again of what was written since `mark`: it took the place of names that are missing."""
        self._used_up.update(self._written[mark:])
