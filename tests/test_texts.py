"""How a claim comes by its number."""

import pytest

from helpers.texts import ADDED, PRINTED, READ, how_stated


@pytest.mark.parametrize(
    ("text", "number", "way"),
    [
        ("Toyota sold 1,500 cars", 1_500.0, PRINTED),
        ("The 25% car tariff stacks on the 24% rate", 25.0, PRINTED),
        ("The 25% car tariff stacks on the 24% rate", 49.0, ADDED),
        ("Century-old patterns", 100.0, READ),
        ("A duty of 12.5 percent", 12.5, PRINTED),
        ("", 0.0, READ),
    ],
)
def test_how_a_claim_comes_by_its_number(text: str, number: float, way: str) -> None:
    assert how_stated(text, number) == way
