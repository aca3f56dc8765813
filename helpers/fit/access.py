"""Which roads and stalls admit a car: the legal reference width, shares of a place's road length,
shares of obligatory stalls. Each share has its own denominator; none is joined with another.

Widths of vehicles are in mm, of roads in metres. The legal width rule is a reference: sources show
it used for fleet garages, none shows it applied to private cars in daily traffic.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.errors import Fault, InputError, refusal
from helpers.fit.limits import Need
from helpers.fit.space import NEEDED, STALL_ROWS, STREET_ALONE, STREET_MEETING, Sizes
from helpers.periods import last_day
from helpers.texts import did_you_mean

# Vehicle Restriction Order art. 5(2), a two-way street in a built-up area: width <= (carriageway -
# deduction) / lanes. Constraint vro5_2.
LEGAL_DEDUCTION_M, LEGAL_LANES = 0.5, 2
Bands = pd.DataFrame | Mapping[Any, Any]
"""The table that `road_bands` gives, or its columns as lists, which read many times faster."""
TOTAL = "total"


def legal_width_mm(carriageway_m: float) -> float:
    """Widest vehicle that the rule admits on a carriageway; 0 when it admits none."""
    _refuse_road(carriageway_m=carriageway_m)
    return max(carriageway_m - LEGAL_DEDUCTION_M, 0.0) / LEGAL_LANES * 1000


def legal_carriageway_m(width_mm: float) -> float:
    """Narrowest carriageway on which the rule admits a vehicle of that width."""
    _refuse_width(width_mm=width_mm)
    return width_mm / 1000 * LEGAL_LANES + LEGAL_DEDUCTION_M


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1 that is known only within bounds: low <= mid <= high."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mid <= self.high <= 1:
            raise refusal("share", f"{self.low}, {self.mid}, {self.high} do not rise from 0 to 1")

    @property
    def percents(self) -> list[float]:
        """Low, middle and high in percent."""
        return [100 * self.low, 100 * self.mid, 100 * self.high]


UNKNOWN = Share(0.0, 0.5, 1.0)
"""A share of which nothing is known: anything is possible, the middle stands for it."""


def banded(roads: pd.DataFrame) -> pd.DataFrame:
    """The rows of `road_widths` that say which length lies between which widths."""
    return roads[(roads["width_basis"] != "") & roads["length_km"].notna()]


def regions(roads: pd.DataFrame) -> list[str]:
    """The places whose road widths are known by bands of one kind, in the order of the table."""
    kinds = banded(roads).groupby("scope", sort=False)["width_basis"].nunique()
    return [str(scope) for scope, count in kinds.items() if count == 1]


def roads_known_until(roads: pd.DataFrame, region: str) -> str:
    """The last day for which the bands of a region are known, ISO: the one that their note has, as
    in "As of 2023-03-31", else the last of their year. Empty for a place of the reader's own.
    """
    rows = banded(roads)[lambda row: row["scope"] == region]
    dates = (re.match(r"As of (\d{4}-\d{2}-\d{2})", note) for note in rows["note"])
    days = (
        date[1] if date else last_day(str(year)) if year else ""
        for date, year in zip(dates, rows["year"], strict=True)
    )
    return min(days, default="")


def road_bands(roads: pd.DataFrame, region: str) -> pd.DataFrame:
    """The width bands of a region, from `road_widths`: columns from_m, to_m (infinite when open),
    share, width_basis.

    Shares are made to add to 1: published ones leave out unclassified roads or round. Raises
    InputError for a region without bands.
    """
    if region not in regions(roads):
        raise refusal(
            "region",
            f"road_widths has no bands of one kind for {region}",
            did_you_mean(region, regions(roads), f"write one of: {'; '.join(regions(roads))}"),
        )
    rows = banded(roads)[lambda row: row["scope"] == region]
    bands = pd.DataFrame(
        {
            "from_m": rows["width_from_m"],
            "to_m": rows["width_to_m"].fillna(math.inf),
            "share": rows["length_km"] / rows["length_km"].sum(),
            "width_basis": rows["width_basis"],
        }
    )
    return bands.sort_values(["from_m", "to_m"], ignore_index=True)


def published_m(clear_mm: float, bands: Bands, edge_m: float) -> float:
    """The width, as a region publishes it, of a road with so much clear room."""
    whole = all(basis == TOTAL for basis in bands["width_basis"])
    return clear_mm / 1000 + (edge_m if whole else 0.0)


def share_at_least(bands: Bands, width_m: float) -> Share:
    """Share of road length at least that wide.

    Inside a band nothing is published: low counts no road of it, high counts all, mid spreads the
    band's roads evenly over its widths. In the open top band, mid counts all.
    """
    _refuse_road(width_m=width_m)
    low = mid = high = 0.0
    for start, end, share in zip(bands["from_m"], bands["to_m"], bands["share"], strict=True):
        if start >= width_m:
            low, mid, high = low + share, mid + share, high + share
        elif end > width_m:
            mid += share if math.isinf(end) else share * (end - width_m) / (end - start)
            high += share
    return Share(*(min(1.0, round(value, 12)) for value in (low, mid, high)))


@dataclass(frozen=True)
class Access:
    """What of a place a car can use, each share of its own whole.

    alone, meeting: of the road length of the region, wide enough to drive alone, and to meet a
    small car. stalls: of the stalls that new large buildings must have. missing: blank dimensions
    that left a share unknown.
    """

    alone: Share
    meeting: Share
    stalls: Share
    missing: tuple[str, ...]

    @property
    def roads(self) -> float:
        """Middle share of road length, a road in which the car must wait counted half."""
        return (self.alone.mid + self.meeting.mid) / 2


@dataclass(frozen=True)
class LargeStalls:
    """The larger of the two obligatory stall sizes, and the least share of stalls so large."""

    length_mm: float
    width_mm: float
    share: float


def access(
    needs: Mapping[str, Need | str],
    missing: tuple[str, ...],
    bands: Bands,
    sizes: Sizes,
    large: LargeStalls,
    tolerance_mm: float,
) -> Access:
    """What of a region's roads and of obligatory stalls a car can use. needs: by size.

    The ordinance says how many stalls must be large at least, so a car that stands in these alone
    can use that share at least. low wants the room that makes a stall usable without care.
    """
    ordinary = _stall(needs, sizes, tolerance_mm)
    larger = Sizes(
        max(large.length_mm, sizes.stall_length_mm),
        max(large.width_mm, sizes.stall_width_mm),
        sizes.neighbour_width_mm,
        sizes.street_width_m,
        sizes.street_edge_m,
    )
    most = _stall(needs, larger, tolerance_mm)
    mixed = [
        large.share * best + (1 - large.share) * other
        for best, other in ((most.low, ordinary.low), (most.mid, ordinary.mid))
    ]
    stalls = UNKNOWN if UNKNOWN in (ordinary, most) else Share(mixed[0], mixed[1], most.high)
    alone, meeting = (
        roads(needs[name], bands, sizes.street_edge_m) for name in (STREET_ALONE, STREET_MEETING)
    )
    return Access(alone, meeting, stalls, missing)


def roads(need: Need | str, bands: Bands, edge_m: float) -> Share:
    """Share of a region's road length with the clear room that a car needs."""
    if isinstance(need, str):
        return UNKNOWN
    worst, middle, best = (
        share_at_least(bands, published_m(value, bands, edge_m))
        for value in (need.high, need.value, need.low)
    )
    return Share(worst.low, middle.mid, best.high)


