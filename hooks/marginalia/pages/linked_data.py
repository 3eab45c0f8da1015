"""A page's plan in, its schema.org description out, as plain values for JSON-LD.

Source: schema.org, types ClaimReview, DefinedTerm, Article, Place, BreadcrumbList.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..intake.entries import kind_of
from ..model import Country, Edition, FactCheck, ReadingPage, Term
from ..verdicts import VERDICTS
from .atlas import CHECKS, COUNTRIES, GLOSSARY, Plan

_SECTIONS = {
    "fact-checks": ("Fact-checks", CHECKS),
    "glossary": ("Glossary", GLOSSARY),
    "countries": ("Countries and blocs", COUNTRIES),
}


def linked_data(
    plan: Plan, edition: Edition, site: str, addresses: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the page at `plan` is, in schema.org's words.

    `addresses` maps files of docs/ to absolute addresses; it is empty where the site's is not known.
    """
    entry = plan.entry
    if entry is None:
        return []
    address = addresses.get(plan.path)
    publisher = {"@type": "Organization", "name": site}
    described: dict[str, Any] = {"@context": "https://schema.org"}
    if isinstance(entry, FactCheck):
        if entry.verdict in ("opinion", "forecast"):
            described |= {"@type": "Article", "headline": entry.title, "author": publisher}
        else:
            described |= _claim_review(entry, edition, publisher)
    elif isinstance(entry, Term):
        described |= {"@type": "DefinedTerm", "name": entry.title, "description": entry.short}
        if GLOSSARY in addresses:
            described["inDefinedTermSet"] = addresses[GLOSSARY]
    elif isinstance(entry, Country):
        place = {"@type": "Country" if entry.kind == "country" else "Place", "name": entry.title}
        described |= {"@type": "WebPage", "name": entry.title, "description": entry.role, "about": place}
    elif isinstance(entry, ReadingPage):
        described |= {"@type": "Article", "name": entry.title}
        if entry.author:
            described["author"] = {"@type": "Person", "name": entry.author}
    if address:
        described["url"] = address
    return [described, *_breadcrumbs(plan, site, addresses)]


def _claim_review(check: FactCheck, edition: Edition, publisher: Mapping[str, Any]) -> dict[str, Any]:
    author = edition.readings[check.article].page.author
    quoted = check.quote or f"{check.from_} … {check.to}"
    claim: dict[str, Any] = {"@type": "Claim"}
    if author:
        claim["author"] = {"@type": "Person", "name": author}
    return {
        "@type": "ClaimReview",
        "claimReviewed": quoted,
        "itemReviewed": claim,
        "author": publisher,
        "datePublished": check.checked.iso,
        "reviewBody": check.summary,
        "reviewRating": {"@type": "Rating", "alternateName": VERDICTS[check.verdict].word},
    }


def _breadcrumbs(plan: Plan, site: str, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    section = _SECTIONS.get(kind_of(plan.path) or "")
    if section is None or plan.path not in addresses:
        return []
    steps = [(site, "index.md"), section, (plan.title or "", plan.path)]
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": addresses[path]}
        for n, (name, path) in enumerate(steps, 1)
        if path in addresses
    ]
    return [{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}]
