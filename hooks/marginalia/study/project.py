"""The project's folder in, its study guide out: where things lie by default, for the command line and for MkDocs."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from ..model import Edition
from ..problem import Problem
from .book import Book, Imprint
from .making import make_books, make_stubs
from .takeaways import Takeaway, make_takeaways


def print_project(
    root: Path, edition: Edition, out: Path, imprint: Imprint
) -> tuple[list[Book], list[Takeaway], list[Problem]]:
    """Books, flash cards and quiz of the project at `root`, written into `out`."""
    dress = root / "overrides" / "study"
    books, problems = make_books(
        edition,
        dress / "fonts",
        dress,
        out,
        root / ".cache" / "books",
        imprint=imprint,
        docs_folder=root / "docs",
    )
    takeaways, more = make_takeaways(edition, out)
    return books, takeaways, problems + more


def preview_project(
    root: Path, edition: Edition, out: Path
) -> tuple[list[Book], list[Takeaway], list[Problem]]:
    """The same for live preview: a page in the place of each book."""
    dress = root / "overrides" / "study"
    books, problems = make_stubs(edition, dress / "fonts", dress, out)
    takeaways, more = make_takeaways(edition, out)
    return books, takeaways, problems + more


def imprint_of(
    root: Path, site_name: str | None = None, site_url: str | None = None, repo_url: str | None = None
) -> Imprint:
    """What the colophon says. What is not given is asked of the project's files and of the environment."""
    file = root / "pyproject.toml"
    project = tomllib.loads(file.read_text("utf-8")).get("project", {}) if file.is_file() else {}
    return Imprint(
        site_name if site_name is not None else _name_in(root / "mkdocs.yml"),
        site_url if site_url is not None else os.environ.get("SITE_URL", ""),
        repo_url if repo_url is not None else os.environ.get("REPO_URL", ""),
        str(project.get("version", "")),
    )


def _name_in(config: Path) -> str:
    """The site's name; nothing else is read, since only MkDocs knows the rest of its file."""
    found = (
        re.search(r"^site_name: *(.+)$", config.read_text("utf-8"), re.MULTILINE)
        if config.is_file()
        else None
    )
    return found[1].strip().strip("\"'") if found else ""
