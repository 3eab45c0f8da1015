"""A PDF in, what a screen reader would find in it out: its structure tree with the words of each element.

Written for the tests of the study guide, and strict: what it does not understand it raises on.
Source: ISO 32000-1:2008, 9.10 (text extraction), 14.6 (marked content), 14.7 (logical structure).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

_TYPES = """
Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody
Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu Figure Formula Form
"""
STANDARD = frozenset(_TYPES.split())
"""The structure types of PDF 1.7."""


@dataclass
class Element:
    """One element of the structure tree."""

    role: str
    """The standard type, after the role map."""
    obj: Any
    parent: Element | None
    kids: list[Element | str] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)
    """The annotations it owns."""
    pages: list[int] = field(default_factory=list)
    """The pages that its own words stand on."""

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    def of(self, *roles: str) -> list[Element]:
        return [element for element in self.walk() if element.role in roles]

    @cached_property
    def text(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def on_pages(self) -> set[int]:
        return {page for element in self.walk() for page in element.pages}


class Pdf:
    """An opened PDF and its structure."""

    def __init__(self, data: bytes) -> None:
        self.file = pikepdf.open(io.BytesIO(data))
        self.root = self.file.Root
        self.loose: list[tuple[int, str]] = []
        """Words that are neither in the tree nor marked as an artifact, by page."""
        self.unowned: list[tuple[int, int]] = []
        """Marked content that no element owns: page and number."""
        self._numbers = {page.objgen: n for n, page in enumerate(self.file.pages, 1)}
        self._marked = {n: self._read(n) for n in self._numbers.values()}
        self._used: set[tuple[int, int]] = set()
        tree = self.root.StructTreeRoot
        self.roles = {str(k)[1:]: str(v)[1:] for k, v in tree.get("/RoleMap", pikepdf.Dictionary()).items()}
        self.top = Element("Root", tree, None)
        for kid in _list(tree.get("/K")):
            self._grow(kid, self.top, None)
        self.unowned = [
            (p, m) for p, words in self._marked.items() for m in words if (p, m) not in self._used
        ]

    @cached_property
    def text(self) -> str:
        """All words in the order in which they are read aloud."""
        return self.top.text

    def label(self, page: int) -> str:
        """What is printed as the number of a page, counted from 1."""
        return str(self.file.pages[page - 1].label)

    def role(self, name: str) -> str:
        seen = []
        while name not in STANDARD and name in self.roles and name not in seen:
            seen.append(name)
            name = self.roles[name]
        return name

    def _grow(self, obj: Any, parent: Element, page: Any) -> None:
        if isinstance(obj, int) or obj.get("/Type") == "/MCR":
            where = self._numbers[(obj.Pg if not isinstance(obj, int) and "/Pg" in obj else page).objgen]
            number = int(obj if isinstance(obj, int) else obj.MCID)
            self._used.add((where, number))
            parent.kids.append(self._marked[where].get(number, ""))
            parent.pages.append(where)
        elif obj.get("/Type") == "/OBJR":
            parent.links.append(obj.Obj)
        else:
            element = Element(self.role(str(obj.S)[1:]), obj, parent)
            parent.kids.append(element)
            for kid in _list(obj.get("/K")):
                self._grow(kid, element, obj.get("/Pg", page))

    def _read(self, number: int) -> dict[int, str]:
        """The words of each piece of marked content on a page."""
        page: Any = self.file.pages[number - 1]
        fonts: Any = page.get("/Resources", {}).get("/Font", {})
        maps = {str(name): _unicode(font) for name, font in fonts.items()}
        words: dict[int, str] = {}
        open_: list[tuple[str, int | None, bool]] = []
        font = ""
        instructions: Any = pikepdf.parse_content_stream(page)
        for operands, operator in instructions:
            sign = str(operator)
            if sign in ("BDC", "BMC"):
                given = operands[1] if sign == "BDC" else pikepdf.Dictionary()
                if isinstance(given, pikepdf.Name):
                    given = page.Resources.Properties[str(given)]
                mcid = int(given.MCID) if "/MCID" in given else None
                said = "/ActualText" in given
                open_.append((str(operands[0]), mcid, said))
                if mcid is not None:
                    words.setdefault(mcid, "")
                if said:
                    self._say(number, words, open_[:-1], str(given.ActualText))
            elif sign == "EMC":
                open_.pop()
            elif sign == "Tf":
                font = str(operands[0])
            elif sign in ("Tj", "TJ"):
                strings = operands[0] if sign == "TJ" else [operands[0]]
                shown = "".join(
                    _decoded(bytes(s), maps[font]) for s in strings if isinstance(s, pikepdf.String)
                )
                if not any(said for _, _, said in open_):
                    self._say(number, words, open_, shown)
        assert not open_, f"page {number}: marked content is not closed"
        return words

    def _say(
        self, page: int, words: dict[int, str], open_: list[tuple[str, int | None, bool]], text: str
    ) -> None:
        owner = next((mcid for _, mcid, _ in reversed(open_) if mcid is not None), None)
        if owner is not None:
            words[owner] += text
        elif not any(tag == "/Artifact" for tag, _, _ in open_):
            self.loose.append((page, text))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _unicode(font: Any) -> dict[int, str]:
    """What the codes of a font stand for, from its ToUnicode map."""
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(value).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, value in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            for step in range(int(last, 16) - int(first, 16) + 1):
                start = bytes.fromhex(value).decode("utf-16-be")
                found[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _decoded(codes: bytes, table: dict[int, str]) -> str:
    return "".join(table[int.from_bytes(codes[n : n + 2], "big")] for n in range(0, len(codes), 2))
