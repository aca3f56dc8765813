"""The programme as an insurance: what it costs, what duty it may protect, and how much likelier it
must make the low duty to pay.

Cost and stake are weighed over the same years at the same discount rate. Units do not answer to the
duty here, so the stake is an upper bound. Sales that the programme takes from the maker's other
cars in Japan are left out, which makes the cost too low. Probabilities are incremental: P(duty
stays low | programme) - P(duty stays low | no programme).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.quantities import Quantities, Quantity

TERMS = (
    "baseline_duty_percent",
    "us_duty_percent",
    "counterfactual_duty_percent",
    "absorption_percent",
    "maker_export_units",
    "programme_units",
    "programme_fixed_cost_usd_mn",
    "programme_annual_cost_usd_mn",
    "horizon_years",
    "discount_rate_percent",
)
"""The parameters that decide cost and stake."""

DOLLAR = Quantity(1.0, "USD")
_least: Any = np.minimum
_most: Any = np.maximum


@dataclass(frozen=True)
class Stake:
    """What a duty on a flow of cars turns on in a year, USD million.

    difference: duty otherwise less duty now; 0 or below when there is nothing to protect.
    exporter_part, buyer_part: of it the exporter bears the lower price that it would get, the US
    buyer the higher price at the border.
    """

    exporter_part: Quantity
    buyer_part: Quantity
    difference: Quantity


@dataclass(frozen=True)
class Premium:
    """Cost of the programme a year against the stake of one maker and of all makers.

    cost: the even yearly amount with the programme's present value over the horizon.
    break_even, industry_break_even: least rise in the probability of keeping the duty that pays for
    the programme; 100 % also where not even certainty pays.
    """

    present_value: Quantity
    cost: Quantity
    cost_per_car: Quantity
    maker: Stake
    industry: Stake
    break_even: Quantity
    industry_break_even: Quantity


def annuity_years(discount_rate: Quantity, years: int) -> Quantity:
    """Present value of 1 a year, paid at the end of each year."""
    years_worth: Any = sum((1 + discount_rate) ** -year for year in range(1, years + 1))
    return years_worth  # type: ignore[no-any-return]


def export_price(unit_value: Quantity, duty: Quantity, terms: Quantities) -> Quantity:
    """Price the exporter gets at a duty: all of a change is absorbed at 100 %, none at 0 %.
    unit_value: that at the baseline duty.
    """
    ratio = (1 + terms.baseline_duty_percent) / (1 + duty)
    return unit_value * ratio**terms.absorption_percent  # type: ignore[no-any-return]


def stake(units: Quantity, unit_value: Quantity, terms: Quantities) -> Stake:
    """Duty on that many cars a year, now and otherwise, and who bears the difference."""
    duties = (terms.us_duty_percent, terms.counterfactual_duty_percent)
    prices = [export_price(unit_value, duty, terms) for duty in duties]
    borders = [price * (1 + duty) for price, duty in zip(prices, duties, strict=True)]
    now, otherwise = (
        (units * price * duty).to("USD million") for price, duty in zip(prices, duties, strict=True)
    )
    return Stake(
        exporter_part=(units * (prices[0] - prices[1])).to("USD million"),
        buyer_part=(units * (borders[1] - borders[0])).to("USD million"),
        difference=otherwise - now,
    )


def least_rise(cost: Quantity, difference: Quantity) -> Quantity:
    """Least rise in probability at which the expected saving covers the cost, 0 to 100 %."""
    return _least(_most(cost, 0) / _most(difference, DOLLAR), 1).to("%")  # type: ignore[no-any-return]


def premium(
    terms: Quantities, industry_units: Quantity, unit_value: Quantity, unrecovered: Quantity
) -> Premium:
    """The programme's cost against the stake of the maker alone and of all Japanese exporters.

    industry_units: cars shipped from Japan to the US in a year; unit_value: their value each at the
    baseline duty, used for the maker too. unrecovered: cost of a programme car that its sticker
    does not bring back, USD per car.
    """
    years = annuity_years(terms.discount_rate_percent, int(terms.horizon_years.value))
    yearly = terms.programme_annual_cost_usd_mn + terms.programme_units * unrecovered
    present = terms.programme_fixed_cost_usd_mn + yearly * years
    cost = (present / years).to("USD million")
    maker = stake(terms.maker_export_units, unit_value, terms)
    industry = stake(industry_units, unit_value, terms)
    return Premium(
        present_value=present.to("USD million"),
        cost=cost,
        cost_per_car=cost / terms.programme_units,
        maker=maker,
        industry=industry,
        break_even=least_rise(cost, maker.difference),
        industry_break_even=least_rise(cost, industry.difference),
    )
