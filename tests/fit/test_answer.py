"""The whole answer: verdicts, laws over all scenarios, a car added by one row, and what a blank
dimension leaves out.
"""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import load
from helpers.errors import InputError
from helpers.fit.findings import all_results
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT
from helpers.fit.part import FitPart
from helpers.fit.places import (
    AISLE,
    CORNER,
    DECIDING,
    STALL_LENGTH,
    STREET_MEETING,
    Allowances,
    required_space,
    rests_on,
    verdict_table,
)
from helpers.scenarios import Scenario, load_scenarios, parameters
from helpers.study import Study
from tests.tiers import representatives

TABLES = {
    name: load(name) for name in ("vehicles", "constraints", "road_widths", "programme_models")
}
VEHICLES, CONSTRAINTS = TABLES["vehicles"], TABLES["constraints"]
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
BASE = Scenario()
RANK = {FAILS: 0, TIGHT: 1, FITS: 2}
SIZES = [
    column for column in VEHICLES.columns if column.endswith("_mm") or column == "turn_radius_m"
]


def answer(scenario: Scenario = BASE, **tables: pd.DataFrame) -> FitPart:
    return Study(TABLES | tables, scenario).fit


def with_changes(scenario: Scenario, **changes: Any) -> FitPart:
    return answer(scenario.model_copy(update=changes))


def every(fit: FitPart) -> pd.DataFrame:
    """One word for every car of the table, not only for the chosen models."""
    return verdict_table(fit.places)


def with_row(**values: Any) -> pd.DataFrame:
    """The table and one more car, the Camry's row with other values."""
    row = VEHICLES[VEHICLES["vehicle_id"] == "camry_le"].assign(
        vehicle_id="new_car", model="Newcar", trim="One", role="us_candidate", **values
    )
    return pd.concat([VEHICLES, row], ignore_index=True)


BASE_ANSWER = answer()


def test_headline_of_each_model_in_the_base_scenario() -> None:
    models = BASE_ANSWER.models.set_index("model")
    assert dict(models["verdict"]) == {
        **dict.fromkeys(("camry", "highlander", "integra_type_s", "passport", "murano"), FITS),
        "tundra": FAILS,
    }
    assert (models.loc["tundra", "because"], models.loc["tundra", "margin_mm"]) == (
        STALL_LENGTH,
        -933,
    )
    assert (
        round(models.loc["camry", "corner_m"], 3),
        round(models.loc["tundra", "corner_m"], 3),
    ) == (3.566, 4.233)
    assert dict(models["enclosed_by"])["camry"] == "jp_crown_cross"
    assert models.loc[["tundra", "passport"], "enclosed_by"].tolist() == ["", ""]
    assert BASE_ANSWER.legal_width_mm == 1_750


@pytest.mark.parametrize("change", [-5.0, 5.0])
def test_headlines_survive_five_percent_on_the_radius(change: float) -> None:
    """Verdicts never hang on the radius, and at the base corner neither does passing it."""
    moved = with_changes(BASE, turn_radius_change_percent=change).models
    assert list(moved["verdict"]) == list(BASE_ANSWER.models["verdict"])
    assert dict(zip(moved["model"], moved["corner"], strict=True)) == dict(
        zip(BASE_ANSWER.models["model"], BASE_ANSWER.models["corner"], strict=True)
    )


def test_a_corner_the_radius_does_not_settle_says_so() -> None:
    models = answer(SCENARIOS["dense_city"]).models.set_index("model")
    assert models.loc["highlander", "corner"] == TIGHT
    assert models.loc["tundra", "corner"] == FAILS
    assert (
        models.loc["highlander", "corner_low_m"] < 3.6 < models.loc["highlander", "corner_high_m"]
    )


def test_reading_of_the_worked_results_at_four_metres() -> None:
    """The sharp 4.0 m corner fails for every Tundra and for no other candidate at its own
    radius.
    """
    corners = BASE_ANSWER.places[BASE_ANSWER.places["place"] == CORNER].set_index("vehicle_id")
    failing = set(corners.index[corners["margin_mm"] < 0])
    assert failing == set(VEHICLES.loc[VEHICLES["model"] == "Tundra", "vehicle_id"])
    assert corners.loc["ridgeline", "verdict"] == TIGHT
    wide_stall = with_changes(BASE, stall_width_mm=2_500).places
    aisles = wide_stall[wide_stall["place"] == AISLE].set_index("vehicle_id")
    assert set(aisles.index[aisles["margin_mm"] < 0]) == failing


