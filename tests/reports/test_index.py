"""The index of a batch: every report, every headline of every scenario, every failure; for one
scenario and for two hundred.
"""

import dataclasses
import itertools
import random

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers import results
from helpers.data import load
from helpers.reports import IndexContext, ScenarioResult, answer_line, index
from helpers.reports.changes import newest_changes
from helpers.reports.comparison import MOST_LABELLED, headlines
from helpers.reports.front import front
from helpers.reports.references import terms
from helpers.results import Result
from helpers.scenarios import NOTEBOOKS
from tests.reports.report_samples import a_batch, read, shipped_batch, stored


def soup_of(scenarios: int) -> BeautifulSoup:
    return BeautifulSoup(index(*a_batch(scenarios)), "html.parser")


def result(
    name: str,
    value: float | str,
    low: float | None = None,
    high: float | None = None,
    unit: str = "%",
) -> Result:
    label = "80 %" if low is not None else ""
    return Result(
        name=name,
        value=value,
        unit=unit,
        quality="estimate",
        source_ids=("A",),
        sentence="x",
        low=low,
        high=high,
        interval=label,
    )


@pytest.mark.parametrize("scenarios", [1, 2, 20, 200])
def test_every_report_has_a_card_with_its_answer(scenarios: int) -> None:
    soup = soup_of(scenarios)
    cards = soup.select("ul.cards > li")
    assert len(cards) == scenarios * len(NOTEBOOKS)
    assert [card.a["href"] for card in cards[: len(NOTEBOOKS)]] == [
        f"base/{name}.html" for name in NOTEBOOKS
    ]
    assert all(card.p.get_text() == "It answers in one plain sentence." for card in cards)
    assert len(soup.find_all("h1")) == 1


@pytest.mark.parametrize("scenarios", [6, 20, 200])
def test_headlines_stand_side_by_side_for_all_scenarios(scenarios: int) -> None:
    entries, recorded, failures, context = a_batch(scenarios)
    soup = BeautifulSoup(index(entries, recorded, failures, context), "html.parser")
    rows = soup.find("table", class_="headlines").tbody.find_all("tr")
    assert [row.th.get_text() for row in rows[:1]] == ["Base"]
    titles = {one.scenario: one.scenario_title for one in entries}
    by_title = {read(row.th): [cell.get_text() for cell in row.find_all("td")] for row in rows}
    assert set(by_title) == set(titles.values())
    for one in recorded:
        if one.result.name == "cars":
            assert by_title[titles[one.scenario]][0] == f"{one.result.value:,.0f}"
        if one.result.name == "verdict":
            assert by_title[titles[one.scenario]][2] == one.result.value


def test_few_scenarios_stand_beside_each_other_and_only_what_differs_is_bold() -> None:
    table = soup_of(4).find("table", class_="headlines")
    assert [head.get_text() for head in table.thead.find_all("th")][:2] == ["Number", "Base"]
    rows = table.tbody.find_all("tr")
    assert [row.th.get_text() for row in rows] == ["Cars vehicles", "Ratio cars", "Verdict"]
    bold = [[bool(cell.strong) for cell in row.find_all("td")] for row in rows]
    assert bold == [[False, True, True, True]] * 2 + [[False, True, True, False]]


@pytest.mark.parametrize(
    ("scenarios", "labelled"), [(20, 20), (MOST_LABELLED, MOST_LABELLED), (200, 6)]
)
def test_one_picture_per_number_in_ascending_order_with_its_interval(
    scenarios: int, labelled: int
) -> None:
    soup = soup_of(scenarios)
    figures = soup.find_all("figure", class_="compare")
    assert [figure["id"] for figure in figures] == ["picture-cars", "picture-ratio"]
    rows = figures[0].tbody.find_all("tr")
    assert len(rows) == labelled
    values = [float(row.find(class_="number").find(string=True).replace(",", "")) for row in rows]
    assert values == sorted(values)
    dots = [
        float(row.find(class_="dot")["style"].removeprefix("left:").removesuffix("%"))
        for row in rows
    ]
    assert dots == sorted(dots)
    assert all(0 <= dot <= 100 for dot in dots)
    assert all(row.find(class_="bar") for row in rows)
    assert not figures[1].find(class_="bar")
    strip = figures[0].find(class_="strip")
    assert (len(strip.find_all("p")) if strip else 0) == (
        scenarios if scenarios > MOST_LABELLED else 0
    )


