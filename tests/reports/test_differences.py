"""Two sets of results beside each other."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from helpers.cli import app
from helpers.errors import InputError
from helpers.reports.differences import FILE, differences, page, side


def row(scenario: str, name: str, value: float | None, text: str, **more: Any) -> dict[str, Any]:
    known = {
        "notebook": "01_trade_imbalance",
        "subject": "",
        "unit": "%",
        "sentence": f"It is {text}.",
    }
    return {"scenario": scenario, "name": name, "value": value, "text": text, **(known | more)}


ROWS = [
    row("base", "p", 15.0, "15.0 %"),
    row("weak", "p", 9.5, "9.5 %"),
    row("base", "same", 1.0, "1.0 %"),
    row("weak", "same", 1.0, "1.0 %"),
    row("base", "price", 8e6, "¥8.0 m", unit="JPY per car", subject="camry"),
    row("weak", "price", 9e6, "¥9.0 m", unit="JPY per car", subject="camry"),
    row("base", "word", None, "supported", unit=""),
    row("weak", "word", None, "<b>mixed</b>", unit=""),
    row("weak", "new", 2.0, "2 cars", unit="cars", notebook="own"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pd.DataFrame(ROWS).to_parquet(tmp_path / FILE)
    return tmp_path


def test_only_what_is_printed_otherwise_differs_each_in_its_own_unit(folder: Path) -> None:
    told = differences(side("base", folder), side("weak", folder))
    assert [(one.label, one.texts, one.change) for one in told] == [
        ("P", ("15.0 %", "9.5 %"), "−5.5 points"),
        ("Price, Camry", ("¥8.0 m", "¥9.0 m"), "+12.5 %"),
        ("Word", ("supported", "<b>mixed</b>"), ""),
        ("New", ("", "2 cars"), ""),
    ]


def test_the_page_says_numbers_and_sentences_of_both_sides(folder: Path) -> None:
    soup = BeautifulSoup(page(side("base", folder), side("weak", folder)), "html.parser")
    assert soup.find(class_="standfirst").get_text() == (
        "4 results differ in number or sentence; 1 is the same. "
        "1 of the first stands on one side only, whose notebook or car the other has not run."
    )
    assert [section.h2.get_text() for section in soup.find_all("section")][1] == "own"
    assert "It is 9.5\u00a0%." in soup.get_text(), "no line ends between a number and its unit"
    assert "<b>mixed</b>" in soup.get_text()


def test_a_report_without_results_is_to_be_run_again(folder: Path) -> None:
    (folder / "base_jpy_per_usd_175").mkdir()
    with pytest.raises(InputError, match="are of other code or data; run it again"):
        side("base_jpy_per_usd_175", folder)


def test_two_folders_are_compared_by_their_base_scenario(folder: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    later.mkdir()
    pd.DataFrame([row("base", "p", 16.0, "16.0 %")]).to_parquet(later / FILE)
    told = differences(side(str(folder), Path("nowhere")), side(str(later), Path("nowhere")))
    assert told[0].texts == ("15.0 %", "16.0 %")


@pytest.mark.parametrize(
    ("name", "told"), [("waek", "did you mean weak?"), ("zzz", "it has base, weak")]
)
def test_an_unknown_scenario_is_told_with_what_there_is(folder: Path, name: str, told: str) -> None:
    with pytest.raises(InputError, match=told.replace("?", r"\?")):
        side(name, folder)


def test_a_scenario_that_was_not_run_is_told_with_the_command_that_runs_it(folder: Path) -> None:
    with pytest.raises(InputError, match=f"run --scenario weak_yen --output {folder}"):
        side("weak_yen", folder)


def test_a_folder_without_results_is_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reverse-imports run --scenario base"):
        side("base", tmp_path)
    what = "no scenario weak ships; did you mean weak_yen"
    with pytest.raises(InputError, match=what):
        side("weak", tmp_path)


def test_the_command_writes_the_page_beside_the_results(folder: Path) -> None:
    done = CliRunner().invoke(app, ["compare", "base", "weak", "--output", str(folder)])
    assert done.exit_code == 0, done.output
    assert "what differs" in (folder / "compare_base_weak.html").read_text(encoding="utf-8")
