"""Figures of notebook 04 on the programme: its cost beside the duty it may protect, and the
break-even over both.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.ticker import NullLocator

from helpers.cost.findings import points
from helpers.cost.part import CostPart
from helpers.show import numbers, style
from helpers.show.figure import Chart

SOURCE = (
    "US Commerce import values, JAMA exports and the maker's exports, as relayed by the press; "
    "Federal Register; the programme's cost is an assumption; own calculations."
)
_LEVELS = (1, 2, 5, 10, 20, 50, 100)


def cost_and_saving(cost: CostPart) -> Chart:
    """Bars from zero: the maker's part of the programme's yearly cost and what it has at stake, the
    whole cost and the stake of all exporters. The thin lines are 80 % intervals.
    """
    found, maker = cost.premium, cost.maker
    bars = {
        f"cost, {maker}'s part": found.maker_cost,
        f"at stake for {maker}": found.maker.loss,
        "cost, all makers": found.cost,
        "at stake for all makers": found.industry.loss,
    }
    values = [float(bar.value) for bar in bars.values()]
    ends = [bar.interval or (math.nan, math.nan) for bar in bars.values()]
    data = pd.DataFrame(
        {
            "item": list(bars),
            "usd_mn_a_year": values,
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }
    )
    fig, axis = style.canvas(
        _bars_title(cost),
        "USD million a year; at stake is what exporters would lose by the other duty. Thin lines "
        "are 80 % intervals",
        SOURCE,
        height_in=2.1,
    )
    axis.barh(
        range(len(data)),
        values,
        color=[style.US_TO_JAPAN, style.JAPAN_TO_US] * 2,
        height=0.66,
    )
    for row, (value, (low, high)) in enumerate(zip(values, ends, strict=True)):
        if low < high:
            axis.plot([low, high], [row, row], color=style.INK, linewidth=1.4)
        axis.annotate(
            numbers.plain(value),
            (max(value, 0 if math.isnan(high) else high), row),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=9,
        )
    axis.set_yticks(range(len(data)), data["item"])
    axis.invert_yaxis()
    highest = max([1.0, *values, *(high for _, high in ends if not math.isnan(high))])
    axis.set_xlim(min(0.0, *values) * 1.1, highest * 1.12)
    axis.axvline(0, color=style.INK, linewidth=0.8)
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)
    axis.tick_params(left=False, bottom=False)
    alt = (
        f"Bar chart in USD million a year: programme cost {numbers.plain(values[0])}, duty "
        f"difference on {maker}'s cars {numbers.plain(values[1])}, of it borne by {maker} "
        f"{numbers.plain(values[2])}, duty difference on all cars from Japan "
        f"{numbers.plain(values[3])}."
    )
    return Chart("cost_and_saving", fig, alt, data)


def _bars_title(cost: CostPart) -> str:
    found = cost.premium
    yearly, loss = float(found.maker_cost.value), float(found.maker.loss.value)
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


def contour(cost: CostPart, others: Mapping[str, CostPart]) -> Chart:
    """Lines of equal break-even probability over cost and stake, both a year and logarithmic, with
    scenarios as numbered dots.

    others: other scenarios, by title. A scenario without cost or stake has no point on a
    logarithmic axis and is named below.
    """
    found = cost.premium
    run, run_all = f"this run, {cost.maker}", "this run, all makers"
    rows = [
        (title, float(other.premium.maker_cost.value), float(other.premium.maker.loss.value))
        for title, other in others.items()
    ]
    yearly = float(found.maker_cost.value)
    rows += [
        (run, yearly, float(found.maker.loss.value)),
        (run_all, float(found.cost.value), float(found.industry.loss.value)),
    ]
    data = pd.DataFrame(rows, columns=["scenario", "cost_usd_mn_a_year", "stake_usd_mn_a_year"])
    drawn = {title: (x, y) for title, x, y in rows if x >= 1 and y >= 1}
    missing = [title for title, _, _ in rows if title not in drawn]
    fig, axis = style.canvas(
        _contour_title(cost),
        "Lines: least rise in the probability of keeping the duty that pays for the programme. "
        "Axes in USD million a year, logarithmic",
        SOURCE
        + (f" Not drawn, no cost or nothing to protect: {', '.join(missing)}." if missing else ""),
        height_in=4.3,
    )
    x_limits = _limits([x for x, _ in drawn.values()], 20, 600)
    y_limits = _limits([y for _, y in drawn.values()], 200, 8_000)
    axis.set(xscale="log", yscale="log", xlim=x_limits, ylim=y_limits)
    for level in _LEVELS:
        axis.plot(
            x_limits,
            [100 * x / level for x in x_limits],
            color=style.JAPAN_TO_US,
            linewidth=1.0,
            alpha=0.55,
        )
        _label_line(axis, level, x_limits, y_limits)
    dots = {title: dot for title, dot in drawn.items() if title not in (run, run_all)}
    _number_dots(axis, dots, drawn.get(run), x_limits, y_limits)
    ends = (found.maker_cost.interval, found.maker.loss.interval)
    if run in drawn and ends[0] and ends[1] and ends[0][0] > 0 and ends[1][0] > 0:
        x, y = drawn[run]
        axis.plot(ends[0], [y, y], color=style.US_TO_JAPAN, linewidth=1.2)
        axis.plot([x, x], ends[1], color=style.US_TO_JAPAN, linewidth=1.2)
    for name, marker in ((run, "D"), (run_all, "s")):
        if name in drawn:
            axis.plot(*drawn[name], marker, color=style.US_TO_JAPAN, markersize=8)
            axis.annotate(
                name,
                drawn[name],
                (7, 9),
                textcoords="offset points",
                size=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
            )
    _round_ticks(axis.xaxis, x_limits, "cost")
    _round_ticks(axis.yaxis, y_limits, "at stake")
    protected = bool(found.maker.loss.value > 0)
    outcome = (
        f"break-even {points(found.break_even)} for {cost.maker}'s part and "
        f"{points(found.industry_break_even)} for all makers."
        if protected
        else "nothing to protect."
    )
    alt = (
        "Contour chart of the break-even probability over yearly cost and stake, "
        f"with {len(dots)} scenarios as dots. This run: cost "
        f"{numbers.plain(yearly)}, stake "
        f"{numbers.plain(float(found.maker.loss.value))} USD million, {outcome}"
    )
    return Chart("break_even", fig, alt, data)


def _number_dots(
    axis: Any,
    dots: Mapping[str, tuple[float, float]],
    run: tuple[float, float] | None,
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
) -> None:
    """The scenarios as numbered dots, those at one point as one, and the key to the numbers."""
    titles: dict[tuple[float, float], list[str]] = {}
    for title, dot in dots.items():
        titles.setdefault((round(dot[0], 6), round(dot[1], 6)), []).append(title)
    ordered = sorted(titles.items(), key=lambda item: item[0][0] / item[0][1])
    spots = _number_spots([dot for dot, _ in ordered], run, x_limits, y_limits)
    key = []
    for number, ((dot, names), spot) in enumerate(zip(ordered, spots, strict=True), 1):
        axis.plot(*dot, "o", color="white", markeredgecolor=style.INK, markersize=6)
        axis.annotate(
            str(number), dot, spot, textcoords="offset points", size=8, ha="center", va="center"
        )
        key.append(
            f"{number}  {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        )
    axis.text(
        0.985,
        0.03,
        "\n".join(key),
        transform=axis.transAxes,
        size=8,
        ha="right",
        va="bottom",
        multialignment="left",
        linespacing=1.35,
        bbox={"facecolor": "white", "edgecolor": style.LIGHT, "pad": 4},
    )


def _round_ticks(direction: Any, limits: tuple[float, float], label: str) -> None:
    ticks = [
        tick * 10**power
        for power in range(-2, 6)
        for tick in (1, 2, 5)
        if limits[0] <= tick * 10**power <= limits[1]
    ]
    direction.set_ticks(
        ticks, [numbers.plain(tick) if tick >= 1 else f"{tick:g}" for tick in ticks]
    )
    direction.set_minor_locator(NullLocator())
    direction.set_label_text(label)


def _number_spots(
    dots: list[tuple[float, float]],
    run: tuple[float, float] | None,
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
) -> list[tuple[float, float]]:
    """Where the number of each dot stands beside it, in points, so that numbers of neighbours and
    the name of the run stay apart.
    """

    def in_points(dot: tuple[float, float]) -> tuple[float, float]:
        shares = [
            math.log(value / limits[0]) / math.log(limits[1] / limits[0])
            for value, limits in zip(dot, (x_limits, y_limits), strict=True)
        ]
        return 430 * shares[0], 290 * shares[1]

    taken = [(*in_points(dot), 5.0) for dot in dots]
    if run is not None:
        x, y = in_points(run)
        taken += [(x + step, y + 13, 8.0) for step in range(8, 96, 8)]
    spots = []
    for dot in dots:
        x, y = in_points(dot)
        ring = [
            (reach * math.cos(turn * math.pi / 4), reach * math.sin(turn * math.pi / 4))
            for reach in (11, 17, 24, 32)
            for turn in (5, 7, 6, 4, 3, 0, 2, 1)
        ]
        free = [
            (dx, dy)
            for dx, dy in ring
            if all(
                abs(x + dx - tx) > size + 3 or abs(y + dy - ty) > size + 3 for tx, ty, size in taken
            )
        ]
        spots.append((free or ring)[0])
        taken.append((x + spots[-1][0], y + spots[-1][1], 5.0))
    return spots


def _contour_title(cost: CostPart) -> str:
    found = cost.premium
    if found.maker_cost.value <= 0:
        return "The programme costs nothing on balance, so it needs to protect nothing"
    if found.maker.loss.value <= 0:
        return "There is nothing to protect, so no probability makes the programme pay"
    if found.break_even.value >= 100:
        return f"For {cost.maker} not even certainty of the lower duty pays for its part"
    return (
        f"{cost.maker} needs {points(found.break_even)} more certainty for its part, all makers "
        f"{points(found.industry_break_even)} for the whole"
    )


def _limits(values: list[float], low: float, high: float) -> tuple[float, float]:
    return min([low, *(0.7 * value for value in values)]), max(
        [high, *(1.4 * value for value in values)]
    )


def _label_line(
    axis: Any, level: float, x_limits: tuple[float, float], y_limits: tuple[float, float]
) -> None:
    """The level's name where its line leaves the frame, at the top or at the right."""
    at_top = (y_limits[1] * level / 100, y_limits[1])
    at_right = (x_limits[1], 100 * x_limits[1] / level)
    if x_limits[0] < at_top[0] < x_limits[1]:
        axis.annotate(
            f"{level} %",
            at_top,
            (0, 2),
            textcoords="offset points",
            size=8,
            color=style.JAPAN_TO_US,
            ha="center",
            va="bottom",
        )
    elif y_limits[0] < at_right[1] < y_limits[1]:
        axis.annotate(
            f"{level} %",
            at_right,
            (4, 0),
            textcoords="offset points",
            size=8,
            color=style.JAPAN_TO_US,
            ha="left",
            va="center",
        )
