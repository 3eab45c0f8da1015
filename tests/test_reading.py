"""The reading page in a browser: every behavior by mouse, keys and touch, with and without what it leans on.

The same tests run on the page opened at once, come to by instant navigation, and in a build without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from conftest import ROOT
from marginalia import Edition, load
from marginalia.model import Reading
from playwright.sync_api import Locator, Page, expect
from waits import settle

if TYPE_CHECKING:
    from hosted import Home, Tabs

pytest_plugins = ["browser", "hosted"]
pytestmark = pytest.mark.browser

WIDE, NARROW = 1440, 390
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
FARTHEST = 160
"""How far below its mark a note may stand, in pixels, where several want the same place."""

Opened = Callable[..., Page]
"""Opens the reading page: `opened(width, anchor="", **options of a context)`."""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture(scope="module")
def reading(edition: Edition) -> Reading:
    """The text with the most notes."""
    return max(edition.readings.values(), key=lambda r: len(r.checks))


@pytest.fixture(params=["at once", "by instant navigation", "without instant navigation"])
def opened(request: pytest.FixtureRequest, home: Home, tabs: Tabs, reading: Reading) -> Opened:
    """The reading page, come to in each way a reader may come."""

    def open_page(width: int, anchor: str = "", **options: Any) -> Page:
        page = tabs(width, **options)
        if request.param == "by instant navigation":
            page.goto(home.address, wait_until="networkidle")  # the theme needs the list of pages first
            page.evaluate("window.stayed = true")
            if (menu := page.get_by_role("button", name="Menu")).is_visible():
                menu.click()
            with page.expect_response(lambda answer: answer.url.endswith(f"/readings/{reading.id}/")):
                page.locator(".mg-nav").get_by_role("link", name="Reading").click()
            page.locator(".mg-note .mg-verdict[data-number]").first.wait_for(state="attached")
            settle(page)
            assert page.evaluate("window.stayed"), "the page was loaded anew"
            if anchor:
                page.evaluate("hash => { location.hash = hash }", anchor)
        else:
            plain = request.param == "without instant navigation"
            site = request.getfixturevalue("address") if plain else home.address
            page.goto(f"{site}readings/{reading.id}/{anchor}")
            settle(page)
        return page

    return open_page


@pytest.fixture
def at_once(home: Home, tabs: Tabs, reading: Reading) -> Opened:
    """The reading page, opened by its address."""

    def open_page(width: int, anchor: str = "", **options: Any) -> Page:
        page = tabs(width, **options)
        page.goto(f"{home.address}readings/{reading.id}/{anchor}")
        settle(page)
        return page

    return open_page


def note(page: Page, check: str) -> Locator:
    return page.locator(f'.mg-note[data-note="{check}"]')


def call(page: Page, check: str) -> Locator:
    return page.locator(f'.mg-call a[href$="#fn:{check}"]')


def expect_open(page: Page, *checks: str) -> None:
    """These notes come to be open and no others."""
    expect(page.locator(".mg-note.is-open")).to_have_count(len(checks))
    for check in checks:
        expect(note(page, check)).to_have_class(re.compile("is-open"))


def tool(page: Page, name: str) -> Locator:
    """One of the reading tools, brought to sight: on a narrow screen they are in a sheet."""
    button = page.locator(".mg-tools").get_by_role("button", name=name)
    sheet = page.get_by_role("button", name="Tools")
    if sheet.is_visible() and not button.is_visible():
        sheet.click()
    return button


def rest(page: Page) -> None:
    """Leave the pointer where it is until the page must have taken notice."""
    page.wait_for_timeout(500)


def open_notes(page: Page) -> list[str]:
    found: list[str] = page.locator(".mg-note.is-open").evaluate_all(
        "all => all.map((one) => one.dataset.note)"
    )
    return found


# --- the words -----------------------------------------------------------------------------------

WORDS = """(block) => {
  const copy = block.cloneNode(true);
  for (const ours of copy.querySelectorAll(".apparatus")) ours.remove();
  return copy.textContent;
}"""


def words(page: Page) -> list[str]:
    """What the article's blocks say, less the apparatus."""
    found: list[str] = page.evaluate(f"[...document.querySelector('[data-article]').children].map({WORDS})")
    return found


