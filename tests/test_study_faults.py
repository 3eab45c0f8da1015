"""When the study guide cannot be made: one clear problem, with the command or the file that mends it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import GOOD, ROOT
from marginalia.codes import CODES
from marginalia.edition.load import load
from marginalia.model import Checked, Edition, Reading
from marginalia.problem import Problem
from marginalia.study import Imprint, make_books, make_takeaways
from marginalia.study.book import PAPERS, Draft, Paper
from marginalia.study.making import drafts_of
from marginalia.study.manuscript import manuscript
from marginalia.study.placement import Trouble, mend, settle, troubles_in
from marginalia.study.press import NEW_PAGE, WHOLE, Press, Proof, Unset, chapter, moment, source
from marginalia.study.typst_code import exactly

DRESS = ROOT / "overrides" / "study"


def _make(folder: Path, edition: Edition, dress: Path = DRESS) -> list[Problem]:
    """The problems of making all books; there are none of these if there is one of those."""
    books, problems = make_books(
        edition, dress / "fonts", dress, folder / "out", folder / "cache", docs_folder=GOOD / "docs"
    )
    assert not (books and problems)
    assert not problems or not list((folder / "out").glob("*.pdf"))
    assert all(problem.code in CODES and problem.severity == "error" and problem.mend for problem in problems)
    return problems


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(GOOD)[0]


@pytest.fixture
def dress(tmp_path: Path) -> Path:
    """A copy of the templates, to be spoiled."""
    shutil.copytree(ROOT / "overrides" / "fragments", tmp_path / "overrides" / "fragments")
    return Path(shutil.copytree(DRESS, tmp_path / "overrides" / "study"))


# --- what is missing -------------------------------------------------------------------------------


def test_without_typst(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    [problem] = _make(tmp_path, edition)
    assert problem.code == "P601" and "“typst”" in problem.what and "pip install typst==" in problem.mend


def test_without_genanki(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    made, [problem] = make_takeaways(edition, tmp_path)
    assert made == [] and problem.code == "P601" and "pip install genanki==" in problem.mend


def test_without_a_font(edition: Edition, tmp_path: Path, dress: Path) -> None:
    (dress / "fonts" / "SourceSans3[wght].ttf").unlink()
    [problem] = _make(tmp_path, edition, dress)
    assert problem.code == "P601" and problem.place.path.endswith("SourceSans3[wght].ttf")
    assert problem.mend == "Run: git checkout -- overrides/study/fonts"


def test_without_templates(edition: Edition, tmp_path: Path, dress: Path) -> None:
    (dress / "guide.typ").unlink()
    [problem] = _make(tmp_path, edition, dress)
    assert problem.code == "P601" and problem.mend == "Run: git checkout -- overrides/study"


def test_without_the_drawn_world(edition: Edition, tmp_path: Path, dress: Path) -> None:
    (dress.parent / "fragments" / "world.svg.html").unlink()
    [problem] = _make(tmp_path, edition, dress)
    assert problem.code == "P601" and problem.place.path == "overrides/fragments/world.svg.html"


# --- what the compiler refuses ---------------------------------------------------------------------


def _with_summary(edition: Edition, name: str, summary: str) -> Edition:
    """The edition with another summary in a check of the ferry's article, whatever its length."""

    def changed(checked: Checked) -> Checked:
        if checked.check.id != name:
            return checked
        check: Any = object.__new__(type(checked.check))
        check.__dict__.update(checked.check.__dict__ | {"summary": summary})
        return replace(checked, check=check)

    checks = {key: changed(c) for key, c in edition.checks.items()}
    reading: Reading = edition.readings["ferry"]
    reading = replace(reading, checks=tuple(changed(c) for c in reading.checks))
    return replace(edition, checks=checks, readings={**edition.readings, "ferry": reading})


def test_a_letter_that_no_font_has_names_its_files(edition: Edition, tmp_path: Path) -> None:
    """PDF/UA wants every letter shown: the compiler stops, and the problem leads to the text."""
    problems = _make(tmp_path, _with_summary(edition, "cost", "The sum in old letters: \U00012000."))
    assert {p.code for p in problems} == {"P603"}
    assert {p.place.path for p in problems} == {"docs/readings/ferry.md", "docs/fact-checks/ferry/cost.md"}
    assert all("“\U00012000” (U+12000)" in p.what for p in problems)


def test_a_template_with_a_fault(edition: Edition, tmp_path: Path, dress: Path) -> None:
    file = dress / "pieces.typ"
    file.write_text(file.read_text("utf-8") + "\n#let broken = unknown-thing\n", "utf-8")
    problems = _make(tmp_path, edition, dress)
    assert {p.code for p in problems} == {"P603"}
    assert all("unknown variable: unknown-thing" in p.what for p in problems)


