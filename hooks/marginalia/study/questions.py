"""Questions in, the pages a class works on out, and the teacher's key with timings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import Question, Reading
from ..pages.atlas import asked_and_answer
from ..verdicts import QUESTION_KINDS
from .book import Piece
from .manuscript import Scope
from .typst_code import Code, between, call, exactly, join, words

BEFORE, LONGER, LAST = "warm-up", "task", "exit"
"""Kinds of question that have chapters of their own."""

_LINES = {
    "warm-up": 4,
    "comprehension": 3,
    "vocabulary": 3,
    "evidence": 4,
    "compare": 4,
    "discussion": 4,
    "task": 0,
    "exit": 5,
}
"""Lines to write on for each kind; a longer task is written on paper of one's own."""

_READING_SPEED = 150
"""Words a minute, for a text that is read with its notes."""


@dataclass(frozen=True)
class Numbered:
    """A question and its number in the book."""

    number: int
    question: Question


def numbered(scope: Scope, reading: Reading) -> list[Numbered]:
    """The questions on `reading` in the order of their kinds, counted through."""
    mine = [q for q in scope.manuscript.edition.questions if q.article == reading.id]
    ordered = [q for kind in QUESTION_KINDS for q in mine if q.kind == kind]
    return [Numbered(n, q) for n, q in enumerate(ordered, 1)]


def of_kinds(questions: Sequence[Numbered], *kinds: str) -> list[Numbered]:
    return [q for q in questions if q.question.kind in kinds]


def asked(scope: Scope, questions: Sequence[Numbered], level: int = 2) -> Iterator[Piece]:
    """The questions, under headings of `level`, each with the paragraphs it is about and lines to write on."""
    for item in questions:
        question = item.question
        blocks = scope.body(question, level, asked_and_answer(question)[0])
        yield Piece(
            call(
                "question",
                exactly(f"question-{question.id}"),
                number=str(item.number),
                title=question.title,
                about=_about(question),
                level=level,
                lines=_LINES[question.kind],
                body=join(block.code for block in blocks),
            ),
            question.path,
            f"question-{question.id}",
            tuple(note for block in blocks for note in block.notes),
        )


def by_kind(scope: Scope, questions: Sequence[Numbered], *leave_out: str) -> Iterator[Piece]:
    """The questions under a heading for each kind, but for the kinds that have chapters of their own."""
    for kind, title in QUESTION_KINDS.items():
        group = of_kinds(questions, kind)
        if group and kind not in leave_out:
            yield Piece(call("section", exactly(f"kind-{kind}"), words(title)))
            yield from asked(scope, group, 3)


def _about(question: Question) -> Code:
    links = [call("to", exactly(f"p{n}"), words(str(n))) for n in question.paragraphs]
    return join([words("¶\u00a0"), between(links, ", ")]) if links else join([])


# --- for the teacher -----------------------------------------------------------------------------


def key(scope: Scope, questions: Sequence[Numbered]) -> Iterator[Piece]:
    """What a good answer to each question contains."""
    for kind, title in QUESTION_KINDS.items():
        group = of_kinds(questions, kind)
        if group:
            yield Piece(call("section", exactly(f"key-{kind}"), words(title)))
        for item in group:
            question = item.question
            _, answer = asked_and_answer(question)
            head = call(
                "answer-head",
                number=str(item.number),
                title=question.title,
                minutes=question.minutes,
                page=exactly(f"question-{question.id}"),
            )
            yield Piece(head, question.path)
            for index, block in enumerate(scope.body(question, 3, answer)):
                yield Piece(
                    call("answer", block.code), question.path, f"answer-{question.id}-{index}", block.notes
                )


def timings(reading: Reading, questions: Sequence[Numbered]) -> Piece:
    """How long the reading and each kind of question take."""
    count = sum(len(reading.article.words(b.span).split()) for b in reading.article.paragraphs)
    notes = sum(len(c.check.summary.split()) for c in reading.checks)
    rows: list[dict[str, str | int | None]] = [
        {
            "what": "Reading the article with its notes",
            "count": None,
            "each": None,
            "all": -(-(count + notes) // _READING_SPEED),
        }
    ]
    for kind, title in QUESTION_KINDS.items():
        minutes = [q.question.minutes for q in of_kinds(questions, kind)]
        known = [m for m in minutes if m]
        if known:
            low, high = min(known), max(known)
            each = str(low) if low == high else f"{low}–{high}"
            rows.append({"what": title, "count": len(minutes), "each": each, "all": sum(known)})
    return Piece(call("timings", rows))
