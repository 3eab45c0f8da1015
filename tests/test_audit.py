"""The built site before its judges: axe, html-validate, the Nu HTML checker, and the browser's own console.

The whole real site, served as any host would. Contributors' pages hold attacks in one test: what the
generator makes of attacks is told in properties/test_safety.py, what a browser makes of that is told here.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import judges
import pytest
from conftest import GOOD, ROOT
from marginalia import load
from playwright.sync_api import Locator, Page, expect
from properties.test_safety import ATTACKS, PLACES, spoil
from sites.workshop import mkdocs
from waits import settle

if TYPE_CHECKING:
    from hosted import Home, Serve, Tabs

pytest_plugins = ["browser", "hosted"]
pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ([part, rules]) => (await axe.run(part, {runOnly: rules, resultTypes: ["violations"]})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))"""
WIDE, NARROW = 1440, 390


@pytest.fixture(scope="session", autouse=True)
def bench() -> None:
    """The judges, or a skip with the reason; where it is decided what may be published (CI), a failure."""
    if not judges.here():
        reason = (
            "the judges of the pages are not here: `python3 run.py test` fetches them, if the network lets it"
        )
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


# --- validity ------------------------------------------------------------------------------------


def test_nu_and_html_validate_have_nothing_against_any_page(home: Home) -> None:
    assert list(judges.html_validate(home.folder)) == []
    assert list(judges.nu(home.folder)) == []


def test_nu_and_html_validate_would_see_a_fault(home: Home, tmp_path: Path) -> None:
    """The test above is no use if the judges are asleep."""
    spoiled = tmp_path / "site" / "index.html"
    spoiled.parent.mkdir()
    page = (home.folder / "index.html").read_text("utf-8")
    spoiled.write_text(page.replace("</main>", '<p id="content">One <a href="x"><div>two</main>'), "utf-8")
    for judge in (judges.html_validate, judges.nu):
        found = list(judge(spoiled.parent))
        assert any(line.startswith("index.html:") or "/site/index.html:" in line for line in found), found


# --- accessibility -------------------------------------------------------------------------------


