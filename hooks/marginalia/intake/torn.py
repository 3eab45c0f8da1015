"""Values that a schema refuses in, values that it takes out: stand-ins where something could not be read.

So one fault in a file hides no other: its quote is still looked for, its sources and ids are still asked
after. Whoever looks at such an entry asks `Entry.sound` before it judges by what is there, or is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import is_dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from ..likeness import likeliest
from ..model import Day
from ..problem import Key

_WORD = "what-could-not-be-read"
"""Fits wherever words or an id are wanted, and is nothing that somebody would write."""


def meant(unknown: str, given: Iterable[str], allowed: Iterable[str]) -> set[Key]:
    """The keys that one unknown key may have been meant for: one that is like it, else any that is not given."""
    absent = set(allowed) - set(given)
    best = likeliest(unknown, allowed)
    return {(best,)} if best in absent else {(name,) for name in absent}


def patched(kind: type[Any], values: Mapping[str, Any], torn: Iterable[Key]) -> dict[str, Any]:
    """`values` with a stand-in at each key of `torn` that `kind` cannot do without, and without the others."""
    whole = deepcopy(dict(values))
    for key in torn:
        _patch(kind, whole, key)
    return whole


def _patch(kind: type[Any], values: dict[str, Any], key: Key) -> None:
    name, *inside = str(key[0]), *key[1:]
    field = next((f for n, f in kind.__pydantic_fields__.items() if (f.alias or n) == name), None)
    items = get_args(field.annotation) if field and get_origin(field.annotation) is tuple else ()
    if inside and items:
        index, *deeper = inside
        if deeper:
            _patch(items[0], values[name][index], tuple(deeper))
        else:
            values[name][index] = _stand_in(items[0])
    elif field and field.is_required():
        values[name] = _stand_in(field.annotation)
    else:
        values.pop(name, None)


def _stand_in(wanted: Any) -> Any:
    """Something that is taken where `wanted`, the type of a field, is asked for."""
    if get_origin(wanted) is Annotated:
        return _stand_in(get_args(wanted)[0])
    if get_origin(wanted) is Literal:
        return get_args(wanted)[0]
    if is_dataclass(wanted) and wanted is not Day:
        fields: Mapping[str, Any] = vars(wanted)["__pydantic_fields__"]
        return {f.alias or n: _stand_in(f.annotation) for n, f in fields.items() if f.is_required()}
    return {Day: Day(2000, 1, 1), int: 1}.get(wanted, _WORD)
