"""Drafts in, finished PDFs out: what was made before is taken from the cache, the rest is set by child processes.

Typst keeps what it has laid out for as long as its process lives, and the memory with it; a child gives it back.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..cache import Cache
from ..problem import Place, Problem
from .book import LOOSE, PAPERS, Book, Draft, Paper, book
from .placement import Known, settle
from .press import Press, Unset, chapter, source


@dataclass(frozen=True)
class Job:
    """One draft on one paper."""

    draft: Draft
    paper: Paper
    key: str
    """Its name in the cache."""


@dataclass(frozen=True)
class Printed:
    """What became of a job."""

    job: Job
    data: bytes = b""
    pages: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Works:
    """A press, what it has printed before, and where the books go."""

    press: Press
    cache: Cache
    out: Path

    def print_all(self, drafts: Sequence[Draft]) -> tuple[list[Book], list[Problem]]:
        """Every draft on every paper."""
        jobs = [
            Job(d, p, self.cache.key(f"{p} {written}"))
            for d in drafts
            for written in [_written(d)]
            for p in PAPERS
        ]
        found = {job.key: self.cache.find(job.key) for job in jobs}
        fresh = {p.job.key: p for p in self._set([job for job in jobs if found[job.key] is None])}
        problems = sorted({problem for printed in fresh.values() for problem in printed.problems})
        if problems:
            return [], problems
        for key, printed in fresh.items():
            self.cache.keep(key, printed.data, printed.pages)
        self.cache.forget_others(job.key for job in jobs)
        self.out.mkdir(parents=True, exist_ok=True)
        books = []
        for job in jobs:
            data, pages = found[job.key] or (fresh[job.key].data, fresh[job.key].pages)
            books.append(book(job.draft.work, job.paper, pages, data, self.out))
        return books, []

    def _set(self, jobs: Sequence[Job]) -> Iterator[Printed]:
        """Every job done: a child process for each paper, so that editions can share the mending of their notes."""
        stacks = [tuple(job for job in jobs if job.paper == paper) for paper in PAPERS]
        with ThreadPoolExecutor(max_workers=len(stacks)) as pool:
            for printed in pool.map(_in_a_child, [(self.press, stack) for stack in stacks if stack]):
                yield from printed


def _written(draft: Draft) -> str:
    """Everything that is set in a book."""
    chapters = [chapter(pieces, {}) for pieces in draft.chapters]
    return source(draft, chapters) + "".join(part.text for part in chapters)


Task = tuple[Press, tuple[Job, ...]]


def _in_a_child(task: Task) -> list[Printed]:
    """What `set_jobs` makes of `task`, in a process of its own."""
    folder = str(Path(__file__).resolve().parents[2])
    paths = [folder, *filter(None, [os.environ.get("PYTHONPATH")])]
    with tempfile.TemporaryDirectory(prefix="marginalia-") as beside:
        answer = Path(beside) / "answer"  # not standard output, where others may speak too
        child = subprocess.run(
            [sys.executable, "-m", "marginalia.study", str(answer)],
            input=pickle.dumps(task),
            capture_output=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )
        done: list[Printed] = [] if child.returncode else pickle.loads(answer.read_bytes())
    if child.returncode:
        said = (child.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]
        what = f"The process that sets the study guide ended with status {child.returncode}: {said}."
        ended = Problem(
            Place("overrides/study/guide.typ"),
            "P603",
            what,
            "Build again; if it is killed, give it more memory.",
        )
        return [Printed(job, problems=(ended,)) for job in task[1]]
    return done


def set_jobs(task: Task) -> list[Printed]:
    """Some jobs done one after the other, long books first: what they share with shorter ones is laid out by then."""
    press, jobs = task
    known: Known = {}
    done = []
    bound = [job for job in jobs if job.draft.work.kind not in LOOSE]
    for job in (*sorted(bound, key=lambda job: -len(job.draft.pieces)), *(j for j in jobs if j not in bound)):
        try:
            data, pages = settle(press, job.draft, job.paper, known).pdf()
            done.append(Printed(job, data, pages))
        except Unset as unset:
            done.append(Printed(job, problems=unset.problems))
        if len(done) == len(bound):
            press.forget()
    return done
