"""The walk as a step of the study: against figures worked out elsewhere, and under an own step."""

import numpy as np
import pytest

from helpers.cost.sticker import price_walk
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import Scenario
from helpers.study import Study

BASE = Study.of()


def test_the_walk_of_a_model_adds_up_to_its_sticker() -> None:
    for model, sticker in BASE.cost.sticker().rows():
        steps = BASE.cost.walk(model)
        assert sum(step.value for step in steps.values()) == pytest.approx(sticker.value)


def test_a_price_that_nobody_has_reported_is_carried_as_unverified() -> None:
    assert BASE.cost.sticker("ascent").quality == "unverified"
    assert BASE.cost.sticker("camry").quality == "estimate"


def test_only_what_is_passed_through_of_a_weaker_yen_is_asked() -> None:
    weak = BASE.under(Scenario(jpy_per_usd=180.0, yen_pass_through_percent=50.0))
    cover, start = weak.cost.sticker("camry").value, BASE.cost.sticker("camry").value
    assert weak.cost.asked("camry").value == pytest.approx((cover * start) ** 0.5)
    assert weak.cost.price_ratio["camry"].value == pytest.approx((cover / start) ** 0.5)


def test_a_step_added_to_the_walk_raises_the_price_that_buyers_compare() -> None:
    def with_levy(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
        return price_walk(cars, costs) | {"levy": Quantity(200_000, "JPY per car")}

    levied = BASE.using(price_walk=with_levy)
    assert levied.replaced == ("price_walk",)
    more = levied.cost.sticker() - BASE.cost.sticker()
    assert more.value.to_numpy() == pytest.approx(200_000)
    assert levied.cost.price_ratio["highlander"].value > 1
    assert levied.base.cost.sticker("highlander").value == BASE.cost.sticker("highlander").value


def test_the_walk_takes_draws_and_any_cost() -> None:
    rates = np.full(3, BASE.scenario.jpy_per_usd)
    drawn = BASE.cost.sticker("camry", jpy_per_usd=rates)
    assert drawn.value == pytest.approx(BASE.cost.sticker("camry").value)
    right = BASE.cost.sticker("camry", right_hand_drive=True)
    assert right.value > BASE.cost.sticker("camry").value
