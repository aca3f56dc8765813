"""The import volume: the whole model against closed forms, and laws over all scenarios."""

import functools
import json
import math
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.batch.notebook import literals
from helpers.data import load
from helpers.errors import InputError
from helpers.quantities import Floats, Quantity
from helpers.scenarios import Scenario, check_values, load_scenarios
from helpers.scenarios.checking import declared
from helpers.study import Study
from helpers.uncertainty import score_chunks
from helpers.volume import candidates, choices, demand, sensitivity
from helpers.volume.decision import Decision, decisions
from helpers.volume.part import VolumePart
from helpers.volume.pooling import View
from tests.tiers import representatives

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


STUDY = Study.of()
ASSUMPTIONS = load("volume_assumptions")
MODES: Any = ASSUMPTIONS.set_index(["model", "factor"])["mode"]


def volume(scenario: Scenario = BASE, **changes: Any) -> VolumePart:
    return STUDY.under(changed(scenario, **changes)).volume


def median(scenario: Scenario, **changes: Any) -> float:
    """Simulated median under a scenario with changes; what they share is worked out once."""
    return float(volume(scenario, **changes).pool.inside.quantiles([0.5])[0])


def tooled(scenario: Scenario = BASE, **changes: Any) -> tuple[Decision, ...]:
    """The decision on right-hand drive, from the study with it and the study without it."""
    own = volume(scenario, **changes)
    more = volume(scenario, **changes, right_hand_drive_models=scenario.models).units - own.units
    inputs = changed(scenario, **changes)
    unit = inputs.unit_margin_usd * inputs.horizon_years / 1e6
    return decisions(own.offers, more, inputs.rhd_tooling_usd_mn, unit, 50.0)


def one_car(**changes: Any) -> demand.Offer:
    return replace(
        demand.Offer("camry", "Camry", "Toyota", True, 50_000.0, 1.0, 1.0, 1e9), **changes
    )


TERMS = demand.Terms(55.0, -2.75, 100.0, 75.0, 12.0, 2, "programme")
CAMRY = demand.joint_distribution(ASSUMPTIONS, {"camry": "Toyota"})


def simulated(car: demand.Offer, terms: demand.Terms = TERMS, draws: int = FEW) -> Floats:
    """Cars if the model comes, at the draws of a distribution that holds it alone."""
    return over(CAMRY, car, terms, draws)


def over(
    inputs: demand.JointDistribution, car: demand.Offer, terms: demand.Terms, draws: int
) -> Floats:
    count = demand.Count(demand.model_demand, (car,))
    drawn = map(inputs.drawn, score_chunks(draws, inputs.correlation, 5))
    return np.concatenate([count.wanted(demand.centred(own, inputs, terms))[0] for own in drawn])


# The model itself


def test_mean_against_moments() -> None:
    """With right-hand drive, room for all and no price response, the mean is a product of known
    means (channel and ramp correlate).
    """
    rows: Any = ASSUMPTIONS.set_index(["model", "factor"])
    flat = replace(CAMRY, correlation=np.eye(len(CAMRY.names)))
    share, channel, ramp = (
        float(rows.loc[key, ["low", "mode", "high"]].astype(float) @ [1, 4, 1]) / 6 / 100
        for key in (
            ("camry", "share_percent"),
            ("all", "channel_percent"),
            ("all", "ramp_year_2_percent"),
        )
    )
    level = 1.0
    for factor in ("segment_level", "year_level"):
        low, high = rows.loc[("all", factor), ["low", "high"]].astype(float)
        spread = math.log(high / low) / (2 * 1.6448536)
        level *= math.sqrt(low * high) * math.exp(spread**2 / 2)
    found = over(flat, one_car(), replace(TERMS, price_elasticity=0.0), 16_384)
    assert found.mean() == pytest.approx(50_000 * level * share * channel * ramp, rel=3e-3)


