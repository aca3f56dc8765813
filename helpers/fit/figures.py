"""Charts of vehicle fit: heat table of margins, widths of roads, shares of streets and bays."""

import math
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from helpers import numbers
from helpers.fit import shapes
from helpers.fit.access import legal_carriageway_m, published_m, share_at_least
from helpers.fit.cars import same_size
from helpers.fit.findings import SYMBOLS, named, shortened, signed, verb
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.space import (
    CORNER,
    STALL_LENGTH,
    STALL_WIDTH,
    STREET_LEGAL,
    STREET_MEETING,
)
from helpers.show import style
from helpers.show.figure import Chart
from helpers.texts import short

_PALE = {USABLE: "#CFE3F1", WITH_CARE: "#F8E3B8", NO: "#F5CDB4", NOT_COMPUTED: "#EDEDED"}
_DASHES = (0, (2, 2))
_NEED: Any = {"linestyle": "none", "marker": "o", "color": style.US_TO_JAPAN, "markersize": 5.5}
_LEGAL: Any = {
    "linestyle": "none",
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": style.INK,
    "markersize": 4.8,
}
# Columns of the heat table → places of the scenario, and limits. Assumed limits stay out: they are
# no verdict.
_PLACES = {
    "stall of the\nscenario": (STALL_LENGTH, STALL_WIDTH),
    "meeting in\nthe street": (STREET_MEETING,),
    "legal street\nwidth": (STREET_LEGAL,),
    "corner,\none move": (CORNER,),
}
_LIMITS = {
    "stall\n6.0 × 2.5 m": ("stall_ordinary_l", "stall_ordinary_w"),
    "coin\nparking": ("coin_times_length_max", "coin_times_width_max", "coin_times_height_max"),
    "low-roof\npallet": ("mech_newer_l", "mech_newer_w", "mech_newer_h"),
}


def smallest_margins(fit: FitPart) -> pd.DataFrame:
    """For each car and group of limits the smallest margin: columns vehicle_id, column, margin_mm
    (NaN: not computed), verdict, basis.
    """
    pieces = [
        _grouped(fit.places, "place", "margin_mm", column, places)
        for column, places in _PLACES.items()
    ]
    pieces += [
        _grouped(fit.margins, "constraint_id", "margin", column, limits)
        for column, limits in _LIMITS.items()
    ]
    return pd.concat(pieces, ignore_index=True)


def _grouped(
    table: pd.DataFrame, key: str, margin: str, column: str, members: tuple[str, ...]
) -> pd.DataFrame:
    own = table[table[key].isin(members)]
    rank = own["verdict"].map({NOT_COMPUTED: 0, NO: 1, WITH_CARE: 2, USABLE: 3})
    worst = (
        own.assign(rank=rank)
        .sort_values(["rank", margin], kind="stable")
        .drop_duplicates("vehicle_id")
    )
    kept = worst[["vehicle_id", margin, "verdict", "basis"]].rename(columns={margin: "margin_mm"})
    return kept.assign(column=column)


