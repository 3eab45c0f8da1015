"""The study guide as a finished PDF: structure, words, notes, the two editions, the same bytes, the cache."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import GOOD, ROOT
from marginalia.edition.exercises import claims_to_judge
from marginalia.edition.load import load
from marginalia.model import Edition, Reading
from marginalia.pages.atlas import asked_and_answer
from marginalia.study import Book, Imprint, make_books, make_stubs
from marginalia.study import works as works_module
from marginalia.study.book import PAPERS, works_of
from marginalia.study.guide import edition_date
from marginalia.study.making import drafts_of
from marginalia.study.manuscript import manuscript
from marginalia.study.sources import printed_address
from marginalia.verdicts import VERDICTS
from press import pages, parsed
from study_pdf import STANDARD, Element, Pdf

DRESS = ROOT / "overrides" / "study"
IMPRINT = Imprint("A Site", "https://site.example/", "https://forge.example/site", "1.2.3")


class Read(dict[str, Pdf]):
    """The PDFs of some books, each read when it is first asked for, since reading takes longer than printing."""

    def __init__(self, books: dict[str, Book]) -> None:
        super().__init__()
        self.books = books

    def __missing__(self, name: str) -> Pdf:
        self[name] = Pdf(self.books[name].path.read_bytes())
        return self[name]

    def every(self) -> Iterator[tuple[str, Pdf]]:
        return ((name, self[name]) for name in self.books)


@dataclass(frozen=True)
class Printed:
    """A project's books and what is read from them."""

    edition: Edition
    books: dict[str, Book]
    pdfs: Read

    def text(self, name: str) -> str:
        return plain(self.pdfs[name].text)


