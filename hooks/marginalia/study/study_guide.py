"""Books and take-aways in, what pages tell of them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .book import PAPERS, Book
from .takeaways import Takeaway


@dataclass(frozen=True)
class StudyGuide:
    """The study guide of a build: what is published beside the pages."""

    books: tuple[Book, ...] = ()
    takeaways: tuple[Takeaway, ...] = ()
    stub: bool = False
    """One page stands in the place of every book."""

    FOLDER = "study-guide"
    """Where in the site the files are."""

    def shared(self) -> dict[str, Any]:
        """Values that every fragment may use."""
        return {"study_guide": self, "papers": PAPERS}

    def files(self) -> Iterator[Book | Takeaway]:
        yield from self.books
        yield from self.takeaways

    def of(self, kind: str, subject: str) -> list[Book]:
        """The same book on each paper; `subject` is the id of the reading or country that it is about."""
        return [book for book in self.books if book.kind == kind and book.subject == subject]

    def beside(self, subject: str) -> list[Takeaway]:
        """The take-aways of the reading `subject`."""
        return [takeaway for takeaway in self.takeaways if takeaway.subject == subject]
