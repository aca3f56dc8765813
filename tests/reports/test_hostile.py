"""Whatever stands in tables, names and files, a report shows it as text, and a downloaded CSV
computes nothing.
"""

import base64
import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.display import display

from helpers import results, show
from helpers.reports import Failure, IndexContext, IndexEntry, ScenarioResult, export, index
from helpers.results import Result
from helpers.show import Canvas, Drawing
from helpers.texts import csv_text, visible
from tests.reports.hostile_texts import ALL, FORMULAS, MARKUP, QUOTES
from tests.reports.report_samples import context_of, notebook_of, shown

Outputs = list[nbformat.NotebookNode]
PIECE = 24


def pieces(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), PIECE):
        yield texts[start : start + PIECE]


def in_cells() -> list[str]:
    frame = pd.DataFrame(
        {"Text": ALL, "Other": ALL[::-1], "Claim": [f"reported: {text}" for text in ALL]}
    )
    return [
        export(
            notebook_of(shown(lambda: display(show.Table("t", "Texts", frame, rows=len(ALL))))),
            context_of(),
        )
    ]


def in_captions_headers_and_units() -> list[str]:
    def publish(number: int, text: str) -> None:
        frame = pd.DataFrame([["x", 1.0]], columns=[text, "n"])
        display(show.Table(f"t{number}", text, frame, {"n": text}))

    return [
        export(
            notebook_of(
                *[
                    shown(lambda number=number, text=text: publish(number, text))
                    for number, text in enumerate(part)
                ]
            ),
            context_of(),
        )
        for part in pieces(ALL)
    ]


def in_sentences() -> list[str]:
    return [
        export(
            notebook_of(shown(lambda: show.prose(*ALL)), shown(lambda: show.answer(*ALL))),
            context_of(),
        )
    ]


def in_results() -> list[str]:
    def publish(text: str) -> None:
        own: dict[str, Any] = {
            "unit": text,
            "quality": "estimate",
            "source_ids": [text],
            "sentence": text,
        }
        show.result(Result(name="ratio", value=text, **own))
        show.result(Result(name="cars", value=1.0, low=0.0, high=2.0, interval=text, **own))

    return [
        export(notebook_of(shown(lambda text=text: publish(text))), context_of()) for text in ALL
    ]


def in_figures() -> list[str]:
    def publish(number: int, text: str) -> None:
        def plot(canvas: Canvas) -> None:
            canvas.axes(0, 60, left=40, right=10).set(xlabel=text, yticks=[])
            canvas.text(0, 90, text)

        alt = f"A chart with a text: {text}"
        frame = pd.DataFrame({text: [text]})
        display(Drawing(f"f{number}", text, text, text, plot, alt, frame))

    texts = MARKUP + QUOTES
    return [
        export(
            notebook_of(
                *[
                    shown(lambda number=number, text=text: publish(number, text))
                    for number, text in enumerate(part)
                ]
            ),
            context_of(),
        )
        for part in pieces(texts)
    ]


def in_sources() -> list[str]:
    frame = pd.DataFrame(
        {
            "source_id": [f"X{number}" for number in range(len(ALL))],
            "aliases": "",
            "publisher": ALL,
            "title": ALL,
            "published": ALL,
            "url": ALL,
        }
    )
    return [
        export(
            notebook_of(shown(lambda: display(show.sources(frame, frame["source_id"])))),
            context_of(),
        )
    ]


def in_scenarios() -> list[str]:
    return [
        export(
            notebook_of(title="T"),
            context_of(
                scenario_title=text,
                story=text,
                title=text,
                version=text,
                data_date=text,
                parameter_hash=text,
                differing={"region": (text, text), "models": ([text], [])},
            ),
        )
        for text in ALL
    ]


def in_markdown() -> list[str]:
    return [
        export(notebook_of([], title=text.replace("\n", " "), markdown=text), context_of())
        for text in MARKUP + QUOTES
    ]


