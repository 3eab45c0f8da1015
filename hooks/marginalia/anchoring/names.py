"""Names in, every place in a text where one of them stands out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..model import Span
from .folding import Folded, fold, joins, spaceless


class Names:
    """One expression that finds every name, the longest first, at word edges.

    The names are factored into a tree, so its speed hardly falls with their number. A name in lower
    case also matches at the start of a sentence; a name with a capital only as written. Excepted
    phrases are found as well, and yield nothing.
    """

    def __init__(self, names: Mapping[str, str], excepted: Iterable[str] = ()) -> None:
        """`names` maps each name to the id of its entry."""
        self._owner: dict[str, str | None] = {}
        for phrase in excepted:
            self._add(phrase, None)
        for name, owner in names.items():
            self._add(name, owner)
        self._expression = re.compile(_factored(self._owner)) if self._owner else None

    def _add(self, name: str, owner: str | None) -> None:
        plain = fold(name).text.strip()
        if plain:
            self._owner[plain] = owner
            if plain[0].islower():
                self._owner.setdefault(plain[0].upper() + plain[1:], owner)

    def find(self, folded: Folded) -> Iterator[tuple[Span, str]]:
        """Each place in the original of `folded` where a name stands, with its owner."""
        if self._expression is None:
            return
        text = folded.text
        for match in self._expression.finditer(text):
            owner, (start, end) = self._owner[match.group()], match.span()
            marked = end < len(text) and not text[end].isalnum() and joins(text[end - 1], text[end])
            if owner is not None and not marked:  # a vowel sign or accent behind it makes it another word
                yield Span(*folded.back(start, end)), owner


@lru_cache(maxsize=4)
def expression(names: tuple[tuple[str, str], ...], excepted: tuple[str, ...]) -> Names:
    """The `Names` of these pairs; made once for a build, and again in a live preview only where a name was edited."""
    return Names(dict(names), excepted)


def _factored(names: Iterable[str]) -> str:
    tree: dict[str, Any] = {}
    for name in names:
        node = tree
        for char in name:
            node = node.setdefault(char, {})
        node[""] = name
    edged = [re.escape(c) + _branch(n) for c, n in sorted(tree.items()) if _edged(c)]
    other = [re.escape(c) + _branch(n) for c, n in sorted(tree.items()) if not _edged(c)]
    # One look behind for all: before each branch it would keep `re` from skipping by the first letter.
    first = [rf"(?<!\w)(?:{'|'.join(edged)})"] if edged else []
    return "|".join(first + other)


def _branch(node: dict[str, Any]) -> str:
    ends = node.get("")
    options = []
    for char, below in sorted((c, n) for c, n in node.items() if c):
        run = char
        while len(below) == 1 and "" not in below:
            (char, below), *_ = below.items()
            run += char
        options.append(re.escape(run) + _branch(below))
    stop = (r"(?!\w)" if _edged(ends[-1]) else "") if ends else None
    if not options:
        return stop or ""
    if stop is not None:
        options.append(stop)
    return options[0] if len(options) == 1 else "(?:" + "|".join(options) + ")"


def _edged(char: str) -> bool:
    return (char.isalnum() or char == "_") and not spaceless(char)
