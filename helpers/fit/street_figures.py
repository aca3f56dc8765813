"""To-scale drawings of moving cars: two that meet, round a corner, into a stall, into a bay."""

from typing import Any

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.fit import shapes
from helpers.fit.bay_figures import OWN_DRAWING
from helpers.fit.cars import SOURCED, shape
from helpers.fit.findings import SYMBOLS, joined, named, noun, verb
from helpers.fit.limits import NO, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.shapes import COLOUR, Board, Floats, boards, rectangle
from helpers.fit.space import STREET_ALONE, STREET_MEETING, limit_value
from helpers.fit.turning import (
    Shape,
    parallel_bay_extra,
    swept_outline,
    swept_rectangles,
    turn,
    turn_start,
)
from helpers.show import Canvas, Drawing, style
from helpers.texts import short

_MIRROR_AT = 0.66
"""Where along the car, from the tail, the mirrors stand in a drawing."""


def streets(fit: FitPart) -> Drawing:
    """Each car shown meeting a small car in the scenario's street, with gutter, poles, mirrors and
    the direction of travel.
    """
    sizes, allowances = fit.sizes, fit.allowances
    small_long = limit_value(fit.table("constraints"), "rso_dv_small_length")
    small_wide = allowances.small_car_width_mm
    own = fit.places.set_index(["place", "vehicle_id"])
    rows = [row for row in fit.rows if not fit.car[row.vehicle_id].missing(_PLAN)]
    heads, words, data = [], [], []
    for row in rows:
        meets, passes = (
            float(own.at[(place, row.vehicle_id), "margin_mm"])  # type: ignore[arg-type]
            for place in (STREET_MEETING, STREET_ALONE)
        )
        gap = allowances.clearance_mm + meets / 3
        word = USABLE if meets >= 0 else WITH_CARE if passes >= 0 else NO
        what = {USABLE: "passes", WITH_CARE: "waits", NO: "does not go through"}[word]
        words.append(word)
        heads.append((row.title, f"{SYMBOLS[word]} {what}: three gaps of {numbers.plain(gap)} mm"))
        data.append((sizes.street_width_m, row.title, row.vehicle_id, word, gap))
    longest = max([5_000.0, *(row.length_mm for row in rows)])

    def draw(canvas: Canvas) -> None:
        def street(index: int, board: Board) -> None:
            row, gap = rows[index], data[index][-1]
            edge = _surface(board, sizes.street_width_m, sizes.street_edge_m)
            car = fit.car[row.vehicle_id]
            mirrors = allowances.mirror_allowance_mm
            wide = row.width_mm + mirrors
            top = board.high - edge - gap - wide / 2
            body = shapes.plan(row.length_mm, row.width_mm, mirrors, car)
            board.car(body.at(500, top), COLOUR[words[index]])
            other = shapes.plan(small_long, small_wide, mirrors).turned(180)
            low = edge + gap + (small_wide + mirrors) / 2
            board.car(other.at(1_300 + small_long, low), style.LIGHT, alpha=0.9)
            _arrow(board, 700 + row.length_mm, top, 1_200)
            _arrow(board, 1_100, low, -900)
            if index == len(rows) - 1:
                board.person(board.wide - 400, edge / 2)

        size = (longest + 2_300, 1000 * sizes.street_width_m)
        boards(canvas, heads, size, (2, 1), street)

    counts = {
        word: [row.title for row, own in zip(rows, words, strict=True) if own == word]
        for word in (USABLE, WITH_CARE, NO)
    }
    meet = counts[USABLE]
    title = f"{len(meet)} of {len(rows)} {noun(fit)} {verb(len(meet), 'pass')} a small car in a "
    title = title.replace("passs", "passes")
    title += f"{sizes.street_width_m:g} m street with {sizes.street_edge_m:g} m of edge"
    title += f"; {named(counts[NO])} cannot drive it at all" if counts[NO] else ""
    return Drawing(
        "streets",
        title,
        f"From above, mirrors out; grey: an oncoming car {small_wide / 1000:.2f} m wide. The dark "
        "strips are gutter and poles. Gaps are those beside and between the mirrors, "
        f"{allowances.clearance_mm:g} mm wanted; below zero the mirrors touch",
        f"Road Structure Ordinance for the small car; {OWN_DRAWING}",
        draw,
        short(
            f"To-scale plans of {joined(row.title for row in rows)} meeting a small car. {title}. "
            + "; ".join(f"{head[0]} {head[1]}" for head in heads)
            + "."
        ),
        pd.DataFrame(data, columns=["street_m", "model", "vehicle_id", "verdict", "gap_mm"]),
    )


