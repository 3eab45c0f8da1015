"""A quote in, its one place in an article out.

Rule: nothing is ever attached by likeness. A quote is found exactly (after folding) and exactly
once, or there is a problem that says where it probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from ..model import Article, Quoting, Span
from ..problem import Key, Place, Places, Problem
from .folding import Folded, fold, fold_case, joins, spaceless

_SHORTEST = 12
_BESIDE = 400
"""Characters of the article beside a quote that a prefix or suffix is compared with."""
_ROUND = 24
"""Characters on either side of the likest words in which their edges are looked for."""
_BESIDES = 0.2
"""What a letter too many weighs against one too few: suggestions rather show a word more than lose one."""
_EDGE = re.compile(r"(?<=\s)|(?=\s)|\A|\Z|(?<=\w)(?=[^\w\s])|(?<=[^\w\s])(?=\w)")
_TOLD = 6
"""Places of a quote that is not the only one that a message lists."""
_COMPARED = 400
"""Characters of a quote that likeness is measured by: enough to tell, and no more to wait for."""


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
    key: Key = (),
) -> tuple[tuple[Span, ...], list[Problem]]:
    """Where the words of `target` stand: a span for each paragraph they run through, or problems."""
    ends = target.from_ is not None or target.to is not None
    if (target.quote is None) == (not ends) or (ends and (target.from_ is None or target.to is None)):
        what = "There must be either a quote, or both from: and to:."
        return (), [Problem(places.of(*key), "A116", what, "Give quote:, or from: and to:.")]
    search = _Search(target, places, here, others, key)
    if target.quote is None:
        span, problems = search.passage(target.from_ or "", target.to or "")
    else:
        span, problems = search.quote(target.quote)
    if span is None:
        return (), problems
    name = "from" if target.quote is None else "quote"
    spans = _by_paragraph(span, here.article)
    edges = [_block_kind(offset, here.article) for offset in (span.start, span.end - 1)]
    if not spans or edges != ["paragraph", "paragraph"]:
        what = "The words stand in a heading or in the credit line."
        return (), [Problem(places.of(*key, name), "A117", what, "Quote words of a paragraph.")]
    return spans, []


def _block_kind(offset: int, article: Article) -> str:
    return next((b.kind for b in article.blocks if b.span.start <= offset < b.span.end), "none")


def _by_paragraph(span: Span, article: Article) -> tuple[Span, ...]:
    return tuple(
        Span(max(span.start, b.span.start), min(span.end, b.span.end))
        for b in article.paragraphs
        if b.span.meets(span)
    )


@dataclass(frozen=True)
class _Search:
    """One entry's search for its words: what it looks for, where, and where its own values stand."""

    target: Quoting
    places: Places
    here: Searchable
    others: Sequence[Searchable]
    key: Key

    def quote(self, words: str) -> tuple[Span | None, list[Problem]]:
        """The one place of a quote, within one paragraph."""
        if any(c.isalnum() for c in words) and _size(words) < _SHORTEST:
            what = f"“{words}” is too short to be safe."
            return None, [Problem(self._place("quote"), "A107", what, "Take in a few more words.")]
        found, problem = self._once(words, "quote", self.target.prefix, self.target.suffix)
        if problem or found is None:
            return None, [problem] if problem else []
        if sum(b.span.meets(found) for b in self.here.article.blocks) > 1:
            mend = "Use from: and to: with the first and the last words."
            return None, [Problem(self._place("quote"), "A108", "The quote spans two paragraphs.", mend)]
        return found, []

    def passage(self, first_words: str, last_words: str) -> tuple[Span | None, list[Problem]]:
        """The stretch from the one place of some words to the one place of others."""
        first, wrong_first = self._once(first_words, "from", self.target.prefix, None)
        last, wrong_last = self._once(last_words, "to", None, self.target.suffix)
        problems = [p for p in (wrong_first, wrong_last) if p]
        if problems or first is None or last is None:
            return None, problems
        if last.end <= first.start:
            what = "The last words stand before the first."
            return None, [Problem(self._place("to"), "A101", what, "Exchange from: and to:.")]
        return Span(first.start, max(first.end, last.end)), []

    def _place(self, name: str) -> Place:
        return self.places.of(*self.key, name)

    def _once(
        self, words: str, name: str, prefix: str | None, suffix: str | None
    ) -> tuple[Span | None, Problem | None]:
        """The one place of `words`, or the problem with it."""
        if not any(c.isalnum() for c in words):
            what = f"“{name}” has no words."
            return None, Problem(self._place(name), "A114", what, "Copy the words from the article.")
        found = _find(words, self.here)
        if not found:
            return None, _not_found(words, self._place(name), self.here, self.others)
        article = self.here.article
        behind = [s for s in found if not prefix or _is_beside(prefix, s, article, "prefix")]
        if not behind:
            return None, self._not_beside("prefix", _neighborhood(found[0], article, "prefix"))
        kept = [s for s in behind if not suffix or _is_beside(suffix, s, article, "suffix")]
        if not kept:
            return None, self._not_beside("suffix", _neighborhood(behind[0], article, "suffix"))
        if len(kept) > 1:
            return None, self._too_often(words, name, kept)
        return kept[0], None

    def _not_beside(self, which: str, really: str) -> Problem:
        side = "before" if which == "prefix" else "after"
        what = f"The {which} is not what stands {side} the words. There it is “{really}”."
        return Problem(self._place(which), "A109", what, "Copy that.")

    def _too_often(self, words: str, name: str, found: list[Span]) -> Problem:
        lines = dict.fromkeys(str(_line(self.here.article.text, s.start)) for s in found[:_TOLD])
        where = ", ".join(lines) + (", …" if len(found) > _TOLD else "")
        rows = "line" if len(lines) == 1 else "lines"
        what = f"“{_short(words)}” stands {len(found)} times in the article, on {rows} {where}."
        sides = {"from": ("prefix",), "to": ("suffix",)}.get(name, ("suffix", "prefix"))
        hint = telling(found, self.here.article, sides) if len(found) <= _TOLD else None
        example = f" (for the first, {hint[0]}: “{hint[1]}”)" if hint else ""
        return Problem(
            self._place(name),
            "A102",
            what,
            f"Quote more, or add {' or '.join(f'{s}:' for s in sides)}{example}.",
        )