def _print(root: Path, folder: Path, only: Callable[[str], bool], imprint: Imprint = IMPRINT) -> Printed:
    """The books of the project at `root` whose names `only` lets through."""
    edition, problems, _ = load(root)
    assert not [p for p in problems if p.severity == "error"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "marginalia.study.making.drafts_of", lambda *a: [d for d in drafts_of(*a) if only(d.work.name)]
        )
        books, faults = make_books(
            edition, DRESS / "fonts", DRESS, folder / "out", folder / "cache", imprint=imprint, docs_folder=root / "docs"
        )  # fmt: skip
    assert faults == []
    named = {book.file_name: book for book in books}
    return Printed(edition, named, Read(named))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """All books of the good project."""
    return _print(GOOD, tmp_path_factory.mktemp("good"), lambda name: True)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The two editions and the hand-out of the real article."""
    return _print(ROOT, tmp_path_factory.mktemp("real"), lambda name: name.startswith("allied-hedging"))


def plain(text: str) -> str:
    """Text without the marks of line ends, and with every stretch of white space one space."""
    return " ".join(re.sub("[\u00ad\u2060]", "", unicodedata.normalize("NFC", text)).split())


# --- what PDF/UA-1 and PDF/A-2 ask, after the Matterhorn points ------------------------------------


def _marked(pdf: Pdf) -> Iterator[str]:
    if not pdf.root.MarkInfo.get("/Marked"):
        yield "the file is not marked as tagged"
    if pdf.root.MarkInfo.get("/Suspects", False):
        yield "the tags are under suspicion"


def _language(pdf: Pdf) -> Iterator[str]:
    if str(pdf.root.get("/Lang", "")) not in ("en", "en-US"):
        yield "the book has no language"


def _title_shown(pdf: Pdf) -> Iterator[str]:
    if not pdf.root.ViewerPreferences.get("/DisplayDocTitle"):
        yield "the window shows the file's name"
    if not str(pdf.file.docinfo.get("/Title", "")):
        yield "no title"


def _standards(pdf: Pdf) -> Iterator[str]:
    xmp = pdf.root.Metadata.read_bytes().decode()
    for claim in ("pdfuaid:part>1<", "pdfaid:part>2<", "pdfaid:conformance>A<"):
        if claim not in xmp:
            yield f"the metadata does not say {claim}"


def _same_metadata(pdf: Pdf) -> Iterator[str]:
    with pdf.file.open_metadata() as xmp:
        if xmp.get("dc:title") != str(pdf.file.docinfo["/Title"]):
            yield "two titles"


def _types(pdf: Pdf) -> Iterator[str]:
    yield from (
        f"no standard type: {e.role}" for e in pdf.top.walk() if e is not pdf.top and e.role not in STANDARD
    )


def _headings(pdf: Pdf) -> Iterator[str]:
    levels = [int(e.role[1]) for e in pdf.top.walk() if re.fullmatch("H[1-6]", e.role)]
    if levels[:1] != [1]:
        yield "the first heading is not of the first level"
    yield from (f"from H{a} to H{b}" for a, b in pairwise(levels) if b > a + 1)
    yield from (
        "an empty heading" for e in pdf.top.walk() if re.fullmatch("H[1-6]", e.role) and not e.text.strip()
    )


def _pictures(pdf: Pdf) -> Iterator[str]:
    yield from (
        "a figure without words" for e in pdf.top.of("Figure", "Formula") if not str(e.obj.get("/Alt", ""))
    )


def _note_ids(pdf: Pdf) -> Iterator[str]:
    ids = [str(e.obj.get("/ID", "")) for e in pdf.top.of("Note")]
    if "" in ids or len(set(ids)) < len(ids):
        yield "notes without an id of their own"


def _tables(pdf: Pdf) -> Iterator[str]:
    for table in pdf.top.of("Table"):
        rows = [[c for c in row.walk() if c.role in ("TH", "TD")] for row in table.of("TR")]
        if not all(rows):
            yield "a row without cells"
        for cell in table.of("TH"):
            if "/Scope" not in str(cell.obj.get("/A", "")):
                yield "a head without scope"
        if not table.of("TH"):
            yield "a table without heads"


def _parts(pdf: Pdf, outer: str, inner: tuple[str, ...]) -> Iterator[str]:
    for element in pdf.top.of(outer):
        yield from (
            f"{outer} holds {k.role}" for k in element.kids if not isinstance(k, str) and k.role not in inner
        )


def _nesting(pdf: Pdf) -> Iterator[str]:
    yield from _parts(pdf, "L", ("LI", "Caption", "L"))
    yield from _parts(pdf, "LI", ("Lbl", "LBody"))
    yield from _parts(pdf, "TOC", ("TOCI", "TOC", "Caption"))
    yield from _parts(pdf, "TOCI", ("Lbl", "Reference", "P", "NonStruct", "TOC"))
    yield from _parts(pdf, "Table", ("TR", "THead", "TBody", "TFoot", "Caption"))
    yield from _parts(pdf, "TR", ("TH", "TD"))


def _annotations(pdf: Pdf) -> Iterator[tuple[int, Any]]:
    for number, page in enumerate(pdf.file.pages, 1):
        for annotation in page.get("/Annots", []):
            yield number, annotation


def _links_owned(pdf: Pdf) -> Iterator[str]:
    owned = {link.objgen for e in pdf.top.of("Link") for link in e.links}
    for page, annotation in _annotations(pdf):
        if annotation.objgen not in owned:
            yield f"page {page}: a link outside the tree"


def _links_have_parents(pdf: Pdf) -> Iterator[str]:
    for page, annotation in _annotations(pdf):
        if "/StructParent" not in annotation:
            yield f"page {page}: a link without a parent"


def _links_said(pdf: Pdf) -> Iterator[str]:
    for page, annotation in _annotations(pdf):
        if not str(annotation.get("/Contents", "")):
            yield f"page {page}: a link without words"


def _links_whole(pdf: Pdf) -> Iterator[str]:
    yield from ("a link element without a link" for e in pdf.top.of("Link") if not e.links)


def _tab_order(pdf: Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.file.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number}: tabs do not follow the structure"


def _nothing_loose(pdf: Pdf) -> Iterator[str]:
    yield from (f"page {page}: “{text}” is neither tagged nor an artifact" for page, text in pdf.loose)


def _nothing_unowned(pdf: Pdf) -> Iterator[str]:
    yield from (f"page {page}: marked content {number} has no element" for page, number in pdf.unowned)


def _words_in_paragraphs(pdf: Pdf) -> Iterator[str]:
    """Words that stand in a section without a paragraph run together for a voice."""
    inline = ("Span", "Link", "Lbl", "Reference")
    for element in pdf.top.of("Document", "Part", "Sect", "Div", "Art"):
        for kid in element.kids:
            if isinstance(kid, str) or kid.role in inline:
                yield f"“{(kid if isinstance(kid, str) else kid.text)[:40]}” stands in no paragraph"


def _fonts(pdf: Pdf) -> Iterator[Any]:
    every: Any = pdf.file.pages
    for page in every:
        yield from page.get("/Resources", {}).get("/Font", {}).values()


def _embedded(pdf: Pdf) -> Iterator[str]:
    for font in _fonts(pdf):
        descriptor = font.DescendantFonts[0].FontDescriptor
        if not any(key in descriptor for key in ("/FontFile2", "/FontFile3")):
            yield f"{font.BaseFont} is not embedded"


def _readable_fonts(pdf: Pdf) -> Iterator[str]:
    yield from (f"{font.BaseFont} cannot be read as text" for font in _fonts(pdf) if "/ToUnicode" not in font)


def _bookmarks(pdf: Pdf) -> Iterator[str]:
    with pdf.file.open_outline() as outline:
        titles = [item.title for item in outline.root]
    chapters = [e.text for e in pdf.top.of("H1")]
    if not titles or any(plain(title) not in map(plain, chapters) for title in titles):
        yield f"the bookmarks {titles} are not the chapters"


CHECKS = (
    _marked, _language, _title_shown, _standards, _same_metadata, _types, _headings, _pictures, _note_ids, _tables,
    _nesting, _links_owned, _links_have_parents, _links_said, _links_whole, _tab_order, _nothing_loose,
    _nothing_unowned, _words_in_paragraphs, _embedded, _readable_fonts, _bookmarks,
)  # fmt: skip
CHECKED_BOOKS = (
    "ferry-student-a4.pdf",
    "ferry-teacher-letter.pdf",
    "ferry-hand-out-a4.pdf",
    "country-norway-letter.pdf",
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.strip("_"))
@pytest.mark.parametrize("name", CHECKED_BOOKS)
def test_structure(good: Printed, name: str, check: Callable[[Pdf], Iterator[str]]) -> None:
    assert list(check(good.pdfs[name])) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.strip("_"))
def test_structure_of_the_real_book(real: Printed, check: Callable[[Pdf], Iterator[str]]) -> None:
    assert list(check(real.pdfs["allied-hedging-teacher-a4.pdf"])) == []


# --- words and notes -------------------------------------------------------------------------------


def _chapter(pdf: Pdf, title: str) -> list[Element]:
    """The top elements of a chapter; of a hand-out, all."""
    elements: list[Element] = []
    inside = False
    for element in (
        k for top in pdf.top.kids if isinstance(top, Element) for k in top.kids if isinstance(k, Element)
    ):
        if element.role == "H1":
            inside = plain(element.text) == title
        elif inside:
            elements.append(element)
    return elements


def _said(element: Element) -> str:
    """The words of an element less notes and their calls."""
    if element.role in ("Note", "Lbl"):
        return ""
    return "".join(kid if isinstance(kid, str) else _said(kid) for kid in element.kids)


def _article(pdf: Pdf, reading: Reading) -> str:
    chapter = _chapter(pdf, "The article") or _chapter(pdf, reading.page.title)
    return "\n".join(plain(_said(element)) for element in chapter)


@pytest.mark.parametrize("edition", ["student-a4", "teacher-letter", "hand-out-a4", "hand-out-letter"])
def test_the_article_is_there_word_for_word(good: Printed, real: Printed, edition: str) -> None:
    """Every block of the seed is a line of the chapter, behind its number; and nothing else is."""
    for printed, name in ((good, "ferry"), (real, "allied-hedging")):
        reading = printed.edition.readings[name]
        text = _article(printed.pdfs[f"{name}-{edition}.pdf"], reading)
        wanted = []
        for block in reading.article.blocks:
            seed = plain(reading.article.words(block.span))
            wanted.append(f"{block.number} {seed}" if block.number else seed)
        lines = [line for line in text.split("\n") if line]
        start = next(n for n, line in enumerate(lines) if line == wanted[0])
        assert lines[start : start + len(wanted)] == wanted
        assert len(lines) - start == len(wanted)


def test_a_bare_seed_has_its_hand_out(good: Printed) -> None:
    reading = good.edition.readings["lamp"]
    assert "lamp-student-a4.pdf" not in good.books
    for block in reading.article.blocks:
        assert plain(reading.article.words(block.span)) in good.text("lamp-hand-out-a4.pdf")


def test_notes_are_those_of_the_page(real: Printed) -> None:
    """As many notes as on the web, with the same numbers and the same words before their sources."""
    web = parsed(pages(ROOT)["readings/allied-hedging.md"])
    shown = {}
    for place, item in enumerate(web.all(class_="mg-note"), 1):
        verdict, what, more = (plain(item.one(class_=c).text()) for c in ("mg-verdict", "mg-what", "mg-more"))
        shown[str(place)] = f"{verdict}. {what.removesuffix(more).strip()}"
    assert len(shown) == len(real.edition.readings["allied-hedging"].checks) > 60
    for name in ("student-a4", "student-letter", "hand-out-a4", "hand-out-letter"):
        printed = {}
        for note in real.pdfs[f"allied-hedging-{name}.pdf"].top.of("Note"):
            number, words = _note_words(note)
            printed[number] = words.rpartition(" [")[0]
        assert printed == shown


def _note_words(note: Element) -> tuple[str, str]:
    """A note's number and its words."""
    label = plain(note.of("Lbl")[0].text)
    return label, plain(note.text).removeprefix(label).strip()


