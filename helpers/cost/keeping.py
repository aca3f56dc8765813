"""What a car costs its owner in Japan each year in tax, how often it is inspected, and what a goods
plate changes.

Rates come from the table `keeping_costs`. The environmental performance levy was abolished on 31
March 2026 and is left out; fuel, insurance and workshop costs are not in the table.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.cost.sticker import column
from helpers.data.picking import source_tuple
from helpers.errors import Fault, InputError
from helpers.quantities import Quantities, Quantity, fact

Plate = Literal["passenger", "goods"]
PLATES: tuple[Plate, ...] = ("passenger", "goods")


@dataclass(frozen=True)
class KeepingRates:
    """The table, read once.

    bands: upper end in cc (infinite for the open band) and tax in JPY a year, rising.
    band_sources: of the bands. goods_tax and weight_tax: JPY per car a year, the latter for each
    half tonne begun. The others by plate: years to the first inspection, years between later ones,
    and the toll of the example trip.
    """

    bands: tuple[tuple[float, float], ...]
    band_sources: tuple[str, ...]
    goods_tax: Quantity
    weight_tax: Quantity
    first_inspection: dict[Plate, Quantity]
    later_inspections: dict[Plate, Quantity]
    toll: dict[Plate, Quantity]


@dataclass(frozen=True)
class GoodsPlate:
    """What a goods plate changes against a passenger plate on the same vehicle.

    even_trips: example trips a year whose dearer toll uses up the saving in automobile tax.
    """

    model: str
    tax_saving: Quantity
    even_trips: Quantity
    extra_inspections: Quantity


def keeping_rates(table: pd.DataFrame) -> KeepingRates:
    """The rates of the table `keeping_costs`. Raises InputError for a missing rate."""
    rows: dict[str, Any] = {row["item"]: row for row in table.to_dict("records")}
    by_plate_items = ("first_inspection", "later_inspections", "toll_example")
    needed = ["automobile_tax_goods", "weight_tax"]
    needed += [name for item in by_plate_items for name in _by_plate(item)]
    bands = table[(table["applies_to"] == "passenger") & (table["unit"] == "jpy_per_year")]
    faults = [
        Fault("keeping_costs", f"there is no row for {name}", "add it")
        for name in needed
        if name not in rows
    ]
    if bands["up_to_cc"].isna().sum() != 1:
        remedy = "leave up_to_cc blank in the highest band only"
        faults.append(Fault("keeping_costs", "the tax bands have not exactly one open end", remedy))
    if faults:
        raise InputError(faults)

    def rate(item: str, unit: str) -> Quantity:
        row = rows[item]
        sources = source_tuple([row["source_ids"]])
        return fact(float(row["value"]), unit, "", row["quality"], sources)

    def by_plate(item: str, unit: str) -> dict[Plate, Quantity]:
        return {
            plate: rate(name, unit) for plate, name in zip(PLATES, _by_plate(item), strict=True)
        }

    ends = bands["up_to_cc"].fillna(math.inf).astype(float)
    return KeepingRates(
        bands=tuple(sorted(zip(ends, bands["value"].astype(float), strict=True))),
        band_sources=source_tuple(bands["source_ids"]),
        goods_tax=rate("automobile_tax_goods", "JPY per car"),
        weight_tax=rate("weight_tax", "JPY per car"),
        first_inspection=by_plate("first_inspection", "years"),
        later_inspections=by_plate("later_inspections", "years"),
        toll=by_plate("toll_example", "JPY per trip"),
    )


def _by_plate(item: str) -> tuple[str, str]:
    return item, f"{item}_goods"


def taxes(rates: KeepingRates, trims: pd.DataFrame) -> Quantities:
    """Yearly taxes with a passenger plate, JPY per car, a row a vehicle: by displacement, and for
    each half tonne begun. trims: rows of `vehicles` by any index.
    """
    ends, amounts = (np.array(side) for side in zip(*rates.bands, strict=True))
    bands = np.searchsorted(ends, trims["displacement_cc"].to_numpy(float))
    tax = pd.Series(amounts[bands], trims.index)
    weight = pd.Series(np.ceil(trims["curb_weight_kg"] / 500), trims.index)
    return Quantities(
        automobile_tax=column(
            trims, tax, "JPY per car", "displacement_cc", sources=rates.band_sources
        ),
        weight_tax=rates.weight_tax * column(trims, weight, "", "curb_weight_kg"),
    )


def inspections(rates: KeepingRates, plate: Plate, years: int) -> Quantity:
    """Inspections that fall due before that many years are over."""
    first, later = rates.first_inspection[plate], rates.later_inspections[plate]
    due = max(0, math.ceil((years - first.value) / later.value))
    sources = tuple(dict.fromkeys((*first.source_ids, *later.source_ids)))
    return fact(due, "inspections", "", "reported", sources)


def goods_plate(rates: KeepingRates, model: str, tax: Quantity, years: int) -> GoodsPlate:
    """What a 1-number goods plate saves and costs. tax: automobile tax with a passenger plate."""
    saving = tax - rates.goods_tax
    dearer = rates.toll["goods"] - rates.toll["passenger"]
    more = inspections(rates, "goods", years) - inspections(rates, "passenger", years)
    return GoodsPlate(model, saving, replace(saving / dearer, unit="trips a year"), more)
