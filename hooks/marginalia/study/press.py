"""Drafts in, PDFs out: the generated source is set by Typst, which refuses what breaks PDF/UA-1 or PDF/A-2a."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..problem import Place, Problem
from .book import LOOSE, Draft, Paper, Piece
from .packing import pack

STANDARDS = ["a-2a", "ua-1"]
WHOLE, NEW_PAGE = 4, 5
"""The last two of the nudges that `hold()` in pieces.typ knows."""

INSTALL = "pip install typst==0.15.2"


class Unset(Exception):
    """A book that cannot be set, with the problems to report."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.what for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Press:
    """A folder with everything that Typst may read, and nothing else."""

    folder: Path
    fonts: Path
    moment: datetime
    """What the PDF's metadata call its date."""

    def copy_in(self, templates: Path, pictures: Mapping[str, Path], drawings: Mapping[str, bytes]) -> None:
        """Put templates, contributors' pictures and drawings made here where the source can import them."""
        for template in sorted(templates.glob("*.typ")):
            shutil.copyfile(template, self.folder / template.name)
        for name, file in pictures.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, self.folder / name)
        for name, drawing in drawings.items():
            (self.folder / name).write_bytes(drawing)

    def forget(self) -> None:
        """Make room: Typst drops what it remembers of a layout once ten compilations have had no use for it."""
        import typst

        for _ in range(11):
            typst.compile(b"#set page(width: 1pt, height: 1pt)", format="svg", ignore_system_fonts=True)

    def proof(self, draft: Draft, paper: Paper, nudges: Mapping[str, int], alone: bool = False) -> Proof:
        """The draft laid out, ready to be asked where its notes fell.

        `alone` says that some chapters of a book are set without the others: references to those
        become words of the same width.
        """
        import typst

        name = f"{draft.work.name}-{paper}{'-alone' if alone else ''}.typ"
        chapters = tuple(chapter(pieces, nudges) for pieces in draft.chapters)
        for part in chapters:
            self._put(part.name, part.text)
        self._put(name, source(draft, chapters))
        inputs: dict[str, str] = {"paper": paper}
        inputs |= {"loose": "yes"} if draft.work.kind in LOOSE else {}
        inputs |= {"alone": "yes"} if alone else {}
        compiler = typst.Compiler(
            str(self.folder / name),
            root=str(self.folder),
            font_paths=[str(self.fonts)],
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        return Proof(self, draft, chapters, compiler)

    def _put(self, name: str, text: str) -> None:
        """Write a file at once: the child that sets the other paper may be reading its chapters."""
        fresh = self.folder / f"{name}.{os.getpid()}"
        fresh.write_text(text, "utf-8")
        fresh.replace(self.folder / name)


@dataclass(frozen=True)
class Proof:
    """One layout of one draft."""

    press: Press
    draft: Draft
    chapters: tuple[Chapter, ...]
    compiler: Any

    def placement(self) -> dict[str, Any]:
        """Where notes and paragraphs fell: what `report()` in pieces.typ says."""
        try:
            found: dict[str, Any] = json.loads(self.compiler.query("<placement>", field="value", one=True))
        except RuntimeError:
            self.pdf()  # a query says less of what is wrong than a compilation does
            raise
        return found

    def pdf(self) -> tuple[bytes, int]:
        """The finished file and how many pages it has. Raises Unset."""
        import typst

        try:
            made: bytes = self.compiler.compile(
                pdf_standards=STANDARDS, timestamp=self.press.moment, format="pdf"
            )
        except typst.TypstError as error:
            raise Unset(*explain(self.draft, self.chapters, error)) from error
        return pack(made)


@dataclass(frozen=True)
class Chapter:
    """A part of a book as Typst source: a file of its own, one piece a line, so that a message leads to its file.

    It is named by its words. Two editions that share a chapter share the file, and Typst, which knows a text by its
    place in a file, lays it out once.
    """

    pieces: tuple[Piece, ...]
    text: str

    @property
    def name(self) -> str:
        return f"chapter-{hashlib.sha256(self.text.encode()).hexdigest()[:20]}.typ"

    def origin(self, line: int) -> str | None:
        """The contributed file that a line was made from."""
        at = line - 1 - self.text.count("\n") + len(self.pieces)
        return self.pieces[at].origin if 0 <= at < len(self.pieces) else None


def chapter(pieces: tuple[Piece, ...], nudges: Mapping[str, int]) -> Chapter:
    """The source of one chapter, its paragraphs nudged."""
    lines = ['#import "guide.typ": *']
    if pieces[0].pages:
        lines.append(f"#set page(..{pieces[0].pages})")
    for before, piece, behind in zip([None, *pieces], pieces, [*pieces[1:], None], strict=False):
        nudge = nudges.get(piece.id or "", 0)
        if piece.leads and behind:  # a heading goes where its paragraph goes
            nudge = nudges.get(behind.id or "", 0) if nudges.get(behind.id or "", 0) >= WHOLE else 0
        elif before and before.leads:
            nudge = min(nudge, WHOLE)
        lines.append(f"#hold({nudge}, {piece.code})" if nudge else f"#{piece.code}")
    return Chapter(pieces, "\n".join([*lines, ""]))


def source(draft: Draft, chapters: Sequence[Chapter]) -> str:
    """The Typst source of a book, which gathers its chapters."""
    lines = ['#import "guide.typ": *', f"#show: {draft.opening}"]
    return "\n".join([*lines, *(f'#include "{c.name}"' for c in chapters), "#report()", ""])


_LINE = re.compile(r"(chapter-\w+\.typ):(\d+)")
_NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')


def explain(draft: Draft, chapters: Sequence[Chapter], error: Any) -> list[Problem]:
    """The compiler's message as problems in the contributed files that it is about, as far as that can be told."""
    said = str(getattr(error, "diagnostic", "") or error)
    letters = dict.fromkeys(_NO_LETTER.findall(said))
    if letters:
        return [problem for text in letters for problem in _no_letter(draft, text)]
    message = str(getattr(error, "message", "") or said.splitlines()[0]).strip().rstrip(".")
    named = {part.name: part for part in chapters}
    at = next((found for found in _LINE.findall(said) if found[0] in named), None)
    origin = named[at[0]].origin(int(at[1])) if at else None
    place = Place(f"docs/{origin}" if origin else "overrides/study/guide.typ")
    what = f"Typst cannot set “{draft.work.title}”: {message}."
    return [Problem(place, "P603", what, "Look at the text named here; if it is sound, at overrides/study/.")]


def _no_letter(draft: Draft, text: str) -> Iterator[Problem]:
    """Letters are missed when the file is written, and the compiler no longer knows where they came from."""
    codes = ", ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(text))
    origins = dict.fromkeys(p.origin for p in draft.pieces if text in p.code and p.origin)
    for origin in origins or ("index.md",):
        what = f"No font of the study guide has the letters “{text}” ({codes}) in “{draft.work.title}”."
        mend = "Write them otherwise, or add a font that has them to overrides/study/fonts/ and name it in page.typ."
        yield Problem(Place(f"docs/{origin}"), "P603", what, mend)


def moment(newest: datetime) -> datetime:
    """SOURCE_DATE_EPOCH where it is set, else the edition's own date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else newest
