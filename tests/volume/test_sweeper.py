"""Estimates of many scenarios: the same numbers as one by one, in bounded memory."""

import itertools
from typing import Any

import pytest

from helpers.data import load
from helpers.scenarios import Scenario, check_values
from helpers.volume import estimate
from helpers.volume import sweeper as volume_sweep

BASE = Scenario()


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    return check_values(
        {name: getattr(scenario, name) for name in Scenario.model_fields} | changes, "test"
    )


@pytest.fixture(scope="module")
def known() -> estimate.Evidence:
    return estimate.evidence({name: load(name) for name in estimate.TABLES})


def test_a_sweep_gives_the_estimate_itself(known: estimate.Evidence) -> None:
    sweeper = volume_sweep.Sweeper(known, BASE)
    for rate, makers, seed in itertools.product(
        (120.0, 160.0), (("Toyota",), ("Toyota", "Honda")), (1, 2)
    ):
        scenario = changed(BASE, draws=1_000, jpy_per_usd=rate, makers=makers, seed=seed)
        assert estimate.headlines(sweeper.estimate(scenario)) == estimate.headlines(
            estimate.estimate(known, scenario, BASE)
        )


def test_sweep_remembers_a_bounded_number_of_places(
    known: estimate.Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume_sweep, "MOST_KEPT", 2)
    sweeper = volume_sweep.Sweeper(known, BASE)
    for seed in range(5):
        sweeper.estimate(changed(BASE, draws=256, seed=seed, clearance_mm=200 + seed))
    assert len(sweeper._values) <= 2
    assert len(sweeper._fits) <= 2
