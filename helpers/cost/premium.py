"""The programme as an insurance: what it costs, what duty it may protect, and how much likelier it
must make the low duty to pay.

Cost and stake are weighed over the same years at the same discount rate, with a = (1 - (1 +
rate)^-years) / rate years' worth of a yearly amount: cost a year = one-off cost / a + yearly cost +
cars x cost that the sticker does not bring back; stake = cars exported x (duty otherwise x price
otherwise - duty now x price now); break-even = cost / stake. Price after absorption: price0 ((1 +
duty0) / (1 + duty)) ^ absorption. Units do not answer to the duty here, so the stake is an upper
bound. Sales that the programme takes from the maker's other cars in Japan are left out, which makes
the cost too low. Probabilities are incremental: P(duty stays low | programme) - P(duty stays low |
no programme).
"""

import math
from dataclasses import dataclass

from helpers.errors import Fault, InputError


@dataclass(frozen=True)
class PremiumInputs:
    """Field names are scenario parameters."""

    baseline_duty_percent: float
    us_duty_percent: float
    counterfactual_duty_percent: float
    absorption_percent: float
    maker_export_units: int
    programme_units: int
    programme_fixed_cost_usd_mn: float
    programme_annual_cost_usd_mn: float
    horizon_years: int
    discount_rate_percent: float

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{value} is not a number from 0")
            for name, value in vars(self).items()
            if not 0 <= value < math.inf
        ]
        if self.absorption_percent > 100:
            faults.append(
                Fault(
                    "absorption_percent",
                    f"{self.absorption_percent} is more than all",
                    "write 0 to 100",
                )
            )
        if self.horizon_years == 0:
            faults.append(
                Fault("horizon_years", "0 years hold neither cost nor gain", "write 1 or more")
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Stake:
    """Duty on a flow of cars in a year at the duty now and at the counterfactual one, USD million.

    difference_usd_mn: what keeping the duty saves in duty paid. Of it the exporter bears the lower
    price it would get, the US buyer the higher price at the border; the two add up to the
    difference.
    """

    units: float
    unit_value_usd: float
    duty_now_usd_mn: float
    duty_otherwise_usd_mn: float
    exporter_part_usd_mn: float
    buyer_part_usd_mn: float

    @property
    def difference_usd_mn(self) -> float:
        """Counterfactual duty less duty now; 0 or below when there is nothing to protect."""
        return self.duty_otherwise_usd_mn - self.duty_now_usd_mn


@dataclass(frozen=True)
class Premium:
    """Cost of the programme against the stake of one maker and of all makers.

    cost_present_usd_mn: present value over the horizon. cost_yearly_usd_mn: the even yearly amount
    with that present value.
    maker_break_even, industry_break_even: least rise in the probability of keeping the duty that
    pays for the programme, 0 to infinity; above 1 not even certainty pays, infinity when there is
    nothing to protect.
    """

    cost_present_usd_mn: float
    cost_yearly_usd_mn: float
    cost_per_car_usd: float
    maker: Stake
    industry: Stake
    maker_break_even: float
    industry_break_even: float


def annuity_years(years: int, discount_rate_percent: float) -> float:
    """Present value of 1 a year, paid at the end of each year."""
    rate = discount_rate_percent / 100
    return float(years) if rate == 0 else (1 - (1 + rate) ** -years) / rate


def export_price(
    unit_value_usd: float,
    duty_percent: float,
    baseline_duty_percent: float,
    absorption_percent: float,
) -> float:
    """Price the exporter gets at a duty: all of a change is absorbed at 100 %, none at 0 %.
    `unit_value_usd` is that at the baseline duty.
    """
    return unit_value_usd * float(
        ((1 + baseline_duty_percent / 100) / (1 + duty_percent / 100)) ** (absorption_percent / 100)
    )


def stake(units: float, unit_value_usd: float, inputs: PremiumInputs) -> Stake:
    """Duty on that many cars a year, now and otherwise, and who bears the difference."""
    prices = [
        export_price(unit_value_usd, duty, inputs.baseline_duty_percent, inputs.absorption_percent)
        for duty in (inputs.us_duty_percent, inputs.counterfactual_duty_percent)
    ]
    rates = (inputs.us_duty_percent / 100, inputs.counterfactual_duty_percent / 100)
    duties = [units * price * rate / 1e6 for price, rate in zip(prices, rates, strict=True)]
    borders = [price * (1 + rate) for price, rate in zip(prices, rates, strict=True)]
    return Stake(
        units,
        unit_value_usd,
        duties[0],
        duties[1],
        units * (prices[0] - prices[1]) / 1e6,
        units * (borders[1] - borders[0]) / 1e6,
    )


def premium(
    inputs: PremiumInputs,
    industry_units: float,
    unit_value_usd: float,
    unrecovered_usd_per_car: float = 0.0,
) -> Premium:
    """The programme's cost against the stake of the maker alone and of all Japanese exporters.

    industry_units: cars shipped from Japan to the US in a year; unit_value_usd: their value each at
    the baseline duty, used for the maker too. unrecovered_usd_per_car: cost of a programme car that
    its sticker does not bring back.
    """
    years = annuity_years(inputs.horizon_years, inputs.discount_rate_percent)
    unrecovered_usd_mn = inputs.programme_units * unrecovered_usd_per_car / 1e6
    present = (
        inputs.programme_fixed_cost_usd_mn
        + (inputs.programme_annual_cost_usd_mn + unrecovered_usd_mn) * years
    )
    maker = stake(inputs.maker_export_units, unit_value_usd, inputs)
    industry = stake(industry_units, unit_value_usd, inputs)
    return Premium(
        cost_present_usd_mn=present,
        cost_yearly_usd_mn=present / years,
        cost_per_car_usd=present / years * 1e6 / inputs.programme_units
        if inputs.programme_units
        else math.inf,
        maker=maker,
        industry=industry,
        maker_break_even=break_even(present / years, maker.difference_usd_mn),
        industry_break_even=break_even(present / years, industry.difference_usd_mn),
    )


def break_even(cost_usd_mn: float, difference_usd_mn: float) -> float:
    """Least rise in probability at which the expected saving covers the cost: 0 when it costs
    nothing, infinity when nothing is saved.
    """
    if cost_usd_mn <= 0:
        return 0.0
    return cost_usd_mn / difference_usd_mn if difference_usd_mn > 0 else math.inf
