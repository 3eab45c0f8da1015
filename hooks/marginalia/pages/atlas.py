"""Which parts the edition adds to which page of docs/: templates, their values, Markdown to set in.

One table, `PAGES`, for the pages that gather, and one function for each kind of entry. Nothing here
knows MkDocs; `extension.py` asks for the `Plan` of the page it converts.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from .. import verdicts
from ..codes import CODES
from ..edition.backlinks import Backlinks, Passage, backlinks, passage
from ..edition.coverage import coverage
from ..edition.exercises import around_its_name, claims_to_judge, gaps, matchings, word_bank
from ..edition.matrix import FOUR, matrix
from ..figures.timescale import timescale
from ..figures.worldmap import sheets
from ..intake.entries import kind_of
from ..model import Anchored, Checked, Country, Edition, Entry, Event, FactCheck, Question, Reading, Term
from ..references.citation import reference, short

CHECKS = "fact-checks/index.md"
ANNOTATIONS = "fact-checks/annotations.jsonld"
"""The checks for programs, beside their index."""
GLOSSARY = "glossary/index.md"
COUNTRIES = "countries/index.md"
TIMELINE = "timeline/index.md"
BIBLIOGRAPHY = "bibliography.md"
VERDICTS = "about/verdicts.md"
STUDY_GUIDE = "study-guide.md"
WORKSHEETS = "study-guide/worksheets.md"


@dataclass(frozen=True)
class Inset:
    """Markdown of one file to be set into another file's page."""

    markdown: str
    path: str
    """The file it was written in; its links are relative to that."""


@dataclass(frozen=True)
class Plan:
    """What the edition adds to one page."""

    path: str
    head: str | None = None
    """The fragment before the page's own text."""
    foot: str | None = None
    """The fragment behind it."""
    values: Mapping[str, Any] = field(default_factory=dict)
    insets: Mapping[str, Inset] = field(default_factory=dict)
    entry: Entry | None = None
    reading: Reading | None = None
    """On reading pages: the article to weave in."""
    title: str | None = None
    description: str | None = None
    layout: Literal["text", "reading", "wide"] = "text"
    """How wide the page is set: a column, a column with a margin for notes, tables and figures."""

    def to(self, path: str, anchor: str = "") -> str:
        """A link from this page to another file of docs/, for MkDocs to resolve and validate."""
        relative = "" if path == self.path else between(self.path, path)
        return f"{relative}#{anchor}" if anchor else relative or posixpath.basename(path)


def between(here: str, there: str) -> str:
    """The way from one file of docs/ to another, both in their shortest form."""
    start, end = here.split("/")[:-1], there.split("/")
    shared = next((n for n, (a, b) in enumerate(zip(start, end, strict=False)) if a != b), len(start))
    return "/".join([*[".."] * (len(start) - shared), *end[shared:]])


