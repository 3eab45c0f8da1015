"""How long a build takes, and where the time goes: `python tests/benchmark.py [articles ...]`. It asserts nothing.

Made-up sites of 1 and 10 articles (100, where asked for) with 30 fact-checks each are built by turns
with the project and, as a floor, by plain MkDocs and Material from the same pages, whose content has
been written out as HTML beforehand. Compare ratios of CPU time; seconds are this machine's, today.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec, TypeVar

from lxml import html  # type: ignore[import-untyped]
from sites.workshop import ROOT, environment

P = ParamSpec("P")
T = TypeVar("T")

CHECKS, PARAGRAPHS, QUESTIONS = 30, 34, 5
"""For each article; its words come to about 1,450."""


@dataclass(frozen=True)
class Size:
    """How much of everything a made-up site has."""

    articles: int

    @property
    def terms(self) -> int:
        return min(40 * self.articles, 1000)

    @property
    def places(self) -> int:
        return min(25 * self.articles, 200)

    @property
    def sources(self) -> int:
        return 40 * self.articles


def main() -> None:
    parser = argparse.ArgumentParser(description="Build made-up sites and say how long it took.")
    parser.add_argument("articles", nargs="*", type=int, default=[1, 10])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="also say which functions take the time")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        _inside(chosen.inside, chosen.profile)
        return
    earlier: tuple[int, float] | None = None
    for articles in chosen.articles:
        with tempfile.TemporaryDirectory(prefix="marginalia-benchmark-") as folder:
            pages, cpu = _measure(Size(articles), Path(folder), chosen.rounds, chosen.profile)
        if earlier:
            print(f"  {pages / earlier[0]:.2f} times the pages take {cpu / earlier[1]:.2f} times the CPU")
        earlier = pages, cpu


def _measure(size: Size, folder: Path, rounds: int, profile: bool) -> tuple[int, float]:
    """Build a site of `size` and its floor by turns; print what it took; the pages and the CPU seconds."""
    ours, floor = folder / "annotated", folder / "floor"
    write_site(size, ours)
    _build(ours)
    pages = write_floor(ours, floor)
    taken: dict[Path, list[tuple[float, float]]] = {ours: [], floor: []}
    for _ in range(rounds):
        for site in taken:
            taken[site].append(_build(site))
    cpu = {site: median(c for c, _ in times) for site, times in taken.items()}
    wall = {site: median(w for _, w in times) for site, times in taken.items()}
    ratios = [ours_[0] / floor_[0] for ours_, floor_ in zip(taken[ours], taken[floor], strict=True)]
    print(
        f"\n{size.articles} articles, {CHECKS * size.articles} fact-checks, {size.terms} terms, "
        f"{size.places} places: {pages} pages, {rounds} rounds"
    )
    for name, site in (("annotated", ours), ("plain MkDocs + Material", floor)):
        print(
            f"  {name}: {cpu[site]:.2f} s CPU, {wall[site]:.2f} s, "
            f"{1000 * cpu[site] / pages:.2f} ms a page, {_bytes(site / 'site') / 2**20:.1f} MB"
        )
    print(f"  annotated : plain = {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    command = [sys.executable, __file__, "--inside", str(ours), *(["--profile"] if profile else [])]
    print(
        subprocess.run(command, env=environment(), check=True, capture_output=True, text=True).stdout, end=""
    )
    return pages, cpu[ours]


def _build(site: Path) -> tuple[float, float]:
    """CPU and wall seconds of `mkdocs build` in a process of its own."""
    shutil.rmtree(site / "site", ignore_errors=True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=site, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The made-up site cannot be built:\n{(done.stdout + done.stderr)[-4000:]}")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def _bytes(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*.html"))


# --- inside one process --------------------------------------------------------------------------


def _inside(site: Path, profile: bool) -> None:
    """Build `site` in this process and print how much of the CPU the engine takes, and for what."""
    os.chdir(site)
    sys.path.insert(0, str(ROOT / "hooks"))
    from marginalia import mkdocs_build
    from marginalia.edition import load as edition
    from marginalia.pages import extension
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    spent: dict[str, float] = {}
    steps = [
        (mkdocs_build, "load", "read and resolve the edition"),
        (extension.Annotate, "extendMarkdown", "register with Markdown, page by page"),
        (mkdocs_build.Build, "on_page_markdown", "plan each page"),
        (extension.Set, "run", "parse other files' Markdown into a page"),
        (extension.Rebase, "run", "point links and citations"),
        (extension.Compose, "run", "compose each page: link, weave, fragments"),
        (extension.Guard, "run", "guard"),
        (mkdocs_build.Build, "on_post_build", "write what the search reads"),
    ]
    for owner, name, label in steps:
        setattr(owner, name, _timed(getattr(owner, name), label, spent))
    profiler = cProfile.Profile()
    began = time.process_time()
    with _profiled(profiler if profile else None):
        build(load_config(str(site / "mkdocs.yml")))
    whole = time.process_time() - began
    engine = sum(spent.values())
    print(f"  the engine: {engine:.2f} s of {whole:.2f} s CPU in one process, {100 * engine / whole:.0f} %")
    for label, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"    {seconds:6.2f} s  {label}")
    _search(edition.load(site)[0])
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(25)
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumulative").print_stats("marginalia", 35)


def _timed(step: Callable[P, T], label: str, spent: dict[str, float]) -> Callable[P, T]:
    @wraps(step)
    def run(*arguments: P.args, **values: P.kwargs) -> T:
        began = time.process_time()
        try:
            return step(*arguments, **values)
        finally:
            spent[label] = spent.get(label, 0.0) + time.process_time() - began

    return run


@contextmanager
def _profiled(profiler: cProfile.Profile | None) -> Iterator[None]:
    if profiler:
        profiler.enable()
    yield
    if profiler:
        profiler.disable()


def _search(edition: Any) -> None:
    """Print how fast names are found in the articles."""
    from marginalia.anchoring.folding import fold
    from marginalia.edition.resolve import names_of

    texts = [reading.article.text for reading in edition.readings.values()]
    characters = sum(map(len, texts))
    began = time.process_time()
    names = names_of(edition.terms, edition.countries)
    made = time.process_time() - began
    folded = [fold(text) for text in texts]
    finding = _best(lambda: sum(1 for text in folded for _ in names.find(text)))
    folding = _best(lambda: [fold(text) for text in texts])
    spellings = sum(len(e.names) for e in (*edition.terms.values(), *edition.countries.values()))
    print(
        f"  mentions: {characters / finding / 1e6:.1f} million characters a second for {spellings} names "
        f"(expression made in {1000 * made:.0f} ms); folding: {characters / folding / 1e6:.1f} million"
    )


def _best(work: Callable[[], object]) -> float:
    """The CPU seconds of the fastest of some runs, each repeated until it can be measured."""
    times = []
    for _ in range(5):
        repeats, began = 0, time.process_time()
        while time.process_time() - began < 0.2:
            work()
            repeats += 1
        times.append((time.process_time() - began) / repeats)
    return min(times)


# --- a made-up site ------------------------------------------------------------------------------

_SETTINGS = """
INHERIT: project.yml
site_name: A made-up site
nav:
  - Home: index.md
  - Fact-checks: fact-checks/index.md
  - Glossary: glossary/index.md
  - Places: countries/index.md
  - Timeline: timeline/index.md
  - Study guide: study-guide.md
  - Worksheets: study-guide/worksheets.md
  - Sources: bibliography.md
  - About:
      - The verdicts: about/verdicts.md
      - What is checked: about/coverage.md
      - Corrections: about/corrections.md
      - Problem codes: about/problems.md
