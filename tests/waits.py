"""What a test waits for in a tab, apart from what `expect` waits for by itself."""

from __future__ import annotations

from playwright.sync_api import Page


def settle(page: Page) -> None:
    """Wait until a page's script has done its work and its typefaces are there."""
    page.locator("html.js").wait_for(state="attached")
    page.wait_for_load_state()  # by then the script has run
    page.evaluate("document.fonts.ready")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
