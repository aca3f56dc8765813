"""Pictures of the import volume: curves, dots, plan against actual, and the steps of the count."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.quantities import Floats
from helpers.show import Chart, numbers, style
from helpers.volume import findings
from helpers.volume.part import VolumePart
from helpers.volume.pooling import Pool
from helpers.volume.tables import CLASS_NAMES

OWN = (
    "segment counts and precedents as listed in the notebook; shares and effects are "
    "assumptions; own calculations."
)
DOTS = 20
_STEP_LABELS = (
    "at base price",
    "drive side",
    "room for it",
    "price",
    "sales network",
    "year, months",
    "supply",
)


def curve(pool: Pool, name: str = "curve") -> Chart:
    """Cumulative distribution of both views and of the pool, the threshold marked."""
    threshold, probability = pool.threshold, pool.probability
    right = max(1.6 * threshold, 1.1 * float(pool.quantiles([0.9])[0]))
    at: Floats = np.linspace(0, right, 81)
    curves: dict[str, Floats] = {
        "model by model": pool.inside_distribution(at),
        "both together": pool.distribution(at),
        "precedents": pool.outside_distribution(at),
    }
    data = pd.DataFrame({"cars": at} | {label: 100 * values for label, values in curves.items()})
    fig, axis = style.canvas(
        findings.headline(threshold, probability),
        "Probability that at most so many cars come in the year looked at, %",
        OWN,
    )
    looks = {
        "precedents": (style.ACCENTS[1], "--", 1.8),
        "model by model": (style.ACCENTS[2], "-.", 1.8),
        "both together": (style.INK, "-", 2.8),
    }
    for label, (colour, line, width) in looks.items():
        axis.plot(at, data[label], color=colour, linestyle=line, linewidth=width)
    last = {label: 100 * float(values[-1]) for label, values in curves.items()}
    ends = sorted(last, key=lambda label: (last[label], label == "model by model"))
    for label, height in zip(
        ends, _apart([last[label] for label in ends], 6.0, 100.0), strict=True
    ):
        axis.annotate(
            label,
            (right, height),
            (6, 0),
            textcoords="offset points",
            size=9.5,
            va="center",
            annotation_clip=False,
        )
    below = 100 * (1 - probability)
    axis.plot(
        [threshold, threshold], [0, below], color=style.US_TO_JAPAN, linewidth=1, linestyle=":"
    )
    axis.plot(
        [threshold, threshold],
        [below, 100],
        color=style.US_TO_JAPAN,
        linewidth=5,
        solid_capstyle="butt",
    )
    axis.annotate(
        f"{findings.cars(threshold)} or more:\n{numbers.probability(probability)}",
        (threshold, 4),
        (6, 0),
        textcoords="offset points",
        size=9.5,
        weight="bold",
        va="bottom",
    )
    axis.set(xlim=(0, right), ylim=(0, 101), xlabel="cars a year", ylabel="probability, %")
    grouped(axis)
    axis.grid(axis="y")
    middle = float(pool.quantiles([0.5])[0])
    alt = (
        "Cumulative curves of cars a year, model by model, by precedents and both together. "
        f"{findings.cars(threshold)} or more: {numbers.probability(probability)}. Median "
        f"{findings.cars(middle)}."
    )
    return Chart(name, fig, alt, data)


def dots(pool: Pool) -> Chart:
    """Twenty equally likely outcomes as stacked dots, those at or above the threshold filled in the
    colour of US cars.
    """
    levels = (np.arange(DOTS) + 0.5) / DOTS
    values = pool.quantiles(list(levels))
    reach = values >= pool.threshold
    right = max(float(np.quantile(values, 0.93)), 1.25 * pool.threshold)
    width = right / 26
    shown = np.minimum(values, right)
    column = np.floor(shown / width)
    height = [int((column[:index] == column[index]).sum()) for index in range(DOTS)]
    count, tallest = int(reach.sum()), max(height) + 1
    fig, axis = style.canvas(
        f"{_counted(count)} of {DOTS} equally likely outcomes "
        f"{'reaches' if count == 1 else 'reach'} {findings.cars(pool.threshold)}",
        "Each dot is one outcome of 1 in 20, both views together; cars in the year looked at",
        OWN,
        height_in=0.8 + 0.26 * (tallest + 1),
    )
    for chosen, colour, face in (
        (~reach, style.NEUTRAL, "white"),
        (reach, style.US_TO_JAPAN, style.US_TO_JAPAN),
    ):
        axis.plot(
            (column[chosen] + 0.5) * width,
            np.array(height)[chosen] + 0.5,
            marker="o",
            markersize=11,
            linestyle="none",
            color=colour,
            markerfacecolor=face,
            markeredgewidth=1.8,
        )
    if (values > right).any():
        farthest = numbers.plain(numbers.significant(float(values[-1]), 2))
        top = int((column == column[-1]).sum())
        axis.annotate(
            f"up to {farthest}",
            ((column[-1] + 0.9) * width, top + 0.1),
            ha="right",
            va="bottom",
            size=9,
            annotation_clip=False,
        )
    axis.axvline(pool.threshold, color=style.US_TO_JAPAN, linewidth=1.4, linestyle=":")
    axis.annotate(
        findings.cars(pool.threshold),
        (pool.threshold, tallest + 0.9),
        (-5, 0),
        textcoords="offset points",
        ha="right",
        va="top",
        size=9.5,
        weight="bold",
    )
    axis.set(xlim=(0, right + 1.5 * width), ylim=(0, tallest + 1), xlabel="cars a year", yticks=[])
    axis.spines["left"].set_visible(False)
    grouped(axis)
    data = pd.DataFrame({"probability_level": levels, "cars": values, "reaches_threshold": reach})
    alt = (
        f"Dot plot of {DOTS} equally likely outcomes; {count} of them reach "
        f"{findings.cars(pool.threshold)}. The middle ones are "
        f"{numbers.span(float(values[9]), float(values[10]))} cars."
    )
    return Chart("outcomes", fig, alt, data)


def dumbbells(rows: pd.DataFrame) -> Chart:
    """Plan and actual of each precedent by class; those that do not count are hollow. `rows` as
    `precedents.usable` gives them.
    """
    counted = rows[rows["used"]]
    us_built = counted[counted["origin_country"] == "USA"]
    missed = int((us_built["attainment_ratio"] < 1).sum())
    title = (
        f"{missed} of {len(us_built)} US-built programmes with a known plan sold less than planned"
    )
    fig, axis = style.canvas(
        title,
        "Cars planned and counted in the period compared, logarithmic scale; hollow dot: does "
        "not count here",
        "press and industry reports listed in data/market/precedents.csv; own calculations.",
        height_in=4.3,
    )
    line, ticks, plans = 0, [], []
    for name, label in CLASS_NAMES.items():
        axis.text(
            0.005,
            line,
            label,
            transform=axis.get_yaxis_transform(),
            size=9,
            weight="bold",
            va="center",
            ha="left",
        )
        line += 1
        for row in rows[rows["reference_class"] == name].to_dict("records"):
            plan, actual = row["target_period_units"], row["actual_period_units"]
            colour = style.BAD if row["attainment_ratio"] < 1 else style.GOOD
            axis.plot([plan, actual], [line, line], color=colour, linewidth=1.6, alpha=0.6)
            plans.append((plan, line))
            axis.plot(
                actual,
                line,
                marker="o",
                color=colour,
                markerfacecolor=colour if row["used"] else "white",
                markersize=7.5,
            )
            note = f"{row['attainment_ratio']:.2f} of plan" + (
                f" ({row['why_not']})" if row["why_not"] else ""
            )
            axis.annotate(
                note,
                (max(plan, actual), line),
                (10, 0),
                textcoords="offset points",
                size=8.5,
                va="center",
            )
            ticks.append((line, str(row["program"])))
            line += 1
    axis.plot(
        *zip(*plans, strict=True),
        marker="|",
        color=style.INK,
        markersize=12,
        markeredgewidth=2.2,
        linestyle="none",
    )
    axis.set_yticks([tick for tick, _ in ticks], [label for _, label in ticks], size=8.5)
    axis.tick_params(axis="y", length=0)
    axis.set_xscale("log")
    axis.set(ylim=(line - 0.4, -0.6), xlim=(500, 600_000), xlabel="cars; bar: plan, dot: counted")
    axis.minorticks_off()
    grouped(axis)
    axis.grid(axis="x")
    data = rows[
        [
            "program",
            "reference_class",
            "target_period_units",
            "actual_period_units",
            "attainment_ratio",
            "actual_measure",
            "used",
            "why_not",
        ]
    ]
    alt = (
        f"Dumbbell chart of plan against count of {len(rows)} programmes on a logarithmic scale. "
        f"{title}; {len(counted)} of the ratios count."
    )
    return Chart("precedents", fig, alt, data.reset_index(drop=True))


def walk(volume: VolumePart) -> Chart:
    """Per model, from buyers at the base price to expected cars, as small multiples on one scale
    from 0.
    """
    frame = volume.walk
    steps = frame.columns[3:]
    willing, left = float(frame[steps[0]].sum()), float(frame[steps[-1]].sum())
    largest = float(frame[list(steps)].max().max())
    columns = min(3, len(frame))
    rows = -(-len(frame) // columns)
    fig, axes = style.canvas(
        f"Of {numbers.units(willing, 'buyers')} at the base price, {numbers.units(left, '')} are "
        "expected to buy",
        "Mean cars a year left after each step, blue where a step adds; price at "
        f"¥{volume.parameter('jpy_per_usd'):.2f} per dollar; beside each model: cars counted in "
        "its segment",
        OWN,
        rows=rows,
        columns=columns,
        height_in=0.3 + 1.95 * rows,
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    counted = {car.model: car.segment_units for car in volume.offers}
    data = []
    for axis, row in zip(axes.flat, frame.to_dict("records"), strict=False):
        levels = [float(row[step]) for step in steps]
        bars = [
            (0, 0.0, levels[0], style.NEUTRAL),
            (len(levels), 0.0, levels[-1], style.US_TO_JAPAN),
        ]
        bars += [
            (line, before, after - before, style.ACCENTS[3] if after > before else style.LIGHT)
            for line, (before, after) in enumerate(pairwise(levels), start=1)
            if abs(after - before) > 5e-4 * largest
        ]
        lines, starts, widths, colours = zip(*bars, strict=True)
        axis.barh(lines, widths, left=starts, height=0.72, color=colours)
        axis.annotate(
            numbers.plain(numbers.significant(levels[-1])),
            (levels[-1], len(levels)),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            weight="bold",
        )
        axis.set_title(f"{row['title']}: {numbers.plain(counted[row['model']])}", size=9)
        axis.tick_params(axis="y", length=0, labelsize=8)
        axis.tick_params(axis="x", labelsize=8)
        axis.grid(axis="x")
        axis.spines["left"].set_visible(False)
        marks = zip(
            ("segment counted", "segment simulated", *steps),
            (counted[row["model"]], float(row["segment"]), *levels),
            strict=True,
        )
        data += [(row["title"], step, value) for step, value in marks]
    axes.flat[0].set_yticks(range(len(steps) + 1), [*_STEP_LABELS, "expected"])
    axes.flat[0].invert_yaxis()
    axes.flat[0].set_xlim(0, 1.12 * largest)
    grouped(axes.flat[0], 3 if columns > 1 else 7)
    for axis in axes.flat[len(frame) :]:
        axis.set_visible(False)
    first = frame.sort_values(str(steps[-1]), ascending=False).iloc[0]
    alt = (
        f"Waterfall bars for {len(frame)} models from buyers at the base price to expected cars. "
        f"{findings.cars(left)} are expected in all, the largest part {first['title']} with "
        f"{findings.cars(float(first[steps[-1]]))}."
    )
    return Chart("steps", fig, alt, pd.DataFrame(data, columns=["model", "step", "cars"]))


def grouped(axis: Axes, most: int = 0) -> None:
    """Ticks of the horizontal axis as grouped digits, at most so many of them when given."""
    if most:
        axis.locator_params(axis="x", nbins=most)
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))


def _apart(heights: list[float], gap: float, top: float) -> list[float]:
    """Rising heights moved so that neighbours are at least `gap` apart and none is above `top`."""
    moved = list(heights)
    for rank in range(len(moved) - 1, -1, -1):
        limit = top if rank == len(moved) - 1 else moved[rank + 1] - gap
        moved[rank] = min(moved[rank], limit)
    return moved


def _counted(count: int) -> str:
    return "None" if count == 0 else str(count)
