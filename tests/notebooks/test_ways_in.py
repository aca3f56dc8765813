"""The notebooks run wherever people run them: plain papermill, nbconvert, any folder."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.results import collect
from helpers.scenarios import NOTEBOOKS, parameters

NOTEBOOK_FOLDER = PROJECT_ROOT / "notebooks"


def module(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
    )


def values(path: Path) -> dict[str, Any]:
    return {result.name: result.value for result in collect(nbformat.read(path, as_version=4))}


def test_plain_papermill_changes_results_from_any_folder(tmp_path: Path) -> None:
    notebook = NOTEBOOK_FOLDER / "01_trade_imbalance.ipynb"
    done = module(
        "papermill",
        str(notebook),
        "out.ipynb",
        "-p",
        "jpy_per_usd",
        "175",
        "--no-progress-bar",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    base, changed = values(notebook), values(tmp_path / "out.ipynb")
    assert base.keys() == changed.keys()
    assert base != changed


def test_plain_papermill_stops_at_an_unknown_name(tmp_path: Path) -> None:
    notebook = NOTEBOOK_FOLDER / "01_trade_imbalance.ipynb"
    done = module(
        "papermill",
        str(notebook),
        "out.ipynb",
        "-p",
        "jpy_per_us",
        "175",
        "--no-progress-bar",
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "there is no such parameter; did you mean jpy_per_usd?" in done.stderr


def test_nbconvert_runs_a_notebook(tmp_path: Path) -> None:
    notebook = NOTEBOOK_FOLDER / "03_vehicle_fit.ipynb"
    done = module(
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--output-dir",
        str(tmp_path),
        "--output",
        "out.ipynb",
        str(notebook),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert values(tmp_path / "out.ipynb") == values(notebook)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_papermill_help_prints_type_default_and_meaning(name: str, tmp_path: Path) -> None:
    done = module(
        "papermill", "--help-notebook", str(NOTEBOOK_FOLDER / f"{name}.ipynb"), cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    source = nbformat.read(NOTEBOOK_FOLDER / f"{name}.ipynb", as_version=4)
    (cell,) = (own for own in source.cells if "parameters" in own.metadata.get("tags", []))
    shown = [one for one in parameters(name) if f"{one.name}: " in cell.source]
    assert len(shown) > 5
    for one in shown:
        assert f"{one.name}: {one.type} (default" in words
        assert " ".join(one.comment.split()) in words
