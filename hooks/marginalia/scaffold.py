"""Quoted words in, the file of a new fact-check out, its form filled in as far as a machine can.

What only a person can say is left empty, so that `check` asks for it. `locate` alone judges where
words stand.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from .anchoring.names import Names
from .anchoring.quotes import Searchable, locate, searchable, telling
from .model import ClaimKind, Confidence, Edition, Quoting, Reading, Span, Verdict
from .problem import Places, Problem


@dataclass(frozen=True)
class Wish:
    """What a contributor asks for."""

    words: str
    article: str | None = None
    id: str | None = None
    place: int | None = None
    """Which of several places of the words is meant, counted from 1."""


@dataclass(frozen=True)
class Draft:
    """A file to be written."""

    path: str
    """Relative to the project's folder."""
    text: str
    paragraph: str
    """The address of the paragraph that the words begin in: `p7`."""


@dataclass(frozen=True)
class Refusal:
    """Why there is no draft, in words for the contributor."""

    why: str


def draft_check(edition: Edition, wish: Wish, today: date, taken: Collection[str]) -> Draft | Refusal:
    """The form of a fact-check of the words in `wish`. `taken` are the paths that are files already."""
    ready = {name: searchable(reading.article) for name, reading in edition.readings.items()}
    if wish.article and wish.article not in ready:
        return Refusal(f"There is no article “{wish.article}”; there are: {', '.join(ready)}.")
    article = wish.article or _article_with(wish.words, ready)
    if isinstance(article, Refusal):
        return article
    reading, here = edition.readings[article], ready[article]
    target = _target(wish, here, [other for name, other in ready.items() if name != article])
    if isinstance(target, Refusal):
        return target
    spans, _ = locate(target, Places(""), here)
    for earlier in reading.checks:
        if earlier.spans == spans:
            return Refusal(f"docs/{earlier.check.path} checks these words already.")
    path = _path(wish, article, reading.article.words(spans[0]), taken)
    if isinstance(path, Refusal):
        return path
    return Draft(path, _form(target, reading, spans, today), reading.article.block_at(spans[0].start).id)


def _article_with(words: str, ready: dict[str, Searchable]) -> str | Refusal:
    """The one article that has `words`; where none has, the first, whose search then says why not."""
    asked = {name: locate(Quoting(quote=words), Places(""), here)[1] for name, here in ready.items()}
    having = [name for name, problems in asked.items() if all(p.code != "A101" for p in problems)]
    if len(having) > 1:
        return Refusal(f"These words are in {' and '.join(having)}. Add --article with one of them.")
    if not ready:
        return Refusal("There is no article in seeds/.")
    return having[0] if having else next(iter(ready))


def _target(wish: Wish, here: Searchable, others: Sequence[Searchable]) -> Quoting | Refusal:
    """What tells the words from all others of the article, in the article's own spelling."""
    spans, problems = locate(Quoting(quote=wish.words), Places(""), here, others)
    code = problems[0].code if problems else None
    if code == "A102":
        return _one_of_several(wish, here, problems[0])
    if code == "A108":
        return next(_passages(wish.words, here), Refusal(_said(problems[0])))
    return Refusal(_said(problems[0])) if problems else Quoting(quote=_words(spans[0], here))


def _one_of_several(wish: Wish, here: Searchable, problem: Problem) -> Quoting | Refusal:
    found = [span for span, _ in Names({wish.words: "words"}).find(here.folded)]
    if wish.place is None or not 1 <= wish.place <= len(found):
        listed = "".join(f"\n  {n}  {_context(span, here)}" for n, span in enumerate(found, 1))
        return Refusal(f"{problem.what} Which one? Add --place with its number, or quote more.{listed}")
    meant = found.pop(wish.place - 1)
    beside = telling([meant, *found], here.article, ("prefix", "suffix"))
    target = Quoting(quote=_words(meant, here), **(dict([beside]) if beside else {}))
    return target if locate(target, Places(""), here)[0] == (meant,) else Refusal(_said(problem))


def _passages(words: str, here: Searchable) -> Iterator[Quoting]:
    """Ever longer first and last words of a passage, as far as they tell it from all others."""
    row = words.split()
    for size in range(4, len(row) // 2 + 1):
        target = Quoting(**{"from": " ".join(row[:size]), "to": " ".join(row[-size:])})
        if locate(target, Places(""), here)[0]:
            yield target


def _words(span: Span, here: Searchable) -> str:
    return " ".join(here.article.words(span).split())


def _context(span: Span, here: Searchable) -> str:
    block = here.article.block_at(span.start)
    start, end = max(block.span.start, span.start - 40), min(block.span.end, span.end + 40)
    return f"{block.id}: … {' '.join(here.article.text[start:end].split())} …"


def _said(problem: Problem) -> str:
    return f"{problem.what} {problem.mend}"


def _path(wish: Wish, article: str, words: str, taken: Collection[str]) -> str | Refusal:
    folder = f"docs/fact-checks/{article}"
    if wish.id is None:
        stem = _stem(words)
        endings = ["", *(f"-{n}" for n in range(2, len(taken) + 2))]
        return next(path for ending in endings if (path := f"{folder}/{stem}{ending}.md") not in taken)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", wish.id):
        return Refusal(f"“{wish.id}” cannot be an address. Use lower-case letters, digits and hyphens.")
    path = f"{folder}/{wish.id}.md"
    return Refusal(f"{path} is there already. Choose another --id.") if path in taken else path


def _stem(words: str) -> str:
    """An address made of the first words that say something."""
    plain = unicodedata.normalize("NFKD", words.replace("’", "").replace("'", "")).encode("ascii", "ignore")
    row = [word for word in re.findall(r"[a-z0-9]+", plain.decode().lower()) if word not in _SMALL]
    return "-".join(row[:5]) or "check"


_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by for from had has have in is it its not of on or that the their they this to "
        "was were which will with",
    )
)
"""Words that say nothing in an address."""


def _form(target: Quoting, reading: Reading, spans: Sequence[Span], today: date) -> str:
    named = [m for m in reading.mentions if any(_sentences(s, reading).meets(m.span) for s in spans)]
    quoted = {
        "quote": target.quote, "from": target.from_, "to": target.to, "prefix": target.prefix, "suffix": target.suffix,
    }  # fmt: skip
    lines = [f"{key}: {json.dumps(words, ensure_ascii=False)}" for key, words in quoted.items() if words]
    for key, kind in (("terms", "term"), ("countries", "country")):
        ids = dict.fromkeys(m.entry for m in named if m.kind == kind)
        lines += [f"{key}: [{', '.join(ids)}]"] if ids else []
    given = len([words for words in quoted.values() if words])
    return _FORM.format(
        quote="\n".join(lines[:given]),
        links="".join(f"{line}\n" for line in lines[given:]),
        kinds=", ".join(get_args(ClaimKind)),
        verdicts=", ".join(get_args(Verdict)),
        confidences=", ".join(get_args(Confidence)),
        today=today.isoformat(),
    )


def _sentences(span: Span, reading: Reading) -> Span:
    first = reading.article.sentence_at(span.start)
    return Span(first.start, reading.article.sentence_at(span.end - 1).end)


_FORM = """\
---
# A few words, without the verdict.
title:
{quote}
# {kinds}
kind:
# {verdicts}
verdict:
# How sure of the verdict: {confidences}
confidence:
# The note beside the article: at most 45 words that stand alone.
summary:
checked: {today}
# Each source cited below, with the place in it; its record stands in docs/bibliography.yml.
sources:
  - id:
    at:
{links}---

## Why this verdict

## What would change it
"""
