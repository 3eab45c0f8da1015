"""A fault planted at random into the good project gives one problem, on that file and line; several, all of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import GOOD
from hypothesis import assume, given
from hypothesis import strategies as st
from marginalia.anchoring.quotes import locate, searchable
from marginalia.edition.load import load
from marginalia.intake.seed import parse
from marginalia.model import Quoting
from marginalia.problem import Places

ENTRIES = sorted(
    p.relative_to(GOOD).as_posix()
    for p in GOOD.glob("docs/*/**/*.md")
    if p.name != "index.md" and p.parent.name != "about"
)
CHECKS = [path for path in ENTRIES if "/fact-checks/" in path]
REQUIRED = frozenset([
    "title", "kind", "verdict", "confidence", "summary", "checked", "date", "relation", "family",
    "short", "role", "us", "china",
])  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What was done to one line of a file, and what must be said of it."""

    path: str
    index: int
    rows: tuple[str, ...]
    """What stands there instead."""
    code: str
    line: int


@dataclass(frozen=True)
class Sheet:
    """A good file, taken apart into lines; `front` are the numbers of the lines with a key at the margin."""

    path: str
    rows: list[str]

    @property
    def end(self) -> int:
        """The index of the line that closes the front matter."""
        return self.rows.index("---", 1)

    @property
    def keys(self) -> list[int]:
        """The indexes of the lines that have a key and, on the same line, its value."""
        return [n for n in range(1, self.end) if re.match(r"[a-z]+: \S", self.rows[n])]

    @property
    def prose(self) -> list[int]:
        """The indexes of the lines of the body that are plain text."""
        return [n for n in range(self.end + 1, len(self.rows)) if re.match(r"[A-Z][^:]*\w", self.rows[n])]

    def put(self, index: int, *rows: str, code: str, at: int | None = None) -> Fault:
        """The file with the line at `index` exchanged for others."""
        return Fault(self.path, index, rows, code, (index if at is None else at) + 1)


def sheet(path: str) -> Sheet:
    return Sheet(path, (GOOD / path).read_text("utf-8").split("\n"))


def _key(draw: st.DrawFn, page: Sheet) -> tuple[int, str, str]:
    index = draw(st.sampled_from(page.keys))
    name, _, value = page.rows[index].partition(": ")
    return index, name, value


