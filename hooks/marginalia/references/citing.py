"""Sources and pages in, references in the styles that readers are asked for out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from ..model import Country, Day, Edition, Entry, FactCheck, Reading, ReadingPage, Source, Term
from ..verdicts import CONSULTED, SOURCE_KINDS
from .citation import Record, address, date_parts, for_styles, record
from .csl import Run, Style, plain
from .exchange import bibtex, csl_json, files, ris

STYLES = {"APA": "apa", "MLA": "modern-language-association", "Chicago": "chicago-author-date"}
"""The styles on offer, and their files in overrides/styles/."""
HOUSE = "Chicago"
"""The style of the bibliography and the lists of sources."""
_NAMED_ONCE = {"APA": "container-title", "MLA": "author", "Chicago": "container-title"}
"""Which variable falls away where an organization's page is on its own site.

Source: APA Style 7, 10.16; MLA 9, 5.24; CMOS 18, 14.104.
"""


@dataclass(frozen=True)
class Styles:
    """The citation styles, by name."""

    by_name: Mapping[str, Style]

    def written(self, name: str, record: Record) -> tuple[Run, ...]:
        """The reference to `record` in the style `name`."""
        return _written(name, self.by_name[name], record)

    def listed(self, source: Source) -> Listed:
        """The reference to `source` in the style of the house."""
        return _listed(self.by_name[HOUSE], source)

    def alphabetical(self, sources: Iterable[Source]) -> list[Listed]:
        """The references to `sources` in the order of the alphabet."""
        return sorted((self.listed(source) for source in sources), key=lambda one: one.order)


def read_styles(folder: Path) -> Styles:
    """The styles in `folder`."""
    locale = (folder / "locales-en-US.xml").read_text("utf-8")
    return Styles(
        {name: _style((folder / f"{file}.csl").read_text("utf-8"), locale) for name, file in STYLES.items()}
    )


@cache
def _style(style: str, locale: str) -> Style:
    """A style is read once in a process: it is the same for every build of a live preview."""
    return Style(style, locale)


def _written(name: str, style: Style, record: Record) -> tuple[Run, ...]:
    site = record.get("container-title")
    if site and record.get("author") == [{"literal": site}]:
        record = {key: value for key, value in record.items() if key != _NAMED_ONCE[name]}
    if name == "MLA" and record["type"] == "speech" and "issued" in record:
        record = {**record, "event-date": record["issued"]}  # by which alone this style dates speeches
    return style.reference(record)


# --- sources -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A source as it stands in a list."""

    source: Source
    full: tuple[Run, ...]
    """The whole reference, address and all."""

    @property
    def address(self) -> str | None:
        return address(self.source)

    @cached_property
    def brief(self) -> tuple[Run, ...]:
        """The reference without its address, for lists in which the title is a link."""
        at = next((n for n, run in enumerate(self.full) if run.role == "link"), None)
        if at is None:
            return self.full
        last = self.full[at - 1]
        return (*self.full[: at - 1], replace(last, text=last.text.rstrip()))

    @cached_property
    def order(self) -> tuple[str, str]:
        """Where it stands in the alphabet: by its words, without a leading article, accents and quotes."""
        words = unicodedata.normalize("NFKD", plain(self.full)).casefold()
        letters = re.sub(r"[^\w\s]", "", words).strip()
        return re.sub(r"^(the|an?) ", "", letters), self.source.id


@lru_cache(maxsize=10_000)
def _listed(style: Style, source: Source) -> Listed:
    """Written once for each source in a process: a live preview asks for the same at every build."""
    return Listed(source, _written(HOUSE, style, for_styles(source)))


# --- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Citation:
    """How to cite one thing that a page shows."""

    of: str
    """What it is, where the page shows two."""
    written: tuple[tuple[str, tuple[Run, ...]], ...]
    """The name of a style and the reference in it."""
    files: tuple[tuple[str, str], ...]
    """The name of a format and what to paste into a reference manager."""


