"""The number parser: plain digits are taken exactly, everything else is refused with the digits to
write.
"""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.data.numbers import LARGEST_WHOLE, NotANumber, parse

ACCEPTED_WHOLE = {"0": 0, "7": 7, "-12": -12, "1500000": 1_500_000, "9007199254740992": 2**53}
ACCEPTED = {
    "0.25": 0.25,
    "-0.5": -0.5,
    "15": 15.0,
    "303.1250": 303.125,
    "0.1": 0.1,
    "1279511.9": 1279511.9,
    "0.0000": 0.0,
}

REFUSED_WHOLE = {
    "1,500,000": "write 1500000",
    "1.500.000": "write 1500000",
    "1 500 000": "write 1500000",
    "1\u00a0500\u00a0000": "write 1500000",
    "1'500'000": "write 1500000",
    "1_000": "write 1000",
    "1e5": "write 100000",
    "1E+3": "write 1000",
    "¥500": "write 500",
    "500円": "write 500",
    "$1,234": "write 1234",
    "12%": "write 12",
    "(500)": "write -500",
    "\u2212500": "write -500",
    "+5": "write 5",
    "007": "write 7",
    "-007": "write -7",
    "-0": "write 0",
    "5.": "write 5",
    "80151.0": "write 80151",
    " 12": "write 12",
    "12 ": "write 12",
    "２００００": "write 20000",
    "٣١٦": "write 316",
    "1.5": "write a whole number",
    "0x10": "write digits only",
    "twelve": "write digits only",
    "12 cars": "write digits only",
    "10-20": "write digits only",
    "1e400": "write digits only",
    "1/2": "write digits only",
    "NaN": "this column needs a value",
    "inf": "this column needs a value",
    "NA": "this column needs a value",
    "n/a": "this column needs a value",
    "null": "this column needs a value",
    "None": "this column needs a value",
    "-": "this column needs a value",
    "9007199254740993": "check the unit",
    "1" * 400: "check the unit",
}
REFUSED = {
    "0,25": "write 0.25",
    "1,500": "write 1500, or 1.500 if the comma is a decimal comma",
    "1,234.5": "write 1234.5",
    "1.234.567,8": "write 1234567.8",
    ".5": "write 0.5",
    "1.5E-3": "write 0.0015",
    "25%": "write 25",
    "-0.0": "write 0",
    "00.5": "write 0.5",
    "0.1234567890123456789": "round it",
    "1" * 400: "round it",
    "0." + "0" * 400 + "1": "round it",
}


@pytest.mark.parametrize(("text", "value"), ACCEPTED_WHOLE.items())
def test_plain_whole_numbers_are_taken(text: str, value: int) -> None:
    assert parse(text, whole=True) == value
    assert isinstance(parse(text, whole=True), int)


@pytest.mark.parametrize(("text", "value"), ACCEPTED.items())
def test_plain_numbers_are_taken(text: str, value: float) -> None:
    assert parse(text, whole=False) == value


@pytest.mark.parametrize(("text", "instead"), REFUSED_WHOLE.items())
def test_other_whole_numbers_are_refused_with_a_remedy(text: str, instead: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse(text, whole=True)
    assert caught.value.instead.startswith(instead)
    assert len(caught.value.what) < 100


@pytest.mark.parametrize(("text", "instead"), REFUSED.items())
def test_other_numbers_are_refused_with_a_remedy(text: str, instead: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse(text, whole=False)
    assert caught.value.instead.startswith(instead)


def test_the_remedy_knows_the_column() -> None:
    with pytest.raises(NotANumber, match=r"write 0\.25$"):
        parse("25%", whole=False, unit="fraction of 1")
    with pytest.raises(NotANumber, match="leave the cell empty"):
        parse("n/a", whole=False, optional=True)
    with pytest.raises(NotANumber, match="it looks like metres: write 4915"):
        parse("4.915", whole=True, unit="mm")


messy = st.text(alphabet="0123456789.,-+eE%_ ()$¥'\u00a0\u2212０９٣", max_size=12) | st.text(
    max_size=8
)


@settings(max_examples=400, deadline=None)
@given(
    text=messy
    | st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.integers().map(str),
    whole=st.booleans(),
)
@example(text="1_0.5", whole=False)
@example(text="\u0661\u0662", whole=True)
def test_a_value_never_changes_silently(text: str, whole: bool) -> None:
    """Whatever is taken is exactly what the ASCII digits say; whatever is refused says why; what
    the remedy proposes is taken.
    """
    try:
        value = parse(text, whole=whole)
    except NotANumber as refusal:
        proposed = re.fullmatch(r"write (-?[0-9.]+)(, or .*)?", refusal.instead)
        if proposed:
            parse(proposed[1], whole=whole)
        return
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    assert Decimal(repr(value)) == Decimal(text)
    assert not whole or abs(value) <= LARGEST_WHOLE


@settings(max_examples=200, deadline=None)
@given(number=st.integers(-LARGEST_WHOLE, LARGEST_WHOLE))
def test_every_whole_number_has_one_spelling(number: int) -> None:
    assert parse(str(number), whole=True) == number
    if abs(number) >= 1000:
        with pytest.raises(NotANumber, match=f"write {number}$"):
            parse(f"{number:,}", whole=True)


@settings(max_examples=200, deadline=None)
@given(number=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_shortest_spellings_of_floats_are_taken_exactly(number: float) -> None:
    text = format(Decimal(repr(number)), "f")
    if len(text) <= 40 and not (text.startswith("-0") and not number):
        assert parse(text, whole=False) == number