def test_a_bar_spans_its_interval_and_the_line_marks_base() -> None:
    recorded = [
        ScenarioResult(name, "00_brief", result("p", value, low, high))
        for name, value, low, high in (("base", 50.0, 0.0, 100.0), ("b", 75.0, 25.0, 80.0))
    ]
    (headline,) = headlines(recorded)
    assert headline.picture is not None
    base, other = headline.picture.marks
    assert (base.position, base.start, base.width) == (50, 0, 100)
    assert (other.position, other.start, other.width) == (75, 25, 55)
    assert headline.picture.base == 50
    assert (headline.picture.left, headline.picture.right) == ("0", "100")


@pytest.mark.parametrize(
    ("unit", "values", "texts"),
    [
        ("%", [1.0, 20.0, 3.0], ["1", "20", "3"]),
        ("%", [8.59, 0.2293, 6.8], ["8.6", "0.2", "6.8"]),
        ("%", [1234.5678, 20.0], ["1,230.0", "20.0"]),
        ("%", [0.0, 0.00123], ["0.0000", "0.0012"]),
        ("%", [-1.5, -22.25], ["−1.5", "−22.2"]),
        ("cars", [8.59, 0.2293, 6.8], ["8.59", "0.23", "6.80"]),
        ("cars", [1234.5678, 20.0], ["1,230", "20"]),
        ("cars", [0.0, 0.00123], ["0.00000", "0.00123"]),
    ],
)
def test_a_headline_has_one_precision_for_all_scenarios(
    unit: str, values: list[float], texts: list[str]
) -> None:
    (headline,) = headlines(
        [
            ScenarioResult(f"s{number}", "00_brief", result("p", value, unit=unit))
            for number, value in enumerate(values)
        ]
    )
    assert list(headline.texts.values()) == texts


def test_the_brief_names_the_headlines_else_the_first_of_each_notebook() -> None:
    brief = [ScenarioResult("base", "00_brief", result(name, 1.0)) for name in ("b", "a")]
    rest = [ScenarioResult("base", "01_x", result(name, 2.0)) for name in ("a", "x1", "x2", "x3")]
    rest += [ScenarioResult("base", "02_y", result(name, 2.0)) for name in ("a", "y1", "y2", "y3")]
    assert [(one.name, one.first["value"]) for one in headlines(rest + brief)] == [
        ("b", 1.0),
        ("a", 1.0),
    ]
    assert [one.name for one in headlines(rest)] == ["a", "x1", "x2", "y1", "y2"]


def test_a_headline_that_no_scenario_moves_has_no_picture_and_is_named() -> None:
    recorded = [
        ScenarioResult(name, "00_brief", result(kind, value))
        for name in ("base", "b")
        for kind, value in (("p", 1.0), ("word", "yes"))
    ]
    soup = BeautifulSoup(index([], recorded, [], a_batch(1)[3]), "html.parser")
    assert not soup.find("figure")
    notes = soup.find("section", {"aria-labelledby": "headlines"})
    assert read(notes.find(class_="note")) == "The same in every scenario: P; Word."


def test_a_number_of_one_scenario_alone_is_not_called_the_same_in_every_one() -> None:
    recorded = [
        ScenarioResult("base", "01_x", result("p", 1.0)),
        ScenarioResult("b", "01_x", result("p", 1.0)),
        ScenarioResult("b", "02_y", result("q", 2.0)),
    ]
    assert [(one.name, one.still) for one in headlines(recorded)] == [("p", True), ("q", False)]


@pytest.mark.parametrize(
    ("values", "left", "right"),
    [((6.0, 9.0), "0", "9"), ((-6.0, -9.0), "−9", "0"), ((-6.0, 9.0), "−6", "9")],
)
def test_the_axis_of_a_picture_holds_zero(
    values: tuple[float, float], left: str, right: str
) -> None:
    (headline,) = headlines(
        [
            ScenarioResult(f"s{number}", "00_brief", result("p", value))
            for number, value in enumerate(values)
        ]
    )
    assert headline.picture is not None
    assert (headline.picture.left, headline.picture.right) == (left, right)
    assert all(0 <= mark.position <= 100 for mark in headline.picture.marks)


