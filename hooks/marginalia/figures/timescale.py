"""Dated events in, a scaled line out: where each mark and each label stands.

Events crowd together toward the present, so one scale would pile them up. The line is therefore cut into
panels. Within a panel the scale is the same throughout; each says what its own is; a mark stands at its
true place, and only its label may move, to make room, with a line from the one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal

from ..model import Day, Event
from .lettering import LEADING, wrap

_CROWDED = 16
"""No panel has more events than this."""


@dataclass(frozen=True)
class Measures:
    """The sizes of a panel, in units of its drawing."""

    length: float = 520
    """Of the line; a panel whose labels need more is longer."""
    label: float = 244
    """The breadth of a label."""
    letters: float = 13.5
    gap: float = 7
    """Between one label and the next."""


@dataclass(frozen=True)
class Tick:
    """A division of the scale."""

    y: float
    word: str


@dataclass(frozen=True)
class Mark:
    """An event on the line."""

    event: Event
    top: float
    bottom: float
    """Where its day, month or year begins and ends."""
    when: str
    lines: tuple[str, ...]
    """The label; its first line begins with `when`."""
    base: float
    """The base of the label's first line."""

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Panel:
    """A stretch of time on a scale of its own."""

    group: Literal["before", "after"]
    """Whether it lies before the article's day or after it."""
    title: str
    step: str
    """What lies between two ticks, in words."""
    length: float
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def timescale(events: Sequence[Event], measures: Measures | None = None) -> tuple[Panel, ...]:
    """The panels of `events`, by date; those after the article have panels of their own."""
    measures = measures or Measures()
    panels: list[Panel] = []
    for group in ("before", "after"):
        mine = [e for e in events if (e.relation == "after") == (group == "after")]
        mine.sort(key=lambda e: (e.date, e.id))
        panels += [_panel(group, part, measures) for part in cut(mine, measures)]
    return tuple(panels)


def cut(events: Sequence[Event], measures: Measures) -> list[Sequence[Event]]:
    """`events` in as few stretches as keep each uncrowded, cut where the labels have to move least.

    Events that begin on one day stay together.
    """
    count = -(-len(events) // _CROWDED)

    @cache
    def strain(start: int, end: int) -> float:
        return sum(abs(_middle(m, measures) - m.y) for m in _marks(events[start:end], measures))

    @cache
    def best(end: int, panels: int) -> tuple[float, tuple[int, ...]]:
        if panels == 1:
            return (strain(0, end), ()) if end <= _CROWDED else (float("inf"), ())
        ways: list[tuple[float, tuple[int, ...]]] = [(float("inf"), ())]
        for start in range(max(panels - 1, end - _CROWDED), end):
            if events[start].date.first > events[start - 1].date.first:
                before, cuts = best(start, panels - 1)
                ways.append((before + strain(start, end), (*cuts, start)))
        return min(ways)

    if not events:
        return []
    for panels in range(count, len(events) + 1):
        cost, cuts = best(len(events), panels)
        if cost < float("inf"):
            edges = [0, *cuts, len(events)]
            return [events[a:b] for a, b in pairwise(edges)]
    return [events]  # more events on one day than a panel should hold


def _panel(group: Literal["before", "after"], events: Sequence[Event], measures: Measures) -> Panel:
    start, end = _span(events)
    step = _step(start, end)
    needed = sum(_height(label, measures) for label in _labels(events, measures))
    measures = replace(measures, length=max(measures.length, round(needed)))
    place = _scale(start, end, measures.length)
    years = (start.year, end.year - (end == date(end.year, 1, 1)))
    title = str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"
    ticks = tuple(Tick(place(day), _tick_word(day, step)) for day in _ticks(start, end, step))
    marks = _marks(events, measures)
    return Panel(group, title, _in_words(step), measures.length, ticks, marks)


# --- the scale ------------------------------------------------------------------------------------

_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 300, 600, 1200)
"""Divisions in months."""


def _span(events: Sequence[Event]) -> tuple[date, date]:
    """Whole months for less than two years, else whole years."""
    first, last = events[0].date.first, max(_ends(e.date) for e in events)
    if last.year - first.year < 2 and (last - first).days < 400:
        return first.replace(day=1), _months_on(last.replace(day=1), 1 if last.day > 1 else 0)
    return date(first.year, 1, 1), last if (last.month, last.day) == (1, 1) else date(last.year + 1, 1, 1)


