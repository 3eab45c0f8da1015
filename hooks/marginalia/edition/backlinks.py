"""The edition read from the other side: who names, cites or presupposes what. Nothing is scraped from pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..model import Anchored, Block, Checked, Edition, Entry, Question, Reading, Span


@dataclass(frozen=True)
class Passage:
    """A sentence of an article, with some of its words marked."""

    reading: Reading
    block: Block
    span: Span
    marked: tuple[Span, ...]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The sentence's words in order, each piece with whether it is marked."""
        at, pieces = self.span.start, []
        words = self.reading.article.words
        for mark in self.marked:
            start, end = max(mark.start, at), min(mark.end, self.span.end)
            if start >= end:
                continue
            if at < start:
                pieces.append((words(Span(at, start)), False))
            pieces.append((words(Span(start, end)), True))
            at = end
        if at < self.span.end:
            pieces.append((words(Span(at, self.span.end)), False))
        return pieces


Key = tuple[str, str]
"""A kind (`term`, `country`) and an id."""


@dataclass(frozen=True)
class Backlinks:
    """Every look-up that pages need, made once for an edition."""

    passages: Mapping[Key, Sequence[Passage]]
    """Where a term or a country is named."""
    checks: Mapping[Key, Sequence[Checked]]
    """The fact-checks about a term or a country."""
    events: Mapping[Key, Sequence[Anchored]]
    """The events about a term, a country or a check (`article/id`)."""
    questions: Mapping[Key, Sequence[Question]]
    cited: Mapping[str, Sequence[Entry]]
    """The entries that cite a source."""
    seen_from: Mapping[str, Sequence[str]]
    """The terms that name a term under `see:`."""
    members_of: Mapping[str, Sequence[str]]
    """The blocs and regions that a country belongs to."""
    beside: Mapping[str, Sequence[str]]
    """The countries named in the same paragraphs as a country, most often first."""


def passage(reading: Reading, spans: Sequence[Span], whole_block: bool = False) -> Passage:
    """The sentence, or the paragraph, that `spans` stand in."""
    article = reading.article
    block = article.block_at(spans[0].start)
    first = article.sentence_at(spans[0].start)
    last = article.sentence_at(max(spans[0].end - 1, spans[0].start))
    span = block.span if whole_block else Span(first.start, max(first.end, last.end))
    return Passage(reading, block, span, tuple(spans))


def backlinks(edition: Edition) -> Backlinks:
    """Every look-up of `edition`, in reading order."""
    checks: dict[Key, list[Checked]] = defaultdict(list)
    events: dict[Key, list[Anchored]] = defaultdict(list)
    questions: dict[Key, list[Question]] = defaultdict(list)
    cited: dict[str, list[Entry]] = defaultdict(list)
    seen: dict[str, list[str]] = defaultdict(list)
    members: dict[str, list[str]] = defaultdict(list)
    for checked in edition.checks.values():
        for kind, names in (("term", checked.check.terms), ("country", checked.check.countries)):
            for name in names:
                checks[kind, name].append(checked)
    for anchored in edition.events:
        event = anchored.event
        pairs = [("term", event.terms), ("country", event.countries)]
        pairs.append(("check", tuple(f"{event.article}/{c}" for c in event.checks)))
        for kind, names in pairs:
            for name in names:
                events[kind, name].append(anchored)
    for question in edition.questions:
        for name in question.terms:
            questions["term", name].append(question)
        for name in question.checks:
            questions["check", f"{question.article}/{name}"].append(question)
    for entry in _entries(edition):
        for source in dict.fromkeys(c.id for c in entry.sources):
            cited[source].append(entry)
    for term in edition.terms.values():
        for name in term.see:
            seen[name].append(term.id)
    for country in edition.countries.values():
        for name in country.members:
            members[name].append(country.id)
    passages, beside = _passages(edition)
    return Backlinks(
        passages, dict(checks), dict(events), dict(questions), dict(cited), dict(seen), dict(members), beside
    )


def _entries(edition: Edition) -> Iterable[Entry]:
    yield from (c.check for c in edition.checks.values())
    yield from edition.terms.values()
    yield from edition.countries.values()
    yield from (a.event for a in edition.events)
    yield from edition.questions


def _passages(edition: Edition) -> tuple[dict[Key, list[Passage]], dict[str, list[str]]]:
    passages: dict[Key, list[Passage]] = defaultdict(list)
    together: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for reading in edition.readings.values():
        grouped: dict[tuple[Key, Span], list[Span]] = defaultdict(list)
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for mention in reading.mentions:
            sentence = reading.article.sentence_at(mention.span.start)
            grouped[(mention.kind, mention.entry), sentence].append(mention.span)
            if mention.kind == "country":
                named[reading.article.block_at(mention.span.start).id][mention.entry] = None
        for (key, _), spans in grouped.items():
            passages[key].append(passage(reading, spans))
        for names in named.values():
            for one in names:
                for other in names:
                    if one != other:
                        together[one][other] += 1
    beside = {
        name: sorted(others, key=lambda o: (-others[o], edition.countries[o].title))
        for name, others in together.items()
    }
    return dict(passages), beside
