"""Cars as a user adds them: rows of the package, and a run with a file of one's own."""

import csv
import shutil
from pathlib import Path

import pytest

from helpers.data import DATA, check_all
from helpers.errors import Fault
from helpers.fit import own
from helpers.scenarios import NamedScenario, check_values
from tests.fit.test_own import FILE, FILES, HEADER, JIMNY, LINES, WRONG, jimny

TABLE = Path("vehicles", "vehicles.csv")


def faults_of(rows: list[str], folder: Path) -> list[Fault]:
    """What `check` says of a package with these rows below its own cars."""
    copy = Path(shutil.copytree(DATA, folder / "data"))
    with (copy / TABLE).open("a", encoding="utf-8", newline="") as file:
        file.write("\n".join(rows) + "\n")
    return check_all(copy)


def test_each_car_goes_in_as_one_row(tmp_path: Path) -> None:
    assert faults_of(LINES[1:], tmp_path) == []


ROWS = {name: jimny(**cells).splitlines()[1:] for name, (cells, _) in WRONG.items()} | {
    name: text.splitlines()[1:] for name, (text, _) in FILES.items() if "column" not in name
}


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(ROWS))
def test_a_wrong_row_of_the_package_gets_one_line_with_its_place(case: str, tmp_path: Path) -> None:
    (fault,) = faults_of(ROWS[case], tmp_path)
    below = len((DATA / TABLE).read_text(encoding="utf-8").splitlines())
    assert fault.where.startswith(f"data/{TABLE} line {below + len(ROWS[case])}")


@pytest.mark.slow
def test_a_source_that_does_not_exist_is_named(tmp_path: Path) -> None:
    row = dict(zip(HEADER, JIMNY, strict=True)) | {"source_ids": "NOPE"}
    (fault,) = faults_of([",".join(row.values())], tmp_path)
    assert "'NOPE' is not in sources.csv" in str(fault)


@pytest.mark.slow
def test_a_page_with_all_of_them_is_written_and_names_each(tmp_path: Path) -> None:
    from helpers.batch import Options, plan, run

    changes = {"own_cars": own.read_cars(FILE)}
    scenario = check_values(changes, "test")
    named = NamedScenario("mine", "Mine", "Cars of my own.", changes, scenario)
    assert run(plan(("03_vehicle_fit",), [named], Options(output=tmp_path))).exit_code == 0
    page = (tmp_path / "mine" / "03_vehicle_fit.html").read_text(encoding="utf-8")
    names = [line[3] for line in csv.reader(LINES[1:])]
    assert all(page.count(name) > 10 for name in names)