_PLAN = ("length_mm", "width_mm")


def _surface(board: Board, street_m: float, edge_m: float) -> float:
    """The surface with its edges and poles; the width of one edge in mm."""
    edge = 1000 * min(edge_m, street_m) / 2
    board.fill([rectangle(0, 0, board.wide, board.high)], facecolor=shapes.PAPER)
    strips = [rectangle(0, y, board.wide, edge) for y in (0, board.high - edge)] if edge else []
    board.fill(strips, facecolor=shapes.EDGE)
    poles = [
        shapes.circle(np.array([x, y]), 150)
        for x, y in ((0.12 * board.wide, board.high - edge / 2), (0.86 * board.wide, edge / 2))
    ]
    board.fill(poles if edge >= 300 else [], facecolor=style.NEUTRAL)
    board.stroke([[(0, y), (board.wide, y)] for y in (0, board.high)])
    return edge


def _arrow(board: Board, x: float, y: float, long: float) -> None:
    head = 220 * np.sign(long)
    tip = x + long
    board.stroke(
        [[(x, y), (tip, y)], [(tip - head, y - 150), (tip, y), (tip - head, y + 150)]],
        linewidth=1.2,
    )


def corners(fit: FitPart) -> Drawing:
    """The path each car shown sweeps round the scenario's corner, with walls, poses, the envelope
    of its mirrors and the closest point.
    """
    rows = _turning(fit)
    lane = fit.parameter("corner_lane_width_m")
    heads = [
        (
            row.title,
            f"{SYMBOLS[row.corner]} needs {row.corner_m:.2f} m "
            f"({numbers.between(f'{row.corner_low_m:.2f}', f'{row.corner_high_m:.2f}', '–')})",
        )
        for row, _ in rows
    ]
    reach = max((plan.wheelbase_m + plan.front_overhang_m for _, plan in rows), default=4.0) + 0.2
    widest = max(
        (max(turn(plan).outer_rear_m, turn(plan).outer_front_m) for _, plan in rows), default=8.0
    )
    size = 1000 * (reach + widest + _WALL_M)
    data = [
        (
            row.title,
            row.vehicle_id,
            lane,
            row.corner_m,
            row.corner_low_m,
            row.corner_high_m,
            1000 * _spare(plan, lane),
        )
        for row, plan in rows
    ]

    def draw(canvas: Canvas) -> None:
        def corner(index: int, board: Board) -> None:
            row, plan = rows[index]
            _corner(
                board,
                plan,
                lane,
                reach,
                COLOUR[row.corner],
                fit.parameter("mirror_allowance_mm") / 1000,
            )
            if index == 0:
                board.scale(300, 300, 2_000)

        boards(canvas, heads, (size, size), (3, 1), corner)

    failing, unsettled = (
        [row.title for row, _ in rows if row.corner == word] for word in (NO, WITH_CARE)
    )
    rounding = len(rows) - len(failing) - len(unsettled)
    title = f"{rounding} of {len(fit.rows)} {noun(fit)} {verb(rounding, 'round')} a "
    title += f"{lane:g} m corner in one move"
    title += f"; {named(failing)} {'does' if len(failing) == 1 else 'do'} not" if failing else ""
    title += f"; for {named(unsettled)} the unsourced dimensions leave it open" if unsettled else ""
    title += _assumed(fit, rows)
    return Drawing(
        "corners",
        title,
        "Area swept at full lock, no clearance, from above; thin: poses on the way; dashed: reach "
        "of the mirrors. Number: narrowest equal lanes, in brackets over the band of unsourced "
        "dimensions. The dot marks where the body comes nearest to the building's corner",
        OWN_DRAWING,
        draw,
        short(
            f"To-scale plans of the area swept round a corner of {lane:g} m lanes. {title}. "
            + "; ".join(f"{row.title} {row.corner_m:.2f} m" for row, _ in rows)
            + "."
        ),
        pd.DataFrame(
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
        ),
    )


