"""The drawn world and its lettering: sound, complete for the edition, no two names in one spot."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import jinja2
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.edition.matrix import matrix
from marginalia.figures.lettering import Place, advance, letter, wrap
from marginalia.figures.worldmap import LETTERS, Sheet, sheets

FRAGMENTS = ROOT / "overrides" / "fragments"
DRAWING = FRAGMENTS / "world.svg.html"


@pytest.fixture(scope="module")
def drawing() -> ElementTree.Element:
    return ElementTree.fromstring(f"<defs>{DRAWING.read_text('utf-8')}</defs>")


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    loader = jinja2.FileSystemLoader(FRAGMENTS)
    module = jinja2.Environment(loader=loader).get_template("world-sheets.html").module
    made: dict[str, Any] = module.sheets  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="module")
def drawn(table: dict[str, Any]) -> tuple[Sheet, ...]:
    edition, _, _ = load(ROOT)
    return sheets(table, matrix(edition).of("country"))


# --- the drawing ----------------------------------------------------------------------------------


def test_the_drawing_is_small_and_plain(drawing: ElementTree.Element) -> None:
    assert DRAWING.stat().st_size <= 60_000
    assert {e.tag for e in drawing.iter()} == {"defs", "g", "path"}
    assert {key for e in drawing.iter() for key in e.attrib} == {"id", "d"}


def test_ids_are_iso_codes_and_stand_once(drawing: ElementTree.Element) -> None:
    ids = [e.get("id", "") for e in drawing.iter("path") if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(world|europe|gulf|east)-[A-Z]{2}", i) for i in ids)
    world = {i.removeprefix("world-") for i in ids if i.startswith("world-")}
    assert {"US", "CN", "TW", "PS", "EH", "SG", "BH", "MT"} <= world
    assert "XK" not in world
    assert len(world) > 230


def test_land_without_a_code_is_drawn_without_an_id(drawing: ElementTree.Element) -> None:
    world = next(g for g in drawing if g.get("id") == "land-world")
    assert sum("id" not in path.attrib for path in world) >= 3  # Kosovo, Somaliland, Northern Cyprus


def test_outlines_stay_on_their_sheet(drawing: ElementTree.Element, table: dict[str, Any]) -> None:
    for group in drawing:
        width, height = table[group.get("id", "").removeprefix("land-")]["size"]
        for path in group:
            for x, y in _points(path.get("d", "")):
                assert -1 <= x <= width + 1
                assert -1 <= y <= height + 1


def _points(outline: str) -> list[tuple[int, int]]:
    """The absolute corners of a path of relative `m … z` rings."""
    x = y = 0
    points = []
    for ring in re.findall(r"m([^mz]+)z", outline):
        numbers = [int(n) for n in re.findall(r"-?\d+", ring)]
        start = (x + numbers[0], y + numbers[1])
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        x, y = start
    return points


def test_table_and_drawing_agree(drawing: ElementTree.Element, table: dict[str, Any]) -> None:
    ids = {e.get("id") for e in drawing.iter("path")}
    for name, sheet in table.items():
        listed = {f"{name}-{code}" for code in sheet["places"]}
        on_sheet = {i for i in ids if i and i.startswith(f"{name}-")}
        assert on_sheet <= listed
        bare = {code for code in listed - on_sheet if sheet["places"][code.split("-")[1]][4] > 0}
        assert not bare  # only land too small for an outline may lack one: it has its dot


def test_areas_are_in_true_proportion(table: dict[str, Any]) -> None:
    """Equal Earth: square kilometers to a square unit, from the United Nations' figures."""
    known = {"US": 9_830_000, "CN": 9_600_000, "AU": 7_690_000, "IN": 3_290_000, "RU": 17_100_000}
    scales = [known[code] / table["world"]["places"][code][4] for code in known]
    assert max(scales) / min(scales) < 1.08


# --- the sheets -----------------------------------------------------------------------------------


def test_every_country_of_the_edition_is_drawn_and_at_home_once(drawn: tuple[Sheet, ...]) -> None:
    edition, _, _ = load(ROOT)
    wanted = sorted(c.iso for c in edition.countries.values() if c.iso)
    assert sorted(d.row.country.iso or "" for s in drawn for d in s.countries if d.home) == wanted
    assert sorted(d.row.country.iso or "" for d in drawn[0].countries) == wanted


def test_singapore_and_bahrain_are_dots(drawn: tuple[Sheet, ...]) -> None:
    for sheet in drawn:
        for one in sheet.countries:
            if one.row.country.iso in ("SG", "BH"):
                assert one.place.area == 0


def test_every_country_of_the_edition_is_named_on_its_sheet(drawn: tuple[Sheet, ...]) -> None:
    for sheet in drawn:
        named = {name.key for name in sheet.names}
        assert {d.row.country.iso for d in sheet.countries if d.home} <= named


def test_names_do_not_meet(drawn: tuple[Sheet, ...]) -> None:
    for sheet in drawn:
        for one, other in combinations(sheet.names, 2):
            assert not one.box.meets(other.box), (one.lines, other.lines)
        assert all(n.box.left >= 0 and n.box.right <= sheet.size[0] for n in sheet.names)


# --- lettering ------------------------------------------------------------------------------------

places = st.dictionaries(
    st.text("ABCDEFGH", min_size=2, max_size=2),
    st.builds(
        Place,
        st.integers(0, 1000),
        st.integers(0, 1000),
        st.integers(1, 400),
        st.integers(1, 400),
        st.sampled_from((0, 500, 90_000)),
        st.dictionaries(st.sampled_from(("E", "W", "S", "N")), st.just((300, 200))),
    ),
    max_size=14,
)


@given(places)
def test_any_names_keep_apart_and_on_the_sheet(some: dict[str, Place]) -> None:
    names = letter(some, {key: f"Land of {key}" for key in some}, (1000, 1000), 40)
    for one, other in combinations(names, 2):
        assert not one.box.meets(other.box)
    for name in names:
        assert 0 <= name.box.left <= name.box.right <= 1000
        assert 0 <= name.box.top <= name.box.bottom <= 1000


def test_a_name_that_fits_stands_in_its_land() -> None:
    (name,) = letter({"AA": Place(500, 500, 400, 300, 90_000)}, {"AA": "Utopia"}, (1000, 1000), LETTERS)
    assert (name.x, name.anchor, name.leader) == (500, "middle", None)


def test_a_name_that_does_not_fit_goes_to_sea() -> None:
    land = Place(500, 500, 30, 30, 900, {"E": (400, 400)})
    (name,) = letter({"AA": land}, {"AA": "Utopia"}, (1000, 1000), LETTERS)
    assert name.anchor == "start"
    assert name.box.left >= 515


def test_a_name_far_off_has_a_line() -> None:
    crowd = {f"A{n}": Place(500, 500 + n * 22, 10, 10, 0) for n in range(6)}
    names = letter(crowd, dict.fromkeys(crowd, "Archipelago"), (1000, 1000), LETTERS)
    assert len(names) == 6
    assert any(name.leader for name in names)


def test_wrap_keeps_words_and_breadth() -> None:
    text = "China–Japan–South Korea trade ministers meet in Seoul after five years"
    lines = wrap(text, 240, 13.5)
    assert " ".join(lines) == text
    assert len(lines) == 2
    assert all(advance(line, 13.5) <= 240 for line in lines)
    assert wrap("Unbreakablelongword", 10, 13.5) == ("Unbreakablelongword",)
