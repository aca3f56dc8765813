"""The numbers of the explore panel are those of the notebooks, whatever was moved before."""

from collections.abc import Mapping
from typing import Any

import nbformat
import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.cost import case as cost_case
from helpers.cost import premium_views, sticker_views, yen_views
from helpers.data import load
from helpers.errors import InputError
from helpers.explore import exploration
from helpers.fit import findings as fit_findings
from helpers.results import collect
from helpers.scenarios import Scenario, load_scenarios
from helpers.study import Study

BASE = Scenario()
MOVES: dict[str, Any] = {
    "jpy_per_usd": 175.0,
    "us_duty_percent": 20.0,
    "programme_units": 35_000,
    "unit_value_usd": 52_000.0,
    "street_width_m": 4.3,
    "clearance_mm": 400,
    "makers": ("Toyota",),
    "models": ("highlander", "tundra"),
    "right_hand_drive_models": ("tundra",),
}


@pytest.fixture(scope="module")
def tables() -> Mapping[str, pd.DataFrame]:
    return {name: load(name) for name in exploration.TABLES}


@pytest.fixture
def explorer(tables: Mapping[str, pd.DataFrame]) -> exploration.Explorer:
    return exploration.Explorer(tables, BASE)


def by_the_composites(tables: Mapping[str, pd.DataFrame], scenario: Scenario) -> dict[str, float]:
    """The same numbers as the notebooks record them, every composite called in full."""
    cost = cost_case.estimate(tables, scenario, BASE)
    study = Study(tables, scenario)
    effect, sold = study.trade.effect, study.volume.headlines
    recorded: list[Any] = [
        sticker_views.leading_result(cost),
        *yen_views.results(cost),
        *premium_views.results(cost),
    ]
    return {
        **{one["name"]: one["value"] for one in recorded if not isinstance(one["value"], str)},
        **sold,
        "models_that_fit": fit_findings.models_that_fit(study.fit).value,
        "programme_value_usd_mn": effect.gross.value,
        "programme_net_usd_mn": effect.net.value,
        "programme_share_of_deficit_percent": effect.share_of_deficit.value,
    }


def test_the_base_scenario_is_what_the_stored_notebooks_record(
    explorer: exploration.Explorer,
) -> None:
    stored: dict[str, Any] = {}
    for name in ("01_trade_imbalance", "02_import_volume", "03_vehicle_fit", "04_landed_cost"):
        stored |= {
            one.name: one.value
            for one in collect(
                nbformat.read(PROJECT_ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
            )
        }
    lead = collect(nbformat.read(PROJECT_ROOT / "notebooks" / "04_landed_cost.ipynb", 4))[0]
    stored["highlander_sticker_jpy"] = lead.value
    numbers = explorer.outlook(BASE).numbers
    compared = {name for name in numbers if name in stored}
    assert len(compared) >= 10
    assert {name: numbers[name] for name in compared} == pytest.approx(
        {name: stored[name] for name in compared}, rel=1e-9
    )


def test_a_walk_of_moves_gives_the_numbers_of_the_composites(
    explorer: exploration.Explorer, tables: Mapping[str, pd.DataFrame]
) -> None:
    explorer.outlook(BASE)
    moved: dict[str, Any] = {}
    for name, value in MOVES.items():
        moved[name] = value
        found = explorer.outlook(Scenario(**moved)).numbers
    expected = by_the_composites(tables, Scenario(**moved))
    assert found == pytest.approx({name: expected[name] for name in found}, rel=1e-12)


def test_a_model_of_assumed_size_is_in_no_count_of_models_that_fit(
    explorer: exploration.Explorer, tables: Mapping[str, pd.DataFrame]
) -> None:
    scenario = Scenario(
        models=("camry", "ascent"),
        makers=("Toyota", "Subaru"),
        street_width_m=8.0,
        stall_length_mm=6_000,
        stall_width_mm=3_000,
    )
    outlook = explorer.outlook(scenario)
    assert list(outlook.room.models["verdict"]) == ["fits", "fits"]
    assert (
        outlook.numbers["models_that_fit"]
        == by_the_composites(tables, scenario)["models_that_fit"]
        == 1
    )


@pytest.mark.parametrize("name", MOVES)
def test_every_control_moves_a_headline(name: str, explorer: exploration.Explorer) -> None:
    assert (
        explorer.outlook(BASE).numbers != explorer.outlook(Scenario(**{name: MOVES[name]})).numbers
    )


def test_shipped_scenarios_and_back_again(explorer: exploration.Explorer) -> None:
    first = explorer.outlook(BASE).numbers
    for named in load_scenarios():
        explorer.outlook(named.scenario)
    assert explorer.outlook(BASE).numbers == first


@pytest.mark.parametrize(
    ("name", "untouched"),
    [
        ("us_duty_percent", {"effect", "volume", "room"}),
        ("unit_value_usd", {"cost", "volume", "room"}),
        ("street_width_m", {"cost", "effect"}),
        ("jpy_per_usd", {"room"}),
        ("makers", {"cost", "effect", "room"}),
    ],
)
def test_what_a_move_leaves_alone_is_the_very_same_object(
    name: str, untouched: set[str], explorer: exploration.Explorer
) -> None:
    before, after = explorer.outlook(BASE), explorer.outlook(Scenario(**{name: MOVES[name]}))
    kept = {
        part
        for part in ("effect", "volume", "room", "cost")
        if getattr(before, part) is getattr(after, part)
    }
    assert kept == untouched


def test_a_setting_that_cannot_be_leaves_the_next_one_right(explorer: exploration.Explorer) -> None:
    before = explorer.outlook(BASE).numbers
    for nothing in ({"makers": ("Subaru",)}, {"models": ()}, {"makers": ()}):
        with pytest.raises(InputError, match="no chosen model is made by a chosen maker"):
            explorer.outlook(Scenario(**nothing, jpy_per_usd=180.0))
    assert explorer.outlook(BASE).numbers == before


def test_a_missing_table_is_named() -> None:
    with pytest.raises(InputError, match="vehicles is missing"):
        exploration.Explorer({}, BASE)
