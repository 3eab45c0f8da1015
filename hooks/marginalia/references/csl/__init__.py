"""A CSL record in, a reference in the words of a published citation style out.

The styles are the ones that everybody uses, unchanged, from the Citation Style Language project; this
is what reads them. It knows bibliographies, not citations in running text, and refuses a style that
asks for what it does not know. Why not a library: citeproc-py 0.11 repeats the title of every work
without an author, leaves periods outside quotation marks and takes 10 s for this bibliography;
pandoc's is right, and is 155 MB.

Source: Citation Style Language 1.0.2, https://docs.citationstyles.org/en/stable/specification.html
"""

from .style import Style
from .writing import Run, plain

__all__ = ["Run", "Style", "plain"]
