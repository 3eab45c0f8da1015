"""The MkDocs events. The only module of the engine that imports MkDocs.

One `Build` is made for each build and thrown away; a rebuild under `mkdocs serve` finds no more than `_RENDERED`.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jinja2
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from .edition.load import load
from .edition.surface import surface
from .export.annotations import annotation_page
from .figures.cards import card_of, draw
from .model import Edition
from .pages import finding
from .pages.atlas import ANNOTATIONS, BIBLIOGRAPHY, CHECKS, Atlas
from .pages.extension import NOTHING, Annotate
from .pages.fragments import Fragments
from .pages.linked_data import linked_data
from .problem import Problem, report
from .references.citing import Desk, read_styles
from .study import StudyGuide, imprint_of, preview_project, print_project
from .verdicts import VERDICTS

log = logging.getLogger("mkdocs.marginalia")
"""Below `mkdocs`, so that `--strict` counts what is said here."""


ENGINE = Path(__file__).resolve().parents[1]
"""The folder of the hooks."""

_GIVEN_DATE = os.environ.get("SOURCE_DATE_EPOCH")
"""The date of the build, where whoever started it gave one."""


def configure(config: MkDocsConfig, serving: bool) -> None:
    """Read the edition, report every problem, and register what this build needs.

    Raises Abort, before MkDocs touches the published folder, where there are problems; under
    `mkdocs serve` the problems become the site instead.
    """
    publish = None if serving else Publish(config)
    root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
    fragments_folder = root / "overrides" / "fragments"
    edition, problems, texts = load(root)
    errors = [p for p in problems if p.severity == "error"]
    stop = bool(errors) or (bool(problems) and config.strict)
    counted = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    if problems:
        level = logging.ERROR if errors else logging.WARNING
        if serving and config.strict:
            level = logging.INFO  # anything louder ends the preview
        log.log(level, "%s in the contributed files\n%s", counted, report(problems, texts))
    if serving:
        config.watch.append(str(ENGINE))
        _tell_of_edited_code()
    if not config.repo_url:
        config.edit_uri = None
    if stop and not serving:
        raise Abort(f"{counted}; nothing was published.")
    if stop:
        config.plugins["marginalia"] = ProblemSite(edition, problems, texts, fragments_folder)
        config.nav = [{"Problems": "index.md"}]
        return
    os.environ["SOURCE_DATE_EPOCH"] = _GIVEN_DATE or str(_newest(edition))
    study_guide = _print(config, root, edition, serving)
    atlas = Atlas(edition)
    desk = Desk(edition, read_styles(root / "overrides" / "styles"), config.site_name)
    shared = atlas.shared() | desk.shared() | study_guide.shared()
    annotate = Annotate(atlas, Fragments(fragments_folder, shared))
    config.markdown_extensions.append(annotate)  # type: ignore[arg-type]
    seen = _seen(config, root, surface(edition, texts), study_guide) if serving else None
    config.plugins["marginalia"] = Build(edition, annotate, desk, study_guide, seen)
    if publish:
        config.plugins["marginalia-publish"] = publish


def _print(config: MkDocsConfig, root: Path, edition: Edition, serving: bool) -> StudyGuide:
    """The study guide in the project's cache; in live preview a page for each book, unless MARGINALIA_PDF is `full`.

    Raises Abort where there are problems: before anything is published.
    """
    stub = os.environ.get("MARGINALIA_PDF", "stub" if serving else "full") != "full"
    out = root / ".cache" / ("study-guide-stub" if stub else "study-guide")
    if stub:
        books, takeaways, problems = preview_project(root, edition, out)
    else:
        imprint = imprint_of(root, config.site_name, config.site_url or "", config.repo_url or "")
        books, takeaways, problems = print_project(root, edition, out, imprint)
    if problems:
        log.log(logging.WARNING if serving else logging.ERROR, "The study guide:\n%s", report(problems, {}))
        if not serving:
            raise Abort("The study guide could not be made; nothing was published.")
    return StudyGuide(tuple(books), tuple(takeaways), stub)


def _seen(config: MkDocsConfig, root: Path, contributed: str, study_guide: StudyGuide) -> str:
    """A digest of all that a page's content can depend on, besides its own text and what files there are."""
    written_by = [name for name in config.markdown_extensions if isinstance(name, str)]
    settings = (config.site_name, config.site_url, config.use_directory_urls, written_by, config.mdx_configs)
    digest = sha256(repr((contributed, settings, study_guide)).encode())
    for folder in ("fragments", "styles"):
        for file in sorted((root / "overrides" / folder).iterdir()):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


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
    seconds = int(datetime(newest.year, newest.month, newest.day, tzinfo=UTC).timestamp())
    return min(max(seconds, 0), 2**32 - 1)  # what a gzip header can hold


