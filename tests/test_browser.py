"""The built site in a browser, with every way out of it closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, expect
from sites.workshop import pages, published

if TYPE_CHECKING:
    from browser import Visit

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

_READINGS = sorted(f"readings/{f.stem}/" for f in (ROOT / "seeds").glob("*.txt"))


def test_no_page_asks_anything_of_anybody_else_or_complains(visit: Visit, address: str) -> None:
    for path, _ in pages(published()):
        answer = visit.page.goto(address + path.removesuffix("index.html"))
        assert answer and answer.status == 200, path
    assert not visit.outside, "\n".join(visit.outside)
    assert not visit.complaints, "\n".join(visit.complaints)


def test_the_way_out_is_closed_and_watched(lawless: Visit, address: str) -> None:
    """The test above would see a request to another host, an error of a script and one in the console."""
    page = lawless.page
    page.goto(address)
    elsewhere = ["https://example.org/pixel.png", "http://192.0.2.1/pixel.png"]
    loaded = page.evaluate(_LOAD, elsewhere)
    page.evaluate("() => { setTimeout(() => { throw new Error('planted') }) }")
    page.evaluate("() => console.error('planted too')")
    page.wait_for_timeout(300)
    said = [complaint.partition(": ")[2] for complaint in lawless.complaints]
    assert lawless.outside == elsewhere
    assert loaded == [False, False]
    assert {"planted", "planted too"} <= set(said)


_LOAD = """addresses => Promise.all(addresses.map(address => new Promise(done => {
    const picture = new Image()
    picture.onload = () => done(true)
    picture.onerror = () => done(false)
    picture.src = address
})))"""


@pytest.mark.parametrize("reading", _READINGS)
def test_without_scripts_the_article_and_its_notes_are_there(
    browser: Browser, address: str, reading: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + reading)
    paragraphs = page.locator("[data-article] p")
    assert paragraphs.count() > 0
    for paragraph in paragraphs.all():
        expect(paragraph).to_be_visible()
    calls = page.locator("[data-article] a.footnote-ref")
    notes = page.locator(".footnote li")
    assert notes.count() >= calls.count() > 0
    for note in notes.all():
        expect(note).to_be_visible()
    last = calls.last
    last.click()
    note = page.locator(":target")
    expect(note).to_be_in_viewport()
    assert note.get_attribute("id") == (last.get_attribute("href") or "")[1:]
    note.locator("a.footnote-backref").first.click()
    expect(last).to_be_in_viewport()
    context.close()
