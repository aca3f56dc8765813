"""Figures, tables and sentences of notebook 02 in every scenario and where numbers go to
extremes.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.data import load
from helpers.quantities import Quantity
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, check_values, load_scenarios
from helpers.show import Drawing
from helpers.show.canvas import NARROW_PX, WIDE_PX, unreadable
from helpers.study import Study
from helpers.volume import driver_figures, figures, findings, input_tables, tables
from helpers.volume.decision import Decision, decisions
from helpers.volume.ledger import scored
from helpers.volume.part import VolumePart
from tests.tiers import representatives

STUDY = Study.of()
BASE = Scenario()
EXTREMES = {
    "nobody_fits": check_values({"street_width_m": 2.0, "region": "Setagaya ward, Tokyo"}, "test"),
    "one_draw_in_many": check_values({"draws": 256, "threshold_units": 1}, "test"),
    "sure": check_values({"top_down_weight_percent": 0.0, "threshold_units": 1}, "test"),
    "never": check_values({"top_down_weight_percent": 0.0, "threshold_units": 500_000}, "test"),
    "precedents_only": check_values(
        {"top_down_weight_percent": 100.0, "programme_units": 500_000}, "test"
    ),
    "hardly_a_plan": check_values({"programme_units": 1}, "test"),
    "cheap_dollar": check_values({"jpy_per_usd": 60.0}, "test"),
    "half_a_month": check_values({"months_on_sale": 0.5, "models": ["integra_type_s"]}, "test"),
}
NAMED = {one.name: one.scenario for one in load_scenarios()}
DRAWN = ("base", "volume_10k", "very_weak_yen", "highlander_rhd_only")
FEW = 2_048


@dataclass(frozen=True)
class Case:
    """What notebook 02 shows of a scenario, and the decision on right-hand drive."""

    volume: VolumePart
    named: bool
    decided: tuple[Decision, ...]

    @property
    def results(self) -> list[Result]:
        """Everything that the notebook records but the change by a weaker yen."""
        volume, pool = self.volume, self.volume.pool
        own, asked = volume.count_provenance, volume.threshold
        chances = (view.at_least(asked) for view in (pool.inside, pool.outside))
        inside, outside = (Quantity(100 * chance, "%") for chance in chances)
        planned = float(volume.simulated.planned.mean())
        wanted = volume.count.wanted(volume.centred)
        return [
            findings.middle(volume.median),
            findings.chance(volume.chance, pool),
            findings.counted(volume.counted_median),
            findings.counted_chance(inside, asked, pool.draws),
            findings.by_precedents(volume.precedents_median, planned),
            findings.precedents_chance(outside, asked, planned),
            findings.driver(volume.variance_shares, own),
            findings.all_come(wanted, volume.coming, asked, own),
            *findings.right_hand_drive(self.decided, own),
        ]


def with_few_draws(scenario: Scenario) -> Scenario:
    return check_values(
        {name: getattr(scenario, name) for name in Scenario.model_fields}
        | {"draws": min(FEW, scenario.draws)},
        "test",
    )


def volume_of(scenario: Scenario) -> VolumePart:
    return STUDY.under(with_few_draws(scenario)).volume


@pytest.fixture(
    params=representatives([*NAMED, *EXTREMES], "base", "very_weak_yen", "nobody_fits"),
    scope="module",
)
def volume(request: pytest.FixtureRequest) -> VolumePart:
    return volume_of(EXTREMES.get(request.param) or NAMED[request.param])


@pytest.fixture(
    params=representatives([*DRAWN, *EXTREMES], "base", "very_weak_yen", "nobody_fits"),
    scope="module",
)
def case(request: pytest.FixtureRequest) -> Case:
    scenario = EXTREMES.get(request.param) or NAMED[request.param]
    own = volume_of(scenario)
    right = scenario.model_copy(update={"right_hand_drive_models": scenario.models})
    more = volume_of(right).units - own.units
    earned = scenario.unit_margin_usd * scenario.horizon_years / 1e6
    decided = decisions(own.offers, more, scenario.rhd_tooling_usd_mn, earned, 50.0)
    return Case(own, request.param in NAMED, decided)


@pytest.fixture(scope="module")
def charts(case: Case) -> list[Drawing]:
    volume = case.volume
    return [
        figures.dumbbells(volume.precedents),
        figures.curve(volume.pool),
        figures.dots(volume.pool),
        figures.update(volume.prior, volume.pool_of(volume.first_month(900)), "a first month"),
        driver_figures.variance(volume.variance_shares),
        driver_figures.choices(volume.choices, volume.probability, volume.median.value),
        driver_figures.swings(volume.swings, volume.probability, volume.median.value),
    ]


# The headline


def test_headline_words_follow_the_number(volume: VolumePart) -> None:
    probability = volume.probability
    sentence = findings.headline(volume.threshold, probability)
    assert sentence.startswith(f"{volume.threshold:,} US-built cars a year are ")
    named = re.search(r"are ([a-z -]+): we compute", sentence)
    assert named
    limits = {
        "very unlikely": (0, 0.05),
        "unlikely": (0.05, 0.33),
        "about as likely as not": (0.33, 0.67),
        "likely": (0.67, 0.95),
        "very likely": (0.95, 1.01),
    }
    low, high = limits[named[1]]
    assert low <= probability < high
    shown = re.search(r"(\d+) %", sentence)
    assert shown
    assert float(shown[1]) == pytest.approx(
        100 * probability, abs=1.01 if "than" in sentence else 0.51
    )
    one_in = re.search(r"1 in (\d+)", sentence)
    assert one_in is None or float(one_in[1]) == pytest.approx(1 / probability, abs=0.51)


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0, "very unlikely"),
        (0.0499, "very unlikely"),
        (0.05, "unlikely"),
        (0.33, "about as likely as not"),
        (0.67, "likely"),
        (0.95, "very likely"),
        (1, "very likely"),
    ],
)
def test_likelihood_words_at_their_edges(probability: float, word: str) -> None:
    assert findings.likelihood(probability) == word


def test_disagreement_is_the_gap_of_the_views(volume: VolumePart) -> None:
    pool, asked = volume.pool, volume.threshold
    gap = 100 * abs(pool.inside.at_least(asked) - pool.outside.at_least(asked))
    sentence = findings.disagreement(pool)
    assert ("agree within 5" in sentence) == (gap <= 5)
    if gap > 5:
        assert f"differ by {gap:.0f} percentage points" in sentence


def test_no_draw_is_called_impossible(volume: VolumePart) -> None:
    assert findings.reached(0.0, 4_096) == "are reached in none of 4,096 draws"
    assert findings.reached(1.0, 4_096) == "are reached in every draw"
    assert findings.reached(0.25, 4_096) == "have a probability of 25 % (about 1 in 4)"
    inside = volume.pool.inside.at_least(volume.threshold)
    assert (
        inside > 0
        or f"are reached in none of {volume.pool.draws:,} draws model by model"
        in findings.disagreement(volume.pool)
    )


def test_sentences_read_as_sentences(case: Case) -> None:
    volume = case.volume
    counts = input_tables.scale_counts(volume)
    sentences = [
        *(result.sentence for result in case.results),
        findings.headline(volume.threshold, volume.probability) + ".",
        findings.disagreement(volume.pool),
        findings.widest_choice(volume.choices, volume.probability),
        findings.tested(volume.back_test),
        findings.simulation_error(volume.errors),
        findings.scale(volume.threshold, volume.threshold / counts["units"]),
        findings.another_method(volume.probability, 0.3),
        findings.ledger(scored(load("forecasts"), load("questions")), load("questions")),
    ]
    for sentence in sentences:
        assert re.match(r"[A-Z0-9].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}|\b0 % \(", sentence), sentence


def test_decision_sentence_names_those_that_pay(case: Case) -> None:
    sentence = findings.decision(case.decided)
    for own in case.decided:
        assert (own.title in sentence) == (own.net_usd_mn > 0)
    if not case.decided:
        assert "nothing is left to decide" in sentence


def test_weaker_yen_sentence_has_the_right_sign() -> None:
    def said(percent: float) -> str:
        return findings.weaker_yen(Quantity(percent, "%")).sentence

    assert "lowers" in said(-19.2)
    assert "19 %" in said(-19.2)
    assert "raises" in said(3.0)
    assert "leaves" in said(0.0)


# Figures


def test_titles_and_alt_texts_are_live_sentences(charts: list[Drawing]) -> None:
    for chart in charts:
        assert re.search(r"\d", chart.alt)
        assert len(chart.title) > 20
        assert len(chart.data) > 0
        assert not re.search(r"\bnan\b|\binf\b|−−", chart.alt + chart.title)


def test_every_word_can_be_read_on_a_page_and_on_a_phone(charts: list[Drawing]) -> None:
    for chart in charts:
        for width in (WIDE_PX, NARROW_PX):
            assert unreadable(chart.canvas(width).drawn("test")) == [], chart.name


def test_curve_carries_the_distribution(case: Case) -> None:
    data = figures.curve(case.volume.pool).data
    for column in ("precedents", "model by model", "both together"):
        assert (np.diff(data[column]) >= -1e-9).all()
        assert data[column].between(0, 100).all()
    assert data["cars"].iloc[-1] >= case.volume.threshold


def test_dots_above_the_threshold_say_the_probability(case: Case) -> None:
    chart = figures.dots(case.volume.pool)
    assert len(chart.data) == figures.DOTS
    reached = int(chart.data["reaches_threshold"].sum())
    assert reached == pytest.approx(figures.DOTS * case.volume.probability, abs=1.01)
    assert chart.title.startswith("None" if reached == 0 else str(reached))
    for width in (WIDE_PX, NARROW_PX):
        lines = chart.canvas(width).figure.axes[0].lines
        dots = [own.get_xdata() for own in lines if own.get_marker() == "o"]
        assert sum(map(len, dots)) == figures.DOTS
        assert (np.concatenate(dots) >= case.volume.threshold).sum() == reached


def test_dumbbell_title_counts_the_misses() -> None:
    chart = figures.dumbbells(STUDY.volume.precedents)
    assert chart.title == "4 of 5 US-built programmes with a known plan sold less than planned"


# Tables and results


def drawn_by_title(volume: VolumePart) -> pd.DataFrame:
    wanted = volume.count.wanted(volume.centred)
    return pd.DataFrame(wanted.T, columns=[car.title for car in volume.offers])


def test_tables_are_whole_and_checks_hold(case: Case) -> None:
    volume = case.volume
    checks = tables.second_methods(volume).frame
    if case.named:
        failing = checks.loc[~checks["Holds"].astype(bool), "Check"].tolist()
        assert [check for check in failing if "Monte Carlo" not in check] == []
    shown = [
        input_tables.assumptions(volume),
        input_tables.segments(volume),
        tables.views(volume.pool),
        tables.views(volume.pool, once_more=volume.pool),
        tables.coming(volume, drawn_by_title(volume)),
        tables.choices(volume),
        tables.walk(volume.walk),
        tables.ratios(volume.precedents),
        tables.tested(volume.back_test),
        tables.questions(load("questions")),
        input_tables.named_volumes(load("import_estimates")),
        tables.ledger(scored(load("forecasts"), load("questions"))),
        tables.years(volume.by_year),
    ]
    for table in shown:
        assert len(table.frame) > 0
        assert not table.frame.isin([np.inf, -np.inf]).any(axis=None)
        assert "text/html" in table._repr_mimebundle_()


def test_no_name_of_a_column_or_a_row_reaches_a_reader() -> None:
    volume = volume_of(NAMED["all_makers"])
    assumptions, segments = (
        input_tables.assumptions(volume).frame,
        input_tables.segments(volume).frame,
    )
    factors = set(load("volume_assumptions")["factor"])
    assert factors - set(input_tables.FACTOR_NAMES) == {
        name for name in factors if name.startswith(("adoption_", "survey_"))
    }
    assert {"all", *(car.title for car in volume.offers)} <= set(assumptions["Of"])
    assert not assumptions["Of"].str.contains("_").any()
    drawn = pd.DataFrame(volume.draws).quantile([0.1, 0.5, 0.9]).T
    inputs = input_tables.inputs(volume, drawn).frame
    names = pd.concat([assumptions["Factor"], segments["Counted"], inputs["Input"]])
    assert not names.str.contains("_|percent").any()


def test_a_part_of_a_year_taken_for_a_year_says_so() -> None:
    segments = input_tables.segments(volume_of(BASE)).frame
    several = segments["Counted"].str.contains(r"\d, [A-Z]")
    assert several.any()
    assert (segments["Why"].str.contains("taken for a year") == several).all()


def test_counts_of_a_segment_are_put_together_month_by_month() -> None:
    segments = volume_of(BASE).segments.set_index(["model", "series"])["units_a_year"]
    counts: Any = load("japan_market").set_index(["series", "period"])["units"]
    harrier = [counts["model_harrier", f"2025-{month}"] for month in ("09", "11", "12")]
    assert segments["highlander", "model_harrier"] == pytest.approx(12 * np.mean(harrier))
    cruiser = counts["model_land_cruiser_series"]
    months = cruiser["2025-01/2025-06"] + cruiser["2025-09"] + cruiser["2025-11"]
    assert segments["highlander", "model_land_cruiser_series"] == pytest.approx(12 * months / 8)


def test_every_source_of_a_table_is_listed() -> None:
    volume = volume_of(BASE)
    listed = input_tables.source_ids(volume)
    counts = input_tables.scale_counts(volume)
    shown = [
        input_tables.named_volumes(load("import_estimates")),
        input_tables.scale(counts, 1 / counts["units"]),
        input_tables.segments(volume),
    ]
    cells = [cell for table in shown for cell in table.frame["Sources"]]
    assert {source for cell in cells for source in cell.split(", ")} <= set(listed)
    assert set(volume.provenance.source_ids) <= set(listed)
    assert len(listed) == len(set(listed))
    assert listed[-1] == "ASSUMPTION"


def test_a_far_exchange_rate_is_flagged() -> None:
    """Beyond the reach of the constant elasticity the check says no instead of nothing."""
    checks = tables.second_methods(volume_of(EXTREMES["cheap_dollar"])).frame
    responses = checks["Check"].str.startswith("Two price responses")
    assert checks.loc[responses, "Holds"].tolist() == [False]


def test_results_are_complete_and_honest(case: Case) -> None:
    names = [result.name for result in case.results]
    assert len(set(names)) == len(names)
    assert set(names) <= set(NAMES)
    for result in case.results:
        assert result.quality == "estimate"
        assert "ASSUMPTION" in result.source_ids
        assert re.search(
            "assumed|read as if|nothing is left|if .* were a plan|certain here|goes back to",
            result.sentence,
        ), result.sentence
    values = {result.name: result.value for result in case.results}
    kept = {
        name: value
        for name, value in case.volume.headlines.items()
        if "p50" in name or "probability" in name
    }
    assert {name: values[name] for name in kept} == pytest.approx(kept)
