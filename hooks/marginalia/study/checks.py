"""Fact-checks in, their digests out, the scale of verdicts, and the worksheet that asks for a verdict first."""

from __future__ import annotations

from collections.abc import Iterator

from ..edition.backlinks import passage
from ..edition.exercises import claims_to_judge
from ..model import Checked, Reading
from ..pages.atlas import tally
from ..verdicts import CONFIDENCE, KINDS, VERDICTS
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, Value, between, call, exactly, join, words


def scale(reading: Reading) -> Piece:
    """The verdicts: shape, word, meaning, and how often each was given; then the grades of confidence."""
    counts = dict(tally(reading.checks))
    grades: list[Value] = [
        {"shape": g.shape, "word": g.word, "meaning": g.meaning, "count": counts.get(v, 0)}
        for v, g in VERDICTS.items()
    ]
    grounds: list[Value] = [
        {"word": word.capitalize(), "meaning": meaning} for word, meaning in CONFIDENCE.items()
    ]
    return Piece(call("verdict-scale", grades, grounds))


def legend() -> Code:
    """The shapes and words of all verdicts in a line or two."""
    return call("legend", [{"shape": g.shape, "word": g.word} for g in VERDICTS.values()])


def digests(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """Every check of `reading` in full: its words, what was found, why, and from what."""
    for checked in reading.checks:
        check = checked.check
        grade = VERDICTS[check.verdict]
        head = call(
            "check-head",
            exactly(f"check-{check.id}"),
            number=str(checked.number),
            title=check.title,
            shape=exactly(grade.shape),
            verdict=grade.word,
            confidence=f"{check.confidence} confidence",
            kind=KINDS[check.kind] if check.kind != check.verdict else None,
            quote=quoted_sentence(reading, checked),
            paragraph=paragraph_link(reading, checked),
        )
        yield Piece(head, check.path)
        for index, block in enumerate(scope.body(check, 2, listed=True)):
            yield Piece(call("digest", block.code), check.path, f"check-{check.id}-{index}", block.notes)
        yield Piece(call("digest-foot", _evidence(scope, checked), _also(scope, checked)), check.path)


def quoted_sentence(reading: Reading, checked: Checked) -> Code:
    """The sentence that a check is about, its checked words marked."""
    found = passage(reading, checked.spans)
    pieces = [call("marked", exactly(text)) if marked else exactly(text) for text, marked in found.pieces]
    return join(pieces)


def paragraph_link(reading: Reading, checked: Checked) -> Code:
    """`¶ 7`, linked to the paragraph."""
    block = reading.article.block_at(checked.spans[0].start)
    return call("to", exactly(block.id), words(f"¶\u00a0{block.number}" if block.number else "the article"))


def _evidence(scope: Scope, checked: Checked) -> Code:
    """Where each source was consulted: `Kuik 2008, abstract; NATO 2024, whole report`."""
    sources = scope.manuscript.edition.sources
    cited = [scope.cite(c.id, c.at) for c in checked.check.sources if c.id in sources]
    return between(cited, "; ")


def _also(scope: Scope, checked: Checked) -> Code:
    """Terms that the check rests on, linked to the glossary."""
    terms = scope.manuscript.edition.terms
    found = [t for t in checked.check.terms if t in terms]
    if "term" not in scope.prints or not found:
        return join([])
    return between([call("to", exactly(f"term-{t}"), words(terms[t].title)) for t in found], ", ")


# --- claim, evidence, reasoning ------------------------------------------------------------------


def worksheet(scope: Scope, reading: Reading) -> Iterator[Piece]:
    """Claims to judge: verdicts to tick, room for evidence and reasoning. What was found stands in the key."""
    for number, checked in enumerate(claims_to_judge(reading.checks), 1):
        check = checked.check
        yield Piece(
            call(
                "claim",
                exactly(f"claim-{check.id}"),
                number=str(number),
                quote=quoted_sentence(reading, checked),
                paragraph=paragraph_link(reading, checked),
                grades=[{"shape": g.shape, "word": g.word} for g in VERDICTS.values()],
                page=exactly(f"check-{check.id}"),
            ),
            check.path,
        )


def worksheet_key(reading: Reading) -> Iterator[Piece]:
    """For the teacher: what was found on each claim of the worksheet, and why."""
    for number, checked in enumerate(claims_to_judge(reading.checks), 1):
        check = checked.check
        grade = VERDICTS[check.verdict]
        yield Piece(
            call(
                "claim-key",
                number=str(number),
                title=check.title,
                shape=exactly(grade.shape),
                verdict=grade.word,
                summary=check.summary,
                page=exactly(f"check-{check.id}"),
            ),
            check.path,
        )
