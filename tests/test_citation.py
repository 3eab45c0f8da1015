"""References in the styles that readers are asked for: the rules, every real source, the pages, the files.

What each type of source gives in each style stands in tests/cases/citation. Those references were held
against the manuals (APA 7, MLA 9, CMOS 18) and against citeproc-js 2.4.63 with the same styles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import GOOD, ROOT
from marginalia.edition.load import load
from marginalia.intake.bibliography import read_bibliography
from marginalia.model import Edition, Source
from marginalia.references.citation import for_styles, record
from marginalia.references.citing import STYLES, Desk, Styles, read_styles
from marginalia.references.csl import Style, plain
from marginalia.references.csl.casing import title_case
from marginalia.references.csl.names import initials
from marginalia.references.csl.numbers import page_range
from marginalia.references.csl.writing import attach, quoted
from marginalia.references.exchange import bibtex, csl_json, files, ris
from press import Press, parsed
from sites.workshop import lay_out, mkdocs

LAW = ("bill", "hearing", "legal_case", "legislation", "regulation", "treaty")
"""Types that the styles cite by title, without an author."""


@cache
def _styles() -> Styles:
    return read_styles(ROOT / "overrides" / "styles")


@cache
def _sources() -> dict[str, Source]:
    text = (ROOT / "docs" / "bibliography.yml").read_text("utf-8")
    sources, unread, _ = read_bibliography(text)
    assert sources and not unread
    return sources


@cache
def _good() -> Edition:
    edition, problems, _ = load(GOOD)
    assert not problems
    return edition


def _book(title: str) -> Source:
    (book,) = read_bibliography(json.dumps([{
        "id": "x", "type": "book", "title": title, "kind": "scholarly", "consulted": "whole",
    }]))[0].values()  # fmt: skip
    return book


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ("A title", ". Next", "A title. Next"),
        ("A title.", ". Next", "A title. Next"),
        ("A title?", ". Next", "A title? Next"),
        ("A title?", ", Next", "A title?, Next"),
        ("“A title”", ". Next", "“A title.” Next"),
        ("“A title”", ", Next", "“A title,” Next"),
        ("“A title?”", ". Next", "“A title?” Next"),
        ("“A ‘title’”", ".", "“A ‘title.’”"),
        ("“The allies’”", ".", "“The allies’.”"),
        ("The allies’", ".", "The allies’."),
        ("‘Don’t come home’", ".", "‘Don’t come home.’"),
        ("“A title”", ": more", "“A title”: more"),
        ("one ", " two", "one two"),
        ("wait...", ".", "wait..."),
        ("", ". Next", ". Next"),
        ("One", "", "One"),
    ],
)
def test_pieces_meet_in_one_mark(left: str, right: str, both: str) -> None:
    assert attach(left, right) == both


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("the myth of entangling alliances", "The Myth of Entangling Alliances"),
        ("what is a mirror for", "What Is a Mirror For"),
        ("NATO's eFTA: the state of it", "NATO's eFTA: The State of It"),
        ("win-win and up-to-date de-risking", "Win-Win and Up-to-Date De-Risking"),
        ("a major non-NATO ally", "A Major Non-NATO Ally"),
        ("report by news.example.com", "Report by news.example.com"),
        (
            "President von der Leyen on “strategic autonomy”",
            "President von der Leyen on “Strategic Autonomy”",
        ),
        ("learning resources v. Trump", "Learning Resources v. Trump"),
        ("community [sic] party", "Community [sic] Party"),
        ("the state – and fate – of alliances", "The State – and Fate – of Alliances"),
    ],
)
def test_headlines_have_capitals(text: str, title: str) -> None:
    assert title_case(text) == title


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("Robert J.", "R. J."),
        ("Cheng-Chwee", "C.-C."),
        ("JD", "J. D."),
        ("R.J.", "R. J."),
        ("Phú Trọng", "P. T."),
    ],
)
def test_initials(given: str, short: str) -> None:
    assert initials(given, ". ") == short


@pytest.mark.parametrize(
    ("pages", "expanded", "chicago", "two"),
    [
        ("7-51", "7–51", "7–51", "7–51"),
        ("86–124", "86–124", "86–124", "86–124"),
        ("101–108", "101–108", "101–8", "101–08"),
        ("137–168", "137–168", "137–68", "137–68"),
        ("159–85", "159–185", "159–85", "159–85"),
        ("400–409", "400–409", "400–409", "400–09"),
        ("1087–1094", "1087–1094", "1087–94", "1087–94"),
        ("48143–48144", "48143–48144", "48143–44", "48143–44"),
        ("S8", "S8", "S8", "S8"),
    ],
)
def test_pages(pages: str, expanded: str, chicago: str, two: str) -> None:
    """Source: CMOS 18, 9.63; MLA 9, 2.140."""
    styles = ("expanded", "chicago-16", "minimal-two")
    assert tuple(page_range(pages, style) for style in styles) == (expanded, chicago, two)


def test_quotation_marks_change_with_their_depth() -> None:
    assert quoted("A “word” by ‘them’") == "“A ‘word’ by ‘them’”"
    assert quoted("On “the ‘best’ word” of the allies’") == "“On ‘the “best” word’ of the allies’”"


LOCALE = (ROOT / "overrides" / "styles" / "locales-en-US.xml").read_text("utf-8")
SMALL_STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<macro name="title"><text variable="title" quotes="true"/></macro>
<bibliography><layout suffix=".">{}</layout></bibliography></style>"""


