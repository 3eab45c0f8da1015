"""An edition and the texts of its files in, a digest out of all that pages can show of files not their own.

That is everything but the prose of entries that have a page of their own. Of it a live preview tells
which pages it need not make again.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from ..model import Edition


def surface(edition: Edition, texts: Mapping[str, str]) -> str:
    """The digest. `texts` are all contributed texts by their paths, as `load` gives them."""
    paged = [
        *(checked.check for checked in edition.checks.values()),
        *edition.terms.values(),
        *edition.countries.values(),
        *(reading.page for reading in edition.readings.values()),
    ]
    prose = {f"docs/{entry.path}": entry.body for entry in paged}
    digest = sha256()
    for path, text in sorted(texts.items()):
        shown = text.removesuffix(prose.get(path, ""))
        digest.update(f"{path}\n{len(shown)}\n{shown}".encode())
    return digest.hexdigest()
