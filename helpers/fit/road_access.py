"""Which streets admit a car: the legal reference width, shares of a road network.

Widths of vehicles are in mm, of roads in metres. The legal width rule is a reference: sources show
it used for fleet garages, none shows it applied to private cars in daily traffic.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.errors import Fault, InputError

# Vehicle Restriction Order art. 5(2), a two-way street in a built-up area: width <= (carriageway -
# deduction) / lanes. Constraint vro5_2.
LEGAL_DEDUCTION_M, LEGAL_LANES = 0.5, 2
SHOULDERS_M = 1.0
"""Taken off the surface to get the carriageway where there is no sidewalk and no marked shoulder
(Vehicle Restriction Order).
"""


def carriageway_m(surface_m: float) -> float:
    """Carriageway of a street without sidewalk or marked shoulder."""
    _refuse_road(surface_m=surface_m)
    return max(surface_m - SHOULDERS_M, 0.0)


def legal_width_mm(carriageway: float) -> float:
    """Widest vehicle that the rule admits on a carriageway of that many metres; 0 when it admits
    none.
    """
    _refuse_road(carriageway_m=carriageway)
    return max(carriageway - LEGAL_DEDUCTION_M, 0.0) / LEGAL_LANES * 1000


def legal_carriageway_m(width_mm: float) -> float:
    """Narrowest carriageway on which the rule admits a vehicle of that width."""
    _refuse_width(width_mm=width_mm)
    return width_mm / 1000 * LEGAL_LANES + LEGAL_DEDUCTION_M


def legal_surface_m(width_mm: float) -> float:
    """Narrowest street surface on which the rule admits the vehicle, without sidewalk or marked
    shoulder.
    """
    return legal_carriageway_m(width_mm) + SHOULDERS_M


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1 that is known only within bounds: low <= mid <= high."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mid <= self.high <= 1:
            raise InputError(
                [Fault("share", f"{self.low}, {self.mid}, {self.high} do not rise from 0 to 1")]
            )


def all_of(shares: Iterable[Share]) -> Share:
    """Share for which all conditions hold together: the Fréchet bounds, never a product.

    low: max(0, sum - (k - 1)) of the low shares; high: the least of the high shares. mid: the
    middle of the two bounds taken at the mid shares, because nothing is known of how the conditions
    go together.
    """
    listed = list(shares)
    if not listed:
        raise InputError([Fault("shares", "there is no condition to combine")])
    return Share(
        low=_together([one.low for one in listed]),
        mid=(_together([one.mid for one in listed]) + min(one.mid for one in listed)) / 2,
        high=min(one.high for one in listed),
    )


def _together(values: list[float]) -> float:
    # Rounding keeps 1.0 + 0.7 - 1 at 0.7, so that one certain condition changes nothing.
    return max(0.0, round(sum(values) - (len(values) - 1), 12))


def road_bands(roads: pd.DataFrame, region: str) -> pd.DataFrame:
    """The width bands of a region, from `road_widths`: columns from_m, to_m (infinite when open),
    share, width_basis.

    Shares are made to add to 1: published ones leave out unclassified roads or round. Raises
    InputError for a region without bands.
    """
    rows = roads[
        (roads["scope"] == region) & (roads["width_basis"] != "") & roads["length_km"].notna()
    ]
    if rows.empty or rows["width_basis"].nunique() != 1:
        known = sorted(
            set(roads.loc[(roads["width_basis"] != "") & roads["length_km"].notna(), "scope"])
        )
        raise InputError(
            [
                Fault(
                    "region",
                    f"road_widths has no bands of one kind for {region}",
                    f"write one of: {'; '.join(known)}",
                )
            ]
        )
    bands = pd.DataFrame(
        {
            "from_m": rows["width_from_m"],
            "to_m": rows["width_to_m"].fillna(math.inf),
            "share": rows["length_km"] / rows["length_km"].sum(),
            "width_basis": rows["width_basis"],
        }
    )
    return bands.sort_values(["from_m", "to_m"], ignore_index=True)


def share_at_least(bands: pd.DataFrame, width_m: float) -> Share:
    """Share of road length at least that wide.

    Inside a band nothing is published: low counts no road of it, high counts all, mid spreads the
    band's roads evenly over its widths. In the open top band, mid counts all.
    """
    _refuse_road(width_m=width_m)
    low = mid = high = 0.0
    for start, end, share in zip(
        bands["from_m"].tolist(), bands["to_m"].tolist(), bands["share"].tolist(), strict=True
    ):
        if start >= width_m:
            low, mid, high = low + share, mid + share, high + share
        elif end > width_m:
            mid += share if math.isinf(end) else share * (end - width_m) / (end - start)
            high += share
    return Share(*(min(1.0, round(value, 12)) for value in (low, mid, high)))


def _refuse_road(**metres: float) -> None:
    faults = [
        Fault(
            name,
            f"{value} is not a width of a road in metres",
            "the number looks like mm" if 100 <= value < math.inf else "",
        )
        for name, value in metres.items()
        if not 0 <= value < 100
    ]
    if faults:
        raise InputError(faults)


def _refuse_width(**millimetres: float) -> None:
    faults = [
        Fault(
            name,
            f"{value} is not a width of a vehicle in mm",
            f"write {value * 1000:.0f}" if 0 < value < 10 else "",
        )
        for name, value in millimetres.items()
        if not 500 <= value <= 5_000
    ]
    if faults:
        raise InputError(faults)
