"""Spot values of the shipped tables, as the sources print them, and sums that must come out."""

import pytest

from helpers.data import DATA, load
from helpers.data.descriptor import read_package


def one(name: str, column: str, **where: str | int) -> object:
    frame = load(name)
    for key, value in where.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1, f"{len(frame)} rows of {name} for {where}"
    return frame[column].iloc[0]


@pytest.mark.parametrize(
    ("table", "column", "where", "value"),
    [
        ("fx_usdjpy_annual", "jpy_per_usd", {"period": 2024}, 151.4551),
        ("fx_usdjpy_annual", "jpy_per_usd", {"period": 1971}, 347.7857),
        ("fx_usdjpy_monthly", "jpy_per_usd", {"period": "2025-10"}, 151.3545),
        ("goods_trade", "balance_usd_mn", {"year": 2024, "vintage": "2026-06-17"}, -68253.2),
        ("goods_trade", "balance_usd_mn", {"year": 2024, "vintage": "first_release"}, -68500),
        (
            "tariffs",
            "rate_percent",
            {"instrument": "section_232_japan_deal", "product": "passenger_car"},
            15,
        ),
        ("events", "models", {"event_id": "toyota_us_investment.20260706"}, "Tacoma"),
        ("events", "status", {"event_id": "section_122_surcharge.20260724"}, "happened"),
        (
            "trade_flows",
            "value",
            {"flow": "jp_to_us_vehicles", "reporter": "jama", "period": "2024"},
            1_369_092,
        ),
        (
            "trade_flows",
            "value",
            {"flow": "us_to_jp_vehicles", "reporter": "mof", "measure": "units"},
            16_074,
        ),
        (
            "trade_flows",
            "value",
            {
                "flow": "jp_to_us_vehicles",
                "reporter": "us_census",
                "product": "passenger_cars",
                "period": "2024",
            },
            39_933,
        ),
        ("japan_market", "units", {"period": "2024", "series": "market_total_incl_kei"}, 4_421_494),
        ("import_estimates", "units_per_year", {"estimate_id": "nakanishi_2025"}, 20_000),
        ("precedents", "attainment_ratio", {"precedent_id": "cavalier"}, 0.55),
        ("costs", "value", {"item": "ocean_freight_rate"}, 65.4),
        ("us_models", "units", {"model": "Camry", "period": "2025"}, 316_185),
        ("vehicles", "length_mm", {"vehicle_id": "tundra_cm55"}, 5933),
        ("vehicles", "width_mm", {"vehicle_id": "camry_le"}, 1839),
        ("vehicles", "turn_radius_m", {"vehicle_id": "camry_le"}, 5.8),
        ("constraints", "limit_value", {"constraint_id": "vro3_w"}, 2500),
        ("constraints", "limit_deduction", {"constraint_id": "vro5_2"}, 0.5),
        ("road_widths", "share", {"scope": "Setagaya ward, Tokyo", "band": "4-6 m"}, 0.383),
        ("evidence", "value", {"evidence_id": "E047"}, "1370000"),
        ("evidence", "value", {"evidence_id": "E095"}, "none"),
        ("claims", "value", {"claim_id": "A1-07"}, "41.07"),
        ("articles", "published", {"article_id": "A1"}, "2025-06-12"),
    ],
)
def test_golden_values(table: str, column: str, where: dict[str, str | int], value: object) -> None:
    assert one(table, column, **where) == value


def test_vintages_are_told_apart() -> None:
    """The months of 2025 add to the year; those of 2024, from two vintages, add to a sum that no
    vintage has.
    """
    months = load("goods_trade_monthly")
    by_year = months.groupby(months["month"].str[:4])["balance_usd_mn"].sum().round(1)
    assert by_year["2025"] == -64448.0
    assert by_year["2024"] == -68609.0
    early = months[months["month"].between("2026-01", "2026-04")]
    assert early[["exports_usd_mn", "imports_usd_mn", "balance_usd_mn"]].sum().round(
        1
    ).tolist() == [29204.2, 47032.5, -17828.3]


def test_means_of_months() -> None:
    """Fiscal-year means of the exchange rate, as the published averages of the months give them."""
    rates = load("fx_usdjpy_monthly").set_index("period")["jpy_per_usd"]
    spans = {
        ("2024-04", "2025-03"): 152.41,
        ("2025-04", "2026-03"): 150.74,
        ("2025-04", "2025-09"): 146.01,
        ("2026-01", "2026-06"): 158.08,
    }
    assert {span: round(rates.loc[span[0] : span[1]].mean(), 2) for span in spans} == spans


FACTS = (
    "trade_flows",
    "goods_trade",
    "goods_trade_monthly",
    "tariffs",
    "events",
    "japan_market",
    "precedents",
    "us_models",
    "plants",
    "road_widths",
    "office_holders",
)


@pytest.mark.parametrize("name", FACTS)
def test_tables_of_facts_take_no_unverified_value(name: str) -> None:
    (quality,) = [column for column in read_package(DATA)[name].columns if column.name == "quality"]
    assert "official" in quality.enum
    assert "unverified" not in quality.enum
