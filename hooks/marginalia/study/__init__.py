"""The study guide: PDF books made with Typst from the edition, and flash cards and a quiz from the same records."""

from .book import Book, Imprint
from .making import make_books, make_stubs
from .project import imprint_of, preview_project, print_project
from .study_guide import StudyGuide
from .takeaways import Takeaway, make_takeaways

__all__ = [
    "Book",
    "Imprint",
    "StudyGuide",
    "Takeaway",
    "imprint_of",
    "make_books",
    "make_stubs",
    "make_takeaways",
    "preview_project",
    "print_project",
]
