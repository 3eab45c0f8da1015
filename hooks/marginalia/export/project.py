"""A project in, a folder out that any generator of MkDocs’ family builds without our hooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..model import Edition
from ..pages.atlas import ANNOTATIONS
from .annotations import annotation_page
from .plain import plain
from .press import Press, bodies


def export_project(root: Path, edition: Edition, texts: Mapping[str, str], out: Path) -> int:
    """Write every page of `edition` as plain Markdown below `out`; how many there are.

    Beside them: the pictures of docs/, and an mkdocs.yml with no more than such a generator must know.
    """
    press = Press(root, edition)
    written = bodies(edition, texts)
    for path, body in written.items():
        html, plan = press.page(path, body), press.plan(path)
        file = out / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(plain(html, plan.title, plan.description), "utf-8", newline="\n")
    for file in sorted((root / "docs").rglob("*")):
        if file.is_file() and file.suffix not in (".md", ".yml"):
            target = out / file.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    for name, content in press.desk.downloads.items():
        (out / "docs" / name).write_bytes(content)
    if edition.checks:
        page = annotation_page(edition, lambda path: f"../{path}")
        (out / "docs" / ANNOTATIONS).write_text(page, "utf-8", newline="\n")
    settings = {"site_name": press.site_name, "markdown_extensions": ["footnotes", "tables"]}
    (out / "mkdocs.yml").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return len(written)
