"""Figures of notebook 04: walks from list price to sticker, stickers beside cars on sale, what the
exchange rate does, and the programme's cost beside what it may protect.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.cost.findings import points
from helpers.cost.part import CostPart
from helpers.parts import drawn_once
from helpers.quantities import Quantity
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX, bare, beside

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
STAKE_SOURCE = (
    "US Commerce import values, JAMA exports and the maker's exports, as relayed by the press; "
    "Federal Register; the programme's cost is an assumption; own calculations."
)
WALKS, AT_THE_PLANT = "price_walks", "price at the plant"
_LIST: dict[str, Any] = {"color": style.INK, "marker": "|", "markersize": 13, "linestyle": ""}
_PARTS = (
    style.LIGHT,
    style.ACCENTS[3],
    style.ACCENTS[2],
    "#F0E442",
    style.ACCENTS[0],
    style.ACCENTS[1],
    style.NEUTRAL,
    style.INK,
)


@drawn_once
def walks(cost: CostPart, models: Sequence[str] = (), name: str = WALKS) -> Drawing:
    """One bar a car of what each step of its walk adds, whatever steps it has; what a step takes
    off the list price is left out of the first part. A tick marks the US list price.
    """
    models, titles = models or cost.shown, cost.cars.title
    data = pd.concat([_parts(str(titles[model]), cost.walk(model)) for model in models])
    prices = {model: float(cost.sticker(model).value) for model in models}
    rate = cost.costs.jpy_per_usd
    listed = {model: float((cost.cars.list_price[model] * rate).value) for model in models}
    counted, basis = _counted(cost, models)
    ratios = [float(cost.over_list[model]) for model in counted]
    spread = f"{numbers.between(*(f'{end(ratios):.2f}' for end in (min, max)))} times"
    cheap, dear = (choose(counted, key=prices.__getitem__) for choose in (min, max))
    parts = list(dict.fromkeys(data["part"]))
    colours = dict(zip(parts, itertools.cycle(_PARTS), strict=False))

    def draw(canvas: Canvas) -> None:
        square = {"marker": "s", "markersize": 11, "linestyle": ""}
        entries = [(part, square | {"color": colours[part]}) for part in parts]
        top = canvas.key(0, [*entries, ("US list price", _LIST)]) + 6
        axis = canvas.rows([_headed(cost, model) for model in models], top, left=230, right=140)
        for row, model in enumerate(models):
            walk = data[data["model"] == titles[model]]
            axis.barh(
                [row] * len(walk),
                walk["to_jpy"] - walk["from_jpy"],
                left=walk["from_jpy"],
                height=canvas.bar_height,
                color=[colours[part] for part in walk["part"]],
            )
            axis.plot(listed[model], row, **_LIST)
            times = f"{float(cost.over_list[model]):.2f}"
            beside(
                axis, prices[model], row, f"{numbers.jpy(prices[model])}, {times} ×", weight="bold"
            )
        bare(axis, 0, max(prices.values()))

    subtitle, source = (
        "From US list price to Japanese sticker, with consumption tax, at the likeliest costs and "
        f"{numbers.plain(rate.value, 2)} yen per dollar; at the end the sticker, and its ratio to "
        "the list price",
        SOURCE,
    )
    if name != WALKS:
        subtitle, source = "The walk with a step of one's own", "as in the walks above."
    return Drawing(
        name,
        f"In Japan {'the cars' if len(models) > 1 else f'a {titles[dear]}'} would cost {spread} "
        f"the US list price{basis}",
        subtitle,
        source,
        draw,
        f"Stacked bars for {numbers.units(len(models), 'car' if len(models) == 1 else 'cars')}, "
        "from US list price to Japanese sticker in yen. The stickers run from "
        f"{numbers.jpy(prices[cheap])} to {numbers.jpy(prices[dear])} ({titles[dear]}), {spread} "
        f"the US list price{basis}.",
        data,
    )


def _parts(title: str, steps: dict[str, Quantity]) -> pd.DataFrame:
    """One row a part of the bar: the price at the plant, then every step that adds something."""
    values = {name: float(step.value) for name, step in steps.items()}
    first = next(iter(values))
    off = sum(value for value in values.values() if value < 0)
    parts = {AT_THE_PLANT: values.pop(first) + off}
    parts |= {name: value for name, value in values.items() if value > 0}
    ends = np.cumsum(list(parts.values()))
    frame = pd.DataFrame({"part": list(parts), "from_jpy": [0.0, *ends[:-1]], "to_jpy": ends})
    return frame.assign(model=title)


def _headed(cost: CostPart, model: str) -> str:
    marks = ["right-hand drive"] if cost.cars.right_hand_drive[model] else []
    marks += ["list price assumed"] if model not in _sourced(cost, [model]) else []
    return str(cost.cars.title[model]) + (f" ({', '.join(marks)})" if marks else "")


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


@drawn_once
def beside_rivals(cost: CostPart) -> Drawing:
    """Each sticker with its 80 % interval, and below it the prices of its rivals."""
    titles, against = cost.cars.title, {model: cost.rivals_of(model) for model in cost.shown}
    prices = {model: cost.estimate(model) for model in cost.shown}
    ends = {model: price.interval or (price.value,) * 2 for model, price in prices.items()}
    data = pd.DataFrame(
        [
            row
            for model in cost.shown
            for row in (
                (titles[model], titles[model], prices[model].value, *ends[model], ""),
                *(
                    (titles[model], car.name, car.price.value, None, None, car.price.period)
                    for car in against[model]
                ),
            )
        ],
        columns=["set_against", "car", "price_jpy", "low_jpy", "high_jpy", "as_of"],
    )
    able = [model for model in cost.shown if against[model]]
    counted, basis = _counted(cost, able)
    compared = [
        bool(prices[model].value > car.price.value) for model in counted for car in against[model]
    ]
    dearer, first = sum(compared), (counted or cost.shown)[0]
    highest = max(*data["price_jpy"], *(high for _, high in ends.values()))

    def draw(canvas: Canvas) -> None:
        top = 0.0
        for model, price in prices.items():
            axis = canvas.rows([_headed(cost, model)], top, left=230, right=110, weight="bold")
            ink = style.US_TO_JAPAN
            axis.plot(ends[model], [0, 0], color=ink, linewidth=5, alpha=0.35)
            axis.plot(price.value, 0, "D", color=ink, markersize=8)
            beside(
                axis, max(price.value, ends[model][1]), 0, numbers.jpy(price.value), weight="bold"
            )
            bare(axis, 0, highest)
            top = canvas.bottom
            if not against[model]:
                continue
            axis = canvas.rows([car.name for car in against[model]], top, left=230, right=110)
            for row, car in enumerate(against[model]):
                look: dict[str, Any] = {
                    "color": "white",
                    "markeredgecolor": style.INK,
                    "markersize": 8,
                }
                axis.plot(car.price.value, row, "o", **look)
                text = f"{numbers.jpy(car.price.value)}, {car.price.period[:4]}"
                beside(axis, car.price.value, row, text)
            bare(axis, 0, highest)
            top = canvas.bottom + 6

    return Drawing(
        "beside_rivals",
        f"In {dearer} of {len(compared)} comparisons the US-built car would be dearer than the "
        f"car already on sale{basis}"
        if compared
        else "No price of a comparable car on sale was found for the chosen models",
        "Price in Japan with consumption tax, axis from zero. Diamonds: computed stickers, bars "
        "their 80 % intervals; circles: cars on sale, with the year of the price",
        RIVAL_SOURCE,
        draw,
        f"Dot plot of computed stickers of {len(prices)} US-built cars with 80 % intervals, and of "
        f"{sum(map(len, against.values()))} prices of cars on sale in Japan. The {titles[first]} "
        f"stands at {numbers.jpy(prices[first].value)}; in {dearer} of {len(compared)} comparisons "
        f"the US-built car is the dearer one{basis}.",
        data,
    )


@drawn_once
def yen(cost: CostPart, other_rates: Iterable[float]) -> Drawing:
    """Two panels over the exchange rate: sticker, and units in percent of those at the sticker set.

    other_rates: rates of other scenarios, drawn as circles on this run's lines.
    """
    rate, car = float(cost.costs.jpy_per_usd.value), cost.cars.title[cost.leading]
    set_rate = float(cost.base.costs.jpy_per_usd.value)
    curve = _curve(cost, np.linspace(min(90.0, 0.9 * rate), max(200.0, 1.05 * rate), 56))
    first, last, now = curve.iloc[0], curve.iloc[-1], _curve(cost, np.array([rate])).iloc[0]
    rates = curve["jpy_per_usd"]
    within = {rate for rate in other_rates if rates.iloc[0] <= rate <= rates.iloc[-1]}
    others = _curve(cost, np.array(sorted(within - {rate})))
    cover: dict[str, Any] = {"color": style.US_TO_JAPAN}
    asked_look: dict[str, Any] = {"color": style.INK, "linestyle": (0, (5, 2))}
    circle: dict[str, Any] = {"color": "white", "markeredgecolor": style.INK, "marker": "o"}
    circle |= {"markersize": 7, "linestyle": ""}
    diamond: dict[str, Any] = {"color": style.INK, "marker": "D", "markersize": 8, "linestyle": ""}
    panels = (
        ("Sticker, ¥ m", "asked_sticker_jpy", 1e6, 210),
        (f"Units, % of those at {numbers.plain(set_rate, 2)}", "units_percent", 1.0, 130),
    )

    def draw(canvas: Canvas) -> None:
        entries = (("covers the cost", cover), ("asked of buyers; units", asked_look))
        marks = (("this run", diamond), ("other scenarios", circle))
        top = canvas.key(0, entries + marks)
        for name, column, scale, height in panels:
            top = canvas.text(0, top + 6, name, weight="bold")
            axis = canvas.axes(top + 4, height, left=34, right=16)
            if column == "asked_sticker_jpy":
                axis.plot(rates, curve["cost_sticker_jpy"] / scale, **cover)
            axis.plot(rates, curve[column] / scale, **asked_look)
            axis.plot(others["jpy_per_usd"], others[column] / scale, **circle)
            axis.plot(rate, now[column] / scale, **diamond)
            axis.grid(axis="y")
            axis.set(xlim=(rates.iloc[0], rates.iloc[-1]))
            axis.set_ylim(bottom=0)
            top = canvas.bottom + AXIS_PX + 4
        canvas.text(canvas.width - 16, top, "yen per dollar, weaker to the right", ha="right")

    asked, units = now["asked_sticker_jpy"], (first["units_percent"], last["units_percent"])
    outcome = (
        "dearer in Japan and sells fewer of them"
        if units[0] > units[1] + 0.05
        else "dearer to bring to Japan and sells no more of them"
    )
    return Drawing(
        "yen",
        f"A weaker yen makes a US-built {car} {outcome}",
        f"Sticker and units by yen per dollar; this run, {numbers.plain(rate, 2)}: "
        f"{numbers.jpy(asked)} asked, at the likeliest costs and the assumed price elasticity",
        YEN_SOURCE,
        draw,
        f"Two line charts over {first['jpy_per_usd']:.0f} to {last['jpy_per_usd']:.0f} yen per "
        f"dollar for a US-built {car}: the sticker that covers its cost rises from "
        f"{numbers.jpy(first['cost_sticker_jpy'])} to {numbers.jpy(last['cost_sticker_jpy'])}; "
        f"units go from {' to '.join(numbers.percent(percent, 0) for percent in units)}. At "
        f"{numbers.plain(rate, 2)} {numbers.jpy(asked)} is asked.",
        curve,
    )


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


def cost_and_stake(cost: CostPart) -> Drawing:
    """Bars from zero: the maker's part of the programme's yearly cost and what it has at stake, the
    whole cost and the stake of all exporters. The thin lines are 80 % intervals.
    """
    premium, maker = cost.premium, cost.maker
    bars = {
        f"Cost, {maker}'s part": premium.maker_cost,
        f"At stake for {maker}": premium.maker.loss,
        "Cost, all makers": premium.cost,
        "At stake for all makers": premium.industry.loss,
    }
    values = [float(bar.value) for bar in bars.values()]
    ends = [
        bar.interval or (value, value) for bar, value in zip(bars.values(), values, strict=True)
    ]
    data = pd.DataFrame(ends, columns=["low", "high"])
    data = data.assign(item=list(bars), usd_mn_a_year=values)

    def draw(canvas: Canvas) -> None:
        axis = canvas.rows(list(bars), 0, left=200, right=76)
        colours = [style.US_TO_JAPAN, style.JAPAN_TO_US] * 2
        axis.barh(range(len(bars)), values, color=colours, height=canvas.bar_height)
        for row, (value, interval) in enumerate(zip(values, ends, strict=True)):
            axis.plot(interval, [row, row], color=style.INK, linewidth=1.4)
            beside(axis, max(0.0, value, interval[1]), row, numbers.usd(value * 1e6))
        bare(axis, min(0.0, *values), max(1.0, *values, *(high for _, high in ends)))

    said = "; ".join(
        f"{item} {numbers.usd(value * 1e6)}" for item, value in zip(bars, values, strict=True)
    )
    return Drawing(
        "cost_and_stake",
        _stake_title(cost),
        "A year, at assumed cost and elasticities; at stake is what exporters would lose by the "
        "other duty. Thin lines are 80 % intervals",
        STAKE_SOURCE,
        draw,
        f"Bars of the programme's yearly cost and of what turns on the duty. {said}. Break-even "
        f"for {maker}: {points(premium.break_even)}.",
        data,
    )


def _stake_title(cost: CostPart) -> str:
    premium = cost.premium
    yearly, loss = float(premium.maker_cost.value), float(premium.maker.loss.value)
    if loss <= 0:
        return "There is no duty advantage that the programme could protect"
    if yearly <= 0:
        return (
            f"The programme costs {cost.maker} nothing on balance, and {numbers.usd(loss * 1e6)} a "
            "year are at stake for it"
        )
    if loss > yearly:
        times = numbers.plain(loss / yearly, 0 if loss >= 10 * yearly else 1)
        return f"What {cost.maker} has at stake is {times} times its part of the cost"
    return f"{cost.maker}'s part of the programme costs more than it has at stake"
