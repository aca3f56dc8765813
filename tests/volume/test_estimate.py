"""The import volume: the whole model against closed forms, and laws over all scenarios."""

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.price_walk import price_walk
from helpers.data import load
from helpers.errors import InputError
from helpers.inputs import Floats
from helpers.scenarios import Scenario, check_values, load_scenarios
from helpers.uncertainty import score_chunks
from helpers.volume import demand, drive_side, drivers, estimate
from helpers.volume import sweeper as volume_sweep

GOLDEN: Any = json.loads(
    (Path(__file__).parents[1] / "golden" / "volume.json").read_text(encoding="utf-8")
)
BASE = Scenario()
FEW = 4_096
SCENARIOS = load_scenarios()
BY_NAME = [one.name for one in SCENARIOS]


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    return check_values(
        {name: getattr(scenario, name) for name in Scenario.model_fields}
        | {"draws": FEW}
        | changes,
        "test",
    )


@pytest.fixture(scope="module")
def known() -> estimate.Evidence:
    return estimate.evidence({name: load(name) for name in estimate.TABLES})


@pytest.fixture(scope="module")
def median(known: estimate.Evidence) -> Callable[..., float]:
    """Simulated median under a scenario with changes; places and points are shared between
    calls.
    """
    sweeper = volume_sweep.Sweeper(known, BASE)

    def of(scenario: Scenario, **changes: Any) -> float:
        return float(sweeper.estimate(changed(scenario, **changes)).pool.inside_quantiles([0.5])[0])

    return of


def one_car(**changes: Any) -> demand.Offer:
    return replace(
        demand.Offer("camry", "Camry", "Toyota", True, 50_000.0, 1.0, 1.0, 1e9), **changes
    )


TERMS = demand.Terms(lhd_demand_percent=55, price_elasticity=-2.75, months_on_sale=12)


def simulated(
    known: estimate.Evidence, car: demand.Offer, terms: demand.Terms = TERMS, draws: int = FEW
) -> Floats:
    return demand.simulate(
        demand.market(known.assumptions, [car.model], 2), [car], terms, draws, 5
    ).total


# The model itself


def test_mean_against_moments(known: estimate.Evidence) -> None:
    """With right-hand drive, room for all and the base price, the mean is a product of known means
    (channel and ramp correlate).
    """
    rows = known.assumptions.set_index(["model", "factor"])
    market = demand.market(known.assumptions, ["camry"], 2)
    flat = replace(market, correlation=np.eye(len(market.names)))
    share, channel, ramp = (
        float(rows.loc[key, ["low", "mode", "high"]].astype(float) @ [1, 4, 1]) / 6 / 100
        for key in (
            ("camry", "share_percent"),
            ("all", "channel_percent"),
            ("all", "ramp_year_2_percent"),
        )
    )
    low, high = rows.loc[("all", "segment_level"), ["low", "high"]].astype(float)
    spread = math.log(high / low) / (2 * 1.6448536)
    level = math.sqrt(low * high) * math.exp(spread**2 / 2)
    found = demand.simulate(flat, [one_car()], TERMS, 16_384, 5).total.mean()
    assert found == pytest.approx(50_000 * level * share * channel * ramp, rel=2e-3)


@pytest.mark.parametrize(("rate", "factor"), GOLDEN["yen_response"]["factor"].items())
def test_price_response_to_the_yen(rate: str, factor: float) -> None:
    ratio = demand.price_ratio(1.0, 1.0, float(rate) / 150, 75)
    assert ratio**-3 == pytest.approx(factor, abs=1e-5)


def test_pass_through_of_nothing_keeps_the_price_and_of_all_moves_it() -> None:
    assert demand.price_ratio(5e6, 6e6, 9e6, 0) == pytest.approx(1.2)
    assert demand.price_ratio(5e6, 6e6, 9e6, 100) == pytest.approx(1.8)


def test_logit_has_the_stated_elasticity() -> None:
    share, step = 0.002, 1e-6
    alpha_price = 1e-4 * 40_000
    assert -alpha_price * (1 - share) == pytest.approx(GOLDEN["logit"]["elasticity"])
    slope = (demand.logit_response(share, GOLDEN["logit"]["elasticity"], 1 + step) - 1) / step
    assert slope == pytest.approx(GOLDEN["logit"]["elasticity"], rel=1e-4)
    assert demand.logit_response(0.3, -2.75, 1.0) == pytest.approx(1)


def test_wheel_on_the_left_costs_the_assumed_share_in_the_middle(known: estimate.Evidence) -> None:
    market = demand.market(known.assumptions, ["camry"], 2)
    middle = demand.drawn(market, np.zeros((len(market.names), 1)))
    right = demand.units_at(market, [one_car()], TERMS, middle)[0, 0]
    left = demand.units_at(market, [one_car(right_hand_drive=False)], TERMS, middle)[0, 0]
    assert left / right == pytest.approx(middle["lhd_demand_percent"][0] / 100, rel=1e-9)
    assert left / right == pytest.approx(0.55, abs=0.005)


