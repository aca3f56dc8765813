"""Tables of notebook 03."""

import math
from typing import Any

import pandas as pd

from helpers import numbers
from helpers.fit.access import Share
from helpers.fit.cars import SOURCED, same_size, shape, sizes
from helpers.fit.findings import PALLET, SYMBOLS, signed, size_text
from helpers.fit.limits import BODY, NO, NOT_COMPUTED, OUT, USABLE, WITH_CARE, Need
from helpers.fit.part import FitPart
from helpers.fit.space import CORNER, STALL_ROWS, STREET_LEGAL, STREET_MEETING
from helpers.fit.turning import (
    Shape,
    corner_width,
    corner_width_bound,
    parallel_bay_extra,
    swept_corner,
    turn,
)
from helpers.show.table import Table

_TURNING_NUMBERS = (
    "Radius",
    "Inner",
    "Outer",
    "Swept",
    "Off-tracking",
    "Corner",
    "Corner, low",
    "Corner, high",
    "Corner, bound",
    "Aisle",
    "Parallel bay",
)
_SIZES = {"Length": "mm", "Width": "mm", "Height": "mm", "Wheelbase": "mm", "Turning radius": "m"}
_SHORT = {
    "front_overhang_mm": "overhangs",
    "rear_overhang_mm": "overhangs",
    "turn_radius_m": "radius",
    "curb_weight_kg": "weight",
}
_NOT_OF_SIZE = {
    "msrp_usd",
    "displacement_cc",
    "assembly_plant",
    "assembly_state",
    "assembly_country",
    "steering_sides",
}


def cars(fit: FitPart) -> Table:
    """Every car with its dimensions and which have no source, models of the programme first."""
    columns = ("length_mm", "width_mm", "height_mm", "wheelbase_mm", "turn_radius_m")
    listed = zip(fit.cars, fit.vehicles.to_dict("records"), strict=True)
    rows = [
        {"Car": car.name}
        | dict(zip(_SIZES, [car.value(column) for column in columns], strict=True))
        | {
            "Drive side built": ", ".join(car.sides),
            "Without a source": _plain_names(
                f"{row['unverified_fields']};{row['estimated_fields']}"
            ),
            "Quality": car.quality,
            "Sources": "; ".join(car.source_ids),
        }
        for car, row in sorted(listed, key=lambda pair: pair[0].vehicle_id not in fit.titles)
    ]
    return Table(
        "cars",
        "Cars compared, and which of their dimensions have no source",
        pd.DataFrame(rows).astype(dict.fromkeys(_SIZES, float)),
        units=_SIZES,
        decimals={"Turning radius": 2},
        rows=10,
    )


def source_ids(fit: FitPart) -> list[str]:
    """Ids of every source that `cars` and `drive_side_checklist` name."""
    keys = [key for car in fit.cars for key in car.source_ids]
    keys += [
        key
        for cell in drive_side_checklist().frame["Basis"]
        for key in cell.split("; ")
        if key.startswith("F")
    ]
    return list(dict.fromkeys(keys))


# Columns of the table of margins → places of the scenario, and limits. Assumed limits stay out:
# they are no verdict.
_PLACES = {
    "Stall and door": STALL_ROWS,
    "Meeting in the street": (STREET_MEETING,),
    "Legal street width": (STREET_LEGAL,),
    "Corner, one move": (CORNER,),
}
_TIMES = ("length_max", "width_max", "height_max", "clearance", "gvw")
_LIMITS = {
    "Large stall": ("stall_ordinary_l", "stall_ordinary_w"),
    "Coin parking": tuple(f"coin_times_{part}" for part in _TIMES),
    "Low-roof pallet": PALLET,
}


def margins(fit: FitPart) -> Table:
    """Every size of car against the places of the scenario and the common limits: the cars shown
    first, then those on sale in Japan; the others stand in its data. For each group of limits the
    worst: one that is failed decides, else one that is not known.
    """
    places = fit.places.assign(unit="mm").rename(columns={"margin_mm": "margin"})
    columns = [_worst(places, "place", *column) for column in _PLACES.items()]
    columns += [_worst(fit.margins, "constraint_id", *column) for column in _LIMITS.items()]
    groups = sorted(
        same_size(fit.cars, fit.titles),
        key=lambda pair: (pair[1].vehicle_id not in fit.titles, not pair[1].on_sale, pair[1].role),
    )
    keys = [car.vehicle_id for _, car in groups]
    cells = pd.concat(columns, axis=1).loc[keys].reset_index(drop=True)
    cells.insert(0, "Car", [label for label, _ in groups])
    shown = sum(car.vehicle_id in fit.titles or car.on_sale for _, car in groups)
    large = size_text(*(fit.limit(f"stall_ordinary_{side}") for side in "lw"))
    caption = (
        "What the scenario's places and common limits leave each car, at the size with least to "
        f"spare, in mm. △ with care: up to {fit.parameter('tolerance_mm')} mm, or open; ✗ no; ? a "
        f"limit or size that is not known; ° without a source. Large stall: {large}"
    )
    return Table("margins", caption, cells, rows=shown)