def of_the_seed(reading: Reading) -> list[str]:
    return [reading.article.words(block.span) for block in reading.article.blocks]


# --- wide: notes beside their lines --------------------------------------------------------------

PLACES = """[...document.querySelectorAll('.mg-note')].map((note) => {
  const box = note.getBoundingClientRect();
  const mark = document.querySelector(`.mg-check[data-note="${note.dataset.note}"]`).getClientRects()[0];
  return {note: note.dataset.note, top: box.top, bottom: box.bottom, left: box.left, right: box.right, mark: mark.top};
})"""


@pytest.mark.parametrize("width", [1240, WIDE, 1920])
def test_notes_stand_beside_their_lines(at_once: Opened, reading: Reading, width: int) -> None:
    page = at_once(width)
    places = page.evaluate(PLACES)
    assert [p["note"] for p in places] == [c.check.id for c in reading.checks]
    column = page.locator("[data-article]").bounding_box()
    assert column
    for before, after in pairwise(places):
        assert before["bottom"] <= after["top"], (before, after)
    for place in places:
        assert -1 <= place["top"] - place["mark"] <= FARTHEST, place
        assert column["x"] + column["width"] < place["left"] < place["right"] <= width, place
    assert page.locator(".mg-note").first.is_visible()


def test_hovering_words_opens_their_note(opened: Opened, reading: Reading) -> None:
    page = opened(WIDE)
    check = reading.checks[3].check
    said = note(page, check.id).locator(".mg-what")
    page.locator(f"#check-{check.id}").hover()
    expect_open(page, check.id)
    expect(said).to_be_visible()
    expect(said).to_contain_text(check.summary)
    page.locator("h1").hover()
    expect(page.locator(".mg-note.is-open")).to_have_count(0)


def test_pointing_at_a_note_shows_its_words(at_once: Opened, reading: Reading) -> None:
    page = at_once(WIDE)
    check = reading.checks[3].check
    note(page, check.id).hover()
    expect_open(page, check.id)
    expect(page.locator(f"#check-{check.id}")).to_have_class(re.compile("is-open"))


def test_the_pointer_can_go_from_the_words_to_their_note(at_once: Opened, reading: Reading) -> None:
    """WCAG 1.4.13: what hovering opened stays while the pointer goes there, over other words too."""
    page = at_once(WIDE)
    check = reading.checks[3].check
    mark = page.locator(f"#check-{check.id}")
    mark.hover()
    start = mark.evaluate(
        "e => { const r = e.getClientRects()[0]; return [r.left + 4, r.top + r.height / 2] }"
    )
    box = note(page, check.id).bounding_box()
    assert box
    page.mouse.move(*start)
    expect_open(page, check.id)
    page.mouse.move(box["x"] + 20, box["y"] + 8, steps=12)
    expect_open(page, check.id)
    rest(page)
    expect_open(page, check.id)


def test_focus_opens_a_note_and_leaving_closes_it(opened: Opened, reading: Reading) -> None:
    page = opened(WIDE)
    first, second = (c.check.id for c in reading.checks[:2])
    page.get_by_role("button", name="Next note").focus()
    seen: list[list[str]] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(open_notes(page))
    assert [first] in seen
    assert [second] in seen
    assert all(len(at) <= 1 for at in seen)
    page.locator(".mg-find").focus()
    page.keyboard.press("Tab")
    expect_open(page)


def test_a_click_pins_a_note_and_another_lets_it_go(opened: Opened, reading: Reading) -> None:
    page = opened(WIDE)
    first, other = reading.checks[3].check.id, reading.checks[12].check.id
    call(page, first).click()
    page.locator("h1").hover()
    rest(page)
    page.locator(f"#check-{other}").hover()
    rest(page)
    expect_open(page, first)
    call(page, first).click()
    page.locator("h1").hover()
    expect_open(page)


