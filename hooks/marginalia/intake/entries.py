"""One contributed file in, one entry out, with every problem of its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..codes import CODES
from ..likeness import did_you_mean, likeliest
from ..model import (
    Change,
    Citation,
    Country,
    Day,
    Entry,
    Event,
    Evidence,
    FactCheck,
    Figure,
    Name,
    Question,
    ReadingPage,
    Source,
    Term,
    Unchecked,
)
from ..problem import Key, Place, Places, Problem
from .frontmatter import Document
from .torn import meant, patched

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

_THEIRS = frozenset({"hide", "template", "search", "status", "icon", "subtitle", "tags"})
"""Front matter that MkDocs and Material read; allowed on reading pages."""


def kind_of(path: str) -> str | None:
    """The folder name whose kind of entry the file at `path` (relative to docs/) is, or None for a plain page."""
    parts = PurePosixPath(path).parts
    if len(parts) < 2 or parts[0] not in FOLDERS or not path.endswith(".md"):
        return None
    if parts[-1] in ("index.md", "README.md") or parts[-1].startswith(("_", ".")):
        return None
    return parts[0]


def slug(name: str) -> str:
    """`name` as an address could have it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


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
    """The entry in a file's `document`, with stand-ins for what cannot be read, and problems.

    `path` is relative to docs/.
    """
    parts = PurePosixPath(path).parts
    kind = FOLDERS[parts[0]]
    values = dict(document.values or {})
    if kind is ReadingPage:
        for name in _THEIRS:
            values.pop(name, None)
    ours: dict[str, Any] = {
        "id": PurePosixPath(path).stem,
        "path": path,
        "body": document.body,
        "body_line": document.body_line,
        "places": document.places,
        "torn": frozenset(),
    }
    if parts[0] in PER_ARTICLE:
        ours["article"] = parts[1]
    if document.values is None:  # as is told already
        torn = frozenset((name,) for name in _field_names(kind) if name not in ours)
        return _torn(kind, values, ours, torn), []
    entry, problems = validate(kind, values, document.places, ours)
    if entry is not None:
        problems += _dates(entry, document.places, today)
    return entry, problems


def validate(
    kind: type[Any], values: Mapping[str, Any], places: Places, ours: Mapping[str, Any]
) -> tuple[Any, list[Problem]]:
    """A value of `kind` made from a contributor's `values` and from `ours`, and every problem.

    It has stand-ins for what cannot be read. None where nothing can be made of it.
    """
    allowed = [name for name in _field_names(kind) if name not in ours]
    problems = [
        Problem(
            places.of(name), "F110", f"“{name}” is not yours to say.", "It follows from the file’s place."
        )
        for name in values
        if name in ours
    ]
    try:
        return _SCHEMAS[kind].validate_python({**values, **ours}), problems
    except ValidationError as error:
        torn: set[Key] = set()
        for one in error.errors(include_url=False):
            torn.add(one["loc"])
            if one["type"] in _UNKNOWN and len(one["loc"]) == 1:
                torn |= meant(str(one["loc"][0]), values, allowed)
        return _torn(kind, values, ours, frozenset(torn)), problems + _problems(error, kind, allowed, places)


def _torn(kind: type[Any], values: Mapping[str, Any], ours: Mapping[str, Any], torn: frozenset[Key]) -> Any:
    """A value of `kind` with stand-ins at the keys of `torn`, or None."""
    try:
        return _SCHEMAS[kind].validate_python({**patched(kind, values, torn), **ours, "torn": torn})
    except ValidationError:
        return None


_SCHEMAS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (*FOLDERS.values(), Source)
}


def _field_names(kind: type[Any]) -> list[str]:
    """The keys of a kind as written in a file."""
    return [f.alias or name for name, f in kind.__pydantic_fields__.items()]


# --- what a schema error means -------------------------------------------------------------------

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_GROUPS: dict[str, type[Any]] = {
    "sources": Citation,
    "changes": Change,
    "evidence": Evidence,
    "figures": Figure,
    "unchecked": Unchecked,
    "author": Name,
    "editor": Name,
}
"""The keys that hold groups of keys."""