def _worst(table: pd.DataFrame, key: str, column: str, members: tuple[str, ...]) -> pd.Series:
    rows = table[table[key].isin(members)]
    rank = rows["verdict"].map({NO: 0, NOT_COMPUTED: 1, WITH_CARE: 2, USABLE: 3})
    worst = rows.assign(rank=rank).sort_values(["rank", "margin"], kind="stable")
    worst = worst.drop_duplicates("vehicle_id").set_index("vehicle_id")
    return worst.apply(_cell, axis=1).rename(column)


def _cell(row: Any) -> str:
    if row.verdict == NOT_COMPUTED or math.isnan(row.margin):
        return SYMBOLS[NOT_COMPUTED]
    sign = "" if row.verdict == USABLE else SYMBOLS[row.verdict]
    mark = "" if row.basis == SOURCED else "°"
    size = f"{signed(row.margin)}{mark}" if row.unit == "mm" else row.unit
    return f"{sign}\u00a0{size}".strip()  # on one line with its sign


def limits(fit: FitPart) -> Table:
    """Every limit by name against the programme's models: the dimension with least to spare, its
    margin and that in percent.

    Each dimension of each limit, for all cars, is in `FitPart.margins`; what is computed for no
    model is in `gaps`.
    """
    titles = fit.titles
    rows = fit.margins[fit.margins["vehicle_id"].isin(titles)]
    rows = rows[rows.groupby("limit_name")["margin"].transform("count") > 0]
    rank = rows["verdict"].map({NO: 0, WITH_CARE: 1, USABLE: 2, NOT_COMPUTED: 3})
    worst = rows.assign(
        rank=rank, shown=[_margin_text(row) for row in rows.to_dict("records")]
    ).sort_values(["rank", "margin_percent"], kind="stable")
    worst = worst.drop_duplicates(["limit_name", "vehicle_id"])
    margins = worst.pivot(index="limit_name", columns="vehicle_id", values="shown").rename(
        columns=titles
    )[list(titles.values())]
    about = rows.groupby("limit_name", sort=False).agg(
        kind=("kind", "first"), assumed=("limit_assumed", "any"), forbids=("forbids", "any")
    )
    about = about.sort_values("forbids", ascending=False, kind="stable")
    names = [f"{name}*" if assumed else str(name) for name, assumed in about["assumed"].items()]
    frame = pd.DataFrame({"Limit": names, "Kind": about["kind"]}, index=about.index).join(margins)
    caption = "Margin of each model against every limit, at the dimension with least to spare"
    return Table("limits", caption, frame.reset_index(drop=True), rows=10)


def turning(fit: FitPart) -> Table:
    """Circles, swept width, corner, aisle, parallel bay of each model, in metres."""
    rows = [{"Model": row.title} | _turning(fit, row) for row in fit.rows]
    return Table(
        "turning",
        "Room to turn, in metres, body without mirrors, one move",
        pd.DataFrame(rows),
        decimals=dict.fromkeys(_TURNING_NUMBERS, 2),
    )


def _turning(fit: FitPart, row: Any) -> dict[str, float]:
    plan, aisle = shape(fit.car[row.vehicle_id]), fit.aisle[row.vehicle_id]
    if plan is None:
        return dict.fromkeys(_TURNING_NUMBERS, math.nan)
    circles = turn(plan)
    values = (
        plan.radius_m,
        circles.inner_m,
        circles.outer_front_m,
        circles.swept_width_m,
        circles.off_tracking_m,
        row.corner_m,
        row.corner_low_m,
        row.corner_high_m,
        corner_width_bound(plan),
        aisle.value / 1000 if isinstance(aisle, Need) else math.nan,
        plan.length_m + parallel_bay_extra(plan, fit.parameter("neighbour_width_mm") / 1000),
    )
    return dict(zip(_TURNING_NUMBERS, values, strict=True))


_WIDTH_LIMITS = {
    "Stall of the scenario": "garage_fit_w",
    "Coin parking": "coin_times_width_max",
    "Low-roof pallet": "mech_newer_w",
    "Lane of 3.0 m": "rso_lane_3_3",
}