def test_certain_shares_stay_certain(known: estimate.Evidence) -> None:
    assert not simulated(known, one_car(fit_share=0.0)).any()
    whole = simulated(known, one_car(fit_share=1.0))
    assert simulated(
        known, one_car(right_hand_drive=False), replace(TERMS, lhd_demand_percent=100)
    ) == pytest.approx(whole)
    assert not simulated(
        known, one_car(right_hand_drive=False), replace(TERMS, lhd_demand_percent=0)
    ).any()


def test_cap_holds_in_every_draw_and_shrinks_with_the_year(known: estimate.Evidence) -> None:
    assert simulated(known, one_car(cap_units=900.0)).max() == 900
    assert simulated(known, one_car(cap_units=900.0), replace(TERMS, months_on_sale=4)).max() == 300


def test_half_a_year_sells_half(known: estimate.Evidence) -> None:
    assert simulated(known, one_car(), replace(TERMS, months_on_sale=6)) == pytest.approx(
        simulated(known, one_car()) / 2
    )


def test_footprints(known: estimate.Evidence) -> None:
    slots = float(
        known.assumptions.set_index(["model", "factor"]).at[("all", "shipping_slots"), "mode"]
    )
    many = known.assumptions.copy()
    many.loc[many["factor"] == "supply_units", "mode"] = 1e9
    for name in ("camry", "highlander", "tundra"):
        car = known.candidates[name].imported
        assert slots / demand.cap_units(many, name, car.length_mm, car.width_mm) == pytest.approx(
            GOLDEN["footprint"][name], abs=0.005
        )


@pytest.fixture(scope="module")
def few_draws(known: estimate.Evidence) -> tuple[demand.Market, dict[str, Floats]]:
    market = demand.market(known.assumptions, ["camry"], 2)
    return market, demand.drawn(market, next(iter(score_chunks(256, market.correlation, 5))))


@given(
    ratio=st.floats(0.2, 5),
    share=st.floats(0, 1),
    segment=st.floats(0, 1e6),
    left=st.floats(0, 100),
    elasticity=st.floats(-10, 0),
)
@settings(max_examples=60, deadline=None)
def test_no_draw_is_negative_or_beyond_the_cap(
    few_draws: tuple[demand.Market, dict[str, Floats]],
    ratio: float,
    share: float,
    segment: float,
    left: float,
    elasticity: float,
) -> None:
    car = one_car(
        price_ratio=ratio,
        fit_share=share,
        segment_units=segment,
        right_hand_drive=False,
        cap_units=5_000.0,
    )
    market, values = few_draws
    found = demand.units_at(market, [car], demand.Terms(left, elasticity, 12), values)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 5_000)).all()


@pytest.mark.parametrize(
    "changes",
    [{"fit_share": 1.2}, {"price_ratio": 0.0}, {"segment_units": -1.0}, {"cap_units": math.nan}],
)
def test_bad_cars_are_named(changes: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(changes))):
        one_car(**changes)


def test_missing_rows_are_named(known: estimate.Evidence) -> None:
    lacking = known.assumptions[known.assumptions["factor"] != "channel_percent"]
    with pytest.raises(InputError, match="factor channel_percent"):
        demand.market(lacking, ["camry"], 2)
    with pytest.raises(InputError, match="no count of model_crown_series for 1999"):
        estimate.segments(
            pd.DataFrame(
                [
                    {
                        "model": "camry",
                        "series": "model_crown_series",
                        "period": "1999",
                        "times_a_year": 12,
                    }
                ]
            ),
            load("japan_market"),
        )


# Tables and scenario agree


def test_modes_are_the_defaults_of_the_scenario(known: estimate.Evidence) -> None:
    modes = known.assumptions.set_index(["model", "factor"])["mode"]
    for name in ("lhd_demand_percent", "price_elasticity"):
        assert modes["all", name] == getattr(BASE, name)


def test_every_assumption_is_marked_as_one(known: estimate.Evidence) -> None:
    assert (known.assumptions["quality"] == "unverified").all()
    assert (known.assumptions["source_ids"] == "ASSUMPTION").all()
    assert (known.assumptions["why"].str.len() > 20).all()


def test_the_reported_volume_is_no_input_of_the_count(known: estimate.Evidence) -> None:
    plain, doubled = (
        estimate.estimate(known, changed(BASE, programme_units=units), BASE)
        for units in (20_000, 40_000)
    )
    assert doubled.simulation.units.tobytes() == plain.simulation.units.tobytes()
    assert doubled.pool.outside_quantiles() == pytest.approx(2 * plain.pool.outside_quantiles())


