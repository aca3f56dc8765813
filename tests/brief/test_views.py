"""The brief on a page: short, its records those of the notebooks, its words true where numbers
turn.
"""

import re
from dataclasses import replace

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.brief import headlines
from helpers.brief import views as page
from helpers.cost import premium_views, sticker_views
from helpers.data import load
from helpers.fit import findings as fit_findings
from helpers.results import NAMES, Result
from helpers.scenarios import NamedScenario, Scenario, load_scenarios
from helpers.trade import findings as trade_findings

BASE = Scenario()
KNOWN = headlines.prepare({name: load(name) for name in headlines.TABLES})
SHIPPED = load_scenarios()
OTHERS = headlines.across(KNOWN, {one.title: one.scenario for one in SHIPPED}, BASE)
WORDS = r"[A-Za-z][\w'’-]*"
LIMIT = 450
CHOSEN = [
    one
    for one in SHIPPED
    if one.name
    in (
        "base",
        "very_weak_yen",
        "tariff_27_5",
        "all_makers",
        "dense_city",
        "volume_50k",
        "highlander_rhd_only",
    )
]


@pytest.fixture(params=CHOSEN, ids=lambda one: one.name, scope="module")
def named(request: pytest.FixtureRequest) -> NamedScenario:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def found(named: NamedScenario) -> headlines.Brief:
    return headlines.estimate(KNOWN, named.scenario, BASE)


def test_at_most_450_words_with_tables_and_captions(
    found: headlines.Brief, named: NamedScenario
) -> None:
    notebook = nbformat.read(PROJECT_ROOT / "notebooks" / "00_brief.ipynb", as_version=4)
    source = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"\]\([^)]*\)", "]", source)
    held = headlines.robustness(found.numbers, OTHERS)
    tables = [
        page.headline_table(found, page.rows(found), OTHERS),
        page.robustness_table(found, held),
        page.mind_table(found),
        page.ledger_table(found, named.scenario.model_dump()),
        page.checks(found, OTHERS, named.title),
    ]
    cells = " ".join(
        " ".join(map(str, [*table.columns, *table.to_numpy().ravel()])) for table in tables
    )
    captions = " ".join(
        re.findall(r'caption="([^"]*)"', " ".join(cell.source for cell in notebook.cells))
    )
    assert (
        len(
            re.findall(
                WORDS, " ".join([text, *page.answer(found, page.rows(found)), cells, captions])
            )
        )
        <= LIMIT
    )


def test_answer_is_three_sentences(found: headlines.Brief) -> None:
    sentences = page.answer(found, page.rows(found))
    assert len(sentences) == 3
    for sentence in sentences:
        assert re.match(r"\w.*\.$", sentence)
        assert not re.search(r"\bnan\b|\binf\b|  |\.\.|;\.", sentence), sentence


def test_records_are_those_of_the_notebooks(found: headlines.Brief) -> None:
    cost = found.cost
    there = [
        *map(page.as_record, trade_findings.effect(found.effect, found.trade)),
        *premium_views.results(cost),
        sticker_views.leading_result(cost),
        page.as_record(fit_findings.models_that_fit(found.fit)),
    ]
    known = {one["name"]: one for one in there}
    shared = [
        one
        for one in page.results(
            found, page.rows(found), headlines.robustness(found.numbers, OTHERS)
        )
        if one["name"] in known
    ]
    assert len(shared) == 5
    assert all(one == known[one["name"]] for one in shared)


def test_nothing_unverified_and_every_name_listed(found: headlines.Brief) -> None:
    recorded = page.results(found, page.rows(found), headlines.robustness(found.numbers, OTHERS))
    assert len({one["name"] for one in recorded}) == len(recorded)
    for one in recorded:
        low, high, label = (
            one["interval"] or (None, None, "") if "interval" in one else (None, None, "")
        )
        result = Result(
            **{key: value for key, value in one.items() if key != "interval"},
            low=low,
            high=high,
            interval=label,
        )
        assert result.name in NAMES
        assert result.quality != "unverified"


def test_headlines_have_five_rows_and_the_right_notebooks(found: headlines.Brief) -> None:
    table = page.headline_table(found, page.rows(found), OTHERS)
    assert list(table["Notebook"]) == ["01", "02", "03", "04", "04"]
    assert (
        not table.astype(str)
        .apply(lambda column: column.str.contains(r"\bnan\b|\binf\b"))
        .any()
        .any()
    )


def test_pictures_carry_their_data(found: headlines.Brief) -> None:
    fig, alt, data = page.picture(found, page.rows(found), OTHERS)
    assert len(alt) <= 400
    assert len(data) == 5 * (len(OTHERS) + 1)
    assert all(axis.get_xlim()[0] == 0 for axis in fig.axes)
    strip, words, counted = page.verdict_strip(found)
    assert len(words) <= 400
    assert counted.drop(columns="article").to_numpy().sum() == len(found.audit.verdicts)
    assert strip.get_label()


def test_statements_name_the_shorter_list() -> None:
    one = headlines.Held(
        headlines.Statement("fit", "half or fewer"), ("Dense city",), ("Base", "Weak yen")
    )
    own = headlines.estimate(KNOWN, BASE, BASE)
    assert page.robustness_table(own, (one,))["Not in"].item() == "all but Dense city"
    none = headlines.Held(one.statement, (), ("Base", "Weak yen"))
    assert page.robustness_table(own, (none,))["Not in"].item() == "all"


def test_the_order_of_events_says_no_more_than_the_events_do() -> None:
    own = headlines.estimate(KNOWN, BASE, BASE)
    order = own.cost.timeline
    assert not order.plan_came_first
    assert order.first_named_on <= order.agreed_on
    last = page.answer(own, page.rows(own))[2]
    assert "helped is unknown" in last
    assert "cannot have earned" not in last
    late = replace(
        own, cost=replace(own.cost, timeline=replace(order, first_named_on="2999-01-01"))
    )
    assert "cannot have earned" in page.answer(late, page.rows(late))[2]
    early = replace(own, cost=replace(own.cost, timeline=replace(order, aimed_on=order.agreed_on)))
    assert page.answer(early, page.rows(early))[2].endswith("percentage points or more.")


def test_the_volume_is_called_an_estimate_only_as_it_was_estimated(
    found: headlines.Brief, named: NamedScenario
) -> None:
    said = "one analyst's estimate" in page.answer(found, page.rows(found))[0]
    assert said == (named.scenario.programme_units == BASE.programme_units)


def test_the_net_number_of_cars_stands_in_the_watch_list() -> None:
    own = headlines.estimate(KNOWN, BASE, BASE)
    (closing,) = (one for one in page.beside(own) if one["name"] == "units_to_close_net")
    (row,) = (
        one for one in page.mind_table(own).to_dict("records") if "of the gap" in one["Watch"]
    )
    assert row["Watch"].endswith("net of Japanese parts and backfill")
    assert f"{row['Threshold']} a year net of Japanese parts and backfill" in closing["sentence"]


def test_a_shared_unit_is_written_once() -> None:
    assert page._between("5.1 points", "more than 100 points") == "5.1 to more than 100 points"
    assert page._between("5.1 points", "9 %") == "5.1 points to 9 %"
    assert page._between("7", "9") == "7 to 9"


def test_the_registered_forecast_stands_beside_this_run() -> None:
    own = headlines.estimate(KNOWN, BASE, BASE)
    table = page.ledger_table(own, BASE.model_dump())
    assert table["Threshold"].tolist() == [20_000, 20_000]
    assert table["P50"].iloc[0] == pytest.approx(table["P50"].iloc[1], rel=1e-4)
