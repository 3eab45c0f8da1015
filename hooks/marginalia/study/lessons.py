"""The page of lesson plans in, the plans on one reading out, for the teacher's edition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..intake.frontmatter import read, read_text
from ..pages.atlas import STUDY_GUIDE
from .book import Piece
from .manuscript import Scope
from .prose import Context
from .typst_code import Code, call, exactly, join, words

PLANS = "study-guide/lesson-plans.md"
"""Relative to docs/. A plan is what stands under a heading of the second level."""

_PLAN = re.compile(r"^(?=## )", re.MULTILINE)
_QUESTION = re.compile(rf"{re.escape(STUDY_GUIDE)}#question-([a-z0-9-]+)")


def lesson_plans(scope: Scope) -> Iterator[Piece]:
    """The plans whose questions are all on the book's reading, each question with its page; nothing without such plans."""
    file = scope.manuscript.prose.docs / PLANS if scope.manuscript.prose.docs else None
    if file is None or not file.is_file() or not scope.reading:
        return
    text, _ = read_text(PLANS, file.read_bytes())
    document, _ = read(PLANS, text or "")
    if document is None:
        return
    introduction, *plans = _PLAN.split(document.body)
    mine = [plan for plan in plans if _is_on(plan, scope)]
    if not mine:
        return

    def refer(path: str, place: str, shown: Code) -> Code:
        link = scope.refer(path, place, shown)
        anchor = scope.anchor_of(path, place) if path == STUDY_GUIDE else None
        return join([link, words(" ("), call("p-of", exactly(anchor)), words(")")]) if anchor else link

    yield Piece(call("section", exactly("lesson-plans"), words("Lesson plans")))
    context = Context(PLANS, document.body_line, 2, refer, scope.cite)
    for part in (re.sub(r"^# .*\n", "", introduction, flags=re.MULTILINE), *mine):
        for block in scope.manuscript.prose.blocks(part, context):
            yield Piece(block.code, PLANS)


def _is_on(plan: str, scope: Scope) -> bool:
    places = _QUESTION.findall(plan)
    return bool(places) and all(scope.anchor_of(STUDY_GUIDE, f"question-{place}") for place in places)
