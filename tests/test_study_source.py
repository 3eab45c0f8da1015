"""What the study guide is set from: Typst code that says what was written, whatever was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
import yaml
from conftest import GOOD, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from marginalia.edition.exercises import matchings
from marginalia.edition.load import load
from marginalia.model import Day, Edition, Source
from marginalia.problem import Problem
from marginalia.study.book import Imprint
from marginalia.study.lessons import lesson_plans
from marginalia.study.manuscript import Manuscript, Scope, distinct, manuscript
from marginalia.study.parsing import WEB, Parser
from marginalia.study.sources import printed_address
from marginalia.study.typst_code import Code, call, exactly, join, value, words
from marginalia.verdicts import VERDICTS

CASES = Path(__file__).parent / "cases" / "study" / "prose"
DRESS = ROOT / "overrides" / "study"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(GOOD)[0]


@pytest.fixture
def text(edition: Edition) -> Manuscript:
    return manuscript(edition, Imprint(site_url="https://site.example"), GOOD / "docs", DRESS)


def _scope(text: Manuscript) -> Scope:
    prints = frozenset(["article", "check", "term", "country", "event", "question", "source"])
    return Scope(text, text.edition.readings["ferry"], False, prints)


# --- code ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import typst

    file = tmp_path_factory.mktemp("typst") / "empty.typ"
    file.touch()
    return typst.Compiler(str(file))


@settings(max_examples=300)
@given(text=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_a_literal_is_its_text(compiler: Any, text: str) -> None:
    """Whatever stands in a text, Typst reads the same characters and no code."""
    assert json.loads(compiler.eval(exactly(text))) == text


@pytest.mark.parametrize(
    "text", ['#panic("x")', "$x$", "*a* _b_", "<label> @ref", "\\u{41}", '"); panic("', "//x /* y", "[", "}"]
)
def test_nothing_written_is_code(compiler: Any, text: str) -> None:
    assert json.loads(compiler.eval(exactly(text))) == text


def test_values() -> None:
    assert value(["a", 1, None, True]) == '("a", 1, none, true, )'
    assert value({"a-b": 2, "c": []}) == '("a-b": 2, "c": (), )'
    assert value({}) == "(:)"
    assert call("f", "x", Code("g()"), below_it=1, from_="y") == 'f("x", g(), below-it: 1, from: "y")'
    assert join([words("a"), Code("[]"), Code("b()")]) == '{"a"; b()}'
    assert join([]) == "[]"
    assert words("a \n\t b\u00a0c") == '"a b\u00a0c"'


def test_a_piece_is_one_line() -> None:
    """Line numbers in the compiler's messages lead to files: so no text may break a line."""
    assert "\n" not in exactly("a\nb\r\nc\u2028d") and "\u2028" not in exactly("c\u2028d")


# --- prose -----------------------------------------------------------------------------------------


