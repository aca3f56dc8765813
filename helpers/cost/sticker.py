"""From a US list price to a Japanese sticker: the cars and their rivals as the tables give them,
and the walk.

The walk follows the usual order of an import calculation: price at the plant, ocean freight and
insurance, duty, work on the car, inland legs, dealer margin, consumption tax.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import source_tuple
from helpers.quantities import Provenance, Quantities, Quantity, fact

COSTS = (
    "jpy_per_usd",
    "us_dealer_margin_percent",
    "freight_usd_per_m3",
    "insurance_percent",
    "japan_duty_percent",
    "modification_usd",
    "rhd_conversion_usd",
    "certification_cost_jpy_mn",
    "certification_units",
    "inland_usd",
    "japan_dealer_margin_percent",
    "consumption_tax_percent",
)
"""The parameters that the walk takes."""

_BODY = ("length_mm", "width_mm", "height_mm")


def price_walk(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
    """What each step from US list price to Japanese sticker adds, JPY per car; they sum to it."""
    rate = costs.jpy_per_usd
    dealer = cars.list_price * costs.us_dealer_margin_percent
    freight = cars.box * costs.freight_usd_per_m3
    insurance = (cars.list_price - dealer + freight) * costs.insurance_percent
    duty = (cars.list_price - dealer + freight + insurance) * costs.japan_duty_percent
    work = costs.modification_usd + costs.rhd_conversion_usd * cars.right_hand_drive
    steps = {
        "US list price": cars.list_price * rate,
        "US dealer margin": -dealer * rate,
        "freight, insurance": (freight + insurance) * rate,
        "Japanese duty": duty * rate,
        "work on the car": work * rate,
        "certification": costs.certification_cost_jpy_mn / costs.certification_units,
        "inland, preparation": costs.inland_usd * rate,
    }
    steps["Japanese margin"] = sum(steps.values()) * costs.japan_dealer_margin_percent
    steps["consumption tax"] = sum(steps.values()) * costs.consumption_tax_percent
    return steps


def sticker(steps: dict[str, Quantity]) -> Quantity:
    """The sum of a walk: the price in Japan that covers the cost, JPY per car."""
    return sum(steps.values())  # type: ignore[return-value]


def cars_of(
    programme: pd.DataFrame, vehicles: pd.DataFrame, right_hand_drive_models: Iterable[str]
) -> Quantities:
    """The programme models, a row each: the trim that stands for a model, as the walk needs it.

    list_price: in the US, before destination charge and tax. box: volume of the box around the
    body without mirrors, by which car carriers charge. A price or size without a source is
    `unverified`.
    """
    rows = programme.set_index("model")
    trims = vehicles.set_index("vehicle_id").loc[rows["vehicle_id"]].set_index(rows.index)
    box = trims[list(_BODY)].astype(float).prod(axis=1) / 1e9
    return Quantities(
        title=rows["title"],
        maker=rows["maker"],
        vehicle_id=rows["vehicle_id"],
        body_style=trims["body_style"],
        right_hand_drive=pd.Series(rows.index.isin(list(right_hand_drive_models)), rows.index),
        list_price=column(trims, trims["msrp_usd"].astype(float), "USD per car", "msrp_usd"),
        box=column(trims, box, "m3 per car", *_BODY),
    )


def column(
    trims: pd.DataFrame, values: pd.Series, unit: str, *fields: str, sources: tuple[str, ...] = ()
) -> Quantity:
    """A number of each car, unverified where one of the fields it comes from has no source.

    sources: what else it comes from.
    """
    provenance = tuple(
        Provenance(
            f"{car['msrp_model_year']:.0f}" if "msrp_usd" in fields else "",
            "unverified" if set(fields) & set(car["unverified_fields"].split(";")) else "reported",
            tuple(dict.fromkeys((*car["source_ids"].split(";"), *sources))),
        )
        for car in trims.to_dict("records")
    )
    return Quantity(values, unit, provenance)


@dataclass(frozen=True)
class Rival:
    """A car on sale in Japan: list price with tax, and the programme models it is set against."""

    vehicle_id: str
    name: str
    price: Quantity
    rival_of: tuple[str, ...]
    assembly_country: str


def rivals_of(japan_prices: pd.DataFrame, vehicles: pd.DataFrame) -> tuple[Rival, ...]:
    """The cars of the table `japan_prices`, cheapest first."""
    known = vehicles.set_index("vehicle_id")
    names = known["make"] + " " + known["model"]
    rows = japan_prices.sort_values("price_jpy", kind="stable").to_dict("records")
    return tuple(
        Rival(
            vehicle_id=row["vehicle_id"],
            name=str(names[row["vehicle_id"]]),
            price=fact(
                float(row["price_jpy"]),
                "JPY per car",
                str(row["as_of"]),
                row["quality"],
                source_tuple([row["source_ids"]]),
            ),
            rival_of=tuple(row["rival_of"].split(";")),
            assembly_country=str(known.at[row["vehicle_id"], "assembly_country"]),
        )
        for row in rows
    )
