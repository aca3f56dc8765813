"""Streets, shares and sight: published width rules, bounds that stay bounds, and refusal of
nonsense.
"""

import itertools
import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.fit import findings
from helpers.fit.access import (
    Access,
    LargeStalls,
    Share,
    access,
    legal_carriageway_m,
    legal_width_mm,
    published_m,
    road_bands,
    room_beside,
    share_at_least,
)
from helpers.fit.limits import Need
from helpers.fit.sight import SightInputs, sight
from helpers.fit.space import Allowances, Sizes, required_space
from helpers.scenarios import check_values
from helpers.study import Study

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
        assert legal_carriageway_m(float(width)) + 1 == pytest.approx(expected, abs=5e-4)
    for width, other, clearance, expected in GOLDEN["legal_width"]["meeting_m"]:
        car = SimpleNamespace(length_mm=4_900, width_mm=width, mirrors_mm=0)
        needs = required_space(car, Allowances(clearance, 0, 0, 0, 0, 0, other))
        assert needs["street, meeting a small car"] / 1000 == pytest.approx(expected)
        assert needs["street, alone"] == width + 2 * clearance
    assert legal_width_mm(4.0) == 1_750


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
        lambda: Share(0.5, 0.4, 0.6),
        lambda: Share(0.0, 0.5, 1.1),
        lambda: Share(math.nan, 0.5, 1.0),
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


@pytest.mark.parametrize(
    ("region", "shares"), [("Tokyo", (0.32, 0.42, 0.77)), ("Saitama", (0.20, 0.30, 0.62))]
)
def test_shares_of_a_prefecture_are_those_worked_out_beside(
    region: str, shares: tuple[float, ...]
) -> None:
    """A Camry meeting a small car with 0.1 m beside its mirrors: 4.29 m."""
    own = share_at_least(road_bands(ROADS, region), 4.29)
    assert (own.low, own.mid, own.high) == pytest.approx(shares, abs=0.005)


@pytest.mark.parametrize(
    ("place", "until"),
    [
        ({"region": "Tokyo"}, "2023-03-31"),
        ({"region": "Setagaya ward, Tokyo"}, "2017-12-31"),
        (
            {
                "own_place": {
                    "name": "Town",
                    "width_basis": "total",
                    "bands": [{"from_m": 3, "length_km": 1}],
                }
            },
            "",
        ),
    ],
)
def test_what_of_the_roads_a_car_can_use_says_until_when_they_are_known(
    place: dict[str, Any], until: str
) -> None:
    found = findings.access(Study.of(check_values(place, "test")).fit)
    roads = [own for own in found if own.name.startswith("road_share")]
    assert {own.known_until for own in roads} == {until}
    assert len({own.name for own in roads}) == 2


@pytest.mark.parametrize("stall_mm", [2_000, 2_500, 4_000])
def test_a_share_of_stalls_says_nothing_twice(stall_mm: int) -> None:
    fit = Study.of(check_values({"stall_width_mm": stall_mm}, "test")).fit
    for own in findings.access(fit):
        assert not re.search(r"at least 100 %|: (at least )?(\d+ %) \(\2\)", own.sentence)


def test_the_country_has_its_published_share_of_narrow_roads() -> None:
    own = share_at_least(road_bands(ROADS, "Japan"), 5.5)
    assert (1 - own.low, 1 - own.mid, 1 - own.high) == pytest.approx((0.708,) * 3, abs=0.0005)


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


SIZES = Sizes(5_000, 2_300, 1_850, 5.0, 1.0)
LARGE = LargeStalls(6_000, 2_500, 0.3)
BANDS = road_bands(ROADS, REGIONS[0])


def needs_of(length: float, width: float) -> dict[str, Need | str]:
    """What a car of that body needs, by the suite's step."""
    allowances = Allowances(100, 250, 80, 100, 550, 400, 1_700)
    car = pd.Series({"length_mm": length, "width_mm": width, "mirrors_mm": 250.0})
    return {name: Need(*[value] * 3) for name, value in required_space(car, allowances).items()}


def access_of(length: float, width: float, sizes: Sizes = SIZES) -> Access:
    return access(needs_of(length, width), (), BANDS, sizes, LARGE, 50)


def test_a_whole_road_has_an_edge_and_a_carriageway_has_none() -> None:
    """Setagaya publishes whole roads: with a metre of edge the middle share falls by the roads
    between 4.29 and 5.29 m.
    """
    whole, carriageway = (road_bands(ROADS, region) for region in REGIONS)
    assert published_m(4_289, whole, 1.0) == pytest.approx(5.289)
    assert published_m(4_289, carriageway, 1.0) == pytest.approx(4.289)
    shares = [share_at_least(whole, published_m(4_289, whole, edge)).mid for edge in (0.0, 1.0)]
    assert shares == [pytest.approx(0.680, abs=5e-4), pytest.approx(0.488, abs=5e-4)]


def test_a_car_of_the_large_stalls_alone_can_use_that_minimum_at_least() -> None:
    tundra, camry, longest = (
        access_of(*size) for size in ((5_933, 2_037), (4_915, 1_839), (6_414, 2_037))
    )
    assert (tundra.stalls.mid, tundra.stalls.high) == (pytest.approx(0.3), 1)
    assert camry.stalls.mid == 1
    assert longest.stalls.high == 0
    assert access_of(5_933, 2_037, replace(SIZES, stall_length_mm=6_000)).stalls.mid == 1


@given(
    st.integers(3_000, 6_500),
    st.integers(1_400, 2_200),
    st.sampled_from(["stall_length_mm", "stall_width_mm", "street_width_m"]),
    st.integers(1, 900),
)
@settings(max_examples=200, deadline=None)
def test_more_room_never_leaves_a_car_fewer_roads_stalls_or_buyers(
    length: int, width: int, name: str, more: int
) -> None:
    larger = replace(
        SIZES, **{name: getattr(SIZES, name) + more / (1000 if name.endswith("_m") else 1)}
    )
    reference = access_of(4_930, 1_840)
    before, after = access_of(length, width), access_of(length, width, larger)
    for part in ("alone", "meeting", "stalls"):
        assert getattr(after, part).percents >= getattr(before, part).percents
    assert room_beside(after, reference, True) >= room_beside(before, reference, True)
    narrower_edge = access_of(length, width, replace(SIZES, street_edge_m=1.0 - more / 1000))
    assert narrower_edge.roads >= before.roads


def test_who_does_not_fit_has_no_room_for_all_buyers() -> None:
    reference, tundra = access_of(5_340, 1_855), access_of(5_933, 2_037)
    assert room_beside(tundra, reference, True) == pytest.approx(0.3)
    assert room_beside(tundra, reference, False) == 0


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
