"""An SVG file's bytes in, whether it is a plain drawing out: shapes and words, nothing that runs or loads.

A list of what is allowed, not of what is not: a browser runs script in an SVG that is opened by itself.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset([
    "svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", "style", "switch", "filter",
    "feGaussianBlur", "feOffset", "feBlend", "feColorMatrix", "feComposite", "feFlood", "feMerge",
    "feMergeNode",
])  # fmt: skip
_ALIVE = ("{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}")
"""Namespaces that a browser acts upon; those of drawing programs are dead letters to it."""
_DECLARATION = re.compile(
    r"""\A<\?xml\s+version=["']1\.\d["'](?:\s+encoding=["']utf-8["'])?[^<>?&]*\?>""", re.I
)
_OUTSIDE = re.compile(r"url\(\s*[\"']?(?!#)|@import|\\", re.IGNORECASE)


def is_plain_drawing(data: bytes) -> bool:
    """Whether the picture is well-formed SVG in UTF-8 without script, handlers or outside references."""
    try:
        text = _DECLARATION.sub("", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False
    if re.search(r"<[?]|<!(?!--)", text):
        return False
    parser = XMLParser()
    try:
        parser.feed(text)
        root: Element = parser.close()
    except (ParseError, ValueError):
        return False
    return root.tag == f"{_SVG}svg" and all(_plain(element) for element in root.iter())


def _plain(element: Element) -> bool:
    if element.tag.startswith(_ALIVE):
        return False
    if element.tag.startswith(_SVG) and element.tag.removeprefix(_SVG) not in _ELEMENTS:
        return False
    if element.tag == f"{_SVG}style" and _OUTSIDE.search(element.text or ""):
        return False
    return all(_harmless(name.rpartition("}")[2].lower(), value) for name, value in element.attrib.items())


def _harmless(name: str, value: str) -> bool:
    if name in ("href", "src", "base"):
        return value.startswith("#")
    return not name.startswith("on") and not _OUTSIDE.search(value)
