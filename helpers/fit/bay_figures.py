"""To-scale drawings of standing cars: beside a car on sale, in the stall, on a pallet."""

from typing import Any

import pandas as pd

from helpers.fit import boards, shapes
from helpers.fit.boards import COLOUR, OWN_DRAWING, Board, multiples
from helpers.fit.cars import Car
from helpers.fit.findings import PALLET, SYMBOLS, joined, named, noun, signed, size_text, some, verb
from helpers.fit.limits import NO, USABLE, WITH_CARE
from helpers.fit.part import FitPart
from helpers.fit.shapes import rectangle
from helpers.fit.space import DOOR, STALL_ROWS, WHEEL_STOP
from helpers.parts import drawn_once
from helpers.show import Canvas, Drawing, style
from helpers.texts import short

_PLAN, _BODY = ("length_mm", "width_mm"), ("length_mm", "width_mm", "height_mm")
_DOOR_MM = 1_000


@drawn_once
def overlays(fit: FitPart) -> Drawing:
    """Silhouettes of each car shown (filled) over the smallest car on sale in Japan that is no
    smaller, else over the nearest one (dashed). Tails and ground lines coincide.
    """
    rows = [row for row in fit.rows if row.nearest]
    pairs = [
        (row, fit.car[row.vehicle_id], fit.car[row.enclosed_by or row.nearest]) for row in rows
    ]
    pairs = [pair for pair in pairs if not pair[1].missing(_BODY) and not pair[2].missing(_BODY)]
    data = pd.DataFrame(
        [
            (row.title, car.vehicle_id, other.name, *(car.size(c) - other.size(c) for c in _BODY))
            for row, car, other in pairs
        ],
        columns=["model", "vehicle_id", "car_on_sale", "longer_mm", "wider_mm", "taller_mm"],
    )
    within = data.loc[(data[["longer_mm", "wider_mm"]] <= 0).all(axis=1), "model"]
    title = (
        f"{joined(within)} {verb(len(within), 'are')} no longer and no wider than a car on sale "
        "in Japan"
        if len(within)
        else "Every model is longer or wider than the car set against it"
    )
    heads = [
        (
            model,
            f"against {other}: length {signed(longer)}, width {signed(wider)}, height "
            f"{signed(taller)} mm",
        )
        for model, _, other, longer, wider, taller in data.itertuples(index=False)
    ]
    longest = max((car.size("length_mm") for pair in pairs for car in pair[1:]), default=5_000)

    def draw(canvas: Canvas) -> None:
        def pair(index: int, board: Board) -> None:
            ground = 2_500 if canvas.narrow else 100
            plan_x = 0 if canvas.narrow else longest + 3_300

            def views(car: Car) -> list[shapes.Silhouette]:
                length, width, height = map(car.size, _BODY)
                return [
                    shapes.side(car).at(0, ground),
                    shapes.front(width, height).at(longest + 1_500, ground),
                    shapes.plan(length, width, car=car).at(plan_x, 1_150),
                ]

            _, shown, other = pairs[index]
            board.fill(
                [view.body for view in views(other)],
                facecolor="none",
                edgecolor=style.INK,
                linewidth=1.1,
                linestyle=(0, (3, 2)),
            )
            board.cars(views(shown), style.US_TO_JAPAN, alpha=0.4)

        size = (longest + 2_700, 4_600) if canvas.narrow else (2 * longest + 3_400, 2_200)
        boards.boards(canvas, heads, size, (1, 1), pair)

    subtitle = (
        "Silhouettes drawn from the dimensions, from the side, the front and above, to one scale. "
        "Filled: the model; dashed: the car on sale it is set against"
    )
    told = "; ".join(f"{head} {note}" for head, note in heads)
    alt = short(f"To-scale silhouettes of {len(pairs)} pairs of cars. {told}.")
    return Drawing("overlay", title, subtitle, OWN_DRAWING, draw, alt, data)


