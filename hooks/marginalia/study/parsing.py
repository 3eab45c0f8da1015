"""A contributed Markdown body in, Python-Markdown's element tree out, with its notes at their calls.

The same parser as the web's, up to the last step: the tree is kept instead of being written as HTML.
"""

from __future__ import annotations

import html
import re
from copy import deepcopy
from xml.etree.ElementTree import Element, ParseError, SubElement, XMLParser

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

from ..intake.lint import CITATION
from ..pages.extension import Cite

WEB = ("tables", "footnotes", "pymdownx.betterem", "pymdownx.superfences")
"""What reads text on the web: MkDocs's own extensions and those of mkdocs.yml that print has a use for."""


class Parser:
    """One Markdown parser for all bodies of an edition."""

    def __init__(self) -> None:
        self._kept = _Keep()
        self._markdown = Markdown(extensions=[*WEB, self._kept])
        self._read: dict[str, Element] = {}

    def tree(self, markdown: str) -> Element:
        """The elements of `markdown`; a note's blocks stand inside `<note>` where it was called.

        Several books have the same text; it is read once.
        """
        if markdown not in self._read:
            self._read[markdown] = self._tree(markdown)
        return self._read[markdown]

    def _tree(self, markdown: str) -> Element:
        self._markdown.reset()
        self._markdown.convert(markdown)
        root = self._kept.root
        _restore(root, self._markdown.htmlStash.rawHtmlBlocks)
        _set_notes(root)
        return root


class _Keep(Extension):
    """Keeps the tree as it is after all other processors, and reads no raw HTML."""

    root: Element

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block", strict=False)
        md.inlinePatterns.deregister("html", strict=False)
        md.inlinePatterns.register(Cite(CITATION.pattern, md), "marginalia-cite", 172)
        md.treeprocessors.register(_Last(self), "marginalia-keep", -10)


class _Last(Treeprocessor):
    def __init__(self, keeper: _Keep) -> None:
        super().__init__()
        self.keeper = keeper

    def run(self, root: Element) -> None:
        self.keeper.root = deepcopy(root)


_INNER = re.compile("\x02[^\x02\x03]*\x03")
"""What Python-Markdown leaves in a tree for its own later steps, once what we know is restored."""


def _restore(root: Element, stash: list[str | Element]) -> None:
    """Put back what the parser set aside until the end: character references and code blocks."""

    def plain(text: str) -> str:
        text = HTML_PLACEHOLDER_RE.sub(lambda m: html.unescape(str(stash[int(m[1])])), text)
        if AMP_SUBSTITUTE in text:
            text = html.unescape(text.replace(AMP_SUBSTITUTE, "&"))
        return _INNER.sub("", text)

    for element in list(root.iter()):
        for key, held in element.attrib.items():
            element.set(key, plain(held))
        alone = HTML_PLACEHOLDER_RE.fullmatch((element.text or "").strip())
        if element.tag == "p" and alone and not len(element) and (block := _parsed(stash[int(alone[1])])):
            element.tag, element.text = block.tag, "".join(block.itertext())
            continue
        if element.text:
            element.text = html.unescape(element.text) if element.tag == "code" else plain(element.text)
        if element.tail:
            element.tail = plain(element.tail)


def _parsed(block: str | Element) -> Element | None:
    """The element in a piece of finished HTML that is a block, such as a listing; None for a word."""
    if not str(block).lstrip().startswith("<"):
        return None
    parser = XMLParser()
    try:
        parser.feed(str(block))
        found: Element = parser.close()
    except ParseError:
        return None
    if found.tag == "div" and found.find(".//pre") is not None:
        found.tag = "pre"
    return found


def _set_notes(root: Element) -> None:
    """Move each footnote from the list at the end to where it is called."""
    listed = next((e for e in root if e.tag == "div" and e.get("class") == "footnote"), None)
    if listed is None:
        return
    notes = {item.get("id", ""): item for item in listed.iter("li")}
    root.remove(listed)
    for number, call in enumerate(
        e for e in root.iter("sup") if e.find("a[@class='footnote-ref']") is not None
    ):
        item = notes[call[0].get("href", "").lstrip("#")]
        call.tag, call.text = "note", None
        call.attrib.clear()
        call.set("number", _letter(number))
        del call[:]
        for child in item:
            part = SubElement(call, child.tag, child.attrib)
            part.text = child.text
            part.extend(c for c in child if c.get("class") != "footnote-backref")


def _letter(number: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[number % 26] * (number // 26 + 1)
