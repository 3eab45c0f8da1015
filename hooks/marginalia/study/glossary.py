"""Terms in, the glossary out, and the exercise made from it with its key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase

from ..edition.backlinks import Passage
from ..model import Reading, Term
from ..verdicts import FAMILIES
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, between, call, exactly, join, words

_GAP = Code("gap()")
_IN_A_SET = 6
_SENTENCES = 12


def terms_of(scope: Scope) -> list[Term]:
    """All terms by their titles."""
    return sorted(scope.manuscript.edition.terms.values(), key=lambda t: t.title.casefold())


def glossary(scope: Scope) -> Piece:
    """Every term: its short definition, where the article uses it, and what to look up next."""
    return Piece(call("glossary", *(_entry(scope, term) for term in terms_of(scope))))


def _entry(scope: Scope, term: Term) -> Code:
    terms = scope.manuscript.edition.terms
    see = [call("to", exactly(f"term-{t}"), words(terms[t].title)) for t in term.see if t in terms]
    return call(
        "gloss",
        exactly(f"term-{term.id}"),
        words(term.title),
        words(term.short),
        where(scope, "term", term.id),
        between(see, ", "),
    )


def where(scope: Scope, kind: str, name: str) -> Code:
    """The paragraphs of this book's article that name a term or a country, `¶ 3, 8`, each linked."""
    found = scope.manuscript.links.passages.get((kind, name), ())
    blocks = {p.block.id: p.block.number for p in found if scope.reading and p.reading is scope.reading}
    if not blocks or "article" not in scope.prints:
        return join([])
    links = [call("to", exactly(block), words(str(number))) for block, number in blocks.items() if number]
    return join([words("¶\u00a0"), between(links, ", ")])


# --- the exercise --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matching:
    """Terms of one family and their definitions, the latter in another order."""

    title: str
    terms: tuple[Term, ...]
    shuffled: tuple[Term, ...]

    @property
    def answers(self) -> str:
        """`1 c, 2 a, 3 b`"""
        letters = {t.id: ascii_lowercase[n] for n, t in enumerate(self.shuffled)}
        return ", ".join(f"{n}\u00a0{letters[t.id]}" for n, t in enumerate(self.terms, 1))


def matchings(terms: Sequence[Term]) -> list[Matching]:
    """Sets of at most six terms each, family by family."""
    sets = []
    for family, title in FAMILIES.items():
        group = [t for t in terms if t.family == family]
        count = -(-len(group) // _IN_A_SET)
        for number in range(count):
            part = tuple(group[number::count])
            heading = f"{title}, {number + 1}" if count > 1 else title
            if len(part) > 1:
                sets.append(Matching(heading, part, tuple(sorted(part, key=_shuffle))))
    return sets


def _shuffle(term: Term) -> str:
    """An order that looks like chance and is the same in every build."""
    return sha256(term.id.encode()).hexdigest()


def name_pattern(term: Term) -> re.Pattern[str]:
    """What finds a term's own names in a text."""
    names = sorted({term.title, *term.names}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b", re.IGNORECASE)


def without_its_name(term: Term) -> Code:
    """The definition with a gap wherever it says its own term."""
    parts = name_pattern(term).split(term.short)
    joined: list[Code] = []
    for index, part in enumerate(parts):
        joined += [_GAP, words(part)] if index else [words(part)]
    return join(joined)


def sentences(scope: Scope, reading: Reading) -> list[tuple[Passage, str]]:
    """Sentences of the article that each use another term, and the words to leave out of each."""
    found: list[tuple[Passage, str]] = []
    taken: set[tuple[int, int]] = set()
    for (kind, _), passages in scope.manuscript.links.passages.items():
        mine = [p for p in passages if p.reading is reading and (p.span.start, p.span.end) not in taken]
        if kind != "term" or not mine:
            continue
        taken.add((mine[0].span.start, mine[0].span.end))
        found.append((mine[0], reading.article.words(mine[0].marked[0])))
    found.sort(key=lambda pair: pair[0].span.start)
    step = max(len(found) // _SENTENCES, 1)
    return found[::step][:_SENTENCES]


def vocabulary(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """The exercise: match terms and definitions, then put words back into the article's sentences."""
    sets = matchings(terms_of(scope))
    if sets:
        yield Piece(call("exercise", words("Match each term with its definition")))
    for matching in sets:
        yield Piece(
            call(
                "matching",
                words(matching.title),
                [words(t.title) for t in matching.terms],
                [without_its_name(t) for t in matching.shuffled],
            )
        )
    chosen = sentences(scope, reading)
    if chosen:
        bank = sorted({word for _, word in chosen}, key=str.casefold)
        yield Piece(call("exercise", words("Put the words back")))
        yield Piece(call("word-bank", [words(w) for w in bank]))
        yield Piece(call("gap-sentences", *(_gapped(p) for p, _ in chosen)))


def _gapped(found: Passage) -> Code:
    parts = [_GAP if marked else exactly(text) for text, marked in found.pieces]
    link = call("to", exactly(found.block.id), words(f"¶\u00a0{found.block.number}"))
    return join([*parts, words(" "), call("aside", link)])


def vocabulary_key(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """For the teacher: the answers of the exercise."""
    rows = [{"title": m.title, "answers": m.answers} for m in matchings(terms_of(scope))]
    left_out = [word for _, word in sentences(scope, reading)]
    if left_out:
        answers = ", ".join(f"{n}\u00a0{word}" for n, word in enumerate(left_out, 1))
        rows.append({"title": "Put the words back", "answers": answers})
    yield Piece(call("vocabulary-key", rows))
