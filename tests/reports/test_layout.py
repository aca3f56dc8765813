"""Pages as a reader's browser lays them out, at every width, dark and light, and on paper; and the
words that they first show.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import PROJECT_ROOT
from helpers.reports import export, index, write_pdf
from helpers.scenarios import NOTEBOOKS
from tests.reports.layout import (
    PAPER_PX,
    TURNED,
    TURNED_PX,
    badly_said,
    faults,
    is_stub,
    said_twice,
)
from tests.reports.report_samples import context_of, shipped_batch, stored
from tests.tiers import representatives

pytestmark = pytest.mark.browser
WIDTHS = (354, 390, 768, 1280, 1920)
SCENARIOS = ("as_reported", "rhd_offered")
INDEXES = {f"index of {count}": count for count in (4, 100)}
PAGES = (*INDEXES, *NOTEBOOKS)


def page_of(name: str) -> str:
    if name in INDEXES:
        return index(*shipped_batch(INDEXES[name]), stored("00_brief"))
    return export(stored(name), context_of("base", name))


@pytest.fixture
def looked_at(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """The faults of a page at some widths, dark and light, and on paper."""
    context = chromium.new_context()

    def look(html: str, widths: tuple[int, ...] = WIDTHS) -> list[str]:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        page = context.new_page()
        page.goto(path.as_uri())
        seen = list[str]()
        for width, media, scheme in (
            *((width, "screen", "light") for width in widths),
            (widths[0], "screen", "dark"),
            (TURNED_PX, "print", "light"),
            (PAPER_PX, "print", "light"),
        ):
            if width == PAPER_PX:  # what goes on a turned page is wider
                page.add_style_tag(content=TURNED)
            page.set_viewport_size({"width": width, "height": 1_000})
            page.emulate_media(media=media, color_scheme=scheme)
            seen += [f"{width} {media} {scheme}: {fault}" for fault in faults(page)]
        page.close()
        return seen

    yield look
    context.close()


@pytest.mark.parametrize("name", representatives(PAGES, "index of 4", "00_brief"))
def test_nothing_is_cut_small_dead_or_wider_than_its_place(
    looked_at: Callable[..., list[str]], name: str
) -> None:
    assert looked_at(page_of(name)) == []


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of two more scenarios, really run."""
    folder = tmp_path_factory.mktemp("batch")
    scenarios = [word for name in SCENARIOS for word in ("--scenario", name)]
    call = [sys.executable, "-c", "from helpers.cli import main; main()", "run"]
    command = [*call, *scenarios, "--output", str(folder)]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True, timeout=280)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_reports_of_other_scenarios_are_laid_out_as_well(
    looked_at: Callable[..., list[str]], batch: Path, scenario: str
) -> None:
    pages = [batch / "index.html", *sorted((batch / scenario).glob("*.html"))]
    assert len(pages) == 1 + len(NOTEBOOKS)
    seen = {page.name: looked_at(page.read_text(encoding="utf-8"), (354, 1280)) for page in pages}
    assert {name: found for name, found in seen.items() if found} == {}
    for page in pages:
        for address in re.findall(r'<a [^>]*href="([^"#:]+)["#]', page.read_text(encoding="utf-8")):
            assert (page.parent / address).exists(), (page.name, address)


@pytest.mark.parametrize("name", representatives(PAGES, "index of 4", "00_brief"))
def test_no_sentence_stands_twice_on_a_page_as_first_opened(name: str) -> None:
    assert said_twice(page_of(name)) == []


@pytest.mark.parametrize("name", representatives(PAGES, "index of 4", "00_brief"))
def test_a_page_says_no_stub_and_no_code_in_its_prose(name: str) -> None:
    assert badly_said(page_of(name)) == []


def test_a_repeated_sentence_a_stub_and_a_code_would_be_found() -> None:
    long = "The cars are worth two per cent of the gap."
    html = f"<body><p>{long}</p><p>Claims by verdict.</p><p>A3 says so in E024.</p><p>{long}</p>"
    assert said_twice(html) == [long]
    assert badly_said(html) == ["Claims by verdict.", "A3 says so in E024."]
    assert [is_stub(text) for text in ("Numbers to wait for.", "Three sentences.")] == [True, True]
    assert not is_stub("All rest on assumptions.")


def test_cut_text_small_type_and_dead_anchors_would_be_found(
    looked_at: Callable[..., list[str]],
) -> None:
    html = (
        '<!DOCTYPE html><body><p style="width:50px;white-space:nowrap">far too wide a line</p>'
        '<p style="font-size:9px">small</p><a href="#nowhere">x</a><svg width="2000"></svg></body>'
    )
    seen = " ".join(looked_at(html, (390,)))
    for fault in ("text wider than its box", "type under 11 px", "dead anchor", "a figure wider"):
        assert fault in seen


def test_the_brief_prints_on_two_pages(chromium: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page_of("00_brief"), encoding="utf-8")
    write_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    printed = (tmp_path / "page.pdf").read_bytes()
    (count,) = set(re.findall(rb"/Type /Pages\s*/Count (\d+)", printed))
    assert int(count) == 2


def test_the_drawings_of_the_printed_brief_keep_half_their_size(
    chromium: Any, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(page_of("00_brief"), encoding="utf-8")
    page = chromium.new_page(viewport={"width": PAPER_PX, "height": 1_000})
    page.goto((tmp_path / "page.html").as_uri())
    page.emulate_media(media="print")
    sizes = page.eval_on_selector_all(
        ".chart svg",
        "own => own.map(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
        ".filter(size => size > 0)",
    )
    page.close()
    assert len(sizes) == 2
    assert min(sizes) >= 0.45
