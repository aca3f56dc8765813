"""Charts of vehicle fit: margins of every car, widths of a place's roads, places beside each
other.
"""

import math
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers import numbers
from helpers.fit.access import legal_carriageway_m, published_m, share_at_least
from helpers.fit.bay_figures import OWN_DRAWING
from helpers.fit.cars import SOURCED, same_size
from helpers.fit.findings import SYMBOLS, named, noun, signed, size_text, verb
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.space import CORNER, STALL_ROWS, STREET_LEGAL, STREET_MEETING
from helpers.show import Canvas, Drawing, style
from helpers.show.canvas import AXIS_PX, length, wrapped
from helpers.texts import short

_PALE = {WITH_CARE: "#F8E3B8", NO: "#F5CDB4", NOT_COMPUTED: "#EDEDED"}
_ROW_PX, _CELL_PX = 19.0, 11.0
_DASHES = (0, (2, 2))
# Columns of the heat table → places of the scenario, and limits. Assumed limits stay out: they are
# no verdict.
_PLACES = {
    "stall and door": STALL_ROWS,
    "meeting in the street": (STREET_MEETING,),
    "legal street width": (STREET_LEGAL,),
    "corner, one move": (CORNER,),
}
_LIMITS = {
    "large stall": ("stall_ordinary_l", "stall_ordinary_w"),
    "coin parking": tuple(
        f"coin_times_{part}"
        for part in ("length_max", "width_max", "height_max", "clearance", "gvw")
    ),
    "low-roof pallet": ("mech_newer_l", "mech_newer_w", "mech_newer_h"),
}


def smallest_margins(fit: FitPart) -> pd.DataFrame:
    """For each car and group of limits the worst: columns vehicle_id, column, margin (NaN: not
    computed), unit, verdict, basis. One limit that is failed decides; else one that is not known.
    """
    places = fit.places.assign(unit="mm").rename(columns={"margin_mm": "margin"})
    pieces = [_grouped(places, "place", *own) for own in _PLACES.items()]
    pieces += [_grouped(fit.margins, "constraint_id", *own) for own in _LIMITS.items()]
    return pd.concat(pieces, ignore_index=True)


def _grouped(table: pd.DataFrame, key: str, column: str, members: tuple[str, ...]) -> pd.DataFrame:
    own = table[table[key].isin(members)]
    rank = own["verdict"].map({NO: 0, NOT_COMPUTED: 1, WITH_CARE: 2, USABLE: 3})
    worst = own.assign(rank=rank).sort_values(["rank", "margin"], kind="stable")
    kept = ["vehicle_id", "margin", "unit", "verdict", "basis"]
    return worst.drop_duplicates("vehicle_id")[kept].assign(column=column)


def margin_heat(fit: FitPart) -> Drawing:
    """Each car shown, and those on sale in Japan, against the places of the scenario and the common
    limits; its data hold every size of car.
    """
    columns = [*_PLACES, *_LIMITS]
    order = {USABLE: 0, WITH_CARE: 1, NO: 2, NOT_COMPUTED: 3}
    groups = sorted(
        same_size(fit.cars, fit.titles),
        key=lambda own: (own[1].vehicle_id not in fit.titles, not own[1].on_sale, own[1].role),
    )
    drawn = [own for own in groups if own[1].vehicle_id in fit.titles or own[1].on_sale]
    rows: list[Any] = list(smallest_margins(fit).itertuples())
    cells = {(row.vehicle_id, row.column): row for row in rows}
    models = fit.shown
    by_word = {word: list(models.loc[models["verdict"] == word, "title"]) for word in order}
    usable, careful, no = (by_word[word] for word in (USABLE, WITH_CARE, NO))
    title = f"{len(usable)} of {len(models)} {noun(fit)} {verb(len(usable), 'are')} usable "
    title += "without care in the scenario's stall and street"
    title += f"; {named(careful)} with care" if careful else ""
    title += f"; {named(no)} not at all" if no else ""

    def draw(canvas: Canvas) -> None:
        labels = 88.0 if canvas.narrow else 190.0
        wide = (canvas.width - labels) / len(columns)
        y = _heads(canvas, columns, labels, wide)
        shown = True
        for index, (label, car) in enumerate(drawn):
            if shown and car.vehicle_id not in fit.titles and index:
                canvas.line((0, canvas.width), (y + 3, y + 3), color=style.LIGHT, linewidth=1)
                y += 7
                shown = False
            weight = "bold" if car.vehicle_id in fit.titles else "normal"
            name = cut(label, labels - 6, weight)
            for place, column in enumerate(columns):
                cell = cells[(car.vehicle_id, column)]
                left = labels + place * wide
                if cell.verdict in _PALE:
                    canvas.box(left, y, wide - 2, _ROW_PX - 2, color=_PALE[cell.verdict])
                text = _cell(cell, canvas.narrow)
                canvas.text(left + wide / 2 - 1, y + 2, text, size=_CELL_PX, ha="center")
            canvas.text(0, y + 2, name, size=_CELL_PX, weight=weight)
            y += _ROW_PX

    data = pd.DataFrame(
        [
            (label, *(_cell(cells[(car.vehicle_id, column)], False) for column in columns))
            for label, car in groups
        ],
        columns=["car", *columns],
    )
    large = size_text(*(fit.limit(f"stall_ordinary_{side}") for side in "lw"))
    words = "; ".join(
        f"{row.title}: {row.verdict} ({row.because} {signed(row.margin_mm)} mm)"
        for row in fit.rows
        if row.verdict != NOT_COMPUTED
    )
    return Drawing(
        "margins",
        title,
        "Least to spare in mm (on a phone cm). △ with care: up to "
        f"{fit.parameter('tolerance_mm')} mm, or open; ✗ no; ? a limit that is not known; ° rests "
        f"on a dimension without a source. Large stall: {large}. Bold: the {noun(fit)} shown",
        "makers and press (vehicles), laws, guideline and operator terms (constraints); own "
        "calculations. Verdicts rest on stall and street alone.",
        draw,
        short(
            f"Table of {len(drawn)} of {len(groups)} sizes of car against {len(columns)} limits. "
            f"{title}. {words}."
        ),
        data,
    )


