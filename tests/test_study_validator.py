"""Every published book before an independent validator, which knows the rules of PDF/UA-1 and PDF/A-2a and not our code.

The rules that a machine can judge are all it judges; what a voice makes of a book only its reader can say.
"""

from __future__ import annotations

import io
from pathlib import Path

import page
import pikepdf
import pytest
from marginalia.study.packing import pack
from page import ValidationProfile, validate_pdf, validate_pdf_bytes
from sites.workshop import published

PROFILES = (ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A)


@pytest.fixture(scope="module")
def books() -> list[Path]:
    found = sorted((published() / "study-guide").glob("*.pdf"))
    assert len(found) > 70
    return found


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_no_rule_is_broken(books: list[Path], profile: ValidationProfile) -> None:
    broken = {}
    for book in books:
        report = validate_pdf(book, profile=profile)
        assert report.rules.total > 100
        if not report.is_compliant:
            broken[book.name] = sorted(
                {f"{failure.rule_id}: {failure.message}" for failure in report.failures}
            )
    assert broken == {}


@pytest.mark.parametrize("fault", ["/Lang", "/MarkInfo", "/StructTreeRoot", "/Metadata"])
def test_the_validator_is_awake(books: list[Path], fault: str) -> None:
    """What is taken away from a sound book is missed."""
    with pikepdf.open(min(books, key=lambda book: book.stat().st_size)) as book:
        del book.Root[fault]
        spoiled = io.BytesIO()
        book.save(spoiled)
    assert not validate_pdf_bytes(spoiled.getvalue(), profile=ValidationProfile.PDF_UA_1).is_compliant


def test_a_stream_may_end_in_a_carriage_return() -> None:
    """Before the line feed that Typst writes it would be taken for half of the line's end, and the length be wrong."""
    stream = b"q 1 0 0 1 0 0 cm Q\r"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(data),
    )

    def complaints(book: bytes) -> list[str]:
        report = page.validate_pdf_bytes(book, profile=ValidationProfile.PDF_A_2A)
        return [failure.rule_id for failure in report.failures if "STREAM-LENGTH" in failure.rule_id]

    packed, pages = pack(data)
    assert pages == 1
    assert complaints(data) != []
    assert complaints(packed) == []
    with pikepdf.open(io.BytesIO(packed)) as book:
        assert book.pages[0].Contents.read_bytes() == stream