@pytest.mark.parametrize("edition", ["student-a4", "student-letter", "hand-out-a4", "hand-out-letter"])
def test_each_note_says_its_check(good: Printed, real: Printed, edition: str) -> None:
    for printed, name in ((good, "ferry"), (real, "allied-hedging")):
        pdf = printed.pdfs[f"{name}-{edition}.pdf"]
        checks = printed.edition.readings[name].checks
        notes = dict(_note_words(note) for note in pdf.top.of("Note"))
        for checked in checks:
            check = checked.check
            words = notes[str(checked.number)]
            assert words.startswith(plain(f"{VERDICTS[check.verdict].word}. {check.summary} ["))
        own = [n for n in notes if n.isdecimal()]
        assert len(own) == len(checks)


def test_each_note_stands_on_the_page_of_its_call(good: Printed, real: Printed) -> None:
    """Read off the PDF itself, apart from what the build believes."""
    for printed in (good, real):
        for name, pdf in printed.pdfs.every():
            found = 0
            for holder in pdf.top.walk():
                inside = [kid for kid in holder.kids if isinstance(kid, Element)]
                for call, note in pairwise(inside):
                    if call.role == "Lbl" and note.role == "Note":
                        found += 1
                        assert len(note.on_pages()) == 1, (
                            f"{name}: note {plain(note.text)[:40]} is cut in two"
                        )
                        assert call.on_pages() == note.on_pages(), f"{name}: note {plain(note.text)[:40]}"
            assert found == len(pdf.top.of("Note")), name


