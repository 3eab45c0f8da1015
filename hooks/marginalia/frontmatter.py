"""A Markdown file's text in; its front matter as plain values with places, its body, and problems out.

YAML is read with `BaseLoader`: every scalar is text, so `NO`, `12:30` and `1.10` are what was typed.
Typing is left to the schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from .problem import Key, Place, Places, Problem

_LIMIT = 64 * 1024
_Fast: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml where it is there; its messages differ, so errors are always told by the Python reader."""


@dataclass(frozen=True)
class Document:
    """A contributed file, taken apart."""

    values: dict[str, Any]
    places: Places
    body: str
    body_line: int


def read_text(path: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """The text in a contributed file's bytes, with LF line ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [
            Problem(
                Place(path, line),
                "F100",
                f"Byte 0x{data[error.start]:02X} is not UTF-8.",
                "Save the file as UTF-8.",
            )
        ]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]", text)
    if match:
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        name = f"U+{ord(match.group()):04X}"
        return None, [
            Problem(Place(path, line, column), "F122", f"A hidden character, {name}.", "Retype the space.")
        ]
    return text, []


def read(path: str, text: str, required: bool = True) -> tuple[Document | None, list[Problem]]:
    """The parts of a Markdown file. `required`: a file without front matter is a problem."""
    opening = _opening(path, text, required)
    if opening is not None:
        return (None, [opening]) if opening.code else (Document({}, Places(path), text, 1), [])
    closing = re.search(r"^---[^\S\n]*$", text[4:], re.MULTILINE)
    if text[3:].strip() == "":
        block, body, body_line = "", "", 2
    elif not closing:
        return None, [
            Problem(Place(path), "F103", "The block opened on line 1 is never closed.", "Add a line ---.")
        ]
    else:
        block = text[4 : 4 + closing.start()]
        rest = text[4 + closing.end() :]
        body = rest.removeprefix("\n")
        body_line = text.count("\n", 0, 4 + closing.end()) + 2
    if len(block.encode()) > _LIMIT:
        return None, [
            Problem(Place(path), "F121", "The front matter is over 64 kB.", "Move prose into the body.")
        ]
    values, places, problems = read_yaml(path, block, first_line=2)
    if values is None:
        return None, problems
    if not isinstance(values, dict):
        shape = "a list" if isinstance(values, list) else "a single value"
        return None, [
            Problem(
                Place(path, 2),
                "F106",
                f"Expected “key: value” lines, found {shape}.",
                "Write one “key: value” a line.",
            )
        ]
    return Document(values, places, body, body_line), problems


def _opening(path: str, text: str, required: bool) -> Problem | None:
    """None where the file opens with ---; else the problem, with no code where there is none."""
    first = text.split("\n", 1)[0]
    if first.rstrip(" \t") == "---":
        return None
    if re.fullmatch(r"(?:[-\u2010-\u2015\u2212]{1,3})[\s\u00a0]*", first) and first.strip():
        name = {"—": "an em dash", "–": "an en dash"}.get(first.strip(), "not three hyphens")
        return Problem(Place(path), "F105", f"Line 1 is “{first.strip()}”, {name}.", "Type three hyphens.")
    if re.match(r"\s*(#[^\n]*\n\s*|<!--.*?-->\s*)*---[^\S\n]*\n", text, re.DOTALL) and re.search(
        r"^[\w-]+:", text, re.M
    ):
        return Problem(
            Place(path), "F104", "“---” must be the very first line.", "Remove what stands before it."
        )
    if re.match(r"[A-Za-z0-9_ -]+:(?:\s|$)", first) and not first.startswith("http"):
        return Problem(
            Place(path),
            "F109",
            f"“{first[:40]}” would be taken for metadata and vanish.",
            "Put --- lines around the front matter, or a blank line first.",
        )
    if required:
        return Problem(
            Place(path),
            "F104",
            "The file does not begin with front matter.",
            "The very first line must be ---.",
        )
    return Problem(Place(path), "", "")


def read_yaml(path: str, block: str, first_line: int = 1) -> tuple[Any, Places, list[Problem]]:
    """The value of one YAML document, the place of each part of it, and problems (then no value)."""
    try:
        events = _events(block)
    except yaml.MarkedYAMLError as error:
        return None, Places(path), [_explain(path, block, error, first_line)]
    except yaml.YAMLError as error:
        return (
            None,
            Places(path),
            [Problem(Place(path, first_line), "F122", f"{error}".split("\n")[0] + ".", "Retype the line.")],
        )
    refused = _refused(path, events, first_line)
    if refused:
        return None, Places(path), refused
    try:
        node = yaml.compose(block, Loader=_Fast)
    except RecursionError:
        return (
            None,
            Places(path),
            [Problem(Place(path, first_line), "F125", "Nested too deeply.", "See the examples.")],
        )
    by_key: dict[Key, tuple[int, int]] = {(): (first_line, 1)}
    problems: list[Problem] = []
    value = {} if node is None else _value(node, (), by_key, problems, path, first_line)
    problems += _comments(path, block, first_line)
    return value, Places(path, by_key), problems


def _events(block: str) -> list[Any]:
    try:
        return list(yaml.parse(block, Loader=_Fast))
    except yaml.YAMLError:
        return list(yaml.parse(block, Loader=yaml.BaseLoader))


def _refused(path: str, events: list[Any], first_line: int) -> list[Problem]:
    problems, documents, depth = [], 0, 0
    for event in events:
        place = Place(path, event.start_mark.line + first_line, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                problems.append(Problem(place, "F123", "A second block.", "Keep one block only."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth == 12:
                problems.append(Problem(place, "F125", "Nested too deeply.", "See the examples."))
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if (
            isinstance(event, yaml.AliasEvent)
            or getattr(event, "anchor", None)
            or getattr(event, "tag", None)
        ):
            problems.append(
                Problem(
                    place,
                    "F121",
                    "Tags, anchors and aliases are not allowed here.",
                    "Write the value out, or put it in quotes.",
                )
            )
    return problems


def _value(
    node: Any, key: Key, by_key: dict[Key, tuple[int, int]], problems: list[Problem], path: str, first: int
) -> Any:
    by_key.setdefault(key, (node.start_mark.line + first, node.start_mark.column + 1))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*key, n), by_key, problems, path, first) for n, item in enumerate(node.value)]
    values: dict[str, Any] = {}
    for name_node, item in node.value:
        place = Place(path, name_node.start_mark.line + first, name_node.start_mark.column + 1)
        if not isinstance(name_node, yaml.ScalarNode):
            problems.append(Problem(place, "F106", "A key that is not a word.", "Write “key: value”."))
            continue
        name = name_node.value
        if name in values:
            earlier = by_key[(*key, name)][0]
            problems.append(
                Problem(
                    place, "F108", f"“{name}” is given twice (first on line {earlier}).", "Keep one of them."
                )
            )
            continue
        if any(c in name for c in "“”‘’\u00a0"):
            odd = next(c for c in name if c in "“”‘’\u00a0")
            problems.append(
                Problem(
                    place,
                    "F119",
                    f"U+{ord(odd):04X} in the key “{name}”: YAML wants plain quotes and spaces.",
                    "Retype it.",
                )
            )
            continue
        if isinstance(item, yaml.ScalarNode) and item.value == "" and item.style is None:
            by_key[(*key, name)] = (place.line, place.column)
            problems.append(Problem(place, "F124", f"“{name}” is empty.", "Give a value or remove the key."))
            continue
        at_key = isinstance(item, yaml.CollectionNode)
        if at_key:
            by_key[(*key, name)] = (place.line, place.column)
        values[name] = _value(item, (*key, name), by_key, problems, path, first)
    return values


def _comments(path: str, block: str, first_line: int) -> list[Problem]:
    problems = []
    for index, row in enumerate(block.split("\n")):
        match = re.match(r"\s*(?:- )?[\w-]+: +(?![\"'#\[{|>])(?:(?! #).)+( #.+)$", row)
        if match:
            place = Place(path, first_line + index, match.start(1) + 2)
            problems.append(
                Problem(
                    place,
                    "F117",
                    "Everything after “ #” is a comment.",
                    "Put the value in quotes if it is not.",
                )
            )
    return problems


def _explain(path: str, block: str, error: yaml.MarkedYAMLError, first_line: int) -> Problem:
    """A YAML error in words a contributor can act on."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    rows = block.split("\n")
    row = rows[line] if line < len(rows) else ""
    for at in (line, line - 1):  # the scanner often stops one line late
        found = _common_fault(rows[at]) if 0 <= at < len(rows) else None
        if found:
            code, where, what, mend = found
            return Problem(Place(path, at + first_line, where + 1), code, what, mend)
    what = (error.problem or "this cannot be read").strip()
    return Problem(
        Place(path, min(line, max(len(rows) - 1, 0)) + first_line, min(column, len(row)) + 1),
        "F101",
        f"Not YAML: {what}.",
        "Put the value in quotes.",
    )


def _common_fault(row: str) -> tuple[str, int, str, str] | None:
    if "\t" in row[: len(row) - len(row.lstrip())] or re.match(r"\s*[\w-]+:\t", row):
        return "F102", row.index("\t"), "A tab.", "YAML wants spaces."
    match = re.match(r"\s*(?:- )?(?:[\w-]+: +)([@*&%`!|>\[{])", row)
    if match and not (match[1] in "[{" and row.rstrip().endswith(("]", "}"))):
        return (
            "F116",
            match.start(1),
            f"A value that begins with “{match[1]}” must be quoted.",
            "Put it in quotes.",
        )
    match = re.match(r"\s*(?:- )?(?:[\w-]+: +)(\"[^\"]*\"|'[^']*') *[^\s,#\]}]", row)
    if match:
        return "F118", match.end(1), "Text follows a closing quote.", "Quote the whole value or none of it."
    match = re.match(r"\s*(?:- )?[\w-]+: +[^\"'\s].*?(: )", row)
    if match:
        return "F101", match.start(1), "“: ” inside a value.", "Put the value in quotes."
    match = re.match(r"\s*(?:- )?([A-Za-z][\w-]*):(?=[^\s/])", row)
    if match:
        return "F120", match.end(), "No space after the colon.", "Put a space after it."
    return None
