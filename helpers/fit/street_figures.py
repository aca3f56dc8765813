"""To-scale drawings of moving cars: two that meet, round a corner, into a stall, into a bay."""

from typing import Any

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.fit import boards, shapes
from helpers.fit.boards import COLOUR, OWN_DRAWING, Board, assumed, multiples, turning_cars
from helpers.fit.findings import SYMBOLS, named, noun, some, verb
from helpers.fit.limits import NO, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.shapes import rectangle
from helpers.fit.space import STREET_ALONE, STREET_MEETING, Sizes
from helpers.fit.turning import (
    Shape,
    parallel_bay_extra,
    swept_outline,
    swept_rectangles,
    turn,
    turn_start,
)
from helpers.parts import drawn_once
from helpers.quantities import Floats
from helpers.show import Drawing, style

_PLAN = ("length_mm", "width_mm")
_MIRROR_AT = 0.66
"""Where along the car, from the tail, the mirrors stand in a drawing."""
_WALL_M = 0.5


@drawn_once
def streets(fit: FitPart) -> Drawing:
    """Each car shown meeting a small car in the scenario's street, with gutter and poles."""
    sizes, allowances = fit.sizes, fit.allowances
    small_wide, mirrors = allowances.small_car_width_mm, allowances.mirror_allowance_mm
    small = shapes.plan(fit.limit("rso_dv_small_length"), small_wide, mirrors).turned(180)
    margins: Any = fit.places.pivot(index="vehicle_id", columns="place", values="margin_mm")
    rows = [row for row in fit.rows if not fit.car[row.vehicle_id].missing(_PLAN)]
    heads, data = [], []
    for row in rows:
        meets, passes = (
            float(margins.at[row.vehicle_id, place]) for place in (STREET_MEETING, STREET_ALONE)
        )
        word = USABLE if meets >= 0 else WITH_CARE if passes >= 0 else NO
        what = {
            USABLE: f"passes, {numbers.plain(meets)} mm to spare",
            WITH_CARE: f"waits: {numbers.plain(-meets)} mm too narrow to pass",
            NO: f"cannot drive here: {numbers.plain(-passes)} mm too narrow",
        }[word]
        heads.append((row.title, f"{SYMBOLS[word]} {what}"))
        gap = allowances.clearance_mm + meets / 3
        data.append((sizes.street_width_m, row.title, row.vehicle_id, word, gap))
    longest = max([5_000.0, *(row.length_mm for row in rows)])

    def street(index: int, board: Board) -> None:
        row, word, gap = rows[index], data[index][3], data[index][4]
        edge = _surface(board, sizes)
        top = board.high - edge - gap - (row.width_mm + mirrors) / 2
        low = edge + gap + (small_wide + mirrors) / 2
        body = shapes.plan(row.length_mm, row.width_mm, mirrors, fit.car[row.vehicle_id])
        board.cars([body.at(500, top)], COLOUR[word])
        board.cars([small.at(1_300 + np.ptp(small.body[:, 0]), low)], style.LIGHT, alpha=0.9)
        ways = (_arrow(700 + row.length_mm, top, 1_200), _arrow(1_100, low, -900))
        board.stroke([line for way in ways for line in way], linewidth=1.2)
        if index == min(len(rows), boards.MOST_BOARDS) - 1:
            board.person(board.wide - 400, edge / 2)
            board.length(board.wide - 1_250, board.high / 2 - 900, 1_000)

    meet = sum(row[3] == USABLE for row in data)
    blocked = [row[1] for row in data if row[3] == NO]
    title = (
        f"{some(meet, len(rows))} {noun(fit)} {'pass' if meet > 1 else 'passes'} a small car in "
    )
    title += f"a {sizes.street_width_m:g} m street with {sizes.street_edge_m:g} m of edge"
    title += f"; {named(blocked)} cannot drive it at all" if blocked else ""
    subtitle = (
        f"From above, mirrors out; grey: an oncoming car {small_wide / 1000:.2f} m wide. The dark "
        f"strips are gutter and poles. Wanted: {allowances.clearance_mm:g} mm beside and between "
        "the mirrors; three equal gaps are drawn, and mirrors that overlap where there is no room"
    )
    return multiples(
        ("streets", title, subtitle, f"Road Structure Ordinance for the small car; {OWN_DRAWING}"),
        "plans of cars that meet a small car",
        heads,
        pd.DataFrame(data, columns=["street_m", "model", "vehicle_id", "verdict", "gap_mm"]),
        (longest + 2_300, 1000 * sizes.street_width_m),
        (2, 1),
        street,
    )


