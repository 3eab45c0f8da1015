"""Promise 1: the article's page, less its apparatus, is the seed, code point for code point."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import GOOD, ROOT
from hypothesis import given
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.intake.seed import parse
from marginalia.model import Article, Reading, Span
from press import Node, Press, parsed
from writing import HAZARDS, articles, edition_of, marks, mentions, readable


def check_words(page: Node, reading: Reading) -> None:
    """Block by block, the words of the page are those of the seed; so are the marked words of each note."""
    article = reading.article
    body = page.one(class_="mg-article")
    blocks = [block for block in body.inside if isinstance(block, Node)]
    assert not any(text.strip() for text in body.inside if isinstance(text, str))
    assert [block.words() for block in blocks] == [article.words(block.span) for block in article.blocks]
    for checked in reading.checks:
        name = checked.check.id
        marked = "".join(part.words() for part in body.all(data_note=name))
        assert marked == "".join(article.words(span) for span in checked.spans)
        call = body.one(id=f"fnref:{name}")
        (link,) = call.all(href=f"#fn:{name}")
        note = page.one(id=f"fn:{name}")
        assert link.text().startswith(str(checked.number)) and checked.check.summary in note.text()
        assert len(list(note.all(href=f"#fnref:{name}"))) == 1
    ids = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))


@given(st.data())
def test_whatever_is_marked_the_words_are_the_seed(data: st.DataObject) -> None:
    article = data.draw(articles(), "article")
    spans = data.draw(marks(article), "spans")
    named = data.draw(mentions(article), "names")
    edition = edition_of(article, {f"c{n}": where for n, where in enumerate(spans)}, named)
    html = Press(edition).page("readings/x.md", "Our words.")
    check_words(parsed(html), edition.readings["x"])


def test_a_mark_round_words_that_mean_something_to_markdown_alone() -> None:
    """Some extensions look for an element whose whole text is theirs: a mark makes such an element."""
    for words in HAZARDS:
        text = readable(f"before {words} behind")
        article, start = parse("x", text), len("before ")
        span = Span(start, len(text) - len(" behind"))
        edition = edition_of(article, {"c": (span,)} if span.start < span.end else {})
        check_words(parsed(Press(edition).page("readings/x.md", "Our words.")), edition.readings["x"])


@given(articles())
def test_every_word_is_in_a_block(article: Article) -> None:
    at = 0
    for block in article.blocks:
        assert article.text[at : block.span.start].strip() == ""
        words = article.words(block.span)
        assert words == words.strip() and words
        at = block.span.end
        inside = block.span.start
        for sentence in block.sentences:
            assert article.text[inside : sentence.start].strip() == "" and sentence.start < sentence.end
            inside = sentence.end
        assert block.kind == "heading" or inside == block.span.end
    assert article.text[at:].strip() == ""


@pytest.mark.parametrize("root", [ROOT, GOOD], ids=["the project", "the good project"])
def test_the_texts_we_have(root: Path) -> None:
    edition, _, _ = load(root)
    for reading in edition.readings.values():
        html = Press(edition).page(reading.page.path, reading.page.body or "Our words.")
        check_words(parsed(html), reading)
        data = (root / "seeds" / f"{reading.id}.txt").read_bytes()
        assert reading.article.text == data.decode("utf-8-sig").replace("\r\n", "\n")
