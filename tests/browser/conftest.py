"""A real browser, driven by Playwright: Chromium as the machine has it. Without either of them these tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu")


@dataclass
class Tab:
    """A page with what went on in it."""

    page: Any
    said: list[str] = field(default_factory=list)
    """Messages of the console, and errors of scripts."""
    requests: list[str] = field(default_factory=list)
    """Addresses that were asked for."""

    def open(self, address: str) -> None:
        """Go to an address, and note what happens there."""
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium once for all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    command = next((path for name in COMMANDS if (path := shutil.which(name))), None)
    if command is None:
        pytest.skip(f"needs Chromium: none of {', '.join(COMMANDS)} is on the path")
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium has no sandbox for root
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=command, args=[*QUIET, *(["--no-sandbox"] if root else [])])
        yield started
        started.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Tab]]:
    """Open tabs: `tab(address, width=1400, scheme="light", javascript=True)`."""
    contexts = []

    def opened(address: str, width: int = 1400, scheme: str = "light", javascript: bool = True) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", java_script_enabled=javascript
        )
        contexts.append(context)
        new = Tab(context.new_page())
        new.open(address)
        return new

    yield opened
    for context in contexts:
        context.close()