def _surface(board: Board, sizes: Sizes) -> float:
    """The surface with its edges and poles; the width of one edge in mm."""
    edge = 1000 * min(sizes.street_edge_m, sizes.street_width_m) / 2
    board.fill([rectangle(0, 0, board.wide, board.high)], facecolor=boards.PAPER)
    strips = [rectangle(0, y, board.wide, edge) for y in (0, board.high - edge)] if edge else []
    board.fill(strips, facecolor=boards.EDGE)
    poles = [
        shapes.circle(np.array([x, y]), 150)
        for x, y in ((0.12 * board.wide, board.high - edge / 2), (0.86 * board.wide, edge / 2))
    ]
    board.fill(poles if edge >= 300 else [], facecolor=style.NEUTRAL)
    board.stroke([[(0, y), (board.wide, y)] for y in (0, board.high)])
    return edge


def _arrow(x: float, y: float, long: float) -> list[list[tuple[float, float]]]:
    head, tip = 220 * np.sign(long), x + long
    return [[(x, y), (tip, y)], [(tip - head, y - 150), (tip, y), (tip - head, y + 150)]]


@drawn_once
def corners(fit: FitPart) -> Drawing:
    """The path each car shown sweeps round the scenario's corner, with walls, poses, the envelope
    of its mirrors and the closest point.
    """
    cars, lane = turning_cars(fit), fit.parameter("corner_lane_width_m")
    heads, data = [], []
    for row, plan in cars:
        ends = row.corner_low_m, row.corner_high_m
        span = numbers.between(f"{ends[0]:.2f}", f"{ends[1]:.2f}", "–")
        heads.append((row.title, f"{SYMBOLS[row.corner]} needs {row.corner_m:.2f} m ({span})"))
        spare = 1000 * _spare(plan, lane)
        data.append((row.title, row.vehicle_id, lane, row.corner_m, *ends, spare))
    reach = max((plan.wheelbase_m + plan.front_overhang_m for _, plan in cars), default=4.0) + 0.2
    circles = [turn(plan) for _, plan in cars]
    widest = max((max(path.outer_rear_m, path.outer_front_m) for path in circles), default=8.0)
    size = 1000 * (reach + widest + _WALL_M)
    mirrors_m = fit.parameter("mirror_allowance_mm") / 1000

    def corner(index: int, board: Board) -> None:
        row, plan = cars[index]
        _corner(board, plan, lane, reach, COLOUR[row.corner], mirrors_m)
        if index == 0:
            board.length(300, 300, 2_000)

    rounding, failing, unsettled = (
        [row.title for row, _ in cars if row.corner == word] for word in (USABLE, NO, WITH_CARE)
    )
    title = f"{some(len(rounding), len(fit.rows))} {noun(fit)} {verb(len(rounding), 'round')} a "
    title += f"{lane:g} m corner in one move"
    title += f"; {named(failing)} {'does' if len(failing) == 1 else 'do'} not" if failing else ""
    title += f"; for {named(unsettled)} the unsourced dimensions leave it open" if unsettled else ""
    subtitle = (
        "Area swept at full lock, no clearance, from above; thin: poses on the way; dashed: reach "
        "of the mirrors. Number: narrowest equal lanes, in brackets over the band of unsourced "
        "dimensions. The dot marks where the body comes nearest to the building's corner"
    )
    columns = ["model", "vehicle_id", "lane_m", "narrowest_m", "narrowest_low_m"]
    columns += ["narrowest_high_m", "spare_at_closest_point_mm"]
    return multiples(
        ("corners", title + _assumed(fit, cars), subtitle, OWN_DRAWING),
        f"plans of the area swept round a corner of {lane:g} m lanes",
        heads,
        pd.DataFrame(data, columns=columns),
        (size, size),
        (3, 1),
        corner,
    )


def _assumed(fit: FitPart, cars: list[tuple[Any, Shape]]) -> str:
    return assumed(fit.car[row.vehicle_id] for row, _ in cars)


def _spare(plan: Shape, lane: float) -> float:
    """What is left between the inner circle and the building's corner, in metres."""
    circles = turn(plan)
    across, along = circles.outer_rear_m - lane, circles.outer_front_m - lane
    return circles.inner_m - float(np.hypot(max(across, 0.0), max(along, 0.0)))


