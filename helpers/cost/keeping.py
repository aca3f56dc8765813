"""What a car costs its owner in Japan each year in tax, how often it is inspected, and what a goods
plate changes.

Rates come from the table `keeping_costs`. The environmental performance levy was abolished on 31
March 2026 and is left out; fuel, insurance and workshop costs are not in the table.
"""

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.errors import Fault, InputError

Plate = Literal["passenger", "goods"]
PLATES: tuple[Plate, ...] = ("passenger", "goods")


@dataclass(frozen=True)
class KeepingRates:
    """The table, read once. bands: upper end in cc (infinite for the open band) and tax in JPY a
    year, rising.
    """

    bands: tuple[tuple[float, float], ...]
    goods_tax_jpy: float
    weight_tax_jpy_per_half_tonne: float
    first_inspection_years: dict[Plate, int]
    later_inspection_years: dict[Plate, int]
    toll_jpy: dict[Plate, float]


@dataclass(frozen=True)
class KeepingCost:
    """Yearly taxes in JPY, inspections over the years looked at, and the toll of the example trip.

    weight_tax_jpy: None for a goods plate, whose rate was not found.
    """

    plate: Plate
    automobile_tax_jpy: float
    weight_tax_jpy: float | None
    inspections: int
    toll_jpy: float


@dataclass(frozen=True)
class GoodsPlateCase:
    """What a goods plate changes against a passenger plate on the same vehicle.

    even_trips: example trips a year whose dearer toll uses up the saving in automobile tax;
    infinite when the toll is not dearer.
    """

    tax_saving_jpy: float
    even_trips: float
    extra_inspections: int


def keeping_rates(table: pd.DataFrame) -> KeepingRates:
    """The rates of the table `keeping_costs`. Raises InputError when a rate the model needs is
    missing.
    """
    values = {str(row["item"]): float(row["value"]) for row in table.to_dict("records")}
    needed = (
        "automobile_tax_goods",
        "weight_tax",
        "first_inspection",
        "later_inspections",
        "first_inspection_goods",
        "later_inspections_goods",
        "toll_example",
        "toll_example_goods",
    )
    bands = table[(table["applies_to"] == "passenger") & (table["unit"] == "jpy_per_year")]
    faults = [
        Fault("keeping_costs", f"there is no row for {name}", "add it")
        for name in needed
        if name not in values
    ]
    if bands["up_to_cc"].isna().sum() != 1:
        faults.append(
            Fault(
                "keeping_costs",
                "the tax bands have not exactly one open end",
                "leave up_to_cc blank in the highest band only",
            )
        )
    if faults:
        raise InputError(faults)
    ends = bands["up_to_cc"].fillna(math.inf)
    return KeepingRates(
        bands=tuple(sorted(zip(ends.astype(float), bands["value"].astype(float), strict=True))),
        goods_tax_jpy=values["automobile_tax_goods"],
        weight_tax_jpy_per_half_tonne=values["weight_tax"],
        first_inspection_years={
            "passenger": int(values["first_inspection"]),
            "goods": int(values["first_inspection_goods"]),
        },
        later_inspection_years={
            "passenger": int(values["later_inspections"]),
            "goods": int(values["later_inspections_goods"]),
        },
        toll_jpy={"passenger": values["toll_example"], "goods": values["toll_example_goods"]},
    )


def automobile_tax_jpy(
    rates: KeepingRates, displacement_cc: float, plate: Plate = "passenger"
) -> float:
    """Automobile tax a year: by displacement with a passenger plate, flat with a goods plate (load
    up to 1 t).
    """
    if not 0 < displacement_cc < math.inf:
        raise InputError(
            [
                Fault(
                    "displacement_cc",
                    f"{displacement_cc} is not a displacement",
                    "write cc, such as 2393",
                )
            ]
        )
    return (
        rates.goods_tax_jpy
        if plate == "goods"
        else next(tax for end, tax in rates.bands if displacement_cc <= end)
    )


def weight_tax_jpy(rates: KeepingRates, curb_weight_kg: float) -> float:
    """Weight tax a year with a passenger plate, for each half tonne begun."""
    if not 0 < curb_weight_kg < math.inf:
        raise InputError(
            [Fault("curb_weight_kg", f"{curb_weight_kg} is not a weight", "write kg, such as 1965")]
        )
    return rates.weight_tax_jpy_per_half_tonne * math.ceil(curb_weight_kg / 500)


def inspections(rates: KeepingRates, plate: Plate, years: int) -> int:
    """Inspections that fall due before that many years are over."""
    return max(
        0,
        math.ceil(
            (years - rates.first_inspection_years[plate]) / rates.later_inspection_years[plate]
        ),
    )


def keeping_cost(
    rates: KeepingRates, displacement_cc: float, curb_weight_kg: float, plate: Plate, years: int
) -> KeepingCost:
    """Taxes, inspections and example toll of a vehicle with that plate."""
    return KeepingCost(
        plate=plate,
        automobile_tax_jpy=automobile_tax_jpy(rates, displacement_cc, plate),
        weight_tax_jpy=weight_tax_jpy(rates, curb_weight_kg) if plate == "passenger" else None,
        inspections=inspections(rates, plate, years),
        toll_jpy=rates.toll_jpy[plate],
    )


def goods_plate_case(rates: KeepingRates, displacement_cc: float, years: int) -> GoodsPlateCase:
    """What a 1-number goods plate saves and costs against a passenger plate."""
    saving = automobile_tax_jpy(rates, displacement_cc) - rates.goods_tax_jpy
    dearer = rates.toll_jpy["goods"] - rates.toll_jpy["passenger"]
    return GoodsPlateCase(
        tax_saving_jpy=saving,
        even_trips=saving / dearer if dearer > 0 else math.inf,
        extra_inspections=inspections(rates, "goods", years)
        - inspections(rates, "passenger", years),
    )
