"""One decision on the volume: whether to tool a further model for right-hand drive, and what it is
worth to know more first.

Closed forms for a normal gain (Raiffa and Schlaifer 1961): with fixed cost F, margin c a unit and
units N(mu, sigma), break-even N* = F / c, the expected value of perfect information is c sigma
L(|N* - mu| / sigma), L(D) = phi(D) - D (1 - Phi(D)); a survey with error sigma_e leaves sigma' =
sigma^2 / sqrt(sigma^2 + sigma_e^2) in the place of sigma.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, pi, sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtr

from helpers.errors import Fault, InputError
from helpers.quantities import Floats
from helpers.volume.demand import Offer


@dataclass(frozen=True)
class Decision:
    """The decision for one model, its values in USD million over the horizon, undiscounted.

    more_units: cars a year that tooling adds, one a draw; negative where the dearer car loses more
    buyers than the wheel wins. unit_usd_mn: what one more car a year earns over the horizon.
    survey_error_units: standard error of a survey before deciding.
    """

    title: str
    more_units: Floats
    cost_usd_mn: float
    unit_usd_mn: float
    survey_error_units: float

    @property
    def net_usd_mn(self) -> float:
        """Expected gain of tooling now."""
        return float(self.unit_usd_mn * self.more_units.mean() - self.cost_usd_mn)

    @property
    def break_even_units(self) -> float:
        """Cars a year that tooling must add to pay; infinite when a car earns nothing."""
        return self.cost_usd_mn / self.unit_usd_mn if self.unit_usd_mn else inf

    @property
    def perfect_usd_mn(self) -> float:
        """Worth of knowing the units before deciding: E[max(gain, 0)] - max(E[gain], 0)."""
        gain = self.unit_usd_mn * self.more_units - self.cost_usd_mn
        return float(np.maximum(gain, 0).mean() - max(gain.mean(), 0.0))

    @property
    def perfect_normal_usd_mn(self) -> float:
        """The same by closed form, if the added cars were normal."""
        return self._by_closed_form(0.0)

    @property
    def sample_usd_mn(self) -> float:
        """Worth of a survey with the assumed error: that part of perfect information which the
        closed form gives it, so never more than all of it.
        """
        whole = self.perfect_normal_usd_mn
        return self.perfect_usd_mn * self._by_closed_form(self.survey_error_units) / (whole or 1.0)

    def _by_closed_form(self, error_units: float) -> float:
        if not self.unit_usd_mn:
            return 0.0
        mean, sd = float(self.more_units.mean()), float(self.more_units.std())
        return value_of_information(self.unit_usd_mn, mean, sd, self.break_even_units, error_units)


def decisions(
    cars: Iterable[Offer],
    more_units: Floats,
    tooling_usd_mn: float,
    unit_usd_mn: float,
    survey_error_percent: float,
) -> tuple[Decision, ...]:
    """For each car that lacks right-hand drive: tooling it against leaving it.

    more_units: cars a year that tooling adds, an array (cars, draws). unit_usd_mn: what one more
    car a year earns over the horizon. survey_error_percent: of the added cars on average.
    """
    return tuple(
        Decision(
            car.title,
            more,
            tooling_usd_mn,
            unit_usd_mn,
            abs(float(more.mean())) * survey_error_percent / 100,
        )
        for car, more in zip(cars, more_units, strict=True)
        if not car.right_hand_drive
    )


def survey_error_percent(assumptions: pd.DataFrame) -> float:
    """Standard error of a survey of the demand, percent of the mean, from the assumptions."""
    modes = assumptions.set_index(["model", "factor"])["mode"]
    return float(modes["all", "survey_error_percent"])


def value_of_information(
    margin: float, mean_units: float, sd_units: float, break_even_units: float, error_units: float
) -> float:
    """Expected value of a survey whose estimate has that standard error, normal units, in the unit
    of the margin a unit; with error 0 of perfect information. Raises InputError below 0.
    """
    inputs = {"margin": margin, "sd_units": sd_units, "error_units": error_units}
    if faults := [
        Fault(name, f"{value} is not a number from 0")
        for name, value in inputs.items()
        if not 0 <= value < inf
    ]:
        raise InputError(faults)
    if not sd_units:
        return 0.0
    reduced = sd_units**2 / sqrt(sd_units**2 + error_units**2)
    return margin * reduced * unit_normal_loss(abs(break_even_units - mean_units) / reduced)


def unit_normal_loss(distance: float) -> float:
    """L(D) = phi(D) - D (1 - Phi(D)): expected part of a standard normal above D."""
    return exp(-distance * distance / 2) / sqrt(2 * pi) - distance * float(ndtr(-distance))
