"""Runs every case in tests/cases: what goes in stands above `gives:`, what must come out below it.

A file holds one case, or a few with a line `---` between them. `pytest --update` writes what comes out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

import pytest
import yaml
from conftest import GOOD, ROOT
from marginalia.anchoring.names import Names
from marginalia.anchoring.quotes import locate, searchable
from marginalia.codes import CODES
from marginalia.command import main
from marginalia.edition.agreement import check_changes
from marginalia.edition.load import load
from marginalia.edition.resolve import find_mentions
from marginalia.intake.bibliography import read_bibliography
from marginalia.intake.frontmatter import read, read_text
from marginalia.intake.lint import lint_body
from marginalia.intake.seed import parse, read_seed
from marginalia.model import Article, Checked, FactCheck, Mention, Quoting
from marginalia.pages.weave import Dress, weave
from marginalia.problem import Place, Places, Problem, report
from marginalia.references.citation import for_styles, record, reference, short
from marginalia.references.citing import STYLES, read_styles
from marginalia.references.csl import Run
from marginalia.references.exchange import bibtex, csl_json, ris

CASES = Path(__file__).parent / "cases"
ELSEWHERE = {
    "P501": "tests/test_build.py: it is about what is installed, and no file of a project can bring it about",
    **dict.fromkeys(
        ("P601", "P602", "P603", "P604"), "tests/test_study_faults.py: they come of printing, not of reading"
    ),
}
"""Codes that no contributed file can cause, and where they are tested."""


def _article(text: str, name: str = "x") -> Article:
    return parse(name, text)


def _seed(case: Any) -> Any:
    text, problems = read_seed("seeds/x.txt", case["text"].encode(case.get("encoding", "utf-8")))
    if problems:
        return _said(problems)
    blocks = []
    for block in parse("x", text, case.get("headings")).blocks:
        words = [text[s.start : s.end] for s in block.sentences] or text[block.span.start : block.span.end]
        blocks.append({block.id if block.kind != "heading" else f"heading {block.id}": words})
    return blocks


def _frontmatter(case: Any) -> Any:
    text, problems = read_text("docs/x.md", case["file"].encode(case.get("encoding", "utf-8")))
    document = None
    if text is not None:
        document, problems = read("docs/x.md", text, case.get("required", "yes") == "yes")
    given: dict[str, Any] = {}
    if document is not None and document.values is not None:
        given = {"values": document.values, "body": document.body, "on line": str(document.body_line)}
    return given | ({"problems": _said(problems)} if problems else {})


def _anchor(case: Any) -> Any:
    here = searchable(_article(case["article"]))
    others = [searchable(_article(text, name)) for name, text in case.get("others", {}).items()]
    found = []
    for given in case["quotes"]:
        keys = given if isinstance(given, dict) else {"quote": given}
        target = Quoting(**keys)
        spans, problems = locate(target, Places("x.md"), here, others)
        found += [f"{s.start}-{s.end} {here.article.words(s)}" for s in spans] if spans else _said(problems)
    return found


def _names(case: Any) -> Any:
    here = searchable(_article(case["article"]))
    owners = {name: f"term:{entry}" for entry, names in case["names"].items() for name in names}
    mentions = find_mentions(here, Names(owners, case.get("except", [])), {})
    return [f"{here.article.words(m.span)} -> {m.entry}{' (linked)' if m.first else ''}" for m in mentions]


def _weave(case: Any) -> Any:
    article = _article(case["article"])
    here = searchable(article)
    checks = []
    for number, (name, keys) in enumerate(case.get("checks", {}).items(), 1):
        target = Quoting(**keys)
        spans, problems = locate(target, Places("x.md"), here)
        assert spans, problems
        checks.append(Checked(FactCheck(**CHECK, id=name, quote="-"), spans, number))
    owners = {name: f"term:{entry}" for entry, names in case.get("names", {}).items() for name in names}
    mentions = find_mentions(here, Names(owners), {})
    blocks = [weave(article, block, checks, mentions, Dress(_call, _link)) for block in article.blocks]
    return [tostring(block, encoding="unicode") for block in blocks]


CHECK: dict[str, Any] = {
    "path": "-", "body": "-", "body_line": 1, "places": Places("-"), "title": "-", "article": "x",
    "kind": "fact", "verdict": "accurate", "confidence": "high", "summary": "-", "checked": "2025-01-01",
}  # fmt: skip


def _call(checked: Checked) -> Element:
    return Element("call", {"n": str(checked.number)})


def _link(mention: Mention) -> str:
    return f"{mention.entry}.md"


def _lint(case: Any) -> Any:
    return _said(sorted(lint_body(case.get("path", "x.md"), case["body"], 1, case.get("pages", []))))


def _citation(case: Any) -> Any:
    sources, _, problems = read_bibliography(case["source"])
    assert not problems, problems
    (source,) = sources.values()
    parts = reference(source)
    said = [parts.authors, parts.title, parts.container, parts.issued, parts.address or ""]
    styles = read_styles(ROOT / "overrides" / "styles")
    return {
        "reference": " | ".join(said),
        "short": short(source),
        **{name: _slanted(styles.written(name, for_styles(source))) for name in STYLES},
        "BibTeX": bibtex(record(source)),
        "RIS": ris(record(source)).rstrip(),
        "CSL-JSON": csl_json([record(source)]),
    }


def _slanted(runs: Iterable[Run]) -> str:
    """A reference as text, with stars around what is in italics."""
    return "".join(f"*{run.text}*" if run.italic else run.text for run in runs).replace("**", "")


def _problems(case: Any, project: Path) -> Any:
    today = date.fromisoformat(case["today"]) if "today" in case else None
    _spoil(case, project)
    edition, problems, _ = load(project, today)
    if "was" in case:
        earlier = Path(shutil.copytree(project, project.with_name("earlier")))
        _spoil({"change": case["was"]}, earlier)
        problems = [*problems, *check_changes(load(earlier)[0], edition)]
    return _said(problems)


def _spoil(case: Any, project: Path) -> None:
    """Do to a copy of the good project what a case says."""
    for path in case.get("delete", []):
        (project / path).unlink()
    for path, text in case.get("write", {}).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(_spread(text).encode(case.get("encoding", "utf-8")))
    for path, changes in case.get("change", {}).items():
        text = (project / path).read_bytes().decode()
        for old, new in changes.items():
            assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
            text = text.replace(old, _spread(new))
        (project / path).write_bytes(text.encode(case.get("encoding", "utf-8")))
    for path, target in case.get("link", {}).items():
        (project / path).symlink_to(target)


def _spread(text: str) -> str:
    """`text` with `{{3 x a}}` written out as `aaa`."""
    return re.sub(r"\{\{(\d+) x ([^{}]*)\}\}", lambda match: match[2] * int(match[1]), text)


def _said(problems: Any) -> list[str]:
    return [str(problem) for problem in problems]


KINDS: dict[str, Callable[..., Any]] = {
    "seed": _seed,
    "frontmatter": _frontmatter,
    "anchor": _anchor,
    "names": _names,
    "weave": _weave,
    "lint": _lint,
    "citation": _citation,
    "problems": _problems,
}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _text_node(dumper: yaml.SafeDumper, text: str) -> Any:
    style = "|" if "\n" in text and not any(row != row.rstrip() for row in text.split("\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)

FILES = sorted(CASES.glob("*/*.yml"))


@pytest.mark.parametrize("file", FILES, ids=[f"{f.parent.name}-{f.stem}" for f in FILES])
def test_case(file: Path, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    texts = file.read_text("utf-8").split("\n---\n")
    given = [yaml.load(text, Loader=yaml.BaseLoader) for text in texts]
    came = []
    for index, case in enumerate(given):
        if file.parent.name == "problems":
            project = Path(shutil.copytree(GOOD, tmp_path / str(index)))
            came.append(_problems(case, project))
        else:
            came.append(KINDS[file.parent.name](case))
    if request.config.getoption("--update"):
        parts = [text.partition("\ngives:")[0].rstrip() + "\n" for text in texts]
        ends = [
            yaml.dump({"gives": c}, Dumper=_Dumper, allow_unicode=True, width=10_000, sort_keys=False)
            for c in came
        ]
        file.write_text(
            "\n---\n".join((a + b).rstrip() for a, b in zip(parts, ends, strict=True)) + "\n", "utf-8"
        )
    else:
        assert came == [case.get("gives") or [] for case in given]


PROBLEM_FILES = sorted((CASES / "problems").glob("*.yml"))


def test_the_good_project_is_good() -> None:
    assert _said(load(GOOD, date(2025, 6, 1))[1]) == []


@pytest.mark.parametrize("file", PROBLEM_FILES, ids=lambda file: file.stem)
def test_one_fault_gives_one_problem(file: Path) -> None:
    """A file named for a code gives this one problem in each of its cases; `accepted` none, `several` several."""
    code, _, _ = file.stem.partition("-")
    for text in file.read_text("utf-8").split("\n---\n"):
        problems = yaml.load(text, Loader=yaml.BaseLoader)["gives"] or []
        if code == "accepted":
            assert problems == []
        elif code == "several":
            assert len(problems) > 1
        else:
            assert [p.split("  ")[1] for p in problems] == [code]


def test_every_code_has_its_case() -> None:
    cases = {file.stem.partition("-")[0] for file in PROBLEM_FILES} - {"accepted", "several"}
    assert cases | set(ELSEWHERE) == set(CODES)


def test_messages_say_what_to_do() -> None:
    """Whatever a case gives is a whole sentence, and another on how to mend it."""
    for file in PROBLEM_FILES:
        for text in file.read_text("utf-8").split("\n---\n"):
            for problem in yaml.load(text, Loader=yaml.BaseLoader)["gives"] or []:
                _, code, what, mend = problem.split("  ", 3)
                assert CODES[code] and what.endswith((".", "?", ".”")) and mend.endswith((".", "?", "…")), (
                    problem
                )


# --- how problems are told -----------------------------------------------------------------------

TEXT = "---\ntitle: The mall\n---\n"
PROBLEMS = [
    Problem(Place("docs/x.md", 2, 8), "A101", "Not there: 100%.", "Copy that,\nplease."),
    Problem(Place("docs/a,b:c.md"), "V217", "Nothing cites “x”.", "Cite it."),
]


def test_a_report_shows_every_problem_in_order_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert report(PROBLEMS, {"docs/x.md": TEXT}) == (
        "docs/a,b:c.md:1:1  V217  Nothing cites “x”.  Cite it.\n"
        "docs/x.md:2:8  A101  Not there: 100%.  Copy that,\nplease.\n"
        "    | title: The mall\n"
        "    |        ^"
    )


def test_a_long_line_is_shown_round_the_place() -> None:
    row = "a" * 300 + "\u202eX" + "b" * 300
    shown = report([Problem(Place("x", 1, 302), "A101", "W.")], {"x": row}).split("\n")[1:]
    assert shown[0][: len("    | ")] == "    | " and len(shown[0]) <= 110
    assert shown[0][shown[1].index("^")] == "X" and "\u202e" not in shown[0]


def test_on_github_every_problem_is_an_annotation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    said = report(PROBLEMS).split("\n")
    assert "::error file=docs/x.md,line=2,col=8,title=A101::Not there: 100%25. Copy that,%0Aplease." in said
    assert "::warning file=docs/a%2Cb%3Ac.md,line=1,col=1,title=V217::Nothing cites “x”. Cite it." in said


def test_the_command_checks_and_compares(good_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(good_project), "check", "--since", str(GOOD)]) == 0
    assert "4 fact-checks" in capsys.readouterr().out
    check = good_project / "docs" / "fact-checks" / "ferry" / "mail.md"
    check.write_text(
        check.read_text("utf-8").replace("verdict: mostly-accurate", "verdict: inaccurate"), "utf-8"
    )
    assert main(["--root", str(good_project), "check"]) == 0
    assert main(["--root", str(good_project), "check", "--since", str(GOOD)]) == 1
    assert "mail.md:5:10  V209" in capsys.readouterr().err
