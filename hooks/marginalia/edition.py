"""A project folder in, the whole edition out: every file read, every quote and name resolved.

`load` is the only function that touches the disk. It never raises for what a contributor wrote: it
returns all problems of all files at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import entries as entry_files
from .anchor import Names, Searchable, locate, searchable
from .bibliography import PATH as BIBLIOGRAPHY
from .bibliography import read_bibliography
from .codes import CODES
from .entries import did_you_mean
from .frontmatter import Document, read, read_text
from .lint import lint_body, lint_citations
from .model import (
    Anchored, Article, Checked, Country, Edition, Entry, Event, FactCheck, Mention, Question,
    Quoting, Reading, ReadingPage, Source, Span, Term,
)  # fmt: skip
from .problem import Place, Places, Problem
from .seed import long_paragraphs, parse, read_seed

_COMMON = 1 / 3
"""A name in more than this share of an article's paragraphs marks the page rather than the reader's way."""

SOURCE_ARTICLE = "hadar-nd"


@dataclass
class Sheets:
    """What was read from the disk: texts by path (relative to the root), for messages."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(root: Path, today: date | None = None) -> tuple[Edition, list[Problem], Mapping[str, str]]:
    """The edition in the project at `root`, all problems, and the texts of the files they are in.

    `today`, where given, is the day after which a date has not come yet.
    """
    sheets = Sheets()
    seeds = _read_seeds(root, sheets)
    found = _read_entries(root, sheets, today)
    sources = _read_sources(root, sheets)
    edition = _resolve(seeds, found, sources, sheets)
    return edition, sorted(set(sheets.problems)), sheets.texts


# --- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seed:
    path: str
    text: str
    data: bytes


def _read_seeds(root: Path, sheets: Sheets) -> dict[str, _Seed]:
    seeds: dict[str, _Seed] = {}
    folder = root / "seeds"
    sums = _recorded_sums(folder / "SHA256SUMS")
    for file in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        path = f"seeds/{file.name}"
        if problem := _escapes(file, root, path):
            sheets.problems.append(problem)
            continue
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem):
            sheets.problems.append(Problem(Place(path), "F128", f"“{file.name}” cannot be an address.", "Use lower-case letters, digits and hyphens."))
            continue
        data = file.read_bytes()
        text, problems = read_seed(path, data)
        sheets.problems += problems
        sheets.texts[path] = text
        digest = hashlib.sha256(data).hexdigest()
        if sums.get(file.name, digest) != digest:
            sheets.problems.append(Problem(Place(path), "S012", "The source has changed: its SHA-256 is not the recorded one.", "Put the original back, or record the new sum in seeds/SHA256SUMS."))
        if text.strip() and not any(CODES[p.code].severity == "error" for p in problems):
            seeds[file.stem] = _Seed(path, text, data)
    return seeds