"""
_FLOOR = """
site_name: A made-up site
theme: {name: material, font: false}
markdown_extensions: [footnotes, toc, pymdownx.betterem, pymdownx.superfences]
"""
_PLAIN = [
    "index.md", "fact-checks/index.md", "glossary/index.md", "countries/index.md", "timeline/index.md",
    "study-guide.md", "study-guide/worksheets.md", "bibliography.md", "about/verdicts.md", "about/coverage.md",
    "about/corrections.md", "about/problems.md",
]  # fmt: skip
_VERDICTS = ["accurate", "mostly-accurate", "needs-context", "disputed", "unsupported", "inaccurate"]
_FAMILIES = ["hedging", "grand-strategy", "order", "alliances", "doctrines", "economics", "theory"]


def write_site(size: Size, folder: Path) -> None:
    """A site of `size` in `folder`: the same for the same size, always."""
    author = _Author(size)
    files = {"mkdocs.yml": _SETTINGS, "project.yml": (ROOT / "mkdocs.yml").read_text("utf-8")}
    for path in _PLAIN:
        files[f"docs/{path}"] = (
            f"# {Path(path).stem if 'index' not in path else Path(path).parent.name or 'Home'}\n"
        )
    files |= author.files()
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for part in ("hooks", "overrides"):
        (folder / part).symlink_to(ROOT / part)


class _Author:
    """Writes nonsense that has the shape of an edition."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.random = random.Random(size.articles)
        self.cited, self.placed = count(), count()
        syllables = [
            a + b for a in "bdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on")
        ]
        self.words = sorted(
            {"".join(self.random.choices(syllables, k=n)) for n in (1, 2, 2, 3, 3) for _ in range(900)}
        )
        self.terms = self._names(size.terms, 3, str.lower)
        self.places = self._names(size.places, 3, str.title)

    def _names(self, count: int, each: int, case: Callable[[str], str]) -> list[list[str]]:
        """`count` lists of names that nothing else is called."""
        taken: set[str] = set()
        lists = []
        for number in range(count):
            names: list[str] = []
            while len(names) < each:
                name = case(f"{self._word()}{self._word()} {self._word()}")
                if name not in taken:
                    taken.add(name)
                    names.append(name)
            lists.append(names if number % 4 else names[:2])
        return lists

    def _word(self) -> str:
        return self.random.choice(self.words)

    def sentence(self) -> str:
        words = self.random.choices(self.words, k=self.random.randint(9, 19))
        if self.random.random() < 0.5:
            names = self.random.choice(self.terms if self.random.random() < 0.6 else self.places)
            words.insert(self.random.randint(1, len(words) - 1), self.random.choice(names))
        return " ".join(words).capitalize() + "."

    def prose(self, sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def files(self) -> dict[str, str]:
        files: dict[str, str] = {}
        for number in range(self.size.articles):
            files |= self._article(f"article-{number}")
        for number, names in enumerate(self.terms):
            see = sorted({f"term-{(number + n) % len(self.terms)}" for n in (1, 2, 5)} - {f"term-{number}"})
            files[f"docs/glossary/term-{number}.md"] = self._entry(
                {"title": names[0].capitalize(), "names": names, "family": self.random.choice(_FAMILIES),
                 "short": self.prose(1), "see": see}, paragraphs=2,
            )  # fmt: skip
        for number, names in enumerate(self.places):
            files[f"docs/countries/place-{number}.md"] = self._entry(
                {"title": names[0], "kind": "region", "names": names, "role": self.prose(1), "us": "one", "china": "two"},
                paragraphs=2,
            )  # fmt: skip
        records = [
            {"id": f"source-{n}", "type": "report", "title": self.sentence(), "kind": "press", "consulted": "whole",
             "author": [{"family": self._word().title(), "given": "A."}], "issued": str(1950 + n % 75),
             "URL": f"https://example.org/{n}"}
            for n in range(self.size.sources)
        ]  # fmt: skip
        files["docs/bibliography.yml"] = "\n".join(f"- {json.dumps(record)}" for record in records) + "\n"
        return files

    def _article(self, name: str) -> dict[str, str]:
        paragraphs = [[self.sentence() for _ in range(3)] for _ in range(PARAGRAPHS)]
        text = ""
        for number, paragraph in enumerate(paragraphs):
            text += f"{self._word().title()} {self._word()}\n\n" if number % 5 == 4 else ""
            text += " ".join(paragraph) + "\n\n"
        files = {f"seeds/{name}.txt": text}
        files[f"docs/readings/{name}.md"] = (
            f"---\ntitle: {name.replace('-', ' ').title()}\nauthor: A. Writer\n---\n"
        )
        quotes = self.random.sample([s for p in paragraphs for s in p], CHECKS)
        for number, sentence in enumerate(quotes):
            words = sentence.rstrip(".").split()
            start = self.random.randint(0, max(0, len(words) - 8))
            files[f"docs/fact-checks/{name}/check-{number}.md"] = self._entry(
                {"title": self.prose(1)[:50].strip(), "quote": " ".join(words[start : start + self.random.randint(6, 14)]),
                 "kind": "fact", "verdict": self.random.choice(_VERDICTS), "confidence": "medium",
                 "summary": self.prose(2), "checked": "2026-11-22",
                 "terms": sorted({f"term-{self.random.randrange(self.size.terms)}" for _ in range(2)}),
                 "countries": [f"place-{next(self.placed) % self.size.places}"]},
                paragraphs=3,
            )  # fmt: skip
        for number in range(QUESTIONS):
            asked = f"{self.prose(2)}\n\n## Answer\n{self.prose(2)}"
            values = {"title": self.prose(1)[:40], "kind": "discussion", "paragraphs": [1 + number * 3]}
            files[f"docs/questions/{name}/question-{name}-{number}.md"] = f"{_front(values)}{asked}\n"
        values = {
            "title": self.prose(1)[:40],
            "date": f"2025-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}",
            "relation": "context",
        }
        files[f"docs/timeline/event-{name}.md"] = self._entry(values, paragraphs=1)
        return files

    def _entry(self, values: Mapping[str, object], paragraphs: int) -> str:
        sources = [f"source-{next(self.cited) % self.size.sources}" for _ in range(2)]
        cited = {"sources": [{"id": source, "at": "p. 1"} for source in sources]}
        body = [
            f"{self.prose(2)} {self.sentence()[:-1]} [@{sources[n % len(sources)]}]."
            for n in range(paragraphs)
        ]
        body.append(f"{self.prose(1)[:-1]} [{'; '.join('@' + source for source in sources)}].")
        return _front({**values, **cited}) + "\n\n".join(body) + "\n"


def _front(values: Mapping[str, object]) -> str:
    """Front matter; JSON is YAML."""
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items()) + "---\n"