def room_beside(usable: Access, reference: Access, passes: bool) -> float:
    """Part of the buyers of a segment with room for a car, 0 to 1: never more than the stalls it
    stands in, nor than its roads against those of the segment's car today; nobody where it does not
    pass the scenario's own street.

    It rises with every size of the scenario, because only the car's own part depends on it.
    """
    if not passes or not reference.roads:
        return 0.0
    return min(usable.stalls.mid, usable.roads / reference.roads, 1.0)


def _stall(needs: Mapping[str, Need | str], sizes: Sizes, tolerance_mm: float) -> Share:
    """Whether a car can use a stall: 0 or 1 at its own size, and at the ends of its band."""
    known = {name: needs[name] for name in STALL_ROWS}
    needed = {name: need for name, need in known.items() if isinstance(need, Need)}
    if len(needed) < len(known):
        return UNKNOWN
    offered = sizes.usable_mm
    hard = [(offered[name], need) for name, need in needed.items() if name in NEEDED]
    return Share(
        float(all(offered[name] - need.high > tolerance_mm for name, need in needed.items())),
        float(all(size >= need.value for size, need in hard)),
        float(all(size >= need.low for size, need in hard)),
    )


def by_region(needs: Mapping[str, Need | str], table: pd.DataFrame, edge_m: float) -> pd.DataFrame:
    """What a car can use of the roads of every region: columns region, way (alone or meeting),
    basis, low, mid, high (percent).
    """
    rows: list[dict[str, Any]] = []
    for region in regions(table):
        bands = road_bands(table, region).to_dict("list")
        for way, name in (("alone", STREET_ALONE), ("meeting", STREET_MEETING)):
            share = roads(needs[name], bands, edge_m)
            ends = dict(zip(("low", "mid", "high"), share.percents, strict=True))
            about = {"region": region, "way": way, "basis": bands["width_basis"][0]}
            rows.append(about | ends)
    return pd.DataFrame(rows)


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
