"""The MkDocs events. The only module of the engine that imports MkDocs.

One `Build` is made for each build and thrown away; nothing survives a rebuild under `mkdocs serve`.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from .edition import load
from .extension import Annotate
from .fragments import Fragments
from .model import Edition
from .pages import Atlas
from .problem import Problem, report
from .verdicts import VERDICTS

log = logging.getLogger("mkdocs.marginalia")
"""Below `mkdocs`, so that `--strict` counts what is said here."""


def configure(config: MkDocsConfig, serving: bool) -> None:
    """Read the edition, report every problem, and register what this build needs.

    Raises Abort, before MkDocs touches the published folder, where there are problems; under
    `mkdocs serve` the problems become the site instead.
    """
    root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
    fragments_folder = root / "overrides" / "fragments"
    edition, problems, texts = load(root)
    errors = [p for p in problems if p.severity == "error"]
    if problems:
        level = logging.ERROR if errors else logging.WARNING
        log.log(level, "%d problems in the contributed files\n%s", len(problems), report(problems, texts))
    if not config.repo_url:
        config.edit_uri = None
    plugin: BasePlugin
    if serving and errors:
        config.nav = None
        plugin = ProblemSite(problems, texts, fragments_folder)
    elif errors or (problems and config.strict):
        raise Abort(f"{len(problems)} problems; nothing was published.")
    else:
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(_newest(edition)))
        atlas = Atlas(edition)
        annotate = Annotate(atlas, Fragments(fragments_folder, atlas.shared()))
        config.markdown_extensions.append(annotate)  # type: ignore[arg-type]
        plugin = Build(edition, annotate)
        if not serving:
            config.plugins["marginalia-publish"] = Publish(config)
    config.plugins["marginalia"] = plugin


def check_packages() -> None:
    """Refuse the releases of click under which live preview never reloads."""
    found = version("click")
    if found.startswith("8.3."):
        raise Abort(f"P501 click {found} breaks live preview. Install the locked versions (README.md).")


def _newest(edition: Edition) -> int:
    """The edition's date in seconds since 1970: the newest day on which anything was checked or changed."""
    days = [c.check.checked for c in edition.checks.values()]
    days += [change.date for c in edition.checks.values() for change in c.check.changes]
    if not days:
        return 0
    newest = max(days).first
    return int(datetime(newest.year, newest.month, newest.day, tzinfo=UTC).timestamp())


class Build(BasePlugin):
    """What a sound edition needs of a build."""

    def __init__(self, edition: Edition, annotate: Annotate) -> None:
        super().__init__()
        self.edition = edition
        self.annotate = annotate

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for reading in self.edition.readings.values():
            if reading.generated:
                files.append(File.generated(config, reading.page.path, content=""))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self.annotate.path = page.file.src_uri
        plan = self.annotate.plan
        if plan.title:
            page.meta["title"] = plan.title
        if plan.description:
            page.meta.setdefault("description", plan.description)
        if plan.entry is not None:
            page.meta["kind"] = plan.path.split("/")[0]
        return markdown

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        env.globals["edition"] = self.edition
        env.globals["verdict_scale"] = VERDICTS
        return env


class Publish(BasePlugin):
    """Builds beside the published folder and exchanges the two by renaming when all is well."""

    def __init__(self, config: MkDocsConfig) -> None:
        super().__init__()
        self.published = Path(config.site_dir)
        self.fresh = self.published.with_name(f".{self.published.name}.new")
        self.old = self.published.with_name(f".{self.published.name}.old")
        config.site_dir = str(self.fresh)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        shutil.rmtree(self.fresh, ignore_errors=True)
        if self.old.exists() and not self.published.exists():  # a build was killed between the two renames
            self.old.rename(self.published)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        config.site_dir = str(self.published)
        if config.strict and _warnings_counted():
            shutil.rmtree(self.fresh, ignore_errors=True)
            return  # MkDocs aborts now, and the published folder stays as it was
        shutil.rmtree(self.old, ignore_errors=True)
        if self.published.exists():
            self.published.rename(self.old)
        self.fresh.rename(self.published)
        shutil.rmtree(self.old, ignore_errors=True)

    def on_build_error(self, *, error: Exception) -> None:
        shutil.rmtree(self.fresh, ignore_errors=True)


def _warnings_counted() -> bool:
    handlers = logging.getLogger("mkdocs").handlers
    return any(isinstance(h, CountHandler) and h.get_counts() for h in handlers)


class ProblemSite(BasePlugin):
    """Under `mkdocs serve`: the list of problems in place of the site, on every address."""

    def __init__(self, problems: Sequence[Problem], texts: Mapping[str, str], folder: Path) -> None:
        super().__init__()
        self.problems = problems
        self.texts = texts
        self.folder = folder

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        kept = [f for f in files if not f.is_documentation_page()]
        return Files([*kept, File.generated(config, "index.md", content="# Problems\n")])

    def _page(self) -> str:
        import jinja2

        loader = jinja2.FileSystemLoader(self.folder)
        template = jinja2.Environment(loader=loader, autoescape=True).get_template("problem-list.html")
        rows = [
            (p, self.texts.get(p.place.path, "").split("\n")[p.place.line - 1 : p.place.line])
            for p in self.problems
        ]
        return template.render(rows=rows)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return self._page()

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str | None:
        return self._page() if template_name == "404.html" else output_content
