"""The search: what it finds, by keys alone, and what it costs a reader who does not open it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from marginalia import Edition, load
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from hosted import Home, Tabs

pytest_plugins = ["browser", "hosted"]
pytestmark = pytest.mark.browser

COSTLY = re.compile(r"search|minisearch")
"""What only an open search asks for."""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture
def page(home: Home, tabs: Tabs) -> Page:
    page = tabs()
    page.goto(home.address)
    page.locator("html.js").wait_for(state="attached")
    return page


def find(page: Page, words: str) -> Locator:
    """What the search, opened by its key, finds for `words`."""
    if not page.locator("dialog[open]").count():
        page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.fill(words)
    expect(page.locator(".mg-search [role=status]")).to_have_text(re.compile(r"found"))
    return page.locator("#mg-found a")


def found(page: Page, words: str) -> list[str]:
    """The addresses that the search finds, best first, relative to the site's."""
    links: list[str] = find(page, words).evaluate_all(
        "all => all.map((one) => one.pathname.slice(1) + one.hash)"
    )
    return links


@pytest.mark.parametrize("way", ["key", "button"])
def test_nothing_is_fetched_for_the_search_before_it_is_opened(home: Home, tabs: Tabs, way: str) -> None:
    page = tabs()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(home.address)))
    page.goto(home.address)
    page.wait_for_load_state("networkidle")
    assert [address for address in asked if COSTLY.search(address)] == []
    if way == "key":
        page.keyboard.press("/")
    else:
        page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.wait_for_load_state("networkidle")
    assert {a for a in asked if COSTLY.search(a)} == {
        "assets/search.js",
        "assets/vendor/minisearch.js",
        "search/index.json",
    }


def test_it_is_fetched_once(home: Home, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    find(page, "hedging")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    find(page, "alliance")
    assert len([address for address in asked if address.endswith("search/index.json")]) == 1


def test_a_paragraph_is_found_by_its_words(page: Page, edition: Edition) -> None:
    reading = max(edition.readings.values(), key=lambda r: len(r.checks))
    block = reading.article.paragraphs[10]
    some = " ".join(re.findall(r"\w{5,}", reading.article.words(block.span))[:4])
    assert f"readings/{reading.id}/#{block.id}" in found(page, some)[:3]


def test_a_term_is_found_by_each_of_its_names(page: Page, edition: Edition) -> None:
    missed = []
    for term in edition.terms.values():
        for name in {term.title, *term.names}:
            if f"glossary/{term.id}/" not in found(page, name):
                missed.append((term.id, name))
    assert missed == []


def test_a_country_is_found_by_each_of_its_names(page: Page, edition: Edition) -> None:
    missed = []
    for country in edition.countries.values():
        for name in {country.title, *country.names}:
            if f"countries/{country.id}/" not in found(page, name):
                missed.append((country.id, name))
    assert missed == []


@pytest.mark.parametrize("plain,marked", [("To Lam", "Tô Lâm"), ("Hanoi", "Hà Nội"), ("Vietnam", "Việt Nam")])
def test_vietnamese_names_are_found_with_and_without_their_marks(page: Page, plain: str, marked: str) -> None:
    without, with_marks = found(page, plain), found(page, marked)
    assert without
    assert set(with_marks) & set(without)
    assert "countries/vietnam/" in with_marks


def test_names_written_with_marks_are_found_without(page: Page, home: Home) -> None:
    """The same the other way round: whatever in the documents carries marks answers to its bare letters."""
    page.route("**/search/index.json", lambda route: route.fulfill(json=[
        ["Country", "Đà Nẵng", "countries/vietnam/", "Tô Lâm flew from Hà Nội to Đà Nẵng; Łódź and São Paulo were not on the way.", ""],
    ]))  # fmt: skip
    for name in ("Da Nang", "To Lam", "Ha Noi", "hà nội", "DA NANG", "Sao Paulo", "Łódź"):
        assert found(page, name) == ["countries/vietnam/"], name


def test_arrows_enter_and_escape(page: Page, edition: Edition) -> None:
    links = find(page, "hedging")
    field = page.get_by_role("searchbox")
    for at in range(3):
        page.keyboard.press("ArrowDown")
        expect(links.nth(at)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    links = find(page, "hedging")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = links.nth(1).get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(wanted)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_enter_in_the_field_goes_to_the_best(page: Page, edition: Edition) -> None:
    best = find(page, "offshore balancing").first.get_attribute("href") or ""
    assert best.endswith("glossary/offshore-balancing/")
    page.keyboard.press("Enter")
    expect(page).to_have_url(best)
    expect(page.locator("h1")).to_have_text(edition.terms["offshore-balancing"].title)


def test_escape_gives_the_focus_back(page: Page) -> None:
    button = page.get_by_role("button", name="Search")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_find_in_the_article_goes_to_its_paragraph(page: Page) -> None:
    link = find(page, "browbeaten").first
    anchor = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_the_search_goes_with_the_reader_from_page_to_page(page: Page) -> None:
    find(page, "offshore balancing").first.click()
    expect(page.locator("h1")).to_have_text(re.compile("offshore", re.I))
    find(page, "article 5").first.click()
    page.locator(".mg-nav").get_by_role("link", name="Timeline").click()
    expect(page.locator("h1")).to_have_text(re.compile("timeline", re.I))
    assert found(page, "hedging")


def test_nothing_found_is_said_and_words_are_not_markup(page: Page) -> None:
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    field.fill("<img src=x onerror=alert(1)> qqqzzz")
    expect(page.locator(".mg-search [role=status]")).to_contain_text("<img src=x onerror=alert(1)> qqqzzz")
    expect(page.locator("#mg-found a, .mg-search img")).to_have_count(0)


def test_an_index_that_does_not_come_is_said_and_asked_for_again(home: Home, tabs: Tabs) -> None:
    page = tabs()
    page.goto(home.address)
    failing = [True]
    page.route(
        "**/search/index.json",
        lambda route: route.fulfill(status=200, body="no") if failing.pop() else route.continue_(),
    )
    failing.insert(0, False)
    page.keyboard.press("/")
    expect(page.locator(".mg-search [role=status]")).to_have_text("The search index could not be loaded.")
    page.keyboard.press("Escape")
    assert found(page, "hedging")
