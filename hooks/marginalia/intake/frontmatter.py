"""A Markdown file's text in; its front matter as plain values with places, its body, and problems out.

YAML is read with `BaseLoader`: every scalar is text, so `NO`, `12:30` and `1.10` are what was typed.
Typing is left to the schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from ..problem import Key, Place, Places, Problem

_LIMIT = 64 * 1024
_Fast: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml where it is there; its messages differ, so errors are always told by the Python reader."""


@dataclass(frozen=True)
class Document:
    """A contributed file, taken apart."""

    values: dict[str, Any] | None
    """None where the front matter could not be read."""
    places: Places
    body: str
    body_line: int


def read_text(path: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """The text in a contributed file's bytes, with LF line ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[: error.start].rsplit(b"\n", 1)[-1].decode("utf-8-sig", "replace")
        what = f"Byte 0x{data[error.start]:02X} is not UTF-8."
        return None, [Problem(Place(path, line, len(before) + 1), "F100", what, "Save the file as UTF-8.")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _HIDDEN.search(text)
    if match:
        line = text.count("\n", 0, match.start()) + 1
        return None, [_hidden(match, Place(path, line, match.start() - text.rfind("\n", 0, match.start())))]
    return text, []


_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _hidden(match: re.Match[str], place: Place) -> Problem:
    return Problem(place, "F122", f"A hidden character, U+{ord(match.group()):04X}.", "Retype the space.")


def read(path: str, text: str, required: bool = True) -> tuple[Document | None, list[Problem]]:
    """The parts of a Markdown file. `required`: a file without front matter is a problem."""
    first = text.split("\n", 1)[0]
    if first.rstrip(" \t") != "---":
        problem = _opening(path, text, first, required)
        return (None, [problem]) if problem else (Document({}, Places(path), text, 1), [])
    start = len(first) + 1
    closing = re.compile(r"^---[^\S\n]*$", re.MULTILINE).search(text, start)
    if closing:
        block, body = text[start : closing.start()], text[closing.end() + 1 :]
        body_line = text.count("\n", 0, closing.end()) + 2
    elif text[start:].strip() == "":
        block, body, body_line = "", "", 2
    else:
        what = "The block opened on line 1 is never closed."
        return None, [Problem(Place(path), "F103", what, "Add a line ---.")]
    values, places, problems = _pairs(path, block)
    return Document(values, places, body, body_line), problems


def _pairs(path: str, block: str) -> tuple[dict[str, Any] | None, Places, list[Problem]]:
    """The values of a front matter, the place of each, and problems."""
    if len(block.encode()) > _LIMIT:
        what = "The front matter is over 64 kB."
        return None, Places(path), [Problem(Place(path), "F121", what, "Move prose into the body.")]
    values, places, problems = read_yaml(path, block, first_line=2)
    if values is None or isinstance(values, dict):
        return values, places, problems
    return None, Places(path), [_not_pairs(path, block, values)]


def _not_pairs(path: str, block: str, values: Any) -> Problem:
    rows = block.split("\n")
    index = next(n for n, row in enumerate(rows) if row.strip())
    fault = _common_fault(rows[index])
    if fault and fault[0] in ("F119", "F120"):
        code, column, what, mend = fault
        return Problem(Place(path, index + 2, column + 1), code, what, mend)
    shape = "a list" if isinstance(values, list) else "a single value"
    what = f"Expected “key: value” lines, found {shape}."
    return Problem(Place(path, index + 2), "F106", what, "Write one “key: value” a line.")


def _opening(path: str, text: str, first: str, required: bool) -> Problem | None:
    """The problem with a file that does not open with ---; None where it may."""
    if first.strip() and re.fullmatch(r"[-\u2010-\u2015\u2212]{1,3}\s*", first):
        shown = first.strip()
        name = {"—": "an em dash", "–": "an en dash", "---": "followed by an odd space"}.get(shown)
        what = f"Line 1 is “{shown}”, {name or 'not three hyphens'}."
        return Problem(Place(path), "F105", what, "Type three hyphens.")
    if re.match(r"(?:\s++|#[^\n]*+\n|<!--.*?-->)*+---[^\S\n]*+\n", text, re.DOTALL) and re.search(
        r"^[\w-]+:", text, re.MULTILINE
    ):
        what = "“---” must be the very first line."
        return Problem(Place(path), "F104", what, "Remove what stands before it.")
    if re.match(r"[A-Za-z0-9_ -]+:(?:\s|$)", first):
        what = f"“{first[:40]}” would be taken for metadata and vanish."
        return Problem(
            Place(path), "F109", what, "Put --- lines around the front matter, or a blank line first."
        )
    if required:
        what = "The file does not begin with front matter."
        return Problem(Place(path), "F104", what, "The very first line must be ---.")
    return None


def read_yaml(path: str, block: str, first_line: int = 1) -> tuple[Any, Places, list[Problem]]:
    """The value of one YAML document, the place of each part of it, and problems (then no value)."""
    try:
        events = _events(block)
    except yaml.MarkedYAMLError as error:
        return None, Places(path), [_explain(path, block, error, first_line)]
    except yaml.YAMLError as error:
        what = str(error).split("\n")[0] + "."
        return None, Places(path), [Problem(Place(path, first_line), "F122", what, "Retype the line.")]
    refused = _refused(path, events, first_line)
    if refused:
        return None, Places(path), refused
    node = yaml.compose(block, Loader=_Fast)
    if node is None:
        return {}, Places(path, {(): (first_line, 1)}), []
    tree = _Tree(path, block.split("\n"), first_line)
    return tree.value(node, ()), Places(path, tree.by_key), tree.problems


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


class _Tree:
    """The nodes of one document in; plain values, the place of each, and problems out."""

    def __init__(self, path: str, rows: list[str], first_line: int) -> None:
        self.path = path
        self.rows = rows
        self.first_line = first_line
        self.by_key: dict[Key, tuple[int, int]] = {(): (first_line, 1)}
        self.problems: list[Problem] = []

    def value(self, node: Any, key: Key) -> Any:
        place = self._place(node.start_mark)
        self.by_key.setdefault(key, (place.line, place.column))
        if isinstance(node, yaml.ScalarNode):
            self._look_at(node, place)
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*key, index)) for index, item in enumerate(node.value)]
        values: dict[str, Any] = {}
        for name_node, item in node.value:
            name = self._name(name_node, key, values)
            if name is not None:
                if isinstance(
                    item, yaml.CollectionNode
                ):  # a list is where its key is, a text where it begins
                    place = self._place(name_node.start_mark)
                    self.by_key[(*key, name)] = (place.line, place.column)
                values[name] = self.value(item, (*key, name))
        return values

    def _name(self, node: Any, key: Key, values: dict[str, Any]) -> str | None:
        """The name in a key, where it is one and a new one; its place is that of the key."""
        place = self._place(node.start_mark)
        if not isinstance(node, yaml.ScalarNode):
            self._say(place, "F106", "A key that is not a word.", "Write “key: value”.")
            return None
        name: str = node.value
        odd = next((c for c in name if c in "“”‘’\u00a0"), None)
        if odd:
            what = f"U+{ord(odd):04X} in the key “{name}”: YAML wants plain quotes and spaces."
            self._say(place, "F119", what, "Retype it.")
            name = name.strip("“”‘’\u00a0")
        if name in values:
            earlier = self.by_key[(*key, name)][0]
            what = f"“{name}” is given twice (first on line {earlier})."
            self._say(place, "F108", what, "Keep one of them.")
            return None
        return name

    def _look_at(self, node: Any, place: Place) -> None:
        if node.style == '"':  # the only place for escapes
            hidden = _HIDDEN.search(node.value)
            if hidden:
                self.problems.append(_hidden(hidden, place))
        if node.style or not node.value:  # in quotes, or a block: a # is a #
            return
        end = node.end_mark
        row = self.rows[end.line] if end.line < len(self.rows) else ""
        comment = re.match(r"\s+#.", row[end.column :]) if "#" in row else None
        if comment:
            where = Place(self.path, end.line + self.first_line, end.column + comment.end() - 1)
            what = "Everything after “ #” is a comment."
            self._say(where, "F117", what, "Put the value in quotes if it is not.")

    def _place(self, mark: Any) -> Place:
        return Place(self.path, mark.line + self.first_line, mark.column + 1)

    def _say(self, place: Place, code: str, what: str, mend: str) -> None:
        self.problems.append(Problem(place, code, what, mend))


# --- what a YAML error means ----------------------------------------------------------------------

_Fault = tuple[str, int, str, str]
"""A code, a column counted from 0, what is wrong, how to mend it."""


def _explain(path: str, block: str, error: yaml.MarkedYAMLError, first_line: int) -> Problem:
    """A YAML error in words a contributor can act on."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    rows = block.split("\n")
    for at in (line, line - 1):  # the scanner often stops one line late
        found = _common_fault(rows[at]) if 0 <= at < len(rows) else None
        if found:
            code, where, what, mend = found
            return Problem(Place(path, at + first_line, where + 1), code, what, mend)
    opened = error.context_mark
    if opened and re.search("quoted scalar|flow (sequence|mapping)", error.context or ""):
        what = f"“{rows[opened.line][opened.column]}” is opened here and never closed."
        return Problem(
            Place(path, opened.line + first_line, opened.column + 1), "F101", what, "Close it on this line."
        )
    line = min(line, max(len(rows) - 1, 0))
    place = Place(path, line + first_line, min(column, len(rows[line])) + 1)
    if re.search(
        "mapping values are not allowed|<block end>|could not find expected ':'", error.problem or ""
    ):
        return Problem(
            place, "F101", "The line does not fit the lines before it.", "Line up keys; write “key: value”."
        )
    what = (error.problem or "this cannot be read").strip()
    return Problem(place, "F101", f"Not YAML: {what}.", "Put the value in quotes.")


_START = r"\s*(?:- )?"
_KEY = rf"{_START}[\w-]+: +"


def _common_fault(row: str) -> _Fault | None:
    if "\t" in row[: len(row) - len(row.lstrip())] or re.match(r"\s*[\w-]+:\t", row):
        return "F102", row.index("\t"), "A tab.", "YAML wants spaces."
    match = re.match(r" *([^\S \n])|\s*(?:- )?[\w-]+:?([^\S \n]|：)", row)
    if match:
        odd = match[1] or match[2]
        what = f"U+{ord(odd):04X} where YAML wants a plain {'colon' if odd == '：' else 'space'}."
        return "F119", match.end() - 1, what, "Retype it."
    match = re.match(rf"{_KEY}([@*&%`!|>\[{{])", row)
    if match and not (match[1] in "[{" and row.rstrip().endswith(("]", "}"))):
        if re.fullmatch(r"[\[{][\w-]*(, *[\w-]+)*,? *", row[match.start(1) :]):
            return (
                "F101",
                match.start(1),
                f"“{match[1]}” is opened here and never closed.",
                "Close it on this line.",
            )
        what = f"A value that begins with “{match[1]}” must be quoted."
        return "F116", match.start(1), what, "Put it in quotes."
    match = re.match(rf"{_KEY}(\"[^\"]*\"|'[^']*') *[^\s,#\]}}]", row)
    if match:
        return "F118", match.end(1), "Text follows a closing quote.", "Quote the whole value or none of it."
    match = re.match(rf"{_KEY}([\"'])(?:(?!\1).)*$", row)
    if match:
        what = f"“{match[1]}” is opened here and never closed."
        return "F101", match.start(1), what, "Close it on this line."
    match = re.match(rf"{_KEY}[^\"'\s].*?(: )", row)
    if match:
        return "F101", match.start(1), "“: ” inside a value.", "Put the value in quotes."
    match = re.match(rf"{_START}([A-Za-z][\w-]*):(?=[^\s/])", row)
    if match:
        return "F120", match.end(), "No space after the colon.", "Put a space after it."
    return None
