"""Batches that are stopped or killed end at once, without leftovers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from helpers.batch import FolderInUseError, Limits, Plan, Summary
from helpers.batch.options import ENGINES
from tests.tiers import representatives

BATCH = """
import sys
from pathlib import Path
from helpers.batch import Options, plan, run
from helpers.scenarios import load_scenario
paths, output, scenarios = sys.argv[1].split(","), Path(sys.argv[2]), sys.argv[3].split(",")
planned = plan([Path(path) for path in paths], [load_scenario(name) for name in scenarios], \
Options(output=output, workers=2, html=False, engine=sys.argv[4]))
summary = run(planned, lambda news: print(news.run.name, news.outcome.state if news.outcome else \
"begins", flush=True))
print(*summary.lines(), sep="\\n", flush=True)
sys.exit(summary.exit_code)
"""


def start(
    paths: list[Path], output: Path, *scenarios: str, engine: str = "warm"
) -> subprocess.Popen[str]:
    """A batch in a process group of its own."""
    command = [
        sys.executable,
        "-c",
        BATCH,
        ",".join(map(str, paths)),
        str(output),
        ",".join(scenarios),
        engine,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def below(process_id: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process_id).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"the batch ended without saying {word!r}")


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_ctrl_c_ends_at_once_with_what_is_done_and_how_to_go_on(
    make: Callable[..., Path], planned: Callable[..., Plan], tmp_path: Path, number: signal.Signals
) -> None:
    paths = [
        make("quick", "1"),
        make(
            "slow",
            "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(100)",
        ),
    ]
    planned(paths)  # vouches for the data
    process = start(paths, tmp_path / "out", "base", "rural")
    wait_for(process, "quick · rural done")
    started = below(process.pid)
    process.send_signal(number)
    told, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "2 done, 2 not run in " in told
    assert (
        f"To run the rest: reverse-imports run {paths[1]} --scenario base --scenario rural" in told
    )
    assert [
        process
        for process in started
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ] == []
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert sorted((entry["notebook"], entry["state"]) for entry in manifest["runs"]) == [
        ("quick", "done"),
        ("quick", "done"),
        ("slow", "not run"),
        ("slow", "not run"),
    ]


@pytest.mark.parametrize("engine", representatives(ENGINES, "warm"))
def test_a_killed_batch_takes_everything_with_it(
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    path = make(
        "slow",
        "import subprocess, time\nprocess = subprocess.Popen(['setsid', 'sleep', '200'])\n"
        "time.sleep(100)",
    )
    planned([path])
    process = start([path], tmp_path / "out", "base", "rural", engine=engine)
    wait_for(process, "begins")
    deadline = time.monotonic() + 60
    while (
        not any(child.name() == "sleep" for child in below(process.pid))
        and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    started = below(process.pid)
    assert any(process.name() == "sleep" for process in started)
    process.kill()
    process.communicate()
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert [path.name.startswith("reverse-imports-") for path in temporary.iterdir()] == [True]
    subprocess.run(
        [sys.executable, "-c", "from helpers.engine.folders import new_folder; new_folder('run')"],
        check=True,
    )
    assert list(temporary.iterdir()) == [], "the next start removes what a killed batch left"


def test_two_batches_on_one_folder(
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    run: Callable[[Plan], Summary],
    tmp_path: Path,
) -> None:
    path = make("slow", "import time; time.sleep(100)")
    planned([path])
    process = start([path], tmp_path / "out", "base")
    wait_for(process, "begins")
    plan = planned([path])
    with pytest.raises(FolderInUseError, match=f"is in use by process {process.pid} on "):
        run(plan)
    command = [
        sys.executable,
        "-c",
        "from helpers.cli import main; main()",
        "run",
        str(path),
        "--output",
        str(tmp_path / "out"),
    ]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout) == (3, "")
    assert f"is in use by process {process.pid} on " in second.stderr
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)


def test_a_limit_for_the_whole_run_is_a_timeout_of_the_batch(
    make: Callable[..., Path], planned: Callable[..., Plan], run: Callable[[Plan], Summary]
) -> None:
    summary = run(
        planned(
            [make("slow", "import time; time.sleep(100)")], limits=Limits(run_s=1.0, cell_s=50.0)
        )
    )
    assert summary.exit_code == 1
    assert (
        "slow · base: timeout: the run took longer than 1 s; it was in cell 3 (step-0)"
        in summary.lines()
    )


UPLOAD = """
import sys, time
from pathlib import Path
from fsspec.implementations.memory import MemoryFileSystem
from helpers.batch import Options, plan, run
from helpers.scenarios import load_scenario

def stalled(self, path, *arguments, **options):
    print("sending", flush=True)
    time.sleep(100)

MemoryFileSystem.pipe_file = stalled
planned = plan([Path(sys.argv[1])], [load_scenario("base")], Options(output=Path(sys.argv[2]), \
html=False, upload="memory://bucket"))
summary = run(planned)
print(*summary.lines(), sep="\\n", flush=True)
sys.exit(summary.exit_code)
"""


@pytest.mark.slow
def test_a_store_that_stalls_can_be_interrupted(
    make: Callable[..., Path], planned: Callable[..., Plan], tmp_path: Path
) -> None:
    path = make("one", "1")
    planned([path])
    command = [sys.executable, "-c", UPLOAD, str(path), str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    wait_for(process, "sending")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "not everything was sent to memory://bucket; the same command sends the rest" in told
    assert (tmp_path / "out" / "base" / "one.ipynb").is_file()


REFRESH = """
import sys
from pathlib import Path
from helpers.batch import Options, refresh
sys.exit(refresh(names=["slow"], folder=Path(sys.argv[1]), options=Options(workers=1)))
"""


def test_an_interrupted_refresh_does_not_wait_for_its_runs(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    path = make(
        "slow",
        f"import pathlib, time; pathlib.Path({str(tmp_path / 'begun')!r}).touch(); time.sleep(500)",
    )
    before = path.read_bytes()
    # as a shell starts a job in the background
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    process = subprocess.Popen(
        [*ignoring, sys.executable, "-c", REFRESH, str(path.parent)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    started = below(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert path.read_bytes() == before
