"""Promise 8: whatever a contributor writes, wherever, it reaches readers as text and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import GOOD, TRIES
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from marginalia.edition.load import load
from marginalia.intake.frontmatter import read
from marginalia.intake.lint import scheme_of
from press import Node, Press, pages, parsed

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>', "' onmouseover='alert(1)", '" onfocus="alert(1)" autofocus="', "</p><iframe src=//x.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<object data=javascript:alert(1)>", "<embed src=//x.example>",
    "<form action=//x.example><input name=q></form>", "<base href=//x.example/>", "<meta http-equiv=refresh content=0;url=//x.example>",
    "<link rel=stylesheet href=//x.example>", "<style>body{display:none}</style>", "<p style=position:fixed>", "<math><mi//xlink:href='data:x,<x>'>",
    "<a href=javascript:alert(1)>x</a>", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?x <script> ?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "&#x3c;b&#x3e;", "%3Cscript%3E", "\\x3cscript\\x3e",
    "{{ 7 * 7 }}", "{% include 'x' %}", "{# x #}", "${alert(1)}", "]]>", "--></script>", "</title><script>", "<slot name='notes'/>",
    "<fragment>", "</fragment><script>", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>", "<details open ontoggle=alert(1)>",
    "[x](javascript:alert(1))", "[x](JAVASCRIPT&colon;alert(1))", "[x](&#106;avascript:alert(1))", "[x](java\tscript:alert(1))",
    "[x](<javascript:alert(1)>)", "[x](data:text/html,<script>alert(1)</script>)", "[x](vbscript:x 'title')", "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](javascript:alert(1))", "![x](https://x.example/track.png)", "<javascript:alert(1)>", "{: onclick=alert(1) }", "{: style='x' }",
    "[x](y){: onclick=alert(1) }", "# h {#__search onclick=alert(1)}", "[x](y \"\" onclick=\"alert(1)\")", "[x](y\" onclick=\"alert(1))",
    "| a |\n|---|\n| <script>alert(1)</script> |", "`<script>alert(1)</script>`", "```\n<script>alert(1)</script>\n```", "    <script>alert(1)</script>",
    "``` { .html onclick=alert(1) }\nx\n```", "```html onclick=alert(1)\nx\n```", "*[x]: <script>", "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[TOC]", "~~~ {style=x}\ny\n~~~", "<b\x0conclick=alert(1)>", "\u2028<script>", "＜script＞", "ſcript:<ſcript>",
]  # fmt: skip
"""Strings that have run script, or shown something else than themselves, on some site."""

MARKDOWN = {
    "p": "", "em": "", "strong": "", "code": "class", "pre": "", "blockquote": "", "ul": "", "ol": "start", "li": "id",
    "hr": "", "br": "", "a": "href title class id", "img": "alt src title", "h1": "id", "h2": "id", "h3": "id", "h4": "id", "h5": "id",
    "h6": "id", "table": "", "thead": "", "tbody": "", "tr": "", "th": "class", "td": "class", "sup": "id", "div": "class",
    "span": "class",
}  # fmt: skip
"""The elements and attributes that Markdown is there for."""
NEVER = frozenset([
    "script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "input", "image",
    "math", "foreignobject",
])  # fmt: skip


@cache
def ours() -> frozenset[tuple[str, str]]:
    """Every element and attribute of the good project’s pages, and those of Markdown."""
    found = {(tag, name) for tag, names in MARKDOWN.items() for name in ["", *names.split()]}
    for html in pages(GOOD).values():
        for node in parsed(html).walk():
            found |= {(node.tag, name) for name in ["", *node.attributes]}
    assert not {tag for tag, _ in found} & NEVER
    assert not [
        name
        for _, name in found
        if name.startswith("on") or name in ("style", "srcdoc", "action", "formaction")
    ]
    return frozenset(found)


def check_safe(page: Node) -> None:
    """Every element and attribute is one that pages have anyway, and every link leads to a page."""
    for node in page.walk():
        for name in ["", *node.attributes]:
            assert (node.tag, name) in ours(), f"<{node.tag} {name}>"
        for name in ("href", "src", "xlink:href"):
            value = node.attributes.get(name, "")
            assert scheme_of(value) in (None, "http", "https", "mailto"), value
        assert not re.match(r"\s*(https?:|//)", node.attributes.get("src", "")), "loaded from elsewhere"
        assert not node.attributes.get("id", "").startswith("__"), "an address of the theme"


def texts_of(value: object, key: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every text in a front matter."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from texts_of(item, (*key, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts_of(item, (*key, index))
    else:
        yield key


FREE = frozenset([
    "title", "summary", "role", "us", "china", "short", "fact", "label", "value", "year", "note", "why",
    "author", "description", "rights", "at", "names", "except", "naming", "publisher", "family", "given",
    "body",
])  # fmt: skip
"""The keys whose values are words for readers."""


def spoil(path: str, key: tuple[str | int, ...], attack: str) -> bytes:
    """The bytes of a good file with `attack` put into one of its texts, or into its body."""
    text = (GOOD / path).read_text("utf-8")
    if path.endswith(".yml"):
        values, body = yaml.load(text, Loader=yaml.BaseLoader), None
    else:
        document, _ = read(path, text)
        assert document and document.values
        values, body = document.values, document.body
    if key == ("body",):
        assert body is not None
        return text.replace(body, f"{body}\n{attack}\n\nA line with {attack} in it.\n").encode()
    holder = values
    for step in key[:-1]:
        holder = holder[step]
    holder[key[-1]] = f"{holder[key[-1]]} {attack}"
    front = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    return (front if body is None else f"---\n{front}---\n{body}").encode()


def _places() -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every text of every contributed file that readers see."""
    files = ["docs/bibliography.yml", "docs/readings/ferry.md"]
    files += ["docs/fact-checks/ferry/mail.md", "docs/glossary/subsidy.md", "docs/countries/norway.md"]
    files += ["docs/timeline/bridge-promised.md", "docs/questions/ferry/who-pays.md"]
    for path in files:
        text = (GOOD / path).read_text("utf-8")
        document, _ = (None, []) if path.endswith(".yml") else read(path, text)
        values = document.values if document else yaml.load(text, Loader=yaml.BaseLoader)
        for key in texts_of(values):
            if any(name in FREE for name in key) and "id" not in key and key != ("family",):
                yield path, key
        if document:
            yield path, ("body",)


