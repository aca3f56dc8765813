"""Until when a duty is known: inside it an official rate is official, beyond it never."""

import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import load
from helpers.scenarios import Scenario, load_scenarios
from helpers.study import Study
from helpers.trade import duty_findings, tables
from helpers.trade.duty import duty_on
from helpers.trade.part import WAYS

SCHEDULE = load("tariffs")
STUDY = Study.of()
SCENARIOS = {own.name: own.scenario for own in load_scenarios()}
FIRST, LAST = datetime.date(1994, 1, 1), datetime.date(2099, 12, 31)
DAYS = st.dates(FIRST, LAST).map(datetime.date.isoformat)
OF_THE_SCHEDULE = sorted(
    {
        (datetime.date.fromisoformat(day) + datetime.timedelta(days=shift)).isoformat()
        for column in ("effective_from", "effective_to", "confirmed_on")
        for day in SCHEDULE[column]
        if day >= "1994-01-02"
        for shift in (-1, 0, 1)
    }
)


def asked(name: str, day: str) -> Scenario:
    return SCENARIOS[name].model_copy(update={"tariff_date": day})


def check(name: str, day: str) -> None:
    trade = STUDY.under(asked(name, day)).trade
    said = duty_findings.duty(trade.duty)
    inside = day <= said.known_until
    assert said.quality == ("official" if inside else "estimate")
    assert ("carried forward" in said.sentence) is not inside
    shown = tables.duties(trade.duties).frame
    for duty in trade.duties:
        assert duty.total.quality != "official" or day <= duty.known_until
    assert shown["Known until"].str.endswith("carried forward since").any() == any(
        day > duty.known_until for duty in trade.duties
    )


@pytest.mark.parametrize("day", OF_THE_SCHEDULE)
def test_each_day_on_which_the_schedule_changes_is_told_from_what_is_carried_on(day: str) -> None:
    check("base", day)


@given(st.sampled_from(sorted(SCENARIOS)), DAYS)
@settings(max_examples=60, deadline=None)
def test_no_scenario_has_an_official_duty_beyond_what_is_known(name: str, day: str) -> None:
    check(name, day)


@given(st.sampled_from(WAYS), DAYS, st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_the_rate_stays_the_same_until_the_day_it_is_known_to(
    way: tuple[str, str, str], day: str, share: float
) -> None:
    duty = duty_on(SCHEDULE, day, *way)
    if not duty.carried:
        start, end = map(datetime.date.fromisoformat, (day, duty.known_until))
        between = (start + (end - start) * share).isoformat()
        assert duty_on(SCHEDULE, between, *way).total_percent == duty.total_percent


def test_the_last_day_of_the_century_is_no_official_fact() -> None:
    said = duty_findings.duty(STUDY.under(Scenario(tariff_date="2099-12-31")).trade.duty)
    assert said.quality == "estimate"
    car = SCHEDULE[(SCHEDULE["product"] == "passenger_car") & (SCHEDULE["rate_kind"] == "all_in")]
    assert said.known_until == max(car["confirmed_on"])


def test_results_that_rest_on_the_average_rate_say_its_last_month() -> None:
    rate = STUDY.given.jpy_per_usd
    newest = pd.Period(max(load("fx_usdjpy_monthly")["period"]), "M")
    assert rate.known_until == f"{newest.end_time:%Y-%m-%d}"
    assert STUDY.trade.effect.gross_jpy.known_until <= rate.known_until
    assert STUDY.under(Scenario(jpy_per_usd=170.5)).given.jpy_per_usd.known_until == ""