@drawn_once
def stalls(fit: FitPart) -> Drawing:
    """Each car shown in the scenario's stall between its neighbours: mirrors folded, the driver's
    door open, wheel stop behind, the aisle in front.
    """
    sizes, allowances = fit.sizes, fit.allowances
    rows = [row for row in fit.rows if not fit.car[row.vehicle_id].missing(_PLAN)]
    margins: Any = fit.places.pivot(index="vehicle_id", columns="place", values="margin_mm")
    words = _stall_words(fit)
    heads, data = [], []
    for row in rows:
        at_stop, door = (float(margins.at[row.vehicle_id, place]) for place in (WHEEL_STOP, DOOR))
        beside, word = door + allowances.door_room_mm, words[row.vehicle_id]
        note = f"ahead {signed(at_stop)} mm, beside the driver {signed(beside)} mm"
        said = "room for it" if word == USABLE else word
        heads.append((f"{row.title} {SYMBOLS[word]} {said}", note))
        ahead = sizes.stall_length_mm - row.length_mm
        data.append((row.title, row.vehicle_id, word, ahead, at_stop, beside))
    columns = ["car", "vehicle_id", "verdict", "length_spare_mm", "at_wheel_stop_mm"]
    longest = max([sizes.stall_length_mm, *(row.length_mm for row in rows)]) + 500

    def stall(index: int, board: Board) -> None:
        _stall(board, rows[index], COLOUR[words[rows[index].vehicle_id]], fit)
        if index == min(len(rows), boards.MOST_BOARDS) - 1:
            board.person(board.wide - 450, 300)
            board.length(board.wide - 1_150, 900, 1_000)

    size = size_text(sizes.stall_length_mm, sizes.stall_width_mm)
    failing = [row.title for row in rows if words[row.vehicle_id] == NO]
    title = (
        f"{some(len(rows) - len(failing), len(fit.rows))} {noun(fit)} can be parked in a {size} "
    )
    title += "stall and left" + (f"; {named(failing)} cannot" if failing else "")
    subtitle = (
        "To one scale, from above: wall and wheel stop at the left, aisle at the right, cars of "
        f"{sizes.neighbour_width_mm / 1000:g} m beside. The car stands at the far line, its "
        "driver's door opens as far as the neighbour leaves; a person for scale"
    )
    source = f"{OWN_DRAWING} Stall of the scenario; gaps and doors are assumed."
    return multiples(
        ("stalls", title, subtitle, source),
        f"plans of cars in a {size} stall between neighbours",
        heads,
        pd.DataFrame(data, columns=[*columns, "beside_driver_mm"]),
        (longest + 1_600, 2 * sizes.stall_width_mm),
        (2, 1),
        stall,
    )


def _stall_words(fit: FitPart) -> dict[str, str]:
    """vehicle_id → the worst word of the sizes of the stall."""
    stall_rows = fit.places[fit.places["place"].isin(STALL_ROWS)]
    return {
        str(key): next((word for word in (NO, WITH_CARE) if word in set(group)), USABLE)
        for key, group in stall_rows.groupby("vehicle_id", sort=False)["verdict"]
    }


