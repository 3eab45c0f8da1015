"""A reading in, its fact-checks as W3C Web Annotations out, as plain values for JSON-LD.

Source: Web Annotation Data Model, https://www.w3.org/TR/annotation-model/ (W3C Recommendation, 2017):
an annotation whose motivation is `assessing`, and whose target is told by a TextQuoteSelector.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..model import Checked, Edition, Reading, Span
from ..verdicts import VERDICTS

_BESIDE = 32
"""Characters before and behind a quote that tell it from its like."""

Address = Callable[[str], str]
"""The address of the page whose file is the given one, relative to docs/."""


def annotation_page(edition: Edition, address: Address) -> str:
    """Every fact-check of `edition` as an AnnotationPage, in JSON-LD."""
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [
            _annotation(reading, checked, address)
            for reading in edition.readings.values()
            for checked in reading.checks
        ],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _annotation(reading: Reading, checked: Checked, address: Address) -> dict[str, Any]:
    check = checked.check
    targets = [
        {"source": address(reading.page.path), "selector": _selector(reading, span)} for span in checked.spans
    ]
    return {
        "id": address(check.path),
        "type": "Annotation",
        "motivation": "assessing",
        "created": f"{check.checked.iso}T00:00:00Z",
        "rights": "https://creativecommons.org/licenses/by/4.0/",
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "value": VERDICTS[check.verdict].word},
            {
                "type": "TextualBody",
                "purpose": "assessing",
                "format": "text/plain",
                "language": "en",
                "value": check.summary,
            },
        ],
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _selector(reading: Reading, span: Span) -> dict[str, str]:
    text = reading.article.text
    words = {
        "exact": text[span.start : span.end],
        "prefix": text[max(span.start - _BESIDE, 0) : span.start],
        "suffix": text[span.end : span.end + _BESIDE],
    }
    return {"type": "TextQuoteSelector"} | {key: value for key, value in words.items() if value}
