"""Countries in; the hedging matrix, the briefs of the study guide and the sheets for one country each out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..edition.backlinks import Passage
from ..edition.matrix import FOUR, matrix
from ..model import Country, Evidence
from ..verdicts import MODES, VERDICTS
from .book import Piece
from .glossary import where
from .manuscript import Scope
from .typst_code import NOTHING, Code, between, call, exactly, join, words

_QUOTED = 4
"""Sentences of the article quoted on a sheet; the paragraphs of the rest are named."""

KINDS = {"country": "Country", "bloc": "Bloc", "region": "Region"}


def countries_of(scope: Scope) -> list[Country]:
    """Countries, then blocs, then regions, each by name."""
    order = list(KINDS)
    every = scope.manuscript.edition.countries.values()
    return sorted(every, key=lambda c: (order.index(c.kind), c.title.casefold()))


def hedging_matrix(scope: Scope) -> Iterator[Piece]:
    """For each country the years of its evidence under the four modes; the name leads to the brief."""
    rows = matrix(scope.manuscript.edition).rows
    if not any(row.modes for row in rows):
        return
    heads = [MODES[mode].partition(":")[0] for mode in FOUR]
    cells = [
        {
            "id": exactly(f"country-{row.country.id}"),
            "name": row.country.title,
            "cells": [_years(row.cells[mode]) for mode in FOUR],
        }
        for row in rows
        if row.modes
    ]
    without = between(
        [
            call("to", exactly(f"country-{row.country.id}"), words(row.country.title))
            for row in rows
            if not row.modes
        ],
        ", ",
    )
    meanings = [{"word": MODES[m].partition(": ")[0], "meaning": MODES[m].partition(": ")[2]} for m in FOUR]
    yield Piece(call("hedging-matrix", heads, cells, without, meanings))


def _years(evidence: tuple[Evidence, ...]) -> str:
    return ", ".join(dict.fromkeys(str(e.date.year) for e in evidence))


def briefs(scope: Scope, pages: Code) -> Iterator[Piece]:
    """A short account of every country, bloc and region, on `pages` of their own."""
    opening: Code | None = pages
    for kind, title in (("country", "Countries"), ("bloc", "Blocs"), ("region", "Regions")):
        group = [c for c in countries_of(scope) if c.kind == kind]
        if group:
            yield Piece(call("section", exactly(f"kind-{kind}"), words(title)), pages=opening)
            opening = None
        for country in group:
            named: dict[str, Code] = {
                "where": where(scope, "country", country.id),
                "checks": _checks(scope, country),
            }
            head = call(
                "brief-head", exactly(f"country-{country.id}"), words(country.title), words(country.role)
            )
            yield Piece(head, country.path)
            yield Piece(
                call(
                    "brief",
                    _facts(scope, country),
                    _evidence(scope, country),
                    _figures(scope, country),
                    **named,
                ),
                country.path,
            )


def _facts(scope: Scope, country: Country) -> list[dict[str, Code]]:
    """The country's relations, members and name, each under a label."""
    known = scope.manuscript.edition.countries
    here = ", ".join(known[m].title for m in country.members if m in known)
    inside = ", ".join(known[m].title for m in scope.manuscript.links.members_of.get(country.id, ()))
    facts = [
        ("Toward the United States", country.us),
        ("Toward China", country.china),
        ("In this guide" if country.kind != "country" else "Members", here),
        ("Counted among", inside),
        ("On the name", country.naming or ""),
    ]
    return [{"label": words(label), "text": words(text)} for label, text in facts if text]


def _evidence(scope: Scope, country: Country) -> list[dict[str, Code | list[Code]]]:
    """Dated acts under each mode of hedging, with their sources."""
    groups: list[dict[str, Code | list[Code]]] = []
    for mode, meaning in MODES.items():
        mine = sorted((e for e in country.evidence if e.mode == mode), key=lambda e: e.date)
        if mine:
            acts = [call("act", words(e.date.long), words(e.fact), scope.cite(e.source)) for e in mine]
            groups.append({"mode": words(meaning.partition(":")[0]), "acts": acts})
    return groups


def _figures(scope: Scope, country: Country) -> list[dict[str, Code]]:
    return [
        {
            "label": words(f.label),
            "value": words(f.value),
            "year": words(f.year),
            "source": scope.cite(f.source),
        }
        for f in country.figures
    ]


def _checks(scope: Scope, country: Country) -> Code:
    """The numbers of the fact-checks about the country. They stand in their order, and need no links."""
    article = scope.reading.id if scope.reading else None
    mine = [
        c
        for c in scope.manuscript.links.checks.get(("country", country.id), ())
        if c.check.article == article
    ]
    if not mine or "check" not in scope.prints:
        return NOTHING
    return words(", ".join(str(c.number) for c in mine))


# --- sheets --------------------------------------------------------------------------------------


def sheet(scope: Scope, country: Country) -> Iterator[Piece]:
    """One country on paper of its own: everything that its page on the site says."""
    kicker = f"{KINDS[country.kind]} in the margin of an argument"
    yield Piece(call("sheet-head", words(country.title), words(kicker), words(country.role)), country.path)
    yield Piece(call("facts", _facts(scope, country)), country.path)
    for index, block in enumerate(scope.body(country, 1, listed=True)):
        yield Piece(call("dense", block.code), country.path, f"country-{index}", block.notes)
    evidence = _evidence(scope, country)
    if evidence:
        yield Piece(call("sheet-evidence", evidence), country.path)
    figures = _figures(scope, country)
    if figures:
        yield Piece(call("sheet-figures", figures), country.path)
    passages = scope.manuscript.links.passages.get(("country", country.id), ())
    if passages:
        yield Piece(call("sheet-passages", *_passages(passages)), country.path)
    checks = scope.manuscript.links.checks.get(("country", country.id), ())
    if checks:
        rows = [
            {
                "shape": exactly(VERDICTS[c.check.verdict].shape),
                "verdict": VERDICTS[c.check.verdict].word,
                "title": c.check.title,
            }
            for c in checks
        ]
        yield Piece(call("sheet-checks", rows), country.path)


def _passages(passages: Sequence[Passage]) -> tuple[list[Code], Code]:
    """The first sentences that name a country, in full, and the paragraphs of the others."""
    quoted = [
        join(
            [
                *(
                    call("marked", exactly(text)) if marked else exactly(text)
                    for text, marked in found.pieces
                ),
                words(f" (¶\u00a0{found.block.number})"),
            ]
        )
        for found in passages[:_QUOTED]
    ]
    others = dict.fromkeys(str(p.block.number) for p in passages[_QUOTED:])
    return quoted, words("¶\u00a0" + ", ".join(others)) if others else NOTHING
