"""The project's own site, as built, looked at without a browser and without a network.

What every page owes every reader, and promises 1 and 7: the article is the seed, and whatever is
linked links back.
"""

from __future__ import annotations

import json
import posixpath
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT
from lxml import html  # type: ignore[import-untyped]
from marginalia import Edition, load
from marginalia.model import Checked, Country, Term
from marginalia.pages.weave import APPARATUS
from sites.workshop import pages, published


@cache
def _pages() -> Mapping[str, html.HtmlElement]:
    return dict(pages(published()))


@cache
def _files() -> frozenset[str]:
    site = published()
    return frozenset(f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file())


@cache
def _edition() -> Edition:
    return load(ROOT)[0]


@cache
def _ids(path: str) -> frozenset[str]:
    return frozenset(str(i) for i in _pages()[path].xpath("//@id | //a/@name"))


def _address(path: str) -> str:
    """The file of the page whose source is `path`, relative to docs/."""
    stem = path.removesuffix(".md").removesuffix("index").rstrip("/")
    return f"{stem}/index.html".lstrip("/")


def _target(path: str, link: str) -> tuple[str, str] | None:
    """The file and the fragment that a link on the page `path` leads to; None where it leaves the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    inside = unquote(parts.path)
    if not inside:
        return path, unquote(parts.fragment)
    start = "" if inside.startswith("/") else posixpath.dirname(path)
    file = posixpath.normpath(posixpath.join(start, inside.lstrip("/")))
    if inside.endswith(("/", ".")):
        file = posixpath.join(file, "index.html")
    return posixpath.normpath(file), unquote(parts.fragment)


def _links(page: html.HtmlElement) -> set[str]:
    """Every address that a page names, in whatever attribute."""
    links = {str(v) for v in page.xpath("//@href | //@src | //@poster | //@data | //@action")}
    return links | {one.split()[0] for several in page.xpath("//@srcset") for one in str(several).split(",")}


def _text(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


@cache
def _led_to(path: str) -> frozenset[tuple[str, str]]:
    """The files and fragments that the links in a page's content lead to, inside the site."""
    links = {str(v) for v in _pages()[path].xpath("//*[contains(@class, 'md-content')]//a/@href")}
    return frozenset(target for target in (_target(path, link) for link in links) if target)


def _leads(page: str, to: str, fragment: str | None = None) -> bool:
    """Whether the page of `page` links to the page of `to`, both files of docs/, or to a place on it."""
    targets = _led_to(_address(page))
    if fragment is not None:
        return (_address(to), fragment) in targets
    return any(file == _address(to) for file, _ in targets)


def _none(faults: list[str]) -> None:
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:20])


# --- every page ----------------------------------------------------------------------------------


def test_every_address_inside_the_site_leads_somewhere() -> None:
    broken = []
    for path, page in _pages().items():
        for link in sorted(_links(page)):
            target = _target(path, link)
            if target is None:
                continue
            file, fragment = target
            if file not in _files():
                broken.append(f"{path}: {link}: no such file")
            elif fragment and file.endswith(".html") and fragment not in _ids(file):
                broken.append(f"{path}: {link}: no such place")
    _none(broken)


def test_every_address_in_a_style_sheet_leads_somewhere() -> None:
    broken = []
    for file in sorted(f for f in _files() if f.endswith(".css")):
        text = (published() / file).read_text("utf-8")
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for link in re.findall(r"url\(\s*[\"']?([^\"')]+)", text) + re.findall(
            r"@import\s+[\"']([^\"']+)", text
        ):
            target = None if link.startswith("data:") else _target(file, link)
            if urlsplit(link).netloc or (target and target[0] not in _files()):
                broken.append(f"{file}: {link}")
    _none(broken)


def test_nothing_is_loaded_from_elsewhere() -> None:
    loaded = "//script/@src | //img/@src | //img/@srcset | //iframe/@src | //source/@src | //source/@srcset | //use/@href"
    linked = "//link[not(contains('canonical prev next alternate license', @rel))]/@href"
    outside = [
        f"{path}: {link}"
        for path, page in _pages().items()
        for link in (str(v) for v in page.xpath(f"{loaded} | {linked}"))
        if _target(path, link) is None and not link.startswith("data:")
    ]
    _none(outside)


def test_every_page_has_the_policy_that_hosts_send_and_no_script_but_those_it_allows() -> None:
    sent = re.search(r"Content-Security-Policy: (.*); frame-ancestors 'none'", _headers())
    first = (ROOT / "overrides" / "partials" / "first-paint.js").read_text("utf-8").removesuffix("\n")
    assert sent
    assert sent[1].count("sha256") == 1
    assert f"'sha256-{b64encode(sha256(first.encode()).digest()).decode()}'" in sent[1]
    assert "unsafe" not in sent[1]
    different = []
    for path, page in _pages().items():
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        before = page.xpath(
            "//meta[@http-equiv='Content-Security-Policy']/preceding::*[self::script or self::link]"
        )
        inside = page.xpath("//script[not(@src) and not(contains(@type, 'json'))]")
        if policy != [sent[1]] or before or [script.text for script in inside] != [first]:
            different.append(path)
    _none(different)


