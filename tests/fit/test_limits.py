"""Limits: those that follow a street; margins against published sizes; every pair has a
margin or a reason.
"""

import json
from typing import Any

import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.fit.access import legal_width_mm
from helpers.fit.cars import read_cars
from helpers.fit.limits import (
    BODY,
    GROSS_WEIGHT,
    NO,
    NOT_COMPUTED,
    OUT,
    USABLE,
    WITH_CARE,
    margin_table,
    verdict,
    width_margins,
)
from helpers.scenarios import Scenario
from helpers.study import Study

GOLDEN: dict[str, Any] = json.loads(
    (PROJECT_ROOT / "tests/golden/fit.json").read_text(encoding="utf-8")
)
TABLES = {name: load(name) for name in ("vehicles", "constraints")}
VEHICLES, CONSTRAINTS = TABLES.values()
MARGINS = Study(TABLES, Scenario()).fit.margins


def margin(vehicle_id: str, constraint_id: str) -> Any:
    (row,) = MARGINS[
        (MARGINS["vehicle_id"] == vehicle_id) & (MARGINS["constraint_id"] == constraint_id)
    ].to_dict("records")
    return row


def test_limits_that_follow_the_carriageway_are_the_published_ones() -> None:
    # deduction in m, lanes
    as_published = {
        "vro5_1": (0.5, 1),
        "vro5_2": (0.5, 2),
        "vro5_3": (1.5, 2),
        "vro6_1": (0.5, 1),
        "vro6_2": (0.0, 2),
    }
    for street in (4.0, 5.0, 6.5):
        fit = Study(TABLES, Scenario(street_width_m=street)).fit
        own = fit.margins[fit.margins["vehicle_id"] == "camry_le"].set_index("constraint_id")
        widest = own.loc[list(as_published), "limit"].to_dict()
        carriageway = street - 1.0
        assert widest == pytest.approx(
            {
                key: 1000 * (carriageway - deduction) / lanes
                for key, (deduction, lanes) in as_published.items()
            }
        )
        assert legal_width_mm(carriageway) == pytest.approx(widest["vro5_2"])
    assert own.loc["mech_tyre", "verdict"] == NOT_COMPUTED


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (51, 60, USABLE),
        (49.9, 60, WITH_CARE),
        (0, 0, WITH_CARE),
        (-1, 1, WITH_CARE),
        (-2, -1, NO),
        (-0.001, -0.001, NO),
    ],
)
def test_one_word_for_a_margin(low: float, high: float, word: str) -> None:
    assert verdict(low, high, 50) == word


@pytest.mark.parametrize("vehicle_id", sorted(GOLDEN["parking"]["rows"]))
def test_parking_margins_worked_by_hand(vehicle_id: str) -> None:
    row = GOLDEN["parking"]["rows"][vehicle_id]
    groups = {
        "low_roof_over": {"L": "mech_newer_l", "W": "mech_newer_w", "H": "mech_newer_h"},
        "high_roof_over": {
            "L": "mech_highroof_length",
            "W": "mech_highroof_width",
            "H": "mech_highroof_height",
        },
        "coin_over": {
            "L": "coin_times_length_max",
            "W": "coin_times_width_max",
            "H": "coin_times_height_max",
        },
    }
    for key, limits in groups.items():
        margins = {letter: margin(vehicle_id, limit)["margin"] for letter, limit in limits.items()}
        assert {letter: -value for letter, value in margins.items() if value < 0} == row[key]
    for key, limits in {
        "stall_small": ("stall_small_l", "stall_small_w"),
        "stall_large": ("stall_ordinary_l", "stall_ordinary_w"),
    }.items():
        assert [
            margin(vehicle_id, limits[0])["margin"],
            margin(vehicle_id, limits[1])["margin"] / 2,
        ] == row[key]


