"""Each fault ends in the right state, with one line that names cell and cause, and with nothing
left running.
"""

import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from helpers.batch import Limits
from helpers.batch.executor import execute
from helpers.batch.privacy import Private, kernel_environment
from helpers.engine.kernel import KernelEngine
from helpers.engine.outcome import Engine, Job
from helpers.engine.processes import FIXED
from helpers.engine.warm import WarmEngine
from helpers.environment import ALLOWED
from tests.batch.small_notebooks import LIMITS, outcome_of, recording
from tests.tiers import representatives

OF_A_RUN = {"TMPDIR", "IPYTHONDIR"}
# what ipykernel sets
OF_A_KERNEL = {
    "TERM",
    "PAGER",
    "GIT_PAGER",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
}
KILL = "os.kill(os.getpid(), 9)"
KILL_PARENT = "os.kill(os.getppid(), 9); time.sleep(60)"
SHORT = Limits(run_s=60.0, cell_s=2.0)


def running(mark: str) -> list[int]:
    """Processes whose command line carries the mark."""
    marked = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and mark in " ".join(process.cmdline()):
                marked.append(process.pid)
        except psutil.Error:
            continue
    return marked


def test_a_good_notebook_is_done(either: Engine) -> None:
    outcome = outcome_of(
        either, "print(jpy_per_usd)", "jpy_per_usd * 2", parameters={"jpy_per_usd": 175.0}
    )
    executed = nbformat.reads(outcome.files[".ipynb"].decode(), as_version=4)
    assert (outcome.state, outcome.message, outcome.notes) == ("done", "", [])
    assert [cell.id for cell in executed.cells][2:4] == ["parameters", "injected-parameters"]
    assert [cell.execution_count for cell in executed.cells if cell.cell_type == "code"] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert executed.cells[4].outputs[0].text == "175.0\n"
    assert executed.cells[5].outputs[0].data["text/plain"] == "350.0"


FAULTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "exception": (
        ("1", "1 / 0", "2"),
        "failed",
        "cell 4 (step-1): ZeroDivisionError: division by zero",
    ),
    "exception in the last cell": (
        ("1", "1 / 0"),
        "failed",
        "cell 4 (step-1): ZeroDivisionError: division by zero",
    ),
    "syntax error": (("x = = 1", "2"), "failed", "cell 3 (step-0): SyntaxError: invalid syntax"),
    "sys.exit(0)": (("1", "sys.exit(0)", "2"), "failed", "cell 4 (step-1): stopped early"),
    "sys.exit(0) in the last cell": (
        ("1", "sys.exit(0)"),
        "failed",
        "cell 4 (step-1): stopped early",
    ),
    "raise SystemExit": (("raise SystemExit", "2"), "failed", "cell 3 (step-0): stopped early"),
    "exit()": (("exit()", "2"), "failed", "cell 3 (step-0): stopped early"),
    "quit() in the last cell": (("1", "quit()"), "failed", "cell 4 (step-1): stopped early"),
    "killed in the first cell": ((KILL, "1", "2"), "kernel-died", "cell 3 (step-0)"),
    "killed in a middle cell": (("1", KILL, "2"), "kernel-died", "cell 4 (step-1)"),
    "killed in the last cell": (("1", "2", KILL), "kernel-died", "cell 5 (step-2)"),
    "os._exit(0)": (("1", "os._exit(0)"), "kernel-died", "cell 4 (step-1)"),
    "segfault": (("import ctypes; ctypes.string_at(0)", "1"), "kernel-died", "cell 3 (step-0)"),
    "a signal without a name": (
        ("1", "os.kill(os.getpid(), 40)"),
        "kernel-died",
        "cell 4 (step-1): the kernel process ended by signal 40",
    ),
    "a torn line in the journal": (
        ("with open('../journal.jsonl', 'ab') as file: file.write(b'{\"event\": \"exec')", "1 / 0"),
        "failed",
        "cell 4 (step-1): ZeroDivisionError: division by zero",
    ),
    "a journal that claims an end": (
        (
            "with open('../journal.jsonl', 'a') as file: file.write('{\"event\": \"end\", '"
            '\'"at": 1, "files": {}, "results": [], "headings": {}}\\n\')\nos._exit(0)',
        ),
        "kernel-died",
        "cell 3 (step-0)",
    ),
    "exception in a thread": (
        (
            "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start(); "
            "thread.join()",
            "2",
        ),
        "failed",
        "cell 3 (step-0): an exception in a thread: ZeroDivisionError",
    ),
    "exception in a task": (
        ("import asyncio\nasync def fail(): 1 / 0\ntask = asyncio.ensure_future(fail())", "2"),
        "failed",
        "cell 3 (step-0): an exception in a task: ZeroDivisionError",
    ),
    "exception in a task of the last cell": (
        ("import asyncio\nasync def fail(): 1 / 0\ntask = asyncio.ensure_future(fail())",),
        "failed",
        "cell 3 (step-0): an exception in a task: ZeroDivisionError",
    ),
    "input": (("input()",), "failed", "cell 3 (step-0): "),
    "text that is not Unicode": (("print(chr(0xD800))", "2"), "failed", "cell 3 (step-0): "),
    "too much text": (
        ("print('x' * 3_000_000)", "2"),
        "failed",
        "cell 3 (step-0): writes too much: a cell may write 2,000,000 characters",
    ),
    "text without end": (
        ("while True: print('x' * 10_000, flush=True)", "2"),
        "failed",
        "cell 3 (step-0): writes too much: ",
    ),
    "memory": (
        (
            "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
            "bytearray(8 << 30)",
        ),
        "failed",
        "cell 3 (step-0): MemoryError",
    ),
    "two results of one name": (
        (recording("one", "1"), recording("one", "2")),
        "failed",
        "not usable: recorded more than once: ['one']",
    ),
}
ALSO_PLAIN = [
    "exception",
    "sys.exit(0)",
    "exit()",
    "killed in the first cell",
    "killed in the last cell",
    "exception in a thread",
    "exception in a task",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_in_the_warm_engine(warm: WarmEngine, fault: str) -> None:
    sources, state, message = FAULTS[fault]
    forked, told = warm.forked, len(warm.refusals)
    outcome = outcome_of(warm, *sources)
    assert outcome.state == state
    assert message in outcome.message
    assert "\n" not in outcome.message
    assert ".ipynb" not in outcome.files
    # on a busy machine a fork server may be slow to answer; the one in its place forks as well
    refusals = [text for text in warm.refusals[told:] if "took its place" not in text]
    assert (warm.forked, refusals) == (forked + 1, []), "the fault was not met in a forked process"


@pytest.mark.parametrize(
    "fault", representatives(ALSO_PLAIN, "exception", "killed in the last cell")
)
def test_faults_in_the_plain_engine(plain: KernelEngine, fault: str) -> None:
    sources, state, message = FAULTS[fault]
    outcome = outcome_of(plain, *sources)
    assert (outcome.state, message in outcome.message, ".ipynb" in outcome.files) == (
        state,
        True,
        False,
    )


def test_a_fault_of_the_machinery_is_one_failed_run(
    either: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = execute(either, Job("small", "no notebook", {}, {}), LIMITS, Private())
    assert (outcome.state in ("failed", "kernel-died"), outcome.files) == (True, {})
    assert outcome.message.count("\n") == 0 < len(outcome.message)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    outcome = outcome_of(either, "1")
    assert outcome.state == "failed"
    assert outcome.message.startswith(
        f"the run could not be carried out: No such file or directory: {tmp_path}/gone/"
    )
    monkeypatch.undo()
    assert outcome_of(either, "1").state == "done"


@pytest.mark.parametrize(
    "sources",
    [
        ("while True: pass",),
        ("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(100)",),
    ],
)
def test_a_hang_ends_as_timeout(either: Engine, sources: tuple[str, ...]) -> None:
    outcome = outcome_of(either, "1", *sources, "2", limits=SHORT)
    assert (outcome.state, outcome.message) == ("timeout", "cell 4 (step-1) took longer than 2 s")


def test_a_slow_run_of_quick_cells_ends_as_timeout(warm: WarmEngine) -> None:
    outcome = outcome_of(
        warm, *["import time; time.sleep(0.4)"] * 10, limits=Limits(run_s=2.0, cell_s=30.0)
    )
    assert outcome.state == "timeout"
    assert "the run took longer than 2 s; it was in cell" in outcome.message


@pytest.mark.parametrize(
    "command",
    ["['sleep', mark]", "['setsid', 'sh', '-c', f'sleep {mark} & exit']"],
    ids=["child", "daemon"],
)
@pytest.mark.parametrize(
    "last",
    ["1", KILL, KILL_PARENT, "1 / 0"],
    ids=["done", "killed", "parent killed", "failed"],
)
def test_nothing_is_left_running(either: Engine, command: str, last: str) -> None:
    mark = f"{uuid.uuid4().int % 10**9}"
    outcome = outcome_of(
        either,
        f"import subprocess\nmark = '{mark}'\nprocess = subprocess.Popen({command})\nimport "
        "time; time.sleep(0.1)",
        last,
    )
    deadline = time.monotonic() + 10  # a killed parent tells nobody when the last one has ended
    while last == KILL_PARENT and running(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running(mark) == []
    if last == "1":
        assert outcome.state == "done"
        assert outcome.notes == ["cell 3 (step-0): left the process sleep running; it was ended"]


@pytest.mark.slow
def test_nothing_is_left_running_by_a_hanging_plain_kernel(plain: KernelEngine) -> None:
    mark = f"{uuid.uuid4().int % 10**9}"
    outcome = outcome_of(
        plain,
        f"import subprocess, time\nsubprocess.Popen(['sleep', '{mark}'])\ntime.sleep(100)",
        limits=SHORT,
    )
    assert (outcome.state, running(mark)) == ("timeout", [])


def test_a_failed_run_leaves_what_did_run(either: Engine) -> None:
    outcome = outcome_of(either, "print('before')", "1 / 0", "print('after')")
    kept = nbformat.reads(outcome.files[".failed.ipynb"].decode(), as_version=4)
    assert kept.cells[3].outputs[0].text == "before\n"
    assert kept.cells[4].outputs[0].ename == "ZeroDivisionError"
    assert (kept.cells[5].execution_count, kept.cells[5].outputs) == (None, [])


def test_a_killed_run_leaves_the_cells_before(warm: WarmEngine) -> None:
    kept = nbformat.reads(
        outcome_of(warm, "print('before')", KILL).files[".failed.ipynb"].decode(), as_version=4
    )
    assert kept.cells[3].outputs[0].text == "before\n"


def test_an_exception_that_is_meant_is_no_fault(either: Engine) -> None:
    outcome = outcome_of(either, "1 / 0", "print('after')", tags={0: "raises-exception"})
    assert outcome.state == "done"
    executed = nbformat.reads(outcome.files[".ipynb"].decode(), as_version=4)
    assert executed.cells[-1].outputs[0].text == "after\n"


def test_a_task_whose_fault_is_fetched_is_no_fault(warm: WarmEngine) -> None:
    source = "import asyncio\nasync def fail(): 1 / 0\ntask = asyncio.ensure_future(fail())"
    assert (
        outcome_of(
            warm, source, "try:\n    await task\nexcept ZeroDivisionError:\n    print('seen')"
        ).state
        == "done"
    )


def test_warnings_are_noted(either: Engine) -> None:
    outcome = outcome_of(either, "print('careful', file=sys.stderr)")
    assert (outcome.state, outcome.notes) == ("done", ["cell 3 (step-0) wrote to stderr"])


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("print('/home/astrid/data.csv')", "the home folder"),
        ("print('made by astrid on a laptop')", "the user name"),
        ("raise_ = 'at workhorse-7'; raise_", "the host name"),
        ("print('hunter2-hunter2')", "the value of a secret environment variable"),
        ("print('-----BEGIN RSA PRIVATE KEY-----')", "a private key"),
        ("print('ghp_' + 'kT4vX9bQ2mZ7rW1cN6yL3pH8sD5fG0jA2uEi')", "a secret (github-pat)"),
        ("print('AKIA' + 'Q3ZR7TXW2LMK5HVD')", "a secret (aws-access-token)"),
        (
            "from IPython.display import HTML\nHTML('<a href=\"/home/astrid\">x</a>')",
            "the home folder",
        ),
    ],
)
def test_outputs_that_tell_of_the_machine_are_not_kept(
    warm: WarmEngine, source: str, what: str
) -> None:
    private = Private("/home/astrid", "astrid", "workhorse-7", ("hunter2-hunter2",))
    outcome = outcome_of(warm, "1", source, private=private)
    assert (outcome.state, outcome.message) == (
        "failed",
        f"cell 4 (step-1): the output holds {what}; nothing was kept",
    )
    assert not any(
        word in outcome.files[".failed.ipynb"].decode() for word in ("/home/astrid", "hunter2")
    )


def test_words_that_only_look_alike_are_kept(warm: WarmEngine) -> None:
    private = Private("/home/astrid", "astrid", "workhorse-7", ())
    assert (
        outcome_of(
            warm,
            "print('https://example.org/home/astrid-museum, astride, task-1234567890')",
            private=private,
        ).state
        == "done"
    )


@pytest.mark.parametrize(
    ("made", "own"),
    [
        pytest.param(WarmEngine, set(), id="warm"),
        pytest.param(
            KernelEngine,
            {"JPY_PARENT_PID", "PYDEVD_USE_FRAME_EVAL"},  # the latter of its debugger
            id="plain",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_kernels_see_only_allowed_variables(
    made: type[Any], own: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MY_TOKEN", "CLIENT_SECRET", "DATABASE_URL", "EDITOR_OF_CHOICE", "KEPT"):
        monkeypatch.setenv(name, "a value of this process")
    engine = made(kernel_environment(keep=("KEPT",)))
    try:
        outcome = outcome_of(engine, "print(*os.environ)")
    finally:
        engine.stop()
    names = (
        nbformat.reads(outcome.files[".ipynb"].decode(), as_version=4)
        .cells[-1]
        .outputs[0]
        .text.split()
    )
    assert (
        set(names)
        == {name for name in ALLOWED if name in os.environ}
        | set(FIXED)
        | {"KEPT", "PYTHONPATH"}
        | OF_A_RUN
        | OF_A_KERNEL
        | own
    )


def test_a_run_has_folders_of_its_own_and_fresh_random_numbers(warm: WarmEngine) -> None:
    source = (
        "import random, tempfile, numpy\nprint(os.getcwd(), tempfile.gettempdir(), "
        "os.listdir(), random.random(), numpy.random.rand())"
    )
    texts = [
        nbformat.reads(outcome_of(warm, source).files[".ipynb"].decode(), as_version=4)
        .cells[-1]
        .outputs[0]
        .text.split()
        for _ in range(2)
    ]
    assert all(first != second for first, second in zip(*texts, strict=True) if first != "[]")
    assert [text[2] for text in texts] == ["[]", "[]"]


def test_one_run_does_not_reach_another(warm: WarmEngine) -> None:
    first = outcome_of(
        warm, "sys.modules['os'].sep = '!'; sys.path.append('gone'); leftover = 1; print('x')"
    )
    second = outcome_of(warm, "print(os.sep, 'gone' in sys.path, 'leftover' in globals())")
    assert first.state == "done"
    assert "/ False False" in second.files[".ipynb"].decode()


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    return lambda value: monkeypatch.setenv("SERVICE_TOKEN", value)


def test_secret_values_of_this_process_are_known(secret: Callable[[str], Any]) -> None:
    secret("correct-horse-battery")
    private = Private.of_this_machine()
    assert (
        private.found_in(json.dumps("x correct-horse-battery y"))
        == "the value of a secret environment variable"
    )
