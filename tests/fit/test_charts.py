"""Charts, tables and sentences of vehicle fit: live words, no overlapping labels, every car in
every picture, gaps named.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.data import load
from helpers.fit import charts, checks, findings, shapes, tables
from helpers.fit import drawings as fit_drawings
from helpers.fit.answer import FitAnswer, FitInputs, FitProgramme, SightInputs, fit_answer
from helpers.fit.limits import FAILS
from helpers.fit.sentences import joined, same_size, size_text
from helpers.quantities import QUALITIES
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, load_scenarios
from helpers.scenarios.vocabulary import MODELS
from tests.tiers import representatives

TABLES = {
    name: load(name) for name in ("vehicles", "constraints", "road_widths", "programme_models")
}
VEHICLES, CONSTRAINTS, ROADS, PROGRAMME = TABLES.values()
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
PICTURES: dict[str, Callable[[FitAnswer], tuple[Figure, str, pd.DataFrame]]] = {
    "margins": charts.margin_heat,
    "overlay": fit_drawings.overlay_drawing,
    "stalls": fit_drawings.stall_drawing,
    "pallets": lambda answer: fit_drawings.pallet_drawing(answer, CONSTRAINTS),
    "streets": lambda answer: fit_drawings.street_drawing(answer, CONSTRAINTS),
    "roads": lambda answer: charts.road_curve(answer, ROADS, CONSTRAINTS),
    "corners": fit_drawings.corner_drawing,
    "shares": charts.share_bars,
}


def answer(scenario: Scenario, vehicles: pd.DataFrame = VEHICLES) -> FitAnswer:
    return fit_answer(
        vehicles,
        CONSTRAINTS,
        ROADS,
        PROGRAMME,
        scenario.of(FitInputs),
        scenario.of(FitProgramme),
        scenario.of(SightInputs),
    )


BASE = answer(Scenario())
ALL_MODELS = Scenario(models=MODELS)


@pytest.mark.parametrize(
    "scenario", representatives(["dense_city", "rural", "all_makers"], "dense_city")
)
@pytest.mark.parametrize("picture", sorted(PICTURES))
def test_labels_stay_inside_and_apart(picture: str, scenario: str) -> None:
    figure, alt, data = PICTURES[picture](answer(SCENARIOS[scenario]))
    assert 20 <= len(alt) <= 400
    assert any(character.isdigit() for character in alt)
    assert not data.empty
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts: list[Any] = [
        text for text in figure.findobj(Text) if text.get_text() and text.get_visible()
    ]
    boxes = [
        (text.get_text(), text.get_window_extent(canvas.get_renderer()).shrunk(0.96, 0.8))
        for text in texts
    ]
    width, height = canvas.get_width_height()
    outside = [
        words
        for words, one in boxes
        if one.x0 < 0 or one.y0 < 0 or one.x1 > width or one.y1 > height
    ]
    assert outside == []
    overlapping = [
        (one, other) for (one, a), (other, b) in itertools.combinations(boxes, 2) if a.overlaps(b)
    ]
    assert overlapping == []


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


def test_one_row_more_is_in_every_table_and_picture() -> None:
    found = answer(Scenario(), with_rows())
    _, _, heat = charts.margin_heat(found)
    assert "Newcar" in set(heat["car"])
    for picture in ("stalls", "pallets", "roads", "shares"):
        assert "new_whole" in set(PICTURES[picture](found)[2]["vehicle_id"]), picture
    # without a size, without a width
    counts = {"overlay": "All 33 sizes", "streets": "of 35 sizes"}
    for picture, words in counts.items():
        figure, _, _ = PICTURES[picture](found)
        assert any(words in text.get_text() for text in figure.axes[0].texts), picture
    assert "Newcar" in set(tables.cars(found, with_rows())["Car"])


def test_missing_dimensions_are_named_and_leave_only_their_results_out() -> None:
    found = answer(Scenario(), with_rows())
    gaps = tables.gaps(found)
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
    _, _, stalls = fit_drawings.stall_drawing(found)
    assert "new_without_track_mm" in set(stalls["vehicle_id"])
    assert "new_without_length_mm" not in set(stalls["vehicle_id"])
    assert checks.checks(found, with_rows(), CONSTRAINTS)["Holds"].all()


@pytest.mark.parametrize(
    "column", ["length_mm", "width_mm", "height_mm", "track_mm", "turn_radius_m"]
)
def test_a_model_of_the_programme_with_a_gap_breaks_no_picture_and_no_table(column: str) -> None:
    vehicles = VEHICLES.copy()
    vehicles.loc[vehicles["vehicle_id"] == "camry_le", column] = math.nan
    found = answer(Scenario(), vehicles)
    for draw in PICTURES.values():
        draw(found)
    for table in (tables.limits, tables.turning, tables.mirrors, tables.sight, tables.gaps):
        assert not table(found).empty
    names = {line["name"] for line in findings.headlines(found, CONSTRAINTS, ROADS)}
    assert ("fit_verdict_camry" in names) == (column not in ("length_mm", "width_mm"))
    assert ("corner_width_m_camry" in names) == (column in ("length_mm", "height_mm"))


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_results_are_listed_sourced_and_honest_about_quality(name: str) -> None:
    found = answer(SCENARIOS[name])
    lines = findings.headlines(found, CONSTRAINTS, ROADS)
    register = set(load("sources")["source_id"])
    assert len({line["name"] for line in lines}) == len(lines)
    for line in lines:
        low, high, label = line["interval"] or (None, None, "")
        result = Result(
            **{key: value for key, value in line.items() if key != "interval"},
            low=low,
            high=high,
            interval=label,
        )
        assert result.name in NAMES
        assert result.quality in QUALITIES
        assert set(result.source_ids) <= register
        assert "  " not in result.sentence
    by_name = {line["name"]: line for line in lines}
    for model, basis in zip(found.models["model"], found.models["basis"], strict=True):
        assert by_name[f"fit_verdict_{model}"]["quality"] == (
            "estimate" if basis == "sourced" else "unverified"
        )
        assert by_name[f"corner_width_m_{model}"]["quality"] == "unverified"
        assert "without a source" in by_name[f"corner_width_m_{model}"]["sentence"]


def test_results_of_the_base_scenario() -> None:
    lines = {line["name"]: line for line in findings.headlines(BASE, CONSTRAINTS, ROADS)}
    assert lines["models_that_fit"]["value"] == 5
    assert lines["models_no_larger_than_a_car_on_sale"]["value"] == 4
    assert lines["legal_width_mm"]["value"] == 1_750
    assert round(lines["corner_width_m_camry"]["value"], 3) == 3.565
    assert round(lines["corner_width_m_tundra"]["value"], 3) == 4.234
    assert lines["fit_verdict_tundra"]["value"] == FAILS
    assert "933 mm longer than the stall" in lines["fit_verdict_tundra"]["sentence"]
    assert lines["models_on_low_roof_pallet"]["value"] == 1
    assert lines["sight_shift_mm"]["value"] == pytest.approx(1034.0909)


@pytest.mark.parametrize("name", ["base", "all_makers", "dense_city"])
def test_nothing_unverified_in_the_answer_in_brief(name: str) -> None:
    lines = findings.headlines(answer(SCENARIOS[name]), CONSTRAINTS, ROADS)
    quality = {line["sentence"]: line["quality"] for line in lines}
    chosen = findings.answers(lines)
    assert len(chosen) >= 2
    assert all(quality[sentence] != "unverified" for sentence in chosen)


def test_the_picture_of_the_corner_says_what_is_assumed() -> None:
    assert fit_drawings.corner_drawing(BASE)[0].get_label().endswith("(turning radii assumed)")


def test_sizes_of_car_are_counted_alike_everywhere() -> None:
    count = len(same_size(BASE.fit.cars))
    assert count < len(VEHICLES)
    assert (
        fit_drawings.street_drawing(BASE, CONSTRAINTS)[0]
        .get_label()
        .startswith(f"Of {count} sizes of car ")
    )
    assert tables.gaps(BASE)["Sizes of car"].str.endswith(f" of {count}").any()
    assert f"{count} sizes of car" in charts.margin_heat(BASE)[1]


def test_models_of_the_programme_head_the_table_of_cars() -> None:
    first = tables.cars(BASE, VEHICLES).head(len(BASE.models))["Car"]
    named = {car.name for car in BASE.fit.cars if car.vehicle_id in set(BASE.models["vehicle_id"])}
    assert set(first) == named


def test_every_source_of_a_table_is_listed() -> None:
    listed = tables.source_ids(BASE)
    cells = [*tables.cars(BASE, VEHICLES)["Sources"], *tables.drive_side_checklist()["Basis"]]
    register = load("sources")["source_id"]
    assert {one for cell in cells for one in cell.split("; ")} & set(register) == set(listed)


def test_limits_that_forbid_nothing_are_not_called_failed() -> None:
    table = tables.limits(BASE).set_index("Limit")
    small = table.loc["Small class (5/7-number)", "Camry"]
    assert small.startswith("over ")
    assert table.loc["Kei class", "Tundra"].startswith("over ")
    starred = [name for name in table.index if name.endswith("*")]
    assert any("high-roof" in name for name in starred)
    assert any("aisle" in name for name in starred)


def test_mirrors_are_marked_as_assumed_unless_published() -> None:
    table = tables.mirrors(BASE).set_index("Model")
    assert set(table["Mirrors"]) == {"assumed"}
    assert table.loc["Camry", "Stall of the scenario"] == "+461 / +211"


@pytest.mark.parametrize("name", ["base", "dense_city", "rural", "all_makers", "lhd_only"])
def test_checks_hold(name: str) -> None:
    table = checks.checks(answer(SCENARIOS[name]), VEHICLES, CONSTRAINTS)
    assert table["Holds"].all(), table[~table["Holds"]]


def test_same_sizes_share_an_entry_and_keep_the_title_of_the_programme() -> None:
    entries = same_size(BASE.fit.cars, {"tundra_cm55": "Tundra"})
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


def test_a_car_without_a_size_cannot_be_drawn() -> None:
    vehicles: Any = VEHICLES.copy()
    vehicles.loc[0, "length_mm"] = math.nan
    car = answer(Scenario(), vehicles).fit.cars[0]
    with pytest.raises(ValueError, match="has no length_mm"):
        shapes.plan(car, 0, 0)
