"""The values that everything else hands round: articles, entries, sources, mentions, the edition.

Rules: values are frozen; they hold no behavior but look-ups; the classes that contributors fill in
are pydantic dataclasses, so the schema of a front matter and the value made from it are one thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace
from datetime import date
from functools import cached_property, total_ordering
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass as validated
from pydantic_core import PydanticCustomError

from .problem import Key, Places

# --- the article ---------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of an article's text: offsets in characters, half open."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or the credit line of an article."""

    kind: Literal["heading", "paragraph", "credit"]
    span: Span
    id: str
    """The block's address on the reading page: `p7` for the seventh paragraph."""
    number: int | None = None
    """Paragraphs only, counted from 1."""
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs below it."""

    id: str
    heading: Block | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Article:
    """A source text, word for word, and where its blocks stand."""

    id: str
    text: str
    """With line ends as LF and without a byte-order mark; otherwise the seed's own characters."""
    blocks: tuple[Block, ...]
    sha256: str
    """Of the seed's bytes."""

    def words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    @cached_property
    def paragraphs(self) -> tuple[Block, ...]:
        return tuple(b for b in self.blocks if b.kind == "paragraph")

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        groups: list[list[Block]] = [[]]
        for block in self.blocks:
            if block.kind == "heading":
                groups.append([block])
            elif block.kind == "paragraph":
                groups[-1].append(block)
        return tuple(_section(group) for group in groups if group)

    def block_at(self, offset: int) -> Block:
        return next(b for b in self.blocks if b.span.start <= offset < b.span.end)

    def sentence_at(self, offset: int) -> Span:
        block = self.block_at(offset)
        found = (s for s in block.sentences if s.start <= offset < s.end)
        return next(found, block.span)

    def section_of(self, block: Block) -> Section:
        return next(s for s in self.sections if block in s.blocks or block == s.heading)


def _section(group: list[Block]) -> Section:
    heading = group[0] if group[0].kind == "heading" else None
    return Section(heading.id if heading else "opening", heading, tuple(group[bool(heading) :]))


# --- dates ---------------------------------------------------------------------------------------

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@total_ordering
@dataclass(frozen=True)
class Day:
    """A date known to the day, the month or only the year."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str:
        parts = [f"{self.year:04}"] + [f"{n:02}" for n in (self.month, self.day) if n]
        return "-".join(parts)

    @property
    def long(self) -> str:
        """For readers: `14 February 2025`, `February 2025`, `2025`."""
        if not self.month:
            return str(self.year)
        name = _MONTHS[self.month - 1]
        return f"{self.day} {name} {self.year}" if self.day else f"{name} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    def __lt__(self, other: Day) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, int, int]:
        return (self.year, self.month or 0, self.day or 0)

    def __str__(self) -> str:
        return self.iso


def parse_day(value: Any) -> Day:
    """A `Day` from `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raises pydantic's error with our code."""
    if isinstance(value, Day):
        return value
    text = str(value).strip()
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if not match:
        if re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}", text):
            raise PydanticCustomError(
                "F114", "Day or month first? “{text}” can be read two ways.", {"text": text}
            )
        raise PydanticCustomError("F113", "“{text}” is not a date.", {"text": text})
    year, month, day = (int(g) if g else None for g in match.groups())
    assert year is not None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise PydanticCustomError("F113", "“{text}” is not a day of the calendar.", {"text": text}) from None
    return Day(year, month, day)


def _whole_day(day: Day) -> Day:
    if not day.day:
        raise PydanticCustomError("F113", "“{text}” has no day.", {"text": day.iso})
    return day


PartDay = Annotated[Day, BeforeValidator(parse_day)]
WholeDay = Annotated[Day, BeforeValidator(parse_day), AfterValidator(_whole_day)]

# --- texts ---------------------------------------------------------------------------------------


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+(?:[^\s<>\"{}|\\^`.,;]|\.\.\.)")


def _web_address(value: str) -> str:
    try:
        named = bool(urlsplit(value).hostname)
    except ValueError:  # brackets or look-alikes of separators where a host should stand
        named = False
    if re.search(r"&#?\w+;", value):
        raise PydanticCustomError(
            "V204", "“{text}” was copied from HTML: it has “&amp;” for “&”.", {"text": value}
        )
    if not named or not _ADDRESS.fullmatch(value):
        raise PydanticCustomError("V204", "“{text}” is not a web address.", {"text": value})
    return value


