"""A browser and the built site at a local address: fixtures, for whoever says `pytest_plugins = ["browser"]`.

Where there is no browser (see `chromium.py`), tests are skipped with the reason, but for the machine
that decides (CI): there they fail.
"""

from __future__ import annotations

import gzip
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from chromium import find
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
    sync_playwright,
)
from sites.workshop import published

expect.set_options(timeout=20_000)  # a machine at work is slow, and no test here is about speed

_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no way out of this machine
)
_POLICY = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""
_OURS = ("http://127.0.0.1:", "data:", "blob:", "about:")


_TEXTS = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt")


class _Files(SimpleHTTPRequestHandler):
    """Sends texts compressed, and many files over one connection, as good hosts do."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> BytesIO | BinaryIO | None:
        path = self.path.partition("?")[0]
        file = Path(self.translate_path(path + ("index.html" if path.endswith("/") else "")))
        wanted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not wanted or file.suffix not in _TEXTS or not file.is_file():
            return super().send_head()
        content = _compressed(file, file.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests say what goes wrong."""


@lru_cache(maxsize=512)
def _compressed(file: Path, changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), 6)


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


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A folder at a local address, which ends with a slash, for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
    """A tab, and what nobody should see in it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    """Addresses beyond the site that were asked for, in vain."""
    complaints: list[str] = field(default_factory=list)
    """Errors of scripts, dialogs, what the page's policy forbade, and whatever was written into the console."""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A fresh tab, 1440 pixels wide."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield watched(context)
    context.close()


@pytest.fixture
def lawless(browser: Browser) -> Iterator[Visit]:
    """A tab in which no page's own policy counts."""
    context = browser.new_context(bypass_csp=True)
    yield watched(context)
    context.close()


def watched(context: BrowserContext) -> Visit:
    """A new tab in `context`, watched."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    visit = Visit(page)

    def ask(request: Request) -> None:
        if not request.url.startswith(_OURS):
            visit.outside.append(request.url)

    def complain(message: ConsoleMessage) -> None:
        visit.complaints.append(f"{page.url}: {message.text}")

    def dismiss(dialog: Dialog) -> None:
        visit.complaints.append(f"{page.url}: dialog: {dialog.message}")
        dialog.dismiss()

    context.add_init_script(_POLICY)
    context.on("request", ask)
    page.on("console", complain)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: visit.complaints.append(f"{page.url}: {error}"))
    return visit
