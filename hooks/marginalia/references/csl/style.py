"""A style file in, a function from records to references out.

Each element of the style becomes a `Writer` once, when the style is read; writing a reference is
then calling them. A style that asks for what is not done here is refused with ValueError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from .conditions import Test, test_of
from .dress import Dress, dress_of
from .item import Item
from .names import NameRules, read_rules
from .numbers import DatePart, page_range, write_date
from .terms import NS, Locale, own_locales, read_locale
from .writing import END, LINK, TITLE, Run, attach, join, runs

Writer = Callable[[Item, list[str]], None]
"""Appends to the list what an element has to say of an item, if anything."""
_LINKED = {"URL", "DOI"}
_TITLES = {"title", "reviewed-title"}


class Style:
    """One citation style, ready to write references."""

    def __init__(self, style: str, locale: str) -> None:
        root = fromstring(style)
        bibliography = root.find(f"{NS}bibliography")
        layout = None if bibliography is None else bibliography.find(f"{NS}layout")
        if bibliography is None or layout is None:
            raise ValueError("a style without a bibliography")
        words = read_locale([fromstring(locale), *own_locales(root)])
        macros = {macro.get("name", ""): macro for macro in root.iter(f"{NS}macro")}
        reader = _Reader({**root.attrib, **bibliography.attrib}, words, macros)
        self._write = reader.group(layout)

    def reference(self, record: Mapping[str, Any]) -> tuple[Run, ...]:
        """The reference to a CSL record, with dates as `date-parts` and all else as text."""
        out: list[str] = []
        self._write(Item(record), out)
        return runs("".join(out))


class _Row:
    """Writers one after the other. Which branch of each `choose` is taken is found out once for each shape of items."""

    def __init__(self, writers: Sequence[Writer | _Choice]) -> None:
        self._writers = writers
        self._taken: dict[str, list[Writer]] = {}

    def of(self, item: Item) -> list[Writer]:
        """The writers that `item` meets."""
        if item.shape not in self._taken:
            found: list[Writer] = []
            for writer in self._writers:
                found += writer.of(item) if isinstance(writer, _Choice) else [writer]
            self._taken[item.shape] = found
        return self._taken[item.shape]


@dataclass(frozen=True)
class _Choice:
    """A `choose`."""

    branches: Sequence[tuple[Test, _Row]]

    def of(self, item: Item) -> list[Writer]:
        """The writers of the branch that `item` takes."""
        return next((row.of(item) for test, row in self.branches if test(item)), [])


class _Reader:
    """Makes writers of a style's elements."""

    def __init__(self, options: Mapping[str, str], locale: Locale, macros: Mapping[str, Element]) -> None:
        self.options = options
        self.locale = locale
        self._macros = macros
        self._read: dict[str, Writer] = {}

    def children(self, element: Element, parent: Element | None = None) -> _Row:
        """The writers of an element's children; `parent` is the `names` they stand in for, if any."""
        return _Row([self._writer(child, parent) for child in element])

    def _writer(self, element: Element, parent: Element | None) -> Writer | _Choice:
        kind = element.tag.removeprefix(NS)
        if kind == "names":
            return self._names(element, parent)
        if kind == "choose":
            return _Choice([(test_of(branch), self.children(branch, parent)) for branch in element])
        known: dict[str, Callable[[Element], Writer]] = {
            "text": self._text, "number": self._number, "label": self._label, "date": self._date,
            "group": self.group,
        }  # fmt: skip
        if kind not in known:
            raise ValueError(f"a style with <{kind}> where nothing is known of it")
        return known[kind](element)

    # --- what holds others -----------------------------------------------------------------------

    def group(self, element: Element) -> Writer:
        """The children with a delimiter between them, or nothing where all variables asked for are empty."""
        children, delimiter, dress = self.children(element), element.get("delimiter", ""), dress_of(element)

        def write(item: Item, out: list[str]) -> None:
            called, given = item.called, item.given
            parts: list[str] = []
            for child in children.of(item):
                child(item, parts)
            if parts and (item.given > given or item.called == called):
                out.append(dress(join(parts, delimiter), item.is_english))
                item.count()

        return write

    def _macro(self, name: str) -> Writer:
        if name not in self._read:
            children = self.children(self._macros[name])

            def write(item: Item, out: list[str]) -> None:
                parts: list[str] = []
                for child in children.of(item):
                    child(item, parts)
                if parts:
                    out.append(join(parts))
                    item.count()

            self._read[name] = write
        return self._read[name]

    # --- what says something ---------------------------------------------------------------------

    def _text(self, element: Element) -> Writer:
        dress = dress_of(element)
        if name := element.get("macro"):
            return partial(_dressed, self._macro(name), dress)
        if "variable" in element.attrib:
            return self._variable(element, dress)
        words = element.get("value") or self.locale.term(
            element.get("term", ""), element.get("form", "long"), element.get("plural") == "true"
        )
        said = dress(words, True) if words else ""
        return lambda item, out: out.append(said) if said else None

    def _variable(self, element: Element, dress: Dress) -> Writer:
        name = element.attrib["variable"]
        short = f"{name}-short" if element.get("form") == "short" else name
        pages = self.options.get("page-range-format", "expanded") if name == "page" else None

        def write(item: Item, out: list[str]) -> None:
            text = item.text(short if item.has(short) else name)
            if not text:
                return
            if pages:
                text = page_range(text, pages)
            if name in _TITLES:
                text = f"{TITLE}{text}{END}"
            said = dress(text, item.is_english)
            out.append(f"{LINK}{said}{END}" if name in _LINKED else said)

        return write

    def _number(self, element: Element) -> Writer:
        name, form, dress = element.attrib["variable"], element.get("form", "numeric"), dress_of(element)
        if form not in ("numeric", "ordinal"):
            raise ValueError(f"a style with numbers in the form “{form}”")

        def write(item: Item, out: list[str]) -> None:
            text = item.text(name)
            if text.isdecimal() and form == "ordinal":
                text = self.locale.ordinal(int(text))
            if text:
                out.append(dress(text, item.is_english))

        return write

    def _label(self, element: Element) -> Writer:
        name, form, never = (
            element.attrib["variable"],
            element.get("form", "long"),
            element.get("plural") == "never",
        )
        one, several = (dress_of(element)(self.locale.term(name, form, many), True) for many in (False, True))

        def write(item: Item, out: list[str]) -> None:
            if one and item.has(name):
                out.append(several if item.is_several(name) and not never else one)

        return write

    def _date(self, element: Element) -> Writer:
        name, dress = element.attrib["variable"], dress_of(element)
        layout = self.locale.dates[element.attrib["form"]] if "form" in element.attrib else element
        shown = element.get("date-parts", "year-month-day").split("-")
        parts = [DatePart(part, self.locale) for part in layout if part.get("name") in shown]
        delimiter = layout.get("delimiter", "")

        def write(item: Item, out: list[str]) -> None:
            if (date := item.date(name)) and (text := write_date(date, parts, delimiter)):
                out.append(dress(text, item.is_english))

        return write

    # --- names -----------------------------------------------------------------------------------

    def _names(self, element: Element, parent: Element | None) -> Writer:
        roles = element.attrib["variable"].split()
        pattern = element if parent is None or len(element) else parent
        rules, label, before = self._rules(pattern)
        dress = dress_of(element)
        delimiter = element.get("delimiter", self.options.get("names-delimiter", ""))
        substitute = element.find(f"{NS}substitute")
        instead = _Row([]) if substitute is None else self.children(substitute, element)

        def write(item: Item, out: list[str]) -> None:
            parts = []
            for role in roles:
                if people := item.people(role):
                    said, named = rules.write(people), label(role, len(people) > 1)
                    parts.append(attach(named, said) if before else attach(said, named))
            for stand_in in instead.of(item):
                if parts:
                    break
                mark = item.mark
                stand_in(item, parts)
                if parts:
                    item.use_up(mark)
            if parts:
                out.append(dress(join(parts, delimiter), item.is_english))

        return write

    def _rules(self, names: Element) -> tuple[NameRules, Callable[[str, bool], str], bool]:
        """How `names` are written, how their role is named, and whether it is named before them."""
        name, label = names.find(f"{NS}name"), names.find(f"{NS}label")
        rules = read_rules({} if name is None else name.attrib, self.options, self.locale)
        if label is None:
            return rules, lambda role, several: "", False
        dress, form = dress_of(label), label.get("form", "long")

        def say(role: str, several: bool) -> str:
            words = self.locale.term(role, form, several)
            return dress(words, True) if words else ""

        return rules, say, name is None or list(names).index(label) < list(names).index(name)


def _dressed(writer: Writer, dress: Dress, item: Item, out: list[str]) -> None:
    parts: list[str] = []
    writer(item, parts)
    if parts:
        out.append(dress(join(parts), item.is_english))