def test_logit_has_the_stated_elasticity() -> None:
    share, step = 0.002, 1e-6
    alpha_price = 1e-4 * 40_000
    assert -alpha_price * (1 - share) == pytest.approx(GOLDEN["logit"]["elasticity"])
    slope = (demand.logit_response(share, GOLDEN["logit"]["elasticity"], 1 + step) - 1) / step
    assert slope == pytest.approx(GOLDEN["logit"]["elasticity"], rel=1e-4)
    assert demand.logit_response(0.3, -2.75, 1.0) == pytest.approx(1)


def test_wheel_on_the_left_costs_the_assumed_share_in_the_middle() -> None:
    middle = demand.centred(CAMRY.middle, CAMRY, TERMS)
    right, left = (
        demand.model_demand(one_car(right_hand_drive=right), middle)[0] for right in (True, False)
    )
    assert left / right == pytest.approx(middle["lhd_demand_percent"][0] / 100, rel=1e-9)
    assert left / right == pytest.approx(0.55, abs=0.005)


def test_certain_shares_stay_certain() -> None:
    assert not simulated(one_car(fit_share=0.0)).any()
    whole = simulated(one_car(fit_share=1.0))
    assert simulated(
        one_car(right_hand_drive=False), replace(TERMS, lhd_demand_percent=100)
    ) == pytest.approx(whole)
    assert not simulated(
        one_car(right_hand_drive=False), replace(TERMS, lhd_demand_percent=0)
    ).any()


def test_cap_holds_in_every_draw_and_shrinks_with_the_year() -> None:
    assert simulated(one_car(cap_units=900.0)).max() == 900
    assert simulated(one_car(cap_units=900.0), replace(TERMS, months_on_sale=4)).max() == 300


def test_half_a_year_sells_half() -> None:
    assert simulated(one_car(), replace(TERMS, months_on_sale=6)) == pytest.approx(
        simulated(one_car()) / 2
    )


def test_footprints() -> None:
    many = MODES.copy()
    many[many.index.get_level_values("factor") == "supply_units"] = 1e9
    bodies: Any = load("vehicles").set_index("vehicle_id")
    sizes: Any = load("programme_models").set_index("model")[["vehicle_id"]]
    for name in ("camry", "highlander", "tundra"):
        length_mm, width_mm = bodies.loc[sizes.at[name, "vehicle_id"], ["length_mm", "width_mm"]]
        cap = candidates.cap_units(many, name, length_mm, width_mm)
        assert MODES["all", "shipping_slots"] / cap == pytest.approx(
            GOLDEN["footprint"][name], abs=0.005
        )


DRAWN = CAMRY.drawn(next(score_chunks(256, CAMRY.correlation, 5)))


@given(
    ratio=st.floats(0.2, 5),
    share=st.floats(0, 1),
    segment=st.floats(0, 1e6),
    left=st.floats(0, 100),
    elasticity=st.floats(-10, 0),
)
@settings(max_examples=60, deadline=None)
def test_no_draw_is_negative_or_beyond_the_cap(
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
    terms = replace(TERMS, lhd_demand_percent=left, price_elasticity=elasticity)
    found = demand.model_demand(car, demand.centred(DRAWN, CAMRY, terms))
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 5_000)).all()


@pytest.mark.parametrize(
    "changes",
    [{"fit_share": 1.2}, {"price_ratio": 0.0}, {"segment_units": -1.0}, {"cap_units": math.nan}],
)
def test_bad_cars_are_named(changes: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(changes))):
        one_car(**changes)


def test_missing_rows_are_named() -> None:
    lacking = ASSUMPTIONS[ASSUMPTIONS["factor"] != "channel_percent"]
    with pytest.raises(InputError, match="factor channel_percent"):
        demand.joint_distribution(lacking, {"camry": "Toyota"})
    with pytest.raises(InputError, match="no count of model_crown_series for 1999"):
        candidates.segment_parts(
            pd.DataFrame(
                [
                    {
                        "model": "camry",
                        "series": "model_crown_series",
                        "period": "1999",
                        "months": 1,
                    }
                ]
            ),
            load("japan_market"),
        )


