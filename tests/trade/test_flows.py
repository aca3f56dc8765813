"""The gap and its measures against published and hand-computed numbers; refusal of what cannot be
computed.
"""

import json
import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.data.picking import find, pick
from helpers.errors import InputError
from helpers.periods import nearest_year
from helpers.quantities import Quantity
from helpers.scenarios import check_values, parameters
from helpers.texts import publication_order
from helpers.trade import flows, history
from helpers.trade.words import published

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
TABLES = {name: load(name) for name in flows.TABLES}
GOODS, CLAIMS = TABLES["goods_trade"], TABLES["claims"]
AS_REPORTED = flows.TradeInputs(2024, "as_reported", "2026-06-17")


def found(year: int = 2024, basis: str = "official", vintage: str = "2026-06-17") -> flows.CarTrade:
    return flows.car_trade(TABLES, flows.TradeInputs(year, basis, vintage))


def test_headlines_of_2024() -> None:
    wanted, one = GOLDEN["headlines"], found()
    assert one.gap_value.value == wanted["gap_usd_mn"]
    assert round(one.units_ratio.value, 1) == wanted["units_ratio"]
    assert round(one.japan_unit_value.value) == wanted["unit_values_usd"]["japan"]
    assert round(one.us_unit_value.value) == wanted["unit_values_usd"]["us"]
    assert one.gap_units.value == 1_369_092 - 16_074
    assert one.cover.value == pytest.approx(100 * 853 / 39_933)
    qualities = {name: own.quality for name, own in one.quantities.items()}
    assert qualities.pop("japan_cars") == "estimate"
    assert set(qualities.values()) <= {"official", "reported", "derived"}


@pytest.mark.parametrize(
    ("vintage", "percent"), GOLDEN["headlines"]["share_of_deficit_percent_by_vintage"].items()
)
def test_share_of_the_goods_deficit_by_vintage(vintage: str, percent: float) -> None:
    one = found(vintage=vintage)
    assert round(one.share_of_goods_deficit.value, 1) == percent
    assert one.basis["goods_deficit"].endswith(published(vintage))


@pytest.mark.parametrize(
    ("vintage", "words"),
    [
        ("2026-06-17", "published 17 June 2026"),
        ("first_release", "first release"),
        ("before_2026-06", "before June 2026"),
    ],
)
def test_a_publication_is_named_in_words(vintage: str, words: str) -> None:
    assert published(vintage) == words


@pytest.mark.parametrize(
    ("year", "vintage", "used"),
    [
        (2022, "first_release", "2026-06-17"),
        (2023, "first_release", "before_2026-06"),
        (2025, "first_release", "2026-03-23"),
        (2025, "before_2026-06", "2026-03-23"),
    ],
)
def test_a_year_without_the_publication_names_the_one_used(
    year: int, vintage: str, used: str
) -> None:
    assert flows.goods_deficit(GOODS, year, vintage)[1] == used


def test_as_reported_is_what_the_article_prints() -> None:
    one = found(basis="as_reported")
    assert (one.japan_units.value, one.japan_value.value) == (1_500_000, 41_070)
    assert one.japan_unit_value.value == pytest.approx(
        GOLDEN["worked_examples"]["japan_unit_value_usd"]
    )
    assert one.us_units.value == found().us_units.value
    assert one.japan_units.quality == "reported"


def test_years_without_a_flow_to_japan_take_the_nearest_and_say_so() -> None:
    one = found(2022)
    assert one.us_units.value == 16_074
    assert one.us_units.quality == "estimate"
    assert "2024 standing in for 2022" in one.basis["us_units"]


def test_2025_value_is_converted_at_the_rate_of_the_year_and_says_which() -> None:
    one = found(2025)
    trucks = 7_032 / 654_233
    assert round(one.japan_value.value) == round(5_340_900 / 149.5686 * (1 - trucks))
    assert "less 1.1 % for trucks" in one.basis["japan_value"]
    assert "¥149.57 per dollar" in one.basis["japan_value"]
    assert "FX-FED" in one.japan_value.source_ids