def _recorded_sums(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    rows = (row.split(maxsplit=1) for row in file.read_text("utf-8", "replace").splitlines() if row.strip())
    return {row[1].lstrip("*").strip(): row[0].lower() for row in rows if len(row) == 2}


def _escapes(file: Path, root: Path, path: str) -> Problem | None:
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        return Problem(Place(path), "X407", "A symbolic link, or a path that leaves the project.", "Put the file itself there.")
    return None


def _read_entries(root: Path, sheets: Sheets, today: date | None) -> list[Entry]:
    docs = root / "docs"
    found: list[Entry] = []
    files = sorted(p for p in docs.rglob("*") if p.is_symlink() or p.is_file())
    pages = {p.relative_to(docs).as_posix() for p in files}
    for file in files:
        path = file.relative_to(docs).as_posix()
        if problem := _escapes(file, root, f"docs/{path}"):
            sheets.problems.append(problem)
        elif file.suffix == ".md" and not file.name.startswith("."):
            entry = _read_page(file, path, pages, sheets, today)
            if entry:
                found.append(entry)
        elif problem := _unpublishable(file, path):
            sheets.problems.append(problem)
    return found


_PUBLISHED = frozenset(".md .yml .yaml .svg .png .jpg .jpeg .webp .avif .pdf .txt .csv .json .woff2 .css .js .ico".split())


def _unpublishable(file: Path, path: str) -> Problem | None:
    place = Place(f"docs/{path}")
    if file.name.startswith("."):
        return None
    if file.suffix.lower() not in _PUBLISHED:
        return Problem(place, "X411", f"Files of the kind “{file.suffix or file.name}” are not published.", "Remove it.")
    if file.stat().st_size > 2**20 and file.suffix.lower() not in (".yml", ".pdf"):
        return Problem(place, "X411", "The file is over 1 MB.", "Make it smaller.")
    if file.suffix.lower() == ".svg":
        text = file.read_text("utf-8", "replace")
        if re.search(r"<script|<foreignObject|\bon\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)|<!ENTITY", text, re.IGNORECASE):
            return Problem(place, "X410", "The picture has script, handlers or outside references.", "Export a plain SVG.")
    return None


def _read_page(file: Path, path: str, pages: set[str], sheets: Sheets, today: date | None) -> Entry | None:
    name = f"docs/{path}"
    text, problems = read_text(name, file.read_bytes())
    sheets.problems += problems
    if text is None:
        return None
    sheets.texts[name] = text
    kind = entry_files.kind_of(path)
    document, problems = read(name, text, required=kind is not None)
    sheets.problems += problems
    if document is None:
        return None
    sheets.problems += lint_body(path, document.body, document.body_line, pages)
    if kind is None:
        return None
    if problem := entry_files.misplaced(path):
        sheets.problems.append(problem)
        return None
    entry, problems = entry_files.build(path, document, today)
    sheets.problems += problems
    return entry


def _read_sources(root: Path, sheets: Sheets) -> dict[str, Source]:
    file = root / BIBLIOGRAPHY
    if not file.is_file():
        return {}
    text, problems = read_text(BIBLIOGRAPHY, file.read_bytes())
    sheets.problems += problems
    if text is None:
        return {}
    sheets.texts[BIBLIOGRAPHY] = text
    sources, problems = read_bibliography(text)
    sheets.problems += problems
    return sources


# --- resolving -----------------------------------------------------------------------------------


def _resolve(seeds: dict[str, _Seed], found: Sequence[Entry], sources: dict[str, Source], sheets: Sheets) -> Edition:
    terms = {e.id: e for e in found if isinstance(e, Term)}
    countries = {e.id: e for e in found if isinstance(e, Country)}
    pages = {e.id: e for e in found if isinstance(e, ReadingPage)}
    say = sheets.problems.extend
    say(_orphan_pages(pages, seeds))
    articles = {name: _article(name, seed, pages.get(name), sheets) for name, seed in sorted(seeds.items())}
    ready = {name: searchable(article) for name, article in articles.items()}
    checks = _place_checks(found, ready, sheets)
    names = names_of(terms, countries, say)
    readings = {}
    for name, article in articles.items():
        mine = tuple(c for c in checks if c.check.article == name)
        page = pages.get(name) or _made_page(article)
        mentions = find_mentions(ready[name], names, terms)
        unchecked = _place_unchecked(page, ready[name], sheets)
        readings[name] = Reading(article, page, name not in pages, mine, mentions, unchecked)
    events = _place_events(found, ready, sheets)
    questions = tuple(sorted((e for e in found if isinstance(e, Question)), key=_question_order))
    edition = Edition(
        readings, {(c.check.article, c.check.id): c for c in checks}, terms, countries, events, questions, sources
    )
    say(_cross_check(edition, found))
    return edition


def _orphan_pages(pages: Mapping[str, ReadingPage], seeds: Mapping[str, _Seed]) -> Iterator[Problem]:
    for name, page in pages.items():
        if name not in seeds:
            have = ", ".join(f"{s}.txt" for s in sorted(seeds)) or "none"
            yield Problem(Place(page.places.path), "S001", f"There is no seed “{name}.txt” in seeds/ (there: {have}).", did_you_mean(name, seeds))


def _article(name: str, seed: _Seed, page: ReadingPage | None, sheets: Sheets) -> Article:
    headings = page.headings if page else None
    article = parse(name, seed.text, headings, seed.data)
    sheets.problems += long_paragraphs(seed.path, article)
    if page and headings:
        lines = {" ".join(article.words(b.span).split()) for b in article.blocks}
        for index, heading in enumerate(headings):
            if heading not in lines:
                sheets.problems.append(Problem(page.places.of("headings", index), "S016", f"No line of the seed is “{heading}”.", did_you_mean(heading, (l for l in lines if len(l) < 120))))
    return article


def _made_page(article: Article) -> ReadingPage:
    first = article.blocks[0]
    words = " ".join(article.words(first.span).split())
    title = words if len(words) <= 80 else article.id.replace("-", " ").capitalize()
    path = f"readings/{article.id}.md"
    return ReadingPage(id=article.id, path=path, body="", body_line=1, places=Places(f"docs/{path}"), title=title)


def _place_checks(found: Iterable[Entry], ready: Mapping[str, Searchable], sheets: Sheets) -> list[Checked]:
    placed: list[tuple[tuple[Span, ...], FactCheck]] = []
    for check in (e for e in found if isinstance(e, FactCheck)):
        spans = _locate(check, check.article, check.places, ready, sheets)
        if spans:
            placed.append((spans, check))
    placed.sort(key=lambda p: (p[1].article, p[0][0].start, -p[0][-1].end, p[1].id))
    seen: dict[tuple[str, tuple[Span, ...]], FactCheck] = {}
    numbers: dict[str, int] = {}
    result = []
    for spans, check in placed:
        earlier = seen.setdefault((check.article, spans), check)
        if earlier is not check and check.id not in earlier.also and earlier.id not in check.also:
            where = earlier.places.of("quote")
            sheets.problems.append(Problem(check.places.of("quote"), "A110", f"{where.path}:{where.line} checks these words already.", f"Merge them, or write “also: [{earlier.id}]”."))
        numbers[check.article] = numbers.get(check.article, 0) + 1
        result.append(Checked(check, spans, numbers[check.article]))
    return result


def _locate(entry: Quoting, article: str, places: Places, ready: Mapping[str, Searchable], sheets: Sheets) -> tuple[Span, ...]:
    if article not in ready:
        code = "T504" if isinstance(entry, Event) else "S001"
        key = ("article",) if isinstance(entry, Event) else ()
        sheets.problems.append(Problem(places.of(*key), code, f"There is no article “{article}”.", did_you_mean(article, ready)))
        return ()
    others = [s for name, s in ready.items() if name != article]
    spans, problems = locate(entry, places, ready[article], others)
    sheets.problems += problems
    return spans


def _place_events(found: Iterable[Entry], ready: Mapping[str, Searchable], sheets: Sheets) -> tuple[Anchored, ...]:
    events = sorted((e for e in found if isinstance(e, Event)), key=lambda e: (e.date, e.id))
    anchored = []
    for event in events:
        quoted = event.quote or event.from_ or event.to
        spans: tuple[Span, ...] = ()
        if quoted and event.article is None:
            sheets.problems.append(Problem(event.places.of("quote"), "F111", "“article” is missing: the quote is from which one?", "Add it."))
        elif quoted and event.article:
            spans = _locate(event, event.article, event.places, ready, sheets)
        anchored.append(Anchored(event, spans))
    return tuple(anchored)


def _place_unchecked(page: ReadingPage, here: Searchable, sheets: Sheets) -> tuple[tuple[Span, str], ...]:
    placed = []
    for index, item in enumerate(page.unchecked):
        target = Quoting(quote=item.quote, prefix=item.prefix, suffix=item.suffix)
        spans, problems = locate(target, page.places, here, key=("unchecked", index))
        sheets.problems += problems
        placed += [(span, item.why) for span in spans]
    return tuple(placed)


_QUESTION_KINDS = "warm-up comprehension vocabulary evidence compare discussion task exit".split()


def _question_order(question: Question) -> tuple[object, ...]:
    first = min(question.paragraphs, default=0)
    ends = {"warm-up": -1, "task": 1, "exit": 2}.get(question.kind, 0)
    return (question.article, ends, first, _QUESTION_KINDS.index(question.kind), question.id)


def names_of(terms: Mapping[str, Term], countries: Mapping[str, Country], say: object = None) -> Names:
    """All names of all terms and countries in one expression. Claims of two entries to one name are problems."""
    owners: dict[str, str] = {}
    first: dict[str, Entry] = {}
    problems = []
    excepted: list[str] = []
    for prefix, group in (("country:", countries), ("term:", terms)):
        for entry in group.values():
            excepted += entry.except_
            for index, name in enumerate(entry.names):
                earlier = first.setdefault(name, entry)
                if earlier is not entry:
                    problems.append(Problem(entry.places.of("names", index), "G301", f"“{name}” is a name of {earlier.path} already.", "Leave the name to one of them."))
                else:
                    owners[name] = prefix + entry.id
    if callable(say):
        say(problems)
    return Names(owners, excepted)


def find_mentions(here: Searchable, names: Names, terms: Mapping[str, Term]) -> tuple[Mention, ...]:
    """Every place of the article where a term or a country is named, outside headings and the credit line."""
    result, seen = [], set()
    blocks = iter(here.article.blocks)
    block = next(blocks, None)
    section = "opening"
    for span, owner in names.find(here.folded):
        while block and block.span.end <= span.start:
            block = next(blocks, None)
            if block and block.kind == "heading":
                section = block.id
        if block is None or block.kind != "paragraph" or not block.span.holds(span):
            continue
        kind, name = owner.split(":", 1)
        first = (section, owner) not in seen
        seen.add((section, owner))
        result.append(Mention(span, name, "term" if kind == "term" else "country", first))
    return tuple(result)


# --- what must agree -----------------------------------------------------------------------------


def _cross_check(edition: Edition, found: Sequence[Entry]) -> Iterator[Problem]:
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
            yield Problem(source.places.of("id"), "V217", f"Nothing cites “{source.id}”.", "Cite it or remove it.")
    yield from _check_use(edition, found)


def _check_sources(entry: Entry, edition: Edition, cited: set[str]) -> Iterator[Problem]:
    used: set[str] = set()
    for index, citation in enumerate(entry.sources):
        if citation.id not in edition.sources:
            yield Problem(entry.places.of("sources", index, "id"), "V216", f"There is no source “{citation.id}” in the bibliography.", did_you_mean(citation.id, edition.sources))
        if citation.id in {c.id for c in entry.sources[:index]}:
            yield Problem(entry.places.of("sources", index, "id"), "V211", f"The source “{citation.id}” is listed twice.", "Keep one, with both places.")
        cited.add(citation.id)
    if isinstance(entry, Country):
        listed = {c.id for c in entry.sources}
        for key, items in (("evidence", entry.evidence), ("figures", entry.figures)):
            for index, item in enumerate(items):  # type: ignore[arg-type]
                used.add(item.source)
                if item.source not in listed:
                    yield Problem(entry.places.of(key, index, "source"), "L413", f"“{item.source}” is not among the entry’s sources.", "Add it to sources: with its place (at:).")
    yield from lint_citations(entry, used)
    known = [edition.sources[c.id] for c in entry.sources if c.id in edition.sources]
    if known and all(s.consulted == "not-consulted" for s in known) and "not verified" not in entry.body.lower():
        yield Problem(entry.places.of("sources"), "V218", "Nobody consulted any of these sources.", "Consult one, or say “not verified” in the text.")


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
                yield Problem(entry.places.of(key, index), code, f"There is no {noun} “{name}”.", did_you_mean(name, known))
    article = getattr(entry, "article", None)
    if isinstance(entry, FactCheck):
        pairs = [("also", entry.also)]
    else:
        pairs = [("checks", getattr(entry, "checks", ()))]
    for key, names in pairs:
        for index, name in enumerate(names):
            if (article, name) not in edition.checks:
                mine = [i for a, i in edition.checks if a == article]
                yield Problem(entry.places.of(key, index), "T502", f"There is no fact-check “{name}” on this article.", did_you_mean(name, mine))


_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def _check_fact_check(check: FactCheck) -> Iterator[Problem]:
    if (check.kind in ("opinion", "forecast") or check.verdict in ("opinion", "forecast")) and check.kind != check.verdict:
        yield Problem(check.places.of("verdict"), "V210", f"The kind is “{check.kind}” and the verdict “{check.verdict}”.", "An opinion gets the verdict opinion, a forecast the verdict forecast, and nothing else does.")
    outside = [c for c in check.sources if c.id != SOURCE_ARTICLE]
    if not outside and check.verdict not in ("opinion", "forecast"):
        yield Problem(check.places.of("sources"), "V202", "A verdict needs a source other than the article.", "Add one.")
    if len(check.body.split()) < 20:
        yield Problem(Place(check.places.path, check.body_line), "V215", "The reasoning is under 20 words.", "Say how you reached the verdict.")
    for number in _NUMBER.findall(check.summary):
        if number not in check.body:
            yield Problem(check.places.of("summary"), "V212", f"The number {number} is not in the reasoning.", "Say it in the body, or correct it.")
    for match in re.finditer("“([^“”]*)”", check.body):
        count = len(match[1].split())
        if count > 90:
            line = check.body_line + check.body.count("\n", 0, match.start())
            yield Problem(Place(check.places.path, line), "V214", f"{count} words quoted; at most 90.", "Quote less.")


def _check_term(term: Term) -> Iterator[Problem]:
    if term.short.lower().startswith(term.title.lower() + " "):
        yield Problem(term.places.of("short"), "G308", f"The definition begins with “{term.title}”.", "Begin with what it is.")


_DISPUTED = frozenset({"TW", "PS", "XK", "EH"})


def _check_country(country: Country) -> Iterator[Problem]:
    if (country.kind == "country") != (country.iso is not None):
        yield Problem(country.places.of("iso" if country.iso else "kind"), "C303", f"A {country.kind} {'with' if country.iso else 'without'} an ISO code.", "Countries have one; blocs and regions have none.")
    if country.iso in ("UK", "EL"):
        better = {"UK": "GB", "EL": "GR"}[country.iso]
        yield Problem(country.places.of("iso"), "C301", f"“{country.iso}” is not ISO 3166.", f"Use “{better}”.")
    if country.iso in _DISPUTED and country.naming is None:
        yield Problem(country.places.of("iso"), "C306", f"The name or status of {country.title} is disputed.", "Add naming: with one sentence.")


def _check_question(question: Question, edition: Edition) -> Iterator[Problem]:
    reading = edition.readings.get(question.article)
    if reading is None:
        yield Problem(Place(question.places.path), "T504", f"There is no article “{question.article}”.", did_you_mean(question.article, edition.readings))
        return
    count = len(reading.article.paragraphs)
    for index, number in enumerate(question.paragraphs):
        if not 1 <= number <= count:
            yield Problem(question.places.of("paragraphs", index), "T501", f"There is no paragraph {number}; the article has {count}.", "Use the numbers beside the paragraphs.")
    if not re.search(r"^## Answer\s*\n\s*\S", question.body, re.MULTILINE):
        yield Problem(Place(question.places.path, question.body_line), "T503", "The question has no answer.", "Add a heading “## Answer” and what a good answer contains.")


def _check_use(edition: Edition, found: Sequence[Entry]) -> Iterator[Problem]:
    named = {(m.kind, m.entry) for r in edition.readings.values() for m in r.mentions}
    linked = {("term", t) for e in found for t in (*getattr(e, "terms", ()), *getattr(e, "see", ()))}
    for term in edition.terms.values():
        if ("term", term.id) not in named | linked:
            yield Problem(term.places.of("names"), "G306", f"Nothing uses “{term.title}”.", "Add a name under which it is used, or link it from another entry.")
    for reading in edition.readings.values():
        paragraphs = reading.article.paragraphs
        if len(paragraphs) < 12:
            continue
        for term in edition.terms.values():
            spans = [m.span for m in reading.mentions if m.kind == "term" and m.entry == term.id]
            for index, name in enumerate(term.names):
                inside = {p.id for p in paragraphs for s in spans if p.span.holds(s) and reading.article.words(s).lower() == name.lower()}
                if len(inside) > len(paragraphs) * _COMMON:
                    yield Problem(term.places.of("names", index), "G305", f"“{name}” is in {len(inside)} of {len(paragraphs)} paragraphs of {reading.id}.", "Leave that name out.")


def _articles(edition: Edition) -> list[Article]:
    return [r.article for r in edition.readings.values()]