def key_twice(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, value = _key(draw, page)
    return page.put(index, f"{name}: {value}", f"{name}: {value}", code="F108", at=index + 1)


def key_misspelt(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    lines = [n for n in range(1, page.end) if re.match(r"[a-z]{4,}:", page.rows[n])]
    index = draw(st.sampled_from(lines))
    name, _, rest = page.rows[index].partition(":")
    at = draw(st.integers(1, len(name) - 2))
    assume(name[at] != name[at + 1])
    return page.put(index, name[:at] + name[at + 1] + name[at] + name[at + 2 :] + ":" + rest, code="F110")


def key_unknown(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, _, _ = _key(draw, page)
    return page.put(index, "qqqq: 1", page.rows[index], code="F110")


def key_missing(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, _ = _key(draw, page)
    assume(name in REQUIRED)
    return page.put(index, code="F111", at=1)


def key_empty(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, _ = _key(draw, page)
    return page.put(index, f"{name}:", code="A114" if name == "quote" else "F124")


def no_space(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, value = _key(draw, page)
    assume(value[0] not in "[" and ": " not in value)
    return page.put(index, f"{name}:{value}", code="F120")


def tab(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    lines = [n for n in range(1, page.end) if page.rows[n].startswith("  ")]
    assume(lines)
    index = draw(st.sampled_from(lines))
    return page.put(index, "\t" + page.rows[index].lstrip(), code="F102")


def quote_unclosed(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, value = _key(draw, page)
    assume(value[0] != "[" and '"' not in value and index + 1 < page.end and '"' not in page.rows[index + 1])
    return page.put(index, f'{name}: "{value}', code="F101")


def colon_inside(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, value = _key(draw, page)
    assume(" " in value and value[0] != "[")
    return page.put(index, f"{name}: {value.replace(' ', ': ', 1)}", code="F101")


def starts_with_a_sign(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index, name, value = _key(draw, page)
    assume(value[0] != "[")
    return page.put(index, f"{name}: {draw(st.sampled_from('@%`'))}{value}", code="F116")


def never_closed(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    return page.put(page.end, code="F103", at=0)


def no_date(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(CHECKS)))
    index = next(n for n, row in enumerate(page.rows) if row.startswith("checked: "))
    wrong = draw(
        st.sampled_from(["2025-13-01", "2025-02-30", "yesterday", "2025", "12025-01-01", "March 2025"])
    )
    return page.put(index, f"checked: {wrong}", code="F113")


def no_verdict(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(CHECKS)))
    index = next(n for n, row in enumerate(page.rows) if row.startswith("verdict: "))
    return page.put(index, "verdict: " + draw(st.sampled_from(["true", "acurate", "half-true"])), code="V201")


def no_such_id(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    codes = {
        "terms": "G303",
        "see": "G303",
        "countries": "C308",
        "members": "C308",
        "checks": "T502",
        "also": "T502",
    }
    lines = [n for n in page.keys if page.rows[n].partition(":")[0] in codes]
    assume(lines)
    index = draw(st.sampled_from(lines))
    name = page.rows[index].partition(":")[0]
    return page.put(index, f"{name}: [zzzz]", code=codes[name])


def no_such_source(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    lines = [n for n in range(1, page.end) if page.rows[n].startswith("  - id: ")]
    assume(lines)
    return page.put(draw(st.sampled_from(lines)), "  - id: zzzz-1900", code="V216")


def letter_in_a_quote(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from([path for path in CHECKS if not path.endswith("board.md")])))
    index = next(n for n, row in enumerate(page.rows) if row.startswith("quote: "))
    quote = page.rows[index].removeprefix("quote: ")
    at = draw(st.sampled_from([n for n, c in enumerate(quote) if c.isalnum()]))
    wrong = quote[:at] + draw(st.sampled_from("qxz79")) + quote[at + 1 :]
    here = searchable(parse("ferry", (GOOD / "seeds" / "ferry.txt").read_text("utf-8")))
    assume(not locate(Quoting(quote=wrong), Places("-"), here)[0])
    return page.put(index, f"quote: {wrong}", code="A101")


IN_PROSE = {
    "<b>bold</b>": "X401", "<script>x</script>": "X401", "<!-- x -->": "X401", "[a](javascript:x)": "X404",
    "<vbscript:x>": "X404", "[a](nowhere.md)": "L401", "[a](/index.md)": "L403", "[^zz]": "L406", "[a][zz]": "L409",
    "![](https://x.example/)": "L410", "[@Nobody]": "L414", "[@zzzz-1900, p. 3]": "L413",
}  # fmt: skip


def in_prose(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    sign = draw(st.sampled_from([sign for sign in IN_PROSE if not sign.startswith("![")]))
    index = draw(st.sampled_from(page.prose))
    words = page.rows[index].split(" ")
    at = draw(st.integers(1, len(words)))
    row = " ".join([*words[:at], sign, *words[at:]])
    assume("[@" not in page.rows[index] or "]" in page.rows[index])
    assume(not re.search(r"\[[^\]]*$", " ".join(words[:at])))
    return page.put(index, row, code=IN_PROSE[sign])


def wrong_byte(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index = draw(st.integers(0, len(page.rows) - 1))
    return page.put(index, page.rows[index] + "\udce9 ", code="F100")  # a byte that is no character


def hidden_character(draw: st.DrawFn) -> Fault:
    page = sheet(draw(st.sampled_from(ENTRIES)))
    index = draw(st.integers(0, len(page.rows) - 1))
    sign = draw(st.sampled_from("\x00\x07\x1b\x7f\x85\u2028\u2029\ufffe"))
    return page.put(index, page.rows[index] + sign, code="F122")


def in_the_bibliography(draw: st.DrawFn) -> Fault:
    page = sheet("docs/bibliography.yml")
    wrong, code = draw(
        st.sampled_from(
            [
                ("type: x", "F127"),
                ("titel: X", "F110"),
                ("issued: soon", "F113"),
                ("kind: rumor", "F127"),
                ("URL: x", "V204"),
            ]
        )
    )
    name = {"titel": "title"}.get(wrong.partition(":")[0], wrong.partition(":")[0])
    lines = [n for n, row in enumerate(page.rows) if row.startswith(f"  {name}: ")]
    return page.put(draw(st.sampled_from(lines)), f"  {wrong}", code=code)


def in_a_seed(draw: st.DrawFn) -> Fault:
    path = draw(st.sampled_from(["seeds/ferry.txt", "seeds/lamp.txt"]))
    rows = (GOOD / path).read_text("utf-8").split("\n")
    index = draw(st.integers(0, len(rows) - 2))
    sign, code = draw(
        st.sampled_from([("\x00", "S005"), ("\x03", "S005"), ("\u202e", "S009"), ("\u2067", "S009")])
    )
    at = draw(st.integers(0, len(rows[index])))
    return Sheet(path, rows).put(index, rows[index][:at] + sign + rows[index][at:], code=code)


FAULTS: list[Callable[[st.DrawFn], Fault]] = [
    key_twice, key_misspelt, key_unknown, key_missing, key_empty, no_space, tab, quote_unclosed, colon_inside,
    starts_with_a_sign, never_closed, no_date, no_verdict, no_such_id, no_such_source, letter_in_a_quote, in_prose,
    wrong_byte, hidden_character, in_the_bibliography,
]  # fmt: skip


@st.composite
def faults(draw: st.DrawFn, makers: list[Callable[[st.DrawFn], Fault]]) -> Fault:
    return draw(st.sampled_from(makers))(draw)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("blame") / "project"))


def spoiled(planted: list[Fault]) -> bytes:
    """The bytes of one good file with faults in it."""
    rows = sheet(planted[0].path).rows
    for fault in sorted(planted, key=lambda fault: -fault.index):
        rows[fault.index : fault.index + 1] = fault.rows
    return "\n".join(rows).encode("utf-8", "surrogateescape")


def told(project: Path, planted: list[Fault]) -> list[tuple[str, str, int]]:
    """The code, file and line of every problem after the faults were planted."""
    try:
        for fault in planted:
            (project / fault.path).write_bytes(spoiled([f for f in planted if f.path == fault.path]))
        return [(p.code, p.place.path, p.place.line) for p in load(project)[1]]
    finally:
        for fault in planted:
            shutil.copy(GOOD / fault.path, project / fault.path)


@given(st.data())
def test_one_fault_one_problem(project: Path, data: st.DataObject) -> None:
    fault = data.draw(faults([*FAULTS, in_a_seed]))
    assert told(project, [fault]) == [(fault.code, fault.path, fault.line)]


@given(st.data())
def test_all_faults_at_once(project: Path, data: st.DataObject) -> None:
    planted = data.draw(st.lists(faults(FAULTS), min_size=2, max_size=4, unique_by=lambda fault: fault.path))
    assert sorted(told(project, planted)) == sorted((f.code, f.path, f.line) for f in planted)


IN_VALUES = [
    key_twice, key_misspelt, key_unknown, key_missing, key_empty, no_date, no_verdict, no_such_id,
    no_such_source, letter_in_a_quote,
]  # fmt: skip
"""Faults of a front matter that can be read."""
IN_YAML = [no_space, tab, quote_unclosed, colon_inside, starts_with_a_sign]
"""Faults that keep a front matter from being read at all."""


def _hidden(fault: Fault, other: Fault) -> bool:
    """Whether `other` keeps `fault` from being told: its key is gone, or what it is measured by."""
    rows = sheet(fault.path).rows
    above = next(n for n in range(fault.index, -1, -1) if not rows[n].startswith(" "))
    doubtful = fault.code == "L413" and other.code not in ("A101", "F113", "V201")
    unplaced = fault.code == "T502" and rows[other.index].startswith("article:")
    return other.index in (fault.index, above) or doubtful or unplaced


@given(st.data())
def test_two_faults_in_one_file(project: Path, data: st.DataObject) -> None:
    maker = data.draw(st.sampled_from([*IN_VALUES, *IN_YAML]))
    one = data.draw(faults([maker]))
    two = data.draw(faults([in_prose] if maker in IN_YAML else [*IN_VALUES, in_prose]))
    assume(one.path == two.path and one.code != two.code)
    assume(not _hidden(one, two) and not _hidden(two, one))
    expected = [
        (f.code, f.path, f.line + (len(o.rows) - 1 if o.index < f.line - 1 else 0))
        for f, o in ((one, two), (two, one))
    ]
    assert sorted(told(project, [one, two])) == sorted(expected)
