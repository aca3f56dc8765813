"""The show core: numbers, text, tables, figures and sentences, as every notebook uses them."""

import csv
import doctest
import io
import math
import re
import warnings
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
from matplotlib.figure import Figure

from helpers import show
from helpers.scenarios import Scenario
from helpers.show import numbers, style
from helpers.show.figure import MIME as FIGURE
from helpers.show.figure import svg
from helpers.show.table import MIME as TABLE
from helpers.texts import LONGEST_ALT, csv_text, escaped, no_formula, short, visible

ALT = "Bar chart of two numbers, 1 and 2"
SVG = "{http://www.w3.org/2000/svg}"


def displayed(publish: Callable[[], None]) -> list[dict[str, Any]]:
    InteractiveShell.instance()
    with capture_output() as captured:
        publish()
    return [output.data for output in captured.outputs]


def table_of(frame: pd.DataFrame, **options: Any) -> ElementTree.Element:
    """A shown table as a tree; that it is well formed is part of the test."""
    (data,) = displayed(
        lambda: show.table(frame, **({"name": "t", "caption": "A table"} | options))
    )
    return ElementTree.fromstring(f"<div>{data['text/html']}</div>")


def words(element: ElementTree.Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in element.iter("tr")]


def bars(title: str = "Two is more than one", **options: Any) -> Figure:
    fig, axis = style.canvas(title, "Number, 2024", "nobody", height_in=1.5, **options)
    axis.bar(["one", "two"], [1, 2], color=style.JAPAN_TO_US)
    axis.plot([0, 1], [1, 2], marker="o")
    return fig


def shown_figure(fig: Figure, name: str = "bars") -> dict[str, Any]:
    (data,) = displayed(
        lambda: show.figure(fig, name=name, alt=ALT, data=pd.DataFrame({"a": [1, 2]}))
    )
    return data


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
        lambda: show.table(pd.DataFrame({"a": range(50)}), name="t", caption="c", rows=10)
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


def test_a_figure_carries_its_alt_text_words_and_data() -> None:
    data = shown_figure(bars())
    root = ElementTree.fromstring(data["image/svg+xml"])
    assert (root.get("role"), root.get("aria-label"), data["text/plain"]) == ("img", ALT, ALT)
    assert root.get("width") is None
    bundle = data[FIGURE]
    assert (bundle["name"], bundle["title"], bundle["alt"], bundle["csv"]) == (
        "bars",
        "Two is more than one",
        ALT,
        "a\n1\n2\n",
    )
    assert (bundle["words"]["subtitle"], bundle["words"]["source"]) == ("Number, 2024", "nobody")


def test_the_plot_starts_and_ends_where_the_words_say() -> None:
    data = shown_figure(
        bars(
            "A title that is long enough to need a second line because it says everything there "
            "is to say"
        )
    )
    _, _, _, height = map(
        float, ElementTree.fromstring(data["image/svg+xml"]).get("viewBox", "").split()
    )
    shares = data[FIGURE]["words"]
    assert height * (1 - shares["top_share"] - shares["bottom_share"]) == pytest.approx(
        1.5 * 72, abs=0.5
    )


def test_the_same_figure_twice_is_the_same_bytes_without_date_or_version() -> None:
    first, second = shown_figure(bars())["image/svg+xml"], shown_figure(bars())["image/svg+xml"]
    assert first == second
    for trace in ("<?xml", "<!DOCTYPE", "<!--", "<metadata", "<style", "matplotlib", "dc:date"):
        assert trace not in first


def test_ids_carry_the_name_and_every_reference_resolves() -> None:
    svg = shown_figure(bars(), "flows")["image/svg+xml"]
    identifiers = re.findall(r'\bid="([^"]+)"', svg)
    assert identifiers
    assert len(identifiers) == len(set(identifiers))
    assert all(identifier.startswith("flows-") for identifier in identifiers)
    assert set(re.findall(r'href="#([^"]+)"', svg)) | set(
        re.findall(r"url\(#([^)]+)\)", svg)
    ) <= set(identifiers)


def test_no_coordinate_has_more_than_two_decimals() -> None:
    svg = shown_figure(bars())["image/svg+xml"]
    assert not [
        found
        for found in re.findall(r' (?:d|x|y|transform)="([^"]*)"', svg)
        if re.search(r"\d\.\d{3}", found)
    ]


