"""Every check and test, in one run: what `python3 run.py test` and CI do.

All steps run, whatever fails; the exit status is 0 only if all passed. With arguments, pytest alone
runs, with these arguments.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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
BESIDE = ("tests/test_audit.py", "tests/test_layout.py")
"""Half of the time that all tests take: they run beside the others."""


def main(arguments: list[str]) -> int:
    """Run the steps, or pytest with `arguments`; the exit status."""
    if arguments:
        browser = chromium.find()
        return _run(("-m", "pytest", *arguments), browser)
    failed = [" ".join(step) for step in STEPS if _run(step)]
    browser, judged = chromium.obtain(), judges.obtain()
    if browser:
        with ThreadPoolExecutor() as pool:
            step = ("-m", "pytest", "-p", "no:cacheprovider", *BESIDE)
            beside = pool.submit(_run, step, browser, told_later=True)
            others = _run(("-m", "pytest", *(f"--ignore={file}" for file in BESIDE)), browser)
            tests_failed = beside.result() or others
    else:
        tests_failed = _run(("-m", "pytest", "-m", "not browser"))
    if tests_failed:
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


def _run(step: tuple[str, ...], browser: str | None = None, *, told_later: bool = False) -> int:
    """Run one program of .venv's Python in the project's folder; its exit status.

    What it says comes as it says it, or `told_later`, in one piece when it has ended.
    """
    name = f"\n=== {' '.join(step).removeprefix('-m ')}"
    environment = os.environ | ({"CHROMIUM": browser} if browser else {})
    program = [sys.executable, *step]
    if told_later:
        run = subprocess.run(
            program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        print(name, run.stdout.decode("utf-8", "replace"), sep="\n", flush=True)
        return run.returncode
    print(name, flush=True)
    return subprocess.run(program, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