def _problems(error: ValidationError, kind: type[Any], allowed: list[str], places: Places) -> list[Problem]:
    """The problems in pydantic's words, in ours: a misspelt key is not reported as a missing one too."""
    problems, misspelt, missing = [], set(), {}
    for one in error.errors(include_url=False):
        key = one["loc"]
        if one["type"] in _UNKNOWN:
            known = allowed if len(key) == 1 else _field_names(_GROUPS[str(key[0])])
            problems.append(_unknown(str(key[-1]), known, places.of(*key)))
            misspelt.add((*key[:-1], likeliest(str(key[-1]), known)))
        elif one["type"] == "missing":
            missing[key] = _missing(key, places)
        else:
            problems.append(_fault(one["type"], key, one["input"], one["msg"], one.get("ctx", {}), places))
    return problems + [problem for key, problem in missing.items() if key not in misspelt]


def _missing(key: Key, places: Places) -> Problem:
    if key[0] == "sources" and key[-1] == "at":
        return Problem(places.of(*key), "V203", "Where in the source?", "Add at: with a page or a section.")
    return Problem(places.of(*key), "F111", f"“{key[-1]}” is missing.", "Add it.")


def _fault(
    type_: str, key: Key, given: Any, said: str, context: Mapping[str, Any], places: Places
) -> Problem:
    place = places.of(*key)
    name = next((k for k in reversed(key) if isinstance(k, str)), "value")
    shown = _shown(given)
    if given == "" and key[0] == "sources" and name == "at":
        return _missing(key, places)
    if given == "":
        code = "A114" if name == "quote" else "F124"
        return Problem(place, code, f"“{name}” is empty.", "Give a value or remove the key.")
    if re.fullmatch(r"[A-Z]\d{3}", type_):
        return Problem(place, type_, said, CODES[type_].mend)
    if type_ == "literal_error":
        return _not_allowed(shown, name, str(context["expected"]), place)
    if type_ == "string_pattern_mismatch" and name == "iso":
        return Problem(place, "C301", f"“{shown}” is not an ISO 3166 code.", "Use the two capital letters.")
    if type_ == "string_pattern_mismatch":
        mend = "Ids have lower-case letters, digits and hyphens."
        return Problem(place, "F127", f"“{shown}” is not an id.", mend)
    if type_ in ("string_too_long", "too_long"):
        return Problem(place, "F130", f"“{shown}” is too long for “{name}”.", "Shorten it.")
    if type_ in ("tuple_type", "list_type"):
        mend = "Put “- ” before each item, or write [one, two]."
        return Problem(place, "F125", f"“{name}” wants a list.", mend)
    if isinstance(given, str) and re.match(r"[\w-]+:[^\s/]", given) and type_.startswith("dataclass"):
        return Problem(place, "F120", f"No space after the colon: “{shown}”.", "Put a space after it.")
    if type_ in ("dataclass_type", "dataclass_exact_type", "string_type", "mapping_type", "dict_type"):
        wanted = "a single value" if type_ == "string_type" else "“key: value” pairs"
        return Problem(place, "F125", f"“{name}” wants {wanted}.", "See the example in CONTRIBUTING.md.")
    if type_.startswith("int_"):
        return Problem(place, "F127", f"“{shown}” is not a whole number.", "Write digits only.")
    return Problem(place, "F127", f"“{name}”: {said}.", "See the example in CONTRIBUTING.md.")


def _shown(given: Any, limit: int = 60) -> str:
    text = " ".join(str(given).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _unknown(name: str, allowed: Iterable[str], place: Place) -> Problem:
    return Problem(place, "F110", f"Unknown key “{_shown(name)}”.", did_you_mean(name, allowed))


def _not_allowed(given: str, name: str, expected: str, place: Place) -> Problem:
    allowed = re.findall(r"'([^']*)'", expected)
    code = "V201" if name == "verdict" else "F127"
    listed = f"One of: {', '.join(allowed)}."
    best = likeliest(given, allowed)
    mend = f"Did you mean “{best}”? {listed}" if best else listed
    return Problem(place, code, f"“{given}” is not a {name} we use.", mend)


def _dates(entry: Entry, places: Places, today: date | None) -> Iterable[Problem]:
    if today is None:
        return
    dated: list[tuple[Key, Day]] = [(("changes", n, "date"), c.date) for n, c in enumerate(entry.changes)]
    if isinstance(entry, FactCheck):
        dated.append((("checked",), entry.checked))
    for key, day in dated:
        if day.first > today:
            yield Problem(places.of(*key), "F115", f"{day.iso} has not come yet.", "Correct the date.")
