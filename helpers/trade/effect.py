"""What a number of US-built cars a year changes in the car trade, seen four ways, and how many cars
close a share of the gap.

Per car the gap shrinks by g = p (1 - s) - k p_J: its value p less the Japanese parts in it (share
s, bought back from Japan), less the cars that Japan ships to the United States in place of the
exported ones (k of them, each worth p_J).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers import currency
from helpers.data.picking import Quantity, pick
from helpers.errors import Fault, InputError
from helpers.trade.flows import CarTrade

CLOSE_SHARES_PERCENT = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True)
class EffectInputs:
    """What the reader assumes. Field names are scenario parameters; shares are percent."""

    programme_units: int
    unit_value_usd: float
    japanese_parts_share_percent: float
    us_share_of_other_content_percent: float
    backfill_share_percent: float
    parts_share_range_points: float
    backfill_high_percent: float
    close_share_percent: float
    negligible_percent: float
    jpy_per_usd: float

    def __post_init__(self) -> None:
        percents = [name for name in vars(self) if name.endswith(("_percent", "_points"))]
        faults = [
            Fault(name, f"{getattr(self, name)} is not a percentage", "write 0 to 100")
            for name in percents
            if not 0 <= getattr(self, name) <= 100
        ]
        if not 0 < self.programme_units < math.inf:
            faults.append(
                Fault(
                    "programme_units",
                    f"{self.programme_units} cars are no programme",
                    "write a whole number from 1",
                )
            )
        if not 0 < self.unit_value_usd < math.inf:
            faults.append(
                Fault(
                    "unit_value_usd",
                    f"{self.unit_value_usd} dollars is not a value",
                    "write a number above 0",
                )
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Span:
    """A value with the lowest and highest it takes when the assumptions behind it move through
    their ranges.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """The four lenses on a programme, money in USD million a year, shares in percent.

    gross: value of the cars. us_value_added: the part of it made in the United States. net: what
    the gap shrinks by.
    negligible: whether the gross value stays below `negligible_percent` of the goods deficit, which
    units_to_be_visible cars reach.
    units_to_close_gross, units_to_close_net: cars that close the share asked for; None where no
    number does.
    """

    units: float
    unit_value_usd: float
    japanese_parts_share_percent: float
    backfill_share_percent: float
    share_of_japan_units_percent: float
    share_of_us_units_percent: float
    flow_multiple: float
    gross: Span
    us_value_added: Span
    net: Span
    gross_jpy_bn: float
    rate: currency.Rate
    share_of_flow_percent: float
    share_of_gap_percent: float
    share_of_deficit_percent: float
    net_share_of_gap_percent: float
    close_share_percent: float
    units_to_close_gross: float | None
    units_to_close_net: float | None
    negligible: bool
    negligible_percent: float
    units_to_be_visible: float
    quality: str
    source_ids: tuple[str, ...]

    @property
    def more_than_doubles(self) -> bool:
        """Whether the programme is larger than today's flow of US-built cars to Japan."""
        return self.share_of_us_units_percent > 100


def gap_change_per_car_usd(
    unit_value_usd: float,
    japanese_parts_percent: float,
    backfill_percent: float,
    japan_unit_value_usd: float,
) -> float:
    """Dollars by which one exported car shrinks the gap; negative when it widens it."""
    return (
        unit_value_usd * (1 - japanese_parts_percent / 100)
        - backfill_percent / 100 * japan_unit_value_usd
    )


def units_to_close(
    share_percent: float, gap_usd_mn: float, change_per_car_usd: float
) -> float | None:
    """Cars a year that close a share of the gap; None when a car does not shrink it, so that no
    number of cars does.
    """
    if not 0 <= share_percent <= 100:
        raise InputError(
            [Fault("close_share_percent", f"{share_percent} is not a share", "write 0 to 100")]
        )
    if not 0 < gap_usd_mn < math.inf:
        raise InputError(
            [
                Fault(
                    "gap",
                    f"{gap_usd_mn:g} million dollars is not a gap to close",
                    "choose a year in which Japan exports more",
                )
            ]
        )
    if not math.isfinite(change_per_car_usd):
        raise InputError([Fault("change per car", f"{change_per_car_usd} dollars is not a number")])
    return (
        share_percent / 100 * gap_usd_mn * 1e6 / change_per_car_usd
        if change_per_car_usd > 0
        else None
    )


