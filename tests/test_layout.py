"""What a reader's screen, settings and paper do to the pages, and what a first visit weighs."""

from __future__ import annotations

import gzip
import re
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOT
from marginalia import Edition, load
from marginalia.model import Reading
from marginalia.verdicts import VERDICTS
from playwright.sync_api import Page, Route, expect
from sites.workshop import mkdocs, pages
from study_pdf import Pdf
from waits import settle

if TYPE_CHECKING:
    from hosted import Home, Tabs

pytest_plugins = ["browser", "hosted"]
pytestmark = pytest.mark.browser

VISIT, SCRIPT = 150_000, 10_000
"""The most that a first visit to the reading page, and our own script, may weigh, in bytes as sent."""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(ROOT)[0]


@pytest.fixture(scope="module")
def reading(edition: Edition) -> Reading:
    return max(edition.readings.values(), key=lambda r: len(r.checks))


# --- widths --------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_no_page_scrolls_sideways(home: Home, tabs: Tabs, width: int, scripts: bool) -> None:
    page = tabs(width, 640, java_script_enabled=scripts)
    wide = {}
    for path in home.one_of_each_kind():
        page.goto(home.address + path)
        if scripts:
            settle(page)
        spread = page.evaluate("document.documentElement.scrollWidth")
        if spread > width:
            wide[path] = spread
    assert wide == {}


