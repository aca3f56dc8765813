"""Figures of the duty: its steps beside what articles state, and the export price against the cut
that full absorption needs.
"""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers.parts import drawn_once
from helpers.quantities import Quantity
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX
from helpers.texts import short
from helpers.trade import duty, duty_findings, words
from helpers.trade.absorption import INDEX_MONTH
from helpers.trade.part import TradePart

FIRST_DAY, LAST_DAY = "2025-01-01", "2026-03-31"
_THREAT = "calls the duty a threat"
# How an article differs from the duty in force, of one article and of several.
_WAYS = {
    "states the total": ("one article states another level", "articles state another level"),
    "its rates add to the total": (
        "one article's rates add to another level",
        "articles name rates that add to another level",
    ),
    _THREAT: ("one calls the duty a threat", "call the duty a threat"),
}
_PRODUCTS: dict[str, dict[str, Any]] = {
    "passenger_car": {"color": style.JAPAN_TO_US, "linewidth": 2.4},
    "light_truck": {"color": style.NEUTRAL, "linewidth": 1.5, "linestyle": "--"},
}
_SAID = {"color": style.BAD, "marker": "o", "markersize": 8, "linestyle": ""}
_SILENT = _SAID | {"color": style.NEUTRAL, "markerfacecolor": "white"}


@drawn_once
def duty_steps(trade: TradePart) -> Drawing:
    """Steps of the duty on cars and light trucks, the level each article states on its day, and the
    day asked for. An article that prints no level stands on the duty in force.
    """
    asked, stated = trade.duty, trade.stated
    first = min(FIRST_DAY, _within(asked.day, FIRST_DAY))
    last = max(LAST_DAY, _within(asked.day, LAST_DAY))
    lines = {product: duty.steps(trade.schedule, product, first, last) for product in _PRODUCTS}
    wrong = stated[
        stated["stated_percent"].notna() & (stated["stated_percent"] != stated["actual_percent"])
    ]
    carried = f", as known on {numbers.day(asked.known_until)}" if asked.carried else ""
    rate, day = words.rate_text(asked.total_percent), numbers.day(asked.day)

    def draw(canvas: Canvas) -> None:
        entries = [(name.replace("_", " "), look) for name, look in _PRODUCTS.items()]
        entries += [("article that states another level", _SAID)] if len(wrong) else []
        entries += [("article that prints no level", _SILENT)]
        top = canvas.key(0, entries)
        axis: Any = canvas.axes(top + 6, 250, left=34, right=14)
        for name, frame in lines.items():
            _steps(axis, frame, last, _PRODUCTS[name], named=name == "passenger_car")
        for _, row in stated.iterrows():
            level = row["stated_percent"]
            silent = math.isnan(level)
            look: dict[str, Any] = _SILENT if silent else _SAID
            axis.plot(pd.Timestamp(row["day"]), row["actual_percent"] if silent else level, **look)
        if first <= asked.day <= last:
            axis.axvline(pd.Timestamp(asked.day), color=style.INK, linewidth=1, linestyle=":")
        axis.set(ylim=(0, 58), xlim=(pd.Timestamp(first), pd.Timestamp(last)))
        quarters = pd.date_range(first, last, freq="2QS" if canvas.narrow else "QS")
        axis.set_xticks(quarters, [f"{quarter:%b %Y}" for quarter in quarters])
        axis.grid(axis="y")
        top = canvas.bottom + 26
        for line in (f"Dotted: the day asked for, {day}, {rate}{carried}.", *_articles(wrong)):
            top = canvas.text(0, top, line, width=canvas.width)

    silent = int(stated["stated_percent"].isna().sum())
    said = _counted(wrong)
    spoken = ", ".join(
        f"{words.rate_text(row['total_percent'])} from {numbers.day(row['from_day'])}"
        for _, row in lines["passenger_car"].iterrows()
    )
    return Drawing(
        "duty_steps",
        f"A Japanese car pays {rate} duty on {day}{carried}; {said}",
        "US duty on Japanese vehicles, % of customs value, everything included; marks: each "
        "article on its day of publication",
        "US proclamations and executive orders, Federal Register, CRS; the articles; own reading.",
        draw,
        short(
            f"Step chart of the US duty on Japanese cars: {spoken}. On {day} it is {rate}"
            f"{carried}. {said[0].upper()}{said[1:]}; {silent} of {len(stated)} articles print no "
            "level."
        ),
        pd.concat(
            frame[["from_day", "to_day", "total_percent"]].assign(product=name)
            for name, frame in lines.items()
        ),
    )


