"""Pictures of the import volume: curves, dots, plan against actual, and what a month would say."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.quantities import Floats
from helpers.show import Chart, numbers, style
from helpers.volume import findings
from helpers.volume.pooling import Pool
from helpers.volume.tables import CLASS_NAMES

OWN = (
    "segment counts and precedents as listed in the notebook; shares and effects are "
    "assumptions; own calculations."
)
DOTS = 20
COLUMNS_A_DECADE = 12


def curve(pool: Pool, name: str = "curve") -> Chart:
    """Cumulative distribution of both views and of the pool, the threshold marked."""
    threshold, probability = pool.threshold, pool.probability
    right = max(1.6 * threshold, 1.1 * float(pool.quantiles([0.9])[0]))
    at: Floats = np.linspace(0, right, 81)
    curves: dict[str, Floats] = {
        "model by model": pool.inside.at_most(at),
        "both together": pool.distribution(at),
        "precedents": pool.outside.at_most(at),
    }
    data = pd.DataFrame({"cars": at} | {label: 100 * values for label, values in curves.items()})
    fig, axis = style.canvas(
        findings.headline(threshold, probability),
        "Probability that at most so many cars come in the year looked at, %; bar: 80 % interval "
        "and median of both together",
        OWN,
    )
    low, middle, high = map(float, pool.quantiles([0.1, 0.5, 0.9]))
    axis.plot(
        [low, high], [50, 50], color=style.INK, linewidth=6, alpha=0.25, solid_capstyle="butt"
    )
    axis.plot(middle, 50, "D", color=style.INK, markersize=6)
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
    alt = (
        "Cumulative curves of cars a year, model by model, by precedents and both together. "
        f"{findings.cars(threshold)} or more: {numbers.probability(probability)}. Median "
        f"{findings.cars(middle)}, 80 % interval {numbers.span(low, high)}."
    )
    return Chart(name, fig, alt, data)


def update(before: Pool, after: Pool, told: str) -> Chart:
    """Both views together before and after what was observed. told: what that was, in words."""
    threshold = before.threshold
    right = max(1.6 * threshold, *(1.1 * float(own.quantiles([0.9])[0]) for own in (before, after)))
    at: Floats = np.linspace(0, right, 81)
    curves = {"before": 100 * before.distribution(at), "after": 100 * after.distribution(at)}
    chances = [numbers.percent(100 * own.probability) for own in (before, after)]
    fig, axis = style.canvas(
        f"After {told}, {findings.cars(threshold)} or more have a probability of {chances[1]} "
        f"instead of {chances[0]}",
        "Probability that at most so many cars come in the year looked at, %, both views together; "
        "bars: 80 % intervals and medians",
        OWN,
    )
    looks = {"before": (style.NEUTRAL, "--", 1.8, 46), "after": (style.INK, "-", 2.8, 54)}
    for (label, values), pool in zip(curves.items(), (before, after), strict=True):
        colour, line, width, height = looks[label]
        axis.plot(at, values, color=colour, linestyle=line, linewidth=width)
        low, middle, high = pool.quantiles([0.1, 0.5, 0.9])
        look = {"linewidth": 6, "alpha": 0.35, "solid_capstyle": "butt"}
        axis.plot([low, high], [height, height], color=colour, **look)
        axis.plot(middle, height, "D", color=colour, markersize=6)
        axis.annotate(
            label,
            (max(float(middle), 0.08 * right), height),
            (0, 7),
            textcoords="offset points",
            size=9.5,
            ha="center",
        )
    axis.axvline(threshold, color=style.US_TO_JAPAN, linewidth=1.4, linestyle=":")
    axis.set(xlim=(0, right), ylim=(0, 101), xlabel="cars a year", ylabel="probability, %")
    grouped(axis)
    axis.grid(axis="y")
    alt = (
        f"Cumulative curves of cars a year before and after {told}. {findings.cars(threshold)} or "
        f"more: {chances[0]} before, {chances[1]} after."
    )
    return Chart("update", fig, alt, pd.DataFrame({"cars": at} | curves))


def dots(pool: Pool) -> Chart:
    """Twenty equally likely outcomes as stacked dots, those at or above the threshold filled in the
    colour of US cars.
    """
    levels = (np.arange(DOTS) + 0.5) / DOTS
    values = pool.quantiles(list(levels))
    reach = values >= pool.threshold
    # columns start at the threshold, so that a dot stands on the side of it where it belongs
    column = np.floor(COLUMNS_A_DECADE * np.log10(np.maximum(values, 1.0) / pool.threshold))
    height = [int((column[:index] == column[index]).sum()) for index in range(DOTS)]
    count, tallest = int(reach.sum()), max(height) + 1
    fig, axis = style.canvas(
        f"{_counted(count)} of {DOTS} equally likely outcomes "
        f"{'reaches' if count == 1 else 'reach'} {findings.cars(pool.threshold)}",
        "Each dot is one outcome of 1 in 20, both views together; cars in the year looked at, "
        "logarithmic scale",
        OWN,
        height_in=0.8 + 0.26 * (tallest + 1),
    )
    for chosen, colour, face in (
        (~reach, style.NEUTRAL, "white"),
        (reach, style.US_TO_JAPAN, style.US_TO_JAPAN),
    ):
        axis.plot(
            pool.threshold * 10 ** ((column[chosen] + 0.5) / COLUMNS_A_DECADE),
            np.array(height)[chosen] + 0.5,
            marker="o",
            markersize=11,
            linestyle="none",
            color=colour,
            markerfacecolor=face,
            markeredgewidth=1.8,
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
    ends = [min(float(values[0]), pool.threshold), max(float(values[-1]), pool.threshold)]
    left, right = max(1.0, 0.6 * ends[0]), 1.6 * max(10.0, ends[1])
    axis.set_xscale("log")
    axis.set(xlim=(left, right), ylim=(0, tallest + 1), xlabel="cars a year", yticks=[])
    axis.minorticks_off()
    axis.spines["left"].set_visible(False)
    marks = [own * 10.0**power for power in range(7) for own in (1, 2, 5)]
    axis.set_xticks(
        [own for own in marks if left <= own <= right][:: 2 if right > 1e4 * left else 1]
    )
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
        "Cars planned and counted in the period compared, logarithmic scale; half dot: counts in "
        "part; hollow dot: does not count here",
        "press and industry reports listed in data/market/precedents.csv; own calculations.",
        height_in=0.9 + 0.28 * (len(rows) + len(CLASS_NAMES)),
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
                fillstyle="full" if row["weight"] in (0, 1) else "left",
                markerfacecoloralt="white",
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
    axis.set(ylim=(line - 0.4, -0.6), xlim=(100, 600_000), xlabel="cars; bar: plan, dot: counted")
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
            "weight",
            "why_not",
        ]
    ]
    alt = (
        f"Dumbbell chart of plan against count of {len(rows)} programmes on a logarithmic scale. "
        f"{title}; {len(counted)} of the ratios count."
    )
    return Chart("precedents", fig, alt, data.reset_index(drop=True))


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
