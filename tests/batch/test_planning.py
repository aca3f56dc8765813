"""Bad notebooks, names, folders and options are refused before anything runs, each fault in one
line, all at once.
"""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.batch import Limits, Options, Plan, plan, varied
from helpers.batch import notebook as notebooks
from helpers.engine.cells import tags
from helpers.errors import InputError
from helpers.scenarios import NamedScenario, Scenario, load_scenario, parameters
from tests.batch.small_notebooks import PARAMETERS, notebook


def cell(source: str, *tags: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def with_cells(*cells: Any) -> Any:
    changed = notebook()
    changed.cells = list(cells)
    return changed


def with_kernel(**kernelspec: str) -> Any:
    changed = notebook()
    changed.metadata.kernelspec = kernelspec
    return changed


def without_kernel() -> Any:
    changed = notebook()
    del changed.metadata["kernelspec"]
    return changed


def bad(text: str) -> Any:
    return with_cells(cell(text, "parameters"))


NOTEBOOKS: dict[str, tuple[Any, str]] = {
    "empty": ("", "the file is not a notebook: it holds no JSON"),
    "text": ("no notebook", "the file is not a notebook: it holds no JSON"),
    "bytes": (b"\xff\xfe\x00", "the file is not a notebook: it holds no JSON"),
    "list": ("[]", "the file is not a valid notebook"),
    "number": ("5", "the file is not a valid notebook"),
    "null": ("null", "the file is not a valid notebook"),
    "no_cells": (
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "the file is not a valid notebook",
    ),
    "format_9": (
        '{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        "the file is not a valid notebook",
    ),
    "extra_key": (
        json.dumps({**notebook(), "extra": 1}),
        "the file is not a valid notebook: Additional properties are not allowed",
    ),
    "cell_of_no_kind": (
        json.dumps(notebook()).replace('"code"', '"poem"'),
        "the file is not a valid notebook",
    ),
    "no_kernel": (without_kernel(), "its kernel is None; choose the kernel python3"),
    "empty_kernel": (
        with_kernel(),
        "the file is not a valid notebook: 'name' is a required property",
    ),
    "other_kernel": (
        with_kernel(name="conda-env-mine-py", display_name="x"),
        "its kernel is 'conda-env-mine-py'; choose the kernel python3",
    ),
    "other_language": (
        with_kernel(name="ir", display_name="R"),
        "its kernel is 'ir'; choose the kernel python3",
    ),
    "no_parameters": (with_cells(cell("1")), "0 cells have the tag 'parameters'; tag exactly one"),
    "two_parameters": (
        with_cells(cell(PARAMETERS, "parameters"), cell(PARAMETERS, "parameters")),
        "2 cells have the tag 'parameters'; tag exactly one",
    ),
    "output": (
        with_cells(cell(PARAMETERS, "parameters"), cell("jpy_per_usd = 3", "injected-parameters")),
        "this is the output of a papermill run",
    ),
    "derived": (
        bad("jpy_per_usd = 149.57\ndouble = jpy_per_usd * 2"),
        "the parameters cell holds more than plain literals",
    ),
    "call": (
        bad("jpy_per_usd = float('149.57')"),
        "the parameters cell holds more than plain literals",
    ),
    "import": (
        bad("import os\njpy_per_usd = 149.57"),
        "the parameters cell holds more than plain literals: line 1",
    ),
    "two_targets": (
        bad("jpy_per_usd = discount_rate_percent = 8.0"),
        "the parameters cell holds more than plain literals: line 1",
    ),
    "unpacking": (
        bad("jpy_per_usd, discount_rate_percent = 149.57, 8.0"),
        "the parameters cell holds more than plain literals: line 1",
    ),
    "no_value": (
        bad("jpy_per_usd: float"),
        "the parameters cell holds more than plain literals: line 1",
    ),
    "syntax": (bad("jpy_per_usd = = 1"), "the parameters cell holds more than plain literals"),
    "unknown": (bad("yen: float = 149.57"), "the parameters cell sets yen, which is no parameter"),
    "other_default": (
        bad("jpy_per_usd: float = 120.0"),
        f"the parameters cell sets jpy_per_usd to 120.0; write {Scenario().jpy_per_usd}",
    ),
    "other_list": (
        bad('makers: list = ["Toyota"]'),
        "the parameters cell sets makers to ['Toyota']; write ['Toyota', 'Honda', 'Nissan']",
    ),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_bad_notebook_is_refused(tmp_path: Path, name: str) -> None:
    content, message = NOTEBOOKS[name]
    path = tmp_path / f"{name}.ipynb"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        notebooks.read(path)
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"{name}.ipynb: ")
    assert message in str(fault)
    assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "stem",
    [
        *(
            "-20pct",
            "{x}",
            "a{b}",
            "{pm.run_uuid}",
            "a b",
            "a.b",
            "K\u00e4fer",
            "\u6f22\u5b57",
            "\uff41",
            "a\u202eb",
            "x\ny",
        ),
        *("a:b", "a*b", "con", "NUL", "com1", "LPT9", "a" * 61, ".hidden", "~", "$HOME", "a;b"),
    ],
)
def test_a_name_that_cannot_name_a_report_everywhere_is_refused(tmp_path: Path, stem: str) -> None:
    path = tmp_path / f"{stem}.ipynb"
    nbformat.write(notebook(), path)
    with pytest.raises(InputError, match="rename it to ASCII letters"):
        notebooks.read(path)