def test_a_headline_that_scenarios_hardly_move_is_said_in_words_and_not_drawn() -> None:
    moved = {"p": (15.0, 15.1), "q": (15.0, 16.0)}
    recorded = [
        ScenarioResult(name, "00_brief", result(kind, values[at]))
        for at, name in enumerate(("base", "b"))
        for kind, values in moved.items()
    ]
    soup = BeautifulSoup(index([], recorded, [], a_batch(1)[3]), "html.parser")
    assert [figure["id"] for figure in soup.find_all("figure")] == ["picture-q"]
    notes = soup.find("section", {"aria-labelledby": "headlines"})
    assert read(notes.find(class_="note")) == "No visible change: P (%), 15.0 to 15.1."
    assert "15.1" in soup.find("table", class_="headlines").get_text()


def test_every_headline_of_the_suite_has_a_short_label_of_its_own() -> None:
    shipped = [
        ScenarioResult("base", name, one)
        for name in NOTEBOOKS
        for one in results.collect(stored(name))
    ]
    rest = [one for one in shipped if one.notebook != "00_brief"]
    names = {
        headline.name.partition("-")[0]
        for batch in (shipped, rest)
        for headline in headlines(batch)
    }
    assert names == set(results.LABELS)
    assert max(map(len, results.LABELS.values())) <= 24
    assert len(set(results.LABELS.values())) == len(results.LABELS)


def test_one_scenario_shows_each_headline_as_a_sentence() -> None:
    soup = soup_of(1)
    assert not soup.find("table", class_="headlines")
    assert not soup.find("figure")
    cars = soup.find(id="result-cars")
    assert cars.find(class_="result-value").get_text() == "9,000 vehicles"
    assert "80 %: 4,500–18,000" in read(cars)


def test_an_interval_whose_ends_are_printed_alike_is_printed_once() -> None:
    soup = BeautifulSoup(
        index(
            [],
            [ScenarioResult("base", "00_brief", result("p", 5.0, 4.9999, 5.0001))],
            [],
            a_batch(1)[3],
        ),
        "html.parser",
    )
    assert read(soup.find(class_="result-meta").span) == "80 %: 5"


def test_failures_are_told_first_and_listed_with_message_and_retry() -> None:
    soup = soup_of(3)
    assert soup.main.find("p").get_text().startswith("1 of 19 runs failed")
    assert soup.main.find("p").a["href"] == "#failures"
    section = soup.find("section", {"aria-labelledby": "failures"})
    assert section.h2.get_text() == "What failed: 1 of 19 runs"
    text = section.tbody.get_text(" ")
    for part in (
        "02_import_volume",
        "timeout",
        "cell 7: the cell took longer than 60 s",
        "reverse-imports run",
    ):
        assert part in text
    assert soup.nav.find("a", href="#failures")
    assert not soup_of(1).find(id="failures")


def test_the_front_page_says_the_answers_of_the_brief_its_five_numbers_and_its_picture() -> None:
    brief = stored("00_brief")
    soup = BeautifulSoup(index(*shipped_batch(4), brief), "html.parser")
    section = soup.main.find("section")
    assert section["aria-labelledby"] == "answers"
    answers = [read(item) for item in section.find("ul", class_="answer").find_all("li")]
    assert answers[0] == f"How many cars? {answer_line(brief)}"
    assert len(answers) >= 3
    cards = section.find_all(class_="number-card")
    recorded = results.collect(brief)[:5]
    assert len(cards) == 5
    for card, result in zip(cards, recorded, strict=True):
        value = read(card.find(class_="card-value"))
        if not result.unit.startswith("%"):
            assert result.text.startswith(value)
        assert result.quality in card.get_text()
        page, _, anchor = card.a["href"].partition("#")
        assert page.startswith("base/")
        assert anchor.startswith(f"result-{result.name}")
    assert section.find(id="figure-headlines_picture").find_all("svg")[1]["class"] == ["narrow"]


def test_the_front_page_says_which_article_is_wrong_on_what_and_sums_up_in_japanese() -> None:
    soup = BeautifulSoup(index(*shipped_batch(4), stored("00_brief")), "html.parser")
    section = soup.main.find("section")
    heads = [head.get_text() for head in section.find("table").thead.find_all("th")]
    assert heads == ["Article", "What it says", "What the facts say"]
    assert section.find("details", lang="ja").find_all("li")


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (15.04, 9.96, 26.0, ("15 %", "10.0 to 26 %")),
        (2.04, 1.5, 2.71, ("2.0 %", "1.5 to 2.7 %")),
    ],
)
def test_a_card_says_no_more_digits_than_matter(
    value: float, low: float, high: float, shown: tuple[str, str]
) -> None:
    recorded = [ScenarioResult("base", "00_brief", result("p", value, low, high))]
    (card,) = front(stored("00_brief"), "base", recorded).cards
    assert (card.value, card.span) == shown


