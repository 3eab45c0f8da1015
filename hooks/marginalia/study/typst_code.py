"""Python values in, Typst code out. All text goes out as string literals, so none of it can be code.

Source: Typst 0.15 reference, "Syntax". A string literal knows the escapes `\\\\` and `\\"`; nothing else
in it is special, and Typst collapses no white space in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_SIGNS = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029]')
_SPACE = re.compile(r"[^\S\u00a0\u202f\u2009]+")


class Code(str):
    """A Typst expression, in code mode."""

    __slots__ = ()


Value = Code | str | bool | int | float | None | Sequence["Value"] | Mapping[str, "Value"]

NOTHING = Code("[]")


def words(text: str) -> Code:
    """`text` as a string literal, with runs of white space made one space and hard spaces kept."""
    return exactly(_SPACE.sub(" ", text))


def exactly(text: str) -> Code:
    """`text` as a string literal, every character kept, on one line."""
    return Code('"' + _SIGNS.sub(_escaped, text) + '"')


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}" if sign[0] in '\\"' else f"\\u{{{ord(sign[0]):x}}}"


def value(given: Value) -> Code:
    """Any plain value as a Typst expression."""
    if isinstance(given, Code):
        return given
    if given is None:
        return Code("none")
    if isinstance(given, bool):
        return Code("true" if given else "false")
    if isinstance(given, int | float):
        return Code(str(given))
    if isinstance(given, str):
        return words(given)
    if isinstance(given, Mapping):
        pairs = "".join(f"{exactly(name)}: {value(item)}, " for name, item in given.items())
        return Code(f"({pairs})") if pairs else Code("(:)")
    return Code("(" + "".join(f"{value(item)}, " for item in given) + ")")


def call(function: str, *given: Value, **named: Value) -> Code:
    """A call of the template function `function`; `below_it=` becomes the Typst name `below-it:`."""
    shown: list[str] = [value(item) for item in given]
    shown += [f"{name.rstrip('_').replace('_', '-')}: {value(item)}" for name, item in named.items()]
    return Code(f"{function}({', '.join(shown)})")


def join(parts: Iterable[Code]) -> Code:
    """Content made of `parts` in their order."""
    kept = [part for part in parts if part and part != NOTHING]
    if not kept:
        return NOTHING
    return kept[0] if len(kept) == 1 else Code("{" + "; ".join(kept) + "}")


def between(parts: Sequence[Code], separator: str) -> Code:
    """Content made of `parts` with the same words between them."""
    joined: list[Code] = []
    for index, part in enumerate(parts):
        joined += [words(separator), part] if index else [part]
    return join(joined)