@pytest.mark.parametrize(
    ("align", "anchor"), [("right", "end"), ("center", "middle"), ("left", None)]
)
def test_lines_of_one_label_share_their_edge_in_any_font(align: str, anchor: str | None) -> None:
    fig = bars()
    fig.axes[0].text(0.5, 1, "a long first line\nshort", ha=align)
    svg = shown_figure(fig)["image/svg+xml"]
    lines = [
        text
        for text in ElementTree.fromstring(svg).iter(f"{SVG}text")
        if text.text in ("a long first line", "short")
    ]
    assert len(lines) == 2
    places = [
        float(re.findall(r"translate\(([-\d.]+)", line.get("transform", ""))[0]) for line in lines
    ]
    assert [
        "text-anchor: " + anchor in line.get("style", "")
        if anchor
        else "text-anchor" not in line.get("style", "")
        for line in lines
    ] == [True, True]
    assert places[0] == pytest.approx(places[1], abs=0.03)


def test_a_block_set_flush_left_inside_stays_as_it_is() -> None:
    fig = bars()
    fig.axes[0].text(0.5, 1, "a long first line\nshort", ha="right", ma="left")
    lines = [
        text
        for text in ElementTree.fromstring(shown_figure(fig)["image/svg+xml"]).iter(f"{SVG}text")
        if text.text in ("a long first line", "short")
    ]
    assert ["text-anchor" in line.get("style", "") for line in lines] == [False, False]


def test_a_bold_or_italic_label_keeps_its_look_and_size() -> None:
    fig = bars()
    fig.axes[0].text(0, 1, "strong", weight="bold", style="italic", size=11)
    svg = shown_figure(fig)["image/svg+xml"]
    (text,) = [
        text for text in ElementTree.fromstring(svg).iter(f"{SVG}text") if text.text == "strong"
    ]
    look = text.get("style", "")
    assert "font-style: italic" in look
    assert "font-weight: 700" in look
    assert "font-size: 11px" in look
    assert svg.count("font-family") == 1


def test_labels_in_scripts_the_font_lacks_are_no_warning() -> None:
    fig = bars("日本 to the US")
    fig.axes[0].set_xlabel("台 $x$ <b>&amp;")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = shown_figure(fig)["image/svg+xml"]
    texts = [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert "台 $x$ <b>&amp;" in texts
    assert "日本 to the US" in texts


@pytest.mark.parametrize(
    ("name", "alt", "message"),
    [
        ("Bars", ALT, "small letters"),
        ("b-c", ALT, "small letters"),
        ("b", "short", "alt text"),
        ("b", "x" * 401, "alt text"),
    ],
)
def test_a_figure_with_a_bad_name_or_alt_text_is_refused(name: str, alt: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        show.figure(bars(), name=name, alt=alt, data=pd.DataFrame({"a": [1]}))


def test_a_figure_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match=r"style\.canvas"):
        show.figure(Figure(), name="b", alt=ALT, data=pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "word " * 14,
        "WIDE WORDS " * 16,
        "narrow ill " * 30,
        "one_long_word_without_a_break_" * 6,
        "two " + "W" * 90,
    ],
)
def test_words_stay_inside_the_frame(text: str) -> None:
    fig, _ = style.canvas(text, text, text, height_in=2)
    fig.canvas.draw()
    frame = fig.bbox
    for block in fig.texts:
        box = block.get_window_extent()
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1
        assert frame.y0 - 1 <= box.y0
        assert box.y1 <= frame.y1
    boxes = sorted((block.get_window_extent() for block in fig.texts), key=lambda box: -box.y0)
    assert boxes[0].y0 >= boxes[1].y1 - 1


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
        "text/html": "<p>1 &lt; 2 &amp; 3. &lt;b&gt;bold&lt;/b&gt;</p>",
        "text/plain": "1 < 2 & 3. <b>bold</b>",
    }
    (data,) = displayed(lambda: show.answer("One.", "Two."))
    assert [item.text for item in ElementTree.fromstring(data["text/html"]).iter("li")] == [
        "One.",
        "Two.",
    ]
    assert data["text/plain"] == "• One.\n• Two."


def test_parameters_show_what_differs_from_base() -> None:
    (data,) = displayed(lambda: show.parameters(Scenario()))
    assert data["text/plain"] == "All parameters have their base values."
    (data,) = displayed(
        lambda: show.parameters(Scenario(jpy_per_usd=175.0, models=("camry", "tundra")))
    )
    rows = words(ElementTree.fromstring(f"<div>{data['text/html']}</div>"))
    assert rows[1][:4] == ["jpy_per_usd", "175.0", str(Scenario().jpy_per_usd), "JPY per USD"]
    assert rows[2][:2] == ["models", "camry, tundra"]


def test_noise_in_the_last_bit_of_a_layout_changes_no_byte_of_a_figure() -> None:
    def drawn(left: float) -> str:
        figure, axes = style.canvas("A clipped line", "values", "own", height_in=2)
        figure.set_layout_engine("none")
        axes.set_position((left, 0.2, 0.7, 0.6))
        axes.plot([0, 1], [0, 1], marker="o")
        return svg(figure, "noise", "Line chart of two values from 0 to 1.")

    assert drawn(0.1) == drawn(0.1 + 2**-52)
