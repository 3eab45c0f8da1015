"""The frames of the drawn map and the matrix's rows in, each sheet with its countries and names out.

The drawing itself is made by `overrides/drawing/draw_world.py` and stands in `overrides/fragments/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..edition.matrix import Row
from .lettering import Name, Place, letter

LETTERS = 44
"""The height of letters in units of the drawing."""

_MOST = 40
"""An inset that shows this many percent of a country is the sheet where readers look for it."""

_LARGE = 60_000
"""Square units from which a land bears its name on the world’s sheet as well."""


@dataclass(frozen=True)
class Drawn:
    """A country of the edition on a sheet."""

    row: Row
    place: Place
    home: bool
    """Its own sheet: the one of which it is a link for the keyboard and the screen reader."""


@dataclass(frozen=True)
class Sheet:
    """The world, or an inset."""

    id: str
    title: str
    size: tuple[int, int]
    frame: str
    """An inset's outline on the world's sheet, as SVG points."""
    countries: tuple[Drawn, ...]
    names: tuple[Name, ...]


def sheets(table: Mapping[str, Any], rows: Sequence[Row]) -> tuple[Sheet, ...]:
    """The sheets of `table`, as in `world-sheets.html`, the world first, with the countries of `rows`."""
    codes = {row.country.iso: row for row in rows if row.country.iso}
    insets = [name for name in table if name != "world"]
    homes = {
        code: next((n for n in insets if table[n]["places"].get(code, (0,))[-1] >= _MOST), "world")
        for code in codes
    }
    return tuple(_sheet(name, table[name], codes, homes) for name in table)


def _sheet(name: str, frame: Mapping[str, Any], codes: Mapping[str, Row], homes: Mapping[str, str]) -> Sheet:
    width, height = frame["size"]
    places = {
        code: Place(x, y, breadth, depth, area, sea)
        for code, (x, y, breadth, depth, area, sea, _) in frame["places"].items()
        if code in codes
    }
    order = sorted(places, key=lambda c: codes[c].country.title.casefold())
    countries = [Drawn(codes[c], places[c], homes[c] == name) for c in order]
    titles = {c: codes[c].country.title for c, p in places.items() if homes[c] == name or p.area >= _LARGE}
    names = letter(places, titles, (width, height), LETTERS)
    return Sheet(name, frame["title"], (width, height), frame["frame"], tuple(countries), names)
