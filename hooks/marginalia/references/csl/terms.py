"""Locale files in, their terms and layouts of dates out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

NS = "{http://purl.org/net/xbiblio/csl}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FALLBACK = {"verb-short": "verb", "symbol": "short", "verb": "long", "short": "long"}
"""The form to take where a term has none of the one that is asked for."""

Date = tuple[int, ...]
"""Year, month, day: as many as are known."""


@dataclass(frozen=True)
class Locale:
    """The words of a language, with what a style changes of them."""

    terms: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """One and several, by name and form."""
    dates: Mapping[str, Element] = field(default_factory=dict)
    """Layouts of dates by form."""

    def term(self, name: str, form: str = "long", several: bool = False) -> str:
        """The words for `name`, or none."""
        wanted: str | None = form
        while wanted:
            if (name, wanted) in self.terms:
                return self.terms[name, wanted][several]
            wanted = _FALLBACK.get(wanted)
        return ""

    def ordinal(self, number: int) -> str:
        """`1st`, `2nd`, `11th`."""
        for name in (f"ordinal-{number % 100:02}", f"ordinal-{number % 10:02}", "ordinal"):
            if (name, "long") in self.terms:
                return f"{number}{self.term(name)}"
        return str(number)


def read_locale(roots: Iterable[Element]) -> Locale:
    """One locale of several, of which the later overrule the earlier."""
    terms: dict[tuple[str, str], tuple[str, str]] = {}
    dates: dict[str, Element] = {}
    for root in roots:
        for term in root.iter(f"{NS}term"):
            one, several = term.find(f"{NS}single"), term.find(f"{NS}multiple")
            words = term.text or ""
            terms[term.get("name", ""), term.get("form", "long")] = (
                (one.text or "") if one is not None else words,
                (several.text or "") if several is not None else words,
            )
        dates |= {date.get("form", ""): date for date in root.findall(f"{NS}date")}
    return Locale(terms, dates)


def own_locales(style: Element) -> list[Element]:
    """What a style says of American English, the most special last."""
    found = {locale.get(_LANG): locale for locale in style.findall(f"{NS}locale")}
    return [found[lang] for lang in (None, "en", "en-US") if lang in found]
