"""An edition in, all its books out as PDF files, with every problem on the way."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from ..cache import Cache
from ..model import Edition
from ..problem import Place, Problem
from .book import PAPERS, Book, Draft, Imprint, Work, book, works_of
from .guide import edition_date, study_guide
from .manuscript import Manuscript, manuscript
from .press import INSTALL, Press, moment
from .sheets import country_sheet, hand_out
from .typst_code import Code
from .works import Works
from .world import DRAWING

_MAKING = "2"
"""To be raised when press.py or placement.py come to make other bytes from the same source."""

FACES = (
    "SourceSerif4[opsz,wght].ttf",
    "SourceSerif4-Italic[opsz,wght].ttf",
    "SourceSans3[wght].ttf",
    "SourceSans3-Italic[wght].ttf",
)


def make_books(
    edition: Edition,
    fonts_folder: Path,
    templates_folder: Path,
    out_folder: Path,
    cache_folder: Path,
    *,
    imprint: Imprint | None = None,
    docs_folder: Path | None = None,
) -> tuple[list[Book], list[Problem]]:
    """Every book of `edition`, written into `out_folder`; no book where there are problems."""
    problems = missing(fonts_folder, templates_folder)
    if problems:
        return [], problems
    text = manuscript(edition, imprint or Imprint(), docs_folder, templates_folder)
    drafts = drafts_of(text, templates_folder / "words")
    if text.prose.problems:
        return [], sorted(set(text.prose.problems))
    day = edition_date(edition).first
    when = moment(datetime(day.year, day.month, day.day, tzinfo=UTC))
    with tempfile.TemporaryDirectory(prefix="marginalia-") as folder:
        press = Press(Path(folder), fonts_folder.resolve(), when)
        press.copy_in(templates_folder, text.prose.pictures, text.world.drawings)
        around = _surroundings(templates_folder, fonts_folder, text, when.isoformat())
        return Works(press, Cache(cache_folder, around), out_folder).print_all(drafts)


def _surroundings(templates: Path, fonts: Path, text: Manuscript, moment: str) -> str:
    """The sum of all that a source is set with."""
    sum_ = hashlib.sha256(f"{_MAKING} {version('typst')} {moment}".encode())
    files = sorted([*templates.glob("*.typ"), *fonts.glob("*.ttf"), *fonts.glob("*.otf")])
    for name, file in [*((f.name, f) for f in files), *sorted(text.prose.pictures.items())]:
        sum_.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    for name, drawing in sorted(text.world.drawings.items()):
        sum_.update(name.encode() + b"\0" + hashlib.sha256(drawing).digest())
    return sum_.hexdigest()


def drafts_of(text: Manuscript, matter: Path) -> list[Draft]:
    """All books of the edition, written out; `matter` has the texts that are the same in every guide."""
    readings, countries = text.edition.readings, text.edition.countries
    drafts = []
    for work in works_of(text.edition):
        if work.kind == "country":
            drafts.append(country_sheet(text, countries[work.subject], work))
        elif work.kind == "hand-out":
            drafts.append(hand_out(text, readings[work.subject], work))
        else:
            drafts.append(study_guide(text, readings[work.subject], work, matter))
    return drafts


def make_stubs(
    edition: Edition, fonts_folder: Path, templates_folder: Path, out_folder: Path
) -> tuple[list[Book], list[Problem]]:
    """One page in the place of every book, for live preview: made at once, so that links have an end."""
    problems = missing(fonts_folder, templates_folder)
    if problems:
        return [], problems
    day = edition_date(edition).first
    stamps = tuple((file.name, file.stat().st_mtime_ns) for file in sorted(templates_folder.glob("*.typ")))
    when = datetime(day.year, day.month, day.day, tzinfo=UTC)
    data, pages = _stub(fonts_folder.resolve(), templates_folder, stamps, when)
    out_folder.mkdir(parents=True, exist_ok=True)
    return [book(work, paper, pages, data, out_folder) for work in works_of(edition) for paper in PAPERS], []


@lru_cache(maxsize=2)
def _stub(
    fonts: Path, templates: Path, stamps: tuple[tuple[str, int], ...], when: datetime
) -> tuple[bytes, int]:
    """The page that stands for a book; set anew where the `stamps` of the templates tell of a change."""
    with tempfile.TemporaryDirectory(prefix="marginalia-") as folder:
        press = Press(Path(folder), fonts, when)
        press.copy_in(templates, {}, {})
        page = Draft(Work("stub", "hand-out", "Study guide", ""), Code("stub"), ())
        return press.proof(page, "a4", {}).pdf()


def missing(fonts_folder: Path, templates_folder: Path) -> list[Problem]:
    """What has to be there before anything can be set, and is not."""
    problems = []
    try:
        import typst  # noqa: F401
    except ImportError as error:
        what = f"The package “typst”, which sets the study guide, is missing ({error})."
        problems.append(Problem(Place("pyproject.toml"), "P601", what, f"Run: {INSTALL}"))
    for face in FACES:
        if not (fonts_folder / face).is_file():
            what = f"The font {face}, in which the study guide is set, is missing."
            mend = "Run: git checkout -- overrides/study/fonts"
            problems.append(Problem(Place(f"overrides/study/fonts/{face}"), "P601", what, mend))
    for file in (
        templates_folder / "guide.typ",
        *(templates_folder.parent / "fragments" / d for d in DRAWING),
    ):
        if not file.is_file():
            path = f"overrides/{file.parent.name}/{file.name}"
            what = "The study guide’s template or drawing is missing."
            problems.append(
                Problem(Place(path), "P601", what, f"Run: git checkout -- overrides/{file.parent.name}")
            )
    return problems