def mirrors(fit: FitPart) -> Table:
    """Widths of each model, and what body and mirrors out leave of common widths."""
    left = fit.widths.set_index(["vehicle_id", "constraint_id", "measured"]).sort_index()
    rows = [
        {
            "Model": row.title,
            "Body": row.width_mm,
            "Mirrors out": row.mirrors_mm,
            "Mirrors": "published" if row.mirrors_published else "assumed",
        }
        | {name: _left(left.loc[(row.vehicle_id, limit)]) for name, limit in _WIDTH_LIMITS.items()}
        for row in fit.rows
    ]
    return Table(
        "mirrors",
        "What is left of common widths: body / mirrors out; folded mirrors leave something between",
        pd.DataFrame(rows),
        units=dict.fromkeys(("Body", "Mirrors out", *_WIDTH_LIMITS), "mm"),
    )


def _left(margins: Any) -> str:
    if margins["margin"].isna().any():
        return SYMBOLS[NOT_COMPUTED]
    body, out = (signed(margins.loc[width, "margin"]) for width in (BODY, OUT))
    return numbers.between(body, out, " / ")


def sight(fit: FitPart) -> Table:
    """Sight past the car ahead with the wheel on either side, and what the scenario offers."""
    rows = [
        {
            "Model": row.title,
            "Wheel in the scenario": "right" if row.right_hand_drive else "left",
            "Shift, wheel left": row.shift_lhd_mm,
            "Shift, wheel right": row.shift_rhd_mm,
            "Difference": row.shift_lhd_mm - row.shift_rhd_mm,
            "Sees, wheel left": row.visible_lhd_m,
            "Sees, wheel right": row.visible_rhd_m,
        }
        for row in fit.rows
    ]
    shifts = ("Shift, wheel left", "Shift, wheel right", "Difference")
    return Table(
        "sight",
        "Shift to the right needed to see past the car ahead, and distance seen without it",
        pd.DataFrame(rows).replace(math.inf, math.nan),
        units=dict.fromkeys(shifts, "mm")
        | dict.fromkeys(("Sees, wheel left", "Sees, wheel right"), "m"),
        decimals=dict.fromkeys((*shifts, "Sees, wheel left", "Sees, wheel right"), 0),
    )


def drive_side_checklist() -> Table:
    """What the drive side changes beyond sight. Words, not numbers: nothing of it is measured."""
    rows = [
        (
            "Overtaking, turning right",
            "the driver sits at the kerb and sees less past the car ahead",
            "computed above",
        ),
        (
            "Getting out",
            "the driver steps out at the kerb, the front passenger into traffic",
            "for the buyer to try",
        ),
        (
            "Toll gates without ETC",
            "machines stand on the right; with ETC the question falls away",
            "F117; F120",
        ),
        ("Car parks, drive-through", "ticket machines and windows stand on the right", "F117"),
        (
            "Narrow stall",
            "the driver's door opens towards the other neighbour",
            "for the buyer to try",
        ),
    ]
    frame = pd.DataFrame(rows, columns=["Situation", "With the wheel on the left", "Basis"])
    return Table("drive_side", "What else the drive side changes", frame)


