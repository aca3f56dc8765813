"""A model of the programme is rows of data: code, choices and defaults follow."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import check_values, parameters, tables

NEW = "dune_buggy"
HEADLINES = f"""
import json
from helpers.data import check_all
from helpers.scenarios import Scenario, check_values, parameters
from helpers.study import Study

assert check_all() == [], check_all()
base = Study.of()
alone = base.under(check_values({{"models": ["{NEW}"], "draws": 256}}, "test"))
print(json.dumps({{
    "choices": next(own.choices for own in parameters() if own.name == "models"),
    "sold": Scenario().models,
    "sticker": float(base.cost.sticker("{NEW}").value),
    "like": float(base.cost.sticker("{{like}}").value),
    "offers": [car.title for car in alone.volume.offers],
    "cars": float(alone.volume.units.mean()),
    "brief": list(vars(alone.brief.headlines)),
}}))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The project in a copy, where data may be changed."""
    for folder in ("helpers", "data"):
        ignore = ignore_patterns("__pycache__")
        copytree(PROJECT_ROOT / folder, tmp_path / folder, ignore=ignore)
    return tmp_path


def add(path: Path, like: Callable[[dict[str, str]], bool], **changes: str) -> None:
    """To a table, each of its rows that is `like` what is wanted once more, with changes."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows += [row | changes for row in rows if like(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
def test_a_new_model_of_the_programme_needs_rows_and_no_code(package: Path) -> None:
    old = load("programme_models").iloc[0]
    data = package / "data"
    trim = {"vehicle_id": NEW, "model": "Dune Buggy"}
    add(data / "vehicles/vehicles.csv", lambda row: row["vehicle_id"] == old["vehicle_id"], **trim)
    programme = {"model": NEW, "title": "Dune Buggy", "vehicle_id": NEW}
    for table in ("programme_models", "volume_segments", "volume_assumptions"):
        own = {"programme_models": programme}.get(table, {"model": NEW})
        if table == "volume_assumptions":
            own = own | {"why": "Taken over for a test."}
        add(data / f"market/{table}.csv", lambda row: row["model"] == old["model"], **own)
    code = HEADLINES.replace("{like}", old["model"])
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert NEW in told["choices"]
    assert NEW in told["sold"]
    assert told["sticker"] == pytest.approx(told["like"], rel=1e-12)
    assert told["cars"] > 0
    assert told["offers"] == ["Dune Buggy"]
    assert told["brief"]


def test_choices_and_defaults_are_those_of_the_tables() -> None:
    declared = {own.name: own for own in parameters()}
    programme = load("programme_models")
    assert list(declared["models"].choices) == list(programme["model"])
    announced = programme[programme["announced_on"] != ""]
    assert declared["models"].default == list(announced["model"])
    assert set(declared["makers"].default) == set(announced["maker"])
    sides = load("vehicles").set_index("vehicle_id")["steering_sides"]
    right = programme["vehicle_id"].map(sides).str.contains("RHD")
    assert declared["right_hand_drive_models"].default == list(programme.loc[right, "model"])
    assert declared["region"].default == declared["region"].choices[0]


def test_the_trade_year_is_the_newest_with_both_directions() -> None:
    flows = load("trade_flows").query("period_kind == 'calendar_year'")
    years = [
        set(flows.query("flow == @flow and measure == @measure")["period"])
        for flow in ("jp_to_us_vehicles", "us_to_jp_vehicles")
        for measure in ("units", "usd_mn")
    ]
    declared = {own.name: own for own in parameters()}
    assert declared["trade_year"].default == int(max(set.intersection(*years)))
    assert declared["trade_year"].highest == int(max(years[0] & years[1]))
    published = set(load("goods_trade").dropna(subset="balance_usd_mn")["vintage"])
    assert set(declared["goods_deficit_vintage"].choices) == published
    dated = [vintage for vintage in published if vintage[:2] == "20"]
    assert declared["goods_deficit_vintage"].default == max(dated)


def test_a_misspelt_model_is_answered_with_the_nearest_of_the_table() -> None:
    name = tables.models()[0]
    with pytest.raises(InputError, match=f"did you mean {name}"):
        check_values({"models": [f"{name}x"]}, "test")


def test_a_table_without_names_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PROJECT_ROOT", Path("/nowhere"))
    with pytest.raises(InputError, match=r"data/market/programme_models.csv: gives no names"):
        tables.models()
