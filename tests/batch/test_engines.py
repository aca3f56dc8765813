"""The warm engine, the plain engine and papermill itself give the same notebook, and the same bytes
twice.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from helpers import PROJECT_ROOT
from helpers.batch.executor import execute
from helpers.batch.notebook import given, taken
from helpers.batch.privacy import Private, kernel_environment
from helpers.engine.cells import stable_bytes
from helpers.engine.kernel import KernelEngine
from helpers.engine.outcome import Job, Limits
from helpers.engine.warm import WarmEngine
from helpers.scenarios import load_scenario, load_scenarios
from tests.batch.small_notebooks import notebook, outcome_of
from tests.batch.test_cases import CASES
from tests.tiers import representatives

SHIPPED = sorted(path.stem for path in (PROJECT_ROOT / "notebooks").glob("[0-9]*.ipynb"))
BUSY = (
    "print('one'); print('two', file=sys.stderr); print('three'); 'four'",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "from IPython.display import HTML, Markdown, SVG, clear_output, display, update_display\n"
    "handle = display(HTML('<b>old</b>'), display_id='mine')",
    "update_display(HTML('<b>new</b>'), display_id='mine')",
    "print('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays')",
    "display(Markdown('*x*'), {'text/plain': 'raw'}); display({'text/plain': 'raw', "
    "'application/json': {'b': 1, 'a': [1.5, None, True]}}, raw=True)",
    "!echo from a shell",
    # a plain kernel reads descriptors in a thread of its own, and needs a moment to see what came
    "import subprocess, time\nended = subprocess.run(['echo', 'from a process'], check=True); "
    "time.sleep(1)",
    "written = os.write(1, b'from the descriptor\\n'); time.sleep(1)",
    "%%capture kept\nprint('hidden')",
    "kept.stdout",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async def later(): print('in a task'); return 5\ntask = asyncio.create_task(later())",
    "await task",
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(2, 1))\n"
    "axes.bar(['a', 'b'], [1, 2])",
    "get_ipython().__class__.__name__, __name__, sys.argv[0].endswith('.py'), "
    "plt.isinteractive(), plt.get_backend()",
    "import warnings\nx = 3; x;",
    "1 / 0",
    "_, __, In[-1], sorted(Out)",
    "%precision 3\n3.14159",
    "list(map(type, (sys.stdout, sys.stderr)))[0].__mro__[-3:]",
    "[name for name in dir() if not name.startswith('_')][:30]",
)
BUSY_OPTIONS: dict[str, Any] = {
    "tags": {18: "raises-exception"},
    "before": ("import os, sys", "print('shared'); shared = [1]", "shared"),
}


def by_papermill(source: Any, parameters: dict[str, Any], folder: Path, **options: Any) -> bytes:
    """The stable bytes of what papermill's own API makes of a notebook."""
    nbformat.write(source, folder / "in.ipynb")
    # it raises even for an error that a tag allows
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(
            folder / "in.ipynb",
            folder / "out.ipynb",
            parameters=parameters,
            progress_bar=False,
            **options,
        )
    executed = nbformat.read(folder / "out.ipynb", as_version=4)
    executed.cells = [
        cell
        for cell in executed.cells
        if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])
    ]
    return stable_bytes(executed)


