"""The commands a contributor can type."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .edition.agreement import check_changes
from .edition.load import load
from .problem import report
from .scaffold import Refusal, Wish, draft_check


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog="marginalia", description="Check and export an annotated edition.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder (default: here)")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="read everything and list every problem")
    check.add_argument(
        "--since", type=Path, metavar="FOLDER", help="an earlier project: verdicts changed since need a word"
    )
    check.set_defaults(run=_check)
    _add_new(commands.add_parser("new", help="begin an entry"))
    books = commands.add_parser("books", help="make the study guide: PDF books, flash cards, a quiz")
    books.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where to put them")
    books.set_defaults(run=_books)
    export = commands.add_parser(
        "export", help="write every page as plain Markdown, for another site generator"
    )
    export.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where to put them")
    export.set_defaults(run=_export)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


def _add_new(new: argparse.ArgumentParser) -> None:
    kinds = new.add_subparsers(required=True)
    check = kinds.add_parser("check", help="a fact-check of some words of an article")
    check.add_argument("words", nargs="+", help="the words, copied from the article, in quotation marks")
    check.add_argument("--article", help="the article, where several have the words")
    check.add_argument(
        "--id", help="the name of the file and of the page's address (default: from the words)"
    )
    check.add_argument("--place", type=int, help="which place is meant, where the words stand in several")
    check.set_defaults(run=_new_check)


def _new_check(chosen: argparse.Namespace) -> int:
    edition, _, _ = load(chosen.root)
    wish = Wish(" ".join(chosen.words), chosen.article, chosen.id, chosen.place)
    folder = chosen.root / "docs" / "fact-checks"
    taken = {path.relative_to(chosen.root).as_posix() for path in folder.rglob("*.md")}
    draft = draft_check(edition, wish, date.today(), taken)
    if isinstance(draft, Refusal):
        print(draft.why, file=sys.stderr)
        return 1
    file = chosen.root / draft.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(draft.text, "utf-8", newline="\n")
    print(f"{draft.path}: begun, on words of {draft.paragraph}. Fill in what is empty; `check` says what.")
    return 0


def _books(chosen: argparse.Namespace) -> int:
    from .study import imprint_of, print_project  # the other commands have no need to wait for it

    edition, problems, texts = load(chosen.root)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        print(report(errors, texts), file=sys.stderr)
        return 1
    books, takeaways, problems = print_project(chosen.root, edition, chosen.out, imprint_of(chosen.root))
    if problems:
        print(report(problems, texts), file=sys.stderr)
    for made in books:
        print(f"{made.path}: {made.pages} pages, {made.size / 1000:.0f} kB")
    for other in takeaways:
        print(f"{other.path}: {other.items} items, {other.size / 1000:.0f} kB")
    return 1 if problems else 0


def _export(chosen: argparse.Namespace) -> int:
    from .export.project import export_project  # as above

    if chosen.out.exists() and any(chosen.out.iterdir()):
        print(f"{chosen.out} is not empty. Name a new folder.", file=sys.stderr)
        return 1
    edition, problems, texts = load(chosen.root)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        print(report(errors, texts), file=sys.stderr)
        return 1
    print(f"{chosen.out}: {export_project(chosen.root, edition, texts, chosen.out)} pages")
    return 0


def _check(chosen: argparse.Namespace) -> int:
    edition, problems, texts = load(chosen.root, date.today())
    if chosen.since:
        problems = sorted([*problems, *check_changes(load(chosen.since)[0], edition)])
    if problems:
        print(report(problems, texts), file=sys.stderr)
    errors = sum(p.severity == "error" for p in problems)
    print(
        f"{len(edition.readings)} readings, {len(edition.checks)} fact-checks, {len(edition.terms)} terms, "
        f"{len(edition.countries)} countries, {len(edition.events)} events, {len(edition.questions)} questions, "
        f"{len(edition.sources)} sources: {errors} errors, {len(problems) - errors} warnings"
    )
    return 1 if problems else 0
