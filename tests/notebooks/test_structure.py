"""Every notebook keeps the suite's form: headings, parameters, short cells, stored outputs without
noise.
"""

import ast
import re
import statistics
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from papermill.inspection import _infer_parameters
from papermill.iorw import load_notebook_node

from helpers import PROJECT_ROOT
from helpers.notebook_template import parameter_line
from helpers.results import MIME as RESULT_MIME
from helpers.results import NAMES, collect
from helpers.scenarios import NOTEBOOKS, parameters
from helpers.show.drawing import MIME as FIGURE_MIME
from helpers.show.table import MIME as TABLE_MIME

FIXED_HEADINGS = (
    "Question",
    "Parameters",
    "Answer in brief",
    "Data used",
    "Checks",
    "Limits",
    "Next",
)
SUBJECTS = {"trade", "volume", "fit", "cost", "claims", "brief", "explore"}
ALLOWED_ROOMS = SUBJECTS | {"data", "show", "scenarios", "results", "study", "quantities"}
ALLOWED_LIBRARIES = {"numpy", "pandas", "scipy", "dataclasses", "math", "IPython"}
MOST_PARAMETERS, MOST_CELLS = 10, 45
SPOKEN = {"answer", "own_answer", "prose", "result"}
"""Functions of `show` that hold what is said; their cells are folded."""
NUMBER = r"\b\d[\d.,]*\b"
SAID = 'show.prose(f"{share:.1f} of 20,000 cars")'
LONGEST_BARE = 4
WIDEST_FOLDED = 100  # JupyterLab shows the first line of a folded cell whole
"""A paragraph of so many words or fewer is a stub: it names a matter and says nothing of it."""


def path_of(name: str) -> Path:
    return PROJECT_ROOT / "notebooks" / f"{name}.ipynb"


