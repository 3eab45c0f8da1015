"""An edition in, what a reader can search for out: paragraphs, checks, terms, countries, events, pages.

The reader's browser indexes them, with MiniSearch, when the search is opened, and fetches nothing before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..intake.lint import CITATION
from ..model import Edition, Entry
from ..verdicts import VERDICTS
from .atlas import TIMELINE


@dataclass(frozen=True)
class Finding:
    """One thing that a search can find."""

    kind: str
    title: str
    path: str
    """The file of its page, relative to docs/."""
    anchor: str
    content: str
    names: tuple[str, ...] = ()
    """What else it is called; as good a find as its title."""


def findings(edition: Edition) -> Iterator[Finding]:
    """Everything findable, in a fixed order."""
    for reading in edition.readings.values():
        for block in reading.article.paragraphs:
            words = reading.article.words(block.span)
            yield Finding(
                "Text", f"{reading.page.title}, ¶ {block.number}", reading.page.path, block.id, words
            )
    for checked in edition.checks.values():
        check = checked.check
        said = f"{VERDICTS[check.verdict].word}. {check.summary} {check.quote or ''} {plain(check)}"
        yield Finding("Fact-check", check.title, check.path, "", said)
    for term in edition.terms.values():
        yield Finding("Term", term.title, term.path, "", f"{term.short} {plain(term)}", term.names)
    for country in edition.countries.values():
        facts = " ".join(e.fact for e in country.evidence)
        said = f"{country.role} {plain(country)} {facts}"
        yield Finding("Country", country.title, country.path, "", said, country.names)
    for anchored in edition.events:
        event = anchored.event
        yield Finding("Event", event.title, TIMELINE, event.id, f"{event.date.long}. {plain(event)}")


def plain(entry: Entry) -> str:
    """The words of an entry's body, without Markdown and citations."""
    text = re.sub(rf"\s{{0,9}}(?:{CITATION.pattern})", "", entry.body)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^#+ +.*$|^ *[-+] |[*_`>]", "", text, flags=re.MULTILINE)
    return " ".join(text.split())


def index(edition: Edition, address: Callable[[str], str]) -> str:
    """The search's documents as JSON: `[kind, title, address, content, names]` each.

    `address` gives a page's address, relative to the site's root, for its file.
    """
    rows = []
    for found in findings(edition):
        anchor = f"#{found.anchor}" if found.anchor else ""
        names = ", ".join(found.names)
        rows.append([found.kind, found.title, address(found.path) + anchor, found.content, names])
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
