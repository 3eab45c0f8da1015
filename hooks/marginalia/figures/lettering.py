"""Places and names in, where each name stands on a drawing out: no two in the same spot.

Everything is in a drawing's own units. Widths are reckoned, not measured, since a build has no screen;
they err on the wide side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

_WIDE, _NARROW = frozenset("mwMW@—"), frozenset("iljtfrI1 .,:;’‘'|()[]-–!")

LEADING = 1.15
"""From one line of a name to the next, as a multiple of the letters' height."""


def advance(text: str, height: float) -> float:
    """The width of `text` in a sans-serif face whose letters are `height` high (its font size)."""
    return height * sum(
        0.85 if c in _WIDE else 0.31 if c in _NARROW else 0.63 if c.isupper() else 0.53 for c in text
    )


def wrap(text: str, width: float, height: float) -> tuple[str, ...]:
    """`text` in as few lines of at most `width` as its words allow."""
    lines: list[str] = []
    for word in text.split():
        if lines and advance(f"{lines[-1]} {word}", height) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class Place:
    """Where a piece of land would have its name."""

    x: float
    y: float
    breadth: float
    """How far the land reaches through that point from west to east."""
    depth: float
    """The same from north to south."""
    area: float
    """0 for land so small that it is shown as a dot."""
    sea: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """For each direction in which a name would stand on the sea: how broad it may be on one line, on two."""


@dataclass(frozen=True)
class Name:
    """A name in its place."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    """The first line's base."""
    anchor: Literal["start", "middle", "end"]
    box: Box
    leader: tuple[float, float, float, float] | None = None
    """A line from the land to a name that stands apart."""


def letter(
    places: Mapping[str, Place],
    names: Mapping[str, str],
    size: tuple[float, float],
    height: float,
) -> tuple[Name, ...]:
    """The names of those `places` that have one, on a drawing of `size`, in letters of `height`.

    Each takes the best spot that is left: within its land, on the sea beside it, across its borders, or
    farther off with a line to it. A name that finds none is left out; whoever shows the drawing shows a
    list as well.
    """
    known = {key: places[key] for key in names if key in places}
    spots = {key: list(_spots(key, names[key], known[key], height)) for key in known}
    dots = {key: Box(p.x - 14, p.y - 14, p.x + 14, p.y + 14) for key, p in known.items() if not p.area}
    order = sorted(known, key=lambda k: (known[k].breadth, k))  # the least room chooses first
    cost, put = _chosen(order, spots, dots, Box(0, 0, *size))
    better = True
    while better:  # whoever came off badly may choose first, if that is better on the whole
        better = False
        for key in sorted(order, key=lambda k: (-put[k][0] if k in put else -_LEFT_OUT, k)):
            turn = [key, *(k for k in order if k != key)]
            other, again = _chosen(turn, spots, dots, Box(0, 0, *size))
            if other < cost:
                order, cost, put, better = turn, other, again, True
                break
    return tuple(put[key][1] for key in sorted(put))


_LEFT_OUT = 100

Spot = tuple[int, Name]
"""A place for a name, and how bad it is."""


def _chosen(
    order: Sequence[str], spots: Mapping[str, Sequence[Spot]], dots: Mapping[str, Box], sheet: Box
) -> tuple[int, dict[str, Spot]]:
    """The best free spot for each in turn, and how bad they are together."""
    put: dict[str, Spot] = {}
    for key in order:
        taken = [name.box for _, name in put.values()]
        taken += [box for other, box in dots.items() if other != key]
        for bad, name in spots[key]:
            if sheet.holds(name.box) and not any(name.box.meets(box) for box in taken):
                put[key] = (bad, name)
                break
    return sum(put[key][0] if key in put else _LEFT_OUT for key in order), put


def _folds(text: str) -> list[tuple[str, ...]]:
    """`text` on one line and, where it has several words, on two of about the same length."""
    words = text.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    even = sorted(cuts, key=lambda pair: max(map(len, pair)))
    return [(text,), *even[:1]]


_ACROSS = 0.3
"""A land this share of its name's breadth may be written across; narrower ones are written beside."""

_WINDS: Mapping[str, tuple[int, int]] = {
    "E": (1, 0), "W": (-1, 0), "S": (0, 1), "N": (0, -1), "SE": (1, 1), "SW": (-1, 1), "NE": (1, -1), "NW": (-1, -1),
}  # fmt: skip


def _spots(key: str, text: str, place: Place, height: float) -> Iterator[Spot]:
    """Where the name may stand, the best first."""
    folds = _folds(text)

    def over(enough: float, ways: Sequence[tuple[str, ...]]) -> Iterator[Name]:
        """Across the land, which is at least `enough` of the name's breadth."""
        for lines in ways:
            if place.area and place.breadth >= enough * max(advance(line, height) for line in lines):
                yield _name(key, lines, place.x, place.y, "middle", height)

    def around(far: float, sea: bool) -> Iterator[Name]:
        """Touching the land, or `far` off with a line; on the sea only, or anywhere."""
        for lines in folds:
            broad = max(advance(line, height) for line in lines)
            for wind, (dx, dy) in _WINDS.items():
                if sea and place.sea.get(wind, (0, 0))[len(lines) - 1] < broad:
                    continue
                out = height * (far or 0.3)
                x = place.x + dx * (out + (0 if far else max(place.breadth / 2, 12)))
                y = place.y + dy * (out + (0 if far else max(place.depth / 2, 10)) + len(lines) * height / 2)
                land = (place.x, place.y) if far else None
                yield _name(key, lines, x, y, _ANCHOR[dx], height, land)

    ways = [
        over(1, folds),
        around(0, sea=True),
        over(_ACROSS, folds[-1:]),
        over(_ACROSS, folds[:1]),
        around(1.5, sea=True),
        around(0, sea=False),
        *(around(far, sea=False) for far in (1.5, 2.5, 3.5, 5)),
    ]
    for bad, way in enumerate(ways):
        yield from ((bad, name) for name in way)


_ANCHOR: Mapping[int, Literal["start", "middle", "end"]] = {-1: "end", 0: "middle", 1: "start"}


def _name(
    key: str,
    lines: Sequence[str],
    x: float,
    y: float,
    anchor: Literal["start", "middle", "end"],
    height: float,
    land: tuple[float, float] | None = None,
) -> Name:
    """A name whose middle line is level with `y`."""
    width, deep = max(advance(line, height) for line in lines), len(lines) * LEADING * height
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    box = Box(left, y - deep / 2, left + width, y + deep / 2)
    leader = None
    if land:
        near_x = min(max(land[0], box.left), box.right)
        near_y = min(max(land[1], box.top), box.bottom)
        leader = (land[0], land[1], near_x, near_y)
    return Name(key, tuple(lines), x, box.top + 0.87 * height, anchor, box, leader)
