"""Seeds and entries in, an edition out: every quote placed, every name found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ..anchoring.folding import fold, fold_case
from ..anchoring.names import Names, expression
from ..anchoring.quotes import Searchable, locate, searchable
from ..intake.disk import Seed, Sheets
from ..intake.seed import long_paragraphs, parse
from ..likeness import did_you_mean, likeliest
from ..model import (
    Anchored,
    Article,
    Checked,
    Country,
    Edition,
    Entry,
    Event,
    FactCheck,
    Mention,
    Question,
    Quoting,
    Reading,
    ReadingPage,
    Source,
    Span,
    Term,
)
from ..problem import Place, Places, Problem
from ..verdicts import QUESTION_KINDS


def resolve(
    seeds: Mapping[str, Seed], found: Iterable[Entry], sources: Mapping[str, Source], sheets: Sheets
) -> Edition:
    """The edition of what was read, in an order of its own, and every problem on the way."""
    found = sorted(found, key=lambda e: e.path)
    terms = {e.id: e for e in found if isinstance(e, Term)}
    countries = {e.id: e for e in found if isinstance(e, Country)}
    pages = {e.id: e for e in found if isinstance(e, ReadingPage)}
    say = sheets.problems.extend
    say(_missing_seeds(found, seeds, sheets))
    articles = {name: _article(name, seed, pages.get(name), sheets) for name, seed in sorted(seeds.items())}
    ready = {name: searchable(article) for name, article in articles.items()}
    checks = _place_checks(found, ready, pages, sheets)
    names = names_of(terms, countries, say)
    readings = {}
    for name, article in articles.items():
        mine = tuple(c for c in checks if c.check.article == name)
        page = pages.get(name) or _made_page(article)
        mentions = find_mentions(ready[name], names, terms)
        unchecked = _place_unchecked(page, ready[name], sheets)
        readings[name] = Reading(article, page, name not in pages, mine, mentions, unchecked)
    events = _place_events(found, ready, pages, sheets)
    questions = tuple(sorted((e for e in found if isinstance(e, Question)), key=_question_order))
    return Edition(
        readings,
        {(c.check.article, c.check.id): c for c in checks},
        terms,
        countries,
        events,
        questions,
        {name: sources[name] for name in sorted(sources)},
    )


def _missing_seeds(found: Iterable[Entry], seeds: Mapping[str, Seed], sheets: Sheets) -> Iterator[Problem]:
    """One problem for each article that entries are about and that has no seed: on its page, if it has one."""
    wanting: dict[str, list[Entry]] = {}
    for entry in found:
        name = entry.id if isinstance(entry, ReadingPage) else getattr(entry, "article", None)
        if name and not isinstance(entry, Event) and name not in seeds:
            wanting.setdefault(name, []).append(entry)
    for name, entries in sorted(wanting.items()):
        if f"seeds/{name}.txt" in sheets.unread:
            continue
        sheets.unread.add(f"seeds/{name}.txt")
        entry = next((e for e in entries if isinstance(e, ReadingPage)), entries[0])
        have = ", ".join(f"{s}.txt" for s in sorted(seeds)) or "none"
        what = f"There is no seed “{name}.txt” in seeds/ (there: {have})."
        best = likeliest(name, seeds)
        mend = f"Did you mean “{best}”?" if best else "Add the text file, or correct the name."
        yield Problem(Place(entry.places.path), "S001", what, mend)


def _article(name: str, seed: Seed, page: ReadingPage | None, sheets: Sheets) -> Article:
    headings = page.headings if page else None
    article = parse(name, seed.text, headings, seed.data)
    sheets.problems += long_paragraphs(seed.path, article)
    if page and headings:
        lines = {" ".join(article.words(b.span).split()) for b in article.blocks}
        for index, heading in enumerate(headings):
            if heading not in lines:
                sheets.problems.append(
                    Problem(
                        page.places.of("headings", index),
                        "S016",
                        f"No line of the seed is “{heading}”.",
                        did_you_mean(heading, (row for row in lines if len(row) < 120)),
                    )
                )
    return article


def _made_page(article: Article) -> ReadingPage:
    first = article.blocks[0]
    words = " ".join(article.words(first.span).split())
    title = words if len(words) <= 80 else article.id.replace("-", " ").capitalize()
    path = f"readings/{article.id}.md"
    return ReadingPage(
        id=article.id, path=path, body="", body_line=1, places=Places(f"docs/{path}"), title=title
    )


def _place_checks(
    found: Iterable[Entry],
    ready: Mapping[str, Searchable],
    pages: Mapping[str, ReadingPage],
    sheets: Sheets,
) -> list[Checked]:
    placed: list[tuple[tuple[Span, ...], FactCheck]] = []
    for check in (e for e in found if isinstance(e, FactCheck)):
        spans = _locate(check, check.article, ready, pages, sheets)
        if spans:
            placed.append((spans, check))
    placed.sort(key=lambda p: (p[1].article, p[0][0].start, -p[0][-1].end, p[1].id))
    seen: dict[tuple[str, tuple[Span, ...]], FactCheck] = {}
    numbers: dict[str, int] = {}
    result = []
    for spans, check in placed:
        earlier = seen.setdefault((check.article, spans), check)
        known = check.sound("also") and earlier.sound("also")
        if known and earlier is not check and check.id not in earlier.also and earlier.id not in check.also:
            where = earlier.places.of("quote")
            sheets.problems.append(
                Problem(
                    check.places.of("quote"),
                    "A110",
                    f"{where.path}:{where.line} checks these words already.",
                    f"Merge them, or write “also: [{earlier.id}]”.",
                )
            )
        numbers[check.article] = numbers.get(check.article, 0) + 1
        result.append(Checked(check, spans, numbers[check.article]))
    return result


def _locate(
    entry: FactCheck | Event,
    article: str,
    ready: Mapping[str, Searchable],
    pages: Mapping[str, ReadingPage],
    sheets: Sheets,
) -> tuple[Span, ...]:
    if article in ready:
        others = [s for name, s in ready.items() if name != article]
        spans, problems = locate(entry, entry.places, ready[article], others)
        excused = _excused(pages.get(article)) | ({"A102", "A116"} if not entry.sound(*_QUOTING) else set())
        sheets.problems += [p for p in problems if p.code not in excused]
        return spans
    if f"seeds/{article}.txt" not in sheets.unread:
        what = f"There is no article “{article}”."
        sheets.problems.append(
            Problem(entry.places.of("article"), "T504", what, did_you_mean(article, ready))
        )
    return ()


_QUOTING = ("quote", "prefix", "suffix", "from", "to")


def _excused(page: ReadingPage | None) -> set[str]:
    """The codes that follow where the page of an article does not say which lines are headings."""
    return {"A108", "A117"} if page and not page.sound("headings") else set()


def _place_events(
    found: Iterable[Entry],
    ready: Mapping[str, Searchable],
    pages: Mapping[str, ReadingPage],
    sheets: Sheets,
) -> tuple[Anchored, ...]:
    events = sorted((e for e in found if isinstance(e, Event)), key=lambda e: (e.date, e.id))
    anchored = []
    for event in events:
        quoted = event.quote or event.from_ or event.to
        spans: tuple[Span, ...] = ()
        if quoted and event.article is None and event.sound("article"):
            sheets.problems.append(
                Problem(
                    event.places.of("quote"),
                    "F111",
                    "“article” is missing: the quote is from which one?",
                    "Add it.",
                )
            )
        elif quoted and event.article:
            spans = _locate(event, event.article, ready, pages, sheets)
        anchored.append(Anchored(event, spans))
    return tuple(anchored)


def _place_unchecked(page: ReadingPage, here: Searchable, sheets: Sheets) -> tuple[tuple[Span, str], ...]:
    placed = []
    for index, item in enumerate(page.unchecked):
        target = Quoting(quote=item.quote, prefix=item.prefix, suffix=item.suffix)
        spans, problems = locate(target, page.places, here, key=("unchecked", index))
        excused = _excused(page) | ({"A102"} if not page.sound("unchecked") else set())
        sheets.problems += [p for p in problems if p.code not in excused]
        placed += [(span, item.why) for span in spans]
    return tuple(placed)


def _question_order(question: Question) -> tuple[object, ...]:
    first = min(question.paragraphs, default=0)
    ends = {"warm-up": -1, "task": 1, "exit": 2}.get(question.kind, 0)
    return (question.article, ends, first, list(QUESTION_KINDS).index(question.kind), question.id)


def names_of(
    terms: Mapping[str, Term],
    countries: Mapping[str, Country],
    say: Callable[[Iterable[Problem]], object] | None = None,
) -> Names:
    """All names of all terms and countries in one expression. Claims of two entries to one name are problems."""
    owners: dict[str, str] = {}
    first: dict[str, Entry] = {}
    problems = []
    excepted: list[str] = []
    claims: list[tuple[bool, str, Term | Country, int, str]] = []
    for kind, group in (("country", countries), ("term", terms)):
        for entry in group.values():
            excepted += entry.except_
            for index, name in enumerate(entry.names):
                titled = not set(_forms(name)).isdisjoint(_forms(entry.title))
                claims.append((not titled, f"{kind}:{entry.id}", entry, index, name))
    for _, owner, entry, index, name in sorted(
        claims, key=lambda claim: claim[0]
    ):  # a title is the best claim
        earlier = next((first[form] for form in _forms(name) if form in first), entry)
        if earlier is not entry:
            what = f"“{name}” is a name of {earlier.path} already."
            mend = "Leave the name to one of them."
            problems.append(Problem(entry.places.of("names", index), "G301", what, mend))
            continue
        owners[name] = owner
        for form in _forms(name):
            first.setdefault(form, entry)
    if say:
        say(problems)
    return expression(tuple(owners.items()), tuple(excepted))


def _forms(name: str) -> list[str]:
    """A name in lower case, and its singular where it looks like a plural: what two entries must not share."""
    plain = fold_case(fold(name).text.strip())
    singular = re.sub(r"(?<=[^\Ws])s$", "", plain)
    return list(dict.fromkeys([plain, singular]))


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
