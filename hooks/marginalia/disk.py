"""A project folder in, its files as values out. The only module that reads the disk."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import entries as entry_files
from .bibliography import PATH as BIBLIOGRAPHY
from .bibliography import read_bibliography
from .codes import CODES
from .frontmatter import read, read_text
from .lint import lint_body
from .model import Entry, Source
from .problem import Place, Problem
from .seed import read_seed


@dataclass
class Sheets:
    """What was read from the disk: texts by path (relative to the root), for messages."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Seed:
    """A text file of seeds/."""

    path: str
    text: str
    data: bytes


def read_seeds(root: Path, sheets: Sheets) -> dict[str, Seed]:
    seeds: dict[str, Seed] = {}
    folder = root / "seeds"
    sums = _recorded_sums(folder / "SHA256SUMS")
    for file in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        path = f"seeds/{file.name}"
        if problem := _escapes(file, root, path):
            sheets.problems.append(problem)
            continue
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem):
            sheets.problems.append(
                Problem(
                    Place(path),
                    "F128",
                    f"“{file.name}” cannot be an address.",
                    "Use lower-case letters, digits and hyphens.",
                )
            )
            continue
        data = file.read_bytes()
        text, problems = read_seed(path, data)
        sheets.problems += problems
        sheets.texts[path] = text
        digest = hashlib.sha256(data).hexdigest()
        if sums.get(file.name, digest) != digest:
            sheets.problems.append(
                Problem(
                    Place(path),
                    "S012",
                    "The source has changed: its SHA-256 is not the recorded one.",
                    "Put the original back, or record the new sum in seeds/SHA256SUMS.",
                )
            )
        if text.strip() and not any(CODES[p.code].severity == "error" for p in problems):
            seeds[file.stem] = Seed(path, text, data)
    return seeds


def _recorded_sums(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    rows = (row.split(maxsplit=1) for row in file.read_text("utf-8", "replace").splitlines() if row.strip())
    return {row[1].lstrip("*").strip(): row[0].lower() for row in rows if len(row) == 2}


def _escapes(file: Path, root: Path, path: str) -> Problem | None:
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        return Problem(
            Place(path),
            "X407",
            "A symbolic link, or a path that leaves the project.",
            "Put the file itself there.",
        )
    return None


def read_entries(root: Path, sheets: Sheets, today: date | None) -> list[Entry]:
    docs = root / "docs"
    found: list[Entry] = []
    files = sorted(p for p in docs.rglob("*") if p.is_symlink() or p.is_file())
    pages = {p.relative_to(docs).as_posix() for p in files}
    for file in files:
        path = file.relative_to(docs).as_posix()
        if problem := _escapes(file, root, f"docs/{path}"):
            sheets.problems.append(problem)
        elif file.suffix == ".md" and not file.name.startswith("."):
            entry = _read_page(file, path, pages, sheets, today)
            if entry:
                found.append(entry)
        elif problem := _unpublishable(file, path):
            sheets.problems.append(problem)
    return found


_PUBLISHED = frozenset(
    [
        ".md",
        ".yml",
        ".yaml",
        ".svg",
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".avif",
        ".pdf",
        ".txt",
        ".csv",
        ".json",
        ".woff2",
        ".css",
        ".js",
        ".ico",
    ]
)


def _unpublishable(file: Path, path: str) -> Problem | None:
    place = Place(f"docs/{path}")
    if file.name.startswith("."):
        return None
    if file.suffix.lower() not in _PUBLISHED:
        return Problem(
            place, "X411", f"Files of the kind “{file.suffix or file.name}” are not published.", "Remove it."
        )
    if file.stat().st_size > 2**20 and file.suffix.lower() not in (".yml", ".pdf"):
        return Problem(place, "X411", "The file is over 1 MB.", "Make it smaller.")
    if file.suffix.lower() == ".svg":
        text = file.read_text("utf-8", "replace")
        if re.search(
            r"<script|<foreignObject|\bon\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)|<!ENTITY",
            text,
            re.IGNORECASE,
        ):
            return Problem(
                place,
                "X410",
                "The picture has script, handlers or outside references.",
                "Export a plain SVG.",
            )
    return None


def _read_page(file: Path, path: str, pages: set[str], sheets: Sheets, today: date | None) -> Entry | None:
    name = f"docs/{path}"
    text, problems = read_text(name, file.read_bytes())
    sheets.problems += problems
    if text is None:
        return None
    sheets.texts[name] = text
    kind = entry_files.kind_of(path)
    document, problems = read(name, text, required=kind is not None)
    sheets.problems += problems
    if document is None:
        return None
    sheets.problems += lint_body(path, document.body, document.body_line, pages)
    if kind is None:
        return None
    if problem := entry_files.misplaced(path):
        sheets.problems.append(problem)
        return None
    entry, problems = entry_files.build(path, document, today)
    sheets.problems += problems
    return entry


def read_sources(root: Path, sheets: Sheets) -> dict[str, Source]:
    file = root / BIBLIOGRAPHY
    if not file.is_file():
        return {}
    text, problems = read_text(BIBLIOGRAPHY, file.read_bytes())
    sheets.problems += problems
    if text is None:
        return {}
    sheets.texts[BIBLIOGRAPHY] = text
    sources, problems = read_bibliography(text)
    sheets.problems += problems
    return sources
