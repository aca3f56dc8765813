"""The car trade in sentences. Every number is computed by the models and written in one place,
here.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from helpers.show import numbers
from helpers.trade.duty import Duty
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.incidence import Incidence, IncidenceInputs, Outcome, full_absorption_factor
from helpers.trade.mirror import Mirror


def publishers(trade: CarTrade) -> str:
    """The source line of a figure that rests on the car trade, with the basis of the scenario."""
    if any("article" in one.basis for one in trade.quantities):
        return (
            "TECHi (figures from Japan, as printed); Japan Ministry of Finance, US Commerce, as "
            "relayed by the press; US Census Bureau; own calculations."
        )
    return (
        "JAMA, Japan Ministry of Finance, US Commerce, as relayed by the press; US Census "
        "Bureau; own calculations."
    )


def ratio(trade: CarTrade) -> str:
    """How many vehicles come one way for one the other way."""
    standing_in = (
        "" if trade.us_units.period == str(trade.year) else f" (figure of {trade.us_units.period})"
    )
    return (
        f"In {trade.year} Japan ships {numbers.units(trade.japan_units.value)} to the United "
        f"States and takes {_cars_to_japan(trade)}{standing_in}: "
        f"{numbers.plain(trade.units_ratio)} to one."
    )


def _cars_to_japan(trade: CarTrade) -> str:
    """How many US-built cars reach Japan, used ones named where they are counted."""
    used = " (used ones included)" if "used" in trade.us_units.basis else ""
    return f"{numbers.units(trade.us_units.value, 'US-built cars')}{used}"


def share_of_deficit(trade: CarTrade) -> str:
    """The car gap against the whole goods deficit, with its vintage."""
    deficit = trade.goods_deficit_usd_mn
    return (
        f"The car gap of {usd_mn(trade.gap_usd_mn)} is "
        f"{numbers.percent(trade.share_of_goods_deficit_percent)} of the US goods deficit with "
        f"Japan, {usd_mn(deficit.value)} in {deficit.period} "
        f"({deficit.basis.rsplit(', ', 1)[1]})."
    )


def price_cut(years: pd.DataFrame) -> str:
    """Units against value from 2024 to 2025; `years` as `trade.year_on_year` gives it."""
    change = dict(zip(years["measure"], years["change_percent"], strict=True))
    return (
        f"From 2024 to 2025 the export value changes by {signed_percent(change['Export value'])} "
        f"in yen and the number of vehicles by {signed_percent(change['Vehicles shipped'])}, so "
        f"the value per vehicle {moves(change['Value per vehicle'])}."
    )


def moves(change_percent: float) -> str:
    """The direction of a change, to a tenth of a percent."""
    return (
        "falls"
        if round(change_percent, 1) < 0
        else "rises"
        if round(change_percent, 1) > 0
        else "stays the same"
    )


def unexplained(mirror: Mirror) -> str:
    """What the two sides' statistics leave unexplained."""
    return (
        f"US imports of 2024 at customs value stand {signed_percent(mirror.unexplained_percent)} "
        "from Japan's exports after every step; at CIF value they stand "
        f"{signed_percent(mirror.unexplained_cif_percent)} from customs value plus the assumed "
        "freight and insurance."
    )


def duty(found: Duty) -> str:
    """The duty on a day and the rule behind it."""
    return (
        f"On {found.day} a {found.product.replace('_', ' ')} from {found.exporter} pays "
        f"{numbers.percent(found.total_percent)} duty in the {_place(found)} ({found.rule})."
    )


def index_month(row: Mapping[Hashable, Any]) -> str:
    """The export price of a month against its benchmark; a row of `absorption.index_absorption`."""
    return (
        f"In {row['month']} the export price of cars to North America is "
        f"{numbers.percent(-row['change_percent'])} below the year before, "
        f"{absorbed(row['absorbed_percent'])}."
    )


def absorbed(value: float) -> str:
    """A measured absorption; NaN where the duty does not differ from the baseline."""
    return (
        "with no change of duty to absorb"
        if math.isnan(value)
        else f"{numbers.percent(value, 0)} of full absorption of the duty"
    )


def declared_half_year(row: Mapping[Hashable, Any]) -> str:
    """Declared value per vehicle of a half-year; a row of `absorption.declared_absorption`."""
    return (
        f"In {row['period']} declared dollars per vehicle change by "
        f"{signed_percent(row['unit_value_usd_percent'])} on the year before, "
        f"{absorbed(row['absorbed_percent'])}, changes of the model mix included."
    )


