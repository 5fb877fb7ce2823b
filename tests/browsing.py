"""A real browser for the pages: Debian's Chromium, driven by Playwright; no page may complain."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

REQUIRED = "CALL_COPILOT_BROWSER"  # set where a test without a browser must fail, as CI does
PATIENCE = 20.0  # s for what a page does by itself
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
)


def chromium() -> str:
    """The browser on this machine; skips the test where there is none and none is required."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get(REQUIRED) or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def wait(page: Page, condition: str) -> None:
    """Until something is so; Playwright's own waiting needs what the pages' policy forbids."""
    until = time.monotonic() + PATIENCE
    while not page.evaluate(condition):
        assert time.monotonic() < until, f"never so: {condition}"
        page.wait_for_timeout(30)


class Visit:
    """A page as somebody sees it, and what it did that it should not."""

    def __init__(
        self,
        browser: Browser,
        file: Path,
        width: int = 1280,
        height: int = 900,
        expected: str | None = None,  # words of every fault that there is to be
    ) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        self._file, self._expected = file, expected
        self.page = self._context.new_page()
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._failed)
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))

    def __enter__(self) -> Page:
        self.page.goto(self._file.as_uri())
        return self.page

    def __exit__(self, *exc: object) -> None:
        self._context.close()
        if exc[0] is None:
            assert bool(self.faults) == bool(self._expected), self.faults
            assert all((self._expected or "") in fault for fault in self.faults), self.faults
            own = ("file:", "blob:", "data:")  # nothing from a network
            assert [url for url in self.requests if not url.startswith(own)] == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _failed(self, error: Error) -> None:
        self.faults.append(str(error))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
