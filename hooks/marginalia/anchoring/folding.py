"""Text made comparable: quotes, dashes, spaces and Unicode form folded, every offset remembered.

Used to find quoted words and names. Letters and digits are never changed, so words that differ in
a letter or a digit stay different.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_SAME = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    "\u2026": "...",
}
_MOST_MARKS = 32
"""On one letter. No language has more; putting thousands of them in order takes minutes.

Source: Unicode Standard Annex 15, Stream-Safe Text Format.
"""
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_DASHES = "-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_SPECIAL = re.compile(  # one plain space, or one plain hyphen, stays as it is
    f"(?P<space> [\\s{_INVISIBLE}]+|[^\\S ][\\s{_INVISIBLE}]*)"
    f"|(?P<gone>[{_INVISIBLE}]+)"
    f"|(?P<dashes>-[{_DASHES}{_INVISIBLE}]+|[{_DASHES[1:]}][{_DASHES}{_INVISIBLE}]*)"
    f"|(?P<same>[{''.join(map(re.escape, _SAME))}])"
    "|(?P<other>[^\\x00-\\x7f])"
)


@dataclass(frozen=True)
class Folded:
    """A text made comparable."""

    text: str
    origin: Sequence[int]
    """For each character, where it came from; one more entry for the end."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` was made from."""
        return self.origin[start], self.origin[end]


def fold(text: str) -> Folded:
    """`text` made comparable. Its own letters are kept but for the Unicode form (NFC)."""
    if _SPECIAL.search(text) is None:
        return Folded(text, range(len(text) + 1))
    out: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(text):
        match = _SPECIAL.search(text, at)
        stop = match.start() if match else len(text)
        if (
            match
            and match.lastgroup == "other"
            and stop > at
            and text[stop - 1] not in " -"
            and unicodedata.combining(text[stop])
        ):
            stop -= 1  # the mark belongs to the plain letter before it
        out.append(text[at:stop])
        origin.extend(range(at, stop))
        if not match:
            break
        piece, end = _folded_piece(text, stop, match)
        out.append(piece)
        origin.extend([stop] * len(piece))
        at = end
    origin.append(len(text))
    return Folded("".join(out), tuple(origin))


def _folded_piece(text: str, start: int, match: re.Match[str]) -> tuple[str, int]:
    kind = match.lastgroup
    if kind == "space":
        return " ", match.end()
    if kind == "gone":
        return "", match.end()
    if kind == "dashes":
        return "-", match.end()
    if kind == "same":
        return _SAME[match.group()], match.end()
    end = start + 1
    stop = min(len(text), start + _MOST_MARKS)
    while end < stop and (unicodedata.combining(text[end]) or _melts(text[start:end], text[end])):
        end += 1
    return unicodedata.normalize("NFC", text[start:end]), end


def _melts(before: str, char: str) -> bool:
    """Whether `char`, though no combining mark, becomes one with what is before it: Korean and Indic vowels."""
    if char < "\u0900" or len(before) > 3:
        return False
    apart = unicodedata.normalize("NFC", before)
    return len(unicodedata.normalize("NFC", before + char)) <= len(apart)


def fold_case(text: str) -> str:
    """`text` in lower case, of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def joins(left: str, right: str) -> bool:
    """Whether two neighboring characters belong to one word.

    Scripts written without spaces have no word edges to keep to.
    """
    return _word(left) and _word(right)


def _word(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char == "_"
    return (char.isalnum() or unicodedata.category(char)[0] == "M") and not spaceless(char)


_SPACELESS = (
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x9FFF),
    (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
_STARTS = [low for low, _ in _SPACELESS]


def spaceless(char: str) -> bool:
    """Whether `char` is of a script written without spaces between words (Thai, Chinese …)."""
    code = ord(char)
    index = bisect_left(_STARTS, code + 1) - 1
    return index >= 0 and code <= _SPACELESS[index][1]
