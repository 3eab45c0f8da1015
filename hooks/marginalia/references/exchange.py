"""CSL records in, what reference managers read out: BibTeX, RIS and CSL-JSON.

Source: BibTeXing (Patashnik 1988) for types and fields; the RIS specification of 2011 for tags;
the CSL 1.0.2 schema for JSON. All in UTF-8, which BibTeX’s successors and all managers read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from .citation import Record

_BIBTEX = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "review": "article",
    "book": "book", "chapter": "incollection", "entry": "incollection", "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings", "report": "techreport", "thesis": "phdthesis", "manuscript": "unpublished",
}  # fmt: skip
"""The rest is `misc`."""
_RIS = {
    "article": "GEN", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "bill": "BILL", "book": "BOOK", "chapter": "CHAP", "dataset": "DATA", "entry": "DICT",
    "entry-encyclopedia": "ENCYC", "hearing": "HEAR", "legal_case": "CASE", "legislation": "STAT",
    "manuscript": "MANSCPT", "paper-conference": "CPAPER", "personal_communication": "PCOMM", "post": "BLOG",
    "post-weblog": "BLOG", "regulation": "GOVDOC", "report": "RPRT", "review": "JOUR", "thesis": "THES",  # codespell:ignore thes
    "webpage": "ELEC",
}  # fmt: skip
"""The rest is `GEN`."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def csl_json(records: Iterable[Record]) -> str:
    """The records as CSL-JSON, one in a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]"


# --- BibTeX --------------------------------------------------------------------------------------

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
        "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip
_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
"""Addresses are set verbatim, so only what would end the field is changed."""


def bibtex(record: Record) -> str:
    """The record as an entry of a .bib file."""
    kind = _BIBTEX.get(record["type"], "misc")
    rows = [f"  {name} = {value}," for name, value in _fields(record, kind)]
    return "\n".join([f"@{kind}{{{record['id']},", *rows, "}"])


def _fields(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    """The fields of an entry, each value with its braces."""
    for role in ("author", "editor"):
        if role in record:
            yield role, _braced(" and ".join(map(_bibtex_name, record[role])), escaped=False)
    if "title" in record:
        yield "title", f"{{{_braced(record['title'])}}}"  # twice: the styles of BibTeX would change capitals
    holder = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}.get(
        kind, "howpublished"
    )
    publisher = {"techreport": "institution", "phdthesis": "school"}.get(kind, "publisher")
    names = {
        "container-title": holder, "collection-title": "series", "publisher": publisher,
        "publisher-place": "address", "genre": "type", "number": "number", "volume": "volume", "language": "language",
    }  # fmt: skip
    if kind == "article":
        names = names | {"issue": "number"}
        names.pop("number" if "issue" in record else "issue")
    for variable, name in names.items():
        if variable in record:
            yield name, _braced(record[variable])
    if "page" in record:
        yield "pages", _braced(record["page"].replace("–", "--"))
    yield from _bibtex_date(record)
    if "DOI" in record:
        yield "doi", _braced(record["DOI"].translate(_ADDRESS), escaped=False)
    if "URL" in record:
        yield "url", _braced(record["URL"].translate(_ADDRESS), escaped=False)
    if "accessed" in record:
        yield "urldate", _braced(_day(record["accessed"], "-"))
    if "note" in record:
        yield "note", _braced(record["note"])


def _bibtex_date(record: Record) -> Iterator[tuple[str, str]]:
    if "issued" in record:
        year, *rest = record["issued"]["date-parts"][0]
        yield "year", f"{{{year}}}"
        if rest:
            yield "month", _MONTHS[rest[0] - 1]
        if len(rest) > 1:
            yield "day", f"{{{rest[1]}}}"


def _braced(text: str, escaped: bool = True) -> str:
    return f"{{{text.translate(_SPECIAL) if escaped else text}}}"


def _bibtex_name(person: Mapping[str, str]) -> str:
    """`Art, Robert J.`; an organization, or a name of one part, in braces, so that nothing takes it apart."""
    if "given" in person and "family" in person:
        return f"{person['family'].translate(_SPECIAL)}, {person['given'].translate(_SPECIAL)}"
    return _braced(_whole(person))


def _whole(person: Mapping[str, str]) -> str:
    return person.get("literal") or person.get("family") or person.get("given", "")


# --- RIS -----------------------------------------------------------------------------------------


def ris(record: Record) -> str:
    """The record as an entry of an .ris file, with plain line ends."""
    rows = [f"{tag}  - {' '.join(value.split())}" for tag, value in _tags(record)]
    return "\n".join([*rows, "ER  - "])


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS.get(record["type"], "GEN")
    yield "ID", record["id"]
    for role, tag in (("author", "AU"), ("editor", "ED")):
        for person in record.get(role, ()):
            yield (
                tag,
                f"{person['family']}, {person['given']}"
                if {"family", "given"} <= set(person)
                else _whole(person),
            )
    pages = record.get("page", "").replace("–", "-").split("-")
    texts = {
        "TI": "title", "T2": "container-title", "T3": "collection-title", "PB": "publisher",
        "CY": "publisher-place", "M3": "genre", "M1": "number", "VL": "volume", "IS": "issue",
    }  # fmt: skip
    for tag, variable in texts.items():
        if variable in record:
            yield tag, record[variable]
    for tag, page in zip(("SP", "EP"), pages, strict=False):
        if page:
            yield tag, page
    if "issued" in record:
        yield "PY", str(record["issued"]["date-parts"][0][0])
        yield "DA", _day(record["issued"], "/")
    if "accessed" in record:
        yield "Y2", _day(record["accessed"], "/")
    for tag, variable in {"DO": "DOI", "UR": "URL", "LA": "language", "N1": "note"}.items():
        if variable in record:
            yield tag, record[variable]


def _day(date: Mapping[str, list[list[int]]], between: str) -> str:
    return between.join(f"{number:02}" for number in date["date-parts"][0])


# --- a whole bibliography ------------------------------------------------------------------------


def files(records: Iterable[Record]) -> dict[str, bytes]:
    """The bibliography as files to download, by name."""
    every = list(records)
    texts = {
        "bibliography.bib": "\n\n".join(map(bibtex, every)) + "\n",
        "bibliography.ris": "".join(f"{ris(record)}\n\n" for record in every).replace("\n", "\r\n"),
        "bibliography.json": csl_json(every) + "\n",
    }
    return {name: text.encode() for name, text in texts.items()}