def _small(layout: str, **variables: object) -> str:
    return plain(Style(SMALL_STYLE.format(layout), LOCALE).reference({"type": "book", **variables}))


def test_a_group_without_its_variables_is_not_written() -> None:
    layout = '<group delimiter=" "><text value="vol."/><text variable="volume"/></group>'
    assert _small(layout, volume="3") == "vol. 3."
    assert _small(layout) == ""


def test_what_stands_in_for_an_author_comes_once() -> None:
    layout = """<group delimiter=". "><names variable="author"><substitute><text macro="title"/></substitute></names>
    <text macro="title"/><text variable="publisher"/></group>"""
    assert _small(layout, title="Ferries", publisher="Sund") == "“Ferries.” Sund."
    named = _small(layout, title="Ferries", publisher="Sund", author=[{"family": "Ek"}])
    assert named == "Ek. “Ferries.” Sund."


@pytest.mark.parametrize(
    "layout",
    [
        '<text variable="title" font-variant="small-caps"/>',
        '<text variable="title" text-case="sentence"/>',
        '<number variable="volume" form="roman"/>',
        "<sort/>",
    ],
)
def test_a_style_that_asks_for_more_is_refused(layout: str) -> None:
    with pytest.raises(ValueError, match="a style with"):
        _small(layout, title="x", volume="1")


# --- every real source ---------------------------------------------------------------------------


def _written() -> Iterator[tuple[Source, str, str]]:
    for source in _sources().values():
        for name in STYLES:
            yield source, name, plain(_styles().written(name, for_styles(source)))


def test_every_source_can_be_cited() -> None:
    """In each style: sound punctuation, no markup, nothing left out that the style prints."""
    faults = []
    for source, name, said in _written():
        title = source.title.strip("[]").split(":")[0].casefold()
        wanted = [str(source.issued.year)] if source.issued else []
        if source.type not in LAW:
            wanted += [name for p in source.author[:1] if (name := p.family or p.literal or "")]
        if source.type != "review":
            wanted.append(re.sub(r"[“”‘’]", "", title))
        bare = re.sub(r"[“”‘’]", "", said).casefold()
        missing = [word for word in wanted if re.sub(r"[“”‘’]", "", word).casefold() not in bare]
        words = re.sub(r"https?://\S+", "URL", said)
        odd = re.findall(
            r"[\ue000-\uf8ff<>]|None|  | [.,;]|(?<!\.)\.\.(?!\.)|,,|[.?!]”\.|\[\]|\(\)|n\.d\.\.", words
        )
        if missing or odd or words.count("“") != words.count("”") or not said[0].isprintable():
            faults.append((source.id, name, missing, odd, said))
    assert not faults


def test_nothing_is_said_to_be_ahead_of_print() -> None:
    """The style infers it from a DOI without a volume, which with us means that we saw no volume."""
    assert not [source.id for source, _, said in _written() if "ahead of print" in said]


def test_lists_link_the_title_and_leave_out_the_address() -> None:
    for source in _sources().values():
        entry = _styles().listed(source)
        assert not any(run.role == "link" for run in entry.brief)
        assert sum(run.role == "title" for run in entry.brief) == 1, source.id
        assert plain(entry.brief) == plain(entry.brief).strip()
        assert plain(entry.full).startswith(plain(entry.brief).rstrip(".")), source.id
        assert not source.URL or source.DOI or source.URL in plain(entry.full)