def test_every_pair_has_a_margin_or_a_reason() -> None:
    assert len(MARGINS) == len(VEHICLES) * len(CONSTRAINTS)
    assert not MARGINS.duplicated(["vehicle_id", "constraint_id"]).any()
    uncomputed = MARGINS["margin"].isna()
    assert (MARGINS.loc[uncomputed, "verdict"] == NOT_COMPUTED).all()
    assert (MARGINS.loc[uncomputed, "reason"] != "").all()
    assert (
        MARGINS.loc[~uncomputed, ["margin_low", "margin_high", "limit", "need"]].notna().all().all()
    )
    computed = MARGINS[~uncomputed]
    assert (
        (computed["margin_low"] <= computed["margin"] + 1e-9)
        & (computed["margin"] <= computed["margin_high"] + 1e-9)
    ).all()


def test_direction_of_limits() -> None:
    assert margin("jp_nbox", "coin_times_length_min")["margin"] == 95  # longer than the least
    # 203 mm of ground clearance, 150 wanted
    assert margin("highlander_gas_xle", "coin_times_clearance")["margin"] == 53
    assert margin("camry_le", "vro3_r")["margin"] == pytest.approx(6_200)
    # 5.0 m street, 4.0 m carriageway, 1,750 mm
    assert margin("camry_le", "vro5_2")["margin"] == pytest.approx(-89)
    assert margin("camry_le", "garage_fit_l")["margin"] == 85
    assert margin("camry_le", "class_small_cc")["margin"] == -487
    assert margin("camry_le", "aisle_two_way")["limit_assumed"]
    assert not margin("camry_le", "class_small_w")["forbids"]
    assert not margin("camry_le", "rso_dv_small_width")["forbids"]


def test_gross_weight_is_never_called_fitting() -> None:
    rows = MARGINS[MARGINS["dimension"] == "gross_vehicle_weight"]
    assert set(rows["verdict"]) <= {NOT_COMPUTED, NO}
    assert (rows["reason"] == GROSS_WEIGHT).all()


def test_corner_cut_of_two_metres_helps_whom_the_worked_results_say() -> None:
    """In a 4.0 m corner: no cut needed but for Tundras; a 2 m base is enough for the 5.5 and 6.5 ft
    beds, not for 8.1 ft.
    """
    rows = MARGINS[MARGINS["constraint_id"] == "corner_cut"].set_index("vehicle_id")
    assert rows.loc["camry_le", "need"] == 0
    assert (
        0
        < rows.loc["tundra_cm55", "need"]
        < rows.loc["tundra_cm65", "need"]
        < 2_000
        < rows.loc["tundra_dc81", "need"]
    )


def test_both_widths_are_held_against_a_limit_and_the_published_one_is_used() -> None:
    cars = read_cars(VEHICLES)
    table = (
        width_margins(cars, CONSTRAINTS, {"carriageway_m": 4.0}, 250, 50)
        .set_index(["vehicle_id", "constraint_id", "measured"])
        .sort_index()
    )
    for vehicle_id, out in (("camry_le", 2_089), ("jp_nbox", 1_800)):
        own = table.loc[(vehicle_id, "coin_times_width_max")]
        body = VEHICLES.set_index("vehicle_id").loc[vehicle_id, "width_mm"]
        assert (own.loc[BODY, "margin"], own.loc[OUT, "margin"]) == (1_900 - body, 1_900 - out)
    assert table.loc[("camry_le", "coin_times_width_max", OUT), "basis"] == "no source"
    assert table.loc[("jp_nbox", "coin_times_width_max", OUT), "basis"] == "sourced"


def test_a_limit_of_an_unknown_dimension_says_so() -> None:
    odd = CONSTRAINTS.head(1).assign(constraint_id="odd", dimension="paint_colour")
    table = margin_table(read_cars(VEHICLES), pd.concat([CONSTRAINTS.head(2), odd]), {}, {}, 50)
    assert (
        table.loc[table["constraint_id"] == "odd", "reason"]
        == "no column of vehicles.csv is held against paint_colour"
    ).all()
