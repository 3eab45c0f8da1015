"""A branch of `choose` in a style in, whether an item takes it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from xml.etree.ElementTree import Element

from .item import Item
from .terms import NS

Test = Callable[[Item], bool]
_NEVER = ("is-uncertain-date", "locator", "position", "disambiguate")
"""What is true only of citations in running text, or of dates that we do not have."""


def test_of(branch: Element) -> Test:
    """Whether an item takes a branch of `choose`."""
    if branch.tag == f"{NS}else":
        return lambda item: True
    tests = list(_tests(branch))
    match = branch.get("match", "all")
    if match == "any":
        return lambda item: any(test(item) for test in tests)
    if match == "none":
        return lambda item: not any(test(item) for test in tests)
    return lambda item: all(test(item) for test in tests)


def _tests(branch: Element) -> Iterable[Test]:
    for name in branch.get("type", "").split():
        yield partial(_is_type, name)
    for name in branch.get("variable", "").split():
        yield partial(_has, name)
    for name in branch.get("is-numeric", "").split():
        yield partial(_is_numeric, name)
    for attribute in _NEVER:
        if attribute in branch.attrib:
            yield lambda item: False


def _is_type(name: str, item: Item) -> bool:
    return item.type == name


def _has(name: str, item: Item) -> bool:
    return item.has(name)


def _is_numeric(name: str, item: Item) -> bool:
    return item.is_numeric(name)
