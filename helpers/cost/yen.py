"""What a weaker yen does to a US-built car in Japan: sign, pass-through, who bears the rest, and
the rates that would turn the result.

A sticker set at one rate is asked at another: cost moves with the dollar part of the sticker, the
asked price moves by the part of that change which is passed through, and the maker's proceeds take
what is left. Elasticity form: dln price = pass-through x dollar share x dln rate, dln units =
elasticity x dln price.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from helpers.cost.price_walk import ImportedCar, LandedCostInputs, PriceWalk, price_walk
from helpers.errors import Fault, InputError

WEAKER_YEN_PERCENT = 10.0
"""Rise of the yen price of a dollar by which every "weaker yen" of the suite is tried: a round
step, not a forecast.
"""


@dataclass(frozen=True)
class YenInputs:
    """How prices and buyers answer to the exchange rate. Field names are scenario parameters."""

    yen_pass_through_percent: float
    price_elasticity: float
    japanese_parts_share_percent: float

    def __post_init__(self) -> None:
        faults = []
        if not 0 <= self.yen_pass_through_percent <= 100:
            faults.append(
                Fault(
                    "yen_pass_through_percent",
                    f"{self.yen_pass_through_percent} is out of range",
                    "write 0 to 100",
                )
            )
        if not 0 <= self.japanese_parts_share_percent <= 100:
            faults.append(
                Fault(
                    "japanese_parts_share_percent",
                    f"{self.japanese_parts_share_percent} is out of range",
                    "write 0 to 100",
                )
            )
        if not -math.inf < self.price_elasticity <= 0:
            faults.append(
                Fault(
                    "price_elasticity",
                    f"{self.price_elasticity} is not an elasticity of demand",
                    "write a number up to 0",
                )
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class YenEffect:
    """One car at one rate, against the rate at which its sticker was set.

    set_sticker_jpy: sticker that covers cost at the price-setting rate. cost_sticker_jpy: the same
    at this rate.
    asked_sticker_jpy: what the buyer is asked, after pass-through. units_factor: units over those
    at the set sticker.
    unrecovered_jpy: cost per car that the asked sticker does not bring back, before dealer margin
    and tax; negative when it brings more.
    """

    car: ImportedCar
    jpy_per_usd: float
    set_sticker_jpy: float
    cost_sticker_jpy: float
    asked_sticker_jpy: float
    units_factor: float
    unrecovered_jpy: float

    @property
    def unrecovered_usd(self) -> float:
        """The same in dollars at this rate."""
        return self.unrecovered_jpy / self.jpy_per_usd


def yen_effect(
    car: ImportedCar, landed: LandedCostInputs, yen: YenInputs, set_jpy_per_usd: float
) -> YenEffect:
    """The car at the rate of `landed`, its sticker having been set at another rate."""
    at_set = price_walk(car, replace(landed, jpy_per_usd=set_jpy_per_usd)).sticker_jpy
    now = price_walk(car, landed)
    asked_ratio = (now.sticker_jpy / at_set) ** (yen.yen_pass_through_percent / 100)
    asked = at_set * asked_ratio
    return YenEffect(
        car=car,
        jpy_per_usd=landed.jpy_per_usd,
        set_sticker_jpy=at_set,
        cost_sticker_jpy=now.sticker_jpy,
        asked_sticker_jpy=asked,
        units_factor=asked_ratio**yen.price_elasticity,
        unrecovered_jpy=(now.sticker_jpy - asked) * now.landed_cost_jpy / now.sticker_jpy,
    )


def yen_curve(
    car: ImportedCar,
    landed: LandedCostInputs,
    yen: YenInputs,
    set_jpy_per_usd: float,
    rates: Iterable[float],
) -> pd.DataFrame:
    """The effect over a range of rates: columns jpy_per_usd, cost_sticker_jpy, asked_sticker_jpy,
    units_percent, unrecovered_jpy.
    """
    effects = [
        yen_effect(car, replace(landed, jpy_per_usd=float(rate)), yen, set_jpy_per_usd)
        for rate in rates
    ]
    return pd.DataFrame(
        {
            "jpy_per_usd": [one.jpy_per_usd for one in effects],
            "cost_sticker_jpy": [one.cost_sticker_jpy for one in effects],
            "asked_sticker_jpy": [one.asked_sticker_jpy for one in effects],
            "units_percent": [100 * one.units_factor for one in effects],
            "unrecovered_jpy": [one.unrecovered_jpy for one in effects],
        }
    )


def break_even_rate(japan_cost_jpy: float, us_cost_usd: float) -> float:
    """JPY per USD at which a car built in the US, brought to Japan, costs as much as one built in
    Japan.
    """
    if not 0 < japan_cost_jpy < math.inf or not 0 < us_cost_usd < math.inf:
        raise InputError(
            [
                Fault(
                    "break-even rate",
                    f"costs of {japan_cost_jpy} JPY and {us_cost_usd} USD give no rate",
                    "write positive costs",
                )
            ]
        )
    return japan_cost_jpy / us_cost_usd


def matching_rate(walk: PriceWalk, sticker_jpy: float) -> float:
    """JPY per USD at which the car of the walk would carry that sticker. Raises InputError when its
    yen part alone costs more.
    """
    fixed_jpy = walk.sticker_jpy - walk.dollar_sticker_usd * walk.jpy_per_usd
    return break_even_rate(sticker_jpy - fixed_jpy, walk.dollar_sticker_usd)


def hedged_cost_jpy(
    content_usd: float,
    other_usd: float,
    yen_content_percent: float,
    set_jpy_per_usd: float,
    jpy_per_usd: float,
) -> float:
    """Cost of a car at a rate when part of its content is paid in yen at a price fixed at the set
    rate: (content - part + other) x rate + part x set rate.
    """
    yen_part = content_usd * yen_content_percent / 100
    return (content_usd - yen_part + other_usd) * jpy_per_usd + yen_part * set_jpy_per_usd


@dataclass(frozen=True)
class SignTest:
    """What a weaker yen does, starting from the rate of the scenario. Changes are in percent of the
    value before.

    cost: of a US-built car in Japan, before margin and tax; hedged_cost: the same with the Japanese
    parts paid in yen. asked: the sticker after pass-through. buyer_jpy, maker_jpy: how a car's
    dearer sticker is shared, the maker's part counted at the sticker.
    export_cost_usd: a car built in Japan, in dollars. profit_jpy: a dollar earned in the US, in
    yen.
    """

    car: ImportedCar
    weaker_percent: float
    cost_percent: float
    hedged_cost_percent: float
    asked_percent: float
    units_percent: float
    buyer_jpy: float
    maker_jpy: float
    unrecovered_jpy: float
    export_cost_usd_percent: float
    profit_jpy_percent: float

    @property
    def verdict(self) -> str:
        """Verdict on "a weak yen makes US production more competitive" for cars brought to Japan:
        the sign of the change in units.

        supported when a weaker yen sells more of them, contradicted when it sells fewer or, units
        unchanged, costs the maker more.
        """
        if self.units_percent > 0:
            return "supported"
        return "contradicted" if self.units_percent < 0 or self.unrecovered_jpy > 0 else "no effect"


def sign_test(
    car: ImportedCar,
    landed: LandedCostInputs,
    yen: YenInputs,
    weaker_percent: float = WEAKER_YEN_PERCENT,
) -> SignTest:
    """A yen weaker by that many percent (dollar dearer), all else equal."""
    now, then = landed.jpy_per_usd, landed.jpy_per_usd * (1 + weaker_percent / 100)
    before, after = price_walk(car, landed), price_walk(car, replace(landed, jpy_per_usd=then))
    effect = yen_effect(car, replace(landed, jpy_per_usd=then), yen, now)
    plant_usd = (before.step_jpy("list_price") + before.step_jpy("us_dealer_margin")) / now
    fixed_jpy = before.step_jpy("certification")
    other_usd = (before.landed_cost_jpy - fixed_jpy) / now - plant_usd
    hedged = [
        hedged_cost_jpy(plant_usd, other_usd, yen.japanese_parts_share_percent, now, rate)
        + fixed_jpy
        for rate in (now, then)
    ]
    return SignTest(
        car=car,
        weaker_percent=weaker_percent,
        cost_percent=_change(before.landed_cost_jpy, after.landed_cost_jpy),
        hedged_cost_percent=_change(*hedged),
        asked_percent=_change(before.sticker_jpy, effect.asked_sticker_jpy),
        units_percent=100 * (effect.units_factor - 1),
        buyer_jpy=effect.asked_sticker_jpy - before.sticker_jpy,
        maker_jpy=effect.cost_sticker_jpy - effect.asked_sticker_jpy,
        unrecovered_jpy=effect.unrecovered_jpy,
        export_cost_usd_percent=_change(1 / now, 1 / then),
        profit_jpy_percent=_change(now, then),
    )


def _change(before: float, after: float) -> float:
    return 100 * (after / before - 1)
