"""People and a style's rules for names in, their names in a row out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .item import Person
from .terms import Locale
from .writing import attach, join


@dataclass(frozen=True)
class NameRules:
    """How a style writes the names of one role. Source: CSL 1.0.2, “Name”."""

    and_: str
    """The word or the sign between the last two, or none."""
    delimiter: str
    precedes_last: str
    precedes_et_al: str
    et_al_min: int
    et_al_first: int
    et_al_last: bool
    et_al: str
    initials: str | None
    """What follows an initial, or None where given names are written out."""
    inverted: str
    """Whose family name stands first: `first`, `all` or nobody’s."""
    separator: str
    short: bool

    def write(self, people: Sequence[Person]) -> str:
        """All names, or the first few and “et al.”"""
        cut = 0 < self.et_al_min <= len(people)
        shown = people[: self.et_al_first] if cut else people
        names = [self._name(p, n) for n, p in enumerate(shown)]
        if cut and self.et_al_last and len(people) > self.et_al_first + 1:
            return join([*names, f"… {self._name(people[-1], len(people))}"], self.delimiter)
        if cut:
            comma = self.precedes_et_al == "always" or (
                self.precedes_et_al == "contextual" and len(names) > 1
            )
            return join([join(names, self.delimiter), self.et_al], self.delimiter if comma else " ")
        return self._with_and(names, "literal" in people[0])

    def _with_and(self, names: list[str], bodies: bool) -> str:
        """The names with “and”; two organizations need no comma, since nothing in them is inverted."""
        if len(names) < 2 or not self.and_:
            return join(names, self.delimiter)
        comma = len(names) > 2 if bodies else self.precedes_last == "always"
        comma = comma or (self.precedes_last == "contextual" and len(names) > 2)
        first = join(names[:-1], self.delimiter)
        return attach(attach(first, self.delimiter if comma else " "), f"{self.and_} {names[-1]}")

    def _name(self, person: Person, index: int) -> str:
        family, given = person.get("family", ""), person.get("given", "")
        if "literal" in person:
            return person["literal"]
        if self.short or not given or not family:
            return family or given
        if self.initials is not None:
            given = initials(given, self.initials)
        if self.inverted == "all" or (self.inverted == "first" and index == 0):
            return attach(family, self.separator + given)
        return f"{given} {family}"


def initials(given: str, after: str) -> str:
    """`Robert D.` and `RD` as `R. D.`, `Cheng-Chwee` as `C.-C.`; words in small letters stay."""
    words = []
    for word in re.split(r"[\s.]+", re.sub(r"\b([A-Z])(?=[A-Z]\b)", r"\1 ", given)):
        parts = [p if p.islower() else p[0] + after.rstrip() for p in word.split("-") if p]
        if parts:
            words.append("-".join(parts))
    return (" " if after.endswith(" ") else "").join(words)


def read_rules(own: Mapping[str, str], inherited: Mapping[str, str], locale: Locale) -> NameRules:
    """The rules that a `name` element has of its own or from the style."""

    def option(name: str, default: str = "") -> str:
        return own.get(
            name, inherited.get({"delimiter": "name-delimiter", "form": "name-form"}.get(name, name), default)
        )

    joint = option("and")
    first_only = own.get("initialize") == "false"
    return NameRules(
        and_=locale.term("and") if joint == "text" else "&" if joint == "symbol" else "",
        delimiter=option("delimiter", ", "),
        precedes_last=option("delimiter-precedes-last", "contextual"),
        precedes_et_al=option("delimiter-precedes-et-al", "contextual"),
        et_al_min=int(option("et-al-min", "0")),
        et_al_first=int(option("et-al-use-first", "1")),
        et_al_last=option("et-al-use-last") == "true",
        et_al=locale.term("et-al"),
        initials=None if first_only or not option("initialize-with") else option("initialize-with"),
        inverted=option("name-as-sort-order"),
        separator=option("sort-separator", ", "),
        short=option("form") == "short",
    )
