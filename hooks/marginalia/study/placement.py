"""Proofs in, a layout out in which every note shares a page with its call and no line stands alone.

Typst 0.15 may part a note from its call (its issues 5314, 5603 and 8792), so the layout is asked where the
notes fell and mended until it is right: first the page with the paragraph ends some lines earlier, then the paragraph
is kept whole, then it begins a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from ..problem import Place, Problem
from .book import Draft, Paper, Piece
from .press import NEW_PAGE, WHOLE, Press, Proof, Unset

_PASSES = 24


@dataclass(frozen=True, order=True)
class Trouble:
    """Something that stands on the wrong page."""

    rank: int
    """Notes first: a lonely line is ugly, a parted note is wrong."""
    page: int
    kind: Literal["note", "line"]
    name: str
    """The note or the paragraph."""
    piece: str
    """The paragraph that can be nudged."""


Known = dict[tuple[Paper, tuple[Piece, ...]], dict[str, int]]
"""The nudges found so far, by paper and annotated chapters: two editions may share those."""


def settle(press: Press, draft: Draft, paper: Paper, known: Known) -> Proof:
    """A proof in which every note is where it belongs. Raises Unset where a note cannot be placed.

    The chapters with notes are mended by themselves, which is quick; then the whole book is asked.
    """
    if not draft.notes:
        return press.proof(draft, paper, {})
    chapters = draft.annotated
    nudges = dict(known.get((paper, chapters.pieces), {}))
    if not nudges and chapters.pieces != draft.pieces:
        mend(chapters, partial(press.proof, chapters, paper, alone=True), nudges)
        known[paper, chapters.pieces] = dict(nudges)
        press.forget()
    proof = mend(draft, partial(press.proof, draft, paper), nudges)
    parted = [t for t in troubles_in(draft, proof.placement()) if t.kind == "note"]
    if parted:
        raise Unset(_unplaced(draft, min(parted)))
    return proof


def mend(draft: Draft, prove: Callable[[Mapping[str, int]], Proof], nudges: dict[str, int]) -> Proof:
    """The best proof that nudging paragraphs, one at a time and in order, leads to; `nudges` is added to."""
    proof = prove(nudges)
    for _ in range(_PASSES):
        troubles = sorted(troubles_in(draft, proof.placement()))
        first = next((t for t in troubles if _may_nudge(t, nudges)), None)
        if first is None:
            break
        nudges[first.piece] = nudges.get(first.piece, 0) + 1
        proof = prove(nudges)
    return proof


def _may_nudge(trouble: Trouble, nudges: Mapping[str, int]) -> bool:
    """A lonely line is no reason to begin a page: the paragraph may be longer than one."""
    so_far = nudges.get(trouble.piece, 0)
    return so_far < (NEW_PAGE if trouble.kind == "note" else WHOLE)


def troubles_in(draft: Draft, placement: Mapping[str, Any]) -> Iterator[Trouble]:
    """Every note that is not whole on the page of its call, and every line alone at a page's edge."""
    piece_of = {note: piece.id or "" for piece in draft.pieces for note in piece.notes}
    calls, begins, ends = (dict(placement[key]) for key in ("notes", "begins", "ends"))
    for note in draft.notes:
        pages = {marks.get(note) for marks in (calls, begins, ends)}
        if len(pages) != 1 or None in pages:
            yield Trouble(0, calls.get(note) or 0, "note", note, piece_of[note])
    for paragraph in placement["paragraphs"]:
        if paragraph["last"] == paragraph["first"] + 1:
            lines = paragraph["lines"]
            over = round((paragraph["bottom"] - placement["top"]) / placement["pitch"]) + 1
            if lines > 1 and (over == 1 or lines - over == 1):
                yield Trouble(1, paragraph["first"], "line", paragraph["id"], paragraph["id"])


def _unplaced(draft: Draft, trouble: Trouble) -> Problem:
    origin = next((p.origin for p in draft.pieces if p.id == trouble.piece), None)
    return Problem(
        Place(f"docs/{origin or ''}"),
        "P604",
        f"The note “{trouble.name}” cannot be kept on the page of its call in “{draft.work.title}”.",
        "Shorten its summary, or the summaries of the notes beside it.",
    )
