"""Whether a car fits: the whole answer for every car, limit and place of a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.models.cars import Car
from helpers.models.limits import margin_table
from helpers.models.places import FitInputs, aisle_need, cars_of, cut_need, place_table, verdict_table
from helpers.models.road_access import carriageway_m
from helpers.models.usable_shares import UsableShare, usable_shares

__all__ = ["FitInputs", "UsableShare", "VehicleFit", "usable_shares", "vehicle_fit"]


@dataclass(frozen=True)
class VehicleFit:
    """The whole answer: `cars` as read, and tables with one row a car and place (`places`), a car (`verdicts`), a car and limit (`margins`).

    shares: vehicle_id → shares of streets and bays.
    """

    cars: list[Car]
    places: pd.DataFrame
    verdicts: pd.DataFrame
    margins: pd.DataFrame
    shares: Mapping[str, UsableShare]


def vehicle_fit(vehicles: pd.DataFrame, constraints: pd.DataFrame, roads: pd.DataFrame, inputs: FitInputs) -> VehicleFit:
    """Everything about the fit of every car in `vehicles`, against every limit in `constraints` and the scenario's place."""
    cars = cars_of(vehicles, inputs)
    places = place_table(cars, constraints, inputs)
    computed = {
        "aisle_width": {car.vehicle_id: aisle_need(car, inputs) for car in cars},
        "corner_cut_base": {car.vehicle_id: cut_need(car, inputs) for car in cars},
    }
    variables = {
        "carriageway_m": carriageway_m(inputs.street_width_m),
        "parking_space_length_mm": float(inputs.stall_length_mm),
        "parking_space_width_mm": float(inputs.stall_width_mm),
    }
    return VehicleFit(
        cars=cars,
        places=places,
        verdicts=verdict_table(places),
        margins=margin_table(cars, constraints, variables, computed, inputs.tolerance_mm),
        shares=usable_shares(vehicles, constraints, roads, inputs),
    )
