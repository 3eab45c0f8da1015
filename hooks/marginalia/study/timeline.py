"""Events in, the timeline out: up to the article, and after it."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Anchored
from ..verdicts import RELATIONS
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, between, call, exactly, join, words


def timeline(scope: Scope) -> Iterator[Piece]:
    """Every event by date, those after the article apart."""
    events = scope.manuscript.edition.events
    groups = (
        ("Up to the article", [a for a in events if a.event.relation != "after"]),
        ("After the article", [a for a in events if a.event.relation == "after"]),
    )
    for title, group in groups:
        if group:
            yield Piece(call("section", exactly(f"events-{title[:2].lower()}"), words(title)))
        for anchored in group:
            yield _event(scope, anchored)


def _event(scope: Scope, anchored: Anchored) -> Piece:
    event = anchored.event
    blocks = scope.body(event, 3)
    return Piece(
        call(
            "event",
            exactly(f"event-{event.id}"),
            words(event.date.long),
            words(event.title),
            words(RELATIONS[event.relation]),
            join(block.code for block in blocks),
            _links(scope, anchored),
        ),
        event.path,
        f"event-{event.id}",
        tuple(note for block in blocks for note in block.notes),
    )


def _links(scope: Scope, anchored: Anchored) -> Code:
    """The paragraph that refers to the event, and the checks that turn on it."""
    reading, event = scope.reading, anchored.event
    if reading is None or event.article != reading.id or "article" not in scope.prints:
        return join([])
    parts = []
    if anchored.spans:
        block = reading.article.block_at(anchored.spans[0].start)
        parts.append(call("to", exactly(block.id), words(f"¶\u00a0{block.number}")))
    checks = scope.manuscript.edition.checks
    mine = [checks[reading.id, name] for name in event.checks if (reading.id, name) in checks]
    if mine:
        numbers = ", ".join(str(c.number) for c in mine)
        parts.append(words(f"fact-check {numbers}" if len(mine) == 1 else f"fact-checks {numbers}"))
    return between(parts, " · ")