# Tables and scenario agree


def test_modes_are_the_defaults_of_the_scenario() -> None:
    modes = ASSUMPTIONS.set_index(["model", "factor"])["mode"]
    for name in ("lhd_demand_percent", "price_elasticity"):
        assert modes["all", name] == getattr(BASE, name)


def test_every_assumption_is_marked_as_one() -> None:
    assert (ASSUMPTIONS["quality"] == "unverified").all()
    assert (ASSUMPTIONS["source_ids"] == "ASSUMPTION").all()
    assert (ASSUMPTIONS["why"].str.len() > 20).all()


def test_the_reported_volume_is_no_input_of_the_count() -> None:
    plain, doubled = (volume(programme_units=units) for units in (20_000, 40_000))
    assert (doubled.units == plain.units).all()
    assert doubled.pool.outside.quantiles() == pytest.approx(2 * plain.pool.outside.quantiles())


def test_price_ratio_of_the_base_scenario_is_one() -> None:
    assert [car.price_ratio for car in volume().offers] == pytest.approx([1] * 6)


def test_no_maker_for_the_models_is_refused() -> None:
    with pytest.raises(InputError, match="no chosen model is made by a chosen maker"):
        _ = volume(makers=("Honda",), models=("camry",)).units


# Simulation


def test_same_seed_same_bytes() -> None:
    first, second = (Study.of(changed(BASE)).volume for _ in range(2))
    assert first.units is not second.units
    assert first.units.tobytes() == second.units.tobytes()
    assert first.headlines == second.headlines


def test_many_draws_in_chunks_are_the_draws_of_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Study.of(changed(BASE)).volume.headlines
    monkeypatch.setattr("helpers.volume.part.MOST_DRAWS_SHARED", 1_024)
    monkeypatch.setattr("helpers.uncertainty.CHUNK_POINTS", 64)
    assert Study.of(changed(BASE)).volume.headlines == pytest.approx(whole, rel=1e-12)


def test_a_new_seed_moves_the_median_by_less_than_three_standard_errors() -> None:
    runs = [volume(seed=seed).errors for seed in range(6)]
    for name in ("p50", "mean", "pooled_p50"):
        values = [run[name].value for run in runs]
        errors = [run[name].standard_error for run in runs]
        assert max(values) - min(values) < 3 * np.hypot(max(errors), max(errors)), name


def test_four_times_the_draws_at_least_halve_the_error() -> None:
    few, many = (
        [volume(seed=seed, draws=draws).errors for seed in range(6)] for draws in (1_024, 4_096)
    )
    for name in ("p50", "mean"):
        assert np.mean([run[name].standard_error for run in many]) <= 0.55 * np.mean(
            [run[name].standard_error for run in few]
        ), name


def test_stages_end_at_the_simulated_mean() -> None:
    own = volume(jpy_per_usd=130.0, months_on_sale=7.0)
    assert own.walk[demand.STAGES[-1]].to_numpy() == pytest.approx(own.units.mean(axis=1))


def test_stages_of_one_model_are_the_factors_of_the_formula() -> None:
    own, car = volume(jpy_per_usd=170.0), volume(jpy_per_usd=170.0).offers[0]
    drawn, walk = own.draws, own.walk.iloc[0]
    level, share = car.segment_units * drawn["segment_level"], drawn["share_camry"] / 100
    assert walk["segment"] == pytest.approx(level.mean())
    assert walk["share"] == pytest.approx((level * share).mean())
    assert walk["drive side"] < walk["share"]
    assert walk["price"] < walk["fit"] <= walk["drive side"]
    assert walk["channel"] == pytest.approx(walk["price"] * 0.78, rel=0.1)
    assert walk["comes at all"] == pytest.approx(walk["supply"] * 0.5, rel=0.05)


