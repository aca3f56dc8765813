"""The brief on a page: short, its results those of the notebooks, its words true where numbers
turn.
"""

import re
from dataclasses import replace
from string import Formatter

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.brief import answers, figures, findings, tables, wording
from helpers.brief.part import BriefPart
from helpers.brief.robustness import Held, Statement, robustness
from helpers.cost import findings as cost_findings
from helpers.results import NAMES, Result
from helpers.scenarios import NamedScenario, Scenario, load_scenarios
from helpers.show import Table, numbers
from helpers.study import Study
from helpers.texts import MONEY
from helpers.trade import findings as trade_findings
from helpers.volume import findings as volume_findings

STUDY = Study.of()
SHIPPED = load_scenarios()
OTHERS = {
    title: study.brief.headlines
    for title, study in STUDY.across({own.title: own.scenario for own in SHIPPED}).items()
}
CHOSEN = (
    "base",
    "very_weak_yen",
    "tariff_27_5",
    "all_makers",
    "dense_city",
    "volume_50k",
    "highlander_rhd_only",
)
WORDS = r"[A-Za-z][\w'’-]*"
LIMIT = 1_000


@pytest.fixture(params=[own for own in SHIPPED if own.name in CHOSEN], ids=lambda own: own.name)
def named(request: pytest.FixtureRequest) -> NamedScenario:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def brief(named: NamedScenario) -> BriefPart:
    return STUDY.under(named.scenario).brief


def words(text: str) -> int:
    return len(re.findall(WORDS, text))


def cells(table: Table) -> str:
    return " ".join(map(str, [table.caption, *table.frame.columns, *table.frame.to_numpy().flat]))


def test_the_page_is_short_with_its_tables_and_captions(brief: BriefPart) -> None:
    notebook = nbformat.read(PROJECT_ROOT / "notebooks" / "00_brief.ipynb", as_version=4)
    source = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"\$\$.*?\$\$|\]\([^)]*\)", "", source, flags=re.DOTALL)
    held = robustness(brief.headlines, OTHERS)
    shown = (
        tables.headlines(brief, OTHERS),
        tables.robustness(brief, held),
        tables.watch(brief),
        tables.forecast(brief),
    )
    assert words(" ".join([text, *answers.answered(brief).values(), *map(cells, shown)])) <= LIMIT


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_each_question_has_one_answer_in_each_language(brief: BriefPart, language: str) -> None:
    sentences = answers.answers(brief, language)
    assert len(sentences) == 6
    for sentence in sentences:
        assert re.match(r"\w.*[.。]$", sentence)
        assert not re.search(r"\bnan\b|\binf\b|  |\.\.|;\.|[{}]", sentence), sentence


def test_both_languages_name_the_same_numbers() -> None:
    def placeholders(template: str) -> list[str]:
        return sorted(name for _, name, *_ in Formatter().parse(template) if name)

    for english, japanese in wording.TEMPLATES.values():
        assert placeholders(english) == placeholders(japanese)
    spoken = {word for _, word in volume_findings._LIKELIHOODS} | {answers.ANALYST}
    assert spoken <= set(wording.WORDS)


def test_the_japanese_summary_holds_the_five_numbers_and_what_is_not_known() -> None:
    summary = findings.japanese(STUDY.brief)
    assert [len(lines) for lines in summary.lists.values()] == [6, 5, len(wording.LIMITS)]
    html = summary._repr_mimebundle_()["text/html"]
    assert html.startswith(f'<details class="summary {MONEY}" lang="ja">')
    notebook = nbformat.read(PROJECT_ROOT / "notebooks" / "00_brief.ipynb", as_version=4)
    limits = next(cell.source for cell in notebook.cells if cell.source.startswith("## Limits"))
    assert all(f"- {english}" in limits for english, _ in wording.LIMITS)


@pytest.mark.parametrize(
    ("value", "text"),
    [(9_191_618, "919万円"), (1.4e12, "1兆4,000億円"), (69.7e6, "6,970万円"), (5_801, "5,800円")],
)
def test_japanese_money_counts_by_ten_thousands(value: float, text: str) -> None:
    assert wording.yen(value).japanese(value) == text


@pytest.mark.parametrize(
    ("probability", "text"), [(0.0, "0%"), (0.001, "1%未満"), (0.13, "13%"), (0.999, "99%超")]
)
def test_a_japanese_chance_is_never_certain_by_rounding(probability: float, text: str) -> None:
    assert wording.japanese_chance(probability) == text


