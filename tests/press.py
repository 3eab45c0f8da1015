"""An edition in, its pages as HTML out; and a reader of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from conftest import ROOT
from marginalia.edition.load import load
from marginalia.export import press as export
from marginalia.export.press import bodies
from marginalia.model import Edition
from marginalia.pages.weave import APPARATUS


class Press(export.Press):
    """Prints the pages of an edition that is in no folder, in the project's own dress."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(ROOT, edition)


def pages(root: Path) -> dict[str, str]:
    """The content of every page of the project at `root`, by its file."""
    edition, problems, texts = load(root)
    assert not any(p.severity == "error" for p in problems), problems
    press = Press(edition)
    return {path: press.page(path, body) for path, body in bodies(edition, texts).items()}


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
