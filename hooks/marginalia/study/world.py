"""The drawn map and the matrix's rows in, its sheets as pictures for print and the code that sets their names out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2

from ..edition.matrix import matrix
from ..figures.worldmap import LETTERS, Sheet, sheets
from ..model import Edition
from .book import Piece
from .typst_code import Value, call, exactly

_TEMPLATE = "map.svg.jinja"
DRAWING = ("world.svg.html", "world-sheets.html")
"""What `overrides/drawing/draw_world.py` has made, in the folder of the web's fragments."""

_SHADES = ("none", "one", "two", "three", "all four")


@dataclass(frozen=True)
class World:
    """The map of an edition: its sheets, and each as an SVG by its file name."""

    sheets: tuple[Sheet, ...]
    drawings: dict[str, bytes]

    @property
    def alt(self) -> str:
        """What the map shows, for those who do not see it."""
        countries = {d.row.country.id: d.row for d in self.sheets[0].countries}
        counted = [
            f"{_SHADES[n]}: {names}"
            for n in range(len(_SHADES) - 1, -1, -1)
            if (names := ", ".join(r.country.title for r in countries.values() if len(r.modes) == n))
        ]
        return f"A world map with three enlarged parts. It shades each country of this guide by how many of the four ways of hedging it gives evidence of. {'; '.join(counted)}."


def world(edition: Edition, templates: Path, fragments: Path) -> World:
    """The map of `edition`; `fragments` has the drawing, `templates` its dress for print."""
    loader = jinja2.FileSystemLoader([templates, fragments])
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    table = environment.get_template("world-sheets.html").make_module().sheets  # type: ignore[attr-defined]
    drawn = sheets(table, matrix(edition).of("country"))
    template = environment.get_template(_TEMPLATE)
    drawings = {
        f"map-{sheet.id}.svg": template.render(
            sheet=sheet, insets=drawn[1:] if sheet is drawn[0] else ()
        ).encode()
        for sheet in drawn
    }
    for number in range(len(_SHADES)):
        drawings[f"map-key-{number}.svg"] = template.render(sheet=None, swatch=number).encode()
    return World(drawn, drawings)


def map_page(drawn: World) -> Iterator[Piece]:
    """The page that shows the map, where it has a country to show: the world, and the enlarged parts below it."""
    if not drawn.sheets[0].countries:
        return
    yield Piece(
        call(
            "map-page",
            [_sheet(sheet) for sheet in drawn.sheets],
            alt=drawn.alt,
            letters=LETTERS,
            shades=list(_SHADES),
        )
    )


def _sheet(sheet: Sheet) -> dict[str, Value]:
    names: list[Value] = [
        {"lines": list(n.lines), "x": float(n.x), "y": float(n.y), "anchor": exactly(n.anchor)}
        for n in sheet.names
    ]
    return {
        "file": exactly(f"map-{sheet.id}.svg"),
        "title": sheet.title,
        "width": sheet.size[0],
        "height": sheet.size[1],
        "names": names,
    }
