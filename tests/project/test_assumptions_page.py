"""docs/assumptions.md lists every assumption, and names functions that are there and read it."""

import re
from functools import reduce
from importlib import import_module
from pathlib import Path
from shutil import copytree

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.assumptions_page import PAGE, changed_files, functions_by_name, page
from helpers.scenarios import parameters
from helpers.scenarios.assumptions import assumptions

LINE = re.compile(r"^\| `([a-z0-9_.]+)` \|.*\| ([^|]*) \|$", re.MULTILINE)
MODELS = """
NAMES = ("fuel_price_jpy", "fuel_tax_percent")


class FuelInputs:
    fuel_use_km_per_l: float

    def __post_init__(self):
        assert self.fuel_price_jpy > 0


def cost(given):
    def per_km(use):
        return given.fuel_price_jpy / use

    return per_km(1) * given.distance_km
"""


CELL = "given.fuel_tank_l * given.fuel_price_jpy"


def listed() -> dict[str, list[str]]:
    text = (PROJECT_ROOT / PAGE).read_text(encoding="utf-8")
    return {name: re.findall(r"`([^`]+)`", users) for name, users in LINE.findall(text)}


def test_the_page_is_current() -> None:
    assert changed_files() == {}, "run: make refresh"


def test_every_parameter_and_every_row_is_listed_once_with_a_user() -> None:
    text = (PROJECT_ROOT / PAGE).read_text(encoding="utf-8")
    names = [name for name, _ in LINE.findall(text)]
    assert names == [own.name for own in parameters()] + list(assumptions())
    assert [name for name, users in listed().items() if not users] == []


def test_every_user_is_in_the_file_that_is_named() -> None:
    for user in {user for users in listed().values() for user in users}:
        path, _, owner = user.partition(":")
        if path.endswith(".ipynb"):
            cells = nbformat.read(PROJECT_ROOT / path, as_version=4).cells
            assert owner in [cell.id for cell in cells]
            continue
        module = import_module(path.removesuffix(".py").replace("/", "."))
        reduce(getattr, owner.split("."), module)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("consumption_tax_percent", "helpers/cost/sticker.py:price_walk"),
        ("range.freight_usd_per_m3", "helpers/cost/sticker.py:price_walk"),
    ],
)
def test_a_known_user_is_named(name: str, user: str) -> None:
    assert user in listed()[name]


def test_functions_come_first_and_checks_and_drawings_do_not_count(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "helpers" / "cost"
    folder.mkdir(parents=True)
    (folder / "fuel.py").write_text(MODELS, encoding="utf-8")
    (folder / "fuel_figures.py").write_text(MODELS, encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL, id="refill")])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "06_fuel_use.ipynb")
    users = functions_by_name(tmp_path)
    assert users["fuel_tank_l"] == ("notebooks/06_fuel_use.ipynb:refill",)
    assert users["fuel_price_jpy"] == users["distance_km"] == ("helpers/cost/fuel.py:cost",)
    assert users["fuel_tax_percent"] == ("helpers/cost/fuel.py:NAMES",)
    assert users["fuel_use_km_per_l"] == ("helpers/cost/fuel.py:FuelInputs",)


def test_a_moved_function_is_noticed(tmp_path: Path) -> None:
    copytree(PROJECT_ROOT / "helpers" / "cost", tmp_path / "helpers" / "cost")
    (tmp_path / PAGE).parent.mkdir()
    (tmp_path / PAGE).write_text(page(tmp_path), encoding="utf-8")
    assert changed_files(tmp_path) == {}
    path = tmp_path / "helpers" / "cost" / "sticker.py"
    path.rename(path.with_name("walk.py"))
    assert "helpers/cost/walk.py:price_walk" in changed_files(tmp_path)[tmp_path / PAGE]