def in_the_index() -> list[str]:
    entries = [
        IndexEntry("01_trade_imbalance", text, f"s{number}", text, text, "base/x.html", text)
        for number, text in enumerate(ALL)
    ]
    recorded = [
        ScenarioResult(
            f"s{number}",
            "00_brief",
            Result(
                name="n",
                value=float(number),
                unit=text,
                quality="estimate",
                source_ids=("A",),
                sentence=text,
            ),
        )
        for number, text in enumerate(ALL)
    ]
    words = [
        ScenarioResult(
            f"s{number}",
            "00_brief",
            Result(
                name="w", value=text, unit="", quality="estimate", source_ids=("A",), sentence=text
            ),
        )
        for number, text in enumerate(ALL)
    ]
    failures = [Failure(text, text, text, text, text, text) for text in ALL]
    return [
        index(entries, recorded + words, failures, IndexContext("1", text, text))
        for text in ALL[:1]
    ]


CHANNELS = [
    in_cells,
    in_captions_headers_and_units,
    in_sentences,
    in_results,
    in_figures,
    in_sources,
    in_scenarios,
    in_markdown,
    in_the_index,
]


@pytest.fixture(scope="module", params=CHANNELS, ids=lambda channel: channel.__name__)
def pages(request: pytest.FixtureRequest) -> tuple[Callable[[], list[str]], list[str]]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ratio", "cars"):
            patch.setitem(results.NAMES, name, "test entry")
        return request.param, request.param()


def words_of(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_hostile_texts_are_shown_as_text(pages: tuple[Callable[[], list[str]], list[str]]) -> None:
    channel, found = pages
    assert len(ALL) >= 60
    soups = [BeautifulSoup(page, "html.parser") for page in found]
    for soup in soups:
        assert not soup.find_all(
            [
                "script",
                "iframe",
                "object",
                "embed",
                "form",
                "base",
                "link",
                "audio",
                "video",
                "math",
                "template",
                "button",
                "textarea",
            ]
        )
        assert len(soup.find_all("meta")) == 6
        assert not [
            name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")
        ]
    if channel is in_markdown:
        return
    shown_text = words_of("".join(soup.get_text() for soup in soups))
    for text in MARKUP + QUOTES if channel is in_figures else ALL:
        assert words_of(visible(text)) in shown_text, text


def test_a_csv_download_starts_no_formula(pages: tuple[Callable[[], list[str]], list[str]]) -> None:
    for page in pages[1]:
        soup = BeautifulSoup(page, "html.parser")
        for link in soup.find_all("a", download=re.compile(r"\.csv$")):
            head, _, body = link["href"].partition(",")
            text = (
                base64.b64decode(body) if head.endswith("base64") else unquote_to_bytes(body)
            ).decode("utf-8-sig")
            for separator in ",;\t":
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                    for cell in row:
                        assert not re.match(r"[\s\x00-\x20]*[=+\-@＝＋－＠]", cell) or re.fullmatch(
                            r"-?[0-9.]+", cell
                        ), cell


@pytest.mark.parametrize("text", FORMULAS)
def test_a_defused_formula_keeps_its_words(text: str) -> None:
    _, row = csv.reader(io.StringIO(csv_text(pd.DataFrame({"a": [text]})), newline=""))
    assert row[0].replace("'", "") == text.replace("'", "").replace("\r", "\n")


@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_a_browser_runs_and_requests_nothing(
    pages: tuple[Callable[[], list[str]], list[str]], chromium: Any, tmp_path: Path, policy: bool
) -> None:
    browser = chromium.new_context()
    browser.set_default_timeout(10_000)
    requests: list[str] = []
    browser.on("request", lambda request: requests.append(request.url))
    tab = browser.new_page()
    tab.on("dialog", lambda dialog: requests.append(f"dialog {dialog.message}"))
    found = pages[1] if len(pages[1]) < PIECE else [joined(pages[1])]
    for number, page in enumerate(found):
        path = tmp_path / f"{number}.html"
        path.write_text(
            page
            if policy
            else re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page),
            encoding="utf-8",
        )
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.mouse.move(200, 200)
        assert tab.evaluate("window.ran === undefined && document.scripts.length === 0"), page[:200]
        assert tab.url == path.as_uri()
        assert requests == [path.as_uri()]
        requests.clear()
    browser.close()


def joined(found: list[str]) -> str:
    """Many small pages as one, so that a browser opens one."""
    return found[0].replace(
        "</main>",
        "".join(
            page[page.index("<main") + 5 : page.index("</main>")].partition(">")[2]
            for page in found[1:]
        )
        + "</main>",
    )
