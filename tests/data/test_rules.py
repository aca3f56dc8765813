"""Rules inside and between tables: each is broken once in a copy of the package and must be seen,
with its place.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import DATA, check_all, load

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
    "computation in a note": (
        "trade/trade_flows.csv",
        "FY2023,6094.5,",
        "FY2023,6904.5,",
        "column value: 6904.5, but 6,192.0 / 1.016 is 6094.49; correct the number or the",
    ),
    "division by nought in a note": (
        "trade/trade_flows.csv",
        '"6,192.0 / 1.016."',
        '"6,192.0 / 0."',
        "column value: 6094.5, but 6,192.0 / 0 is nan; correct the number or the computation",
    ),
    "number that a flow is computed from": (
        "trade/trade_flows.csv",
        "calendar_year,2025,1345817,",
        "calendar_year,2025,1345871,",
        "trade_flows.csv line 8, column note: '1,345,817 / (1 - 0.017)' takes 1,345,817, which no",
    ),
    "surplus of a period": (
        "trade/trade_flows.csv",
        "surplus_jp_with_us,jpy_bn,month,2025-04,780.6",
        "surplus_jp_with_us,jpy_bn,month,2025-04,870.6",
        "column value: 870.6 is not exports less imports, 780.6; correct one of the three",
    ),
    "market and its classes": (
        "market/japan_market.csv",
        "2023,market_kei,1744919",
        "2023,market_kei,1774919",
        "column units: 4779086, but market_kei and market_standard_excl_kei of 2023 add to 4809086",
    ),
    "parts above their whole": (
        "market/japan_market.csv",
        "2025,imports_foreign_brand_price_under_4m,42789",
        "2025,imports_foreign_brand_price_under_4m,427890",
        "column units: 243129 is less than its parts of 2025, which add to 619765",
    ),
    "half-year above its year": (
        "market/japan_market.csv",
        "2024-01/2024-06,imports_foreign_brand,113887",
        "2024-01/2024-06,imports_foreign_brand,1138870",
        "column units: 1138870 is more than the 227202 of 2024; correct it or line 28",
    ),
    "freight of a box": (
        "market/costs.csv",
        "usd_per_unit,653,1042,",
        "usd_per_unit,563,1042,",
        "column low: 563, but box_volume times ocean_freight_rate is 653; correct one of the three",
    ),
    "quantiles out of order": (
        "market/forecasts.csv",
        ",3303.2,4104.0,5668.5,",
        ",3303.2,5668.5,4104.0,",
        "column p25_units: 4104 is below p10_units, 5668.5; copy the row again from the commit",
    ),
    "view between two views": (
        "market/forecasts.csv",
        ",600,48.114,",
        ",600,49.114,",
        "column probability_percent: 49.114 does not lie between the views, 47.7722 and 48.4558",
    ),
    "roads of the country": (
        "vehicles/road_widths.csv",
        "13.0,19.5,23204.2,",
        "13.0,19.5,23024.2,",
        "column length_km: 23024.2, but the prefectures add to 23204.2; correct one of them",
    ),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_seen(spoil: Spoil, rule: str) -> None:
    path, old, new, expected = BREAKS[rule]
    faults = spoil(path, old, new)
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("data/") and " line " in fault for fault in faults), faults


SOUND = {
    "rounded exports and imports beside an exact surplus": (
        "trade/trade_flows.csv",
        "jp_us_goods,mof,imports_jp_from_us,jpy_bn,month,2025-12,1120.0,reported,MOFDEC25,,",
    ),
    "revision of exports alone": (
        "trade/trade_flows.csv",
        "jp_us_goods,mof,exports_jp_to_us,jpy_bn,month,2025-04,1775.4,official,MOF25-04,,2026-01-15",
    ),
    "later month of a maker": (
        "market/japan_market.csv",
        "2026-01,maker_honda,48123,official,V31,",
    ),
    "computation with a nought": (
        "market/japan_market.csv",
        '2026-02,brand_jeep,812,official,V31,"812 + 0."',
    ),
    "freight without its low end": (
        "market/costs.csv",
        "box_volume_a,10,m3,,,derived,F09,\nocean_freight_a,654,usd_per_unit,,798,derived,V74,",
    ),
    "place without roads of a length": (
        "vehicles/road_widths.csv",
        "My town,2023,town road,total,<4 m,0,4,0,0,official,F100,",
    ),
}


@pytest.mark.parametrize("row", SOUND)
def test_a_row_that_may_be_is_no_fault(package: Path, row: str) -> None:
    path, lines = SOUND[row]
    with (package / path).open("a", encoding="utf-8") as file:
        file.write(f"{lines}\n")
    assert list(map(str, check_all(package))) == []


COMPUTATION = r"[\d,.]+(bn)? [/x+-] "
FOLLOWING: dict[str, tuple[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "trade/trade_flows.csv": ("value", lambda rows: rows["note"].str.match(COMPUTATION)),
    "market/costs.csv": ("value", lambda rows: rows["quality"] == "derived"),
    "market/japan_market.csv": ("units", lambda rows: rows["note"].str.match(COMPUTATION)),
    "market/adoption.csv": ("score", lambda rows: rows["driver"] == "reach"),
    "market/forecasts.csv": ("p50_units", lambda rows: rows["p50_units"] != ""),
    "vehicles/road_widths.csv": (
        "share",
        lambda rows: (rows["length_km"] != "") & (rows["share"].astype(float) > 0.001),
    ),
    "claims/evidence.csv": (
        "value",
        lambda rows: (
            rows["evidence_id"].isin(SHARED) & rows["value"].str.match(r"[\d.]*[1-9][\d.]*$")
        ),
    ),
}
"""Per table the column and rows of numbers that follow from other rows."""
SHARED = load("shared_values").query("value_column != ''")["evidence_id"].tolist()


@pytest.mark.parametrize("path", FOLLOWING)
def test_a_number_that_follows_from_others_is_missed_by_its_point(package: Path, path: str) -> None:
    rows = pd.read_csv(package / path, dtype=str, keep_default_na=False)
    column, chosen = FOLLOWING[path]
    wrong = rows.index[chosen(rows)]
    assert len(wrong) > 2
    if path == "market/adoption.csv":
        wrong = wrong[1:]  # the first is the measure for the others
    for at in wrong:
        number = rows.loc[at, column]
        rows.loc[at, column] = f"{float(number) / 10:.9g}" if "." in number else number[:-1] or "0"
    rows.to_csv(package / path, index=False, lineterminator="\n")
    told = [fault for fault in map(str, check_all(package)) if f"column {column}:" in fault]
    lines = {int(match[1]) for fault in told if (match := re.search(rf"{path} line (\d+)", fault))}
    assert lines >= set(wrong + 2)
    assert all("; " in fault for fault in told), "each says what to do"


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
