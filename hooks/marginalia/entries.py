"""One contributed file in, one entry out, with every problem of its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError
from rapidfuzz import process

from .frontmatter import Document
from .model import Country, Entry, Event, FactCheck, Question, ReadingPage, Term
from .problem import Place, Places, Problem

FOLDERS: dict[str, type[Entry]] = {
    "readings": ReadingPage,
    "fact-checks": FactCheck,
    "questions": Question,
    "glossary": Term,
    "countries": Country,
    "timeline": Event,
}
"""Each kind of entry and the folder of docs/ that its files are in."""

PER_ARTICLE = ("fact-checks", "questions")
"""Folders with a folder for each article inside."""

_OURS = frozenset({"id", "path", "body", "body_line", "places"})
_THEIRS = frozenset({"description", "hide", "template", "search", "status", "icon", "subtitle", "tags"})
"""Front matter that MkDocs and Material read; allowed on reading pages."""


def kind_of(path: str) -> str | None:
    """The folder name whose kind of entry the file at `path` (relative to docs/) is, or None for a plain page."""
    parts = PurePosixPath(path).parts
    if len(parts) < 2 or parts[0] not in FOLDERS or not path.endswith(".md"):
        return None
    if parts[-1] in ("index.md", "README.md") or parts[-1].startswith(("_", ".")):
        return None
    return parts[0]


def misplaced(path: str) -> Problem | None:
    """The problem with where an entry's file stands, or with its name."""
    parts = PurePosixPath(path).parts
    depth = 3 if parts[0] in PER_ARTICLE else 2
    place = Place(f"docs/{path}")
    if len(parts) != depth:
        wanted = f"docs/{parts[0]}/<article>/" if depth == 3 else f"docs/{parts[0]}/"
        return Problem(
            place, "F129", f"A file of this kind belongs directly into {wanted}.", "Move it there."
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", PurePosixPath(path).stem):
        return Problem(
            place,
            "F128",
            f"“{PurePosixPath(path).name}” cannot be an address.",
            "Use lower-case letters, digits and hyphens.",
        )
    return None


def build(path: str, document: Document, today: date | None = None) -> tuple[Entry | None, list[Problem]]:
    """The entry in a file's `document`, or None and problems. `path` is relative to docs/."""
    parts = PurePosixPath(path).parts
    kind = FOLDERS[parts[0]]
    values = dict(document.values)
    problems = [
        _unknown(name, kind, document.places)
        for name in values
        if name in _OURS or (name == "article" and kind is not Event)
    ]
    for name in _OURS | ({"article"} if kind is not Event else set()):
        values.pop(name, None)
    if kind is ReadingPage:
        for name in _THEIRS - {"description"}:
            values.pop(name, None)
    values |= {
        "id": PurePosixPath(path).stem,
        "path": path,
        "body": document.body,
        "body_line": document.body_line,
        "places": document.places,
    }
    if parts[0] in PER_ARTICLE:
        values["article"] = parts[1]
    entry, found = validate(kind, values, document.places)
    problems += found
    if entry is not None:
        problems += _dates(entry, document.places, today)
    return (None if problems else entry), problems


def validate(
    kind: type[Any], values: Mapping[str, Any], places: Places, key: tuple[str | int, ...] = ()
) -> tuple[Any, list[Problem]]:
    """A value of `kind` made from plain `values`, or None and every problem with them."""
    try:
        return _adapter(kind).validate_python(values), []
    except ValidationError as error:
        return None, [_problem(e, kind, places, key) for e in error.errors(include_url=False)]


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def field_names(kind: type[Any]) -> list[str]:
    """The keys that a contributor may give, as written in a file."""
    fields = kind.__pydantic_fields__
    return [f.alias or name for name, f in fields.items() if name not in _OURS]


def _problem(error: Any, kind: type[Any], places: Places, base: tuple[str | int, ...]) -> Problem:
    key = tuple(k for k in error["loc"] if not (isinstance(k, str) and k.startswith(("function-", "tuple["))))
    name = str(key[-1]) if key and isinstance(key[-1], str) else (str(key[-2]) if len(key) > 1 else "value")
    place = places.of(*base, *key)
    type_ = error["type"]
    given = error.get("input")
    if type_ == "missing":
        return Problem(place, "F111", f"“{key[-1]}” is missing.", "Add it.")
    if type_ in ("extra_forbidden", "unexpected_keyword_argument"):
        return _unknown(str(key[-1]), kind, places, base + key)
    if type_ == "literal_error":
        return _not_allowed(str(given), name, error["ctx"]["expected"], place)
    if type_ == "string_pattern_mismatch" and name == "iso":
        better = " Use “GB”." if given == "UK" else ""
        return Problem(
            place, "C301", f"“{given}” is not an ISO 3166 code.", f"Use the two capital letters.{better}"
        )
    if type_ == "string_pattern_mismatch":
        return Problem(
            place, "F127", f"“{given}” is not an id.", "Ids have lower-case letters, digits and hyphens."
        )
    if type_ == "string_too_short":
        return Problem(
            place,
            "A114" if name == "quote" else "F124",
            f"“{name}” is empty.",
            "Give a value or remove the key.",
        )
    if type_ in ("tuple_type", "list_type"):
        return Problem(
            place, "F125", f"“{name}” wants a list.", "Put “- ” before each item, or write [one, two]."
        )
    if type_ in ("dataclass_type", "dataclass_exact_type", "string_type", "mapping_type", "dict_type"):
        wanted = "a single value" if type_ == "string_type" else "“key: value” pairs"
        return Problem(place, "F125", f"“{name}” wants {wanted}.", "See the example in CONTRIBUTING.md.")
    if type_ in ("int_parsing", "int_type", "int_from_float"):
        return Problem(place, "F127", f"“{given}” is not a whole number.", "Write digits only.")
    if re.fullmatch(r"[A-Z]\d{3}", type_):
        return Problem(place, type_, error["msg"], _mend(type_))
    return Problem(place, "F127", f"“{name}”: {error['msg']}.", "See the example in CONTRIBUTING.md.")


def _mend(code: str) -> str:
    from .codes import CODES

    return CODES[code].mend


def _unknown(name: str, kind: type[Any], places: Places, key: tuple[str | int, ...] | None = None) -> Problem:
    allowed = (
        [n for n in field_names(kind) if n != "article"]
        if not key or len(key) == 1
        else [
            "id",
            "at",
            "date",
            "note",
            "mode",
            "fact",
            "source",
            "label",
            "value",
            "year",
            "family",
            "given",
            "literal",
            "quote",
            "why",
            "prefix",
            "suffix",
        ]
    )
    return Problem(
        places.of(*(key or (name,))), "F110", f"Unknown key “{name}”.", did_you_mean(name, allowed)
    )


def did_you_mean(given: str, allowed: Iterable[str]) -> str:
    """“Did you mean …?” with the likeliest of `allowed`, or the list of them where it is short."""
    choices = sorted(allowed)
    best = process.extractOne(given, choices, score_cutoff=70)
    if best:
        return f"Did you mean “{best[0]}”?"
    return f"One of: {', '.join(choices)}." if 0 < len(choices) <= 16 else "Correct it or remove it."


def _not_allowed(given: str, name: str, expected: str, place: Place) -> Problem:
    allowed = re.findall(r"'([^']*)'", expected)
    code = "V201" if name == "verdict" else "F127"
    listed = f"One of: {', '.join(allowed)}."
    guess = did_you_mean(given, allowed)
    mend = guess if guess == listed else f"{guess} {listed}"
    return Problem(place, code, f"“{given}” is not a {name} we use.", mend)


def _dates(entry: Entry, places: Places, today: date | None) -> Iterable[Problem]:
    if today is None:
        return
    dated = [(("checked",), entry.checked)] if isinstance(entry, FactCheck) else []
    dated += [(("changes", n, "date"), c.date) for n, c in enumerate(entry.changes)]  # type: ignore[misc]
    for key, day in dated:
        if day.first > today:
            yield Problem(places.of(*key), "F115", f"{day.iso} has not come yet.", "Correct the date.")
