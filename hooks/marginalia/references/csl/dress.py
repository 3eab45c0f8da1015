"""The attributes of a style's element in, what they do to a text out."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from .casing import capitalize_first, title_case
from .writing import ITALIC, ROMAN, attach, is_supplied, quoted

Dress = Callable[[str, bool], str]
"""Dresses a text; the flag says whether it is in English, so that headlines may have capitals."""
_DRESSED = {"strip-periods", "text-case", "quotes", "font-style", "prefix", "suffix"}
_UNKNOWN = {"font-variant", "font-weight", "text-decoration", "vertical-align", "display"}


def dress_of(element: Element) -> Dress:
    """What the attributes of an element do to its text: case, quotation marks, italics, what stands around it."""
    if found := _UNKNOWN & element.attrib.keys():
        raise ValueError(f"a style with {', '.join(sorted(found))}")
    if not _DRESSED & element.attrib.keys():
        return lambda text, english: text
    if element.get("text-case", "title") not in ("title", "lowercase", "capitalize-first"):
        raise ValueError(f"a style with the case “{element.get('text-case')}”")
    bare = element.get("strip-periods") == "true"
    case = element.get("text-case", "")
    quotes, italic = element.get("quotes") == "true", element.get("font-style") == "italic"
    prefix, suffix = element.get("prefix", ""), element.get("suffix", "")

    def dress(text: str, english: bool) -> str:
        if bare:
            text = text.replace(".", "")
        if case:
            text = _cased(text, case, english)
        if (quotes or italic) and not is_supplied(text):
            text = quoted(text) if quotes else text
            text = f"{ITALIC}{text}{ROMAN}" if italic else text
        return attach(attach(prefix, text), suffix)

    return dress


def _cased(text: str, case: str, english: bool) -> str:
    if case == "capitalize-first":
        return capitalize_first(text)
    if case == "lowercase":
        return text.lower()
    return title_case(text) if english and not is_supplied(text) else text
