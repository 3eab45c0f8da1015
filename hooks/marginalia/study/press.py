"""Drafts in, PDFs out: the generated source is set by Typst, which refuses what breaks PDF/UA-1 or PDF/A-2a."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..problem import Place, Problem
from .book import LOOSE, Draft, Paper
from .packing import pack

STANDARDS = ["a-2a", "ua-1"]
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
        (self.folder / name).write_text(source(draft, nudges), "utf-8")
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
        return Proof(self, draft, name, compiler)


@dataclass(frozen=True)
class Proof:
    """One layout of one draft."""

    press: Press
    draft: Draft
    name: str
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
            raise Unset(*explain(self.draft, self.name, error)) from error
        return pack(made)


def source(draft: Draft, nudges: Mapping[str, int]) -> str:
    """The Typst source of a draft, one piece a line, so that a line number in a message leads to its file."""
    lines = ['#import "guide.typ": *', f"#show: {draft.opening}"]
    for before, piece, behind in zip(
        [None, *draft.pieces], draft.pieces, [*draft.pieces[1:], None], strict=False
    ):
        nudge = nudges.get(piece.id or "", 0)
        if piece.leads and behind:  # a heading goes where its paragraph goes
            nudge = nudges.get(behind.id or "", 0)
        elif before and before.leads:
            nudge = min(nudge, 1)
        lines.append(f"#hold({nudge}, {piece.code})" if nudge else f"#{piece.code}")
    return "\n".join([*lines, "#report()", ""])


_FIRST_PIECE = 3
_NO_LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')


def explain(draft: Draft, name: str, error: Any) -> list[Problem]:
    """The compiler's message as problems in the contributed files that it is about, as far as that can be told."""
    said = str(getattr(error, "diagnostic", "") or error)
    letters = dict.fromkeys(_NO_LETTER.findall(said))
    if letters:
        return [problem for text in letters for problem in _no_letter(draft, text)]
    message = str(getattr(error, "message", "") or said.splitlines()[0]).strip().rstrip(".")
    lines = [int(n) for n in re.findall(re.escape(name) + r":(\d+)", said)]
    at = lines[0] - _FIRST_PIECE if lines else -1
    origin = draft.pieces[at].origin if 0 <= at < len(draft.pieces) else None
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
