"""Which share of streets and bays a car can use: bounds, and Fréchet bounds where conditions
combine.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.fit.limits import Need
from helpers.fit.places import (
    AISLE,
    CORNER,
    STALL_LENGTH,
    STALL_WIDTH,
    STREET_ALONE,
    STREET_MEETING,
    Question,
)
from helpers.fit.road_access import Share, all_of, share_at_least

UNKNOWN = Share(0.0, 0.5, 1.0)
"""A condition of which nothing is known: anything is possible, the middle stands for it."""


@dataclass(frozen=True)
class UsableShare:
    """Shares of streets and bays a car can use, each within bounds, and all together by Fréchet
    bounds.

    streets: of the region's road length, wide enough to meet a small car with the wanted clearance.
    bays: of obligatory stalls, three tenths of which are 2.5 x 6.0 m, the others of the scenario's
    size; low wants the tolerance to spare. street, corner, aisle: the scenario's own street, corner
    and aisle, 1 where the car meets a small car or turns in one move, 0 where it cannot pass at
    all, and unknown (0 to 1) between, because waiting and shunting are possible. missing: blank
    dimensions that left a share unknown.
    """

    streets: Share
    bays: Share
    street: Share
    corner: Share
    aisle: Share
    together: Share
    missing: tuple[str, ...]

    @property
    def parts(self) -> tuple[Share, ...]:
        """The five conditions that hold together."""
        return self.streets, self.bays, self.street, self.corner, self.aisle


@dataclass(frozen=True)
class LargeStalls:
    """The larger of the two obligatory stall sizes, and which share of stalls must be so large."""

    length_mm: float
    width_mm: float
    share: float


def usable_share(
    vehicle_id: str,
    questions: Mapping[str, Question],
    missing: tuple[str, ...],
    bands: pd.DataFrame,
    large: LargeStalls,
    tolerance_mm: float,
) -> UsableShare:
    """Shares of streets and bays that a car can use. questions: those of its scenario, by name.
    missing: its blank dimensions.

    Own street, corner and aisle are steps: they change where a width passes what a car needs.
    """
    needs = {name: question.needs[vehicle_id] for name, question in questions.items()}
    sizes = {name: question.available_mm for name, question in questions.items()}
    stall = needs[STALL_LENGTH], needs[STALL_WIDTH]
    streets = _streets(needs[STREET_MEETING], bands)
    bays = _mixed(
        large.share,
        _bay(stall, (large.length_mm, large.width_mm), tolerance_mm),
        _bay(stall, (sizes[STALL_LENGTH], sizes[STALL_WIDTH]), tolerance_mm),
    )
    street = _own_street(needs[STREET_MEETING], needs[STREET_ALONE], sizes[STREET_MEETING])
    corner, aisle = (_in_one_move(needs[name], sizes[name]) for name in (CORNER, AISLE))
    together = all_of([streets, bays, street, corner, aisle])
    return UsableShare(streets, bays, street, corner, aisle, together, missing)


def _streets(need: Need | str, bands: pd.DataFrame) -> Share:
    if isinstance(need, str):
        return UNKNOWN
    worst, middle, best = (
        share_at_least(bands, value / 1000) for value in (need.high, need.value, need.low)
    )
    return Share(worst.low, middle.mid, best.high)


def _own_street(meeting: Need | str, alone: Need | str, available_mm: float) -> Share:
    if isinstance(meeting, str) or isinstance(alone, str):
        return UNKNOWN
    return _step(
        meeting.high <= available_mm,
        meeting.value <= available_mm,
        alone.low <= available_mm,
        0.5 if alone.value <= available_mm else 0.0,
    )


def _in_one_move(need: Need | str, available_mm: float) -> Share:
    if isinstance(need, str):
        return UNKNOWN
    return _step(
        surely=need.high <= available_mm,
        likely=need.value <= available_mm,
        perhaps=True,
        middle_else=0.5,
    )


def _step(surely: bool, likely: bool, perhaps: bool, middle_else: float) -> Share:
    return Share(float(surely), 1.0 if likely else middle_else, float(perhaps))


def _bay(
    needs: tuple[Need | str, ...], sizes_mm: tuple[float, float], tolerance_mm: float
) -> Share:
    known = [
        (need, size) for need, size in zip(needs, sizes_mm, strict=True) if isinstance(need, Need)
    ]
    if len(known) < len(needs):
        return UNKNOWN
    return _step(
        surely=all(size - need.high >= tolerance_mm for need, size in known),
        likely=all(need.value <= size for need, size in known),
        perhaps=all(need.low <= size for need, size in known),
        middle_else=0.0,
    )


def _mixed(weight: float, first: Share, second: Share) -> Share:
    """The share over a stock of which `weight` is of the first kind and the rest of the second."""
    return Share(
        *(
            weight * own + (1 - weight) * other
            for own, other in zip(
                (first.low, first.mid, first.high),
                (second.low, second.mid, second.high),
                strict=True,
            )
        )
    )
