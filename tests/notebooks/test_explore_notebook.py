"""explore keeps the form of the suite where it can: headings, short cells, stored outputs that
stand without a kernel.
"""

import re
from typing import Any

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.explore.headlines import Answers
from helpers.explore.tables import still
from helpers.scenarios import NOTEBOOKS
from helpers.show.drawing import MIME as FIGURE_MIME
from helpers.show.table import MIME as TABLE_MIME
from helpers.study import Study

PATH = PROJECT_ROOT / "notebooks" / "explore.ipynb"
HEADINGS = ["Question", "Controls", "Base scenario", "Save and run", "Limits", "Next"]
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def notebook() -> Any:
    return nbformat.read(PATH, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in code(notebook) for output in cell.outputs]


def test_form(notebook: Any) -> None:
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert PATH.stat().st_size < 250_000
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert 200 <= len(re.findall(r"[A-Za-z][\w'’-]*", text)) <= 1_000
    assert max(len(cell.source.splitlines()) for cell in code(notebook)) <= 6
    assert PATH.stem not in NOTEBOOKS


def test_every_link_leads_to_a_notebook(notebook: Any) -> None:
    links = re.findall(r"\]\(([^)]+)\)", notebook.cells[-1].source)
    assert set(links) >= {
        "00_brief.ipynb",
        "01_trade_imbalance.ipynb",
        "02_import_volume.ipynb",
        "03_vehicle_fit.ipynb",
        "04_landed_cost.ipynb",
    }
    assert all((PATH.parent / link).is_file() for link in links)


def test_stored_outputs_stand_without_widgets(notebook: Any) -> None:
    assert [cell.execution_count for cell in code(notebook)] == list(
        range(1, len(code(notebook)) + 1)
    )
    assert "widgets" not in notebook.metadata
    assert {output.output_type for output in outputs(notebook)} == {"display_data"}
    assert not any(WIDGET in output.data for output in outputs(notebook))
    assert sum(TABLE_MIME in output.data for output in outputs(notebook)) == 1
    assert sum(FIGURE_MIME in output.data for output in outputs(notebook)) == 3
    text = str(outputs(notebook))
    assert not re.search(r"0x[0-9a-f]{8,}|/home/|/root/|/tmp/|/Users/|Warning|\bnan\b", text)


def test_only_the_panel_is_left_out_of_the_comparison(notebook: Any) -> None:
    """Its widget has another id in every run; what it says without widgets is compared here
    instead.
    """
    ignored = [
        cell for cell in code(notebook) if "nbval-ignore-output" in cell.metadata.get("tags", [])
    ]
    assert [cell.source for cell in ignored] == ["panel.show()"]
    (output,) = ignored[0].outputs
    base = still(Answers(Study.of()))._repr_mimebundle_()
    assert "need a running kernel" in output.data["text/plain"]
    said, _, below = output.data["text/plain"].partition("\n")
    assert output.data["text/html"].split("</p>", 1)[0] == f"<p>{said}"
    assert output.data["text/html"].endswith(base["text/html"])
    assert below.strip() == base["text/plain"].strip()
    assert output.data[TABLE_MIME] == base[TABLE_MIME]