def write_floor(site: Path, floor: Path) -> int:
    """The pages of a built `site` as sources for plain MkDocs in `floor`; how many there are."""
    nav = _SETTINGS[_SETTINGS.index("nav:") :]
    floor.mkdir()
    (floor / "mkdocs.yml").write_text(_FLOOR + nav + "not_in_nav: |\n  /**/*.md\n", "utf-8")
    written = 0
    for built in sorted((site / "site").rglob("index.html")):
        page = html.document_fromstring(built.read_text("utf-8"))
        (content,) = page.xpath("//*[contains(@class, 'mg-page')]")
        path = _source(built.relative_to(site / "site"), site / "docs")
        file = floor / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        values = {"title": page.xpath("string(head/title)"), "hide": ["navigation", "toc"]}
        inside = html.tostring(content, encoding="unicode", with_tail=False)
        file.write_text(f"{_front(values)}\n{inside}\n", "utf-8")
        written += 1
    return written


def _source(built: Path, docs: Path) -> Path:
    """The Markdown file that a page was built from, relative to docs/."""
    folder = built.parent
    return (
        folder / "index.md"
        if str(folder) == "." or (docs / folder / "index.md").is_file()
        else folder.with_suffix(".md")
    )


__all__: Sequence[str] = ["Size", "main", "write_floor", "write_site"]

if __name__ == "__main__":
    main()
