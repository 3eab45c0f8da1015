"""A PDF as Typst writes it in, the same objects in less than half the room out.

Typst writes every object in the clear, and a tagged book has some fifteen thousand of them. They go into
compressed object streams here; the streams themselves (pages, fonts) are copied byte for byte.
Source: ISO 32000-1:2008, 7.5.4 (the table that is read), 7.5.7 and 7.5.8 (the streams that are written).
PDF/A-2 (ISO 19005-2) allows both.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_IN_A_STREAM = 200
_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj\s*", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def pack(data: bytes) -> tuple[bytes, int]:
    """The PDF in `data` with its objects compressed, and how many pages it has."""
    start, offsets, size = _table(data)
    trailer = data[start : data.rindex(b"startxref")].partition(b"trailer")[2].strip()
    named = re.sub(rb"/Size\s+\d+", b"", trailer)[2:-2].strip()
    out = bytearray(data[: min(offsets.values())])
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    plain: list[tuple[int, bytes]] = []
    for number, body in _objects(data, offsets, start):
        if body.endswith(b"endstream"):
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, _ended(body))
        else:
            plain.append((number, body))
    for first in range(0, len(plain), _IN_A_STREAM):
        group = plain[first : first + _IN_A_STREAM]
        places |= {number: (2, size, index) for index, (number, _) in enumerate(group)}
        places[size] = (1, len(out), 0)
        out += _stream(size, *_gathered(group))
        size += 1
    places[size] = (1, len(out), 0)
    end = len(out)
    out += _stream(size, *_cross_references(places, size + 1, named))
    out += b"startxref\n%d\n%%%%EOF\n" % end
    return bytes(out), sum(bool(_PAGE.search(body)) for _, body in plain)


def _table(data: bytes) -> tuple[int, dict[int, int], int]:
    """Where the cross-reference table begins, where each object begins, and how many numbers are in use."""
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    head = re.compile(rb"xref\s+0 (\d+)\s*\n").match(data, start)
    if head is None:
        raise ValueError("the PDF has no cross-reference table of one part")
    size = int(head[1])
    rows = data[head.end() : head.end() + 20 * size]
    offsets = {
        n: int(rows[20 * n : 20 * n + 10]) for n in range(size) if rows[20 * n + 17 : 20 * n + 18] == b"n"
    }
    return start, offsets, size


def _objects(data: bytes, offsets: dict[int, int], end: int) -> Iterator[tuple[int, bytes]]:
    ordered = sorted(offsets.items(), key=lambda pair: pair[1])
    ends = [offset for _, offset in ordered[1:]] + [end]
    for (number, offset), stop in zip(ordered, ends, strict=True):
        found = _OBJECT.fullmatch(data, offset, stop)
        if found is None or int(found[1]) != number:
            raise ValueError(f"object {number} of the PDF is not where its table says")
        yield number, found[2]


def _gathered(group: list[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    """The entries and the content of an object stream that holds `group`."""
    heads, bodies, at = [], [], 0
    for number, body in group:
        heads.append(b"%d %d" % (number, at))
        bodies.append(body)
        at += len(body) + 1
    head = b" ".join(heads) + b"\n"
    return b"/Type/ObjStm/N %d/First %d" % (len(group), len(head)), head + b"\n".join(bodies)


def _cross_references(
    places: dict[int, tuple[int, int, int]], size: int, named: bytes
) -> tuple[bytes, bytes]:
    rows = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, where, index in (places.get(n, (0, 0, 65535)) for n in range(size))
    )
    return b"/Type/XRef/Size %d/W[1 4 2]%s" % (size, named), rows


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 6)
    head = b"%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>" % (number, entries, len(packed))
    return _ended(head + b"\nstream\n" + packed + b"\nendstream") + b"\nendobj\n"


def _ended(stream: bytes) -> bytes:
    """A stream whose last byte cannot be taken for half of a line's end, as a carriage return before our line feed is.

    PDF/A-2 (ISO 19005-2, 6.1.7.1) wants the length to be that up to the line's end, however this is written.
    """
    return (
        stream.removesuffix(b"\nendstream") + b"\r\nendstream"
        if stream.endswith(b"\r\nendstream")
        else stream
    )