def effect(inputs: EffectInputs, trade: CarTrade, trade_flows: pd.DataFrame) -> Effect:
    """The four lenses for the programme and the solver for the share asked for."""
    low_value, high_value = unit_value_range(trade_flows)
    values = (
        inputs.unit_value_usd,
        min(low_value.value, inputs.unit_value_usd),
        max(high_value.value, inputs.unit_value_usd),
    )
    parts = inputs.japanese_parts_share_percent
    few_parts, many_parts = (
        max(0.0, parts - inputs.parts_share_range_points),
        min(100.0, parts + inputs.parts_share_range_points),
    )
    most_backfill = max(inputs.backfill_share_percent, inputs.backfill_high_percent)
    millions = inputs.programme_units / 1e6
    rate = currency.given_rate(inputs.jpy_per_usd)
    us_part = inputs.us_share_of_other_content_percent / 100

    def net(value: float, parts_percent: float, backfill_percent: float) -> float:
        return gap_change_per_car_usd(
            value, parts_percent, backfill_percent, trade.japan_unit_value_usd
        )

    per_car = net(inputs.unit_value_usd, parts, inputs.backfill_share_percent)
    gross = Span(*(millions * value for value in values))
    added = Span(
        *(
            millions * value * (1 - share / 100) * us_part
            for value, share in zip(values, (parts, many_parts, few_parts), strict=True)
        )
    )
    kept = Span(
        millions * per_car,
        millions * net(values[1], many_parts, most_backfill),
        millions * net(values[2], few_parts, inputs.backfill_share_percent),
    )
    share_of_deficit = 100 * gross.value / trade.goods_deficit_usd_mn.value
    share_of_us_units = 100 * inputs.programme_units / trade.us_units.value
    return Effect(
        units=inputs.programme_units,
        unit_value_usd=inputs.unit_value_usd,
        japanese_parts_share_percent=parts,
        backfill_share_percent=inputs.backfill_share_percent,
        share_of_japan_units_percent=100 * inputs.programme_units / trade.japan_units.value,
        share_of_us_units_percent=share_of_us_units,
        flow_multiple=1 + share_of_us_units / 100,
        gross=gross,
        us_value_added=added,
        net=kept,
        gross_jpy_bn=currency.to_jpy_bn(gross.value, rate),
        rate=rate,
        share_of_flow_percent=100 * gross.value / trade.japan_value_usd_mn.value,
        share_of_gap_percent=100 * gross.value / trade.gap_usd_mn,
        share_of_deficit_percent=share_of_deficit,
        net_share_of_gap_percent=100 * kept.value / trade.gap_usd_mn,
        close_share_percent=inputs.close_share_percent,
        units_to_close_gross=units_to_close(
            inputs.close_share_percent, trade.gap_usd_mn, inputs.unit_value_usd
        ),
        units_to_close_net=units_to_close(inputs.close_share_percent, trade.gap_usd_mn, per_car),
        negligible=share_of_deficit < inputs.negligible_percent,
        negligible_percent=inputs.negligible_percent,
        units_to_be_visible=inputs.negligible_percent
        / 100
        * trade.goods_deficit_usd_mn.value
        * 1e6
        / inputs.unit_value_usd,
        quality="estimate",
        source_ids=tuple(
            dict.fromkeys(
                [
                    *trade.japan_value_usd_mn.source_ids,
                    *trade.us_value_usd_mn.source_ids,
                    "ASSUMPTION",
                ]
            )
        ),
    )


def unit_value_range(trade_flows: pd.DataFrame) -> tuple[Quantity, Quantity]:
    """The lowest and highest value per car found in this trade, USD: a Japanese vehicle, and a US
    car as Japan declares it.
    """
    low = pick(
        trade_flows,
        "USD",
        "value of a vehicle from Japan, 2024",
        flow="us_import_value_per_jp_vehicle",
        measure="usd_per_unit",
        period="2024",
    )
    high = pick(
        trade_flows,
        "USD",
        "value of a car from the US, 2024",
        flow="us_export_value_per_car_to_jp",
        measure="usd_per_unit",
        period="FY2024",
    )
    return low, high


def closing_table(
    inputs: EffectInputs, trade: CarTrade, shares_percent: Sequence[float] = CLOSE_SHARES_PERCENT
) -> pd.DataFrame:
    """Cars that close each share of the gap, gross and net, and how many programmes that is.

    Columns: share_percent, gap_part_usd_mn, gross_units, net_units, programmes. NaN: no number of
    cars does it.
    """
    per_car = gap_change_per_car_usd(
        inputs.unit_value_usd,
        inputs.japanese_parts_share_percent,
        inputs.backfill_share_percent,
        trade.japan_unit_value_usd,
    )
    rows = []
    for share in shares_percent:
        gross, net = (
            units_to_close(share, trade.gap_usd_mn, change)
            for change in (inputs.unit_value_usd, per_car)
        )
        programmes = net / inputs.programme_units if net is not None else math.nan
        rows.append(
            (
                share,
                share / 100 * trade.gap_usd_mn,
                gross,
                math.nan if net is None else net,
                programmes,
            )
        )
    return pd.DataFrame(
        rows, columns=["share_percent", "gap_part_usd_mn", "gross_units", "net_units", "programmes"]
    )


def closing_grid(
    inputs: EffectInputs,
    trade: CarTrade,
    unit_values_usd: Sequence[float],
    parts_percent: Sequence[float],
) -> pd.DataFrame:
    """Net cars that close the share asked for, by value of a car (columns) and Japanese parts in
    percent (rows, named so).

    NaN where no number of cars does it.
    """
    grid = [
        [
            units_to_close(
                inputs.close_share_percent,
                trade.gap_usd_mn,
                gap_change_per_car_usd(
                    value, parts, inputs.backfill_share_percent, trade.japan_unit_value_usd
                ),
            )
            for value in unit_values_usd
        ]
        for parts in parts_percent
    ]
    return pd.DataFrame(
        np.array(grid, dtype=float),
        index=pd.Index(parts_percent, name="parts_percent"),
        columns=list(unit_values_usd),
    )
