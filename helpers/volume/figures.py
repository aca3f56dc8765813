"""Pictures of the import volume: curves, dots, plan against actual, and what a month would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.parts import drawn_once
from helpers.quantities import Floats
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX, LINE_HEIGHT, TEXT_PX, length, spread
from helpers.volume import findings
from helpers.volume.pooling import Pool
from helpers.volume.precedents import CLASS_NAMES

OWN = "tables of this notebook; own calculations."
DOTS = 20
_LEFT_PX, _HEIGHT_PX = 34.0, 230.0
_LINE_PX = LINE_HEIGHT * TEXT_PX
_LOG_NUMBER_PX = 54.0
"""What a number on a logarithmic axis takes."""


@dataclass(frozen=True)
class _Curve:
    """A cumulative curve as it is drawn: values in percent, and how its line looks."""

    values: Floats
    look: Mapping[str, Any]


def curve(pool: Pool) -> Drawing:
    """Cumulative distribution of both views and of the pool, the threshold marked."""
    threshold, probability = pool.threshold, pool.probability
    low, middle, high = map(float, pool.quantiles([0.1, 0.5, 0.9]))
    at: Floats = np.linspace(0, max(1.6 * threshold, 1.1 * high), 81)
    curves = {
        "precedents": _Curve(100 * pool.outside.at_most(at), _look(style.ACCENTS[1], "--", 2.0)),
        "model by model": _Curve(100 * pool.inside.at_most(at), _look(style.ACCENTS[2], "-.", 2.0)),
        "both together": _Curve(100 * pool.distribution(at), _look(style.INK, "-", 2.8)),
    }
    below = 100 * (1 - probability)

    def draw(canvas: Canvas) -> None:
        words = f"{findings.cars(threshold)} or more: {numbers.probability(probability)}"
        axis = _cumulative(canvas, at, curves, threshold, words)
        _interval(axis, (low, middle, high), 50, style.INK)
        axis.vlines(threshold, 0, below, linewidth=1, linestyle=":", color=style.US_TO_JAPAN)
        axis.vlines(threshold, below, 100, linewidth=5, color=style.US_TO_JAPAN)

    return Drawing(
        "curve",
        findings.headline(threshold, probability),
        "Probability that at most so many cars come in the year looked at, %; bar: 80 % interval "
        "and median of both together",
        OWN,
        draw,
        "Cumulative curves of cars a year, model by model, by precedents and both together. "
        f"{findings.cars(threshold)} or more: {numbers.probability(probability)}. Median "
        f"{findings.cars(middle)}, 80 % interval {numbers.span(low, high)}.",
        _points(at, curves),
    )


def update(before: Pool, after: Pool, told: str) -> Drawing:
    """Both views together before and after what was observed. told: what that was, in words."""
    threshold = before.threshold
    spans = [tuple(map(float, pool.quantiles([0.1, 0.5, 0.9]))) for pool in (before, after)]
    at: Floats = np.linspace(0, max(1.6 * threshold, *(1.1 * high for *_, high in spans)), 81)
    curves = {
        "before": _Curve(100 * before.distribution(at), _look(style.NEUTRAL, "--", 2.0)),
        "after": _Curve(100 * after.distribution(at), _look(style.INK, "-", 2.8)),
    }
    chances = [numbers.percent(100 * pool.probability, 0) for pool in (before, after)]

    def draw(canvas: Canvas) -> None:
        axis = _cumulative(canvas, at, curves, threshold, findings.cars(threshold))
        colours = [curve.look["color"] for curve in curves.values()]
        for span, height, colour in zip(spans, (46, 54), colours, strict=True):
            _interval(axis, span, height, colour)
        axis.axvline(threshold, color=style.US_TO_JAPAN, linewidth=1.4, linestyle=":")

    return Drawing(
        "update",
        f"After {told}, {findings.cars(threshold)} or more have a probability of {chances[1]} "
        f"instead of {chances[0]}",
        "Probability that at most so many cars come in the year looked at, %, both views together; "
        "bars: 80 % intervals and medians",
        OWN,
        draw,
        f"Cumulative curves of cars a year before and after {told}. {findings.cars(threshold)} or "
        f"more: {chances[0]} before, {chances[1]} after.",
        _points(at, curves),
    )


def _look(colour: str, line: str, width: float) -> dict[str, Any]:
    return {"color": colour, "linestyle": line, "linewidth": width}


def _points(at: Floats, curves: Mapping[str, _Curve]) -> pd.DataFrame:
    return pd.DataFrame({"cars": at} | {label: curve.values for label, curve in curves.items()})


def _cumulative(
    canvas: Canvas, at: Floats, curves: Mapping[str, _Curve], threshold: float, words: str
) -> Axes:
    """Axes with the curves, their names at their right ends, and words above the threshold."""
    right = max(length(label) for label in curves) + 12
    wide, top = canvas.width - _LEFT_PX - right, _LINE_PX + 4
    half = length(words, weight="bold") / 2
    x = min(max(_LEFT_PX + wide * threshold / at[-1], half), canvas.width - half)
    canvas.text(x, 0, words, ha="center", weight="bold")
    axis = canvas.axes(top, _HEIGHT_PX, left=_LEFT_PX, right=right)
    for curve in curves.values():
        axis.plot(at, curve.values, **curve.look)
    ends = [top + _HEIGHT_PX * (1 - float(curve.values[-1]) / 101) for curve in curves.values()]
    centres = spread(ends, [_LINE_PX] * len(ends), top - 6, top + _HEIGHT_PX)
    for label, centre in zip(curves, centres, strict=True):
        canvas.text(canvas.width - right + 8, centre - _LINE_PX / 2, label)
    axis.set(xlim=(0, at[-1]), ylim=(0, 101))
    number = length(numbers.plain(float(at[-1])), 11) + 14
    axis.locator_params(axis="x", nbins=min(8, max(1, int(wide / number))))
    grouped(axis)
    axis.grid(axis="y")
    canvas.text(_LEFT_PX, top + _HEIGHT_PX + AXIS_PX, "cars a year", size=11)
    return axis


def _interval(axis: Axes, span: Sequence[float], height: float, colour: str) -> None:
    low, middle, high = span
    look: dict[str, Any] = {"linewidth": 6, "alpha": 0.3, "solid_capstyle": "butt"}
    axis.plot([low, high], [height] * 2, color=colour, **look)
    axis.plot(middle, height, "D", color=colour, markersize=7, clip_on=False)


def dots(pool: Pool) -> Drawing:
    """Twenty equally likely outcomes as stacked dots, those at or above the threshold filled."""
    levels = (np.arange(DOTS) + 0.5) / DOTS
    values = pool.quantiles(list(levels))
    reach = values >= pool.threshold
    count = int(reach.sum())
    low, high = min(float(values[0]), pool.threshold), max(float(values[-1]), pool.threshold)
    ends = max(1.0, 0.6 * low), 1.6 * max(10.0, high)

    def draw(canvas: Canvas) -> None:
        margin = _LOG_NUMBER_PX / 2
        wide = canvas.width - 2 * margin
        decade = wide / np.log10(ends[1] / ends[0])
        columns = max(1.0, np.floor(decade / 16))
        # columns start at the threshold, so that a dot stands on the side of it where it belongs
        column = np.floor(columns * np.log10(np.maximum(values, 1.0) / pool.threshold))
        height = [int((column[:index] == column[index]).sum()) for index in range(DOTS)]
        tallest = max(height) + 1
        x = margin + decade * np.log10(pool.threshold / ends[0])
        words = findings.cars(pool.threshold)
        half = length(words, weight="bold") / 2
        canvas.text(min(max(x, half), canvas.width - half), 0, words, ha="center", weight="bold")
        axis = canvas.axes(_LINE_PX + 4, 16.0 * tallest, left=margin, right=margin)
        axis.axvline(pool.threshold, color=style.US_TO_JAPAN, linewidth=1.4, linestyle=":")
        at = pool.threshold * 10 ** ((column + 0.5) / columns)
        look: dict[str, Any] = {"marker": "o", "linestyle": "none", "markersize": 11}
        look |= {"markeredgewidth": 1.8, "clip_on": False}
        for chosen, colour, face in (
            (~reach, style.NEUTRAL, "white"),
            (reach, style.US_TO_JAPAN, style.US_TO_JAPAN),
        ):
            rows = np.array(height)[chosen] + 0.5
            axis.plot(at[chosen], rows, color=colour, markerfacecolor=face, **look)
        axis.set(xlim=ends, ylim=(0, tallest), yticks=[], xscale="log")
        axis.minorticks_off()
        axis.spines["left"].set_visible(False)
        axis.set_xticks(_log_ticks(*ends, wide))
        grouped(axis)
        canvas.text(0, _LINE_PX + 4 + 16.0 * tallest + AXIS_PX, "cars a year", size=11)

    return Drawing(
        "outcomes",
        f"{_counted(count)} of {DOTS} equally likely outcomes "
        f"{'reaches' if count == 1 else 'reach'} {findings.cars(pool.threshold)}",
        f"Each dot is one outcome of 1 in {DOTS}, both views together; cars in the year looked at, "
        "logarithmic scale",
        OWN,
        draw,
        f"Dot plot of {DOTS} equally likely outcomes; {count} of them reach "
        f"{findings.cars(pool.threshold)}. The middle ones are "
        f"{numbers.span(float(values[9]), float(values[10]))} cars.",
        pd.DataFrame({"probability_level": levels, "cars": values, "reaches_threshold": reach}),
    )


def _log_ticks(left: float, right: float, wide: float) -> list[float]:
    """Round numbers between the ends, as many as have room."""
    for parts, powers in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2)):
        every = (part * 10.0**power for power in range(0, 9, powers) for part in parts)
        ticks = [tick for tick in every if left <= tick <= right]
        # the narrowest gap is that from 2 to 5, from 3 to 10 or of whole decades
        gap = {3: np.log10(2), 2: np.log10(3), 1: powers}[len(parts)]
        if gap * wide / np.log10(right / left) >= _LOG_NUMBER_PX:
            break
    return ticks


@drawn_once
def dumbbells(rows: pd.DataFrame) -> Drawing:
    """Cars counted per car planned of each precedent by class, around 1; those that do not count
    are hollow. `rows` as `precedents.usable` gives them.
    """
    counted = rows[rows["used"]]
    us_built = counted[counted["origin_country"] == "USA"]
    missed = int((us_built["attainment_ratio"] < 1).sum())
    title = (
        f"{missed} of {len(us_built)} US-built programmes with a known plan sold less than planned"
    )
    farthest = float(np.abs(np.log2(rows["attainment_ratio"])).max())
    reach = 2.0 ** np.ceil(farthest)
    classes = [
        (label, rows[rows["reference_class"] == name].to_dict("records"))
        for name, label in CLASS_NAMES.items()
    ]
    classes = [(label, members) for label, members in classes if members]

    def draw(canvas: Canvas) -> None:
        y, right = 0.0, 112.0 if canvas.narrow else 262.0
        for place, (label, members) in enumerate(classes):
            y = canvas.text(0, y, label, weight="bold") + 2
            names = [str(row["program"]) for row in members]
            axis = canvas.rows(names, y, left=182, right=right, row=22)
            upright(axis, 1, len(members), 0.22 if canvas.narrow else 0.5)
            step = 22 + (_LINE_PX + 2 if canvas.narrow else 0.0)
            for line, row in enumerate(members):
                _precedent(axis, line, row)
                middle = y + line * step + (step - 22) + 11
                _raw_numbers(canvas, middle, right, row)
            axis.set(xlim=(0.7 / reach, reach / 0.7), xscale="log")
            axis.minorticks_off()
            ticks = [2.0**power for power in range(int(-np.log2(reach)), int(np.log2(reach)) + 1)]
            axis.set_xticks(ticks, [_fraction(tick) for tick in ticks])
            last = place == len(classes) - 1
            axis.tick_params(labelbottom=last, bottom=last)
            axis.spines["bottom"].set_visible(last)
            axis.grid(visible=not canvas.narrow, axis="x")
            y += step * len(members) + 6
        canvas.text(0, y + AXIS_PX - 6, "cars counted per car planned", size=11)

    data = rows[
        [
            "program",
            "reference_class",
            "target_period_units",
            "actual_period_units",
            "attainment_ratio",
            "actual_measure",
            "weight",
            "why_not",
        ]
    ]
    return Drawing(
        "precedents",
        title,
        "Cars counted per car planned in the period compared, each step of the scale doubles; half "
        "dot: counts in part; hollow dot: does not count here; at the right cars counted of those "
        "planned",
        "press and industry reports listed in the table of precedents; own calculations.",
        draw,
        f"Dots of cars counted per car planned for {len(rows)} programmes, around 1. {title}; "
        f"{len(counted)} of the ratios count.",
        data.reset_index(drop=True),
    )


def _precedent(axis: Axes, line: int, row: Mapping[Any, Any]) -> None:
    ratio = row["attainment_ratio"]
    colour = style.BAD if ratio < 1 else style.GOOD
    axis.plot([1, ratio], [line, line], color=colour, linewidth=1.8, alpha=0.6)
    axis.plot(
        ratio,
        line,
        marker="o",
        color=colour,
        markerfacecolor=colour if row["used"] else "white",
        fillstyle="full" if row["weight"] in (0, 1) else "left",
        markerfacecoloralt="white",
        markersize=9,
        clip_on=False,
    )


def _raw_numbers(canvas: Canvas, middle: float, right: float, row: Mapping[Any, Any]) -> None:
    words = " of ".join(
        numbers.plain(row[name]) for name in ("actual_period_units", "target_period_units")
    )
    if row["why_not"] and not canvas.narrow:
        words += f", {row['why_not']}"
    canvas.text(canvas.width - right + 10, middle - 7, words, size=11)


def _fraction(ratio: float) -> str:
    return numbers.plain(ratio) if ratio >= 1 else f"1/{1 / ratio:.0f}"


def upright(axis: Axes, at: float, rows: int, half: float) -> None:
    """A line at a value across each row, and not through a label that stands above one."""
    lines = np.arange(rows)
    axis.vlines([at] * rows, lines - half, lines + half, color=style.INK, linewidth=1)


def grouped(axis: Axes) -> None:
    """Ticks of the horizontal axis as grouped digits."""
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))


def _counted(count: int) -> str:
    return "None" if count == 0 else str(count)
