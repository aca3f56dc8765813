"""Exchange rates: published averages, part-years, fiscal years, refusal of what is no period."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.errors import InputError
from helpers.quantities import Quantity
from helpers.trade.flows import rate


@pytest.fixture(scope="module")
def annual() -> pd.DataFrame:
    return load("fx_usdjpy_annual")


@pytest.fixture(scope="module")
def monthly() -> pd.DataFrame:
    return load("fx_usdjpy_monthly")


@pytest.mark.parametrize(
    ("period", "expected", "digits"),
    [
        ("2024", 151.4551, 4),
        ("2025", 149.5686, 4),
        ("FY2023", 144.54, 2),
        ("FY2024", 152.41, 2),
        ("FY2025", 150.74, 2),
        ("2025-04/2025-09", 146.01, 2),
        ("2026-01/2026-06", 158.08, 2),
        ("2026-06", 160.77, 2),
    ],
)
def test_period_averages_are_the_published_ones(
    annual: pd.DataFrame, monthly: pd.DataFrame, period: str, expected: float, digits: int
) -> None:
    found = rate(annual, monthly, period)
    assert round(found.value, digits) == expected
    assert found.source_ids == ("FX-FED",)
    assert (found.period, found.unit) == (period, "JPY per USD")


def test_yearly_average_is_close_to_the_mean_of_its_months(
    annual: pd.DataFrame, monthly: pd.DataFrame
) -> None:
    for year in range(1990, 2026):
        by_months = rate(annual, monthly, f"{year}-01/{year}-12").value
        assert by_months == pytest.approx(rate(annual, monthly, str(year)).value, abs=0.2)


def test_span_of_years_is_the_mean_of_its_months(
    annual: pd.DataFrame, monthly: pd.DataFrame
) -> None:
    assert (
        rate(annual, monthly, "2023/2024").value == rate(annual, monthly, "2023-01/2024-12").value
    )


@pytest.mark.parametrize("period", ["2100", "1960", "FY2100", "2100-05/2100-07", "1989-12"])
def test_missing_months_are_named(annual: pd.DataFrame, monthly: pd.DataFrame, period: str) -> None:
    with pytest.raises(InputError, match="no average for"):
        rate(annual, monthly, period)


@pytest.mark.parametrize(
    "period",
    [
        "",
        "last year",
        "2025-13",
        "2025-04-17",
        "FY25",
        "2025-04/",
        "/2025-04",
        "2025-09/2025-04",
        "2024/2024-06-01",
    ],
)
def test_text_that_is_no_period_is_refused(
    annual: pd.DataFrame, monthly: pd.DataFrame, period: str
) -> None:
    with pytest.raises(InputError, match=r"is not a period|ends before it starts"):
        rate(annual, monthly, period)


def test_rates_of_the_seventies_are_accepted(annual: pd.DataFrame, monthly: pd.DataFrame) -> None:
    assert rate(annual, monthly, "1971").value == 347.7857


def test_derived_dollar_rows_of_the_flows_table_reproduce(
    annual: pd.DataFrame, monthly: pd.DataFrame
) -> None:
    flows = load("trade_flows")
    yearly = flows[
        (flows["flow"] == "jp_to_us_vehicles")
        & (flows["reporter"] == "mof")
        & (flows["product"] == "all_motor_vehicles")
    ]
    yen = yearly[yearly["measure"] == "jpy_bn"].set_index("period")["value"]
    dollars = yearly[(yearly["measure"] == "usd_mn") & (yearly["quality"] == "derived")].set_index(
        "period"
    )["value"]
    assert len(dollars) >= 4
    for period, value in dollars.items():
        per_dollar = rate(annual, monthly, str(period))
        converted = (Quantity(yen[period], "JPY bn") / per_dollar).to("USD million")
        assert round(converted.value) == round(value)