@pytest.mark.filterwarnings("ignore")
def test_a_busy_notebook_is_the_same_everywhere(
    warm: WarmEngine, plain: KernelEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves descriptors alone while it is set
    forked = outcome_of(warm, *BUSY, parameters={"jpy_per_usd": 175.0}, **BUSY_OPTIONS)
    again = outcome_of(warm, *BUSY, parameters={"jpy_per_usd": 175.0}, **BUSY_OPTIONS)
    started = outcome_of(plain, *BUSY, parameters={"jpy_per_usd": 175.0}, **BUSY_OPTIONS)
    assert [outcome.state for outcome in (forked, again, started)] == ["done"] * 3
    assert forked.files[".ipynb"] == again.files[".ipynb"]
    assert lines(forked.files[".ipynb"]) == lines(started.files[".ipynb"])
    assert lines(forked.files[".ipynb"]) == lines(
        by_papermill(notebook(*BUSY, **BUSY_OPTIONS), {"jpy_per_usd": 175.0}, tmp_path)
    )


@pytest.mark.parametrize(
    "name", representatives(["forks", "pool_prints", "output_widget", "history_and_magic"])
)
@pytest.mark.filterwarnings("ignore")
def test_what_a_kernel_of_its_own_can_do_the_warm_engine_can(
    warm: WarmEngine, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    sources, _, _ = CASES[name]
    forked = outcome_of(warm, *sources)
    (content,) = forked.files.values()
    made = by_papermill(notebook(*sources), {}, tmp_path)
    forked_cells, cells = (
        nbformat.reads(text.decode(), as_version=4).cells for text in (content, made)
    )
    assert forked_cells == cells


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(named.name, marks=[] if named.name == "very_weak_yen" else pytest.mark.long)
        for named in load_scenarios()
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_shipped_notebooks_are_what_papermill_makes_of_them(
    warm: WarmEngine,
    plain: KernelEngine,
    name: str,
    scenario: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (PROJECT_ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    source = nbformat.reads(text, as_version=4)
    job = Job(name, text, given(name, taken(source), load_scenario(scenario).scenario), {})
    outcomes = [execute(engine, job, Limits(), Private()) for engine in (warm, warm, plain)]
    assert [outcome.message for outcome in outcomes] == [""] * 3
    assert outcomes[0].files == outcomes[1].files == outcomes[2].files
    assert outcomes[0].results == outcomes[2].results
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert lines(outcomes[0].files[".ipynb"]) == lines(
        by_papermill(source, dict(job.parameters), tmp_path)
    )


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "papermill", "--no-progress-bar", *words]


@pytest.mark.slow
def test_the_papermill_command_can_use_the_warm_engine(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n")
    cells = (
        "import pandas as pd\npd.read_csv('numbers.csv')",
        "print(jpy_per_usd, os.environ['TZ'], os.environ['MINE'])",
        "open('made.txt', 'w').write('kept')",
    )
    nbformat.write(
        notebook(*cells, before=("import os", "os.path.exists('numbers.csv')")),
        tmp_path / "in.ipynb",
    )
    environment = {
        **os.environ,
        "TZ": "Asia/Tokyo",
        "MINE": "my own",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    made = []
    for engine in ("warm", "nbclient"):
        words = command(
            "--engine", engine, "-p", "jpy_per_usd", "175.0", "in.ipynb", f"{engine}.ipynb"
        )
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "made.txt").read_text() == "kept"
        (tmp_path / "made.txt").unlink()
        made.append(lines(stable_bytes(nbformat.read(tmp_path / f"{engine}.ipynb", as_version=4))))
    assert made[0] == made[1]
    assert any("Asia/Tokyo my own" in line for line in made[0])


def test_papermill_sees_the_faults_of_the_warm_engine(tmp_path: Path) -> None:
    faults = {
        "1 / 0": (PapermillExecutionError, "ZeroDivisionError"),
        "os.kill(os.getpid(), 9)": (RuntimeError, "SIGKILL"),
        "print('x' * 3_000_000)": (PapermillExecutionError, "characters"),
        "%no_such_magic": (PapermillExecutionError, r"In \[4\]"),
    }
    for source, (kind, words) in faults.items():
        nbformat.write(notebook("print('before')", source, "2"), tmp_path / "in.ipynb")
        with pytest.raises(kind, match=words):
            papermill.execute_notebook(
                tmp_path / "in.ipynb",
                tmp_path / "out.ipynb",
                engine_name="warm",
                progress_bar=False,
            )


def test_shared_cells_run_once_for_many_runs(warm: WarmEngine, tmp_path: Path) -> None:
    count = tmp_path / "count"
    before = (f"with open({str(count)!r}, 'a') as file: file.write('x')\nprint('read')",)
    outcomes = [
        outcome_of(warm, "jpy_per_usd", before=before, parameters={"jpy_per_usd": rate})
        for rate in (100.0, 120.0, 140.0)
    ]
    assert [outcome.state for outcome in outcomes] == ["done"] * 3
    assert count.read_text() == "x"
    assert all(b'"read\\n"' in outcome.files[".ipynb"] for outcome in outcomes)
    assert [
        rate in outcome.files[".ipynb"]
        for outcome, rate in zip(outcomes, (b'"100.0"', b'"120.0"', b'"140.0"'), strict=True)
    ] == [True] * 3


@pytest.mark.parametrize(
    ("before", "state"),
    [
        (
            (
                "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), "
                "daemon=True).start()",
            ),
            "done",
        ),
        *(
            pytest.param((source,), state, marks=pytest.mark.slow)
            for source, state in (
                ("import subprocess\nprocess = subprocess.Popen(['sleep', '60'])", "done"),
                ("import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(60))", "done"),
                ("1 / 0", "failed"),
                ("import os; os._exit(3)", "kernel-died"),
            )
        ),
        (("import os; os.kill(os.getpid(), 11)",), "kernel-died"),
    ],
    ids=["thread", "process", "task", "exception", "exit", "segfault"],
)
def test_cells_that_cannot_be_shared_run_in_every_run(before: tuple[str, ...], state: str) -> None:
    engine = WarmEngine(kernel_environment())
    try:
        outcome = outcome_of(engine, "1", before=before)
        assert outcome.state == state
        assert len(engine.refusals) == 1
        assert (engine.forked, outcome.state) == (1, state), (
            "the run itself is still a fork, of the template"
        )
    finally:
        engine.stop()


def test_a_lost_fork_server_is_replaced(warm: WarmEngine) -> None:
    refused = len(warm.refusals)
    outcome = outcome_of(
        warm, "import psutil\npsutil.Process().parent().kill()\nimport time; time.sleep(5)"
    )
    assert outcome.state == "kernel-died"
    assert outcome_of(warm, "1").state == "done"
    assert len(warm.refusals) == refused
