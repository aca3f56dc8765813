"""What all tests share: one headless browser, because two at a time cannot be driven from one
process, and how examples are drawn.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from helpers.reports import find_browser

# A gate that passed passes again: its examples follow from the test; `make test-long` draws others.
settings.register_profile("same_examples", derandomize=True)
settings.register_profile("new_examples", print_blob=True)
settings.load_profile("same_examples")

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, or a skip that says what is missing; a failure where the variable
    REQUIRE_BROWSER is set.
    """
    path = find_browser()
    if path is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no Chromium is installed, and REQUIRE_BROWSER is set")
    if path is None:
        pytest.skip(
            "no Chromium is installed: put one on the path or name it in the variable CHROMIUM"
        )
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the playwright package is not installed"
    )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()