def barriers(page: Page, part: str = "html") -> list[str]:
    """What axe finds on the page, or on a part of it, as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(judges.axe())  # through the browser's own door: no page lets foreign scripts in
    found: list[str] = page.evaluate(RUN, [part, RULES])
    return found


def test_axe_finds_no_barrier_on_any_page(home: Home, tabs: Tabs) -> None:
    page = tabs(WIDE)
    found = []
    for path in home.paths():
        page.goto(home.address + path)
        settle(page)
        found += [f"{path}: {fault}" for fault in barriers(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_axe_finds_no_barrier_whatever_is_open(home: Home, tabs: Tabs, width: int, scheme: str) -> None:
    """Each kind of page, and each state it can be brought into."""
    page = tabs(width, color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in home.one_of_each_kind():
        page.goto(home.address + path)
        settle(page)
        for state, part in states(page):
            found += [f"{path} {state}: {fault}" for fault in barriers(page, part)]
    assert not found, "\n".join(found)


def states(page: Page) -> Iterator[tuple[str, str]]:
    """Bring a page into each of its states, one after the other: their names, and what to look at."""
    yield "as it comes", "html"
    for part in (".md-header", ".mg-tools"):
        button = page.locator(f"{part} .mg-menu")
        if button.is_visible():
            button.click()
            yield f"with the menu of {part} open", part  # the rest is half covered until the menu is closed
            page.keyboard.press("Escape")
    for name in (".mg-call a", ".mg-article .mg-term", ".mg-article .mg-country"):
        one = page.locator(name).first
        if one.count():
            one.focus()
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Tab")  # so that the focus is a keyboard's
            if page.viewport_size == {"width": NARROW, "height": 900}:
                page.keyboard.press("Enter")
            expect(
                page.locator(":is(.mg-inset, .mg-note.is-open, .mg-slip:not([hidden]))").first
            ).to_be_visible()
            yield f"with {name} open", "html"
            page.keyboard.press("Escape")
    closed = page.locator("main details:not([open])")
    if closed.count():
        closed.evaluate_all("all => { for (const one of all) one.open = true }")
        yield "with details open", "html"
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.fill("hedging")
    expect(page.locator("#mg-found a").first).to_be_visible()
    yield "with the search open", "html"
    page.keyboard.press("Escape")


def test_axe_would_see_a_barrier(home: Home, tabs: Tabs) -> None:
    page = tabs(WIDE)
    page.goto(home.address)
    settle(page)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"assets/mark.svg\">')"
    )
    assert any(fault.startswith("image-alt") for fault in barriers(page))


# --- calm ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_whatever_is_pressed_no_page_complains_or_asks_others(home: Home, tabs: Tabs, width: int) -> None:
    """Every button, list and filter of each kind of page; that nothing was said is for `tabs` to see."""
    page = tabs(width, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("window.print = () => {}")
    for path in home.one_of_each_kind():
        page.goto(home.address + path)
        settle(page)
        press_everything(page)


def press_everything(page: Page) -> None:
    """Use each control that the page shows, those in sheets too."""
    for choice in page.locator("select").all():
        for value in choice.locator("option").evaluate_all("all => all.map((one) => one.value)"):
            choice.select_option(value)
    for opener in page.locator("[popovertarget]").all():
        if opener.is_visible():
            opener.click()
            sheet = page.locator(f"#{opener.get_attribute('popovertarget')}")
            press_each(sheet.locator("button"))
            page.keyboard.press("Escape")
    press_each(page.locator("main :is(button, summary):not([popovertarget]), header .mg-colors"))
    if page.locator(".mg-article").count():
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.mg-p'))")
        page.get_by_role("button", name="Copy link to these words").click()
        press_each(page.locator(".mg-n, .mg-call a").filter(visible=True), most=6)
        for key in "nnp":
            page.keyboard.press(key)
        page.keyboard.press("Escape")


def press_each(controls: Locator, most: int = 60) -> None:
    for control in controls.all()[:most]:
        if control.is_visible():
            control.click()


# --- attacks -------------------------------------------------------------------------------------

FILES = sorted({path for path, _ in PLACES})
LAYERS = max(sum(path == file for path, _ in PLACES) for file in FILES)
"""How many sites are built, each with attacks in another place of every file: so that each place has its turn."""
TRIED = 6
"""How many attacks are tried in each place."""
RUNNING = """() => [...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].filter((attribute) =>
    /^on/i.test(attribute.name) || /^(javascript|vbscript):/i.test(attribute.value.replace(/[\\s\\x00-\\x20]/g, ''))
  ).map((attribute) => `${one.tagName} ${attribute.name}=${attribute.value}`))"""
"""Attributes in which a script could stand."""


def attack_site(folder: Path, layer: int) -> tuple[list[str], list[str]]:
    """Make a project whose article and files are full of attacks, as far as the engine lets them in.

    Gives the article's paragraphs, and what stands in the files.
    """
    shutil.copytree(GOOD, folder)
    lines = [" ".join(re.sub("[\x00-\x1f\u2028]", " ", attack).split()) for attack in ATTACKS]
    (folder / "seeds" / "attack.txt").write_text(
        "\n".join(f"He wrote {line} here." for line in lines), "utf-8"
    )
    let_in = []
    for number, file in enumerate(FILES):
        keys = [key for path, key in PLACES if path == file]
        start = (layer * len(FILES) + number) * TRIED
        attacks = [ATTACKS[at % len(ATTACKS)] for at in range(start, start + TRIED)]
        passed = [a for a in attacks if _enters(folder, file, keys[layer % len(keys)], a)]
        if len(passed) > 1:
            _enters(folder, file, keys[layer % len(keys)], " ".join(passed))
        let_in += passed
    return [f"He wrote {line} here." for line in lines], let_in


def _enters(project: Path, path: str, key: tuple[str | int, ...], attack: str) -> bool:
    """Put an attack into a file's text; whether the engine takes it. If not, the file is as before."""
    file = project / path
    before = file.read_bytes()
    file.write_bytes(spoil(path, key, attack))
    if any(problem.severity == "error" for problem in load(project)[1]):
        file.write_bytes(before)
        return False
    return True


@pytest.mark.parametrize("layer", range(LAYERS))
def test_attacks_are_refused_or_shown_as_words(serve: Serve, tabs: Tabs, tmp_path: Path, layer: int) -> None:
    """By turns under the pages' own policy, which must find nothing to forbid, and without it.

    That no script ran, nothing was said and nothing was asked of others is for `tabs` to see.
    """
    project = tmp_path / "project"
    paragraphs, let_in = attack_site(project, layer)
    assert let_in, "the engine refuses everything: this tests nothing"
    for part in ("hooks", "overrides"):
        (project / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "mkdocs.yml", project)
    site = project / "site"
    with serve(site) as address:
        run = mkdocs(project, "build", "--site-dir", str(site), SITE_URL=address)
        assert run.status == 0, run.log
        page = tabs(bypass_csp=bool(layer % 2))
        for file in sorted(site.rglob("*.html")):
            page.goto(address + file.relative_to(site).as_posix())
            settle(page)
            assert page.evaluate(RUNNING) == []
        page.goto(f"{address}readings/attack/")
        assert page.locator(".mg-article .mg-p").evaluate_all(_WORDS) == paragraphs
        search(page)


_WORDS = """(all) => all.map((one) => {
  const copy = one.cloneNode(true);
  for (const ours of copy.querySelectorAll(".apparatus")) ours.remove();
  return copy.textContent;
})"""


def search(page: Page) -> None:
    """Look for the attacks, so that the search shows what it found."""
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    for words in ("alert", "script", "x.example"):
        field.fill(words)
        expect(page.locator("#mg-found a").first).to_be_visible()
        assert page.locator(".mg-search :is(script, img, iframe, svg, form)").count() == 0
    page.keyboard.press("Escape")