class Atlas:
    """The plans of all pages of an edition, and what their templates share."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._plans: dict[str, Plan] = {}

    @cached_property
    def links(self) -> Backlinks:
        return backlinks(self.edition)

    @cached_property
    def _by_path(self) -> Mapping[str, Entry | Reading]:
        edition = self.edition
        found: dict[str, Entry | Reading] = {c.check.path: c.check for c in edition.checks.values()}
        found |= {t.path: t for t in edition.terms.values()}
        found |= {c.path: c for c in edition.countries.values()}
        found |= {r.page.path: r for r in edition.readings.values()}
        return found

    def plan(self, path: str) -> Plan:
        """What the edition adds to the page whose file is `path`, relative to docs/."""
        if path not in self._plans:
            self._plans[path] = self._made(path)
        return self._plans[path]

    def _made(self, path: str) -> Plan:
        found = self._by_path.get(path)
        if isinstance(found, Reading):
            return self._reading(found)
        if isinstance(found, FactCheck):
            return self._check(self.edition.checks[found.article, found.id])
        if isinstance(found, Term):
            return self._term(found)
        if isinstance(found, Country):
            return self._country(found)
        gather = PAGES.get(path)
        return gather(self, path) if gather else Plan(path)

    def shared(self) -> dict[str, Any]:
        """Values that every fragment may use."""
        return {
            "edition": self.edition,
            "links": self.links,
            "sources": self.edition.sources,
            "reference": reference,
            "short_reference": short,
            "verdicts": verdicts.VERDICTS,
            "confidence": verdicts.CONFIDENCE,
            "kinds": verdicts.KINDS,
            "modes": verdicts.MODES,
            "families": verdicts.FAMILIES,
            "source_kinds": verdicts.SOURCE_KINDS,
            "consulted": verdicts.CONSULTED,
            "relations": verdicts.RELATIONS,
            "question_kinds": verdicts.QUESTION_KINDS,
            "passage_of": self.passage_of,
            "tally": tally,
            "pages": {
                "checks": CHECKS, "glossary": GLOSSARY, "countries": COUNTRIES,
                "timeline": TIMELINE, "bibliography": BIBLIOGRAPHY, "verdicts": VERDICTS, "study_guide": STUDY_GUIDE, "worksheets": WORKSHEETS, "annotations": ANNOTATIONS,
            },
        }  # fmt: skip

    def passage_of(self, placed: Checked | Anchored, whole_block: bool = False) -> Passage:
        """The sentence that a fact-check or an event is about."""
        article = placed.check.article if isinstance(placed, Checked) else placed.event.article
        assert article is not None
        return passage(self.edition.readings[article], placed.spans, whole_block)

    # --- entries ---------------------------------------------------------------------------------

    def _reading(self, reading: Reading) -> Plan:
        named = [("term", t) for t in self.edition.terms] + [("country", c) for c in self.edition.countries]
        used = {(m.kind, m.entry) for m in reading.mentions}
        defined = [
            (kind, self.edition.terms[n] if kind == "term" else self.edition.countries[n])
            for kind, n in named
            if (kind, n) in used
        ]
        defined.sort(key=lambda pair: pair[1].title.casefold())
        return Plan(
            reading.page.path,
            "reading-head.html",
            "reading-foot.html",
            {"reading": reading, "defined": defined, "generated": reading.generated},
            entry=reading.page,
            reading=reading,
            title=reading.page.title,
            description=reading.page.description,
            layout="reading",
        )

    def _check(self, checked: Checked) -> Plan:
        check = checked.check
        mine = self.edition.readings[check.article].checks
        at = checked.number - 1
        values = {
            "checked": checked,
            "check": check,
            "reading": self.edition.readings[check.article],
            "before": mine[at - 1] if at else None,
            "after": mine[at + 1] if at + 1 < len(mine) else None,
            "events": self.links.events.get(("check", f"{check.article}/{check.id}"), ()),
        }
        return Plan(
            check.path,
            "check-head.html",
            "check-foot.html",
            values,
            entry=check,
            title=check.title,
            description=check.summary,
        )

    def _term(self, term: Term) -> Plan:
        key = ("term", term.id)
        related = dict.fromkeys([*term.see, *self.links.seen_from.get(term.id, ())])
        values = {
            "term": term,
            "passages": self.links.passages.get(key, ()),
            "checks": self.links.checks.get(key, ()),
            "events": self.links.events.get(key, ()),
            "related": [self.edition.terms[t] for t in related if t in self.edition.terms],
            "family": [t for t in self.edition.terms.values() if t.family == term.family],
        }
        return Plan(
            term.path,
            "term-head.html",
            "term-foot.html",
            values,
            entry=term,
            title=term.title,
            description=term.short,
        )

    def _country(self, country: Country) -> Plan:
        key = ("country", country.id)
        countries = self.edition.countries
        modes = [
            (m, [e for e in sorted(country.evidence, key=lambda e: e.date) if e.mode == m])
            for m in verdicts.MODES
        ]
        values = {
            "country": country,
            "passages": self.links.passages.get(key, ()),
            "checks": self.links.checks.get(key, ()),
            "events": self.links.events.get(key, ()),
            "evidence": [(mode, items) for mode, items in modes if items],
            "beside": [countries[c] for c in self.links.beside.get(country.id, ())],
            "members": [countries[c] for c in country.members if c in countries],
            "member_of": [countries[c] for c in self.links.members_of.get(country.id, ())],
        }
        return Plan(
            country.path,
            "country-head.html",
            "country-foot.html",
            values,
            entry=country,
            title=country.title,
            description=country.role,
        )

    # --- pages that gather -----------------------------------------------------------------------

    def _home(self, path: str) -> Plan:
        return Plan(path, None, "home.html", {"readings": list(self.edition.readings.values())})

    def _checks(self, path: str) -> Plan:
        groups = [(r, r.checks) for r in self.edition.readings.values() if r.checks]
        return Plan(path, None, "checks.html", {"groups": groups}, layout="wide")

    def _glossary(self, path: str) -> Plan:
        terms = sorted(self.edition.terms.values(), key=lambda t: t.title.casefold())
        letters: dict[str, list[Term]] = {}
        for term in terms:
            letters.setdefault(term.title[0].upper(), []).append(term)
        families = [(f, [t for t in terms if t.family == f]) for f in verdicts.FAMILIES]
        return Plan(
            path,
            None,
            "glossary.html",
            {"letters": letters, "by_family": [(f, ts) for f, ts in families if ts]},
        )

    def _countries(self, path: str) -> Plan:
        every = sorted(self.edition.countries.values(), key=lambda c: c.title.casefold())
        groups = [(kind, [c for c in every if c.kind == kind]) for kind in ("country", "bloc", "region")]
        return Plan(path, None, "countries.html", {"groups": [(k, cs) for k, cs in groups if cs]})

    def _matrix(self, path: str) -> Plan:
        return Plan(path, None, "matrix.html", {"matrix": matrix(self.edition), "four": FOUR}, layout="wide")

    def _map(self, path: str) -> Plan:
        return Plan(
            path, None, "map.html", {"matrix": matrix(self.edition), "sheets_of": sheets}, layout="wide"
        )

    def _timeline(self, path: str) -> Plan:
        insets = {f"event-{a.event.id}": Inset(a.event.body, a.event.path) for a in self.edition.events}
        groups = [
            ("before", [a for a in self.edition.events if a.event.relation != "after"]),
            ("after", [a for a in self.edition.events if a.event.relation == "after"]),
        ]
        panels = timescale([a.event for a in self.edition.events])
        values = {"groups": [g for g in groups if g[1]], "panels": panels}
        return Plan(path, None, "timeline.html", values, insets, layout="wide")

    def _bibliography(self, path: str) -> Plan:
        every = sorted(
            self.edition.sources.values(), key=lambda s: (short(s).casefold(), s.title.casefold(), s.id)
        )
        return Plan(path, None, "bibliography.html", {"every": every})

    def _verdict_scale(self, path: str) -> Plan:
        examples = {
            v: next((c for c in self.edition.checks.values() if c.check.verdict == v), None)
            for v in verdicts.VERDICTS
        }
        return Plan(path, None, "verdicts.html", {"examples": examples})

    def _coverage(self, path: str) -> Plan:
        return Plan(
            path,
            None,
            "coverage.html",
            {"reports": [coverage(r) for r in self.edition.readings.values()]},
            layout="wide",
        )

    def _corrections(self, path: str) -> Plan:
        every: Sequence[tuple[Entry, Any]] = [
            (entry, change)
            for entry in self._by_path.values() if isinstance(entry, Entry)
            for change in entry.changes
        ]  # fmt: skip
        ordered = sorted(every, key=lambda pair: (pair[1].date, pair[0].id), reverse=True)
        return Plan(path, None, "corrections.html", {"changes": ordered})

    def _problems(self, path: str) -> Plan:
        return Plan(path, None, "problem-codes.html", {"codes": CODES}, layout="wide")

    def _study_guide(self, path: str) -> Plan:
        questions = self.edition.questions
        insets = {}
        for q in questions:
            asked, answer = asked_and_answer(q)
            insets[f"question-{q.article}-{q.id}"] = Inset(asked, q.path)
            insets[f"answer-{q.article}-{q.id}"] = Inset(answer, q.path)
        groups = []
        for reading in self.edition.readings.values():
            mine = [q for q in questions if q.article == reading.id]
            kinds = [(k, [q for q in mine if q.kind == k]) for k in verdicts.QUESTION_KINDS]
            if mine:
                groups.append((reading, [(k, qs) for k, qs in kinds if qs]))
        return Plan(path, None, "study-guide.html", {"groups": groups}, insets)

    def _worksheets(self, path: str) -> Plan:
        found = []
        for reading in self.edition.readings.values():
            left_out = gaps(self.links, reading)
            claims = claims_to_judge(reading.checks)
            found.append(
                {"reading": reading, "claims": claims, "gaps": left_out, "bank": word_bank(left_out)}
            )
        values = {
            "worksheets": found,
            "matchings": matchings(self.edition),
            "around_its_name": around_its_name,
        }
        return Plan(path, None, "worksheets.html", values)


def asked_and_answer(question: Question) -> tuple[str, str]:
    """The two parts of a question's body: before and behind the heading `## Answer`."""
    asked, _, answer = question.body.partition("\n## Answer")
    if question.body.startswith("## Answer"):
        asked, answer = "", question.body.removeprefix("## Answer")
    return asked.strip(), answer.strip()


