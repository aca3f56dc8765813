"""Figures of the duty: its steps beside what articles state, and the export price against the cut
that full absorption needs.
"""

import math
from typing import Any

import pandas as pd

from helpers.quantities import Quantity
from helpers.show import Chart, numbers, style
from helpers.trade import duty, findings
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


def duty_steps(trade: TradePart) -> Chart:
    """Steps of the duty on cars and light trucks, the level each article states on its day, and the
    day asked for.

    Filled marks state a level or rates that add to one. Hollow
    ones print none and stand on the duty in force, or at the rate without new duties where the
    article calls them a threat.
    """
    schedule, stated, asked = trade.schedule, trade.stated, trade.duty
    first, last = (
        min(FIRST_DAY, _within(asked.day, FIRST_DAY)),
        max(LAST_DAY, _within(asked.day, LAST_DAY)),
    )
    lines = {
        product: duty.steps(schedule, product, first, last)
        for product in ("passenger_car", "light_truck")
    }
    data = pd.concat(
        [
            frame[["from_day", "to_day", "total_percent"]].assign(product=product)
            for product, frame in lines.items()
        ]
    )
    wrong = stated[
        stated["stated_percent"].notna() & (stated["stated_percent"] != stated["actual_percent"])
    ]
    ways = [(phrase, wrong[wrong["reading"] == reading]) for reading, phrase in _WAYS.items()]
    said = (
        ", ".join(_counted(len(rows), phrase) for phrase, rows in ways if len(rows))
        or "no article states another level"
    )
    fig, axis = style.canvas(
        f"A Japanese car pays {numbers.percent(asked.total_percent)} duty on "
        f"{numbers.day(asked.day)}{_carried(asked)}; {said}",
        "US duty on Japanese vehicles, % of customs value, everything included; marks: each "
        "article on its day of publication",
        "US proclamations and executive orders, Federal Register, CRS; the articles; own reading.",
        height_in=3.6,
    )
    looks: dict[str, Any] = {
        "passenger_car": ("passenger car", style.JAPAN_TO_US, "-", 2.4),
        "light_truck": ("light truck", style.NEUTRAL, "--", 1.4),
    }
    for product, frame in lines.items():
        label, colour, dash, width = looks[product]
        days = pd.to_datetime([*frame["from_day"], last])
        axis.step(
            days,
            [*frame["total_percent"], frame["total_percent"].iloc[-1]],
            where="post",
            color=colour,
            linestyle=dash,
            linewidth=width,
        )
        axis.annotate(
            label,
            (days[0], frame["total_percent"].iloc[0]),
            (4, 4),
            textcoords="offset points",
            color=colour,
            size=9,
        )
    for _, row in lines["passenger_car"].iloc[1:].iterrows():
        where, note = (
            (pd.Timestamp(row["from_day"]), row["total_percent"]),
            numbers.percent(row["total_percent"]),
        )
        higher = row["total_percent"] >= duty.total_duty(
            schedule, duty.day_before(row["from_day"]), "passenger_car"
        )
        axis.annotate(
            note,
            where,
            (4, 4 if higher else -13),
            textcoords="offset points",
            color=style.JAPAN_TO_US,
            size=9,
            weight="bold",
        )
    _article_marks(axis, stated)
    if first <= asked.day <= last:
        axis.axvline(pd.Timestamp(asked.day), color=style.INK, linewidth=1, linestyle=":")
        late = asked.day > "2025-09-01"
        note = f"asked: {asked.day}, {numbers.percent(asked.total_percent)}"
        if asked.carried:
            axis.axvspan(
                pd.Timestamp(asked.known_until),
                pd.Timestamp(asked.day),
                color=style.NEUTRAL,
                alpha=0.15,
                linewidth=0,
            )
            note += f", not known after {asked.known_until}"
        axis.annotate(
            note,
            (pd.Timestamp(asked.day), 55),
            (-4 if late else 4, 0),
            textcoords="offset points",
            ha="right" if late else "left",
            va="center",
            size=8.5,
        )
    axis.set_ylim(0, 58)
    axis.set_xlim(pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=3))
    quarters = pd.date_range(first, last, freq="QS")
    axis.set_xticks(quarters, [f"{quarter:%Y-%m}" for quarter in quarters])
    axis.set_ylabel("%")
    axis.grid(axis="y")
    apart = "; ".join(_mark(row) for _, row in wrong.iterrows())
    silent = int(stated["stated_percent"].isna().sum())
    alt = (
        f"Step chart of the US duty on Japanese cars: {_spoken(lines['passenger_car'])}. On "
        f"{numbers.day(asked.day)} it is {numbers.percent(asked.total_percent)}{_carried(asked)}. "
        f"{apart or said.capitalize()}; {silent} of {len(stated)} articles print no level."
    )
    shown = data[["product", "from_day", "to_day", "total_percent"]]
    return Chart("duty_steps", fig, alt, shown)


