"""From a US list price to a Japanese sticker: what each step adds, in yen.

The walk follows the usual order of an import calculation: price at the plant, ocean freight and
insurance (the CIF value), duty, work on the car, inland legs, dealer margin, consumption tax. Every
cost but the certification work is in dollars, so the sticker is linear in the exchange rate, with
the certification as its constant part.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.errors import Fault, InputError


@dataclass(frozen=True)
class LandedCostInputs:
    """What the walk assumes. Field names are scenario parameters; percent are percent, money is in
    the unit of the name.
    """

    jpy_per_usd: float
    right_hand_drive_models: tuple[str, ...]
    us_dealer_margin_percent: float
    freight_usd_per_m3: float
    insurance_percent: float
    certification_cost_jpy_mn: float
    certification_units: int
    modification_usd: float
    rhd_conversion_usd: float
    inland_usd: float
    japan_dealer_margin_percent: float
    consumption_tax_percent: float
    japan_duty_percent: float

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{value} is not a number from 0")
            for name, value in vars(self).items()
            if name != "right_hand_drive_models" and not 0 <= value < math.inf
        ]
        faults += [
            Fault(name, "0 is not above 0")
            for name in ("jpy_per_usd", "certification_units")
            if getattr(self, name) == 0
        ]
        if self.us_dealer_margin_percent > 100:
            faults.append(
                Fault(
                    "us_dealer_margin_percent",
                    f"{self.us_dealer_margin_percent} takes more than the list price",
                    "write 0 to 100",
                )
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class ImportedCar:
    """A US-built car as the walk needs it.

    model: name as in a scenario's `models`. list_price_usd: US list price before destination charge
    and tax. Body sizes in mm, without mirrors. price_is_sourced: false where the list price stands
    in the table as an assumption.
    """

    model: str
    title: str
    list_price_usd: float
    length_mm: float
    width_mm: float
    height_mm: float
    price_is_sourced: bool = True
    source_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [
            Fault(f"{self.model}, {name}", f"{getattr(self, name)} is not above 0")
            for name in ("list_price_usd", "length_mm", "width_mm", "height_mm")
            if not 0 < getattr(self, name) < math.inf
        ]
        if faults:
            raise InputError(faults)

    @property
    def box_volume_m3(self) -> float:
        """Volume of the box around the body; car carriers charge by it."""
        return self.length_mm * self.width_mm * self.height_mm / 1e9


@dataclass(frozen=True)
class Step:
    """One step of a walk: its stable name, its label, and the yen it adds (negative where it takes
    off).
    """

    name: str
    label: str
    jpy: float


@dataclass(frozen=True)
class PriceWalk:
    """A car's way from list price to sticker. The steps add up to `sticker_jpy`.

    cif_usd: value at the Japanese quay before duty. landed_cost_jpy: all cost before the Japanese
    dealer margin.
    dollar_sticker_usd: slope of the sticker in the exchange rate; the rest of the sticker does not
    move with it.
    """

    car: ImportedCar
    right_hand_drive: bool
    jpy_per_usd: float
    steps: tuple[Step, ...]
    cif_usd: float
    landed_cost_jpy: float
    sticker_jpy: float
    dollar_sticker_usd: float

    @property
    def dollar_share_percent(self) -> float:
        """Part of the sticker that moves one for one with the exchange rate."""
        return 100 * self.dollar_sticker_usd * self.jpy_per_usd / self.sticker_jpy

    def step_jpy(self, name: str) -> float:
        """The yen that the step of that name adds."""
        return next(step.jpy for step in self.steps if step.name == name)


def imported_cars(
    programme_models: pd.DataFrame, vehicles: pd.DataFrame, models: Iterable[str]
) -> tuple[ImportedCar, ...]:
    """The cars of a programme, from the tables `programme_models` (which trim stands for a model)
    and `vehicles`.

    Raises InputError for a model that `programme_models` does not hold.
    """
    trims = {str(row["model"]): row for row in programme_models.to_dict("records")}
    rows = {str(row["vehicle_id"]): row for row in vehicles.to_dict("records")}
    wanted = list(models)
    unknown = [name for name in wanted if name not in trims]
    if unknown:
        raise InputError(
            [
                Fault(
                    "models",
                    f"{name} is not in programme_models",
                    f"write one of {', '.join(trims)}",
                )
                for name in unknown
            ]
        )
    return tuple(
        _imported_car(name, str(trims[name]["title"]), rows[trims[name]["vehicle_id"]])
        for name in wanted
    )


def _imported_car(model: str, title: str, row: dict[Hashable, Any]) -> ImportedCar:
    return ImportedCar(
        model=model,
        title=title,
        list_price_usd=float(row["msrp_usd"]),
        length_mm=float(row["length_mm"]),
        width_mm=float(row["width_mm"]),
        height_mm=float(row["height_mm"]),
        price_is_sourced="msrp_usd" not in row["unverified_fields"].split(";"),
        source_ids=tuple(row["source_ids"].split(";")),
    )


def price_walk(car: ImportedCar, inputs: LandedCostInputs) -> PriceWalk:
    """Walk one car from its US list price to its Japanese sticker.

    sticker = [(plant price + freight + insurance)(1 + duty) + modification + drive side + inland +
    certification] (1 + margin)(1 + tax) with everything but the certification converted at the
    scenario's rate.
    """
    rate = inputs.jpy_per_usd
    right_hand_drive = car.model in inputs.right_hand_drive_models
    dealer_usd = car.list_price_usd * inputs.us_dealer_margin_percent / 100
    plant_usd = car.list_price_usd - dealer_usd
    freight_usd = car.box_volume_m3 * inputs.freight_usd_per_m3
    insurance_usd = (plant_usd + freight_usd) * inputs.insurance_percent / 100
    cif_usd = plant_usd + freight_usd + insurance_usd
    duty_usd = cif_usd * inputs.japan_duty_percent / 100
    drive_side_usd = inputs.rhd_conversion_usd if right_hand_drive else 0.0
    certification_jpy = inputs.certification_cost_jpy_mn * 1e6 / inputs.certification_units
    cost_usd = cif_usd + duty_usd + inputs.modification_usd + drive_side_usd + inputs.inland_usd
    cost_jpy = cost_usd * rate + certification_jpy
    margin_jpy = cost_jpy * inputs.japan_dealer_margin_percent / 100
    tax_jpy = (cost_jpy + margin_jpy) * inputs.consumption_tax_percent / 100
    markup = (1 + inputs.japan_dealer_margin_percent / 100) * (
        1 + inputs.consumption_tax_percent / 100
    )
    steps = (
        Step("list_price", "US list price", car.list_price_usd * rate),
        Step("us_dealer_margin", "less US dealer margin", -dealer_usd * rate),
        Step("freight", "ocean freight", freight_usd * rate),
        Step("insurance", "insurance", insurance_usd * rate),
        Step("duty", "Japanese duty", duty_usd * rate),
        Step("modification", "modification", inputs.modification_usd * rate),
        Step("drive_side", "right-hand drive", drive_side_usd * rate),
        Step("certification", "certification", certification_jpy),
        Step("inland", "inland, preparation", inputs.inland_usd * rate),
        Step("japan_dealer_margin", "Japanese margin", margin_jpy),
        Step("consumption_tax", "consumption tax", tax_jpy),
    )
    return PriceWalk(
        car,
        right_hand_drive,
        rate,
        steps,
        cif_usd,
        cost_jpy,
        cost_jpy + margin_jpy + tax_jpy,
        cost_usd * markup,
    )


def price_walks(cars: Iterable[ImportedCar], inputs: LandedCostInputs) -> tuple[PriceWalk, ...]:
    """The walk of each car, in the order given."""
    return tuple(price_walk(car, inputs) for car in cars)


def sticker_at_rate(car: ImportedCar, inputs: LandedCostInputs, jpy_per_usd: float) -> float:
    """The sticker of the car at another exchange rate, all else equal."""
    return price_walk(car, replace(inputs, jpy_per_usd=jpy_per_usd)).sticker_jpy