CUT = """() => {
  const cut = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) cut.push(`the page is ${root.scrollWidth} wide`);
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    const style = getComputedStyle(one);
    if (one.closest('.mg-hide, svg, [hidden]') || style.display === 'inline' || !one.textContent.trim()) continue;
    const clips = [style.overflowX, style.overflowY].some((way) => way === 'hidden' || way === 'clip');
    const tooLittle = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    const unseen = style.clipPath !== 'none' || style.position === 'absolute' && one.clientWidth <= 1;
    if (clips && tooLittle && !unseen) cut.push(one.outerHTML.slice(0, 120));
    const box = one.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1) && !unseen) cut.push(`beyond the edge: ${one.outerHTML.slice(0, 120)}`);
  }
  return cut;
}"""

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.mg-p, .mg-article h2, .mg-note, .mg-tools button, .mg-nav a, .mg-find, .mg-name')]
    .map((one) => [one, one.getBoundingClientRect()]).filter(([one, box]) => box.width && !one.closest('.mg-hide'));
  const over = [];
  for (const [a, one] of boxes) for (const [b, other] of boxes) {
    if (a === b || a.contains(b) || b.contains(a) || a.closest('.mg-tools') !== b.closest('.mg-tools')) continue;
    const x = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (x > 1 && y > 1) over.push([a.outerHTML.slice(0, 60), b.outerHTML.slice(0, 60)]);
  }
  return over.slice(0, 5);
}"""


def enlarge(page: Page, whose: str) -> None:
    """Text of twice its size: by the reader's setting in the browser, or by the root element's style."""
    if whose == "browser":
        client = page.context.new_cdp_session(page)
        client.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    else:
        page.evaluate("document.documentElement.style.fontSize = '250%'")  # the theme's own is 125 %


@pytest.mark.parametrize("whose", ["browser", "page"])
@pytest.mark.parametrize("width", [390, 768, 1280, 1440])
def test_text_of_twice_the_size_is_all_there(
    home: Home, tabs: Tabs, reading: Reading, width: int, whose: str
) -> None:
    page = tabs(width)
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    before = page.locator("#p1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    enlarge(page, whose)
    settle(page)
    assert page.locator("#p1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") == pytest.approx(
        2 * before
    )
    page.locator(".mg-call a").nth(3).click()
    page.wait_for_timeout(200)
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAPS) == []


def test_wider_spacing_of_letters_and_lines_cuts_nothing_off(
    home: Home, tabs: Tabs, reading: Reading
) -> None:
    """WCAG 1.4.12."""
    page = tabs(390)
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    page.evaluate("""() => { for (const one of document.querySelectorAll('main *')) Object.assign(one.style,
      {lineHeight: '1.5', letterSpacing: '.12em', wordSpacing: '.16em'}) }""")
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAPS) == []


# --- the header and the tools --------------------------------------------------------------------

ROW = 60
"""The most pixels that one row of buttons takes."""


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_on_a_narrow_screen_the_links_are_a_menu(home: Home, tabs: Tabs, width: int, scripts: bool) -> None:
    page = tabs(width, 844, java_script_enabled=scripts)
    page.goto(f"{home.address}glossary/")
    links = page.locator(".mg-nav a")
    button = page.get_by_role("button", name="Menu")
    header = page.locator(".md-header").bounding_box()
    assert header and header["height"] <= ROW
    expect(links.first).to_be_hidden()
    button.click()
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
    expect(page.locator(".mg-nav [aria-current]")).to_have_text("Glossary")
    page.keyboard.press("Escape")
    expect(links.first).to_be_hidden()
    expect(button).to_be_focused()
    button.press("Enter")
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    page.locator("h1").click(position={"x": 4, "y": 4})
    expect(links.first).to_be_hidden()
    button.click()
    links.get_by_text("Timeline").click()
    expect(page.locator("h1")).to_have_text("Timeline")
    expect(links.first).to_be_hidden()


@pytest.mark.parametrize("width", [768, 1440])
def test_on_a_wider_screen_the_links_are_one_line(home: Home, tabs: Tabs, width: int) -> None:
    page = tabs(width)
    page.goto(home.address)
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    nav = page.locator(".mg-nav").bounding_box()
    assert nav and nav["height"] <= ROW
    expect(page.locator(".mg-nav a").last).to_be_in_viewport(ratio=1)


def test_the_links_say_where_the_reader_is_after_instant_navigation(home: Home, tabs: Tabs) -> None:
    page = tabs()
    page.goto(home.address, wait_until="networkidle")  # the theme needs the list of pages first
    page.evaluate("window.stayed = true")
    here = page.locator(".mg-nav [aria-current]")
    for part in ("Glossary", "Timeline", "Home"):
        page.locator(".mg-nav").get_by_role("link", name=part).click()
        expect(here).to_have_text([part])
    assert page.evaluate("window.stayed"), "the page was loaded anew"


@pytest.mark.parametrize("width", [320, 390, 480, 768, 1024, 1440])
def test_the_tools_take_one_row(home: Home, tabs: Tabs, reading: Reading, width: int) -> None:
    page = tabs(width)
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    buttons = page.locator(".mg-buttons")
    box = buttons.bounding_box()
    assert box and box["height"] <= ROW
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p2'))")
    expect(page.get_by_role("button", name="Copy link to these words")).to_be_visible()
    assert buttons.bounding_box() == box, "selecting words moves the text"


# --- the way to mend -----------------------------------------------------------------------------


def test_each_page_leads_to_a_form_that_knows_it(home: Home, edition: Edition, tmp_path: Path) -> None:
    """Where it is known where the sources are kept; else there is nothing."""
    place = "https://github.com/example/essays"
    run = mkdocs(
        ROOT, "build", "--site-dir", str(tmp_path / "site"), REPO_URL=place, SITE_URL="https://e.example/"
    )
    assert run.status == 0, run.log
    fields = {form.name: form.read_text("utf-8") for form in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")}
    led: dict[str, list[dict[str, str]]] = {}
    for path, page in pages(tmp_path / "site"):
        for link in page.xpath("//*[contains(@class, 'mg-mend')]/a[contains(@href, '/issues/new?')]/@href"):
            assert link.startswith(f"{place}/issues/new?")
            given = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
            form = fields[given.pop("template")]
            assert all(f"id: {name}\n" in form for name in given), (path, given)
            led.setdefault(path, []).append(given)
    for check in edition.checks.values():
        path = check.check.path.removesuffix(".md")
        (given,) = led[f"{path}/index.html"]
        assert given["page"] == f"https://e.example/{path}/"
        assert (given["check"], given["verdict"]) == (check.check.id, check.check.verdict)
    for entry in (*edition.terms.values(), *edition.countries.values()):
        path = entry.path.removesuffix(".md")
        assert led[f"{path}/index.html"] == [{"page": f"https://e.example/{path}/"}]
    assert not [path for path, page in pages(home.folder) if page.find_class("mg-mend")]


# --- paper ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1440])
def test_on_paper_text_and_notes_are_there_and_tools_are_not(
    home: Home, tabs: Tabs, reading: Reading, width: int
) -> None:
    page = tabs(width)
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for one in (".md-header", ".mg-nav", ".mg-tools", ".mg-find", ".mg-mend"):
        for here in page.locator(one).all():
            expect(here).to_be_hidden()
    bottom = 0.0
    for block in reading.article.blocks:
        box = page.locator(f"#{block.id}").bounding_box()
        assert box and box["height"] > 0 and box["y"] >= bottom, block.id
        bottom = box["y"] + box["height"]
    for checked in reading.checks:
        box = page.locator(f'.mg-note[data-note="{checked.check.id}"]').bounding_box()
        assert box and box["y"] >= bottom, checked.check.id
        bottom = box["y"] + box["height"] - 1
        expect(page.locator(f'.mg-note[data-note="{checked.check.id}"] .mg-what')).to_be_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".mg-tools")).to_be_visible()
    assert page.locator(".mg-page.is-margin").count() == (width == 1440)


def letters(text: str) -> str:
    """A text without its spaces, its hyphens and its invisible signs: how its lines are broken does not matter."""
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("width", [390, 1440])
def test_every_word_of_article_and_notes_is_on_the_printed_sheets(
    home: Home, tabs: Tabs, reading: Reading, width: int
) -> None:
    """What comes out of the printer, read from the sheets themselves."""
    page = tabs(width)
    page.goto(f"{home.address}readings/{reading.id}/")
    settle(page)
    printed = letters(Pdf(page.pdf(tagged=True)).text)
    at = 0
    for block in reading.article.blocks:
        for piece in pieces(page, block.id):
            at = printed.find(letters(piece), at)
            assert at >= 0, piece
    for checked in reading.checks:
        check = checked.check
        assert letters(VERDICTS[check.verdict].word + check.title) in printed, check.id
        assert letters(check.summary) in printed, check.id


def pieces(page: Page, block: str) -> list[str]:
    """The words of a block of the article, cut where a note's number stands between them."""
    found: list[str] = page.locator(f"#{block}").evaluate("""(one) => {
      const copy = one.cloneNode(true);
      for (const ours of copy.querySelectorAll(".apparatus")) ours.replaceWith("\\u0000");
      return copy.textContent.split("\\u0000").filter((words) => words.trim());
    }""")
    return found


