"""Promise 2: a quote stands where its letters and digits stand, in one place, or nowhere."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache

from conftest import ROOT, TRIES
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from marginalia.anchoring.quotes import Searchable, locate, nearest, searchable
from marginalia.intake.seed import parse
from marginalia.model import Article, Quoting, Span
from marginalia.problem import Places, Problem
from writing import articles

PLACES = Places("docs/x.md")


@cache
def essay() -> Searchable:
    """The project's own article: real prose, in which many words stand more than once."""
    return searchable(parse("allied-hedging", (ROOT / "seeds" / "allied-hedging.txt").read_text("utf-8")))


def find(quote: str, here: Searchable, **beside: str) -> tuple[tuple[Span, ...], list[Problem]]:
    return locate(Quoting(quote=quote, **beside), PLACES, here)


def letters(text: str) -> str:
    """What must not differ: letters and digits, in any case and Unicode form."""
    return "".join(c for c in unicodedata.normalize("NFC", text).lower() if c.isalnum() and c not in "\u02bc")


@st.composite
def true_quotes(draw: st.DrawFn, article: Article) -> Span:
    """Whole words of one paragraph, long enough to be quoted."""
    block = draw(st.sampled_from(article.paragraphs)).span
    words = list(re.finditer(r"\S+", article.words(block)))
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(words) - 1)] * 2)))
    return Span(block.start + words[first].start(), block.start + words[last].end())


def respelt(draw: st.DrawFn, quote: str) -> str:
    """`quote` as somebody might type or paste it: other quotation marks, dashes, spaces, case, Unicode form."""
    changes = [
        lambda t: re.sub("[“”„]", '"', t).replace("’", "'").replace("‘", "'"),
        lambda t: re.sub("[–—]", draw(st.sampled_from(["-", "--", "–", "---"])), t),
        lambda t: t.replace(" ", draw(st.sampled_from(["  ", "\u00a0", "\n", " \u200b"]))),
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t.upper() if t.upper().lower() == t.lower() else t,
        lambda t: t[:5] + "\u00ad" + t[5:] if t[4:5].isalpha() and t[5:6].isalpha() else t,
        lambda t: t.replace("…", "..."),
    ]
    for change in draw(st.lists(st.sampled_from(changes), max_size=4)):
        quote = change(quote)
    return quote


@given(st.data())
def test_a_true_quote_is_found_where_it_stands_however_it_is_typed(data: st.DataObject) -> None:
    here = essay()
    span = data.draw(true_quotes(here.article))
    quote = here.article.words(span)
    assume(len(quote.split()) >= 8)  # of eight words, the essay has none twice
    found, problems = find(data.draw(st.composite(respelt)(quote)), here)
    assert (found, problems) == ((span,), [])


@given(st.data())
def test_a_found_quote_has_the_letters_of_the_article(data: st.DataObject) -> None:
    """Any edit of a letter or a digit, a word left out or exchanged: the words are found, or nothing is."""
    article = data.draw(st.one_of(st.just(essay().article), articles()))
    here = searchable(article)
    span = data.draw(true_quotes(article))
    quote = edited(data, article.words(span))
    found, problems = find(quote, here)
    assert bool(found) != bool(problems)
    for part in found:
        assert letters(article.words(part)) == letters(quote)


def edited(data: st.DataObject, quote: str) -> str:
    """`quote` after one edit: a letter or digit exchanged, lost, doubled or moved; a word lost or put in."""
    at = data.draw(st.integers(0, len(quote) - 1))
    char = data.draw(st.sampled_from("aeinst0159ÉçЖ中"))
    words = quote.split(" ")
    index = data.draw(st.integers(0, len(words) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                quote[:at] + char + quote[at + 1 :],
                quote[:at] + quote[at + 1 :],
                quote[:at] + char + quote[at:],
                quote[:at] + quote[at + 1 : at + 2] + quote[at : at + 1] + quote[at + 2 :],
                " ".join(words[:index] + words[index + 1 :]),
                " ".join([*words[:index], "not", *words[index:]]),
            ]
        )
    )
    return changed if changed.strip() else quote


