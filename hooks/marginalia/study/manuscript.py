"""What the writers of chapters share: the edition, its sources under short names, and where things are referred to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..edition.backlinks import Backlinks, backlinks
from ..model import Edition, Entry, Reading, Source
from ..pages.atlas import STUDY_GUIDE
from ..references.citation import short
from .book import Imprint
from .prose import Block, Context, Prose
from .typst_code import Code, call, exactly, join, words
from .world import World, world

_ANCHORS = {
    "readings": "article",
    "fact-checks": "check",
    "glossary": "term",
    "countries": "country",
    "timeline": "event",
    "questions": "question",
}
"""Folders of docs/ and what the anchors of their entries begin with."""


@dataclass(frozen=True)
class Manuscript:
    """An edition about to be printed."""

    edition: Edition
    imprint: Imprint
    prose: Prose
    world: World

    @cached_property
    def links(self) -> Backlinks:
        return backlinks(self.edition)

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        return distinct(self.edition.sources.values())


def manuscript(edition: Edition, imprint: Imprint, docs: Path | None, templates: Path) -> Manuscript:
    """The manuscript of `edition`; `docs` is where the pictures in its texts are read.

    `templates` are those of the study guide; beside them lie the web's, with the drawing of the world.
    """
    drawn = world(edition, templates, templates.parent / "fragments")
    return Manuscript(edition, imprint, Prose(docs), drawn)


def distinct(sources: Iterable[Source]) -> dict[str, str]:
    """A short reference for each source, with a letter behind the year where two would be alike."""
    alike: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        alike[short(source)].append(source)
    names = {}
    for name, group in alike.items():
        for number, source in enumerate(sorted(group, key=lambda s: (s.title.casefold(), s.id))):
            mark = _letters(number) if len(group) > 1 else ""
            names[source.id] = f"{name} ({mark})" if mark and name.endswith("no date") else name + mark
    return names


def _letters(number: int) -> str:
    """a … z, aa, ab …"""
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(97 + last)


@dataclass
class Scope:
    """One book being written: what it prints, so that references know whether there is a page to name."""

    manuscript: Manuscript
    reading: Reading | None
    teacher: bool
    prints: frozenset[str]
    """What the anchors of what it prints begin with: `check`, `term`, `source` …"""
    cited: dict[str, None] = field(default_factory=dict)
    """The sources cited so far, in order."""

    # --- references ------------------------------------------------------------------------------

    def anchor_of(self, path: str, place: str = "") -> str | None:
        """The anchor of the entry whose file is `path`, or of a `place` in it; None where this book does not print it."""
        if path == STUDY_GUIDE and self.reading:  # where the questions stand on the web
            question = place.removeprefix(f"question-{self.reading.id}-")
            return self.anchor_of(f"questions/{self.reading.id}/{question}.md") if question != place else None
        folder, _, rest = path.partition("/")
        kind = _ANCHORS.get(folder)
        name = rest.rpartition("/")[2].removesuffix(".md")
        if kind not in self.prints or name in ("", "index"):
            return None
        if kind == "article":
            if not self.reading or self.reading.id != name:
                return None
            return place if any(b.id == place for b in self.reading.article.paragraphs) else "article"
        found = kind and self._holds(kind, name)
        return f"{kind}-{name}" if found else None

    def _holds(self, kind: str, name: str) -> bool:
        edition = self.manuscript.edition
        if kind == "term":
            return name in edition.terms
        if kind == "country":
            return name in edition.countries
        if kind == "event":
            return any(a.event.id == name for a in edition.events)
        article = self.reading.id if self.reading else ""
        if kind == "check":
            return (article, name) in edition.checks
        return any(q.id == name and q.article == article for q in edition.questions)

    def refer(self, path: str, place: str, shown: Code) -> Code:
        """A link to a `place` in a file of docs/: within the book, else to the site, else plain words."""
        anchor = self.anchor_of(path, place)
        if anchor:
            return call("to", exactly(anchor), shown)
        site = self.manuscript.imprint.site_url
        if not site:
            return shown
        page = path.removesuffix(".md").removesuffix("index")
        address = f"{site.rstrip('/')}/{page.rstrip('/')}{'/' if page else ''}{'#' if place else ''}{place}"
        return call("web", exactly(address), shown)

    def cite(self, source: str, at: str | None = None) -> Code:
        """A short reference to a source, linked to its record, and the place in it."""
        name = self.name(source)
        if "source" in self.prints:
            name = call("to", exactly(f"source-{source}"), name)
        return join([name, words(f", {at}")]) if at else name

    def name(self, source: str, at: str | None = None) -> Code:
        """A short reference without a link, for places beside a list that has the links."""
        self.cited[source] = None
        name = self.manuscript.short_names.get(source, source)
        return words(f"{name}, {at}" if at else name)

    # --- bodies ----------------------------------------------------------------------------------

    def body(
        self, entry: Entry, level: int, markdown: str | None = None, listed: bool = False
    ) -> list[Block]:
        """The blocks of an entry's Markdown under a heading of `level`.

        `listed` says that its sources are listed below it; then the citations in it are no links.
        """
        cite = self.name if listed else self.cite
        context = Context(entry.path, entry.body_line, level, self.refer, cite)
        return self.manuscript.prose.blocks(entry.body if markdown is None else markdown, context)