def test_every_fault_comes_at_once_and_nothing_is_touched(tmp_path: Path) -> None:
    for name in ("derived", "no_kernel"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(NOTEBOOKS[name][0]))
    base = load_scenario("base")
    with pytest.raises(InputError) as caught:
        plan(
            [
                tmp_path / "derived.ipynb",
                tmp_path / "no_kernel.ipynb",
                tmp_path / "missing.ipynb",
                "01_trade",
            ],
            [base, base],
            Options(
                output=tmp_path / "out",
                workers=0,
                limits=Limits(run_s=-1.0, memory_mb=float("nan")),
                retries=-1,
                most_failures=-1,
            ),
        )
    told = [str(fault) for fault in caught.value.faults]
    for words in (
        "derived.ipynb",
        "no_kernel.ipynb",
        "missing.ipynb: there is no such notebook",
        "01_trade.ipynb: there is no such notebook",
        "scenario base: the name stands twice",
        "--workers: 0 is out of range",
        "--timeout: a limit must be a positive number",
        "--memory: a limit must be a positive number",
        "--retries: -1 is out of range",
        "--max-failures: -1 is out of range",
    ):
        assert any(words in line for line in told), words
    assert not (tmp_path / "out").exists()


def test_two_notebooks_of_one_name_are_refused(
    make: Callable[..., Path], planned: Callable[..., Plan], tmp_path: Path
) -> None:
    first = make("one")
    other = tmp_path / "other" / "ONE.ipynb"
    other.parent.mkdir()
    shutil.copy(first, other)
    with pytest.raises(InputError, match=r"ONE\.ipynb: two notebooks share this name"):
        planned([first, other])


def test_a_source_in_the_output_folder_is_refused(
    make: Callable[..., Path], planned: Callable[..., Plan], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="the notebook lies in the output folder"):
        planned([make("one")], output=tmp_path)


def test_an_output_that_is_a_file_is_refused(make: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(InputError, match="out is a file; give a folder"):
        plan([make("one")], [load_scenario("base")], Options(output=tmp_path / "out" / "deep"))


def test_a_full_disk_is_refused(
    make: Callable[..., Path], planned: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make("one")
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 400_000)
    )
    with pytest.raises(
        InputError, match="0 MB are free, 2 MB may be needed; make room or give another --output"
    ):
        planned([path], "base", "rural")