def test_a_child_that_is_killed(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process that sets the books dies of is said in one line."""
    monkeypatch.setenv("PYTHONHOME", str(tmp_path / "no such Python"))
    [problem] = _make(tmp_path, edition)
    assert problem.code == "P603" and "ended with status" in problem.what


# --- notes that go astray --------------------------------------------------------------------------


@pytest.fixture
def press(tmp_path: Path, edition: Edition) -> Press:
    text = manuscript(edition, Imprint(), GOOD / "docs", DRESS)
    made = Press(tmp_path, DRESS / "fonts", moment(datetime(2026, 1, 1, tzinfo=UTC)))
    made.copy_in(DRESS, {}, text.world.drawings)
    return made


def _hand_out(edition: Edition) -> Draft:
    text = manuscript(edition, Imprint(), GOOD / "docs", DRESS)
    return next(d for d in drafts_of(text, DRESS / "words") if d.work.name == "ferry-hand-out")


def _crowded(edition: Edition, words: int) -> Edition:
    """The edition with summaries so long that few notes share a page."""
    for name in ("mail", "cost", "board", "tunnel"):
        edition = _with_summary(edition, name, "Much is said about it, and more. " * (words // 7))
    return edition


@pytest.fixture
def careless(press: Press) -> Press:
    """A press whose templates let Typst cut notes in two, so that there is more to mend."""
    page = press.folder / "page.typ"
    text = page.read_text("utf-8")
    assert text.count("block(breakable: false, width: 100%, it)") == 1
    page.write_text(
        text.replace("block(breakable: false, width: 100%, it)", "block(width: 100%, it)"), "utf-8"
    )
    return press


def test_notes_are_brought_back_to_their_calls(edition: Edition, careless: Press) -> None:
    """Over many lengths of notes: where Typst parts notes from their calls, mending brings them together.

    A layout that cannot be mended stops by the name of a note; of these there may be few, since every note fits a page.
    """
    astray = mended = 0
    for words in range(60, 300, 6):
        draft = _hand_out(_crowded(edition, words))
        if not _parted(draft, careless.proof(draft, "a4", {})):
            continue
        astray += 1
        try:
            after = settle(careless, draft, "a4", {})
        except Unset as unset:
            assert [problem.code for problem in unset.problems] == ["P604"]
        else:
            assert _parted(draft, after) == []
            mended += 1
    assert astray >= 3
    assert mended >= 0.9 * astray


def _parted(draft: Draft, proof: Proof) -> list[Trouble]:
    """The notes that do not share a page with their calls."""
    return [trouble for trouble in troubles_in(draft, proof.placement()) if trouble.kind == "note"]


def test_mending_nudges_paragraphs_and_nothing_else(edition: Edition, careless: Press) -> None:
    mended = 0
    for words in range(60, 420, 12):
        draft = _hand_out(_crowded(edition, words))
        nudges: dict[str, int] = {}
        proof = mend(draft, partial(careless.proof, draft, "a4"), nudges)
        assert set(nudges) <= {piece.id for piece in draft.pieces} and set(nudges.values()) <= set(
            range(1, NEW_PAGE + 1)
        )
        assert proof.placement() == careless.proof(draft, "a4", nudges).placement()
        mended += bool(nudges)
    assert mended >= 3


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_astray_in_the_end(edition: Edition, press: Press, paper: Paper) -> None:
    """Neither a note nor a lonely line, in any book with notes."""
    text = manuscript(edition, Imprint(), GOOD / "docs", DRESS)
    for draft in drafts_of(text, DRESS / "words"):
        if draft.notes:
            assert list(troubles_in(draft, settle(press, draft, paper, {}).placement())) == []


def test_a_note_that_fits_no_page_stops_the_build_by_name(edition: Edition, press: Press) -> None:
    draft = _hand_out(_with_summary(edition, "cost", "Far too much is said about it here. " * 300))
    with pytest.raises(Unset) as stopped:
        settle(press, draft, "a4", {})
    [problem] = stopped.value.problems
    assert problem.code == "P604" and "“cost”" in problem.what and "summary" in problem.mend


def test_a_heading_goes_with_its_paragraph(edition: Edition) -> None:
    draft = _hand_out(edition)
    first = next(n for n, piece in enumerate(draft.pieces) if piece.leads)
    paragraph = draft.pieces[first + 1].id or ""
    for nudge, heading in (
        (1, "#section("),
        (WHOLE, f"#hold({WHOLE}, section("),
        (NEW_PAGE, f"#hold({NEW_PAGE}, section("),
    ):
        lines = chapter(draft.pieces, {paragraph: nudge}).text.split("\n")
        assert lines[first + 1].startswith(heading)
        assert lines[first + 2].startswith(f"#hold({min(nudge, WHOLE)}, numbered(")


def test_lines_of_the_source_lead_to_files(edition: Edition) -> None:
    draft = _hand_out(edition)
    [part] = [chapter(pieces, {}) for pieces in draft.chapters]
    assert f'#include "{part.name}"' in source(draft, [part])
    lines = part.text.split("\n")
    for number, line in enumerate(lines, 1):
        piece = next((p for p in draft.pieces if line == f"#{p.code}"), None)
        assert part.origin(number) == (piece.origin if piece else None)
    assert len(lines) == len(draft.pieces) + 2
    assert exactly("a\nb") == '"a\\u{a}b"'
