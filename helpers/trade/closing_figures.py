"""How many cars close the gap: the curve over shares of the gap and the heat table over value and
parts.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from helpers.show import Chart, numbers, style
from helpers.trade import findings
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade

RULES_UNITS = (20_000, 50_000, 100_000)


def closing_curve(effect: Effect, flows: CarTrade) -> Chart:
    """Cars needed against the share of the gap, gross and net, on logarithmic axes, with fixed
    volumes as rules.
    """
    shares = [0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0]
    per_car = effect.net_per_car.to("USD per car").value
    gap = flows.gap_value.to("USD").value
    lines = [("gross", effect.unit_value.value, style.NEUTRAL, "--")]
    lines += [("net", per_car, style.US_TO_JAPAN, "-")] if per_car > 0 else []
    data = pd.DataFrame(
        [
            (share, name, share / 100 * gap / change)
            for name, change, _, _ in lines
            for share in shares
        ]
    )
    data.columns = pd.Index(["share_percent", "line", "cars"])
    share = findings.share_text(effect.close_share)
    title = (
        f"Closing {share} of the car gap takes "
        f"{numbers.units(effect.units_to_close_net.value, 'cars')} a year, net of parts and "
        "backfill"
        if effect.units_to_close_net is not None
        else "No number of cars closes the gap: each adds as much from Japan as it takes off"
    )
    fig, axis = style.canvas(
        title,
        f"US-built cars a year against the share of the {flows.gap_value.text} car gap "
        f"of {flows.year} they close; both axes logarithmic",
        f"{findings.publishers(flows)} Value, parts and backfill are assumptions of the scenario.",
        height_in=3.6,
    )
    for name, change, colour, dash in lines:
        rows = data[data["line"] == name]
        axis.plot(rows["share_percent"], rows["cars"], dash, color=colour)
        label, away, side, at = (
            ("gross value", (8, -6), "left", 1)
            if name == "gross"
            else ("net of parts and backfill", (-8, 6), "right", 50)
        )
        cars = at / 100 * gap / change
        axis.annotate(
            label,
            (at, cars),
            away,
            textcoords="offset points",
            color=colour,
            size=9,
            va="center",
            ha=side,
        )
    drawn_change = per_car if per_car > 0 else effect.unit_value.value
    for cars in sorted({*RULES_UNITS, round(effect.units.value)}):
        reached = 100 * cars * drawn_change / gap
        own = cars == round(effect.units.value)
        axis.axhline(
            cars,
            color=style.US_TO_JAPAN if own else style.LIGHT,
            linewidth=1.4 if own else 1.0,
            zorder=0,
        )
        text = f"{numbers.plain(cars)} cars: {numbers.percent(reached)}" + (
            " (programme)" if own else ""
        )
        axis.text(
            104,
            cars,
            text,
            ha="right",
            va="bottom",
            size=8.5,
            color=style.US_TO_JAPAN if own else style.INK,
        )
    if effect.units_to_close_net is not None:
        axis.plot(
            effect.close_share.value,
            effect.units_to_close_net.value,
            "o",
            color=style.US_TO_JAPAN,
            markersize=7,
        )
    axis.set(xscale="log", yscale="log", xlabel="share of the gap closed, %", ylabel="cars a year")
    axis.set_xticks([1, 2, 5, 10, 25, 50, 100], ["1", "2", "5", "10", "25", "50", "100"])
    axis.set_yticks(
        [10**power for power in range(3, 8)],
        ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"],
    )
    axis.minorticks_off()
    axis.set_xlim(0.5, 108)
    low = min(float(data["cars"].min()), min(RULES_UNITS), effect.units.value)
    axis.set_ylim(low * 0.7, float(data["cars"].max()) * 1.25)
    closing = effect.units_to_close_gross
    gross = f"{numbers.units(closing.value, 'cars')} gross" if closing else "no number gross"
    net = (
        f"{numbers.units(effect.units_to_close_net.value, 'cars')} net"
        if effect.units_to_close_net is not None
        else "no number net"
    )
    alt = (
        "Line chart of cars a year against the share they close of the "
        f"{flows.gap_value.text} car gap: {gross} and {net} for {share}."
    )
    return Chart("closing_curve", fig, alt, data)


def closing_heat(grid: pd.DataFrame, effect: Effect, flows: CarTrade) -> Chart:
    """Heat table of `trade_effect.closing_grid`: thousand cars, darker is more; a dash where no
    number does.
    """
    share = findings.share_text(effect.close_share)
    values = grid.to_numpy() / 1_000
    known = values[~pd.isna(values)]
    fewest, most = (
        (numbers.units(1_000 * float(value), "").strip() for value in (known.min(), known.max()))
        if known.size
        else ("", "")
    )
    title = (
        f"{numbers.between(fewest, most)} cars a year close {share} of the car gap"
        if known.size
        else f"No value of a car and no share of parts closes {share} of the car gap"
    )
    fig, axis = style.canvas(
        title,
        f"Thousand cars a year, net, at {numbers.percent(effect.backfill_share.value, 0)} "
        "backfill; outlined: nearest to the scenario; – no number does",
        f"{findings.publishers(flows)} Value, parts and backfill are assumptions.",
        height_in=2.1,
    )
    low, high = (
        (math.log(float(known.min())), math.log(float(known.max()))) if known.size else (0.0, 1.0)
    )
    rows, columns = values.shape
    for row in range(rows):
        for column in range(columns):
            value = float(values[row, column])
            weight = 0.0 if math.isnan(value) else (math.log(value) - low) / max(high - low, 1e-9)
            face: Any = "white" if math.isnan(value) else _shade(weight)
            axis.add_patch(_cell(column, row, face))
            text = "–" if math.isnan(value) else numbers.plain(value, 0 if value >= 10 else 1)
            axis.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                size=9,
                color="white" if weight > 0.78 else style.INK,
            )
    parts = [float(value) for value in grid.index]
    prices = [float(value) for value in grid.columns]
    near = (
        _nearest(prices, effect.unit_value.value),
        _nearest(parts, effect.parts_share.value),
    )
    axis.add_patch(_cell(near[0], near[1], "none", edge=style.US_TO_JAPAN, width=2.4))
    axis.set_xlim(0, columns)
    axis.set_ylim(rows, 0)
    axis.set_xticks(
        [index + 0.5 for index in range(columns)],
        [numbers.usd(value) for value in prices],
        size=8.5,
    )
    axis.set_yticks(
        [index + 0.5 for index in range(rows)],
        [numbers.percent(value, 0) for value in parts],
        size=8.5,
    )
    axis.set_xlabel("value of a car")
    axis.set_ylabel("Japanese parts")
    axis.tick_params(length=0)
    axis.spines[["left", "bottom"]].set_visible(False)
    spread = (
        f"{numbers.between(*(numbers.plain(end) for end in (known.min(), known.max())))} "
        "thousand cars"
        if known.size
        else "nowhere a number of cars"
    )
    alt = (
        f"Heat table of cars a year that close {share} of the car gap by value of a car and "
        f"Japanese parts: {spread}, fewer for dearer cars with fewer parts."
    )
    data = grid.reset_index().melt(
        id_vars="parts_percent", var_name="unit_value_usd", value_name="cars"
    )
    return Chart("closing_heat", fig, alt, data)


def _shade(weight: float) -> tuple[float, float, float]:
    """From near white to the blue of flows from Japan."""
    light, dark = (0.93, 0.96, 0.98), (0.0, 0.35, 0.56)
    mixed = [one + (other - one) * weight for one, other in zip(light, dark, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _cell(column: int, row: int, face: Any, edge: str = "white", width: float = 1.0) -> Any:

    return Rectangle((column, row), 1, 1, facecolor=face, edgecolor=edge, linewidth=width)


def _nearest(values: Sequence[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda index: abs(values[index] - wanted))