@pytest.mark.parametrize("leave", ["Escape", "away"])
def test_a_pinned_note_closes(opened: Opened, reading: Reading, leave: str) -> None:
    page = opened(WIDE)
    check = reading.checks[3].check.id
    call(page, check).click()
    expect_open(page, check)
    page.locator("h1").hover()
    if leave == "Escape":
        page.keyboard.press("Escape")
    else:
        page.locator("h1").click()
    expect_open(page)


def test_a_note_leads_to_its_page_and_back_to_the_place(opened: Opened, reading: Reading) -> None:
    page = opened(WIDE)
    check = reading.checks[20].check
    call(page, check.id).click()
    height = page.evaluate("scrollY")
    note(page, check.id).locator(".mg-more").click()
    expect(page.locator("h1")).to_have_text(check.title)
    page.go_back()
    expect(page.locator(".mg-page")).to_have_attribute("data-layout", "reading")
    settle(page)
    expect(page.locator(f"#check-{check.id}")).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - height) < 300


# --- wide: terms and countries -------------------------------------------------------------------


def test_a_term_shows_its_definition_in_the_margin(opened: Opened, edition: Edition) -> None:
    page = opened(WIDE)
    link = page.locator("[data-article] .mg-term").nth(2)
    term = edition.terms[(link.get_attribute("data-entry") or "").removeprefix("term-")]
    link.hover()
    slip = page.locator(".mg-slip")
    expect(slip).to_be_visible()
    expect(slip).to_contain_text(term.short)
    box, line = slip.bounding_box(), link.bounding_box()
    column = page.locator("[data-article]").bounding_box()
    assert box and line and column
    assert abs(box["y"] - line["y"]) < 40
    assert box["x"] >= column["x"] + column["width"]
    page.keyboard.press("Escape")
    expect(slip).to_be_hidden()


def test_a_definition_stays_while_the_pointer_goes_to_it(at_once: Opened) -> None:
    page = at_once(WIDE)
    link = page.locator("[data-article] .mg-term").nth(2)
    link.hover()
    slip = page.locator(".mg-slip")
    said = slip.text_content()
    box = slip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 15, steps=12)
    rest(page)
    expect(slip).to_be_visible()
    assert slip.text_content() == said
    page.locator("h1").hover()
    expect(slip).to_be_hidden()


def test_focus_shows_a_definition_and_names_it_to_screen_readers(at_once: Opened, edition: Edition) -> None:
    page = at_once(WIDE)
    links = page.locator("[data-article] :is(.mg-term, .mg-country)")
    one, other = links.nth(2), links.nth(3)
    page.keyboard.press("Tab")  # so that the focus is a keyboard's
    one.focus()
    slip = page.locator(".mg-slip")
    expect(slip).to_be_visible()
    assert one.get_attribute("aria-describedby") == slip.get_attribute("id")
    other.focus()
    assert one.get_attribute("aria-describedby") is None, "it would be described as another"
    assert other.get_attribute("aria-describedby") == slip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(slip).to_be_hidden()
    assert other.get_attribute("aria-describedby") is None


def test_a_click_on_a_term_goes_to_its_page(opened: Opened, edition: Edition) -> None:
    page = opened(WIDE)
    link = page.locator("[data-article] .mg-term").nth(2)
    term = edition.terms[(link.get_attribute("data-entry") or "").removeprefix("term-")]
    link.click()
    expect(page.locator("h1")).to_have_text(term.title)


def test_on_a_wide_touch_screen_one_tap_explains_and_a_second_goes(at_once: Opened, edition: Edition) -> None:
    page = at_once(WIDE, has_touch=True)
    links = page.locator("[data-article] .mg-term")
    first, second = links.nth(2), links.nth(4)
    slip = page.locator(".mg-slip")
    for link in (first, second, first):
        link.tap()
        term = edition.terms[(link.get_attribute("data-entry") or "").removeprefix("term-")]
        expect(slip).to_contain_text(term.short)
    first.tap()
    expect(page.locator("h1")).not_to_have_text(re.compile("^Leon"))


