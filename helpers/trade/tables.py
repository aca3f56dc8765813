"""The tables of the trade notebook: model results with readable headers."""

import math
from collections.abc import Iterable

import pandas as pd

from helpers.show import numbers
from helpers.trade.duty import Duty
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.incidence import Incidence
from helpers.trade.mirror import Mirror

PAIR_UNITS = {
    "Japan's exports, yen": "JPY billion",
    "Japan's exports": "USD million",
    "US imports": "USD million",
    "Rate": "JPY per USD",
    "Difference": "%",
}
_CHANGES = ("Value", "Units", "Yen a vehicle", "Dollars a vehicle", "Full absorption", "Absorbed")
DECLARED_UNITS = dict.fromkeys(_CHANGES, "%") | dict.fromkeys(
    ("Rate before", "Rate after"), "JPY per USD"
)
ORIGIN_UNITS = {"Share before": "%", "Quantity": "%", "Linear approximation": "%"}
CLOSING_UNITS = {"Share of the gap": "%", "Value": "USD million"}


def source_ids(*frames: pd.DataFrame) -> list[str]:
    """Source ids of model frames with a `source_ids` column, each once, in order."""
    return list(
        dict.fromkeys(
            source for frame in frames for cell in frame["source_ids"] for source in cell.split(";")
        )
    )


def quantities(trade: CarTrade) -> pd.DataFrame:
    """The five numbers the gap rests on, with valuation, period, quality and sources."""
    return pd.DataFrame(
        [
            (one.basis, one.value, one.unit, one.period, one.quality, ", ".join(one.source_ids))
            for one in trade.quantities
        ],
        columns=["Flow and valuation", "Value", "Unit", "Period", "Quality", "Sources"],
    )


def long_run(found: pd.DataFrame) -> pd.DataFrame:
    """`trade.long_run` with readable headers; years as text, because they are no quantity."""
    return pd.DataFrame(
        {
            "Year": found["year"].astype(str),
            "Vehicles": found["units"],
            "Counted by": found["units_basis"],
            "Value": found["value_usd_mn"],
            "Valued as": found["value_basis"],
            "Quality": found["quality"],
            "Sources": found["source_ids"].str.replace(";", ", "),
        }
    )


def two_years(found: pd.DataFrame) -> pd.DataFrame:
    """`trade.year_on_year` with readable headers."""
    named = found.assign(source_ids=found["source_ids"].str.replace(";", ", "))
    return named.rename(
        columns={
            "measure": "Measure",
            "unit": "Unit",
            "before": "2024",
            "after": "2025",
            "change_percent": "Change",
            "source_ids": "Sources",
        }
    )


def ladder(found: Mirror) -> pd.DataFrame:
    """The ladder of mirror statistics as a table."""
    return pd.DataFrame(
        [
            (
                rung.label,
                rung.value_usd_mn,
                rung.change_usd_mn,
                rung.why,
                rung.quality,
                ", ".join(rung.source_ids),
            )
            for rung in found.rungs
        ],
        columns=["Step", "Reaches", "Change", "Why", "Quality", "Sources"],
    )


def pairs(found: pd.DataFrame) -> pd.DataFrame:
    """`trade_mirror.pairs` with readable headers; years as text, because they are no quantity."""
    return pd.DataFrame(
        {
            "Year": found["year"].astype(str),
            "Japan's exports, yen": found["exports_jpy_bn"],
            "Rate": found["jpy_per_usd"].round(2),
            "Japan's exports": found["exports_usd_mn"],
            "US imports": found["imports_usd_mn"],
            "Difference": found["difference_percent"],
            "Sources": found["source_ids"].str.replace(";", ", "),
        }
    )


def duties(found: Iterable[Duty]) -> pd.DataFrame:
    """Instruments in force on a day, for several products and directions, with the total of
    each.
    """
    rows = [
        (
            f"{duty.product.replace('_', ' ').capitalize()}, {duty.exporter} to {duty.importer}",
            one.legal_instrument,
            one.rate_percent,
            "yes" if one.counts else "no",
            one.why,
            duty.total_percent,
            one.quality,
            ", ".join(one.source_ids),
        )
        for duty in found
        for one in duty.components
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "Product",
            "Legal instrument",
            "Rate",
            "Counts",
            "Why",
            "Total",
            "Quality",
            "Sources",
        ],
    )


def declared(found: pd.DataFrame) -> pd.DataFrame:
    """`absorption.declared_absorption` with readable headers."""
    names = {
        "period": "Period",
        "value_percent": "Value",
        "units_percent": "Units",
        "unit_value_jpy_percent": "Yen a vehicle",
        "rate_before": "Rate before",
        "rate_after": "Rate after",
        "unit_value_usd_percent": "Dollars a vehicle",
        "benchmark_percent": "Full absorption",
        "absorbed_percent": "Absorbed",
        "source_ids": "Sources",
    }
    return found.assign(source_ids=found["source_ids"].str.replace(";", ", "))[list(names)].rename(
        columns=names
    )


