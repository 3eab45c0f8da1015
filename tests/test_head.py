"""What pages tell others of themselves: search engines, whoever shares an address, programs that read checks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import GOOD, ROOT
from lxml import html  # type: ignore[import-untyped]
from marginalia import Edition, load
from marginalia.figures.cards import card_of, cards, draw
from marginalia.verdicts import VERDICTS
from sites.workshop import mkdocs, pages

HOME = "https://example.org/margin/"
TEMPLATE, FONTS = ROOT / "overrides" / "cards" / "card.typ", ROOT / "overrides" / "study" / "fonts"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site, for an address that is known."""
    folder = tmp_path_factory.mktemp("known") / "site"
    run = mkdocs(ROOT, "build", "--strict", "--site-dir", str(folder), SITE_URL=HOME)
    assert run.status == 0, run.log
    return folder


@cache
def _heads(site: Path) -> Mapping[str, html.HtmlElement]:
    """The head of every page by its address, apart from the page for addresses that lead nowhere."""
    found = {path.removesuffix("index.html"): page.find("head") for path, page in pages(site)}
    return {path: head for path, head in found.items() if path != "404.html"}


def meta(head: html.HtmlElement, name: str) -> str:
    values = head.xpath(f"meta[@property='{name}' or @name='{name}']/@content")
    assert len(values) == 1, f"{name}: {values}"
    return str(values[0])


def linked_data(head: html.HtmlElement) -> dict[str, dict[str, Any]]:
    """By their types."""
    things = [json.loads(script.text) for script in head.xpath("script[@type='application/ld+json']")]
    return {thing["@type"]: thing for thing in things}


def size(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels, as a PNG's first chunk has them."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


def test_every_page_says_what_it_is_and_where(site: Path) -> None:
    descriptions: dict[str, list[str]] = {}
    for path, head in _heads(site).items():
        address = HOME + path
        assert head.xpath("string(link[@rel='canonical']/@href)") == address
        assert meta(head, "og:url") == address
        assert head.findtext("title").startswith(meta(head, "og:title"))
        assert meta(head, "og:description") == meta(head, "description")
        descriptions.setdefault(meta(head, "description"), []).append(path)
    alike = [paths for paths in descriptions.values() if len(paths) > 1]
    assert not alike, alike


def test_every_page_has_a_picture_for_whoever_shares_it(site: Path) -> None:
    named = {}
    for path, head in _heads(site).items():
        address = meta(head, "og:image")
        assert address.startswith(HOME)
        assert meta(head, "twitter:card") == "summary_large_image"
        assert meta(head, "og:image:alt")
        named[path.split("/")[0]] = (site / address.removeprefix(HOME)).read_bytes()
    assert {size(picture) for picture in named.values()} == {(1200, 630)}
    kinds = ("", "readings", "fact-checks", "glossary", "countries", "timeline", "study-guide")
    assert len({named[kind] for kind in kinds}) == len(kinds), "two kinds of page have the same picture"


def test_checks_are_told_in_schema_orgs_words(site: Path, edition: Edition) -> None:
    for anchored in edition.checks.values():
        check = anchored.check
        things = linked_data(_heads(site)[f"fact-checks/{check.article}/{check.id}/"])
        if check.verdict in ("opinion", "forecast"):  # nothing that is true or false
            assert "ClaimReview" not in things
            continue
        review = things["ClaimReview"]
        assert review["reviewRating"]["alternateName"] == VERDICTS[check.verdict].word
        assert review["claimReviewed"] in (check.quote, f"{check.from_} … {check.to}")
        assert review["itemReviewed"]["author"]["name"] == edition.readings[check.article].page.author
        assert review["reviewBody"] == check.summary


def test_breadcrumbs_lead_from_the_first_page_to_each_entry(site: Path, edition: Edition) -> None:
    entries = [
        path
        for path in _heads(site)
        if path.count("/") > 1 and path.startswith(("fact-checks/", "glossary/"))
    ]
    assert len(entries) >= len(edition.checks)
    for path in entries:
        steps = linked_data(_heads(site)[path])["BreadcrumbList"]["itemListElement"]
        assert [step["position"] for step in steps] == [1, 2, 3]
        assert [step["item"] for step in steps] == [HOME, f"{HOME}{path.split('/')[0]}/", HOME + path]
        assert all(step["name"] for step in steps)


# --- the drawing of cards ------------------------------------------------------------------------


def test_a_page_has_the_card_of_its_kind() -> None:
    good = load(GOOD)[0]
    drawn = {card.name for card in cards(good)}
    paths = [
        "index.md",
        "about/method.md",
        "glossary/subsidy.md",
        "readings/ferry.md",
        "fact-checks/ferry/mail.md",
    ]
    assert {card_of(path) for path in paths} == {"home", "glossary", "reading-ferry", "fact-checks"}
    assert {card_of(path) for path in paths} <= drawn


def test_a_card_is_one_picture_whatever_its_words(tmp_path: Path, good_project: Path) -> None:
    reading = good_project / "docs" / "readings" / "ferry.md"
    text = reading.read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    reading.write_text(text.replace(title, f"title: {'A very long ferry crossing, ' * 30}# [x] *y*"), "utf-8")
    draw(load(good_project)[0], '#[no] "site"', TEMPLATE, FONTS, tmp_path / "out", tmp_path / "cache")
    made = {file.name: size(file.read_bytes()) for file in (tmp_path / "out").iterdir()}
    assert "reading-ferry.png" in made
    assert set(made.values()) == {(1200, 630)}


def test_cards_are_kept_until_something_changes(tmp_path: Path) -> None:
    def drawn(project: Path) -> dict[str, bytes]:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        draw(load(project)[0], "Ferries", TEMPLATE, FONTS, tmp_path / "out", tmp_path / "cache")
        return {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}

    first = drawn(GOOD)
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").iterdir()}
    assert drawn(GOOD) == first
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").iterdir()} == kept
    for file in (tmp_path / "cache").glob("*.made"):
        file.write_bytes(file.read_bytes()[:100])  # as a build that was killed would leave it
    assert drawn(GOOD) == first
