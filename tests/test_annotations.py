"""Fact-checks as Web Annotations: read back, each finds the words that it was made from, and no others."""

from __future__ import annotations

import json
from typing import Any

from conftest import ROOT
from marginalia.anchoring.quotes import locate, searchable
from marginalia.edition.load import load
from marginalia.export.annotations import annotation_page
from marginalia.model import Edition, Quoting
from marginalia.problem import Places
from sites.workshop import published


def _edition() -> Edition:
    return load(ROOT)[0]


def _items(edition: Edition) -> list[dict[str, Any]]:
    page = json.loads(annotation_page(edition, lambda path: f"https://site.example/{path}"))
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    items: list[dict[str, Any]] = page["items"]
    return items


def test_read_back_it_is_the_same_edition() -> None:
    """Round trip: a selector, taken as an entry's `quote`, `prefix` and `suffix`, leads to the same span."""
    edition = _edition()
    items = iter(_items(edition))
    for reading in edition.readings.values():
        here = searchable(reading.article)
        for checked in reading.checks:
            item = next(items)
            assert item["id"].endswith(checked.check.path)
            targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
            assert len(targets) == len(checked.spans)
            for target, span in zip(targets, checked.spans, strict=True):
                told = target["selector"]
                assert told["exact"] == reading.article.words(span)
                quoting = Quoting(quote=told["exact"], prefix=told.get("prefix"), suffix=told.get("suffix"))
                found, problems = locate(quoting, Places(""), here)
                assert problems == []
                assert found == (span,)


def test_each_has_what_the_model_asks_for() -> None:
    for item in _items(_edition()):
        assert item["type"] == "Annotation"
        assert item["motivation"] == "assessing"
        assert [body["purpose"] for body in item["body"]] == ["classifying", "assessing"]
        assert all(body["value"] for body in item["body"])


def test_the_site_offers_it() -> None:
    page = json.loads((published() / "fact-checks" / "annotations.jsonld").read_text("utf-8"))
    assert len(page["items"]) == len(_edition().checks)
    index = (published() / "fact-checks" / "index.html").read_text("utf-8")
    assert 'href="annotations.jsonld"' in index