def test_shuffled_draws_change_no_number() -> None:
    own = volume()
    order = np.random.default_rng(1).permutation(FEW)
    sold = own.simulated.planned * own.simulated.ratio
    shuffled = own.pool.of(View.of(own.units.sum(axis=0)[order]), View.of(sold[order]))
    assert shuffled.quantiles().tobytes() == own.pool.quantiles().tobytes()
    assert shuffled.probability == own.probability


# Sharing between scenarios


def test_scenarios_with_equal_inputs_share_their_draws() -> None:
    study = Study.of(changed(BASE))
    near, wide = (study.under(changed(BASE, street_width_m=width)) for width in (4.0, 8.0))
    dear = study.under(changed(BASE, jpy_per_usd=180.0))
    assert near.volume.draws is wide.volume.draws is dear.volume.draws
    assert near.volume.units is not wide.volume.units
    assert study.under(changed(BASE, seed=3)).volume.draws is not near.volume.draws


def test_another_price_does_not_work_the_inputs_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = Study.of(changed(BASE))
    before = study.volume.pool
    asked: list[str] = []
    for name in (
        "distribution",
        "chosen",
        "candidates",
        "outside",
        "draws",
        "room",
        "coming",
        "ratio",
    ):
        shared = vars(VolumePart)[name]

        def work(part: VolumePart, name: str = name, own: Any = shared.work) -> Any:
            asked.append(name)
            return own(part)

        monkeypatch.setattr(shared, "work", work)
    for rate in (110.0, 180.0):
        after = study.under(changed(BASE, jpy_per_usd=rate)).volume.pool
        assert after.quantiles()[3] != before.quantiles()[3]
    assert asked == []
    _ = study.under(changed(BASE, trade_pressure_percent=20.0)).volume.pool
    assert asked == ["coming"]


def test_large_results_serve_their_own_study_only() -> None:
    study = Study.of(changed(BASE, draws=100_000))
    _ = study.volume.pool
    kept = [result for values in study.memory.kept.values() for _, result in values]
    assert max(getattr(result, "nbytes", 0) for result in kept) <= 6_000_000
    assert study.volume.units is study.volume.units


# Steps of the reader's own


def test_another_demand_moves_the_count_and_its_walk() -> None:
    own = STUDY.under(changed(BASE))

    def half(car: demand.Offer, draws: Any) -> Floats:
        return demand.model_demand(car, draws) / 2

    halved = own.using(model_demand=half)
    assert halved.volume.units == pytest.approx(own.volume.units / 2)
    assert halved.volume.plan == own.volume.plan, "a plan says nothing of how demand is counted"
    last = demand.STAGES[-1]
    assert halved.volume.walk[last].sum() == pytest.approx(own.volume.walk[last].sum() / 2)
    assert own.under(own.scenario).volume.units is own.volume.units


def test_another_pooling_moves_quantiles_and_probability() -> None:
    own = STUDY.under(changed(BASE))
    counted_only = own.using(pooling=lambda counted, precedents, weight: counted)
    assert counted_only.volume.probability == own.volume.pool.inside.at_least(20_000)
    assert counted_only.volume.median.value == pytest.approx(
        own.volume.counted_median.value, rel=1e-3
    )


def test_a_step_that_gives_no_distribution_or_no_number_is_named() -> None:
    own = STUDY.under(changed(BASE))
    halved = own.using(pooling=lambda counted, precedents, weight: counted / 2)
    with pytest.raises(InputError, match="step pooling: reaches"):
        _ = halved.volume.pool.quantiles([0.5, 0.9])
    nothing = own.using(model_demand=lambda car, draws: math.nan)
    with pytest.raises(InputError, match="step model_demand, camry: gives what is no number"):
        _ = nothing.volume.units


# Laws over all scenarios

ROOMIER: dict[str, Any] = {
    "street_width_m": 7.0,
    "stall_length_mm": 6_000,
    "stall_width_mm": 2_600,
    "corner_lane_width_m": 6.0,
    "aisle_width_m": 8.0,
    "clearance_mm": 50,
}


