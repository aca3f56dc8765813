"""The show core: numbers, text, tables, figures and sentences, as every notebook uses them."""

import csv
import doctest
import io
import math
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from helpers import show
from helpers.show import numbers, style
from helpers.show.table import MIME as TABLE
from helpers.texts import LONGEST_ALT, MONEY, csv_text, escaped, no_formula, short, visible


def displayed(publish: Callable[[], None]) -> list[dict[str, Any]]:
    InteractiveShell.instance()
    with capture_output() as captured:
        publish()
    return [output.data for output in captured.outputs]


def table_of(frame: pd.DataFrame, **options: Any) -> ElementTree.Element:
    """A shown table as a tree; that it is well formed is part of the test."""
    (data,) = displayed(
        lambda: display(show.Table(**{"name": "t", "caption": "A table", "frame": frame} | options))
    )
    return ElementTree.fromstring(f"<div>{data['text/html']}</div>")


def words(element: ElementTree.Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in element.iter("tr")]


# numbers


def test_the_examples_of_the_number_formats() -> None:
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "¥0"),
        (999, "¥999"),
        (12_345, "¥12,345"),
        (999_499, "¥999,499"),
        (999_999, "¥1.00 m"),
        (6_578_880, "¥6.58 m"),
        (65_788_800, "¥65.8 m"),
        (657_888_000, "¥658 m"),
        (999_999_999, "¥1.00 bn"),
        (1.404e12, "¥1.40 trn"),
        (-6_578_880, "−¥6.58 m"),
        (-12_345, "−¥12,345"),
    ],
)
def test_money(value: float, text: str) -> None:
    assert numbers.jpy(value) == text
    assert numbers.usd(value) == text.replace("¥", "$")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 %"),
        (0.004, "less than 1 %"),
        (0.04455, "4 % (about 1 in 22)"),
        (0.1, "10 % (about 1 in 10)"),
        (0.25, "25 % (about 1 in 4)"),
        (0.3, "30 % (about 3 in 10)"),
        (0.4, "40 % (about 2 in 5)"),
        (0.5, "50 % (about 1 in 2)"),
        (0.51, "51 %"),
        (0.9, "90 %"),
        (0.996, "more than 99 %"),
        (1, "100 %"),
    ],
)
def test_probabilities(value: float, text: str) -> None:
    assert numbers.probability(value) == text


@given(some.floats(0.006, 0.5))
def test_a_natural_frequency_is_near_its_probability(value: float) -> None:
    found = re.search(r"about (\d+) in (\d+)", numbers.probability(value))
    assert found
    assert int(found[1]) / int(found[2]) == pytest.approx(value, rel=0.13)


@given(some.floats(-1e13, 1e13))
def test_a_number_in_prose_is_within_half_a_percent(value: float) -> None:
    text = numbers.usd(value)
    scale = {"trn": 1e12, "bn": 1e9, "m": 1e6}.get(text.split()[-1], 1)
    back = float(re.sub(r"[$,]|trn|bn|m", "", text.replace("−", "-"))) * scale
    assert back == pytest.approx(value, rel=0.0051, abs=0.51)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (4_691, 17_583, "4,700–17,600"),
        (0, 0, "0"),
        (0.5, 2.25, "0.50–2.25"),
        (-3, 2.5, "−3.00 to 2.50"),
        (1_000, 1_000_000, "1,000–1,000,000"),
    ],
)
def test_spans(low: float, high: float, text: str) -> None:
    assert numbers.span(low, high) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(-0.04, 1, "0.0"), (-1234.5, 1, "−1,234.5"), (2.5, 0, "2"), (1e6, 0, "1,000,000")],
)
def test_plain_numbers(value: float, decimals: int, text: str) -> None:
    assert numbers.plain(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20_000, "20,000 cars"),
        (16_074, "16,100 cars"),
        (999, "999 cars"),
        (102_675, "103,000 cars"),
        (3, "3 cars"),
    ],
)
def test_counts(value: float, text: str) -> None:
    assert numbers.units(value, "cars") == text


# text


def test_invisible_characters_are_written_out() -> None:
    assert visible("a\u202eb\u2067c\x07d\ufeffe") == "a[U+202E]b[U+2067]c[U+0007]d[U+FEFF]e"
    assert visible("日本 ¥ – é\n\tx") == "日本 ¥ – é\n\tx"


def test_a_short_text_is_one_line_and_cut_with_an_ellipsis() -> None:
    assert short("Two\nlines\u202e") == "Two lines[U+202E]"
    assert short("x" * LONGEST_ALT) == "x" * LONGEST_ALT
    assert len(short("word " * 200)) <= LONGEST_ALT
    assert short("one two", 5) == "one…"