def margin_heat(fit: FitPart) -> Chart:
    """Every size of car against the places of the scenario and the common limits: smallest margin
    in mm, sign and colour.
    """
    models, columns = fit.models, [*_PLACES, *_LIMITS]
    groups = same_size(fit.cars, fit.titles)
    smallest: list[Any] = list(smallest_margins(fit).itertuples())
    cells = {(row.vehicle_id, row.column): row for row in smallest}
    fitting, tight, failing = (
        list(models.loc[models["verdict"] == word, "title"]) for word in (USABLE, WITH_CARE, NO)
    )
    fitted = verb(len(fitting), "are")
    title = f"{len(fitting)} of {len(models)} models {fitted} usable without care in the "
    title += "scenario's stall and street"
    title += f"; {named(tight)} with care" if tight else ""
    title += f"; {named(failing)} not at all" if failing else ""
    tolerance = fit.parameter("tolerance_mm")
    signs = (
        f"✓ usable, △ with care: up to {tolerance} mm, or open; ✗ no; ° rests on a "
        "dimension without a source"
    )
    source = (
        "makers and press (vehicles), laws, guideline and operator terms (constraints); own "
        "calculations. Verdicts rest on stall and street alone."
    )
    figure, axes = style.canvas(
        title,
        f"Smallest margin in mm, body without mirrors. {signs}",
        source,
        height_in=0.62 + 0.212 * len(groups),
    )
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(groups), 0)
    # The common colour lies under all cells and white lines part them: one path instead of a box a
    # cell.
    shapes.shapes(
        axes,
        [shapes.rectangle(0, 0, len(columns), len(groups))],
        facecolor=_PALE[USABLE],
        linewidth=0,
    )
    boxes: dict[str, list[shapes.Floats]] = {word: [] for word in _PALE if word != USABLE}
    rows = []
    for line, (label, car) in enumerate(groups):
        for place, column in enumerate(columns):
            cell = cells[(car.vehicle_id, column)]
            if cell.verdict != USABLE:
                boxes[cell.verdict].append(shapes.rectangle(place, line, 1, 1))
            mark = "" if cell.basis == "sourced" else "°"
            text = (
                SYMBOLS[cell.verdict]
                if math.isnan(cell.margin_mm)
                else f"{SYMBOLS[cell.verdict]} {signed(cell.margin_mm)}{mark}"
            )
            axes.text(place + 0.5, line + 0.53, text, size=7, ha="center", va="center")
            rows.append((label, column.replace("\n", " "), text))
    for word, outlines in boxes.items():
        shapes.shapes(axes, outlines, facecolor=_PALE[word], linewidth=0)
    parting = [[(0, line), (len(columns), line)] for line in range(len(groups) + 1)] + [
        [(place, 0), (place, len(groups))] for place in range(len(columns) + 1)
    ]
    shapes.lines(axes, parting, edgecolor="white", linewidth=1.6)
    _car_labels(axes, groups, fit.titles, [line + 0.5 for line in range(len(groups))])
    axes.set_xticks([place + 0.5 for place in range(len(columns))], columns, size=7.2)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    frame = pd.DataFrame(rows, columns=["car", "limit", "margin_mm"]).pivot(
        index="car", columns="limit", values="margin_mm"
    )
    frame = frame.loc[
        [label for label, _ in groups], [column.replace("\n", " ") for column in columns]
    ].reset_index()
    words = "; ".join(
        f"{row.title}: {row.verdict} ({row.because} {signed(row.margin_mm)} mm)"
        for row in fit.rows
        if row.verdict != NOT_COMPUTED
    )
    return Chart(
        "margins",
        figure,
        short(
            f"Heat table of {len(groups)} sizes of car against {len(columns)} limits. {title}. "
            f"{words}."
        ),
        frame,
    )