def laws(scenario: Scenario) -> dict[str, tuple[Scenario, Scenario]]:
    """Name of a law to two scenarios, the second of which sells no fewer cars of any model, draw by
    draw.
    """
    wider = {
        name: max(value, getattr(scenario, name))
        if name != "clearance_mm"
        else min(value, scenario.clearance_mm)
        for name, value in ROOMIER.items()
    }
    free = changed(scenario, rhd_conversion_usd=0.0)
    cheaper = {
        name: 0.8 * getattr(scenario, name)
        for name in ("freight_usd_per_m3", "japan_dealer_margin_percent", "inland_usd")
    }
    return {
        "more room": (scenario, changed(scenario, **wider)),
        "a longer stall alone": (
            scenario,
            changed(scenario, stall_length_mm=wider["stall_length_mm"]),
        ),
        "a lower price": (scenario, changed(scenario, **cheaper)),
        "a stronger yen": (
            scenario,
            changed(scenario, jpy_per_usd=max(50.0, 0.9 * scenario.jpy_per_usd)),
        ),
        "more months": (
            changed(scenario, months_on_sale=scenario.months_on_sale / 2 + 0.25),
            scenario,
        ),
        "right-hand drive at the same price": (
            free,
            changed(free, right_hand_drive_models=scenario.models),
        ),
    }


def hold(scenario: Scenario) -> None:
    for law, (less, more) in laws(scenario).items():
        before, after = (STUDY.under(changed(own, draws=256)).volume for own in (less, more))
        assert (after.units >= before.units * (1 - 1e-12)).all(), law
        assert all(
            after.plan[model] >= plan * (1 - 1e-12) for model, plan in before.plan.items()
        ), law


@pytest.mark.parametrize("name", representatives(BY_NAME, "base", "very_weak_yen"))
def test_laws_hold_for_every_model_in_every_draw(name: str) -> None:
    hold(next(one.scenario for one in SCENARIOS if one.name == name))


SETTINGS: Any = {
    "jpy_per_usd": st.floats(90, 250),
    "lhd_demand_percent": st.floats(5, 100),
    "price_elasticity": st.floats(-6, 0),
    "yen_pass_through_percent": st.floats(0, 100),
    "months_on_sale": st.floats(0.5, 12),
    "programme_year": st.integers(1, 3),
    "street_width_m": st.floats(3, 9),
    "stall_length_mm": st.integers(4_500, 7_000),
    "stall_width_mm": st.integers(2_000, 3_000),
    "corner_lane_width_m": st.floats(2.5, 7),
    "aisle_width_m": st.floats(4, 9),
    "share_level_percent": st.floats(10, 250),
    "japan_dealer_margin_percent": st.floats(2, 40),
}


@pytest.mark.slow
@given(st.fixed_dictionaries(SETTINGS))
@settings(max_examples=200, deadline=None)
def test_laws_hold_for_random_parameters(values: dict[str, Any]) -> None:
    hold(changed(BASE, **values))


@pytest.mark.parametrize("name", representatives(BY_NAME, "base", "very_weak_yen"))
def test_laws_of_volume(name: str) -> None:
    scenario = next(one.scenario for one in SCENARIOS if one.name == name)
    here = median(scenario)
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
    assert median(scenario, models=scenario.models[:1]) <= here * 1.001


@pytest.mark.parametrize("name", representatives(BY_NAME, "base", "very_weak_yen"))
def test_pool_follows_the_laws_too(name: str) -> None:
    scenario = next(one.scenario for one in SCENARIOS if one.name == name)
    here = volume(scenario)
    weak = volume(scenario, jpy_per_usd=1.2 * scenario.jpy_per_usd)
    alone = volume(scenario, makers=("Toyota",))
    assert (weak.pool.quantiles() <= here.pool.quantiles() + 1e-6).all()
    assert weak.probability <= here.probability
    assert alone.probability <= here.probability + 1e-3
    assert (np.diff(here.pool.quantiles()) >= 0).all()
    asked = [
        volume(scenario, threshold_units=units).probability
        for units in (5_000, 10_000, 20_000, 40_000)
    ]
    assert asked == sorted(asked, reverse=True)