def test_no_page_waits_for_a_script() -> None:
    _none([path for path, page in _pages().items() if page.xpath("//script[@src and not(@type='module')]")])


def _headers() -> str:
    return (published() / "_headers").read_text("utf-8")


def test_nothing_is_published_that_is_only_for_building() -> None:
    tools = (".md", ".py", ".typ", ".ttf", ".otf", ".j2", ".yml", ".yaml", ".toml")
    _none(sorted(f for f in _files() if f.endswith(tools) or f.startswith(("fragments/", "partials/"))))


def test_no_id_is_used_twice_on_a_page() -> None:
    twice = []
    for path, page in _pages().items():
        ids = [str(i) for i in page.xpath("//@id")]
        twice += [f"{path}: {i}" for i in sorted({i for i in ids if ids.count(i) > 1})]
    _none(twice)


def test_every_page_has_a_language_a_title_and_one_heading_of_the_first_level() -> None:
    faults = []
    for path, page in _pages().items():
        if not page.get("lang"):
            faults.append(f"{path}: no language")
        if not (page.findtext("head/title") or "").strip():
            faults.append(f"{path}: no title")
        count = len(page.xpath("//h1"))
        if count != 1:
            faults.append(f"{path}: {count} headings of the first level")
    _none(faults)


def test_headings_leave_out_no_level() -> None:
    faults = []
    for path, page in _pages().items():
        before = 0
        for heading in page.xpath(
            "//body//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
        ):
            level = int(heading.tag[1])
            if level > before + 1:
                faults.append(f"{path}: h{before} is followed by h{level} “{_text(heading)}”")
            if not _text(heading):
                faults.append(f"{path}: an empty h{level}")
            before = level
    _none(faults)


def test_no_page_lists_more_than_60_entries_of_navigation() -> None:
    counts = {
        path: len(page.xpath("//nav[not(ancestor::*[contains(@class, 'mg-page')])]//a[@href]"))
        for path, page in _pages().items()
    }
    assert max(counts.values()) > 0
    _none([f"{path}: {n}" for path, n in counts.items() if n > 60])


def test_every_page_is_reached_from_the_first() -> None:
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for link in _pages()[path].xpath("//a/@href"):
            target = _target(path, str(link))
            if target and target[0] in _pages() and target[0] not in reached:
                reached.add(target[0])
                waiting.append(target[0])
    _none(sorted(_pages().keys() - reached - {"404.html"}))


def test_every_link_has_words() -> None:
    mute = [
        f"{path}: {link.get('href')}"
        for path, page in _pages().items()
        for link in page.xpath("//a[@href]")
        if not (_text(link) or link.get("aria-label") or link.get("title") or link.xpath(".//img[@alt!='']"))
    ]
    _none(mute)


def test_what_the_search_finds_is_there() -> None:
    rows = json.loads((published() / "search" / "index.json").read_text("utf-8"))
    places = {str(address) for _, _, address, *_ in rows}
    gone = []
    for place in sorted(places):
        file, fragment = _target("index.html", place) or ("", "")
        if file not in _pages() or (fragment and fragment not in _ids(file)):
            gone.append(place)
    _none(gone)
    entries = [c.check.path for c in _checks()] + [e.path for e in _edition().terms.values()]
    assert {_address(path) for path in entries} <= {(_target("index.html", p) or ("", ""))[0] for p in places}


def test_what_the_search_shows_is_words_alone() -> None:
    rows = json.loads((published() / "search" / "index.json").read_text("utf-8"))
    signs = re.compile(r".{0,20}(?:\s[.,;:)]|\[@|\]\(|\*\*| - ).{0,20}")
    _none(
        [
            f"{title}: {found[0]}"
            for _, title, _, content, _ in rows
            for found in [signs.search(content)]
            if found
        ]
    )


# --- promise 1 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", sorted(f.stem for f in (ROOT / "seeds").glob("*.txt")))
def test_the_article_is_the_seed(seed: str) -> None:
    """The blocks of the article less its apparatus are the seed's, in order, with nothing but space between."""
    text = (ROOT / "seeds" / f"{seed}.txt").read_text("utf-8")
    (article,) = _pages()[f"readings/{seed}/index.html"].xpath(f"//*[@data-article='{seed}']")
    at = 0
    for block in article:
        words = _less_apparatus(block)
        while text[at].isspace():
            at += 1
        assert text[at : at + len(words)] == words
        at += len(words)
    assert text[at:].strip() == ""


def _less_apparatus(element: html.HtmlElement) -> str:
    inside = element.text or ""
    for child in element:
        if APPARATUS not in str(child.get("class", "")).split():
            inside += _less_apparatus(child)
        inside += child.tail or ""
    return inside


# --- promise 7 -----------------------------------------------------------------------------------