def _stall(board: Board, row: Any, colour: str, fit: FitPart) -> None:
    """One stall: rear wall at x 250, the stall's lines in the middle of the board's height."""
    car, sizes, allowances = fit.car[row.vehicle_id], fit.sizes, fit.allowances
    rear, long, wide = 250.0, sizes.stall_length_mm, sizes.stall_width_mm
    low, high = board.high / 2 - wide / 2, board.high / 2 + wide / 2
    board.fill([rectangle(0, 0, rear, board.high)], facecolor=boards.WALL)
    board.fill([rectangle(rear, 0, long, board.high)], facecolor=boards.PAPER)
    board.stroke([[(rear, y), (rear + long, y)] for y in (low, high)])
    mouth = [[(rear + long, 0), (rear + long, board.high)]]
    board.stroke(mouth, linestyle=(0, (4, 3)), edgecolor=style.NEUTRAL)
    beside = shapes.plan(4_700, sizes.neighbour_width_mm)
    board.parked(beside.at(rear + 100, y) for y in (low - wide / 2, high + wide / 2))
    left = rear + allowances.wheel_stop_gap_mm
    middle = low + row.width_mm / 2 + allowances.folded_mirrors_mm / 2
    overhang = car.value("rear_overhang_mm") or 0.2 * row.length_mm
    stop = left + max(overhang - 400, 100)
    stops = [rectangle(stop, middle + y, 150, 500) for y in (-750, 250)]
    board.fill(stops, facecolor=style.NEUTRAL)
    body = shapes.plan(row.length_mm, row.width_mm, allowances.folded_mirrors_mm, car)
    board.cars([body.at(left, middle)], colour)
    side, hinge = middle + row.width_mm / 2, left + 0.62 * row.length_mm
    space = high + (wide - sizes.neighbour_width_mm) / 2 - side
    room = max(min(space, allowances.door_room_mm, _DOOR_MM), 0.0)
    edge = hinge - (_DOOR_MM**2 - room**2) ** 0.5
    board.stroke([[(hinge, side), (edge, side + room)]], edgecolor=colour, linewidth=2.2)
    board.stroke([[(edge, side), (edge, side + room)]], linewidth=0.8)
    board.words(rear + long + 120, board.high - 60, "aisle", ha="left", va="top")


@drawn_once
def pallets(fit: FitPart) -> Drawing:
    """Each car shown from the front in the opening of a newer low-roof pallet."""
    length, width, height = map(fit.limit, PALLET)
    margins = fit.margins[fit.margins["constraint_id"].isin(PALLET)]
    spare: Any = margins.pivot(index="vehicle_id", columns="dimension", values="margin")
    rows = [row for row in fit.rows if not fit.car[row.vehicle_id].missing(_BODY)]
    heads, data = [], []
    for row in rows:
        room = [float(spare.at[row.vehicle_id, side]) for side in ("length", "width", "height")]
        word = NO if min(room) < 0 else USABLE
        sides = zip(("length", "width", "height"), room, strict=True)
        lacking = ", ".join(f"{side} {signed(value)}" for side, value in sides if value < 0)
        heads.append((row.title, f"{SYMBOLS[word]} {f'{lacking} mm' if lacking else 'has room'}"))
        data.append((row.title, row.vehicle_id, word, *room))

    def pallet(index: int, board: Board) -> None:
        row, middle = rows[index], board.wide / 2
        opening = rectangle(middle - width / 2, 60, width, height)
        board.fill([opening], facecolor=boards.PAPER, edgecolor=style.INK, linewidth=1)
        view = shapes.front(row.width_mm, row.height_mm).at(middle, 60)
        board.cars([view], COLOUR[data[index][2]])

    fitting = [row[0] for row in data if row[2] == USABLE]
    title = (
        f"{some(len(fitting), len(fit.rows))} {noun(fit)} {verb(len(fitting), 'fit')} a low-roof "
    )
    title += "pallet" + (f": {joined(fitting)}" if fitting else "")
    subtitle = (
        f"Front view without mirrors on the newer pallet, {length:,.0f} × {width:,.0f} × "
        f"{height:,.0f} mm. What is lacking, mm"
    )
    spares = (f"{side}_spare_mm" for side in ("length", "width", "height"))
    return multiples(
        ("pallets", title, subtitle, f"parking trade pages for pallet sizes; {OWN_DRAWING}"),
        f"front views of cars in a pallet opening {width:,.0f} mm wide and {height:,.0f} mm high",
        heads,
        pd.DataFrame(data, columns=["car", "vehicle_id", "verdict", *spares]),
        (2_500, 2_150),
        (6, 2),
        pallet,
    )
