"""What something is made from in, what was made of it before out: pictures and books, kept from build to build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cache:
    """A folder of finished files, by the sum of everything that decides their bytes."""

    folder: Path
    surroundings: str
    """The sum of what all of them are made with."""

    def key(self, source: str) -> str:
        return hashlib.sha256(f"{self.surroundings}\n{source}".encode()).hexdigest()[:40]

    def find(self, key: str) -> tuple[bytes, int] | None:
        """What was made from the same, and how many pages it has; None where there is nothing or it is damaged."""
        try:
            note = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            data = (self.folder / f"{key}.made").read_bytes()
        except (OSError, ValueError):
            return None
        return (data, int(note["pages"])) if hashlib.sha256(data).hexdigest() == note.get("sha256") else None

    def keep(self, key: str, data: bytes, pages: int = 1) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{key}.made").write_bytes(data)
        note = {"pages": pages, "sha256": hashlib.sha256(data).hexdigest()}
        (self.folder / f"{key}.json").write_text(json.dumps(note), "utf-8")

    def forget_others(self, used: Iterable[str]) -> None:
        """Remove what the newest build did not use, so that the folder does not grow."""
        kept = set(used)
        for file in self.folder.glob("*.*") if self.folder.is_dir() else ():
            if file.stem not in kept:
                file.unlink(missing_ok=True)  # another build may have been first
