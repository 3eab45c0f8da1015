"""Every check and test, in one run: what `python3 run.py test` and CI do.

All steps run, whatever fails; the exit status is 0 only if all passed. With arguments, pytest alone
runs, with these arguments.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import chromium
import judges

ROOT = Path(__file__).resolve().parent.parent
STEPS: tuple[tuple[str, ...], ...] = (
    ("-m", "ruff", "check"),
    ("-m", "ruff", "format", "--check"),
    ("-m", "mypy"),
    ("-m", "codespell_lib", "docs", "hooks", "overrides", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    ("hooks/marginalia", "check"),
    ("-m", "mkdocs", "build", "--strict"),  # never with -q, which hides warnings from --strict
)


def main(arguments: list[str]) -> int:
    """Run the steps, or pytest with `arguments`; the exit status."""
    if arguments:
        browser = chromium.find()
        return _run(("-m", "pytest", *arguments), browser)
    failed = [" ".join(step) for step in STEPS if _run(step)]
    browser, judged = chromium.obtain(), judges.obtain()
    if _run(("-m", "pytest", *(() if browser else ("-m", "not browser"))), browser):
        failed.append("pytest")
    if not browser:
        failed.append(
            "the tests in the browser did not run: install Chromium, Chrome or Edge, or set CHROMIUM"
        )
    if not judged:
        failed.append(
            "the audits did not run: tests/audit asks for Node's packages, and npm could not fetch them"
        )
    for what in failed:
        print(f"FAILED: {what.removeprefix('-m ')}", file=sys.stderr)
    return 1 if failed else 0


def _run(step: tuple[str, ...], browser: str | None = None) -> int:
    """Run one program of .venv's Python in the project's folder; its exit status."""
    print(f"\n=== {' '.join(step).removeprefix('-m ')}", flush=True)
    environment = os.environ | ({"CHROMIUM": browser} if browser else {})
    return subprocess.run([sys.executable, *step], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
