"""A text and the case that a style wants in, the text in that case out."""

from __future__ import annotations

import re

from .writing import MARKS

_SMALL = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of", "on", "onto", "or",
    "over", "so", "the", "till", "to", "up", "via", "with", "yet",
))  # fmt: skip
"""The words that a title does not capitalize. Source: the CSL specification, “Title Case Conversion”."""
_PARTICLES = frozenset(("de", "den", "der", "du", "la", "le", "v", "van", "von", "vs"))
"""Parts of names of people and lawsuits, which stay as they are."""
_WORD = re.compile(rf"[^\s{''.join(sorted(MARKS))}]+")
_LETTER = re.compile(r"\w")


def capitalize_first(text: str) -> str:
    """`text` with its first letter a capital."""
    found = _LETTER.search(text)
    if not found:
        return text
    return text[: found.start()] + found[0].upper() + text[found.end() :]


def title_case(text: str) -> str:
    """`text` as a headline. Words with a capital anywhere, in brackets, and names of sites stay as they are."""
    words = list(_WORD.finditer(text))
    pieces, at = [], 0
    for n, found in enumerate(words):
        starts = n == 0 or words[n - 1][0].rstrip("”’")[-1:] in {":", "?", "!"}
        pieces += [text[at : found.start()], _headline(found[0], starts or n == len(words) - 1)]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _headline(word: str, prominent: bool) -> str:
    core = word.strip("“”‘’()[],.:;?!…")
    if re.search(r"\w\.\w|^\[.*\]$", word) or (core in _PARTICLES and not prominent):
        return word
    parts = word.split("-")
    if len(parts) > 1:
        return "-".join(_headline(part, n == 0) for n, part in enumerate(parts))
    if core != core.lower() or (core in _SMALL and not prominent):
        return word
    return capitalize_first(word)