@given(some.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    root = ElementTree.fromstring(
        f'<p title="{escaped(text).replace(chr(10), " ").replace(chr(9), " ")}">{escaped(text)}</p>'
    )
    assert len(root) == 0
    assert (root.text or "") == visible(text)
    assert root.attrib == {"title": visible(text).replace("\n", " ").replace("\t", " ")}


@given(some.text(alphabet="=+-@;|\t\n\r x1'\"", max_size=12))
def test_no_cell_of_any_reading_starts_a_formula(text: str) -> None:
    written = csv_text(pd.DataFrame({"a": [text], "b": ["x"]}))
    for separator in ",;\t|":
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            for cell in row:
                assert not re.match(r"\s*[=+\-@]", cell) or re.fullmatch(
                    r"[+-]?[0-9]+(,x)?",
                    cell,  # a number, alone or with the rest of its row
                ), (
                    separator,
                    cell,
                )


@pytest.mark.parametrize(
    "text", ["", "plain", "-5", "+3.5 %", "a=b", "a - b", "2024-25", "'quoted'"]
)
def test_ordinary_text_is_left_alone_in_csv(text: str) -> None:
    assert no_formula(text) == text


# tables


def test_a_table_is_semantic_and_complete() -> None:
    frame = pd.DataFrame(
        {
            "Car": ["Camry", "Tundra"],
            "Width": [1839.0, None],
            "Share": [1.25, 10.0],
            "Fits": [True, False],
            "When": ["2024", ""],
        }
    )
    root = table_of(frame, units={"Width": "mm"}, decimals={"Share": 2})
    assert [cell.get("scope") for cell in root.iter("th")] == ["col"] * 5 + ["row"] * 2
    assert root.find(".//caption").text == "A table"  # type: ignore[union-attr]
    assert words(root) == [
        ["Car", "Width (mm)", "Share", "Fits", "When"],
        ["Camry", "1,839", "1.25", "yes", "2024"],
        ["Tundra", "–", "10.00", "no", ""],
    ]
    assert [cell.get("style") for cell in list(root.iter("tr"))[1]] == [
        "text-align:left",
        "text-align:right",
        "text-align:right",
        "text-align:left",
        "text-align:left",
    ]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.float64("nan")])
def test_a_missing_value_is_a_dash(missing: Any) -> None:
    assert words(table_of(pd.DataFrame({"a": ["x"], "b": pd.Series([missing], dtype=object)})))[
        1
    ] == ["x", "–"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.bool_(True), "yes"),
        (np.int64(20_000), "20,000"),
        (np.float64(2.0), "2"),
        ([1, 2], "[1, 2]"),
        (("a",), "('a',)"),
    ],
)
def test_values_of_other_types(value: Any, text: str) -> None:
    assert words(table_of(pd.DataFrame({"a": ["x"], "b": pd.Series([value], dtype=object)})))[
        1
    ] == ["x", text]


def test_web_addresses_become_links_and_nothing_else_does() -> None:
    root = table_of(
        pd.DataFrame(
            {
                "a": ["x"] * 4,
                "b": [
                    "https://a.example/?x=1&y='2",
                    "javascript:x",
                    "http://",
                    'https://a.example/"x',
                ],
            }
        )
    )
    assert [link.get("href") for link in root.iter("a")] == ["https://a.example/?x=1&y='2"]


def shown_numbers(frame: pd.DataFrame, **options: Any) -> list[list[str]]:
    """The texts of the cells by row, without the row heads."""
    return [
        [cell.text or "" for cell in row.iter("td")]
        for row in table_of(frame, **options).iter("tr")
    ][1:]


def test_rows_of_different_units_have_the_digits_that_each_needs() -> None:
    rows = [
        ("Price", "USD", 29_061.6, -8.7),
        ("Part", "USD million", 54.75, 1.0),
        ("Rate", "JPY per USD", 151.4551, 2.0),
        ("Share", "%", 2.4, 3.0),
        ("Margin", "%", 8.0, 0.25),
        ("Cars", "vehicles", 500_000.0, 0.0),
        ("Freight", "USD per m3", 65.4, 5.0),
    ]
    frame = pd.DataFrame(rows, columns=["What", "Unit", "Value", "Change"])
    shown = shown_numbers(frame, units={"Change": "%"})
    assert [one[1] for one in shown] == ["29,062", "55", "151.5", "2.4", "8", "500,000", "65.4"]
    assert [one[2] for one in shown] == ["−8.7", "1.0", "2.0", "3.0", "0.2", "0.0", "5.0"], (
        "a column with a unit of its own has one precision"
    )
    assert [one[1] for one in shown_numbers(frame, units={"Change": "%"}, decimals={"Value": 2})][
        2:4
    ] == ["151.46", "2.40"]


