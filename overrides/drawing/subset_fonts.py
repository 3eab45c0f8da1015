"""Makes overrides/assets/fonts/ from the npm packages @fontsource-variable/source-serif-4 and source-sans-3.

Run once, by hand, where a face or its character set changes; building the site does not need it.
Needs fonttools and brotli. Usage: `python subset_fonts.py FOLDER_WITH_BOTH_UNPACKED_PACKAGES`.

The makers reserve the name “Source” (OFL, condition 3) for faces that nobody has changed, and a part of a
face is a changed one: so ours have names of their own, in the files and in the style sheet.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x2C6, 0x2DA, 0x2DC, *range(0x2010, 0x2016),
    *range(0x2018, 0x201B), *range(0x201C, 0x201F), 0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033,
    0x2039, 0x203A, 0x2044, 0x20AC, 0x2122, *range(0x2190, 0x2194), 0x2212,
]  # fmt: skip
FACES = {
    ("source-serif-4", "normal"): (400, 400),
    ("source-serif-4", "bold"): (600, 600),
    ("source-serif-4", "italic"): (400, 400),
    ("source-sans-3", "normal"): (400, 600),
}
NAMES = {
    "source-serif-4": ("Source Serif 4", "Margin Serif"),
    "source-sans-3": ("Source Sans 3", "Margin Sans"),
}
COPYRIGHT, LICENSE, LICENSE_ADDRESS = 0, 13, 14
"""Numbers of records in a face's table of names: these stay as they are."""


def main(packages: Path) -> None:
    target = Path(__file__).parents[1] / "assets" / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for (family, style), (light, bold) in FACES.items():
        for subset in ("latin",) if style == "bold" else ("latin", "latin-ext", "vietnamese"):
            drawn = "italic" if style == "italic" else "normal"
            font = TTFont(packages / family / "files" / f"{family}-{subset}-wght-{drawn}.woff2")
            options = Options(flavor="woff2", hinting=False, notdef_outline=True)
            options.name_IDs += [LICENSE, LICENSE_ADDRESS]
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=LATIN if subset == "latin" else list(font.getBestCmap()))
            subsetter.subset(font)
            font = instancer.instantiateVariableFont(
                font, {"wght": light if light == bold else (light, bold)}
            )
            font.flavor = "woff2"
            ours = rename(font, *NAMES[family])
            font.save(target / f"{ours}-{subset}-{style}.woff2")


def rename(font: TTFont, theirs: str, ours: str) -> str:
    """Call a face `ours` wherever its own table says `theirs`; the name for its file."""
    for record in font["name"].names:
        if record.nameID not in (COPYRIGHT, LICENSE, LICENSE_ADDRESS):
            said = record.toUnicode().replace(theirs, ours)
            record.string = said.replace(theirs.replace(" ", ""), ours.replace(" ", ""))
    return ours.lower().replace(" ", "-")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
