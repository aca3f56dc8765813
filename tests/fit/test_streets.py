"""Streets, shares and sight: published width rules, bounds that stay bounds, and refusal of
nonsense.
"""

import itertools
import json
import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.fit.places import Allowances, required_space
from helpers.fit.road_access import (
    Share,
    all_of,
    carriageway_m,
    legal_carriageway_m,
    legal_surface_m,
    legal_width_mm,
    road_bands,
    share_at_least,
)
from helpers.fit.sight import SightInputs, sight

GOLDEN: dict[str, Any] = json.loads(
    (PROJECT_ROOT / "tests/golden/fit.json").read_text(encoding="utf-8")
)
ROADS = load("road_widths")
LIMITS = load("constraints").set_index("constraint_id")
RULES = {
    "built-up, two-way": "vro5_2",
    "built-up, one-way": "vro5_1",
    "crowded street": "vro5_3",
    "outside, two-way": "vro6_2",
}
REGIONS = ("Setagaya ward, Tokyo", "Noboribetsu city, Hokkaido")
UNIT = st.integers(0, 100).map(lambda percent: percent / 100)


def share_strategy() -> st.SearchStrategy[Share]:
    return st.tuples(UNIT, UNIT, UNIT).map(lambda values: Share(*sorted(values)))


def widest_mm(constraint_id: str, carriageway: float) -> float:
    rule: Any = LIMITS.loc[constraint_id]
    return float(1000 * (carriageway - rule.limit_deduction) / rule.limit_divisor)


def test_width_rule_as_published() -> None:
    for rule, carriageway, expected in GOLDEN["legal_width"]["widest_mm_on_carriageway_m"]:
        assert widest_mm(RULES[rule], carriageway) == pytest.approx(expected)
        if RULES[rule] == "vro5_2":
            assert legal_width_mm(carriageway) == pytest.approx(expected)
    for rule, expected in GOLDEN["legal_width"]["carriageway_m_for_2500_mm"].items():
        assert widest_mm(RULES[rule], expected) == pytest.approx(2_500)
    assert legal_carriageway_m(2_500) == pytest.approx(
        GOLDEN["legal_width"]["carriageway_m_for_2500_mm"]["built-up, two-way"]
    )
    for width, expected in GOLDEN["legal_width"]["surface_m_for_width_mm"].items():
        assert legal_surface_m(float(width)) == pytest.approx(expected, abs=5e-4)
    for width, other, clearance, expected in GOLDEN["legal_width"]["meeting_m"]:
        needs = required_space(
            SimpleNamespace(length_mm=4_900, width_mm=width), Allowances(clearance, other, 0, 0)
        )
        assert needs["street, meeting a small car"] / 1000 == pytest.approx(expected)
        assert needs["street, alone"] == width + 2 * clearance
    assert legal_width_mm(carriageway_m(5.0)) == 1_750


@pytest.mark.parametrize("vehicle_id", sorted(GOLDEN["cars"]["rows"]))
def test_legal_carriageway_of_the_candidates(vehicle_id: str) -> None:
    width = load("vehicles").set_index("vehicle_id").loc[vehicle_id, "width_mm"]
    assert legal_carriageway_m(width) == pytest.approx(
        GOLDEN["cars"]["rows"][vehicle_id]["legal_carriageway"]
    )


@given(st.integers(1_000, 2_600))
@settings(max_examples=100, deadline=None)
def test_legal_width_and_carriageway_are_inverse(width: int) -> None:
    assert legal_width_mm(legal_carriageway_m(width)) == pytest.approx(width)


@pytest.mark.parametrize(
    "compute",
    [
        lambda: legal_width_mm(4_000.0),
        lambda: legal_width_mm(-1.0),
        lambda: legal_width_mm(math.nan),
        lambda: legal_carriageway_m(1.84),
        lambda: carriageway_m(math.inf),
        lambda: Share(0.5, 0.4, 0.6),
        lambda: Share(0.0, 0.5, 1.1),
        lambda: Share(math.nan, 0.5, 1.0),
        lambda: all_of([]),
        lambda: road_bands(ROADS, "Nowhere"),
        lambda: road_bands(ROADS, "Kitazawa area, Setagaya ward"),
    ],
)
def test_nonsense_is_refused(compute: Any) -> None:
    with pytest.raises(InputError):
        compute()


def test_a_width_in_metres_is_met_with_the_millimetres() -> None:
    with pytest.raises(InputError, match="write 1840"):
        legal_carriageway_m(1.84)


def test_published_bands_are_carried_over() -> None:
    setagaya, noboribetsu = (road_bands(ROADS, region) for region in REGIONS)
    assert setagaya["share"].sum() == pytest.approx(1)
    assert noboribetsu["share"].sum() == pytest.approx(1)
    assert list(setagaya["share"].round(3)) == [0.265, 0.383, 0.278, 0.074]
    assert set(noboribetsu["width_basis"]) == {"carriageway"}
    at_six = share_at_least(setagaya, 6.0)
    assert (at_six.low, at_six.mid, at_six.high) == (pytest.approx(0.352, abs=5e-4),) * 3
    between = share_at_least(setagaya, 5.0)
    assert (between.low, between.high) == (at_six.low, pytest.approx(0.735, abs=5e-4))
    assert between.mid == pytest.approx((between.low + between.high) / 2)