def _carried(asked: duty.Duty) -> str:
    return f", as known on {numbers.day(asked.known_until)}" if asked.carried else ""


def incidence_line(trade: TradePart) -> Chart:
    """The export price by month against the price change that would leave the landed price as it
    was; months with declared values as hollow marks.
    """
    index, declared, month = trade.index, trade.declared, INDEX_MONTH
    chosen = index[index["month"] == month].iloc[0]
    months = list(index["month"])
    places = range(len(months))
    fig, axis = style.canvas(
        f"In {month} the export price is down {numbers.percent(-chosen['change_percent'])}, "
        f"{findings.absorbed(chosen['absorbed_percent'])}",
        "Export price of cars from Japan to North America, contract currency, change on the "
        "year before, %; dashed: what full absorption of the duty at entry asks for",
        "Bank of Japan (export price index) and Japan Ministry of Finance, as relayed by the "
        "press; Federal Reserve; own calculations.",
        height_in=3.5,
    )
    benchmark = [*index["benchmark_percent"], index["benchmark_percent"].iloc[-1]]
    axis.step(
        [*places, len(months)],
        benchmark,
        where="mid",
        color=style.NEUTRAL,
        linestyle="--",
        linewidth=1.6,
    )
    axis.plot(places, index["change_percent"], "-o", color=style.JAPAN_TO_US, markersize=5)
    dots = declared[declared["period"].isin(months)]
    spots = [months.index(period) for period in dots["period"]]
    axis.plot(
        spots,
        dots["unit_value_usd_percent"],
        "o",
        markerfacecolor="white",
        color=style.ACCENTS[0],
        markersize=6,
    )
    lowest = min(
        float(index["change_percent"].min()),
        float(dots["unit_value_usd_percent"].min()),
        float(index["benchmark_percent"].min()),
    )
    at = months.index(month)
    axis.annotate(
        f"{_signed(chosen['change_percent'])}",
        (at, chosen["change_percent"]),
        (0, 7),
        textcoords="offset points",
        ha="center",
        size=9,
        color=style.JAPAN_TO_US,
        weight="bold",
    )
    last = index.iloc[-1]
    axis.annotate(
        "export price index",
        (1, index["change_percent"].iloc[1]),
        (9, 0),
        textcoords="offset points",
        size=9,
        color=style.JAPAN_TO_US,
    )
    axis.annotate(
        f"full absorption of {numbers.percent(last['duty_percent'])}: "
        f"{_signed(last['benchmark_percent'])}",
        (len(months) - 1, last["benchmark_percent"]),
        (14, 6),
        textcoords="offset points",
        ha="right",
        size=9,
        color=style.NEUTRAL,
    )
    axis.annotate(
        f"full absorption of {numbers.percent(chosen['duty_percent'])}: "
        f"{_signed(chosen['benchmark_percent'])}",
        (at, chosen["benchmark_percent"]),
        (-14, -14),
        textcoords="offset points",
        ha="right",
        size=9,
        color=style.NEUTRAL,
    )
    if len(dots):
        first = dots.iloc[(len(dots) - 1) // 2]
        axis.annotate(
            "declared dollars a vehicle\n(with changes of model mix)",
            (months.index(first["period"]), first["unit_value_usd_percent"]),
            (6, 12),
            textcoords="offset points",
            size=8.5,
            color="#9A4C7C",
            linespacing=1.1,
        )
    axis.axhline(0, color=style.INK, linewidth=0.9)
    axis.set_xticks(list(places), months, size=8.5)
    axis.set_xlim(-0.4, len(months) - 0.4)
    axis.set_ylim(
        math.floor(lowest / 5) * 5, max(1.0, 1.1 * float(index["benchmark_percent"].max()))
    )
    axis.set_ylabel("%")
    axis.grid(axis="y")
    alt = (
        f"Line chart of the export price of cars to North America, {months[0]} to {months[-1]}: "
        f"{_signed(chosen['change_percent'])} in {month} against a full-absorption "
        f"benchmark of {_signed(chosen['benchmark_percent'])}, "
        f"{_signed(last['change_percent'])} in {months[-1]} against "
        f"{_signed(last['benchmark_percent'])}."
    )
    shown = ["month", "change_percent", "duty_percent", "benchmark_percent", "absorbed_percent"]
    return Chart("incidence", fig, alt, index[shown])


def _signed(percent: float) -> str:
    return findings.signed(Quantity(percent, "%"))


def _article_marks(axis: Any, stated: pd.DataFrame) -> None:
    for _, row in stated.iterrows():
        hidden = math.isnan(row["stated_percent"])
        level = row["actual_percent"] if hidden else row["stated_percent"]
        colour = style.NEUTRAL if hidden else style.BAD
        axis.plot(
            pd.Timestamp(row["day"]),
            level,
            "o",
            markersize=7,
            zorder=3,
            color=colour,
            markerfacecolor="white" if hidden or row["reading"] == _THREAT else colour,
        )
    silent = stated[stated["stated_percent"].isna()]
    for _, row in stated[stated["stated_percent"].notna()].iterrows():
        after = pd.Timestamp(row["day"]) > pd.Timestamp("2025-09-01")
        axis.annotate(
            _mark(row),
            (pd.Timestamp(row["day"]), row["stated_percent"]),
            (-14 if after else 4, 0 if after else -11),
            textcoords="offset points",
            ha="right" if after else "left",
            va="center",
            size=8.5,
            color=style.BAD,
        )
    if len(silent):
        first = silent.sort_values("day").iloc[0]
        names = ", ".join(silent["article_id"])
        axis.annotate(
            f"{names}: no level printed",
            (pd.Timestamp(first["day"]), first["actual_percent"]),
            (-4, 9),
            textcoords="offset points",
            size=8.5,
            color=style.NEUTRAL,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )


def _mark(row: pd.Series) -> str:
    """What an article says of the duty, beside its mark."""
    if row["reading"] == _THREAT:
        return f"{row['article_id']}: still a threat"
    verb = " states" if row["reading"] == "states the total" else "'s rates add to"
    return f"{row['article_id']}{verb} {numbers.percent(row['stated_percent'])}"


def _counted(count: int, phrase: tuple[str, str]) -> str:
    """A number of articles with what they do: one article's rates add to another level."""
    return phrase[0] if count == 1 else f"{numbers.spelled(count)} {phrase[1]}"


def _spoken(steps: pd.DataFrame) -> str:
    return ", ".join(
        f"{numbers.percent(row['total_percent'])} from {row['from_day']}"
        for _, row in steps.iterrows()
    )


def _within(day: str, fallback: str) -> str:
    """The day where it is near the story, else the fallback, so that a far day does not squeeze the
    chart.
    """
    return day if "2024-01-01" <= day <= "2026-12-31" else fallback
