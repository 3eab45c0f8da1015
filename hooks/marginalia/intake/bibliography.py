"""`docs/bibliography.yml` in, sources by id out, with every problem in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..model import Source
from ..problem import Place, Places, Problem
from .entries import slug, validate
from .frontmatter import read_yaml

PATH = "docs/bibliography.yml"
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src")
_SHORTENED = frozenset([
    "bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "buff.ly", "dlvr.it", "lnkd.in",
    "youtu.be",
])  # fmt: skip
_SEARCHED = re.compile(r"(www\.)?(google|bing|duckduckgo)\.[a-z.]+/(search|amp/|url\b)")


def read_bibliography(
    text: str, today: date | None = None
) -> tuple[dict[str, Source], set[str], list[Problem]]:
    """The sources in the bibliography's `text`, in their order; the addresses of those that cannot be read."""
    values, places, problems = read_yaml(PATH, text)
    if values is None:
        return {}, {PATH}, problems
    if values == {}:
        return {}, set(), problems
    if not isinstance(values, list):
        wanted = Problem(
            Place(PATH), "F125", "The bibliography wants a list.", "Begin each source with “- id:”."
        )
        return {}, {PATH}, [*problems, wanted]
    sources: dict[str, Source] = {}
    unread: set[str] = set()
    for index, value in enumerate(values):
        source, found = _source(value, places, index, sources, today)
        problems += found
        if source is None:
            named = isinstance(value, dict) and isinstance(value.get("id"), str) and value["id"]
            unread.add(f"{PATH}#{slug(named)}" if named else PATH)
        else:
            sources.setdefault(source.id, source)
    return sources, unread, problems


def _source(
    value: Any, places: Places, index: int, earlier: Mapping[str, Source], today: date | None
) -> tuple[Source | None, list[Problem]]:
    if not isinstance(value, dict):
        wanted = "A source wants “key: value” pairs."
        return None, [Problem(places.of(index), "F125", wanted, "Begin it with “- id:”.")]
    here = Places(places.path, places.by_key, (index,))
    source, problems = validate(Source, value, here, {"places": here, "torn": frozenset()})
    if source is None or ("id",) in source.torn:
        return None, problems
    if source.id in earlier:
        first = earlier[source.id].places.of().line
        what = f"The id “{source.id}” is used already (line {first})."
        return source, [Problem(places.of(index, "id"), "V211", what, "Choose another id.")]
    return source, [*problems, *_inspect(source, today)]


def _inspect(source: Source, today: date | None) -> Iterator[Problem]:
    of = source.places.of
    if source.URL:
        yield from _roundabout(source.URL, of("URL"))
    if source.accessed and source.issued and source.issued.first > source.accessed.first:
        what = f"Read on {source.accessed.iso}, before it was published ({source.issued.iso})?"
        yield Problem(of("accessed"), "V208", what, "Correct one of the dates.")
    elif source.accessed and today and source.accessed.first > today:
        yield Problem(of("accessed"), "V208", f"{source.accessed.iso} has not come yet.", "Correct the date.")
    if source.archive and source.URL and not _archive_of(source.archive, source.URL):
        yield Problem(
            of("archive"), "V207", "The archived copy is of another page.", "Correct archive: or URL:."
        )


def _roundabout(address: str, place: Place) -> Iterator[Problem]:
    parts = urlsplit(address)
    if any(_TRACKING.fullmatch(name) for name, _ in parse_qsl(parts.query)):
        yield Problem(place, "V205", "The address carries tracking parameters.", "Cut them off.")
    elif parts.netloc.lower() in _SHORTENED or _SEARCHED.match(f"{parts.netloc}{parts.path}"):
        what = f"{parts.netloc}{parts.path} sends the reader on to another page."
        yield Problem(place, "V205", what, "Write the address of the page itself.")


def _archive_of(archive: str, address: str) -> bool:
    """Whether an archive's address, where it has a page's address in it, has this one."""
    if "archive" not in urlsplit(archive).netloc or "http" not in archive[8:]:
        return True
    page = re.sub(r"^https?://(www\.)?", "", address).rstrip("/").split("?")[0]
    return re.search(re.escape(page) + r"(?![\w.-])", archive) is not None
