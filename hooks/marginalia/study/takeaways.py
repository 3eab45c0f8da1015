"""An edition in; flash cards and quiz files out, written beside the books."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..model import Edition, Reading
from ..problem import Place, Problem
from .book import lay
from .cards import anki, cards, tsv
from .guide import edition_date
from .quiz import gift

INSTALL = "pip install genanki==0.13.1"


@dataclass(frozen=True)
class Takeaway:
    """A file for learning that is not a book."""

    file_name: str
    title: str
    subject: str
    """The id of the reading that it is about."""
    items: int
    """How many cards or questions it has."""
    size: int
    """In bytes."""
    path: Path = field(compare=False)


def make_takeaways(edition: Edition, out_folder: Path) -> tuple[list[Takeaway], list[Problem]]:
    """Flash cards and a quiz for every reading that has checks, written into `out_folder`."""
    made: list[Takeaway] = []
    try:
        import genanki  # type: ignore[import-untyped] # noqa: F401
    except ImportError as error:
        what = f"The package “genanki”, which makes the flash cards, is missing ({error})."
        return [], [Problem(Place("pyproject.toml"), "P601", what, f"Run: {INSTALL}")]
    out_folder.mkdir(parents=True, exist_ok=True)
    for reading in edition.readings.values():
        for name, title, items, data in _files(edition, reading) if reading.checks else ():
            path = out_folder / name
            lay(path, data)
            made.append(Takeaway(name, title, reading.id, items, len(data), path))
    return made, []


def _files(edition: Edition, reading: Reading) -> Iterator[tuple[str, str, int, bytes]]:
    made = cards(edition, reading)
    seconds = timegm(edition_date(edition).first.timetuple())
    title = reading.page.title
    yield (
        f"{reading.id}-flash-cards.apkg",
        "Flash cards for Anki",
        len(made),
        anki(tuple(made), title, seconds),
    )
    for deck in dict.fromkeys(card.deck for card in made):
        count = sum(card.deck == deck for card in made)
        yield (
            f"{reading.id}-flash-cards-{deck.lower()}.tsv",
            f"{deck}, as a table",
            count,
            tsv(made, deck),
        )
    questions = len(reading.checks) + len(edition.terms)
    yield f"{reading.id}-quiz.gift", "Quiz for Moodle (GIFT)", questions, gift(edition, reading)
