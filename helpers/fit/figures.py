"""Charts of vehicle fit: widths of a place's roads, places beside each other."""

from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers import numbers
from helpers.fit.access import legal_carriageway_m, published_m, share_at_least
from helpers.fit.boards import OWN_DRAWING
from helpers.fit.findings import noun
from helpers.fit.limits import Need
from helpers.fit.part import FitPart
from helpers.fit.space import STREET_MEETING
from helpers.parts import drawn_once
from helpers.show import Canvas, Drawing, style
from helpers.show.canvas import AXIS_PX, length
from helpers.texts import short

_CELL_PX = 11.0
_DASHES = (0, (2, 2))


def cut(label: str, width: float, weight: str) -> str:
    """A label cut to so many pixels."""
    shown = label
    while length(shown, _CELL_PX, weight) > width:
        shown = f"{shown.rstrip('… ')[:-1]}…"
    return shown


@drawn_once
def road_curve(fit: FitPart) -> Drawing:
    """Share of the region's road length by width, and the width each car shown needs."""
    bands, region, edge = fit.bands, fit.region, fit.parameter("street_edge_m")
    basis = str(bands["width_basis"].iloc[0])
    needs = [
        (
            row.title,
            row.vehicle_id,
            published_m(meeting.value, bands, edge),
            published_m(1000 * legal_carriageway_m(row.width_mm), bands, edge),
        )
        for row in fit.rows
        if isinstance(meeting := fit.needs[STREET_MEETING][row.vehicle_id], Need)
    ]
    shares = [share_at_least(bands, meeting) for *_, meeting, _ in needs]
    ends = (
        min((share.low for share in shares), default=0),
        max((share.high for share in shares), default=0),
    )
    span = numbers.between(*(numbers.percent(100 * end, 0) for end in ends))
    street = fit.sizes.street_mm
    own_street = published_m(street, bands, edge)

    def draw(canvas: Canvas) -> None:
        left = 34.0 if canvas.narrow else 120.0
        top = canvas.text(0, 0, "% of road length at least so wide", size=_CELL_PX) + 4
        curve = canvas.axes(top, 170, left=left, right=14)
        _draw_curve(curve, bands, 2.0, 10.0)
        curve.tick_params(labelbottom=False)
        above = 16.0 if canvas.narrow else 0.0
        step, start = 20 + above, top + 182
        strip = canvas.axes(start, step * len(needs), left=left, right=14)
        shift = (above + 10) / step
        strip.set(ylim=(len(needs) - shift, -shift), yticks=[])
        strip.spines["left"].set_visible(False)
        for line, (name, *_) in enumerate(needs):
            label = name if canvas.narrow else cut(name, left - 10, "normal")
            canvas.text(0, start + line * step + 3, label, size=_CELL_PX)
        strip.set_xlim(2, 10)
        for line, (_, _, meeting, legal) in enumerate(needs):
            strip.plot(
                [meeting, legal], [line, line], color=style.LIGHT, linewidth=1, clip_on=False
            )
            strip.plot(meeting, line, "o", color=style.US_TO_JAPAN, markersize=7, clip_on=False)
            strip.plot(
                legal,
                line,
                "D",
                color="white",
                markeredgecolor=style.INK,
                markersize=6,
                clip_on=False,
            )
        for axes in (curve, strip):
            axes.axvline(own_street, color=style.NEUTRAL, linewidth=1, linestyle=_DASHES)
        strip.set_xticks([2, 4, 5, 6, 8, 10])
        canvas.reach(canvas.bottom + AXIS_PX)
        canvas.text(
            canvas.width / 2, canvas.bottom, f"{basis} width, m", size=_CELL_PX, ha="center"
        )

    rows = [
        (name, key, meeting, legal, *(round(end, 2) for end in share.percents))
        for (name, key, meeting, legal), share in zip(needs, shares, strict=True)
    ]
    return Drawing(
        "roads",
        f"{span} of the road length in {region} is wide enough for the {noun(fit)} to meet a small "
        "car",
        f"Only bands of {basis} width are published: the truth lies in the shaded area; line: even "
        "spread. Dot: needed to meet a small car; diamond: legal reference, two-way; dashed: "
        "the scenario's street",
        f"road widths as published for {region}; Vehicle Restriction Order; own calculations.",
        draw,
        short(
            f"Curve with bounds of road length by width in {region}, and the widths cars need. "
            f"{span} is wide enough. "
            + "; ".join(f"{name} {meeting:.2f} m" for name, _, meeting, _ in needs)
            + "."
        ),
        pd.DataFrame(
            rows,
            columns=[
                "car",
                "vehicle_id",
                "meeting_needs_m",
                "legal_needs_m",
                "share_low_percent",
                "share_mid_percent",
                "share_high_percent",
            ],
        ),
    )