def _checks() -> list[Checked]:
    return list(_edition().checks.values())


def _sentence(checked: Checked) -> str:
    """The sentences that the checked words begin in."""
    article = _edition().readings[checked.check.article].article
    return " ".join(article.words(article.sentence_at(checked.spans[0].start)).split())


def _words(checked: Checked) -> str:
    article = _edition().readings[checked.check.article].article
    return " ".join(article.words(checked.spans[0]).split())


def test_a_check_and_its_sentence_lead_to_each_other() -> None:
    faults = []
    for checked in _checks():
        check, reading = checked.check, _edition().readings[checked.check.article]
        page = _pages()[_address(check.path)]
        quoted = [_text(q) for q in page.xpath("//blockquote")]
        if not any(_sentence(checked) in q for q in quoted):
            faults.append(f"{check.id}: its page does not quote the sentence")
        if not any(_words(checked) == _text(m) for m in page.xpath("//blockquote//mark")):
            faults.append(f"{check.id}: its page does not mark the checked words")
        block = reading.article.block_at(checked.spans[0].start).id
        if not any(_leads(check.path, reading.page.path, place) for place in (block, f"check-{check.id}")):
            faults.append(f"{check.id}: its page does not lead to the paragraph")
        if not _leads(reading.page.path, check.path):
            faults.append(f"{check.id}: the article does not lead to it")
        marks = _pages()[_address(reading.page.path)].xpath(f"//*[@data-article]//*[@data-note='{check.id}']")
        if "".join(_less_apparatus(m) for m in marks) != "".join(
            reading.article.words(s) for s in checked.spans
        ):
            faults.append(f"{check.id}: the article marks other words")
    _none(faults)


def test_a_check_and_its_terms_and_countries_lead_to_each_other() -> None:
    faults = []
    for checked in _checks():
        check = checked.check
        about: list[Term | Country] = [_edition().terms[t] for t in check.terms]
        about += [_edition().countries[c] for c in check.countries]
        for entry in about:
            if not _leads(check.path, entry.path):
                faults.append(f"{check.path}: no link to {entry.path}")
            if not _leads(entry.path, check.path):
                faults.append(f"{entry.path}: no link back to {check.path}")
    _none(faults)


def test_what_links_back_to_a_check_quotes_its_words() -> None:
    faults = []
    for checked in _checks():
        check = checked.check
        about: list[Term | Country] = [_edition().terms[t] for t in check.terms]
        about += [_edition().countries[c] for c in check.countries]
        for entry in about:
            if _words(checked) not in _text(_pages()[_address(entry.path)]):
                faults.append(f"{entry.path}: the words that {check.id} is about are not quoted")
    _none(faults)


def test_a_check_and_its_sources_lead_to_each_other() -> None:
    faults = []
    for entry in (*(c.check for c in _checks()), *_edition().terms.values(), *_edition().countries.values()):
        for citation in entry.sources:
            if not _leads(entry.path, "bibliography.md", citation.id):
                faults.append(f"{entry.path}: no link to the record of {citation.id}")
            if (_address(entry.path), "") not in _cited_by(citation.id):
                faults.append(f"bibliography, {citation.id}: no link back to {entry.path}")
    _none(faults)


@cache
def _cited_by(source: str) -> frozenset[tuple[str, str] | None]:
    """Where the record of a source leads to."""
    (record,) = _pages()["bibliography/index.html"].xpath("//*[@id=$id]", id=source)
    return frozenset(_target("bibliography/index.html", str(v)) for v in record.xpath(".//a/@href"))


def test_an_entry_and_the_sentences_that_name_it_lead_to_each_other() -> None:
    faults = []
    for reading in _edition().readings.values():
        article = reading.article
        for mention in reading.mentions:
            group: Mapping[str, Term | Country] = (
                _edition().terms if mention.kind == "term" else _edition().countries
            )
            entry, block = group[mention.entry], article.block_at(mention.span.start)
            if mention.first and not _leads(reading.page.path, entry.path):
                faults.append(f"{reading.page.path}: no link to {entry.path}")
            if not _leads(entry.path, reading.page.path, block.id):
                faults.append(f"{entry.path}: no link back to {block.id}")
            sentence = " ".join(article.words(article.sentence_at(mention.span.start)).split())
            if sentence not in _text(_pages()[_address(entry.path)]):
                faults.append(f"{entry.path}: does not quote “{sentence}”")
    _none(faults)


def test_every_entry_is_on_its_list() -> None:
    lists: dict[str, list[str]] = {
        "fact-checks/index.md": [c.check.path for c in _checks()],
        "glossary/index.md": [t.path for t in _edition().terms.values()],
        "countries/index.md": [c.path for c in _edition().countries.values()],
        "index.md": [r.page.path for r in _edition().readings.values()],
    }
    missing = [f"{page}: {path}" for page, paths in lists.items() for path in paths if not _leads(page, path)]
    _none(missing)
    assert {a.event.id for a in _edition().events} <= _ids("timeline/index.html")
