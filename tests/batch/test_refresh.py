"""Stored notebooks: one stable form, the same bytes again, and a check that says which differs
where.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.batch.notebook import method as method_of
from helpers.batch.notebook import source_bytes
from helpers.batch.options import Options
from helpers.batch.refresh import refresh
from helpers.engine.cells import stable_bytes
from helpers.engine.warm import WarmEngine
from helpers.errors import InputError
from helpers.results import EDITED, OWN, SUITE
from helpers.scenarios import Scenario
from helpers.show.prose import OWN_STEP
from tests.batch.small_notebooks import notebook, outcome_of

GOOD = ("print(jpy_per_usd)", "jpy_per_usd * 2")
DOUBLED = str(Scenario().jpy_per_usd * 2)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def refreshed(make: Callable[..., Path], warm: WarmEngine, told: list[str]) -> Callable[..., int]:
    """Refresh a folder of notebooks; what it says goes to `told`."""

    def run(folder: Path, check: bool = False) -> int:
        names = sorted(path.stem for path in folder.glob("*.ipynb"))
        return refresh(
            check,
            names,
            lambda refreshed: told.append(refreshed.line(check)),
            Options(workers=2),
            folder=folder,
            engine=warm,
        )

    return run


def test_refresh_gives_the_parameters_cell_the_present_defaults(
    make: Callable[..., Path], refreshed: Callable[..., int]
) -> None:
    path = make("one", *GOOD)
    fresh, rate = path.read_text(), str(Scenario().jpy_per_usd)
    path.write_text(fresh.replace(f"jpy_per_usd: float = {rate}", "jpy_per_usd: float = 120.5"))
    assert path.read_text() != fresh
    assert refreshed(path.parent) == 0
    cell = json.loads(path.read_text())["cells"]
    assert f"jpy_per_usd: float = {rate}  # JPY per USD; exchange" in str(cell)
    assert f"{rate}\\n" in str(cell)


def test_refresh_stores_outputs_and_then_changes_no_byte(
    make: Callable[..., Path], refreshed: Callable[..., int], told: list[str]
) -> None:
    path = make("one", *GOOD)
    assert refreshed(path.parent, check=True) == 1
    assert told == ["one: differs; first in cell 2 (setup-0)"]
    assert refreshed(path.parent) == 0
    stored = path.read_bytes()
    assert refreshed(path.parent) == 0
    assert refreshed(path.parent, check=True) == 0
    assert told[1:] == [
        "one: refreshed; first in cell 2 (setup-0)",
        "one: unchanged",
        "one: unchanged",
    ]
    assert path.read_bytes() == stored
    assert (
        nbformat.reads(stored.decode(), as_version=4).cells[-1].outputs[0].data["text/plain"]
        == DOUBLED
    )


@pytest.mark.parametrize(
    ("cell", "method"),
    [
        (GOOD[1], SUITE),
        ("jpy_per_usd * 3", SUITE),  # a refresh takes an edit over
        (f"from IPython.display import HTML\nHTML('<p class=\"{OWN_STEP}\">Yours:</p>')", EDITED),
    ],
)
def test_refresh_vouches_for_the_cells_but_not_for_an_own_step(
    make: Callable[..., Path], refreshed: Callable[..., int], cell: str, method: str
) -> None:
    path = make("one", *GOOD)
    assert method_of(nbformat.read(path, as_version=4)) == OWN
    refreshed(path.parent)
    stored = nbformat.read(path, as_version=4)
    assert method_of(stored) == SUITE
    edited = stored.cells[-1].source != cell
    stored.cells[-1].source = cell
    assert method_of(stored) == (EDITED if edited else SUITE)
    nbformat.write(stored, path)
    assert refreshed(path.parent) == 0
    assert method_of(nbformat.read(path, as_version=4)) == method


def test_check_names_the_cell_that_differs_and_stores_nothing(
    make: Callable[..., Path], refreshed: Callable[..., int], told: list[str]
) -> None:
    path = make("one", *GOOD)
    refreshed(path.parent)
    changed = path.read_bytes().replace(DOUBLED.encode(), b"300.00")
    path.write_bytes(changed)
    assert refreshed(path.parent, check=True) == 1
    assert told[-1] == "one: differs; first in cell 5 (step-1)"
    assert path.read_bytes() == changed


def test_a_notebook_that_fails_is_left_as_it_was(
    make: Callable[..., Path], refreshed: Callable[..., int], told: list[str]
) -> None:
    make("one", *GOOD)
    path = make("two", "1 / 0")
    stored = path.read_bytes()
    assert refreshed(path.parent) == 1
    assert sorted(told) == [
        "one: refreshed; first in cell 2 (setup-0)",
        "two: failed: cell 3 (step-0): ZeroDivisionError: division by zero",
    ]
    assert path.read_bytes() == stored


def test_a_notebook_that_cannot_run_stops_all(
    make: Callable[..., Path], refreshed: Callable[..., int]
) -> None:
    path = make("one", *GOOD)
    (path.parent / "two.ipynb").write_text("{}")
    stored = path.read_bytes()
    with pytest.raises(InputError, match=r"two\.ipynb"):
        refreshed(path.parent)
    assert path.read_bytes() == stored


def test_the_stored_form_holds_nothing_of_time_and_machine(warm: WarmEngine) -> None:
    stored = json.loads(outcome_of(warm, *GOOD).files[".ipynb"])
    assert set(stored["metadata"]) == {"kernelspec", "language_info"}
    assert "version" not in stored["metadata"]["language_info"]
    assert all(set(cell["metadata"]) <= {"tags"} for cell in stored["cells"])
    assert [cell["id"] for cell in stored["cells"]] == [
        "title",
        "setup-0",
        "parameters",
        "step-0",
        "step-1",
    ]


def test_the_stored_form_is_stable_and_readable(warm: WarmEngine) -> None:
    content = outcome_of(warm, *GOOD).files[".ipynb"]
    node = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(node)
    assert stable_bytes(node) == content
    assert content.endswith(b"}\n")
    assert not content.endswith(b"\n\n")
    assert content.splitlines()[1].startswith(b' "')


def test_text_of_a_kernel_is_joined_as_it_was_printed() -> None:
    def streams(*parts: tuple[str, str]) -> list[Any]:
        return [nbformat.v4.new_output("stream", name=name, text=text) for name, text in parts]

    first, second = notebook("x"), notebook("x")
    first.cells[-1].outputs = streams(
        ("stdout", "a"), ("stdout", "b\n"), ("stderr", "e"), ("stdout", "c")
    )
    second.cells[-1].outputs = streams(("stderr", "e"), ("stdout", "ab\nc"))
    assert stable_bytes(first) == stable_bytes(second)


@pytest.mark.slow
def test_outputs_do_not_change_what_a_notebook_is(warm: WarmEngine) -> None:
    executed = nbformat.reads(outcome_of(warm, *GOOD).files[".ipynb"].decode(), as_version=4)
    assert source_bytes(executed) == source_bytes(notebook(*GOOD))
    assert source_bytes(notebook("1")) != source_bytes(notebook("2"))


def test_hash_seed_time_zone_and_language_do_not_matter(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    path = make(
        "one",
        "print({'a', 'b', 'c'})",
        "import time; print(time.strftime('%Z')); print(f'{1234.5:n}')",
    )
    script = f"""
from pathlib import Path
from helpers.batch.refresh import refresh
refresh(names=["one"], folder=Path({str(path.parent)!r}))
"""
    contents = []
    for seed, zone, language in (("1", "Asia/Tokyo", "C"), ("2", "America/New_York", "C.UTF-8")):
        make(
            "one",
            "print({'a', 'b', 'c'})",
            "import time; print(time.strftime('%Z')); print(f'{1234.5:n}')",
        )
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    assert b"UTC" in contents[0]
