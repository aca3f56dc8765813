"""Defaults that follow a series, and scenario files that name a rule instead of a number."""

import statistics
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import Scenario, load_scenario, read_scenario_file
from helpers.scenarios.tables import rate

ANNUAL, MONTHLY = load("fx_usdjpy_annual"), load("fx_usdjpy_monthly")


def scenario_file(folder: Path, value: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(f'name: mine\ntitle: "t"\nstory: "s"\nparameters:\n  jpy_per_usd: {value}\n')
    return path


def test_the_base_rate_is_the_mean_of_the_newest_twelve_months() -> None:
    newest = MONTHLY.sort_values("period")["jpy_per_usd"].tolist()
    assert Scenario().jpy_per_usd == round(statistics.fmean(newest[-12:]), 2)
    assert load_scenario("fx_latest").scenario.jpy_per_usd == round(newest[-1], 2)


def test_a_new_month_moves_what_follows_the_series() -> None:
    through_june = MONTHLY[MONTHLY["period"] <= "2026-06"]
    assert rate("newest_twelve_months", ANNUAL, through_june).first_month == "2025-07"
    through_august = MONTHLY[MONTHLY["period"] <= "2026-08"]
    twelve = rate("newest_twelve_months", ANNUAL, through_august)
    assert (twelve.jpy_per_usd, twelve.first_month, twelve.last_month) == (
        156.66,
        "2025-09",
        "2026-08",
    )
    newest = rate("newest_month", ANNUAL, through_august)
    assert (newest.jpy_per_usd, newest.last_month) == (158.85, "2026-08")


def test_a_year_is_its_published_average_and_else_the_mean_of_its_months() -> None:
    assert rate("mean_2025", ANNUAL, MONTHLY).jpy_per_usd == 149.57
    none = ANNUAL.iloc[:0]
    assert rate("mean_2025", none, MONTHLY).jpy_per_usd == 149.63
    assert load_scenario("fx_2025_average").scenario.jpy_per_usd == 149.57


def test_a_month_that_the_twelve_lack_is_named() -> None:
    gap = MONTHLY[MONTHLY["period"] != "2026-02"]
    through_june = gap[gap["period"] <= "2026-06"]
    with pytest.raises(InputError, match="has no average of 2026-02"):
        rate("newest_twelve_months", ANNUAL, pd.DataFrame(through_june))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("newest_moth", "line 5, parameter jpy_per_usd: 'newest_moth' is no rule; did you mean"),
        ("mean_1960", "has no average of 1960-01"),
    ],
)
def test_a_word_that_is_no_rule_is_refused(tmp_path: Path, value: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_scenario_file(scenario_file(tmp_path, value))


def test_only_a_parameter_that_follows_a_series_takes_a_rule(tmp_path: Path) -> None:
    path = scenario_file(tmp_path, "newest_month")
    path.write_text(path.read_text().replace("jpy_per_usd", "freight_usd_per_m3"))
    with pytest.raises(InputError, match="is not a number"):
        read_scenario_file(path)
