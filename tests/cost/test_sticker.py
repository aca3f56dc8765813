"""The walk as a step of the study: worked example, linearity in the rate, box volumes, what each
cost moves.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.sticker import COSTS, price_walk
from helpers.errors import InputError
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import Scenario
from helpers.study import Study
from tests.cost.conftest import BASE

# A car of one cubic metre, so that the freight rate is the freight.
CUBE = Quantities(
    list_price=Quantity(32_000.0, "USD per car"),
    box=Quantity(1.0, "m3 per car"),
    right_hand_drive=False,
)
EXAMPLE: dict[str, float] = {
    "jpy_per_usd": 150.0,
    "us_dealer_margin_percent": 0.0,
    "freight_usd_per_m3": 1_400.0,
    "insurance_percent": 100 / 33_400 * 100,
    "certification_cost_jpy_mn": 0.0,
    "certification_units": 1,
    "modification_usd": 1_500.0,
    "rhd_conversion_usd": 0.0,
    "inland_usd": 600.0,
    "japan_dealer_margin_percent": 12.0,
    "consumption_tax_percent": 10.0,
    "japan_duty_percent": 0.0,
}
RAISING = sorted(set(COSTS) - {"us_dealer_margin_percent", "certification_units"})
"""Of all costs but right-hand drive, which the cube does without, a car becomes dearer."""


def cube(**changes: Any) -> dict[str, Quantity]:
    return price_walk(CUBE, BASE.cost.costs.but(**changes))


def total(steps: dict[str, Quantity]) -> float:
    return float(sum(step.value for step in steps.values()))


def test_worked_example(landed_golden: Any) -> None:
    steps, wanted = cube(**EXAMPLE), landed_golden["price_walk"]
    quay = steps["US list price"].value + steps["freight, insurance"].value
    assert quay == pytest.approx(wanted["cif_jpy_at_150"])
    margins = steps["Japanese margin"].value + steps["consumption tax"].value
    assert total(steps) - margins == pytest.approx(wanted["cost_jpy_at_150"])
    assert total(steps) == pytest.approx(wanted["sticker_jpy_at_150"])
    dearer = cube(**EXAMPLE | {"jpy_per_usd": 160.0})
    assert total(dearer) == pytest.approx(wanted["sticker_jpy_at_160"])


def test_each_step_of_a_car_worked_out_by_hand() -> None:
    """No cost is zero: at the quay (30,000 - 3,000 + 600) x 1.01 = $27,876, landed $32,000."""
    car = Quantities(
        list_price=Quantity(30_000.0, "USD per car"),
        box=Quantity(10.0, "m3 per car"),
        right_hand_drive=True,
    )
    costs = {
        "jpy_per_usd": 150.0,
        "us_dealer_margin_percent": 10.0,
        "freight_usd_per_m3": 60.0,
        "insurance_percent": 1.0,
        "certification_cost_jpy_mn": 10.0,
        "certification_units": 1_000,
        "modification_usd": 500.0,
        "rhd_conversion_usd": 1_500.0,
        "inland_usd": 730.2,
        "japan_dealer_margin_percent": 20.0,
        "consumption_tax_percent": 10.0,
        "japan_duty_percent": 5.0,
    }
    steps = price_walk(car, BASE.cost.costs.but(**costs))
    by_hand = {
        "US list price": 4_500_000,
        "US dealer margin": -450_000,
        "freight, insurance": 131_400,
        "Japanese duty": 209_070,
        "work on the car": 300_000,
        "certification": 10_000,
        "inland, preparation": 109_530,
        "Japanese margin": 962_000,
        "consumption tax": 577_200,
    }
    assert {name: step.value for name, step in steps.items()} == pytest.approx(by_hand)


@given(
    rate=st.floats(50, 400),
    certification=st.floats(0, 5_000),
    cars_of_model=st.integers(1, 100_000),
)
@settings(max_examples=60)
def test_certification_in_yen_is_the_constant_part(
    rate: float, certification: float, cars_of_model: int
) -> None:
    own = {"certification_cost_jpy_mn": certification, "certification_units": cars_of_model}
    costs = BASE.given
    markup = (1 + float(costs.japan_dealer_margin_percent)) * (
        1 + float(costs.consumption_tax_percent)
    )
    constant = certification * 1e6 / cars_of_model * markup
    first, second = (total(cube(jpy_per_usd=at, **own)) for at in (rate, 2 * rate))
    assert second - constant == pytest.approx(2 * (first - constant), rel=1e-9, abs=1e-3)


def test_the_steps_of_a_model_add_up_to_its_sticker() -> None:
    margin = BASE.scenario.us_dealer_margin_percent / 100
    for model, sticker in BASE.cost.sticker().rows():
        steps = BASE.cost.walk(model)
        assert total(steps) == pytest.approx(sticker.value, rel=1e-12)
        assert steps["US dealer margin"].value == pytest.approx(
            -margin * steps["US list price"].value
        )


def test_box_volumes_are_those_of_the_freight_table() -> None:
    values = BASE.tables["costs"].set_index("item")["value"]
    items = {
        "camry": "camry",
        "highlander": "highlander",
        "tundra": "tundra_crewmax_5_5ft",
        "murano": "murano",
        "passport": "passport_trailsport_elite",
        "integra_type_s": "integra_type_s",
    }
    for model, item in items.items():
        box = BASE.cost.cars.box[model].value
        assert box == pytest.approx(values[f"box_volume_{item}"], abs=0.0051)
        freight = box * values["ocean_freight_rate"]
        assert freight == pytest.approx(values[f"ocean_freight_{item}"], abs=1)


def test_only_the_models_named_pay_for_right_hand_drive() -> None:
    left = BASE.under(Scenario(right_hand_drive_models=()))
    more = BASE.cost.walk()["work on the car"] - left.cost.walk()["work on the car"]
    right = BASE.cost.cars.right_hand_drive
    conversion = BASE.scenario.rhd_conversion_usd * BASE.scenario.jpy_per_usd
    assert more.value[right].to_numpy() == pytest.approx(conversion)
    assert not more.value[~right].any()


def test_a_price_that_nobody_has_reported_is_carried_as_unverified() -> None:
    fields = BASE.tables["vehicles"].set_index("vehicle_id")["unverified_fields"]
    for model, sticker in BASE.cost.sticker().rows():
        unsourced = "msrp_usd" in fields[BASE.cost.cars.vehicle_id[model]].split(";")
        assert (sticker.quality == "unverified") == unsourced
        assert (model not in BASE.cost.quoted) >= unsourced


@pytest.mark.parametrize("name", RAISING)
def test_every_cost_raises_the_sticker(name: str) -> None:
    dearer = BASE.cost.sticker("highlander", **{name: getattr(BASE.scenario, name) + 1})
    assert dearer > BASE.cost.sticker("highlander")


@pytest.mark.parametrize("name", ["us_dealer_margin_percent", "certification_units"])
def test_what_lowers_the_sticker(name: str) -> None:
    cheaper = BASE.cost.sticker("highlander", **{name: getattr(BASE.scenario, name) + 1})
    assert cheaper < BASE.cost.sticker("highlander")


def test_a_cost_that_the_walk_does_not_know_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean inland_usd"):
        BASE.cost.sticker("highlander", inland=1_000.0)


def test_only_what_is_passed_through_of_a_weaker_yen_is_asked() -> None:
    weak = BASE.under(Scenario(jpy_per_usd=180.0, yen_pass_through_percent=50.0))
    cover, start = weak.cost.sticker("camry").value, BASE.cost.sticker("camry").value
    assert weak.cost.asked("camry").value == pytest.approx((cover * start) ** 0.5)
    assert weak.cost.price_ratio["camry"].value == pytest.approx((cover / start) ** 0.5)


def with_levy(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
    return price_walk(cars, costs) | {"levy": Quantity(200_000, "JPY per car")}


def test_a_step_added_to_the_walk_raises_the_price_that_buyers_compare() -> None:
    levied = BASE.using(price_walk=with_levy)
    assert levied.replaced == ("price_walk",)
    more = levied.cost.sticker() - BASE.cost.sticker()
    assert more.value.to_numpy() == pytest.approx(200_000)
    assert levied.cost.price_ratio["highlander"].value > 1
    assert levied.base.cost.sticker("highlander").value == BASE.cost.sticker("highlander").value


def test_the_walk_takes_draws_and_the_other_drive_side() -> None:
    rates = np.array([120.0, 150.0, 180.0])
    drawn = BASE.cost.sticker("camry", jpy_per_usd=rates).value
    alone = [BASE.cost.sticker("camry", jpy_per_usd=rate).value for rate in rates]
    assert drawn == pytest.approx(alone)
    assert BASE.cost.sticker("camry", right_hand_drive=True) > BASE.cost.sticker("camry")


def test_the_interval_agrees_with_a_monte_carlo_run_of_the_same_ranges() -> None:
    random = np.random.default_rng(7)
    draws = {}
    for row in BASE.tables["cost_ranges"].itertuples():
        start, mode, end = (float(number) for number in (row.low, row.mode, row.high))
        if row.parameter in COSTS:
            first, second = (4 * (mode - start), 4 * (end - mode))
            draws[row.parameter] = start + (end - start) * random.beta(
                1 + first / (end - start), 1 + second / (end - start), 20_000
            )
    stickers = BASE.cost.sticker("highlander", **draws).value
    found = BASE.cost.estimate("highlander")
    assert found.interval == pytest.approx(np.percentile(stickers, [10, 90]), rel=0.003)
    assert found.value == pytest.approx(np.median(stickers), rel=0.003)


def test_likely_values_are_the_base_scenario() -> None:
    for row in BASE.tables["cost_ranges"].itertuples():
        assert getattr(BASE.scenario, row.parameter) == row.mode


def test_the_leading_model_is_shown_when_none_is_chosen(base: Study) -> None:
    none = base.under(Scenario(models=())).cost
    assert none.models == ()
    assert none.shown == none.quoted == (base.cost.leading,)
    alone = none.sticker(none.leading) - none.asked(none.leading)
    assert none.unrecovered.value == pytest.approx(alone.value)


def test_an_estimate_keeps_the_sources_of_the_walk_and_lies_above_its_likeliest_value() -> None:
    own, found = BASE.cost.sticker("highlander"), BASE.cost.estimate("highlander")
    assert set(own.source_ids) <= set(found.source_ids)
    assert found > own


@pytest.mark.parametrize(
    ("walk", "told"),
    [
        (lambda cars, costs: None, "price_walk: gives NoneType and no dict; return a dict such as"),
        (
            lambda cars, costs: {**price_walk(cars, costs), "levy": 5},
            "price_walk: gives int for 'levy' and no Quantity; return a dict such as",
        ),
    ],
)
def test_a_walk_of_other_things_than_quantities_is_refused(walk: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Study.of().using(price_walk=walk).cost.sticker("highlander")
