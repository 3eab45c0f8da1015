"""An edition and its entries in, what does not agree between them out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from .entries import did_you_mean
from .lint import lint_citations
from .model import Country, Edition, Entry, FactCheck, Question, Term
from .problem import Place, Problem

_COMMON = 1 / 3
"""A name in more than this share of an article's paragraphs marks the page rather than the reader's way."""

SOURCE_ARTICLE = "hadar-nd"


def check_agreement(
    edition: Edition, found: Sequence[Entry], unread: Collection[str] = ()
) -> Iterator[Problem]:
    """Problems between entries, sources and articles."""
    cited: set[str] = set()
    for entry in found:
        yield from _check_sources(entry, edition, cited)
        yield from _check_ids(entry, edition)
        if isinstance(entry, FactCheck):
            yield from _check_fact_check(entry)
        elif isinstance(entry, Term):
            yield from _check_term(entry)
        elif isinstance(entry, Country):
            yield from _check_country(entry)
        elif isinstance(entry, Question):
            yield from _check_question(entry, edition)
    for source in edition.sources.values():
        if source.id not in cited:
            yield Problem(
                source.places.of("id"), "V217", f"Nothing cites “{source.id}”.", "Cite it or remove it."
            )
    yield from _check_use(edition, found)


def _check_sources(entry: Entry, edition: Edition, cited: set[str]) -> Iterator[Problem]:
    used: set[str] = set()
    for index, citation in enumerate(entry.sources):
        if citation.id not in edition.sources:
            yield Problem(
                entry.places.of("sources", index, "id"),
                "V216",
                f"There is no source “{citation.id}” in the bibliography.",
                did_you_mean(citation.id, edition.sources),
            )
        if citation.id in {c.id for c in entry.sources[:index]}:
            yield Problem(
                entry.places.of("sources", index, "id"),
                "V211",
                f"The source “{citation.id}” is listed twice.",
                "Keep one, with both places.",
            )
        cited.add(citation.id)
    if isinstance(entry, Country):
        listed = {c.id for c in entry.sources}
        for key, items in (("evidence", entry.evidence), ("figures", entry.figures)):
            for index, item in enumerate(items):  # type: ignore[arg-type]
                used.add(item.source)
                if item.source not in listed:
                    yield Problem(
                        entry.places.of(key, index, "source"),
                        "L413",
                        f"“{item.source}” is not among the entry’s sources.",
                        "Add it to sources: with its place (at:).",
                    )
    yield from lint_citations(entry, used)
    known = [edition.sources[c.id] for c in entry.sources if c.id in edition.sources]
    if (
        known
        and all(s.consulted == "not-consulted" for s in known)
        and "not verified" not in entry.body.lower()
    ):
        yield Problem(
            entry.places.of("sources"),
            "V218",
            "Nobody consulted any of these sources.",
            "Consult one, or say “not verified” in the text.",
        )


def _check_ids(entry: Entry, edition: Edition) -> Iterator[Problem]:
    groups: tuple[tuple[str, str, Mapping[str, object], str], ...] = (
        ("terms", "G303", edition.terms, "term"),
        ("see", "G303", edition.terms, "term"),
        ("countries", "C305", edition.countries, "country"),
        ("members", "C305", edition.countries, "country"),
    )
    for key, code, known, noun in groups:
        for index, name in enumerate(getattr(entry, key, ())):
            if name not in known:
                yield Problem(
                    entry.places.of(key, index),
                    code,
                    f"There is no {noun} “{name}”.",
                    did_you_mean(name, known),
                )
    article = getattr(entry, "article", None)
    if isinstance(entry, FactCheck):
        pairs = [("also", entry.also)]
    else:
        pairs = [("checks", getattr(entry, "checks", ()))]
    for key, names in pairs:
        for index, name in enumerate(names):
            if (article, name) not in edition.checks:
                mine = [i for a, i in edition.checks if a == article]
                yield Problem(
                    entry.places.of(key, index),
                    "T502",
                    f"There is no fact-check “{name}” on this article.",
                    did_you_mean(name, mine),
                )


_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def _check_fact_check(check: FactCheck) -> Iterator[Problem]:
    if (
        check.kind in ("opinion", "forecast") or check.verdict in ("opinion", "forecast")
    ) and check.kind != check.verdict:
        yield Problem(
            check.places.of("verdict"),
            "V210",
            f"The kind is “{check.kind}” and the verdict “{check.verdict}”.",
            "An opinion gets the verdict opinion, a forecast the verdict forecast, and nothing else does.",
        )
    outside = [c for c in check.sources if c.id != SOURCE_ARTICLE]
    if not outside and check.verdict not in ("opinion", "forecast"):
        yield Problem(
            check.places.of("sources"), "V202", "A verdict needs a source other than the article.", "Add one."
        )
    if len(check.body.split()) < 20:
        yield Problem(
            Place(check.places.path, check.body_line),
            "V215",
            "The reasoning is under 20 words.",
            "Say how you reached the verdict.",
        )
    for number in _NUMBER.findall(check.summary):
        if number not in check.body:
            yield Problem(
                check.places.of("summary"),
                "V212",
                f"The number {number} is not in the reasoning.",
                "Say it in the body, or correct it.",
            )
    for match in re.finditer("“([^“”]*)”", check.body):
        count = len(match[1].split())
        if count > 90:
            line = check.body_line + check.body.count("\n", 0, match.start())
            yield Problem(
                Place(check.places.path, line), "V214", f"{count} words quoted; at most 90.", "Quote less."
            )


def _check_term(term: Term) -> Iterator[Problem]:
    if term.short.lower().startswith(term.title.lower() + " "):
        yield Problem(
            term.places.of("short"),
            "G308",
            f"The definition begins with “{term.title}”.",
            "Begin with what it is.",
        )


_DISPUTED = frozenset({"TW", "PS", "XK", "EH"})


def _check_country(country: Country) -> Iterator[Problem]:
    if (country.kind == "country") != (country.iso is not None):
        yield Problem(
            country.places.of("iso" if country.iso else "kind"),
            "C303",
            f"A {country.kind} {'with' if country.iso else 'without'} an ISO code.",
            "Countries have one; blocs and regions have none.",
        )
    if country.iso in ("UK", "EL"):
        better = {"UK": "GB", "EL": "GR"}[country.iso]
        yield Problem(
            country.places.of("iso"), "C301", f"“{country.iso}” is not ISO 3166.", f"Use “{better}”."
        )
    if country.iso in _DISPUTED and country.naming is None:
        yield Problem(
            country.places.of("iso"),
            "C306",
            f"The name or status of {country.title} is disputed.",
            "Add naming: with one sentence.",
        )


def _check_question(question: Question, edition: Edition) -> Iterator[Problem]:
    reading = edition.readings.get(question.article)
    if reading is None:
        yield Problem(
            Place(question.places.path),
            "T504",
            f"There is no article “{question.article}”.",
            did_you_mean(question.article, edition.readings),
        )
        return
    count = len(reading.article.paragraphs)
    for index, number in enumerate(question.paragraphs):
        if not 1 <= number <= count:
            yield Problem(
                question.places.of("paragraphs", index),
                "T501",
                f"There is no paragraph {number}; the article has {count}.",
                "Use the numbers beside the paragraphs.",
            )
    if not re.search(r"^## Answer\s*\n\s*\S", question.body, re.MULTILINE):
        yield Problem(
            Place(question.places.path, question.body_line),
            "T503",
            "The question has no answer.",
            "Add a heading “## Answer” and what a good answer contains.",
        )


def _check_use(edition: Edition, found: Sequence[Entry]) -> Iterator[Problem]:
    named = {(m.kind, m.entry) for r in edition.readings.values() for m in r.mentions}
    linked = {("term", t) for e in found for t in (*getattr(e, "terms", ()), *getattr(e, "see", ()))}
    for term in edition.terms.values():
        if ("term", term.id) not in named | linked:
            yield Problem(
                term.places.of("names"),
                "G306",
                f"Nothing uses “{term.title}”.",
                "Add a name under which it is used, or link it from another entry.",
            )
    for reading in edition.readings.values():
        paragraphs = reading.article.paragraphs
        if len(paragraphs) < 12:
            continue
        for term in edition.terms.values():
            spans = [m.span for m in reading.mentions if m.kind == "term" and m.entry == term.id]
            for index, name in enumerate(term.names):
                inside = {
                    p.id
                    for p in paragraphs
                    for s in spans
                    if p.span.holds(s) and reading.article.words(s).lower() == name.lower()
                }
                if len(inside) > len(paragraphs) * _COMMON:
                    yield Problem(
                        term.places.of("names", index),
                        "G305",
                        f"“{name}” is in {len(inside)} of {len(paragraphs)} paragraphs of {reading.id}.",
                        "Leave that name out.",
                    )