def test_checks_of_different_size_have_the_digits_that_each_needs() -> None:
    rows = [
        ("Vehicles", 1_369_092.0, 1_369_092.0),
        ("Cover, %", 2.136, 2.136),
        ("JPY", 8_654_544.81, 8_654_544.81),
        ("Models", 5.0, 5.0),
    ]
    frame = pd.DataFrame(rows, columns=["Check", "Computed", "Expected"])
    assert [one[0] for one in shown_numbers(frame, decimals={"Computed": 2, "Expected": 2})] == [
        "1,369,092",
        "2.14",
        "8,654,545",
        "5",
    ]


def test_money_in_a_column_of_its_own_has_no_decimals() -> None:
    frame = pd.DataFrame(
        {"Car": ["Camry"], "Sticker": [5_474_261.4], "Rate": [151.4551], "Freight": [65.4]}
    )
    assert shown_numbers(
        frame, units={"Sticker": "JPY", "Rate": "JPY per USD", "Freight": "USD per m3"}
    ) == [["5,474,261", "151.5", "65.4"]]


def test_long_tables_say_what_they_leave_to_the_csv() -> None:
    (data,) = displayed(
        lambda: display(show.Table("t", "c", pd.DataFrame({"a": range(50)}), rows=10))
    )
    assert len(words(ElementTree.fromstring(f"<div>{data['text/html']}</div>"))) == 11
    assert "40 more rows are in the CSV file." in data["text/html"]
    assert len(pd.read_csv(io.StringIO(data[TABLE]["csv"]))) == 50
    assert data["text/plain"] == "c [50 rows: a]"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"caption": " "}, "caption"),
        ({"name": "A b"}, "small letters"),
        ({"units": {"z": "mm"}}, "no such column: z"),
        ({"decimals": {"y": 1}}, "no such column: y"),
    ],
)
def test_a_table_without_caption_name_or_with_a_wrong_column_is_refused(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        table_of(pd.DataFrame({"a": [1]}), **options)


def test_numbers_in_csv_keep_their_digits() -> None:
    frame = pd.DataFrame({"a": [0.1 + 0.2, 1e-9, 123456789.125], "b": [1, 2, 3]})
    assert csv_text(frame) == "a,b\n0.3,1\n1e-09,2\n123456789.1,3\n"


def register() -> pd.DataFrame:
    columns = ["source_id", "aliases", "publisher", "title", "published", "url"]
    return pd.DataFrame(
        [
            ["B", "S2; S3", "Bureau", "Trade", "2025", "https://b.example/"],
            ["A", "", "Agency", "Cars", "2024", ""],
        ],
        columns=columns,
    )


def test_sources_come_in_the_order_asked_for_once_each_and_by_earlier_ids() -> None:
    (data,) = displayed(lambda: display(show.sources(register(), ["A", "S3", "B", "A"])))
    rows = words(ElementTree.fromstring(f"<div>{data['text/html']}</div>"))
    assert [row[0] for row in rows] == ["Id", "A", "B"]
    assert data[TABLE]["kind"] == "sources"


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(ValueError, match="Z9"):
        show.sources(register(), ["A", "Z9"])


# figures


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_stand_out_from_paper_and_the_two_flows_from_each_other_in_grey() -> None:
    for ink in (style.INK, style.NEUTRAL):
        assert _contrast(ink, "#ffffff") >= 4.5
    for mark in (style.JAPAN_TO_US, style.US_TO_JAPAN):
        assert _contrast(mark, "#ffffff") >= 3
    grey = [
        round(255 * math.pow(_luminance(colour), 1 / 2.2))
        for colour in (style.JAPAN_TO_US, style.US_TO_JAPAN)
    ]
    assert abs(grey[0] - grey[1]) >= 20


# sentences


def test_sentences_are_text() -> None:
    (data,) = displayed(lambda: show.prose("1 < 2 & 3.", "<b>bold</b>"))
    assert data == {
        "text/html": f'<p class="{MONEY}">1 &lt; 2 &amp; 3. &lt;b&gt;bold&lt;/b&gt;</p>',
        "text/plain": "1 < 2 & 3. <b>bold</b>",
    }
    (data,) = displayed(lambda: show.prose("Of $39.1 bn, 13 % (about 1 in 8)."))
    assert data == {
        "text/html": (
            f'<p class="{MONEY}">Of $39.1\u00a0bn, 13\u00a0% (about 1\u00a0in\u00a08).</p>'
        ),
        "text/plain": "Of $39.1 bn, 13 % (about 1 in 8).",
    }
    (data,) = displayed(lambda: show.answer("One.", "Two."))
    assert [item.text for item in ElementTree.fromstring(data["text/html"]).iter("li")] == [
        "One.",
        "Two.",
    ]
    assert data["text/plain"] == "• One.\n• Two."