PLACES = list(_places())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("safety") / "project"))


def printed(project: Path) -> list[Node]:
    """All pages, whatever the checks say: the second lock must hold where the first does not."""
    edition, problems, _ = load(project)
    assume(not any(p.code[0] in "FV" and p.severity == "error" for p in problems))  # too long for its key
    press = Press(edition)
    bodies = {"readings/ferry.md": "Ours.", "readings/lamp.md": "Ours."}
    for path in ("fact-checks/index.md", "glossary/index.md", "countries/index.md", "timeline/index.md"):
        bodies[path] = "Ours."
    for path in (
        "bibliography.md",
        "study-guide.md",
        "index.md",
        "about/coverage.md",
        "about/corrections.md",
    ):
        bodies[path] = "Ours."
    for entry in [
        *(c.check for c in edition.checks.values()),
        *edition.terms.values(),
        *edition.countries.values(),
    ]:
        bodies[entry.path] = entry.body
    return [parsed(press.page(path, body)) for path, body in bodies.items()]


@settings(max_examples=TRIES // 2)
@given(st.data())
def test_words_in_any_place_stay_words(project: Path, data: st.DataObject) -> None:
    path, key = data.draw(st.sampled_from(PLACES))
    attack = data.draw(st.sampled_from(ATTACKS))
    (project / path).write_bytes(spoil(path, key, attack))
    try:
        for page in printed(project):
            check_safe(page)
    finally:
        shutil.copy(GOOD / path, project / path)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_article_may_speak_of_anything(attack: str, project: Path) -> None:
    """Attacks in a seed and in the quote of a check are shown as they are written."""
    line = " ".join(re.sub("[\x00-\x1f\u2028]", " ", attack).split())
    (project / "seeds/attack.txt").write_text(f"He wrote {line} in a letter.\nNobody answered.", "utf-8")
    check = project / "docs/fact-checks/attack/letter.md"
    check.parent.mkdir(exist_ok=True)
    front = {"title": line, "quote": f"He wrote {line} in a letter.", "summary": line}
    rest = "kind: opinion\nverdict: opinion\nconfidence: low\nchecked: 2025-01-01\n---\n" + " ".join(
        ["Words"] * 20 + re.findall(r"\d+", line)
    )
    check.write_text("---\n" + yaml.safe_dump(front, allow_unicode=True, width=10_000) + rest, "utf-8")
    try:
        edition, problems, _ = load(project)
        assert problems == []
        press = Press(edition)
        page = parsed(press.page("readings/attack.md", "Ours."))
        check_safe(page)
        assert page.one(id="p1").words() == f"He wrote {line} in a letter."
        assert line in page.one(id="fn:letter").text()
        own = parsed(press.page("fact-checks/attack/letter.md", "Words."))
        check_safe(own)
        assert line in own.text()
    finally:
        check.unlink()
        (project / "seeds/attack.txt").unlink()


@given(
    st.lists(
        st.one_of(
            st.sampled_from(ATTACKS), st.text(max_size=10), st.sampled_from("[]()<>!`*_\\\"'{}:#&;\n ")
        ),
        max_size=12,
    )
)
def test_no_body_can_leave_its_page(parts: list[str]) -> None:
    """Any pile of attacks and signs as the body of an entry, unlinted."""
    edition, _, _ = load(GOOD)
    check_safe(
        parsed(
            Press(edition).page(
                "countries/sweden.md", re.sub("[\x00-\x08\x0b-\x1f\u2028]", "", "".join(parts)) or "x"
            )
        )
    )


def test_addresses_reach_readers_unchanged(project: Path) -> None:
    address = "https://harbor.example/?a=1&copy=2&lt&b=%3C&#x"
    text = (GOOD / "docs/bibliography.yml").read_text("utf-8")
    text = text.replace("issued: 1961\n", f"issued: 1961\n  URL: {address}\n")
    (project / "docs/bibliography.yml").write_text(text, "utf-8")
    try:
        edition, problems, _ = load(project)
        assert problems == []
        page = parsed(Press(edition).page("bibliography.md", "Ours."))
        assert list(page.all(href=address))
    finally:
        shutil.copy(GOOD / "docs/bibliography.yml", project / "docs/bibliography.yml")
