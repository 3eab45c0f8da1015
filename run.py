#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# ///
"""Every command of the project. Needs Python 3.11 or newer; what else it needs it sets up in .venv.

    python3 run.py preview           show the site on http://127.0.0.1:8000/ and follow every edit
    python3 run.py test              run every check and test, those in the browser too
    python3 run.py test -k anchor    run the tests only, with arguments for pytest
    python3 run.py check             list every problem in the contributed files
    python3 run.py new check "..."   begin a fact-check of these words of an article
    python3 run.py build             build the site into site/, strictly
    python3 run.py lock              write the locks anew after a change of pyproject.toml

Arguments after a command go on to MkDocs, pytest, the engine or uv.
"""

# Only the standard library, and a grammar that old Pythons read: they have to get as far as `main`.

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.json"
"""The locks whose packages are in .venv, with their SHA-256."""
SITE, TESTS = "requirements.txt", "requirements-dev.txt"
HOLDS = {SITE: (SITE,), TESTS: (TESTS, SITE)}
"""What each lock holds: the tests' lock has the site's packages in it."""


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reads this line, and only this far
        have = ".".join(map(str, sys.version_info[:2]))
        return _refuse(
            f"This is Python {have}; Python 3.11 or newer is needed. (uv brings one: uv run run.py)"
        )
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print((__doc__ or "").strip())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command == "lock":
        return write_locks(rest)
    lock, program = {
        "preview": (SITE, ["-m", "mkdocs", "serve"]),
        "build": (SITE, ["-m", "mkdocs", "build", "--strict"]),
        "test": (TESTS, ["tests/everything.py"]),
    }.get(command, (SITE, ["hooks/marginalia", command]))
    return set_up(lock) or _become([str(PYTHON), *program, *rest])


def set_up(lock: str) -> int:
    """Put the packages of `lock` into .venv, each proved by its hash; 0, or the exit status of what failed."""
    sums = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in HOLDS[lock]}
    installed = json.loads(STAMP.read_text()) if PYTHON.exists() and STAMP.exists() else {}
    if sums.items() <= installed.items():
        return 0
    if uv := shutil.which("uv"):
        make = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
        fill = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    elif importlib.util.find_spec("ensurepip"):
        make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        fill = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    else:
        return _refuse(_NO_VENV)
    fill += ["--require-hashes", "-r", lock]
    print(f"Setting up .venv from {lock} ...", flush=True)
    for command in [fill] if PYTHON.exists() and (uv or _has_pip()) else [make, fill]:
        status = subprocess.run(command, cwd=ROOT).returncode
        if status:
            return status
    STAMP.write_text(json.dumps({**installed, **sums}))
    return 0


def _has_pip() -> bool:
    """Whether .venv has pip: not if uv made it, or if making it was broken off."""
    return subprocess.run([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0


_NO_VENV = (
    "This Python cannot make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv;"
    " then give the command again. (Or with uv: uv run run.py)"
)


def write_locks(options: list[str]) -> int:
    """Resolve pyproject.toml into both locks for every system and Python; `options` go on to uv."""
    uv = shutil.which("uv")
    if not uv:
        return _refuse(
            "Only this command needs uv. Install it (pipx install uv), then give the command again."
        )
    fixed = ["--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]
    fixed += ["--no-emit-index-url", "--no-emit-find-links"]
    fixed += ["--custom-compile-command=python3 run.py lock"]
    for lock, which in ((SITE, []), (TESTS, ["--group", "dev", "--constraints", SITE])):
        command = [uv, "pip", "compile", "pyproject.toml", *which, *fixed, *options, "--output-file", lock]
        done = subprocess.run(command, cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0


def _become(command: list[str]) -> int:
    """Hand over to `command`, so that signals reach it; on Windows, wait for it."""
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    os.chdir(ROOT)
    if os.name == "posix":
        os.execve(command[0], command, environment)
    with subprocess.Popen(command, env=environment) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # Ctrl-C reaches the child as well: let it end in its own way
                continue


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
