"""Three widths of a car: body, mirrors folded, mirrors out. Width over the mirrors is published for
hardly any car.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.fit.cars import NO_SOURCE, Car, Dimension
from helpers.fit.limits import margin_table

BODY, FOLDED, OUT = "body", "mirrors folded", "mirrors out"
_WIDTHS = ("width", "stall_width", "lane_width", "carriageway_width", "road_width")


def with_mirrors(car: Car, allowance_mm: float, state: str) -> Car:
    """The car as wide as it is with its mirrors in that state; unchanged where its width is
    missing.

    Out: the published width over the mirrors, else body and allowance, without a source. Folded:
    somewhere between body and out.
    """
    body, published = car.dimensions.get("width_mm"), car.dimensions.get("width_mirrors_mm")
    if state == BODY or body is None:
        return car
    out = published or Dimension(
        body.value + allowance_mm, body.low + allowance_mm, body.high + allowance_mm, NO_SOURCE
    )
    folded = Dimension((body.value + out.value) / 2, body.low, out.high, NO_SOURCE)
    return replace(car, dimensions={**car.dimensions, "width_mm": out if state == OUT else folded})


def width_margins(
    cars: list[Car],
    constraints: pd.DataFrame,
    variables: Mapping[str, float],
    allowance_mm: float,
    tolerance_mm: float,
) -> pd.DataFrame:
    """Every car in its three widths against every limit on width: columns of `margin_table` and
    `measured` (which width).
    """
    limits = constraints[constraints["dimension"].isin(_WIDTHS)]
    states = (BODY, FOLDED, OUT)
    table = margin_table(
        [with_mirrors(car, allowance_mm, state) for state in states for car in cars],
        limits,
        variables,
        {},
        tolerance_mm,
    )
    return table.assign(measured=np.tile(np.repeat(states, len(cars)), len(limits)))
