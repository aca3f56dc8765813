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
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE
from helpers.fit.part import FitPart
from helpers.fit.space import (
    AISLE,
    CORNER,
    DECIDING,
    NEEDED,
    STALL_LENGTH,
    STREET_MEETING,
    WHEEL_STOP,
    Allowances,
    required_space,
    rests_on,
)
from helpers.fit.tables import spare as spare_table
from helpers.scenarios import Scenario, check_values, load_scenarios, parameters
from helpers.study import Study
from tests.tiers import representatives

TABLES = {
    name: load(name) for name in ("vehicles", "constraints", "road_widths", "programme_models")
}
VEHICLES, CONSTRAINTS = TABLES["vehicles"], TABLES["constraints"]
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
BASE = Scenario()
RANK = {NO: 0, WITH_CARE: 1, USABLE: 2}
SIZES = [
    column for column in VEHICLES.columns if column.endswith("_mm") or column == "turn_radius_m"
]


def answer(scenario: Scenario = BASE, **tables: pd.DataFrame) -> FitPart:
    return Study(TABLES | tables, scenario).fit


def with_changes(scenario: Scenario, **changes: Any) -> FitPart:
    return answer(scenario.model_copy(update=changes))


def every(fit: FitPart) -> pd.DataFrame:
    """One word for every car of the table, not only for the chosen models."""
    return fit.every_verdict


