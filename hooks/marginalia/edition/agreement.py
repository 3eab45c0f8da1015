"""An edition and its entries in, what does not agree between them out.

Rule: one fault, one problem. What needs a file that could not be read is not to blame for that, and
what nothing uses is told only when all else is in order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from ..anchoring.folding import fold, fold_case
from ..intake.bibliography import PATH as BIBLIOGRAPHY
from ..intake.entries import slug
from ..intake.iso3166 import CODES as COUNTRY_CODES
from ..intake.iso3166 import MISTAKEN
from ..intake.lint import lint_citations, lint_inset
from ..likeness import did_you_mean
from ..model import Citation, Country, Edition, Entry, Event, FactCheck, Question, Reading, ReadingPage, Term
from ..problem import Lines, Place, Problem
from .resolve import names_of

_COMMON = 1 / 3
"""A name in more than this share of an article's paragraphs marks the page rather than the reader's way."""


def check_agreement(
    edition: Edition, found: Sequence[Entry], unread: Collection[str] = ()
) -> Iterator[Problem]:
    """Problems between entries, sources and articles. `unread` are the files that could not be read."""
    known = _Known(edition, found, unread)
    for entry in found:
        yield from _check_sources(entry, edition, known)
        yield from _check_ids(entry, known)
        if isinstance(entry, FactCheck):
            yield from _check_fact_check(entry, edition)
        elif isinstance(entry, Term):
            yield from _check_term(entry)
        elif isinstance(entry, Country):
            yield from _check_country(entry)
        elif isinstance(entry, Question):
            yield from _check_question(entry, edition)
        if isinstance(entry, Event | Question | ReadingPage):
            yield from lint_inset(entry)
        yield from _check_quotations(entry)
    yield from _check_rings(edition)


@dataclass(frozen=True)
class _Known:
    """The ids that another entry may name."""

    edition: Edition
    found: Sequence[Entry]
    unread: Collection[str]

    @cached_property
    def _broken(self) -> set[tuple[str, str]]:
        paths = [PurePosixPath(path).parts for path in self.unread if path.startswith("docs/")]
        return {(parts[1], slug(PurePosixPath(parts[-1]).stem)) for parts in paths}

    def source(self, name: str) -> bool:
        return (
            name in self.edition.sources
            or BIBLIOGRAPHY in self.unread
            or f"{BIBLIOGRAPHY}#{name}" in self.unread
        )

    def term(self, name: str) -> bool:
        return name in self.edition.terms or ("glossary", name) in self._broken

    def country(self, name: str) -> bool:
        return name in self.edition.countries or ("countries", name) in self._broken

    def check(self, article: str | None, name: str) -> bool:
        return name in self.checks_on(article) or ("fact-checks", name) in self._broken

    def checks_on(self, article: str | None) -> list[str]:
        return [e.id for e in self.found if isinstance(e, FactCheck) and e.article == article]


def _check_sources(entry: Entry, edition: Edition, known: _Known) -> Iterator[Problem]:
    strangers = [c for c in entry.sources if not known.source(c.id)]
    for index, citation in enumerate(entry.sources):
        place = entry.places.of("sources", index, "id")
        if citation in strangers:
            what = f"There is no source “{citation.id}” in the bibliography."
            yield Problem(place, "V216", what, did_you_mean(citation.id, edition.sources))
        if citation.id in {c.id for c in entry.sources[:index]}:
            what = f"The source “{citation.id}” is listed twice."
            yield Problem(place, "V211", what, "Keep one, with both places.")
    if not entry.sound("sources"):
        return
    if not strangers:  # else the id that the text cites may be the right one
        yield from _check_citations(entry)
    consulted = [edition.sources[c.id].consulted for c in entry.sources if c.id in edition.sources]
    if consulted and set(consulted) == {"not-consulted"} and "not verified" not in entry.body.lower():
        what = "Nobody consulted any of these sources."
        mend = "Consult one, or say “not verified” in the text."
        yield Problem(entry.places.of("sources"), "V218", what, mend)


def _check_citations(entry: Entry) -> Iterator[Problem]:
    used: set[str] = set()
    if isinstance(entry, Country):
        listed = {c.id for c in entry.sources}
        pairs = [("evidence", n, e.source) for n, e in enumerate(entry.evidence)]
        pairs += [("figures", n, f.source) for n, f in enumerate(entry.figures)]
        for key, index, source in pairs:
            used.add(source)
            if source not in listed:
                what = f"“{source}” is not among the entry’s sources."
                place = entry.places.of(key, index, "source")
                yield Problem(place, "L413", what, "Add it to sources: with its place (at:).")
    sound = entry.sound("evidence", "figures")  # else one of them may be where a source is used
    yield from (p for p in lint_citations(entry, used) if sound or p.code != "L415")


def _check_ids(entry: Entry, known: _Known) -> Iterator[Problem]:
    edition = known.edition
    groups = (
        ("terms", "G303", known.term, edition.terms, "term"),
        ("see", "G303", known.term, edition.terms, "term"),
        ("countries", "C308", known.country, edition.countries, "country"),
        ("members", "C308", known.country, edition.countries, "country"),
    )
    for key, code, is_known, all_known, noun in groups:
        for index, name in enumerate(getattr(entry, key, ())):
            if not is_known(name):
                what = f"There is no {noun} “{name}”."
                yield Problem(entry.places.of(key, index), code, what, did_you_mean(name, all_known))
    key = "also" if isinstance(entry, FactCheck) else "checks"
    article = getattr(entry, "article", None)
    for index, name in enumerate(getattr(entry, key, ())):
        if entry.sound("article") and not known.check(article, name):
            what = f"There is no fact-check “{name}” on this article."
            mend = did_you_mean(name, known.checks_on(article))
            yield Problem(entry.places.of(key, index), "T502", what, mend)


_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def _check_fact_check(check: FactCheck, edition: Edition) -> Iterator[Problem]:
    judged = {check.kind, check.verdict} & {"opinion", "forecast"}
    if judged and check.kind != check.verdict and check.sound("kind", "verdict"):
        what = f"The kind is “{check.kind}” and the verdict “{check.verdict}”."
        mend = "An opinion gets the verdict opinion, a forecast the verdict forecast, and nothing else does."
        yield Problem(check.places.of("verdict"), "V210", what, mend)
    elif not judged and not _outside(check, edition) and check.sound("sources", "kind", "verdict"):
        what = "A verdict needs a source other than the article."
        yield Problem(check.places.of("sources"), "V202", what, "Add one.")
    if len(check.body.split()) < 20:
        place = Place(check.places.path, check.body_line)
        yield Problem(place, "V215", "The reasoning is under 20 words.", "Say how you reached the verdict.")
        return
    reasoned = set(_NUMBER.findall(check.body))
    for number in dict.fromkeys(_NUMBER.findall(check.summary)):
        if number not in reasoned:
            what = f"The number {number} is not in the reasoning."
            yield Problem(check.places.of("summary"), "V219", what, "Say it in the body, or correct it.")


def _outside(check: FactCheck, edition: Edition) -> list[Citation]:
    """The sources of a check that are not the article itself."""
    reading = edition.readings.get(check.article)
    return [c for c in check.sources if reading is None or c.id != reading.page.source]


def _check_quotations(entry: Entry) -> Iterator[Problem]:
    at = Lines(entry.places.path, entry.body, entry.body_line).at
    for match in re.finditer("“([^“”]*)”", entry.body):
        count = len(match[1].split())
        if count > 90:
            yield Problem(at(match.start()), "V214", f"{count} words quoted; at most 90.", "Quote less.")


def _check_term(term: Term) -> Iterator[Problem]:
    if term.short.lower().startswith(term.title.lower() + " "):
        what = f"The definition begins with “{term.title}”."
        yield Problem(term.places.of("short"), "G304", what, "Begin with what it is.")


def _check_rings(edition: Edition) -> Iterator[Problem]:
    """Definitions that name each other in a round and no other term: whoever looks one up learns nothing."""
    names = names_of(edition.terms, edition.countries)
    named: dict[str, set[str]] = {}
    for term in edition.terms.values():
        owners = (owner.partition(":") for _, owner in names.find(fold(term.short)))
        named[term.id] = {name for kind, _, name in owners if kind == "term"} - {term.id}
    told: set[str] = set()
    for start in named:
        ring = [start]
        while len(named[ring[-1]]) == 1 and start not in told:
            (after,) = named[ring[-1]]
            if after == start:
                told.update(ring)
                titles = " → ".join(edition.terms[t].title for t in [*ring, start])
                what = f"The definitions lead round: {titles}."
                mend = "Say what it is, in words that need no other entry."
                yield Problem(edition.terms[start].places.of("short"), "G304", what, mend)
            if after in ring:
                break
            ring.append(after)


_DISPUTED = frozenset({"TW", "PS", "XK", "EH"})


def _check_country(country: Country) -> Iterator[Problem]:
    of, iso = country.places.of, country.iso
    if not country.sound("kind", "iso", "naming"):
        return  # each is judged by the others
    if country.kind != "country" and iso is not None:
        what = f"A {country.kind} with an ISO code."
        yield Problem(of("iso"), "C303", what, "Countries have one; blocs and regions have none.")
    elif country.kind == "country" and iso in (None, "EU"):
        what = "A country without an ISO code." if iso is None else "“EU” is the code of a bloc."
        mend = (
            f"{'Add iso:' if iso is None else 'Remove it'}, or set kind: to bloc or region and list members:."
        )
        yield Problem(of("iso" if iso else "kind"), "C303", what, mend)
    elif iso and iso not in COUNTRY_CODES:
        mend = f"Use “{MISTAKEN[iso]}”." if iso in MISTAKEN else "Look the code up."
        yield Problem(of("iso"), "C301", f"“{iso}” is not an ISO 3166 code.", mend)
    elif iso in _DISPUTED and country.naming is None:
        what = f"The name or status of {country.title} is disputed."
        yield Problem(of("iso"), "C306", what, "Add naming: with one sentence.")


def _check_question(question: Question, edition: Edition) -> Iterator[Problem]:
    reading = edition.readings.get(question.article)
    count = len(reading.article.paragraphs) if reading and reading.page.sound("headings") else None
    for index, number in enumerate(question.paragraphs):
        if count is not None and not 1 <= number <= count:
            what = f"There is no paragraph {number}; the article has {count}."
            place = question.places.of("paragraphs", index)
            yield Problem(place, "T501", what, "Use the numbers beside the paragraphs.")
    if not re.search(r"^## Answer[^\S\n]*\n\s*\S", question.body, re.MULTILINE):
        place = Place(question.places.path, question.body_line)
        mend = "Add a heading “## Answer” and what a good answer contains."
        yield Problem(place, "T503", "The question has no answer.", mend)


# --- what nothing uses ---------------------------------------------------------------------------


def check_use(edition: Edition, found: Sequence[Entry]) -> Iterator[Problem]:
    """Sources, terms and countries that nothing needs, and names that are needed too often.

    To be asked only of an edition without errors: after a slip elsewhere these follow from it.
    """
    cited = {citation.id for entry in found for citation in entry.sources}
    cited |= {r.page.source for r in edition.readings.values() if r.page.source}
    for source in edition.sources.values():
        if source.id not in cited:
            yield Problem(
                source.places.of("id"), "V217", f"Nothing cites “{source.id}”.", "Cite it or remove it."
            )
    named = {(m.kind, m.entry) for r in edition.readings.values() for m in r.mentions}
    for kind, code, group, keys in (
        ("term", "G306", edition.terms, ("terms", "see")),
        ("country", "C304", edition.countries, ("countries", "members")),
    ):
        linked = {name for e in found for key in keys for name in getattr(e, key, ()) if name != e.id}
        for entry in group.values():
            if (kind, entry.id) not in named and entry.id not in linked:
                what = f"Nothing uses “{entry.title}”."
                mend = f"Add a name under which it is used, or name it under {keys[0]}: or {keys[1]}: of another entry."
                yield Problem(entry.places.of("names"), code, what, mend)
    for reading in edition.readings.values():
        yield from _check_names(reading, edition)


def _check_names(reading: Reading, edition: Edition) -> Iterator[Problem]:
    paragraphs = reading.article.paragraphs
    if len(paragraphs) < 12:
        return
    inside: dict[str, dict[str, set[str]]] = {}
    for mention in reading.mentions:
        words = fold_case(fold(reading.article.words(mention.span)).text)
        block = reading.article.block_at(mention.span.start).id
        inside.setdefault(mention.entry, {}).setdefault(words, set()).add(block)
    for term in (edition.terms[entry] for entry in inside if entry in edition.terms):
        for index, name in enumerate(term.names):
            count = len(inside[term.id].get(fold_case(fold(name).text), ()))
            if count > len(paragraphs) * _COMMON:
                what = f"“{name}” is in {count} of {len(paragraphs)} paragraphs of {reading.id}."
                yield Problem(term.places.of("names", index), "G305", what, "Leave that name out.")


# --- what was published before -------------------------------------------------------------------


def check_changes(before: Edition, edition: Edition) -> Iterator[Problem]:
    """Verdicts that are not what they were in an earlier edition, where nothing tells readers why."""
    for key, checked in edition.checks.items():
        earlier, check = before.checks.get(key), checked.check
        if earlier is None or earlier.check.verdict == check.verdict or not check.sound("verdict", "changes"):
            continue
        if not set(check.changes) - set(earlier.check.changes):
            what = f"The verdict went from “{earlier.check.verdict}” to “{check.verdict}”."
            yield Problem(check.places.of("verdict"), "V209", what, "Say why under changes:, with the date.")
