"""Natural Earth's countries in, the drawing of the world map out; run by hand, seldom, never by a build.

It writes two files, both committed, into `overrides/fragments/`:

* `world.svg.html`: the outlines, well-formed XML, for a `<defs>`. Each sheet (the world and three
  insets) is a `<g id="land-…">`; in it each country has the id `<sheet>-<ISO 3166-1 code>`. Land that
  ISO gives no code (Kosovo, Somaliland, Northern Cyprus, the Siachen Glacier) is drawn and has no id.
* `world-sheets.html`: for each sheet its frame and, by code, where the name of a country may stand.

To draw it anew:

    npm pack world-atlas@2.0.2
    tar -xzf world-atlas-2.0.2.tgz package/countries-50m.json package/countries-10m.json
    uv run --no-project --with "shapely==2.2.*" --with "iso3166==3.*" overrides/drawing/draw_world.py package

Only this script needs shapely and iso3166. The package world-atlas 2.0.2 (ISC license) carries version
4.1.0 of Natural Earth, which is in the public domain. Antarctica is left out.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import shapely
from iso3166 import countries_by_numeric
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel

OUT = Path(__file__).resolve().parent.parent / "fragments"

Point = tuple[float, float]
Place = tuple[int, int, int, int, int, dict[str, list[int]]]
Projection = Callable[[float, float], Point]

UNITS = 3.6
"""Units of the drawing to a pixel of a wide screen: whole units are then finer than the eye."""
WIDTH, TOP, BOTTOM = 4000, 83.7, -56.0
"""The world sheet: units from edge to edge, and the parallels that it reaches."""
MERIDIAN = 11.0
"""The sheet's middle; its edges then fall into the Bering Strait and cut no mainland."""
INSET = 1260
"""The side of an inset in units."""
TINY = 100.0
"""A country with less land than this many square units gets a dot."""


@dataclass(frozen=True)
class Window:
    """What an inset shows: a square of `size` kilometers around a place."""

    id: str
    title: str
    lon: float
    lat: float
    size: float


WINDOWS = (
    Window("europe", "Europe", 10.6, 51.6, 2500),
    Window("gulf", "The Gulf", 46.4, 26.4, 2850),
    Window("east", "East and Southeast Asia", 118.5, 18.0, 6500),
)


@dataclass(frozen=True)
class Land:
    """A piece of Natural Earth's world."""

    code: str | None
    """ISO 3166-1, two letters; None where ISO has none."""
    shape: BaseGeometry
    """In degrees."""


# --- reading --------------------------------------------------------------------------------------


def read(folder: Path) -> list[Land]:
    """All countries at 1:50 million, and from 1:10 million those that the former lacks."""
    lands = _merged(_features(folder / "countries-50m.json"))
    drawn = {land.code for land in lands}
    finer = _merged(_features(folder / "countries-10m.json"))
    return lands + [land for land in finer if land.code and land.code not in drawn]


def _merged(features: Iterable[Land]) -> list[Land]:
    """One `Land` for each code (Australia comes in two), none for Antarctica."""
    by_code: dict[str, list[BaseGeometry]] = {}
    nameless = []
    for land in features:
        if land.code is None:
            nameless.append(land)
        elif land.code != "AQ":
            by_code.setdefault(land.code, []).append(land.shape)
    return [Land(code, shapely.union_all(shapes)) for code, shapes in sorted(by_code.items())] + nameless


def _features(file: Path) -> Iterator[Land]:
    topology = json.loads(file.read_text("utf-8"))
    arcs = [list(_arc(a, topology["transform"])) for a in topology["arcs"]]

    def ring(indices: Sequence[int]) -> list[Point]:
        points: list[Point] = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc[1:] if points else arc
        return _unwound(points)

    for geometry in topology["objects"]["countries"]["geometries"]:
        nested = geometry.get("arcs", [])
        polygons = [nested] if geometry["type"] == "Polygon" else nested
        rings = [[ring(r) for r in p] for p in polygons]
        parts = [Polygon(outer, inner) for outer, *inner in rings if len(outer) > 3]
        shape = shapely.union_all(shapely.make_valid(parts))
        country = countries_by_numeric.get(geometry.get("id", ""))
        yield Land(country.alpha2 if country else None, _rejoined(shape))