# --- weight and calm -----------------------------------------------------------------------------

WATCH_SHIFTS = """window.shifted = 0; window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.shifted += entry.value;
    window.shifts.push([entry.value, ...entry.sources.map((one) => (one.node?.outerHTML || one.node?.textContent || '').slice(0, 80))]);
  }
}).observe({type: 'layout-shift', buffered: true});"""


def late(route: Route) -> None:
    """A file that comes when the page has long been shown."""
    time.sleep(0.4)
    route.continue_()


@pytest.mark.parametrize("late_files", ["", "**/*.woff2", "**/bundle.*.js", "**/*.css"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_keeps_still_while_it_loads(
    home: Home, tabs: Tabs, reading: Reading, width: int, late_files: str
) -> None:
    page = tabs(width, 844)
    page.add_init_script(WATCH_SHIFTS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if late_files:
        page.route(late_files, late)
    page.goto(f"{home.address}readings/{reading.id}/", wait_until="networkidle")
    settle(page)
    page.wait_for_timeout(300)
    shifted, shifts = page.evaluate("[window.shifted, window.shifts]")
    assert shifted == 0, shifts
    assert page.evaluate("!!window.document$"), "the theme’s script, which comes last, never came"
    twice = {url for url in asked if url.endswith(".css") and asked.count(url) > 1}
    assert not twice, "style sheets fetched twice"


# --- light and dark ------------------------------------------------------------------------------

PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(253, 252, 248)", "rgb(25, 26, 28)"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize(("scheme", "paper"), [("light", LIGHT), ("dark", DARK)])
def test_a_first_visit_is_light_or_dark_as_the_system_is(
    home: Home, tabs: Tabs, scheme: str, paper: str, scripts: bool
) -> None:
    page = tabs(color_scheme=scheme, java_script_enabled=scripts)
    page.goto(home.address, wait_until="networkidle")
    assert page.evaluate(PAPER) == paper
    assert page.evaluate("localStorage.length") == 0, "kept without being asked"


def test_a_reader_chooses_light_or_dark_for_all_pages(home: Home, tabs: Tabs) -> None:
    page = tabs(color_scheme="light")
    page.add_init_script(
        """new MutationObserver((changes, watch) => {
          if (document.body) { watch.disconnect(); window.first = document.documentElement.dataset.colors; }
        }).observe(document, {childList: true, subtree: true});"""
    )
    page.goto(home.address)
    seen = []
    for _ in range(3):
        page.get_by_role("button", name="Colors").click()
        seen.append(
            (page.get_by_role("button", name="Colors").get_attribute("aria-label"), page.evaluate(PAPER))
        )
    assert seen == [("Colors: light", LIGHT), ("Colors: dark", DARK), ("Colors: as the system", LIGHT)]
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Colors").click(click_count=2)
    page.goto(f"{home.address}glossary/")
    assert page.evaluate("window.first") == "dark", "light before it is dark"
    assert page.evaluate(PAPER) == DARK
    expect(page.get_by_role("button", name="Colors")).to_have_attribute("aria-label", "Colors: dark")
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == LIGHT, "paper is light"


def test_reset_leaves_the_colors_as_they_are(home: Home, tabs: Tabs, reading: Reading) -> None:
    page = tabs()
    page.goto(f"{home.address}readings/{reading.id}/")
    page.get_by_role("button", name="Colors").click(click_count=2)
    page.get_by_role("button", name="Terms", exact=True).click()
    page.get_by_role("button", name="Reset").click()
    assert page.evaluate(PAPER) == DARK
    assert page.evaluate("localStorage.marginalia") == '{"colors":"dark"}'


def test_the_first_frame_waits_for_the_faces(home: Home, tabs: Tabs, reading: Reading) -> None:
    """Browsers hold it back a little for what is asked for before there is a body; a face that comes later is not used."""
    asked = """() => performance.getEntriesByType("resource").sort((a, b) => a.startTime - b.startTime)
      .map(({ name, initiatorType }) => [new URL(name).pathname, initiatorType])"""
    for path in ("", f"readings/{reading.id}/", "about/method/"):
        page = tabs()
        page.goto(home.address + path)
        settle(page)
        files: list[list[str]] = page.evaluate(asked)
        first_sheet = next(n for n, (name, _) in enumerate(files) if name.endswith(".css"))
        early = [name for name, _ in files[:first_sheet]]
        faces = [name for name, by in files if name.endswith(".woff2") and "-latin-normal" in name]
        assert len(set(faces)) == 2, path
        assert set(faces) <= set(early), path
        expect(page.locator("[rel=preload]"), f"{path}: asked for anew at every page").to_have_count(0)


def test_faces_that_came_late_are_there_on_the_next_page(home: Home, tabs: Tabs) -> None:
    page = tabs()
    page.route("**/*.woff2", late)
    width = """() => {
      const one = document.createElement("span");
      one.style.cssText = "position: absolute; white-space: nowrap; font: 40px var(--mg-serif)";
      one.textContent = "Allied hedging, offshore balancing";
      document.body.append(one);
      const found = one.getBoundingClientRect().width;
      one.remove();
      return found;
    }"""
    page.goto(home.address, wait_until="networkidle")
    settle(page)
    stand_in = page.evaluate(width)
    page.locator(".mg-nav").get_by_role("link", name="Glossary").click()
    expect(page.locator("h1")).to_have_text("Glossary")
    settle(page)
    ours = page.evaluate(width)
    page.unroute_all()
    page.reload()
    settle(page)
    assert ours == page.evaluate(width) != stand_in


def as_sent(file: Path) -> int:
    """The size of a file as a good host sends it: texts compressed, typefaces as they are."""
    content = file.read_bytes()
    return len(content) if file.suffix in (".woff2", ".png", ".gz") else len(gzip.compress(content, 9))


def fetched(home: Home, page: Page, path: str) -> dict[str, int]:
    """What a first visit to a page fetches, and the size of each file as sent."""
    files: dict[str, int] = {}

    def note(request: Any) -> None:
        where = urlsplit(request.url).path.lstrip("/")
        if request.url.startswith(home.address):
            files[where] = as_sent(
                home.folder / (where + "index.html" if where.endswith("/") or not where else where)
            )

    page.on("request", note)
    page.goto(home.address + path)
    settle(page)
    page.wait_for_load_state("networkidle")
    return files


def test_a_first_visit_is_light(home: Home, tabs: Tabs, reading: Reading) -> None:
    files = fetched(home, tabs(), f"readings/{reading.id}/")
    listed = "\n".join(f"{size:7,} {name}" for name, size in sorted(files.items(), key=lambda f: -f[1]))
    assert any(name.endswith(".woff2") for name in files), listed
    assert sum(files.values()) <= VISIT, f"{sum(files.values()):,} bytes\n{listed}"
    print(f"\n{sum(files.values()):,} bytes\n{listed}")


def test_our_own_script_is_light(home: Home) -> None:
    own = [home.folder / "assets" / "marginalia.js", ROOT / "overrides" / "partials" / "first-paint.js"]
    assert sum(map(as_sent, own)) <= SCRIPT
