"""Figures of notebook 04 on prices: walks from list price to sticker, stickers beside cars on sale,
and what the exchange rate does.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.cost.part import CostPart
from helpers.quantities import Quantity
from helpers.show import numbers, style
from helpers.show.figure import Chart

SOURCE = (
    "list prices from makers and press, freight from a carrier's report; margins, insurance and "
    "handling are assumptions; own calculations."
)
RIVAL_SOURCE = (
    "stickers as above; prices of cars on sale from the Japanese press, each of its own year; "
    "own calculations."
)
YEN_SOURCE = (
    "walk as above; pass-through and elasticity are assumptions beside a customs-data study "
    "(NBER 32910); own calculations."
)


def waterfalls(cost: CostPart, models: Sequence[str] = (), name: str = "price_walks") -> Chart:
    """Every step of the walk of these models, or of all shown, small multiples on one yen axis from
    0. Bars are whatever steps the walk has.
    """
    models, titles = models or cost.shown, cost.cars.title
    data = pd.concat([_bars(str(titles[model]), cost.walk(model)) for model in models])
    prices = {model: cost.sticker(model).value for model in models}
    counted, basis = _counted(cost, models)
    ratios = [float(cost.over_list[model]) for model in counted]
    low, high = (f"{value:.2f}" for value in (min(ratios), max(ratios)))
    spread = f"{numbers.between(low, high)} times"
    cheap, dear = (choose(counted, key=prices.__getitem__) for choose in (min, max))
    bars = len(data) // len(models)
    columns = min(3, len(models))
    rows = math.ceil(len(models) / columns)
    subject = "the cars" if len(models) > 1 else f"a {titles[dear]}"
    fig, axes = style.canvas(
        f"In Japan {subject} would cost {spread} the US list price{basis}",
        "From US list price to Japanese sticker, with consumption tax, ¥ m, at "
        f"the likeliest costs and {numbers.plain(cost.costs.jpy_per_usd.value, 2)} yen per dollar; "
        "light bars take off",
        SOURCE,
        rows=rows,
        columns=columns,
        height_in=0.35 + 0.24 * (bars + 0.2) * rows,
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axis, model in zip(axes.flat, models, strict=False):
        _waterfall(axis, data[data["model"] == titles[model]], prices[model])
        axis.set_title(_headed(cost, model), size=8.5)
    axes.flat[0].set_yticks(range(bars), data["bar"].iloc[:bars])
    axes.flat[0].invert_yaxis()
    axes.flat[0].set_xlim(0, max(prices.values()) / 1e6 * 1.45)
    for axis in axes.flat[len(models) :]:
        axis.set_visible(False)
    alt = (
        f"Small multiples of waterfall bars for {len(models)} cars, from US list price to "
        f"Japanese sticker in yen. The stickers run from {numbers.jpy(prices[cheap])} to "
        f"{numbers.jpy(prices[dear])} ({titles[dear]}), {spread} the US list price{basis}."
    )
    return Chart(name, fig, alt, data)


def _bars(title: str, steps: dict[str, Quantity]) -> pd.DataFrame:
    """One row a bar; the last is the sticker, from 0."""
    ends = np.cumsum([float(step.value) for step in steps.values()])
    frame = pd.DataFrame(
        {
            "bar": [*steps, "sticker"],
            "from_jpy": [0.0, *ends[:-1], 0.0],
            "to_jpy": [*ends, ends[-1]],
        }
    )
    frame.insert(0, "model", title)
    return frame


def _waterfall(axis: Any, bars: pd.DataFrame, price: float) -> None:
    start = bars["from_jpy"].to_numpy() / 1e6
    change = bars["to_jpy"].to_numpy() / 1e6 - start
    colours = [style.LIGHT if step < 0 else style.NEUTRAL for step in change[:-1]]
    axis.barh(
        range(len(bars)), change, left=start, height=0.72, color=[*colours, style.US_TO_JAPAN]
    )
    axis.annotate(
        numbers.jpy(price),
        (price / 1e6, len(bars) - 1),
        (3, 0),
        textcoords="offset points",
        va="center",
        size=8,
        weight="bold",
    )
    axis.tick_params(axis="x", bottom=False, labelsize=8)
    axis.tick_params(axis="y", left=False, labelsize=7.5)
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)


def _headed(cost: CostPart, model: str) -> str:
    marks = ["right-hand drive"] if cost.cars.right_hand_drive[model] else []
    marks += ["list price assumed"] if model not in _sourced(cost, [model]) else []
    gap = "\n" if len(marks) > 1 else " "
    return str(cost.cars.title[model]) + (f"{gap}({', '.join(marks)})" if marks else "")


def _sourced(cost: CostPart, models: Sequence[str]) -> Sequence[str]:
    prices = cost.cars.list_price
    return [model for model in models if prices[model].quality != "unverified"]


def _counted(cost: CostPart, models: Sequence[str]) -> tuple[Sequence[str], str]:
    """The models that a headline may rest on, and what to say of them: those with a reported list
    price, or all of them if there is none.
    """
    sourced = _sourced(cost, models)
    if len(sourced) == len(models):
        return models, ""
    if sourced:
        return sourced, " (cars with a reported list price)"
    return models, " (list prices assumed)"


def beside_rivals(cost: CostPart) -> Chart:
    """Each sticker with its 80 % interval, and below it the prices of the cars it would be compared
    with.
    """
    titles = cost.cars.title
    rows: list[tuple[str, str, float, float, float, str]] = []
    for model in cost.shown:
        price = cost.estimate(model)
        low, high = price.interval or (price.value, price.value)
        assumed = "" if _sourced(cost, [model]) else " (list price assumed)"
        rows.append((titles[model], titles[model] + assumed, price.value, low, high, ""))
        rows += [
            (titles[model], car.name, car.price.value, math.nan, math.nan, car.price.period)
            for car in cost.rivals_of(model)
        ]
    columns = ["set_against", "car", "price_jpy", "low_jpy", "high_jpy", "as_of"]
    data = pd.DataFrame(rows, columns=columns)
    able = [model for model in cost.shown if cost.rivals_of(model)]
    counted, basis = _counted(cost, able)
    compared = [
        bool(cost.estimate(model).value > car.price.value)
        for model in counted
        for car in cost.rivals_of(model)
    ]
    dearer, first = sum(compared), (counted or cost.shown)[0]
    title = (
        f"In {dearer} of {len(compared)} comparisons the US-built car would be dearer than the "
        f"car already on sale{basis}"
        if compared
        else "No price of a comparable car on sale was found for the chosen models"
    )
    fig, axis = style.canvas(
        title,
        "Price in Japan with consumption tax, ¥ m; bars are 80 % intervals of the computed sticker",
        RIVAL_SOURCE,
        height_in=0.6 + 0.27 * len(rows),
    )
    _dots(axis, rows)
    axis.set_xlim(0, float(data[["price_jpy", "high_jpy"]].max().max()) / 1e6 * 1.24)
    alt = (
        f"Dot plot of computed stickers of {len(cost.shown)} US-built cars with 80 % intervals, "
        f"and of {sum(len(cost.rivals_of(model)) for model in able)} prices of cars on sale in "
        f"Japan. The {titles[first]} stands at {numbers.jpy(cost.estimate(first).value)}; in "
        f"{dearer} of {len(compared)} comparisons the US-built car is the dearer one{basis}."
    )
    return Chart("beside_rivals", fig, alt, data)


def _dots(axis: Any, rows: list[tuple[str, str, float, float, float, str]]) -> None:
    heights: list[float] = []
    height = -0.4
    for _, _, price, low, high, as_of in rows:
        height += 1.0 if as_of else 1.4
        heights.append(height)
        ink = style.INK if as_of else style.US_TO_JAPAN
        if not as_of:
            axis.plot(
                [low / 1e6, high / 1e6],
                [height, height],
                color=ink,
                linewidth=4,
                alpha=0.35,
                solid_capstyle="butt",
            )
        axis.plot(
            price / 1e6,
            height,
            "o" if as_of else "D",
            color="white" if as_of else ink,
            markeredgecolor=ink,
            markersize=6.5,
        )
        axis.annotate(
            numbers.jpy(price) + (f", {as_of[:4]}" if as_of else ""),
            ((price if as_of else max(high, price)) / 1e6, height),
            (7, 0),
            textcoords="offset points",
            va="center",
            size=8,
            weight="normal" if as_of else "bold",
        )
    axis.set_yticks(heights, [name for _, name, *_ in rows], size=8)
    for label, row in zip(axis.get_yticklabels(), rows, strict=True):
        label.set(color="#444444" if row[-1] else style.INK, weight="normal" if row[-1] else "bold")
    axis.set_ylim(height + 0.8, 0)
    axis.grid(axis="x")
    axis.tick_params(left=False, bottom=False)
    axis.spines["left"].set_visible(False)


def yen(cost: CostPart, other_rates: Iterable[float]) -> Chart:
    """Two panels over one exchange-rate axis: sticker, and units in percent of those at the sticker
    set.

    other_rates: rates of other scenarios, drawn as circles on this run's lines.
    """
    own, car = float(cost.costs.jpy_per_usd.value), cost.cars.title[cost.leading]
    set_rate = float(cost.base.costs.jpy_per_usd.value)
    curve = _curve(cost, np.linspace(min(90.0, 0.9 * own), max(200.0, 1.05 * own), 56))
    first, last, now = curve.iloc[0], curve.iloc[-1], _curve(cost, np.array([own])).iloc[0]
    falls = first["units_percent"] > last["units_percent"] + 0.05
    outcome = (
        "dearer in Japan and sells fewer of them"
        if falls
        else "dearer to bring to Japan and sells no more of them"
    )
    fig, axes = style.canvas(
        f"A weaker yen makes a US-built {car} {outcome}",
        "By yen per dollar, weaker to the right: sticker in ¥ m, and units in % of those at the "
        f"sticker set at {numbers.plain(set_rate, 2)}; circles are the rates of other scenarios",
        YEN_SOURCE,
        rows=2,
        height_in=5.0,
        sharex=True,
        height_ratios=(3, 2),
    )
    within = {rate for rate in other_rates if first["jpy_per_usd"] <= rate <= last["jpy_per_usd"]}
    others = _curve(cost, np.array(sorted(within - {own})))
    shown = (
        (axes[0], "asked_sticker_jpy", 1e6, "sticker, ¥ m"),
        (axes[1], "units_percent", 1.0, "units, %"),
    )
    rates = curve["jpy_per_usd"]
    axes[0].plot(rates, curve["cost_sticker_jpy"] / 1e6, color=style.US_TO_JAPAN)
    for axis, column, scale, name in shown:
        axis.plot(rates, curve[column] / scale, color=style.INK, linestyle=(0, (5, 2)))
        axis.plot(
            others["jpy_per_usd"],
            others[column] / scale,
            "o",
            color="white",
            markeredgecolor=style.INK,
            markersize=5,
        )
        axis.plot(own, now[column] / scale, "D", color=style.INK, markersize=7)
        axis.grid(axis="y")
        axis.set_xlim(rates.iloc[0], rates.iloc[-1] + 0.24 * (rates.iloc[-1] - rates.iloc[0]))
        axis.set_ylim(bottom=0)
        axis.set_ylabel(name)
    _named_lines(axes, last)
    asked = now["asked_sticker_jpy"]
    axes[0].text(
        own,
        asked / 1e6 - 0.1 * axes[0].get_ylim()[1],
        f"this run, {numbers.plain(own, 2)}: {numbers.jpy(asked)}",
        size=9,
        ha="center",
        va="top",
    )
    axes[1].set_xlabel("yen per dollar")
    units = [numbers.percent(end["units_percent"], 0) for end in (first, last)]
    alt = (
        f"Two line charts over {first['jpy_per_usd']:.0f} to {last['jpy_per_usd']:.0f} yen per "
        f"dollar for a US-built {car}: the sticker that covers its cost rises from "
        f"{numbers.jpy(first['cost_sticker_jpy'])} to {numbers.jpy(last['cost_sticker_jpy'])}; "
        f"units go from {units[0]} to {units[1]}. At {numbers.plain(own, 2)} "
        f"{numbers.jpy(asked)} is asked."
    )
    return Chart("yen", fig, alt, curve)


def _curve(cost: CostPart, rates: Any) -> pd.DataFrame:
    """Sticker and units of the leading model at these exchange rates."""
    asked = cost.asked(cost.leading, jpy_per_usd=rates)
    units = (asked / cost.set_sticker(cost.leading)) ** cost.yen.price_elasticity
    return pd.DataFrame(
        {
            "jpy_per_usd": rates,
            "cost_sticker_jpy": cost.sticker(cost.leading, jpy_per_usd=rates).value,
            "asked_sticker_jpy": asked.value,
            "units_percent": units.to("%").value,
        }
    )


def _named_lines(axes: Any, last: pd.Series) -> None:
    """The names of the lines at their right ends, kept apart."""
    price, volume = axes
    cost_end, asked_end = last["cost_sticker_jpy"] / 1e6, last["asked_sticker_jpy"] / 1e6
    gap = max(0.0, 0.09 * price.get_ylim()[1] - (cost_end - asked_end)) / 2
    for axis, height, name, ink in (
        (price, cost_end + gap, "covers the cost", style.US_TO_JAPAN),
        (price, asked_end - gap, "asked of buyers", style.INK),
        (volume, last["units_percent"], "units", style.INK),
    ):
        axis.annotate(
            name,
            (last["jpy_per_usd"], height),
            (5, 0),
            textcoords="offset points",
            color=ink,
            va="center",
            size=9,
        )
