"""The values of the study guide: what is printed, on which paper, from what, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from ..model import Edition
from .typst_code import Code

Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, str] = {"a4": "A4", "letter": "US Letter"}

Kind = Literal["student", "teacher", "hand-out", "country"]
EDITIONS: dict[Kind, str] = {"student": "Student edition", "teacher": "Teacher edition"}
PageKind = Literal["reading", "reference", "table", "writing"]
"""The pages of a bound book, as page.typ sets them out."""

LOOSE: tuple[Kind, ...] = ("hand-out", "country")
"""Kinds that are printed on loose sheets, not bound."""


@dataclass(frozen=True)
class Imprint:
    """What the colophon says of the publication and the edition does not know."""

    site_name: str = ""
    site_url: str = ""
    """The published address; without it, links to pages that are not in a book become plain words."""
    repo_url: str = ""
    version: str = ""


@dataclass(frozen=True)
class Piece:
    """One outermost block of a book: a line of the generated source."""

    code: Code
    origin: str | None = None
    """The contributed file that it was made from, relative to docs/, for messages."""
    id: str | None = None
    """Where it can be held together or sent to the next page: the paragraph's name."""
    notes: tuple[str, ...] = ()
    """The notes called in it."""
    pages: Code | None = None
    """It begins a chapter, or a part of one, and with it new pages: what pages these are."""
    leads: bool = False
    """It is a heading, and goes where the piece behind it goes."""


@dataclass(frozen=True)
class Work:
    """What a book is, whatever the paper."""

    name: str
    """The file's name without paper and ending."""
    kind: Kind
    title: str
    subject: str
    """The id of the reading or country that it is about."""

    def file_name(self, paper: Paper) -> str:
        return f"{self.name}-{paper}.pdf"


def works_of(edition: Edition) -> list[Work]:
    """What is printed: for each reading two editions of the guide and a hand-out; for each country a sheet."""
    works = []
    for reading in edition.readings.values():
        title = reading.page.title
        if reading.checks or any(q.article == reading.id for q in edition.questions):
            for kind, label in EDITIONS.items():
                works.append(
                    Work(f"{reading.id}-{kind}", kind, f"Study guide: {title} ({label.lower()})", reading.id)
                )
        works.append(Work(f"{reading.id}-hand-out", "hand-out", f"{title} (hand-out)", reading.id))
    for country in edition.countries.values():
        works.append(Work(f"country-{country.id}", "country", country.title, country.id))
    return works


@dataclass(frozen=True)
class Draft:
    """A book before it is set: its pieces in order."""

    work: Work
    opening: Code
    """The show rule that begins the source."""
    pieces: tuple[Piece, ...]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Every note called in the book, in order."""
        return tuple(note for piece in self.pieces for note in piece.notes)

    @cached_property
    def chapters(self) -> tuple[tuple[Piece, ...], ...]:
        """The pieces from each beginning of new pages to the next."""
        chapters: list[list[Piece]] = [[]]
        for piece in self.pieces:
            if piece.pages:
                chapters.append([])
            chapters[-1].append(piece)
        return tuple(tuple(chapter) for chapter in chapters if chapter)

    @cached_property
    def annotated(self) -> Draft:
        """The chapters that have notes. They begin pages, so they are set alike with the others or without."""
        kept = (c for c in self.chapters if any(piece.notes for piece in c))
        return replace(self, pieces=tuple(piece for chapter in kept for piece in chapter))


@dataclass(frozen=True)
class Book:
    """A finished PDF."""

    file_name: str
    kind: Kind
    title: str
    subject: str
    """The id of the reading or country that it is about."""
    paper: Paper
    pages: int
    size: int
    """In bytes."""
    path: Path = field(compare=False)


def lay(path: Path, data: bytes) -> None:
    """Write `data` into a file that has something else in it; live preview lays the same pages at each save."""
    if not path.is_file() or path.read_bytes() != data:
        path.write_bytes(data)


def book(work: Work, paper: Paper, pages: int, data: bytes, folder: Path) -> Book:
    """The book whose file is `data`, written into `folder`."""
    path = folder / work.file_name(paper)
    lay(path, data)
    return Book(path.name, work.kind, work.title, work.subject, paper, pages, len(data), path)