def test_a_scenario_that_no_folder_can_be_named_after_is_refused(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    named = NamedScenario("aux", "x", "y", {}, Scenario())
    with pytest.raises(
        InputError, match="scenario aux: some systems cannot make a folder of this name"
    ):
        plan([make("one")], [named], Options(output=tmp_path / "out"))


def test_no_scenario_is_refused(make: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="scenarios: none is given"):
        plan([make("one")], [], Options(output=tmp_path / "out"))


def test_only_the_parameters_a_notebook_takes_are_given_to_it(
    make: Callable[..., Path], planned: Callable[..., Plan]
) -> None:
    (base, weak) = planned([make("one")], "base", "as_reported").runs
    assert base.job.parameters == {}
    assert set(weak.job.parameters) <= {"jpy_per_usd"}


def test_values_on_top_of_a_scenario_have_a_name_of_their_own() -> None:
    base = load_scenario("base")
    first, second = varied(base, {"jpy_per_usd": 175.0}), varied(base, {"jpy_per_usd": 180.25})
    assert (first.name, second.name) == ("base_jpy_per_usd_175", "base_jpy_per_usd_180-25")
    assert (first.scenario.jpy_per_usd, first.title) == (175.0, "Base, with jpy_per_usd = 175")
    car = {"vehicle_id": "mine", "width_mm": 1780}
    own = varied(base, {"cars": ["jp_nbox"], "own_cars": [car]})
    assert own.title == "Base, with cars = jp_nbox, own_cars = mine"
    assert re.fullmatch(r"base_cars_jp_nbox_own_cars_mine_[0-9a-f]{8}", own.name)
    wider = varied(base, {"cars": ["jp_nbox"], "own_cars": [car | {"width_mm": 1790}]})
    assert wider.name[:-8] == own.name[:-8]
    assert wider.name != own.name
    place = {"name": "Ōmi, my *town*", "width_basis": "total"}
    place["bands"] = [{"from_m": 0, "length_km": 1}]
    named = varied(base, {"own_place": place}).name
    assert re.fullmatch(r"base_own_place_-mi-my-town_[0-9a-f]{8}", named)
    assert base.story not in (first.story, own.story)
    assert varied(base, {}) is base
    with pytest.raises(InputError, match="did you mean jpy_per_usd"):
        varied(base, {"jpy_per_usdd": 175.0})


def test_a_long_scenario_name_stays_within_bounds() -> None:
    named = NamedScenario("x" * 60, "x", "y", {}, Scenario())
    names = [varied(named, {"jpy_per_usd": value}).name for value in (175.0, 180.0)]
    assert [len(set(names)), *map(len, names)] == [2, 60, 60]
    own_rows = [{"low": 1.0, "mode": 2.0, "high": 3.0}, {"low": 1.0, "mode": 2.0, "high": 4.0}]
    base = load_scenario("base")
    names = [varied(base, {"share_percent.camry": row}).name for row in own_rows]
    assert len(set(names)) == 2
    assert all(
        re.fullmatch(r"base_share_percent-camry_own-values_[0-9a-f]{8}", name) for name in names
    )


def test_the_kernel_is_given_the_exact_types_of_the_vocabulary() -> None:
    for parameter in parameters():
        assert type(parameter.default) in (int, float, str, bool, list, dict)


values = st.one_of(st.floats(50, 400), st.integers(50, 400).map(float))


@given(values)
@settings(max_examples=150, deadline=None)
def test_a_value_reaches_the_notebook_unchanged(value: float) -> None:
    from helpers.engine.outcome import Job
    from helpers.engine.perform import prepared

    scenario = Scenario(jpy_per_usd=value)
    injected = prepared(
        Job(
            "small",
            json.dumps(notebook()),
            notebooks.given("small", notebooks.taken(notebook()), scenario),
            {},
        )
    )
    namespace: dict[str, Any] = {}
    for cell in injected.cells:
        if set(tags(cell)) & {"parameters", "injected-parameters"}:
            exec(cell.source, namespace)
    assert (namespace["jpy_per_usd"], type(namespace["jpy_per_usd"])) == (value, float)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 0.0])
def test_a_limit_that_is_no_positive_number_is_refused(
    make: Callable[..., Path], planned: Callable[..., Plan], seconds: float
) -> None:
    with pytest.raises(
        InputError,
        match="--timeout: a limit must be a positive number; write the number of seconds",
    ):
        planned([make("one")], limits=Limits(run_s=seconds))


def test_a_ledger_that_cannot_be_used_is_refused(make: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".ledger").write_text("a file")
    with pytest.raises(
        InputError, match="the ledger of finished runs cannot be used; move it away"
    ):
        plan([make("one")], [load_scenario("base")], Options(output=tmp_path / "out"))


def test_a_store_that_cannot_be_reached_is_refused(
    make: Callable[..., Path], planned: Callable[..., Plan]
) -> None:
    with pytest.raises(InputError, match=r"--upload ftp://127\.0\.0\.1:1/x: cannot be reached: "):
        planned([make("one")], upload="ftp://127.0.0.1:1/x")
