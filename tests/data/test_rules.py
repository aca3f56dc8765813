"""Rules inside and between tables: each is broken once in a copy of the package and must be seen,
with its place.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.data import DATA, check_all

Spoil = Callable[[str, str, str], list[str]]

# file, text that stands once, what is written instead, part of the fault that must come
BREAKS = {
    "months and year": (
        "trade/goods_trade.csv",
        "2025,81393.9,",
        "2025,81493.9,",
        "goods_trade.csv line 17, column exports_usd_mn: 81493.9, but the twelve months of",
    ),
    "older vintage last": (
        "trade/goods_trade.csv",
        "2024,78978.4,148370.5,-69392.2,before_2026-06,official,CENSUS-C5880\n2024,78863.2,147116.5,-68253.2,2026-06-17,official,CENSUS-C5880\n",
        "2024,78863.2,147116.5,-68253.2,2026-06-17,official,CENSUS-C5880\n2024,78978.4,148370.5,-69392.2,before_2026-06,official,CENSUS-C5880\n",
        "goods_trade.csv line 15, column vintage: 'before_2026-06' is older than '2026-06-17' "
        "of line 14; let the vintages of a year run from old to new",
    ),
    "years out of order": (
        "trade/goods_trade.csv",
        "2010,60472,,,2015,official,USITC14\n2011,65800,,,2015,official,USITC14\n",
        "2011,65800,,,2015,official,USITC14\n2010,60472,,,2015,official,USITC14\n",
        "goods_trade.csv line 3, column year: 2010 stands after 2011; let the years rise",
    ),
    "yearly balance": (
        "trade/goods_trade.csv",
        "147196.8,-71426.9",
        "147196.8,-71326.9",
        "column balance_usd_mn: -71326.9 is not exports less imports, -71426.8; correct one of",
    ),
    "monthly balance": (
        "trade/goods_trade_monthly.csv",
        "12582.4,-6943.2",
        "12582.4,-6843.2",
        "column balance_usd_mn: -6843.2 is not exports less imports, -6943.2",
    ),
    "yearly rate": (
        "trade/fx_usdjpy_annual.csv",
        "2024,151.4551",
        "2024,151.9551",
        "column jpy_per_usd: 151.9551 is more than 0.2 yen from the mean of the months, 151.4584",
    ),
    "kind of period": (
        "trade/trade_flows.csv",
        "month,2007-04,",
        "month,2007,",
        "column period: '2007' is not a period of the kind month",
    ),
    "open rate without a day": (
        "trade/tariffs.csv",
        "(9903.94.42).,2026-08-31",
        "(9903.94.42).,",
        "column confirmed_on",
    ),
    "days of a duty": (
        "trade/tariffs.csv",
        "10,additional,2025-04-05,2025-04-08",
        "10,additional,2025-04-05,2025-04-03",
        "column effective_to: 2025-04-05 and 2025-04-03 do not rise in the order "
        "effective_from, effective_to",
    ),
    "date in the id": (
        "trade/events.csv",
        "car_export_cap.1981,",
        "car_export_cap.1982,",
        "column event_id: 'car_export_cap.1982' does not end in its date 1981; write "
        "car_export_cap.1981",
    ),
    "result over plan": (
        "market/precedents.csv",
        "4000,900,sales,0.225",
        "4000,900,sales,0.25",
        "column attainment_ratio: 0.25 is not result over plan, 0.225",
    ),
    "ratio without a period": (
        "market/precedents.csv",
        "1996-06-15/1996-12-31,4000,900,sales,0.225",
        ",4000,900,sales,0.225",
        "precedents.csv line 3, column target_period: '' beside a ratio is not a calendar "
        "period; write YYYY",
    ),
    "ratio of a fiscal year": (
        "market/precedents.csv",
        "1988,4000,6000,shipments",
        "FY1988,4000,6000,shipments",
        "column target_period: 'FY1988' beside a ratio is not a calendar period; write YYYY",
    ),
    "ratio without a first year": (
        "market/precedents.csv",
        "us_maker_us_built,1996,,13500",
        "us_maker_us_built,,,13500",
        "column first_year: is blank beside a ratio; write the first year of sale, or leave the "
        "ratio blank",
    ),
    "ratio of nothing": (
        "market/precedents.csv",
        "4000,900,sales,0.225",
        "4000,0,sales,0",
        "column attainment_ratio: a ratio of 0 cannot be compared; leave it blank and say in "
        "the note what was sold",
    ),
    "programme model": (
        "market/programme_models.csv",
        "Toyota,camry_le",
        "Toyota,jp_alphard",
        "column vehicle_id: 'jp_alphard' is not a US-built candidate",
    ),
    "announcement": (
        "market/programme_models.csv",
        "tundra_cm55,ordinary_cargo,2025-12-19",
        "tundra_cm55,ordinary_cargo,2025-12-20",
        "column announced_on: 2025-12-20, but japan_status of tundra_cm55 is 'announced 2025-12-19",
    ),
    "state of a plant": (
        "market/plants.csv",
        "Murano,Smyrna,Tennessee",
        "Murano,Smyrna,Texas",
        "column assembly_state: 'Tennessee', but plants.csv has Texas",
    ),
    "segment": (
        "market/volume_segments.csv",
        "model_crown_series,2025-09",
        "model_crown_series,2025-10",
        "column series: japan_market.csv has no model_crown_series for 2025-10",
    ),
    "supply cap": (
        "market/volume_assumptions.csv",
        "camry,supply_units,vehicles a year,,15800,",
        "camry,supply_units,vehicles a year,,15900,",
        "column mode: 15900, but 5 % of 316,185 is 15800 to the hundred; correct the number or "
        "its reason",
    ),
    "figure behind a supply cap": (
        "market/us_models.csv",
        "Murano,Smyrna,80000",
        "Murano,Smyrna,90000",
        "volume_assumptions.csv line 23, column why: us_models.csv has no figure of 80,000 for "
        "murano; name a figure that stands there",
    ),
    "year behind a supply cap": (
        "market/volume_assumptions.csv",
        "US sales of 118,258 in 2018",
        "US sales of 118,258 in 2021",
        "column why: us_models.csv has no figure of 118,258 for tundra in 2021",
    ),
    "overhangs": (
        "vehicles/vehicles.csv",
        "Camry,LE FWD,2026,sedan,4915,",
        "Camry,LE FWD,2026,sedan,4951,",
        "column length_mm: wheelbase and overhangs add to 4915, not to 4951",
    ),
    "price without year": (
        "vehicles/vehicles.csv",
        ",29100,2026,",
        ",29100,,",
        "column msrp_model_year: a price and its model year come together",
    ),
    "value and what it follows": (
        "vehicles/constraints.csv",
        "width,max,,m,carriageway_m,0,2",
        "width,max,2,m,carriageway_m,0,2",
        "column limit_value: exactly one of limit_value and limit_of is filled",
    ),
    "limit without divisor": (
        "vehicles/constraints.csv",
        "width,max,,m,carriageway_m,0,2",
        "width,max,,m,carriageway_m,0,",
        "column limit_divisor: limit_of and limit_divisor come together",
    ),
    "shares": (
        "vehicles/road_widths.csv",
        "419.4,0.3830",
        "419.4,0.6830",
        "column share: the shares of Setagaya ward, Tokyo, 2017, total add to 1.3",
    ),
    "range": (
        "market/costs.csv",
        "65.4,usd_per_m3,50,79.8",
        "65.4,usd_per_m3,79.8,50",
        "column high: 79.8 and 65.4 and 50.0 do not rise in the order low, value, high",
    ),
    "assumption": (
        "market/us_models.csv",
        "316185,reported,V70",
        "316185,reported,ASSUMPTION",
        "column quality: 'reported' for an assumption; write unverified, or name a source",
    ),
    "assumption in a table of facts": (
        "market/us_models.csv",
        "316185,reported,V70",
        "316185,unverified,ASSUMPTION",
        "column quality: 'unverified' is not one of official, reported, derived, estimate",
    ),
    "claim of another article": (
        "claims/claims.csv",
        "\nA1-05,A1,",
        "\nA1-05,A2,",
        "column article_id: 'A2' for claim A1-05; write A1",
    ),
    "arguments": (
        "claims/claims.csv",
        '"{""model"":""sequoia"",""state"":""Indiana""}"',
        '"{""model"" ""sequoia""}"',
        "column rule_args: is not JSON at character 10",
    ),
    "hash of a paragraph": (
        "claims/claims.csv",
        "A0-01,A0,2,c51cf4cd7053",
        "A0-01,A0,2,c51cf4cd7050",
        "column paragraph_sha12: differs from that of line 2, also paragraph 2 of A0",
    ),
    "hindsight": (
        "claims/evidence.csv",
        ",S05,2025-12-20,reported",
        ",S05,2025-12-19,reported",
        "column known_from: 2025-12-19 is before every source it cites; cite a source of that day, "
        "or write 2025-12-20",
    ),
    "contradiction": (
        "claims/contradictions.csv",
        "X01,between,A0;A3;A4,",
        "X01,between,A0;A3,",
        "column claim_ids: A4-02 is of an article that article_ids does not name",
    ),
    "circle of sources": (
        "claims/provenance.csv",
        "S07,S01,quotes",
        "S07,S08,quotes",
        "column parent: makes S08 rest on itself",
    ),
    "shared row": (
        "claims/shared_values.csv",
        "fx_usdjpy_annual,period=2024,",
        "fx_usdjpy_annual,period=1924,",
        "column row: no row of fx_usdjpy_annual has period=1924",
    ),
    "shared column": (
        "claims/shared_values.csv",
        "fx_usdjpy_annual,period=2024,jpy_per_usd",
        "fx_usdjpy_annual,period=2024,usd_per_jpy",
        "column value_column: 'usd_per_jpy' is not a column of fx_usdjpy_annual",
    ),
    "shared rows by no column": (
        "claims/shared_values.csv",
        "fx_usdjpy_annual,period=2024,jpy_per_usd",
        "fx_usdjpy_annual,colour=2024,jpy_per_usd",
        "column row: colour: no such column in fx_usdjpy_annual",
    ),
    "several rows shared": (
        "claims/shared_values.csv",
        "E005,plants,model=Camry,",
        "E005,plants,model=Sequoia;country=USA,",
        "column row: 2 rows of plants have model=Sequoia;country=USA; add a condition that "
        "picks one",
    ),
    "one address twice": (
        "sources.csv",
        "https://www.nippon.com/en/japan-data/h02659/",
        "http://nippon.com/en/japan-data/h02670#top",
        "column url: is the address of S121 too; quote S121, and list V31 among its aliases",
    ),
    "alias that is an id": (
        "sources.csv",
        "BENZ25,S13;V01,",
        "BENZ25,S13;V01;S01,",
        "column aliases: S01 is itself the id of a source",
    ),
    "alias of two sources": (
        "sources.csv",
        "BENZ25,S13;V01,",
        "BENZ25,S13;V01;S128,",
        "column aliases: S128 leads to more than one source",
    ),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_seen(spoil: Spoil, rule: str) -> None:
    path, old, new, expected = BREAKS[rule]
    faults = spoil(path, old, new)
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("data/") and " line " in fault for fault in faults), faults


def test_intervals_of_one_duty_may_not_overlap(package: Path) -> None:
    path = package / "trade" / "tariffs.csv"
    text = path.read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("section_122_surcharge,")]
    later = row.replace("2026-02-24,2026-07-23", "2026-07-23,") + "2026-08-31"
    path.write_text(f"{text}{later}\n", encoding="utf-8")
    (fault,) = map(str, check_all(package))
    assert "column effective_from: 2026-07-23 lies inside the interval of line" in fault
    assert "which ends 2026-07-23; end that one on the day before" in fault


def test_a_new_sound_row_is_welcome(package: Path) -> None:
    """A reader adds a registration figure and a source, and nothing complains."""
    with (package / "market" / "japan_market.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("2026-04,model_camry,123,reported,MYSRC26,\n")
    with (package / "sources.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(
            "MYSRC26,,Some paper,Camry returns,https://example.org/camry,2026-05-01,3,,all "
            "rights reserved by the publisher; facts only are used,2026-05-02,\n"
        )
    assert check_all(package) == []


@pytest.mark.parametrize(
    ("december", "told"),
    [("13000.0", []), ("13001.0", ["column imports_usd_mn: 156000.0, but the twelve months"])],
)
def test_the_months_of_any_year_are_held_against_it(
    package: Path, december: str, told: list[str]
) -> None:
    """A further year is added as its months and its total, of a vintage of its own, and the months
    of 2025 stay beside it.
    """
    months = package / "trade" / "goods_trade_monthly.csv"
    kept = [
        line
        for line in months.read_text(encoding="utf-8").splitlines()
        if not line.startswith("2026-")
    ]
    imports = ["13000.0"] * 11 + [december]
    added = [
        f"2026-{month:02},6000.0,{value},{6000 - float(value):.1f},2027-02-07,official,CENSUS-C5880"
        for month, value in enumerate(imports, 1)
    ]
    months.write_text("\n".join([*kept, *added]) + "\n", encoding="utf-8")
    with (package / "trade" / "goods_trade.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("2026,72000.0,156000.0,,2027-02-07,official,CENSUS-C5880\n")
    faults = list(map(str, check_all(package)))
    assert len(faults) == len(told)
    assert all(part in fault for part, fault in zip(told, faults, strict=True))


def test_the_shipped_files_were_not_touched() -> None:
    assert check_all(DATA) == []
