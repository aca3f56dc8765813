"""To-scale drawings of standing cars: beside a car on sale, in the stall, on a pallet."""

from typing import Any

import pandas as pd

from helpers.fit import shapes
from helpers.fit.cars import Car
from helpers.fit.findings import SYMBOLS, joined, named, noun, signed, size_text, verb
from helpers.fit.limits import NO, USABLE, WITH_CARE
from helpers.fit.part import FitPart
from helpers.fit.shapes import COLOUR, Board, boards, rectangle
from helpers.fit.space import DOOR, STALL_ROWS, WHEEL_STOP, limit_value
from helpers.show import Canvas, Drawing, style
from helpers.texts import short

OWN_DRAWING = "makers and press for the cars, see the tables; own drawing."
_PLAN, _BODY = ("length_mm", "width_mm"), ("length_mm", "width_mm", "height_mm")
_PALLET = ("mech_newer_l", "mech_newer_w", "mech_newer_h")
_DOOR_MM = 1_000


def overlays(fit: FitPart) -> Drawing:
    """Each car shown over the smallest car on sale in Japan that is no smaller, else over the
    nearest one: from the side, the front and above.
    """
    pairs = [
        (row.title, fit.car[row.vehicle_id], fit.car[row.enclosed_by or row.nearest])
        for row in fit.rows
        if row.nearest
    ]
    return overlay(pairs)


def overlay(pairs: list[tuple[str, Car, Car]]) -> Drawing:
    """Silhouettes of pairs of cars over each other: name, the first car (filled), the second
    (dashed). Tails and ground lines coincide. A pair with a missing dimension is left out.
    """
    drawn = [pair for pair in pairs if not pair[1].missing(_BODY) and not pair[2].missing(_BODY)]
    rows: list[tuple[Any, ...]] = [
        (name, own.vehicle_id, other.name, *(_size(own, c) - _size(other, c) for c in _BODY))
        for name, own, other in drawn
    ]
    within = [name for name, *_, longer, wider, _ in rows if longer <= 0 and wider <= 0]
    title = (
        f"{joined(within)} {verb(len(within), 'are')} no longer and no wider than a car on sale "
        "in Japan"
        if within
        else "Every model is longer or wider than the car set against it"
    )
    heads = [
        (
            name,
            f"against {other}: length {signed(longer)}, width {signed(wider)}, height "
            f"{signed(taller)} mm",
        )
        for name, _, other, longer, wider, taller in rows
    ]
    longest = max((_size(car, "length_mm") for pair in drawn for car in pair[1:]), default=5_000)

    def draw(canvas: Canvas) -> None:
        high = 4_600 if canvas.narrow else 2_200
        wide = longest + 2_700 if canvas.narrow else 2 * longest + 3_400

        def pair(index: int, board: Board) -> None:
            _, own, other = drawn[index]
            base = 2_500 if canvas.narrow else 100
            x, y = (0, 1_150) if canvas.narrow else (longest + 3_300, 1_150)
            for car, filled in ((other, False), (own, True)):
                width, height = _size(car, "width_mm"), _size(car, "height_mm")
                views = (
                    shapes.side(car).at(0, base),
                    shapes.front(width, height).at(longest + 1_500, base),
                    shapes.plan(_size(car, "length_mm"), width, car=car).at(x, y),
                )
                for view in views:
                    _over(board, view, filled)

        boards(canvas, heads, (wide, high), (1, 1), pair)

    words = "; ".join(
        f"{name} against {other}: length {signed(longer)}, width {signed(wider)} mm"
        for name, _, other, longer, wider, _ in rows
    )
    return Drawing(
        "overlay",
        title,
        "Silhouettes drawn from the dimensions, from the side, the front and above, to one scale. "
        "Filled: the model; dashed: the car on sale it is set against",
        OWN_DRAWING,
        draw,
        short(f"To-scale silhouettes of {len(drawn)} pairs of cars. {words}."),
        pd.DataFrame(
            rows,
            columns=["model", "vehicle_id", "car_on_sale", "longer_mm", "wider_mm", "taller_mm"],
        ),
    )


def _over(board: Board, view: shapes.Silhouette, filled: bool) -> None:
    if filled:
        board.car(view, style.US_TO_JAPAN, alpha=0.4)
        return
    look: dict[str, Any] = {"edgecolor": style.INK, "linewidth": 1.1, "linestyle": (0, (3, 2))}
    board.fill([view.body], facecolor="none", **look)


def _size(car: Car, column: str) -> float:
    return car.dimensions[column].value