def _steps(axis: Any, frame: pd.DataFrame, last: str, look: Any, *, named: bool) -> None:
    days, levels = pd.to_datetime([*frame["from_day"], last]), list(frame["total_percent"])
    axis.step(days, [*levels, levels[-1]], where="post", **look)
    for day, level, before in zip(days[1:], levels[1:], levels, strict=False):
        if named:
            place = (5, 4 if level >= before else -14)
            bold: dict[str, Any] = {
                "color": style.JAPAN_TO_US,
                "weight": "bold",
                "textcoords": "offset points",
            }
            axis.annotate(words.rate_text(level), (day, level), place, **bold)


def _counted(wrong: pd.DataFrame) -> str:
    """How many articles differ from the duty in force, and how."""
    counts = [
        (int((wrong["reading"] == reading).sum()), *phrase) for reading, phrase in _WAYS.items()
    ]
    said = [
        alone if count == 1 else f"{numbers.spelled(count)} {several}"
        for count, alone, several in counts
        if count
    ]
    return ", ".join(said) or "no article states another level"


def _articles(wrong: pd.DataFrame) -> Iterator[str]:
    """What each article that differs says of the duty."""
    for _, row in wrong.sort_values("day").iterrows():
        verb = {_THREAT: "still a threat", "states the total": "states"}.get(
            row["reading"], "its rates add to"
        )
        level = "" if row["reading"] == _THREAT else f" {words.rate_text(row['stated_percent'])}"
        yield (
            f"{words.outlet_name(row['outlet'])}, {numbers.day(row['day'])}: {verb}{level}; "
            f"in force {words.rate_text(row['actual_percent'])}."
        )


@drawn_once
def incidence_line(trade: TradePart) -> Drawing:
    """The export price by month against the price change that would leave the landed price as it
    was; months with declared values as hollow marks.
    """
    index, declared = trade.index, trade.declared
    chosen, last = index[index["month"] == INDEX_MONTH].iloc[0], index.iloc[-1]
    months = list(index["month"])
    dots = declared[declared["period"].isin(months)]
    looks: dict[str, dict[str, Any]] = {
        "export price index": {"color": style.JAPAN_TO_US, "marker": "o", "markersize": 6},
        "full absorption of the duty": {"color": style.NEUTRAL, "linestyle": "--"},
        "declared dollars a vehicle, changes of mix included": {
            "color": style.ACCENTS[0],
            "marker": "o",
            "markersize": 7,
            "markerfacecolor": "white",
            "linestyle": "",
        },
    }
    price, full, value = looks.values()

    def draw(canvas: Canvas) -> None:
        top = canvas.key(0, looks.items())
        axis = canvas.axes(top + 14, 250, left=38, right=8)
        places, benchmark = range(len(months)), list(index["benchmark_percent"])
        axis.step([*places, len(months)], [*benchmark, benchmark[-1]], where="mid", **full)
        axis.plot(places, index["change_percent"], **price)
        axis.plot(
            [months.index(month) for month in dots["period"]],
            dots["unit_value_usd_percent"],
            **value,
        )
        axis.axhline(0, color=style.INK, linewidth=0.9)
        names = [pd.Period(month).strftime("%b") for month in months]
        shown = [*places][:: 2 if canvas.narrow else 1]
        axis.set_xticks(shown, [names[place] for place in shown])
        drawn = [
            index["change_percent"],
            index["benchmark_percent"],
            dots["unit_value_usd_percent"],
        ]
        lowest, highest = (
            end(float(end(line)) for line in drawn if len(line)) for end in (min, max)
        )
        axis.set(
            xlim=(-0.4, len(months) - 0.6),
            ylim=(5 * math.floor(lowest / 5), max(1.0, 1.1 * highest)),
        )
        axis.grid(axis="y")
        canvas.reach(canvas.bottom + AXIS_PX)

    month, first, end = (numbers.day(period) for period in (INDEX_MONTH, months[0], months[-1]))
    return Drawing(
        "incidence",
        f"In {month} the export price is down {numbers.percent(-chosen['change_percent'])}, "
        f"{duty_findings.absorbed(chosen['absorbed_percent'])}",
        "Export price of cars from Japan to North America, contract currency, change on the "
        f"year before, %, {first} to {end}",
        "Bank of Japan (export price index) and Japan Ministry of Finance, as relayed by the "
        "press; Federal Reserve; own calculations.",
        draw,
        f"Line chart of the export price of cars to North America, {first} to {end}: "
        f"{_signed(chosen['change_percent'])} in {month} against a full-absorption benchmark of "
        f"{_signed(chosen['benchmark_percent'])}, {_signed(last['change_percent'])} in {end} "
        f"against {_signed(last['benchmark_percent'])}.",
        index[["month", "change_percent", "duty_percent", "benchmark_percent", "absorbed_percent"]],
    )


def _signed(percent: float) -> str:
    return words.signed(Quantity(percent, "%"))


def _within(day: str, fallback: str) -> str:
    """The day where it is near the story, else the fallback: a far one squeezes the chart."""
    return day if "2024-01-01" <= day <= "2026-12-31" else fallback
