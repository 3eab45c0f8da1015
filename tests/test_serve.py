"""`mkdocs serve`: every edit is seen, problems are shown in the browser, and the preview is the build."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from conftest import ROOT
from sites.workshop import copy_project, differences, environment, lay_out, mkdocs, photograph

_PATIENCE = 60.0
"""Seconds after which something will not come any more; no test waits this long when all is well."""


class Preview:
    """A running `mkdocs serve`, its log, and what it serves."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.log: list[str] = []
        self._temporary = temporary
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{self.port}"],
            cwd=folder,
            env=environment(TMPDIR=str(temporary), PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            self.log.extend(lines)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def site(self) -> Path:
        """The folder that is served."""
        (found,) = self._temporary.glob("mkdocs_*")
        return found

    def count(self, text: str) -> int:
        """How many lines of the log have `text`."""
        return sum(text in line for line in self.log)

    def wait(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not condition():
            assert self._process.poll() is None, "the preview has ended:\n" + "".join(self.log)
            assert time.monotonic() < end, "waited in vain:\n" + "".join(self.log)
            time.sleep(0.05)

    def get(self, path: str = "") -> tuple[int, str]:
        """The status and the text at an address of the site."""
        try:
            with urlopen(self.address + path, timeout=_PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    @contextmanager
    def rebuilt(self) -> Iterator[None]:
        """Edits made inside are on the site afterwards."""
        before = self.count("Reloading browsers")
        yield
        self.wait(lambda: self.count("Reloading browsers") > before)
        while True:  # an edit may be seen in two halves
            seen = len(self.log)
            time.sleep(0.8)
            if seen == len(self.log) and self.count("Reloading browsers") == self.count("Detected file"):
                return


@contextmanager
def _serving(folder: Path, temporary: Path) -> Iterator[Preview]:
    temporary.mkdir()
    preview = Preview(folder, temporary)
    try:
        preview.wait(lambda: preview.count("Serving on") > 0)
        yield preview
    finally:
        preview.stop()


def _tiny(folder: Path) -> Path:
    """A tiny site with hooks and overrides of its own, to be edited."""
    lay_out("apparatus", folder)
    for part in ("hooks", "overrides"):
        (folder / part).unlink()
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One preview of a tiny site; each test leaves it sound."""
    folder = tmp_path_factory.mktemp("preview")
    with _serving(_tiny(folder / "project"), folder / "temporary") as running:
        yield running


def _with(file: Path, old: str, new: str) -> str:
    """The text of `file` with `new` for `old`."""
    text = file.read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def _edit(file: Path, old: str, new: str) -> None:
    file.write_text(_with(file, old, new), "utf-8")


@contextmanager
def _changed(preview: Preview, file: Path, text: str) -> Iterator[None]:
    """`file` has another text, and the site with it; afterwards both are as they were."""
    before = file.read_bytes() if file.exists() else None
    with preview.rebuilt():
        file.write_text(text, "utf-8")
    try:
        yield
    finally:
        with preview.rebuilt():
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)


def test_what_is_watched_is_said(preview: Preview) -> None:
    """Under click 8.3.0 to 8.3.3 the line never comes, and nothing is ever reloaded."""
    (line,) = [line for line in preview.log if "Watching paths for changes" in line]
    watched = re.findall("'([^']*)'", line)
    assert {"docs", "mkdocs.yml", "seeds", "overrides", "hooks"} <= set(watched)


def test_problems_are_shown_at_every_address(preview: Preview) -> None:
    paths = ["", "glossary/hedging/", "fact-checks/ferry/sank/", "readings/ferry/", "nowhere/"]
    sound = {path: preview.get(path) for path in paths}
    term = preview.folder / "docs/glossary/hedging.md"
    with _changed(preview, term, _with(term, "family: hedging", "family: hedgehogs")):
        for path in paths:
            status, page = preview.get(path)
            assert status == sound[path][0]
            assert "docs/glossary/hedging.md:5:9" in page
            assert "F127" in page and "“hedgehogs” is not a family we use." in page
            assert "livereload(" in page or status == 404  # the browser will be told when it is mended
    assert {path: _less_reloading(preview.get(path)) for path in paths} == {
        path: _less_reloading(answer) for path, answer in sound.items()
    }
    assert preview.count("Traceback") == 0


def _less_reloading(answer: tuple[int, str]) -> tuple[int, str]:
    return answer[0], re.sub(r"livereload\(\d+, \d+\)", "", answer[1])


def test_a_seed_is_seen(preview: Preview) -> None:
    seed = preview.folder / "seeds/ferry.txt"
    with _changed(preview, seed, _with(seed, "keeps its boats", "keeps its three boats")):
        assert "Ruritania keeps its three boats." in preview.get("readings/ferry/")[1]
    with _changed(preview, seed, _with(seed, "since the ferry sank", "since the ferry foundered")):
        assert "docs/fact-checks/ferry/sank.md:3:8" in preview.get("readings/ferry/")[1]


def test_a_fragment_is_seen(preview: Preview) -> None:
    fragment = preview.folder / "overrides/fragments/term-head.html"
    with _changed(preview, fragment, _with(fragment, "<h1>", '<h1 data-edited="edited">')):
        assert 'data-edited="edited"' in preview.get("glossary/hedging/")[1]


def test_a_new_file_and_a_deleted_file_are_seen(preview: Preview) -> None:
    term = "---\ntitle: Prudence\nnames: [prudence]\nfamily: theory\nshort: Looking ahead.\n---\n"
    with _changed(preview, preview.folder / "docs/glossary/prudence.md", term):
        assert preview.get("glossary/prudence/")[0] == 200
        assert 'data-entry="term-prudence"' in preview.get("readings/ferry/")[1]
    assert preview.get("glossary/prudence/")[0] == 404
    assert 'data-entry="term-prudence"' not in preview.get("readings/ferry/")[1]


def test_a_new_seed_has_a_page(preview: Preview) -> None:
    words = "Ruritania has no harbor, and it hedges nothing there.\n"
    with _changed(preview, preview.folder / "seeds/harbor.txt", words):
        assert "Ruritania</a> has no harbor" in preview.get("readings/harbor/")[1]
    assert preview.get("readings/harbor/")[0] == 404


def test_edited_code_asks_for_a_restart(preview: Preview) -> None:
    """MkDocs loads hooks once, so the preview goes on with the code it began with, and says so."""
    assert preview.count("Stop it and start it again") == 0
    module = preview.folder / "hooks/marginalia/pages/weave.py"
    before = module.stat()
    with preview.rebuilt():
        module.write_text(module.read_text("utf-8") + "\n# edited\n", "utf-8")
    told = [line for line in preview.log if "Stop it and start it again" in line]
    assert len(told) == 1
    assert "hooks/marginalia/pages/weave.py" in told[0]
    with preview.rebuilt():
        _edit(module, "\n# edited\n", "")
        os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert preview.count("Stop it and start it again") == 1
    assert preview.get("readings/ferry/")[0] == 200


def test_a_first_build_that_is_broken_is_served_all_the_same(tmp_path: Path) -> None:
    folder = _tiny(tmp_path / "project")
    check = folder / "docs/fact-checks/ferry/sank.md"
    _edit(check, "verdict: mostly-accurate", "verdict: true")
    with _serving(folder, tmp_path / "temporary") as running:
        status, page = running.get("fact-checks/ferry/sank/")
        assert status == 200
        assert "docs/fact-checks/ferry/sank.md:5:10" in page and "V201" in page
        with running.rebuilt():
            _edit(check, "verdict: true", "verdict: mostly-accurate")
        status, page = running.get("fact-checks/ferry/sank/")
        assert status == 200
        assert "The sinking of the ferry" in page and "V201" not in page


# --- the preview is the build --------------------------------------------------------------------


def _differs(preview: Preview, temporary: Path) -> list[str]:
    """Where what is served is not what a build of the same files in a new process gives.

    The build is told the preview's address, which MkDocs writes into canonical links and the sitemap.
    A page that is served has no security policy, for MkDocs puts a script of its own into it; and for
    a preview nobody draws the cards that other sites show.
    """
    run = mkdocs(preview.folder, "build", "--site-dir", str(temporary), SITE_URL=preview.address)
    assert run.status == 0, run.log
    served, built = photograph(preview.site), photograph(temporary)
    different = [p for p in differences(served, built) if not p.startswith("assets/cards/")]
    return [p for p in different if _less_policy(served.get(p)) != _less_policy(built.get(p))]


def _less_policy(page: bytes | None) -> list[bytes] | None:
    if page is None:
        return None
    return [line for line in page.splitlines() if line.strip() and b"Content-Security-Policy" not in line]


def test_after_any_edits_the_preview_is_the_build(tmp_path: Path) -> None:
    folder = _tiny(tmp_path / "project")
    docs = folder / "docs"
    check, term = docs / "fact-checks/ferry/sank.md", docs / "glossary/hedging.md"
    reading, question = docs / "readings/ferry.md", docs / "questions/ferry/two-banks.md"
    edits: dict[str, Callable[[], object]] = {
        "a newer date": lambda: _edit(check, "date: 1908-03-02", "date: 1999-03-02"),
        "another verdict": lambda: _edit(check, "verdict: mostly-accurate", "verdict: disputed"),
        "prose of a check": lambda: _edit(check, "The ferry went down", "The boat, no hedge, went down"),
        "prose of a term": lambda: _edit(term, "A hedge clipper is another matter.", "Ruritania has a clipper."),
        "prose of a reading": lambda: reading.write_text(f"{reading.read_text('utf-8')}\nAsk Ruritania.\n", "utf-8"),
        "prose of a question": lambda: _edit(question, "Coal, from the North.", "Coal and tin, from the North."),
        "a source": lambda: _edit(docs / "bibliography.yml", "Chapters 1–3 and 9.", "Chapters 1–4 and 9."),
        "another title": lambda: _edit(term, "title: Hedging", "title: Hedges"),
        "a problem": lambda: _edit(docs / "countries/ruritania.md", "kind: region", "kind: realm"),
        "a paragraph": lambda: _edit(folder / "seeds/ferry.txt", "Why both banks", "A paragraph that is new.\n\nWhy both banks"),
        "a page": lambda: (docs / "about/method.md").write_text("# Method\n\nAsk Ruritania.\n", "utf-8"),
        "no event": lambda: (docs / "timeline/no-eternal-allies.md").unlink(),
        "another country": lambda: shutil.move(docs / "countries/coastal-league.md", docs / "countries/league.md"),
        "a fragment": lambda: _edit(folder / "overrides/fragments/country-head.html", "<h1>", '<h1 title="edited">'),
        "settings": lambda: _edit(folder / "mkdocs.yml", "A tiny site", "A small site"),
    }  # fmt: skip
    order = list(edits)
    random.Random(1908).shuffle(order)
    with _serving(folder, tmp_path / "temporary") as running:
        for name in order:
            with running.rebuilt():
                edits[name]()
        assert "docs/countries/ruritania.md:3:7" in running.get()[1]
        with running.rebuilt():
            _edit(docs / "countries/ruritania.md", "kind: realm", "kind: region")
        assert _differs(running, tmp_path / "clean") == []


def test_the_project_itself(tmp_path: Path) -> None:
    """The whole project: started, broken, mended; then it is as if it had just been built."""
    folder = copy_project(tmp_path / "project")
    check = next((folder / "docs/fact-checks").glob("*/*.md"))
    sound = check.read_text("utf-8")
    name = check.relative_to(folder).as_posix()
    with _serving(folder, tmp_path / "temporary") as running:
        with running.rebuilt():
            check.write_text(re.sub("^verdict: .*$", "verdict: true", sound, flags=re.MULTILINE), "utf-8")
        for path in ("", name.removeprefix("docs/").removesuffix(".md") + "/", "nowhere"):
            assert f"{name}:" in running.get(path)[1] and "V201" in running.get(path)[1]
        with running.rebuilt():
            check.write_text(sound, "utf-8")
        assert "V201" not in running.get()[1]
        assert _differs(running, tmp_path / "clean") == []