_WALL_M = 0.5


def _turning(fit: FitPart) -> list[tuple[Any, Shape]]:
    """The cars shown whose plan is known."""
    plans = ((row, shape(fit.car[row.vehicle_id])) for row in fit.rows)
    return [(row, plan) for row, plan in plans if plan is not None]


def _assumed(fit: FitPart, rows: list[tuple[Any, Shape]]) -> str:
    bases = {fit.car[row.vehicle_id].dimensions["turn_radius_m"].basis for row, _ in rows}
    return " (turning radii assumed)" if bases - {SOURCED} else ""


def _spare(plan: Shape, lane: float) -> float:
    """What is left between the inner circle and the building's corner, in metres."""
    circles = turn(plan)
    across, along = circles.outer_rear_m - lane, circles.outer_front_m - lane
    return circles.inner_m - float(np.hypot(max(across, 0.0), max(along, 0.0)))


def _corner(
    board: Board, plan: Shape, lane: float, reach: float, colour: str, mirrors_m: float
) -> None:
    circles = turn(plan)
    across, along = circles.outer_rear_m - lane, circles.outer_front_m - lane
    right, top = circles.outer_rear_m, circles.outer_front_m

    def on(points: Any) -> Floats:
        """Metres about the centre of the turn → millimetres on the board."""
        shifted: Floats = (np.asarray(points, dtype=float) + reach) * 1000
        return shifted

    walls = [
        rectangle(right, -reach, _WALL_M, top + reach + _WALL_M),
        rectangle(-reach, top, right + reach, _WALL_M),
    ]
    if across > -reach and along > -reach:
        walls.append(rectangle(-reach, -reach, across + reach, along + reach))
    board.fill([on(wall) for wall in walls], facecolor=shapes.WALL)
    before = reach - plan.rear_overhang_m
    after = reach - plan.wheelbase_m - plan.front_overhang_m
    board.fill([on(swept_outline(plan, before, after, 14))], facecolor=colour, alpha=0.4)
    poses = swept_rectangles(plan, 0.0, 0.0, 5)[1:-1]
    board.fill([on(pose) for pose in poses], facecolor="none", edgecolor=style.INK, linewidth=0.7)
    board.stroke(
        [on(arc) for arc in _mirror_arcs(plan, mirrors_m)], linestyle=(0, (2, 2)), linewidth=0.8
    )
    nearest = np.array([max(across, 0.0), max(along, 0.0)])
    distance = float(np.hypot(*nearest))
    towards = nearest / distance if distance else np.array([1.0, 1.0]) / 2**0.5
    touching, edge = on([towards * circles.inner_m, [across, along]])
    spare = 1000 * _spare(plan, lane)
    if across > -reach and along > -reach:
        board.stroke([[touching, edge]])
        where = f"{spare:,.0f} mm to spare" if spare >= 0 else f"{-spare:,.0f} mm in the wall"
        board.words(200, edge[1] - 300, where, ha="left", va="top")
    board.fill([shapes.circle(touching, 130)], facecolor=style.INK)


def _mirror_arcs(plan: Shape, mirrors_m: float) -> list[Floats]:
    """Where the ends of the mirrors run in the quarter circle, outer and inner."""
    circles = turn(plan)
    ahead = _MIRROR_AT * plan.length_m - plan.rear_overhang_m
    arcs = []
    for side in (1, -1):
        across = circles.rear_axle_m + side * (plan.width_m + mirrors_m) / 2
        angle = np.arctan2(ahead, across) + np.linspace(0, np.pi / 2, 16)
        arcs.append(np.hypot(across, ahead) * np.column_stack([np.cos(angle), np.sin(angle)]))
    return arcs


