"""A text file's bytes in, an article out: headings, numbered paragraphs, sentences, credit line.

Rule: the text is never changed and never read as Markdown. Blocks are stretches of it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from ..model import Article, Block, Span
from ..problem import Lines, Place, Problem

_CREDIT = re.compile(
    r"\W*(this (article|essay|piece|post) (was|is|first|originally|has been)\b.*"
    r"(published|appeared)|(originally|first) (published|appeared)|re(published|printed) (with|from|by)\b)",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = 120
"""Lines no longer than this may be one paragraph broken over several lines."""
_HEADING = 80
_LONG = 20_000
"""Characters in one paragraph from which we ask whether its breaks were lost."""

_ENDS = ".!?…:;,。！？؟"
_CLOSERS = "\"'’”»)]"
_ABBREVIATIONS = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Prof",
        "St",
        "Sen",
        "Rep",
        "Gov",
        "Gen",
        "Col",
        "Lt",
        "Jr",
        "Sr",
        "vs",
        "etc",
        "cf",
        "No",
        "Nos",
        "vol",
        "pp",
        "fig",
        "ed",
        "eds",
        "Inc",
        "Ltd",
        "Co",
        "Corp",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
    ]
)


def read_seed(path: str, data: bytes) -> tuple[str, list[Problem]]:
    """The text in a seed's bytes, with LF line ends and without a byte-order mark, and problems."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", [Problem(Place(path), "S002", "The file is UTF-16, not UTF-8.", "Save it as UTF-8.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        what = f"Byte 0x{data[error.start]:02X} is not UTF-8."
        return "", [
            Problem(
                Place(path, line, column),
                "S002",
                what,
                "Save the file as UTF-8 (this looks like Windows-1252).",
            )
        ]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems = list(_odd_characters(path, text))
    if not text.strip():
        problems.append(
            Problem(Place(path), "S007", "The seed has no words.", "Put the article’s text into it.")
        )
    return text, problems


_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def _odd_characters(path: str, text: str) -> Iterator[Problem]:
    lines = Lines(path, text)
    for match in _ODD.finditer(text):
        place, code = lines.at(match.start()), ord(match.group())
        if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
            what = f"Hidden direction mark U+{code:04X}: it can make text read otherwise than it is."
            yield Problem(place, "S009", what, "Remove it.")
        else:
            yield Problem(place, "S005", f"Control character U+{code:04X}.", "Remove it.")
    for start, end in _broken_words(text):
        shown = re.sub(f"[{_UNSEEN}]+", "·", text[start : min(end, start + 60)])
        what = f"An invisible character inside “{shown}”."
        yield Problem(lines.at(start), "S010", what, "Remove it, unless the source has it.")


def _broken_words(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand that have an invisible character inside."""
    behind = 0
    for match in re.finditer(f"(?<=\\w)[{_UNSEEN}]+(?=\\w)", text):
        start, end = match.span()
        if start < behind:
            continue
        while start > behind and _of_word(text[start - 1]):
            start -= 1
        while end < len(text) and _of_word(text[end]):
            end += 1
        behind = end
        yield start, end


def _of_word(char: str) -> bool:
    return char.isalnum() or char == "_" or char in _UNSEEN


def parse(seed: str, text: str, headings: Sequence[str] | None = None, data: bytes | None = None) -> Article:
    """The article in `text`. `headings`, where given, are the lines that are headings, and no others."""
    spans = _blocks(text)
    kinds = _kinds([text[s.start : s.end] for s in spans], headings)
    blocks: list[Block] = []
    taken: set[str] = set()
    number = 0
    for span, kind in zip(spans, kinds, strict=True):
        if kind == "heading":
            name = _heading_id(text[span.start : span.end], taken) if blocks else "title"
            blocks.append(Block("heading", span, name))
        elif kind == "credit":
            blocks.append(Block("credit", span, "credit", None, (span,)))
        else:
            number += 1
            blocks.append(Block("paragraph", span, f"p{number}", number, tuple(sentences(text, span))))
    digest = hashlib.sha256(text.encode() if data is None else data).hexdigest()
    return Article(seed, text, tuple(blocks), digest)


def long_paragraphs(path: str, article: Article) -> list[Problem]:
    """A warning for each paragraph so long that its breaks were probably lost."""
    lines = Lines(path, article.text)
    sizes = [(b.span.start, b.span.end - b.span.start) for b in article.paragraphs]
    return [
        Problem(
            lines.at(start),
            "S008",
            f"No paragraph break in {size:,} characters.",
            "Put each paragraph on a line of its own.",
        )
        for start, size in sizes
        if size > _LONG
    ]


def _blocks(text: str) -> list[Span]:
    lines = text.split("\n")
    blank_between = re.search(r"\n[^\S\n]*\n", text.strip()) is not None
    wrapped = blank_between and max(map(len, lines)) <= _WRAPPED
    pattern = r"\S(?:[^\n]|\n(?![^\S\n]*\n))*" if wrapped else r"[^\s][^\n]*"
    spans = []
    for match in re.finditer(pattern, text):
        words = match.group().rstrip()
        spans.append(Span(match.start(), match.start() + len(words)))
    return spans


def _kinds(texts: list[str], headings: Sequence[str] | None) -> list[str]:
    wanted = None if headings is None else {" ".join(h.split()) for h in headings}
    kinds = ["paragraph"] * len(texts)
    for index, text in enumerate(texts):
        if wanted is not None:
            if " ".join(text.split()) in wanted:
                kinds[index] = "heading"
        elif index < len(texts) - 1 and _looks_like_heading(text, texts[index + 1]):
            kinds[index] = "heading"
    if len(texts) > 1 and len(texts[-1]) < 400 and _CREDIT.match(texts[-1]):
        kinds[-1] = "credit"
    return kinds


def _looks_like_heading(text: str, after: str) -> bool:
    bare = text.rstrip(_CLOSERS)
    return (
        len(text) <= _HEADING
        and "\n" not in text
        and any(c.isalpha() for c in text)
        and not bare.endswith(tuple(_ENDS))
        and text[0] not in "-–—•*·"
        and len(after) > len(text)
        and len(after) > _HEADING
    )


def _heading_id(text: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"
    if re.fullmatch(r"p\d+|title|credit|opening|notes|named|check-.+", base):  # taken on the reading page
        base = f"section-{base}"
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    taken.add(name)
    return name


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of one paragraph; together they hold every character but the space between."""
    start = span.start
    for match in _STOP.finditer(text, span.start, span.end):
        word = _word_before(text, start, match.start())
        if match.group() == "." and (word in _ABBREVIATIONS or len(word) == 1):
            continue
        if match.end() < span.end:
            yield Span(start, match.end())
            start = match.end()
            while start < span.end and text[start].isspace():
                start += 1
    yield Span(start, span.end)


_STOP = re.compile(
    rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?=\s+[{re.escape(chr(34) + chr(39))}“‘«(\[]*[^\Wa-z_])"
    "|[。！？]++[”’」』]*+"
)


def _word_before(text: str, start: int, end: int) -> str:
    """The letters that end at `end`, back to `start`."""
    at = end
    while at > start and text[at - 1].isalpha():
        at -= 1
    return text[at:end]
