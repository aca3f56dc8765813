"""Months taken in, forecasts on record and outcomes, through the real command on a copy of the
suite.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import PROJECT_ROOT

HEAD = "month,maker,scope,units,quality,source_ids,note\n"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of code and data that may be written to."""
    root = tmp_path_factory.mktemp("suite")
    for name in ("helpers", "data", "docs"):
        shutil.copytree(PROJECT_ROOT / name, root / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT_ROOT / name, root / name)
    return root


def forecast(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", "from helpers.cli import main; main()", "forecast", *words]
    return subprocess.run(call, cwd=root, capture_output=True, text=True, timeout=120)


def test_counted_months_are_shown_then_stored_and_refused_twice(suite: Path) -> None:
    counts, table = suite / "counts.csv", suite / "data" / "market" / "observations.csv"
    counts.write_text(f"{HEAD}2027-03,Toyota,highlander,60,reported,V04,\n")
    before = table.read_bytes()
    tried = forecast(suite, "observe", "counts.csv")
    assert tried.returncode == 0, tried.stderr
    assert "One observed count moves the median" in tried.stdout
    assert table.read_bytes() == before
    stored = forecast(suite, "observe", "counts.csv", "--yes")
    assert stored.returncode == 0, stored.stderr
    assert table.read_text() == f"{HEAD}2027-03,Toyota,highlander,60,reported,V04,\n"
    again = forecast(suite, "observe", "counts.csv", "--yes")
    assert (again.returncode, again.stdout) == (2, "")
    assert "counts.csv line 2: 2027-03, Toyota, highlander is on record" in again.stderr
    table.write_bytes(before)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{HEAD}2027-03,Toyota,highlandr,60,reported,V04,\n", "scope: is not counted here"),
        (f"{HEAD}2027-13,Toyota,highlander,60,reported,V04,\n", "line 2, column month"),
        (f"{HEAD}2027-03,Toyota,highlander,-6,reported,V04,\n", "line 2, column units"),
        (f"{HEAD}2027-03,Toyota,highlander,60,reported,V0400,\n", "line 2, column source_ids"),
        (HEAD, "has no rows"),
        ("month,units\n2027-03,60\n", "column maker is missing"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_a_fault(suite: Path, text: str, told: str) -> None:
    (suite / "wrong.csv").write_text(text)
    before = (suite / "data" / "market" / "observations.csv").read_bytes()
    done = forecast(suite, "observe", "wrong.csv", "--yes")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert (suite / "data" / "market" / "observations.csv").read_bytes() == before


def test_forecasts_are_registered_once_a_day_then_settled_and_scored(suite: Path) -> None:
    table = suite / "data" / "market" / "forecasts.csv"
    before = table.read_text()
    first = forecast(suite, "register")
    if "was made today already" in first.stderr:  # the suite itself registered today
        assert first.returncode == 2
    else:
        assert first.returncode == 0, first.stderr
        assert table.read_text().startswith(before), "rows on record keep their bytes"
        second = forecast(suite, "register")
        assert second.returncode == 2
        assert "was made today already" in second.stderr
    settled = forecast(suite, "resolve", "camry_on_sale_2027", "1", "--source", "V04")
    assert settled.returncode == 0, settled.stderr
    assert "Brier 0.2" in settled.stdout
    assert "base rate 0.250" in settled.stdout
    again = forecast(suite, "resolve", "camry_on_sale_2027", "0", "--source", "V04")
    assert (again.returncode, "is resolved" in again.stderr) == (2, True)
    unknown = forecast(suite, "resolve", "highlander_price_2027", "1", "--source", "V4")
    assert "did you mean highlander_price_2027_06" in unknown.stderr
