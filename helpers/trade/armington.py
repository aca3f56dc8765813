"""Demand for goods that differ by origin (Armington, 1969): constant elasticity of substitution
with elastic supply.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.errors import Fault, InputError


@dataclass(frozen=True)
class Response:
    """Factors against the start: 1 means unchanged. price_index: of the whole market; quantities:
    one an origin.
    """

    price_index: float
    quantities: tuple[float, ...]


def respond(
    shares: Sequence[float],
    price_factors: Sequence[float],
    substitution: float,
    market_elasticity: float,
) -> Response:
    """The exact response of quantities to price changes.

    P = (sum of s p^(1 - sigma))^(1 / (1 - sigma)) and q = p^(-sigma) P^(sigma + eta), with value
    shares s at the start, price factors p, substitution sigma above 0 and not 1, market elasticity
    eta (a negative number, such as -1). Raises InputError for shares that do not add to 1, prices
    that are not above 0, and elasticities without meaning.
    """
    share, price = _checked(shares, price_factors, substitution, market_elasticity)
    index = float(np.sum(share * price ** (1 - substitution)) ** (1 / (1 - substitution)))
    return Response(
        index,
        tuple(float(q) for q in price**-substitution * index ** (substitution + market_elasticity)),
    )


def respond_in_steps(
    shares: Sequence[float],
    price_factors: Sequence[float],
    substitution: float,
    market_elasticity: float,
    steps: int = 1,
) -> Response:
    """The same response by Euler's method in logarithms: with one step the usual linear
    approximation, with many the exact one.
    """
    share, price = _checked(shares, price_factors, substitution, market_elasticity)
    if steps < 1:
        raise InputError([Fault("steps", f"{steps} is not a number of steps", "write 1 or more")])
    move = np.log(price) / steps
    log_index, log_quantity, log_price = 0.0, np.zeros(len(share)), np.zeros(len(share))
    for _ in range(steps):
        spent = share * np.exp((1 - substitution) * log_price)
        index_move = float(np.sum(spent / spent.sum() * move))
        log_quantity = (
            log_quantity - substitution * move + (substitution + market_elasticity) * index_move
        )
        log_index, log_price = log_index + index_move, log_price + move
    return Response(math.exp(log_index), tuple(float(q) for q in np.exp(log_quantity)))


def _checked(
    shares: Sequence[float],
    price_factors: Sequence[float],
    substitution: float,
    market_elasticity: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    share, price = np.asarray(shares, dtype=float), np.asarray(price_factors, dtype=float)
    faults = []
    if share.shape != price.shape or share.size == 0:
        faults.append(
            Fault(
                "shares", f"{share.size} shares and {price.size} prices", "write one price a share"
            )
        )
    if not (np.all(share >= 0) and math.isclose(float(share.sum()), 1, abs_tol=1e-9)):
        faults.append(Fault("shares", f"{list(map(float, share))} are not shares that add to 1"))
    if not np.all((price > 0) & np.isfinite(price)):
        faults.append(Fault("price factors", "a price is not above 0"))
    if not (0 < substitution < math.inf) or math.isclose(substitution, 1):
        faults.append(
            Fault(
                "armington_elasticity",
                f"{substitution} is not above 0 or is 1",
                "write a number such as 4",
            )
        )
    if not -math.inf < market_elasticity <= 0:
        faults.append(
            Fault(
                "market_demand_elasticity",
                f"{market_elasticity} is above 0",
                "write a number such as -1",
            )
        )
    if faults:
        raise InputError(faults)
    return share, price