def tally(checks: Sequence[Checked]) -> list[tuple[str, int]]:
    """How many checks have each verdict, in the order of the scale, none left out that occurs."""
    counts = {v: sum(c.check.verdict == v for c in checks) for v in verdicts.VERDICTS}
    return [(v, n) for v, n in counts.items() if n]


PAGES: dict[str, Callable[[Atlas, str], Plan]] = {
    "index.md": Atlas._home,
    CHECKS: Atlas._checks,
    GLOSSARY: Atlas._glossary,
    COUNTRIES: Atlas._countries,
    "countries/matrix/index.md": Atlas._matrix,
    "countries/map/index.md": Atlas._map,
    TIMELINE: Atlas._timeline,
    BIBLIOGRAPHY: Atlas._bibliography,
    VERDICTS: Atlas._verdict_scale,
    "about/coverage.md": Atlas._coverage,
    "about/corrections.md": Atlas._corrections,
    "about/problems.md": Atlas._problems,
    STUDY_GUIDE: Atlas._study_guide,
    WORKSHEETS: Atlas._worksheets,
}
"""The pages that gather entries, by their file."""


def published(path: str) -> bool:
    """Whether a file of docs/ has a page of its own: events and questions are set into others."""
    return kind_of(path) not in ("timeline", "questions")


__all__ = ["PAGES", "Atlas", "Event", "Inset", "Plan", "asked_and_answer", "published", "tally"]