@pytest.mark.parametrize("region", REGIONS)
def test_a_wider_car_never_finds_more_road(region: str) -> None:
    bands = road_bands(ROADS, region)
    shares = [share_at_least(bands, width / 10) for width in range(0, 250)]
    for one, other in itertools.pairwise(shares):
        assert (other.low, other.mid, other.high) <= (
            one.low + 1e-12,
            one.mid + 1e-12,
            one.high + 1e-12,
        )
    assert (shares[0].low, shares[0].high) == (1, 1)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 100)), min_size=1, max_size=6),
    st.integers(0, 120),
)
@settings(max_examples=100, deadline=None)
def test_bounds_hold_for_any_roads_inside_the_bands(
    parts: list[tuple[int, int]], tenths: int
) -> None:
    """Put each band's length at its narrow end, or at its wide one: the share of such roads lies
    within the bounds.
    """
    edges = [0.0, *itertools.accumulate(width / 5 for width, _ in parts)]
    lengths = [length / sum(length for _, length in parts) for _, length in parts]
    bands = pd.DataFrame(
        {"from_m": edges[:-1], "to_m": edges[1:], "share": lengths, "width_basis": "total"}
    )
    width = tenths / 10
    share = share_at_least(bands, width)
    for inside in (0.0, 0.37, 0.999):
        roads = [start + inside * (end - start) for start, end in itertools.pairwise(edges)]
        true = sum(length for road, length in zip(roads, lengths, strict=True) if road >= width)
        assert share.low - 1e-9 <= true <= share.high + 1e-9


def test_frechet_bounds_of_the_closed_form() -> None:
    together = all_of([Share(value, value, value) for value in (0.9, 0.7, 0.6)])
    assert (together.low, together.high) == (
        pytest.approx(GOLDEN["frechet"]["low"]),
        GOLDEN["frechet"]["high"],
    )
    assert together.low < 0.9 * 0.7 * 0.6 < together.high


@given(st.lists(share_strategy(), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_together_is_never_more_than_any_part_and_certain_conditions_change_nothing(
    shares: list[Share],
) -> None:
    together = all_of(shares)
    assert 0 <= together.low <= together.mid <= together.high <= min(one.high for one in shares)
    assert all_of([*shares, Share(1, 1, 1)]) == together
    assert all_of([*shares, Share(0, 0, 0)]) == Share(0, 0, 0)
    if len(shares) == 1:
        assert together == shares[0]


@given(st.lists(st.lists(st.booleans(), min_size=20, max_size=20), min_size=2, max_size=4))
@settings(max_examples=100, deadline=None)
def test_frechet_bounds_hold_for_any_dependence(conditions: list[list[bool]]) -> None:
    exact = [sum(one) / 20 for one in conditions]
    joint = sum(all(column) for column in zip(*conditions, strict=True)) / 20
    together = all_of([Share(one, one, one) for one in exact])
    assert together.low - 1e-9 <= joint <= together.high + 1e-9


def setting(lead: int, gap: float = 12.0) -> SightInputs:
    return SightInputs(
        sight_distance_m=100.0,
        lead_gap_m=gap,
        lead_width_mm=lead,
        edge_distance_mm=550,
        eye_offset_mm=400,
        oncoming_edge_mm=4_200,
    )


@pytest.mark.parametrize("lead", [1_700, 2_300])
def test_sight_of_the_worked_examples(lead: int) -> None:
    expected = GOLDEN["sight"][f"lead_{lead}"]
    for side, right in (("rhd", True), ("lhd", False)):
        seen = sight(1_840, right, setting(lead))
        assert seen.visible_m == pytest.approx(expected[f"visible_{side}_m"], abs=1e-6)
        assert seen.shift_m == pytest.approx(expected[f"shift_{side}_m"], abs=1e-6)


def test_sight_with_the_wheel_on_the_right_swings_with_width() -> None:
    for width, expected in GOLDEN["sight"]["visible_rhd_m_by_width"].items():
        assert sight(float(width), True, setting(1_700)).visible_m == pytest.approx(
            expected, abs=0.05
        )


@given(st.integers(1_450, 2_100), st.integers(1_500, 2_550), st.floats(5, 18))
@settings(max_examples=100, deadline=None)
def test_after_the_shift_the_driver_sees_just_as_far_as_wanted(
    width: int, lead: int, gap: float
) -> None:
    """A second way: move the eye by the shift and follow the line of sight past the corner of the
    car ahead.
    """
    for right in (True, False):
        shift = sight(width, right, setting(lead, gap)).shift_m
        eye = 0.55 + (width / 1000 - 0.4 if right else 0.4) + shift
        corner = 0.55 + lead / 1000
        assert eye + (corner - eye) * 100 / gap == pytest.approx(4.2, abs=1e-9)
    left, own = sight(width, False, setting(lead, gap)), sight(width, True, setting(lead, gap))
    assert left.shift_m > own.shift_m
    assert left.visible_m <= own.visible_m


@pytest.mark.parametrize(
    ("width", "gap"),
    [(1.84, 12.0), (700.0, 12.0), (1_840.0, 100.0), (1_840.0, 0.0), (math.nan, 12.0)],
)
def test_nonsense_about_sight_is_refused(width: float, gap: float) -> None:
    with pytest.raises(InputError):
        sight(width, True, setting(1_700, gap))
