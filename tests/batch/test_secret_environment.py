"""No process that the suite starts has the user's secrets in its environment."""

import ast
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from helpers import PROJECT_ROOT
from helpers.batch import Limits, Outcome, cluster_worker
from helpers.batch.cluster import bundle
from helpers.engine.outcome import Job
from tests.batch.small_notebooks import notebook

MARKER = "marker-" + "fedcba9876543210"
RUN = "import sys; from helpers.cli import main; sys.argv = {!r}; main()"
GRID = "parameters: {jpy_per_usd: {from: 100, to: 200, step: 0.01}}\n"


def environments_below(process: "subprocess.Popen[bytes]", wanted: int) -> dict[str, str]:
    """Command line → environment of each process below, seen until so many kinds have been."""
    seen: dict[str, str] = {}
    deadline = time.monotonic() + 120
    while process.poll() is None and len(seen) < wanted and time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                # a process between fork and exec still has its parent's
                text = Path(f"/proc/{child.pid}/environ").read_text()
                if child.cmdline() and child.create_time() < time.time() - 0.3:
                    seen[f"{child.pid} {' '.join(child.cmdline())}"] = text
            except (OSError, psutil.Error):
                continue
        time.sleep(0.05)
    return seen


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments")
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param(("run", "MADE", "--no-html", "--output", "out"), 3, id="warm"),
        pytest.param(
            ("run", "MADE", "--no-html", "--output", "out", "--engine", "kernel"),
            2,
            id="kernel",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("sweep", "grid.yaml", "--output", "points.parquet"),
            2,
            id="sweep",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_no_process_has_a_secret_in_its_environment(
    make: Callable[..., Path], tmp_path: Path, words: tuple[str, ...], wanted: int
) -> None:
    book = str(make("held", "import time; time.sleep(30)"))
    (tmp_path / "grid.yaml").write_text(GRID)
    command = ["reverse-imports", *(book if word == "MADE" else word for word in words)]
    batch = subprocess.Popen(
        [sys.executable, "-c", RUN.format(command)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MY_API_KEY": MARKER},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        seen = environments_below(batch, wanted)
    finally:
        batch.terminate()
        batch.wait()
    assert len(seen) >= wanted
    assert [name for name, text in seen.items() if MARKER in text] == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments")
def test_an_agent_on_a_worker_looks_for_a_secret_that_its_environment_does_not_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MY_API_KEY", MARKER)
    source = notebook("print('MY_API_KEY' in os.environ)", f"print({MARKER[::-1]!r}[::-1])")
    request = {
        "job": Job("small", json.dumps(source), {}, {}).to_json(),
        "limits": asdict(Limits()),
        "engine": "warm",
        "keep_environment": [],
        "retries": 0,
    }
    try:
        answer = cluster_worker.perform(bundle(), "a client", {}, json.dumps(request))
        (agent,) = cluster_worker._holder().homes["a client"].agents
        environment = Path(f"/proc/{agent.pid}/environ").read_text()
    finally:
        cluster_worker.end("a client")
    assert MARKER not in environment
    outcome = Outcome.from_json(answer)
    what = "the output holds the value of a secret environment variable; nothing was kept"
    assert outcome.message == f"cell 4 (step-1): {what}"
    assert b"False" in outcome.files[".failed.ipynb"]
    assert MARKER.encode() not in outcome.files[".failed.ipynb"]


def test_whoever_starts_a_process_says_which_variables_it_gets() -> None:
    calls = [
        (path.name, node)
        for path in (PROJECT_ROOT / "helpers").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "subprocess"
    ]
    assert len(calls) > 3
    assert [
        f"{name}:{call.lineno}"
        for name, call in calls
        if "env" not in [word.arg for word in call.keywords]
    ] == []
