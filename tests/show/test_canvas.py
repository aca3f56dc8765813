"""Drawings in two sizes: what they hold, and what the surface says of texts nobody could read."""

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
from hypothesis import strategies as st
from scipy.optimize import minimize

from helpers.show import Canvas, Drawing
from helpers.show.canvas import length, spread, wrapped
from helpers.show.drawing import MIME, NARROW_MIME

SVG = "{http://www.w3.org/2000/svg}"
DATA = pd.DataFrame({"flow": ["to the US", "to Japan"], "cars": [1_369_092, 16_074]})


def bars(canvas: Canvas) -> None:
    """Two bars with names beside or above them."""
    axes = canvas.rows(list(DATA["flow"]), 0, left=120, right=80)
    axes.barh([0, 1], DATA["cars"], height=0.5)
    axes.set_xlim(0, DATA["cars"].max())
    axes.set_xticks([0, 1_000_000], ["0", "1 m"])
    axes.plot([0, 0], [0, 1], "o", clip_on=False)
    canvas.reach(canvas.bottom + 20)


def drawing(draw: Callable[[Canvas], None] = bars, **changed: Any) -> Drawing:
    described = {
        "name": "flows",
        "title": "Japan ships 85 cars for each one that comes back",
        "subtitle": "Vehicles a year, 2024",
        "source": "JAMA and MOF",
        "alt": "Bar chart of vehicles shipped each way in 2024: 1,369,092 and 16,074.",
        "data": DATA,
    }
    return Drawing(draw=draw, **(described | changed))


def bundle(shown: Drawing) -> dict[str, Any]:
    return shown._repr_mimebundle_()


def faults(draw: Callable[[Canvas], None]) -> list[str]:
    return bundle(drawing(draw))[MIME].get("faults", [])


def test_a_line_never_ends_between_a_number_and_its_unit() -> None:
    room = length("The duty is 15")
    assert wrapped("The duty is 15 % here", room, 12) == ["The duty is", "15 % here"]


def test_both_drawings_are_svg_of_their_width_with_texts_of_eleven_pixels_or_more() -> None:
    shown = bundle(drawing())
    for mime, width in (("image/svg+xml", 720), (NARROW_MIME, 338)):
        root = ElementTree.fromstring(shown[mime])
        assert root.get("viewBox", "").split()[2] == str(width)
        sizes = [float(text.get("font-size", "")) for text in root.iter(f"{SVG}text")]
        assert sizes
        assert min(sizes) >= 11
    assert "faults" not in shown[MIME]


def test_the_words_stand_in_the_wide_drawing_and_are_cut_off_by_their_shares() -> None:
    shown = bundle(drawing())
    root = ElementTree.fromstring(shown["image/svg+xml"])
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts[0] == "Japan ships 85 cars for each one that comes back"
    assert texts[-1] == "Source: JAMA and MOF"
    assert "comes back" not in shown[NARROW_MIME]
    height = float(root.get("viewBox", "").split()[3])
    words = shown[MIME]["words"]
    plot = root.findall(f"{SVG}g")[1]
    assert plot.get("transform") == f"translate(0 {height * words['top_share']:.2f})"
    assert 0 < words["bottom_share"] < 0.3


def test_the_same_figure_gives_the_same_bytes_and_two_figures_share_no_id() -> None:
    assert bundle(drawing()) == bundle(drawing())
    named = [
        {element.get("id") for element in ElementTree.fromstring(svg).iter() if element.get("id")}
        for shown in (bundle(drawing()), bundle(drawing(name="others")))
        for svg in (shown["image/svg+xml"], shown[NARROW_MIME])
    ]
    assert all(named)
    assert sum(map(len, named)) == len(set.union(*named))


def test_a_figure_carries_its_alt_text_and_its_data() -> None:
    shown = bundle(drawing())
    root = ElementTree.fromstring(shown["image/svg+xml"])
    alt = shown["text/plain"]
    assert (root.get("role"), root.get("aria-label")) == ("img", alt)
    narrow = ElementTree.fromstring(shown[NARROW_MIME])
    assert [root.get("width"), root.get("height")] == root.get("viewBox", "").split()[2:]
    assert narrow.get("width") is None
    described = shown[MIME]
    assert (described["name"], described["alt"]) == ("flows", alt)
    assert described["csv"] == "flow,cars\nto the US,1369092\nto Japan,16074\n"


def clipped(canvas: Canvas, left: float = 40.0) -> None:
    """A line with marks, cut by its frame."""
    axes = canvas.axes(0, 80, left=left, right=20)
    axes.plot([0, 1], [0, 1 / 3], marker="o")
    axes.set(xlim=(0, 0.9), xticks=[], yticks=[])


