"""An edition in, the hedging matrix out: for each country and each of the four modes the dated evidence.

The map counts from the same rows, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..model import Country, Edition, Evidence
from ..verdicts import MODES

FOUR = tuple(mode for mode in MODES if mode != "other")
"""The modes that are counted. What fits none of them stands on the country's own page."""

_KINDS = ("country", "bloc", "region")


@dataclass(frozen=True)
class Row:
    """A country, a bloc or a region."""

    country: Country
    cells: Mapping[str, tuple[Evidence, ...]]
    """By mode, every one of the four, each by date."""

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """The modes that there is evidence of."""
        return tuple(mode for mode, evidence in self.cells.items() if evidence)


@dataclass(frozen=True)
class Matrix:
    """All rows: countries, then blocs, then regions; in each those with evidence of more modes first."""

    rows: tuple[Row, ...]

    def of(self, *kinds: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.country.kind in kinds)

    def tally(self, *kinds: str) -> dict[str, int]:
        """How many rows of `kinds` have evidence of each mode."""
        return {mode: sum(mode in row.modes for row in self.of(*kinds)) for mode in FOUR}

    def by_count(self, *kinds: str) -> list[tuple[int, tuple[Row, ...]]]:
        """The rows of `kinds` by the number of their modes, from all four down to none; no empty group."""
        groups = [
            (count, tuple(row for row in self.of(*kinds) if len(row.modes) == count))
            for count in range(len(FOUR), -1, -1)
        ]
        return [group for group in groups if group[1]]


def matrix(edition: Edition) -> Matrix:
    """The matrix of `edition`."""
    rows = [_row(country) for country in edition.countries.values()]
    order = {kind: n for n, kind in enumerate(_KINDS)}
    return Matrix(
        tuple(
            sorted(
                rows,
                key=lambda row: (
                    order[row.country.kind],
                    -len(row.modes),
                    row.country.title.casefold(),
                    row.country.id,
                ),
            )
        )
    )


def _row(country: Country) -> Row:
    dated = sorted(country.evidence, key=lambda e: e.date)
    return Row(country, {mode: tuple(e for e in dated if e.mode == mode) for mode in FOUR})
