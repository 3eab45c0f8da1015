"""The scaled line: marks at their true place, labels apart, what came after the article set apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.figures.lettering import LEADING
from marginalia.figures.timescale import Measures, Panel, cut, spread, timescale
from marginalia.model import Day, Event, parse_day
from marginalia.problem import Places

MEASURES = Measures()


def event(when: str, relation: str = "refers", title: str = "Something happened", name: str = "x") -> Event:
    return Event(
        id=name,
        path="timeline/x.md",
        body="",
        body_line=1,
        places=Places("docs/timeline/x.md"),
        title=title,
        date=parse_day(when),
        relation=relation,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def panels() -> tuple[Panel, ...]:
    """The panels of this project's own timeline."""
    edition, _, _ = load(ROOT)
    return timescale([a.event for a in edition.events])


def test_every_event_has_one_mark(panels: tuple[Panel, ...]) -> None:
    edition, _, _ = load(ROOT)
    marked = [m.event.id for p in panels for m in p.marks]
    assert sorted(marked) == sorted(a.event.id for a in edition.events)
    assert len(marked) > 40


def test_what_came_after_the_article_has_panels_of_its_own(panels: tuple[Panel, ...]) -> None:
    for panel in panels:
        assert {m.event.relation == "after" for m in panel.marks} == {panel.group == "after"}
    assert [p.group for p in panels] == sorted((p.group for p in panels), reverse=True)


def assert_to_scale(panel: Panel) -> None:
    """Equal times are equal lengths, in marks and ticks alike."""
    known = [(m.event.date.first.toordinal(), m.top) for m in panel.marks]
    (day, y), (last, bottom) = min(known), max(known)
    if last == day:
        return
    rate = (bottom - y) / (last - day)
    for when, place in known:
        assert place == pytest.approx(y + (when - day) * rate, abs=0.25)
    assert all(0 <= m.top <= m.bottom <= panel.length + 0.05 for m in panel.marks)


def assert_labels_apart(panel: Panel) -> None:
    line = MEASURES.letters * LEADING
    for above, below in pairwise(panel.marks):
        assert below.base - above.base >= len(above.lines) * line + MEASURES.gap - 0.15


def test_marks_stand_to_scale_and_labels_apart(panels: tuple[Panel, ...]) -> None:
    for panel in panels:
        assert_to_scale(panel)
        assert_labels_apart(panel)
        assert panel.marks[0].base > 0
        assert panel.marks[-1].base + (len(panel.marks[-1].lines) - 1) * MEASURES.letters * LEADING <= (
            panel.length + MEASURES.letters
        )


def test_leaders_do_not_cross(panels: tuple[Panel, ...]) -> None:
    for panel in panels:
        for above, below in pairwise(panel.marks):
            assert above.top <= below.top
            assert above.base < below.base


def test_ticks_are_even_and_round() -> None:
    (panel,) = timescale([event("1823-12-02"), event("1904-12-06"), event("1991-12-26")])
    assert [t.word for t in panel.ticks] == [str(y) for y in range(1840, 1981, 20)]
    assert panel.step == "20 years"
    assert panel.title == "1823–1991"
    gaps = [b.y - a.y for a, b in pairwise(panel.ticks)]
    assert max(gaps) - min(gaps) < 0.3


def test_a_single_year_is_divided_into_months_and_its_days_are_written() -> None:
    (panel,) = timescale([event("2025-01-20", title="Inauguration"), event("2025-12-04"), event("2025-05")])
    assert panel.title == "2025"
    assert panel.step == "1 month"
    assert [t.word for t in panel.ticks][:3] == ["2025", "Feb", "Mar"]
    assert [m.when for m in panel.marks] == ["20 Jan", "May", "4 Dec"]
    assert panel.marks[0].lines == ("20 Jan Inauguration",)


def test_a_year_is_a_bar_and_a_day_is_not() -> None:
    (panel,) = timescale([event("1990-01-01"), event("1995"), event("1999-12-31")])
    day, year, _ = panel.marks
    assert year.bottom - year.top == pytest.approx(panel.length / 10, abs=0.5)
    assert day.bottom - day.top < 0.2