def _code() -> dict[str, int]:
    """When each Python file of the hooks was last written."""
    return {f.relative_to(ENGINE.parent).as_posix(): f.stat().st_mtime_ns for f in ENGINE.rglob("*.py")}


_LOADED_CODE = _code()


def _tell_of_edited_code() -> None:
    """MkDocs loads hooks once in a process, so whoever edits one would wait in vain."""
    edited = sorted(name for name, _ in _code().items() ^ _LOADED_CODE.items())
    if edited:
        names = ", ".join(dict.fromkeys(edited))
        log.info("%s: edited since the preview began. Stop it and start it again to see the change.", names)


class _NoOptions(Config):  # type: ignore[no-untyped-call]
    """What mkdocs.yml can set for our plugins: nothing."""


_THEME_FILES = {
    "style": r"assets/stylesheets/main\.\w+\.min\.css",
    "script": r"assets/javascripts/bundle\.\w+\.min\.js",
}
"""Material's own files, whose names change with each release."""

_UNPUBLISHED = ("cards/", "drawing/", "partials/", "study/", "styles/")
"""Folders of overrides/ that are not for the site."""


def _hash_source(script: str) -> str:
    """What a content security policy names a script by that stands in a page. Source: CSP level 3, hash-source."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


class Build(BasePlugin[_NoOptions]):  # type: ignore[no-untyped-call]
    """What a sound edition needs of a build."""

    def __init__(
        self, edition: Edition, annotate: Annotate, desk: Desk, study_guide: StudyGuide, seen: str | None
    ) -> None:
        """`seen`, in live preview, is the digest of what pages depend on."""
        super().__init__()
        self.desk = desk
        self.study_guide = study_guide
        self.seen = seen
        self.edition = edition
        self.annotate = annotate

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        docs = Path(config.docs_dir)
        for file in list(files):
            if file.src_uri.startswith(_UNPUBLISHED) and docs not in Path(file.abs_src_path or docs).parents:
                files.remove(file)
        for reading in self.edition.readings.values():
            if reading.generated:
                files.append(File.generated(config, reading.page.path, content=""))
        if files.get_file_from_path(BIBLIOGRAPHY):
            for name, content in self.desk.downloads.items():
                files.append(File.generated(config, name, content=content))
        if files.get_file_from_path(CHECKS) and self.edition.checks:

            def address(path: str) -> str:
                file = files.get_file_from_path(path)
                return urljoin(config.site_url or "../", file.url if file else "")

            files.append(File.generated(config, ANNOTATIONS, content=annotation_page(self.edition, address)))
        for made in self.study_guide.files():
            files.append(
                File.generated(config, f"{StudyGuide.FOLDER}/{made.file_name}", abs_src_path=str(made.path))
            )
        self.linkable = tuple((file.src_uri, file.url) for file in files)
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self.annotate.path = page.file.src_uri
        self.annotate.address = page.canonical_url or None
        plan = self.annotate.plan
        if plan.title:
            page.meta["title"] = plan.title
        if plan.description:
            page.meta.setdefault("description", plan.description)
        page.meta["layout"] = plan.layout
        page.meta.setdefault("hide", ["toc"] if plan.path.startswith("about/") else ["navigation", "toc"])
        if self.seen:
            _render_once(page, (self.seen, self.linkable, markdown))
        return markdown if markdown.strip() else NOTHING

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        self.files = files
        env.globals["edition"] = self.edition
        env.globals["verdict_scale"] = VERDICTS
        env.globals["serving"] = bool(self.seen)
        env.filters["hash_source"] = _hash_source
        env.globals["theme_files"] = {
            name: next((f.src_uri for f in files if re.fullmatch(pattern, f.src_uri)), "")
            for name, pattern in _THEME_FILES.items()
        }
        pages = files.documentation_pages()
        self.addresses = {f.src_uri: f.page.canonical_url for f in pages if f.page and f.page.canonical_url}
        return env

    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Any) -> Any:
        plan = self.annotate.atlas.plan(page.file.src_uri)
        if config.site_url:
            context["card"] = f"{config.site_url.rstrip('/')}/assets/cards/{card_of(page.file.src_uri)}.png"
        context["linked_data"] = linked_data(plan, self.edition, config.site_name, self.addresses)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what is not a page: the documents that the search reads."""

        def address(path: str) -> str:
            file = self.files.get_file_from_path(path)
            return file.url if file else ""

        root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        if config.site_url and not self.seen and (root / "overrides" / "cards").is_dir():
            template = root / "overrides" / "cards" / "card.typ"
            fonts = root / "overrides" / "study" / "fonts"
            cards = Path(config.site_dir) / "assets" / "cards"
            draw(self.edition, config.site_name, template, fonts, cards, root / ".cache" / "cards")
        target = Path(config.site_dir) / "search" / "index.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(finding.index(self.edition, address), "utf-8", newline="\n")