def test_page_numbers_lead_to_the_checks(real: Printed) -> None:
    """`p. 21` in a note names the page that the check's heading stands on."""
    pdf = real.pdfs["allied-hedging-student-a4.pdf"]
    headings = {plain(h.text): min(h.on_pages()) for h in pdf.top.of("H2")}
    for checked in real.edition.readings["allied-hedging"].checks:
        note = next(n for n in pdf.top.of("Note") if _note_words(n)[0] == str(checked.number))
        named = re.search(r"p\. (\d+)$", plain(note.text))
        assert named
        assert pdf.label(headings[plain(f"{checked.number} {checked.check.title}")]) == named[1]


# --- two editions, two papers ----------------------------------------------------------------------


def test_both_editions_have_the_same_pages(real: Printed) -> None:
    def starts(name: str) -> dict[str, str]:
        pdf = real.pdfs[name]
        return {plain(h.text): pdf.label(min(h.on_pages())) for h in pdf.top.of("H1")}

    for paper in PAPERS:
        student = starts(f"allied-hedging-student-{paper}.pdf")
        teacher = starts(f"allied-hedging-teacher-{paper}.pdf")
        del student["Contents"], teacher["Contents"]
        assert len(student) >= 12
        assert {title: page for title, page in teacher.items() if title in student} == student
        assert set(teacher) - set(student) == {
            "For the teacher",
            "Answers and marking guides",
            "Keys to the exercises",
        }


