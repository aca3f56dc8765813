"""Whether a car fits: the whole answer for every car, limit and place of a scenario."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.fit.cars import SOURCED, Car
from helpers.fit.limits import FITS, Need, margin_table
from helpers.fit.mirror_widths import OUT, width_margins, with_mirrors
from helpers.fit.places import (
    FitInputs,
    aisle_need,
    cars_of,
    corner_need,
    cut_need,
    place_table,
    verdict_table,
)
from helpers.fit.road_access import carriageway_m, legal_width_mm
from helpers.fit.sight import SightInputs, sight
from helpers.fit.usable_shares import UsableShare, usable_shares

__all__ = [
    "FitAnswer",
    "FitInputs",
    "FitProgramme",
    "SightInputs",
    "VehicleFit",
    "fit_answer",
    "fitting",
    "programme_verdicts",
    "vehicle_fit",
]


@dataclass(frozen=True)
class VehicleFit:
    """The whole answer: `cars` as read, and tables with one row a car and place (`places`), a car
    (`verdicts`), a car and limit (`margins`).

    shares: vehicle_id → shares of streets and bays.
    """

    cars: list[Car]
    places: pd.DataFrame
    verdicts: pd.DataFrame
    margins: pd.DataFrame
    shares: Mapping[str, UsableShare]


def vehicle_fit(
    vehicles: pd.DataFrame, constraints: pd.DataFrame, roads: pd.DataFrame, inputs: FitInputs
) -> VehicleFit:
    """Everything about the fit of every car in `vehicles`, against every limit in `constraints` and
    the scenario's place.
    """
    cars = cars_of(vehicles, inputs)
    places = place_table(cars, constraints, inputs)
    computed = {
        "aisle_width": {car.vehicle_id: aisle_need(car, inputs) for car in cars},
        "corner_cut_base": {car.vehicle_id: cut_need(car, inputs) for car in cars},
    }
    return VehicleFit(
        cars=cars,
        places=places,
        verdicts=verdict_table(places),
        margins=margin_table(cars, constraints, _variables(inputs), computed, inputs.tolerance_mm),
        shares=usable_shares(vehicles, constraints, roads, inputs),
    )


def _variables(inputs: FitInputs) -> dict[str, float]:
    """What the scenario says of the variables of limit formulas; the inner width of pallets it does
    not say.
    """
    return {
        "carriageway_m": carriageway_m(inputs.street_width_m),
        "parking_space_length_mm": float(inputs.stall_length_mm),
        "parking_space_width_mm": float(inputs.stall_width_mm),
    }


def programme_verdicts(
    fit: VehicleFit, programme_models: pd.DataFrame, models: Iterable[str]
) -> pd.DataFrame:
    """What matters of each model of the programme, one row a model, in the order of `models`.

    Columns: those of `VehicleFit.verdicts`, and model, title, length_mm, width_mm, height_mm (NaN
    when missing), corner_m, corner_low_m, corner_high_m (narrowest square corner, NaN when not
    computed), enclosed_by (vehicle_id of the smallest car on sale in Japan that is at least as long
    and as wide, "" when there is none), nearest (of the car on sale nearest in length and width),
    quality, source_ids. Raises InputError for a model or a vehicle that the tables do not have.
    """
    cars = {car.vehicle_id: car for car in fit.cars}
    titles: dict[str, tuple[str, str]] = {
        row.model: (row.title, row.vehicle_id)  # type: ignore[misc]
        for row in programme_models.itertuples()
    }
    models = tuple(models)
    faults = (
        []
        if models
        else [Fault("models", "no model is named", f"write one or more of: {', '.join(titles)}")]
    )
    faults += [
        Fault("models", f"{model} is not in programme_models")
        for model in models
        if model not in titles
    ]
    wanted = [(model, *titles[model]) for model in models if model in titles]
    faults += [
        Fault("programme_models", f"{model} stands for vehicle {key}, which is not in vehicles")
        for model, _, key in wanted
        if key not in cars
    ]
    if faults:
        raise InputError(faults)
    on_sale = [
        car
        for car in fit.cars
        if car.role == "japan_reference" and not car.missing(("length_mm", "width_mm"))
    ]
    rows = []
    for model, title, vehicle_id in wanted:
        car = cars[vehicle_id]
        corner = corner_need(car)
        needs = (
            (corner.value, corner.low, corner.high) if isinstance(corner, Need) else (math.nan,) * 3
        )
        line: dict[str, Any] = {"model": model, "title": title, "vehicle_id": vehicle_id}
        line |= {
            column: car.value(column) or math.nan
            for column in ("length_mm", "width_mm", "height_mm")
        }
        line |= dict(zip(("corner_m", "corner_low_m", "corner_high_m"), needs, strict=True))
        line |= {
            "enclosed_by": _enclosing(car, on_sale),
            "nearest": _nearest(car, on_sale),
            "quality": car.quality,
            "source_ids": car.source_ids,
        }
        rows.append(line)
    return pd.DataFrame(rows).merge(fit.verdicts, on="vehicle_id", validate="one_to_one")


def fitting(models: pd.DataFrame) -> tuple[int, int]:
    """How many models fit, and of how many: those with sourced length and width, because only these
    have a verdict. models: columns verdict, basis.
    """
    sized = models[models["basis"] == SOURCED]
    return int((sized["verdict"] == FITS).sum()), len(sized)


@dataclass(frozen=True)
class FitProgramme:
    """Which models are asked about, and with which drive side. Field names are scenario
    parameters.
    """

    models: tuple[str, ...]
    right_hand_drive_models: tuple[str, ...]
    mirror_allowance_mm: int


@dataclass(frozen=True)
class FitAnswer:
    """Everything the notebook on vehicle fit answers.

    models: one row a model, columns of `programme_verdicts`, and right_hand_drive (as offered),
    shift_mm (how far the driver must move the car to the right to see the wanted distance past the
    car ahead, 0 when there is no need), shift_rhd_mm and shift_lhd_mm (with the wheel on the right
    and the left, negative when there is room to spare), visible_rhd_m and visible_lhd_m (infinite
    when nothing is hidden), mirrors_mm (width over the mirrors), mirrors_published. Sight and
    mirrors are NaN where the width is missing.
    widths: every car in three widths against every limit on width (`mirror_widths.width_margins`).
    legal_width_mm: widest vehicle the legal reference admits in the scenario's street.
    """

    fit: VehicleFit
    models: pd.DataFrame
    widths: pd.DataFrame
    legal_width_mm: float
    inputs: FitInputs
    setting: SightInputs


def fit_answer(
    vehicles: pd.DataFrame,
    constraints: pd.DataFrame,
    roads: pd.DataFrame,
    programme_models: pd.DataFrame,
    inputs: FitInputs,
    programme: FitProgramme,
    setting: SightInputs,
) -> FitAnswer:
    """The whole answer of a scenario; headlines and the brief are read from it."""
    fit = vehicle_fit(vehicles, constraints, roads, inputs)
    models = programme_verdicts(fit, programme_models, programme.models)
    cars = {car.vehicle_id: car for car in fit.cars}
    extra = [
        _driver_and_mirrors(
            cars[str(vehicle_id)], model in programme.right_hand_drive_models, programme, setting
        )
        for model, vehicle_id in zip(models["model"], models["vehicle_id"], strict=True)
    ]
    legal = legal_width_mm(carriageway_m(inputs.street_width_m))
    widths = width_margins(
        fit.cars,
        constraints,
        _variables(inputs),
        programme.mirror_allowance_mm,
        inputs.tolerance_mm,
    )
    return FitAnswer(
        fit, models.join(pd.DataFrame(extra, index=models.index)), widths, legal, inputs, setting
    )


def _driver_and_mirrors(
    car: Car, right_hand_drive: bool, programme: FitProgramme, setting: SightInputs
) -> dict[str, Any]:
    width = car.value("width_mm")
    line: dict[str, Any] = {
        "right_hand_drive": right_hand_drive,
        "mirrors_published": "width_mirrors_mm" in car.dimensions,
    }
    if width is None:
        return {
            **line,
            **dict.fromkeys(
                (
                    "shift_mm",
                    "shift_rhd_mm",
                    "shift_lhd_mm",
                    "visible_rhd_m",
                    "visible_lhd_m",
                    "mirrors_mm",
                ),
                math.nan,
            ),
        }
    right, left = sight(width, True, setting), sight(width, False, setting)
    own = right if right_hand_drive else left
    line |= {
        "shift_mm": 1000 * max(own.shift_m, 0.0),
        "shift_rhd_mm": 1000 * right.shift_m,
        "shift_lhd_mm": 1000 * left.shift_m,
    }
    line |= {"visible_rhd_m": right.visible_m, "visible_lhd_m": left.visible_m}
    return {
        **line,
        "mirrors_mm": with_mirrors(car, programme.mirror_allowance_mm, OUT)
        .dimensions["width_mm"]
        .value,
    }


def _enclosing(car: Car, others: list[Car]) -> str:
    """The smallest of the cars with sourced length and width that is at least as long and as
    wide.
    """
    if car.missing(("length_mm", "width_mm")):
        return ""
    length, width = _plan(car)
    larger = [
        other
        for other in others
        if other.basis(("length_mm", "width_mm")) == SOURCED
        and _plan(other)[0] >= length
        and _plan(other)[1] >= width
    ]
    return min(larger, key=lambda other: math.prod(_plan(other))).vehicle_id if larger else ""


def _nearest(car: Car, others: list[Car]) -> str:
    """The car whose length and width differ least, by the larger of the two relative
    differences.
    """
    if car.missing(("length_mm", "width_mm")) or not others:
        return ""
    own = _plan(car)
    return min(
        others,
        key=lambda other: max(
            abs(theirs / mine - 1) for theirs, mine in zip(_plan(other), own, strict=True)
        ),
    ).vehicle_id


def _plan(car: Car) -> tuple[float, float]:
    return car.dimensions["length_mm"].value, car.dimensions["width_mm"].value
