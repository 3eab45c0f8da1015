"""Pieces of a reference in, one text out: punctuation where pieces meet, quotation marks, italics.

While a reference is put together, characters of the private use area mark what is italic, what is the
title and what is an address, so that pieces are plain strings until `runs` takes the marks out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ITALIC, ROMAN, TITLE, LINK, END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
MARKS = frozenset((ITALIC, ROMAN, TITLE, LINK, END))

_SEAM = frozenset(" .,:;?!")
_SWALLOWED = frozenset(("..", "?.", "!.", ":.", ";.", ",,", "::", ";;", "??", "!!", "?:", "!:"))
"""A mark at the end of a piece and one at the start of the next of which only the first stays."""
_ENDS_QUOTED = re.compile(r"(?<!\w)‘(?:[^‘’]|’(?=\w))*’$")
_SINGLE = re.compile(r"(?<!\w)‘((?:[^‘’]|’(?=\w))*)’")
_DOUBLE = re.compile("“([^“”]*)”")


@dataclass(frozen=True)
class Run:
    """A stretch of a reference that is set in one way."""

    text: str
    italic: bool = False
    role: Literal["title", "link"] | None = None


def plain(runs: Iterable[Run]) -> str:
    """The words of a reference without their dress."""
    return "".join(run.text for run in runs)


def attach(left: str, right: str) -> str:
    """`left` and `right` with one space and one punctuation mark where they meet, inside closing quotes."""
    if not left or not right:
        return left + right
    at = next((i for i, c in enumerate(right) if c not in MARKS), None)
    if at is None or right[at] not in _SEAM:
        return left + right
    mark, rest = right[at], right[:at] + right[at + 1 :]
    if mark == " ":
        return left + rest if _last(left) == " " else left + right
    quotes = _closing_quotes(left)
    if _last(left[:quotes]) + mark in _SWALLOWED:
        return attach(left, rest)
    if mark in ".," and quotes < len(left):
        return attach(left[:quotes] + mark + left[quotes:], rest)
    return left + right


def _last(text: str) -> str:
    """The last character that is no mark."""
    return next((c for c in reversed(text) if c not in MARKS), "")


def _closing_quotes(text: str) -> int:
    """Where the closing quotation marks at the end of `text` begin, or its end; an apostrophe is none."""
    start = len(text)
    for at in range(len(text) - 1, -1, -1):
        if text[at] in MARKS:
            continue
        if text[at] == "”" or (text[at] == "’" and _ENDS_QUOTED.search(_unmarked(text[: at + 1]))):
            start = at
        else:
            break
    return start


def _unmarked(text: str) -> str:
    return "".join(c for c in text if c not in MARKS)


def join(pieces: Iterable[str], delimiter: str = "") -> str:
    """The pieces with the delimiter between them."""
    text = ""
    for piece in pieces:
        text = attach(attach(text, delimiter), piece) if text else piece
    return text


def quoted(text: str) -> str:
    """`text` in quotation marks, the ones in it changed to those of the next level."""
    return f"“{_DOUBLE.sub(_lowered, text)}”"


def _lowered(found: re.Match[str]) -> str:
    return "‘" + _SINGLE.sub(r"“\1”", found[1]) + "’"


def is_supplied(text: str) -> bool:
    """Whether a title is in brackets: a description in place of a title, which no style quotes or slants."""
    words = _unmarked(text)
    return words.startswith("[") and words.endswith("]")


def runs(text: str) -> tuple[Run, ...]:
    """The marked text as runs; italics inside italics are upright."""
    found: list[Run] = []
    depth, roles = 0, list[Literal["title", "link"]]()
    for piece in re.split(f"([{''.join(sorted(MARKS))}])", text):
        if piece == ITALIC:
            depth += 1
        elif piece == ROMAN:
            depth -= 1
        elif piece in (TITLE, LINK):
            roles.append("title" if piece == TITLE else "link")
        elif piece == END:
            roles.pop()
        elif piece:
            found.append(Run(piece, depth % 2 == 1, roles[-1] if roles else None))
    return tuple(found)
