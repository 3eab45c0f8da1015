"""An edition in, what a class practices on out: claims to judge, terms to match, words to put back.

On paper and on the screen they are the same; nothing is left to chance, so that every copy is alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase

from ..model import Checked, Edition, Reading, Term
from ..verdicts import FAMILIES, VERDICTS
from .backlinks import Backlinks, Passage

_OF_EACH_VERDICT = 2
_IN_A_SET = 6
_SENTENCES = 12


def claims_to_judge(checks: Sequence[Checked]) -> list[Checked]:
    """Some checks of each verdict, far apart in the article, in reading order."""
    picked: list[Checked] = []
    for verdict in VERDICTS:
        group = [c for c in checks if c.check.verdict == verdict]
        step = max(len(group) // _OF_EACH_VERDICT, 1)
        picked += group[::step][:_OF_EACH_VERDICT]
    return sorted(picked, key=lambda c: c.number)


# --- terms to match with their definitions ---------------------------------------------------------


@dataclass(frozen=True)
class Matching:
    """Terms of one family and their definitions, the latter in another order."""

    title: str
    terms: tuple[Term, ...]
    shuffled: tuple[Term, ...]

    @property
    def pairs(self) -> list[tuple[int, str]]:
        """The number of each term and the letter of its definition."""
        letters = {t.id: ascii_lowercase[n] for n, t in enumerate(self.shuffled)}
        return [(n, letters[t.id]) for n, t in enumerate(self.terms, 1)]


def matchings(edition: Edition) -> list[Matching]:
    """Sets of at most six terms each, family by family."""
    terms = sorted(edition.terms.values(), key=lambda t: t.title.casefold())
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


def around_its_name(term: Term) -> list[str]:
    """The definition, cut wherever it says its own term: a gap belongs between each two parts."""
    names = sorted({term.title, *term.names}, key=len, reverse=True)
    return re.split(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b", term.short, flags=re.IGNORECASE)


# --- words to put back -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A sentence of the article whose marked words are to be left out."""

    passage: Passage
    word: str


def gaps(links: Backlinks, reading: Reading) -> list[Gap]:
    """Sentences of the article that each use another term, in reading order."""
    found: list[Gap] = []
    taken: set[tuple[int, int]] = set()
    for (kind, _), passages in links.passages.items():
        mine = [p for p in passages if p.reading is reading and (p.span.start, p.span.end) not in taken]
        if kind != "term" or not mine:
            continue
        taken.add((mine[0].span.start, mine[0].span.end))
        found.append(Gap(mine[0], reading.article.words(mine[0].marked[0])))
    found.sort(key=lambda gap: gap.passage.span.start)
    step = max(len(found) // _SENTENCES, 1)
    return found[::step][:_SENTENCES]


def word_bank(chosen: Sequence[Gap]) -> list[str]:
    """The words left out, in the order of the alphabet."""
    return sorted({gap.word for gap in chosen}, key=str.casefold)
