"""Names are found as a patient reader would: from the left, the longest, whole words, none inside another."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from marginalia.anchoring.folding import Folded, fold, joins, spaceless
from marginalia.anchoring.names import Names
from marginalia.anchoring.quotes import searchable
from marginalia.edition.resolve import find_mentions
from marginalia.model import Article, Span
from writing import articles


def patient(names: dict[str, str], excepted: list[str], folded: Folded) -> Iterator[tuple[Span, str]]:
    """The same as `Names.find`, one letter after the other."""
    owners: dict[str, str | None] = {fold(phrase).text.strip(): None for phrase in excepted}
    owners |= {fold(name).text.strip(): owner for name, owner in names.items()}
    for name, owner in list(owners.items()):
        if name and name[0].islower():
            owners.setdefault(name[0].upper() + name[1:], owner)
    text, at = folded.text, 0
    while at < len(text):
        here = [name for name in owners if name and text.startswith(name, at) and _whole(name, text, at)]
        if not here:
            at += 1
            continue
        name = max(here, key=len)
        end, owner = at + len(name), owners[name]
        accented = end < len(text) and not text[end].isalnum() and joins(text[end - 1], text[end])
        if owner is not None and not accented:
            yield Span(*folded.back(at, end)), owner
        at = end


def _whole(name: str, text: str, at: int) -> bool:
    end = at + len(name)
    cut_before = at > 0 and _edged(name[0]) and _in_word(text[at - 1])
    return not cut_before and not (end < len(text) and _edged(name[-1]) and _in_word(text[end]))


def _edged(char: str) -> bool:
    return _in_word(char) and not spaceless(char)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


@st.composite
def names_in(draw: st.DrawFn, article: Article) -> list[str]:
    """Stretches of an article, and of its words, that somebody might name an entry by."""
    words = article.text.split() or ["x"]
    runs = st.tuples(st.integers(0, len(words) - 1), st.integers(1, 3)).map(
        lambda pair: " ".join(words[pair[0] : pair[0] + pair[1]])
    )
    parts = runs.flatmap(lambda run: st.integers(1, len(run)).map(lambda end: run[:end]))
    return draw(st.lists(st.one_of(runs, parts), max_size=8, unique=True))


@given(st.data())
def test_names_are_found_from_the_left_the_longest_first(data: st.DataObject) -> None:
    article = data.draw(articles())
    names = {name: f"term:{n}" for n, name in enumerate(data.draw(names_in(article)))}
    excepted = [phrase for phrase in data.draw(names_in(article)) if phrase not in names]
    folded = fold(article.text)
    found = list(Names(names, excepted).find(folded))
    assert found == list(patient(names, excepted, folded))


@given(st.data())
def test_mentions_are_in_paragraphs_in_order_and_apart(data: st.DataObject) -> None:
    article = data.draw(articles())
    owners = {name: f"term:{n % 3}" for n, name in enumerate(data.draw(names_in(article)))}
    mentions = find_mentions(searchable(article), Names(owners), {})
    at, linked = 0, set()
    for mention in mentions:
        assert at <= mention.span.start < mention.span.end
        at = mention.span.end
        block = article.block_at(mention.span.start)
        assert block.kind == "paragraph" and block.span.holds(mention.span)
        section = article.section_of(block).id
        assert mention.first == ((section, mention.entry) not in linked)
        linked.add((section, mention.entry))
