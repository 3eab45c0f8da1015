"""A reading in, the article's pieces out: its words as they are, each check as a note at the foot of the page."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ..model import Block, Checked, Mention, Reading
from ..pages.weave import APPARATUS, Dress, weave
from ..verdicts import VERDICTS
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, between, call, exactly, join, words

_SOURCES_IN_A_NOTE = 2


def article_pieces(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """The article's headings, numbered paragraphs and credit line, in order."""
    checks = {c.check.id: c for c in reading.checks}
    linked: set[str] = set()

    def address(mention: Mention) -> str | None:
        """Each term and each country is linked once in the whole article."""
        anchor = f"{mention.kind}-{mention.entry}"
        if mention.kind not in scope.prints or anchor in linked:
            return None
        linked.add(anchor)
        return anchor

    dress = Dress(lambda checked: Element("note", {"check": checked.check.id}), address)
    for block in reading.article.blocks:
        on_it = [c for c in reading.checks if any(s.meets(block.span) for s in c.spans)]
        links = [m for m in reading.mentions if m.first and m.span.meets(block.span)]
        woven = weave(reading.article, block, on_it, links, dress)
        yield _piece(scope, block, woven, checks, reading.page.path)


def _piece(scope: Scope, block: Block, woven: Element, checks: dict[str, Checked], origin: str) -> Piece:
    if block.kind == "heading":
        return Piece(call("section", exactly(block.id), _words(scope, woven, checks)), origin, leads=True)
    body = _words(scope, woven, checks)
    called = tuple(e.get("check", "") for e in woven.iter("note"))
    if block.kind == "credit":
        return Piece(call("credit", exactly(block.id), body), origin, block.id, called)
    return Piece(call("numbered", exactly(block.id), str(block.number), body), origin, block.id, called)


def _words(scope: Scope, element: Element, checks: dict[str, Checked]) -> Code:
    """The words in `element`, and the marks round them. The article's own characters are not touched."""
    parts = [exactly(element.text)] if element.text and APPARATUS not in element.get("class", "") else []
    for child in element:
        parts.append(_mark(scope, child, checks))
        if child.tail:
            parts.append(exactly(child.tail))
    return join(parts)


def _mark(scope: Scope, element: Element, checks: dict[str, Checked]) -> Code:
    if element.tag == "note":
        return check_note(scope, checks[element.get("check", "")])
    inside = _words(scope, element, checks)
    if APPARATUS in element.get("class", ""):
        return join([])
    if element.tag == "a":
        return call("term-in-text", exactly(element.get("href", "")), inside)
    return call("checked", inside)


def check_note(scope: Scope, checked: Checked) -> Code:
    """The note of a check: verdict, summary, the first sources, and the page of the whole check."""
    check = checked.check
    grade = VERDICTS[check.verdict]
    parts = [call("verdict-word", words(grade.word)), words(f" {check.summary} ")]
    parts.append(call("note-sources", _first_sources(scope, checked)))
    if "check" in scope.prints:
        parts += [words(" "), call("see-page", exactly(f"check-{check.id}"))]
    named = {"id": exactly(check.id), "number": str(checked.number), "mark": exactly(grade.shape)}
    return call("note", join(parts), **named)


def _first_sources(scope: Scope, checked: Checked) -> Code:
    """The check's first sources by their short names, and how many more there are."""
    own = scope.manuscript.edition.sources
    ids = [c.id for c in checked.check.sources if c.id in own]
    shown = [scope.name(name) for name in ids[:_SOURCES_IN_A_NOTE]]
    rest = len(ids) - len(shown)
    if rest:
        shown.append(words(f"{rest} more"))
    return between(shown, "; ")