def _arc(deltas: Iterable[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> Iterator[Point]:
    x = y = 0
    for dx, dy in deltas:
        x, y = x + dx, y + dy
        yield (
            round(x * transform["scale"][0] + transform["translate"][0], 6),
            round(y * transform["scale"][1] + transform["translate"][1], 6),
        )


def _unwound(points: Sequence[Point]) -> list[Point]:
    """A ring that runs on past the 180th meridian instead of jumping to the other edge."""
    turned, unwound = 0, [points[0]]
    for (before, _), (lon, lat) in pairwise(points):
        turned += 360 * ((lon - before < -180) - (lon - before > 180))
        unwound.append((lon + turned, lat))
    return unwound


def _rejoined(shape: BaseGeometry) -> BaseGeometry:
    """`shape` cut at the sheet's edges, and there only."""
    edge = MERIDIAN - 180
    if shape.is_empty or (shape.bounds[0] >= edge and shape.bounds[2] <= edge + 360):
        return shape
    bands = [(turn, shapely.box(edge + turn, -90, edge + turn + 360, 90)) for turn in (-360, 0, 360)]
    pieces = [(turn, shapely.intersection(shape, band)) for turn, band in bands]
    return shapely.union_all([translate(piece, xoff=-turn) for turn, piece in pieces])


# --- projecting -----------------------------------------------------------------------------------


def equal_earth(lon: float, lat: float) -> Point:
    """Šavrič, Patterson and Jenny, “The Equal Earth map projection”, 2018; radius 1, y downward."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    t2, t6 = t * t, t**6
    x = 2 * math.sqrt(3) * math.radians(lon - MERIDIAN) * math.cos(t)
    x /= 3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1)
    return x, -t * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1)


def world(lon: float, lat: float) -> Point:
    """Degrees to units of the world sheet."""
    edge, top = equal_earth(MERIDIAN + 180, 0)[0], equal_earth(0, TOP)[1]
    x, y = equal_earth(lon, lat)
    return (x + edge) * WIDTH / (2 * edge), (y - top) * WIDTH / (2 * edge)


_KILOMETERS = 6371.0


def azimuthal(window: Window) -> Projection:
    """Degrees to units of an inset: Lambert’s azimuthal equal-area projection around its middle."""
    sin0, cos0 = math.sin(math.radians(window.lat)), math.cos(math.radians(window.lat))
    scale = _KILOMETERS * INSET / window.size

    def project(lon: float, lat: float) -> Point:
        phi, far = math.radians(lat), math.radians(lon - window.lon)
        sin1, cos1 = math.sin(phi), math.cos(phi)
        k = math.sqrt(2 / (1 + sin0 * sin1 + cos0 * cos1 * math.cos(far))) * scale
        up = cos0 * sin1 - sin0 * cos1 * math.cos(far)
        return INSET / 2 + k * cos1 * math.sin(far), INSET / 2 - k * up

    return project


def frame(window: Window) -> list[Point]:
    """The outline of an inset in units of the world sheet."""
    sin0, cos0 = math.sin(math.radians(window.lat)), math.cos(math.radians(window.lat))
    half, steps = window.size / 2 / _KILOMETERS, 8
    side = [half * (2 * n / steps - 1) for n in range(steps)]
    around = [(s, half) for s in side] + [(half, -s) for s in side]
    around += [(-x, -y) for x, y in around]
    points = []
    for x, y in around:
        rho = math.hypot(x, y)
        c = 2 * math.asin(rho / 2)
        lat = math.asin(math.cos(c) * sin0 + y * math.sin(c) * cos0 / rho)
        lon = math.atan2(x * math.sin(c), rho * cos0 * math.cos(c) - y * sin0 * math.sin(c))
        points.append(world(window.lon + math.degrees(lon), math.degrees(lat)))
    return points


# --- drawing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece(Land):
    """What a sheet shows of a land, in units."""

    share: float
    """How much of the land's area that is."""


def drawn(
    lands: Sequence[Land], project: Projection, box: Polygon, coarse: float, islet: float
) -> list[Piece]:
    """`lands` on a sheet: projected, simplified together so that borders fit, cut to `box`."""
    shapes = [_without_islets(_projected(land.shape, project), islet) for land in lands]
    shapes = list(shapely.coverage_simplify(shapes, coarse))
    cut = [shapely.clip_by_rect(shape, *box.bounds) for shape in shapes]
    return [
        Piece(land.code, piece, piece.area / whole.area)
        for land, whole, piece in zip(lands, shapes, cut, strict=True)
        if piece.area > 0
    ]


def _projected(shape: BaseGeometry, project: Projection) -> BaseGeometry:
    return shapely.transform(shape, lambda points: np.array([project(lon, lat) for lon, lat in points]))


def _without_islets(shape: BaseGeometry, islet: float) -> BaseGeometry:
    parts = sorted(shapely.get_parts(shape), key=lambda p: -p.area)
    return MultiPolygon(parts[:1] + [p for p in parts[1:] if p.area >= islet])


def outline(shape: BaseGeometry) -> str:
    """The `d` of a path: whole units, relative, as short as SVG allows."""
    words: list[str] = []
    x = y = 0
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(a), round(b)) for a, b in ring.coords]
            points = [p for n, p in enumerate(points[:-1]) if not n or p != points[n - 1]]
            if len(points) < 3:
                continue
            words.append("m")
            start = points[0]
            for a, b in points:
                words.append(f"{a - x} {b - y}")
                x, y = a, b
            words.append("z")
            x, y = start
    return " ".join(words).replace(" -", "-").replace("m ", "m").replace(" z", "z").replace("z ", "z")


