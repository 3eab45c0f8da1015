"""What a book is made of in, its finished PDF out where it was made before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from .manuscript import Manuscript

_MAKING = "2"
"""To be raised when press.py or placement.py come to make other bytes from the same source."""


@dataclass(frozen=True)
class Cache:
    """A folder of finished PDFs, by the sum of everything that decides their bytes."""

    folder: Path
    surroundings: str
    """The sum of templates, fonts, pictures, date and compiler."""

    def key(self, source: str) -> str:
        return hashlib.sha256(f"{self.surroundings}\n{source}".encode()).hexdigest()[:40]

    def find(self, key: str) -> tuple[bytes, int] | None:
        """The PDF made from the same, and how many pages it has; None where there is none or it is damaged."""
        try:
            note = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            data = (self.folder / f"{key}.pdf").read_bytes()
        except (OSError, ValueError):
            return None
        return (data, int(note["pages"])) if hashlib.sha256(data).hexdigest() == note.get("sha256") else None

    def keep(self, key: str, data: bytes, pages: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{key}.pdf").write_bytes(data)
        note = {"pages": pages, "sha256": hashlib.sha256(data).hexdigest()}
        (self.folder / f"{key}.json").write_text(json.dumps(note), "utf-8")

    def forget_others(self, used: Iterable[str]) -> None:
        """Remove what the newest build did not use, so that the folder does not grow."""
        kept = set(used)
        for file in self.folder.glob("*.*") if self.folder.is_dir() else ():
            if file.stem not in kept:
                file.unlink()


def surroundings(templates: Path, fonts: Path, text: Manuscript, moment: str) -> str:
    """The sum of all that a source is set with."""
    sum_ = hashlib.sha256(f"{_MAKING} {version('typst')} {moment}".encode())
    files = sorted([*templates.glob("*.typ"), *fonts.glob("*.ttf"), *fonts.glob("*.otf")])
    for name, file in [*((f.name, f) for f in files), *sorted(text.prose.pictures.items())]:
        sum_.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    for name, drawing in sorted(text.world.drawings.items()):
        sum_.update(name.encode() + b"\0" + hashlib.sha256(drawing).digest())
    return sum_.hexdigest()
