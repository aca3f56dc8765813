"""Figures, tables and sentences of notebook 02 in every scenario and where numbers go to
extremes.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.data import load
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, check_values, load_scenarios
from helpers.show import style
from helpers.volume import drive_side, estimate, figures, forecast_scores, sweeper
from helpers.volume import drivers as volume_drivers
from helpers.volume import findings as words
from helpers.volume import tables as volume_tables
from tests.tiers import representatives

KNOWN = estimate.evidence({name: load(name) for name in estimate.TABLES})
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
    """All that notebook 02 computes for a scenario."""

    name: str
    scenario: Scenario
    found: estimate.ImportVolume
    shares: pd.DataFrame
    units: dict[str, Any]
    adoption: Any
    decided: Any
    weaker: float


SWEEPER = sweeper.Sweeper(KNOWN, BASE)


def with_few_draws(scenario: Scenario) -> Scenario:
    return check_values(
        {name: getattr(scenario, name) for name in Scenario.model_fields}
        | {"draws": min(FEW, scenario.draws)},
        "test",
    )


@pytest.fixture(
    params=representatives([*NAMED, *EXTREMES], "base", "very_weak_yen", "nobody_fits"),
    scope="module",
)
def found(request: pytest.FixtureRequest) -> estimate.ImportVolume:
    return SWEEPER.estimate(with_few_draws(EXTREMES.get(request.param) or NAMED[request.param]))


@pytest.fixture(
    params=representatives([*DRAWN, *EXTREMES], "base", "very_weak_yen", "nobody_fits"),
    scope="module",
)
def case(request: pytest.FixtureRequest) -> Case:
    scenario = with_few_draws(EXTREMES.get(request.param) or NAMED[request.param])
    found = SWEEPER.estimate(scenario)
    units = volume_drivers.units_by_maker(found)
    adoption = volume_drivers.adoption_of(
        KNOWN, load("adoption"), tuple(units), scenario.trade_pressure_percent
    )
    decided = drive_side.decide(KNOWN, scenario, BASE, found)
    weaker = volume_drivers.weaker_yen_change_percent(KNOWN, scenario, BASE, found)
    return Case(
        request.param,
        scenario,
        found,
        volume_drivers.variance_shares(found),
        units,
        adoption,
        decided,
        weaker,
    )


@pytest.fixture(scope="module")
def pictures(case: Case) -> list[Any]:
    """Figure, alt text and data of each picture."""
    return [
        figures.walk(case.found),
        figures.dumbbells(KNOWN.precedents),
        figures.curve(case.found),
        figures.dots(case.found),
        figures.variance(case.shares),
        figures.swings(volume_drivers.swings(case.found)),
    ]


def texts(fig: Figure) -> list[tuple[str, Any]]:
    """Every drawn text and its box in pixels, without tick labels outside the range of their
    axis.
    """
    canvas = FigureCanvasAgg(fig)
    with style.rc():
        canvas.draw()
    hidden = {
        id(label)
        for axes in fig.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not axes.get_visible()
        or not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }
    found = [
        one
        for one in fig.findobj(Text)
        if one.get_visible() and one.get_text().strip() and id(one) not in hidden
    ]
    return [(one.get_text(), one.get_window_extent(canvas.get_renderer())) for one in found]


# The headline


def test_headline_words_follow_the_number(found: estimate.ImportVolume) -> None:
    sentence, probability = words.headline(found), found.probability
    assert sentence.startswith(f"{found.threshold:,} US-built cars a year are ")
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
    assert words.likelihood(probability) == word


def test_disagreement_is_the_gap_of_the_views(found: estimate.ImportVolume) -> None:
    pool, asked = found.pool, found.threshold
    gap = 100 * abs(pool.inside_probability(asked) - pool.outside_probability(asked))
    sentence = words.disagreement(found)
    assert ("agree within 5" in sentence) == (gap <= 5)
    if gap > 5:
        assert f"differ by {gap:.0f} percentage points" in sentence


def test_no_draw_is_called_impossible(found: estimate.ImportVolume) -> None:
    assert words.simulated(0.0, 4_096) == "are reached in none of 4,096 draws"
    assert words.simulated(1.0, 4_096) == "are reached in every draw"
    assert words.simulated(0.25, 4_096) == "have a probability of 25 % (about 1 in 4)"
    inside = found.pool.inside_probability(found.threshold)
    assert (
        inside > 0
        or f"are reached in none of {found.inputs.draws:,} draws model by model"
        in words.disagreement(found)
    )


def test_sentences_read_as_sentences(case: Case) -> None:
    sentences = [
        words.headline(case.found) + ".",
        words.interval(case.found),
        words.disagreement(case.found),
        words.model_by_model(case.found),
        words.by_precedents(case.found),
        words.simulation_error(case.found.errors()),
        words.scale(
            case.found, volume_tables.scale_checks(load("japan_market"), case.found.threshold)
        ),
        words.largest_driver(case.shares),
        words.followers(case.adoption, case.units, case.found.threshold),
        words.weaker_yen(case.weaker),
        words.decision(case.decided),
        words.ledger(forecast_scores.scored(load("forecasts"))),
    ]
    for sentence in sentences:
        assert re.match(r"[A-Z0-9].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}|\b0 % \(", sentence), sentence


def test_decision_sentence_names_those_that_pay(case: Case) -> None:
    sentence = words.decision(case.decided)
    for one in case.decided:
        assert (one.title in sentence) == (one.net_usd_mn > 0)
    if not case.decided:
        assert "nothing is left to decide" in sentence


def test_weaker_yen_sentence_has_the_right_sign() -> None:
    assert "lowers" in words.weaker_yen(-19.2)
    assert "19.2 %" in words.weaker_yen(-19.2)
    assert "raises" in words.weaker_yen(3.0)
    assert "leaves" in words.weaker_yen(0.0)


# Figures


def test_titles_and_alt_texts_are_live_sentences(pictures: list[Any]) -> None:
    for fig, alt, data in pictures:
        assert 20 <= len(alt) <= 400
        assert re.search(r"\d", alt)
        assert len(fig.get_label()) > 20
        assert len(data) > 0
        assert not re.search(r"\bnan\b|\binf\b|−−", alt + fig.get_label())


@pytest.fixture(scope="module")
def labels(pictures: list[Any]) -> list[tuple[Figure, list[tuple[str, Any]]]]:
    return [(fig, texts(fig)) for fig, _, _ in pictures]


def test_no_label_leaves_the_frame(labels: list[tuple[Figure, list[tuple[str, Any]]]]) -> None:
    for fig, found in labels:
        for text, box in found:
            assert box.x0 >= -1, text
            assert box.x1 <= fig.bbox.width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= fig.bbox.height + 1, text


def test_no_two_labels_overlap(labels: list[tuple[Figure, list[tuple[str, Any]]]]) -> None:
    for fig, found in labels:
        for (one, box), (other, second) in itertools.combinations(found, 2):
            overlap = (
                min(box.x1, second.x1) - max(box.x0, second.x0),
                min(box.y1, second.y1) - max(box.y0, second.y0),
            )
            assert min(overlap) < 3, (one, other, fig.get_label())


def test_curve_carries_the_distribution(case: Case) -> None:
    _, _, data = figures.curve(case.found)
    for column in ("precedents", "model by model", "both, mixed"):
        assert (np.diff(data[column]) >= -1e-9).all()
        assert data[column].between(0, 100).all()
    assert data["cars"].iloc[-1] >= case.found.threshold


def test_dots_above_the_threshold_say_the_probability(case: Case) -> None:
    fig, _, data = figures.dots(case.found)
    assert len(data) == figures.DOTS
    reached = int(data["reaches_threshold"].sum())
    assert reached == pytest.approx(figures.DOTS * case.found.probability, abs=1.01)
    assert fig.get_label().startswith("None" if reached == 0 else str(reached))
    drawn = sum(len(line.get_xdata()) for line in fig.axes[0].lines if line.get_marker() == "o")
    assert drawn == figures.DOTS


def test_walk_bars_end_at_the_expected_cars(case: Case) -> None:
    fig, _, data = figures.walk(case.found)
    last = data[data["step"] == "supply"].set_index("model")["cars"]
    assert last.to_numpy() == pytest.approx(case.found.simulation.units.mean(axis=1))
    assert min(axis.get_xlim()[0] for axis in fig.axes) == 0


def test_dumbbell_title_counts_the_misses() -> None:
    fig, _, data = figures.dumbbells(KNOWN.precedents)
    assert fig.get_label() == "3 of 4 US-built programmes with a known plan sold less than planned"
    assert len(data) == 9


# Tables and results


def test_tables_are_whole_and_checks_hold(case: Case) -> None:
    found = case.found
    checks = volume_tables.checks(found, found.errors(), case.adoption, case.units, case.shares)
    if case.scenario in NAMED.values() or (
        case.scenario.draws == 4_096 and case.scenario.jpy_per_usd > 100
    ):
        failing = checks.loc[~checks["Holds"].astype(bool), "Check"].tolist()
        assert [one for one in failing if "Monte Carlo" not in one] == []
    tables = [
        checks,
        volume_tables.assumptions(KNOWN, found),
        volume_tables.segments(KNOWN, found),
        volume_tables.views(found),
        volume_tables.by_maker(case.adoption, case.units),
        volume_tables.dropped_precedents(KNOWN, found),
        volume_tables.named_volumes(load("import_estimates")),
        volume_tables.ledger(forecast_scores.scored(load("forecasts"))),
    ]
    for frame in tables:
        assert len(frame) > 0
        assert not frame.isin([np.inf, -np.inf]).any(axis=None)


def test_no_name_of_a_column_or_a_row_reaches_a_reader() -> None:
    found = SWEEPER.estimate(with_few_draws(NAMED["all_makers"]))
    assumptions, segments = (
        volume_tables.assumptions(KNOWN, found),
        volume_tables.segments(KNOWN, found),
    )
    assert set(KNOWN.assumptions["factor"]) - set(volume_tables.FACTOR_NAMES) == {
        name for name in KNOWN.assumptions["factor"] if name.startswith(("adoption_", "survey_"))
    }
    assert set(KNOWN.segments["series"]) == set(volume_tables.SERIES_NAMES)
    assert set(assumptions["Model"]) == {"all", *(car.title for car in found.simulation.cars)}
    assert (
        not pd.concat([assumptions["Factor"], segments["Counted"]]).str.contains("_|percent").any()
    )


def test_a_month_taken_twelve_times_says_so() -> None:
    segments = volume_tables.segments(KNOWN, SWEEPER.estimate(with_few_draws(BASE)))
    part_of_a_year = segments["Period"].str.contains("-")
    assert part_of_a_year.any()
    assert (segments["Why"].str.contains("taken twelve times") == part_of_a_year).all()


def test_segments_in_the_picture_are_those_of_the_table() -> None:
    found = SWEEPER.estimate(with_few_draws(BASE))
    _, _, data = figures.walk(found)
    drawn = data[data["step"] == "segment counted"].set_index("model")["cars"]
    counted = volume_tables.segments(KNOWN, found).groupby("Model")["Cars a year"].sum()
    assert drawn.to_dict() == counted.to_dict()


def test_every_source_of_a_table_is_listed() -> None:
    found = SWEEPER.estimate(with_few_draws(BASE))
    named, market, drivers = load("import_estimates"), load("japan_market"), load("adoption")
    listed = volume_tables.all_sources(KNOWN, found, named, market, drivers)
    tables = [
        volume_tables.named_volumes(named)["Sources"],
        volume_tables.scale(volume_tables.scale_checks(market, found.threshold))["Sources"],
        volume_tables.segments(KNOWN, found)["Sources"],
        KNOWN.precedents["source_ids"],
    ]
    assert {one for column in tables for cell in column for one in cell.split(";")} <= set(listed)
    assert set(volume_tables.sources(KNOWN, found)) <= set(listed)
    assert len(listed) == len(set(listed))
    assert listed[-1] == "ASSUMPTION"


def test_a_far_exchange_rate_is_flagged() -> None:
    """Beyond the reach of the constant elasticity the check says no instead of nothing."""
    found = estimate.estimate(KNOWN, EXTREMES["cheap_dollar"], BASE)
    units = volume_drivers.units_by_maker(found)
    adoption = volume_drivers.adoption_of(KNOWN, load("adoption"), tuple(units), 60.0)
    checks = volume_tables.checks(
        found, found.errors(), adoption, units, volume_drivers.variance_shares(found)
    ).set_index("Check")["Holds"]
    (flagged,) = [
        holds for name, holds in checks.items() if str(name).startswith("Two price responses")
    ]
    assert not flagged


def test_results_are_complete_and_honest(case: Case) -> None:
    records = volume_tables.results(
        KNOWN, case.found, case.shares, case.adoption, case.units, case.decided, case.weaker
    )
    names = [record["name"] for record in records]
    assert len(set(names)) == len(names)
    assert set(names) <= set(NAMES)
    for record in records:
        assert record["quality"] == "estimate"
        assert "ASSUMPTION" in record["source_ids"]
        assert re.search(
            "assumed|read as if|nothing is left|if .* were a plan|certain here|goes back to",
            record["sentence"],
        ), record["sentence"]
        low, high, interval = record["interval"] or (None, None, "")
        Result(
            name=record["name"],
            value=record["value"],
            unit=record["unit"],
            quality=record["quality"],
            source_ids=tuple(record["source_ids"]),
            sentence=record["sentence"],
            low=low,
            high=high,
            interval=interval,
        )
    values = {record["name"]: record["value"] for record in records}
    assert values["volume_probability_percent"] == pytest.approx(100 * case.found.probability)
    assert set(values) >= {
        name for name in estimate.headlines(case.found) if "p50" in name or "probability" in name
    }
