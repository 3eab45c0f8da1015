"""The project's own texts and entries: nothing wrong with them, and nothing that reads like a form filled in."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import prose
import pytest
from conftest import ROOT
from marginalia.anchoring.folding import fold, fold_case
from marginalia.anchoring.quotes import searchable
from marginalia.edition.backlinks import backlinks
from marginalia.edition.coverage import coverage
from marginalia.edition.load import load
from marginalia.edition.resolve import find_mentions, names_of
from marginalia.intake.frontmatter import read
from marginalia.model import Country, Entry, Event, FactCheck, Question, Term
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


def test_no_term_or_country_is_orphaned() -> None:
    """Each stands in the article, or a check, an event, a question, a term or a bloc names it."""
    links = backlinks(EDITION)
    for kind, group in (("term", EDITION.terms), ("country", EDITION.countries)):
        for name, entry in group.items():
            key = (kind, name)
            ways = [
                links.passages.get(key), links.checks.get(key), links.events.get(key), links.questions.get(key),
                links.seen_from.get(name) if kind == "term" else links.members_of.get(name),
            ]  # fmt: skip
            assert any(ways), entry.path


def test_every_source_is_cited_with_a_place() -> None:
    """No entry but an opinion or a forecast stands without a source, and none names one without the place in it."""
    for entry in ENTRIES:
        free = isinstance(entry, Question) or getattr(entry, "verdict", "") in ("opinion", "forecast")
        assert free or entry.sources, entry.path
        assert all(citation.at for citation in entry.sources), entry.path


def test_what_nobody_read_is_never_the_only_support() -> None:
    for entry in ENTRIES:
        for paragraph in entry.body.split("\n\n"):
            for bracket in re.findall(r"\[(@[^\]]+)\]", paragraph):
                cited = [EDITION.sources[name] for name in re.findall(r"@([\w.-]+)", bracket)]
                unread = all(source.consulted == "not-consulted" for source in cited)
                assert not unread or "not verified" in paragraph, f"{entry.path}: [{bracket}]"


@pytest.mark.parametrize(
    ("kind", "least", "most"), [(FactCheck, 80, 300), (Term, 60, 250), (Country, 90, 300), (Event, 25, 90)]
)
def test_entries_are_as_long_as_they_should_be(kind: type[Entry], least: int, most: int) -> None:
    counts = {
        entry.path: len(" ".join(prose.paragraphs(entry.body)).split())
        for entry in ENTRIES
        if type(entry) is kind
    }
    assert counts
    assert not {path: count for path, count in counts.items() if not least <= count <= most}


def test_every_check_says_why_and_what_would_change_it() -> None:
    for checked in EDITION.checks.values():
        headings = re.findall(r"^## (.+)$", checked.check.body, re.MULTILINE)
        wanted = ["Why this verdict", "What would change it"]
        assert headings in (wanted, [*wanted, "Since the article"]), checked.check.path


def test_the_questions_are_enough_for_a_class() -> None:
    kinds = [question.kind for question in EDITION.questions]
    assert len(kinds) >= 45 and kinds.count("task") >= 3
    assert {"warm-up", "comprehension", "vocabulary", "evidence", "compare", "discussion", "exit"} <= set(
        kinds
    )
    for question in EDITION.questions:
        assert question.paragraphs and question.minutes, question.path
        assert "\n## Answer\n" in question.body, question.path
        assert question.kind != "task" or "| Total |" in question.body, f"{question.path}: no marking guide"


def test_lesson_plans_keep_their_time() -> None:
    """Each table fills the minutes that its heading names, with each question’s own minutes and paragraphs."""
    guide = (ROOT / "docs" / "study-guide" / "lesson-plans.md").read_text("utf-8")
    questions = {f"question-{q.article}-{q.id}": q for q in EDITION.questions}
    tables = 0
    for plan in re.split(r"^## ", guide, flags=re.MULTILINE)[1:]:
        promised = re.search(r"(\d+) minutes", plan.split("\n", 1)[0])
        assert promised, plan
        for table in re.findall(r"(?:^\|.*\n)+", plan, re.MULTILINE):
            rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]
            assert sum(int(minutes) for minutes, _, _ in rows) == int(promised[1]), table
            tables += 1
            for minutes, what, where in rows:
                link = re.search(r"\[(.*)\]\(\.\./study-guide\.md#(.*)\)", what)
                if not link:
                    continue
                question = questions[link[2]]
                assert (link[1], int(minutes)) == (question.title, question.minutes), what
                listed = re.search(r"\[(.*)\]\(\.\./readings/.*#p(\d+)\)", where)
                assert listed, where
                ends = [[int(n) for n in part.split("–")] for part in listed[1].split(", ")]
                numbers = [n for first, *last in ends for n in range(first, (last or [first])[0] + 1)]
                assert numbers == sorted(question.paragraphs) and int(listed[2]) == numbers[0], what
    assert tables >= 3


@pytest.mark.parametrize("file", sorted((ROOT / "docs").rglob("index.md")), ids=lambda f: f.parent.name)
def test_every_gathering_page_has_its_own_title(file: Path) -> None:
    document, problems = read(str(file), file.read_text("utf-8"))
    assert document and document.values and not problems
    title = document.values["title"]
    assert title.lower() != "index"
    assert re.findall(r"^# (.+)$", document.body, re.MULTILINE) == [title]


# --- the words -----------------------------------------------------------------------------------

STALE = re.compile(
    r"\b(delv(e|es|ed|ing)|crucial(ly)?|important to note|worth noting|landscapes?|underscor(e|es|ed|ing)|testament"
    r"|navigat(e|es|ed|ing)|nuanced?|pivotal|robust(ly)?|tapestry|multifaceted|intricate|leverag(es|ed|ing)|moreover"
    r"|furthermore|foster(s|ed|ing)?|showcas(e|es|ed|ing)|garner(s|ed|ing)?|seamless(ly)?|vibrant|plays? a .{0,12}role)\b",
    re.IGNORECASE,
)
"""What machines write when they have nothing to say."""


def test_no_stale_phrases() -> None:
    assert STALE.search("This plays a key role") and not STALE.search(prose.unquoted("It is “robust.”"))
    assert not [
        (path, match[0]) for path, text in prose.pieces() for match in STALE.finditer(prose.unquoted(text))
    ]


def test_quotation_marks_and_dashes_are_typographic() -> None:
    wrong = re.compile(r"[\"']|\s--?\s|---|(?<![\d-])\d+-\d+(?![\d-])|\.\.\.")
    assert wrong.search("don't") and wrong.search("2016-19") and not wrong.search("2025-12-04, 2016–19")
    assert not [(path, match[0], text) for path, text in prose.pieces() for match in wrong.finditer(text)]


def test_every_word_is_in_a_dictionary() -> None:
    """What is quoted is not looked at."""
    found = prose.unknown(prose.pieces(), frozenset(prose.own_words()))
    listed = "\n".join(f"{word}: {', '.join(paths)}" for word, paths in found.items())
    assert not found, f"Mend these words, or, if they are right, add them to tests/words.txt:\n{listed}"


def test_a_slip_is_found() -> None:
    slips = "He recieved a “recieved” colour, organised by Brookes and Wolforth in 2O25’s multipolarity."
    assert list(prose.unknown([("x.md", slips)], frozenset({"multipolarity"}))) == [
        "Wolforth", "colour", "organised", "recieved",
    ]  # fmt: skip


def test_the_list_of_words_is_in_order_and_needed() -> None:
    words = prose.own_words()
    assert words == sorted(set(words), key=lambda word: (word.casefold(), word))
    without = {word[0].lower() + word[1:] for word in prose.unknown(prose.pieces(), frozenset())}
    assert not [word for word in words if word[0].lower() + word[1:] not in without]


def test_reading_grades_are_counted_as_flesch_and_kincaid_did() -> None:
    assert prose.grade(("The cat sat on the mat.",)) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    both = prose.grade(("Diversification matters. It does.", "It does."))
    assert both == pytest.approx(0.39 * 6 / 3 + 11.8 * 12 / 6 - 15.59)
    assert [prose.syllables(word) for word in ("hedging", "US-plus-one", "Rinkēvičs")] == [2, 3, 2]
