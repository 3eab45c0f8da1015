"""Words to places: a quote's one place in an article, and every place where a name stands.

Rule: nothing is ever attached by likeness. A quote is found exactly (after folding) and exactly
once, or there is a problem that says where it probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from .folding import Folded, fold, fold_case, joins, spaceless
from .model import Article, Quoting, Span
from .problem import Place, Places, Problem

_SHORTEST = 12


@dataclass(frozen=True)
class Searchable:
    """An article ready to be searched."""

    article: Article
    folded: Folded
    cased: str
    """`folded.text` in lower case, of the same length."""


def searchable(article: Article) -> Searchable:
    """`article` folded once, for all its quotes and names."""
    folded = fold(article.text)
    return Searchable(article, folded, fold_case(folded.text))


def locate(
    target: Quoting,
    places: Places,
    here: Searchable,
    others: Sequence[Searchable] = (),
    key: tuple[str | int, ...] = (),
) -> tuple[tuple[Span, ...], list[Problem]]:
    """Where the words of `target` stand: a span for each paragraph they run through, or problems."""
    ends = target.from_ is not None or target.to is not None
    if (target.quote is None) == (not ends) or (ends and (target.from_ is None or target.to is None)):
        return (), [
            Problem(
                places.of(*key),
                "A116",
                "There must be either a quote, or both from: and to:.",
                "Give quote:, or from: and to:.",
            )
        ]
    if target.quote is not None:
        problem = _malformed(target.quote, places.of(*key, "quote"))
        if problem:
            return (), [problem]
        found, problem = _once(target.quote, target, places, here, others, key, "quote")
        if problem:
            return (), [problem]
        assert found
        if len(_by_block(found, here.article)) > 1:
            return (), [
                Problem(
                    places.of(*key, "quote"),
                    "A108",
                    "The quote spans two paragraphs.",
                    "Use from: and to: with the first and the last words.",
                )
            ]
        return (found,), []
    start, first = _once(target.from_ or "", target, places, here, others, key, "from")
    end, last = _once(target.to or "", target, places, here, others, key, "to")
    problems = [p for p in (first, last) if p]
    if start and end and end.end <= start.start:
        problems.append(
            Problem(
                places.of(*key, "to"),
                "A101",
                "The last words stand before the first.",
                "Exchange from: and to:.",
            )
        )
    if problems or not start or not end:
        return (), problems
    return _by_block(Span(start.start, end.end), here.article), []


def _malformed(quote: str, place: Place) -> Problem | None:
    if not any(c.isalnum() for c in quote):
        return Problem(place, "A114", "The quote has no words.", "Copy the words from the article.")
    if len(quote) < _SHORTEST:
        return Problem(place, "A107", f"“{quote}” is too short to be safe.", "Take in a few more words.")
    return None


def _once(
    quote: str,
    target: Quoting,
    places: Places,
    here: Searchable,
    others: Sequence[Searchable],
    key: tuple[Any, ...],
    name: str,
) -> tuple[Span | None, Problem | None]:
    """The one place of `quote`, or the problem with it."""
    found = _find(quote, here)
    place = places.of(*key, name)
    if not found:
        return None, _not_found(quote, place, here, others)
    kept = [s for s in found if _beside(s, target, here)] if target.prefix or target.suffix else found
    if not kept:
        which = "prefix" if target.prefix else "suffix"
        beside = _neighborhood(found[0], here, which)
        return None, Problem(
            places.of(*key, which),
            "A109",
            f"The {which} is not what stands {'before' if which == 'prefix' else 'after'} the quote. There it is “{beside}”.",
            "Copy that.",
        )
    if len(kept) > 1:
        lines = " and ".join(str(_line(here.article.text, s.start)) for s in kept[:4])
        suffix = _neighborhood(kept[0], here, "suffix")
        return None, Problem(
            place,
            "A102",
            f"“{_short(quote)}” stands on lines {lines} of the article.",
            f"Add prefix: or suffix: (for the first, suffix: “{suffix}”).",
        )
    return kept[0], None


def _find(quote: str, here: Searchable) -> list[Span]:
    """Every place of `quote` at word edges: as written if there is one, else in any case."""
    needle = fold(quote.strip()).text.strip()
    if not needle:
        return []
    for haystack, wanted in ((here.folded.text, needle), (here.cased, fold_case(needle))):
        spans = [_span(start, start + len(wanted), here) for start in _places(wanted, haystack)]
        if spans:
            return spans
    return []


def _places(needle: str, haystack: str) -> Iterator[int]:
    start = haystack.find(needle)
    while start >= 0:
        end = start + len(needle)
        cut_before = start > 0 and joins(haystack[start - 1], needle[0])
        cut_after = end < len(haystack) and joins(needle[-1], haystack[end])
        if not cut_before and not cut_after:
            yield start
        start = haystack.find(needle, start + 1)


def _span(start: int, end: int, here: Searchable) -> Span:
    first, last = here.folded.back(start, end)
    text = here.article.text
    while last > first and text[last - 1].isspace():
        last -= 1
    return Span(first, last)


def _beside(span: Span, target: Quoting, here: Searchable) -> bool:
    text = here.article.text
    before = fold_case(fold(text[: span.start][-400:]).text).rstrip()
    after = fold_case(fold(text[span.end :][:400]).text).lstrip()
    prefix = fold_case(fold(target.prefix or "").text).strip()
    suffix = fold_case(fold(target.suffix or "").text).strip()
    return before.endswith(prefix) and after.startswith(suffix)


def _neighborhood(span: Span, here: Searchable, side: str) -> str:
    text = here.article.text
    if side == "prefix":
        words = text[: span.start].split("\n")[-1].split()[-4:]
    else:
        words = text[span.end :].split("\n")[0].split()[:4]
    return " ".join(words)


def _not_found(quote: str, place: Place, here: Searchable, others: Sequence[Searchable]) -> Problem:
    bare = re.sub(r"\*\*|__|[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", quote)
    if bare != quote and _find(bare, here):
        return Problem(
            place,
            "A104",
            "The quote has Markdown in it; quotes are plain text.",
            f"Without it, it matches: “{_short(bare)}”.",
        )
    if re.search(r"\w\s*(…|\.\.\.|\[…\]|\[\.\.\.\])\s*\w", quote):
        return Problem(
            place,
            "A106",
            "The quote leaves words out.",
            "Use from: with the first words and to: with the last.",
        )
    for other in others:
        if _find(quote, other):
            name = other.article.id
            return Problem(
                place,
                "A115",
                f"These words are in seeds/{name}.txt, not in seeds/{here.article.id}.txt.",
                f"Move the entry to the folder {name}/.",
            )
    near = nearest(quote, here)
    mend = (
        f"Nearest, line {_line(here.article.text, near.start)}: “{here.article.words(near)}”. Copy that."
        if near
        else "Copy the words from the article."
    )
    return Problem(place, "A101", f"These words are not in the article: “{_short(quote)}”.", mend)


def nearest(quote: str, here: Searchable) -> Span | None:
    """The whole words of the article most like `quote`, to be shown, never to be used."""
    needle = fold_case(fold(quote).text).strip()
    best = fuzz.partial_ratio_alignment(needle, here.cased, score_cutoff=60)
    if best is None or best.dest_end <= best.dest_start:
        return None
    text, start, end = here.cased, best.dest_start, best.dest_end
    while start > 0 and joins(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and joins(text[end - 1], text[end]):
        end += 1
    first, last = here.folded.back(start, end)
    words = here.article.text[first:last]
    block = next(
        (
            b
            for b in here.article.blocks
            if b.span.start <= first + len(words) - len(words.lstrip()) < b.span.end
        ),
        None,
    )
    span = Span(first + len(words) - len(words.lstrip()), first + len(words.rstrip()))
    return Span(span.start, min(span.end, block.span.end)) if block else span


def _by_block(span: Span, article: Article) -> tuple[Span, ...]:
    return tuple(
        Span(max(span.start, b.span.start), min(span.end, b.span.end))
        for b in article.blocks
        if b.span.meets(span)
    )


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# --- names ---------------------------------------------------------------------------------------


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
        for match in self._expression.finditer(folded.text):
            owner = self._owner[match.group()]
            if owner is not None:
                yield Span(*folded.back(match.start(), match.end())), owner


def _factored(names: Iterable[str]) -> str:
    tree: dict[str, Any] = {}
    for name in names:
        node = tree
        for char in name:
            node = node.setdefault(char, {})
        node[""] = name
    branches = []
    for char, node in sorted(tree.items()):
        before = r"(?<!\w)" if _edged(char) else ""
        branches.append(before + re.escape(char) + _branch(node))
    return "|".join(branches)


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