def gaps(fit: FitPart) -> Table:
    """What is not computed, why, and for how many sizes of car."""
    places, margins = fit.places, fit.margins
    missing = [
        places.loc[places["verdict"] == NOT_COMPUTED, ["car", "place", "reason"]].rename(
            columns={"place": "what"}
        ),
        margins.loc[margins["verdict"] == NOT_COMPUTED, ["car", "dimension", "reason"]].rename(
            columns={"dimension": "what"}
        ),
    ]
    groups = sizes(fit.cars, fit.titles)
    labels = {car.name: label for label, alike in groups for car in alike}
    both = pd.concat(missing).drop_duplicates()
    counted = (
        both.assign(size=both["car"].map(labels))
        .groupby(["what", "reason"], sort=False)["size"]
        .agg(["nunique", "first"])
        .reset_index()
    )
    names = [
        first if count == 1 else f"{count} of {len(groups)}"
        for count, first in zip(counted["nunique"], counted["first"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "Result": counted["what"].str.replace("_", " "),
            "Not computed because": counted["reason"],
            "Sizes of car": names,
        }
    )
    return Table("gaps", "What is not computed, and why", frame)


def spare(fit: FitPart, margins: pd.DataFrame) -> Table:
    """What each model has to spare, its verdict, how far another is. margins: mm, a row a model."""
    models = fit.shown
    names = [f"{name[0].upper()}{name[1:]}" for name in map(str, margins)]
    frame = margins.set_axis(names, axis=1).reset_index(drop=True)
    frame.insert(0, "Model", models["title"])
    frame["Verdict"] = models["verdict"]
    frame["More for a better word"] = models["better_mm"]
    frame["Less for a worse word"] = models["worse_mm"]
    frame["Published otherwise"] = [_otherwise(fit, row) for row in models.itertuples()]
    numbers_mm = [*names, "More for a better word", "Less for a worse word"]
    caption = "What stall and street leave each model, one word for it, and how near another is"
    return Table(
        "spare", caption, frame, dict.fromkeys(numbers_mm, "mm"), dict.fromkeys(numbers_mm, 0)
    )


def _otherwise(fit: FitPart, row: Any) -> str:
    """The other published sizes of a car, each with the verdict where it changes it."""
    others: Any = fit.otherwise[fit.otherwise["vehicle_id"] == row.vehicle_id].itertuples()
    sizes_mm = [
        f"{other.dimension.removesuffix('_mm')} {other.value_mm:,.0f}"
        + (f": {other.verdict}" if other.verdict != row.verdict else "")
        for other in others
    ]
    return "; ".join(sizes_mm) or "–"


def access(fit: FitPart) -> Table:
    """What of the region's roads and of obligatory stalls each model can use, in percent."""
    rows = [
        {
            "Model": row.title,
            "Alone": usable.alone.mid * 100,
            "Alone, bounds": _span(usable.alone),
            "Meeting a small car": usable.meeting.mid * 100,
            "Meeting, bounds": _span(usable.meeting),
            "New stalls, at least": usable.stalls.mid * 100,
        }
        for row in fit.rows
        for usable in [fit.usable[row.vehicle_id]]
    ]
    shares = ("Alone", "Meeting a small car", "New stalls, at least")
    region = fit.region
    caption = f"Share of the road length of {region}, and of the stalls of new large buildings"
    return Table(
        "access", caption, pd.DataFrame(rows), dict.fromkeys(shares, "%"), dict.fromkeys(shares, 0)
    )


def _span(share: Share) -> str:
    low, _, high = share.percents
    return numbers.between(f"{low:.0f}", f"{high:.0f}", "–")


def laws(fit: FitPart) -> Table:
    """A second method beside the closed forms, and laws that must hold."""
    small, us_car = Shape(2.7, 1.7, 1.5, 0.8, 1.2, 6.0), turn(Shape(11, 7, 6, 3, 5, 23.8))
    unexplained = (fit.margins["margin"].isna() & (fit.margins["reason"] == "")).sum()
    rows: list[tuple[str, float, float, float]] = [
        ("US design car: inner radius, published, feet", us_car.inner_m, 14.4, 0.02 * 14.4),
        (
            "Small design car: narrowest corner by sweeping the body pose by pose, m",
            swept_corner(small),
            corner_width(small),
            0.005,
        ),
        ("Pairs of car and limit with neither margin nor reason", int(unexplained), 0, 0),
        (
            "Cars that meet a small car on more road than they can drive alone",
            sum(usable.meeting.mid > usable.alone.mid for usable in fit.usable.values()),
            0,
            0,
        ),
    ]
    frame = pd.DataFrame(
        [
            (law, computed, expected, abs(computed - expected) <= slack)
            for law, computed, expected, slack in rows
        ],
        columns=["Check", "Computed", "Expected", "Holds"],
    )
    caption = "A second method and laws: what must hold, and whether it does"
    return Table("laws", caption, frame, decimals={"Computed": 3, "Expected": 3})


def _margin_text(row: dict[Any, Any]) -> str:
    if math.isnan(row["margin"]):
        return SYMBOLS[NOT_COMPUTED]
    mark = "" if row["basis"] == SOURCED else "°"
    at_most = "at most " if row["verdict"] == NOT_COMPUTED else ""
    symbol = SYMBOLS[row["verdict"]] if row["forbids"] else "in" if row["margin"] >= 0 else "over"
    percent = "" if math.isnan(row["margin_percent"]) else f" ({signed(row['margin_percent'])} %)"
    return (
        f"{symbol} {row['dimension'].replace('_', ' ')} {at_most}{signed(row['margin'])} "
        f"{row['unit']}{mark}{percent}"
    )


def _plain_names(fields: str) -> str:
    listed = [field for field in fields.split(";") if field and field not in _NOT_OF_SIZE]
    names = [_SHORT.get(field, field.rsplit("_", 1)[0].replace("_", " ")) for field in listed]
    return ", ".join(dict.fromkeys(names)) or "none"