def cut(label: str, width: float, weight: str) -> str:
    """A label cut to so many pixels."""
    shown = label
    while length(shown, _CELL_PX, weight) > width:
        shown = f"{shown.rstrip('… ')[:-1]}…"
    return shown


def _heads(canvas: Canvas, columns: list[str], left: float, wide: float) -> float:
    """Heads of columns: in words on a page, numbered and listed above on a phone."""
    if not canvas.narrow:
        lines = [wrapped(column, wide - 6, _CELL_PX) for column in columns]
        depth = max(map(len, lines))
        for place, words in enumerate(lines):
            y = (depth - len(words)) * 1.3 * _CELL_PX
            for line in words:
                y = canvas.text(left + (place + 0.5) * wide, y, line, size=_CELL_PX, ha="center")
        return depth * 1.3 * _CELL_PX + 4
    listed = "; ".join(f"{number} {column}" for number, column in enumerate(columns, 1))
    y = canvas.text(0, 0, listed, size=_CELL_PX, width=canvas.width) + 6
    for place in range(len(columns)):
        canvas.text(left + (place + 0.5) * wide, y, str(place + 1), size=_CELL_PX, ha="center")
    return y + 1.3 * _CELL_PX + 3


def _cell(cell: Any, narrow: bool) -> str:
    """What is to spare in mm with its signs; on a phone in cm, without those that repeat a minus
    or are told elsewhere.
    """
    if cell.verdict == NOT_COMPUTED or math.isnan(cell.margin):
        return SYMBOLS[NOT_COMPUTED]
    sign = "" if cell.verdict == USABLE else SYMBOLS[cell.verdict]
    if cell.unit != "mm":
        return f"{sign} {cell.unit}".strip()
    if narrow:
        return f"{sign if cell.verdict == WITH_CARE else ''}{numbers.plain(cell.margin / 10)}"
    mark = "" if cell.basis == SOURCED else "°"
    return f"{sign} {signed(cell.margin)}{mark}".strip()


def road_curve(fit: FitPart) -> Drawing:
    """Share of the region's road length by width, as bounds and middle, and below it the width each
    car shown needs.
    """
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
    ends = (min(own.low for own in shares), max(own.high for own in shares)) if shares else (0, 0)
    span = numbers.between(*(numbers.percent(100 * end, 0) for end in ends))
    street = fit.sizes.street_mm
    own_street = published_m(street, bands, edge)

    def draw(canvas: Canvas) -> None:
        left = 8.0 if canvas.narrow else 120.0
        top = canvas.text(0, 0, "% of road length at least so wide", size=_CELL_PX) + 4
        curve = canvas.axes(top, 170, left=34 if canvas.narrow else left, right=14)
        _draw_curve(curve, bands, 2.0, 10.0)
        curve.tick_params(labelbottom=False)
        strip = canvas.rows(
            [name if canvas.narrow else cut(name, left - 10, "normal") for name, *_ in needs],
            top + 182,
            left=left,
            right=14,
            row=20,
            label_size=_CELL_PX,
        )
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
        (name, key, meeting, legal, *(round(end, 2) for end in own.percents))
        for (name, key, meeting, legal), own in zip(needs, shares, strict=True)
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
    low, high = ([100 * getattr(own, end) for _, own in bounds] for end in ("low", "high"))
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


def regions(fit: FitPart) -> Drawing:
    """The first car shown on the roads of every place: alone, and meeting a small car."""
    first = fit.rows[0]
    own = fit.regions[fit.regions["vehicle_id"] == first.vehicle_id]
    alone, meeting = (own[own["way"] == way].set_index("region") for way in ("alone", "meeting"))
    chosen, order = fit.region, list(meeting.sort_values("mid").index[::-1])
    whole = [name for name in order if meeting.at[name, "basis"] == "total"]
    ends = meeting.loc[[name for name in order if name not in whole], "mid"]
    span = numbers.between(*(numbers.percent(end, 0) for end in (ends.min(), ends.max())))

    def draw(canvas: Canvas) -> None:
        left, row = (128.0 if canvas.narrow else 190.0), 14.5
        axes = canvas.axes(0, row * len(order), left=left, right=12)
        axes.set(xlim=(0, 100), ylim=(len(order) - 0.5, -0.5), yticks=[])
        axes.grid(axis="x")
        lines, ordered = range(len(order)), meeting.loc[order]
        ends = [
            [[own.low, line], [own.high, line]] for line, own in enumerate(ordered.itertuples())
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
        own.drop(columns="vehicle_id").reset_index(drop=True),
    )
