"""Whatever bytes stand in a contributed file: an edition and problems come out, soon, and never an exception."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import GOOD, TRIES
from hypothesis import given, settings
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.pages.atlas import published
from marginalia.problem import Problem, report
from press import Press, parsed
from writing import HAZARDS

FILES = sorted(p.relative_to(GOOD).as_posix() for p in GOOD.rglob("*") if p.is_file())
CONTRIBUTED = [f for f in FILES if f.endswith((".txt", ".svg", ".yml", "SHA256SUMS")) or f.count("/") == 3] + [
    "docs/readings/ferry.md", "docs/glossary/subsidy.md", "docs/countries/norway.md", "docs/timeline/bridge-promised.md",
    "docs/index.md",
]  # fmt: skip
"""One file of each kind, and every check."""

YAML_HAZARDS = [
    "---\n", "...\n", "? ", "- ", ": ", "!!python/object:os.system ", "!!int ", "&a ", "*a ", "{", "}", "[", "]", "|\n", ">\n",
    "%YAML 1.1\n", "%TAG ! x\n", "'", '"', '"\\x00"', '"\\ud800"', '"\\U0010ffff"', '"\\N"', "\t", "<<: *a", "=", "~", "0x1F",
    "1_000", ".inf", "2025-99-99", "title: \n", "from: a\nto: b\n", "quote: x\n", "paragraphs: [99999999999999999999]\n",
    "minutes: " + "9" * 5000 + "\n", "checked: 0000-00-00\n", "names: [" + "a, " * 50 + "]\n", "names: ['-', '(', 'a']\n",
    "iso: ß\n", "URL: 'http://[::1'\n", "URL: https://\u2100.example/\n", "also: [mail, mail]\n", "see: [subsidy]\n",
]  # fmt: skip
BYTES = [
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x80",
    b"\xed\xa0\x80",
    b"\r",
    b"\r\n",
    b"\x0b",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
]

_pieces = st.one_of(
    st.sampled_from(HAZARDS + YAML_HAZARDS).map(lambda text: text.encode()),
    st.sampled_from(BYTES),
    st.binary(max_size=12),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """Bytes made from those of a good file: parts cut out, exchanged, put in; or none of them left."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.binary(max_size=400), st.lists(_pieces, max_size=30).map(b"".join)))
    data = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(
            st.one_of(st.just(start), st.integers(start, min(len(data), start + 40)), st.just(len(data)))
        )
        data = data[:start] + draw(_pieces) + data[end:]
    return data


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("totality") / "project"))


def outcome(root: Path) -> list[Problem]:
    """The problems of the project, after everything that is done with them and with the edition."""
    edition, problems, texts = load(root, date(2025, 6, 1))
    said = report(problems, texts)
    assert all(str(p) in said and p.annotation().count("\n") == 0 for p in problems)
    assert all(p.what.strip() and p.place.line >= 1 and p.place.column >= 1 for p in problems)
    if not any(p.severity == "error" for p in problems):
        press = Press(edition)
        for entry in [
            *(c.check for c in edition.checks.values()),
            *edition.terms.values(),
            *edition.countries.values(),
        ]:
            parsed(press.page(entry.path, entry.body or "Ours."))
        for path in (
            "readings/ferry.md",
            "timeline/index.md",
            "study-guide.md",
            "bibliography.md",
            "index.md",
        ):
            assert published(path)
            parsed(press.page(path, "Ours."))
    return problems


@pytest.mark.parametrize("name", CONTRIBUTED)
@settings(max_examples=max(20, TRIES // 6))
@given(data=st.data())
def test_any_bytes_in_one_file(name: str, project: Path, data: st.DataObject) -> None:
    good = (GOOD / name).read_bytes()
    (project / name).write_bytes(data.draw(spoiled(good)))
    try:
        outcome(project)
    finally:
        (project / name).write_bytes(good)


@given(data=st.data())
def test_any_bytes_in_several_files(project: Path, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(CONTRIBUTED), min_size=2, max_size=5, unique=True))
    try:
        for name in names:
            (project / name).write_bytes(data.draw(spoiled((GOOD / name).read_bytes())))
        outcome(project)
    finally:
        for name in names:
            shutil.copy(GOOD / name, project / name)


# --- time ----------------------------------------------------------------------------------------

SIZE = 30_000
REPEATED = [
    "-    ", "[a]", "[a](b) ", "[", "![", "[[", "](", "[a](", "[a][", "[^", "[^a]: x\n", "[@", "[@a; ", "(", "<", "<a", "</", "<a ", "<!--", "<!-- -->", "`",
    "` ``", "```\n", "~~~\n", "#", "# a\n", "__", "*", "_", "*a", "\\", "&", "&#", ">", "> ", "- ", "1. ", "  - ", "a: ", "a\n\n",
    "a\n=\n", "“", "\n", " ", " \n", "\t", "a", "a.", ". ", ".", "…", "。", "\u200b", "a\u00ad", "\u0301", "\u0301\u0323", "\u1100",
    "\u0e01", "\u4e2d", "A. B", "\u2014", "\u202e", "'", '"', "{", "---\n", "https://", "[a]: x\n", "|", "a|b\n", "|-|\n", "## Answer\n",
]  # fmt: skip


def _long_inputs() -> Iterator[tuple[str, str, str]]:
    for piece in REPEATED:
        run = (piece * (SIZE // len(piece) + 1))[:SIZE]
        yield "seeds/lamp.txt", piece, f"Words.\n{run}\nWords."
        yield "docs/countries/sweden.md", piece, (GOOD / "docs/countries/sweden.md").read_text("utf-8") + run
        if "\n" not in piece:
            quoted = run.replace("\\", "\\\\").replace('"', '\\"').replace("\t", " ")
            front = (GOOD / "docs/fact-checks/ferry/mail.md").read_text("utf-8")
            yield (
                "docs/fact-checks/ferry/mail.md",
                piece,
                front.replace("has carried the mail since 1871", f'"{quoted[:SIZE]}"', 1),
            )
        yield "docs/countries/sweden.md", f"not front matter: {piece}", run
        yield "docs/bibliography.yml", piece, (GOOD / "docs/bibliography.yml").read_text("utf-8") + run


def test_long_files_take_no_longer_than_they_must(project: Path) -> None:
    """Thirty thousand characters that lead the naive astray, in every kind of file: a second and a half at most."""
    slow = []
    for name, piece, text in _long_inputs():
        (project / name).write_text(text, "utf-8")
        began = time.process_time()
        load(project)
        took = time.process_time() - began
        shutil.copy(GOOD / name, project / name)
        if took > 1.5:
            slow.append(f"{name} of {piece!r}: {took:.1f} s")
    assert not slow
