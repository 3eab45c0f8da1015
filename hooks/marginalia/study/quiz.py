"""Terms and fact-checks in, a quiz for learning systems out, in Moodle's GIFT.

Source: Moodle documentation, "GIFT format". The signs ~ = # { } : and the backslash are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape

from ..edition.backlinks import passage
from ..edition.exercises import around_its_name
from ..model import Edition, Reading, Term
from ..verdicts import VERDICTS

_CHOICES = 4


def gift(edition: Edition, reading: Reading) -> bytes:
    """The quiz on `reading`: a question for each check, and one for each term."""
    title = _said(reading.page.title)
    blocks = [f"// Quiz on: {title}", f"$CATEGORY: $course$/top/{title}/Claims"]
    blocks += _claims(reading)
    blocks.append(f"$CATEGORY: $course$/top/{title}/Terms")
    blocks += _terms(tuple(sorted(edition.terms.values(), key=lambda t: t.title.casefold())))
    return ("\n\n".join(blocks) + "\n").encode()


def _claims(reading: Reading) -> Iterator[str]:
    words = [grade.word for grade in VERDICTS.values()]
    for checked in reading.checks:
        check, found = checked.check, passage(reading, checked.spans)
        statement = "".join(f"<b>{_html(t)}</b>" if marked else _html(t) for t, marked in found.pieces)
        asked = (
            f"<p>What do the sources say of the words in bold?</p><p>{statement} (¶ {found.block.number})</p>"
        )
        right = VERDICTS[check.verdict].word
        yield _question(f"{reading.id}-{check.id}", asked, words, right, check.summary)


@lru_cache(maxsize=1)
def _terms(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """The questions on all terms: the same in the quiz on every reading."""
    definitions = {term.id: _html("_____".join(around_its_name(term))) for term in terms}
    return tuple(
        _question(
            f"term-{term.id}",
            f"<p>Which term is meant?</p><p>{definitions[term.id]}</p>",
            _choices(term, terms),
            term.title,
            "",
        )
        for term in terms
    )


def _choices(term: Term, terms: Sequence[Term]) -> list[str]:
    """The term's title and three others, of its own family where there are enough."""
    kin = [t for t in terms if t.family == term.family and t is not term]
    strangers = [] if len(kin) >= _CHOICES - 1 else [t for t in terms if t.family != term.family]

    def lot(other: Term) -> bytes:
        return sha256(f"{term.id} {other.id}".encode()).digest()

    others = [*sorted(kin, key=lot), *sorted(strangers, key=lot)]
    return sorted([term.title, *(t.title for t in others[: _CHOICES - 1])], key=str.casefold)


def _question(name: str, asked: str, choices: Sequence[str], right: str, feedback: str) -> str:
    rows = [f"  {'=' if choice == right else '~'}{_said(_html(choice))}" for choice in choices]
    if feedback:
        rows.append(f"  ####{_said(_html(feedback))}")
    return f"::{_said(name)}::[html]{_said(asked)} {{\n" + "\n".join(rows) + "\n}"


def _html(text: str) -> str:
    return escape(re.sub(r"\s+", " ", text), quote=False)


def _said(text: str) -> str:
    """Text with the signs escaped that GIFT reads as its own."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)
