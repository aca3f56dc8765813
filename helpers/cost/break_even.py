"""The programme as an insurance: what it costs, what it may protect, and how much likelier it must
make the low duty to pay.

Cost and stake are weighed over the same years at the same discount rate. Sales that the programme
takes from the makers' other cars in Japan are left out, which makes the cost too low.
Probabilities are incremental: P(duty stays low | programme) - P(duty stays low | no programme).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.quantities import POINTS, Quantities, Quantity
from helpers.trade.market import Outcome

TERMS = (
    "maker_export_units",
    "programme_units",
    "programme_fixed_cost_usd_mn",
    "programme_annual_cost_usd_mn",
    "horizon_years",
    "discount_rate_percent",
)
"""The parameters that decide the cost and whose stake is looked at."""

DOLLAR, ONE_CAR = Quantity(1.0, "USD"), Quantity(1.0, "cars")
_least: Any = np.minimum
_most: Any = np.maximum


@dataclass(frozen=True)
class Stake:
    """What turns on the duty for exporters of a number of cars, USD million a year.

    loss: what they would lose by the duty otherwise, prices and quantities responding; 0 or below
    when there is nothing to protect. difference: duty otherwise less duty now on the cars left.
    """

    loss: Quantity
    difference: Quantity


@dataclass(frozen=True)
class Premium:
    """Cost of the programme a year against the stake, of one maker and of all makers.

    cost: the even yearly amount with the programme's present value over the horizon; cost_per_car:
    of a programme of no car that of one; maker_cost: the maker's part of the cost.
    break_even, industry_break_even: least rise in the probability of keeping the duty that pays for
    the part and for the whole; 100 % also where not even certainty pays.
    """

    present_value: Quantity
    cost: Quantity
    cost_per_car: Quantity
    maker_cost: Quantity
    maker: Stake
    industry: Stake
    break_even: Quantity
    industry_break_even: Quantity


def annuity_years(discount_rate: Quantity, years: int) -> Quantity:
    """Present value of 1 a year, paid at the end of each year."""
    years_worth: Any = sum((1 + discount_rate) ** -year for year in range(1, years + 1))
    return years_worth  # type: ignore[no-any-return]


def stake(units: Quantity, flow: Quantity, now: Outcome, otherwise: Outcome) -> Stake:
    """The stake of the exporters of so many of the cars that a year's flow holds."""
    part = units / flow
    return Stake(
        (part * (now.exporters - otherwise.exporters)).to("USD million"),
        (part * (otherwise.revenue - now.revenue)).to("USD million"),
    )


def least_rise(cost: Quantity, loss: Quantity) -> Quantity:
    """Least rise in probability at which the expected gain covers the cost, 0 to 100
    percentage points.
    """
    return _least(_most(cost, 0) / _most(loss, DOLLAR), 1).to(POINTS)  # type: ignore[no-any-return]


def premium(
    terms: Quantities, units: Quantity, maker_share: Quantity, unrecovered: Quantity, *stakes: Stake
) -> Premium:
    """The programme's cost against what it may protect: the maker's part against its own stake, the
    whole against that of all exporters.

    units: cars of the programme, a number or draws. maker_share: of the cost. unrecovered: cost of
    a programme car that its sticker does not bring back, USD per car. stakes: of the maker, of all.
    """
    maker, industry = stakes
    years = annuity_years(terms.discount_rate_percent, int(terms.horizon_years.value))
    yearly = terms.programme_annual_cost_usd_mn + units * unrecovered
    present = terms.programme_fixed_cost_usd_mn + yearly * years
    cost = (present / years).to("USD million")
    maker_cost = (cost * maker_share).to("USD million")
    return Premium(
        present_value=present.to("USD million"),
        cost=cost,
        cost_per_car=cost / _most(units, ONE_CAR),
        maker_cost=maker_cost,
        maker=maker,
        industry=industry,
        break_even=least_rise(maker_cost, maker.loss),
        industry_break_even=least_rise(cost, industry.loss),
    )
