"""Articles, checks and editions made up on the spot: what the properties are tried on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from marginalia.intake.seed import parse, read_seed
from marginalia.model import (
    Article,
    Block,
    Checked,
    Country,
    Edition,
    FactCheck,
    Mention,
    Reading,
    ReadingPage,
    Span,
    Term,
)
from marginalia.problem import Places
from marginalia.verdicts import VERDICTS

HAZARDS = [
    "&copy;", "&copy", "&amp;amp;", "&#128;", "&#x3c;b&#x3e;", "&", "<b>", "</p>", "<br/>", "<!-- note -->", "-->",
    "<script>alert(1)</script>", "]]>", "<![CDATA[", "<?php", "*one*", "**two**", "_three_", "__four__", "***", "---",
    "`code`", "``", "~~~", "```", "[a](b)", "![a](b)", "[a][b]", "[a]: b", "[^1]", "[^1]: note", "[TOC]", "[@lind-1961]",
    "*[HTML]: x", "{.x}", "{: #id .x onclick=y }", "{% raw %}", "{{ edition }}", "#", "# One", "1. One", "1995. The year",
    "- one", "+ one", "> one", "| a | b |", "|---|---|", ":---", "    four spaces", "\\", "\\*", "\\\\", "two  ", "(c)",
    "(tm)", "1/2", "-->", "==", "\"quoted\"", "'quoted'", "...", "--", "---", "https://x.example/?a=1&b=2", "<a@b.c>",
    "www.x.example", "--8<--", "!!! note", "??? note", "=== \"Tab\"", ":smile:", "++x++", "==x==", "^^x^^", "~x~",
    "klzzwxh:0000", "wzxhzdk:0", "zz1337820767766393qq", "qq3936677670287331zz", "mg-call", "amp", "\u00a0", "\u00ad",
    "\u200b", "\u200d", "\u2060", "\u0301", "e\u0301", "\u05e9\u05dc\u05d5\u05dd", "مرحبا", "\u200f", "中文", "한국어",
    "ประเทศ", "क्षि", "👩‍👩‍👧", "🇳🇴", "𝔘", "\U0010fffd", "\ufffd", "\t",
]  # fmt: skip
"""Strings that some part of the way from the seed to the page might take for its own."""

_WORDS = [
    "the", "ferry", "and", "a", "bridge", "of", "Sund", "is", "not", "what", "it", "costs:", "hedging,",
    "allies;", "(both)", "“sides”", "—", "“end.”", "1871", "€2.4",
]  # fmt: skip

_pieces = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(HAZARDS),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
)
_lines = st.lists(
    st.tuples(_pieces, st.sampled_from([" ", " ", " ", "", "\u00a0"])), min_size=1, max_size=14
).map(lambda pairs: "".join(piece + space for piece, space in pairs))


def readable(text: str) -> str:
    """`text` without the characters that the reader of seeds refuses."""
    while True:
        problems = [p for p in read_seed("x", text.encode())[1] if p.severity == "error" and p.code != "S007"]
        if not problems:
            return text
        rows = text.split("\n")
        for problem in reversed(problems):
            row, at = problem.place.line - 1, problem.place.column - 1
            rows[row] = rows[row][:at] + rows[row][at + 1 :]
        text = "\n".join(rows)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article of one to eight lines, with hazards of every kind, as the seed of the reading `x`."""
    between = draw(st.sampled_from(["\n", "\n", "\n\n", "\n \n"]))
    rows = draw(st.lists(_lines, min_size=1, max_size=8))
    text = readable(between.join(rows)) or "x"
    headings = draw(st.one_of(st.none(), st.lists(st.sampled_from(rows), max_size=2)))
    article = parse("x", text if text.strip() else "x", headings)
    return article if article.paragraphs else parse("x", "x " + article.text.replace("\n", " "), [])


@st.composite
def spans(draw: st.DrawFn, article: Article) -> tuple[Span, ...]:
    """Any stretch of an article, cut at the edges of its paragraphs: at least one piece."""
    block = draw(st.sampled_from(article.paragraphs)).span
    if draw(st.booleans()):
        words = list(re.finditer(r"\S+", article.words(block)))
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(words) - 1)] * 2)))
        return (Span(block.start + words[first].start(), block.start + words[last].end()),)
    start = draw(st.integers(block.start, block.end - 1))
    end = draw(st.one_of(st.integers(start + 1, block.end), st.integers(start + 1, len(article.text))))
    return tuple(cut(Span(start, end), article.paragraphs))


def cut(span: Span, blocks: Sequence[Block]) -> list[Span]:
    """The parts of `span` that stand in `blocks`."""
    parts = [Span(max(span.start, b.span.start), min(span.end, b.span.end)) for b in blocks]
    return [p for p in parts if p.start < p.end]


@st.composite
def marks(draw: st.DrawFn, article: Article, most: int = 7) -> list[tuple[Span, ...]]:
    """The spans of some checks, which may nest, cross, coincide."""
    return draw(st.lists(spans(article), max_size=most))


@st.composite
def mentions(draw: st.DrawFn, article: Article) -> tuple[Mention, ...]:
    """Names of terms and countries, one after the other, each in one paragraph."""
    found: list[Mention] = []
    for part, *_ in sorted(draw(st.lists(spans(article), max_size=5))):
        if not found or found[-1].span.end <= part.start:
            kind = draw(st.sampled_from(("term", "country")))
            found.append(Mention(part, "one", "term" if kind == "term" else "country", draw(st.booleans())))
    return tuple(found)


# --- values --------------------------------------------------------------------------------------


def fact_check(ident: str, **values: Any) -> FactCheck:
    """A check of which only the id matters."""
    ours: Mapping[str, Any] = {
        "path": f"fact-checks/x/{ident}.md", "body": "Because.", "body_line": 1, "places": Places("-"), "title": "Title",
        "article": "x", "quote": "-", "kind": "fact", "verdict": list(VERDICTS)[len(ident) % len(VERDICTS)],
        "confidence": "high", "summary": f"Summary of {ident}.", "checked": "2025-01-01",
    }  # fmt: skip
    return FactCheck(**{**ours, "id": ident, **values})


def _term() -> Term:
    return Term(
        id="one",
        path="glossary/one.md",
        body="",
        body_line=1,
        places=Places("-"),
        title="Term",
        family="theory",
        short="A.",
    )


def _country() -> Country:
    return Country(
        id="one", path="countries/one.md", body="", body_line=1, places=Places("-"), title="Land", kind="region", role="A.",
        us="-", china="-",
    )  # fmt: skip


def edition_of(
    article: Article, checks: Mapping[str, tuple[Span, ...]], named: tuple[Mention, ...] = ()
) -> Edition:
    """An edition of one article with checks of these ids on these spans, numbered in reading order."""
    order = sorted(checks.items(), key=lambda pair: (pair[1][0].start, -pair[1][-1].end, pair[0]))
    placed = tuple(Checked(fact_check(name), where, n) for n, (name, where) in enumerate(order, 1))
    page = ReadingPage(
        id=article.id,
        path=f"readings/{article.id}.md",
        body="",
        body_line=1,
        places=Places("-"),
        title="A text",
    )
    reading = Reading(article, page, False, placed, named)
    return Edition(
        {article.id: reading},
        {(article.id, c.check.id): c for c in placed},
        {"one": _term()},
        {"one": _country()},
        (),
        (),
        {},
    )
