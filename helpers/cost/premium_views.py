"""The premium as brief and explore take it."""

import math

from helpers.cost.case import CostCase, capped_percent
from helpers.cost.premium import Premium
from helpers.quantities import Quantity
from helpers.show import numbers

MAKER = "Toyota"
SOURCE_IDS = (
    "OPP-JP",
    "JAMA25",
    "FR17908",
    "PROC10908",
    "CRS-IF10971",
    "TOY-500K",
    "TOY-281K",
    "S121",
)


def points(share: float) -> str:
    """A break-even probability as percentage points."""
    percent = 100 * share
    if percent > 100:
        return "more than 100 percentage points"
    return f"{numbers.plain(percent, 1 if percent < 10 else 0)} percentage points"


def premium_sentence(found: Premium) -> str:
    """The insurance sentence: what must be true for the programme to pay for itself by protecting
    the duty.
    """
    cost, saving = (
        numbers.usd(value * 1e6)
        for value in (found.cost_yearly_usd_mn, found.maker.difference_usd_mn)
    )
    if found.cost_yearly_usd_mn <= 0:
        return "The programme pays for itself on these assumptions, so it needs to protect nothing."
    if found.maker.difference_usd_mn <= 0:
        return (
            f"There is no duty advantage to protect, so the programme's {cost} a year pays at no "
            "probability."
        )
    if found.maker_break_even > 1:
        return (
            f"The programme's {cost} a year is more than the {saving} of duty {MAKER} would save "
            "with certainty, so it does not pay as insurance."
        )
    return (
        f"At an assumed {cost} a year the programme pays as insurance if it raises the chance "
        f"that {MAKER}'s lower duty lasts, worth {saving} a year, by "
        f"{points(found.maker_break_even)} or more."
    )


def free_rider_sentence(found: Premium) -> str:
    """What all makers together would need, against the maker alone."""
    if found.cost_yearly_usd_mn <= 0:
        return (
            "The programme costs nothing on balance, so there is no bill that makers could share."
        )
    if found.industry.difference_usd_mn <= 0:
        return "There is nothing that the other makers could gain from it."
    if found.maker.difference_usd_mn > found.industry.difference_usd_mn:
        return (
            f"On these assumptions {MAKER} ships more cars than all makers together, so the two "
            "cannot be compared."
        )
    own = 100 * found.maker.difference_usd_mn / found.industry.difference_usd_mn
    return (
        f"The lower duty helps every maker: {MAKER}'s cars carry {numbers.percent(own, 0)} of "
        "the difference, so the industry as a whole would need "
        f"{points(found.industry_break_even)}, while {MAKER} paying alone needs "
        f"{points(found.maker_break_even)}."
    )


def absorption_sentence(case: CostCase) -> str:
    """Who bears a higher duty, and what that does to the break-even."""
    maker, share = case.premium.maker, case.premium_inputs.absorption_percent
    if maker.difference_usd_mn <= 0:
        return "With no duty difference nobody has anything to bear."
    return (
        f"With {numbers.percent(share, 0)} absorbed in the price, {MAKER} itself would bear "
        f"{numbers.usd(maker.exporter_part_usd_mn * 1e6)} of the difference and US buyers "
        f"{numbers.usd(maker.buyer_part_usd_mn * 1e6)}; a lower price also means less duty, "
        "which raises the break-even."
    )


def results(case: CostCase) -> list[dict[str, object]]:
    """The recorded results of the premium: keyword arguments of `results.record`."""
    found = case.premium
    low, high = case.premium_intervals.maker_break_even
    interval = (capped_percent(low), capped_percent(high), "80 %") if math.isfinite(low) else None

    def one(
        name: str,
        value: float,
        unit: str,
        sentence: str,
        interval: tuple[float, float, str] | None = None,
    ) -> dict[str, object]:
        return {
            "name": name,
            "value": value,
            "unit": unit,
            "quality": "estimate",
            "source_ids": SOURCE_IDS,
            "sentence": sentence,
            "interval": interval,
            "text": Quantity(value, unit, interval=interval and interval[:2]).text,
        }

    return [
        one(
            "programme_cost_usd_mn",
            found.cost_yearly_usd_mn,
            "USD million a year",
            "One-off cost spread over the horizon, yearly cost and cost not recovered add to "
            f"{numbers.usd(found.cost_yearly_usd_mn * 1e6)} a year, assumed.",
        ),
        one(
            "programme_cost_per_car_usd",
            found.cost_per_car_usd,
            "USD per car",
            f"That is {numbers.usd(found.cost_per_car_usd)} for each of "
            f"{numbers.units(case.premium_inputs.programme_units, 'cars')}.",
        ),
        one(
            "duty_difference_usd_mn",
            found.maker.difference_usd_mn,
            "USD million a year",
            absorption_sentence(case),
        ),
        one(
            "break_even_probability_percent",
            capped_percent(found.maker_break_even),
            "%",
            premium_sentence(found),
            interval,
        ),
        one(
            "industry_break_even_probability_percent",
            capped_percent(found.industry_break_even),
            "%",
            free_rider_sentence(found),
        ),
    ]
