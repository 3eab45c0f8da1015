"""An edition in, the content of its pages as HTML out, without a site generator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown

from ..intake.frontmatter import read
from ..model import Edition
from ..pages.atlas import Atlas, Plan, published
from ..pages.extension import NOTHING, Annotate
from ..pages.fragments import Fragments
from ..references.citing import Desk, read_styles
from ..study import StudyGuide

_ALWAYS = ("toc", "tables", "fenced_code")
"""The Markdown extensions that MkDocs adds by itself."""


class Press:
    """Prints the pages of one edition, one after the other."""

    def __init__(self, root: Path, edition: Edition, study_guide: StudyGuide | None = None) -> None:
        """`root` has mkdocs.yml, whose name and Markdown extensions are used, and overrides/."""
        config = _settings(root / "mkdocs.yml")
        self.site_name = str(config["site_name"])
        self._settings: dict[str, Any] = {name: {} for name in _ALWAYS}
        for item in config["markdown_extensions"]:
            self._settings |= item if isinstance(item, dict) else {item: {}}
        self.atlas = Atlas(edition)
        self.desk = Desk(edition, read_styles(root / "overrides" / "styles"), self.site_name)
        shared = self.atlas.shared() | self.desk.shared() | (study_guide or StudyGuide()).shared()
        self._ours = Annotate(self.atlas, Fragments(root / "overrides" / "fragments", shared))

    def plan(self, path: str) -> Plan:
        return self.atlas.plan(path)

    def page(self, path: str, markdown: str = "") -> str:
        """The content of the page whose file is `path`, relative to docs/; links lead to other files there."""
        self._ours.path = path
        names = list(self._settings)
        printer = Markdown(extensions=[*names, self._ours], extension_configs=self._settings)
        return printer.convert(markdown if markdown.strip() else NOTHING)


def _settings(file: Path) -> dict[str, Any]:
    """What `file` says, and what it says nothing of by the file that it inherits from."""
    own: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    return _settings(file.parent / own["INHERIT"]) | own if "INHERIT" in own else own


def bodies(edition: Edition, texts: Mapping[str, str]) -> dict[str, str]:
    """What contributors wrote for each page, by its path relative to docs/; `texts` are all their files."""
    found = {r.page.path: r.page.body for r in edition.readings.values()}
    for name, text in texts.items():
        path = name.removeprefix("docs/")
        if path != name and path.endswith(".md") and published(path):
            document, _ = read(name, text, required=False)
            found[path] = document.body if document else ""
    return dict(sorted(found.items()))