_RENDERED: dict[str, tuple[object, dict[str, Any], dict[str, dict[str, str]]]] = {}
"""For each file with a page in a live preview: what the page was made from, what came of it, its links to anchors.

It outlives the builds, for MkDocs loads hooks once in a process; there is one page in it for each file.
"""


def _render_once(page: Page, made_from: object) -> None:
    """Have MkDocs render `page` only if it has not rendered it from the same before."""
    render, path = page.render, page.file.src_uri

    def render_once(config: MkDocsConfig, files: Files) -> None:
        if path not in _RENDERED or _RENDERED[path][0] != made_from:
            render(config, files)
            made = {
                name: getattr(page, name)
                for name in ("content", "toc", "_title_from_render", "present_anchor_ids")
            }
            anchors = {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()}
            _RENDERED[path] = made_from, made, anchors
            return
        _, made, anchors = _RENDERED[path]
        vars(page).update(made)
        page.links_to_anchors = {files.src_uris[other]: links for other, links in anchors.items()}

    page.render = render_once  # type: ignore[method-assign]


class Publish(BasePlugin[_NoOptions]):  # type: ignore[no-untyped-call]
    """Builds beside the published folder and exchanges the two by renaming when all is well."""

    def __init__(self, config: MkDocsConfig) -> None:
        super().__init__()
        self.published = Path(config.site_dir).resolve()
        self.fresh = self.published.with_name(f".{self.published.name}.new")
        self.old = self.published.with_name(f".{self.published.name}.old")
        config.site_dir = str(self.fresh)
        self._recover()

    def _recover(self) -> None:
        """Put right what a build left that was killed: between its two renames, or beside them."""
        if self.old.exists() and not self.published.exists():
            self.old.rename(self.published)
        for folder in (self.fresh, self.old):
            shutil.rmtree(folder, ignore_errors=True)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        config.site_dir = str(self.published)
        if config.strict and _warnings_counted():
            return  # MkDocs aborts now, and the published folder stays as it was
        if self.published.exists():
            self.published.rename(self.old)
        self.fresh.rename(self.published)
        shutil.rmtree(self.old, ignore_errors=True)

    def on_build_error(self, *, error: Exception) -> None:
        shutil.rmtree(self.fresh, ignore_errors=True)


def _warnings_counted() -> bool:
    """Whether `--strict` will stop this build; ProperDocs, which continues MkDocs, counts below its own name."""
    handlers = [h for name in ("mkdocs", "properdocs") for h in logging.getLogger(name).handlers]
    return any(h.get_counts() for h in handlers if hasattr(h, "get_counts"))


class ProblemSite(BasePlugin[_NoOptions]):  # type: ignore[no-untyped-call]
    """Under `mkdocs serve`: the list of problems in place of every page.

    Each page keeps its address, so that an open browser is told when the problems are mended.
    """

    def __init__(
        self, edition: Edition, problems: Sequence[Problem], texts: Mapping[str, str], folder: Path
    ) -> None:
        super().__init__()
        self.edition = edition
        self.folder = folder
        self.rows = [
            (p, texts.get(p.place.path, "").split("\n")[p.place.line - 1 : p.place.line]) for p in problems
        ]

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        pages = [f.src_uri for f in files.documentation_pages()]
        pages += [r.page.path for r in self.edition.readings.values()]
        made = [
            File.generated(config, path, content="# Problems\n", inclusion=InclusionLevel.NOT_IN_NAV)
            for path in dict.fromkeys(["index.md", *pages])
        ]
        return Files([*(f for f in files if not f.is_documentation_page()), *made])

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        text = (self.folder / "problem-list.html").read_text("utf-8")
        every = jinja2.Environment(loader=jinja2.FunctionLoader(lambda name: text), autoescape=True)
        every.globals["rows"] = self.rows
        return every