def test_each_contradicted_claim_stands_under_its_outlet() -> None:
    frame = tables.contradicted(STUDY.brief).frame
    audited = STUDY.brief.claims.audit.verdicts
    assert len(frame) == sum(own.headline == "contradicted" for own in audited)
    assert not frame["Article"].str.contains(r"[;(]|\bA\d\b").any()


def test_results_are_those_of_the_notebooks(brief: BriefPart) -> None:
    effect, cost, volume = brief.trade.effect, brief.cost, brief.volume
    recorded = {(own.name, own.subject): own for own in findings.results(brief)}
    there: list[Result] = [
        *trade_findings.effect(effect, brief.trade.flows),
        *cost_findings.results(cost),
        volume_findings.middle(volume.median),
    ]
    shared = [own for own in there if (own.name, own.subject) in recorded]
    assert {own.name for own in shared} == {
        "programme_share_of_gap_percent",
        "units_to_close_net",
        "sticker_jpy",
        "weak_yen_units_change_percent",
        "break_even_probability_percent",
        "volume_p50_units",
    }
    assert all(own == recorded[own.name, own.subject] for own in shared)


def test_nothing_unverified_and_every_name_listed(brief: BriefPart) -> None:
    recorded = findings.results(brief)
    assert len({(own.name, own.subject) for own in recorded}) == len(recorded)
    assert {own.name for own in recorded} <= set(NAMES)
    assert all(own.quality != "unverified" for own in recorded)


def test_headlines_have_five_rows_and_the_right_notebooks(brief: BriefPart) -> None:
    frame = tables.headlines(brief, OTHERS).frame
    assert list(frame["Notebook"]) == ["01", "02", "03", "04", "04"]
    assert not re.search(r"\bnan\b|\binf\b", frame.to_string())


def test_charts_carry_their_data(brief: BriefPart) -> None:
    strips = figures.headlines(brief, OTHERS)
    assert len(strips.data) == 5 * (len(OTHERS) + 1)
    assert all(axis.get_xlim()[0] == 0 for axis in strips.canvas(720).figure.axes)
    counted = figures.verdicts(brief).data
    assert counted.drop(columns="article").to_numpy().sum() == len(brief.claims.audit.verdicts)


def test_statements_name_the_shorter_list() -> None:
    few = Held(Statement("fit", "half or fewer"), ("Dense city",), ("Base", "Weak yen"))
    assert tables.robustness(STUDY.brief, (few,)).frame["Not in"].item() == "all but Dense city"
    none = Held(few.statement, (), ("Base", "Weak yen"))
    assert tables.robustness(STUDY.brief, (none,)).frame["Not in"].item() == "all"


def test_the_order_of_events_says_no_more_than_the_events_do() -> None:
    events = STUDY.cost.timeline
    assert not events.plan_came_first
    assert events.first_named_on <= events.agreed_on
    assert answers.order(events) in answers.answered(STUDY.brief).values()
    assert answers.order(events).endswith("helped is unknown.")
    late = replace(events, first_named_on="2999-01-01")
    assert answers.order(late).endswith("cannot have earned it.")
    assert answers.order(replace(events, aimed_on=events.agreed_on)) == ""


def test_the_volume_is_called_an_estimate_only_as_it_was_estimated(
    brief: BriefPart, named: NamedScenario
) -> None:
    said = "one analyst's estimate" in answers.answered(brief)["Is that much?"]
    assert said == (named.scenario.programme_units == Scenario().programme_units)


def test_the_net_number_of_cars_stands_in_the_watch_list() -> None:
    closing = findings.closing_net(STUDY.trade)
    frame = tables.watch(STUDY.brief).frame
    (row,) = frame[frame["Watch"].str.contains("of the gap")].to_dict("records")
    assert row["Watch"].endswith("net of Japanese parts and backfill")
    assert f"{row['Threshold']} a year net of Japanese parts and backfill" in closing.sentence


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("5.1 points", "more than 100 points", "5.1 to more than 100 points"),
        ("¥6.94 m", "¥11.0 m", "¥6.94 to ¥11.0 m"),
        ("5.1 points", "9 %", "5.1 points to 9 %"),
        ("0 of 6", "6 of 6", "0 of 6 to 6 of 6"),
        ("7", "9", "7 to 9"),
    ],
)
def test_a_shared_unit_is_written_once(low: str, high: str, text: str) -> None:
    assert numbers.joint(low, high) == text


def test_the_registered_forecast_stands_beside_this_run() -> None:
    frame = tables.forecast(STUDY.brief).frame
    assert frame["Threshold"].tolist() == [20_000, 20_000]
    assert frame["P50"].tolist() == [
        pytest.approx(STUDY.brief.registered["p50_units"]),
        pytest.approx(STUDY.volume.median.value),
    ]
