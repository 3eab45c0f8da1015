"""The words and shapes of the verdicts, and what each means. One list for pages, print and data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Grade:
    """One verdict as readers see it."""

    word: str
    meaning: str
    shape: str
    """The name of its drawing in `overrides/fragments/_shapes.html`."""


VERDICTS: dict[str, Grade] = {
    "accurate": Grade("Accurate", "The sources bear the statement out, in substance and in detail.", "disc"),
    "mostly-accurate": Grade(
        "Mostly accurate",
        "Right in substance; a detail is off or left out, and it does not change the point.",
        "disc-three-quarters",
    ),
    "needs-context": Grade(
        "Needs context",
        "True as far as it goes, but a reader who knows only this would be misled about something that matters.",
        "disc-half",
    ),
    "disputed": Grade(
        "Disputed", "Informed people disagree, and the evidence does not settle it.", "diamond-half"
    ),
    "unsupported": Grade(
        "Unsupported", "We found nothing that bears it out. That is not proof that it is false.", "ring"
    ),
    "inaccurate": Grade("Inaccurate", "The sources contradict it.", "cross"),
    "opinion": Grade(
        "Opinion",
        "A judgment or a reading of motives: evidence bears on it, but no check can settle it.",
        "quote",
    ),
    "forecast": Grade(
        "Forecast", "A statement about the future: it can be checked only when the time has come.", "arrow"
    ),
}

CONFIDENCE: dict[str, str] = {
    "high": "Several independent or authoritative sources agree, or the matter can be read off the text itself.",
    "medium": "The sources are good but few, partial or second-hand.",
    "low": "The verdict rests on thin evidence and may well change.",
}

KINDS: dict[str, str] = {
    "fact": "Fact",
    "quotation": "Quotation",
    "attribution": "Attribution",
    "causal": "Cause and effect",
    "opinion": "Opinion",
    "forecast": "Forecast",
}

MODES: dict[str, str] = {
    "blunting": "Blunting: building the means to defend oneself",
    "broadening": "Broadening: more partners",
    "boosting": "Boosting: raising concerns in forums of many states",
    "binding": "Binding: tying the great powers in",
    "other": "Other",
}

FAMILIES: dict[str, str] = {
    "hedging": "Ways of hedging",
    "grand-strategy": "Grand strategies",
    "order": "World order",
    "alliances": "Alliances",
    "doctrines": "Doctrines and documents",
    "economics": "Trade and interdependence",
    "theory": "Theory and argument",
}

SOURCE_KINDS: dict[str, str] = {
    "primary": "Primary source",
    "official": "Official",
    "scholarly": "Scholarly",
    "press": "Press",
    "commentary": "Commentary",
    "reference": "Reference",
}

CONSULTED: dict[str, str] = {
    "whole": "read whole",
    "excerpt": "read in an archived excerpt",
    "quoted-elsewhere": "known from quotation elsewhere",
    "not-consulted": "not consulted",
}

RELATIONS: dict[str, str] = {
    "refers": "The article refers to it",
    "presupposes": "The article presupposes it",
    "context": "Needed to judge the article",
    "after": "After the article",
}

QUESTION_KINDS: dict[str, str] = {
    "warm-up": "Before reading",
    "comprehension": "Comprehension",
    "vocabulary": "Vocabulary in context",
    "evidence": "Evaluate the evidence",
    "compare": "Compare",
    "discussion": "Discussion",
    "task": "Longer task",
    "exit": "Exit ticket",
}
