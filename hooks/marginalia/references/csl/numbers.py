"""Dates and pages in, the way a style writes them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from .terms import Date, Locale
from .writing import attach

_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_PARTS = ("year", "month", "day")


class DatePart:
    """How one part of a date is written."""

    def __init__(self, element: Element, locale: Locale) -> None:
        self._index = _PARTS.index(element.attrib["name"])
        self._form = element.get("form", "long" if self._index == 1 else "numeric")
        self._prefix, self._suffix = element.get("prefix", ""), element.get("suffix", "")
        self._locale = locale

    def write(self, date: Date) -> str:
        """This part of the date, or nothing where it is not known."""
        if self._index >= len(date):
            return ""
        number = date[self._index]
        if self._index == 1 and self._form in ("long", "short"):
            said = self._locale.term(f"month-{number:02}", self._form)
        else:
            said = f"{number:02}" if self._form == "numeric-leading-zeros" else str(number)
        return f"{self._prefix}{said}{self._suffix}"


def write_date(date: Date, parts: Sequence[DatePart], delimiter: str) -> str:
    """The known parts of a date in the order of the layout."""
    text = ""
    for said in filter(None, (part.write(date) for part in parts)):
        text = attach(attach(text, delimiter), said) if text else said
    return text.strip(" ,/")


def page_range(text: str, style: str) -> str:
    """Pages with an en dash, and as many digits of the second number as the style wants."""
    return _RANGE.sub(lambda found: f"{found[1]}–{_last_page(found[1], found[2], style)}", text)


def _last_page(first: str, last: str, style: str) -> str:
    full = first[: max(len(first) - len(last), 0)] + last
    number = int(first)
    if style == "minimal-two":
        least = 2
    elif style == "chicago-16" and number > 100 and number % 100:
        least = 1 if number % 100 < 10 else 2
    elif style in ("expanded", "chicago-16"):
        return full
    else:
        raise ValueError(f"a style with pages in the form “{style}”")
    if len(full) != len(first):
        return full
    same = next((i for i, (a, b) in enumerate(zip(first, full, strict=True)) if a != b), len(full))
    return full[min(same, max(len(full) - least, 0)) :]