def test_price_ratio_of_the_base_scenario_is_one(known: estimate.Evidence) -> None:
    assert [
        car.price_ratio for car in estimate.estimate(known, changed(BASE), BASE).simulation.cars
    ] == pytest.approx([1] * 6)


def test_price_ratio_is_the_walks_own(known: estimate.Evidence) -> None:
    dear = changed(BASE, freight_usd_per_m3=79.8, jpy_per_usd=170.0, yen_pass_through_percent=100.0)
    costs, base = dear.of(estimate.LandedCostInputs), BASE.of(estimate.LandedCostInputs)
    for car in estimate.estimate(known, dear, BASE).simulation.cars:
        walks = [
            price_walk(known.candidates[car.model].imported, inputs).sticker_jpy
            for inputs in (costs, base)
        ]
        assert car.price_ratio == pytest.approx(walks[0] / walks[1])


def test_no_maker_for_the_models_is_refused(known: estimate.Evidence) -> None:
    with pytest.raises(InputError, match="no chosen model is made by a chosen maker"):
        estimate.estimate(known, changed(BASE, makers=("Honda",), models=("camry",)), BASE)


# Simulation


def test_same_seed_same_bytes(known: estimate.Evidence) -> None:
    one, two = (estimate.estimate(known, changed(BASE), BASE) for _ in range(2))
    assert one.simulation.units.tobytes() == two.simulation.units.tobytes()
    assert estimate.headlines(one) == estimate.headlines(two)


def test_a_new_seed_moves_the_median_by_less_than_three_standard_errors(
    known: estimate.Evidence,
) -> None:
    runs = [estimate.estimate(known, changed(BASE, seed=seed), BASE).errors() for seed in range(6)]
    for name in ("p50", "mean", "pooled_p50"):
        values = [run[name].value for run in runs]
        errors = [run[name].standard_error for run in runs]
        assert max(values) - min(values) < 3 * np.hypot(max(errors), max(errors)), name


def test_four_times_the_draws_at_least_halve_the_error(known: estimate.Evidence) -> None:
    sweeper = volume_sweep.Sweeper(known, BASE)
    few, many = (
        [sweeper.estimate(changed(BASE, seed=seed, draws=draws)).errors() for seed in range(6)]
        for draws in (1_024, 4_096)
    )
    for name in ("p50", "mean"):
        assert np.mean([one[name].standard_error for one in many]) <= 0.55 * np.mean(
            [one[name].standard_error for one in few]
        ), name


def test_steps_end_at_the_simulated_mean(known: estimate.Evidence) -> None:
    found = estimate.estimate(known, changed(BASE, jpy_per_usd=130.0), BASE)
    assert found.walk()[demand.STEPS[-1]].to_numpy() == pytest.approx(
        found.simulation.units.mean(axis=1)
    )


def test_shuffled_draws_change_no_number(known: estimate.Evidence) -> None:
    found = estimate.estimate(known, changed(BASE), BASE)
    order = np.random.default_rng(1).permutation(found.inputs.draws)
    shuffled = estimate.pool_of(
        known, found.inputs, BASE.of(estimate.VolumeInputs), found.simulation.total[order]
    )
    assert shuffled.quantiles().tobytes() == found.pool.quantiles().tobytes()
    assert shuffled.probability(20_000) == found.probability


# Laws over all scenarios


@pytest.mark.parametrize("name", BY_NAME)
def test_laws_of_volume(name: str, median: Callable[..., float]) -> None:
    scenario = next(one.scenario for one in SCENARIOS if one.name == name)
    here = median(scenario)
    assert median(scenario, jpy_per_usd=1.1 * scenario.jpy_per_usd) <= here, (
        "a weaker yen never raises the volume"
    )
    assert median(scenario, right_hand_drive_models=scenario.models) >= here, (
        "right-hand drive never lowers it"
    )
    assert (
        median(scenario, makers=("Toyota", "Honda", "Nissan", "Subaru"))
        >= median(scenario, makers=("Toyota",)) * 0.999
    )
    still = {"price_elasticity": 0.0}
    assert median(scenario, **still) == median(scenario, **still, jpy_per_usd=190.0), (
        "demand without price response ignores the yen"
    )
    assert median(scenario, yen_pass_through_percent=0.0) == pytest.approx(
        median(scenario, yen_pass_through_percent=0.0, jpy_per_usd=190.0)
    )
    assert median(scenario, lhd_demand_percent=30.0) <= here
    assert median(scenario, months_on_sale=6.0) <= here
    assert median(scenario, models=scenario.models[:1]) <= here * 1.001