def test_each_step_of_the_yen_lowers_the_volume() -> None:
    path = [median(BASE, jpy_per_usd=rate) for rate in (110.0, 130.0, 149.57, 170.0, 200.0)]
    assert path == sorted(path, reverse=True)
    assert len(set(path)) == len(path)


# No dead headline

NOTEBOOK = nbformat.read(PROJECT_ROOT / "notebooks" / "02_import_volume.ipynb", as_version=4)
SHOWN = next(own.source for own in NOTEBOOK.cells if "parameters" in own.metadata.get("tags", ()))
MAIN = [name for name in literals(SHOWN) if name not in ("draws", "more")]


def ends(name: str) -> tuple[Any, Any]:
    """Both bounds of a parameter's range: of a list the first choice alone and all of them."""
    own = declared(name)
    if own.type == "list":
        return own.choices[:1], own.choices
    return (own.choices[0], own.choices[-1]) if own.choices else (own.lowest, own.highest)


_WHAT = ("chance", "median")


@functools.cache
def printed(name: str, end: int) -> dict[str, tuple[Quantity, float]]:
    """The headlines with a parameter at one of its bounds, each with its Monte Carlo error."""
    own = volume(**{name: ends(name)[end]})
    views = {"inside": own.pool.inside, "outside": own.pool.outside}
    found = {
        "both, chance": (own.chance, 100 * own.errors["pooled_probability"].standard_error),
        "both, median": (own.median, own.errors["pooled_p50"].standard_error),
        "inside, median": (own.counted_median, own.errors["p50"].standard_error),
        "outside, median": (own.precedents_median, own.errors["pooled_p50"].standard_error),
    }
    for view, draws in views.items():
        chance = draws.at_least(own.threshold)
        error = 100 * math.sqrt(chance * (1 - chance) / FEW)
        found[f"{view}, chance"] = (Quantity(100 * chance, "%"), error)
    return found


@pytest.mark.parametrize(
    "name", [f"{view}, {what}" for view in ("both", "inside", "outside") for what in _WHAT]
)
def test_every_headline_moves_under_three_main_parameters(name: str) -> None:
    moved = []
    for parameter in MAIN:
        (low, error), (high, other) = (printed(parameter, end)[name] for end in (0, 1))
        far = abs(high.value - low.value) > 3 * math.hypot(error, other)
        moved += [parameter] if far and low.text != high.text else []
    assert len(moved) >= 3, moved


def test_scenarios_reach_the_precedents_as_well() -> None:
    """A dear car with the wheel on the left stands against a cheap one that hardly minds."""
    good = volume(jpy_per_usd=130.0, lhd_demand_percent=90.0)
    bad = volume(jpy_per_usd=200.0, lhd_demand_percent=20.0)
    assert good.probability - bad.probability >= 0.03
    outside = [own.pool.outside.at_least(20_000) for own in (good, bad)]
    assert outside[0] > outside[1] + 0.03


def test_guessed_shares_do_not_reach_the_precedents() -> None:
    usual, wrong = (
        STUDY.under(changed(BASE).with_rows(rows)).volume
        for rows in ({}, {"share_percent.camry": 2.0})
    )
    assert wrong.counted_median.value < usual.counted_median.value
    assert wrong.precedents_median == usual.precedents_median or (
        wrong.precedents_median.value == usual.precedents_median.value
    )


def test_the_printed_range_covers_weight_rule_and_models() -> None:
    own = volume()
    low, high = own.range_percent
    tried = [
        *(volume(top_down_weight_percent=weight).probability for weight in (0.0, 25.0, 100.0)),
        STUDY.under(changed(BASE)).using(pooling=choices.mean_of_odds).volume.probability,
        *(
            STUDY.under(
                changed(BASE).with_rows({f"comes_percent.{model}": chance})
            ).volume.probability
            for model in BASE.models
            for chance in (0.0, 100.0)
        ),
    ]
    assert low <= 100 * min(tried) + 1e-9
    assert high >= 100 * max(tried) - 1e-9


