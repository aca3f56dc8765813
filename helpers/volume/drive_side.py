"""One decision on the volume: whether to tool the other models for right-hand drive, and what it is
worth to know more first.
"""

from dataclasses import dataclass, replace

import numpy as np

from helpers.cost.price_walk import LandedCostInputs
from helpers.errors import Fault, InputError
from helpers.inputs import Floats, Parameters
from helpers.volume import demand
from helpers.volume.estimate import Evidence, ImportVolume, offers_of
from helpers.volume.information import (
    simulated_value_of_perfect_information,
    value_of_perfect_information,
    value_of_sample_information,
)


@dataclass(frozen=True)
class DecisionInputs:
    """What the decision depends on beside the volume: tooling per model, what one more car earns,
    years over which it earns.
    """

    rhd_tooling_usd_mn: float
    unit_margin_usd: float
    horizon_years: int

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{value} is not a number from 0")
            for name, value in vars(self).items()
            if not 0 <= value < np.inf
        ]
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Decision:
    """The decision for one model, its values in USD million over the horizon, undiscounted.

    more_units: cars a year that tooling adds, one a draw; negative where the dearer car loses more
    buyers than the wheel wins.
    unit_usd_mn: what one more car a year earns over the horizon. perfect_normal_usd_mn: the same as
    perfect_usd_mn by closed form, if the added cars were normal. sample_usd_mn: worth of a survey
    with the assumed error.
    """

    title: str
    more_units: Floats
    cost_usd_mn: float
    unit_usd_mn: float
    perfect_usd_mn: float
    perfect_normal_usd_mn: float
    sample_usd_mn: float

    @property
    def net_usd_mn(self) -> float:
        """Expected gain of tooling now."""
        return float(self.unit_usd_mn * self.more_units.mean() - self.cost_usd_mn)

    @property
    def break_even_units(self) -> float:
        """Cars a year that tooling must add to pay; infinite when a car earns nothing."""
        return self.cost_usd_mn / self.unit_usd_mn if self.unit_usd_mn else float("inf")


def decide(
    known: Evidence, scenario: Parameters, base: Parameters, found: ImportVolume
) -> tuple[Decision, ...]:
    """For each chosen model that lacks right-hand drive: tooling it against leaving it, at the same
    draws.
    """
    inputs, costs = scenario.of(DecisionInputs), scenario.of(LandedCostInputs)
    every = tuple(car.model for car in found.simulation.cars)
    shares = {car.model: car.fit_share for car in found.simulation.cars}
    tooled_inputs, tooled_costs = (
        replace(found.inputs, right_hand_drive_models=every),
        replace(costs, right_hand_drive_models=every),
    )
    cars = offers_of(known, tooled_inputs, tooled_costs, base.of(LandedCostInputs), shares)
    more = (
        demand.simulate(
            found.market, cars, found.terms, found.inputs.draws, found.inputs.seed
        ).units
        - found.simulation.units
    )
    error_share = (
        float(
            known.assumptions.set_index(["model", "factor"])["mode"]["all", "survey_error_percent"]
        )
        / 100
    )
    unit = inputs.unit_margin_usd * inputs.horizon_years / 1e6
    return tuple(
        _decision(car.title, units, inputs.rhd_tooling_usd_mn, unit, error_share)
        for car, units in zip(found.simulation.cars, more, strict=True)
        if not car.right_hand_drive
    )


def _decision(title: str, more: Floats, cost: float, unit: float, error_share: float) -> Decision:
    mean, sd = float(more.mean()), float(more.std())
    break_even = cost / unit if unit else 0.0
    return Decision(
        title=title,
        more_units=more,
        cost_usd_mn=cost,
        unit_usd_mn=unit,
        perfect_usd_mn=simulated_value_of_perfect_information(unit * more - cost),
        perfect_normal_usd_mn=value_of_perfect_information(unit, mean, sd, break_even)
        if unit
        else 0.0,
        sample_usd_mn=value_of_sample_information(
            unit, mean, sd, break_even, abs(mean) * error_share
        )
        if unit
        else 0.0,
    )
