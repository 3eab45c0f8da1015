"""What was given and what there is in, “Did you mean …?” out. For messages only: nothing is attached by likeness."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def likeliest(given: str, allowed: Iterable[str]) -> str | None:
    """The one of `allowed` that `given` was probably meant for."""
    best = process.extractOne(given[:200], sorted(allowed), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else None


def did_you_mean(given: str, allowed: Iterable[str]) -> str:
    """“Did you mean …?” with the likeliest of `allowed`, or the list of them where it is short."""
    choices = sorted(allowed)
    best = likeliest(given, choices)
    if best:
        return f"Did you mean “{best}”?"
    return f"One of: {', '.join(choices)}." if 0 < len(choices) <= 16 else "Correct it or remove it."
