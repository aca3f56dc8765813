"""Duty rates on published days, stacking rules, steps and averages, and refusal of broken
schedules.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import load
from helpers.errors import InputError
from helpers.periods import months_of
from helpers.trade import duty as tariffs

SCHEDULE = load("tariffs")


def with_mfn(product: str, percent: float) -> pd.DataFrame:
    """The schedule with an MFN rate for a product that has none there, because it varies by tariff
    line.
    """
    row = SCHEDULE[
        (SCHEDULE["rate_kind"] == "mfn")
        & (SCHEDULE["product"] == "passenger_car")
        & (SCHEDULE["importer"] == "US")
    ]
    return pd.concat([SCHEDULE, row.assign(product=product, rate_percent=percent)])


@pytest.mark.parametrize(
    ("day", "car", "truck"),
    [
        ("2025-03-01", 2.5, 25),
        ("2025-04-02", 2.5, 25),
        ("2025-04-03", 27.5, 50),
        ("2025-09-15", 27.5, 50),
        ("2025-09-16", 15, 25),
        ("2026-03-01", 15, 25),
        ("2026-08-15", 15, 25),
    ],
)
def test_published_totals(day: str, car: float, truck: float) -> None:
    assert tariffs.total_duty(SCHEDULE, day, "passenger_car") == car
    assert tariffs.total_duty(SCHEDULE, day, "light_truck") == truck


@pytest.mark.parametrize("day", ["1999-01-01", "2025-04-03", "2025-09-16", "2026-06-01"])
def test_japan_charges_nothing_on_us_cars(day: str) -> None:
    assert tariffs.duty_on(SCHEDULE, day, "passenger_car", "Japan", "US").total_percent == 0
    assert tariffs.duty_on(SCHEDULE, day, "light_truck", "Japan", "US").total_percent == 0


@pytest.mark.parametrize(
    ("day", "added"),
    [
        ("2025-04-04", 0),
        ("2025-04-05", 10),
        ("2025-04-09", 24),
        ("2025-04-10", 10),
        ("2025-08-06", 10),
        ("2026-02-21", 0),
        ("2026-02-23", 0),
        ("2026-02-24", 10),
    ],
)
def test_other_goods_add_to_their_own_mfn_rate(day: str, added: float) -> None:
    for mfn in (0.0, 3.4, 20.0):
        assert tariffs.total_duty(with_mfn("other_goods", mfn), day, "other_goods") == mfn + added


@pytest.mark.parametrize(("mfn", "total"), [(0.0, 12.5), (3.4, 12.5), (12.5, 12.5), (20.0, 20.0)])
def test_section_301_tops_other_goods_up_and_leaves_cars_at_their_own_rate(
    mfn: float, total: float
) -> None:
    assert tariffs.total_duty(with_mfn("other_goods", mfn), "2026-07-23", "other_goods") == mfn + 10
    assert tariffs.total_duty(with_mfn("other_goods", mfn), "2026-07-24", "other_goods") == total
    car = tariffs.duty_on(SCHEDULE, "2026-08-15", "passenger_car")
    assert [one.instrument for one in car.components if one.counts] == ["section_232_japan_deal"]
    assert "KUMANICHI-260724" in car.source_ids, (
        "a source of August's rate is younger than the new tariff"
    )


@pytest.mark.parametrize(("mfn", "total"), [(0, 15), (3.4, 15), (15, 15), (20, 20)])
def test_all_in_rate_gives_way_to_a_higher_mfn_rate(mfn: float, total: float) -> None:
    assert tariffs.total_duty(with_mfn("other_goods", mfn), "2025-10-01", "other_goods") == total
    assert tariffs.total_duty(with_mfn("auto_parts", mfn), "2025-10-01", "auto_parts") == total


def test_the_reciprocal_rate_never_reaches_a_car() -> None:
    duty = tariffs.duty_on(SCHEDULE, "2025-04-09", "passenger_car")
    assert {one.instrument for one in duty.components} == {"mfn", "section_232_autos"}
    assert all(one.counts for one in duty.components)
    assert duty.total_percent == 27.5
    assert duty.source_ids


def test_components_say_why_they_do_not_count() -> None:
    duty = tariffs.duty_on(SCHEDULE, "2025-09-16", "passenger_car")
    assert {one.instrument: (one.counts, one.why) for one in duty.components} == {
        "section_232_japan_deal": (True, "replaces every other rate"),
        "mfn": (False, "included in the all-in rate"),
    }


def test_steps_of_2025_and_their_average() -> None:
    found = tariffs.steps(SCHEDULE, "passenger_car", "2025-01-01", "2025-12-31")
    assert list(found["from_day"]) == ["2025-01-01", "2025-04-03", "2025-09-16"]
    assert list(found["to_day"]) == ["2025-04-02", "2025-09-15", "2025-12-31"]
    assert list(found["total_percent"]) == [2.5, 27.5, 15.0]
    means = {
        month: tariffs.mean_duty(SCHEDULE, months_of(month), "passenger_car").value
        for month in ("2025-06", "2025-09")
    }
    assert means == pytest.approx({"2025-06": 27.5, "2025-09": (27.5 + 15) / 2})


@given(
    st.dates(
        min_value=pd.Timestamp("2000-01-01").date(), max_value=pd.Timestamp("2026-12-31").date()
    )
)
@settings(max_examples=60, deadline=None)
def test_the_day_and_the_steps_agree(day: object) -> None:
    found = tariffs.steps(SCHEDULE, "passenger_car", "2000-01-01", "2026-12-31")
    row = found[(found["from_day"] <= str(day)) & (found["to_day"] >= str(day))]
    assert list(row["total_percent"]) == [tariffs.total_duty(SCHEDULE, str(day), "passenger_car")]


@pytest.mark.parametrize("day", ["", "2025", "2025-02-30", "2025-9-16", "16.09.2025", "20250916"])
def test_text_that_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(InputError, match="is not a day"):
        tariffs.total_duty(SCHEDULE, day, "passenger_car")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("1950-01-01", "passenger_car"), "write a day from 1994-01-01 on"),
        (("2025-09-16", "bicycle"), "passenger_car"),
        (("2025-09-16", "passenger_car", "France"), "no product of this pair"),
        (("2025-06-15", "auto_parts"), "ask for a product whose rate it has"),
    ],
)
def test_questions_without_an_answer_say_what_to_ask(
    arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        tariffs.duty_on(SCHEDULE, *arguments)


def test_two_base_rates_at_once_are_a_fault() -> None:
    doubled = pd.concat(
        [
            SCHEDULE,
            SCHEDULE[
                (SCHEDULE["instrument"] == "mfn")
                & (SCHEDULE["product"] == "passenger_car")
                & (SCHEDULE["importer"] == "US")
            ],
        ]
    )
    with pytest.raises(InputError, match="2 rates of kind mfn apply at once"):
        tariffs.total_duty(doubled, "2025-03-01", "passenger_car")


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InputError, match="earlier day first"):
        tariffs.steps(SCHEDULE, "passenger_car", "2025-12-31", "2025-01-01")
