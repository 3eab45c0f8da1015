"""Plain Markdown out: another generator builds it without our hooks, and the article is still the article."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from lxml import html  # type: ignore[import-untyped]
from marginalia.edition.load import load
from markdown import Markdown
from sites.workshop import Run, environment, lay_out, mkdocs, pages

STRICT = (
    '{"validation": {"links": {"anchors": "warn", "absolute_links": "warn", "unrecognized_links": "warn"}}, '
)


def export(root: Path, out: Path) -> Run:
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "hooks" / "marginalia"),
            "--root",
            str(root),
            "export",
            "--out",
            str(out),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment(),
    )
    return Run(done.returncode, done.stdout)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "plain"
    run = export(ROOT, out)
    assert run.status == 0, run.log
    return out


def test_another_generator_builds_it_and_every_link_leads_somewhere(exported: Path) -> None:
    file = exported / "mkdocs.yml"
    file.write_text(STRICT + file.read_text("utf-8").lstrip().removeprefix("{"), "utf-8")
    run = mkdocs(exported, "build", "--strict")
    assert run.status == 0, run.log
    for path, page in pages(exported / "site"):
        ids = [str(i) for i in page.xpath("//@id")]
        assert sorted(i for i in set(ids) if ids.count(i) > 1) == [], path


def test_there_is_a_page_for_each_page(exported: Path) -> None:
    edition, _, _ = load(ROOT)
    for entry in (
        *(c.check for c in edition.checks.values()),
        *edition.terms.values(),
        *edition.countries.values(),
    ):
        text = (exported / "docs" / entry.path).read_text("utf-8")
        page = html.document_fromstring(Markdown(extensions=["meta"]).convert(text))
        assert [h.text_content() for h in page.xpath("//h1")] == [entry.title]


def test_every_word_of_the_article_and_of_its_notes_is_there(exported: Path) -> None:
    """As another generator shows it: each paragraph, less the calls of its notes, is the seed's."""
    edition, _, _ = load(ROOT)
    reading = edition.readings["allied-hedging"]
    text = (exported / "docs" / reading.page.path).read_text("utf-8")
    page = html.document_fromstring(Markdown(extensions=["meta", "footnotes", "tables"]).convert(text))
    for call in page.xpath("//sup"):
        call.drop_tree()
    for block in reading.article.paragraphs:
        (paragraph,) = page.xpath(f"//p[.//a[@id='{block.id}']]")
        assert paragraph.text_content() == reading.article.words(block.span)
    notes = page.xpath("//div[@class='footnote']//li")
    assert len(notes) == len(reading.checks)
    for note, checked in zip(notes, reading.checks, strict=True):
        assert checked.check.summary in note.text_content()


def test_signs_stay_signs(tmp_path: Path) -> None:
    """Words that look like Markdown or HTML come out as they went in."""
    site = lay_out("signs", tmp_path / "site")
    run = export(site, tmp_path / "plain")
    assert run.status == 0, run.log
    edition, _, _ = load(site)
    for reading in edition.readings.values():
        text = (tmp_path / "plain" / "docs" / reading.page.path).read_text("utf-8")
        page = html.document_fromstring(Markdown(extensions=["meta", "footnotes", "tables"]).convert(text))
        for call in page.xpath("//sup"):
            call.drop_tree()
        for block in reading.article.paragraphs:
            (paragraph,) = page.xpath(f"//p[.//a[@id='{block.id}']]")
            shown, meant = paragraph.text_content(), reading.article.words(block.span)
            assert re.sub(r"\\s+", " ", shown) == re.sub(r"\\s+", " ", meant)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    run = export(ROOT, tmp_path)
    assert run.status == 1
    assert "is not empty" in run.log
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]
