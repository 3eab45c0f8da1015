"""What a build does to the published folder, above all when it fails; and that it gives the same each time.

Promises 4, 5 and 6: same in, same out; all problems at once; nothing lost.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT
from marginalia.edition.load import load
from marginalia.edition.surface import surface
from sites.workshop import copy_project, differences, lay_out, mkdocs, pages, photograph, published

_RAISING = """
import os
import mkdocs.exceptions

def planted(*arguments, **values):
    exception = getattr(mkdocs.exceptions, os.environ["PLANTED"], None) or KeyError
    raise exception("planted")

globals()[os.environ["EVENT"]] = planted
"""

_KILLING = """
import os
import shutil
from pathlib import Path

left = int(os.environ["STEPS"])

def counted(step):
    def run(*arguments, **values):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return step(*arguments, **values)
    return run

def on_post_build(config):
    Path.rename = counted(Path.rename)
    shutil.rmtree = counted(shutil.rmtree)
"""

_LATER = """
import sys
import datetime
import time

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(days=400)

real = time.time
time.time = lambda: real() + 400 * 86400
datetime.datetime = Later
print("It is another year.", file=sys.stderr, flush=True)
"""

_EVENTS = [
    "on_config",
    "on_pre_build",
    "on_files",
    "on_nav",
    "on_page_markdown",
    "on_page_content",
    "on_env",
    "on_page_context",
    "on_pre_template",
    "on_post_page",
    "on_post_template",
    "on_post_build",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out("apparatus", tmp_path_factory.mktemp("built") / "project")
    run = mkdocs(folder, "build")
    assert run.status == 0, run.log
    (folder / "site" / "published-before.txt").write_text("This file is in no source.")
    return folder


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """The folder of a tiny site that has been built once; what is published is marked as such."""
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def _with_hook(folder: Path, text: str, hooks: str = "[hooks/main.py, planted.py]") -> None:
    (folder / "planted.py").write_text(text)
    with (folder / "mkdocs.yml").open("a") as file:
        file.write(f"hooks: {hooks}\n")


def _as_it_was(folder: Path, before: dict[str, bytes]) -> None:
    assert differences(photograph(folder / "site"), before) == []
    assert [f.name for f in folder.iterdir() if f.name.startswith(".site")] == []


@pytest.mark.parametrize("arguments", [["build"], ["build", "--strict"]], ids=" ".join)
def test_problems_stop_the_build_and_are_all_told(site: Path, arguments: list[str]) -> None:
    before = photograph(site / "site")
    check = site / "docs/fact-checks/ferry/sank.md"
    check.write_text(check.read_text("utf-8").replace("since the ferry", "since the fairy"), "utf-8")
    (site / "docs/glossary/hedging.md").write_text("---\ntitle: Hedging\nshort: a\nshort: b\n---\n")
    (site / "docs/index.md").write_text("See [this](nowhere.md).\n")
    run = mkdocs(site, *arguments)
    assert run.status != 0
    for place in (
        "docs/fact-checks/ferry/sank.md:3:8  A101",
        "docs/glossary/hedging.md:4:1  F108",
        "docs/index.md:1:12  L401",
    ):
        assert place in run.log
    assert "Traceback" not in run.log
    _as_it_was(site, before)


def test_warnings_stop_only_a_strict_build(site: Path) -> None:
    with (site / "docs/bibliography.yml").open("a") as file:
        file.write("- {id: idle, type: book, title: Idle, kind: press, consulted: whole}\n")
    before = photograph(site / "site")
    strict = mkdocs(site, "build", "--strict")
    assert strict.status != 0
    assert "docs/bibliography.yml:20:8  V217" in strict.log
    _as_it_was(site, before)
    assert mkdocs(site, "build").status == 0
    assert not (site / "site" / "published-before.txt").exists()


@pytest.mark.parametrize("event", _EVENTS)
def test_an_exception_leaves_what_is_published(site: Path, event: str) -> None:
    before = photograph(site / "site")
    _with_hook(site, _RAISING)
    run = mkdocs(site, "build", EVENT=event, PLANTED="KeyError")
    assert run.status != 0
    assert "planted" in run.log
    _as_it_was(site, before)


@pytest.mark.parametrize("event", ["on_config", "on_page_markdown", "on_post_build"])
@pytest.mark.parametrize("planted", ["PluginError", "Abort"])
def test_so_does_an_orderly_refusal_of_a_hook_before_ours(site: Path, event: str, planted: str) -> None:
    before = photograph(site / "site")
    _with_hook(site, _RAISING, "[planted.py, hooks/main.py]")
    run = mkdocs(site, "build", EVENT=event, PLANTED=planted)
    assert run.status != 0
    assert "Traceback" not in run.log
    _as_it_was(site, before)


def test_a_broken_fragment_leaves_what_is_published(site: Path) -> None:
    before = photograph(site / "site")
    (site / "overrides").unlink()
    shutil.copytree(ROOT / "overrides", site / "overrides")
    (site / "overrides/fragments/term-head.html").write_text("<p>{{ term.title }}")
    run = mkdocs(site, "build")
    assert run.status != 0
    assert "overrides/fragments/term-head.html is not well-formed" in run.log
    _as_it_was(site, before)


def test_what_only_mkdocs_finds_stops_a_strict_build(site: Path) -> None:
    index = site / "docs" / "index.md"
    index.write_text(index.read_text() + "\n[Ruritania](countries/ruritania.md#nowhere)\n")
    before = photograph(site / "site")
    run = mkdocs(site, "build", "--strict")
    assert run.status != 0
    assert "does not contain an anchor '#nowhere'" in run.log
    assert "Traceback" not in run.log
    _as_it_was(site, before)


@pytest.mark.parametrize("steps", ["0", "1", "2"])
@pytest.mark.parametrize("sound", [True, False], ids=["then sound", "then failing"])
def test_after_a_kill_the_next_build_puts_things_right(site: Path, steps: str, sound: bool) -> None:
    """Killed before the old folder is set aside, before the new one takes its place, or before the old one goes."""
    before = photograph(site / "site")
    settings = (site / "mkdocs.yml").read_text()
    _with_hook(site, _KILLING)
    assert mkdocs(site, "build", STEPS=steps).status == 9
    assert [f.name for f in site.iterdir() if f.name.startswith(".site.")] != []
    (site / "mkdocs.yml").write_text(settings)
    if not sound:
        (site / "docs/index.md").write_text("[this](nowhere.md)\n")
    assert (mkdocs(site, "build").status == 0) == sound
    new = {path: data for path, data in before.items() if path != "published-before.txt"}
    _as_it_was(site, new if sound or steps == "2" else before)


def test_a_release_of_click_that_never_reloads_is_refused(site: Path, tmp_path: Path) -> None:
    """The metadata of another release stands before the real one; nothing else of it is looked at."""
    metadata = tmp_path / "other" / "click-8.3.1.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: click\nVersion: 8.3.1\n")
    before = photograph(site / "site")
    for command in ("build", "serve"):
        run = mkdocs(site, command, PYTHONPATH=str(tmp_path / "other"))
        assert run.status != 0
        assert "P501" in run.log and "8.3.1" in run.log
        assert "Traceback" not in run.log
        _as_it_was(site, before)


def test_a_site_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    folder = lay_out("bare-seed", tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    (folder / "site").symlink_to(tmp_path / "elsewhere")
    assert mkdocs(folder, "build").status == 0
    assert (folder / "site").is_symlink()
    assert (tmp_path / "elsewhere" / "index.html").is_file()


@pytest.mark.parametrize("checked", ["1066-10-14", "9999-12-31"])
def test_dates_that_computers_cannot_count_do_no_harm(site: Path, checked: str) -> None:
    check = site / "docs/fact-checks/ferry/sank.md"
    check.write_text(check.read_text("utf-8").replace("checked: 1908-03-01", f"checked: {checked}"), "utf-8")
    run = mkdocs(site, "build", "--strict")
    assert run.status == 0, run.log


# --- the same each time --------------------------------------------------------------------------


def test_same_in_same_out(tmp_path: Path) -> None:
    """Another folder, day, time zone, language, hash seed and mask of permissions; not one byte differs."""
    folder = copy_project(tmp_path / "another folder, with signs é")
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "sitecustomize.py").write_text(_LATER)
    other = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1234"}
    other["MARGINALIA_PDF"] = "full"
    mask = os.umask(0o077)
    try:
        run = mkdocs(folder, "build", "--strict", PYTHONPATH=str(tmp_path / "later"), **other)
    finally:
        os.umask(mask)
    assert run.status == 0, run.log
    assert set(run.said) == {"It is another year."}
    assert differences(photograph(folder / "site"), photograph(published())) == []


def test_the_order_of_files_on_the_disk_does_not_matter(tmp_path: Path) -> None:
    one, other = lay_out("two-readings", tmp_path / "one"), tmp_path / "other"
    shutil.copytree(one, other, symlinks=True)
    files = sorted((other / "docs").rglob("*.md"), reverse=True)
    for file in files:
        text = file.read_bytes()
        file.unlink()
        file.write_bytes(text)
        os.utime(file, (0, 0))
    for folder in (one, other):
        assert mkdocs(folder, "build", "--strict").status == 0
    assert differences(photograph(one / "site"), photograph(other / "site")) == []


def test_a_site_below_a_path_has_the_same_links(tmp_path: Path) -> None:
    """Nothing but what must name the address differs, and no link begins with a slash."""
    run = mkdocs(
        ROOT, "build", "--strict", "--site-dir", str(tmp_path / "sub"), SITE_URL="https://example.org/sub/"
    )
    assert run.status == 0, run.log
    plain, below = dict(pages(published())), dict(pages(tmp_path / "sub"))
    assert below.keys() == plain.keys()
    for path, page in below.items():
        links = [str(v) for v in page.xpath("//body//@href | //body//@src")]
        if path != "404.html":
            assert links == [str(v) for v in plain[path].xpath("//body//@href | //body//@src")]
            assert [v for v in links if v.startswith("/")] == []
            address = "https://example.org/sub/" + path.removesuffix("index.html")
            assert page.xpath("string(//link[@rel='canonical']/@href)") == address
        else:
            inside = [v for v in links if not urlsplit(v).scheme and not v.startswith("#")]
            assert inside and all(v.startswith("/sub/") for v in inside)


def test_a_site_can_be_read_from_a_folder(tmp_path: Path) -> None:
    """Opened as files, from a USB stick: every link of every page leads to a file, and none to a folder."""
    folder = lay_out("apparatus", tmp_path / "project")
    assert mkdocs(folder, "build", "--strict", DIRECTORY_URLS="false").status == 0
    site = folder / "site"
    for path, page in pages(site):
        for link in page.xpath("//@href | //@src"):
            parts = urlsplit(str(link))
            if path != "404.html" and not parts.scheme and parts.path:
                assert ((site / path).parent / unquote(parts.path)).is_file(), f"{path}: {link}"


def test_without_addresses_none_is_invented() -> None:
    for path, page in pages(published()):
        assert page.xpath("//link[@rel='canonical']") == [], path
        assert page.xpath("//a[contains(@class, 'md-content__button')]") == [], path
        assert page.xpath("//a[contains(@class, 'md-source')]") == [], path
    assert b"<loc>" not in (published() / "sitemap.xml").read_bytes()


@pytest.mark.parametrize(
    ("path", "old", "new", "shown"),
    [
        ("docs/fact-checks/ferry/mail.md", "The harbor office dates", "The office dates", False),
        ("docs/glossary/subsidy.md", "Lind calls it", "Lind, in passing, calls it", False),
        ("docs/countries/sweden.md", "Sweden pays in advance.", "Sweden pays.", False),
        ("docs/readings/ferry.md", "our label.", "our own label.", False),
        ("docs/fact-checks/ferry/mail.md", "confidence: high", "confidence: low", True),
        ("docs/countries/sweden.md", "title: Sweden", "title: The Swedes", True),
        ("docs/timeline/bridge-promised.md", "The vote was of", "They voted in", True),
        ("docs/questions/ferry/who-pays.md", "The council pays;", "Nobody pays;", True),
        ("docs/bibliography.yml", "title: A Bridge Too Dear", "title: A Bridge", True),
        ("seeds/lamp.txt", "lamp", "lantern", True),
    ],
)
def test_only_prose_of_entries_with_pages_is_not_shown_elsewhere(
    path: str, old: str, new: str, shown: bool, good_project: Path
) -> None:
    """What a live preview keeps pages by."""

    def seen() -> str:
        edition, _, texts = load(good_project)
        return surface(edition, texts)

    before, file = seen(), good_project / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert (seen() != before) == shown