def _ends(day: Day) -> date:
    """The first day that is no longer in `day`."""
    if day.day and day.month:
        return date.fromordinal(day.first.toordinal() + 1)
    return _months_on(day.first, 1 if day.month else 12)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day)


def _scale(start: date, end: date, length: float) -> Callable[[date], float]:
    days = end.toordinal() - start.toordinal()
    return lambda day: round((day.toordinal() - start.toordinal()) / days * length, 1)


def _step(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return next((s for s in _STEPS if months / s <= 12), _STEPS[-1])


def _ticks(start: date, end: date, step: int) -> list[date]:
    """The multiples of `step` from `start` to `end`."""
    first = -(-(start.year * 12 + start.month - 1) // step) * step
    last = end.year * 12 + end.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1, step)]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def _tick_word(day: date, step: int) -> str:
    return str(day.year) if step >= 12 or day.month == 1 else _MONTHS[day.month - 1]


def _in_words(step: int) -> str:
    number, word = (step // 12, "year") if step % 12 == 0 else (step, "month")
    return f"1 {word}" if number == 1 else f"{number} {word}s"


# --- the marks ------------------------------------------------------------------------------------


def _marks(events: Sequence[Event], measures: Measures) -> tuple[Mark, ...]:
    place = _scale(*_span(events), measures.length)
    labels = _labels(events, measures)
    spans = [(place(e.date.first), place(_ends(e.date))) for e in events]
    heights = [_height(label, measures) for label in labels]
    middles = spread([(top + bottom) / 2 for top, bottom in spans], heights, measures.length)
    return tuple(
        Mark(event, *span, when, lines, _base(middle, lines, measures))
        for event, span, (when, lines), middle in zip(events, spans, labels, middles, strict=True)
    )


_Label = tuple[str, tuple[str, ...]]
"""A date as it is written on the line, and all lines."""


def _labels(events: Sequence[Event], measures: Measures) -> list[_Label]:
    months = _step(*_span(events)) < 12
    words = [_when(e.date, months) for e in events]
    return [
        (when, wrap(f"{when} {e.title}", measures.label, measures.letters))
        for when, e in zip(words, events, strict=True)
    ]


def _height(label: _Label, measures: Measures) -> float:
    return len(label[1]) * measures.letters * LEADING + measures.gap


_RISE = 0.8
"""From the top of a line to its base, as a multiple of the letters' height."""


def _base(middle: float, lines: Sequence[str], measures: Measures) -> float:
    deep = len(lines) * measures.letters * LEADING
    return round(middle - deep / 2 + _RISE * measures.letters, 1)


def _middle(mark: Mark, measures: Measures) -> float:
    deep = len(mark.lines) * measures.letters * LEADING
    return mark.base - _RISE * measures.letters + deep / 2


def _when(day: Day, months: bool) -> str:
    if months and day.month:
        return f"{day.day} {_MONTHS[day.month - 1]}" if day.day else _MONTHS[day.month - 1]
    return str(day.year)


def spread(wanted: Sequence[float], heights: Sequence[float], length: float) -> list[float]:
    """Middles as near as can be to the `wanted` ones (least squares) at which no two labels overlap.

    The labels keep their order. Where all fit into `length`, none stands beyond its ends.
    """
    edges = [0.0]
    for height in heights:
        edges.append(edges[-1] + height)
    clusters: list[tuple[float, int]] = []  # the mean of where a cluster would begin, and its size
    for index, (middle, height) in enumerate(zip(wanted, heights, strict=True)):
        clusters.append((middle - height / 2 - edges[index], 1))
        while len(clusters) > 1 and clusters[-2][0] > clusters[-1][0]:
            (mean, size), (above, bigger) = clusters.pop(), clusters.pop()
            clusters.append(((mean * size + above * bigger) / (size + bigger), size + bigger))
    room = max(length - edges[-1], 0)
    begins = [min(max(mean, 0), room) for mean, size in clusters for _ in range(size)]
    return [begin + edge + height / 2 for begin, edge, height in zip(begins, edges, heights, strict=False)]
