"""An edition in, the study guide of one reading out: its chapters in order, for students and for teachers.

The teacher's chapters come last, so that both editions have the same page numbers up to there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2

from ..model import Day, Edition, Reading
from ..verdicts import VERDICTS
from .article import article_pieces
from .book import EDITIONS, Draft, PageKind, Piece, Work
from .checks import digests, legend, scale, worksheet, worksheet_key
from .countries import briefs, hedging_matrix
from .glossary import glossary, terms_of, vocabulary, vocabulary_key
from .lessons import lesson_plans
from .manuscript import Manuscript, Scope
from .prose import Context
from .questions import (
    BEFORE,
    LAST,
    LONGER,
    Numbered,
    asked,
    by_kind,
    key,
    numbered,
    of_kinds,
    timings,
)
from .sources import bibliography
from .timeline import timeline
from .typst_code import Code, call, exactly, words
from .world import map_page

_COUNTRIES = "Countries, blocs and regions"

_TEACHERS = frozenset(["teacher", "answers", "keys"])
"""The chapters that only the teacher has."""

_PRINTS = frozenset(["article", "check", "term", "country", "event", "question", "source"])


def study_guide(manuscript: Manuscript, reading: Reading, work: Work, matter: Path) -> Draft:
    """The study guide of `reading`; `matter` is the folder of the texts that are the same in every guide."""
    scope = Scope(manuscript, reading, work.kind == "teacher", _PRINTS)
    pieces = [piece for chapter in _chapters(scope, reading, matter) for piece in chapter]
    opening = call(
        "book.with",
        title=work.title,
        author=manuscript.imprint.site_name or "Marginalia",
        description=reading.page.description or work.title,
        keywords=["study guide", "fact-checks", "glossary", "questions"],
        front=_front(scope, reading, EDITIONS[work.kind]),
    )
    return Draft(work, opening, tuple(pieces))


def _chapters(scope: Scope, reading: Reading, matter: Path) -> Iterator[list[Piece]]:
    questions = numbered(scope, reading)
    edition = scope.manuscript.edition
    yield [
        _chapter(scope, "use", "How to use this guide"),
        *_matter(scope, matter, "how-to-use.md"),
        scale(reading),
    ]
    yield from _asked(scope, "before", "Before you read", of_kinds(questions, BEFORE))
    yield [
        _chapter(scope, "article", "The article", "reading", reading.page.title),
        *article_pieces(scope, reading),
    ]
    if reading.checks:
        yield [_chapter(scope, "checks", "The fact-checks"), *digests(scope, reading)]
    if edition.terms:
        yield [_chapter(scope, "glossary", "Glossary"), *glossary(scope)]
    if edition.countries:
        yield [
            _chapter(scope, "countries", _COUNTRIES, "table"),
            *hedging_matrix(scope),
            *map_page(scope.manuscript.world),
            *briefs(scope, _pages(scope, "reference", "countries", _COUNTRIES)),
        ]
    if edition.events:
        yield [_chapter(scope, "timeline", "Timeline"), *timeline(scope)]
    if of_kinds(questions, *({q.question.kind for q in questions} - {BEFORE, LONGER, LAST})):
        yield [
            _chapter(scope, "questions", "Questions", "writing"),
            *by_kind(scope, questions, BEFORE, LONGER, LAST),
        ]
    if reading.checks:
        yield [
            _chapter(scope, "worksheet", "Judge for yourself", "writing"),
            *_matter(scope, matter, "worksheet.md"),
            *worksheet(scope, reading),
        ]
    exercise = list(vocabulary(scope, reading))
    if exercise:
        yield [_chapter(scope, "vocabulary", "Vocabulary", "writing"), *exercise]
    yield from _asked(scope, "tasks", "Longer tasks", of_kinds(questions, LONGER))
    yield from _asked(scope, "exit", "Exit ticket", of_kinds(questions, LAST))
    for_teacher = list(_for_teacher(scope, reading, matter, questions)) if scope.teacher else []
    yield [_chapter(scope, "sources", "Sources"), *_matter(scope, matter, "sources.md"), bibliography(scope)]
    yield from for_teacher


def _asked(scope: Scope, name: str, title: str, questions: list[Numbered]) -> Iterator[list[Piece]]:
    if questions:
        yield [_chapter(scope, name, title, "writing"), *asked(scope, questions)]


def _for_teacher(
    scope: Scope, reading: Reading, matter: Path, questions: list[Numbered]
) -> Iterator[list[Piece]]:
    yield [
        _chapter(scope, "teacher", "For the teacher", "writing"),
        *_matter(scope, matter, "for-teachers.md"),
        timings(reading, questions),
        *lesson_plans(scope),
    ]
    yield [_chapter(scope, "answers", "Answers and marking guides"), *key(scope, questions)]
    yield [
        _chapter(scope, "keys", "Keys to the exercises"),
        Piece(call("section", exactly("key-worksheet"), words("Judge for yourself"))),
        *worksheet_key(reading),
        Piece(call("section", exactly("key-vocabulary"), words("Vocabulary"))),
        *vocabulary_key(scope, reading),
    ]


def _chapter(
    scope: Scope, name: str, title: str, pages: PageKind = "reference", lead: str | None = None
) -> Piece:
    return Piece(
        call("chapter", exactly(name), words(title), lead=lead), pages=_pages(scope, pages, name, title)
    )


def _pages(scope: Scope, kind: PageKind, name: str, title: str) -> Code:
    """What pages a chapter has, and the words at their heads: the same in both editions where the chapter is."""
    assert scope.reading
    label = EDITIONS["teacher"] if name in _TEACHERS else "Study guide"
    return call(
        "pages", exactly(kind), exactly(name), book=f"{scope.reading.page.title} · {label}", chapter=title
    )


# --- what stands before and around ---------------------------------------------------------------


def _front(scope: Scope, reading: Reading, edition_name: str) -> Code:
    return call(
        "front-matter",
        title=reading.page.title,
        author=reading.page.author,
        edition=edition_name,
        description=reading.page.description,
        verdicts=[exactly(shape) for shape in shapes_in_order(reading)],
        legend=legend(),
        colophon=colophon(scope.manuscript, reading),
    )


def shapes_in_order(reading: Reading) -> list[str]:
    """The shape of each check's verdict in reading order: the article's score."""
    return [VERDICTS[c.check.verdict].shape for c in reading.checks]


def edition_date(edition: Edition) -> Day:
    """The newest day on which anything was checked or changed; the first day of 1970 where nothing was."""
    days = [c.check.checked for c in edition.checks.values()]
    days += [change.date for c in edition.checks.values() for change in c.check.changes]
    return max(days, default=Day(1970, 1, 1))


def colophon(manuscript: Manuscript, reading: Reading) -> list[dict[str, str]]:
    """What identifies the book: text, edition, rights, how it was made, where to report errors."""
    imprint = manuscript.imprint
    stamp = f"Edition of {edition_date(manuscript.edition).long}"
    report = f"{imprint.repo_url.rstrip('/')}/issues" if imprint.repo_url else imprint.site_url
    rows = [
        ("Text", reading.page.rights or "The text belongs to its author."),
        (
            "Notes",
            "The notes, questions and exercises may be copied and changed under the Creative Commons license CC BY 4.0.",
        ),
        ("Edition", f"{stamp}, version {imprint.version}." if imprint.version else f"{stamp}."),
        (
            "Source",
            f"The article is printed word for word from a file whose SHA-256 is {reading.article.sha256}.",
        ),
        ("Making", "Set in Source Serif and Source Sans with Typst. Made as PDF/UA-1 and PDF/A-2a."),
        ("On the web", imprint.site_url),
        ("Errors", f"Please report them: {report}" if report else ""),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def _matter(scope: Scope, folder: Path, name: str) -> list[Piece]:
    """The Markdown text `name`, with the book's counts put in."""
    edition, reading = scope.manuscript.edition, scope.reading
    assert reading
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters["of"] = _counted
    text = environment.from_string((folder / name).read_text("utf-8")).render(
        checks=len(reading.checks),
        paragraphs=len(reading.article.paragraphs),
        terms=len(terms_of(scope)),
        countries=len(edition.countries),
        teacher=scope.teacher,
    )
    path = f"../overrides/study/words/{name}"
    context = Context(path, 1, 1, scope.refer, scope.cite)
    return [Piece(block.code, path) for block in scope.manuscript.prose.blocks(text, context)]


def _counted(number: int, one: str, many: str) -> str:
    """`1 term`, `64 terms`"""
    return f"{number} {one if number == 1 else many}"
