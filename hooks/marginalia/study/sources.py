"""The sources a book cites in, its bibliography out, with the addresses printed."""

from __future__ import annotations

from ..model import Source
from ..references.citation import reference
from ..verdicts import CONSULTED, SOURCE_KINDS
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, call, exactly, words

_TYPABLE, _CUT = 260, 100
"""Signs of the longest address that is printed whole, and of what is printed of a longer one."""


def bibliography(scope: Scope) -> Piece:
    """Every source cited so far, by its short name."""
    known = scope.manuscript.edition.sources
    names = scope.manuscript.short_names
    cited = sorted((s for s in scope.cited if s in known), key=lambda s: (names[s].casefold(), s))
    return Piece(call("bibliography-list", *(_entry(names[name], known[name]) for name in cited)))


def _entry(name: str, source: Source) -> Code:
    parts = reference(source)
    author = parts.authors if parts.authors and not name.startswith(parts.authors) else ""
    witness = f"{SOURCE_KINDS[source.kind]}, {CONSULTED[source.consulted]}"
    return call(
        "source",
        exactly(f"source-{source.id}"),
        words(name),
        words(author),
        words(parts.title),
        words(", ".join(filter(None, (parts.container, parts.issued)))),
        words(witness),
        exactly(parts.address or ""),
        exactly(printed_address(parts.address or "")),
    )


def printed_address(address: str) -> str:
    """An address as it is typed. One too long to be typed is cut short; it can still be followed on screen."""
    shown = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return shown if len(shown) <= _TYPABLE else f"{shown[:_CUT]}…"
