"""An edition in, a picture for each kind of page out, for where an address is shared.

Set by Typst, which is there for the study guide: no browser, no network, the same bytes each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ..cache import Cache
from ..intake.entries import kind_of
from ..model import Edition

DENSITY = 144
"""Pixels an inch: 1200 by 630 in all."""


@dataclass(frozen=True)
class Card:
    """The words on one picture."""

    name: str
    kind: str
    title: str
    line: str = ""


def cards(edition: Edition) -> Iterator[Card]:
    """A card for every kind of page, and one for each reading."""
    yield Card("home", "An annotated edition", "An argued text, with its facts beside it")
    yield Card("fact-checks", "Fact-check", "Is that so?", f"{len(edition.checks)} statements checked")
    yield Card("glossary", "Glossary", "What does that mean?", f"{len(edition.terms)} terms of strategy")
    yield Card(
        "countries",
        "Countries",
        "Between the powers",
        f"{len(edition.countries)} countries, blocs and regions",
    )
    yield Card("timeline", "Timeline", "What happened when", f"{len(edition.events)} events")
    yield Card(
        "study-guide", "Study guide", "Questions, with answers apart", f"{len(edition.questions)} questions"
    )
    for reading in edition.readings.values():
        line = f"{len(reading.checks)} fact-checks in {len(reading.article.paragraphs)} paragraphs"
        yield Card(f"reading-{reading.id}", "Reading", reading.page.title, line)


def card_of(path: str) -> str:
    """The name of the card for the page whose file is `path`, relative to docs/."""
    kind = kind_of(path)
    if kind == "readings":
        return f"reading-{Path(path).stem}"
    first = path.split("/")[0].removesuffix(".md")
    known = ("fact-checks", "glossary", "countries", "timeline", "study-guide")
    return first if first in known else "home"


def draw(edition: Edition, site: str, template: Path, fonts: Path, target: Path, cache_folder: Path) -> None:
    """Write every card of `edition` into `target` as PNG. Drawn anew only where words or template changed."""
    import typst

    target.mkdir(parents=True, exist_ok=True)
    cache = Cache(cache_folder, hashlib.sha256(template.read_bytes()).hexdigest())
    used = []
    for card in cards(edition):
        words: dict[str, str] = asdict(card) | {"site": site}
        key = cache.key(repr(sorted(words.items())))
        if found := cache.find(key):
            picture = found[0]
        else:
            picture = typst.compile(
                template,
                format="png",
                ppi=float(DENSITY),
                sys_inputs=words,
                font_paths=[fonts],
                ignore_system_fonts=True,
            )
            cache.keep(key, picture)
        used.append(key)
        (target / f"{card.name}.png").write_bytes(picture)
    cache.forget_others(used)
