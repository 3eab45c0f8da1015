"""The study guide as part of the site: each file published, linked, and told of as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from sites.workshop import copy_project, differences, lay_out, mkdocs, pages, photograph, published


@pytest.fixture(scope="module")
def site() -> Path:
    return published()


def links(site: Path) -> dict[str, str]:
    """Every link to a book or take-away: the file's path from the site's root, and what is told of it."""
    found = {}
    for path, page in pages(site):
        for link in page.xpath("//a[@href]"):
            target = ((site / path).parent / link.get("href")).resolve()
            if target.parent == site / "study-guide" and target.suffix in (".pdf", ".apkg", ".tsv", ".gift"):
                (about,) = link.xpath("following-sibling::*[1]/text()")
                found[target.relative_to(site).as_posix()] = str(about)
    return found


def test_every_file_is_linked_with_its_true_size_and_length(site: Path) -> None:
    there = {
        f.relative_to(site).as_posix() for f in (site / "study-guide").glob("*.*") if f.suffix != ".html"
    }
    told = links(site)
    assert told.keys() == there
    assert any("teacher-letter" in name for name in there)
    for name, about in told.items():
        file = site / name
        size = file.stat().st_size
        shown = f"{size / 1e6:.1f}\xa0MB" if size >= 995_000 else f"{max(round(size / 1e3), 1)}\xa0kB"
        assert about.endswith(shown), name
        if file.suffix == ".pdf":
            with pikepdf.open(file) as pdf:
                assert re.search(rf"\b{len(pdf.pages)} pages?, ", about), f"{name}: {about}"


def test_each_country_links_its_own_sheet(site: Path) -> None:
    for page in sorted((site / "countries").glob("*/index.html")):
        name = page.parent.name
        found = set(re.findall(r"study-guide/(country-[a-z-]+)-(?:a4|letter)\.pdf", page.read_text("utf-8")))
        assert found == ({f"country-{name}"} if name not in ("map", "matrix") else set())


def test_a_stub_says_that_it_is_one(tmp_path: Path) -> None:
    folder = lay_out("apparatus", tmp_path / "site")
    assert mkdocs(folder, "build", "--strict", MARGINALIA_PDF="stub").status == 0
    page = folder / "site" / "study-guide" / "index.html"
    assert "MARGINALIA_PDF=full" in page.read_text("utf-8")
    assert mkdocs(folder, "build", "--strict", MARGINALIA_PDF="full").status == 0
    assert "MARGINALIA_PDF" not in page.read_text("utf-8")
    with pikepdf.open(folder / "site" / "study-guide" / "ferry-student-a4.pdf") as pdf:
        assert len(pdf.pages) > 1


def test_a_book_that_cannot_be_made_stops_the_build(tmp_path: Path) -> None:
    folder = lay_out("apparatus", tmp_path / "site")
    assert mkdocs(folder, "build", "--strict", MARGINALIA_PDF="full").status == 0
    before = photograph(folder / "site")
    (folder / "overrides").unlink()
    copied = copy_project(tmp_path / "whole") / "overrides"
    copied.rename(folder / "overrides")
    (folder / "overrides" / "study" / "fonts" / "SourceSans3[wght].ttf").unlink()
    run = mkdocs(folder, "build", "--strict", MARGINALIA_PDF="full")
    assert run.status == 1
    assert "P601" in run.log
    assert "git checkout -- overrides/study/fonts" in run.log
    assert "Traceback" not in run.log
    assert differences(before, photograph(folder / "site")) == []
