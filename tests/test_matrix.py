"""The hedging matrix: each dated act in its cell, nothing counted twice, and the map counting the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conftest import ROOT
from marginalia.edition.load import load
from marginalia.edition.matrix import FOUR, Matrix, matrix
from marginalia.model import Country, Edition, Evidence, parse_day
from marginalia.problem import Places

EMPTY = Edition({}, {}, {}, {}, (), (), {})


def country(name: str, kind: str = "country", *acts: tuple[str, str], **more: Any) -> Country:
    return Country(
        id=name.lower().replace(" ", "-"),
        path=f"countries/{name.lower()}.md",
        body="",
        body_line=1,
        places=Places(f"docs/countries/{name.lower()}.md"),
        title=name,
        kind=kind,  # type: ignore[arg-type]
        role="A part.",
        us="ally",
        china="partner",
        evidence=tuple(
            Evidence(mode=mode, date=parse_day(when), fact="Something.", source="source")  # type: ignore[arg-type]
            for mode, when in acts
        ),
        **more,
    )


def of(*countries: Country) -> Matrix:
    return matrix(replace(EMPTY, countries={c.id: c for c in countries}))


def test_the_four_modes_in_the_order_of_the_article() -> None:
    assert FOUR == ("blunting", "broadening", "boosting", "binding")


def test_each_act_stands_in_its_cell_by_date() -> None:
    (row,) = of(
        country(
            "Utopia",
            "country",
            ("binding", "2025-03"),
            ("blunting", "2024"),
            ("binding", "2023-01-02"),
            ("other", "2020"),
        )
    ).rows
    assert tuple(row.cells) == FOUR
    assert [e.date.iso for e in row.cells["binding"]] == ["2023-01-02", "2025-03"]
    assert [e.date.iso for e in row.cells["blunting"]] == ["2024"]
    assert row.cells["broadening"] == row.cells["boosting"] == ()
    assert row.modes == ("blunting", "binding")


def test_what_fits_no_mode_is_not_counted() -> None:
    made = of(country("Utopia", "country", ("other", "2020")))
    assert made.rows[0].modes == ()
    assert made.tally("country") == dict.fromkeys(FOUR, 0)


def test_two_acts_of_one_mode_are_one_mode() -> None:
    made = of(country("Utopia", "country", ("blunting", "2020"), ("blunting", "2021")))
    assert made.tally("country")["blunting"] == 1
    assert [count for count, _ in made.by_count("country")] == [1]


def test_rows_go_by_kind_then_modes_then_name() -> None:
    made = of(
        country("Zembla", "country", ("blunting", "2020"), ("binding", "2020")),
        country("The Region", "region", ("blunting", "2020")),
        country("Utopia", "country", ("blunting", "2020")),
        country("The Bloc", "bloc", ("boosting", "2020")),
        country("Arcadia", "country", ("blunting", "2020")),
        country("Nowhere"),
    )
    assert [r.country.title for r in made.rows] == [
        "Zembla", "Arcadia", "Utopia", "Nowhere", "The Bloc", "The Region",
    ]  # fmt: skip
    assert [(n, [r.country.title for r in rows]) for n, rows in made.by_count("country")] == [
        (2, ["Zembla"]),
        (1, ["Arcadia", "Utopia"]),
        (0, ["Nowhere"]),
    ]


def test_a_bloc_is_not_counted_for_its_members() -> None:
    made = of(
        country("The Bloc", "bloc", ("boosting", "2020"), members=("utopia",)),
        country("Utopia", "country", ("blunting", "2020")),
    )
    assert made.tally("country")["boosting"] == 0
    assert made.tally("bloc", "region")["boosting"] == 1


def test_an_empty_edition_has_an_empty_matrix() -> None:
    assert of().rows == ()
    assert of().by_count("country") == []


def test_no_act_of_this_edition_is_lost_or_doubled() -> None:
    edition, _, _ = load(ROOT)
    made = matrix(edition)
    shown = [id(e) for row in made.rows for cell in row.cells.values() for e in cell]
    acts = [id(e) for c in edition.countries.values() for e in c.evidence if e.mode in FOUR]
    assert sorted(shown) == sorted(acts)
    assert len(shown) > 30
    assert [r.country.id for r in made.rows] != []
    assert sum(made.tally("country", "bloc", "region").values()) == sum(len(r.modes) for r in made.rows)