def test_a_calendar_year_gives_each_maker_its_months() -> None:
    own = volume(sale_year="2026")
    months = {
        maker: float(own.centred[f"months_{maker}"].mean()) for maker in own.distribution.makers
    }
    assert months["Toyota"] == pytest.approx(8.5, abs=0.6)
    assert months["Honda"] == pytest.approx(3.8, abs=0.6)
    assert months["Nissan"] == 0
    nissan = [car.maker == "Nissan" for car in own.offers]
    assert own.units[nissan].max() == 0
    later = volume(sale_year="2027")
    assert later.pool.quantiles()[3] > own.pool.quantiles()[3]


# Drivers and the decision


def test_drivers_of_the_base_scenario() -> None:
    frame = volume().variance_shares.set_index("driver")
    assert frame["shapley"].sum() == pytest.approx(100)
    assert (frame["first"] <= frame["total"] + 3 * frame["first_error"] + 1).all()
    assert (frame[["first_error", "total_error", "shapley_error"]] > 0).all(axis=None)
    grouped = sensitivity.groups_of(volume().distribution.names)
    assert sorted(place for own in grouped.values() for place in own) == list(
        range(len(volume().distribution.names))
    )


def test_inputs_without_effect_drive_nothing() -> None:
    frame = volume(right_hand_drive_models=BASE.models).variance_shares.set_index("driver")
    assert frame.at["left-hand drive", "total"] == pytest.approx(0, abs=0.01)


def test_swings_are_those_of_the_answer() -> None:
    own = volume()
    frame = own.swings.set_index("input")
    chance = own.adoption.models["camry"] * own.adoption.overall[0]
    mixed = (1 - chance) * frame.at["the Camry comes", "probability_low"] + chance * frame.at[
        "the Camry comes", "probability_high"
    ]
    assert mixed == pytest.approx(own.prior.probability, abs=0.002)
    assert frame["median_low"]["price asked"] > frame["median_high"]["price asked"]


def test_years_of_the_programme() -> None:
    own = volume()
    years = own.by_year.set_index("period")
    assert years.at["year 2", "p50"] == pytest.approx(float(np.median(own.units.sum(axis=0))))
    assert years["p50"].idxmax() == "year 2"
    assert years.at["2026", "p50"] < years.at["2027", "p50"]


def test_tooling_is_decided_model_by_model() -> None:
    decided = tooled()
    assert [own.title for own in decided] == [
        "Camry",
        "Tundra",
        "Integra Type S",
        "Passport",
        "Murano",
    ]
    everyone = volume(right_hand_drive_models=BASE.models)
    assert sum(own.more_units.mean() for own in decided) == pytest.approx(
        everyone.units.sum(axis=0).mean() - volume().units.sum(axis=0).mean()
    )
    for own in decided:
        assert own.break_even_units == pytest.approx(10 / (3_000 * 3 / 1e6))
        assert 0 <= own.sample_usd_mn <= own.perfect_usd_mn
        assert own.perfect_usd_mn >= 0
        assert own.net_usd_mn == pytest.approx(own.more_units.mean() * 0.009 - 10)


def test_free_tooling_needs_no_information() -> None:
    for own in tooled(rhd_tooling_usd_mn=0.0, rhd_conversion_usd=0.0):
        assert own.perfect_usd_mn == pytest.approx(0, abs=1e-9)
        assert own.net_usd_mn > 0


def test_nothing_is_left_to_decide_with_right_hand_drive_for_all() -> None:
    own = volume(right_hand_drive_models=BASE.models)
    assert decisions(own.offers, 0 * own.units, 10.0, 0.009, 50.0) == ()


def test_inputs_are_parameters_of_the_scenario() -> None:
    assert {field.name for field in fields(demand.Terms)} <= set(Scenario.model_fields)