def place(shape: BaseGeometry, land: BaseGeometry) -> Place:
    """Where a name may stand: x, y, breadth and depth there, area (0 where a dot is wanted), sea room."""
    largest = max(shapely.get_parts(shape), key=lambda p: p.area)
    middle = polylabel(largest, 2) if largest.area > TINY else largest.centroid
    left, top, right, bottom = largest.bounds

    def chord(line: BaseGeometry) -> float:
        pieces = shapely.get_parts(shapely.intersection(largest, line))
        return max((p.length for p in pieces if p.distance(middle) < 1), default=0)

    breadth = chord(shapely.linestrings([(left, middle.y), (right, middle.y)]))
    depth = chord(shapely.linestrings([(middle.x, top), (middle.x, bottom)]))
    winds = {wind: _sea(middle, breadth, depth, toward, land) for wind, toward in WINDS.items()}
    area = 0 if shape.area < TINY else shape.area
    whole = map(round, (middle.x, middle.y, breadth, depth, area))
    return (*whole, {wind: room for wind, room in winds.items() if any(room)})


WINDS = {
    "E": (1, 0), "W": (-1, 0), "S": (0, 1), "N": (0, -1), "SE": (1, 1), "SW": (-1, 1), "NE": (1, -1), "NW": (-1, -1),
}  # fmt: skip
LINES = (56, 112)
"""The height of a name on one line and on two."""


def _sea(
    middle: shapely.Point, breadth: float, depth: float, toward: tuple[int, int], land: BaseGeometry
) -> list[int]:
    """How broad a name on one line and on two may be to stand on the sea, but for an islet, beside a land."""
    rooms = []
    for high in LINES:
        room = 0
        for wide in range(90, 421, 5):
            x = middle.x + toward[0] * (breadth / 2 + 14 + wide / 2)
            y = middle.y + toward[1] * (depth / 2 + 14 + high / 2)
            box = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            if shapely.intersection(box, land).area > 0.08 * box.area:
                break
            room = wide
        rooms.append(room)
    return rooms


def sheets(lands: Sequence[Land]) -> Iterator[tuple[str, str, tuple[int, int], list[Piece], list[Point]]]:
    """Each sheet: its id, title, size, lands and, for an inset, its outline on the world sheet."""
    height = math.ceil(world(0, BOTTOM)[1])
    whole = shapely.box(0, 0, WIDTH, height)
    yield "world", "The world", (WIDTH, height), drawn(lands, world, whole, 4.7, 24), []
    for window in WINDOWS:
        near = shapely.box(window.lon - 60, -80, window.lon + 60, 85)
        cut = [Land(land.code, shapely.intersection(land.shape, near)) for land in lands]
        cut = [land for land in cut if land.shape.area > 0]
        square = shapely.box(0, 0, INSET, INSET)
        pieces = drawn(cut, azimuthal(window), square, 7.0, 24)
        yield window.id, window.title, (INSET, INSET), pieces, frame(window)


def main(folder: Path) -> None:
    lands = read(folder)
    drawing, places = [], {}
    for name, title, size, pieces, around in sheets(lands):
        drawing.append(f'<g id="land-{name}">')
        for piece in pieces:
            if path := outline(piece.shape):
                mark = f" id={quoteattr(f'{name}-{piece.code}')}" if piece.code else ""
                drawing.append(f'<path{mark} d="{path}"/>')
        drawing.append("</g>")
        land = shapely.union_all([piece.shape for piece in pieces])
        places[name] = {
            "title": title,
            "size": size,
            "frame": " ".join(f"{x:.0f},{y:.0f}" for x, y in around),
            "places": {p.code: (*place(p.shape, land), round(100 * p.share)) for p in pieces if p.code},
        }
    (OUT / "world.svg.html").write_text("\n".join(drawing) + "\n", "utf-8")
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(sheet)}" for name, sheet in places.items())
    head = "{# Made by overrides/drawing/draw_world.py; see there. #}"
    (OUT / "world-sheets.html").write_text(f"{head}\n{{% set sheets = {{\n{rows}\n}} %}}\n", "utf-8")
    missing = sorted(
        c.alpha2 for c in countries_by_numeric.values() if c.alpha2 not in places["world"]["places"]
    )
    print(f"{(OUT / 'world.svg.html').stat().st_size} bytes; not drawn apart: {' '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
