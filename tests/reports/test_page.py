"""What a report holds and where it stands, read from its HTML."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.display import display
from nbformat.v4 import new_output

from helpers import PROJECT_ROOT, results, show
from helpers.errors import InputError
from helpers.quantities import Quantity
from helpers.reports import ReportContext, answer_line, export
from helpers.reports.domcheck import CONTENT_SECURITY_POLICY, LARGEST_PAGE
from helpers.reports.markdown import Markdown, formula
from helpers.results import Result
from helpers.scenarios import NOTEBOOKS, load_scenario
from helpers.show.drawing import MIME as FIGURE
from helpers.show.table import MIME as TABLE
from helpers.study import Study
from tests.reports.report_samples import context_of, notebook_of, read, shown, stored


@pytest.fixture(scope="module")
def page(executed: nbformat.NotebookNode) -> str:
    return export(executed, context_of())


@pytest.fixture(scope="module")
def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def csv_of(link: Any) -> pd.DataFrame:
    head, _, body = link["href"].partition(",")
    assert head == "data:text/csv;charset=utf-8"
    return pd.read_csv(io.BytesIO(unquote_to_bytes(body)), encoding="utf-8-sig")


def test_the_page_loads_nothing_and_runs_nothing(soup: BeautifulSoup) -> None:
    assert soup.html["lang"] == "en"
    assert (
        soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        == CONTENT_SECURITY_POLICY
    )
    assert not soup.find_all(["script", "link", "iframe", "form", "object", "base"])
    assert all(tag["src"].startswith("data:image/") for tag in soup.find_all(src=True))


def test_landmarks_headings_and_contents(soup: BeautifulSoup) -> None:
    assert all(len(soup.find_all(name)) == 1 for name in ("h1", "main", "header", "footer"))
    names = [nav["aria-label"] for nav in soup.find_all("nav")]
    assert len(set(names)) == len(names) == 3
    assert soup.body.find("a")["href"] == "#main"
    levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    listed = [
        (link["href"][1:], link.get_text()) for link in soup.find(class_="contents").find_all("a")
    ]
    assert listed == [(tag["id"], tag.get_text()) for tag in soup.find_all("h2")]
    middle = [
        "Question",
        "Answer in brief",
        "Data used",
        "The two flows",
        "What the cars change",
        "Checks",
        "Limits",
        "Next",
        "Setup",
        "Parameters",
    ]
    assert [text for _, text in listed] == ["Scenario: Dense city", *middle, "Method and sources"]


def test_every_local_link_has_its_target_and_every_id_is_unique(soup: BeautifulSoup) -> None:
    identifiers = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    assert {
        link["href"][1:] for link in soup.find_all("a", href=True) if link["href"].startswith("#")
    } <= set(identifiers)


def test_what_differs_from_the_base_scenario_stands_on_top(soup: BeautifulSoup) -> None:
    box = soup.find("section", class_="scenario")
    assert box.find_next_sibling("section").h2.get_text() == "Question"
    rows = [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in box.tbody.find_all("tr")
    ]
    assert ["width of the parking stall", "2300", "2300", "mm"] not in rows
    assert ["surface width of the street", "4", "5", "m"] in rows
    assert load_scenario("dense_city").story in box.get_text()


def test_a_parameter_the_notebook_does_not_take_is_said_to_have_no_effect(
    executed: nbformat.NotebookNode,
) -> None:
    box = BeautifulSoup(export(executed, context_of("weak_yen")), "html.parser").find(
        "section", class_="scenario"
    )
    assert "every parameter used here has its base value" in box.get_text().lower()
    assert (
        "also changes what this report does not use: exchange rate of the scenario"
        in box.get_text()
    )


def test_code_is_one_click_away(soup: BeautifulSoup) -> None:
    folds = soup.find_all("details", class_="code")
    assert len(folds) == 11
    for fold in folds:
        assert not fold.has_attr("open")
        assert fold.find_next_sibling().name == "pre"
        assert fold.summary.get_text().startswith("Code of cell ")
    assert soup.find("label", {"for": "all-code"})
    assert soup.find("input", {"id": "all-code", "type": "checkbox"})


def test_every_figure_and_table_gives_its_data(
    executed: nbformat.NotebookNode, soup: BeautifulSoup
) -> None:
    bundles = [
        output["data"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    ]
    expected = {
        bundle[kind]["name"]: bundle[kind]["csv"]
        for bundle in bundles
        for kind in (FIGURE, TABLE)
        if kind in bundle
    }
    links = {link["download"]: link for link in soup.find_all("a", download=True)}
    drawn = {name for name in links if name.endswith(".svg")}
    assert drawn == {"flows.svg", "flows_again.svg"}
    assert set(links) - drawn == {f"{name}.csv" for name in expected}
    for name, csv in expected.items():
        pd.testing.assert_frame_equal(csv_of(links[f"{name}.csv"]), pd.read_csv(io.StringIO(csv)))


def test_a_figure_has_its_words_in_the_page_and_its_alt_text(soup: BeautifulSoup) -> None:
    figure = soup.find("figure", id="figure-flows")
    title = read(figure.find(class_="chart-title"))
    assert title == "Japan ships 85 cars for each one that comes back"
    cite = figure.find_all(class_="description")[1]
    assert read(cite.p) == (
        f"“{title}” Reverse imports, scenario Dense city, data of 21 November 2026, version 0.1.0."
    )
    assert figure.find("a", href="#figure-flows")
    assert figure.find(class_="foot").get_text().startswith("Source: JAMA and MOF. Scenario: base")
    plot = figure.find(class_="plot")
    assert plot["role"] == "img"
    assert plot["aria-label"].startswith("Bar chart of vehicles shipped each way in 2024")
    wide, narrow = plot.find_all("svg")
    assert "comes back" not in plot.get_text()
    left, top, width, height = map(float, wide["viewbox"].split())
    assert (left, width) == (0, 720)
    assert top > 30
    assert height == pytest.approx(2 * 26 + 20, abs=1)
    assert narrow["viewbox"].split()[2] == "338"
    assert wide.get("width") is narrow.get("width") is None, "the column gives the size"


def test_two_figures_share_no_id(soup: BeautifulSoup) -> None:
    first, second = (
        {tag["id"] for tag in figure.find_all(id=True)} for figure in soup.find_all("figure")
    )
    assert first
    assert not first & second


def test_tables_head_their_rows_and_columns_and_scroll_in_their_box(soup: BeautifulSoup) -> None:
    for table in soup.find_all("table"):
        assert table.caption
        assert all(tag.get("scope") for tag in table.find_all("th"))
        box = table.parent
        assert (box["class"], box["role"], box["tabindex"]) == (["scroll"], "region", "0")
        assert box["aria-label"]


def test_results_show_quality_interval_and_live_sources(soup: BeautifulSoup) -> None:
    result = soup.find(id="result-cars")
    assert result.find(class_="result-value").get_text() == "102,675 vehicles"
    assert "80 %: 90,000–120,000" in read(result)
    assert result.find(class_="derived").get_text() == "derived"
    target = soup.find(id=result.find("a")["href"][1:])
    assert target.find(class_="source-id").get_text() == "MOFIMP24"
    assert target.find("a")["href"].startswith("https://")


def test_results_stand_once_and_folded_at_the_end(
    soup: BeautifulSoup, executed: nbformat.NotebookNode
) -> None:
    recorded = results.collect(executed)
    fold = soup.find("details", class_="results")
    assert fold.parent["aria-labelledby"] == "method"
    assert fold.summary.get_text() == f"All {len(recorded)} results of this report"
    assert len(fold.find_all(class_="result")) == len(soup.find_all(class_="result"))
    assert not fold.has_attr("open")


def test_a_long_list_of_sources_folds_in_a_table() -> None:
    frame = pd.DataFrame({"What": ["x"], "Sources": ["MOFIMP24 S01 S02 S05"]})
    bundle = show.Table("many", "Caption", frame)._repr_mimebundle_()
    page = export(notebook_of([new_output("display_data", data=bundle)]), context_of())
    fold = BeautifulSoup(page, "html.parser").find(id="table-many").td.details
    assert fold.summary.get_text() == "4 sources"
    assert len(fold.find_all("a")) == 4


def test_source_ids_in_tables_lead_to_their_entries(soup: BeautifulSoup) -> None:
    links = soup.find(id="table-lenses").find("tbody").find_all("a")
    assert [link.get_text() for link in links] == ["MOFIMP24", "MOFIMP24", "CRS-IF10971"]
    assert soup.find(id="table-lenses").find(class_="estimate")


def test_an_earlier_source_id_leads_to_the_present_entry() -> None:
    table = shown(
        lambda: display(show.Table("t", "t", pd.DataFrame({"What": ["x"], "Source": ["S60"]})))
    )
    soup = BeautifulSoup(export(notebook_of(table), context_of()), "html.parser")
    assert soup.find(id="table-t").find("td").a["href"] == "#source-ams26"
    assert soup.find(id="source-ams26")


def test_links_become_footnotes_for_print(soup: BeautifulSoup) -> None:
    assert soup.find(class_="standfirst").find("sup", class_="print-note").get_text() == "[1]"
    assert [item.get_text() for item in soup.find("ol", class_="links").find_all("li")] == [
        "https://www.customs.go.jp/toukei/info/index_e.htm"
    ]


def test_the_stamp_says_what_was_built_and_never_when(soup: BeautifulSoup) -> None:
    assert (
        soup.footer.find(class_="stamp").get_text()
        == "reverse-imports 0.1.0 · data of 2026-11-21 · parameters 1a2b3c4d5e6f"
    )


def test_markdown_html_is_text_and_dangerous_links_lose_their_address() -> None:
    links = (
        f"[c](javascript:alert) ![d](https://evil.example/a.png) [e]({PROJECT_ROOT.as_uri()}) "
        "[f](02_import_volume.ipynb)"
    )
    links += (
        " [g](./03_vehicle_fit.ipynb#limits) [the panel](explore.ipynb) [the "
        "guide](../CONTRIBUTING.md)"
    )
    text = f"<script>window.ran=1</script>\n\na <b onclick='x'>b</b> {links}"
    soup = BeautifulSoup(export(notebook_of([], markdown=text), context_of()), "html.parser")
    step = soup.find("section", class_="step")
    assert "<script>window.ran=1</script>" in step.get_text()
    assert "<b onclick='x'>b</b>" in step.get_text()
    assert [link["href"] for link in step.find_all("a")] == [
        "https://evil.example/a.png",
        "02_import_volume.html",
        "03_vehicle_fit.html#limits",
    ]
    assert "f g the panel the guide\n" in step.get_text()
    assert not step.find_all(["b", "img"])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_link_of_a_shipped_report_is_dead_and_no_path_stands_in_its_prose(name: str) -> None:
    soup = BeautifulSoup(export(stored(name), context_of("base", name)), "html.parser")
    identifiers = {tag["id"] for tag in soup.find_all(id=True)}
    beside = {"../index.html", *(f"{other}.html" for other in NOTEBOOKS)}
    for link in soup.find_all("a", href=True):
        file, _, anchor = link["href"].partition("#")
        assert (
            file.startswith(("http", "data:"))
            or file in beside
            or (not file and anchor in identifiers)
        ), link
    for code in soup.find_all(["code", "pre", "style"]):
        code.decompose()
    prose = re.sub(r"https?://\S+", "", soup.body.get_text(" "))
    assert not re.findall(
        r"(?<![\w.,])(?<!of )([+−]?[0-9][0-9,.]*)(?: %)?(?: to |–)\1(?![0-9])", prose
    ), "a range with equal ends"
    assert not re.findall(r"\S*(?:\.\.?/|\.ipynb\b|\.md\b)\S*", prose)


@pytest.mark.parametrize(
    "source",
    [
        "# One\n\n# Two\n\n##### Five",
        "## Two\n\n#### Four\n\n### Three\n\n# One",
        "###### Six",
        "text only",
        "",
    ],
)
def test_headings_stay_in_order_whatever_the_cells_hold(source: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    soup = BeautifulSoup(export(notebook, context_of()), "html.parser")
    levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_terminal_output_and_errors_are_text() -> None:
    outputs = [
        new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m <b>"),
        new_output("stream", name="stderr", text="warned <i>"),
        new_output(
            "error",
            ename="ValueError",
            evalue="x",
            traceback=["\x1b[0;31mValueError\x1b[0m: <script>"],
        ),
        new_output("execute_result", data={"text/plain": "<object>"}, execution_count=1),
    ]
    soup = BeautifulSoup(export(notebook_of(outputs), context_of()), "html.parser")
    assert [tag.get_text() for tag in soup.find_all("pre", class_="output")] == [
        "red <b>",
        "warned <i>",
        "ValueError: <script>",
        "<object>",
    ]


def test_the_answer_in_one_line(executed: nbformat.NotebookNode) -> None:
    assert answer_line(executed) == "Japan ships 85 cars for each one that comes back."
    assert answer_line(nbformat.v4.new_notebook()) == ""


def test_the_report_stays_small(page: str) -> None:
    assert len(page.encode()) < LARGEST_PAGE / 2


def test_the_notebook_itself_is_left_as_it_was(executed: nbformat.NotebookNode) -> None:
    before = nbformat.writes(executed)
    export(executed, context_of())
    assert nbformat.writes(executed) == before


def ratio_from(source_ids: list[str]) -> Result:
    return Result(
        name="ratio",
        value=1.5,
        unit="cars",
        quality="estimate",
        source_ids=source_ids,
        sentence="x",
    )


@pytest.mark.usefixtures("names")
def test_a_source_the_register_does_not_know_is_named_without_a_link(
    context: ReportContext,
) -> None:
    result = shown(lambda: show.result(ratio_from(["NOWHERE-1"])))
    soup = BeautifulSoup(export(notebook_of(result), context), "html.parser")
    meta = soup.find(id="result-ratio").find(class_="result-meta")
    assert "NOWHERE-1" in meta.get_text()
    assert not meta.find("a")


@pytest.mark.usefixtures("names")
def test_a_long_list_of_sources_folds(context: ReportContext) -> None:
    ids = ["S01", "S39", "S43", "S44", "S68", "S69", "FR17908"]
    result = shown(lambda: show.result(ratio_from(ids)))
    meta = BeautifulSoup(export(notebook_of(result), context), "html.parser").find(
        class_="result-meta"
    )
    assert meta.summary.get_text() == "7 sources"
    assert [link.get_text() for link in meta.details.find_all("a")] == ids


def test_same_bytes_in_another_time_zone_locale_and_home(
    executed: nbformat.NotebookNode, page: str, tmp_path: Path
) -> None:
    nbformat.write(executed, tmp_path / "notebook.ipynb")
    home = tmp_path / "home"
    for template in ("base/null.j2", "base/display_priority.j2", "report/index.html.j2"):
        trap = home / ".local/share/jupyter/nbconvert/templates" / template
        trap.parent.mkdir(parents=True, exist_ok=True)
        trap.write_text("<script>trap</script>")
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "jupyter_nbconvert_config.py").write_text(
        "c.TemplateExporter.exclude_input = True\n"
    )
    code = (
        "import nbformat, sys\nfrom tests.reports.report_samples import context_of\nfrom "
        "helpers.reports import export\n"
        "sys.stdout.buffer.write(export(nbformat.read('notebook.ipynb', 4), "
        "context_of()).encode())"
    )
    other = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANG": "de_DE.UTF-8",
        "HOME": str(home),
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]} | other,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == page.encode()


def test_a_formula_is_drawn_by_the_browser_and_can_do_nothing_else() -> None:
    (part,) = Markdown().parts("The gap is $a_1 - b$:\n\n$$g \\;=\\; p\\,(1 - s) - \\kappa\\,p_J$$")
    assert part.html.count("<math") == 2
    assert 'display="block"' in part.html
    assert "$" not in part.html
    assert "<msub>" in part.html
    for hostile in (
        "\\href{javascript:alert(1)}{x}",
        "\\style{position:fixed}{x}",
        "<img src=x onerror=alert(1)>",
        "\\frac{",
    ):
        shown = formula(hostile, "inline")
        assert not re.search(
            r"<(?!/?(math|m[a-z]+|semantics|code)\b)|href=|style=|onerror=",
            shown.replace("&lt;", ""),
        ), shown


def test_a_word_of_the_glossary_is_linked_where_first_used_and_explained_below() -> None:
    notebook = notebook_of(
        markdown="The car gap of `car gap` in [the car gap](https://example.org/a) is old. The "
        "**car gap**, once more, and two stalls.\n\n### The absorption"
    )
    soup = BeautifulSoup(export(notebook, context_of()), "html.parser")
    links = soup.find_all("a", class_="term")
    assert [link.get_text() for link in links] == ["car gap", "stalls"]
    assert [link["href"] for link in links] == ["#term-car-gap", "#term-stall"]
    assert {entry["id"] for entry in soup.find_all("dt", id=True)} == {"term-car-gap", "term-stall"}
    assert not soup.find("a", href="https://example.org/a").find("a")


def test_a_report_leads_to_its_neighbours_the_index_and_other_scenarios() -> None:
    soup = BeautifulSoup(
        export(stored("01_trade_imbalance"), context_of("weak_yen", "01_trade_imbalance")),
        "html.parser",
    )
    for nav in soup.find_all("nav", class_="moving"):
        assert [link["href"] for link in nav.find_all("a")] == [
            "00_brief.html",
            "../index.html",
            "../index.html#report-01_trade_imbalance",
            "02_import_volume.html",
        ]
    assert "reverse-imports run 01_trade_imbalance --scenario weak_yen" in soup.footer.get_text()
    own = BeautifulSoup(
        export(notebook_of(), context_of(notebook="own", index_href="")), "html.parser"
    )
    assert not own.find("nav", class_="moving").find_all("a")


def test_title_and_description_say_what_was_found() -> None:
    notebook = stored("01_trade_imbalance")
    soup = BeautifulSoup(export(notebook, context_of("base", "01_trade_imbalance")), "html.parser")
    assert answer_line(notebook) in soup.title.get_text()
    assert soup.find("meta", attrs={"name": "description"})["content"] == answer_line(notebook)


def test_a_page_by_an_own_step_says_so_and_takes_its_answer() -> None:
    base = Study.of()

    def price_walk(cars: Any, costs: Any) -> dict[str, Any]:
        return {**base.steps["price_walk"](cars, costs), "levy": Quantity(1, "JPY per car")}

    for study, sentence, marks in (
        (base, "The suite's answer.", 0),
        (base.using(price_walk=price_walk), "The reader's answer.", 1),
    ):
        said = [
            lambda: show.answer("The suite's answer."),
            lambda study=study: show.own_answer(study, ["The reader's answer."]),
        ]
        notebook = notebook_of(*map(shown, said))
        soup = BeautifulSoup(export(notebook, context_of()), "html.parser")
        assert answer_line(notebook) == sentence
        notes = soup.find("section", class_="scenario").find_all(class_="note")
        assert sum("is not the suite's" in read(note) for note in notes) == marks


@pytest.mark.parametrize(
    ("cars", "remedy"),
    [
        (20, "at most 13 cars of your own are sure to fit, and there are 20: run them in several"),
        (2, "show fewer or smaller figures and tables"),
    ],
)
def test_a_page_that_is_too_large_says_what_to_do(cars: int, remedy: str) -> None:
    own = [{"vehicle_id": f"mine_{number}"} for number in range(cars)]
    context = replace(context_of(), differing={"own_cars": (own, [])})
    rows = [lambda: show.prose("x" * 40_000) for _ in range(20)]
    with pytest.raises(InputError) as caught:
        export(notebook_of(*map(shown, rows)), context)
    (fault,) = caught.value.faults
    assert f"it may have {LARGEST_PAGE:,}" in fault.what
    assert remedy in fault.instead