def test_grubel_lloyd_example_and_ends() -> None:
    assert flows.grubel_lloyd(41.07, 0.8) == pytest.approx(
        GOLDEN["worked_examples"]["grubel_lloyd_41.07_0.8"], abs=1e-6
    )
    assert flows.grubel_lloyd(5, 0) == 0
    assert flows.grubel_lloyd(5, 5) == 1


@given(st.floats(0.001, 1e9), st.floats(0.001, 1e9))
@settings(max_examples=100, deadline=None)
def test_grubel_lloyd_is_symmetric_and_bounded(one: float, other: float) -> None:
    index = flows.grubel_lloyd(one, other)
    assert index == flows.grubel_lloyd(other, one)
    assert -1e-12 <= index <= 1


def test_long_run_goes_from_the_peak_to_2025_and_leaves_blank_what_is_not_known() -> None:
    run = history.long_run(TABLES).set_index("year")
    assert run.loc[1986, "units"] == 3_434_162 == run["units"].max()
    assert run.loc[2025, "units"] == 1_345_817
    assert math.isnan(run.loc[2019, "units"])
    assert run.loc[2019, "value_usd_mn"] == 39_093
    assert run.index.is_monotonic_increasing
    assert all(run["source_ids"].str.len() > 0)


def test_2024_beside_2025_shows_the_price_cut() -> None:
    years = history.year_on_year(TABLES)
    change = {own.label: own.change.value for own in vars(years).values()}
    assert round(change["Export value"], 1) == GOLDEN["headlines"]["value_change_2025_percent"]
    assert -2 < change["Vehicles shipped"] < 0
    assert 1 + change["Value per vehicle"] / 100 == pytest.approx(
        (1 + change["Export value"] / 100) / (1 + change["Vehicles shipped"] / 100)
    )
    in_dollars = 1 + change["Export value at each year's rate"] / 100
    assert in_dollars == pytest.approx(
        (1 + change["Export value"] / 100) / (1 + change["Exchange rate"] / 100)
    )


@pytest.mark.parametrize("year", [1900, 2019, 2030])
def test_a_missing_year_names_the_years_that_exist(year: int) -> None:
    with pytest.raises(InputError, match=r"periods with a value: .*2024"):
        found(year)


@pytest.mark.parametrize(
    ("field", "value"), [("flow_basis", "guess"), ("goods_deficit_vintage", "2031")]
)
def test_unknown_choices_are_refused(field: str, value: str) -> None:
    inputs: dict[str, Any] = {
        "trade_year": 2024,
        "flow_basis": "official",
        "goods_deficit_vintage": "2026-06-17",
    } | {field: value}
    with pytest.raises(InputError, match=field):
        check_values(inputs, "parameters")


def test_every_choice_of_vintage_is_in_the_table_and_the_default_is_the_newest() -> None:
    (declared,) = [one for one in parameters() if one.name == "goods_deficit_vintage"]
    vintages = set(GOODS["vintage"])
    assert set(declared.choices) <= vintages
    assert declared.default == max(vintages, key=publication_order)