# --- narrow: notes between the lines -------------------------------------------------------------

INSET = ".mg-inset"

COVERED = """() => {
  const box = document.querySelector('.mg-inset');
  if (!box) return ['nothing is open'];
  const inset = box.getBoundingClientRect();
  const covered = [];
  const block = box.closest('[data-article] > *');
  for (const beside of [block.previousElementSibling, block, block.nextElementSibling]) {
    if (!beside) continue;
    const walker = document.createTreeWalker(beside, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (box.contains(node)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        const over = Math.min(r.bottom, inset.bottom) - Math.max(r.top, inset.top);
        if (over > 1 && r.left < inset.right && inset.left < r.right) covered.push(node.data);
      }
    }
  }
  return covered;
}"""


def test_a_tap_opens_a_note_between_the_lines(opened: Opened, reading: Reading) -> None:
    page = opened(NARROW, **PHONE)
    check = reading.checks[3].check
    call(page, check.id).tap()
    inset = page.locator(INSET)
    expect(inset).to_be_visible()
    expect(inset).to_contain_text(check.summary)
    expect(inset).to_have_attribute("role", "note")
    assert call(page, check.id).get_attribute("aria-expanded") == "true"
    assert page.evaluate(COVERED) == []
    assert words(page) == of_the_seed(reading)
    call(page, check.id).tap()
    expect(inset).to_have_count(0)
    assert call(page, check.id).get_attribute("aria-expanded") != "true"
    assert words(page) == of_the_seed(reading)


@pytest.mark.parametrize("width", [320, NARROW, 768, 1024])
def test_nothing_that_opens_covers_the_text_or_changes_a_word(
    at_once: Opened, reading: Reading, width: int
) -> None:
    """Every note, term and country of the page, one after the other."""
    page = at_once(width, **(PHONE if width < 500 else {}))
    before = words(page)
    assert before == of_the_seed(reading)
    triggers = page.locator("[data-article] :is(.mg-call a, .mg-term, .mg-country)")
    failed = triggers.evaluate_all(
        f"""(all) => all.flatMap((trigger) => {{
          trigger.click();
          const covered = ({COVERED})();
          const here = document.querySelector('.mg-inset')?.closest('[data-article] > *');
          const inPlace = here && (here.contains(trigger) || here === trigger.closest('[data-article] > *'));
          const tooFar = here && document.querySelector('.mg-inset').getBoundingClientRect().top
            - [...trigger.getClientRects()].at(-1).bottom > 40;
          const many = document.querySelectorAll('.mg-inset').length !== 1;
          return covered.length || !inPlace || tooFar || many ? [[trigger.textContent, covered, inPlace, tooFar, many]] : [];
        }})"""
    )
    assert failed == []
    page.keyboard.press("Escape")
    expect(page.locator(INSET)).to_have_count(0)
    assert words(page) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_is_open_at_a_time_and_tapping_elsewhere_closes(opened: Opened, reading: Reading) -> None:
    page = opened(NARROW, **PHONE)
    first, second = (c.check for c in reading.checks[:2])
    inset = page.locator(INSET)
    call(page, first.id).tap()
    call(page, second.id).tap()
    expect(inset).to_have_count(1)
    expect(inset).to_contain_text(second.summary)
    inset.tap(position={"x": 4, "y": 4})
    expect(inset).to_have_count(1)
    page.locator("h1").tap()
    expect(inset).to_have_count(0)


def test_a_tap_on_a_term_explains_it_and_a_link_leads_on(opened: Opened, edition: Edition) -> None:
    page = opened(NARROW, **PHONE)
    link = page.locator("[data-article] .mg-term").nth(2)
    term = edition.terms[(link.get_attribute("data-entry") or "").removeprefix("term-")]
    link.tap()
    inset = page.locator(INSET)
    expect(inset).to_contain_text(term.short)
    link.tap()
    expect(inset).to_have_count(0)
    link.tap()
    inset.get_by_role("link", name="Read more").tap()
    expect(page.locator("h1")).to_have_text(term.title)


