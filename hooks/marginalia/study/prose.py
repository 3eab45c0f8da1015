"""An element tree in, Typst code out: what a contributor wrote, with nothing dropped in silence."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

from ..intake.lint import scheme_of
from ..problem import Place, Problem
from .parsing import Parser
from .typst_code import NOTHING, Code, Value, call, exactly, join, words

_BLOCKS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table", "hr"])
_INLINE = {"em": "emph", "strong": "strong"}
_PRINTABLE = frozenset([".svg", ".png", ".jpg", ".jpeg", ".webp"])


@dataclass(frozen=True)
class Context:
    """Where a body stands and what its links and citations become there."""

    path: str
    """The file it was written in, relative to docs/."""
    line: int
    """The line of the file on which it begins."""
    level: int
    """The level of the heading that it stands under."""
    refer: Callable[[str, str, Code], Code]
    """A link to a file of docs/ and a place in it, round the words given."""
    cite: Callable[[str, str | None], Code]
    """A short reference to a source and a place in it."""


@dataclass(frozen=True)
class Block:
    """An outermost block of a body."""

    code: Code
    notes: tuple[str, ...]
    """The notes called in it."""


@dataclass
class Prose:
    """The converter of one edition; it gathers the problems and the pictures it meets."""

    docs: Path | None
    """The folder that pictures are read from."""
    problems: list[Problem] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)
    _noted: list[str] = field(default_factory=list)

    @cached_property
    def _parser(self) -> Parser:
        return Parser()

    def blocks(self, markdown: str, context: Context) -> list[Block]:
        """The outermost blocks of a body, in order."""
        found = []
        for code in self._flow(self._parser.tree(markdown), context) if markdown.strip() else ():
            found.append(Block(code, tuple(self._noted)))
            self._noted.clear()
        return found

    # --- blocks ----------------------------------------------------------------------------------

    def _flow(self, parent: Element, context: Context) -> Iterator[Code]:
        """The blocks in `parent`; words that stand bare among them become a paragraph."""
        first = parent.text or ""
        loose: list[Code] = [words(first)] if first.strip() else []
        for child in parent:
            if child.tag in _BLOCKS:
                if loose:
                    yield call("p", join(loose))
                yield self._block(child, context)
                loose = []
            else:
                loose.append(self._inline(child, context))
            if (child.tail or "").strip() or (loose and child.tail):
                loose.append(words(child.tail or ""))
        if loose:
            yield call("p", join(loose))

    def _block(self, element: Element, context: Context) -> Code:
        tag = element.tag
        if tag == "p":
            return call("p", self._line(element, context))
        if tag[0] == "h" and tag != "hr":
            depth = max(int(tag[1]) - 1, 1)
            return call("head", context.level + depth, self._line(element, context))
        if tag in ("ul", "ol"):
            items = [self._item(item, context) for item in element]
            return call("points" if tag == "ul" else "steps", *items)
        if tag == "blockquote":
            return call("quoted", join(self._flow(element, context)))
        if tag == "pre":
            return call("listing", exactly("".join(element.itertext()).rstrip("\n")))
        if tag == "table":
            return self._table(element, context)
        return call("pause")

    def _item(self, item: Element, context: Context) -> Code:
        if any(child.tag in _BLOCKS for child in item):
            return join(self._flow(item, context))
        return self._line(item, context)

    def _table(self, table: Element, context: Context) -> Code:
        rows = [[self._line(cell, context) for cell in row] for row in table.iter("tr")]
        first = next(table.iter("tr"), None)
        sides = [_side(cell) for cell in first] if first is not None else []
        head, body = (rows[0], rows[1:]) if rows else ([], [])
        return call("grid-of", sides, head, *(cell for row in body for cell in row))

    # --- words -----------------------------------------------------------------------------------

    def _line(self, element: Element, context: Context) -> Code:
        """The words of an element and all that stands in it."""
        parts = [words(element.text)] if element.text else []
        for child in element:
            parts.append(self._inline(child, context))
            if child.tail:
                parts.append(words(child.tail))
        return join(parts)

    def _inline(self, element: Element, context: Context) -> Code:
        tag = element.tag
        if tag in _INLINE:
            return call(_INLINE[tag], self._line(element, context))
        if tag == "a":
            return self._link(element, context)
        if tag == "span" and element.get("class") == "mg-cites":
            return self._citation(element, context)
        if tag == "code":
            return call("typed", exactly("".join(element.itertext())))
        if tag == "br":
            return call("linebreak")
        if tag == "note":
            return self._note(element, context)
        if tag == "img":
            return self._picture(element, context)
        return self._unknown(element, context)

    def _link(self, link: Element, context: Context) -> Code:
        address, shown = link.get("href", ""), self._line(link, context)
        if scheme_of(address):
            return call("web", exactly(address), shown)
        path, _, place = address.partition("#")
        if not path:
            return shown
        target = posixpath.normpath(posixpath.join(posixpath.dirname(context.path), path))
        return context.refer(target, place, shown)

    def _citation(self, group: Element, context: Context) -> Code:
        parts: list[Code] = []
        for link in group:
            parts += [words("; "), context.cite(link.get("data-cite", ""), link.get("data-at"))]
        return join([words("("), *parts[1:], words(")")])

    def _note(self, note: Element, context: Context) -> Code:
        name = f"{context.path.removesuffix('.md').replace('/', '-')}-{note.get('number')}"
        parts: list[Code] = []
        for child in note:
            parts += [call("linebreak"), self._line(child, context)]
        named: dict[str, Value] = {"id": exactly(name), "number": note.get("number", "")}
        self._noted.append(name)
        return call("note", join(parts[1:]), **named)

    def _picture(self, picture: Element, context: Context) -> Code:
        source, alt = picture.get("src", ""), picture.get("alt", "")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(context.path), source))
        file = self.docs / path if self.docs else None
        if scheme_of(source) or file is None or file.suffix.lower() not in _PRINTABLE or not file.is_file():
            return self._unprintable(f"the picture “{source}”", "Use an SVG, PNG or JPEG file.", context)
        name = f"pictures/{path.replace('/', '-')}"
        self.pictures[name] = file
        return call("picture", exactly(name), alt=alt)

    # --- what print does not know ----------------------------------------------------------------

    def _unknown(self, element: Element, context: Context) -> Code:
        kind = f".{element.get('class')}" if element.get("class") else ""
        return self._unprintable(
            f"the element <{element.tag}{kind}>", "Write it in Markdown that has no such element.", context
        )

    def _unprintable(self, what: str, mend: str, context: Context) -> Code:
        place = Place(f"docs/{context.path}", context.line)
        self.problems.append(Problem(place, "P602", f"The study guide cannot print {what}.", mend))
        return NOTHING


def _side(cell: Element) -> str:
    style = cell.get("style", "")
    return next((side for side in ("center", "right") if side in style), "left")
