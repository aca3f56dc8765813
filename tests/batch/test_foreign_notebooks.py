"""The notebooks on which nbval, papermill and nbclient are tested end by both engines as by
papermill itself: with the same kind of error, the same outputs, the same counts.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from helpers.engine import warm
from helpers.engine.cells import stable_bytes
from helpers.engine.papermill_engine import WarmPapermillEngine

FOLDER = Path(__file__).parent / "foreign"
NAMES = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.ipynb")
)
REPEATED = (  # one of each kind; the others are like one of them
    "nbclient/Autokill",
    "nbclient/Check_History_in_Memory",
    "nbclient/Clear_Output",
    "nbclient/Output",
    "nbclient/Skip_Exceptions_with_Cell_Tags",
    "nbclient/update-display-id",
    "nbval/sample_notebook",
    "nbval/test_coalesce",
    "papermill/keyboard_interrupt",
    "papermill/line_magic_error",
    "papermill/sysexit1",
)
CLOCK = re.compile(r"datetime\(20[0-9, ]+\)|20\d\d-\d\d-\d\d[T,]? ?\d\d:\d\d:\d\d(\.\d+Z)?")
CHANCE = re.compile(r"0x[0-9a-f]{6,}|IPY_MODEL_[0-9a-f]{32}|0\.\d{8,}|/\S*/ipykernel_\d+/\d+\.py")


def made(name: str, engine: str | None, folder: Path) -> tuple[str, list[str]]:
    """The kind of error that comes of a notebook, and its outputs but for clock and chance."""
    kind = ""
    try:
        papermill.execute_notebook(
            FOLDER / f"{name}.ipynb",
            folder / "out.ipynb",
            engine_name=engine,
            kernel_name="python3",
            execution_timeout=5,
            progress_bar=False,
        )
    except Exception as error:
        kind = type(error).__name__
    executed: Any = nbformat.read(folder / "out.ipynb", as_version=4)
    for number, cell in enumerate(executed.cells):
        cell.id = f"cell-{number}"  # an injected one has a new name every time
    text = CHANCE.sub("by chance", CLOCK.sub("some time", stable_bytes(executed).decode()))
    return kind, text.splitlines()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in REPEATED else pytest.mark.long)
        for name in sorted({*NAMES, *REPEATED})
    ],
)
def test_a_foreign_notebook_ends_as_by_papermill_itself(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves descriptors alone while it is set
    by_papermill = made(name, None, tmp_path)
    assert made(name, "warm", tmp_path) == by_papermill
    engine = WarmPapermillEngine._processes()
    forked = engine.forked
    monkeypatch.setattr(warm, "MOST_STARTS", 0)  # no template: the plain engine takes every run
    assert made(name, "warm", tmp_path) == by_papermill
    assert engine.forked == forked > 0