def test_only_the_teacher_has_the_answers(real: Printed) -> None:
    student, teacher = (real.text(f"allied-hedging-{e}-a4.pdf") for e in ("student", "teacher"))
    questions = real.edition.questions
    assert len(questions) >= 45
    for question in questions:
        asked, answer = (_first_words(part) for part in asked_and_answer(question))
        assert asked in student and asked in teacher, question.id
        assert answer in teacher, question.id
        assert answer not in student, question.id
    assert "One lesson of 45 minutes" in teacher and "One lesson of 45 minutes" not in student


def test_lesson_plans_name_the_page_of_each_question(real: Printed) -> None:
    pdf = real.pdfs["allied-hedging-teacher-a4.pdf"]
    asked = [h for h in pdf.top.of("H2", "H3") if "¶" in h.text]
    pages = {re.sub(r"^\d+ | ?¶.*$", "", plain(h.text)): min(h.on_pages()) for h in asked}
    plans = [plain(cell.text) for cell in pdf.top.of("TD")]
    named = [found.groups() for cell in plans if (found := re.fullmatch(r"(.+) \(p\. (\d+)\)", cell))]
    titles = {question.title for question in real.edition.questions}
    assert len(named) > 20
    for title, page in named:
        assert title in titles
        assert pdf.label(pages[title]) == page, title


def _first_words(markdown: str) -> str:
    """The first eight words of a text that has no marks in them."""
    for line in re.split(r"\n\s*\n", markdown):
        bare = plain(re.sub(r"\[@[^\]]*\]|[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", line))
        if len(bare.split()) >= 8 and not re.match(r"[\d|>#-]", bare):
            return " ".join(bare.split()[:8])
    return plain(markdown.split("\n")[0].lstrip("-1234567890. "))


def test_the_worksheet_is_blank_and_the_teacher_has_its_key(real: Printed) -> None:
    """Each claim offers every verdict and gives none away; the teacher's key has the one that was given."""
    reading = real.edition.readings["allied-hedging"]
    asked = claims_to_judge(reading.checks)
    assert {c.check.verdict for c in asked} == {c.check.verdict for c in reading.checks}
    for edition in ("student", "teacher"):
        sheet = " ".join(
            plain(e.text)
            for e in _chapter(real.pdfs[f"allied-hedging-{edition}-a4.pdf"], "Judge for yourself")
        )
        assert sheet.count("Evidence: what bears on it") == len(asked)
        for checked in asked:
            assert plain(checked.check.title) not in sheet and plain(checked.check.summary) not in sheet
        for word in {grade.word for grade in VERDICTS.values()} - {"Accurate", "Opinion", "Forecast"}:
            assert sheet.count(word) == len(asked), word
    key = " ".join(
        plain(e.text) for e in _chapter(real.pdfs["allied-hedging-teacher-a4.pdf"], "Keys to the exercises")
    )
    for number, checked in enumerate(asked, 1):
        check = checked.check
        assert plain(f"{number} {check.title} {VERDICTS[check.verdict].word}. {check.summary}") in key