def outcomes(found: Incidence) -> pd.DataFrame:
    """Both duties beside each other: prices, who pays, quantity, revenue, welfare."""
    both = (found.now, found.counterfactual)
    lines = [
        ("Export price", "%", *(one.burden.export_price_percent for one in both)),
        ("Landed price, duty included", "%", *(one.burden.landed_price_percent for one in both)),
        ("Additional duty a car", "USD", *(one.burden.treasury_usd for one in both)),
        ("of it borne by the exporter", "USD", *(one.burden.exporter_usd for one in both)),
        ("of it borne by the buyer", "USD", *(one.burden.buyer_usd for one in both)),
        ("Cars bought", "%", *(one.quantity_percent for one in both)),
        (
            "Duty revenue, nothing responding",
            "USD million",
            *(one.revenue_static_usd_mn for one in both),
        ),
        (
            "Duty revenue, price and demand responding",
            "USD million",
            *(one.revenue_usd_mn for one in both),
        ),
        ("Fall of exporters' receipts", "USD million", *(one.receipts_lost_usd_mn for one in both)),
        ("Welfare triangle", "USD million", *(one.triangle_usd_mn for one in both)),
    ]
    headers = (
        f"Duty now, {numbers.percent(both[0].duty_percent)}",
        f"Duty otherwise, {numbers.percent(both[1].duty_percent)}",
    )
    return pd.DataFrame(lines, columns=["Against the baseline duty", "Unit", *headers])


def by_origin(found: Incidence) -> pd.DataFrame:
    """Response of US car imports by origin, exact and by the one-step approximation."""
    names = {
        "origin": "Origin",
        "share_percent": "Share before",
        "quantity_percent": "Quantity",
        "quantity_linear_percent": "Linear approximation",
    }
    return found.by_origin.rename(columns=names)


def lenses(effect: Effect, trade: CarTrade) -> pd.DataFrame:
    """The programme through four lenses, each with its range and with what it is set against."""
    gross, added, net = effect.gross, effect.us_value_added, effect.net
    added_share = 100 * added.value / trade.gap_usd_mn
    none = (math.nan, math.nan)
    lines = [
        (
            "1 Units",
            "vehicles",
            effect.units,
            *none,
            effect.share_of_japan_units_percent,
            "vehicles from Japan",
        ),
        (
            "1 Units",
            "vehicles",
            effect.units,
            *none,
            effect.share_of_us_units_percent,
            "US-built cars reaching Japan",
        ),
        (
            "2 Gross value",
            "USD million",
            gross.value,
            gross.low,
            gross.high,
            effect.share_of_flow_percent,
            "value from Japan",
        ),
        (
            "2 Gross value",
            "USD million",
            gross.value,
            gross.low,
            gross.high,
            effect.share_of_deficit_percent,
            "US goods deficit",
        ),
        (
            "3 Value added in the US",
            "USD million",
            added.value,
            added.low,
            added.high,
            added_share,
            "car gap",
        ),
        (
            "4 Net of parts and backfill",
            "USD million",
            net.value,
            net.low,
            net.high,
            effect.net_share_of_gap_percent,
            "car gap",
        ),
    ]
    return pd.DataFrame(
        lines, columns=["Lens", "Unit", "Effect a year", "Low", "High", "Share", "Set against"]
    )


def closing(found: pd.DataFrame) -> pd.DataFrame:
    """`trade_effect.closing_table` with readable headers."""
    names = {
        "share_percent": "Share of the gap",
        "gap_part_usd_mn": "Value",
        "gross_units": "Cars, gross",
        "net_units": "Cars, net",
        "programmes": "Programmes, net",
    }
    return found.rename(columns=names)


def checks(
    trade: CarTrade,
    effect: Effect,
    incidence: Incidence,
    mirror: Mirror,
    goods: pd.DataFrame,
    months: pd.DataFrame,
) -> pd.DataFrame:
    """Identities that hold in every scenario, each computed two ways. Columns: Check, Computed,
    Expected, Holds.

    goods, months: the yearly and monthly goods trade tables.
    """
    paid = incidence.counterfactual.burden
    steps = sum(rung.change_usd_mn for rung in mirror.rungs)
    vintage = months["vintage"].max()
    known = months[months["vintage"] == vintage]
    counted = known.groupby(known["month"].str[:4]).size()
    year = str(counted[counted == 12].index.max())
    balances = known.loc[known["month"].str[:4] == year, "balance_usd_mn"]
    whole = goods.loc[
        (goods["year"].astype(str) == year) & (goods["vintage"] == vintage), "balance_usd_mn"
    ].iloc[0]
    rows = [
        (
            "Gap in units and US cars add to Japan's shipments",
            trade.gap_units + trade.us_units.value,
            trade.japan_units.value,
        ),
        (
            "Cover ratio follows from the Grubel-Lloyd index, %",
            100 * trade.grubel_lloyd / (2 - trade.grubel_lloyd),
            trade.cover_percent,
        ),
        (
            "Exporter and buyer bear the additional duty on a car, USD",
            paid.exporter_usd + paid.buyer_usd,
            paid.treasury_usd,
        ),
        (
            "Steps lead from the first rung of the ladder to the last, USD m",
            mirror.rungs[0].value_usd_mn + steps,
            mirror.rungs[-1].value_usd_mn,
        ),
        (
            f"Monthly goods balances of {year} add to the year, USD m",
            float(balances.sum()),
            float(whole),
        ),
        (
            "Origins of US car imports add up, %",
            float(incidence.by_origin["share_percent"].sum()),
            100.0,
        ),
    ]
    if effect.units_to_close_net is not None:
        closed = effect.units_to_close_net * effect.net.value / effect.units
        rows.append(
            (
                "Cars to close the share, times the net effect of one, USD m",
                closed,
                effect.close_share_percent / 100 * trade.gap_usd_mn,
            )
        )
    frame = pd.DataFrame(rows, columns=["Check", "Computed", "Expected"])
    return frame.assign(
        Holds=[math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6) for _, one, other in rows]
    )