@pytest.mark.parametrize(
    ("year", "vintage", "used"),
    [
        (2025, "2027-06-17", "2027-06-17"),
        (2024, "2027-06-17", "2026-06-17"),
        (2021, "2027-06-17", "2026-02-07"),
        (2025, "2026-06-17", "2026-06-17"),
        (2025, "before_2026-06", "2026-03-23"),
        (2026, "2026-06-17", "2027-06-17"),
        (2025, "first_release", "2026-03-23"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_new_publication_needs_nothing_but_its_rows(
    year: int, vintage: str, used: str, backwards: bool
) -> None:
    row = {
        "balance_usd_mn": -64000.0,
        "vintage": "2027-06-17",
        "quality": "official",
        "source_ids": "CENSUS-C5880",
    }
    goods = pd.concat(
        [GOODS, pd.DataFrame([{**row, "year": 2025}, {**row, "year": 2026}])], ignore_index=True
    )
    assert flows.goods_deficit(goods[::-1] if backwards else goods, year, vintage)[1] == used


@pytest.mark.parametrize("value", [0.0, -16_074.0])
def test_zero_and_negative_flows_are_refused(value: float) -> None:
    one = found()
    with pytest.raises(InputError, match="is not above 0"):
        replace(one, us_units=replace(one.us_units, value=value))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_quantity_is_a_number(value: float) -> None:
    with pytest.raises(InputError, match="is not a number"):
        Quantity(value, "vehicles")


def test_no_balance_for_the_year_is_said() -> None:
    with pytest.raises(InputError, match=r"2015.*no balance is known"):
        flows.goods_deficit(GOODS, 2015, "2026-06-17")


def test_a_missing_claim_is_said() -> None:
    claims = CLAIMS[CLAIMS["claim_id"] != "A1-06"]
    with pytest.raises(InputError, match="no claim prints the units of the flow from Japan"):
        flows.car_trade(TABLES | {"claims": claims}, AS_REPORTED)


def reworded(claim_id: str, **cells: str) -> dict[str, pd.DataFrame]:
    claims = CLAIMS.copy()
    claims.loc[claims["claim_id"] == claim_id, list(cells)] = list(cells.values())
    return TABLES | {"claims": claims}


def test_a_claim_in_another_unit_is_the_same_number() -> None:
    one = flows.car_trade(reworded("A1-07", value="41070", unit="USD mn"), AS_REPORTED)
    assert one.japan_value == found(basis="as_reported").japan_value


@pytest.mark.parametrize(
    ("claim_id", "cells", "told"),
    [
        (
            "A1-07",
            {"unit": "JPY bn"},
            r"claim A1-07, column unit: 'JPY bn' is no unit of USD million; write USD bn or USD mn",
        ),
        (
            "A1-06",
            {"unit": "USD mn"},
            r"claim A1-06, column unit: 'USD mn' is no unit of vehicles; write units",
        ),
        (
            "A1-07",
            {"value": "about 41"},
            r"claim A1-07, column value: 'about 41' is not a number; write digits only, in USD bn",
        ),
        ("A1-07", {"value": ""}, r"claim A1-07, column value: '' is not a number"),
    ],
)
def test_a_claim_that_cannot_be_taken_as_a_number_is_refused(
    claim_id: str, cells: dict[str, str], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        flows.car_trade(reworded(claim_id, **cells), AS_REPORTED)


def test_the_source_of_what_is_reported_is_the_article_that_prints_it() -> None:
    units, _, outlet = flows.printed(TABLES, "units", "vehicles")
    articles = TABLES["articles"].set_index("outlet")
    (source_id,) = units.source_ids
    sources = TABLES["sources"].set_index("source_id")
    assert sources.loc[source_id, "url"] == articles.loc[outlet, "url"]


def test_a_later_article_that_prints_the_flow_changes_nothing() -> None:
    claim = CLAIMS[CLAIMS["claim_id"] == "A1-06"]
    later = claim.assign(claim_id="A2-99", article_id="A2", value="1600000")
    tables = TABLES | {"claims": pd.concat([later, CLAIMS], ignore_index=True)}
    assert flows.printed(tables, "units", "vehicles")[0].value == 1_500_000


def test_the_best_quality_wins() -> None:
    table = pd.DataFrame(
        {
            "period": ["2024"] * 3,
            "value": [1.0, 2.0, 3.0],
            "quality": ["reported", "official", "estimate"],
            "source_ids": ["A", "B;C", "D"],
        }
    )
    best = pick(table, "u", "basis", period="2024")
    assert (best.value, best.source_ids) == (2.0, ("B", "C"))
    with pytest.raises(InputError, match="no known quality"):
        find(table.assign(quality="good"), "table", period="2024")


def test_the_nearest_year_prefers_the_later_of_two() -> None:
    assert nearest_year(["2016", "2024", "FY2024"], 2020) == "2024"
    assert nearest_year(["2016", "2024"], 2019) == "2016"
    with pytest.raises(InputError, match="no year has a value"):
        nearest_year([], 2020)
