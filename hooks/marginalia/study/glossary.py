"""Terms in, the glossary out, and the exercise made from it with its key."""

from __future__ import annotations

from collections.abc import Iterator

from ..edition.backlinks import Passage
from ..edition.exercises import around_its_name, gaps, matchings, word_bank
from ..model import Reading, Term
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, between, call, exactly, join, words

_GAP = Code("gap()")


def terms_of(scope: Scope) -> list[Term]:
    """All terms by their titles."""
    return sorted(scope.manuscript.edition.terms.values(), key=lambda t: t.title.casefold())


def glossary(scope: Scope) -> Iterator[Piece]:
    """Every term: its short definition, what is to be known of it, where the article uses it, what to look up next."""
    terms = scope.manuscript.edition.terms
    for term in terms_of(scope):
        see = [call("to", exactly(f"term-{t}"), words(terms[t].title)) for t in term.see if t in terms]
        blocks = scope.body(term, 2)
        yield Piece(
            call(
                "gloss",
                exactly(f"term-{term.id}"),
                words(term.title),
                words(term.short),
                join(block.code for block in blocks),
                where(scope, "term", term.id),
                between(see, ", "),
            ),
            term.path,
            f"term-{term.id}",
            tuple(note for block in blocks for note in block.notes),
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


def without_its_name(term: Term) -> Code:
    """The definition with a gap wherever it says its own term."""
    joined: list[Code] = []
    for index, part in enumerate(around_its_name(term)):
        joined += [_GAP, words(part)] if index else [words(part)]
    return join(joined)


def vocabulary(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """The exercise: match terms and definitions, then put words back into the article's sentences."""
    sets = matchings(scope.manuscript.edition)
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
    chosen = gaps(scope.manuscript.links, reading)
    if chosen:
        yield Piece(call("exercise", words("Put the words back")))
        yield Piece(call("word-bank", [words(w) for w in word_bank(chosen)]))
        yield Piece(call("gap-sentences", *(_gapped(gap.passage) for gap in chosen)))


def _gapped(found: Passage) -> Code:
    parts = [_GAP if marked else exactly(text) for text, marked in found.pieces]
    link = call("to", exactly(found.block.id), words(f"¶\u00a0{found.block.number}"))
    return join([*parts, words(" "), call("aside", link)])


def vocabulary_key(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """For the teacher: the answers of the exercise, `1 c, 2 a, 3 b`."""
    rows = [
        {"title": m.title, "answers": ", ".join(f"{number}\u00a0{letter}" for number, letter in m.pairs)}
        for m in matchings(scope.manuscript.edition)
    ]
    chosen = gaps(scope.manuscript.links, reading)
    if chosen:
        answers = ", ".join(f"{n}\u00a0{gap.word}" for n, gap in enumerate(chosen, 1))
        rows.append({"title": "Put the words back", "answers": answers})
    yield Piece(call("vocabulary-key", rows))
