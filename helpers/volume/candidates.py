"""What the tables say of the models that may come: segment, cap, and the room their buyers have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError, refusal
from helpers.quantities import QUALITIES

FOOTPRINT_LENGTH_M, FOOTPRINT_WIDTH_M = 4.125, 1.55
_SEGMENTS = "data/market/volume_segments.csv"


@dataclass(frozen=True)
class Candidate:
    """What the tables say of one model: its maker, the trim that stands for it, its segment.

    body_class: of the number plate, by which importers' statistics split a brand. segment_units:
    yearly registrations. parity_units: segment times the most likely share. cap_units: most that
    supply and shipping allow in a full year.
    """

    model: str
    title: str
    maker: str
    vehicle_id: str
    body_class: str
    segment_units: float
    parity_units: float
    cap_units: float


def candidates(
    programme: pd.DataFrame,
    vehicles: pd.DataFrame,
    segments: pd.DataFrame,
    assumptions: pd.DataFrame,
) -> dict[str, Candidate]:
    """Every model of the table `programme_models`, by name; `segments` as `segment_parts` gives
    them. Raises InputError for a model without a segment.
    """
    rows = programme.merge(vehicles[["vehicle_id", "length_mm", "width_mm"]], on="vehicle_id")
    counted = segments.groupby("model")["units_a_year"].sum()
    if missing := [model for model in rows["model"] if not counted.get(model)]:
        raise InputError(
            Fault(_SEGMENTS, f"no segment for {model}", "add a row for it") for model in missing
        )
    modes = assumptions.set_index(["model", "factor"])["mode"]
    return {
        row["model"]: Candidate(
            row["model"],
            row["title"],
            row["maker"],
            row["vehicle_id"],
            row["body_class"],
            float(counted[row["model"]]),
            float(counted[row["model"]] * modes[row["model"], "share_percent"] / 100),
            cap_units(modes, row["model"], row["length_mm"], row["width_mm"]),
        )
        for row in rows.to_dict("records")
    }


def cap_units(modes: "pd.Series[Any]", model: str, length_mm: float, width_mm: float) -> float:
    """Most cars of a model in a full year: its supply, or the slots on ships over its footprint.

    modes: most likely values by model and factor. Footprint in units of the trade's reference car
    (RT43): (length + 0.3)(width + 0.1) / (4.125 x 1.55), metres.
    """
    footprint = (
        (length_mm / 1000 + 0.3)
        * (width_mm / 1000 + 0.1)
        / (FOOTPRINT_LENGTH_M * FOOTPRINT_WIDTH_M)
    )
    return float(min(modes[model, "supply_units"], modes["all", "shipping_slots"] / footprint))


def segment_parts(parts: pd.DataFrame, japan_market: pd.DataFrame) -> pd.DataFrame:
    """The parts of each model's segment with their yearly units, `units_a_year`: a row a model and
    series, with the counts of the table `volume_segments` put together month by month.

    Raises InputError where there is no count.
    """
    counts = japan_market[["series", "period", "units"]]
    joined = parts.merge(counts, on=["series", "period"], how="left", validate="many_to_one")
    if joined["units"].isna().any():
        raise InputError(
            Fault(_SEGMENTS, f"no count of {row.series} for {row.period}")
            for row in joined[joined["units"].isna()].itertuples()
        )
    summed = joined.groupby(["model", "series"], sort=False, as_index=False).agg(
        reference_vehicle_id=("reference_vehicle_id", "first"),
        period=("period", ", ".join),
        units=("units", "sum"),
        months=("months", "sum"),
        quality=("quality", lambda cells: max(cells, key=QUALITIES.index)),
        source_ids=("source_ids", lambda cells: ";".join(dict.fromkeys(cells))),
        note=("note", "first"),
    )
    return summed.assign(units_a_year=12 * summed["units"] / summed["months"])


def chosen(
    known: Mapping[str, Candidate], models: Sequence[str], makers: Sequence[str]
) -> tuple[Candidate, ...]:
    """The chosen models whose maker takes part. Raises InputError when there is none."""
    taking_part = tuple(known[model] for model in models if known[model].maker in makers)
    if not taking_part:
        instead = ", ".join(sorted({known[model].maker for model in models})) or "any maker"
        raise refusal(
            "parameters, makers and models",
            "no chosen model is made by a chosen maker",
            f"add models, or one of {instead}",
        )
    return taking_part


def room_shares(
    cars: Iterable[Candidate], segments: pd.DataFrame, room_beside: Callable[[str, str], float]
) -> dict[str, float]:
    """Part of each model's segment buyers with room for it, 0 to 1.

    room_beside: the part of the buyers of a car, its second argument, with room for another, its
    first. A segment of several parts is their mean by units.
    """
    shares = {}
    for car in cars:
        parts = segments[segments["model"] == car.model]
        room = [room_beside(car.vehicle_id, other) for other in parts["reference_vehicle_id"]]
        shares[car.model] = float(np.average(room, weights=parts["units_a_year"]))
    return shares