@pytest.mark.parametrize(
    "name", representatives(sorted(SCENARIOS), "base", "very_weak_yen", "dense_city")
)
def test_laws_in_every_scenario(name: str) -> None:
    scenario = SCENARIOS[name]
    fit = answer(scenario)
    wider = with_changes(
        scenario,
        stall_length_mm=scenario.stall_length_mm + 137,
        stall_width_mm=scenario.stall_width_mm + 61,
        street_width_m=scenario.street_width_m + 0.3,
        corner_lane_width_m=scenario.corner_lane_width_m + 0.2,
        aisle_width_m=scenario.aisle_width_m + 0.2,
    )
    assert (wider.places["margin_mm"] >= fit.places["margin_mm"] - 1e-9).all()
    assert (every(wider)["verdict"].map(RANK) >= every(fit)["verdict"].map(RANK)).all()
    for key, share in fit.usable.items():
        assert share.together.mid <= wider.usable[key].together.mid + 1e-9
        assert share.together.high <= min(share.streets.high, share.bays.high)
    stricter = with_changes(
        scenario,
        tolerance_mm=scenario.tolerance_mm + 100,
        clearance_mm=scenario.clearance_mm + 100,
    )
    assert (every(stricter)["verdict"].map(RANK) <= every(fit)["verdict"].map(RANK)).all()


@given(st.sampled_from(sorted(SCENARIOS)), st.floats(0.87, 0.999))
@settings(max_examples=20, deadline=None)
def test_a_car_scaled_down_fits_wherever_the_larger_did(name: str, factor: float) -> None:
    smaller = VEHICLES.copy()
    smaller[SIZES] = smaller[SIZES] * factor
    before, after = (answer(SCENARIOS[name], vehicles=table) for table in (VEHICLES, smaller))
    assert (every(after)["verdict"].map(RANK) >= every(before)["verdict"].map(RANK)).all()
    for column in ("corner", "aisle"):
        assert (every(after)[column].map(RANK) >= every(before)[column].map(RANK)).all()
    for key, share in before.usable.items():
        assert after.usable[key].together.mid >= share.together.mid - 1e-9


def test_verdict_never_rests_on_the_radius_or_an_assumed_limit() -> None:
    deciding = BASE_ANSWER.places[BASE_ANSWER.places["decides"]]
    assert not deciding["place"].isin([CORNER, AISLE]).any()
    tight_turns = with_changes(BASE, corner_lane_width_m=2.0, aisle_width_m=2.0)
    assert list(tight_turns.models["verdict"]) == list(BASE_ANSWER.models["verdict"])
    assert set(tight_turns.models["corner"]) == {FAILS}


def test_waiting_for_an_oncoming_car_is_tight_not_impossible() -> None:
    narrow = with_changes(BASE, street_width_m=4.0).models.set_index("model")
    assert (narrow.loc["camry", "verdict"], narrow.loc["camry", "because"]) == (
        TIGHT,
        STREET_MEETING,
    )
    too_narrow = with_changes(BASE, street_width_m=2.2).models.set_index("model")
    assert too_narrow.loc["camry", "verdict"] == FAILS


def test_usable_share_of_the_base_scenario() -> None:
    shares = BASE_ANSWER.usable
    camry, tundra, longest = shares["camry_le"], shares["tundra_cm55"], shares["tundra_dc81"]
    assert (camry.bays.low, camry.bays.high) == (1, 1)
    assert (camry.together.low, camry.together.high) == (camry.streets.low, camry.streets.high)
    assert tundra.bays.mid == pytest.approx(0.3)  # only the three tenths of large stalls
    assert (longest.bays.high, longest.together.high) == (0, 0)
    assert (tundra.corner.low, tundra.corner.mid, tundra.corner.high) == (0, 0.5, 1)


def test_a_car_added_by_one_row_is_in_every_table() -> None:
    found = answer(vehicles=with_row(width_mm=1_750.0))
    for table in (found.places, found.margins, found.widths):
        assert "new_car" in set(table["vehicle_id"])
    assert "new_car" in found.usable
    assert every(found).set_index("vehicle_id").loc["new_car", "verdict"] == FITS


