"""Reports and index in a real browser: accessible in light and dark, asking for nothing, working
without a mouse.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.reports import export, index, write_pdf
from helpers.scenarios import NOTEBOOKS
from tests.reports.report_samples import a_batch, context_of, shipped_batch
from tests.reports.report_samples import stored as kept
from tests.tiers import representatives

pytestmark = pytest.mark.browser
SEVERE = {"serious", "critical"}
SCHEMES = ("light", "dark")


@dataclass
class Tab:
    """A page in a browser with all it asked for and all it complained about."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Tab]]:
    """Opens HTML from a file; at the end, that nothing but the file was asked for and nothing was
    refused by the policy.
    """
    tabs: list[tuple[Any, Tab]] = []

    def open_page(html: str, *, width: int = 1280, scheme: str = "light") -> Tab:
        path = tmp_path / f"{len(tabs)}.html"
        path.write_text(html, encoding="utf-8")
        browser = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        browser.set_default_timeout(10_000)
        tab = Tab(browser.new_page(), path.as_uri())
        browser.on("request", lambda request: tab.requests.append(request.url))
        tab.page.on("console", lambda message: tab.complaints.append(message.text))
        tab.page.on("dialog", lambda dialog: tab.complaints.append(f"dialog {dialog.message}"))
        tab.page.goto(tab.address)
        tabs.append((browser, tab))
        return tab

    yield open_page
    for browser, tab in tabs:
        assert [url for url in tab.requests if not url.startswith(("data:", tab.address))] == []
        assert tab.complaints == []
        assert tab.page.evaluate("document.scripts.length") == 0
        browser.close()


@pytest.fixture(scope="module")
def report(executed: nbformat.NotebookNode) -> str:
    return export(executed, context_of())


def stored(name: str) -> str:
    path = PROJECT_ROOT / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4) if path.is_file() else None
    if notebook is None or not any(cell.get("outputs") for cell in notebook.cells):
        pytest.skip(f"{name} is not stored with outputs")
    return export(notebook, context_of("weak_yen", name))


def pages(report: str) -> dict[str, Callable[[], str]]:
    made: dict[str, Callable[[], str]] = {
        "sample": lambda: report,
        "index of 20": lambda: index(*a_batch(20), kept("00_brief")),
        "index of 1": lambda: index(*a_batch(1), kept("00_brief")),
    }
    return made | {name: lambda name=name: stored(name) for name in NOTEBOOKS}  # type: ignore[misc]


PAGES = ("sample", "index of 20", "index of 1", *NOTEBOOKS)


LABELS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    if (!svg.checkVisibility()) continue;
    const frame = svg.getBoundingClientRect(), name = svg.closest('figure').id;
    const boxes = [...svg.querySelectorAll('text')].filter(one => one.textContent.trim()).map(one \
=> [one.textContent.trim(), one.getBoundingClientRect()]);
    for (const [text, box] of boxes)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || \
