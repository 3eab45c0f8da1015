"""An edition in, its loose sheets out: the article with its notes to hand out, and one sheet for each country."""

from __future__ import annotations

from ..model import Country, Reading
from .article import article_pieces
from .book import Draft, Piece, Work
from .checks import legend
from .countries import sheet
from .guide import edition_date
from .manuscript import Manuscript, Scope
from .sources import bibliography
from .typst_code import Code, call, words


def hand_out(manuscript: Manuscript, reading: Reading, work: Work) -> Draft:
    """The article with its notes and nothing else."""
    scope = Scope(manuscript, reading, False, frozenset(["article"]))
    title = reading.page.title
    head = call("hand-out-head", words(title), rights=reading.page.rights, legend=legend())
    pieces = (Piece(head), *article_pieces(scope, reading))
    return Draft(work, _opening(manuscript, work.title, title), pieces)


def country_sheet(manuscript: Manuscript, country: Country, work: Work) -> Draft:
    """Everything known of one country, with its sources."""
    scope = Scope(manuscript, None, False, frozenset(["source"]))
    pieces = list(sheet(scope, country))
    if scope.cited:
        pieces += [Piece(call("sheet-section", words("Sources"))), bibliography(scope)]
    return Draft(work, _opening(manuscript, work.title, country.title, columns=2), tuple(pieces))


def _opening(manuscript: Manuscript, title: str, foot: str, columns: int = 1) -> Code:
    imprint = manuscript.imprint
    where = imprint.site_url.removeprefix("https://").rstrip("/") or imprint.site_name
    parts = [foot, where, f"edition of {edition_date(manuscript.edition).long}"]
    return call(
        "sheets.with",
        title=title,
        author=imprint.site_name or "Marginalia",
        description=title,
        foot=" · ".join(p for p in parts if p),
        columns=columns,
    )
