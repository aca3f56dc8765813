"""A notebook by the rules, really executed once, and a real browser where one is installed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import results
from helpers.reports import IndexContext, ReportContext, find_browser
from tests.reports.report_samples import NAMES, context_of, demo

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
def executed() -> nbformat.NotebookNode:
    notebook = demo()
    NotebookClient(notebook, kernel_name="python3", record_timing=False).execute()
    return notebook


@pytest.fixture
def context() -> ReportContext:
    return context_of()


@pytest.fixture
def index_context() -> IndexContext:
    return IndexContext("0.1.0", "2026-11-21", "0a1b2c3d4e5f")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Result names of these tests, listed while a test runs."""
    for name, meaning in NAMES.items():
        monkeypatch.setitem(results.NAMES, name, meaning)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser, or a skip that says what is missing."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium is installed: put one on the path or name it in the variable CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures for review are left."""
    return tmp_path_factory.mktemp("screens")
