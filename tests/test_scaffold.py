"""`new check`: the form of a fact-check, begun on the words that were meant and on no others."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from conftest import GOOD
from hypothesis import given
from hypothesis import strategies as st
from marginalia import Edition, load
from marginalia.anchoring.quotes import Searchable, locate, searchable
from marginalia.command import main
from marginalia.intake.frontmatter import read
from marginalia.model import Quoting, Span
from marginalia.problem import Places
from marginalia.scaffold import Draft, Refusal, Wish, draft_check

TODAY = date(2026, 11, 23)
_REASONS = "The captain was asked on the quay and said the same words again, three times over, to anybody who would listen"


@cache
def _edition() -> Edition:
    edition, problems, _ = load(GOOD)
    assert not problems
    return edition


@cache
def _ferry() -> Searchable:
    return searchable(_edition().readings["ferry"].article)


def _draft(words: str, taken: tuple[str, ...] = (), **more: object) -> Draft:
    draft = draft_check(_edition(), Wish(words, **more), TODAY, taken)  # type: ignore[arg-type]
    assert isinstance(draft, Draft), draft
    return draft


def _refused(words: str, taken: tuple[str, ...] = (), **more: object) -> str:
    refusal = draft_check(_edition(), Wish(words, **more), TODAY, taken)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal), refusal
    return refusal.why


def _values(draft: Draft) -> dict[str, object]:
    """What stands in the form, less what it leaves empty."""
    document, problems = read(draft.path, draft.text)
    assert document and document.values
    assert not problems
    return {key: value for key, value in document.values.items() if value}


def _spans(draft: Draft) -> tuple[Span, ...]:
    chosen = {
        key: words
        for key, words in _values(draft).items()
        if key in ("quote", "prefix", "suffix", "from", "to")
    }
    spans, problems = locate(Quoting(**chosen), Places(""), _ferry())  # type: ignore[arg-type]
    assert not problems
    return spans


def test_the_form_holds_what_a_machine_can_know() -> None:
    draft = _draft("a third of that; the rest comes from Norway")
    assert draft.path == "docs/fact-checks/ferry/third-rest-comes-norway.md"
    assert draft.paragraph == "p3"
    assert _values(draft) == {
        "quote": "a third of that; the rest comes from Norway",
        "checked": "2026-11-23",
        "sources": [{"id": "", "at": ""}],
        "countries": ["norway", "sweden"],
    }


def test_what_only_a_person_knows_is_asked_for(good_project: Path) -> None:
    assert main(["--root", str(good_project), "new", "check", "the captain says no different"]) == 0
    (path,) = good_project.glob("docs/fact-checks/ferry/captain-says*.md")
    rows = path.read_text("utf-8").split("\n")
    _, problems, _ = load(good_project)
    asked = [rows[p.place.line - 1].strip(" -:") for p in problems if p.place.path.endswith(path.name)]
    assert asked == [
        "title",
        "kind",
        "verdict",
        "confidence",
        "summary",
        "id",
        "at",
        "",
    ]  # last, the reasoning


def test_a_filled_form_has_no_problem(good_project: Path) -> None:
    assert main(["--root", str(good_project), "new", "check", "the captain says no different"]) == 0
    (path,) = good_project.glob("docs/fact-checks/ferry/captain-says*.md")
    source = re.search(
        r"^- id: (\S+)", (good_project / "docs/bibliography.yml").read_text("utf-8"), re.MULTILINE
    )
    assert source
    filled = path.read_text("utf-8")
    for key, value in {
        "title": "What the captain says",
        "kind": "opinion",
        "verdict": "opinion",
        "confidence": "high",
        "summary": "It is his view.",
        "  - id": source[1],
        "    at": "the first page",
    }.items():
        assert f"\n{key}:\n" in filled
        filled = filled.replace(f"\n{key}:\n", f"\n{key}: {value}\n")
    path.write_text(filled.replace("---\n\n## Why", f"---\n{_REASONS} [@{source[1]}].\n\n## Why"), "utf-8")
    edition, problems, _ = load(good_project)
    assert not problems
    assert edition.checks["ferry", path.stem].check.title == "What the captain says"


def test_words_in_another_spelling_are_quoted_as_the_article_has_them() -> None:
    values = _values(_draft('takes "barely  an hour"--on a calm day'))
    assert values["quote"] == "takes “barely an hour”—on a calm day"


@pytest.mark.parametrize("number", [1, 2])
def test_a_twin_is_told_apart_by_the_words_beside_it(number: int) -> None:
    words = "the captain says no"
    assert "stands 2 times" in _refused(words)
    assert "\n  1  p2: … " in _refused(words)
    draft = _draft(words, place=number)
    (span,) = _spans(draft)
    everywhere = [m.start() for m in re.finditer(words, _ferry().article.text)]
    assert len(everywhere) == 2
    assert span.start == everywhere[number - 1]


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_place_that_is_not_there(number: int) -> None:
    assert "Add --place" in _refused("the captain says no", place=number)


def test_words_over_two_paragraphs_become_a_passage() -> None:
    text = _ferry().article.text
    start, end = text.index("In a gale"), text.index("for it. Fares")
    draft = _draft(text[start:end])
    assert _values(draft)["from"] == "In a gale the"
    assert _values(draft)["to"] == "€2.4 million a year"
    spans = _spans(draft)
    assert (spans[0].start, spans[-1].end) == (start, end - 1)


def test_refusals_say_why() -> None:
    assert "These words are not in the article" in _refused("The ferry at Sind has carried the mail")
    assert "Nearest" in _refused("The ferry at Sind has carried the mail")
    assert "too short" in _refused("the mail", article="ferry")
    assert "There is no article “fery”" in _refused("has carried the mail", article="fery")
    assert "cannot be an address" in _refused("the captain says no different", id="No Way")
    taken = "docs/fact-checks/ferry/captain.md"
    assert "is there already" in _refused("the captain says no different", (taken,), id="captain")


def test_words_that_have_a_check() -> None:
    checked = next(c for c in _edition().readings["ferry"].checks if len(c.spans) == 1 and c.check.quote)
    words = _ferry().article.words(checked.spans[0])
    assert _refused(words, article="ferry") == f"docs/{checked.check.path} checks these words already."


def test_nothing_is_written_over(good_project: Path) -> None:
    words = ["--root", str(good_project), "new", "check", "the captain says no different"]
    there = good_project / "docs/fact-checks/ferry/captain-says-no-different.md"
    there.write_text("Somebody's notes.", "utf-8")
    assert main(words) == 0
    assert there.read_text("utf-8") == "Somebody's notes."
    assert there.with_name("captain-says-no-different-2.md").is_file()
    assert main(words) == 1  # the first form is a check of these words, empty as it is


def test_a_refusal_writes_nothing_and_fails(good_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(good_project.rglob("*"))
    assert main(["--root", str(good_project), "new", "check", "words that nobody wrote down"]) == 1
    assert "not in the article" in capsys.readouterr().err
    assert sorted(good_project.rglob("*")) == before


@given(st.data())
def test_whatever_words_are_copied_the_form_finds_them_again(data: st.DataObject) -> None:
    article = _ferry().article
    block = data.draw(st.sampled_from(article.paragraphs))
    words = [
        Span(block.span.start + m.start(), block.span.start + m.end())
        for m in re.finditer(r"\S+", article.words(block.span))
    ]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    copied = article.text[words[first].start : words[last].end]
    outcome = draft_check(_edition(), Wish(copied, article="ferry"), TODAY, ())
    if isinstance(outcome, Refusal):
        assert any(
            why in outcome.why for why in ("too short", "times in the article", "checks these words already")
        )
    else:
        (span,) = _spans(outcome)
        assert article.words(span) == copied
        assert outcome.paragraph == block.id
