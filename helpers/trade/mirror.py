"""Trade mirror statistics: Japan's exports against US imports of the same cars, reconciled step by
step without forcing agreement.
"""

import math
from dataclasses import dataclass

import pandas as pd

from helpers import currency
from helpers.data.picking import Quantity, all_sources, find, pick, weakest
from helpers.errors import Fault, InputError
from helpers.trade.flows import JAPAN_CUSTOMS_VALUE, JAPAN_FOB_YEN, JAPAN_UNITS

LADDER_YEAR = "2024"  # the only year with yen exports, US customs value and a CIF figure
TRUCK_MONTHS = "2025-04/2025-09"  # the only period with a count of trucks
US_CIF_VALUE = {
    "flow": "jp_to_us_vehicles",
    "reporter": "un_comtrade",
    "product": "passenger_cars",
    "measure": "usd_mn",
}
# Ships take about six weeks, so a year's arrivals left one to two months earlier.
MONTHS_AT_SEA = (1, 2)


@dataclass(frozen=True)
class MirrorInputs:
    """What the reader assumes. The field name is a scenario parameter; percent of FOB value."""

    cif_fob_margin_percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.cif_fob_margin_percent < math.inf:
            raise InputError(
                [
                    Fault(
                        "cif_fob_margin_percent",
                        f"{self.cif_fob_margin_percent} is not a number from 0",
                        "write percent, such as 6",
                    )
                ]
            )


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: the value reached and the change that led there, USD million. kind:
    observed, step or unexplained.
    """

    label: str
    kind: str
    value_usd_mn: float
    change_usd_mn: float
    why: str
    quality: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Mirror:
    """The reconciled ladder and its residuals, percent of the value expected.

    unexplained_percent: US customs value against Japan's exports after every step.
    unexplained_cif_percent: US CIF value against US customs value plus the assumed margin.
    """

    rungs: tuple[Rung, ...]
    unexplained_percent: float
    unexplained_cif_percent: float

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Sources of all rungs."""
        return tuple(dict.fromkeys(source for rung in self.rungs for source in rung.source_ids))


def unexplained_percent(exports_fob: float, margin_percent: float, imports_cif: float) -> float:
    """How far the partner's CIF imports are from exports plus freight and insurance: M / (X (1 +
    m)) - 1, in percent.
    """
    if not (
        exports_fob > 0
        and imports_cif > 0
        and math.isfinite(exports_fob)
        and math.isfinite(imports_cif)
    ):
        raise InputError(
            [
                Fault(
                    "mirror statistics",
                    f"{exports_fob:g} and {imports_cif:g} are no pair of values",
                    "write values above 0",
                )
            ]
        )
    if not 0 <= margin_percent < math.inf:
        raise InputError(
            [
                Fault(
                    "mirror statistics",
                    f"a margin of {margin_percent} % is not possible",
                    "write percent from 0",
                )
            ]
        )
    return 100 * (imports_cif / (exports_fob * (1 + margin_percent / 100)) - 1)


