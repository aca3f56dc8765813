"""Sweeps over many scenarios: the same numbers as one by one, in bounded memory."""

from typing import Any

import pandas as pd
import pytest

from helpers.data import load
from helpers.errors import InputError
from helpers.models import volume, volume_sweep
from helpers.scenarios import Scenario, check_values

BASE = Scenario()


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    return check_values({name: getattr(scenario, name) for name in Scenario.model_fields} | changes, "test")


@pytest.fixture(scope="module")
def known() -> volume.Evidence:
    return volume.evidence({name: load(name) for name in volume.TABLES})


def test_sweep_is_the_estimate_itself(known: volume.Evidence) -> None:
    grid: dict[str, list[Any]] = {"jpy_per_usd": [120.0, 160.0], "makers": [("Toyota",), ("Toyota", "Honda")], "seed": [1, 2]}
    made = [(point, changed(BASE, draws=1_000, **point)) for point in volume_sweep.grid_points(grid)]
    assert len(made) == volume_sweep.grid_size(grid) == 8
    frames = list(volume_sweep.sweep(known, iter(made), BASE, rows_per_batch=3))
    assert [len(frame) for frame in frames] == [3, 3, 2]
    found = pd.concat(frames, ignore_index=True)
    for place, (point, scenario) in enumerate(made):
        row = found.iloc[place].to_dict()
        direct = volume.headlines(volume.estimate(known, scenario, BASE))
        assert {name: row[name] for name in direct} == direct
        assert row["jpy_per_usd"] == point["jpy_per_usd"]


def test_sweep_draws_its_points_one_batch_at_a_time(known: volume.Evidence) -> None:
    taken = []

    def endless() -> Any:
        while True:
            taken.append(1)
            yield {"number": len(taken)}, changed(BASE, draws=256)

    frame = next(volume_sweep.sweep(known, endless(), BASE, rows_per_batch=4))
    assert list(frame["number"]) == [1, 2, 3, 4]
    assert len(taken) == 4


def test_sweep_remembers_a_bounded_number_of_places(known: volume.Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_sweep, "MOST_KEPT", 2)
    sweeper = volume_sweep.Sweeper(known, BASE)
    for seed in range(5):
        sweeper.estimate(changed(BASE, draws=256, seed=seed, clearance_mm=200 + seed))
    assert len(sweeper._values) <= 2
    assert len(sweeper._fits) <= 2


def test_a_grid_without_values_is_refused() -> None:
    with pytest.raises(InputError, match="jpy_per_usd"):
        volume_sweep.grid_size({"jpy_per_usd": []})