def telling(found: Sequence[Span], article: Article, sides: Sequence[str]) -> tuple[str, str] | None:
    """The fewest words beside the first of `found` that are beside no other: which side, and the words.

    Words of the same paragraph are better than words across its edge.
    """
    for across in (False, True):
        for size in range(1, 9):
            for side in sides:
                words = _neighborhood(found[0], article, side, size, across)
                same = [s for s in found if _is_beside(words, s, article, side)]
                if any(c.isalnum() for c in words) and len(same) == 1:
                    return side, words
    return None


def _is_beside(words: str, span: Span, article: Article, side: str) -> bool:
    """Whether the article has `words` right before `span` (the prefix) or behind it (the suffix)."""
    wanted = fold_case(fold(words).text).strip()
    there = fold_case(fold(_beside(span, article, side)).text).strip()
    return there.endswith(wanted) if side == "prefix" else there.startswith(wanted)


def _beside(span: Span, article: Article, side: str) -> str:
    if side == "prefix":
        return article.text[max(0, span.start - _BESIDE) : span.start]
    return article.text[span.end : span.end + _BESIDE]


def _neighborhood(span: Span, article: Article, side: str, size: int = 4, across: bool = True) -> str:
    """Up to `size` words of the article before or after `span`; `across` its paragraph's edge only if need be."""
    text = _beside(span, article, side)
    rows = text.strip().split("\n") if across else text.split("\n")
    row = rows[-1] if side == "prefix" else rows[0]
    words = (text if across and not any(c.isalnum() for c in row) else row).split()
    return " ".join(words[-size:] if side == "prefix" else words[:size])


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


def _size(words: str) -> int:
    """How much a quote tells: its letters, where those of scripts without spaces count for three."""
    return sum(3 if spaceless(c) else 1 for c in words)


_LEFT_OUT = re.compile(r"[\[(]?(?:…|\.\.\.)[\])]?")


def _not_found(quote: str, place: Place, here: Searchable, others: Sequence[Searchable]) -> Problem:
    bare = re.sub(r"\*\*|__|[*_`]|\[([^\[\]]*)\]\([^()]*\)", r"\1", quote)
    if bare != quote and _find(bare, here):
        return Problem(
            place,
            "A104",
            "The quote has Markdown in it; quotes are plain text.",
            f"Without it, it matches: “{_short(bare)}”.",
        )
    parts = [part for part in _LEFT_OUT.split(quote) if any(c.isalnum() for c in part)]
    if len(parts) > 1 and all(_find(part, here) for part in parts):
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
    needle = fold_case(fold(quote).text).strip()[:_COMPARED]
    best = fuzz.partial_ratio_alignment(needle, here.cased, score_cutoff=60)
    if best is None or best.dest_end <= best.dest_start:
        return None
    start, end = _likest(needle, here.cased, best.dest_start, best.dest_end)
    found = Span(*here.folded.back(start, end))
    inside = [
        Span(max(found.start, b.span.start), min(found.end, b.span.end))
        for b in here.article.blocks
        if b.span.meets(found)
    ]
    return max(inside, key=lambda s: s.end - s.start, default=None)


def _likest(needle: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of whole words round `text[start:end]` that is most like `needle`.

    Likeness alone often loses a word at an end, or brings one along.
    """
    edges = [m.start() for m in _EDGE.finditer(text, max(0, start - _ROUND), min(len(text), end + _ROUND))]
    starts = [e for e in edges if abs(e - start) <= _ROUND]
    ends = [e for e in edges if abs(e - end) <= _ROUND]
    pairs = [(s, e) for s in starts for e in ends if s < e]
    if not pairs:
        return start, end

    def gain(pair: tuple[int, int]) -> float:
        """Letters of the needle that the stretch has, less a part of those that it has besides."""
        stretch = text[slice(*pair)]
        common = LCSseq.similarity(needle, stretch)
        return common - _BESIDES * (len(stretch) - common)

    return max(pairs, key=gain)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
