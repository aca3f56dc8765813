"""Grids: every point once and in order, the models' own numbers, the same from one process, two,
and a cluster.
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from helpers.batch import Options, points, summary
from helpers.batch.points import Grid, rows
from helpers.batch.sweep import SWEEP, read_grid, sweep
from helpers.brief import findings
from helpers.errors import InputError
from helpers.scenarios import Scenario, check_values, load_scenario
from helpers.show.canvas import NARROW_PX, WIDE_PX, unreadable
from helpers.study import Study
from tests.tiers import representatives

GRID = """
scenario: rhd_offered
numbers: volume
parameters:
  jpy_per_usd: {from: 140, to: 141, step: 0.5}
  makers: [[Toyota], [Toyota, Honda]]
  programme_year: [1, 3]
  draws: [256]
"""


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    (tmp_path / "grid.yaml").write_text(GRID)
    return tmp_path / "grid.yaml"


def test_every_point_once_in_order_with_the_numbers_of_the_models(
    grid: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    assert (
        sweep(
            grid,
            tmp_path / "out.parquet",
            Options(workers=2),
            lambda done, total: seen.append((done, total)),
        )
        == 12
    )
    points = pd.read_parquet(tmp_path / "out.parquet")
    assert points["jpy_per_usd"].tolist() == [140.0] * 4 + [140.5] * 4 + [141.0] * 4
    assert points["makers"].tolist()[:4] == ["Toyota", "Toyota", "Toyota, Honda", "Toyota, Honda"]
    assert points["programme_year"].tolist()[:4] == [1, 3, 1, 3]
    scenario = Scenario(
        **{
            **load_scenario("rhd_offered").changes,
            "jpy_per_usd": 140.5,
            "makers": ("Toyota", "Honda"),
            "programme_year": 3,
            "draws": 256,
        }
    )
    wanted = Study.of(scenario).volume.headlines
    assert points.loc[7, list(wanted)].tolist() == list(wanted.values())
    assert (seen[-1], sorted(seen)) == ((12, 12), seen)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid.yaml", "out.parquet"]


@pytest.mark.slow
def test_points_far_apart_leave_nothing_behind() -> None:
    """What a sweep remembers is bounded, however many seeds, streets and prices it goes through."""
    values = {"seed": list(range(20)), "clearance_mm": [200, 300], "jpy_per_usd": [140.0, 150.0]}
    grid = Grid("volume", {"draws": 256}, values)
    assert len(rows(grid, 0, grid.size)) == 80
    kept = points._base().memory.kept
    assert {"VolumePart.draws", "VolumePart.pool", "FitPart.usable"} <= set(kept)
    assert max(map(len, kept.values())) <= points.MOST_KEPT


def test_the_number_of_processes_does_not_matter(grid: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        sweep(grid, tmp_path / f"out{workers}.parquet", Options(workers=workers))
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out1.parquet"), pd.read_parquet(tmp_path / "out3.parquet")
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the reads of a process")
def test_a_long_request_is_read_in_few_steps() -> None:
    request = {"grid": asdict(Grid("brief", {}, {"draws": [256]})), "start": 0, "stop": 1}
    agent = subprocess.Popen(
        [sys.executable, "-m", "helpers.batch.local_agents"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert agent.stdin is not None
    assert agent.stdout is not None
    reads = []
    for padding in ("", "x" * 300_000):
        agent.stdin.write(json.dumps(request | {"padding": padding}).encode() + b"\n")
        agent.stdin.flush()
        assert json.loads(agent.stdout.readline())["rows"][0]["draws"] == 256
        reads.append(psutil.Process(agent.pid).io_counters().read_count)
    assert reads[1] - reads[0] < 1_000
    agent.communicate()
    assert agent.returncode == 0


def test_the_five_headlines_are_those_of_the_brief_by_the_names_of_their_results() -> None:
    (row,) = rows(Grid("brief", {}, {"draws": [1024]}), 0, 1)
    study = Study.of(Scenario(draws=1024))
    results = {}
    for result in findings.results(study.brief):
        name = f"{result.name}.{result.subject}" if result.subject else result.name
        results[name] = result.value
    assert len(row) == 6
    assert {name: value for name, value in row.items() if name != "draws"} == {
        name: pytest.approx(results[name]) for name in row if name != "draws"
    }


SAMPLED = """
numbers: volume
design: {design}
points: 64
seed: 3
parameters:
  jpy_per_usd: {{from: 120, to: 200}}
  threshold_units: {{from: 5000, to: 5003}}
  share_percent.camry: {{from: 4, to: 16}}
  programme_year: [1, 3]
  draws: [256]
