"""What a row of `vehicles` cannot be, with the likely cause: one set of rules for `check`, for the
notebook and for cars of one's own.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

DIMENSIONS = (
    "length_mm",
    "width_mm",
    "width_mirrors_mm",
    "height_mm",
    "wheelbase_mm",
    "track_mm",
    "front_overhang_mm",
    "rear_overhang_mm",
    "ground_clearance_mm",
    "curb_weight_kg",
    "displacement_cc",
    "turn_radius_m",
)
"""What is measured of a car. The range of each stands in the description of the table."""
_LONGEST_RADIUS_PER_WHEELBASE = 3.0
_LENGTH_SLACK_MM = 20
_TRACK_PER_WIDTH = (0.78, 1.0)
_KG_PER_M3 = (80.0, 190.0)
"""Kerb weight over length, width and height: 96 to 132 in the table, more for electric cars."""
_KEI_WIDTH_MM, _KEI_CC = 1_480, 660


class Wrong(NamedTuple):
    """What is wrong with a row: in which column, what, and what to do instead."""

    column: str
    what: str
    instead: str


def implausible(row: Mapping[str, Any]) -> Iterator[Wrong]:
    """What in a row does not go together, each value being plausible. Blanks are no fault."""
    values = {
        column: float(row[column])
        for column in DIMENSIONS
        if row.get(column) is not None and not math.isnan(float(row[column]))
    }
    estimated, body_style = (
        str(row.get(name) or "") for name in ("estimated_fields", "body_style")
    )
    yield from _lengthwise(values, estimated.split(";"))
    yield from _across(values, body_style)
    yield from _weights(values, body_style)
    yield from _radius(values)


def _lengthwise(values: Mapping[str, float], estimated: list[str]) -> Iterator[Wrong]:
    length, wheelbase, front, rear = (
        values.get(f"{name}_mm", math.nan)
        for name in ("length", "wheelbase", "front_overhang", "rear_overhang")
    )
    if wheelbase >= length:
        what = f"the wheelbase {wheelbase:g} is not shorter than the car, {length:g}"
        yield Wrong("wheelbase_mm", what, "the two may be exchanged")
    elif abs(wheelbase + front + rear - length) > _LENGTH_SLACK_MM:
        what = f"wheelbase and overhangs add to {wheelbase + front + rear:g}, not to {length:g}"
        yield Wrong("length_mm", what, "correct the one that is wrong, or leave overhangs blank")
    elif front > rear and "front_overhang_mm" in estimated:
        what = f"the front overhang {front:g} is estimated, and longer than the rear, {rear:g}"
        yield Wrong("front_overhang_mm", what, "the two may be exchanged")


def _across(values: Mapping[str, float], body_style: str) -> Iterator[Wrong]:
    width, height, track, mirrors = (
        values.get(f"{name}_mm", math.nan) for name in ("width", "height", "track", "width_mirrors")
    )
    low, high = _TRACK_PER_WIDTH
    narrow = track / width < low or (body_style == "kei" and width > _KEI_WIDTH_MM)
    if narrow and height < width and (math.isnan(track) or low <= track / height <= high):
        what = f"{width:g} does not go with a height of {height:g}"
        what += "" if math.isnan(track) else f" and a track of {track:g}"
        yield Wrong("width_mm", what, "width and height may be exchanged")
    elif track > width or narrow:
        what = f"{track:g} does not go with a body {width:g} mm wide"
        yield Wrong("track_mm", what, "give the track, and the width without mirrors")
    if mirrors < width:
        what = f"{mirrors:g} is less than the body's {width:g}"
        yield Wrong("width_mirrors_mm", what, "the two may be exchanged")


def _weights(values: Mapping[str, float], body_style: str) -> Iterator[Wrong]:
    size_m3 = math.prod(
        values.get(f"{name}_mm", math.nan) / 1000 for name in ("length", "width", "height")
    )
    kerb = values.get("curb_weight_kg", math.nan)
    cubic = values.get("displacement_cc", math.nan)
    low, high = _KG_PER_M3
    shown = f"{kerb:g} kg does not go with a car of {size_m3:.1f} m³"
    if low <= cubic / size_m3 <= high and not low <= kerb / size_m3 <= high:
        yield Wrong("curb_weight_kg", shown, "weight and displacement may be exchanged")
    elif kerb / size_m3 > high and low <= kerb * 0.45359237 / size_m3:
        yield Wrong(
            "curb_weight_kg", f"{shown}: it looks like pounds", f"write {kerb / 2.2046:.0f}"
        )
    elif kerb / size_m3 < low or kerb / size_m3 > high:
        yield Wrong("curb_weight_kg", shown, "check the source")
    elif body_style == "kei" and cubic > _KEI_CC:
        what = f"{cubic:g} is more than the {_KEI_CC} cc of a kei car"
        yield Wrong("displacement_cc", what, "check the body style and the engine")


def _radius(values: Mapping[str, float]) -> Iterator[Wrong]:
    wheelbase, track, width = (
        values.get(f"{name}_mm", math.nan) for name in ("wheelbase", "track", "width")
    )
    radius = values.get("turn_radius_m", math.nan)
    least = math.hypot(wheelbase, (track + width) / 2) / 1000
    if radius <= least:
        what = f"{radius:g} m is less than this wheelbase allows, {least:.2f} m"
        yield Wrong("turn_radius_m", what, "check the radius and the wheelbase")
    elif radius > _LONGEST_RADIUS_PER_WHEELBASE * wheelbase / 1000:
        what = (
            f"{radius:g} m is more than {_LONGEST_RADIUS_PER_WHEELBASE:g} wheelbases: it looks "
            "like the diameter of the circle"
        )
        yield Wrong("turn_radius_m", what, f"write {radius / 2:.4g}")


_SAME = ("make", "model", "trim", "model_year", *DIMENSIONS)


def twins(rows: list[Mapping[str, Any]]) -> Iterator[tuple[int, Wrong]]:
    """Rows that are an earlier one once more under another id: position, and what is wrong."""
    first: dict[tuple[Any, ...], str] = {}
    for position, row in enumerate(rows):
        key = tuple(str(row.get(column) or "") for column in _SAME)
        known = first.setdefault(key, str(row["vehicle_id"]))
        if known != str(row["vehicle_id"]):
            what = f"'{row['vehicle_id']}' is the same car as '{known}': every dimension is alike"
            yield position, Wrong("vehicle_id", what, "keep one of the two, or name the trim")
