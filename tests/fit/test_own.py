"""A car and a place of one's own: from a file into the parameters, and one clear line for each
wrong row, the same from a file of one's own as from the package's check.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.data import vehicle_rules
from helpers.errors import InputError
from helpers.fit import findings, own, tables
from helpers.fit.access import regions
from helpers.scenarios import Scenario, check_values
from helpers.scenarios.reading import from_parameters
from helpers.study import Study

FILE = PROJECT_ROOT / "tests/golden/own_cars.csv"
LINES = FILE.read_text(encoding="utf-8").splitlines()
HEADER, JIMNY = (next(csv.reader([line])) for line in LINES[:2])
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def jimny(**cells: str) -> str:
    """The file with its first car, some cells of which are others."""
    row = dict(zip(HEADER, JIMNY, strict=True)) | cells
    return f"{LINES[0]}\n{','.join(row.values())}\n"


WRONG = {
    "diameter as radius": (
        {"turn_radius_m": "9.6"},
        "turn_radius_m: .* looks like the diameter of the circle; write 4.8",
    ),
    "width and height exchanged": (
        {"width_mm": "1725", "height_mm": "1475"},
        "width_mm: .*; width and height may be exchanged",
    ),
    "weight and displacement exchanged": (
        {"curb_weight_kg": "658", "displacement_cc": "1050"},
        "curb_weight_kg: .*; weight and displacement may be exchanged",
    ),
    "pounds": ({"curb_weight_kg": "2315"}, "curb_weight_kg: .* looks like pounds; write 1050"),
    "overhangs exchanged": (
        {"front_overhang_mm": "618", "rear_overhang_mm": "527"},
        "front_overhang_mm: .*; the two may be exchanged",
    ),
    "overhangs that do not add up": (
        {"front_overhang_mm": "700"},
        "length_mm: wheelbase and overhangs add to 3568, not to 3395",
    ),
    "metres": ({"height_mm": "1.8"}, "height_mm: .* looks like metres: write 1800"),
    "inches": ({"length_mm": "134"}, "length_mm: .* looks like inches: write 3404"),
    "decimal comma": ({"turn_radius_m": '"4,8"'}, "turn_radius_m: .* write 4.8"),
    "thousands comma": ({"length_mm": '"3,395"'}, "length_mm: .* write 3395"),
    "unit in a cell": ({"length_mm": "3395 mm"}, "length_mm: .* write digits only"),
    "full width": ({"length_mm": "\uff13\uff13\uff19\uff15"}, "length_mm: .* write 3395"),
    "blank id": ({"vehicle_id": ""}, "vehicle_id: is blank"),
    "capitals": ({"vehicle_id": "My Car"}, "vehicle_id: .* write small letters"),
    "both sides": ({"steering_sides": "both"}, "steering_sides: 'both' is not one of LHD, RHD"),
    "date as year": ({"model_year": "2024-01-01"}, "model_year: .* is not a whole number"),
    "wheelbase longer": ({"wheelbase_mm": "3600"}, "wheelbase_mm: .* not shorter than the car"),
    "radius too small": (
        {
            "wheelbase_mm": "2750",
            "front_overhang_mm": "317",
            "rear_overhang_mm": "328",
            "turn_radius_m": "3.0",
        },
        "turn_radius_m: 3 m is less than this wheelbase allows",
    ),
    "height 0": ({"height_mm": "0"}, "height_mm: 0 is below"),
    "negative": ({"length_mm": "-3395"}, "length_mm: -3395 is below"),
    "quality": ({"quality": "sure"}, "quality: 'sure' is not one of"),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_a_wrong_row_gets_one_line_with_its_place_and_likely_cause(case: str, write: Write) -> None:
    cells, words = WRONG[case]
    with pytest.raises(InputError) as caught:
        own.read_cars(write(jimny(**cells)))
    (fault,) = caught.value.faults
    assert re.search(f"^mine.csv line 2, column {words}", str(fault))


FILES = {
    "extra comma": (
        jimny().replace("527,618", "527,618,"),
        "line 2: has 35 cells, the header 34 columns; there is a comma too many",
    ),
    "missing column": (
        jimny().replace(",ASSUMPTION,", ",ASSUMPTION"),
        "the cells from note on are missing",
    ),
    "semicolons": (jimny().replace(",", ";"), "line 1: separates the columns by semicolons"),
    "same id": (f"{jimny()}{LINES[1]}", "line 3, column vehicle_id: 'jimny' is the same as in"),
    "same car": (
        f"{jimny()}{LINES[1].replace('jimny', 'jimny_b', 1)}",
        "line 3, column vehicle_id: 'jimny_b' is the same car as 'jimny'",
    ),
    "unknown column": ("vehicle_id,lenght_mm\na,3000\n", "column 'lenght_mm' is not known; did"),
}


@pytest.mark.parametrize("case", sorted(FILES))
def test_a_file_of_the_wrong_form_gets_one_line(case: str, write: Write) -> None:
    text, words = FILES[case]
    with pytest.raises(InputError) as caught:
        own.read_cars(write(text))
    (fault,) = caught.value.faults
    assert words in str(fault)


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-16"])
def test_another_encoding_is_named(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(jimny(model="\u30b8\u30e0\u30cb\u30fc").encode(encoding))
    with pytest.raises(InputError, match=r"save (it|the file) as UTF-8"):
        own.read_cars(path)


def test_no_car_of_the_table_is_called_wrong() -> None:
    rows: list[Any] = Study.of().tables["vehicles"].to_dict("records")
    assert [list(vehicle_rules.implausible(row)) for row in rows] == [[]] * len(rows)
    assert list(vehicle_rules.twins(rows)) == []


def test_a_car_of_a_few_columns_is_shown_and_its_gaps_are_named(write: Write) -> None:
    rows = own.read_cars(write("width_mm,vehicle_id,length_mm\n1695,my_car,4100\n"))
    fit = Study.of(from_parameters({"more": {"own_cars": rows}})).fit
    row = fit.shown.set_index("model").loc["my_car"]
    assert (row["verdict"], row["corner"]) == ("with care", "not computed")
    named = {line.subject for line in findings.verdicts(fit)}
    assert "my_car" in named
    gaps = tables.gaps(fit).frame["Not computed because"]
    assert gaps.str.contains("turn_radius_m").any()


def test_own_cars_change_no_result_of_the_programme() -> None:
    alone, beside = (
        Study.of(check_values({"own_cars": rows}, "test")).fit for rows in ([], own.read_cars(FILE))
    )
    pd.testing.assert_frame_equal(alone.models, beside.models)
    assert findings.models_that_fit(alone) == findings.models_that_fit(beside)


def test_an_id_of_the_table_is_taken() -> None:
    with pytest.raises(InputError, match=r"'camry_le' stands in vehicles/vehicles\.csv already"):
        check_values({"own_cars": [{"vehicle_id": "camry_le"}]}, "test")


PLACE = """name: My town
width_basis: total
bands:
  - {from_m: 0, to_m: 4, length_km: 12}
  - {from_m: 4, length_km: 8}
