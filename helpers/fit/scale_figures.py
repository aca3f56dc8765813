"""To-scale drawings of cars: in a stall, on a pallet, meeting in a street, round a corner, over
each other's outlines.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.fit import shapes
from helpers.fit.cars import SOURCED, Car, same_size, shape
from helpers.fit.findings import SYMBOLS, joined, named, shortened, signed, size_text, verb
from helpers.fit.limits import NO, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.space import STALL_LENGTH, STALL_WIDTH, STREET_MEETING, limit_value
from helpers.fit.turning import Shape, swept_outline, swept_rectangles, turn
from helpers.show import style
from helpers.show.figure import Chart
from helpers.texts import short

Outlines = list[shapes.Floats]
COLOUR = {USABLE: style.GOOD, WITH_CARE: style.CAUTION, NO: style.BAD}
_PAPER, _WALL = "#F1F1EE", "#BDBDB6"
_SOURCE = "makers and press for the cars, see the tables; own drawing"
_BOARD_IN = 7.3
_PALLET = ("mech_newer_l", "mech_newer_w", "mech_newer_h")


def stalls(fit: FitPart) -> Chart:
    """Every size of car in the scenario's stall, from above."""
    models = fit.models
    words = _worst_words(fit.places[fit.places["place"].isin((STALL_LENGTH, STALL_WIDTH))])
    groups = [
        (label, car)
        for label, car in same_size(fit.cars, fit.titles)
        if not car.missing(("length_mm", "width_mm"))
    ]
    length_mm, width_mm = fit.parameter("stall_length_mm"), fit.parameter("stall_width_mm")
    columns, cell_x = 4, max(6_900, length_mm + 900)
    inch = columns * cell_x / _BOARD_IN
    cell_y = max(width_mm, 2_300) + 0.33 * inch
    rows = -(-(len(groups) + 1) // columns)
    failing = [row.title for row in fit.rows if words[row.vehicle_id] == NO]
    size = size_text(length_mm, width_mm)
    inside = len(models) - len(failing)
    title = f"{inside} of {len(models)} models {verb(inside, 'stand')} inside a {size} stall"
    title += f"; {named(failing)} {'does' if len(failing) == 1 else 'do'} not" if failing else ""
    subtitle = (
        "Every size of car from above, to one scale, rear end at the back. Numbers: mm to spare"
    )
    figure, axes = style.canvas(
        title,
        subtitle,
        f"{_SOURCE}. Stall of the scenario.",
        height_in=_BOARD_IN * rows * cell_y / (columns * cell_x),
    )
    shapes.prepare(axes, 0, columns * cell_x, -rows * cell_y, 0)
    stalls, bodies, data = Outlines(), _by_verdict(), []
    for index, (label, car) in enumerate(groups):
        left, bottom = (
            index % columns * cell_x + 250,
            -(index // columns + 1) * cell_y + 0.06 * inch,
        )
        spare = length_mm - car.dimensions["length_mm"].value
        gap = (width_mm - car.dimensions["width_mm"].value) / 2
        word = words[car.vehicle_id]
        stalls.append(shapes.rectangle(left, bottom, length_mm, width_mm))
        bodies[word].append(shapes.plan(car, left, bottom + gap))
        axes.text(
            left,
            bottom + cell_y - 0.1 * inch,
            shortened(label, 28),
            size=7,
            va="top",
            weight="bold",
        )
        axes.text(
            left,
            bottom + cell_y - 0.205 * inch,
            f"{SYMBOLS[word]} length {signed(spare)}, each side {signed(gap)}",
            size=6.5,
            va="top",
            color="#444444",
        )
        data.append((label, car.vehicle_id, word, spare, gap))
    shapes.shapes(axes, stalls, facecolor=_PAPER, edgecolor=style.INK, linewidth=0.9)
    _draw_bodies(axes, bodies)
    last_x, last_y = (columns - 1) * cell_x + 900, -rows * cell_y + 900
    shapes.scale_bar(axes, last_x, last_y, 2_000)
    shapes.person_above(axes, last_x + 3_000, last_y + 150)
    axes.text(last_x + 3_300, last_y + 150, "person", size=7, va="center")
    frame = pd.DataFrame(
        data, columns=["car", "vehicle_id", "verdict", "length_spare_mm", "side_gap_mm"]
    )
    spares = [
        f"{row.title} {signed(length_mm - row.length_mm)} mm in length"
        for row in fit.rows
        if row.length_mm > 0
    ]
    return Chart(
        "stalls",
        figure,
        short(
            f"To-scale plan of {len(groups)} sizes of car in a {size} stall. {title}. "
            f"{'; '.join(spares)}."
        ),
        frame,
    )


def pallets(fit: FitPart) -> Chart:
    """Every size of car from the front in the opening of a newer low-roof pallet of mechanical
    parking.
    """
    length, width, height = (limit_value(fit.table("constraints"), name) for name in _PALLET)
    margins = fit.margins[fit.margins["constraint_id"].isin(_PALLET)]
    words = _worst_words(margins)
    least = (
        margins.sort_values("margin", kind="stable")
        .groupby("vehicle_id")[["dimension", "margin"]]
        .first()
    )
    groups = [
        (label, car)
        for label, car in same_size(fit.cars, fit.titles)
        if not car.missing(("width_mm", "height_mm"))
    ]
    columns, cell_x, cell_y = 8, 2_750, 3_150
    rows = -(-(len(groups) + 1) // columns)
    fitting = [row.title for row in fit.rows if words[row.vehicle_id] in (USABLE, WITH_CARE)]
    fitted = verb(len(fitting), "fit")
    title = f"{len(fitting)} of {len(fit.models)} models {fitted} a low-roof pallet"
    title += f": {joined(fitting)}" if fitting else ""
    subtitle = (
        f"Front view without mirrors on the newer pallet, {length:,.0f} × {width:,.0f} × "
        f"{height:,.0f} mm. Least to spare in length, width or height, mm"
    )
    source = f"parking trade pages for pallet sizes; {_SOURCE}."
    figure, axes = style.canvas(
        title, subtitle, source, height_in=_BOARD_IN * rows * cell_y / (columns * cell_x)
    )
    shapes.prepare(axes, 0, columns * cell_x, -rows * cell_y, 0)
    openings, bodies, data = Outlines(), _by_verdict(), []
    for index, (label, car) in enumerate(groups):
        middle, ground = (index % columns + 0.5) * cell_x, -(index // columns + 1) * cell_y + 150
        wide, high = car.dimensions["width_mm"].value, car.dimensions["height_mm"].value
        word, dimension = words[car.vehicle_id], str(least.loc[car.vehicle_id, "dimension"])
        openings.append(shapes.rectangle(middle - width / 2, ground, width, height))
        bodies[word].append(shapes.rectangle(middle - wide / 2, ground, wide, high))
        name = "\n".join(textwrap.wrap(label, 15, max_lines=2, placeholder="…"))
        spare = signed(float(least.at[car.vehicle_id, "margin"]))  # type: ignore[arg-type]
        axes.text(
            middle,
            ground + max(height, high) + 90,
            name,
            size=6.3,
            va="bottom",
            ha="center",
            weight="bold",
            linespacing=1.05,
        )
        axes.text(
            middle,
            ground + 120,
            f"{SYMBOLS[word]} {dimension[0].upper()} {spare}",
            size=6.3,
            va="bottom",
            ha="center",
        )
        data.append((label, car.vehicle_id, word, width - wide, height - high))
    shapes.shapes(axes, openings, facecolor="#D8D8D2", edgecolor=style.INK, linewidth=0.9)
    _draw_bodies(axes, bodies)
    last_x, last_y = (columns - 1) * cell_x, -rows * cell_y + 150
    shapes.person_standing(axes, last_x + 700, last_y)
    shapes.scale_bar(axes, last_x + 1_300, last_y + 150)
    axes.text(last_x + 700, last_y + 1_800, "1.70 m", size=6.5, ha="center")
    frame = pd.DataFrame(
        data, columns=["car", "vehicle_id", "verdict", "width_spare_mm", "height_spare_mm"]
    )
    alt = (
        f"To-scale front views of {len(groups)} sizes of car in a pallet opening {width:,.0f} mm "
        f"wide and {height:,.0f} mm high. {title}."
    )
    return Chart("pallets", figure, short(alt), frame)


def streets(fit: FitPart) -> Chart:
    """Each model of the programme meeting a small car in streets of 4, 5 and 6 m and the
    scenario's; every size of car is counted.
    """
    small_wide, small_long = (
        limit_value(fit.table("constraints"), "rso_dv_small_width"),
        limit_value(fit.table("constraints"), "rso_dv_small_length"),
    )
    cars = fit.car
    drawn = [
        (row.title, cars[row.vehicle_id])
        for row in fit.rows
        if not cars[row.vehicle_id].missing(("length_mm", "width_mm"))
    ]
    streets = sorted({4.0, 5.0, 6.0, round(fit.parameter("street_width_m"), 2)})
    every_size = same_size(fit.cars, fit.titles)
    needs, clearance = fit.needs[STREET_MEETING], fit.parameter("clearance_mm")
    widths = [
        need.value for _, car in every_size if isinstance(need := needs[car.vehicle_id], Need)
    ]
    edge, mirrors = 1000 * fit.sizes.street_edge_m, fit.allowances.mirror_allowance_mm
    passing = [sum(width <= 1000 * street - edge for width in widths) for street in streets]
    counts = [
        f"{count} in a {street:g} m street" for street, count in zip(streets, passing, strict=True)
    ]
    title = (
        f"Of {len(widths)} sizes of car "
        f"{counts[0].replace(' in', ' can meet a small car in', 1)}, {joined(counts[1:])}"
    )
    subtitle = (
        f"Beside an oncoming car {small_wide / 1000:.2f} m wide (grey), from above. Number: each "
        f"of three gaps beside and between the mirrors, {clearance} mm wanted"
    )
    pitch, between = 7_000, 1_500
    margin = 0.18 * pitch * max(len(drawn), 3)
    wide, high = (
        margin + pitch * max(len(drawn), 3),
        sum(1000 * street + between for street in streets),
    )
    source = f"Road Structure Ordinance for the small car; {_SOURCE}."
    figure, axes = style.canvas(title, subtitle, source, height_in=_BOARD_IN * (high + 900) / wide)
    shapes.prepare(axes, 0, wide, -high - 300, 600)
    surfaces, oncoming, wheels, bodies, data = Outlines(), Outlines(), Outlines(), _by_verdict(), []
    top = 0.0
    for street, count in zip(streets, passing, strict=True):
        bottom = top - street * 1000
        surfaces.append(shapes.rectangle(margin - 300, bottom, wide - margin + 300, street * 1000))
        axes.text(
            0,
            (top + bottom) / 2,
            f"{street:g} m street\n{count} of {len(widths)} sizes\npass as wanted",
            size=7.5,
            va="center",
        )
        for index, (name, car) in enumerate(drawn):
            x, width = margin + index * pitch, car.dimensions["width_mm"].value
            gap = (street * 1000 - edge - width - small_wide - 2 * mirrors) / 3
            aside = (edge + mirrors) / 2 + gap
            need = needs[car.vehicle_id]
            passes = isinstance(need, Need) and need.value <= 1000 * street - edge
            word = USABLE if passes else NO
            if gap >= 0:
                bodies[word].append(shapes.plan(car, x, top - aside - width))
                wheels += shapes.tyres(car, x, top - aside - width)
                oncoming.append(shapes.rectangle(x + 400, bottom + aside, small_long, small_wide))
            text = f"{SYMBOLS[word]} {gap:,.0f} mm" if gap >= 0 else f"{SYMBOLS[NO]} too narrow"
            axes.text(x + 2_700, bottom - 150, text, size=7, va="top", ha="center")
            if top == 0:
                axes.text(x + 2_700, 150, name, size=7.5, weight="bold", ha="center")
            data.append((street, name, car.vehicle_id, gap))
        top = bottom - between
    shapes.shapes(axes, surfaces, facecolor=_PAPER, edgecolor=style.INK, linewidth=0.9)
    shapes.shapes(axes, oncoming, facecolor=style.LIGHT, edgecolor=style.INK, linewidth=0.5)
    _draw_bodies(axes, bodies, wheels)
    shapes.scale_bar(axes, 300, between - high - 600, 2_000, 7)
    shapes.person_above(axes, 2_900, between - high - 600)
    axes.text(3_200, between - high - 600, "person", size=7, va="center")
    frame = pd.DataFrame(data, columns=["street_m", "model", "vehicle_id", "gap_mm"])
    return Chart(
        "streets",
        figure,
        short(
            f"To-scale plans of {joined(name for name, _ in drawn)} meeting a small car. {title}."
        ),
        frame,
    )


def corners(fit: FitPart) -> Chart:
    """The path each model of the programme sweeps round the scenario's corner, with the walls and
    the closest point.
    """
    cars = fit.car
    turning = [(row, plan) for row in fit.rows if (plan := shape(cars[row.vehicle_id])) is not None]
    lane = fit.parameter("corner_lane_width_m")
    failing, unsettled = (
        [row.title for row, _ in turning if row.corner == word] for word in (NO, WITH_CARE)
    )
    rounding = len(turning) - len(failing) - len(unsettled)
    title = f"{rounding} of {len(fit.models)} models {verb(rounding, 'round')} a "
    title += f"{lane:g} m corner in one move"
    title += f"; {named(failing)} {'does' if len(failing) == 1 else 'do'} not" if failing else ""
    title += f"; for {named(unsettled)} the unsourced dimensions leave it open" if unsettled else ""
    title += (
        " (turning radii assumed)"
        if any(
            cars[row.vehicle_id].dimensions["turn_radius_m"].basis != SOURCED for row, _ in turning
        )
        else ""
    )
    subtitle = (
        "Area swept at full lock, no clearance, from above. Number: narrowest equal lanes, in "
        "brackets over the band of unsourced dimensions. The dot marks where the body comes "
        "nearest to the building's corner"
    )
    plans = [plan for _, plan in turning]
    cell_x, cell_y = _corner_cell(plans)
    columns = 3
    rows = -(-max(len(turning), 1) // columns)
    figure, axes = style.canvas(
        title, subtitle, f"{_SOURCE}.", height_in=_BOARD_IN * rows * cell_y / (columns * cell_x)
    )
    shapes.prepare(axes, 0, columns * cell_x, -rows * cell_y, 0)
    data = []
    for index, (row, plan) in enumerate(turning):
        data.append(
            _corner(
                axes,
                row,
                plan,
                lane,
                np.array([index % columns * cell_x, -(index // columns) * cell_y]),
                _reach(plans),
            )
        )
    shapes.scale_bar(axes, 300, 300 - rows * cell_y, 2_000, 6.5)
    shapes.person_above(axes, 2_900, 350 - rows * cell_y)
    axes.text(3_200, 350 - rows * cell_y, "person", size=6.5, va="center")
    frame = pd.DataFrame(
        data,
        columns=[
            "model",
            "vehicle_id",
            "lane_m",
            "narrowest_m",
            "narrowest_low_m",
            "narrowest_high_m",
            "spare_at_closest_point_mm",
        ],
    )
    needs = "; ".join(f"{row.title} {row.corner_m:.2f} m" for row, _ in turning)
    return Chart(
        "corners",
        figure,
        short(
            f"To-scale plans of the area swept round a corner of {lane:g} m lanes. {title}. "
            f"Narrowest corner: {needs}."
        ),
        frame,
    )


_WALL_M, _HEAD_MM = 0.5, 1_750


def _reach(plans: list[Shape]) -> float:
    """How far each drawing goes beyond the centre of the turn: the longest nose, in metres."""
    return max((plan.wheelbase_m + plan.front_overhang_m for plan in plans), default=4.0) + 0.2


def _corner_cell(plans: list[Shape]) -> tuple[float, float]:
    """Width and height in mm that the drawing of the largest corner takes."""
    widest = max(
        (max(turn(plan).outer_rear_m, turn(plan).outer_front_m) for plan in plans), default=8.0
    )
    longest = 1000 * (_reach(plans) + widest + _WALL_M)
    return longest + 500, longest + _HEAD_MM + 900


def _corner(
    axes: Any, row: Any, plan: Shape, lane: float, corner: shapes.Floats, reach: float
) -> tuple[Any, ...]:
    """One corner with its upper left at `corner` (mm)."""
    circles = turn(plan)
    across, along = circles.outer_rear_m - lane, circles.outer_front_m - lane
    left = bottom = -reach
    right, top = circles.outer_rear_m, circles.outer_front_m

    def board(points: Any) -> shapes.Floats:
        """Metres about the centre of the turn → millimetres on the board."""
        shifted: shapes.Floats = (
            (np.asarray(points, dtype=float) - [left, top + _WALL_M]) * 1000
            + corner
            - [0, _HEAD_MM]
        )
        return shifted

    walls = [
        shapes.rectangle(right, bottom, _WALL_M, top - bottom + _WALL_M),
        shapes.rectangle(left, top, right - left, _WALL_M),
    ]
    building_in_sight = across > left and along > bottom
    if building_in_sight:
        walls.append(shapes.rectangle(left, bottom, across - left, along - bottom))
    shapes.shapes(axes, [board(wall) for wall in walls], facecolor=_WALL, linewidth=0)
    before, after = -bottom - plan.rear_overhang_m, -left - plan.wheelbase_m - plan.front_overhang_m
    shapes.shapes(
        axes,
        [board(swept_outline(plan, before, after, 14))],
        facecolor=COLOUR[row.corner],
        alpha=0.45,
        linewidth=0,
    )
    shapes.shapes(
        axes,
        [board(swept_rectangles(plan, 0.0, 0.0, 3)[2])],
        facecolor="none",
        edgecolor=style.INK,
        linewidth=0.8,
    )
    nearest = np.array([max(across, 0.0), max(along, 0.0)])
    distance = float(np.hypot(*nearest))
    spare = circles.inner_m - distance
    towards = nearest / distance if distance else np.array([1.0, 1.0]) / 2**0.5
    touching, edge = board([towards * circles.inner_m, [across, along]])
    if building_in_sight:
        shapes.lines(axes, [[tuple(touching), tuple(edge)]], color=style.INK, linewidth=1)
        where = (
            f"{spare * 1000:,.0f} mm to spare"
            if spare >= 0
            else f"{-spare * 1000:,.0f} mm\ninside the wall"
        )
        axes.text(
            max(edge[0] - 200, corner[0] + 3_200),
            edge[1] - 300,
            where,
            size=6.8,
            ha="right",
            va="top",
        )
    shapes.shapes(axes, [shapes.circle(touching, 130)], facecolor=style.INK, linewidth=0)
    band = numbers.between(f"{row.corner_low_m:.2f}", f"{row.corner_high_m:.2f}", "–")
    need = f"{row.corner_m:.2f} m ({band})"
    axes.text(
        corner[0],
        corner[1] - 150,
        f"{row.title}\n{SYMBOLS[row.corner]} needs {need}",
        size=7.5,
        va="top",
        weight="bold",
        linespacing=1.25,
    )
    return (
        row.title,
        row.vehicle_id,
        lane,
        row.corner_m,
        row.corner_low_m,
        row.corner_high_m,
        spare * 1000,
    )


def overlays(fit: FitPart) -> Chart:
    """Each model over the smallest car on sale in Japan that is no smaller, else over the nearest
    one (`overlay`).
    """
    cars = fit.car
    pairs = [
        (row.title, cars[row.vehicle_id], cars[row.enclosed_by or row.nearest])
        for row in fit.rows
        if row.nearest
    ]
    return overlay(pairs, [car for _, car in same_size(fit.cars, fit.titles)])


def overlay(pairs: Sequence[tuple[str, Car, Car]], everyone: Sequence[Car]) -> Chart:
    """Outlines of pairs of cars over each other, from the side, the front and above, as boxes;
    last, all sizes at once.

    pairs: short name of the first car, the first car (filled), the second (dashed). Rear ends and
    ground lines coincide. A pair with a missing dimension is left out.
    """
    sizes = ("length_mm", "width_mm", "height_mm")
    drawn = [
        (name, one, other, _box(one), _box(other))
        for name, one, other in pairs
        if not one.missing(sizes) and not other.missing(sizes)
    ]
    boxes = [_box(car) for car in everyone if not car.missing(sizes)]
    within = [name for name, _, _, own, other in drawn if own[0] <= other[0] and own[1] <= other[1]]
    verb = "is" if len(within) == 1 else "are"
    title = (
        f"{joined(within)} {verb} no longer and no wider than a car on sale in Japan"
        if within
        else "Every model is longer or wider than the car set against it"
    )
    subtitle = (
        "Boxes from the side, the front and above, to one scale. Filled: the model; dashed: the "
        "car on sale it is set against. Numbers: difference, mm"
    )
    side, front, above, pitch, wide = 4_300, 11_600, 14_900, 2_750, 21_600
    rows = len(drawn) + 1
    figure, axes = style.canvas(
        title, subtitle, f"{_SOURCE}.", height_in=_BOARD_IN * rows * pitch / wide
    )
    shapes.prepare(axes, 0, wide, -rows * pitch, 0)
    filled, dashed, data = Outlines(), Outlines(), []
    for index, (name, one, other, own, theirs) in enumerate(drawn):
        ground = -(index + 1) * pitch + 250
        filled += _three_views(own, side, front, above, ground)
        dashed += _three_views(theirs, side, front, above, ground)
        longer, wider, taller = (a - b for a, b in zip(own, theirs, strict=True))
        axes.text(0, ground + 1_900, name, size=8, weight="bold", va="top")
        axes.text(0, ground + 1_450, shortened(f"against {other.name}", 28), size=6.8, va="top")
        axes.text(
            0,
            ground + 1_050,
            f"length {signed(longer)}\nwidth {signed(wider)}\nheight {signed(taller)}",
            size=6.8,
            va="top",
        )
        data.append((name, one.vehicle_id, other.name, longer, wider, taller))
    ground = -rows * pitch + 250
    crowd = [view for box in boxes for view in _three_views(box, side, front, above, ground)]
    shapes.shapes(axes, crowd, facecolor="none", edgecolor=style.NEUTRAL, linewidth=0.5)
    axes.text(0, ground + 1_500, f"All {len(boxes)} sizes", size=8, weight="bold", va="top")
    shapes.person_standing(axes, front - 700, ground)
    shapes.scale_bar(axes, 400, ground + 150, 2_000, 7)
    shapes.shapes(
        axes,
        filled,
        facecolor=style.US_TO_JAPAN,
        alpha=0.35,
        edgecolor=style.US_TO_JAPAN,
        linewidth=0.8,
    )
    shapes.shapes(
        axes, dashed, facecolor="none", edgecolor=style.INK, linewidth=0.9, linestyle=(0, (3, 2))
    )
    frame = pd.DataFrame(
        data, columns=["model", "vehicle_id", "car_on_sale", "longer_mm", "wider_mm", "taller_mm"]
    )
    words = "; ".join(
        f"{name} against {other}: length {signed(longer)}, width {signed(wider)} mm"
        for name, _, other, longer, wider, _ in data
    )
    alt = f"To-scale outlines of {len(drawn)} pairs of cars. {words}."
    return Chart("overlay", figure, short(alt), frame)


def _box(car: Car) -> tuple[float, float, float]:
    return (
        car.dimensions["length_mm"].value,
        car.dimensions["width_mm"].value,
        car.dimensions["height_mm"].value,
    )


def _three_views(
    box: tuple[float, float, float], side: float, front: float, above: float, ground: float
) -> Outlines:
    length, width, height = box
    return [
        shapes.rectangle(side, ground, length, height),
        shapes.rectangle(front + 1_050 - width / 2, ground, width, height),
        shapes.rectangle(above, ground + 1_040 - width / 2, length, width),
    ]


def _by_verdict() -> dict[str, Outlines]:
    return {word: [] for word in COLOUR}


def _draw_bodies(
    axes: Any, bodies: dict[str, Outlines], wheels: Sequence[shapes.Floats] = ()
) -> None:
    for word, outlines in bodies.items():
        shapes.shapes(
            axes, outlines, facecolor=COLOUR[word], alpha=0.5, edgecolor=style.INK, linewidth=0.5
        )
    shapes.shapes(axes, wheels, facecolor=style.INK, alpha=0.6, linewidth=0)


def _worst_words(rows: pd.DataFrame) -> dict[str, str]:
    """vehicle_id → the worst verdict among its rows; a row that is not computed counts as
    fitting.
    """
    found = rows.groupby("vehicle_id", sort=False)["verdict"].agg(set)
    return {
        str(key): next((word for word in (NO, WITH_CARE) if word in words), USABLE)
        for key, words in found.items()
    }