@pytest.fixture(params=NOTEBOOKS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def notebook(name: str) -> Any:
    return nbformat.read(path_of(name), as_version=4)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(notebook: Any, tag: str) -> list[int]:
    return [
        index for index, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", [])
    ]


def bundles(notebook: Any, mime: str) -> list[Any]:
    return [
        output.data[mime]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if mime in output.get("data", {})
    ]


def is_folded(cell: Any) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def shown_by(cell: Any) -> list[tuple[str, ast.Call]]:
    """The calls of functions of `show` in a cell, by name."""
    return [
        (node.func.attr, node)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "show"
    ]


def typed(call: ast.Call) -> list[str]:
    """The texts written out in a call, without what stands between braces."""
    formats = [
        node.format_spec
        for node in ast.walk(call)
        if isinstance(node, ast.FormattedValue) and node.format_spec
    ]
    between = {id(part) for spec in formats for part in ast.walk(spec)}
    return [
        node.value
        for node in ast.walk(call)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in between
    ]


def prose(notebook: Any) -> str:
    """The text cells, without formulas, code, targets of links and links to notebooks."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\]\([^)]*\)|\[0\d[^\]]*\]", "", text)


def stubs(text: str) -> list[str]:
    """Paragraphs of a text cell that say nothing, or end in the middle of a sentence."""
    body = re.sub(r"\$\$[^$]*\$\$|^#+ .*$", "", text, flags=re.MULTILINE)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n|\n(?=[-*] )", body)]
    return [
        part
        for part in paragraphs
        if part and (len(part.split()) <= LONGEST_BARE or part[-1] not in ".!?:")
    ]


def test_is_valid_and_names_the_common_kernel(name: str, notebook: Any) -> None:
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert path_of(name).stat().st_size < (500_000 if name[:2] in ("03", "05") else 400_000)


def test_headings_stand_in_order(notebook: Any) -> None:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert [heading for heading in headings if heading in FIXED_HEADINGS] == list(FIXED_HEADINGS)
    steps = headings[headings.index("Data used") + 1 : headings.index("Checks")]
    assert 2 <= len(steps) <= 5
    assert len(headings) == len(FIXED_HEADINGS) + len(steps)


def test_parameters_cell_shows_the_main_parameters_and_takes_the_rest(
    name: str, notebook: Any
) -> None:
    (index,) = tagged(notebook, "parameters")
    declared = [parameter_line(own) for own in parameters(name)]
    lines = notebook.cells[index].source.splitlines()
    assert 2 <= len(lines) <= MOST_PARAMETERS, "alone, IPython would take `more` for a magic"
    assert re.fullmatch(r"more: dict = \{\}  # \S.*", lines.pop())
    assert len(set(lines)) == len(lines)
    assert set(lines) <= set(declared)


def test_papermill_understands_every_parameter(name: str) -> None:
    declared = {own.name: own for own in parameters(name)}
    for seen in _infer_parameters(load_notebook_node(str(path_of(name)))):
        if seen.name == "more":
            assert seen.help
        else:
            own = declared[seen.name]
            assert (seen.inferred_type_name, seen.help) == (own.type, own.comment)


def test_nothing_above_the_parameters_depends_on_them(notebook: Any) -> None:
    (index,) = tagged(notebook, "parameters")
    names = {one.name for one in parameters()}
    for cell in notebook.cells[:index]:
        if cell.cell_type == "code":
            assert not names & {
                node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)
            }
    assert all(
        "import " not in cell.source
        for cell in code_cells(notebook)
        if notebook.cells.index(cell) > index
    )


def test_setup_and_what_is_said_are_folded(notebook: Any) -> None:
    (index,) = tagged(notebook, "parameters")
    cells = code_cells(notebook)
    said = [cell for cell in cells if {call for call, _ in shown_by(cell)} & SPOKEN]
    above = [cell for cell in cells if notebook.cells.index(cell) < index]
    assert [cell.id for cell in above + said if not is_folded(cell)] == []
    assert not is_folded(notebook.cells[index])


def test_imports_only_the_rooms_for_notebooks(notebook: Any) -> None:
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for module in modules:
                root, _, rest = module.partition(".")
                if root == "helpers":
                    rooms = {rest.split(".")[0]} if rest else {alias.name for alias in node.names}  # type: ignore[attr-defined]
                    assert rooms <= ALLOWED_ROOMS, module
                else:
                    assert root in ALLOWED_LIBRARIES, module


def test_cells_are_short_and_plain(notebook: Any) -> None:
    cells = code_cells(notebook)
    lengths = [
        len(cell.source.splitlines())
        for cell in cells
        if "parameters" not in cell.metadata.get("tags", [])
    ]
    assert len([cell for cell in cells if not is_folded(cell)]) <= MOST_CELLS
    assert statistics.median(lengths) <= 6
    assert max(lengths) <= 20
    folded = [cell.source.splitlines()[0] for cell in cells if is_folded(cell)]
    assert [line for line in folded if len(line) > WIDEST_FOLDED] == []
    forbidden = (ast.AsyncFunctionDef, ast.ClassDef, ast.Try)
    for cell in cells:
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(isinstance(node, forbidden) for node in nodes), cell.source
        called = {
            node.func.id
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"exit", "quit", "input", "open", "print", "eval", "exec"}, cell.source


def test_prose_is_of_a_readable_length_and_types_no_number(notebook: Any) -> None:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert 600 <= len(re.findall(r"[A-Za-z][\w'’-]*", text)) <= 1_800
    assert re.findall(NUMBER, prose(notebook)) == [], "numbers come from cells"


def test_what_a_cell_says_types_no_number(notebook: Any) -> None:
    said = [
        text
        for cell in code_cells(notebook)
        for name, call in shown_by(cell)
        if name in SPOKEN
        for text in typed(call)
    ]
    assert [text for text in said if re.search(NUMBER, text)] == []


def test_no_sentence_is_a_stub(notebook: Any) -> None:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [stub for text in texts for stub in stubs(text)] == []


def test_stubs_and_typed_numbers_are_told_from_sentences() -> None:
    assert stubs("## Verdicts\nClaims by verdict.") == ["Claims by verdict."]
    assert stubs("### Next\nAn unfinished line") == ["An unfinished line"]
    assert stubs("## Gap\nWhat is it? The gap is a difference.\n\n$$a - b$$") == []
    (call,) = (own for _, own in shown_by(nbformat.v4.new_code_cell(SAID)))
    assert [text for text in typed(call) if re.search(NUMBER, text)] == [" of 20,000 cars"]


def test_every_step_is_introduced(notebook: Any) -> None:
    """But for the first screen, whose headings stand right above parameters and answer."""
    bare = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        and not re.sub(r"^#+ .*$", "", cell.source, flags=re.MULTILINE).strip()
    ]
    assert bare[0].startswith("# ")
    assert bare[1:] == ["## Parameters", "## Answer in brief"]
    assert notebook.cells[-1].cell_type == "markdown"


def test_stored_outputs_are_complete_and_clean(notebook: Any) -> None:
    cells = [cell for cell in code_cells(notebook) if cell.source.strip()]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result"}
    text = "".join(str(output) for output in outputs)
    assert not re.search(
        r"0x[0-9a-f]{8,}|/home/|/root/|/tmp/|/Users/|Warning|\bNaN\b|\bnan\b", text
    )
    assert not bundles(notebook, "image/png"), "drawings are SVG: nbval does not compare PNG"


def test_dollars_that_a_cell_shows_are_money(notebook: Any) -> None:
    """Jupyter sets what stands between two dollar signs as a formula, but in such an element."""
    pages = [BeautifulSoup(html, "html.parser") for html in bundles(notebook, "text/html")]
    texts = [text for page in pages for text in page.strings]
    formulas = [
        str(text)
        for text in texts
        if "$" in text and not any("mathjax_ignore" in own.get("class", []) for own in text.parents)
    ]
    assert formulas == []


def test_shows_figures_tables_and_results(notebook: Any) -> None:
    figures, tables = bundles(notebook, FIGURE_MIME), bundles(notebook, TABLE_MIME)
    assert len(figures) >= 2
    assert len(tables) >= 2
    names = [one["name"] for one in figures + tables]
    assert len(set(names)) == len(names)
    assert len(bundles(notebook, "image/svg+xml")) == len(figures)
    assert all(one["alt"] and re.search(r"\d", one["alt"]) for one in figures), (
        "alt text carries live numbers"
    )
    assert [one["faults"] for one in figures if "faults" in one] == []
    assert bundles(notebook, RESULT_MIME)
    assert {result.name for result in collect(notebook)} <= set(NAMES)


def test_a_notebook_with_an_own_step_repeats_its_answer_before_the_checks(notebook: Any) -> None:
    sources = [cell.source for cell in notebook.cells]
    handed = [n for n, source in enumerate(sources) if "study = study.using(" in source]
    if not handed:
        return
    (given,) = re.findall(r"(?m)^show\.answer\(\*(.*)\)$", "\n".join(sources))
    again = f"show.own_answer(study, {given})"
    (checks,) = (n for n, source in enumerate(sources) if source.startswith("## Checks"))
    assert max(handed) < sources.index(again) < checks