def road_curve(fit: FitPart) -> Chart:
    """Share of the region's road length by width, as bounds and middle, and below it the width each
    car needs.
    """
    bands, region = fit.bands, fit.parameter("region")
    basis = str(bands["width_basis"].iloc[0])
    edge = fit.parameter("street_edge_m")
    legal = {
        car.vehicle_id: 1000 * legal_carriageway_m(car.value("width_mm") or 2_000)
        for car in fit.cars
    }
    needs = {
        car.vehicle_id: (
            published_m(meeting.value, bands, edge),
            published_m(legal[car.vehicle_id], bands, edge),
        )
        for car in fit.cars
        if isinstance(meeting := fit.needs[STREET_MEETING][car.vehicle_id], Need)
    }
    shown = [(row.title, *needs[row.vehicle_id]) for row in fit.rows if row.vehicle_id in needs]
    shares = [share_at_least(bands, meeting) for _, meeting, _ in shown]
    ends = (min(one.low for one in shares), max(one.high for one in shares))
    span = numbers.between(*(numbers.percent(100 * end, 0) for end in ends))
    title = f"{span} of road length in {region} is wide enough for these models to meet a small car"
    subtitle = (
        f"Share of road length at least so wide ({basis} width). Only bands are published: the "
        "truth lies in the shaded area; the line is even spread"
    )
    source = (
        f"road widths published by {_place(region)}; Vehicle Restriction Order; own calculations."
    )
    lower = 0.24 * (len(shown) + 1)
    ratios = {"height_ratios": [2.3, lower + 0.2]}
    figure, (curve, strip) = style.canvas(
        title, subtitle, source, rows=2, height_in=2.5 + lower, sharex=True, gridspec_kw=ratios
    )
    _draw_curve(curve, bands, 2.0, 10.0)
    curve.axvline(
        fit.parameter("street_width_m"), color=style.NEUTRAL, linewidth=0.9, linestyle=_DASHES
    )
    curve.text(
        fit.parameter("street_width_m") + 0.06,
        99,
        "street of the scenario",
        size=7.5,
        va="top",
        color=style.NEUTRAL,
    )
    shapes.lines(
        strip,
        [[(meeting, line), (one, line)] for line, (_, meeting, one) in enumerate(shown)],
        edgecolor=style.LIGHT,
        linewidth=1,
    )
    strip.plot([meeting for _, meeting, _ in shown], range(len(shown)), **_NEED)
    strip.plot([one for _, _, one in shown], range(len(shown)), **_LEGAL)
    every = len(shown)
    all_sizes = [
        needs[car.vehicle_id]
        for _, car in same_size(fit.cars, fit.titles)
        if car.vehicle_id in needs
    ]
    shapes.lines(
        strip,
        [[(meeting, every - 0.25), (meeting, every + 0.15)] for meeting, _ in all_sizes],
        edgecolor=style.US_TO_JAPAN,
        linewidth=1.2,
    )
    shapes.lines(
        strip,
        [[(one, every + 0.2), (one, every + 0.5)] for _, one in all_sizes],
        edgecolor=style.INK,
        linewidth=1,
    )
    strip.set_ylim(len(shown) + 0.7, -0.6)
    strip.set_yticks(
        range(len(shown) + 1),
        [*[name for name, _, _ in shown], f"all {len(all_sizes)} sizes"],
        size=8,
    )
    strip.tick_params(axis="y", length=0)
    strip.grid(axis="x")
    strip.spines["left"].set_visible(False)
    strip.set_xlabel("m")
    strip.set_xticks([2, 4, 5, 6, 8, 10])
    curve.tick_params(axis="x", length=0)
    strip.legend(
        handles=[Line2D([], [], label=label, **look) for label, look in _KEYS],
        loc="upper right",
        fontsize=7.5,
    )
    strip.axvline(
        fit.parameter("street_width_m"),
        color=style.NEUTRAL,
        linewidth=0.9,
        linestyle=_DASHES,
        zorder=0,
    )
    rows = [
        (car.name, car.vehicle_id, *needs[car.vehicle_id])
        for car in fit.cars
        if car.vehicle_id in needs
    ]
    frame = pd.DataFrame(rows, columns=["car", "vehicle_id", "meeting_needs_m", "legal_needs_m"])
    percents = [
        [round(value, 2) for value in share_at_least(bands, width).percents]
        for width in frame["meeting_needs_m"]
    ]
    frame[["share_low_percent", "share_mid_percent", "share_high_percent"]] = percents
    needed = "; ".join(f"{name} {meeting:.2f} m" for name, meeting, _ in shown)
    return Chart(
        "roads",
        figure,
        short(
            f"Curve with bounds of road length by width in {region}, and the widths cars "
            f"need. {title}. {needed}."
        ),
        frame,
    )


_KEYS = (("needed to meet a small car", _NEED), ("legal reference, two-way", _LEGAL))


def _draw_curve(axes: Any, bands: pd.DataFrame, left: float, right: float) -> None:
    edges = sorted(
        {left, right, *(edge for edge in (*bands["from_m"], *bands["to_m"]) if left < edge < right)}
    )
    bounds = [
        (edge, share_at_least(bands, (start + end) / 2))
        for start, end in pairwise(edges)
        for edge in (start, end)
    ]
    low, high = (
        [100 * value for value in values]
        for values in zip(*((one.low, one.high) for _, one in bounds), strict=True)
    )
    axes.fill_between(
        [edge for edge, _ in bounds], low, high, color=style.LIGHT, alpha=0.6, linewidth=0
    )
    axes.plot(
        edges,
        [100 * share_at_least(bands, edge).mid for edge in edges],
        color=style.INK,
        linewidth=1.6,
    )
    axes.set_xlim(left, right)
    axes.set_ylim(0, 102)
    axes.set_ylabel("% of road length")
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y")


def _car_labels(
    axes: Any, groups: list[tuple[str, Any]], announced: dict[str, str], positions: list[float]
) -> None:
    """Names of cars beside their lines, those of the programme in bold."""
    axes.set_yticks(positions, [shortened(label, 36) for label, _ in groups], size=7.3)
    for tick, (_, car) in zip(axes.get_yticklabels(), groups, strict=True):
        tick.set_fontweight("bold" if car.vehicle_id in announced else "normal")


def _place(region: str) -> str:
    return region.split(",", 1)[0]
