"""A project folder in, a built site out: what the tests of whole sites share.

Every build is a process of its own, started as a contributor starts it, in an environment without
the variables that the project reads.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree, html  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
"""The project."""
SITES = ROOT / "tests" / "sites"
FRAME = SITES / "frame"
"""What every tiny site is built with, unless it brings its own."""

_READ = (
    "SITE_URL",
    "REPO_URL",
    "MARGINALIA_PDF",
    "DIRECTORY_URLS",
    "SOURCE_DATE_EPOCH",
    "GITHUB_ACTIONS",
    "PYTHONPATH",
    "PYTHONHASHSEED",
)


@dataclass(frozen=True)
class Run:
    """How a command ended and what it said."""

    status: int
    log: str

    @property
    def said(self) -> list[str]:
        """The lines of the log that are the same on every machine and day."""
        passing = ("INFO    -  Cleaning", "INFO    -  Building", "INFO    -  Documentation built")
        return [line for line in self.log.splitlines() if line.strip() and not line.startswith(passing)]


def environment(**variables: str) -> dict[str, str]:
    """The variables of a build. A page stands for each book, unless `MARGINALIA_PDF` is given: books take long."""
    kept = {name: value for name, value in os.environ.items() if name not in _READ}
    fixed = {"NO_MKDOCS_2_WARNING": "1", "COLUMNS": "400", "PYTHONUTF8": "1", "MARGINALIA_PDF": "stub"}
    return kept | fixed | variables


def mkdocs(folder: Path, *arguments: str, **variables: str) -> Run:
    """`mkdocs` run in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=folder,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    )
    return Run(done.returncode, done.stdout)


def lay_out(name: str, folder: Path) -> Path:
    """A tiny site of tests/sites/, put together in `folder` with the project's hooks and fragments."""
    shutil.copytree(FRAME, folder, dirs_exist_ok=True)
    shutil.copytree(SITES / name / "in", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", folder / "project.yml")
    for part in ("hooks", "overrides"):
        (folder / part).symlink_to(ROOT / part)
    return folder


def copy_project(folder: Path) -> Path:
    """What a clone of the project has, as far as a build needs it."""
    for part in ("docs", "hooks", "overrides", "seeds"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True
        )
    for file in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    return folder


def photograph(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its path, with its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that two photographs do not have alike."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@cache
def published() -> Path:
    """The project's own site, built once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="marginalia-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run = mkdocs(ROOT, "build", "--strict", "--site-dir", str(folder / "site"), MARGINALIA_PDF="full")
    assert run.status == 0, run.log
    return folder / "site"


def pages(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page of a built site: its address from the site's root and its elements."""
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        yield path, html.document_fromstring(file.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


# --- goldens -------------------------------------------------------------------------------------

_BLOCKS = {
    "article", "blockquote", "body", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "li", "nav", "ol", "p", "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def readable(page: html.HtmlElement) -> str:
    """What a page says, less the theme: title, description and body, one block a line."""
    lines = [f"title: {page.findtext('head/title')}"]
    lines += [f"description: {m.get('content')}" for m in page.xpath("head/meta[@name='description']")]
    body = page.find("body")
    assert body is not None
    return "\n".join([*lines, "", *_inside(body, "")]) + "\n"


def _lines(element: html.HtmlElement, indent: str) -> Iterator[str]:
    if not any(child.tag in _BLOCKS for child in element.iterdescendants()):
        yield indent + etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        return
    bare = html.Element(element.tag, dict(element.attrib))
    yield indent + etree.tostring(bare, encoding="unicode").removesuffix("/>") + ">"
    yield from _inside(element, indent + "  ")
    yield f"{indent}</{element.tag}>"


def _inside(element: html.HtmlElement, indent: str) -> Iterator[str]:
    if element.text and element.text.strip():
        yield indent + element.text.strip()
    for child in element:
        yield from _lines(child, indent)
        if child.tail and child.tail.strip():
            yield indent + child.tail.strip()