@pytest.mark.parametrize(
    ("column", "verdict", "corner"),
    [
        ("height_mm", FITS, FITS),
        ("track_mm", FITS, NOT_COMPUTED),
        ("turn_radius_m", FITS, NOT_COMPUTED),
        ("length_mm", NOT_COMPUTED, FITS),
        ("width_mm", NOT_COMPUTED, NOT_COMPUTED),
    ],
)
def test_a_missing_dimension_says_which_result_is_not_computed(
    column: str, verdict: str, corner: str
) -> None:
    found = answer(vehicles=with_row(**{column: math.nan}))
    row = every(found).set_index("vehicle_id").loc["new_car"]
    assert (row["verdict"], row["corner"]) == (verdict, corner)
    own = found.margins[found.margins["vehicle_id"] == "new_car"]
    assert own["reason"].str.contains(column).any()
    places = found.places[
        (found.places["vehicle_id"] == "new_car") & (found.places["verdict"] == NOT_COMPUTED)
    ]
    assert places["reason"].str.contains(column).all()
    assert found.usable["new_car"].missing == (() if column == "height_mm" else (column,))


def test_models_that_the_tables_do_not_have_are_refused() -> None:
    with pytest.raises(InputError, match="corolla is not in programme_models"):
        with_changes(BASE, models=("camry", "corolla")).verdicts  # noqa: B018
    with pytest.raises(InputError, match="no model is named"):
        with_changes(BASE, models=()).verdicts  # noqa: B018
    gone = TABLES["programme_models"].assign(vehicle_id="gone")
    with pytest.raises(InputError, match="stands for vehicle gone"):
        answer(programme_models=gone).verdicts  # noqa: B018


def test_a_limit_that_the_model_needs_must_be_in_the_table() -> None:
    without = CONSTRAINTS[CONSTRAINTS["constraint_id"] != "rso_dv_small_width"]
    with pytest.raises(InputError, match="rso_dv_small_width"):
        answer(constraints=without).places  # noqa: B018


def with_door(car: Any, allowances: Any) -> dict[str, Any]:
    needs = required_space(car, allowances)
    return needs | {"stall width": needs["stall width"] + 500}


def test_an_own_space_decides_verdicts_and_shares() -> None:
    study = Study(TABLES, BASE)
    roomy = study.using(required_space=with_door)
    assert study.fit.counts == (5, 6)
    assert roomy.fit.counts == (0, 6)
    assert roomy.own.fit.counts == (5, 6)
    narrow = roomy.fit.usable["camry_le"]
    assert narrow.bays.mid < study.fit.usable["camry_le"].bays.mid
    assert narrow.together.high < study.fit.usable["camry_le"].together.high


def test_a_need_rests_on_the_dimensions_without_which_it_cannot_be_worked_out() -> None:
    def by_mirrors(car: Any, allowances: Any) -> dict[str, Any]:
        needs = required_space(car, allowances)
        return needs | {"stall width": car.width_mirrors_mm + car.height_mm * 0}

    allowances = Allowances(250, 1_700, 250, 1_850)
    own = rests_on(required_space, allowances)
    assert own == dict.fromkeys(own, ("width_mm",)) | {"stall length": ("length_mm",)}
    assert rests_on(by_mirrors, allowances)["stall width"] == ("width_mirrors_mm", "height_mm")
    blank = Study(TABLES, BASE).using(required_space=by_mirrors).fit.verdicts
    assert set(blank["verdict"]) == {NOT_COMPUTED}  # no maker publishes the width over mirrors


@pytest.mark.parametrize(
    ("needs", "fault"),
    [
        ({"stall length": 1}, "does not say what a car needs of the stall width"),
        (dict.fromkeys((*DECIDING, "door"), 1), "'door' is no size here; use: stall length"),
    ],
)
def test_an_own_space_that_answers_too_little_or_too_much_is_refused(
    needs: dict[str, Any], fault: str
) -> None:
    study = Study(TABLES, BASE).using(required_space=lambda car, allowances: needs)
    with pytest.raises(InputError, match=fault):
        study.fit.counts  # noqa: B018


@pytest.mark.parametrize("parameter", [one.name for one in parameters("03_vehicle_fit")])
def test_every_parameter_changes_a_result(parameter: str) -> None:
    one = next(each for each in parameters("03_vehicle_fit") if each.name == parameter)
    if one.type == "list":
        trials: list[Any] = [("camry",), one.choices]
    elif one.choices:
        trials = list(one.choices)
    else:
        trials = [type(one.default)(value) for value in (one.lowest, one.highest)]
    before = all_results(BASE_ANSWER)
    changed = [
        all_results(with_changes(BASE, **{parameter: trial})) != before
        for trial in trials
        if trial != one.default
    ]
    assert any(changed)
