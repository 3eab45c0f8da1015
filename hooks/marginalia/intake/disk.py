"""A project folder in, its files as values out. The only module that reads the disk."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from ..model import Entry, Source
from ..problem import Place, Problem
from . import entries as entry_files
from .bibliography import PATH as BIBLIOGRAPHY
from .bibliography import read_bibliography
from .frontmatter import read, read_text
from .lint import lint_body
from .picture import is_plain_drawing
from .seed import read_seed


@dataclass
class Sheets:
    """What was read from the disk besides the values themselves."""

    texts: dict[str, str] = field(default_factory=dict)
    """The texts of the files by path (relative to the root), for messages."""
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """The files that are there and could not be made into values: whatever needs one of them is not to blame.

    A source that cannot be read stands here as `docs/bibliography.yml#its-id`.
    """
    made_up: set[Place] = field(default_factory=set)
    """Where items of entries could not be read: what is found out about the stand-ins there is not told."""


@dataclass(frozen=True)
class Seed:
    """A text file of seeds/."""

    path: str
    text: str
    data: bytes


# --- seeds ---------------------------------------------------------------------------------------


def read_seeds(root: Path, sheets: Sheets) -> dict[str, Seed]:
    seeds: dict[str, Seed] = {}
    folder = root / "seeds"
    sums = _recorded_sums(folder / "SHA256SUMS")
    files = folder.iterdir() if folder.is_dir() else ()
    for file in sorted(files, key=lambda f: (f.suffix != ".txt", f.name)):
        path = f"seeds/{file.name}"
        if file.name.startswith(".") or file.name in ("SHA256SUMS", "README.md"):
            continue
        problem = _escapes(file, root, path) or _not_a_seed(file, path, seeds)
        if problem:
            sheets.problems.append(problem)
            sheets.unread.add(f"seeds/{entry_files.slug(file.stem)}.txt")
            continue
        data = file.read_bytes()
        text, problems = read_seed(path, data)
        sheets.problems += problems
        sheets.texts[path] = text
        digest = hashlib.sha256(data).hexdigest()
        if not problems and sums.get(file.name, digest) != digest:
            sheets.problems.append(
                Problem(
                    Place(path),
                    "S012",
                    "The source has changed: its SHA-256 is not the recorded one.",
                    "Put the original back, or record the new sum in seeds/SHA256SUMS.",
                )
            )
        if any(p.severity == "error" for p in problems):
            sheets.unread.add(path)
        else:
            seeds[file.stem] = Seed(path, text, data)
    return seeds


def _recorded_sums(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    rows = (row.split(maxsplit=1) for row in file.read_text("utf-8", "replace").splitlines() if row.strip())
    return {row[1].lstrip("*").strip(): row[0].lower() for row in rows if len(row) == 2}


def _not_a_seed(file: Path, path: str, seeds: dict[str, Seed]) -> Problem | None:
    if file.is_dir() or file.suffix.lower() != ".txt":
        return Problem(Place(path), "S017", f"“{file.name}” is not a .txt file.", "Save the text as one.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem):
        return Problem(
            Place(path),
            "F128",
            f"“{file.name}” cannot be an address.",
            "Use lower-case letters, digits and hyphens.",
        )
    if file.stem in seeds:
        taken = seeds[file.stem].path
        return Problem(Place(path), "S013", f"{taken} has the same name.", "Rename one of them.")
    return None


def _escapes(file: Path, root: Path, path: str) -> Problem | None:
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        return Problem(
            Place(path),
            "X407",
            "A symbolic link, or a path that leaves the project.",
            "Put the file itself there.",
        )
    return None


# --- docs ----------------------------------------------------------------------------------------


def read_entries(root: Path, sheets: Sheets, today: date | None) -> list[Entry]:
    docs = root / "docs"
    found: list[Entry] = []
    files = sorted(p for p in docs.rglob("*") if p.is_symlink() or p.is_file())
    pages = frozenset(p.relative_to(docs).as_posix() for p in files)
    for file in files:
        path = file.relative_to(docs).as_posix()
        if problem := _escapes(file, root, f"docs/{path}") or _unpublishable(file, path):
            sheets.problems.append(problem)
            sheets.unread.add(f"docs/{path}")
        elif file.suffix == ".md" and not file.name.startswith("."):
            text, entry, problems = _page(path, file.read_bytes(), pages, today)
            sheets.problems += problems
            if text is not None:
                sheets.texts[f"docs/{path}"] = text
            if entry:
                sheets.made_up |= {entry.places.of(*key) for key in entry.torn if len(key) > 1}
                found.append(entry)
            elif entry_files.kind_of(path):
                sheets.unread.add(f"docs/{path}")
    return found


_PUBLISHED = frozenset([
    ".md", ".yml", ".yaml", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".pdf", ".txt",
    ".csv", ".json", ".woff2", ".ico",
])  # fmt: skip
"""The kinds of files that a site of words and pictures has."""
_LARGEST = {".md": 2**17, ".yml": 2**23, ".pdf": 2**25}
"""In bytes; other files 1 MB."""


def _unpublishable(file: Path, path: str) -> Problem | None:
    place, kind = Place(f"docs/{path}"), file.suffix.lower()
    if file.name.startswith("."):
        return None
    if kind not in _PUBLISHED:
        return Problem(
            place, "X411", f"Files of the kind “{kind or file.name}” are not published.", "Remove it."
        )
    largest = _LARGEST.get(kind, 2**20)
    if file.stat().st_size > largest:
        return Problem(place, "X411", f"The file is over {largest // 1024} kB.", "Make it smaller.")
    if kind == ".svg" and not is_plain_drawing(file.read_bytes()):
        return Problem(
            place, "X410", "The picture has script, handlers or outside references.", "Export a plain SVG."
        )
    return None


@lru_cache(maxsize=10_000)
def _page(
    path: str, data: bytes, pages: frozenset[str], today: date | None
) -> tuple[str | None, Entry | None, tuple[Problem, ...]]:
    """The text in a file's bytes, the entry in it, and problems. A live preview reads only what was edited anew."""
    name = f"docs/{path}"
    text, problems = read_text(name, data)
    if text is None:
        return None, None, tuple(problems)
    kind = entry_files.kind_of(path)
    document, problems = read(name, text, required=kind is not None)
    if document is None:
        return text, None, tuple(problems)
    problems += lint_body(path, document.body, document.body_line, pages)
    if kind is None:
        return text, None, tuple(problems)
    if problem := entry_files.misplaced(path):
        return text, None, (*problems, problem)
    entry, found = entry_files.build(path, document, today)
    return text, entry, (*problems, *found)


# --- sources -------------------------------------------------------------------------------------


def read_sources(root: Path, sheets: Sheets, today: date | None = None) -> dict[str, Source]:
    file = root / BIBLIOGRAPHY
    if not file.is_file() or BIBLIOGRAPHY in sheets.unread:
        return {}
    text, problems = read_text(BIBLIOGRAPHY, file.read_bytes())
    sources: dict[str, Source] = {}
    if text is None:
        sheets.unread.add(BIBLIOGRAPHY)
    else:
        sheets.texts[BIBLIOGRAPHY] = text
        sources, unread, problems = _bibliography(text, today)
        sheets.unread |= unread
    sheets.problems += problems
    return sources


_bibliography = lru_cache(maxsize=2)(read_bibliography)
"""It is the longest file of all, and seldom the one that was edited."""