def stalls(fit: FitPart) -> Drawing:
    """Each car shown in the scenario's stall between its neighbours: mirrors folded, the driver's
    door open, wheel stop behind, the aisle in front.
    """
    sizes, allowances = fit.sizes, fit.allowances
    rows = [row for row in fit.rows if not fit.car[row.vehicle_id].missing(_PLAN)]
    words = _stall_words(fit)
    stall_long, stall_wide = sizes.stall_length_mm, sizes.stall_width_mm
    longest = max([stall_long, *(row.length_mm for row in rows)]) + 500
    heads, data = [], []
    for row in rows:
        spare = fit.places[fit.places["vehicle_id"] == row.vehicle_id].set_index("place")
        ahead = stall_long - row.length_mm
        beside = float(spare.at[DOOR, "margin_mm"]) + allowances.door_room_mm
        word = words[row.vehicle_id]
        at_stop = float(spare.at[WHEEL_STOP, "margin_mm"])
        heads.append(
            (
                f"{row.title} {SYMBOLS[word]} {word}",
                f"ahead {signed(at_stop)} mm, beside the driver {signed(beside)} mm",
            )
        )
        data.append((row.title, row.vehicle_id, word, ahead, at_stop, beside))

    def draw(canvas: Canvas) -> None:
        def stall(index: int, board: Board) -> None:
            row = rows[index]
            _stall(board, fit.car[row.vehicle_id], row, COLOUR[words[row.vehicle_id]], fit)

        size = (longest + 1_600, 2 * stall_wide)
        end = boards(canvas, heads, size, (2, 1), stall)
        _key(canvas, end + 6, size[0] / (canvas.width if canvas.narrow else canvas.width / 2 - 8))

    size = size_text(stall_long, stall_wide)
    inside = [row.title for row in rows if words[row.vehicle_id] != NO]
    failing = [row.title for row in rows if words[row.vehicle_id] == NO]
    title = f"{len(inside)} of {len(fit.rows)} {noun(fit)} can be parked in a {size} stall and left"
    title += f"; {named(failing)} cannot" if failing else ""
    return Drawing(
        "stalls",
        title,
        f"To one scale, from above: wall and wheel stop at the left, aisle at the right, cars "
        f"of {sizes.neighbour_width_mm / 1000:g} m beside. The car stands at the far line, its "
        "driver's door opens as far as the neighbour leaves",
        f"{OWN_DRAWING} Stall of the scenario; gaps and doors are assumed.",
        draw,
        short(
            f"To-scale plans of {len(rows)} cars in a {size} stall between neighbours. {title}. "
            + "; ".join(f"{head[0]}: {head[1]}" for head in heads)
            + "."
        ),
        pd.DataFrame(
            data,
            columns=[
                "car",
                "vehicle_id",
                "verdict",
                "length_spare_mm",
                "at_wheel_stop_mm",
                "beside_driver_mm",
            ],
        ),
    )


def _stall_words(fit: FitPart) -> dict[str, str]:
    """vehicle_id → the worst word of the sizes of the stall."""
    own = fit.places[fit.places["place"].isin(STALL_ROWS)]
    return {
        str(key): next((word for word in (NO, WITH_CARE) if word in set(group)), USABLE)
        for key, group in own.groupby("vehicle_id", sort=False)["verdict"]
    }


def _stall(board: Board, car: Car, row: Any, colour: str, fit: FitPart) -> None:
    """One stall: rear wall at x 200, the stall's lines in the middle of the board's height."""
    sizes, allowances = fit.sizes, fit.allowances
    rear, long, wide = 250.0, sizes.stall_length_mm, sizes.stall_width_mm
    low, high = board.high / 2 - wide / 2, board.high / 2 + wide / 2
    board.fill([rectangle(0, 0, rear, board.high)], facecolor=shapes.WALL)
    board.fill([rectangle(rear, 0, long, board.high)], facecolor=shapes.PAPER)
    board.stroke([[(rear, y), (rear + long, y)] for y in (low, high)], edgecolor=style.INK)
    board.stroke(
        [[(rear + long, 0), (rear + long, board.high)]],
        linestyle=(0, (4, 3)),
        edgecolor=style.NEUTRAL,
    )
    for middle in (low - wide / 2, high + wide / 2):
        _neighbour(board, rear, middle, sizes.neighbour_width_mm)
    left = rear + allowances.wheel_stop_gap_mm
    middle = low + row.width_mm / 2 + allowances.folded_mirrors_mm / 2
    overhang = car.value("rear_overhang_mm") or 0.2 * row.length_mm
    stop = left + max(overhang - 400, 100)
    board.fill(
        [rectangle(stop, middle + y, 150, 500) for y in (-750, 250)], facecolor=style.NEUTRAL
    )
    body = shapes.plan(row.length_mm, row.width_mm, allowances.folded_mirrors_mm, car)
    board.car(body.at(left, middle), colour)
    upper = middle + row.width_mm / 2
    hinge = left + 0.62 * row.length_mm
    room = min(high + (wide - sizes.neighbour_width_mm) / 2 - upper, allowances.door_room_mm)
    door = shapes.door(hinge, upper, _DOOR_MM, max(room, 0), 1)
    board.stroke([door], edgecolor=colour, linewidth=2.2)
    board.stroke([[(door[1][0], upper), (door[1][0], upper + max(room, 0))]], linewidth=0.8)
    board.words(rear + long + 120, board.high - 60, "aisle", ha="left", va="top")


