"""Trade mirror statistics: Japan's exports against US imports of the same cars, reconciled step by
step without forcing agreement.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import find, pick
from helpers.numbers import day
from helpers.periods import months_of
from helpers.quantities import Quantities, Quantity
from helpers.trade.flows import (
    JAPAN_CUSTOMS_VALUE,
    JAPAN_FOB_YEN,
    Tables,
    rate,
    truck_share,
)

LADDER_YEAR = "2024"  # the only year with yen exports, US customs value and a CIF figure
US_CIF_VALUE = {
    "flow": "jp_to_us_vehicles",
    "reporter": "un_comtrade",
    "product": "passenger_cars",
    "measure": "usd_mn",
}
# Ships take about six weeks, so a year's arrivals left one to two months earlier.
MONTHS_AT_SEA = (1, 2)
OBSERVED, STEP, UNEXPLAINED = "observed", "step", "unexplained"


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: value reached, change, kind (observed, step, unexplained)."""

    label: str
    kind: str
    value: Quantity
    change: Quantity
    why: str


@dataclass(frozen=True)
class Mirror:
    """The reconciled ladder and its residuals, percent of the value expected.

    unexplained: US customs value against Japan's exports after every step. unexplained_cif: US CIF
    value against US customs value plus the assumed margin.
    """

    rungs: tuple[Rung, ...]
    unexplained: Quantity
    unexplained_cif: Quantity

    @property
    def published(self) -> tuple[Quantity, ...]:
        """The figures that somebody published, in the order of the ladder."""
        return tuple(rung.value for rung in self.rungs if rung.kind == OBSERVED)


def mirror_facts(tables: Tables) -> Quantities:
    """What the ladder starts from: exports_jpy, rate_of_year, rate_at_departure, truck_share,
    customs_value, cif_value.

    tables: trade_flows, fx_usdjpy_annual and _monthly.
    """
    flows, year = tables["trade_flows"], {"period": LADDER_YEAR}
    fx = tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"]
    departures = [months_of(LADDER_YEAR) - shift for shift in MONTHS_AT_SEA]
    rates = [rate(*fx, f"{left[0]}/{left[-1]}") for left in departures]
    exports, customs, cif = (
        pick(flows, unit, what, **conditions, **year)
        for unit, what, conditions in (
            ("JPY bn", "Japan's exports, all vehicles, FOB", JAPAN_FOB_YEN),
            ("USD million", "US imports, cars, customs value", JAPAN_CUSTOMS_VALUE),
            ("USD million", "US imports, cars, CIF", US_CIF_VALUE),
        )
    )
    return Quantities(
        exports_jpy=exports,
        rate_of_year=rate(*fx, LADDER_YEAR),
        rate_at_departure=sum(rates) / len(rates),
        truck_share=truck_share(flows, int(LADDER_YEAR)),
        customs_value=customs,
        cif_value=cif,
    )


def mirror(facts: Quantities, margin: Quantity) -> Mirror:
    """The ladder from Japan's yen exports of 2024 to US imports of 2024.

    facts: `mirror_facts`; margin: freight and insurance as a share of FOB value. Steps in order:
    yen at the year's average, the average of the weeks the cars left (currency), cars without
    trucks (scope), FOB to US customs value (valuation: both leave out ocean freight and insurance,
    so the step is 0 by definition), the residual to the US figure, and the way on to CIF by the
    assumed margin with its own residual.
    """
    start = (facts.exports_jpy / facts.rate_of_year).to("USD million")
    at_departure = (facts.exports_jpy / facts.rate_at_departure).to("USD million")
    cars_only = (at_departure * (1 - facts.truck_share)).to("USD million")
    customs, cif, trucks = facts.customs_value, facts.cif_value, facts.truck_share
    with_margin = (customs * (1 + margin)).to("USD million")
    of_year, departed = facts.rate_of_year.value, facts.rate_at_departure.value
    yen = f"¥{facts.exports_jpy.value:,.1f} bn at ¥{of_year:.2f} per dollar, average of "
    left = f"¥{departed:.2f} per dollar, mean of the years ending one and two months earlier"
    scope = (
        f"trucks are {trucks.value:.1f} % of units in {day(trucks.period)}, taken as their share "
        "of value"
    )
    neither = "both leave out ocean freight and insurance"
    timing = (
        "timing of arrivals, routes through third countries, customs exchange rate, transfer prices"
    )
    assumed = f"assumed margin of {margin.to('%').value:g} %"
    average = (
        "the assumed margin is an all-goods average; the CIF figure is a rounded share of a total"
    )
    steps = (
        ("Japan: exports, all vehicles, FOB", OBSERVED, start, yen + LADDER_YEAR),
        ("Currency: rate when the cars left", STEP, at_departure, left),
        ("Scope: cars without trucks", STEP, cars_only, scope),
        ("Valuation: FOB to US customs value", STEP, cars_only, neither),
        ("Unexplained", UNEXPLAINED, customs, timing),
        ("US: imports, cars, customs value", OBSERVED, customs, "as published"),
        ("Valuation: freight and insurance", STEP, with_margin, assumed),
        ("Unexplained", UNEXPLAINED, cif, average),
        ("US: imports, cars, CIF", OBSERVED, cif, "as published"),
    )
    reached = [start, *(value for _, _, value, _ in steps)]
    rungs = tuple(
        Rung(label, kind, value, value - before, why)
        for before, (label, kind, value, why) in zip(reached, steps, strict=False)
    )
    gaps = (customs / cars_only - 1, cif / with_margin - 1)
    return Mirror(rungs, *(gap.to("%").known_as(customs) for gap in gaps))


def pairs(tables: Tables) -> pd.DataFrame:
    """Both sides of every year that has both: yen, its rate, dollars by either side and the
    difference.

    tables: trade_flows, fx_usdjpy_annual and _monthly. Columns: year, exports_jpy_bn, jpy_per_usd,
    exports_usd_mn, imports_usd_mn, difference_percent, source_ids.
    """
    flows = tables["trade_flows"]
    imports, exports = (
        find(flows, "values of both sides", **key, period_kind="calendar_year").set_index("period")
        for key in (JAPAN_CUSTOMS_VALUE, JAPAN_FOB_YEN)
    )
    rows = []
    for year in sorted(set(imports.index) & set(exports.index)):
        yen = pick(flows, "JPY bn", "Japan's exports", **JAPAN_FOB_YEN, period=year)
        per_dollar = rate(tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"], str(year))
        theirs = pick(flows, "USD million", "US imports", **JAPAN_CUSTOMS_VALUE, period=year)
        ours = (yen / per_dollar).to("USD million")
        difference = (theirs / ours - 1).to("%")
        numbers = (quantity.value for quantity in (yen, per_dollar, ours, theirs, difference))
        rows.append((int(year), *numbers, ";".join(difference.source_ids)))
    columns = ["year", "exports_jpy_bn", "jpy_per_usd", "exports_usd_mn", "imports_usd_mn"]
    return pd.DataFrame(rows, columns=[*columns, "difference_percent", "source_ids"])