def _corner(
    board: Board, plan: Shape, lane: float, reach: float, colour: str, mirrors_m: float
) -> None:
    circles = turn(plan)
    right, top = circles.outer_rear_m, circles.outer_front_m
    across, along = right - lane, top - lane
    building = across > -reach and along > -reach

    def on(points: Any) -> Floats:
        """Metres about the centre of the turn → millimetres on the board."""
        shifted: Floats = (np.asarray(points, dtype=float) + reach) * 1000
        return shifted

    walls = [
        rectangle(right, -reach, _WALL_M, top + reach + _WALL_M),
        rectangle(-reach, top, right + reach, _WALL_M),
        *([rectangle(-reach, -reach, across + reach, along + reach)] if building else []),
    ]
    board.fill([on(wall) for wall in walls], facecolor=boards.WALL)
    before = reach - plan.rear_overhang_m
    after = reach - plan.wheelbase_m - plan.front_overhang_m
    board.fill([on(swept_outline(plan, before, after, 14))], facecolor=colour, alpha=0.4)
    poses = swept_rectangles(plan, 0.0, 0.0, 5)[1:-1]
    board.stroke([on([*pose, pose[0]]) for pose in poses], linewidth=0.7)
    arcs = [on(arc) for arc in _mirror_arcs(plan, mirrors_m)]
    board.stroke(arcs, linestyle=(0, (2, 2)), linewidth=0.8)
    nearest = np.array([max(across, 0.0), max(along, 0.0)])
    distance = float(np.hypot(*nearest))
    towards = nearest / distance if distance else np.array([1.0, 1.0]) / 2**0.5
    touching, edge = on([towards * circles.inner_m, [across, along]])
    spare = 1000 * _spare(plan, lane)
    if building:
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


@drawn_once
def reversing(fit: FitPart) -> Drawing:
    """How each car shown reverses into the stall in one move, and whether the aisle holds it."""
    sizes, aisle = fit.sizes, fit.parameter("aisle_width_m")
    beside = (sizes.stall_width_mm - sizes.neighbour_width_mm / 2) / 1000
    cars, heads, data = [], [], []
    for row, plan in turning_cars(fit):
        start, need = turn_start(plan, beside), fit.aisle[row.vehicle_id]
        if start is not None and isinstance(need, Need):
            metres = need.value / 1000
            cars.append((row, plan))
            heads.append((row.title, f"{SYMBOLS[row.aisle]} needs an aisle of {metres:.2f} m"))
            data.append((row.title, row.vehicle_id, row.aisle, metres, start, aisle))
    far = max([1000 * aisle, *(1000 * row[3] for row in data)]) + 400
    reaches = (
        turn(plan).rear_axle_m + plan.wheelbase_m + plan.front_overhang_m for _, plan in cars
    )
    left, right = 1.6 * sizes.stall_width_mm, 1000 * max(reaches, default=8.0)

    def move(index: int, board: Board) -> None:
        row, plan = cars[index]
        origin = np.array([left, sizes.stall_length_mm + 200.0])
        _parking(board, origin, sizes, 1000 * aisle)
        radius, body = turn(plan).rear_axle_m, shapes.about_rear_axle(plan)
        turned = np.radians([90, 60, 30, 0])
        begin = np.array([0.0, data[index][4]])
        circle = begin + np.column_stack([1 - np.cos(turned), np.sin(turned)]) * radius
        stood = -sizes.stall_length_mm / 1000 + 0.1 + plan.rear_overhang_m
        axles = 1000 * np.array([*circle, [0, stood]]) + origin
        ways = zip((0, 30, 60, 90, 90), axles, strict=True)
        board.poses([body.turned(way).at(*axle).body for way, axle in ways], COLOUR[row.aisle])
        if index == 0:
            board.length(board.wide - 2_600, 600, 2_000)

    doing, more = ([row[0] for row in data if row[2] == word] for word in (USABLE, NO))
    title = f"{some(len(doing), len(fit.rows))} {noun(fit)} {verb(len(doing), 'reverse')} into the "
    title += f"stall from a {aisle:g} m aisle in one move"
    title += f"; {named(more)} {'needs' if len(more) == 1 else 'need'} more moves" if more else ""
    subtitle = (
        "From above, to one scale, five poses from the aisle (above) into the stall between two "
        "neighbours; dotted: far side of the aisle. Body without mirrors, full lock, no clearance"
    )
    columns = ["model", "vehicle_id", "verdict", "needs_m", "turns_at_m", "aisle_m"]
    source = f"{OWN_DRAWING} The aisle is the scenario's."
    return multiples(
        ("reversing", title + _assumed(fit, cars), subtitle, source),
        "plans of a car reversing into a stall in one move",
        heads,
        pd.DataFrame(data, columns=columns),
        (left + right + 300, sizes.stall_length_mm + 200 + far),
        (3, 1),
        move,
    )


