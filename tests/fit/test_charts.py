"""Charts, tables and sentences of vehicle fit: live words, no overlapping labels, every car in
every picture, gaps named.
"""

import math

import pandas as pd
import pytest

from helpers.data import load
from helpers.fit import bay_figures, findings, street_figures, tables
from helpers.fit.cars import same_size
from helpers.fit.findings import joined, size_text
from helpers.fit.limits import NO
from helpers.fit.part import FitPart
from helpers.quantities import QUALITIES
from helpers.results import NAMES
from helpers.scenarios import Scenario, load_scenarios
from helpers.scenarios.tables import models
from helpers.study import Study
from tests.fit.test_drawings import PICTURES

TABLES = {
    name: load(name) for name in ("vehicles", "constraints", "road_widths", "programme_models")
}
VEHICLES = TABLES["vehicles"]
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
LISTS = (tables.limits, tables.turning, tables.mirrors, tables.sight, tables.gaps)


def answer(scenario: Scenario, vehicles: pd.DataFrame = VEHICLES) -> FitPart:
    return Study(TABLES | {"vehicles": vehicles}, scenario).fit


BASE = answer(Scenario())
ALL_MODELS = Scenario(models=models())


def with_rows() -> pd.DataFrame:
    """The table and cars with gaps: one whole, and one without each dimension."""
    camry = VEHICLES[VEHICLES["vehicle_id"] == "camry_le"]
    rows = [camry.assign(vehicle_id="new_whole", model="Newcar", width_mm=1_777.0)]
    for column in (
        "length_mm",
        "width_mm",
        "height_mm",
        "wheelbase_mm",
        "track_mm",
        "turn_radius_m",
        "front_overhang_mm",
    ):
        rows.append(
            camry.assign(
                **{
                    "vehicle_id": f"new_without_{column}",
                    "model": f"Without {column}",
                    column: math.nan,
                }
            )
        )
    return pd.concat([VEHICLES, *rows], ignore_index=True)


def test_one_row_more_is_in_every_table_and_in_every_picture_asked_for() -> None:
    found = answer(Scenario(), with_rows())
    assert "Newcar" in set(tables.margins(found).frame["Car"])
    assert "Newcar" in set(tables.cars(found).frame["Car"])
    shown = answer(Scenario().model_copy(update={"cars": ("new_whole",)}), with_rows())
    for table in (tables.turning, tables.mirrors, tables.sight, tables.access):
        assert "Newcar" in set(table(shown).frame["Model"])


def test_missing_dimensions_are_named_and_leave_only_their_results_out() -> None:
    found = answer(Scenario(), with_rows())
    gaps = tables.gaps(found).frame
    for column in (
        "length_mm",
        "width_mm",
        "height_mm",
        "track_mm",
        "turn_radius_m",
        "wheelbase_mm",
        "front_overhang_mm",
    ):
        assert gaps["Not computed because"].str.contains(column).any(), column
    gapped = ("new_without_track_mm", "new_without_length_mm")
    shown = answer(Scenario().model_copy(update={"cars": gapped}), with_rows())
    drawn = set(bay_figures.stalls(shown).data["vehicle_id"])
    assert gapped[0] in drawn
    assert gapped[1] not in drawn
    assert tables.laws(found).frame["Holds"].all()


@pytest.mark.parametrize(
    "column", ["length_mm", "width_mm", "height_mm", "track_mm", "turn_radius_m"]
)
def test_a_model_of_the_programme_with_a_gap_breaks_no_picture_and_no_table(column: str) -> None:
    vehicles = VEHICLES.copy()
    vehicles.loc[vehicles["vehicle_id"] == "camry_le", column] = math.nan
    found = answer(Scenario(), vehicles)
    for draw in PICTURES.values():
        draw(found)
    for table in LISTS:
        assert not table(found).frame.empty
    named = {(line.name, line.subject) for line in findings.all_results(found)}
    assert (("fit_verdict", "camry") in named) == (column not in ("length_mm", "width_mm"))
    assert (("corner_width_m", "camry") in named) == (column in ("length_mm", "height_mm"))


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_results_are_listed_sourced_and_honest_about_quality(name: str) -> None:
    found = answer(SCENARIOS[name])
    lines = findings.all_results(found)
    register = set(load("sources")["source_id"])
    by_name = {(line.name, line.subject): line for line in lines}
    assert len(by_name) == len(lines)
    for line in lines:
        assert line.name in NAMES
        assert line.quality in QUALITIES
        assert set(line.source_ids) <= register
        assert "  " not in line.sentence
    for model, basis in zip(found.models["model"], found.models["basis"], strict=True):
        assert by_name["fit_verdict", model].quality == (
            "estimate" if basis == "sourced" else "unverified"
        )
        assert by_name["corner_width_m", model].quality == "unverified"
        assert "without a source" in by_name["corner_width_m", model].sentence