def benchmark(inputs: IncidenceInputs, duty_percent: float) -> str:
    """The price cut that full absorption of a duty needs."""
    cut = 100 * (full_absorption_factor(inputs.baseline_duty_percent, duty_percent) - 1)
    return (
        f"From {numbers.percent(inputs.baseline_duty_percent)} to "
        f"{numbers.percent(duty_percent)} duty the landed price stays the same if the export "
        f"price changes by {signed_percent(cut)}."
    )


def who_pays(outcome: Outcome, inputs: IncidenceInputs) -> str:
    """Exporter against buyer at the assumed absorption."""
    paid = outcome.burden
    if paid.treasury_usd == 0:
        return (
            f"A duty of {numbers.percent(outcome.duty_percent)} equals the baseline, so there is "
            "no additional duty to bear."
        )
    return (
        f"At {numbers.percent(inputs.absorption_percent, 0)} absorption (assumed) a duty of "
        f"{numbers.percent(outcome.duty_percent)} changes the landed price by "
        f"{signed_percent(paid.landed_price_percent)}; exporters bear "
        f"{numbers.percent(paid.exporter_share_percent, 0)} of the additional duty on a car."
    )


def saving(incidence: Incidence) -> str:
    """Duty saved by the lower rate, with and without response."""
    return (
        f"Against {numbers.percent(incidence.counterfactual.duty_percent)} the duty now saves "
        f"{usd_mn(incidence.saving_static_usd_mn)} a year on an unchanged flow and "
        f"{usd_mn(incidence.saving_usd_mn)} when prices and demand respond."
    )


def doubling(effect: Effect, trade: CarTrade) -> str:
    """What the programme does to the flow of US-built cars to Japan."""
    verb = (
        "more than double"
        if effect.more_than_doubles
        else f"raise by {numbers.percent(effect.share_of_us_units_percent, 0)}"
    )
    return (
        f"{numbers.units(effect.units, 'cars')} a year would {verb} the flow of "
        f"{_cars_to_japan(trade)} to Japan, to {effect.flow_multiple:.2f} times."
    )


def negligible(effect: Effect, trade: CarTrade) -> str:
    """What the programme does to the goods deficit."""
    verdict, word = (
        ("below", "negligible") if effect.negligible else ("not below", "more than negligible")
    )
    return (
        f"At an assumed {numbers.usd(effect.unit_value_usd)} a car "
        f"{numbers.units(effect.units, 'cars')} are "
        f"{numbers.percent(effect.share_of_deficit_percent)} of the goods deficit of "
        f"{trade.goods_deficit_usd_mn.period}, {verdict} the "
        f"{share_text(effect.negligible_percent)} mark: {word} for the deficit."
    )


def share_of_flow(effect: Effect, trade: CarTrade) -> str:
    """The value of the programme against the value that flows from Japan."""
    return (
        f"{numbers.units(effect.units, 'cars')} at an assumed "
        f"{numbers.usd(effect.unit_value_usd)} are worth {usd_mn(effect.gross.value)}, "
        f"{numbers.percent(effect.share_of_flow_percent, 2)} of the "
        f"{usd_mn(trade.japan_value_usd_mn.value)} that flow from Japan."
    )


def closing(effect: Effect, *, net: bool) -> str:
    """How many cars close the share of the gap that is asked for."""
    found = effect.units_to_close_net if net else effect.units_to_close_gross
    share = share_text(effect.close_share_percent)
    counted = (
        "net of Japanese parts and backfill (assumed)"
        if net
        else "counting the whole value of a car (assumed)"
    )
    if found is None:
        return (
            f"No number of cars closes {share} of the car gap {counted}: each car adds as much "
            "from Japan as it takes off."
        )
    return (
        f"Closing {share} of the car gap takes {numbers.units(found, 'cars')} a year {counted}, "
        f"{found / effect.units:.1f} times the programme."
    )


def gap_change(usd_mn_less: float) -> str:
    """What the gap does: shrinks by $680 m, or grows."""
    return (
        f"shrink the gap by {usd_mn(usd_mn_less)}"
        if usd_mn_less >= 0
        else f"widen the gap by {usd_mn(-usd_mn_less)}"
    )


def usd_mn(value: float) -> str:
    """Millions of dollars as prose writes them."""
    return numbers.usd(value * 1e6)


def share_text(value: float) -> str:
    """A share that a reader set, without idle decimals: 10 %, 2.5 %."""
    return numbers.percent(value, 0 if value % 1 == 0 else 1)


def signed_percent(value: float, decimals: int = 1) -> str:
    """A change in percent with its sign."""
    text = numbers.percent(value, decimals)
    return f"+{text}" if round(value, decimals) > 0 else text


def _place(found: Duty) -> str:
    return {"US": "United States"}.get(found.importer, found.importer)
