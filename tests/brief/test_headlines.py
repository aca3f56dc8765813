"""The brief's numbers are those of the parts of its study, and its statements are true where they
say so.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from helpers.brief.part import HeadlineNumbers
from helpers.brief.robustness import Statement, holds, robustness, statements
from helpers.scenarios import load_scenario, load_scenarios
from helpers.study import Study

STUDY = Study.of()
OWN = HeadlineNumbers(
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
def test_each_number_is_made_of_the_numbers_of_its_notebook(name: str) -> None:
    study = STUDY.under(load_scenario(name).scenario)
    own, scenario, pool = study.brief.headlines, study.scenario, study.volume.pool
    gross = scenario.programme_units * scenario.unit_value_usd
    assert own.share_of_gap_percent == pytest.approx(
        100 * gross / study.trade.flows.gap_value.to("USD").value
    )
    weight = scenario.top_down_weight_percent
    by_count, by_precedents = (v.at_least(20_000) for v in (pool.inside, pool.outside))
    mixed = (100 - weight) * by_count + weight * by_precedents
    assert own.probability_percent == pytest.approx(mixed)
    models = study.fit.models
    sourced = models[models["basis"] == "sourced"]
    assert (own.fitting, own.sized) == ((sourced["verdict"] == "fits").sum(), len(sourced))
    walk = study.cost.walk(study.cost.leading, **study.cost.draws)
    assert own.sticker_jpy == pytest.approx(np.median(sum(step.value for step in walk.values())))
    premium = study.cost.premium_of(study.cost.terms.programme_units)
    cost, stake = premium.maker_cost.value, premium.maker.loss.value
    rise = 100 * np.median(cost / stake) if np.median(stake) > 0 else math.inf
    assert own.break_even_percent == pytest.approx(rise)


def test_what_was_worked_out_before_changes_no_number() -> None:
    for name in ("base", "lhd_only", "rural", "toyota_only"):
        scenario = load_scenario(name).scenario
        assert STUDY.under(scenario).brief.headlines == Study.of(scenario).brief.headlines


def test_every_statement_is_true_of_the_run_that_makes_it() -> None:
    studies = STUDY.across({named.title: named.scenario for named in load_scenarios()})
    for study in studies.values():
        numbers = study.brief.headlines
        assert all(holds(statement, numbers) for statement in statements(numbers))


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
    failing = {own.name for own in statements(OWN) if not holds(own, moved)}
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
    assert statements(numbers)[-1] == Statement("break_even", word, bound)
    assert holds(statements(numbers)[-1], numbers)


def test_robustness_counts_the_scenarios_on_both_sides() -> None:
    others = {
        "same": OWN,
        "many cars": replace(OWN, share_of_gap_percent=7.0),
        "lapsed": replace(OWN, break_even_percent=math.inf),
    }
    held = {own.statement.name: own for own in robustness(OWN, others)}
    assert held["share_of_gap"].fails_in == ("many cars",)
    assert held["break_even"].holds_in == ("same", "many cars")
    assert held["sticker"].fails_in == ()
    assert {own.cases for own in held.values()} == {3}