street_width_m: 4.2
"""


def test_an_own_place_is_a_choice_of_region_with_its_sizes(tmp_path: Path) -> None:
    path = tmp_path / "place.yaml"
    path.write_text(PLACE, encoding="utf-8")
    values = own.read_place(path)
    fit = Study.of(check_values(values, "test")).fit
    assert fit.sizes.street_width_m == 4.2
    assert "My town" in regions(fit.roads)
    # 40 % of the length is wider than 4 m, whatever the car needs below that
    assert fit.usable["jp_nbox"].alone.low == pytest.approx(0.4)
    assert "My town" in set(fit.regions["region"])
    assert fit.region == "My town"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLACE.replace("total", "whole"), "'whole' is no basis"),
        (PLACE.replace("width_basis: total\n", ""), "width_basis: is missing; write carriageway"),
        (PLACE.replace(", length_km: 12", ""), "band 1: length_km is missing; write {from_m"),
        (PLACE.replace("to_m: 4", "to_m: 0"), "0 to 0 m is no band"),
        (PLACE.replace("street_width_m", "street_widht_m"), "street_widht_m"),
        (PLACE.replace("4.2", "4200.0"), "4200.0 is out of range"),
    ],
)
def test_a_wrong_place_is_refused_in_words(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "place.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        own.read_place(path)
    assert words in str(caught.value)


def test_parameters_of_an_own_car_are_plain_values_that_compare() -> None:
    rows = own.read_cars(FILE)
    assert all(type(value) in (str, int, float) for row in rows for value in row.values())
    one, other = (check_values({"own_cars": list(rows)}, "test") for _ in range(2))
    assert one == other != Scenario()
