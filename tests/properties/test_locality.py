"""Promise 3: a check that comes, goes or changes places touches its own marks, its note and the numbers alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from marginalia.model import Edition, Span
from press import Node, Press, parsed
from writing import articles, edition_of, marks, mentions


def printed(edition: Edition) -> Node:
    return parsed(Press(edition).page("readings/x.md", "Our words."))


Dressed = tuple[str, tuple[str, ...]]


def dressed(node: Node, without: str, on: tuple[str, ...] = ()) -> Iterator[Dressed]:
    """Each character of the article with the marks that it stands in; each call and number of a paragraph.

    The marks of the check `without`, and its call, are passed over. So is where a mark is cut in two, and
    whether a call stands inside another check's mark or right behind it: these follow from crossings.
    """
    for item in node.inside:
        if isinstance(item, str):
            yield from ((char, on) for char in item)
        elif item.attributes.get("id") == f"fnref:{without}":
            continue
        elif "apparatus" in item.classes:
            yield item.attributes.get("id") or item.attributes["href"], ()
        elif item.attributes.get("data-note") == without:
            yield from dressed(item, without, on)
        else:
            said = (
                item.attributes.get("data-note") or item.attributes.get("data-entry") or item.attributes["id"]
            )
            yield from dressed(item, without, tuple(sorted({*on, said})))


def notes(page: Node, without: str) -> list[tuple[str, str]]:
    """The notes as readers see them, less one."""
    found = [n for n in page.all(class_="mg-note") if n.attributes["id"] != f"fn:{without}"]
    return [(n.attributes["id"], n.text()) for n in found]


def written(node: Node | str) -> object:
    """An element as it is written, less the number of a note."""
    if isinstance(node, str):
        return node
    name = node.attributes.get("aria-label", "")
    attributes = {**node.attributes, "aria-label": re.sub(r"^Note \d+", "", name)}
    inside = node.inside if node.attributes.get("role") != "doc-noteref" else node.inside[1:]
    return node.tag, attributes, [written(item) for item in inside]


def blocks(page: Node) -> dict[str, object]:
    """The blocks of the article as written, less the numbers of notes."""
    found = [item for item in page.one(class_="mg-article").inside if isinstance(item, Node)]
    return {item.attributes["id"]: written(item) for item in found}


@given(st.data())
def test_one_check_more_or_less(data: st.DataObject) -> None:
    article = data.draw(articles(), "article")
    spans = data.draw(marks(article), "spans")
    one = data.draw(marks(article, 1).filter(bool), "one more")[0]
    named = data.draw(mentions(article), "names")
    checks = {f"c{n}": where for n, where in enumerate(spans)}
    before = edition_of(article, checks, named)
    after = edition_of(article, {**checks, "new": one}, named)
    first, second = printed(before), printed(after)
    old, new = first.one(class_="mg-article"), second.one(class_="mg-article")
    assert list(dressed(old, "new")) == list(dressed(new, "new"))
    assert notes(first, "new") == notes(second, "new")
    was, now = blocks(first), blocks(second)
    untouched = [b.id for b in article.blocks if not any(s.meets(b.span) for s in one)]
    assert list(was) == list(now) == [b.id for b in article.blocks]
    assert [was[name] for name in untouched] == [now[name] for name in untouched]


@given(st.data())
def test_the_order_in_which_checks_are_read_does_not_matter(data: st.DataObject) -> None:
    article = data.draw(articles())
    checks = [(f"c{n}", where) for n, where in enumerate(data.draw(marks(article)))]
    other: list[tuple[str, tuple[Span, ...]]] = data.draw(st.permutations(checks))
    one, two = edition_of(article, dict(checks)), edition_of(article, dict(other))
    assert Press(one).page("readings/x.md", "Ours.") == Press(two).page("readings/x.md", "Ours.")


@given(st.data())
def test_addresses_depend_on_nothing_but_the_id(data: st.DataObject) -> None:
    """Whatever stands beside a check, its marks, call and note are found at the same addresses."""
    article = data.draw(articles())
    spans = data.draw(marks(article).filter(bool))
    page = printed(edition_of(article, {f"c{n}": where for n, where in enumerate(spans)}))
    for n in range(len(spans)):
        for address in (f"check-c{n}", f"fnref:c{n}", f"fn:c{n}"):
            page.one(id=address)