def test_the_alphabet_skips_articles_quotes_and_accents() -> None:
    def order(title: str) -> str:
        return _styles().listed(_book(title)).order[0]

    assert order("The Zebra").startswith("zebra")
    assert order("“Ärger” in Brussels").startswith("a")
    entries = _styles().alphabetical(_sources().values())
    assert len(entries) == len(_sources())
    assert [e.order for e in entries] == sorted(e.order for e in entries)


def test_a_reference_is_written_once_in_a_process() -> None:
    again = read_styles(ROOT / "overrides" / "styles")
    assert again.listed(_book("A Ferry")) is _styles().listed(_book("A Ferry"))
    assert again.listed(_book("Another")) is not _styles().listed(_book("A Ferry"))


# --- files for reference managers ----------------------------------------------------------------


def _bibtex_fields(entry: str) -> dict[str, str]:
    """An independent reading of an entry: its fields, with braces and commands undone."""
    first, *rows, last = entry.split("\n")
    assert re.fullmatch(r"@[a-z]+\{[a-z0-9-]+,", first) and last == "}"
    fields = {}
    for row in rows:
        found = re.fullmatch(r"  ([a-z]+) = (?:\{(.*)\}|([a-z]{3})),", row)
        assert found, row
        value = found[2] if found[2] is not None else found[3]
        assert re.sub(r"\\[{}]", "", value).count("{") == re.sub(r"\\[{}]", "", value).count("}"), row
        fields[found[1]] = value
    return fields


def _unescaped(value: str) -> str:
    commands = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    return re.sub(r"\\(text[a-z]+)\{\}|\\(.)", lambda m: commands[m[1]] if m[1] else m[2], value)


def test_bibtex_keeps_every_word() -> None:
    for source in _sources().values():
        fields = _bibtex_fields(bibtex(record(source)))
        assert _unescaped(fields["title"].removeprefix("{").removesuffix("}")) == source.title
        assert _unescaped(
            fields.get("publisher") or fields.get("institution") or fields.get("school") or ""
        ) == (source.publisher or "")
        assert fields.get("url", "") == (source.URL or "")
        people = fields["author"].split(" and ") if source.author else []
        assert len(people) == len(source.author) or any(" and " in (p.literal or "") for p in source.author)
        assert not re.search(r"(?<!\\)[&%$#_]", fields["title"])


def test_ris_keeps_every_word() -> None:
    for source in _sources().values():
        rows = ris(record(source)).split("\n")
        assert rows[0].startswith("TY  - ") and rows[-1] == "ER  - "
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", row) for row in rows)
        tags = {row[:2]: row[6:] for row in rows}
        assert tags["TI"] == source.title and tags.get("UR", "") == (source.URL or "")
        assert sum(row.startswith("AU") for row in rows) == len(source.author)


def test_csl_json_is_the_record() -> None:
    records = [record(source) for source in _sources().values()]
    assert json.loads(csl_json(records)) == records
    assert all(type(value) in (str, list, dict) for r in records for value in r.values())


def test_the_downloads_hold_every_source() -> None:
    made = files([record(source) for source in _sources().values()])
    assert sorted(made) == ["bibliography.bib", "bibliography.json", "bibliography.ris"]
    assert len(re.findall(rb"^@", made["bibliography.bib"], re.MULTILINE)) == len(_sources())
    assert made["bibliography.ris"].count(b"ER  - \r\n") == len(_sources())
    assert b"\n" not in made["bibliography.ris"].replace(b"\r\n", b"")
    assert len(json.loads(made["bibliography.json"])) == len(_sources())


# --- our own pages -------------------------------------------------------------------------------


def _desk() -> Desk:
    return Desk(_good(), _styles(), "A Site")