def _neighbour(board: Board, rear: float, middle: float, width: float) -> None:
    """The half of a neighbour that the board shows, drawn as a car 4.7 m long."""
    outline = shapes.plan(4_700, width).at(rear + 100, middle).body
    clipped = outline.clip([0, 0], [board.wide, board.high])
    board.fill([clipped], facecolor=style.LIGHT, edgecolor=style.NEUTRAL, linewidth=0.6)


def _key(canvas: Canvas, top: float, mm_per_px: float) -> None:
    """A scale bar and a person, on the scale of the boards above."""
    key = shapes.board(canvas, top, 0, 260, 260 * mm_per_px, 42 * mm_per_px)
    key.scale(60, 8 * mm_per_px, 2_000)
    person = 2_000 + 60 * mm_per_px
    key.person(person, 12 * mm_per_px)
    key.words(person + 14 * mm_per_px, 12 * mm_per_px, "person", ha="left")


def pallets(fit: FitPart) -> Drawing:
    """Each car shown from the front in the opening of a newer low-roof pallet of mechanical
    parking.
    """
    length, width, height = (limit_value(fit.table("constraints"), name) for name in _PALLET)
    margins = fit.margins[fit.margins["constraint_id"].isin(_PALLET)]
    cars = [
        (fit.titles.get(car.vehicle_id, car.name), car)
        for car in map(fit.car.get, fit.titles)
        if car
    ]
    cars = [(label, car) for label, car in cars if not car.missing(_BODY)]
    heads, words, data = [], {}, []
    for label, car in cars:
        own = margins[margins["vehicle_id"] == car.vehicle_id].set_index("dimension")["margin"]
        word = NO if (own < 0).any() else USABLE
        words[car.vehicle_id] = word
        lacking = [f"{side} {signed(value)}" for side, value in own.items() if value < 0]
        note = f"{SYMBOLS[word]} " + (", ".join(lacking) + " mm" if lacking else "has room")
        heads.append((label, note))
        data.append((label, car.vehicle_id, word, *(float(own[side]) for side in own.index)))

    def draw(canvas: Canvas) -> None:
        def pallet(index: int, board: Board) -> None:
            _, car = cars[index]
            middle = board.wide / 2
            opening = rectangle(middle - width / 2, 60, width, height)
            board.fill([opening], facecolor=shapes.PAPER, edgecolor=style.INK, linewidth=1)
            view = shapes.front(_size(car, "width_mm"), _size(car, "height_mm"))
            board.car(view.at(middle, 60), COLOUR[words[car.vehicle_id]])

        boards(canvas, heads, (2_500, 2_150), (6, 2), pallet)

    fitting = [row.title for row in fit.rows if words.get(row.vehicle_id) == USABLE]
    title = f"{len(fitting)} of {len(fit.rows)} {noun(fit)} {verb(len(fitting), 'fit')} a low-roof "
    title += "pallet" + (f": {joined(fitting)}" if fitting else "")
    return Drawing(
        "pallets",
        title,
        f"Front view without mirrors on the newer pallet, {length:,.0f} × {width:,.0f} × "
        f"{height:,.0f} mm. What is lacking, mm",
        f"parking trade pages for pallet sizes; {OWN_DRAWING}",
        draw,
        short(
            f"To-scale front views of {len(cars)} cars in a pallet opening {width:,.0f} mm wide "
            f"and {height:,.0f} mm high. {title}."
        ),
        pd.DataFrame(
            data,
            columns=[
                "car",
                "vehicle_id",
                "verdict",
                *(f"{side}_spare_mm" for side in ("length", "width", "height")),
            ],
        ),
    )
