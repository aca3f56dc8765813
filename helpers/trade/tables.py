"""The tables of the trade notebook, with readable heads."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpers.data.picking import source_tuple
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import parameters
from helpers.show import Table, numbers
from helpers.show.table import listed
from helpers.trade.duty import Component, Duty
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.market import MARKET_PARAMETERS, Market, Outcome
from helpers.trade.mirror import Mirror
from helpers.trade.part import TradePart
from helpers.trade.words import middle, share_text
from helpers.uncertainty import moved_range


def source_ids(trade: TradePart) -> list[str]:
    """Ids of every source behind a table of the notebook, each once, in order."""
    ranges = trade.table("cost_ranges")
    ranges = ranges[ranges["parameter"].isin(MARKET_PARAMETERS)]
    frames = (trade.long_run, trade.pairs, trade.index, trade.declared, ranges)
    sourced = (
        *trade.flows.quantities.values(),
        *(measure.change for measure in vars(trade.years).values()),
        *(rung.value for rung in trade.mirror.rungs),
        *(trade.imports, trade.us_share),
        *(component for duty in trade.duties for component in duty.components),
    )
    named = [source for figure in sourced for source in figure.source_ids]
    named += source_tuple(cell for frame in frames for cell in frame["source_ids"])
    return list(dict.fromkeys(named))


def _sources(figure: Quantity | Component) -> str:
    return ", ".join(figure.source_ids)


def quantities(flows: CarTrade) -> Table:
    """The five numbers the gap rests on, with valuation, period, quality and sources."""
    rows = [
        (
            flows.basis[name],
            quantity.value,
            quantity.unit,
            numbers.day(quantity.period),
            quantity.quality,
            _sources(quantity),
        )
        for name, quantity in flows.quantities.items()
    ]
    heads = ["Flow and valuation", "Value", "Unit", "Period", "Quality", "Sources"]
    frame = pd.DataFrame(rows, columns=heads)
    return Table("quantities", "The numbers the gap rests on", frame, decimals={"Value": 0})


def long_run(by_year: pd.DataFrame) -> Table:
    """`TradePart.long_run`; years as text, because they are no quantity."""
    frame = pd.DataFrame(
        {
            "Year": by_year["year"].astype(str),
            "Vehicles": by_year["units"],
            "Counted by": by_year["units_basis"],
            "Value": by_year["value_usd_mn"],
            "Valued as": by_year["value_basis"],
            "Quality": by_year["quality"],
            "Sources": listed(by_year["source_ids"]),
        }
    )
    caption, units = "From Japan to the United States by year", {"Value": "USD million"}
    return Table("long_run", caption, frame, units, {"Vehicles": 0, "Value": 0})


def two_years(years: TwoYears) -> Table:
    """Both years beside each other with the change of each measure."""
    before, after = years.units.before.period, years.units.after.period
    rows = [
        (
            measure.label,
            measure.after.unit,
            measure.before.value,
            measure.after.value,
            measure.change.value,
            _sources(measure.change),
        )
        for measure in vars(years).values()
    ]
    frame = pd.DataFrame(rows, columns=["Measure", "Unit", before, after, "Change", "Sources"])
    caption, decimals = "Vehicles from Japan, two years", {before: 2, after: 2, "Change": 1}
    return Table("two_years", caption, frame, {"Change": "%"}, decimals)


def ladder(mirror: Mirror) -> Table:
    """The ladder of mirror statistics as a table."""
    rows = [
        (
            rung.label,
            rung.value.value,
            rung.change.value,
            rung.why,
            rung.value.quality,
            _sources(rung.value),
        )
        for rung in mirror.rungs
    ]
    return Table(
        "ladder",
        "Steps from Japan's figure to the US figures",
        pd.DataFrame(rows, columns=["Step", "Reaches", "Change", "Why", "Quality", "Sources"]),
        units=dict.fromkeys(("Reaches", "Change"), "USD million"),
        decimals=dict.fromkeys(("Reaches", "Change"), 0),
    )


def pairs(by_year: pd.DataFrame) -> Table:
    """`TradePart.pairs`; years as text, because they are no quantity."""
    frame = pd.DataFrame(
        {
            "Year": by_year["year"].astype(str),
            "Japan's exports, yen": by_year["exports_jpy_bn"],
            "Rate": by_year["jpy_per_usd"].round(2),
            "Japan's exports": by_year["exports_usd_mn"],
            "US imports": by_year["imports_usd_mn"],
            "Difference": by_year["difference_percent"],
            "Sources": listed(by_year["source_ids"]),
        }
    )
    units = {
        "Japan's exports, yen": "JPY bn",
        "Japan's exports": "USD million",
        "US imports": "USD million",
        "Rate": "JPY per USD",
        "Difference": "%",
    }
    caption = "Years with a figure from both sides, before any step"
    return Table("pairs", caption, frame, units=units)


def duties(duties: Sequence[Duty]) -> Table:
    """Instruments in force on a day, for several products and directions, with totals."""
    rows = [
        (
            f"{duty.product.replace('_', ' ').capitalize()}, {duty.exporter} to {duty.importer}",
            component.legal_instrument,
            component.rate_percent,
            "yes" if component.counts else "no",
            component.why,
            duty.total_percent,
            numbers.day(duty.known_until) + (", carried forward since" if duty.carried else ""),
            component.quality,
            _sources(component),
        )
        for duty in duties
        for component in duty.components
    ]
    heads = [
        "Product",
        "Legal instrument",
        "Rate",
        "Counts",
        "Why",
        "Total",
        "Known until",
        "Quality",
        "Sources",
    ]
    return Table(
        "duties",
        f"Instruments in force on {numbers.day(duties[0].day)}",
        pd.DataFrame(rows, columns=heads),
        units={"Rate": "%", "Total": "%"},
    )


def absorbed(prices: Quantities, full: Quantity, share: pd.Series) -> Table:
    """The export price by month, the change that full absorption asks for, and the share of it.

    prices: `TradePart.export_prices`; share in percent, no number where nothing is to absorb.
    """
    rows = prices.change.frame()
    frame = pd.DataFrame(
        {
            "Month": [numbers.day(month) for month in prices.change.value.index],
            "Duty": prices.duty.value.array,
            "Full absorption": (full - 1).to("%").value.array,
            "Export price": prices.change.value.array,
            "Absorbed": share.where(share <= 100).array,
            "Quality": rows["quality"].array,
            "Sources": rows["sources"].array,
        }
    )
    return Table(
        "absorbed",
        "Export price of cars to North America, change on the year before",
        frame,
        units=dict.fromkeys(("Duty", "Full absorption", "Export price", "Absorbed"), "%"),
        decimals={"Absorbed": 0},
    )


def declared(cuts: pd.DataFrame) -> Table:
    """`TradePart.declared` with readable heads."""
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
    periods = cuts["period"].map(numbers.day)
    shown = cuts.assign(period=periods, source_ids=listed(cuts["source_ids"]))
    frame = shown[list(names)].rename(columns=names)
    rates = dict.fromkeys(("Rate before", "Rate after"), "JPY per USD")
    changes = [name for name in frame.columns[1:-1] if name not in rates]
    return Table(
        "declared",
        "Declared values per vehicle and full absorption",
        frame,
        units=dict.fromkeys(changes, "%") | rates,
        decimals={"Rate before": 2, "Rate after": 2, "Absorbed": 0},
    )


def outcomes(now: Outcome, otherwise: Outcome) -> Table:
    """Both duties beside each other; the middle of the draws with its 80 % interval."""
    labels = {
        "absorbed": "Absorbed by exporters",
        "export_price": "Export price",
        "landed_price": "Landed price, duty included",
        "cars": "Cars from Japan",
        "treasury": "Additional duty a car",
        "exporter": "of it borne by the exporter",
        "buyer": "of it borne by the buyer",
        "revenue_static": "Duty on an unchanged flow",
        "revenue": "Duty, prices and demand responding",
        "us_buyers": "US buyers of all cars",
        "us_makers": "Makers of US-built cars",
        "us_treasury": "US Treasury",
        "us_net": "United States, net",
        "exporters": "Exporters in Japan",
        "others": "Makers elsewhere",
        "triangle": "Lost because fewer cars come",
    }
    heads = [
        f"Duty {when}, {share_text(outcome.duty)}"
        for when, outcome in (("now", now), ("otherwise", otherwise))
    ]
    rows = [
        (label, *(getattr(outcome, name).text for outcome in (now, otherwise)))
        for name, label in labels.items()
    ]
    frame = pd.DataFrame(rows, columns=["Against the baseline duty", *heads])
    caption = "What the duty on cars from Japan alone does, a year, with 80 % intervals"
    return Table("outcomes", caption, frame)


def elasticities(trade: TradePart) -> Table:
    """What is assumed of the US car market, and the range around each."""
    return assumed(
        "elasticities",
        "What is assumed of the US car market, and the range around each",
        trade.table("cost_ranges"),
        {name: float(trade.parameter(name)) for name in MARKET_PARAMETERS},
        decimals=2,
    )


def assumed(
    name: str, caption: str, ranges: pd.DataFrame, values: Mapping[str, float], decimals: int
) -> Table:
    """Assumptions with the scenario's value, the range around it, and how it is known.

    ranges: `cost_ranges`; values: by parameter name, those without a range are left out.
    """
    declared = {parameter.name: parameter for parameter in parameters()}
    rows = []
    ranges = ranges.assign(source_ids=listed(ranges["source_ids"]))
    for _, row in ranges[ranges["parameter"].isin(list(values))].iterrows():
        parameter = declared[row["parameter"]]
        low, value, high = moved_range(values[parameter.name], row)
        meaning = parameter.meaning[0].upper() + parameter.meaning[1:]
        rows.append((meaning, parameter.unit, value, low, high, row["quality"], row["source_ids"]))
    heads = ["Assumption", "Unit", "Value", "Low", "High", "Quality", "Sources"]
    shown = dict.fromkeys(("Value", "Low", "High"), decimals)
    return Table(name, caption, pd.DataFrame(rows, columns=heads), decimals=shown)


def by_supply(absorbed: Quantity) -> Table:
    """What exporters absorb of a duty, by the elasticity of their supply."""
    frame = pd.DataFrame(
        {"Supply elasticity": absorbed.value.index, "Absorbed": absorbed.value.array}
    )
    return Table(
        "by_supply",
        "Part of a duty that exporters absorb, by the elasticity of supply of cars from Japan",
        frame,
        units={"Absorbed": "%"},
        decimals={"Supply elasticity": 2, "Absorbed": 0},
    )


def simpler(elasticity: Quantity, model: Quantity, constant: Quantity, straight: Quantity) -> Table:
    """The cars from Japan by the model and by two simpler demands at the same landed price."""
    rows = [
        (name, quantity.text)
        for name, quantity in (
            ("Elasticity of demand for cars from Japan alone", elasticity),
            ("Cars, the model", model),
            ("Cars, constant elasticity", constant),
            ("Cars, straight line", straight),
        )
    ]
    frame = pd.DataFrame(rows, columns=["Under the duty now, only Japan paying it", "Change"])
    return Table("simpler", "Three demands for cars from Japan at one landed price", frame)


def by_origin(market: Market, outcome: Outcome) -> Table:
    """Shares of the US car market and what the duty otherwise does to the cars of each origin."""
    shares = (100 * market.share).mean(axis=1)
    changes = [middle(outcome.by_origin[name]) for name in market.origins]
    frame = pd.DataFrame(
        {
            "Built in": market.origins,
            "Share before": shares,
            "Cars": [change.value for change in changes],
            "Low": [change.ends[0] for change in changes],
            "High": [change.ends[1] for change in changes],
        }
    )
    return Table(
        "by_origin",
        f"The US car market if only Japan pays {share_text(outcome.duty)}",
        frame,
        units=dict.fromkeys(("Share before", "Cars", "Low", "High"), "%"),
        decimals={"Share before": 1, "Cars": 1, "Low": 1, "High": 1},
    )


def lenses(effect: Effect) -> Table:
    """The programme through four lenses, each with its range and with what it is set against."""
    rows = [
        (lens, number.unit, number.value, *(number.interval or (math.nan,) * 2), share.value, of)
        for lens, number, share, of in (
            ("1 Units", effect.units, effect.share_of_japan_units, "vehicles from Japan"),
            ("1 Units", effect.units, effect.share_of_us_units, "US-built cars reaching Japan"),
            ("2 Gross value", effect.gross, effect.share_of_flow, "value from Japan"),
            ("2 Gross value", effect.gross, effect.share_of_deficit, "US goods deficit"),
            (
                "3 Value added in the US",
                effect.us_value_added,
                effect.share_of_value_added_gap,
                "gap in value added",
            ),
            ("4 Net of parts and backfill", effect.net, effect.net_share_of_gap, "car gap"),
        )
    ]
    heads = ["Lens", "Unit", "Effect a year", "Low", "High", "Share", "Set against"]
    return Table(
        "lenses",
        "The programme through four lenses",
        pd.DataFrame(rows, columns=heads),
        units={"Share": "%"},
        decimals={"Effect a year": 0, "Low": 0, "High": 0, "Share": 1},
        estimated=("Effect a year", "Low", "High"),
    )


def sizes(effect: Effect, likely: Effect) -> Table:
    """The programme as reported and at our own distribution of volumes."""
    labels = {
        "units": "Cars",
        "gross": "Gross value",
        "us_value_added": "US value added",
        "net": "Net of parts and backfill",
        "share_of_gap": "Share of the car gap",
        "share_of_deficit": "Share of the goods deficit",
    }
    rows = [
        (
            label,
            *(
                middle(replace(getattr(size, name), interval=None)).text
                for size in (effect, likely)
            ),
        )
        for name, label in labels.items()
    ]
    heads = ["A year", "As reported", "Our own distribution, 80 % interval"]
    caption = "The programme as reported, and at the size we expect ourselves"
    return Table("sizes", caption, pd.DataFrame(rows, columns=heads))


def closing(
    share: Quantity, part: Quantity, gross: Quantity, net: Quantity, times: Quantity
) -> Table:
    """Cars that close each share of the gap, gross and net, and how many programmes that is."""
    frame = pd.DataFrame(
        {
            "Share of the gap": share.value,
            "Value": part.to("USD million").value,
            "Cars, gross": gross.value,
            "Cars, net": net.value.where(net.value > 0),
            "Programmes, net": times.value.where(net.value > 0),
        }
    )
    return Table(
        "closing",
        "Cars a year that close a share of the gap",
        frame,
        units={"Share of the gap": "%", "Value": "USD million"},
        decimals={"Value": 0, "Cars, gross": 0, "Cars, net": 0},
        estimated=("Value", "Cars, gross", "Cars, net"),
    )


def closing_grid(grid: pd.DataFrame, effect: Effect) -> Table:
    """`TradePart.closing_grid` in thousand cars; blank where no number does."""
    frame = (grid / 1_000).set_axis([numbers.usd(float(value)) for value in grid.columns], axis=1)
    parts = [numbers.percent(percent, 0) for percent in grid.index]
    share, backfill = (
        share_text(effect.close_share),
        numbers.percent(effect.backfill_share.value, 0),
    )
    return Table(
        "closing_grid",
        f"Thousand cars a year that close {share} of the car gap, net, at {backfill} backfill: by "
        "value of a car and share of Japanese parts",
        frame.reset_index(drop=True)
        .assign(parts=parts)
        .set_index("parts")
        .reset_index(names="Japanese parts"),
        decimals=dict.fromkeys(frame.columns, 0),
    )