def volume(scenario: Scenario) -> dict[str, float]:
    """Part of each model's buyers with room for it."""
    return dict(Study.of(scenario).volume.room)


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
        **dict.fromkeys(("camry", "highlander", "integra_type_s", "passport", "murano"), WITH_CARE),
        "tundra": NO,
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
    assert models.loc["highlander", "corner"] == WITH_CARE
    assert models.loc["tundra", "corner"] == NO
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
    assert corners.loc["ridgeline", "verdict"] == WITH_CARE
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
    for key, own in fit.usable.items():
        for part in ("alone", "meeting", "stalls"):
            before, after = getattr(own, part), getattr(wider.usable[key], part)
            assert after.percents >= before.percents
    rooms = volume(scenario), volume(wider.inputs.scenario)
    assert all(rooms[1][model] >= room - 1e-9 for model, room in rooms[0].items())
    edged = with_changes(scenario, street_edge_m=scenario.street_edge_m + 0.2)
    assert (every(edged)["verdict"].map(RANK) <= every(fit)["verdict"].map(RANK)).all()
    assert all(edged.usable[key].roads <= own.roads for key, own in fit.usable.items())
    stricter = with_changes(
        scenario, tolerance_mm=scenario.tolerance_mm + 100, clearance_mm=scenario.clearance_mm + 100
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
    for key, own in before.usable.items():
        assert after.usable[key].roads >= own.roads - 1e-9
        assert after.usable[key].stalls.mid >= own.stalls.mid


@given(
    st.sampled_from(sorted(SCENARIOS)),
    st.integers(2_000, 9_000).map(lambda mm: mm / 1000),
    st.integers(1_900, 3_200),
    st.integers(4_200, 7_000),
)
@settings(max_examples=20, deadline=None)
def test_a_verdict_changes_at_its_flip_distance_and_not_before(
    name: str, street: float, stall_width: int, stall_length: int
) -> None:
    scenario = SCENARIOS[name].model_copy(
        update={
            "street_width_m": street,
            "stall_width_mm": stall_width,
            "stall_length_mm": stall_length,
        }
    )
    own = answer(scenario)
    words = every(own).set_index("vehicle_id")
    for column, sign, better in (("better_mm", 1, 1), ("worse_mm", -1, -1)):
        for key, distance in words[column].dropna().items():
            before, after = (
                shifted(own.places, str(key), sign * (distance + step), scenario.tolerance_mm)
                for step in (-0.5, 0.5)
            )
            assert before == words.loc[key, "verdict"]
            assert RANK[after] == RANK[before] + better


def shifted(places: pd.DataFrame, key: str, by_mm: float, tolerance_mm: float) -> str:
    """The word for a car were every size of stall and street so much larger, by the rule as its
    sentence says it.
    """
    rows = places[(places["vehicle_id"] == key) & places["decides"]].set_index("place")
    low, high = rows["margin_low_mm"] + by_mm, rows["margin_high_mm"] + by_mm
    if (high[list(NEEDED)] < 0).any():
        return NO
    return USABLE if (low > tolerance_mm).all() else WITH_CARE


def test_a_street_with_an_edge_is_the_narrower_street_without() -> None:
    edged, plain = (
        with_changes(BASE, street_width_m=width, street_edge_m=edge)
        for width, edge in ((5.0, 1.0), (4.0, 0.0))
    )
    pd.testing.assert_frame_equal(every(edged), every(plain))


def test_a_margin_equal_to_the_tolerance_is_with_care() -> None:
    """The Highlander of 4,950 mm in a stall of 5,000, at a tolerance of 50."""
    roomy = {"street_width_m": 9.0, "wheel_stop_gap_mm": 0, "door_room_mm": 400}
    words = [
        with_changes(BASE, **roomy, tolerance_mm=tolerance).models.set_index("model")["verdict"]
        for tolerance in (49, 50)
    ]
    assert [word["highlander"] for word in words] == [USABLE, WITH_CARE]


def test_another_published_size_says_whether_it_changes_the_verdict() -> None:
    roomy = {"street_width_m": 9.0, "wheel_stop_gap_mm": 0, "door_room_mm": 400}
    fit = Study.of(BASE.model_copy(update=roomy | {"tolerance_mm": 49})).fit
    own = fit.otherwise[fit.otherwise["vehicle_id"].str.startswith("highlander")]
    words = dict(zip(own["value_mm"], own["verdict"], strict=True))
    assert words == {4_951: WITH_CARE, 4_966: WITH_CARE}
    spare = spare_table(fit, pd.DataFrame(index=fit.shown["model"])).frame.set_index("Model")
    assert "length 4,951: with care" in spare.loc["Highlander", "Published otherwise"]
    assert spare.loc["Tundra", "Published otherwise"] == "–"


def test_verdict_never_rests_on_the_radius_or_an_assumed_limit() -> None:
    deciding = BASE_ANSWER.places[BASE_ANSWER.places["decides"]]
    assert not deciding["place"].isin([CORNER, AISLE]).any()
    tight_turns = with_changes(BASE, corner_lane_width_m=2.0, aisle_width_m=2.0)
    assert list(tight_turns.models["verdict"]) == list(BASE_ANSWER.models["verdict"])
    assert set(tight_turns.models["corner"]) == {NO}


def test_waiting_for_an_oncoming_car_is_with_care_not_impossible() -> None:
    narrow = with_changes(BASE, street_width_m=4.0).models.set_index("model")
    assert (narrow.loc["camry", "verdict"], narrow.loc["camry", "because"]) == (
        WITH_CARE,
        STREET_MEETING,
    )
    too_narrow = with_changes(BASE, street_width_m=3.2).models.set_index("model")
    assert too_narrow.loc["camry", "verdict"] == NO


def test_a_car_no_longer_on_sale_is_not_the_car_on_sale() -> None:
    gone = {"jp_rav4", "jp_hilux"}  # orders ended in 2025, as their rows say
    assert not gone & {*BASE_ANSWER.models["nearest"], *BASE_ANSWER.models["enclosed_by"]}


def test_a_car_added_by_one_row_is_in_every_table() -> None:
    found = answer(
        BASE.model_copy(update={"street_width_m": 8.0, "wheel_stop_gap_mm": 0}),
        vehicles=with_row(width_mm=1_750.0),
    )
    for table in (found.places, found.margins, found.widths):
        assert "new_car" in set(table["vehicle_id"])
    assert "new_car" in found.usable
    assert every(found).set_index("vehicle_id").loc["new_car", "verdict"] == USABLE


@pytest.mark.parametrize(
    ("column", "verdict", "corner"),
    [
        ("height_mm", WITH_CARE, USABLE),
        ("track_mm", WITH_CARE, NOT_COMPUTED),
        ("turn_radius_m", WITH_CARE, NOT_COMPUTED),
        ("length_mm", NOT_COMPUTED, USABLE),
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
    assert found.usable["new_car"].missing == (
        (column,) if column in ("length_mm", "width_mm") else ()
    )


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
    scenario = BASE.model_copy(
        update={"street_width_m": 8.0, "wheel_stop_gap_mm": 0, "door_room_mm": 400}
    )
    study = Study(TABLES, scenario)
    roomy = study.using(required_space=with_door)
    assert study.fit.counts == (4, 6)  # the Highlander's length is its tolerance
    assert roomy.fit.counts == (0, 6)
    assert roomy.own.fit.counts == (4, 6)
    assert roomy.fit.usable["camry_le"].stalls.mid < study.fit.usable["camry_le"].stalls.mid


def test_a_need_rests_on_the_dimensions_without_which_it_cannot_be_worked_out() -> None:
    def by_mirrors(car: Any, allowances: Any) -> dict[str, Any]:
        needs = required_space(car, allowances)
        return needs | {"stall width": car.width_mirrors_mm + car.height_mm * 0}

    allowances = Allowances(100, 250, 80, 100, 550, 400, 1_700)
    own = rests_on(required_space, allowances)
    assert own == dict.fromkeys(own, ("width_mm",)) | dict.fromkeys(
        (STALL_LENGTH, WHEEL_STOP), ("length_mm",)
    )
    assert rests_on(by_mirrors, allowances)["stall width"] == ("width_mirrors_mm", "height_mm")
    blank = Study(TABLES, BASE).using(required_space=by_mirrors).fit.verdicts
    assert set(blank["verdict"]) == {NOT_COMPUTED}  # no maker publishes the width over mirrors


@pytest.mark.parametrize(
    ("needs", "fault"),
    [
        ({"stall length": 1}, "does not say what a car needs of the stall width"),
        (dict.fromkeys((*DECIDING, "roof"), 1), "'roof' is no size here; use: stall length"),
    ],
)
def test_an_own_space_that_answers_too_little_or_too_much_is_refused(
    needs: dict[str, Any], fault: str
) -> None:
    study = Study(TABLES, BASE).using(required_space=lambda car, allowances: needs)
    with pytest.raises(InputError, match=fault):
        study.fit.counts  # noqa: B018


TOWN = {"name": "Town", "width_basis": "total", "bands": [{"from_m": 5, "length_km": 1}]}
OF_ONES_OWN: dict[str, dict[str, Any]] = {
    "cars": {"cars": ["jp_nbox"]},
    "own_cars": {"own_cars": [{"vehicle_id": "mine", "length_mm": 4_400, "width_mm": 1_750}]},
    "own_place": {"own_place": TOWN},
}


@pytest.mark.parametrize("parameter", [one.name for one in parameters("03_vehicle_fit")])
def test_every_parameter_changes_a_result(parameter: str) -> None:
    one = next(each for each in parameters("03_vehicle_fit") if each.name == parameter)
    before = all_results(BASE_ANSWER)
    if parameter in OF_ONES_OWN:
        assert all_results(answer(check_values(OF_ONES_OWN[parameter], "test"))) != before
        return
    if one.type == "list":
        trials: list[Any] = [("camry",), one.choices]
    elif one.choices:
        trials = list(one.choices)
    else:
        trials = [type(one.default)(value) for value in (one.lowest, one.highest)]
    changed = [
        all_results(with_changes(BASE, **{parameter: trial})) != before
        for trial in trials
        if trial != one.default
    ]
    assert any(changed)
