"""Flash cards and the quiz: complete, the same in every build, and read back as their formats say."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import GOOD, ROOT
from marginalia.edition.load import load
from marginalia.model import Edition
from marginalia.study import Takeaway, make_takeaways
from marginalia.study.quiz import gift
from marginalia.verdicts import VERDICTS


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture(scope="module")
def made(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Takeaway]:
    files, problems = make_takeaways(edition, tmp_path_factory.mktemp("takeaways"))
    assert problems == []
    return {file.file_name: file for file in files}


def _notes(deck: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """The cards in an Anki package: by their ids, front and back."""
    with zipfile.ZipFile(deck) as archive:
        archive.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as base:
        rows = base.execute("select guid, flds from notes").fetchall()
    base.close()
    return {guid: tuple(fields.split("\x1f")) for guid, fields in rows}


def test_every_term_and_every_check_has_a_card(
    made: dict[str, Takeaway], edition: Edition, tmp_path: Path
) -> None:
    deck = made["allied-hedging-flash-cards.apkg"]
    notes = _notes(deck.path, tmp_path)
    assert len(notes) == deck.items == len(edition.terms) + len(edition.readings["allied-hedging"].checks)
    backs = {back for _, back in notes.values()}
    assert {term.short for term in edition.terms.values()} <= backs
    for checked in edition.readings["allied-hedging"].checks:
        check = checked.check
        assert f"{VERDICTS[check.verdict].word}. {check.summary}" in {b.replace("&amp;", "&") for b in backs}


def test_cards_keep_their_ids_when_words_change(edition: Edition, tmp_path: Path) -> None:
    term = edition.terms["hedging"]
    other = object.__new__(type(term))
    other.__dict__.update(term.__dict__ | {"short": "Something else."})
    changed = replace(edition, terms={**edition.terms, "hedging": other})
    ids = []
    for name, given in (("one", edition), ("two", changed)):
        make_takeaways(given, tmp_path / name)
        notes = _notes(tmp_path / name / "allied-hedging-flash-cards.apkg", tmp_path / name)
        ids.append({guid for guid, _ in notes.items()})
        assert ("Something else." in {back for _, back in notes.values()}) == (name == "two")
    assert ids[0] == ids[1]


def test_cards_are_the_same_bytes(edition: Edition, made: dict[str, Takeaway], tmp_path: Path) -> None:
    for again in make_takeaways(edition, tmp_path)[0]:
        assert again.path.read_bytes() == made[again.file_name].path.read_bytes()


def test_tables_have_two_columns(made: dict[str, Takeaway]) -> None:
    for deck in ("terms", "claims"):
        file = made[f"allied-hedging-flash-cards-{deck}.tsv"]
        rows = [line.split("\t") for line in file.path.read_text("utf-8").splitlines()]
        assert len(rows) == file.items
        assert all(len(row) == 2 and all(row) for row in rows)


# --- GIFT ------------------------------------------------------------------------------------------


def _questions(data: bytes) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """Questions as Moodle reads them: name, text, answers with their signs, feedback. Raises on what is not GIFT."""
    found = []
    for block in re.split(r"\n\s*\n", data.decode().strip()):
        if block.startswith(("//", "$CATEGORY: ")):
            continue
        match = re.fullmatch(
            r"::((?:\\.|[^:\\])+)::\[html\]((?:\\.|[^{}~=#\\])+) \{\n(.*)\n\}", block, re.DOTALL
        )
        assert match, block
        answers, feedback = [], ""
        for row in match[3].split("\n"):
            if row.startswith("  ####"):
                feedback = _unescaped(row[6:])
            else:
                sign = re.fullmatch(r"  ([=~])((?:\\.|[^{}~=#\\])+)", row)
                assert sign, row
                answers.append((sign[1], _unescaped(sign[2])))
        found.append((_unescaped(match[1]), _unescaped(match[2]), answers, feedback))
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def test_the_quiz_is_gift(made: dict[str, Takeaway], edition: Edition) -> None:
    file = made["allied-hedging-quiz.gift"]
    questions = _questions(file.path.read_bytes())
    assert len(questions) == file.items == len({name for name, *_ in questions})
    for name, text, answers, feedback in questions:
        assert [sign for sign, _ in answers].count("=") == 1
        assert len({answer for _, answer in answers}) == len(answers)
        right = next(answer for sign, answer in answers if sign == "=")
        if name.startswith("term-"):
            term = edition.terms[name.removeprefix("term-")]
            assert right == term.title.replace("&", "&amp;") and len(answers) == 4
            assert term.title.lower() not in re.sub("<[^>]*>", "", text).lower()
        else:
            check = edition.checks["allied-hedging", name.removeprefix("allied-hedging-")].check
            assert right == VERDICTS[check.verdict].word and len(answers) == len(VERDICTS)
            assert feedback == check.summary.replace("&", "&amp;")


def test_signs_of_gift_are_escaped() -> None:
    """A statement full of the format's own signs comes back as it was."""
    edition, _, _ = load(GOOD)
    term = edition.terms["subsidy"]
    odd = object.__new__(type(term))
    odd.__dict__.update(term.__dict__ | {"short": "a~b=c#d{e}f:g\\h <i> & “j”", "names": ()})
    changed = replace(edition, terms={"subsidy": odd, "public-good": edition.terms["public-good"]})
    questions = _questions(gift(changed, changed.readings["ferry"]))
    text = next(text for name, text, *_ in questions if name == "term-subsidy")
    assert "a~b=c#d{e}f:g\\h &lt;i&gt; &amp; “j”" in text
