"""The engine of an annotated edition: seeds and entries in, an edition out. It knows no MkDocs."""

from .edition.load import load
from .model import Edition
from .problem import Problem, report

__all__ = ["Edition", "Problem", "load", "report"]
