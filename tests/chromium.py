"""The browser for the tests: one that is there, or one that can be had.

The path goes to the tests in the environment variable CHROMIUM. Chrome and Edge are Chromium too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "Google/Chrome/Application/chrome.exe",
        "Chromium/Application/chrome.exe",
        "Microsoft/Edge/Application/msedge.exe",
    ),
}
_WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


def find() -> str | None:
    """The path of a browser on this machine: CHROMIUM, on PATH, at its usual place, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return named if _runs(named) else None
    return next((path for path in _candidates() if _runs(path)), None)


def obtain() -> str | None:
    """`find()`, or else the path of a browser just installed; None where the machine lets us have none."""
    if not _driver_runs():
        _apt_get("libatomic1")
    if os.environ.get("CHROMIUM"):
        return find()
    return find() or _download() or (find() if _apt_get("chromium") else None)


def _candidates() -> Iterator[str]:
    yield from (path for name in _NAMES if (path := shutil.which(name)))
    roots = [os.environ.get(r, "") for r in _WINDOWS_ROOTS] if sys.platform == "win32" else [""]
    yield from (str(Path(root, place)) for place in _PLACES.get(sys.platform, ()) for root in roots)
    yield _playwrights_own()


def _playwrights_own() -> str:
    if not _driver_runs():
        return ""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _driver_runs() -> bool:
    """Whether the program through which Playwright speaks to browsers works: a bare Debian lacks a library of its."""
    asked = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(asked, capture_output=True, timeout=60).returncode == 0


def _runs(path: str) -> bool:
    """Whether there is a browser at `path`, not only a name (Ubuntu has a script of that name that is none)."""
    if not Path(path).is_file():
        return False
    if sys.platform == "win32":  # there, asking Chrome for its version opens a window
        return True
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and any(48 <= byte <= 57 for byte in asked.stdout)


def _download() -> str | None:
    print("No Chromium here: asking Playwright for its own ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        fetched = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    except subprocess.TimeoutExpired:
        return None
    if fetched.returncode != 0:
        return None
    own = _playwrights_own()
    return own if _runs(own) else None


def _apt_get(package: str) -> bool:
    """Install one of Debian's packages; False where we may not, or there is none."""
    apt = shutil.which("apt-get")
    if sys.platform != "linux" or not apt or os.geteuid() != 0:
        return False
    print(f"Installing Debian's {package} ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=quiet)
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
    return subprocess.run(install, env=quiet).returncode == 0