box.bottom > frame.bottom + 1)
        found.push(`${name}: '${text}' leaves the frame`);
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = \
Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 0.35 * Math.min(a.height, b.height)) found.push(`${name}: '${one}' \
and '${other}' overlap`);
    }));
  }
  return found;
}"""


CROWDED = """() => {
  const found = [], near = 1.5;
  const inside = (box, frame) => box.left >= frame.left - near && box.right <= frame.right + near \
&& box.top >= frame.top - near && box.bottom <= frame.bottom + near;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), pieces = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement, text = node.textContent.trim();
    if (!text || !holder.checkVisibility() || holder.closest('.unseen, .skip, svg')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const block = holder.closest('th, td, caption, p, li, h1, h2, h3, summary, dt, dd, figcaption, \
div');
    const scroller = holder.closest('.scroll'), view = scroller && \
scroller.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (!inside(box, block.getBoundingClientRect())) found.push(`'${text}' leaves its \
${block.tagName}`);
      if (!scroller && (box.left < 0 || box.right > innerWidth)) found.push(`'${text}' leaves the \
window`);
      if (holder.closest('caption') && box.right > view.right) found.push(`caption '${text}' is \
cut`);
      if (!view || inside(box, view)) pieces.push({text, box});
    }
  }
  pieces.sort((one, other) => one.box.top - other.box.top);
  pieces.forEach(({text, box}, place) => {
    for (let next = place + 1; next < pieces.length && pieces[next].box.top < box.bottom - 3; \
next++) {
      const other = pieces[next], wide = Math.min(box.right, other.box.right) - Math.max(box.left, \
other.box.left);
      if (wide > near) found.push(`'${text}' and '${other.text}' overlap`);
    }
  });
  for (const mark of document.querySelectorAll('.dot, .bar')) {
    const axis = mark.closest('.strip') || mark.closest('td');
    if (!inside(mark.getBoundingClientRect(), axis.getBoundingClientRect())) found.push(`a \
${mark.className} leaves its axis`);
  }
  return [...new Set(found)];
}"""


def severe_issues(tab: Tab, only: str = "") -> list[str]:
    """Serious and critical findings of axe-core, which runs from the outside, not as a script of
    the page; of one rule, or of all.
    """
    source = find_spec("axe_playwright_python")
    assert source is not None
    assert source.submodule_search_locations
    tab.page.evaluate(
        (Path(source.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    )
    # axe-core gives up on text over a gradient
    tab.page.add_style_tag(content=".scroll { background: none !important }")
    rules = {"runOnly": [only]} if only else {}
    found = tab.page.evaluate(
        "options => axe.run(document, options)", {"resultTypes": ["violations"], **rules}
    )
    return [
        f"{one['id']}: {node['html'][:160]} "
        f"{node['any'][0]['message'][:200] if node['any'] else ''}"
        for one in found["violations"]
        if one["impact"] in SEVERE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("name", representatives(PAGES, "sample", "index of 20", "03_vehicle_fit"))
def test_a_page_is_accessible_fits_every_width_and_leaves_pictures_for_review(
    opened: Callable[..., Tab], report: str, name: str, screens: Path
) -> None:
    """Pictures at phone and desk width, light and dark, and the printed pages, are left for a
    person to look at.
    """
    tab = opened(pages(report)[name]())
    stem = name.replace(" ", "_")
    tab.page.pdf(path=screens / f"{stem}_a4.pdf", prefer_css_page_size=True)
    for width, scheme in ((390, "light"), (1280, "light"), (1280, "dark")):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(color_scheme=scheme)
        picture = screens / f"{stem}_{width}_{scheme}.png"
        tab.page.screenshot(path=picture, full_page=True, timeout=60_000)
    assert len(list(screens.glob(f"{stem}_*"))) == 4
    assert tab.page.evaluate(LABELS) == []
    tab.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (320, 390, 768, 1280):
        tab.page.set_viewport_size({"width": width, "height": 900})
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    tab.page.emulate_media(color_scheme="light")
    assert severe_issues(tab) == []
    tab.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    tab.page.emulate_media(color_scheme="dark")
    # the only rule that the colours of a page can break
    assert severe_issues(tab, "color-contrast") == []


@pytest.mark.parametrize("scenarios", [4, 100])
def test_nothing_on_the_index_overlaps_or_is_cut_at_any_width(
    opened: Callable[..., Tab], scenarios: int
) -> None:
    page = opened(index(*shipped_batch(scenarios), kept("00_brief"))).page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CROWDED) == [], width


def test_crowded_heads_and_marks_off_their_axis_would_be_found(opened: Callable[..., Tab]) -> None:
    page = opened(index(*shipped_batch(4))).page
    page.add_style_tag(
        content=(
            ".headlines thead th { white-space: nowrap; max-width: 2rem } .dot { "
            "margin-left: -60rem !important }"
        )
    )
    found = " ".join(page.evaluate(CROWDED))
    assert "leaves its TH" in found
    assert "overlap" in found
    assert "a dot leaves its axis" in found


@pytest.mark.parametrize("name", representatives(NOTEBOOKS, "02_import_volume", "03_vehicle_fit"))
def test_no_table_of_a_report_scrolls_where_the_window_has_room(
    opened: Callable[..., Tab], name: str
) -> None:
    page = opened(stored(name)).page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        too_wide = (
            "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > "
            "one.clientWidth + 1).map(one => one.ariaLabel)"
        )
        assert page.evaluate(too_wide) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_crossing_labels_would_be_found(opened: Callable[..., Tab], report: str) -> None:
    page = opened(report).page
    page.evaluate(
        "document.querySelectorAll('figure svg text').forEach(one => one.setAttribute('x', '1000'))"
    )
    found = " ".join(page.evaluate(LABELS))
    assert "leaves the frame" in found
    assert "overlap" in found


def test_an_issue_would_be_found(opened: Callable[..., Tab], report: str) -> None:
    tab = opened(
        report.replace('<html lang="en">', "<html>").replace("--ink: #1a1a1a", "--ink: #ccc")
    )
    assert {issue.split(":")[0] for issue in severe_issues(tab)} >= {
        "html-has-lang",
        "color-contrast",
    }


def test_no_serious_accessibility_issue_with_all_code_shown_on_a_phone(
    opened: Callable[..., Tab], report: str
) -> None:
    for scheme in SCHEMES:
        tab = opened(report, width=390, scheme=scheme)
        tab.page.get_by_text("Show all code").click()
        assert severe_issues(tab) == []


def test_code_folds_one_by_one_and_all_at_once(opened: Callable[..., Tab], report: str) -> None:
    page = opened(report).page
    codes = page.locator("pre.code")
    assert [codes.nth(number).is_visible() for number in range(codes.count())] == [
        False
    ] * codes.count()
    page.locator("details.code summary").nth(2).click()
    assert [number for number in range(codes.count()) if codes.nth(number).is_visible()] == [2]
    page.get_by_text("Show all code").click()
    assert all(codes.nth(number).is_visible() for number in range(codes.count()))
    page.get_by_text("Show all code").click()
    assert [number for number in range(codes.count()) if codes.nth(number).is_visible()] == [2]


@pytest.mark.parametrize("width", [390, 1280])
def test_contents_lead_to_their_sections(
    opened: Callable[..., Tab], report: str, width: int
) -> None:
    page = opened(report, width=width).page
    links = page.locator("nav.contents a")
    if width == 390:
        assert not links.first.is_visible()
        page.locator("nav.contents summary").click()
    for number in range(links.count()):
        links.nth(number).click()
        heading = page.locator(":target")
        assert heading.inner_text() == links.nth(number).inner_text()
        assert heading.evaluate(
            "one => { const box = one.getBoundingClientRect(); return box.top >= -1 && "
            "box.bottom <= innerHeight + 1 }"
        )


def test_downloads_hold_the_data_of_the_notebook(
    opened: Callable[..., Tab], executed: nbformat.NotebookNode, report: str, tmp_path: Path
) -> None:
    expected = {
        bundle["name"]: bundle["csv"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        for kind, bundle in output.get("data", {}).items()
        if kind.startswith("application/vnd.reverse-imports.") and "csv" in bundle
    }
    page = opened(report).page
    links = page.locator("a[download$='.csv']")
    assert links.count() == len(expected)
    for number in range(links.count()):
        with page.expect_download() as waiting:
            links.nth(number).click()
        name = waiting.value.suggested_filename
        waiting.value.save_as(tmp_path / name)
        text = (tmp_path / name).read_bytes().decode("utf-8-sig")
        assert text == expected[name.removesuffix(".csv")]
        assert len(list(csv.reader(io.StringIO(text)))) > 1


def test_the_keyboard_reaches_everything_in_reading_order(
    opened: Callable[..., Tab], report: str
) -> None:
    page = opened(report).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    reached = []
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        reached.append(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    assert reached == sorted(reached)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, input, [tabindex=\"0\"]')].filter(one "
        "=> one.checkVisibility() || one.id === 'all-code').map(one => "
        "[...document.querySelectorAll('*')].indexOf(one))"
    )
    assert set(wanted) - set(reached) <= {wanted[0]}


def test_the_keyboard_opens_code_and_skips_to_the_report(
    opened: Callable[..., Tab], report: str
) -> None:
    page = opened(report).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("details.code summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("pre.code").first.is_visible()
    page.locator("#all-code").focus()
    page.keyboard.press("Space")
    assert page.locator("pre.code").last.is_visible()


DRAWN = """() => [...document.querySelectorAll('.plot svg')].filter(svg => svg.checkVisibility()) \
.map(svg => ({width: svg.getBoundingClientRect().width, room: \
svg.parentElement.getBoundingClientRect().width, types: [...svg.querySelectorAll('text')].map(text \
=> parseFloat(getComputedStyle(text).fontSize))}))"""


@pytest.mark.parametrize("width", representatives((354, 390, 768, 1280, 1920), 354, 1280))
def test_a_figure_is_shown_at_the_size_it_was_drawn_in(
    opened: Callable[..., Tab], width: int
) -> None:
    drawn = opened(stored("00_brief"), width=width).page.evaluate(DRAWN)
    assert drawn
    for svg in drawn:
        assert svg["width"] == pytest.approx(720 if svg["room"] >= 720 else 338, abs=0.5)
        assert svg["width"] <= svg["room"]
        assert min(svg["types"]) >= 11


def test_paper_takes_the_wide_drawing_whole(opened: Callable[..., Tab]) -> None:
    page = opened(stored("00_brief"), width=672).page
    page.emulate_media(media="print")
    assert all(0 < svg["width"] <= svg["room"] for svg in page.evaluate(DRAWN))
    assert page.locator(".plot .wide").first.is_visible()
    assert not page.locator(".plot .narrow").first.is_visible()


def test_print_shows_links_in_full_and_hides_what_paper_cannot_do(
    opened: Callable[..., Tab], report: str
) -> None:
    page = opened(report).page
    page.emulate_media(media="print")
    for gone in ("nav.contents", ".download", "details.code", ".description", ".skip"):
        assert not page.locator(gone).first.is_visible(), gone
    for stays in ("h1", ".answer", "figure svg", ".result", "table", ".sources", "footer"):
        assert page.locator(stays).first.is_visible(), stays
    assert page.locator("sup.print-note").first.inner_text() == "[1]"
    assert (
        page.locator("ol.links li").first.inner_text()
        == "https://www.customs.go.jp/toukei/info/index_e.htm"
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_is_white_for_a_reader_in_the_dark(opened: Callable[..., Tab], report: str) -> None:
    page = opened(report, scheme="dark").page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('figure svg')).filter") == "none"


@pytest.mark.slow
def test_a_claim_opens_from_its_link_and_prints_its_evidence(opened: Callable[..., Tab]) -> None:
    """Without script: a claim of the list by verdict leads to its fold, which opens; paper shows
    what the folds hold.
    """
    tab = opened(stored("05_claim_audit"))
    page = tab.page
    fold = page.locator('details[id^="verdict-"]').first
    fold.locator("summary").click()
    link = fold.locator("a").first
    claim = page.locator(f'[id="{str(link.get_attribute("href"))[1:]}"]')
    assert not claim.is_visible()
    link.click()
    assert claim.is_visible()
    assert severe_issues(tab) == []
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('details:not([id^=verdict-]) > div[id] li')]"
        ".every(item => item.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert shown


def test_a_source_id_leads_to_its_entry(opened: Callable[..., Tab], report: str) -> None:
    page = opened(report).page
    page.locator(".results > summary").click()
    page.locator(".result a").first.click()
    assert page.locator(".sources li:target .source-id").inner_text() == "MOFIMP24"


def test_a_link_to_a_result_opens_the_fold_it_stands_in(
    opened: Callable[..., Tab], report: str
) -> None:
    tab = opened(report)
    result = tab.page.locator(".result").first
    assert not result.is_visible()
    tab.page.goto(f"{tab.address}#{result.get_attribute('id')}")
    assert result.is_visible()


def test_the_pdf_is_a4_and_the_same_twice(report: str, chromium: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(report, encoding="utf-8")
    for name in ("a.pdf", "b.pdf"):
        write_pdf(tmp_path / "page.html", tmp_path / name)
    content = (tmp_path / "a.pdf").read_bytes()
    assert content == (tmp_path / "b.pdf").read_bytes()
    assert re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", content)[0] == (b"594", b"841")
    assert not list(tmp_path.glob("*.part"))
