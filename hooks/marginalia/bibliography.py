"""`docs/bibliography.yml` in, sources by id out, with every problem in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from .entries import validate
from .frontmatter import read_yaml
from .model import Source
from .problem import Place, Places, Problem

PATH = "docs/bibliography.yml"
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src")


def read_bibliography(text: str) -> tuple[dict[str, Source], list[Problem]]:
    """The sources in the bibliography's `text`, in their order."""
    values, places, problems = read_yaml(PATH, text)
    if values is None or values == {}:
        return {}, problems
    if not isinstance(values, list):
        return {}, [
            *problems,
            Problem(Place(PATH), "F125", "The bibliography wants a list.", "Begin each source with “- id:”."),
        ]
    sources: dict[str, Source] = {}
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            problems.append(
                Problem(
                    places.of(index), "F125", "A source wants “key: value” pairs.", "Begin it with “- id:”."
                )
            )
            continue
        source, found = validate(
            Source, value | {"places": Places(places.path, places.by_key, (index,))}, places, (index,)
        )
        problems += found
        if source is None:
            continue
        if source.id in sources:
            first = sources[source.id].places.of().line
            problems.append(
                Problem(
                    places.of(index, "id"),
                    "V211",
                    f"The id “{source.id}” is used already (line {first}).",
                    "Choose another id.",
                )
            )
            continue
        sources[source.id] = source
        problems += _inspect(source)
    return sources, problems


def _inspect(source: Source) -> list[Problem]:
    problems = []
    if source.URL and any(_TRACKING.fullmatch(name) for name, _ in parse_qsl(urlsplit(source.URL).query)):
        problems.append(
            Problem(
                source.places.of("URL"), "V205", "The address carries tracking parameters.", "Cut them off."
            )
        )
    if source.accessed and source.issued and source.issued.first > source.accessed.first:
        problems.append(
            Problem(
                source.places.of("accessed"),
                "V208",
                f"Read on {source.accessed.iso}, before it was published ({source.issued.iso})?",
                "Correct one of the dates.",
            )
        )
    if source.archive and source.URL and "archive" in urlsplit(source.archive).netloc:
        page = re.sub(r"^https?://(www\.)?", "", source.URL).rstrip("/")
        if "http" in source.archive[8:] and page.split("?")[0] not in source.archive:
            problems.append(
                Problem(
                    source.places.of("archive"),
                    "V207",
                    "The archived copy is of another page.",
                    "Correct archive: or URL:.",
                )
            )
    return problems
