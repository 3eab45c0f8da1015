"""A template of `overrides/fragments/` and its values in, elements out.

The templates are well-formed XML with escaping on, so no value can leave its place. Whatever stays
in a page's content is made here or in `weave`; nothing writes HTML as a string.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

import jinja2
from markdown.util import AMP_SUBSTITUTE


class Fragments:
    """The fragment templates of one build."""

    def __init__(self, folder: Path, shared: Mapping[str, Any]) -> None:
        """`shared` are the values that every template may use."""
        self._environment = _environment(folder)
        self._shared = shared

    def make(self, name: str, **values: Any) -> list[Element]:
        """The elements of the template `name`. Raises ValueError, naming it, where it is not well-formed."""
        text = self._environment.get_template(name).render(**self._shared, **values)
        parser = XMLParser()
        try:
            parser.feed(f"<fragment>{text}</fragment>")
            root: Element = parser.close()
        except ParseError as error:
            raise ValueError(f"overrides/fragments/{name} is not well-formed: {error}") from error
        return list(tidy(root) if "&amp;" in text else root)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """One for a whole session of live preview: it holds compiled templates, and reads an edited one anew."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.filters["plural"] = plural
    return environment


def plural(noun: str, number: int) -> str:
    """An English noun as it stands behind `number`."""
    return noun if number == 1 else f"{noun}s"


def tidy(root: Element) -> Element:
    """`root` with its texts safe from Python-Markdown's reading of `&word;` as an entity."""
    for element in root.iter():
        if element.text and "&" in element.text:
            element.text = element.text.replace("&", AMP_SUBSTITUTE + "amp;")
        if element.tail and "&" in element.tail:
            element.tail = element.tail.replace("&", AMP_SUBSTITUTE + "amp;")
        for key, value in element.attrib.items():
            if "&" in value and key not in ("href", "src"):
                element.set(key, value.replace("&", AMP_SUBSTITUTE + "amp;"))
    return root