def mirror(
    inputs: MirrorInputs,
    trade_flows: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
) -> Mirror:
    """The ladder from Japan's yen exports of 2024 to US imports of 2024.

    Steps in order: yen at the year's average, the average of the weeks the cars left (currency
    year), cars without trucks (scope), FOB to US customs value (valuation: both leave out ocean
    freight and insurance, so the step is 0 by definition), the residual to the US figure, and the
    way on to CIF by the assumed margin with its own residual.
    """
    yen = pick(
        trade_flows,
        "JPY billion",
        "Japan's exports, all vehicles, FOB",
        **JAPAN_FOB_YEN,
        period=LADDER_YEAR,
    )
    customs = pick(
        trade_flows,
        "USD million",
        "US imports, cars, customs value",
        **JAPAN_CUSTOMS_VALUE,
        period=LADDER_YEAR,
    )
    cif = pick(
        trade_flows, "USD million", "US imports, cars, CIF", **US_CIF_VALUE, period=LADDER_YEAR
    )
    trucks = truck_share_percent(trade_flows)
    year_rate = currency.rate(fx_annual, fx_monthly, LADDER_YEAR)
    months = currency.months_of(LADDER_YEAR)
    departures = [currency.shifted([months[0], months[-1]], -by) for by in MONTHS_AT_SEA]
    sea_rates = [
        currency.rate(fx_annual, fx_monthly, f"{first}/{last}") for first, last in departures
    ]
    sea_rate = sum(at.value for at in sea_rates) / len(sea_rates)
    start = currency.to_usd_mn(yen.value, year_rate)
    at_departure = yen.value * 1_000 / sea_rate
    cars_only = at_departure * (1 - trucks.value / 100)
    with_margin = customs.value * (1 + inputs.cif_fob_margin_percent / 100)
    fx = year_rate.source_ids
    rungs = (
        Rung(
            "Japan: exports, all vehicles, FOB",
            "observed",
            start,
            0.0,
            f"¥{yen.value:,.1f} bn at {year_rate.said}",
            weakest(yen),
            yen.source_ids + fx,
        ),
        Rung(
            "Currency: rate when the cars left",
            "step",
            at_departure,
            at_departure - start,
            f"¥{sea_rate:.2f} per dollar, mean of the years ending one and two months earlier",
            "derived",
            fx,
        ),
        Rung(
            "Scope: cars without trucks",
            "step",
            cars_only,
            cars_only - at_departure,
            f"trucks are {trucks.value:.2f} % of units in {trucks.period}, taken as their share "
            "of value",
            "estimate",
            trucks.source_ids,
        ),
        Rung(
            "Valuation: FOB to US customs value",
            "step",
            cars_only,
            0.0,
            "both leave out ocean freight and insurance",
            "derived",
            customs.source_ids,
        ),
        Rung(
            "Unexplained",
            "unexplained",
            customs.value,
            customs.value - cars_only,
            "timing of arrivals, routes through third countries, customs exchange rate, "
            "transfer prices",
            "estimate",
            customs.source_ids,
        ),
        Rung(
            "US: imports, cars, customs value",
            "observed",
            customs.value,
            0.0,
            customs.basis,
            customs.quality,
            customs.source_ids,
        ),
        Rung(
            "Valuation: freight and insurance",
            "step",
            with_margin,
            with_margin - customs.value,
            f"assumed margin of {inputs.cif_fob_margin_percent:g} %",
            "estimate",
            ("ASSUMPTION",),
        ),
        Rung(
            "Unexplained",
            "unexplained",
            cif.value,
            cif.value - with_margin,
            "the assumed margin is an all-goods average; the CIF figure is a rounded share of a "
            "total",
            "estimate",
            cif.source_ids,
        ),
        Rung(
            "US: imports, cars, CIF",
            "observed",
            cif.value,
            0.0,
            cif.basis,
            cif.quality,
            cif.source_ids,
        ),
    )
    return Mirror(
        rungs,
        100 * (customs.value / cars_only - 1),
        unexplained_percent(customs.value, inputs.cif_fob_margin_percent, cif.value),
    )


def truck_share_percent(trade_flows: pd.DataFrame) -> Quantity:
    """Trucks among vehicles shipped from Japan to the United States, percent of units."""
    every = pick(
        trade_flows, "vehicles", "all vehicles shipped", **JAPAN_UNITS, period=TRUCK_MONTHS
    )
    trucks = pick(
        trade_flows,
        "vehicles",
        "trucks shipped",
        **(JAPAN_UNITS | {"product": "trucks"}),
        period=TRUCK_MONTHS,
    )
    return Quantity(
        100 * trucks.value / every.value,
        "%",
        TRUCK_MONTHS,
        weakest(every, trucks),
        all_sources(every, trucks),
        "trucks among vehicles shipped",
    )


def pairs(
    trade_flows: pd.DataFrame, fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame
) -> pd.DataFrame:
    """Both sides of every year that has both: yen, its rate, dollars by either side and the
    difference.

    Columns: year, exports_jpy_bn, jpy_per_usd, exports_usd_mn, imports_usd_mn, difference_percent,
    source_ids.
    """
    theirs = find(
        trade_flows, "US imports", **JAPAN_CUSTOMS_VALUE, period_kind="calendar_year"
    ).set_index("period")
    ours = find(
        trade_flows, "Japan's exports", **JAPAN_FOB_YEN, period_kind="calendar_year"
    ).set_index("period")
    rows = []
    for year in sorted(set(theirs.index) & set(ours.index)):
        at = currency.rate(fx_annual, fx_monthly, str(year))
        yen, imports = float(ours.loc[year, "value"]), float(theirs.loc[year, "value"])
        exports = currency.to_usd_mn(yen, at)
        sources = [
            str(ours.loc[year, "source_ids"]),
            *at.source_ids,
            str(theirs.loc[year, "source_ids"]),
        ]
        rows.append(
            (
                int(year),
                yen,
                at.value,
                exports,
                imports,
                100 * (imports / exports - 1),
                ";".join(sources),
            )
        )
    columns = [
        "year",
        "exports_jpy_bn",
        "jpy_per_usd",
        "exports_usd_mn",
        "imports_usd_mn",
        "difference_percent",
        "source_ids",
    ]
    return pd.DataFrame(rows, columns=columns)