@pytest.mark.parametrize("what", [".mg-call a", ".mg-term", ".mg-country"])
def test_escape_closes_and_gives_the_focus_back(opened: Opened, what: str) -> None:
    page = opened(NARROW)
    trigger = page.locator(f"[data-article] {what}").nth(1)
    trigger.focus()
    page.keyboard.press("Enter")
    inset = page.locator(INSET)
    expect(inset).to_have_count(1)
    assert trigger.get_attribute("aria-expanded") == "true"
    inset.locator("a").last.focus()
    expect(inset).to_have_count(1)
    page.keyboard.press("Escape")
    expect(inset).to_have_count(0)
    expect(trigger).to_be_focused()


def test_the_keyboard_reaches_what_it_opened(at_once: Opened, reading: Reading) -> None:
    """From the call, Tab gets to the link in the note without leaving the line first."""
    page = at_once(NARROW)
    page.keyboard.press("Tab")
    call(page, reading.checks[0].check.id).focus()
    expect(page.locator(INSET)).to_have_count(1)
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.mg-inset')"):
            break
    expect(page.locator(f"{INSET} a:focus")).to_have_count(1)


# --- the tools -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("by", ["keys", "buttons"])
def test_stepping_from_note_to_note(opened: Opened, reading: Reading, width: int, by: str) -> None:
    page = opened(width, reduced_motion="reduce")
    checks = [c.check.id for c in reading.checks]
    at = page.locator(".mg-at")

    def step(key: str, name: str) -> None:
        if by == "keys":
            page.keyboard.press(key)
        else:
            tool(page, name).click()

    for number in (1, 2, 3):
        step("n", "Next note")
        expect(at).to_have_text(f"{number}/{len(checks)}")
        expect_open(page, checks[number - 1])
        expect(call(page, checks[number - 1])).to_be_in_viewport()
    step("p", "Previous note")
    expect(at).to_have_text(f"2/{len(checks)}")
    call(page, checks[-1]).click()
    step("n", "Next note")
    expect(at).to_have_text(f"{len(checks)}/{len(checks)}")


def test_keys_are_left_alone_while_somebody_types(at_once: Opened) -> None:
    page = at_once(WIDE)
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("npn/")
    expect(field).to_have_value("npn/")
    expect_open(page)


def test_keys_can_be_turned_off_and_that_is_remembered(opened: Opened) -> None:
    page = opened(WIDE)
    tool(page, "Keys").click()
    for _ in range(2):
        expect(tool(page, "Keys")).to_have_attribute("aria-pressed", "false")
        for key in "np/sf":
            page.keyboard.press(key)
        rest(page)
        expect_open(page)
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.reload()
        settle(page)
    tool(page, "Keys").click()
    page.keyboard.press("n")
    assert len(open_notes(page)) == 1


