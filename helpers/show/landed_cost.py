"""How the price walk and the exchange rate are shown: waterfalls on one yen axis, two stacked panels, tables, sentences."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from helpers.models.cost_case import CostCase
from helpers.models.landed_cost import PriceWalk
from helpers.models.yen_claim import YenEffect
from helpers.show import numbers, style

# Steps of a walk that share a bar: small ones would not be seen on their own.
_BARS = (
    ("US list price", ("list_price",)),
    ("US dealer margin", ("us_dealer_margin",)),
    ("freight, insurance", ("freight", "insurance")),
    ("Japanese duty", ("duty",)),
    ("work on the car", ("modification", "drive_side", "certification")),
    ("inland, preparation", ("inland",)),
    ("Japanese margin", ("japan_dealer_margin",)),
    ("consumption tax", ("consumption_tax",)),
)


def waterfall_data(walks: Sequence[PriceWalk]) -> pd.DataFrame:
    """One row a bar: model, bar, from_jpy, to_jpy. The last bar of each model is its sticker, from 0."""
    rows = []
    for walk in walks:
        level = 0.0
        for label, names in _BARS:
            change = sum(walk.step_jpy(name) for name in names)
            rows.append((walk.car.title, label, level, level + change))
            level += change
        rows.append((walk.car.title, "sticker", 0.0, walk.sticker_jpy))
    return pd.DataFrame(rows, columns=["model", "bar", "from_jpy", "to_jpy"])


def waterfalls(walks: Sequence[PriceWalk], source: str) -> tuple[Figure, str, pd.DataFrame]:
    """Small multiples, one a car, on one yen axis from 0. Returns the figure, its alt text and the plotted data."""
    data = waterfall_data(walks)
    dear = max(walks, key=lambda walk: walk.sticker_jpy)
    ratios = [walk.sticker_jpy / walk.step_jpy("list_price") for walk in walks]
    spread = f"{min(ratios):.2f} times" if f"{min(ratios):.2f}" == f"{max(ratios):.2f}" else f"{min(ratios):.2f} to {max(ratios):.2f} times"
    columns = min(3, len(walks))
    rows = math.ceil(len(walks) / columns)
    fig, axes = style.canvas(
        f"In Japan the cars would cost {spread} their US list price",
        f"From US list price to Japanese sticker, ¥ m, at {numbers.plain(walks[0].jpy_per_usd, 2)} yen per dollar; light bars take off",
        source, rows=rows, columns=columns, height_in=0.35 + 2.15 * rows, sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    labels = [*[label for label, _ in _BARS], "sticker"]
    for axis, walk in zip(axes.flat, walks, strict=False):
        bars = data[data["model"] == walk.car.title]
        for place, (start, end) in enumerate(zip(bars["from_jpy"] / 1e6, bars["to_jpy"] / 1e6, strict=True)):
            final = place == len(labels) - 1
            colour = style.US_TO_JAPAN if final else style.LIGHT if end < start else style.NEUTRAL
            axis.barh(place, abs(end - start), left=min(start, end), height=0.72, color=colour)
        axis.text(walk.sticker_jpy / 1e6, len(labels) - 1, f" {numbers.jpy(walk.sticker_jpy)}", va="center", ha="left", size=8.5, weight="bold")
        marks = ["right-hand drive"] if walk.right_hand_drive else []
        marks += [] if walk.car.price_is_sourced else ["list price assumed"]
        axis.set_title(walk.car.title + (f" ({', '.join(marks)})" if marks else ""), size=8.5)
        axis.set_yticks(range(len(labels)), labels, size=7.5)
        axis.tick_params(axis="y", length=0)
        axis.tick_params(axis="x", labelsize=8)
        axis.grid(axis="x")
        axis.spines["left"].set_visible(False)
    first = axes.flat[0]
    first.invert_yaxis()
    first.set_xlim(0, dear.sticker_jpy / 1e6 * 1.42)
    for axis in axes.flat[len(walks) :]:
        axis.set_visible(False)
    alt = (
        f"Small multiples of waterfall bars, one for each of {len(walks)} cars, from US list price to Japanese sticker in yen. "
        f"The stickers run from {numbers.jpy(min(walk.sticker_jpy for walk in walks))} to {numbers.jpy(dear.sticker_jpy)} ({dear.car.title}), "
        f"{spread} the US list price."
    )
    return fig, alt, data


def yen_panels(curve: pd.DataFrame, effect: YenEffect, dots: Mapping[str, YenEffect], source: str) -> tuple[Figure, str, pd.DataFrame]:
    """Two panels over one exchange-rate axis: the sticker, and the units sold against those at the set sticker.

    dots: other scenarios by title, drawn on the asked sticker and the units line.
    """
    car = effect.car.title
    top_rate, low_rate = curve["jpy_per_usd"].iloc[-1], curve["jpy_per_usd"].iloc[0]
    ends = curve.iloc[[0, -1]]
    units = [numbers.percent(value, 0) for value in ends["units_percent"]]
    falls = ends["units_percent"].iloc[0] > ends["units_percent"].iloc[-1] + 0.05
    finding = "dearer and sells fewer of them" if falls else "dearer to bring in, and sells no more of them"
    fig, axes = style.canvas(
        f"A weaker yen makes a US-built {car} {finding}",
        f"{car}, by yen per dollar (a weaker yen lies to the right): sticker in ¥ m; units in % of those at the sticker set",
        source, rows=2, height_in=4.9, sharex=True, height_ratios=(3, 2),
    )  # fmt: skip
    price, volume = axes
    rates = curve["jpy_per_usd"]
    price.plot(rates, curve["cost_sticker_jpy"] / 1e6, color=style.US_TO_JAPAN)
    price.plot(rates, curve["asked_sticker_jpy"] / 1e6, color=style.INK, linestyle=(0, (5, 2)))
    volume.plot(rates, curve["units_percent"], color=style.INK, linestyle=(0, (5, 2)))
    for one in dots.values():
        price.plot(one.jpy_per_usd, one.asked_sticker_jpy / 1e6, "o", color="white", markeredgecolor=style.INK, markersize=4.5)
        volume.plot(one.jpy_per_usd, 100 * one.units_factor, "o", color="white", markeredgecolor=style.INK, markersize=4.5)
    for axis, value in ((price, effect.asked_sticker_jpy / 1e6), (volume, 100 * effect.units_factor)):
        axis.plot(effect.jpy_per_usd, value, "D", color=style.INK, markersize=7)
        axis.grid(axis="y")
        axis.set_xlim(low_rate, top_rate + 0.24 * (top_rate - low_rate))
        axis.set_ylim(bottom=0)
    last = curve.iloc[-1]
    apart = max(last["cost_sticker_jpy"], last["asked_sticker_jpy"] * 1.07) / 1e6
    price.text(top_rate, apart, "  covers full cost", color=style.US_TO_JAPAN, va="bottom" if apart > last["cost_sticker_jpy"] / 1e6 else "center", size=9)
    price.text(top_rate, last["asked_sticker_jpy"] / 1e6, "  asked after\n  pass-through", va="top", size=9)
    volume.text(top_rate, last["units_percent"], "  units", va="center", size=9)
    price.annotate(
        f"this scenario: {numbers.plain(effect.jpy_per_usd, 2)}", (effect.jpy_per_usd, effect.asked_sticker_jpy / 1e6), (0, -20),
        textcoords="offset points", size=9, ha="center", va="top",
    )  # fmt: skip
    price.set_ylabel("sticker, ¥ m")
    volume.set_ylabel("units, %")
    volume.set_xlabel("yen per dollar")
    alt = (
        f"Two line charts over yen per dollar from {low_rate:.0f} to {top_rate:.0f} for a US-built {car}. Its full-cost sticker rises from "
        f"{numbers.jpy(ends['cost_sticker_jpy'].iloc[0])} to {numbers.jpy(ends['cost_sticker_jpy'].iloc[-1])}; units go from {units[0]} to {units[1]} "
        f"of those at the sticker set. At {numbers.plain(effect.jpy_per_usd, 2)} the asked sticker is {numbers.jpy(effect.asked_sticker_jpy)}."
    )
    return fig, alt, curve


def price_table(walks: Sequence[PriceWalk]) -> pd.DataFrame:
    """One row a car, in yen: list price, cost at the quay, landed cost, sticker; how the list price is known."""
    return pd.DataFrame(
        [
            {
                "Model": walk.car.title,
                "US list price": walk.car.list_price_usd,
                "Value at the quay": walk.cif_usd,
                "Landed cost": walk.landed_cost_jpy,
                "Sticker": walk.sticker_jpy,
                "Sticker over list": walk.sticker_jpy / walk.step_jpy("list_price"),
                "List price": "reported" if walk.car.price_is_sourced else "assumed",
            }
            for walk in walks
        ]
    )


def sticker_sentence(walk: PriceWalk) -> str:
    """The sticker in one sentence."""
    side = "right-hand drive" if walk.right_hand_drive else "left-hand drive"
    return (
        f"At {numbers.plain(walk.jpy_per_usd, 2)} yen per dollar a US-built {walk.car.title} ({side}), listed at "
        f"{numbers.usd(walk.car.list_price_usd)} in the US, would carry a Japanese sticker of about {numbers.jpy(walk.sticker_jpy)}, "
        "on assumed margins and handling costs."
    )


SOURCE_LINE = "maker and press list prices, carrier's freight rate; margins and handling are assumptions. Own calculation."
PRICE_UNITS = {"US list price": "USD", "Value at the quay": "USD", "Landed cost": "JPY", "Sticker": "JPY", "Sticker over list": "ratio"}


def rates_around(case: CostCase) -> list[float]:
    """Exchange rates for a curve: 90 to 200 yen per dollar, further where the scenario lies outside."""
    low, high = min(90.0, 0.9 * case.landed.jpy_per_usd), max(200.0, 1.05 * case.landed.jpy_per_usd)
    return [low + (high - low) * step / 110 for step in range(111)]


def source_ids(walks: Sequence[PriceWalk]) -> list[str]:
    """Sources of the cars and the freight rate."""
    return [*sorted({source for walk in walks for source in walk.car.source_ids}), "V74", "V75"]


def yen_sentence(effect: YenEffect) -> str:
    """What this rate does to the leading car, against the rate at which stickers were set."""
    return f"A sticker set at {numbers.jpy(effect.set_sticker_jpy)} would be {numbers.jpy(effect.asked_sticker_jpy)} after pass-through at this rate."


def results(case: CostCase) -> list[dict[str, object]]:
    """The recorded results of the walk and the exchange rate: keyword arguments of `results.record`."""
    ids = source_ids((case.leading,))

    def one(name: str, value: float, sentence: str) -> dict[str, object]:
        return {"name": name, "value": value, "unit": "JPY", "quality": "estimate", "source_ids": ids, "sentence": sentence}

    return [
        one("highlander_sticker_jpy", case.leading.sticker_jpy, sticker_sentence(case.leading)),
        one("asked_sticker_jpy", case.leading_effect.asked_sticker_jpy, yen_sentence(case.leading_effect)),
    ]