def _parking(board: Board, origin: Floats, sizes: Sizes, aisle_mm: float) -> None:
    """Stall, neighbours and aisle; origin: the middle of the stall's mouth."""
    x, y = origin
    wide, long = sizes.stall_width_mm, sizes.stall_length_mm
    board.fill([rectangle(0, y, board.wide, aisle_mm)], facecolor=boards.PAPER)
    lines = [x + wide * step for step in (-0.5, 0.5, 1.5, 2.5) if 0 < x + wide * step < board.wide]
    board.stroke([[(line, y - long), (line, y)] for line in lines], edgecolor=style.NEUTRAL)
    board.stroke([[(0, y + aisle_mm), (board.wide, y + aisle_mm)]], linestyle=(0, (1, 2)))
    length = min(4_700, long)
    car = shapes.plan(length, sizes.neighbour_width_mm).turned(90)
    board.parked(car.at(x + step * wide, y - length) for step in (-1, 1, 2))


@drawn_once
def bays(fit: FitPart) -> Drawing:
    """How each car shown comes out of a bay along the kerb in one move, and how long it is."""
    other, cars = fit.parameter("neighbour_width_mm") / 1000, turning_cars(fit)
    extras = [parallel_bay_extra(plan, other) for _, plan in cars]
    needs = [plan.length_m + extra for (_, plan), extra in zip(cars, extras, strict=True)]
    heads = [
        (row.title, f"needs {need:.2f} m, {extra:.2f} m more than its length")
        for (row, _), need, extra in zip(cars, needs, extras, strict=True)
    ]
    behind, ways = 1_300.0, [_out_of_bay(plan) for _, plan in cars]
    depth = max((-float(way[..., 1].min()) for way in ways), default=5_000.0)

    def bay(index: int, board: Board) -> None:
        kerb, nose = board.high - 300.0, behind + 1000 * needs[index]
        board.fill([rectangle(0, kerb, board.wide, 300)], facecolor=boards.WALL)
        board.fill([rectangle(0, 0, board.wide, kerb)], facecolor=boards.PAPER)
        ends = [[(x, kerb), (x, kerb - 1000 * other)] for x in (behind, nose)]
        board.stroke(ends, linestyle=(0, (4, 3)), edgecolor=style.NEUTRAL)
        parked = shapes.plan(4_700, 1000 * other)
        board.parked(parked.at(x, kerb - 500 * other) for x in (behind - 4_700, nose))
        board.poses(list(ways[index] + [behind, kerb]), style.US_TO_JAPAN)
        if index == 0:
            board.length(300, 400, 2_000)

    span = numbers.between(*(f"{end:.1f}" for end in (min(needs), max(needs)))) if needs else "no"
    subtitle = (
        "From above, to one scale, four poses between two parked cars; kerb at the top, dashed: "
        "ends of the bay. Full lock, no clearance; the tail may swing over the kerb"
    )
    rows = [
        (row.title, row.vehicle_id, need, extra)
        for (row, _), need, extra in zip(cars, needs, extras, strict=True)
    ]
    title = f"In one move the {noun(fit)} need bays of {span} m along the kerb"
    return multiples(
        ("bays", title + _assumed(fit, cars), subtitle, OWN_DRAWING),
        "plans of cars leaving a bay along the kerb",
        heads,
        pd.DataFrame(rows, columns=["model", "vehicle_id", "bay_m", "more_than_length_m"]),
        (behind + 1000 * max(needs, default=7.0) + 2_200, depth + 500),
        (2, 1),
        bay,
    )


def _out_of_bay(plan: Shape) -> Floats:
    """Poses of a car that turns off the kerb to the right, the last one at the kerb: an array
    (poses, corners, x and y) in mm from where its tail stands at the kerb.
    """
    radius, body = 1000 * turn(plan).rear_axle_m, shapes.about_rear_axle(plan)
    axle = np.array([1000 * plan.rear_overhang_m, -500 * plan.width_m])
    poses = [
        body.turned(-degrees).at(*axle + radius * np.array([np.sin(turned), np.cos(turned) - 1]))
        for degrees in (42, 28, 14, 0)
        for turned in [np.radians(degrees)]
    ]
    return np.stack([pose.body for pose in poses])