SHOWN = """() => {
  const seen = (selector) => [...document.querySelectorAll(`[data-article] ${selector}`)];
  const style = (one) => getComputedStyle(one);
  return {
    check: seen('.mg-call').some((one) => style(one).display !== 'none')
      || seen('.mg-check').some((one) => style(one).textDecorationLine !== 'none')
      || [...document.querySelectorAll('.mg-note')].some((one) => one.getClientRects().length),
    term: seen('.mg-term').some((one) => style(one).borderBottomColor !== 'rgba(0, 0, 0, 0)'),
    country: seen('.mg-country').some((one) => style(one).borderBottomColor !== 'rgba(0, 0, 0, 0)'),
  };
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind,name", [("check", "Checks"), ("term", "Terms"), ("country", "Places")])
def test_each_kind_of_mark_can_be_hidden(opened: Opened, width: int, kind: str, name: str) -> None:
    page = opened(width)
    every = dict.fromkeys(("check", "term", "country"), True)
    assert page.evaluate(SHOWN) == every
    button = tool(page, name)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(SHOWN) == every | {kind: False}
    stops = page.locator(f"[data-article] .mg-{'call a' if kind == 'check' else kind}")
    reachable = "all => all.some((one) => one.tabIndex >= 0 && one.getClientRects().length)"
    assert not stops.evaluate_all(reachable), "hidden, and yet a stop for the keyboard"
    page.reload()
    settle(page)
    assert page.evaluate(SHOWN) == every | {kind: False}
    assert page.evaluate("Object.keys(localStorage).includes('marginalia')")
    tool(page, "Reset").click()
    assert page.evaluate(SHOWN) == every
    assert not page.evaluate("Object.keys(localStorage).includes('marginalia')")
    expect(tool(page, "Reset")).to_be_hidden()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_text_alone(opened: Opened, reading: Reading, width: int) -> None:
    page = opened(width)
    tool(page, "Text only").click()
    assert page.evaluate(SHOWN) == {"check": False, "term": False, "country": False}
    assert words(page) == of_the_seed(reading)
    said = page.locator("[data-article]").inner_text()
    for block in of_the_seed(reading):
        assert block in said
    page.keyboard.press("n")
    expect_open(page)
    tool(page, "Text only").click()
    assert page.evaluate(SHOWN) == {"check": True, "term": True, "country": True}


def test_a_settings_store_that_is_closed_does_no_harm(
    at_once: Opened, home: Home, reading: Reading, tabs: Tabs
) -> None:
    page = tabs(WIDE)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
    )
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    tool(page, "Checks").click()
    assert page.evaluate(SHOWN)["check"] is False


def test_the_strip_shows_where_the_checks_stand(opened: Opened, reading: Reading) -> None:
    page = opened(WIDE, reduced_motion="reduce")
    spots = page.locator(".mg-map rect")
    drawn = spots.evaluate_all("all => all.map((one) => [one.dataset.note, one.dataset.verdict])")
    assert drawn == [[c.check.id, c.check.verdict] for c in reading.checks for _ in c.spans]
    last = reading.checks[-1].check.id
    box = page.locator(f'.mg-map rect[data-note="{last}"]').last.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_open(page, last)
    expect(call(page, last)).to_be_in_viewport()


def test_motion_is_left_out_for_who_wants_none(at_once: Opened) -> None:
    page = at_once(NARROW, reduced_motion="reduce")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    page.keyboard.press("n")
    at_once_there = page.evaluate("scrollY")
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == at_once_there
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert page.evaluate(moving) == 0


def test_printing_is_asked_of_the_browser(at_once: Opened) -> None:
    page = at_once(WIDE)
    page.evaluate("window.print = () => { window.printed = true }")
    tool(page, "Print").click()
    assert page.evaluate("window.printed")


def test_how_to_cite_needs_no_script(tabs: Tabs, home: Home, reading: Reading) -> None:
    page = tabs(WIDE, java_script_enabled=False)
    page.goto(f"{home.address}readings/{reading.id}/")
    page.get_by_text("Cite this page").click()
    box = page.locator(".mg-cite-box")
    for form in ("APA", "MLA", "Chicago", "BibTeX", "RIS", "CSL-JSON"):
        expect(box.locator("dt", has_text=form).first).to_be_visible()
    expect(box).to_contain_text(f"{home.address}readings/{reading.id}/")


# --- links ---------------------------------------------------------------------------------------


def copied(page: Page) -> str:
    expect(page.locator(".mg-said")).to_contain_text("copied")
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


def test_the_number_of_a_paragraph_copies_a_link_to_it(opened: Opened) -> None:
    page = opened(WIDE, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#p7 .mg-n").click()
    assert copied(page).endswith("#p7")
    assert page.evaluate("location.hash") == "#p7"
    expect(page.locator("#p7")).to_be_in_viewport()


SELECT = """([first, from, last, to]) => {
  const end = (element, at) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentNode.closest('.apparatus')) continue;
      if (at <= node.length) return [node, at];
      at -= node.length;
    }
  };
  const [a, b] = [document.getElementById(first), document.getElementById(last)];
  getSelection().setBaseAndExtent(...end(a, from), ...end(b, to));
}"""


def selections(reading: Reading) -> Iterator[tuple[str, list[Any], str]]:
    """What somebody may select: its name, where it begins and ends, and words that have to come into sight."""
    article = reading.article
    texts = {b.id: article.words(b.span) for b in article.blocks}
    late = article.paragraphs[len(article.paragraphs) // 2 :]
    whole = late[0]
    yield "a paragraph", [whole.id, 0, whole.id, len(texts[whole.id])], whole.id
    few = late[1]
    start = texts[few.id].index(" ") + 1
    yield "a few words", [few.id, start, few.id, texts[few.id].index(" ", start + 12)], few.id
    part = late[2]
    yield "parts of words", [part.id, 2, part.id, texts[part.id].index(" ", 20) - 2], part.id
    yield "two paragraphs", [late[3].id, 10, late[4].id, 40], late[3].id
    yield (
        "the end of one and the start of the next",
        [late[3].id, len(texts[late[3].id]) - 9, late[4].id, 9],
        late[3].id,
    )
    for checked in reading.checks:
        block = article.block_at(checked.spans[-1].end - 1)
        at = checked.spans[-1].end - block.span.start
        if block in late and 20 < at < len(texts[block.id]) - 25:
            yield "words on both sides of a note's number", [block.id, at - 15, block.id, at + 15], block.id
            break
    often = next(b for b in late if " the " in texts[b.id])
    at = texts[often.id].index(" the ") + 1
    yield "a word that stands everywhere", [often.id, at, often.id, at + 3], often.id


CASES = ["a paragraph", "a few words", "parts of words", "two paragraphs", "the end of one and the start of the next",
         "words on both sides of a note's number", "a word that stands everywhere"]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_link_to_selected_words_finds_them(
    at_once: Opened, tabs: Tabs, reading: Reading, case: str
) -> None:
    """In a new tab without script, so that nothing but the browser brings the words into sight."""
    places, paragraph = next((p, where) for name, p, where in selections(reading) if name == case)
    page = at_once(WIDE, permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy link to these words")
    expect(button).to_be_hidden()
    page.evaluate(SELECT, places)
    expect(button).to_be_visible()
    button.click()
    address = copied(page)
    _, _, directive = address.partition("#")
    anchor, mark, text = directive.partition(":~:text=")
    assert anchor == paragraph, "browsers without text fragments go to the paragraph"
    if mark:
        article = "\n".join(of_the_seed(reading))
        for piece in re.split(r",", re.sub(r"-,|,-", ",", text)):
            assert unquote(piece) in article, piece
    other = tabs(WIDE, java_script_enabled=False)
    other.goto(address.replace(f"#{anchor}", "#"))  # the words alone, without the paragraph to fall back on
    expect(other.locator(f"#{paragraph}")).to_be_in_viewport()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("anchor", ["#fn:{}", "#check-{}", "#fnref:{}"])
def test_a_deep_link_opens_its_note(opened: Opened, reading: Reading, width: int, anchor: str) -> None:
    check = reading.checks[len(reading.checks) // 2].check
    page = opened(width, anchor.format(check.id))
    expect(note(page, check.id)).to_have_class(re.compile("is-open"))
    expect(call(page, check.id)).to_be_in_viewport()
    expect(page.locator(INSET)).to_have_count(0 if width == WIDE else 1)


def test_a_deep_link_to_a_note_shows_it_though_notes_were_hidden(at_once: Opened, reading: Reading) -> None:
    check = reading.checks[len(reading.checks) // 2].check
    page = at_once(WIDE)
    tool(page, "Checks").click()
    page.goto(f"{page.url}#check-{check.id}")
    page.reload()
    settle(page)
    expect(page.locator(f"#check-{check.id}")).to_be_in_viewport()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_deep_link_to_a_paragraph_goes_there(opened: Opened, width: int) -> None:
    page = opened(width, "#p17")
    expect(page.locator("#p17 .mg-n")).to_be_in_viewport()
    box = page.locator("#p17").bounding_box()
    tools = page.locator(".mg-tools").bounding_box()
    assert box and tools
    assert box["y"] >= tools["y"] + tools["height"] - 1, "the tools cover its first line"


def test_back_returns_to_the_note_that_was_left(opened: Opened, reading: Reading) -> None:
    page = opened(NARROW, **PHONE)
    check = reading.checks[30].check
    call(page, check.id).tap()
    page.locator(INSET).locator(".mg-more").tap()
    expect(page.locator("h1")).to_have_text(check.title)
    page.go_back()
    settle(page)
    expect(page.locator(f"#check-{check.id}")).to_be_in_viewport()
    assert words(page) == of_the_seed(reading)


# --- without what it leans on --------------------------------------------------------------------


def nothing_is_dead(page: Page) -> None:
    """No control stands there that does nothing."""
    controls = "main :is(button, select, input, output), header :is(button:not([popovertarget]), select, input, label)"
    for control in page.locator(controls).all():
        expect(control).to_be_hidden()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_without_scripts_everything_is_there(tabs: Tabs, home: Home, reading: Reading, width: int) -> None:
    page = tabs(width, java_script_enabled=False)
    page.goto(f"{home.address}readings/{reading.id}/")
    nothing_is_dead(page)
    for checked in reading.checks:
        own = note(page, checked.check.id)
        expect(own).to_be_visible()
        expect(own).to_contain_text(checked.check.summary)
        expect(own.locator(".footnote-backref")).to_be_visible()
    for checked in reading.checks[::17]:
        call(page, checked.check.id).click()
        expect(note(page, checked.check.id)).to_be_in_viewport()
        note(page, checked.check.id).locator(".footnote-backref").click()
        expect(call(page, checked.check.id)).to_be_in_viewport()
    named = {f"{m.kind}-{m.entry}" for m in reading.mentions}
    for entry in named:
        defined = page.locator(f'[data-definition="{entry}"]')
        expect(defined).to_be_visible()
        assert defined.locator("xpath=following-sibling::dd[1]").inner_text().strip()


def test_without_scripts_the_focus_stops_nowhere_in_vain(tabs: Tabs, home: Home, reading: Reading) -> None:
    page = tabs(WIDE, java_script_enabled=False)
    page.goto(f"{home.address}readings/{reading.id}/")
    stopped = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        stopped.add(focused.evaluate("one => one.tagName"))
        assert focused.bounding_box(), "the focus is nowhere"
    assert stopped == {"A"}


def test_should_our_script_not_arrive_the_page_is_as_without(
    tabs: Tabs, home: Home, reading: Reading
) -> None:
    page = tabs(WIDE)
    page.route(
        "**/assets/marginalia.js", lambda route: route.fulfill(content_type="text/javascript", body="")
    )
    page.goto(f"{home.address}readings/{reading.id}/")
    expect(page.locator("html")).to_have_class(re.compile("no-js"))
    expect(note(page, reading.checks[0].check.id)).to_be_visible()
    expect(page.locator(".mg-tools")).to_be_hidden()
    expect(page.locator(".mg-find")).to_be_hidden()


def test_the_focus_is_seen_on_everything_that_takes_it(at_once: Opened) -> None:
    page = at_once(NARROW)
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        ring = """() => {
          const one = document.activeElement;
          const shown = [one, one.nextElementSibling].some((e) => e && getComputedStyle(e).outlineStyle !== 'none');
          const box = one.getBoundingClientRect();
          return [one.outerHTML.slice(0, 120), shown, box.bottom > 0 && box.top < innerHeight];
        }"""
        what, shown, inside = page.evaluate(ring)
        if not (shown and inside):
            unseen.append(what)
    assert unseen == []
