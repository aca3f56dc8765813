"""Pictures of what drives the count: swings of one input, and shares of the spread."""

import pandas as pd

from helpers.show import Chart, numbers, style
from helpers.volume import findings
from helpers.volume.figures import OWN, grouped


def swings(frame: pd.DataFrame) -> Chart:
    """Tornado: one input at its 10th and 90th percentile, the others at their median. `frame` as
    `VolumePart.swings` gives it.
    """
    top, middle = frame.to_dict("records")[0], float(frame["middle"].iloc[0])
    low, high = sorted((float(top["low"]), float(top["high"])))
    ends = " to ".join(numbers.plain(numbers.significant(end)) for end in (low, high))
    title = (
        "No input moves the estimate"
        if high == low
        else f"{_sentence_start(str(top['input']))} alone moves the estimate from {ends} cars"
    )
    fig, axis = style.canvas(
        title,
        "Cars a year, model by model, with one input at its 10th and 90th percentile and the "
        "others at their median",
        OWN,
        height_in=0.5 + 0.29 * len(frame),
    )
    for end, colour in (("low", style.ACCENTS[3]), ("high", style.ACCENTS[1])):
        axis.barh(range(len(frame)), frame[end] - middle, left=middle, height=0.66, color=colour)
    for line, row in enumerate(frame.to_dict("records")):
        left, right = sorted((float(row["low"]), float(row["high"])))
        axis.annotate(
            numbers.plain(left),
            (left, line),
            (-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            size=8,
        )
        axis.annotate(
            numbers.plain(right),
            (right, line),
            (4, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            size=8,
        )
    if high > low:
        for end in ("low", "high"):
            axis.text(
                (float(top[end]) + middle) / 2, 0, f"input {end}", ha="center", va="center", size=8
            )
    axis.axvline(middle, color=style.INK, linewidth=1)
    axis.set_yticks(range(len(frame)), frame["input"], size=8.5)
    axis.tick_params(axis="y", length=0)
    axis.invert_yaxis()
    edge = max(
        middle - float(frame[["low", "high"]].min().min()),
        float(frame[["low", "high"]].max().max()) - middle,
        0.05 * middle,
        10.0,
    )
    axis.set(
        xlim=(middle - 1.35 * edge, middle + 1.35 * edge),
        xlabel=f"cars a year; line: all inputs at their median, {numbers.plain(middle)}",
    )
    grouped(axis)
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)
    alt = f"Tornado of {len(frame)} inputs around a middle of {findings.cars(middle)}. {title}."
    return Chart("swings", fig, alt, frame)


def variance(frame: pd.DataFrame) -> Chart:
    """Shares of the spread by group of inputs. `frame` as `VolumePart.variance_shares` gives it."""
    title = findings.largest_driver(frame).rstrip(".")
    fig, axis = style.canvas(
        title,
        "Share of the variance of the model-by-model estimate, %; diamond: correlations as "
        "assumed; bars: inputs taken as independent",
        OWN,
        height_in=0.7 + 0.36 * len(frame),
    )
    lines = range(len(frame))
    axis.barh(
        lines,
        frame["total"].clip(lower=0),
        height=0.62,
        facecolor="none",
        edgecolor=style.INK,
        linewidth=1.1,
        label="with interactions (total index)",
    )
    axis.barh(
        lines,
        frame["first"].clip(lower=0),
        height=0.62,
        color=style.ACCENTS[3],
        label="alone (first-order index)",
    )
    axis.plot(
        frame["shapley"],
        lines,
        "D",
        color=style.INK,
        markersize=6.5,
        label="correlated (Shapley effect)",
    )
    for line, row in enumerate(frame.to_dict("records")):
        axis.annotate(
            numbers.percent(abs(row["shapley"]), 0),
            (max(row["shapley"], row["total"], 0), line),
            (9, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
        )
    axis.set_yticks(range(len(frame)), frame["driver"], size=9)
    axis.tick_params(axis="y", length=0)
    axis.invert_yaxis()
    axis.set(
        xlim=(
            min(0, float(frame["shapley"].min())) - 0.5,
            max(10, 1.15 * float(frame[["total", "shapley"]].max().max())),
        ),
        xlabel="share of the variance, %",
    )
    axis.legend(loc="lower right", fontsize=8.5)
    axis.grid(axis="x")
    parts = "; ".join(
        f"{row['driver']} {numbers.percent(abs(row['shapley']), 0)}"
        for row in frame.head(3).to_dict("records")
    )
    alt = (
        f"Bars of variance shares for {len(frame)} groups of inputs with Shapley effects as "
        f"diamonds. Largest: {parts}."
    )
    return Chart("drivers", fig, alt, frame)


def _sentence_start(label: str) -> str:
    return "Left-hand drive" if label == "left-hand drive" else f"The {label}"
