"""A browser and the built site at a local address: fixtures, for whoever says `pytest_plugins = ["browser"]`.

Where there is no browser (see `chromium.py`), tests are skipped with the reason, but for the machine
that decides (CI): there they fail.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from chromium import find
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from sites.workshop import published

_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OURS = "http://127.0.0.1:"


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests say what goes wrong."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing where the browser has gone to another page before this one was whole."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the project's own site is served, as any static host would; ends with a slash."""
    with serving(published()) as found:
        yield found


class serving:
    """A folder at a local address, for as long as the block lasts."""

    def __init__(self, folder: Path) -> None:
        self._server = _Server(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"{_OURS}{self._server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    path = find()
    if path is None:
        reason = "no Chromium, Chrome or Edge here: install one, or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    sandbox = [] if hasattr(os, "geteuid") and os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
        yield running
        running.close()


@dataclass
class Visit:
    """A tab whose requests to anywhere but the site are refused and counted."""

    page: Page
    outside: list[str] = field(default_factory=list)
    """Addresses that were asked for and refused."""
    complaints: list[str] = field(default_factory=list)
    """Errors of scripts, and what the browser wrote into its console as an error or a warning."""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A fresh tab, 1440 pixels wide."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield watched(context)
    context.close()


def watched(context: BrowserContext) -> Visit:
    """A new tab in `context`, watched."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    visit = Visit(page)

    def refuse(route: Route) -> None:
        visit.outside.append(route.request.url)
        route.abort()

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(f"{page.url}: {message.text}")

    context.route(re.compile(rf"^(?!{re.escape(_OURS)}|data:|blob:|about:)"), refuse)
    page.on("console", complain)
    page.on("pageerror", lambda error: visit.complaints.append(f"{page.url}: {error}"))
    return visit
