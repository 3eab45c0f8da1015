"""A contributed Markdown body in, what is unsafe or broken in it out.

Raw HTML is refused here, and the Markdown extension does not read it either: two locks.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote

from ..likeness import did_you_mean
from ..model import Entry
from ..problem import Lines, Place, Problem

CITATION = re.compile(r"\[(@[^\[\]\n]*(?:\n[^\[\]\n]+)?)\](?!\()")
"""A bracket that begins with @: one or more citations, `[@id, p. 3; @other]`."""
_ONE = re.compile(r"@([a-z0-9]+(?:-[a-z0-9]+)*)(?:,\s*(.+))?", re.DOTALL)

# No expression below can run over the same characters again and again: a bracket never looks past
# the next bracket, a mark of code never past a blank line.
_CODE = re.compile(
    r"^(?P<f>`{3,}+|~{3,}+).*?^(?P=f)[^\S\n]*$"
    r"|(?<![`\\])(?P<t>`++)(?:(?!\n[^\S\n]*\n).)+?(?<!`)(?P=t)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_TAG = re.compile(r"<(?:/?[A-Za-z][\w-]*|!--|!\[|!DOCTYPE|[?])", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:[A-Za-z][\w+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
_INLINE_LINK = re.compile(r"\]\(\s*(<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")
_PICTURE = re.compile(r"!\[([^\[\]]*)\](?:\(\s*<?([^\s()<>]*)|\[([^\[\]\n]*)\])")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]^@][^\[\]]*)\]:\s*(<[^<>\n]*>|\S+)", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\](?!:)")
_NOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\[\]\s]+)\]:", re.MULTILINE)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[([^\[\]\n]*)\]")
_HEADING = re.compile(r"^ {0,3}#{1,6}[^\S\n]*([^\n]+)$|^([^\s][^\n]*)\n(?:=+|-+)[^\S\n]*$", re.MULTILINE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_MAY_HIDE_A_COLON = re.compile("[:&%]")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def scheme_of(address: str) -> str | None:
    """The scheme of a link as a browser would see it: entities, escapes and odd spaces undone."""
    if not _MAY_HIDE_A_COLON.search(address):
        return None
    plain = unquote(html.unescape(address))
    plain = re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u200b\ufeff\\]", "", plain)
    match = _SCHEME.match(plain)
    return match[1].lower() if match else None


def safe_link(address: str) -> bool:
    """Whether a link goes to a page and cannot run script."""
    scheme = scheme_of(address)
    return scheme is None or scheme in _SAFE_SCHEMES


def elsewhere(address: str) -> bool:
    """Whether something is fetched from another server."""
    return scheme_of(address) is not None or address.strip().startswith(("//", "\\\\"))


def citations(bracket: str) -> list[tuple[str, str | None]] | None:
    """The ids and places in one citation bracket, or None where it cannot be read."""
    found = []
    for part in bracket.split(";"):
        match = _ONE.fullmatch(part.strip())
        if not match:
            return None
        found.append((match[1], " ".join(match[2].split()) if match[2] else None))
    return found


def lint_body(path: str, body: str, first_line: int, pages: Collection[str]) -> Iterator[Problem]:
    """Problems of any Markdown body. `path` is relative to docs/; `pages` are all paths in docs/."""
    text = _CODE.sub(_blank, body)
    at = Lines(f"docs/{path}", body, first_line).at
    opened: dict[str, int] = {}
    for match in _TAG.finditer(_AUTOLINK.sub(lambda m: " " * len(m.group()), text)):
        tag = match.group().lower()
        if tag.startswith("</") and opened.get(tag[2:]):
            opened[tag[2:]] -= 1
            continue  # told of where it was opened
        opened[tag[1:]] = opened.get(tag[1:], 0) + 1
        shown = f"{tag}>" if tag[-1].isalnum() else tag
        yield Problem(
            at(match.start()), "X401", f"Raw HTML, {shown}, is not allowed.", "Write it as Markdown."
        )
    addresses = [(m.start(1), m[1]) for m in _INLINE_LINK.finditer(text)]
    addresses += [(m.start(2), m[2]) for m in _DEFINITION.finditer(text)]
    addresses += [(m.start() + 1, m.group()[1:-1]) for m in _AUTOLINK.finditer(text) if ":" in m.group()]
    for offset, address in addresses:
        yield from _address(path, address.strip("<>"), at(offset), pages)
    yield from _pictures(text, at)
    yield from _nesting(text, at)
    for match in _HEADING.finditer(text):
        group = 1 if match[1] else 2
        heading = body[match.start(group) : match.end(group)]  # with the code in it
        if re.match(r"[^\w-]*__(?!.*\w__)", heading.replace("\\_", "_")):
            what = f"The address of “{heading.strip()}” would begin with __."
            yield Problem(at(match.start()), "X406", what, "Begin the heading otherwise.")
    yield from _references(text, at)
    for match in CITATION.finditer(text):
        if citations(match[1]) is None:
            yield Problem(
                at(match.start()),
                "L414",
                f"“[{' '.join(match[1].split())}]” cannot be read as a citation.",
                "Write [@id] or [@id, p. 3].",
            )


def _address(path: str, address: str, place: Place, pages: Collection[str]) -> Iterator[Problem]:
    if not safe_link(address):
        yield Problem(place, "X404", f"A link with the scheme “{scheme_of(address)}:”.", "Link to a page.")
        return
    if scheme_of(address) or address.startswith(("#", "//")) or not address:
        return
    if address.startswith("/"):
        yield Problem(place, "L403", f"“{address}” begins with a slash.", "Write the path from this file.")
        return
    target = posixpath.normpath(
        posixpath.join(posixpath.dirname(path), unquote(address).split("#")[0].split("?")[0])
    )
    if target.startswith("../"):
        yield Problem(place, "X407", f"“{address}” leaves docs/.", "Link to a page of the site.")
    elif target not in pages and address.split("#")[0]:
        guess = did_you_mean(target, pages)
        here = posixpath.dirname(path) or "."
        match = re.search("“(.*)”", guess)
        mend = f"Did you mean “{posixpath.relpath(match[1], here)}”?" if match else "Correct the path."
        yield Problem(place, "L401", f"There is no page “{address}”.", mend)


def _pictures(text: str, at: Callable[[int], Place]) -> Iterator[Problem]:
    defined = {m[1].lower(): m[2].strip("<>") for m in _DEFINITION.finditer(text)}
    for match in _PICTURE.finditer(text):
        words, address, name = match.groups()
        if not words.strip():
            what = "A picture without words for those who cannot see it."
            yield Problem(at(match.start()), "L410", what, "Say what it shows: ![words](picture.svg).")
        if address is None:
            address = defined.get((name or words).lower(), "")
        if scheme_of(address) in ("http", "https") or address.startswith("//"):
            what = f"The picture is loaded from another site: {address}."
            yield Problem(at(match.start()), "X413", what, "Put the picture into docs/.")


_DEEP = re.compile(
    r"^[^\S\n]*+(?:(?:[-+*]|\d{1,9}\.)[^\S\n]++|>[^\S\n]*+){13}|^ {52,}+(?:[-+*]|\d{1,9}\.)\s", re.MULTILINE
)
_MOST_OPEN = 100


def _nesting(text: str, at: Callable[[int], Place]) -> Iterator[Problem]:
    """The first place where the converter would lose itself."""
    deep = _DEEP.search(text)
    open_ = [sign for sign, end in ("[]", "()") if text.count(sign) - text.count(end) > _MOST_OPEN]
    if deep or open_:
        what = (
            "Lists or quotations more than twelve deep."
            if deep
            else f"Over {_MOST_OPEN} “{open_[0]}” never closed."
        )
        place = at(deep.start() if deep else text.index(open_[0]))
        yield Problem(place, "L416", what, "Close the brackets, and nest at most twelve deep.")


def _references(text: str, at: Callable[[int], Place]) -> Iterator[Problem]:
    noted: dict[str, int] = {}
    for match in _NOTE_TEXT.finditer(text):
        if match[1] in noted:
            yield Problem(at(match.start()), "L408", f"The note [^{match[1]}] is defined twice.", "Keep one.")
        noted.setdefault(match[1], match.start())
    called = {m[1]: m.start() for m in reversed(list(_NOTE_MARK.finditer(text)))}
    for name, offset in called.items():
        if name not in noted:
            yield Problem(at(offset), "L406", f"There is no note [^{name}].", f"Write it: [^{name}]: …")
    for name, offset in noted.items():
        if name not in called:
            yield Problem(
                at(offset),
                "L407",
                f"Nothing calls the note [^{name}].",
                "Put its mark into the text, or remove it.",
            )
    defined = {m[1].lower() for m in _DEFINITION.finditer(text)}
    for match in _REFERENCE.finditer(text):
        name = (match[2] or match[1]).lower()
        if name not in defined and not name.startswith(("^", "@")):
            yield Problem(
                at(match.start()),
                "L409",
                f"The link reference [{match[2] or match[1]}] is not defined.",
                "Write its definition, or link in place.",
            )


def lint_inset(entry: Entry) -> Iterator[Problem]:
    """Problems of an entry whose body shares its page with others, or with an article’s notes: names and numbers clash."""
    text = _CODE.sub(_blank, entry.body)
    at = Lines(entry.places.path, entry.body, entry.body_line).at
    for pattern, noun in ((_NOTE_TEXT, "note"), (_DEFINITION, "link definition")):
        for match in pattern.finditer(text):
            what = f"The {noun} “{match[1]}” stands in a text that shares its page with others."
            yield Problem(at(match.start()), "L417", what, "Say it in the text, or link in place.")


def lint_citations(entry: Entry, cited_elsewhere: Collection[str] = ()) -> Iterator[Problem]:
    """Problems between the citations in an entry's body and its list of sources."""
    listed = [s.id for s in entry.sources]
    cited: set[str] = set(cited_elsewhere)
    at = Lines(entry.places.path, entry.body, entry.body_line).at
    for match in CITATION.finditer(_CODE.sub(_blank, entry.body)):
        for source, _ in citations(match[1]) or ():
            cited.add(source)
            if source not in listed:
                what = f"“{source}” is not among the entry’s sources."
                yield Problem(at(match.start()), "L413", what, "Add it to sources: with its place (at:).")
    if not cited <= set(listed):
        return  # a source that seems unused may be one whose id is misspelt in the text
    for index, source in enumerate(listed):
        if source not in cited:
            what = f"The text never cites “{source}”."
            mend = "Cite it where it supports the text, or remove it."
            yield Problem(entry.places.of("sources", index), "L415", what, mend)
