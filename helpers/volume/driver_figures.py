"""Pictures of what drives the answer: choices of method, inputs, and shares of the spread."""

import pandas as pd
from matplotlib.axes import Axes

from helpers.show import Chart, numbers, style
from helpers.volume import findings
from helpers.volume.figures import OWN, grouped

MOST_BARS = 12


def choices(frame: pd.DataFrame, probability: float, median: float) -> Chart:
    """Tornado over choices of method: the lowest and the highest probability and median that the
    choices about one matter give. `frame` as `VolumePart.choices` gives it.
    """
    groups = frame.groupby("about", sort=False)
    ends = groups.agg(
        probability_low=("probability", "min"),
        probability_high=("probability", "max"),
        median_low=("median", "min"),
        median_high=("median", "max"),
    ).reset_index()
    for measure, chosen in (("probability", probability), ("median", median)):
        ends[f"{measure}_low"] = ends[f"{measure}_low"].clip(upper=chosen)
        ends[f"{measure}_high"] = ends[f"{measure}_high"].clip(lower=chosen)
    low, high = 100 * frame["probability"].min(), 100 * frame["probability"].max()
    title = (
        f"Choices of method move the probability from {numbers.percent(low, 0)} to "
        f"{numbers.percent(high, 0)}"
    )
    return _two_tornados(
        "choices", title, "Lowest and highest over the choices", ends, probability, median
    )


def swings(frame: pd.DataFrame, probability: float, median: float) -> Chart:
    """Tornado over inputs, the widest ones. `frame` as `VolumePart.swings` gives it."""
    shown = frame.rename(columns={"input": "about"})
    shown["width"] = (shown["median_high"] - shown["median_low"]).abs()
    chance = (shown["probability_high"] - shown["probability_low"]).abs()
    rank = chance.rank(ascending=False).clip(upper=shown["width"].rank(ascending=False))
    shown = shown[rank.rank(method="first") <= MOST_BARS].drop(columns="width")
    first = shown.iloc[0]
    title = (
        f"Of the inputs, {first['about']} moves the probability most, from "
        f"{numbers.percent(100 * first['probability_low'], 0)} to "
        f"{numbers.percent(100 * first['probability_high'], 0)}"
    )
    what = "One input in its lowest or highest fifth, of a model: without it or with it"
    return _two_tornados("swings", title, what, shown, probability, median)


def _two_tornados(
    name: str, title: str, what: str, frame: pd.DataFrame, probability: float, median: float
) -> Chart:
    fig, axes = style.canvas(
        title,
        f"{what}; left: probability of the volume asked for, %; right: median, cars a year; line: "
        "as chosen",
        OWN,
        columns=2,
        height_in=0.7 + 0.3 * len(frame),
        sharey=True,
    )
    data = frame.assign(
        probability_low=100 * frame["probability_low"],
        probability_high=100 * frame["probability_high"],
    ).reset_index(drop=True)
    for axis, measure, middle in zip(
        axes, ("probability", "median"), (100 * probability, median), strict=True
    ):
        _bars(axis, data[f"{measure}_low"], data[f"{measure}_high"], middle)
    axes[0].set_yticks(range(len(data)), data["about"], size=8.5)
    axes[0].invert_yaxis()
    axes[0].set_xlabel("probability, %")
    axes[1].set_xlabel("median, cars a year")
    alt = f"Two tornados of {len(data)} bars, probability and median. {title}."
    return Chart(name, fig, alt, data)


def _bars(axis: Axes, low: "pd.Series[float]", high: "pd.Series[float]", middle: float) -> None:
    axis.barh(range(len(low)), high - low, left=low, height=0.62, color=style.ACCENTS[3])
    axis.axvline(middle, color=style.INK, linewidth=1)
    most = max(float(low.max()), float(high.max()), middle, 1e-9)
    for line, ends in enumerate(zip(low, high, strict=True)):
        left, right = sorted(ends)
        text = numbers.span(left, right)
        axis.annotate(text, (right, line), (4, 0), textcoords="offset points", va="center", size=8)
    axis.set_xlim(0, 1.45 * most)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.grid(axis="x")
    grouped(axis, 5)


def variance(frame: pd.DataFrame) -> Chart:
    """Shares of the spread by group of inputs. `frame` as `VolumePart.variance_shares` gives it."""
    title = findings.largest_driver(frame).rstrip(".")
    fig, axis = style.canvas(
        title,
        "Share of the variance of the model-by-model estimate, %, correlations as assumed "
        "(Shapley effects); lines: two standard errors each way",
        OWN,
        height_in=0.6 + 0.34 * len(frame),
    )
    lines = range(len(frame))
    axis.barh(
        lines,
        frame["shapley"],
        xerr=2 * frame["shapley_error"],
        height=0.62,
        color=style.ACCENTS[3],
        ecolor=style.INK,
    )
    for line, row in enumerate(frame.to_dict("records")):
        axis.annotate(
            numbers.percent(abs(row["shapley"]), 0),
            (max(row["shapley"], 0) + 2 * row["shapley_error"], line),
            (6, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
        )
    axis.set_yticks(lines, frame["driver"], size=9)
    axis.tick_params(axis="y", length=0)
    axis.invert_yaxis()
    most = float((frame["shapley"] + 2 * frame["shapley_error"]).max())
    axis.set(xlim=(0, max(10, 1.12 * most)), xlabel="share of the variance, %")
    axis.grid(axis="x")
    parts = "; ".join(
        f"{row['driver']} {numbers.percent(abs(row['shapley']), 0)}"
        for row in frame.head(3).to_dict("records")
    )
    alt = f"Bars of variance shares for {len(frame)} groups of inputs. Largest: {parts}."
    return Chart("drivers", fig, alt, frame)
