"""Tiny whole sites: each folder of tests/sites/ is built and compared with what it must give.

`in/` has the site's own docs/ and seeds/; `golden/` has its log, the list of its files, and those of
its pages that are worth looking at. `pytest --update` writes them anew: every page where there is no
golden folder yet; delete what need not be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest
from lxml import html  # type: ignore[import-untyped]
from sites.workshop import SITES, Run, lay_out, mkdocs, pages, readable

NAMES = sorted(folder.parent.name for folder in SITES.glob("*/in"))


@pytest.mark.parametrize("name", NAMES)
def test_site(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = lay_out(name, tmp_path / name)
    found = _found(folder / "site", mkdocs(folder, "build", "--strict"))
    golden = SITES / name / "golden"
    assert "Traceback" not in found["log.txt"]
    if request.config.getoption("--update"):
        _write(golden, found)
    kept = {f.relative_to(golden).as_posix(): f.read_text("utf-8") for f in golden.rglob("*.*")}
    changes = "".join(_change(path, text, found.get(path, "")) for path, text in sorted(kept.items()))
    assert not changes, changes
    assert [f"{path}: {fault}" for path, page in pages(folder / "site") for fault in _faults(page)] == []


def _found(site: Path, run: Run) -> dict[str, str]:
    files = sorted(f.relative_to(site).as_posix() for f in site.rglob("*.*"))
    log = [*run.said, f"exit status {run.status}"]
    found = {"log.txt": "\n".join(log) + "\n", "files.txt": "\n".join(files) + "\n"}
    return found | {path: readable(page) for path, page in pages(site)}


def _change(path: str, golden: str, found: str) -> str:
    """What has changed in one file, as a patch of its golden; empty where nothing has."""
    return "".join(
        unified_diff(golden.splitlines(True), found.splitlines(True), f"golden/{path}", "now", n=0)
    )


def _faults(page: html.HtmlElement) -> Iterator[str]:
    """What no golden may have, however it came about."""
    ids = [str(i) for i in page.xpath("//@id")]
    yield from (f"the id {i} is used twice" for i in sorted({i for i in ids if ids.count(i) > 1}))
    mute = [a for a in page.xpath("//a[@href]") if not (a.text_content().strip() or a.get("aria-label"))]
    yield from (f"the link to {a.get('href')} has no words" for a in mute)


def _write(golden: Path, found: dict[str, str]) -> None:
    wanted = [path for path in found if not golden.exists() or (golden / path).exists()]
    for path in wanted:
        (golden / path).parent.mkdir(parents=True, exist_ok=True)
        (golden / path).write_text(found[path], "utf-8")


def test_every_golden_has_its_site() -> None:
    assert sorted(folder.parent.name for folder in SITES.glob("*/golden")) == NAMES


def test_a_text_from_right_to_left_says_so(tmp_path: Path) -> None:
    """Else its lines begin on the wrong side, and its full stops stand at the wrong end."""
    folder = lay_out("right-to-left", tmp_path / "right-to-left")
    assert mkdocs(folder, "build", "--strict").status == 0
    page = dict(pages(folder / "site"))["readings/safina/index.html"]
    blocks = page.xpath("//*[@data-article]/*")
    assert len(blocks) == 3
    for block in blocks:
        assert block.xpath("ancestor-or-self::*[ancestor-or-self::*/@data-article]/@dir")[-1:] in (
            ["auto"],
            ["rtl"],
        )


def test_signs_stay_signs_in_the_projects_own_theme(tmp_path: Path) -> None:
    """Titles and descriptions come whole through the head of a page, where no golden looks, and bring nothing along."""
    folder = lay_out("signs", tmp_path / "signs")
    (folder / "mkdocs.yml").write_text("INHERIT: project.yml\nnav: null\n")
    run = mkdocs(folder, "build", "--strict")
    assert run.status == 0, run.log
    found = dict(pages(folder / "site"))
    plain = found["about/corrections/index.html"]
    for path, title, description in (
        ("readings/signs", "<script>alert(1)</script> & “signs” {{ 7 * 7 }}", '"><script>alert(2)</script>'),
        ("fact-checks/signs/year", "The year <1995> & all", "It was <1995> & {% raw %}."),
        ("glossary/q-and-a", "Q&A", "Questions & answers, <b>plain</b>."),
    ):
        page = found[f"{path}/index.html"]
        assert page.xpath("string(head/title)").startswith(title)
        assert page.xpath("string(head/meta[@name='description']/@content)") == description
        assert page.xpath("string(//h1)") == title
        assert _scripts(page) == _scripts(plain)
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []


def _scripts(page: html.HtmlElement) -> list[str]:
    """Where a page's scripts are, or what they say; data is not script."""
    scripts = page.xpath("//script[not(contains(@type, 'json'))]")
    return [str(s.get("src", s.text_content())).removeprefix("../").lstrip("./") for s in scripts]
