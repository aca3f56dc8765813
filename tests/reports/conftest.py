"""A notebook by the rules, really executed once."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import results
from helpers.reports import IndexContext, ReportContext
from tests.reports.report_samples import NAMES, context_of, demo


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
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures for review are left."""
    return tmp_path_factory.mktemp("screens")
