"""The project's own texts and entries: nothing wrong with them, and nothing that reads like a form filled in."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest
from conftest import ROOT
from marginalia.anchoring.folding import fold, fold_case
from marginalia.anchoring.quotes import searchable
from marginalia.edition.backlinks import backlinks
from marginalia.edition.coverage import coverage
from marginalia.edition.load import load
from marginalia.edition.resolve import find_mentions, names_of
from marginalia.model import Entry
from marginalia.problem import report
from marginalia.verdicts import VERDICTS

EDITION, PROBLEMS, TEXTS = load(ROOT, date.today())
SUM = "f8e3223a3b6a4e7ad076bcd6a2637227b8cfd31949ac1b0c10205450a28081ec"
"""Of the first article, as it was received."""


def _entries() -> Iterator[Entry]:
    yield from (c.check for c in EDITION.checks.values())
    yield from EDITION.terms.values()
    yield from EDITION.countries.values()
    yield from (a.event for a in EDITION.events)
    yield from EDITION.questions


ENTRIES = list(_entries())


def test_no_problems() -> None:
    assert not PROBLEMS, "\n" + report(PROBLEMS, TEXTS)


def test_the_seed_is_what_was_received() -> None:
    data = (ROOT / "seeds" / "allied-hedging.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SUM


def test_every_seed_has_its_sum_recorded() -> None:
    rows = (ROOT / "seeds" / "SHA256SUMS").read_text("utf-8").splitlines()
    recorded = {name: digest for digest, name in (row.split() for row in rows)}
    found = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (ROOT / "seeds").glob("*.txt")}
    assert recorded == found


@pytest.mark.parametrize("name", sorted(EDITION.readings))
def test_every_sentence_is_covered_or_excused(name: str) -> None:
    rows = coverage(EDITION.readings[name]).sentences
    assert rows
    bare = [f"¶ {row.block.number}: {row.words}" for row in rows if row.open]
    assert not bare, f"{len(bare)} of {len(rows)} sentences have neither a check nor a reason:\n" + "\n".join(
        bare
    )


def test_nothing_is_both_checked_and_excused() -> None:
    for reading in EDITION.readings.values():
        for span, why in reading.unchecked:
            over = [c.check.id for c in reading.checks if any(s.holds(span) for s in c.spans)]
            assert not over, (
                f"“{reading.article.words(span)}” is said not to be checked ({why}), but {over} check it"
            )


def opening(text: str, count: int = 5) -> str:
    """The first words of a text, without its signs."""
    words = re.findall(r"\w+", re.sub(r"\[@[^\]]*\]", "", text).lower())
    return " ".join(words[:count])


@pytest.mark.parametrize("part", ["title", "summary", "body"])
def test_no_two_entries_open_alike(part: str) -> None:
    count = 5 if part != "title" else 20
    alike = defaultdict(list)
    for entry in ENTRIES:
        text = getattr(entry, part, None)
        if text and len(text.split()) >= 5:
            alike[opening(text, count)].append(entry.path)
    assert not {words: paths for words, paths in alike.items() if len(paths) > 1}


def test_notes_are_unlike() -> None:
    """No two checks, terms or countries say the same in their one sentence, and no two have one title."""
    said = defaultdict(list)
    for entry in ENTRIES:
        for key in ("title", "summary", "short", "role"):
            if text := getattr(entry, key, None):
                said[type(entry).__name__, key, text.lower()].append(entry.path)
    assert not {text: paths for (_, _, text), paths in said.items() if len(paths) > 1}


def test_numbers_of_summaries_are_in_the_reasoning() -> None:
    for checked in EDITION.checks.values():
        numbers = set(re.findall(r"\d(?:[\d.,]*\d)?", checked.check.body))
        assert set(re.findall(r"\d(?:[\d.,]*\d)?", checked.check.summary)) <= numbers, checked.check.path


def test_names_belong_to_one_entry() -> None:
    owners = defaultdict(set)
    for entry in [*EDITION.terms.values(), *EDITION.countries.values()]:
        for name in entry.names:
            owners[fold_case(fold(name).text)].add(entry.path)
    assert not {name: paths for name, paths in owners.items() if len(paths) > 1}


def test_names_say_what_their_entry_is_about() -> None:
    """Each name finds its own entry, by itself."""
    names = names_of(EDITION.terms, EDITION.countries)
    for kind, group in (("term", EDITION.terms), ("country", EDITION.countries)):
        for entry in group.values():
            for name in entry.names:
                found = [owner for _, owner in names.find(fold(f"({name})"))]
                assert found == [f"{kind}:{entry.id}"], f"{entry.path}: {name}"


def test_excepted_phrases_are_not_marked() -> None:
    for reading in EDITION.readings.values():
        here = searchable(reading.article)
        assert (
            find_mentions(here, names_of(EDITION.terms, EDITION.countries), EDITION.terms) == reading.mentions
        )
        for entry in [*EDITION.terms.values(), *EDITION.countries.values()]:
            for phrase in entry.except_:
                for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", reading.article.text):
                    inside = [
                        m
                        for m in reading.mentions
                        if m.entry == entry.id and match.start() <= m.span.start < match.end()
                    ]
                    assert not inside, f"{entry.path}: {phrase}"


def test_no_link_is_lost() -> None:
    """What an entry names is there, and names it back through the edition's look-ups."""
    links = backlinks(EDITION)
    for checked in EDITION.checks.values():
        for kind, names in (("term", checked.check.terms), ("country", checked.check.countries)):
            for name in names:
                assert checked in links.checks[kind, name]
    for entry in ENTRIES:
        for citation in entry.sources:
            assert entry in links.cited[citation.id]
    for reading in EDITION.readings.values():
        for mention in reading.mentions:
            passages = links.passages[mention.kind, mention.entry]
            assert any(mention.span in p.marked and p.reading is reading for p in passages)


def test_verdicts_are_used_as_they_are_meant() -> None:
    used = {c.check.verdict for c in EDITION.checks.values()}
    assert used <= set(VERDICTS)
    for checked in EDITION.checks.values():
        if checked.check.verdict not in ("opinion", "forecast"):
            assert checked.check.sources, checked.check.path