def reversing(fit: FitPart) -> Drawing:
    """How each car shown reverses into the stall of the scenario in one move, and whether the aisle
    holds it.
    """
    sizes, aisle = fit.sizes, fit.parameter("aisle_width_m")
    beside = (sizes.stall_width_mm - sizes.neighbour_width_mm / 2) / 1000
    rows = [
        (row, plan, start)
        for row, plan in _turning(fit)
        if (start := turn_start(plan, beside)) is not None
    ]
    heads, data = [], []
    for row, _, start in rows:
        need = fit.aisle[row.vehicle_id]
        metres = need.value / 1000 if isinstance(need, Need) else float("nan")
        heads.append((row.title, f"{SYMBOLS[row.aisle]} needs an aisle of {metres:.2f} m"))
        data.append((row.title, row.vehicle_id, row.aisle, metres, start, aisle))
    far = max([1000 * aisle, *(1000 * own[3] for own in data)]) + 400
    right = 1000 * max(
        (turn(plan).rear_axle_m + plan.wheelbase_m + plan.front_overhang_m for _, plan, _ in rows),
        default=8.0,
    )
    left = 1.6 * sizes.stall_width_mm

    def draw(canvas: Canvas) -> None:
        def move(index: int, board: Board) -> None:
            row, plan, start = rows[index]
            origin = np.array([left, sizes.stall_length_mm + 200.0])
            _parking(board, origin, sizes, 1000 * aisle)
            centre = np.array([turn(plan).rear_axle_m, start])
            stood = -sizes.stall_length_mm / 1000 + 0.1 + plan.rear_overhang_m
            _poses(board, plan, origin, centre, stood, COLOUR[row.aisle])

        size = (left + right + 300, sizes.stall_length_mm + 200 + far)
        boards(canvas, heads, size, (3, 1), move)

    doing = [row.title for row, *_ in rows if row.aisle == USABLE]
    more = [row.title for row, *_ in rows if row.aisle == NO]
    title = (
        f"{len(doing)} of {len(fit.rows)} {noun(fit)} {verb(len(doing), 'reverse')} into the stall "
    )
    title += f"from a {aisle:g} m aisle in one move"
    title += f"; {named(more)} {'needs' if len(more) == 1 else 'need'} more moves" if more else ""
    title += _assumed(fit, [(row, plan) for row, plan, _ in rows])
    return Drawing(
        "reversing",
        title,
        "From above, to one scale, five poses from the aisle (above) into the stall between two "
        "neighbours; dotted: far side of the aisle. Body without mirrors, full lock, no clearance",
        f"{OWN_DRAWING} The aisle is the scenario's.",
        draw,
        short(
            f"To-scale plans of a car reversing into a stall in one move. {title}. "
            + "; ".join(f"{own[0]} {own[3]:.2f} m" for own in data)
            + "."
        ),
        pd.DataFrame(
            data, columns=["model", "vehicle_id", "verdict", "needs_m", "turns_at_m", "aisle_m"]
        ),
    )


def _parking(board: Board, origin: Floats, sizes: Any, aisle_mm: float) -> None:
    """Stall, neighbours and aisle; origin: the middle of the stall's mouth."""
    x, y = origin
    wide, long = sizes.stall_width_mm, sizes.stall_length_mm
    board.fill([rectangle(0, y, board.wide, aisle_mm)], facecolor=shapes.PAPER)
    lines = [x + wide * step for step in (-0.5, 0.5, 1.5, 2.5) if 0 < x + wide * step < board.wide]
    board.stroke([[(line, y - long), (line, y)] for line in lines], edgecolor=style.NEUTRAL)
    board.stroke([[(0, y + aisle_mm), (board.wide, y + aisle_mm)]], linestyle=(0, (1, 2)))
    for middle in (x - wide, x + wide, x + 2 * wide):
        car = shapes.plan(min(4_700, long), sizes.neighbour_width_mm).turned(90)
        body = car.at(middle, y - min(4_700, long)).body.clip([0, 0], [board.wide, board.high])
        if np.ptp(body[:, 0]) > 300:
            board.fill([body], facecolor=style.LIGHT, edgecolor=style.NEUTRAL, linewidth=0.6)


