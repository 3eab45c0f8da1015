"""The index of fact-checks: filters and sorting in the browser, and the plain table without them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from marginalia import Edition, load
from marginalia.model import Checked, Reading
from marginalia.verdicts import KINDS, VERDICTS
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from hosted import Home, Tabs

pytest_plugins = ["browser", "hosted"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture(scope="module")
def reading(edition: Edition) -> Reading:
    return max(edition.readings.values(), key=lambda r: len(r.checks))


@pytest.fixture(params=["opened", "by instant navigation"])
def page(request: pytest.FixtureRequest, home: Home, tabs: Tabs) -> Page:
    page = tabs()
    if request.param == "opened":
        page.goto(f"{home.address}fact-checks/")
    else:
        page.goto(home.address)
        page.locator(".mg-nav").get_by_role("link", name="Fact-checks").click()
    page.locator(".mg-index .mg-sort").first.wait_for()
    return page


def titles(page: Page) -> list[str]:
    """The checks in sight, in order."""
    shown: list[str] = page.locator(".mg-index tbody tr:not([hidden]) th > a").all_inner_texts()
    return shown


def section(reading: Reading, checked: Checked) -> str:
    article = reading.article
    return article.section_of(article.block_at(checked.spans[0].start)).id


WANTED: dict[str, Callable[[Reading, Checked], tuple[str, ...]]] = {
    "Verdict": lambda reading, c: (c.check.verdict,),
    "Kind": lambda reading, c: (c.check.kind,),
    "Section": lambda reading, c: (section(reading, c),),
    "Country": lambda reading, c: c.check.countries,
}


@pytest.mark.parametrize("name", WANTED)
def test_each_filter_shows_what_it_says(page: Page, reading: Reading, name: str) -> None:
    control = page.get_by_role("combobox", name=name, exact=True)
    values = control.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert len(values) > 2
    seen: set[str] = set()
    for value in values:
        control.select_option(value)
        expected = [c.check.title for c in reading.checks if not value or value in WANTED[name](reading, c)]
        assert titles(page) == expected
        expect(page.locator(".mg-filters output")).to_have_text(f"{len(expected)} shown")
        seen |= set(expected)
    assert seen == {c.check.title for c in reading.checks}


def test_filters_narrow_each_other(page: Page, reading: Reading) -> None:
    page.get_by_role("combobox", name="Verdict", exact=True).select_option("needs-context")
    page.get_by_role("combobox", name="Country", exact=True).select_option("united-states")
    assert titles(page) == [
        c.check.title
        for c in reading.checks
        if c.check.verdict == "needs-context" and "united-states" in c.check.countries
    ]


ORDER: dict[str, Callable[[Reading, Checked], object]] = {
    "No.": lambda reading, c: c.number,
    "¶": lambda reading, c: reading.article.block_at(c.spans[0].start).number,
    "Fact-check": lambda reading, c: c.check.title.lower(),
    "Kind": lambda reading, c: KINDS[c.check.kind].lower(),
    "Verdict": lambda reading, c: list(VERDICTS).index(c.check.verdict),
}


@pytest.mark.parametrize("column", ORDER)
def test_each_column_sorts_both_ways(page: Page, reading: Reading, column: str) -> None:
    head = page.get_by_role("columnheader", name=column, exact=True)
    button = head.get_by_role("button")
    by_title = {c.check.title: c for c in reading.checks}
    for way, backwards in (("ascending", False), ("descending", True)):
        button.focus()
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", way)
        expect(page.locator(".mg-index [aria-sort]")).to_have_count(1)
        keys = [ORDER[column](reading, by_title[re.sub(r"\s+", " ", title)]) for title in titles(page)]
        assert len(keys) == len(reading.checks)
        assert keys == sorted(keys, reverse=backwards)  # type: ignore[type-var]


def test_sorting_keeps_the_filter(page: Page, reading: Reading) -> None:
    page.get_by_role("combobox", name="Verdict", exact=True).select_option("disputed")
    page.get_by_role("columnheader", name="Fact-check", exact=True).get_by_role("button").click()
    disputed = [c.check.title for c in reading.checks if c.check.verdict == "disputed"]
    assert sorted(titles(page)) == sorted(disputed)


def test_coming_back_the_table_is_as_its_filters_say(page: Page, reading: Reading) -> None:
    page.get_by_role("combobox", name="Verdict", exact=True).select_option("disputed")
    shown = len(titles(page))
    assert 0 < shown < len(reading.checks)
    page.locator(".mg-index tbody tr:not([hidden]) th > a").first.click()
    expect(page.locator(".mg-index")).to_have_count(0)
    page.go_back()
    page.locator(".mg-index .mg-sort").first.wait_for()
    chosen = page.get_by_role("combobox", name="Verdict", exact=True).input_value()
    assert len(titles(page)) == (shown if chosen else len(reading.checks))
    expect(page.locator(".mg-filters output")).to_have_text(f"{len(titles(page))} shown")


def test_without_scripts_it_is_a_plain_table(tabs: Tabs, home: Home, reading: Reading) -> None:
    page = tabs(java_script_enabled=False)
    page.goto(f"{home.address}fact-checks/")
    expect(page.locator(".mg-filters")).to_be_hidden()
    expect(page.locator("main button")).to_have_count(0)
    rows = page.locator(".mg-index tbody tr")
    expect(rows).to_have_count(len(reading.checks))
    for row, checked in zip(rows.all(), reading.checks, strict=True):
        expect(row).to_be_visible()
        expect(row).to_contain_text(checked.check.title)
        expect(row).to_contain_text(VERDICTS[checked.check.verdict].word)


def test_the_verdicts_are_summed_up_in_words_and_in_a_picture(page: Page, reading: Reading) -> None:
    strip = page.locator(".mg-strip")
    for verdict, shown in VERDICTS.items():
        count = sum(c.check.verdict == verdict for c in reading.checks)
        if count:
            expect(strip).to_have_attribute("aria-label", re.compile(rf"\b{count} {shown.word.lower()}"))
            expect(page.locator(".mg-tally")).to_contain_text(f"{shown.word} {count}")
            width = strip.locator(f'rect[data-verdict="{verdict}"]').evaluate(
                "one => one.getBoundingClientRect().width"
            )
            whole = strip.evaluate("one => one.getBoundingClientRect().width")
            assert width / whole == pytest.approx(count / len(reading.checks), abs=0.01)