@pytest.mark.parametrize("mime", ["image/svg+xml", NARROW_MIME])
def test_every_reference_resolves_and_no_place_has_more_than_two_decimals(mime: str) -> None:
    svg = bundle(drawing(clipped))[mime]
    named = re.findall(r'\bid="([^"]+)"', svg)
    used = {*re.findall(r'href="#([^"]+)"', svg), *re.findall(r"url\(#([^)]+)\)", svg)}
    assert used
    assert used <= set(named)
    assert len(named) == len(set(named))
    places = re.findall(r' (?:d|x|y|transform)="([^"]*)"', svg)
    assert not [place for place in places if re.search(r"\d\.\d{3}", place)]


def test_noise_in_the_last_bit_of_a_layout_changes_no_byte_of_a_figure() -> None:
    noisy = 40.0 * (1 + 2**-52)
    assert noisy != 40.0
    assert bundle(drawing(lambda canvas: clipped(canvas, noisy))) == bundle(drawing(clipped))


def test_letters_that_the_font_lacks_are_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = bundle(drawing(lambda canvas: canvas.text(0, 0, "台 $x$ <b>"), title="日本 first"))  # type: ignore[arg-type,return-value]
    texts = [
        text.text for text in ElementTree.fromstring(shown["image/svg+xml"]).iter(f"{SVG}text")
    ]
    assert {"台 $x$ <b>", "日本 first"} <= set(texts)


def test_marks_stand_where_their_values_say() -> None:
    root = ElementTree.fromstring(bundle(drawing())["image/svg+xml"])
    drawn = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    bars = [path for path in drawn if re.fullmatch(r"M120 [\d.]+h[\d.]+v[\d.]+h-[\d.]+z", path)]
    widths = [float(bar.split("h")[1].split("v")[0]) for bar in bars]
    assert widths[0] == pytest.approx(720 - 80 - 120, abs=0.1)
    assert widths[1] == pytest.approx(520 * 16_074 / 1_369_092, abs=0.1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (lambda canvas: canvas.text(0, 0, "tiny", size=9), "'tiny' is 9 px high"),
        (lambda canvas: canvas.text(700, 0, "far right"), "'far right' stands"),
        (lambda canvas: (canvas.text(0, 0, "one"), canvas.text(4, 3, "two")), "'one' and 'two'"),
        (
            lambda canvas: (
                canvas.reach(200),
                canvas.figure.text(20, 5, "upwards", rotation=90, transform=canvas.pixels),
            ),
            "outside",
        ),
    ],
)
def test_text_that_cannot_be_read_is_told(text: Callable[[Canvas], Any], told: str) -> None:
    assert any(told in fault for fault in faults(text))


def test_neighbouring_lines_and_turned_heads_are_no_fault() -> None:
    def heads(canvas: Canvas) -> None:
        canvas.text(0, 0, "a title that takes two lines of a phone and is wrapped", width=300)
        for x in (40, 70):
            canvas.reach(150)
            canvas.figure.text(x, 140, "slanted", rotation=90, transform=canvas.pixels)

    assert faults(heads) == []


def test_markup_in_a_label_stays_text() -> None:
    hostile = '</text><script>alert("1")</script>\u202e'
    shown = bundle(drawing(lambda canvas: canvas.text(0, 0, hostile)))  # type: ignore[arg-type,return-value]
    (text, *_) = ElementTree.fromstring(shown[NARROW_MIME]).iter(f"{SVG}text")
    assert text.text == hostile.replace("\u202e", "[U+202E]")


def test_a_mark_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place"):
        bundle(drawing(lambda canvas: canvas.line([0, 10], [0, math.inf])))


@pytest.mark.parametrize(
    "changed",
    [{"title": " "}, {"alt": "short"}, {"alt": "x" * 401}, {"name": "Two words"}, {"name": "a-b"}],
)
def test_a_figure_without_words_or_with_an_unusable_name_is_refused(changed: Any) -> None:
    with pytest.raises(ValueError, match="write"):
        drawing(**changed)


@given(st.text(max_size=80), st.floats(30, 300))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(words: str, width: float) -> None:
    lines = wrapped(words, width, 12)
    assert "".join("".join(lines).split()) == "".join(wrapped(words, 1e9, 12)[0].split())
    assert all(length(line, 12) <= width or len(line) == 1 for line in lines)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 40)), min_size=1, max_size=6))
def test_spread_labels_keep_apart_and_move_as_little_as_can_be(labels: Any) -> None:
    wanted, sizes = (np.array(column) for column in zip(*labels, strict=True))
    placed = np.array(spread(list(wanted), list(sizes), -1e6, 1e6))
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(placed[order]) - (sizes[order][1:] + sizes[order][:-1]) / 2
    assert (gaps >= -1e-6).all()
    needed = (sizes[order][1:] + sizes[order][:-1]) / 2
    best = minimize(
        lambda centres: ((centres - wanted[order]) ** 2).sum(),
        placed[order],
        constraints={"type": "ineq", "fun": lambda centres: np.diff(centres) - needed},
        method="SLSQP",
    )
    assert ((placed - wanted) ** 2).sum() <= best.fun + 1e-3


def test_labels_stay_between_the_ends_where_they_fit() -> None:
    assert spread([0, 0, 100], [20, 20, 20], 0, 100) == [10, 30, 90]
