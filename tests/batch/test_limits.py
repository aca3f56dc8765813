"""Limits hold while a cell runs, whoever forks the runs is replaced when it freezes, and what was
killed from outside is tried again.
"""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from helpers.batch import Limits, Outcome
from helpers.batch.executor import execute
from helpers.batch.privacy import Private
from helpers.engine.meter import Meter, WritesTooMuch
from helpers.engine.outcome import CELL_OUTPUT_LIMIT, WRITES_TOO_MUCH, Engine, Job
from helpers.engine.processes import private_bytes
from helpers.engine.warm import FROZEN, WarmEngine
from tests.batch.small_notebooks import LIMITS, notebook, outcome_of

SMALL = Limits(run_s=60.0, cell_s=60.0, memory_mb=500)
GROWS = """
import time
blocks = []
for _ in range(100):
    blocks.append(bytearray(30_000_000))
    time.sleep(0.02)
"""
IN_A_CHILD = f"""
import subprocess, sys
subprocess.run([sys.executable, '-c', {GROWS!r}])
"""
RESERVES = "import mmap\nspace = mmap.mmap(-1, 8 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)"
FLOODS = {
    "print": "print('first')\nwhile True: print('x' * 100)",
    "stderr": "print('first')\nwhile True: print('x' * 100, file=sys.stderr, flush=True)",
    "handlers that catch all errors": (
        "print('first')\nfor _ in range(100_000):\n    try: print('x' * 100)\n"
        "    except Exception: pass"
    ),
    "displays": "print('first')\nwhile True: display({'text/plain': 'x' * 10_000}, raw=True)",
    "a shell": "print('first')\n!yes",
    "a process": (
        "print('first')\nimport subprocess\nsubprocess.run('yes | head -c 50000000', shell=True)"
    ),
    "a process without end": "print('first')\nimport subprocess\nsubprocess.run(['yes'])",
}


def kept(made: Outcome) -> Any:
    (content,) = made.files.values()
    return nbformat.reads(content.decode(), as_version=4)


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(
            source, id=name, marks=[] if name in ("print", "a shell") else pytest.mark.slow
        )
        for name, source in FLOODS.items()
    ],
)
def test_a_flood_of_output_ends_where_it_begins(warm: WarmEngine, flood: str) -> None:
    made = outcome_of(warm, "print('before')", flood, "print('after')")
    assert (made.state, made.message) == ("failed", f"cell 4 (step-1): {WRITES_TOO_MUCH}")
    cells = kept(made).cells
    assert cells[3].outputs[0].text == "before\n"
    assert cells[5].outputs == []
    assert len(json.dumps(cells[4].outputs)) < 3 * CELL_OUTPUT_LIMIT
    if cells[4].outputs:  # a process without end is killed with its cell
        assert cells[4].outputs[0].text.startswith("first\n")


@pytest.mark.slow
@pytest.mark.parametrize("flood", ["print", "a shell"])
def test_a_plain_kernel_ends_a_flood_too(plain: Engine, flood: str) -> None:
    made = outcome_of(plain, FLOODS[flood])
    assert (made.state, made.message) == ("failed", f"cell 3 (step-0): {WRITES_TOO_MUCH}")
    assert kept(made).cells[3].outputs[0].text.startswith("first\n")


def test_what_is_within_the_limit_is_written_whole(warm: WarmEngine) -> None:
    most = CELL_OUTPUT_LIMIT - 1_000
    made = outcome_of(warm, f"print('x' * {most})", f"print('y' * {most})")
    assert (made.state, made.message) == ("done", "")
    assert [len(cell.outputs[0].text) for cell in kept(made).cells[3:]] == [most + 1] * 2


def test_a_meter_counts_anew_with_each_cell_and_tells_once() -> None:
    told: list[int] = []
    meter = Meter(lambda: told.append(1))
    for _ in range(2):
        meter.count(CELL_OUTPUT_LIMIT)
        for _ in range(2):
            with pytest.raises(WritesTooMuch):
                meter.count(1)
        meter.reset()
    assert told == [1, 1]


@pytest.mark.parametrize(
    "source", [GROWS, pytest.param(IN_A_CHILD, marks=pytest.mark.slow)], ids=["cell", "child"]
)
def test_a_run_that_takes_too_much_memory_is_ended(warm: WarmEngine, source: str) -> None:
    made = outcome_of(warm, "print('before')", source, limits=SMALL)
    assert made.state == "out-of-memory"
    assert made.message.startswith("cell 4 (step-1) used ")
    assert made.message.endswith(" MB; the limit is 500 MB")
    assert kept(made).cells[3].outputs[0].text == "before\n"
    assert outcome_of(warm, "1", limits=SMALL).state == "done"


@pytest.mark.slow
def test_a_plain_kernel_that_takes_too_much_memory_is_ended(plain: Engine) -> None:
    assert outcome_of(plain, GROWS, limits=SMALL).state == "out-of-memory"


def test_address_space_that_is_not_used_is_no_memory(warm: WarmEngine) -> None:
    assert (
        outcome_of(warm, f"{RESERVES}\nimport time; time.sleep(0.5)", limits=SMALL).state == "done"
    )


