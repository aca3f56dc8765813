"""What short texts may have meant: one rule for names, days and numbers, whoever asks."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.texts import did_you_mean, is_day, nearest, plain_number, publication_order, read_day

CARS = ("grand_highlander", "highlander_gas_xle", "highlander_hybrid_lim")
KNOWN = ("Toyota", "Honda", "Setagaya ward, Tokyo", "jpy_per_usd", *CARS)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("toyota", "Toyota"),
        ("Ｔoyota ", "Toyota"),
        ("HONDA", "Honda"),
        ("Setagaya", "Setagaya ward, Tokyo"),
        ("jpy_per_use", "jpy_per_usd"),
        ("Tokyo", "Setagaya ward, Tokyo"),
        ("Highlander", "highlander_gas_xle or highlander_hybrid_lim"),
        ("HIGHLANDER_GAS_XLE", "highlander_gas_xle"),
        ("Tesla", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_found_whatever_its_capitals_and_width(text: str, near: str) -> None:
    assert nearest(text, KNOWN) == near
    assert did_you_mean(text, KNOWN, "write one") == (
        f"did you mean {near}?" if near else "write one"
    )


@given(st.dates())
def test_every_day_is_one(day: datetime.date) -> None:
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-30",
        "2025-13-01",
        "20250916",
        "2025-9-16",
        "2025-09-16\n",
        "２０２５-09-16",
        "2025-W38-2",
    ],
)
def test_what_no_calendar_has_is_no_day(text: str) -> None:
    assert not is_day(text)


@pytest.mark.parametrize(
    ("text", "value", "other", "percent"),
    [
        ("20,000", "20000", "20.000", False),
        ("1,234.5", "1234.5", None, False),
        ("1.234.567,8", "1234567.8", None, False),
        ("USD 40,000.50", "40000.50", None, False),
        ("27,5 %", "27.5", None, True),
        ("(2.5)", "-2.5", None, False),
        ("−２.5", "-2.5", None, False),
        ("1.5e2", "150", None, False),
        ("007", "7", None, False),
        ("500円", "500", None, False),
    ],
)
def test_a_number_as_people_write_it(
    text: str, value: str, other: str | None, percent: bool
) -> None:
    found = plain_number(text)
    assert found is not None
    assert (found.value, found.other, found.percent) == (
        Decimal(value),
        Decimal(other) if other else None,
        percent,
    )


@pytest.mark.parametrize(
    "text", ["", "twelve", "12 cars", "10-20", "2025-09-16", "0x10", "20k", "nan", "1" * 61]
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert plain_number(text) is None


def test_publications_sort_from_old_to_new() -> None:
    ordered = ["first_release", "2015", "2026-03-23", "before_2026-06", "2026-06-17", "2027-06-17"]
    assert (
        sorted(
            ["2027-06-17", "before_2026-06", "first_release", "2026-06-17", "2015", "2026-03-23"],
            key=publication_order,
        )
        == ordered
    )