Line = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1)]
Phrase = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=80)]
Address = Annotated[str, AfterValidator(_web_address)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def words_at_most(limit: int) -> AfterValidator:
    """A validator that refuses a text of more than `limit` words."""

    def check(value: str) -> str:
        count = len(value.split())
        if count > limit:
            raise PydanticCustomError(
                "F130", "{count} words; at most {limit}.", {"count": count, "limit": limit}
            )
        return value

    return AfterValidator(check)


# --- entries -------------------------------------------------------------------------------------

Verdict = Literal[
    "accurate", "mostly-accurate", "needs-context", "disputed", "unsupported", "inaccurate", "opinion", "forecast",
]  # fmt: skip
Confidence = Literal["high", "medium", "low"]
ClaimKind = Literal["fact", "quotation", "attribution", "causal", "opinion", "forecast"]
Mode = Literal["blunting", "broadening", "boosting", "binding", "other"]
Family = Literal["hedging", "grand-strategy", "order", "alliances", "doctrines", "economics", "theory"]
QuestionKind = Literal[
    "warm-up", "comprehension", "vocabulary", "evidence", "compare", "discussion", "task", "exit",
]  # fmt: skip

_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


@validated(frozen=True, kw_only=True, config=_STRICT)
class Citation:
    """A source and the place in it."""

    id: Id
    at: Line


@validated(frozen=True, kw_only=True, config=_STRICT)
class Change:
    """A change that readers are told of."""

    date: WholeDay
    note: Line


@validated(frozen=True, kw_only=True, config=_STRICT)
class Entry:
    """What every contributed Markdown file has."""

    id: Id
    path: str
    """Relative to docs/, with forward slashes: the page's source and its address."""
    body: str
    body_line: int
    """The line of the file on which the body begins."""
    places: Places = field(repr=False, compare=False)
    title: Line
    sources: tuple[Citation, ...] = ()
    changes: tuple[Change, ...] = ()
    torn: frozenset[Key] = frozenset()
    """Where values could not be read: what stands there is made up."""

    def sound(self, *names: str) -> bool:
        """Whether all that stands, or does not stand, under these keys is as it was meant."""
        places_in_sources = "at"  # nothing else follows from them
        return not any(key[0] in names and key[-1] != places_in_sources for key in self.torn)


@validated(frozen=True, kw_only=True, config=_STRICT)
class Quoting:
    """A W3C TextQuoteSelector, or the two ends of a long passage."""

    quote: Line | None = None
    prefix: Line | None = None
    suffix: Line | None = None
    from_: Annotated[Line | None, Field(alias="from")] = None
    to: Line | None = None


@validated(frozen=True, kw_only=True, config=_STRICT)
class FactCheck(Entry, Quoting):
    """What we found out about some words of an article."""

    article: Id
    """The seed's name: the folder the file is in."""
    kind: ClaimKind
    verdict: Verdict
    confidence: Confidence
    summary: Annotated[Line, words_at_most(45)]
    checked: WholeDay
    also: tuple[Id, ...] = ()
    terms: tuple[Id, ...] = ()
    countries: tuple[Id, ...] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Named(Entry):
    """An entry that running text is linked to under its names."""

    names: tuple[Phrase, ...] = ()
    except_: Annotated[tuple[Phrase, ...], Field(alias="except")] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Term(Named):
    """A strategy term."""

    family: Family
    short: Annotated[Line, words_at_most(40)]
    see: tuple[Id, ...] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Evidence:
    """One dated act of hedging."""

    mode: Mode
    date: PartDay
    fact: Line
    source: Id


@validated(frozen=True, kw_only=True, config=_STRICT)
class Figure:
    """One number with its year and source."""

    label: Line
    value: Line
    year: Line
    source: Id


@validated(frozen=True, kw_only=True, config=_STRICT)
class Country(Named):
    """A country, a bloc or a region."""

    kind: Literal["country", "bloc", "region"]
    role: Annotated[Line, words_at_most(30)]
    us: Line
    china: Line
    iso: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    members: tuple[Id, ...] = ()
    naming: Line | None = None
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[Figure, ...] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Event(Entry, Quoting):
    """Something dated that the article refers to or presupposes, or that came after it."""

    date: PartDay
    relation: Literal["refers", "presupposes", "context", "after"]
    article: Id | None = None
    terms: tuple[Id, ...] = ()
    countries: tuple[Id, ...] = ()
    checks: tuple[Id, ...] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Question(Entry):
    """Something to ask a class about some paragraphs, with what a good answer contains."""

    article: Id
    kind: QuestionKind
    paragraphs: tuple[int, ...] = ()
    minutes: int | None = None
    terms: tuple[Id, ...] = ()
    checks: tuple[Id, ...] = ()


@validated(frozen=True, kw_only=True, config=_STRICT)
class Unchecked:
    """A sentence that no check covers, and why."""

    quote: Line
    why: Line
    prefix: Line | None = None
    suffix: Line | None = None


@validated(frozen=True, kw_only=True, config=_STRICT)
class ReadingPage(Entry):
    """What the page of an article says about it."""

    author: Line | None = None
    description: Line | None = None
    rights: Line | None = None
    headings: tuple[Line, ...] | None = None
    """Overrides the rule that finds headings: the lines that are headings, and no others."""
    unchecked: tuple[Unchecked, ...] = ()
    source: Id | None = None
    """The article's own record in the bibliography, where it has one."""


# --- sources -------------------------------------------------------------------------------------


@validated(frozen=True, kw_only=True, config=_STRICT)
class Name:
    """A CSL name: a person's two parts, or an organization as `literal`."""

    family: Line | None = None
    given: Line | None = None
    literal: Line | None = None


SourceKind = Literal["primary", "official", "scholarly", "press", "commentary", "reference"]
Consulted = Literal["whole", "excerpt", "quoted-elsewhere", "not-consulted"]


@validated(frozen=True, kw_only=True, config=_STRICT)
class Source:
    """A CSL record, plus what kind of witness it is and how we consulted it.

    Source: Citation Style Language 1.0.2 specification, appendices III and IV.
    """

    id: Id
    type: Literal[
        "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "chapter",
        "dataset", "document", "entry", "entry-encyclopedia", "interview", "legislation", "manuscript",
        "paper-conference", "personal_communication", "post", "post-weblog", "regulation", "report",
        "review", "speech", "thesis", "treaty", "webpage", "broadcast", "hearing", "legal_case",
    ]  # fmt: skip
    title: Line
    kind: SourceKind
    consulted: Consulted
    author: tuple[Name, ...] = ()
    editor: tuple[Name, ...] = ()
    container_title: Annotated[Line | None, Field(alias="container-title")] = None
    collection_title: Annotated[Line | None, Field(alias="collection-title")] = None
    publisher: Line | None = None
    publisher_place: Annotated[Line | None, Field(alias="publisher-place")] = None
    genre: Line | None = None
    number: Line | None = None
    volume: Line | None = None
    issue: Line | None = None
    page: Line | None = None
    language: Line | None = None
    issued: PartDay | None = None
    accessed: WholeDay | None = None
    URL: Address | None = None
    DOI: Line | None = None
    archive: Address | None = None
    note: Line | None = None
    places: Places = field(repr=False, compare=False, default_factory=lambda: Places(""))
    torn: frozenset[Key] = frozenset()
    """Where values could not be read: what stands there is made up."""


# --- what is resolved ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Mention:
    """A stretch of an article that names a term or a country."""

    span: Span
    entry: str
    """The id of the term or country."""
    kind: Literal["term", "country"]
    first: bool
    """The first in its section: the one that is linked."""


@dataclass(frozen=True)
class Checked:
    """A fact-check and where its words stand."""

    check: FactCheck
    spans: tuple[Span, ...]
    """One for each paragraph that the words run through."""
    number: int
    """In reading order, from 1."""


@dataclass(frozen=True)
class Reading:
    """An article with everything that stands in it."""

    article: Article
    page: ReadingPage
    generated: bool
    """No file in docs/readings/: the page was made from the seed alone."""
    checks: tuple[Checked, ...] = ()
    mentions: tuple[Mention, ...] = ()
    unchecked: tuple[tuple[Span, str], ...] = ()

    @property
    def id(self) -> str:
        return self.article.id


@dataclass(frozen=True)
class Anchored:
    """An event and where the words it explains stand."""

    event: Event
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Edition:
    """The whole publication, resolved, in memory. Every order is fixed, so same in gives same out."""

    readings: Mapping[str, Reading]
    checks: Mapping[tuple[str, str], Checked]
    """By article and id."""
    terms: Mapping[str, Term]
    countries: Mapping[str, Country]
    events: tuple[Anchored, ...]
    """By date."""
    questions: tuple[Question, ...]
    sources: Mapping[str, Source]