def test_one_event_is_enough_and_none_is_nothing() -> None:
    assert timescale([]) == ()
    for when in ("2025", "2025-12", "2025-12-31", "2026-01-01"):
        (panel,) = timescale([event(when)])
        assert panel.title == when[:4]
        assert 0 <= panel.marks[0].top <= panel.marks[0].bottom <= panel.length


def test_the_cut_falls_where_labels_move_least() -> None:
    early = [event(f"19{n:02}", name=f"a{n}") for n in range(10, 20)]
    late = [event(f"2025-{n:02}-01", name=f"b{n}") for n in range(1, 11)]
    assert [len(part) for part in cut([*early, *late], MEASURES)] == [10, 10]


def test_events_of_one_day_are_not_torn_apart() -> None:
    crowd = [event("2020-05-05", name=f"e{n}") for n in range(20)]
    (panel,) = timescale([event("2019-01-01", name="before"), *crowd])[1:] or timescale(crowd)
    assert {m.event.date for m in panel.marks} == {Day(2020, 5, 5)}
    assert len(panel.marks) == 20


def test_a_panel_grows_with_its_labels() -> None:
    long = "A title that runs over two lines of the label, whatever the letters"
    (panel,) = timescale([event(f"2025-{n:02}-15", title=long, name=f"e{n:02}") for n in range(1, 13)])
    crowd = [event("2025-03-15", title=long, name=f"f{n}") for n in range(16)]
    (crowded,) = timescale(crowd)
    assert panel.length == MEASURES.length
    assert crowded.length > MEASURES.length
    assert 0 < crowded.marks[0].base < crowded.marks[-1].base < crowded.length
    assert_labels_apart(crowded)


days = st.dates(date(1000, 1, 1), date(2999, 12, 31))
whens = st.builds(lambda d, n: d.isoformat()[:n], days, st.sampled_from((4, 7, 10)))
events = st.lists(
    st.builds(
        event,
        whens,
        st.sampled_from(("refers", "presupposes", "context", "after")),
        st.text("abc ’", min_size=1, max_size=60).filter(str.strip),
        st.uuids().map(str),
    ),
    max_size=40,
)


@given(events)
def test_any_events_are_drawn_to_scale_with_labels_apart(some: list[Event]) -> None:
    drawn = timescale(some)
    assert sorted(m.event.id for p in drawn for m in p.marks) == sorted(e.id for e in some)
    for panel in drawn:
        assert_to_scale(panel)
        assert_labels_apart(panel)


@given(events)
def test_the_order_of_the_files_changes_nothing(some: list[Event]) -> None:
    assert timescale(some) == timescale(some[::-1])


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(5, 60)), max_size=30))
def test_spread_keeps_order_and_room(pairs: list[tuple[float, float]]) -> None:
    pairs.sort()
    wanted, heights = [p[0] for p in pairs], [p[1] for p in pairs]
    middles = spread(wanted, heights, 500)
    for (a, h), (b, k) in pairwise(zip(middles, heights, strict=True)):
        assert b - a >= (h + k) / 2 - 1e-6
    if middles and sum(heights) <= 500:
        assert middles[0] >= heights[0] / 2 - 1e-6
        assert middles[-1] <= 500 - heights[-1] / 2 + 1e-6


def test_spread_moves_no_label_that_has_room() -> None:
    assert spread([50, 100, 300], [20, 20, 20], 500) == [50, 100, 300]
    assert spread([100, 100], [20, 20], 500) == [90, 110]


def _moved(wanted: Sequence[float], placed: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(wanted, placed, strict=True))


def test_spread_is_least_squares() -> None:
    wanted, heights = [100.0, 104, 106, 200], [20.0, 20, 20, 20]
    best = spread(wanted, heights, 500)
    for nudge in (-1, 1):
        assert _moved(wanted, best) <= _moved(wanted, [m + nudge for m in best])
