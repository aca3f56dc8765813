"""Keeping cost: tax bands, half tonnes, inspections, the goods plate."""

from typing import Any

import pandas as pd
import pytest

from helpers.cost.keeping import goods_plate, inspections, keeping_rates, taxes
from helpers.errors import InputError
from tests.cost.conftest import BASE

TABLE = BASE.tables["keeping_costs"]
RATES = keeping_rates(TABLE)


def trims(displacements: list[float], weights: list[float]) -> pd.DataFrame:
    """Vehicles of these sizes, all sourced."""
    return pd.DataFrame(
        {
            "displacement_cc": displacements,
            "curb_weight_kg": weights,
            "unverified_fields": "",
            "source_ids": "TEST",
        }
    )


def test_tax_by_displacement(landed_golden: Any) -> None:
    by_cc = {float(cc): tax for cc, tax in landed_golden["keeping"]["by_cc"].items()}
    by_cc |= {2_500.0: 43_500, 7_000.0: 110_000}
    found = taxes(RATES, trims(list(by_cc), [1_500.0] * len(by_cc)))
    assert found.automobile_tax.value.to_list() == list(by_cc.values())


def test_tax_never_falls_with_displacement() -> None:
    found = taxes(RATES, trims([float(cc) for cc in range(1, 9_000, 7)], [1_500.0] * 1286))
    assert found.automobile_tax.value.is_monotonic_increasing


def test_weight_tax_counts_half_tonnes_begun() -> None:
    found = taxes(RATES, trims([2_000.0] * 5, [1, 500, 501, 1_565, 2_070]))
    assert found.weight_tax.value.to_list() == [4_100, 4_100, 8_200, 16_400, 20_500]


def test_inspections_fall_at_three_five_seven_and_two_three_four() -> None:
    counted = [inspections(RATES, "passenger", years).value for years in (1, 3, 4, 5, 6, 10)]
    assert counted == [0, 0, 1, 1, 2, 4]
    assert [inspections(RATES, "goods", years).value for years in (1, 2, 3, 4, 10)] == [
        0,
        0,
        1,
        2,
        8,
    ]


def test_a_goods_plate_saves_tax_and_costs_tolls() -> None:
    tax = taxes(RATES, trims([3_445.0], [2_600.0])).automobile_tax[0]
    found = goods_plate(RATES, "pickup", tax, 10)
    assert found.tax_saving.value == 57_000 - 16_000
    assert found.even_trips.value == pytest.approx(41_000 / (13_410 - 11_390))
    assert found.extra_inspections.value == 4


def test_the_yearly_tax_of_a_car_without_a_sourced_engine_is_unverified() -> None:
    kept = BASE.cost.keeping
    fields = BASE.tables["vehicles"].set_index("vehicle_id")["unverified_fields"]
    for model in BASE.cost.shown:
        car, vehicle = BASE.cost.cars.title[model], BASE.cost.cars.vehicle_id[model]
        unsourced = "displacement_cc" in fields[vehicle].split(";")
        assert (kept.automobile_tax[car].quality == "unverified") == unsourced


@pytest.mark.parametrize("item", ["weight_tax", "toll_example_goods"])
def test_a_missing_rate_is_named(item: str) -> None:
    with pytest.raises(InputError, match=item):
        keeping_rates(TABLE[TABLE["item"] != item])