def _draw_curve(axes: Axes, bands: pd.DataFrame, left: float, right: float) -> None:
    inner = (edge for edge in (*bands["from_m"], *bands["to_m"]) if left < edge < right)
    edges = sorted({left, right, *inner})
    bounds = [
        (edge, share_at_least(bands, (start + end) / 2))
        for start, end in pairwise(edges)
        for edge in (start, end)
    ]
    low, high = ([100 * getattr(share, end) for _, share in bounds] for end in ("low", "high"))
    axes.fill_between(
        [edge for edge, _ in bounds],
        low,
        high,
        color=style.LIGHT,
        alpha=0.6,
        linewidth=0,
        clip_on=False,
    )
    middle = [100 * share_at_least(bands, edge).mid for edge in edges]
    axes.plot(edges, middle, color=style.INK, linewidth=1.6, clip_on=False)
    axes.set(xlim=(left, right), ylim=(0, 102), yticks=range(0, 101, 20))
    axes.grid(axis="y")


@drawn_once
def regions(fit: FitPart) -> Drawing:
    """The first car shown on the roads of every place: alone, and meeting a small car."""
    first = fit.rows[0]
    rows: Any = fit.regions
    alone, meeting = (rows[rows["way"] == way].set_index("region") for way in ("alone", "meeting"))
    chosen, order = fit.region, list(meeting.sort_values("mid").index[::-1])
    whole = [name for name in order if meeting.at[name, "basis"] == "total"]
    ends = meeting.loc[[name for name in order if name not in whole], "mid"]
    span = numbers.between(*(numbers.percent(end, 0) for end in (ends.min(), ends.max())))

    def draw(canvas: Canvas) -> None:
        left, row = (152.0 if canvas.narrow else 190.0), 14.5
        axes = canvas.axes(0, row * len(order), left=left, right=12)
        axes.set(xlim=(0, 100), ylim=(len(order) - 0.5, -0.5), yticks=[])
        axes.grid(axis="x")
        lines, ordered = range(len(order)), meeting.loc[order]
        ends = [
            [[bar.low, line], [bar.high, line]] for line, bar in enumerate(ordered.itertuples())
        ]
        bars = Path.make_compound_path(*map(Path, ends))
        axes.add_patch(PathPatch(bars, fill=False, edgecolor=style.LIGHT, linewidth=6))
        look: dict[str, Any] = {"markersize": 6, "clip_on": False, "linestyle": "none"}
        axes.plot(ordered["mid"], lines, "o", color=style.US_TO_JAPAN, **look)
        rings: dict[str, Any] = {"color": "white", "markeredgecolor": style.GOOD}
        axes.plot(alone.loc[order, "mid"], lines, "o", **rings, **look)
        for line, name in enumerate(order):
            label = f"{name} *" if name in whole else name
            weight = "bold" if name == chosen else "normal"
            label = cut(label, left - 4, weight)
            canvas.text(0, line * row, label, size=_CELL_PX, weight=weight)
        canvas.reach(canvas.bottom + AXIS_PX)
        canvas.text(canvas.width / 2, canvas.bottom, "% of road length", size=_CELL_PX, ha="center")

    return Drawing(
        "regions",
        f"{span} of a prefecture's road length is wide enough for a {first.title} to meet a small "
        "car",
        "Dot: meeting, even spread; bar: what the published bands leave open; ring: alone. * whole "
        "road, the edge added to what the car needs; all others carriageway. Bold: place chosen",
        f"Road Statistics of the ministry, cities for their own; {OWN_DRAWING}",
        draw,
        short(
            f"Strip of {len(order)} places by the share of road length on which a {first.title} "
            f"meets a small car: {span}. Chosen: {chosen}, {meeting.at[chosen, 'mid']:.0f} %."
        ),
        rows,
    )
