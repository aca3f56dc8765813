"""Rows of assumption tables, and parameters that a notebook does not show: set by name, checked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.batch import notebook as notebooks
from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import Scenario, check_values, from_parameters, load_scenario, parse_text
from helpers.scenarios.assumptions import assumptions, with_rows
from helpers.scenarios.reading import write_scenario_file
from helpers.study import Study


def test_a_number_sets_the_likely_value_and_keeps_the_ratios_of_the_ends() -> None:
    scenario = check_values({"share_percent.camry": 4.0}, "here")
    table = with_rows("volume_assumptions", load("volume_assumptions"), scenario.rows)
    row = table[(table["model"] == "camry") & (table["factor"] == "share_percent")].iloc[0]
    assert (row["low"], row["mode"], row["high"]) == pytest.approx((1.2, 4.0, 10.0))


def test_three_numbers_set_all_three() -> None:
    ends = {"low": 50, "mode": 60.0, "high": 80}
    scenario = check_values({"range.freight_usd_per_m3": ends}, "here")
    table = with_rows("cost_ranges", load("cost_ranges"), scenario.rows).set_index("parameter")
    assert table.loc["freight_usd_per_m3", ["low", "mode", "high"]].tolist() == [50, 60, 80]


@given(st.sampled_from(sorted(assumptions())), st.floats(0.1, 3))
def test_a_row_stays_in_order_and_in_range(name: str, factor: float) -> None:
    row = assumptions()[name]
    try:
        scenario = check_values({name: row.likely * factor}, "here")
    except InputError:
        low, high = row.bounds
        assert not low <= row.likely * factor <= high
        return
    ((_, value),) = scenario.rows
    low, mode, high = row.with_value(value)
    known = [end for end in (low, mode, high) if end == end]
    assert known == sorted(known)
    assert all(row.bounds[0] <= end <= row.bounds[1] for end in known)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"share_percent.camri": 1.0}, "no such assumption; did you mean share_percent.camry?"),
        ({"share_percent.camry": 400.0}, "write a number from 0 to 100"),
        ({"share_percent.camry": float("nan")}, "out of range or not a number"),
        ({"share_percent.camry": "5"}, "out of range or not a number"),
        ({"share_percent.camry": True}, "out of range or not a number"),
        ({"share_percent.camry": {"low": 3, "mode": 2, "high": 5}}, "not in rising order"),
        ({"share_percent.camry": {"low": 3, "high": 5}}, "is not a value of this row"),
        ({"supply_units.camry": {"low": 1, "mode": 2, "high": 3}}, "is not a value of this row"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_in_one_line(values: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        check_values(values, "here")
    (fault,) = caught.value.faults
    assert told in str(fault)


def test_a_row_moves_what_rests_on_it_and_nothing_else() -> None:
    base = Study.of()
    study = base.under(check_values({"share_percent.camry": 4.0}, "here"))
    before, after = (own.volume.units.sum(axis=0).mean() for own in (base, study))
    assert after < before
    assert study.cost.premium is base.cost.premium


def test_a_row_survives_a_scenario_file(tmp_path: Path) -> None:
    ends = {"low": 1.5, "mode": 4.0, "high": 9.0}
    scenario = check_values({"share_percent.camry": ends, "channel_percent.all": 60.0}, "here")
    written = write_scenario_file(tmp_path / "own.yaml", scenario, "Own", "Own shares.")
    assert written.scenario == scenario
    assert written.changes["share_percent.camry"] == ends


def test_the_command_line_reads_a_row_as_a_number() -> None:
    assert parse_text("share_percent.camry", "4.5") == 4.5
    assert parse_text("share_percent.camry", "4,5") == "4,5"


def test_more_takes_any_parameter_and_is_checked_as_strictly() -> None:
    scenario = from_parameters(
        {"jpy_per_usd": 160.0, "more": {"street_width_m": 4.0, "share_percent.camry": 4.0}}
    )
    assert {name: value for name, (value, _) in scenario.differing().items()} == {
        "jpy_per_usd": 160.0, "street_width_m": 4.0, "share_percent.camry": 4.0,
    }  # fmt: skip
    with pytest.raises(InputError, match="did you mean street_width_m"):
        from_parameters({"more": {"street_width": 4.0}})
    with pytest.raises(InputError, match=r"-y '\{more: \{NAME: VALUE\}\}'"):
        from_parameters({"more": "street_width_m=4"})
    with pytest.raises(InputError, match="keep one of the two"):
        from_parameters({"jpy_per_usd": 160.0, "more": {"jpy_per_usd": 170.0}})


def test_a_batch_hands_over_what_a_notebook_shows_and_the_rest_in_more() -> None:
    scenario = check_values(
        {
            "jpy_per_usd": 160.0,
            "street_width_m": 4.0,
            "as_of_date": "2026-01-01",
            "share_percent.camry": 4.0,
        },
        "here",
    )
    names = ("jpy_per_usd", "more")
    handed = notebooks.given("02_import_volume", names, scenario)
    assert handed == {
        "jpy_per_usd": 160.0,
        "more": {"street_width_m": 4.0, "share_percent.camry": 4.0},
    }
    assert notebooks.given("02_import_volume", ("jpy_per_usd",), scenario) == {"jpy_per_usd": 160.0}
    assert notebooks.given("mine", ("more",), scenario)["more"]["as_of_date"] == "2026-01-01"
    assert notebooks.given("02_import_volume", names, Scenario()) == {}


def test_papermill_reaches_any_parameter_through_more(tmp_path: Path) -> None:
    rate = Scenario().jpy_per_usd
    parameters = f"jpy_per_usd: float = {rate}\nmore: dict = {{}}  # any other parameter"
    shown = (
        "from helpers.scenarios import from_parameters as read\nprint(read(globals()).differing())"
    )
    cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(shown),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}),
        tmp_path / "in.ipynb",
    )
    command = Path(sys.executable).parent / "papermill"
    words = [str(command), "in.ipynb", "out.ipynb", "-y", "{more: {street_width_m: 4.0}}"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=200)
    ran = json.loads((tmp_path / "out.ipynb").read_text())
    assert "{'street_width_m': (4.0, 5.0)}" in str(ran["cells"][-1]["outputs"])


def test_every_shipped_scenario_still_reads() -> None:
    assert load_scenario("weak_yen").scenario.rows == ()
