"""An edition in, its pages as HTML out, through the Markdown extensions that mkdocs.yml names; and a reader of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT
from marginalia.edition.load import load
from marginalia.intake.frontmatter import read
from marginalia.model import Edition
from marginalia.pages.atlas import Atlas, published
from marginalia.pages.extension import Annotate
from marginalia.pages.fragments import Fragments
from marginalia.pages.weave import APPARATUS
from marginalia.references.citing import Desk, read_styles
from marginalia.study import StudyGuide
from markdown import Markdown


@cache
def _extensions() -> tuple[list[str], dict[str, Any]]:
    """The names and the settings of the Markdown extensions; MkDocs adds the first three by itself."""
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    names, settings = ["toc", "tables", "fenced_code"], {}
    for item in config["markdown_extensions"]:
        name, values = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        names.append(name)
        settings[name] = values
    return list(dict.fromkeys(names)), settings


class Press:
    """Prints the pages of one edition."""

    def __init__(self, edition: Edition) -> None:
        atlas = Atlas(edition)
        desk = Desk(edition, read_styles(ROOT / "overrides" / "styles"), "A Site")
        shared = atlas.shared() | desk.shared() | StudyGuide().shared()
        fragments = Fragments(ROOT / "overrides" / "fragments", shared)
        self._ours = Annotate(atlas, fragments)

    def page(self, path: str, markdown: str = "") -> str:
        """The content of the page whose file is `path`, relative to docs/."""
        names, settings = _extensions()
        self._ours.path = path
        return Markdown(extensions=[*names, self._ours], extension_configs=settings).convert(markdown)


def pages(root: Path) -> dict[str, str]:
    """The content of every page of the project at `root`, by its file."""
    edition, problems, texts = load(root)
    assert not any(p.severity == "error" for p in problems), problems
    press = Press(edition)
    bodies = {r.page.path: r.page.body for r in edition.readings.values()}
    for name, text in texts.items():
        path = name.removeprefix("docs/")
        if path != name and path.endswith(".md") and published(path):
            document, _ = read(name, text, required=False)
            bodies[path] = document.body if document else ""
    return {path: press.page(path, body) for path, body in sorted(bodies.items())}


@dataclass
class Node:
    """An element of a page as a browser would see it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """The element and every one in it."""
        yield self
        for item in self.inside:
            if isinstance(item, Node):
                yield from item.walk()

    def one(self, **attributes: str) -> Node:
        """The one element in it that has these attributes (`class_` for a class among others)."""
        found = list(self.all(**attributes))
        assert len(found) == 1, f"{len(found)} elements with {attributes}"
        return found[0]

    def all(self, **attributes: str) -> Iterator[Node]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for node in self.walk():
            if all(
                value in node.attributes.get(name, "").split() if name == "class" else node.attributes.get(name) == value
                for name, value in wanted.items()
            ):  # fmt: skip
                yield node

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def text(self) -> str:
        """Every word in it."""
        return "".join(item if isinstance(item, str) else item.text() for item in self.inside)

    def words(self) -> str:
        """Its words less the apparatus."""
        if APPARATUS in self.classes:
            return ""
        return "".join(item if isinstance(item, str) else item.words() for item in self.inside)


_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("page")]
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.odd.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.odd.append(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        self.odd.append(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        self.odd.append(f"a section: {data}")


def parsed(html: str) -> Node:
    """The elements of a page's content; whatever is not an element or text is an error."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.odd, reader.odd
    assert len(reader.open) == 1, f"never closed: {[n.tag for n in reader.open[1:]]}"
    return reader.open[0]