def _poses(
    board: Board, plan: Shape, origin: Floats, centre: Floats, stood_m: float, colour: str
) -> None:
    """A car on its circle about `centre` (metres from the origin), from the aisle to where it turns
    no more, and last, boldest, with its rear axle at `stood_m` in the stall.
    """
    radius = turn(plan).rear_axle_m
    body = shapes.plan(1000 * plan.length_m, 1000 * plan.width_m).at(
        -1000 * plan.rear_overhang_m, 0
    )
    poses = [
        (angle, centre + radius * np.array([-np.cos(np.radians(angle)), np.sin(np.radians(angle))]))
        for angle in (90, 60, 30, 0)
    ]
    poses.append((0, np.array([0.0, stood_m])))
    for number, (angle, axle) in enumerate(poses):
        outline = body.turned(90 - angle).at(*(1000 * axle + origin)).body
        last = number == len(poses) - 1
        look: dict[str, Any] = {"facecolor": colour, "alpha": 0.55 if last else 0.22}
        board.fill([outline], edgecolor=style.INK, linewidth=1.0 if last else 0.6, **look)


def bays(fit: FitPart) -> Drawing:
    """How each car shown comes out of, or reversed into, a bay along the kerb in one move, and how
    long the bay must be.
    """
    other = fit.parameter("neighbour_width_mm") / 1000
    rows = [(row, plan, parallel_bay_extra(plan, other)) for row, plan in _turning(fit)]
    heads = [
        (row.title, f"needs {plan.length_m + extra:.2f} m, {extra:.2f} m more than its length")
        for row, plan, extra in rows
    ]
    longest = 1000 * max((plan.length_m + extra for _, plan, extra in rows), default=7.0)

    def draw(canvas: Canvas) -> None:
        def bay(index: int, board: Board) -> None:
            _, plan, extra = rows[index]
            kerb, behind = board.high - 300.0, 1_300.0
            board.fill([rectangle(0, kerb, board.wide, 300)], facecolor=shapes.WALL)
            nose = behind + 1000 * (plan.length_m + extra)
            cars = (
                shapes.plan(4_700, 1000 * other).at(x, kerb - 500 * other)
                for x in (behind - 4_700, nose)
            )
            board.fill(
                [car.body.clip([0, 0], [board.wide, board.high]) for car in cars],
                facecolor=style.LIGHT,
                edgecolor=style.NEUTRAL,
                linewidth=0.6,
            )
            axle = np.array([behind + 1000 * plan.rear_overhang_m, kerb - 500 * plan.width_m])
            _kerb_poses(board, plan, axle, (42, 28, 14, 0))

        size = (1_300 + longest + 2_200, 5_600)
        boards(canvas, heads, size, (2, 1), bay)

    needs = [plan.length_m + extra for _, plan, extra in rows]
    span = numbers.between(*(f"{end:.1f}" for end in (min(needs), max(needs)))) if needs else "no"
    return Drawing(
        "bays",
        f"In one move the {noun(fit)} need bays of {span} m along the kerb"
        + _assumed(fit, [own[:2] for own in rows]),
        "From above, to one scale, four poses between two parked cars; kerb at the top. Full lock, "
        "no clearance; the tail may swing over the kerb",
        OWN_DRAWING,
        draw,
        short(
            "To-scale plans of cars leaving a bay along the kerb. "
            + "; ".join(f"{head[0]} {head[1]}" for head in heads)
            + "."
        ),
        pd.DataFrame(
            [
                (row.title, row.vehicle_id, plan.length_m + extra, extra)
                for row, plan, extra in rows
            ],
            columns=["model", "vehicle_id", "bay_m", "more_than_length_m"],
        ),
    )


def _kerb_poses(board: Board, plan: Shape, axle: Floats, angles: tuple[float, ...]) -> None:
    """A car that turns off the kerb to the right, from the pose at the kerb (0 degrees)."""
    radius = 1000 * turn(plan).rear_axle_m
    body = shapes.plan(1000 * plan.length_m, 1000 * plan.width_m).at(
        -1000 * plan.rear_overhang_m, 0
    )
    for angle in angles:
        turned = np.radians(angle)
        place = axle + radius * np.array([np.sin(turned), np.cos(turned) - 1])
        outline = body.turned(-angle).at(*place).body
        last = angle == 0
        board.fill(
            [outline],
            facecolor=style.US_TO_JAPAN,
            alpha=0.5 if last else 0.18,
            edgecolor=style.INK,
            linewidth=1.0 if last else 0.6,
        )
