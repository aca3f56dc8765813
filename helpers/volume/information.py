"""What it is worth to know more before one decision: pay a fixed sum for a gain that is uncertain,
or leave it.

Closed forms for a normal gain (Raiffa and Schlaifer 1961): with fixed cost F, margin c a unit and
units N(mu, sigma), break-even N* = F / c, the expected value of perfect information is c sigma
L(|N* - mu| / sigma), L(D) = phi(D) - D (1 - Phi(D)); a survey with error sigma_e leaves sigma' =
sigma^2 / sqrt(sigma^2 + sigma_e^2) in the place of sigma.
"""

from math import exp, inf, pi, sqrt

import numpy as np
from scipy.special import ndtr

from helpers.errors import Fault, InputError
from helpers.inputs import Floats


def unit_normal_loss(distance: float) -> float:
    """L(D) = phi(D) - D (1 - Phi(D)): expected part of a standard normal above D."""
    return exp(-distance * distance / 2) / sqrt(2 * pi) - distance * float(ndtr(-distance))


def value_of_perfect_information(
    margin: float, mean_units: float, sd_units: float, break_even_units: float
) -> float:
    """Expected value of knowing the units before deciding, normal units. In the unit of the margin
    a unit.
    """
    _refuse(margin=margin, sd_units=sd_units)
    return (
        margin * sd_units * unit_normal_loss(abs(break_even_units - mean_units) / sd_units)
        if sd_units
        else 0.0
    )


def value_of_sample_information(
    margin: float, mean_units: float, sd_units: float, break_even_units: float, error_units: float
) -> float:
    """Expected value of a survey whose estimate has that standard error, normal units."""
    _refuse(margin=margin, sd_units=sd_units, error_units=error_units)
    reduced = sd_units**2 / sqrt(sd_units**2 + error_units**2) if sd_units else 0.0
    return value_of_perfect_information(margin, mean_units, reduced, break_even_units)


def simulated_value_of_perfect_information(gain: Floats) -> float:
    """Expected value of knowing a simulated net gain before deciding: E[max(gain, 0)] -
    max(E[gain], 0).
    """
    return float(np.maximum(gain, 0).mean() - max(gain.mean(), 0.0))


def _refuse(**values: float) -> None:
    faults = [
        Fault(name, f"{value} is not a number from 0")
        for name, value in values.items()
        if not 0 <= value < inf
    ]
    if faults:
        raise InputError(faults)