def test_how_to_cite_a_fact_check() -> None:
    check = next(iter(_good().checks.values())).check
    (citation,) = _desk().page(check, "https://a.example/x/")
    said = {name: plain(runs) for name, runs in citation.written}
    day = max([check.checked, *(change.date for change in check.changes)])
    month = day.long.split()[1]
    assert said["APA"] == f"A Site. ({day.year}, {month} {day.day}). {check.title}. https://a.example/x/"
    assert said["Chicago"].startswith(f"A Site. {day.year}. “") and said["Chicago"].endswith(
        f".” {month} {day.day}. https://a.example/x/."
    )
    assert said["MLA"].startswith("“") and f".” A Site, {day.day} " in said["MLA"]
    made = dict(citation.files)
    assert _bibtex_fields(made["BibTeX"])["author"] == "{A Site}"
    assert "UR  - https://a.example/x/" in made["RIS"]
    assert json.loads(made["CSL-JSON"])[0]["issued"] == {"date-parts": [[day.year, day.month, day.day]]}


def test_without_an_address_there_is_none() -> None:
    entries = [next(iter(group.values())) for group in (_good().terms, _good().countries)]
    for entry in [*entries, *(r.page for r in _good().readings.values())]:
        for citation in _desk().page(entry, None):
            said = " ".join(
                [plain(runs) for _, runs in citation.written] + [text for _, text in citation.files]
            )
            assert "http" not in said and "url" not in said.lower() and "None" not in said


def test_a_reading_page_is_an_edition_and_a_text() -> None:
    reading = next(r for r in _good().readings.values() if r.checks and not r.page.source)
    assert reading.page.author
    edition, text = _desk().page(reading.page, "https://a.example/r/")
    apa = {c.of: plain(dict(c.written)["APA"]) for c in (edition, text)}
    assert "[Annotated edition]" in apa[edition.of] and apa[edition.of].startswith("A Site. (")
    family = reading.page.author.split()[-1]
    assert (
        apa[text.of].startswith(f"{family}, ") and f"(n.d.). [{reading.page.title}]. A Site." in apa[text.of]
    )


def test_a_text_with_a_record_is_cited_by_it() -> None:
    reading = next(r for r in _good().readings.values() if r.checks)
    source = next(iter(_good().sources.values()))
    page = replace(reading.page, source=source.id)
    known = replace(_good(), readings={reading.id: replace(reading, page=page)})
    *_, text = Desk(known, _styles(), "A Site").page(page, "https://a.example/r/")
    assert json.loads(dict(text.files)["CSL-JSON"]) == [record(source)]


def test_every_entry_page_has_the_box() -> None:
    press = Press(_good())
    entries = [next(iter(g.values())).path for g in (_good().terms, _good().countries)]
    entries += [
        next(iter(_good().checks.values())).check.path,
        next(iter(_good().readings.values())).page.path,
    ]
    for path in entries:
        box = parsed(press.page(path, "Some words.")).one(id="cite")
        assert box.tag == "details"
        labels = [node.text() for node in box.walk() if node.tag == "dt"]
        assert labels[:6] == ["APA", "MLA", "Chicago", "BibTeX", "RIS", "CSL-JSON"]
        assert all("\n" in node.text() for node in box.walk() if node.tag == "pre")


def test_the_bibliography_page() -> None:
    page = parsed(Press(_good()).page("bibliography.md", "Some words."))
    ids = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    links = [node.attributes.get("href", "") for node in page.walk() if node.tag == "a"]
    assert len(ids) == len(set(ids)) and set(_good().sources) <= set(ids)
    assert {link[1:] for link in links if link.startswith("#kind-")} == {
        i for i in ids if i.startswith("kind-")
    }
    assert {"bibliography.bib", "bibliography.ris", "bibliography.json"} <= set(links)
    for source in _good().sources.values():
        item = page.one(id=source.id)
        assert plain(_styles().listed(source).full) in item.text()
        assert item.one(class_="mg-witness").attributes["data-kind"] == source.kind


def test_a_build_publishes_the_downloads_and_no_styles(tmp_path: Path) -> None:
    folder = lay_out("apparatus", tmp_path / "site")
    run = mkdocs(folder, "build", "--strict", SITE_URL="https://a.example/")
    assert run.status == 0, run.log
    site = folder / "site"
    assert [f.name for f in sorted(site.glob("bibliography.*"))] == sorted(files([]))
    assert not list(site.rglob("*.csl")) and not (site / "styles").exists()
    page = next((site / "fact-checks").rglob("*/index.html"))
    address = f"https://a.example/{page.parent.relative_to(site).as_posix()}/"
    assert page.read_text("utf-8").partition('id="cite"')[2].partition("</details>")[0].count(address) == 6
