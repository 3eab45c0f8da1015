"""A reading in, each of its sentences with the checks on it or the reason there is none out."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Block, Checked, Reading, Span


@dataclass(frozen=True)
class Covered:
    """One sentence."""

    block: Block
    span: Span
    words: str
    checks: tuple[Checked, ...]
    why: str | None
    """Why no check covers it, where none does and somebody said so."""

    @property
    def open(self) -> bool:
        return not self.checks and self.why is None


@dataclass(frozen=True)
class Coverage:
    """All sentences of one reading."""

    reading: Reading
    sentences: tuple[Covered, ...]

    @property
    def open(self) -> int:
        return sum(s.open for s in self.sentences)


def coverage(reading: Reading) -> Coverage:
    """Each sentence of the reading's paragraphs, in order."""
    rows = []
    for block in reading.article.paragraphs:
        for span in block.sentences:
            on_it = tuple(c for c in reading.checks if any(s.meets(span) for s in c.spans))
            why = next((w for s, w in reading.unchecked if s.meets(span)), None)
            rows.append(Covered(block, span, reading.article.words(span), on_it, why))
    return Coverage(reading, tuple(rows))