def test_papers(good: Printed) -> None:
    for name, pdf in good.pdfs.every():
        wide, high = (595.276, 841.89) if name.endswith("-a4.pdf") else (612, 792)
        for page in pdf.file.pages:
            box = sorted(float(x) for x in page.MediaBox[2:])
            assert box == pytest.approx(sorted((wide, high)), abs=0.1)


def test_the_book_is_complete(real: Printed) -> None:
    """Every check, term, country, event and cited source of the edition stands in the student's book."""
    text = real.text("allied-hedging-student-a4.pdf")
    edition = real.edition
    for checked in edition.checks.values():
        assert plain(checked.check.title) in text and plain(checked.check.summary) in text
    for term in edition.terms.values():
        assert plain(term.title) in text and plain(term.short) in text
        assert _first_words(term.body) in text
    for country in edition.countries.values():
        assert plain(country.role) in text and plain(country.us) in text
        for evidence in country.evidence:
            assert plain(evidence.fact) in text
    for anchored in edition.events:
        assert plain(anchored.event.title) in text
    bibliography = " ".join(
        plain(e.text) for e in _chapter(real.pdfs["allied-hedging-student-a4.pdf"], "Sources")
    )
    for checked in edition.checks.values():
        for cited in checked.check.sources:
            source = edition.sources[cited.id]
            assert plain(source.title) in bibliography
            if source.URL:
                assert printed_address(source.URL) in bibliography.replace(" ", "")


def test_size_and_length(real: Printed) -> None:
    student = real.books["allied-hedging-student-a4.pdf"]
    assert student.size <= 2_500_000
    assert 100 <= student.pages <= 135
    assert student.pages == len(real.pdfs[student.file_name].file.pages)
    assert real.books["allied-hedging-hand-out-a4.pdf"].pages <= 8


def test_no_page_is_empty(real: Printed) -> None:
    for name, pdf in real.pdfs.every():
        with_words = {page for element in pdf.top.walk() for page in element.on_pages()}
        empty = set(range(1, len(pdf.file.pages) + 1)) - with_words
        first = next(n for n in range(1, len(pdf.file.pages) + 1) if pdf.label(n) == "1")
        assert empty <= {first - 1}, name  # the left-hand page before the first
        assert first % 2 == 1


def test_colophon(good: Printed) -> None:
    text = good.text("ferry-student-a4.pdf")
    reading = good.edition.readings["ferry"]
    assert reading.article.sha256 in text.replace(" ", "")
    assert "version 1.2.3" in text and edition_date(good.edition).long in text
    assert "https://forge.example/site/issues" in text
    assert plain(reading.page.rights or "") in text


def test_links_lead_out_to_the_site_only_where_it_has_an_address(tmp_path: Path, good: Printed) -> None:
    def addresses(pdf: Pdf) -> set[str]:
        return {str(a.A.URI) for _, a in _annotations(pdf) if "/A" in a and "/URI" in a.A}

    bare = _print(GOOD, tmp_path, lambda name: name in ("ferry-student", "country-norway"), Imprint())
    for name in ("ferry-student-a4.pdf", "country-norway-a4.pdf"):
        assert not any("site.example" in a for a in addresses(bare.pdfs[name]))
        assert all(a.startswith(("http://", "https://")) for a in addresses(good.pdfs[name]))