"""


@pytest.mark.parametrize("design", representatives(["latin_hypercube", "sobol"], "sobol"))
def test_a_sample_fills_its_ranges(design: str, tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(SAMPLED.format(design=design))
    assert sweep(tmp_path / "sample.yaml", tmp_path / "out.parquet", Options(workers=2)) == 64
    frame = pd.read_parquet(tmp_path / "out.parquet")
    bins = np.floor((frame["jpy_per_usd"] - 120) / 80 * 64)
    assert sorted(bins) == list(range(64)), "one point in each of as many slices"
    assert set(frame["threshold_units"]) == {5000, 5001, 5002, 5003}
    assert set(frame["programme_year"]) == {1, 3}
    assert frame["share_percent.camry"].between(4, 16).all()
    row = frame.iloc[7]
    whole = {name: int(row[name]) for name in ("threshold_units", "programme_year", "draws")}
    other = {name: float(row[name]) for name in ("jpy_per_usd", "share_percent.camry")}
    scenario = check_values(whole | other, "test")
    wanted = Study.of(scenario).volume.headlines
    assert row[list(wanted)].tolist() == pytest.approx(list(wanted.values()), rel=1e-9)


def test_the_file_says_what_it_is(grid: Path, tmp_path: Path) -> None:
    sweep(grid, tmp_path / "out.parquet", Options(workers=1))
    file = parquet.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups == 1
    told = json.loads(file.schema_arrow.metadata[SWEEP.encode()])
    changes = load_scenario("rhd_offered").changes
    assert told["scenario"] == json.loads(json.dumps(dict(changes)))
    assert told["seed"] == Scenario().seed
    assert (told["design"], told["numbers"]) == ("grid", "volume")
    assert re.fullmatch("[0-9a-f]{64}", told["code"])
    assert list(told["columns"]) == file.schema_arrow.names
    assert told["columns"]["jpy_per_usd"]["unit"] == "JPY per USD"
    assert told["columns"]["volume_p50_units"]["unit"] == "vehicles a year"
    assert all(column["meaning"] for column in told["columns"].values())


@pytest.mark.slow
@pytest.mark.slow
def test_many_points_go_into_few_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.batch.sweep.ROWS_PER_REQUEST", 5)
    monkeypatch.setattr("helpers.batch.sweep.ROWS_PER_GROUP", 40)
    (tmp_path / "sample.yaml").write_text(SAMPLED.format(design="sobol"))
    sweep(tmp_path / "sample.yaml", tmp_path / "out.parquet", Options(workers=1))
    file = parquet.ParquetFile(tmp_path / "out.parquet")
    assert (file.num_row_groups, file.metadata.num_rows) == (2, 64)


def test_the_summary_names_the_parameter_that_matters(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(SAMPLED.format(design="sobol"))
    sweep(tmp_path / "sample.yaml", tmp_path / "out.parquet", Options(workers=2))
    page = summary.write(tmp_path / "out.parquet").read_text(encoding="utf-8")
    assert "A sweep of 64 points" in page
    assert " over jpy_per_usd</" in page
    assert "<script" not in page
    foreign = pd.DataFrame({"a": [1]})
    foreign.to_parquet(tmp_path / "foreign.parquet")
    with pytest.raises(InputError, match="was not made by a sweep"):
        summary.write(tmp_path / "foreign.parquet")


@pytest.mark.parametrize("scale", [0.02, 1.0, 9_000_000.0])
def test_pictures_of_a_sweep_can_be_read_on_a_page_and_on_a_phone(scale: float) -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.random((200, 3)), columns=["a", "share_percent.camry", "y"])
    frame["makers"] = np.where(frame["a"] > 0.5, "Toyota", "Toyota, Honda, Nissan")
    frame["sticker_jpy.highlander"] = scale * (1 + frame["a"])
    names = ["a", "share_percent.camry", "makers"]
    responses = [summary.response(frame, name, "sticker_jpy.highlander") for name in names]
    for picture in summary.pictures("sticker_jpy.highlander", responses, "JPY per car"):
        for width in (WIDE_PX, NARROW_PX):
            assert unreadable(picture.canvas(width).drawn("test")) == []


def test_shares_of_variance_against_a_closed_form() -> None:
    """Of y = 2 a + b with even inputs, a explains four fifths; c nothing."""
    random = np.random.default_rng(2)
    frame = pd.DataFrame(random.random((20_000, 3)), columns=["a", "b", "c"])
    frame["y"] = 2 * frame["a"] + frame["b"]
    for name, share in (("a", 80.0), ("b", 20.0), ("c", 0.0)):
        response = summary.response(frame, name, "y")
        # eight bins miss the spread inside a bin, a sixty-fourth of it
        assert response.share == pytest.approx(
            share, abs=3 * response.share_error + share / 60 + 0.1
        )
        assert response.share_error < 1
    low, high = summary.response(frame, "a", "y").swing
    assert high - low == pytest.approx(2 * 7 / 8, abs=0.03)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_points_are_numbered_as_nested_loops_count(sizes: list[int]) -> None:
    grid = Grid("brief", {}, {f"p{place}": list(range(size)) for place, size in enumerate(sizes)})
    points = [tuple(grid.point(index).values()) for index in range(grid.size)]
    assert len(set(points)) == grid.size
    assert points == sorted(points)


def test_steps_are_counted_in_decimals(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text(
        "parameters:\n  us_duty_percent: {from: 0.1, to: 0.7, step: 0.1}\n  trade_year: "
        "{from: 2022, to: 2025, step: 1}\n"
    )
    values = read_grid(tmp_path / "grid.yaml").values
    assert values == {
        "us_duty_percent": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
        "trade_year": [2022, 2023, 2024, 2025],
    }


BAD = {
    "": "the file is empty; write the keys scenario, numbers, design, points, seed, parameters",
    "parameters: {jpy_per_usd: [150]}\n---\nparameters: {}": (
        "line 2: a second document starts here; write one grid per file"
    ),
    "parameters: {jpy_per_usd: [[[[150]]]]}": (
        "line 1: the file is nested too deep or too large; a grid is a flat list of parameters"
    ),
    '"\\e[31mred": x\nparameters: {jpy_per_usd: [150]}': (
        "line 1: unknown key '\\x1b[31mred'; write one of scenario, numbers, design, points, seed, "
        "parameters"
    ),
    "parameters: {}": (
        "a grid file names parameters and their values; write parameters: {jpy_per_usd: [150, 175]}"
    ),
    "jpy_per_usd: [150]": "a grid file names parameters and their values",
    "parameters: {jpy_per_usd: []}": (
        "line 1, parameter jpy_per_usd: no values; write a list such as [150, 175], or {from: "
        "120, to: 180, step: 5}"
    ),
    "parameters: {jpy_per_usd: 150}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: {from: 120, to: 180}}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: {from: 180, to: 120, step: 5}}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: {from: 120, to: 180, step: 0}}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: {from: 120, to: 180, step: -5}}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: {from: 120, to: 180, step: 0.00000001}}": (
        "parameter jpy_per_usd: no values"
    ),
    "parameters: {jpy_per_usd: {from: a, to: b, step: c}}": "parameter jpy_per_usd: no values",
    "parameters: {jpy_per_usd: [150, 4000]}": (
        "line 1, parameter jpy_per_usd: 4000 is out of range; write 50 to 400"
    ),
    "parameters: {jpy_per_usd: [20,000]}": "parameter jpy_per_usd: 20 is out of range",
    "parameters: {yen: [150]}": "parameter yen: there is no such parameter",
    "scenario: nothing\nparameters: {jpy_per_usd: [150]}": (
        "scenario nothing: there is no such scenario"
    ),
    "numbers: [brief]\nparameters: {jpy_per_usd: [150]}": (
        "line 1: '['brief']' is not a set of numbers; write brief or volume"
    ),
    "design: sobl\npoints: 8\nparameters: {jpy_per_usd: {from: 150, to: 160}}": (
        "line 1: 'sobl' is not a design; did you mean sobol?"
    ),
    "design: sobol\nparameters: {jpy_per_usd: {from: 150, to: 160}}": (
        "a sample says how many points it has; write points: 1024, at most 1,000,000"
    ),
    "design: sobol\npoints: 100\nparameters: {jpy_per_usd: {from: 150, to: 160}}": (
        "100 points are no power of two, as Sobol's are; write points: 64"
    ),
    "points: 8\nparameters: {jpy_per_usd: [150]}": "line 1: points belongs to a sample",
    "design: sobol\npoints: 8\nparameters: {jpy_per_usd: {from: 150, to: 4000}}": (
        "parameter jpy_per_usd: 4000 is out of range"
    ),
    "numbers: all\nparameters: {jpy_per_usd: [150]}": (
        "line 1: 'all' is not a set of numbers; write brief or volume"
    ),
    "output: x\nparameters: {jpy_per_usd: [150]}": (
        "line 1: unknown key 'output'; write one of scenario, numbers, design, points, seed, "
        "parameters"
    ),
    "parameters: {seed: {from: 0, to: 9999, step: 1}, draws: {from: 256, to: 9999, step: 1}}": (
        "the grid has 97,440,000 points; keep it to 10,000,000"
    ),
    "parameters: {jpy_per_usd: !!set {150}}": "the tag tag:yaml.org,2002:set is not allowed",
}


@pytest.mark.parametrize("content", BAD)
def test_a_bad_grid_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "grid.yaml").write_text(content)
    with pytest.raises(InputError) as caught:
        sweep(tmp_path / "grid.yaml", tmp_path / "out.parquet")
    assert any(
        BAD[content] in str(fault) and "\n" not in str(fault) for fault in caught.value.faults
    )
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("name", ["out.csv", "missing/out.parquet"])
def test_a_bad_output_is_refused(grid: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"write a name that ends in \.parquet"):
        sweep(grid, tmp_path / name)


def test_a_sweep_that_is_stopped_leaves_the_old_file(grid: Path, tmp_path: Path) -> None:
    (tmp_path / "out.parquet").write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(grid, tmp_path / "out.parquet", Options(workers=1), stop)
    assert (tmp_path / "out.parquet").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid.yaml", "out.parquet"]
