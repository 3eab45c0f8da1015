"""Terms and fact-checks in, flash cards out: an Anki deck whose cards keep their ids, and plain TSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..edition.backlinks import passage
from ..model import Edition, Reading
from ..verdicts import FAMILIES, VERDICTS

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the deck's archive, so that the same cards give the same bytes."""


@dataclass(frozen=True)
class Card:
    """What stands on the two sides, and the id by which a learner's progress is kept."""

    id: str
    deck: str
    front: str
    back: str
    tag: str


def cards(edition: Edition, reading: Reading) -> list[Card]:
    """A card for each term of the edition, and one for each check of `reading`."""
    terms = sorted(edition.terms.values(), key=lambda t: t.title.casefold())
    made = [Card(f"term-{t.id}", "Terms", t.title, t.short, _tag(FAMILIES[t.family])) for t in terms]
    for checked in reading.checks:
        check, grade = checked.check, VERDICTS[checked.check.verdict]
        found = passage(reading, checked.spans)
        front = f"What do the sources say of this? “{_said(reading, checked.spans)}” (¶ {found.block.number})"
        made.append(
            Card(
                f"{reading.id}-{check.id}",
                "Claims",
                front,
                f"{grade.word}. {check.summary}",
                _tag(grade.word),
            )
        )
    return made


def _said(reading: Reading, spans: Sequence[Any]) -> str:
    return " … ".join(" ".join(reading.article.words(span).split()) for span in spans)


def _tag(words: str) -> str:
    return words.lower().replace(" ", "-")


def tsv(made: Sequence[Card], deck: str) -> bytes:
    """Front and back of the cards in `deck`, one card a line, as every flash-card program reads them."""
    rows = (f"{' '.join(c.front.split())}\t{' '.join(c.back.split())}\n" for c in made if c.deck == deck)
    return "".join(rows).encode()


@lru_cache(maxsize=8)
def anki(made: tuple[Card, ...], name: str, seconds: int) -> bytes:
    """An Anki package of all cards, in a deck for each kind under `name`; `seconds` is its date.

    Remembered, because live preview asks at every save and most saves change no card.
    Needs genanki. A note's id comes from the card's id, so that a later edition mends cards instead of
    adding them again.
    """
    import genanki  # type: ignore[import-untyped]

    model = genanki.Model(
        _number("marginalia-card"),
        "Marginalia: front and back",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
        css=".card { font-family: serif; font-size: 20px; text-align: left; max-width: 34em; margin: auto; }",
    )
    decks = {card.deck: genanki.Deck(_number(f"{name} {card.deck}"), f"{name}::{card.deck}") for card in made}
    for card in made:
        note = genanki.Note(
            model=model,
            fields=[escape(card.front, quote=False), escape(card.back, quote=False)],
            guid=genanki.guid_for("marginalia", card.id),
            tags=[card.tag],
        )
        decks[card.deck].add_note(note)
    with TemporaryDirectory(prefix="marginalia-") as folder:
        file = Path(folder) / "deck.apkg"
        genanki.Package(list(decks.values())).write_to_file(str(file), timestamp=float(seconds))
        return _undated(file.read_bytes())


def _number(name: str) -> int:
    """An id as Anki wants it, always the same for one name."""
    return (1 << 30) + int.from_bytes(sha256(name.encode()).digest()[:4], "big") % (1 << 30)


def _undated(archive: bytes) -> bytes:
    """The archive with the hour of its making taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