def test_private_memory_is_what_this_process_alone_has() -> None:
    before = private_bytes(os.getpid(), 0)
    block = bytearray(200_000_000)
    assert 190e6 < private_bytes(os.getpid(), 0) - before < 260e6
    assert len(block) == 200_000_000


def test_a_cell_that_takes_too_long_says_where_it_was(either: Engine) -> None:
    sources = ("print('before')", "print('begun')\nimport time\ntime.sleep(100)  # here", "1")
    made = outcome_of(either, *sources, limits=Limits(run_s=60.0, cell_s=1.0))
    assert (made.state, made.message) == ("timeout", "cell 4 (step-1) took longer than 1 s")
    first, error = kept(made).cells[4].outputs
    assert first.text == "begun\n"
    assert error.ename == "KeyboardInterrupt"
    assert "# here" in "".join(error.traceback)


@pytest.mark.slow
def test_a_cell_that_waits_too_long_says_where_it_was(warm: WarmEngine) -> None:
    source = "import asyncio\nprint('begun')\nawait asyncio.sleep(100)"
    made = outcome_of(warm, source, limits=Limits(run_s=60.0, cell_s=1.0))
    assert made.state == "timeout"
    assert kept(made).cells[3].outputs[0].text == "begun\n"


FREEZES = "import signal\nos.kill(os.getppid(), signal.SIGSTOP)"


def test_a_run_that_freezes_its_parent_harms_no_other(warm: WarmEngine) -> None:
    frozen = outcome_of(warm, FREEZES, "print('alive')")
    assert (frozen.state, frozen.notes) == ("done", [FROZEN])
    began = time.monotonic()
    assert outcome_of(warm, "1").state == "done"
    assert time.monotonic() - began < 30, "the healthy run waited for a frozen process"


@pytest.mark.slow
def test_a_plain_run_whose_parent_is_stopped_goes_on(plain: Engine) -> None:
    made = outcome_of(plain, FREEZES, "print('alive')")
    assert (made.state, len(made.notes)) == ("done", 1)
    assert "it was woken" in made.notes[0]


@pytest.mark.parametrize("depth", ["template", pytest.param("notebook", marks=pytest.mark.slow)])
def test_a_frozen_fork_server_is_replaced_before_it_takes_a_run(
    warm: WarmEngine, depth: str
) -> None:
    before = "import os", f"depth = {depth!r}"
    assert outcome_of(warm, "1", before=before).state == "done"
    template = warm._process
    assert template is not None
    servers = psutil.Process(template.pid).children()
    for process in servers if depth == "notebook" else [psutil.Process(template.pid)]:
        process.send_signal(signal.SIGSTOP)
    refused = len(warm.refusals)
    other = before if depth == "notebook" else (*before, "other = 1")
    assert outcome_of(warm, "1", before=other).state == "done"
    assert warm.refusals[refused:] == [FROZEN]


KILLED_ONCE = """
from pathlib import Path
flag = Path({!r})
if not flag.exists():
    flag.touch()
    os.kill(os.getpid(), {})
"""


def tried(engine: Engine, source: str, limits: Limits = LIMITS) -> Outcome:
    job = Job("small", json.dumps(notebook("print('before')", source)), {}, {})
    return execute(engine, job, limits, Private(), retries=1)


@pytest.mark.slow
def test_a_plain_run_whose_kernel_was_killed_is_tried_again(plain: Engine, tmp_path: Path) -> None:
    made = tried(plain, KILLED_ONCE.format(str(tmp_path / "flag"), 9))
    note = "run again: cell 4 (step-1): the kernel died"
    assert (made.state, made.notes) == ("done", [note])
    assert tried(plain, "os._exit(3)").notes == []


@pytest.mark.parametrize("number", [9, pytest.param(15, marks=pytest.mark.slow)])
def test_a_run_that_was_killed_is_tried_again(
    warm: WarmEngine, tmp_path: Path, number: int
) -> None:
    made = tried(warm, KILLED_ONCE.format(str(tmp_path / "flag"), number))
    name = signal.Signals(number).name
    note = f"run again: cell 4 (step-1): the kernel process ended by {name}"
    assert (made.state, made.notes) == ("done", [note])


def test_a_run_that_ends_itself_or_passes_a_limit_is_not(warm: WarmEngine, tmp_path: Path) -> None:
    for source, state in (
        ("os._exit(3)", "kernel-died"),
        ("import time; time.sleep(100)", "timeout"),
        ("1 / 0", "failed"),
    ):
        count = tmp_path / state
        counted = f"with open({str(count)!r}, 'a') as file: file.write('x')\n{source}"
        made = tried(warm, counted, Limits(run_s=60.0, cell_s=1.0))
        assert (made.state, made.notes, count.read_text()) == (state, [], "x")


def test_the_log_of_a_run_says_what_happened_when_and_where_it_crashed(warm: WarmEngine) -> None:
    made = outcome_of(warm, "print('before')", "import ctypes; ctypes.string_at(0)")
    assert made.state == "kernel-died"
    for words in ("begins cell 3 (step-0)", "ended cell 3", "begins cell 4", "Segmentation fault"):
        assert words in made.log
