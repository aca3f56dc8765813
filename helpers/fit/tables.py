"""Tables of vehicle fit: cars, limits, turning, mirrors, sight, gaps."""

import math
from typing import Any

import pandas as pd

from helpers import numbers
from helpers.fit.answer import FitAnswer
from helpers.fit.cars import SOURCED, band_of_shapes, shape
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT, Need
from helpers.fit.mirror_widths import BODY, OUT
from helpers.fit.places import aisle_need
from helpers.fit.sentences import SYMBOLS, signed, sizes, titles_of
from helpers.fit.turning import corner_width, corner_width_bound, parallel_bay_extra, turn

TURNING_NUMBERS = (
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


def cars(answer: FitAnswer, vehicles: pd.DataFrame) -> pd.DataFrame:
    """Every car with its dimensions and what of them has no source, models of the programme
    first.
    """
    rows = []
    models = set(answer.models["vehicle_id"])
    listed = zip(answer.fit.cars, vehicles.to_dict("records"), strict=True)
    for car, own in sorted(listed, key=lambda one: one[0].vehicle_id not in models):
        sizes = [
            car.value(column)
            for column in ("length_mm", "width_mm", "height_mm", "wheelbase_mm", "turn_radius_m")
        ]
        without = _plain_names(f"{own['unverified_fields']};{own['estimated_fields']}")
        rows.append(
            (
                car.name,
                *[math.nan if one is None else one for one in sizes],
                ", ".join(car.sides),
                without,
                car.quality,
                "; ".join(car.source_ids),
            )
        )
    columns = [
        "Car",
        "Length",
        "Width",
        "Height",
        "Wheelbase",
        "Turning radius",
        "Drive side built",
        "Without a source",
        "Quality",
        "Sources",
    ]
    return pd.DataFrame(rows, columns=columns)


def source_ids(answer: FitAnswer) -> list[str]:
    """Ids of every source that `cars` and `drive_side_checklist` name."""
    named = [source for car in answer.fit.cars for source in car.source_ids]
    named += [
        source
        for cell in drive_side_checklist()["Basis"]
        for source in cell.split("; ")
        if source.startswith("F")
    ]
    return list(dict.fromkeys(named))


def limits(answer: FitAnswer) -> pd.DataFrame:
    """Every limit by name against the programme's models: the dimension with least to spare, its
    margin and that in percent.

    Each dimension of each limit, for all cars, is in `VehicleFit.margins`; what is computed for no
    model is in `gaps`.
    """
    titles = dict(zip(answer.models["vehicle_id"], answer.models["title"], strict=True))
    own = answer.fit.margins[answer.fit.margins["vehicle_id"].isin(titles)]
    own = own[own.groupby("limit_name")["margin"].transform("count") > 0]
    rank = own["verdict"].map({FAILS: 0, TIGHT: 1, FITS: 2, NOT_COMPUTED: 3})
    worst = own.assign(
        rank=rank, shown=[_margin_text(row) for row in own.to_dict("records")]
    ).sort_values(["rank", "margin_percent"], kind="stable")
    worst = worst.drop_duplicates(["limit_name", "vehicle_id"])
    margins = worst.pivot(index="limit_name", columns="vehicle_id", values="shown").rename(
        columns=titles
    )[list(titles.values())]
    about = own.groupby("limit_name", sort=False).agg(
        kind=("kind", "first"), assumed=("limit_assumed", "any"), forbids=("forbids", "any")
    )
    about = about.sort_values("forbids", ascending=False, kind="stable")
    names = [f"{name}*" if assumed else str(name) for name, assumed in about["assumed"].items()]
    return (
        pd.DataFrame({"Limit": names, "Kind": about["kind"]}, index=about.index)
        .join(margins)
        .reset_index(drop=True)
    )


def turning(answer: FitAnswer) -> pd.DataFrame:
    """Circles, swept width, corner and its bound, aisle, parallel bay of each model, in metres; NaN
    where a dimension is missing.
    """
    own = {car.vehicle_id: car for car in answer.fit.cars}
    rows: list[tuple[Any, ...]] = []
    for row in answer.models.to_dict("records"):
        car = own[row["vehicle_id"]]
        plan, aisle = shape(car), aisle_need(car, answer.inputs)
        if plan is None:
            rows.append((row["title"], *[math.nan] * len(TURNING_NUMBERS)))
            continue
        circles = turn(plan)
        band = [corner_width(one) for one in band_of_shapes(car)]
        circle = (
            plan.radius_m,
            circles.inner_m,
            circles.outer_front_m,
            circles.swept_width_m,
            circles.off_tracking_m,
        )
        bay = plan.length_m + parallel_bay_extra(plan, answer.inputs.neighbour_width_mm / 1000)
        reversing = aisle.value if isinstance(aisle, Need) else math.nan
        rows.append(
            (
                row["title"],
                *circle,
                corner_width(plan),
                min(band),
                max(band),
                corner_width_bound(plan),
                reversing,
                bay,
            )
        )
    return pd.DataFrame(rows, columns=["Model", *TURNING_NUMBERS])


WIDTH_LIMITS = {
    "Stall of the scenario": "garage_fit_w",
    "Coin parking": "coin_times_width_max",
    "Low-roof pallet": "mech_newer_w",
    "Lane of 3.0 m": "rso_lane_3_3",
}


def mirrors(answer: FitAnswer) -> pd.DataFrame:
    """Widths of each model and what the body and the mirrors out leave of common widths; folded
    mirrors leave something between.
    """
    left = answer.widths.set_index(["vehicle_id", "constraint_id", "measured"]).sort_index()
    rows = []
    for row in answer.models.to_dict("records"):
        own = (
            row["title"],
            row["width_mm"],
            row["mirrors_mm"],
            "published" if row["mirrors_published"] else "assumed",
        )
        rows.append(
            (
                *own,
                *[_left(left.loc[(row["vehicle_id"], limit)]) for limit in WIDTH_LIMITS.values()],
            )
        )
    return pd.DataFrame(rows, columns=["Model", "Body", "Mirrors out", "Mirrors", *WIDTH_LIMITS])


def _left(margins: Any) -> str:
    if margins["margin"].isna().any():
        return SYMBOLS[NOT_COMPUTED]
    body, out = (signed(margins.loc[width, "margin"]) for width in (BODY, OUT))
    return numbers.between(body, out, " / ")


def sight(answer: FitAnswer) -> pd.DataFrame:
    """Sight past the car ahead with the wheel on either side, and what the scenario offers."""
    rows = []
    for row in answer.models.to_dict("records"):
        side = "right" if row["right_hand_drive"] else "left"
        sees = [
            math.nan if math.isinf(row[key]) else row[key]
            for key in ("visible_lhd_m", "visible_rhd_m")
        ]
        rows.append(
            (
                row["title"],
                side,
                row["shift_lhd_mm"],
                row["shift_rhd_mm"],
                row["shift_lhd_mm"] - row["shift_rhd_mm"],
                *sees,
            )
        )
    columns = [
        "Model",
        "Wheel in the scenario",
        "Shift, wheel left",
        "Shift, wheel right",
        "Difference",
        "Sees, wheel left",
        "Sees, wheel right",
    ]
    return pd.DataFrame(rows, columns=columns)


def drive_side_checklist() -> pd.DataFrame:
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
    return pd.DataFrame(rows, columns=["Situation", "With the wheel on the left", "Basis"])


def gaps(answer: FitAnswer) -> pd.DataFrame:
    """What is not computed, why, and for how many sizes of car."""
    places, margins = answer.fit.places, answer.fit.margins
    missing = [
        places.loc[places["verdict"] == NOT_COMPUTED, ["car", "place", "reason"]].rename(
            columns={"place": "what"}
        ),
        margins.loc[margins["verdict"] == NOT_COMPUTED, ["car", "dimension", "reason"]].rename(
            columns={"dimension": "what"}
        ),
    ]
    groups = sizes(answer.fit.cars, titles_of(answer.models))
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
    return pd.DataFrame(
        {
            "Result": counted["what"].str.replace("_", " "),
            "Not computed because": counted["reason"],
            "Sizes of car": names,
        }
    )


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
