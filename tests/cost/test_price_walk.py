"""The price walk: worked example, linearity in the rate, box volumes, refusals."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.price_walk import (
    ImportedCar,
    LandedCostInputs,
    imported_cars,
    price_walk,
    price_walks,
    sticker_at_rate,
)
from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import Scenario

# A car of one cubic metre, so that the freight rate is the freight.
CUBE = ImportedCar("cube", "Cube", 32_000, 1_000, 1_000, 1_000)
EXAMPLE = LandedCostInputs(
    jpy_per_usd=150,
    right_hand_drive_models=(),
    us_dealer_margin_percent=0,
    freight_usd_per_m3=1_400,
    insurance_percent=100 / 33_400 * 100,
    certification_cost_jpy_mn=0,
    certification_units=1,
    modification_usd=1_500,
    rhd_conversion_usd=0,
    inland_usd=600,
    japan_dealer_margin_percent=12,
    consumption_tax_percent=10,
    japan_duty_percent=0,
)
BASE = Scenario().of(LandedCostInputs)
MODELS = ("camry", "highlander", "tundra", "integra_type_s", "passport", "murano", "ascent")
COSTS = (
    "freight_usd_per_m3",
    "insurance_percent",
    "certification_cost_jpy_mn",
    "modification_usd",
    "inland_usd",
    "japan_dealer_margin_percent",
    "consumption_tax_percent",
    "japan_duty_percent",
    "jpy_per_usd",
)


@pytest.fixture(scope="module")
def cars() -> tuple[ImportedCar, ...]:
    return imported_cars(load("programme_models"), load("vehicles"), MODELS)


def test_worked_example(landed_golden: Any) -> None:
    walk, wanted = price_walk(CUBE, EXAMPLE), landed_golden["price_walk"]
    assert walk.cif_usd * 150 == pytest.approx(wanted["cif_jpy_at_150"])
    assert walk.landed_cost_jpy == pytest.approx(wanted["cost_jpy_at_150"])
    assert walk.sticker_jpy == pytest.approx(wanted["sticker_jpy_at_150"])
    assert sticker_at_rate(CUBE, EXAMPLE, 160) == pytest.approx(wanted["sticker_jpy_at_160"])


@given(rate=st.floats(50, 400), factor=st.floats(0.2, 5))
@settings(max_examples=60)
def test_sticker_is_proportional_to_the_rate_where_all_costs_are_in_dollars(
    rate: float, factor: float
) -> None:
    inputs = replace(BASE, certification_cost_jpy_mn=0.0, jpy_per_usd=rate)
    assert sticker_at_rate(CUBE, inputs, rate * factor) == pytest.approx(
        factor * price_walk(CUBE, inputs).sticker_jpy, rel=1e-12
    )
    assert price_walk(CUBE, inputs).dollar_share_percent == pytest.approx(100)


@given(
    rate=st.floats(50, 400),
    certification=st.floats(0, 5_000),
    cars_of_model=st.integers(1, 100_000),
)
@settings(max_examples=60)
def test_certification_in_yen_is_the_constant_part(
    rate: float, certification: float, cars_of_model: int
) -> None:
    inputs = replace(
        BASE,
        certification_cost_jpy_mn=certification,
        certification_units=cars_of_model,
        jpy_per_usd=rate,
    )
    walk = price_walk(CUBE, inputs)
    constant = (
        certification
        * 1e6
        / cars_of_model
        * (1 + BASE.japan_dealer_margin_percent / 100)
        * (1 + BASE.consumption_tax_percent / 100)
    )
    assert walk.sticker_jpy == pytest.approx(walk.dollar_sticker_usd * rate + constant, rel=1e-12)
    second = sticker_at_rate(CUBE, inputs, rate + 7)
    assert second - walk.sticker_jpy == pytest.approx(7 * walk.dollar_sticker_usd, rel=1e-6)


def test_steps_add_up_and_margin_comes_off_the_list_price(cars: tuple[ImportedCar, ...]) -> None:
    for walk in price_walks(cars, BASE):
        assert sum(step.jpy for step in walk.steps) == pytest.approx(walk.sticker_jpy, rel=1e-12)
        assert walk.step_jpy("us_dealer_margin") == pytest.approx(
            -0.08 * walk.car.list_price_usd * BASE.jpy_per_usd
        )
        before_tax = walk.sticker_jpy - walk.step_jpy("consumption_tax")
        assert before_tax - walk.step_jpy("japan_dealer_margin") == pytest.approx(
            walk.landed_cost_jpy
        )


def test_box_volumes_are_those_of_the_freight_table(cars: tuple[ImportedCar, ...]) -> None:
    values = load("costs").set_index("item")["value"]
    items = {
        "camry": "camry",
        "highlander": "highlander",
        "tundra": "tundra_crewmax_5_5ft",
        "murano": "murano",
        "passport": "passport_trailsport_elite",
        "integra_type_s": "integra_type_s",
    }
    by_model = {car.model: car for car in cars}
    for model, item in items.items():
        assert by_model[model].box_volume_m3 == pytest.approx(
            values[f"box_volume_{item}"], abs=0.0051
        )
        freight = by_model[model].box_volume_m3 * values["ocean_freight_rate"]
        assert freight == pytest.approx(values[f"ocean_freight_{item}"], abs=1)


def test_only_the_models_named_pay_for_right_hand_drive(cars: tuple[ImportedCar, ...]) -> None:
    sides = {
        walk.car.model: (walk.right_hand_drive, walk.step_jpy("drive_side"))
        for walk in price_walks(cars, BASE)
    }
    assert sides.pop("highlander") == (True, pytest.approx(1_500 * BASE.jpy_per_usd))
    assert set(sides.values()) == {(False, 0.0)}


def test_assumed_list_prices_are_marked(cars: tuple[ImportedCar, ...]) -> None:
    assert {car.model for car in cars if not car.price_is_sourced} == {"tundra", "murano", "ascent"}


@pytest.mark.parametrize("name", COSTS)
def test_every_cost_raises_the_sticker(name: str) -> None:
    dearer = replace(BASE, **{name: getattr(BASE, name) + 1})
    assert price_walk(CUBE, dearer).sticker_jpy > price_walk(CUBE, BASE).sticker_jpy


@pytest.mark.parametrize("name", ["us_dealer_margin_percent", "certification_units"])
def test_what_lowers_the_sticker(name: str) -> None:
    cheaper = replace(BASE, **{name: getattr(BASE, name) + 1})
    assert price_walk(CUBE, cheaper).sticker_jpy < price_walk(CUBE, BASE).sticker_jpy


@pytest.mark.parametrize(
    ("changes", "fragment"),
    [
        ({"jpy_per_usd": 0.0}, "jpy_per_usd"),
        ({"inland_usd": float("nan")}, "inland_usd"),
        ({"freight_usd_per_m3": -1.0}, "freight"),
        ({"us_dealer_margin_percent": 101.0}, "list price"),
    ],
)
def test_bad_inputs_are_refused_by_name(changes: dict[str, float], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        replace(BASE, **changes)


def test_bad_cars_and_unknown_models_are_refused() -> None:
    with pytest.raises(InputError, match="cube, height_mm"):
        replace(CUBE, height_mm=float("nan"))
    with pytest.raises(InputError, match=r"supra.*write one of camry"):
        imported_cars(load("programme_models"), load("vehicles"), ["camry", "supra"])
