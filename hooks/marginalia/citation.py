"""A source in, a reference for readers out, in parts that templates put together."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Name, Source


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
    address = source.URL or (f"https://doi.org/{source.DOI}" if source.DOI else None)
    issued = source.issued.long if source.issued else "no date"
    return Reference(names(source.author or source.editor), source.title, container, issued, address)


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