def test_what_changed_tells_each_import_and_the_headlines_it_moved() -> None:
    rows = [
        ("2026-06-20", "census", "a.json", "2026-05", "", "", "", ""),
        ("2026-08-05", "fred", "b.csv", "2026-07", "sticker_jpy", "camry", "¥5.7 m", "¥5.8 m"),
        ("2026-08-05", "fred", "b.csv", "2026-07", "jpy_per_usd", "", "156", "157"),
    ]
    record = pd.DataFrame(rows, columns=list(load("changes").columns))
    newest, first = newest_changes(record)
    assert (newest.day, newest.publisher, len(newest.moved)) == ("2026-08-05", "Federal Reserve", 2)
    assert first.moved == ()
    context = dataclasses.replace(a_batch(1)[3], changes=(newest, first))
    section = BeautifulSoup(index([], [], [], context), "html.parser").find(id="changes").parent
    assert "5 August 2026: Federal Reserve, 2026-07" in read(section)
    assert "Price in Japan, Camry: from ¥5.7 m to ¥5.8 m" in read(section)
    assert "No headline moved." in read(section)


def test_a_number_leads_to_the_notebook_that_works_it_out() -> None:
    recorded = [
        ScenarioResult("base", notebook, result(name, 1.0))
        for notebook, name in (("00_brief", "p"), ("02_x", "p"), ("00_brief", "q"))
    ]
    shown = front(stored("00_brief"), "base", recorded)
    assert [card.href for card in shown.cards] == [
        "base/02_x.html#result-p",
        "base/00_brief.html#result-q",
    ]


@pytest.mark.parametrize("scenarios", [1, 3])
def test_each_question_has_an_address_with_its_reports_under_all_scenarios(scenarios: int) -> None:
    soup = soup_of(scenarios)
    for name in NOTEBOOKS:
        listed = soup.find(id=f"report-{name}")
        links = [link["href"] for link in listed.find_all("a")]
        assert len(links) == (scenarios if scenarios > 1 else 0)
        assert all(link.endswith(f"/{name}.html") for link in links)


def test_the_glossary_stands_on_the_front_page_and_each_word_once() -> None:
    soup = soup_of(1)
    listed = [entry["id"] for entry in soup.find("dl", class_="glossary").find_all("dt")]
    assert listed == [term.anchor for term in terms()]
    assert listed == sorted(listed)
    assert len(set(listed)) == len(listed)


def test_all_results_can_be_downloaded() -> None:
    section = soup_of(2).find("section", {"aria-labelledby": "downloads"})
    assert [link["href"] for link in section.find_all("a")] == [
        "results.csv",
        "results.xlsx",
        "results.parquet",
    ]


def test_an_empty_batch_and_one_that_failed_altogether_have_an_index() -> None:
    _, _, failures, context = a_batch(2)
    assert "There is no report from the present code and data." in index([], [], [], context)
    assert "What failed: 1 of 1 runs" in index([], [], failures, context)


def test_size_and_order_independence() -> None:
    entries, recorded, failures, context = a_batch(20)
    page = index(entries, recorded, failures, context)
    assert len(page.encode()) < 300_000
    shuffled = random.Random(3)
    groups = [
        list(group)
        for _, group in itertools.groupby(recorded, key=lambda one: (one.scenario, one.notebook))
    ]
    shuffled.shuffle(groups)
    mixed = list(entries)
    shuffled.shuffle(mixed)
    assert index(mixed, [one for group in groups for one in group], failures, context) == page


def test_contents_and_anchors_agree() -> None:
    soup = soup_of(20)
    identifiers = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    assert [link["href"][1:] for link in soup.nav.find_all("a")] == [
        tag["id"] for tag in soup.find_all("h2")
    ]


def test_the_stamp() -> None:
    page = index(*a_batch(1)[:3], IndexContext("9.9", "2026-11-21", "abc"))
    assert (
        BeautifulSoup(page, "html.parser").footer.get_text().strip()
        == "reverse-imports 9.9 · data of 2026-11-21 · run abc"
    )