@pytest.mark.parametrize("name", BY_NAME)
def test_pool_follows_the_laws_too(name: str, known: estimate.Evidence) -> None:
    scenario = next(one.scenario for one in SCENARIOS if one.name == name)
    sweeper = volume_sweep.Sweeper(known, BASE)
    here = sweeper.estimate(changed(scenario))
    weak = sweeper.estimate(changed(scenario, jpy_per_usd=1.2 * scenario.jpy_per_usd))
    alone = sweeper.estimate(changed(scenario, makers=("Toyota",)))
    assert (weak.pool.quantiles() <= here.pool.quantiles() + 1e-6).all()
    assert weak.probability <= here.probability
    assert alone.probability <= here.probability + 1e-3
    assert (np.diff(here.pool.quantiles()) >= 0).all()
    asked = [
        sweeper.estimate(changed(scenario, threshold_units=units)).probability
        for units in (5_000, 10_000, 20_000, 40_000)
    ]
    assert asked == sorted(asked, reverse=True)


def test_each_step_of_the_yen_lowers_the_volume(median: Callable[..., float]) -> None:
    path = [median(BASE, jpy_per_usd=rate) for rate in (110.0, 130.0, 149.57, 170.0, 200.0)]
    assert path == sorted(path, reverse=True)
    assert len(set(path)) == len(path)


# Drivers and the decision


def test_drivers_of_the_base_scenario(known: estimate.Evidence) -> None:
    found = estimate.estimate(known, changed(BASE), BASE)
    frame = drivers.variance_shares(found).set_index("driver")
    assert frame["shapley"].sum() == pytest.approx(100)
    assert frame.at["price response", "total"] == pytest.approx(0, abs=0.01), (
        "at the base price nothing responds"
    )
    assert (frame["first"] <= frame["total"] + 2).all()
    swings = drivers.swings(found)
    assert (swings["high"] >= swings["low"]).all()
    assert len(swings) == 12


def test_inputs_without_effect_drive_nothing(known: estimate.Evidence) -> None:
    found = estimate.estimate(known, changed(BASE, right_hand_drive_models=BASE.models), BASE)
    frame = drivers.variance_shares(found).set_index("driver")
    assert frame.at["left-hand drive", "total"] == pytest.approx(0, abs=0.01)


def test_years_of_the_programme(known: estimate.Evidence) -> None:
    found = estimate.estimate(known, changed(BASE), BASE)
    years = drivers.by_year(known, found).set_index("year")
    assert years.at[2, "p50"] == pytest.approx(float(np.median(found.simulation.total)))
    assert years["p50"].idxmax() == 2


def test_tooling_is_decided_model_by_model(known: estimate.Evidence) -> None:
    scenario = changed(BASE)
    found = estimate.estimate(known, scenario, BASE)
    decided = drive_side.decide(known, scenario, BASE, found)
    assert [one.title for one in decided] == [
        "Camry",
        "Tundra",
        "Integra Type S",
        "Passport",
        "Murano",
    ]
    everyone = estimate.estimate(known, changed(BASE, right_hand_drive_models=BASE.models), BASE)
    assert sum(one.more_units.mean() for one in decided) == pytest.approx(
        everyone.simulation.total.mean() - found.simulation.total.mean()
    )
    for one in decided:
        assert one.break_even_units == pytest.approx(10 / (3_000 * 3 / 1e6))
        assert 0 <= one.sample_usd_mn <= one.perfect_normal_usd_mn
        assert one.perfect_usd_mn >= 0
        assert one.net_usd_mn == pytest.approx(one.more_units.mean() * 0.009 - 10)


def test_free_tooling_needs_no_information(known: estimate.Evidence) -> None:
    scenario = changed(BASE, rhd_tooling_usd_mn=0.0, rhd_conversion_usd=0.0)
    for one in drive_side.decide(known, scenario, BASE, estimate.estimate(known, scenario, BASE)):
        assert one.perfect_usd_mn == pytest.approx(0, abs=1e-9)
        assert one.net_usd_mn > 0


def test_nothing_is_left_to_decide_with_right_hand_drive_for_all(known: estimate.Evidence) -> None:
    scenario = changed(BASE, right_hand_drive_models=BASE.models)
    assert drive_side.decide(known, scenario, BASE, estimate.estimate(known, scenario, BASE)) == ()


def test_weaker_yen_result_is_a_rerun(known: estimate.Evidence) -> None:
    scenario = changed(BASE)
    found = estimate.estimate(known, scenario, BASE)
    rerun = estimate.estimate(known, changed(BASE, jpy_per_usd=1.1 * BASE.jpy_per_usd), BASE)
    expected = 100 * (np.median(rerun.simulation.total) / np.median(found.simulation.total) - 1)
    assert drivers.weaker_yen_change_percent(known, scenario, BASE, found) == pytest.approx(
        expected
    )
    assert expected < 0


def test_inputs_are_parameters_of_the_scenario() -> None:
    for inputs in (estimate.VolumeInputs, drive_side.DecisionInputs):
        assert {field.name for field in fields(inputs)} <= set(Scenario.model_fields)