def test_results_of_the_base_scenario() -> None:
    lines = {(line.name, line.subject): line for line in findings.all_results(BASE)}
    assert lines["models_that_fit", ""].value == 0
    assert lines["models_no_larger_than_a_car_on_sale", ""].value == 4
    assert lines["legal_width_mm", ""].value == 1_750
    assert lines["corner_width_m", "camry"].value == pytest.approx(3.566, abs=5e-4)
    assert lines["corner_width_m", "tundra"].value == pytest.approx(4.233, abs=5e-4)
    assert lines["fit_verdict", "tundra"].value == NO
    assert "is longer than the stall (933 mm short)" in lines["fit_verdict", "tundra"].sentence
    assert lines["models_on_low_roof_pallet", ""].value == 1
    assert lines["sight_shift_mm", ""].value == pytest.approx(1034.0909)


@pytest.mark.parametrize("name", ["base", "all_makers", "dense_city"])
def test_nothing_unverified_in_the_answer_in_brief(name: str) -> None:
    chosen = findings.answer(answer(SCENARIOS[name]))
    assert len(chosen) >= 2
    assert all(line.quality != "unverified" for line in chosen)


def test_the_picture_of_the_corner_says_what_is_assumed() -> None:
    assert street_figures.corners(BASE).title.endswith("(turning radii assumed)")


def test_sizes_of_car_are_counted_alike_everywhere() -> None:
    count = len(same_size(BASE.cars))
    assert count < len(VEHICLES)
    assert tables.gaps(BASE).frame["Sizes of car"].str.endswith(f" of {count}").any()
    assert len(tables.margins(BASE).frame) == count


def test_models_of_the_programme_head_the_table_of_cars() -> None:
    first = tables.cars(BASE).frame.head(len(BASE.models))["Car"]
    named = {car.name for car in BASE.cars if car.vehicle_id in set(BASE.models["vehicle_id"])}
    assert set(first) == named


def test_every_source_of_a_table_is_listed() -> None:
    listed = tables.source_ids(BASE)
    cells = [*tables.cars(BASE).frame["Sources"], *tables.drive_side_checklist().frame["Basis"]]
    register = load("sources")["source_id"]
    assert {one for cell in cells for one in cell.split("; ")} & set(register) == set(listed)


def test_limits_that_forbid_nothing_are_not_called_failed() -> None:
    table = tables.limits(BASE).frame.set_index("Limit")
    small = table.loc["Small class (5/7-number)", "Camry"]
    assert small.startswith("over ")
    assert table.loc["Kei class", "Tundra"].startswith("over ")
    starred = [name for name in table.index if name.endswith("*")]
    assert any("high-roof" in name for name in starred)
    assert any("aisle" in name for name in starred)


def test_mirrors_are_marked_as_assumed_unless_published() -> None:
    table = tables.mirrors(BASE).frame.set_index("Model")
    assert set(table["Mirrors"]) == {"assumed"}
    assert table.loc["Camry", "Stall of the scenario"] == "+461 / +211"


@pytest.mark.parametrize("name", ["base", "dense_city", "rural", "all_makers", "lhd_only"])
def test_laws_hold(name: str) -> None:
    table = tables.laws(answer(SCENARIOS[name])).frame
    assert table["Holds"].all(), table[~table["Holds"]]


def test_same_sizes_share_an_entry_and_keep_the_title_of_the_programme() -> None:
    entries = same_size(BASE.cars, {"tundra_cm55": "Tundra"})
    labels = [label for label, _ in entries]
    assert labels.count("Camry") == 1
    assert "Tundra" in labels
    assert len(labels) == len(set(labels))
    covered = [car.vehicle_id for _, car in entries]
    assert "tundra_cm55" in covered
    assert "tundra_dc65" not in covered  # as long and wide as the other


def test_words() -> None:
    assert (joined([]), joined(["A"]), joined(["A", "B"]), joined(["A", "B", "C"])) == (
        "none",
        "A",
        "A and B",
        "A, B and C",
    )
    assert (size_text(5_000, 2_300), size_text(6_000, 2_475)) == ("5.0 × 2.3 m", "6.0 × 2.475 m")
