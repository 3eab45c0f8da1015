"""An article's block and the marks on it in, an element out. The only place where its text is cut.

Fact-checks hold links, never the other way round: a link is cut where a check begins or ends.
Checks that cross are cut at the edge of the one that began first; the last part carries the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from ..model import Article, Block, Checked, Mention, Span

APPARATUS = "apparatus"
"""The class of every element whose words are ours and not the article's."""


@dataclass(frozen=True)
class Dress:
    """How marks are written on a page: what only the page can know."""

    call: Callable[[Checked], Element]
    """The note's call, put behind the last checked word."""
    link: Callable[[Mention], str | None]
    """The address that a mention is linked to; None for no link."""


@dataclass
class _Mark:
    span: Span
    checked: Checked
    first: bool
    last: bool
    inner: list[_Mark] = field(default_factory=list)


def weave(
    article: Article, block: Block, checks: Sequence[Checked], mentions: Sequence[Mention], dress: Dress
) -> Element:
    """The element of one block, its words in order and unchanged, with marks round them."""
    if block.kind == "heading":
        element = Element("h2", {"id": block.id})
        _say(element, article.words(block.span))
        return element
    element = Element("p", {"id": block.id, "class": "mg-credit" if block.kind == "credit" else "mg-p"})
    if block.number:
        label = {
            "class": f"mg-n {APPARATUS}",
            "href": f"#{block.id}",
            "aria-label": f"Paragraph {block.number}",
        }
        SubElement(element, "a", label).text = str(block.number)
    links = [m for m in mentions if m.first and m.span.meets(block.span)]
    _fill(element, article, block.span, nest(_marks(block.span, checks)), links, dress)
    return element


def _marks(block: Span, checks: Sequence[Checked]) -> list[_Mark]:
    marks = []
    for checked in checks:
        for index, span in enumerate(checked.spans):
            if span.meets(block):
                cut = Span(max(span.start, block.start), min(span.end, block.end))
                marks.append(_Mark(cut, checked, index == 0, index == len(checked.spans) - 1))
    return marks


def _order(mark: _Mark) -> tuple[int, int, int]:
    return (mark.span.start, -mark.span.end, mark.checked.number)


def nest(marks: list[_Mark]) -> list[_Mark]:
    """The marks as trees: each inside the one it began in, cut where it would stick out."""
    waiting = sorted(marks, key=_order, reverse=True)
    roots: list[_Mark] = []
    stack: list[_Mark] = []
    while waiting:
        mark = waiting.pop()
        while stack and stack[-1].span.end <= mark.span.start:
            stack.pop()
        if stack and mark.span.end > stack[-1].span.end:
            edge = stack[-1].span.end
            rest = _Mark(Span(edge, mark.span.end), mark.checked, False, mark.last)
            mark = _Mark(Span(mark.span.start, edge), mark.checked, mark.first, False)
            waiting.append(rest)
            waiting.sort(key=_order, reverse=True)
        (stack[-1].inner if stack else roots).append(mark)
        stack.append(mark)
    return roots


def _fill(
    element: Element,
    article: Article,
    span: Span,
    marks: Sequence[_Mark],
    links: Sequence[Mention],
    dress: Dress,
) -> None:
    at = span.start
    for mark in marks:
        _text(element, article, Span(at, mark.span.start), links, dress)
        check = mark.checked.check
        attributes = {"class": "mg-check", "data-note": check.id, "data-verdict": check.verdict}
        if mark.first:
            attributes["id"] = f"check-{check.id}"
        part = SubElement(element, "span", attributes)
        _fill(part, article, mark.span, mark.inner, links, dress)
        if mark.last:
            element.append(dress.call(mark.checked))
        at = mark.span.end
    _text(element, article, Span(at, span.end), links, dress)


def _text(element: Element, article: Article, span: Span, links: Sequence[Mention], dress: Dress) -> None:
    if span.start == span.end:
        return
    for piece, mention in _pieces(span, links):
        words = article.words(piece)
        address = dress.link(mention) if mention else None
        if mention and address:
            attributes = {
                "class": f"mg-{mention.kind}",
                "href": address,
                "data-entry": f"{mention.kind}-{mention.entry}",
            }
            _say(SubElement(element, "a", attributes), words)
        else:
            _say(element, words)


def _pieces(span: Span, links: Sequence[Mention]) -> Iterator[tuple[Span, Mention | None]]:
    at = span.start
    for mention in links:
        if not mention.span.meets(span):
            continue
        start, end = max(mention.span.start, span.start), min(mention.span.end, span.end)
        if at < start:
            yield Span(at, start), None
        yield Span(start, end), mention
        at = end
    if at < span.end:
        yield Span(at, span.end), None


def _say(element: Element, words: str) -> None:
    """Append words to an element, behind whatever is in it."""
    last = element[-1] if len(element) else None
    if last is None:
        element.text = (element.text or "") + words
    else:
        last.tail = (last.tail or "") + words
