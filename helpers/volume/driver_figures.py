"""Pictures of what drives the answer: choices of method, inputs, and shares of the spread."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX, LINE_HEIGHT, TEXT_PX, length
from helpers.volume import findings
from helpers.volume.figures import OWN, grouped, upright

MOST_BARS = 10
ROW_PX, NARROW_ROW_PX, BAR_PX = 25.0, 19.0, 14.0
VALUE_PX = 100.0
"""What the values at the right of a bar take."""
_LABELS_PX = 186.0


def choices(frame: pd.DataFrame, probability: float, median: float) -> Drawing:
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


def swings(frame: pd.DataFrame, probability: float, median: float) -> Drawing:
    """Tornado over inputs, the widest ones. `frame` as `VolumePart.swings` gives it."""
    shown = frame.rename(columns={"input": "about"})
    width = (shown["median_high"] - shown["median_low"]).abs()
    chance = (shown["probability_high"] - shown["probability_low"]).abs()
    rank = chance.rank(ascending=False).clip(upper=width.rank(ascending=False))
    shown = shown[rank.rank(method="first") <= MOST_BARS]
    first = shown.iloc[0]
    title = (
        f"One input moves the probability most, {first['about']}: from "
        f"{numbers.percent(100 * first['probability_low'], 0)} to "
        f"{numbers.percent(100 * first['probability_high'], 0)}"
    )
    what = "One input in its lowest or highest fifth; of a model, without it or with it"
    return _two_tornados("swings", title, what, shown, probability, median)


def _two_tornados(
    name: str, title: str, what: str, frame: pd.DataFrame, probability: float, median: float
) -> Drawing:
    percent = {column: 100 * frame[column] for column in ("probability_low", "probability_high")}
    data = frame.assign(**percent).reset_index(drop=True)
    labels = list(data["about"])
    measures = (
        ("probability", "Probability of the volume asked for, %", 100 * probability),
        ("median", "Median, cars a year", median),
    )

    def draw(canvas: Canvas) -> None:
        half = (canvas.width - _LABELS_PX) / 2
        top = 0.0
        for place, (measure, heading, middle) in enumerate(measures):
            left = 0.0 if canvas.narrow else _LABELS_PX + place * half
            right = 0.0 if canvas.narrow else (1 - place) * half
            y = canvas.text(left, top, heading, weight="bold") + 4
            ends = [list(data[f"{measure}_{end}"]) for end in ("low", "high")]
            names = labels if canvas.narrow or not place else [""] * len(labels)
            bottom = tornado(canvas, y, names, *ends, middle=middle, left=left, right=right)
            top = bottom + 10 if canvas.narrow else top

    return Drawing(
        name,
        title,
        f"{what}; line: as chosen",
        OWN,
        draw,
        f"Two tornados of {len(data)} bars, probability and median. {title}.",
        data,
    )


def tornado(
    canvas: Canvas,
    top: float,
    labels: Sequence[str],
    low: Sequence[float],
    high: Sequence[float],
    *,
    middle: float | None = None,
    left: float = _LABELS_PX,
    right: float = 0.0,
) -> float:
    """Bars from one end to the other with both ends in numbers; where the axis ends. On a phone the
    numbers stand beside the label, above the bar.
    """
    row = NARROW_ROW_PX if canvas.narrow else ROW_PX
    axis = canvas.rows(
        labels, top, left=left, right=24 if canvas.narrow else right + VALUE_PX, row=row
    )
    ends = [(min(pair), max(pair)) for pair in zip(low, high, strict=True)]
    axis.barh(
        range(len(ends)),
        [last - first for first, last in ends],
        left=[first for first, _ in ends],
        height=BAR_PX / (row + _above(canvas)),
        color=style.ACCENTS[3],
    )
    if middle is not None:
        upright(axis, middle, len(ends), 0.22 if canvas.narrow else 0.5)
    least = min(0.0, *(first for first, _ in ends))
    most = max(*(last for _, last in ends), middle or 0.0)
    axis.set_xlim(least, (most if most > least else least + 1.0))
    for place, interval in enumerate(ends):
        beside(canvas, axis, top, place, interval[1], numbers.span(*interval))
    wide = canvas.width - (24 if canvas.narrow else left + right + VALUE_PX)
    _axis(canvas, axis, min(4, max(1, int(wide / (length(numbers.plain(most), 11) + 14)))))
    bottom = top + (row + _above(canvas)) * len(ends) + AXIS_PX
    canvas.reach(bottom)
    return bottom


def beside(canvas: Canvas, axis: Axes, top: float, place: int, end: float, words: str) -> None:
    """Words at the end of a bar of `Canvas.rows`; on a phone at the right of its label."""
    if canvas.narrow:
        y = top + place * (NARROW_ROW_PX + _above(canvas))
        canvas.text(canvas.width, y, words, ha="right", size=11)
        return
    look: dict[str, Any] = {
        "xytext": (5, 0),
        "textcoords": "offset points",
        "va": "center",
        "size": 11,
    }
    axis.annotate(words, (end, place), annotation_clip=False, **look)


def _above(canvas: Canvas) -> float:
    """What a label takes above its row."""
    return LINE_HEIGHT * TEXT_PX + 2 if canvas.narrow else 0.0


def _axis(canvas: Canvas, axis: Axes, ticks: int) -> None:
    axis.grid(visible=not canvas.narrow, axis="x")
    axis.locator_params(axis="x", nbins=ticks)
    grouped(axis)


def variance(frame: pd.DataFrame) -> Drawing:
    """Shares of the spread by group of inputs. `frame` as `VolumePart.variance_shares` gives it."""
    title = findings.largest_driver(frame).rstrip(".")
    labels = list(frame["driver"])
    shares, errors = frame["shapley"], 2 * frame["shapley_error"]
    most = max(10.0, float((shares + errors).max()))
    named = [
        f"{driver} {numbers.percent(abs(share), 0)}"
        for driver, share in zip(labels[:3], shares, strict=False)
    ]

    def draw(canvas: Canvas) -> None:
        row = NARROW_ROW_PX if canvas.narrow else ROW_PX
        axis = canvas.rows(labels, 0, left=_LABELS_PX + 14, right=50, row=row)
        height = BAR_PX / (row + _above(canvas))
        look: dict[str, Any] = {"height": height, "color": style.ACCENTS[3], "ecolor": style.INK}
        axis.barh(range(len(labels)), shares, xerr=errors, **look)
        axis.set_xlim(min(0.0, float((shares - errors).min())), most)
        for place, (share, error) in enumerate(zip(shares, errors, strict=True)):
            end = max(share, 0) + error
            beside(canvas, axis, 0, place, end, numbers.percent(abs(share), 0))
        _axis(canvas, axis, 5)
        canvas.reach((row + _above(canvas)) * len(labels) + AXIS_PX)

    return Drawing(
        "drivers",
        title,
        "Share of the variance of the model-by-model estimate, %, correlations as assumed "
        "(Shapley effects); lines: two standard errors each way",
        OWN,
        draw,
        f"Bars of variance shares for {len(frame)} groups of inputs. Largest: {'; '.join(named)}.",
        frame,
    )
