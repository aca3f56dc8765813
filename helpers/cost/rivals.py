"""The cars already on sale in Japan that a US-built car would be compared with."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import source_tuple
from helpers.quantities import Quantity, fact


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