@dataclass(frozen=True)
class Desk:
    """Where references are asked for: to the sources of one edition, and to its own pages."""

    edition: Edition
    styles: Styles
    site: str

    def shared(self) -> dict[str, Any]:
        """What every fragment may use."""
        return {
            "listed": self.styles.listed,
            "alphabetical": self.styles.alphabetical,
            "cite_page": self.page,
            "downloads": self.downloads,
        }

    @cached_property
    def downloads(self) -> Mapping[str, bytes]:
        """The whole bibliography for reference managers, by file."""
        return (
            files([_noted(source) for source in self.edition.sources.values()])
            if self.edition.sources
            else {}
        )

    def page(self, entry: Entry, address: str | None) -> list[Citation]:
        """How to cite the page of `entry`, whose own address is `address` if it is known."""
        if not isinstance(entry, ReadingPage):
            return [self._citation("", self._page(entry, address, self._reviewed(entry)))]
        reading = self.edition.readings[entry.id]
        newest = self._newest(reading)
        edited = {**self._page(entry, address, newest), "genre": "Annotated edition"}
        found = [self._citation("This edition, with its notes", edited)] if reading.checks else []
        return [*found, self._citation("The text alone", self._text(reading, address, newest))]

    def _citation(self, of: str, made: Record) -> Citation:
        written = tuple((name, self.styles.written(name, made)) for name in STYLES)
        return Citation(
            of, written, (("BibTeX", bibtex(made)), ("RIS", ris(made)), ("CSL-JSON", csl_json([made])))
        )

    def _page(self, entry: Entry, address: str | None, day: Day | None) -> Record:
        """A page as a work of the site, which is an organization and a publication in one."""
        made: dict[str, Any] = {
            "id": _key(self.site, entry.id),
            "type": "webpage",
            "title": entry.title,
            "author": [{"literal": self.site}],
            "container-title": self.site,
            "language": "en",
        }
        return made | ({"issued": date_parts(day)} if day else {}) | ({"URL": address} if address else {})

    def _text(self, reading: Reading, address: str | None, seen: Day | None) -> Record:
        """An article that stands on the site: as its own source says, or with our label in brackets."""
        source = self.edition.sources.get(reading.page.source or "")
        if source:
            return record(source)
        made = {
            key: value for key, value in self._page(reading.page, address, None).items() if key != "author"
        }
        if reading.page.author:
            given, _, family = reading.page.author.rpartition(" ")
            made["author"] = [{"family": family, "given": given} if given else {"literal": family}]
        if seen and address:
            made["accessed"] = date_parts(seen)
        return made | {"title": f"[{reading.page.title}]", "id": _key(self.site, reading.id, "text")}

    def _reviewed(self, entry: Entry) -> Day | None:
        """When a page was last gone over: checked, changed, or its sources looked up."""
        days = [change.date for change in entry.changes]
        if isinstance(entry, FactCheck):
            days.append(entry.checked)
        elif isinstance(entry, Term | Country):
            cited = (self.edition.sources.get(citation.id) for citation in entry.sources)
            days += [source.accessed for source in cited if source and source.accessed]
        return max(days, default=None)

    def _newest(self, reading: Reading) -> Day | None:
        days = [self._reviewed(checked.check) for checked in reading.checks]
        return max((day for day in [*days, self._reviewed(reading.page)] if day), default=None)


def _noted(source: Source) -> Record:
    """The record of a source with what we say of it: what kind of witness it is and how we read it."""
    said = f"{SOURCE_KINDS[source.kind]}; {CONSULTED[source.consulted]}."
    return {**record(source), "note": f"{said} {source.note}" if source.note else said}


def _key(*parts: str) -> str:
    """An id for reference managers: small letters, digits and hyphens."""
    plain_letters = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain_letters.lower()).strip("-")