def _cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.yml")):
        for case in yaml.safe_load_all(file.read_text("utf-8")):
            found.append(pytest.param(case, id=f"{file.stem}: {case['about']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_prose(text: Manuscript, case: dict[str, Any]) -> None:
    check = text.edition.checks["ferry", "mail"].check
    made = [block.code for block in _scope(text).body(check, 2, case["markdown"])]
    assert text.prose.problems == []
    assert made == case["gives"]


def test_markdown_is_read_as_on_the_web() -> None:
    """Every extension that mkdocs.yml names is read here too, but for those that only make web pages."""
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    named = {next(iter(e)) if isinstance(e, dict) else e for e in config["markdown_extensions"]}
    assert named - {"toc"} <= set(WEB)


def test_all_of_the_real_edition_can_be_printed() -> None:
    """Every body of the project converts without an element that print does not know."""
    edition, _, _ = load(ROOT)
    text = manuscript(edition, Imprint(), ROOT / "docs", DRESS)
    scope = Scope(text, edition.readings["allied-hedging"], True, frozenset())
    entries = [
        *(c.check for c in edition.checks.values()), *edition.terms.values(), *edition.countries.values(),
        *(a.event for a in edition.events), *edition.questions,
    ]  # fmt: skip
    assert sum(len(scope.body(entry, 2)) for entry in entries) > 1000
    assert text.prose.problems == []


@pytest.mark.parametrize("place", ["block", "inline", "cell"])
def test_an_unknown_element_is_named_and_not_dropped(
    text: Manuscript, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def tree(self: Parser, markdown: str) -> Element:
        root = Element("div")
        if place == "block":
            SubElement(root, "details", {"class": "note"}).text = "hidden"
        elif place == "inline":
            SubElement(SubElement(root, "p"), "kbd").text = "Ctrl"
        else:
            SubElement(SubElement(SubElement(SubElement(root, "table"), "tr"), "th"), "mark").text = "x"
        return root

    monkeypatch.setattr(Parser, "tree", tree)
    check = text.edition.checks["ferry", "mail"].check
    _scope(text).body(check, 2)
    [problem] = text.prose.problems
    assert problem.code == "P602"
    assert problem.place.path == "docs/fact-checks/ferry/mail.md"
    assert problem.place.line == check.body_line
    assert {"block": "<details.note>", "inline": "<kbd>", "cell": "<mark>"}[place] in problem.what


@pytest.mark.parametrize(
    "picture",
    [
        "![x](https://elsewhere.example/x.png)",
        "![x](../../pictures/none.svg)",
        "![x](../../bibliography.yml)",
    ],
)
def test_a_picture_that_cannot_be_printed_is_named(text: Manuscript, picture: str) -> None:
    _scope(text).body(text.edition.checks["ferry", "mail"].check, 2, picture)
    [problem] = text.prose.problems
    assert isinstance(problem, Problem) and problem.code == "P602" and "picture" in problem.what


# --- short names, exercises, plans -----------------------------------------------------------------


def test_an_address_is_printed_as_it_is_typed() -> None:
    assert printed_address("https://site.example/a/") == "site.example/a"
    long = "https://site.example/" + "%D8%A7" * 60
    assert printed_address(long) == long.removeprefix("https://")[:100] + "…"


def test_short_names_tell_sources_apart() -> None:
    edition, _, _ = load(ROOT)
    names = distinct(edition.sources.values())
    assert set(names) == set(edition.sources)
    assert len(set(names.values())) == len(names)
    twins = [
        Source(
            id=f"twin-{n}",
            type="report",
            title=f"Title {n:02}",
            kind="press",
            consulted="whole",
            publisher="P",
            issued=Day(2025),
        )
        for n in range(28)
    ]
    given = distinct(reversed(twins))
    assert given["twin-0"] == "P 2025a"
    assert (
        given["twin-25"].endswith("z") and given["twin-26"].endswith("aa") and given["twin-27"].endswith("ab")
    )


def test_each_matching_has_one_answer() -> None:
    edition, _, _ = load(ROOT)
    text = manuscript(edition, Imprint(), None, DRESS)
    sets = matchings(text.edition)
    terms = [term.id for matching in sets for term in matching.terms]
    assert sorted(terms) == sorted(edition.terms)
    for matching in sets:
        assert 1 < len(matching.terms) <= 6
        assert sorted(t.id for t in matching.terms) == sorted(t.id for t in matching.shuffled)
        for number, letter in matching.pairs:
            assert matching.terms[number - 1] is matching.shuffled["abcdef".index(letter)]


def test_a_book_has_the_lesson_plans_on_its_own_reading(good_project: Path) -> None:
    file = good_project / "docs" / "study-guide" / "lesson-plans.md"
    file.parent.mkdir()
    link = "[Who pays?](../study-guide.md#question-{})"
    file.write_text(
        "---\ntitle: Lesson plans\n---\n\n# Lesson plans\n\nTwo of them.\n\n"
        f"## Ferries alone\n\n| Do |\n| --- |\n| {link.format('ferry-who-pays')} |\n\n"
        f"## Ferries and lamps\n\n{link.format('ferry-who-pays')} {link.format('lamp-none')}\n\n"
        "## About nothing\n\nNo question.\n",
        "utf-8",
    )
    edition, _, _ = load(good_project)
    text = manuscript(edition, Imprint(), good_project / "docs", DRESS)

    def printed(reading: str, *prints: str) -> str:
        return "".join(
            p.code for p in lesson_plans(Scope(text, edition.readings[reading], True, frozenset(prints)))
        )

    mine = printed("ferry", "question")
    assert all(words in mine for words in ("Two of them.", "Ferries alone", "question-who-pays"))
    assert 'p-of("question-who-pays")' in mine
    assert "lamps" not in mine and "About nothing" not in mine
    assert printed("lamp", "question") == printed("ferry", "check") == ""
    assert text.prose.problems == []


# --- the verdicts' shapes --------------------------------------------------------------------------


def test_shapes_differ_without_color(tmp_path: Path) -> None:
    """Each verdict's shape, drawn small and in gray, is a picture of its own."""
    import typst

    (tmp_path / "shapes.typ").write_text((DRESS / "shapes.typ").read_text("utf-8"), "utf-8")
    drawn = {}
    for name in [grade.shape for grade in VERDICTS.values()] + ["box", "no such shape"]:
        source = f'#import "shapes.typ": shape\n#set page(width: 12pt, height: 12pt, margin: 0pt)\n#shape("{name}", size: 12pt, ink: black, drop: 0pt)'
        (tmp_path / "main.typ").write_text(source, "utf-8")
        drawn[name] = typst.compile(str(tmp_path / "main.typ"), root=str(tmp_path), format="png", ppi=144)
    empty = drawn.pop("no such shape")
    assert len(set(drawn.values())) == len(drawn)
    assert empty not in drawn.values()