# --- the same bytes, and not made twice ------------------------------------------------------------

_MAKE = """
import sys
from pathlib import Path
from marginalia.edition.load import load
from marginalia.study import Imprint, print_project
root, out = Path(sys.argv[1]), Path(sys.argv[2])
books, takeaways, problems = print_project(root, load(root)[0], out, Imprint("A Site", "", "", "1"))
assert not problems and len(books) == 14 and len(takeaways) == 4, (problems, books, takeaways)
"""


def test_same_in_same_out(tmp_path: Path) -> None:
    """Twice, in two folders, time zones and locales, with other hash seeds: the same bytes of every file."""
    sums = []
    for name, zone, language, seed in (("one", "UTC", "C", "1"), ("two", "Asia/Tokyo", "C.UTF-8", "2")):
        root = tmp_path / name / "a project"
        shutil.copytree(GOOD, root)
        for part in ("study", "fragments"):
            shutil.copytree(ROOT / "overrides" / part, root / "overrides" / part)
        out = tmp_path / name / "books"
        environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"} | {
            "TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "hooks"),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-c", _MAKE, str(root), str(out)],
            check=True,
            env=environment,
            cwd=tmp_path / name,
        )
        sums.append({f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(out.iterdir())})
    assert len(sums[0]) == 18
    assert sums[0] == sums[1]


def test_what_is_made_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second build prints nothing; a changed summary prints the books that it stands in, and no others."""
    first = _print(GOOD, tmp_path, lambda name: "a4" not in name)
    tasks: list[list[str]] = []
    real_child = works_module._in_a_child

    def counted(task: Any) -> Any:
        tasks.append([f"{job.draft.work.name}-{job.paper}" for job in task[1]])
        return real_child(task)

    monkeypatch.setattr(works_module, "_in_a_child", counted)
    again = _print(GOOD, tmp_path, lambda name: True)
    assert tasks == []
    assert [b.path.read_bytes() for b in again.books.values()] == [
        b.path.read_bytes() for b in first.books.values()
    ]
    changed = tmp_path / "changed"
    shutil.copytree(GOOD, changed)
    file = changed / "docs" / "fact-checks" / "ferry" / "tunnel.md"
    text = file.read_text("utf-8")
    summary = re.search(r"^summary: (.*)$", text, re.MULTILINE)
    assert summary
    file.write_text(text.replace(summary[1], summary[1].rstrip(".") + ", as far as we know."), "utf-8")
    _print(changed, tmp_path, lambda name: True)
    assert sorted(name for task in tasks for name in task) == sorted(
        f"ferry-{edition}-{paper}" for edition in ("student", "teacher", "hand-out") for paper in PAPERS
    )


def test_a_damaged_cache_is_not_believed(tmp_path: Path) -> None:
    _print(GOOD, tmp_path, lambda name: name == "lamp-hand-out")
    for file in (tmp_path / "cache").glob("*.made"):
        file.write_bytes(file.read_bytes()[:100])
    assert (
        _print(GOOD, tmp_path, lambda name: name == "lamp-hand-out").books["lamp-hand-out-a4.pdf"].pages == 1
    )


def test_stubs_have_the_names_of_the_books(good: Printed, tmp_path: Path) -> None:
    stubs, problems = make_stubs(good.edition, DRESS / "fonts", DRESS, tmp_path)
    assert problems == []
    assert [s.file_name for s in stubs] == list(good.books)
    assert {s.pages for s in stubs} == {1}
    assert "MARGINALIA_PDF=full" in plain(Pdf(stubs[0].path.read_bytes()).text)


def test_names_of_books_are_known_before_they_are_made(good: Printed) -> None:
    text = manuscript(good.edition, IMPRINT, GOOD / "docs", DRESS)
    assert [d.work for d in drafts_of(text, DRESS / "words")] == works_of(good.edition)