@given(st.data())
def test_what_stands_twice_is_not_found_and_the_hint_tells_the_first_place(data: st.DataObject) -> None:
    here = essay()
    span = data.draw(true_quotes(here.article))
    quote = here.article.words(span)
    found, problems = find(quote, here)
    if problems and problems[0].code == "A102":
        hint = re.search(r"(prefix|suffix): “(.*)”\)", problems[0].mend)
        assert hint, problems
        first = re.search(re.escape(quote), here.article.text, re.IGNORECASE)
        found, problems = find(quote, here, **{hint[1]: hint[2]})
        assert len(found) == 1 and first and found[0].start <= span.start, problems
    elif not problems:
        assert found == (span,)
    else:
        assert problems[0].code in ("A107", "A114")


@given(st.data())
def test_a_correction_that_a_message_offers_heals(data: st.DataObject) -> None:
    here = essay()
    span = data.draw(true_quotes(here.article))
    quote = here.article.words(span)
    assume(len(quote.split()) >= 8)
    wrong = edited(data, quote)
    _, problems = find(wrong, here)
    for problem in problems:
        offered = re.search(r"“(.*)”\. Copy that\.", problem.mend, re.DOTALL)
        if problem.code == "A101" and offered:
            again, left = find(offered[1], here)
            assert again or [p.code for p in left] == ["A102"], left


TRIED = 1500


def suggested_rightly(kind: str) -> float:
    """The share of spoiled quotes of eight to twenty words for which the right words are suggested."""
    here, chance = essay(), random.Random(kind)
    right = tried = 0
    while tried < TRIED:
        block = chance.choice(here.article.paragraphs).span
        words = list(re.finditer(r"\S+", here.article.words(block)))
        size = chance.randint(8, 20)
        if len(words) < size:
            continue
        first = chance.randrange(len(words) - size + 1)
        span = Span(block.start + words[first].start(), block.start + words[first + size - 1].end())
        wrong = spoiled(here.article.words(span), kind, chance)
        if find(wrong, here)[0]:
            continue
        tried += 1
        right += nearest(wrong, here) == span
    return right / tried


def spoiled(quote: str, kind: str, chance: random.Random) -> str:
    if kind == "word":
        words = quote.split(" ")
        del words[chance.randrange(1, len(words) - 1)]
        return " ".join(words)
    at = chance.choice([n for n, c in enumerate(quote) if c.isalpha()])
    other = chance.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != quote[at].lower()])
    return quote[:at] + chance.choice([other, "", other + quote[at]]) + quote[at + 1 :]


def test_after_a_slip_of_a_letter_the_right_words_are_suggested() -> None:
    share = suggested_rightly("letter")
    print(f"{share:.2%} of {TRIED} right after a slip of one letter")
    assert share >= 0.97


def test_after_a_lost_word_the_right_words_are_suggested() -> None:
    share = suggested_rightly("word")
    print(f"{share:.2%} of {TRIED} right after the loss of one word")
    assert share >= 0.95


@settings(max_examples=TRIES // 2)
@given(st.data())
def test_a_passage_runs_from_its_first_words_to_its_last(data: st.DataObject) -> None:
    here = essay()
    first, last = sorted(data.draw(st.tuples(true_quotes(here.article), true_quotes(here.article))))
    ends = {"from": here.article.words(first), "to": here.article.words(last)}
    found, problems = locate(Quoting(**ends), PLACES, here)
    if problems:
        assert {p.code for p in problems} <= {"A102", "A114"}
    else:
        assert found[0].start == first.start and found[-1].end == max(first.end, last.end)
        assert {b.kind for b in here.article.blocks for s in found if s.meets(b.span)} == {"paragraph"}
