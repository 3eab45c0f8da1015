"""Promise 4, as far as the engine goes: same files, same edition, same pages, in whatever order they come."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from conftest import GOOD, ROOT, TRIES
from hypothesis import given, settings
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.edition.resolve import resolve
from marginalia.intake.disk import Sheets, read_entries, read_seeds, read_sources
from press import Press, pages


@settings(max_examples=TRIES // 5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_in_a_folder_does_not_matter(chance: Random) -> None:
    expected, said, texts = load(GOOD)

    def shuffled(files: Iterator[Path]) -> Iterator[Path]:
        found = list(files)
        chance.shuffle(found)
        return iter(found)

    walk, look = Path.rglob, Path.iterdir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "rglob", lambda self, pattern: shuffled(walk(self, pattern)))
        patch.setattr(Path, "iterdir", lambda self: shuffled(look(self)))
        again, said_again, texts_again = load(GOOD)
    assert (repr(again), said_again, texts_again) == (repr(expected), said, texts)


@settings(max_examples=TRIES // 5)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_handed_over_does_not_matter(chance: Random) -> None:
    sheets = Sheets()
    seeds, found, sources = (
        read_seeds(GOOD, sheets),
        read_entries(GOOD, sheets, None),
        read_sources(GOOD, sheets),
    )
    expected = resolve(seeds, found, sources, Sheets())
    texts, records = list(seeds.items()), list(sources.items())
    chance.shuffle(texts)
    chance.shuffle(found)
    chance.shuffle(records)
    again = resolve(dict(texts), found, dict(records), Sheets())
    assert repr(again) == repr(expected)
    for path in (
        "readings/ferry.md",
        "bibliography.md",
        "glossary/index.md",
        "timeline/index.md",
        "study-guide.md",
    ):
        assert Press(again).page(path, "Ours.") == Press(expected).page(path, "Ours.")


def digest(root: Path) -> str:
    """A fingerprint of every page of the project at `root`."""
    return hashlib.sha256(repr(pages(root)).encode()).hexdigest()


def test_clock_place_and_chance_do_not_matter(tmp_path: Path) -> None:
    """Another process, with another hash seed, time zone, locale and folder, prints the same."""
    code = f"import sys; sys.path[:0] = {[str(ROOT / 'tests'), str(ROOT / 'hooks'), str(Path(__file__).parent)]!r}; "
    code += f"from pathlib import Path; from test_order import digest; print(digest(Path({str(GOOD)!r})))"
    for seed, zone in (("1", "Pacific/Kiritimati"), ("4711", "America/Anchorage")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == digest(GOOD)
