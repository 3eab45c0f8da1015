"""The project's own site, built for the address at which it is served, and tabs to look at it in.

For whoever says `pytest_plugins = ["browser", "hosted"]`. With its address known, everything of the
theme is on, instant navigation too; `address` in browser.py is the same site without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import serving, watched
from conftest import ROOT
from playwright.sync_api import Browser, Page
from sites.workshop import mkdocs

Tabs = Callable[..., Page]
"""Opens a tab: `tabs(width, height, **options of a context)`."""
Serve = Callable[[Path], AbstractContextManager[str]]
"""Serves a folder while a block lasts, at an address that ends with a slash."""

_MANY = re.compile(r"(fact-checks/[^/]+/|glossary/|countries/(?!map/|matrix/))[^/]+/")
"""The address of a page of which there are many alike."""


@dataclass(frozen=True)
class Home:
    """A site and where it is served."""

    address: str
    """Ends with a slash."""
    folder: Path

    def paths(self) -> tuple[str, ...]:
        """Every page's address, relative to the site's."""
        files = (f.relative_to(self.folder).as_posix() for f in self.folder.rglob("*.html"))
        return tuple(sorted(f.removesuffix("index.html") for f in files))

    def one_of_each_kind(self) -> tuple[str, ...]:
        """Every page that is alone of its kind; of checks, terms and countries the first."""
        kinds: dict[str, str] = {}
        for path in self.paths():
            many = _MANY.fullmatch(path)
            kinds.setdefault(many[1] if many else f"{path} itself", path)
        return tuple(kinds.values())


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The project's own site, at home."""
    folder = tmp_path_factory.mktemp("home") / "site"
    with serving(folder) as address:
        run = mkdocs(ROOT, "build", "--site-dir", str(folder), SITE_URL=address)
        assert run.status == 0, run.log
        yield Home(address, folder)


@pytest.fixture
def serve() -> Serve:
    """Serves other folders in the same way."""
    return serving


@pytest.fixture
def tabs(browser: Browser) -> Iterator[Tabs]:
    """Fresh tabs, each in a profile of its own; at the end none may have complained or asked anything of others."""
    visits, contexts = [], []

    def open_tab(width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        visits.append(watched(context))
        return visits[-1].page

    yield open_tab
    for context in contexts:
        context.close()
    said = [words for visit in visits for words in [*visit.complaints, *visit.outside]]
    assert not said, "\n".join(said)
