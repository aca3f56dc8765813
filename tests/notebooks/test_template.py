"""A notebook from the template runs at once, keeps the form, and passes every test of form once it
is filled in.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from papermill.inspection import _infer_parameters
from papermill.iorw import load_notebook_node as read_for_help

from helpers import results
from helpers.batch.notebook import read
from helpers.engine.cells import stable_bytes
from helpers.errors import InputError
from helpers.notebook_template import FILL, NewNotebook, new_notebook
from helpers.scenarios import NOTEBOOKS, parameters
from tests.notebooks import test_openness as openness
from tests.notebooks import test_structure as structure

TAKEN = ("jpy_per_usd", "models", "trade_year", "flow_basis", "count_unverified")
EVERY = tuple(own.name for own in parameters())
FIGURE = """def bar(canvas):
    canvas.rows(["rate"], 0, left=60, right=20).barh([0], [study.scenario.jpy_per_usd])
    canvas.reach(canvas.bottom + 20)


words = ("The rate of the scenario is 1 line", "JPY per USD", "Federal Reserve; own calculations.")
alt = f"One bar of {{study.given.jpy_per_usd.text}}."
show.Drawing("{name}", *words, bar, alt, rates.tail(1))"""
RESULT = """show.result(result("matching_rate_jpy_per_usd", given.jpy_per_usd, "A rate."))"""
WORDS = " ".join(["Plain words say why the next cell comes."] * 75)


@pytest.fixture
def made(tmp_path: Path) -> NewNotebook:
    return new_notebook("06_fuel_use", "Fuel use", TAKEN, tmp_path)


def executed(notebook: Any, folder: Path) -> Any:
    NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return nbformat.reads(stable_bytes(notebook).decode(), as_version=4)


def filled(notebook: Any) -> Any:
    """The template as an author leaves it: figures, tables, a result and enough words."""
    sources = {
        "sources": FIGURE.format(name="one"),
        "second": FIGURE.format(name="two"),
        "results": RESULT,
    }
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
        if cell.id == "setup":
            cell.source = cell.source.replace(
                "from helpers.scenarios",
                "from helpers.results import result\nfrom helpers.scenarios",
            )
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(
                FILL, WORDS if cell.id == "question" else "It is said here:"
            )
    return notebook


def test_it_runs_as_it_is_and_a_batch_can_read_it(made: NewNotebook) -> None:
    notebook = read(made.path)
    done = executed(notebook, made.path.parent)
    assert all(
        cell.outputs
        for cell in done.cells
        if cell.id in ("brief", "data", "sources", "first", "second", "checks")
    )
    structure.test_stored_outputs_are_complete_and_clean(done)


def test_it_keeps_the_form_from_the_start(made: NewNotebook) -> None:
    notebook = nbformat.read(made.path, as_version=4)
    structure.test_headings_stand_in_order(notebook)
    structure.test_nothing_above_the_parameters_depends_on_them(notebook)
    structure.test_imports_only_the_rooms_for_notebooks(notebook)
    structure.test_cells_are_short_and_plain(notebook)
    structure.test_every_step_is_introduced(notebook)
    structure.test_setup_and_what_is_said_are_folded(notebook)
    structure.test_no_sentence_is_a_stub(notebook)
    assert openness.open_steps(notebook) == [True, True]


def test_its_parameters_cell_shows_the_named_ones_and_takes_the_rest(made: NewNotebook) -> None:
    seen = {
        own.name: own.inferred_type_name for own in _infer_parameters(read_for_help(str(made.path)))
    }
    assert seen == {
        **{own.name: own.type for own in parameters() if own.name in TAKEN},
        "more": "dict",
    }


def test_filled_in_it_passes_the_tests_of_content_too(made: NewNotebook) -> None:
    notebook = executed(filled(nbformat.read(made.path, as_version=4)), made.path.parent)
    structure.test_prose_is_of_a_readable_length_and_types_no_number(notebook)
    structure.test_shows_figures_tables_and_results(notebook)
    structure.test_stored_outputs_are_complete_and_clean(notebook)
    structure.test_cells_are_short_and_plain(notebook)
    structure.test_imports_only_the_rooms_for_notebooks(notebook)
    structure.test_what_a_cell_says_types_no_number(notebook)
    assert "matching_rate_jpy_per_usd" in results.NAMES


def test_the_steps_name_what_has_to_be_registered(made: NewNotebook) -> None:
    steps = "\n".join(made.steps)
    assert '"06_fuel_use" to NOTEBOOKS' in steps
    assert all(name in steps for name in TAKEN)
    assert all(
        (structure.PROJECT_ROOT / place).exists()
        for place in re.findall(r"(?:helpers|tests)/[a-z_/]+(?:\.py|\.csv)?|README\.md", steps)
    )


def test_no_shipped_notebook_still_has_a_blank_of_the_template() -> None:
    assert not [
        name for name in NOTEBOOKS if FILL in structure.path_of(name).read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize(
    ("name", "title", "taken", "message"),
    [
        ("fuel", "Fuel", TAKEN, "is not a notebook's name; write two digits"),
        ("06-fuel", "Fuel", TAKEN, "is not a notebook's name"),
        ("../06_fuel", "Fuel", TAKEN, "is not a notebook's name"),
        ("02_fuel", "Fuel", TAKEN, "the number 02 belongs to 02_import_volume; write 06_fuel"),
        ("06_fuel", "Fuel", ("jpy_per_us",), "did you mean jpy_per_usd?"),
        ("06_fuel", "Fuel", (), "none is named"),
        ("06_fuel", "Fuel", EVERY, "name at most 9; `more` takes every other one"),
        ("06_fuel", "Fuel of 2026", TAKEN, "does not serve as a heading"),
    ],
)
def test_bad_words_are_refused_and_nothing_is_written(
    name: str, title: str, taken: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        new_notebook(name, title, taken, tmp_path / "notebooks")
    assert not (tmp_path / "notebooks").exists()


def test_an_existing_notebook_is_kept(made: NewNotebook) -> None:
    before = made.path.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        new_notebook("06_fuel_use", "Fuel use again", TAKEN, made.path.parent)
    assert made.path.read_bytes() == before
