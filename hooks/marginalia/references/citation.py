"""A source in, a reference for readers out: its parts, its short form, its record for citation styles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Day, Name, Source

Record = Mapping[str, Any]
"""A CSL record: names as `family`, `given` or `literal`, dates as `date-parts`, all else text."""


@dataclass(frozen=True)
class Reference:
    """A source as readers see it, in the order of its parts."""

    authors: str
    title: str
    container: str
    """Where it appeared or who published it."""
    issued: str
    address: str | None


def reference(source: Source) -> Reference:
    """The parts of a reference to `source`."""
    container = ", ".join(dict.fromkeys(p for p in (source.container_title, source.publisher) if p))
    issued = source.issued.long if source.issued else "no date"
    people = names(source.author or source.editor)
    return Reference(people, source.title, container, issued, address(source))


def address(source: Source) -> str | None:
    """Where `source` can be read, if it can."""
    return source.URL or (f"https://doi.org/{source.DOI}" if source.DOI else None)


def names(people: tuple[Name, ...]) -> str:
    """`Ann Lee`, `Ann Lee and Bo Diaz`, `Ann Lee, Bo Diaz, and Cy Ek`, `Ann Lee et al.`"""
    written = [p.literal or " ".join(filter(None, (p.given, p.family))) for p in people]
    if len(written) > 3:
        return f"{written[0]} et al."
    if len(written) == 3:
        return f"{written[0]}, {written[1]}, and {written[2]}"
    return " and ".join(written)


def short(source: Source) -> str:
    """A reference for tight places: `Kuik 2008`, `NATO 2024`, `Reuters, no date`."""
    people = source.author or source.editor
    if people:
        who = people[0].literal or people[0].family or ""
        if len(people) == 2:
            who += f" and {people[1].literal or people[1].family}"
        elif len(people) > 2:
            who += " et al."
    else:
        who = source.publisher or source.container_title or source.title
    return f"{who} {source.issued.year}" if source.issued else f"{who}, no date"


# --- records -------------------------------------------------------------------------------------

_TEXTS = (
    "title", "container-title", "collection-title", "publisher", "publisher-place", "genre", "number",
    "volume", "issue", "page", "language", "URL", "DOI",
)  # fmt: skip
_REVIEWED = re.compile(r"\[(?:[\w ]+ )?review of (.+)\]", re.IGNORECASE)
"""The title that a review without one of its own has in our bibliography."""


def record(source: Source) -> Record:
    """`source` in the words of CSL 1.0.2, without what is ours alone: kind, how consulted, note."""
    texts = {name: getattr(source, name.replace("-", "_")) for name in _TEXTS}
    people = {"author": source.author, "editor": source.editor}
    days = {"issued": source.issued, "accessed": source.accessed}
    return (
        {"id": source.id, "type": source.type}
        | {name: text for name, text in texts.items() if text}
        | {role: [_person(p) for p in them] for role, them in people.items() if them}
        | {name: date_parts(day) for name, day in days.items() if day}
    )


def date_parts(day: Day) -> dict[str, list[list[int]]]:
    """A date as CSL records have it."""
    return {"date-parts": [[n for n in (day.year, day.month, day.day) if n]]}


def _person(name: Name) -> dict[str, str]:
    parts = {"family": name.family, "given": name.given, "literal": name.literal}
    return {part: text for part, text in parts.items() if text}


def for_styles(source: Source) -> Record:
    """The record of `source` such that the styles take what we do not know for unknown, and for nothing else.

    A review with a title of its own, whose subject we do not record, is an article. A publisher with
    the name of its publication is named once. An article with a DOI and no volume is not “ahead of
    print”: the part of it that we saw does not show the volume.
    """
    made = dict(record(source))
    if source.type == "review":
        if found := _REVIEWED.fullmatch(source.title):
            made["reviewed-title"] = found[1]
            del made["title"]
            made.pop("genre", None)
        else:
            made["type"] = "article-journal" if source.kind == "scholarly" else "article-magazine"
    if source.publisher == source.container_title:
        made.pop("publisher", None)
    if made["type"] == "article-journal" and "DOI" in made and not {"volume", "issue", "page"} & set(made):
        made["URL"] = f"https://doi.org/{made.pop('DOI')}"
    return made
