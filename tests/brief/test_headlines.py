"""The brief's numbers are those of the notebooks' composites, and its statements are true where
they say so.
"""

import math
from dataclasses import replace
from typing import Any

import pytest

from helpers import claims
from helpers.brief import headlines
from helpers.brief.headlines import Numbers, Statement
from helpers.cost import case as cost_case
from helpers.cost import premium_views, sticker_views
from helpers.data import load
from helpers.fit import answer as fit_answer
from helpers.scenarios import Scenario, load_scenario, load_scenarios
from helpers.study import Study

BASE = Scenario()
KNOWN = headlines.prepare({name: load(name) for name in headlines.TABLES})
OWN = Numbers(
    share_of_gap_percent=2.05,
    probability_percent=15.0,
    threshold_units=20_000,
    fitting=5,
    sized=6,
    sticker_jpy=8.65e6,
    rival_jpy=6.35e6,
    break_even_percent=8.9,
)


@pytest.mark.parametrize(
    "name", ["base", "very_weak_yen", "tariff_27_5", "all_makers", "as_reported"]
)
def test_numbers_are_those_of_the_notebooks(name: str) -> None:
    scenario, tables = load_scenario(name).scenario, KNOWN.tables
    found = headlines.estimate(KNOWN, scenario, BASE)
    trade = Study(tables, scenario).trade
    case = cost_case.estimate(tables, scenario, BASE)
    cost: dict[Any, Any] = {
        one["name"]: one["value"]
        for one in [sticker_views.leading_result(case), *premium_views.results(case)]
    }
    own = found.numbers
    assert own.share_of_gap_percent == trade.effect.share_of_gap.value
    assert own.probability_percent == 100 * Study.of(scenario).volume.probability
    assert own.sticker_jpy == cost["highlander_sticker_jpy"]
    assert cost_case.capped_percent(own.break_even_percent / 100) == pytest.approx(
        cost["break_even_probability_percent"]
    )
    models = fit_answer.programme_verdicts(
        found.fit.fit, tables["programme_models"], scenario.of(fit_answer.FitProgramme).models
    )
    assert own.fitting == ((models["verdict"] == "fits") & (models["basis"] == "sourced")).sum()
    assert found.audit.verdicts == claims.audit(tables, scenario.of(claims.ClaimInputs)).verdicts


def test_the_sweep_gives_what_each_scenario_gives_alone() -> None:
    chosen = {
        name: load_scenario(name).scenario for name in ("base", "lhd_only", "rural", "toyota_only")
    }
    swept = headlines.across(KNOWN, chosen, BASE)
    for name, scenario in chosen.items():
        assert swept[name] == headlines.estimate(KNOWN, scenario, BASE).numbers


def test_every_statement_is_true_of_the_run_that_makes_it() -> None:
    for numbers in headlines.across(
        KNOWN, {one.title: one.scenario for one in load_scenarios()}, BASE
    ).values():
        assert all(
            headlines.holds(statement, numbers) for statement in headlines.statements(numbers)
        )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("share_of_gap", {"share_of_gap_percent": 5.1}),
        ("probability", {"probability_percent": 40.0}),
        ("probability", {"probability_percent": 90.0}),
        ("fit", {"fitting": 3}),
        ("sticker", {"sticker_jpy": 6.0e6}),
        ("break_even", {"break_even_percent": 10.0}),
        ("break_even", {"break_even_percent": math.inf}),
    ],
)
def test_a_statement_fails_where_its_number_has_moved_past_it(
    name: str, changes: dict[str, float]
) -> None:
    moved = replace(OWN, **changes)  # type: ignore[arg-type]
    failing = {
        statement.name
        for statement in headlines.statements(OWN)
        if not headlines.holds(statement, moved)
    }
    assert failing == {name}


@pytest.mark.parametrize(
    ("percent", "word", "bound"),
    [
        (0.0, "worth it", 1.0),
        (99.9, "worth it", 100.0),
        (100.0, "worth it", math.inf),
        (140.0, "never", 0.0),
    ],
)
def test_the_worth_of_the_programme_has_a_word_at_every_value(
    percent: float, word: str, bound: float
) -> None:
    numbers = replace(OWN, break_even_percent=percent)
    assert headlines.statements(numbers)[-1] == Statement("break_even", word, bound)
    assert headlines.holds(headlines.statements(numbers)[-1], numbers)


def test_robustness_counts_the_scenarios_on_both_sides() -> None:
    others = {
        "same": OWN,
        "many cars": replace(OWN, share_of_gap_percent=7.0),
        "lapsed": replace(OWN, break_even_percent=math.inf),
    }
    held = {one.statement.name: one for one in headlines.robustness(OWN, others)}
    assert held["share_of_gap"].fails_in == ("many cars",)
    assert held["break_even"].holds_in == ("same", "many cars")
    assert held["sticker"].percent == 100
    assert held["share_of_gap"].percent == pytest.approx(200 / 3)
