"""Whatever is killed, frozen, flooded or closed while a batch runs, at a moment by chance: its
outputs are in the end those of an undisturbed one, none lost, doubled or truncated.
"""

import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from helpers import files
from helpers.batch import Limits, Plan, Summary
from helpers.batch import run as run_batch
from helpers.batch.privacy import kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine.journal import sha256
from helpers.engine.outcome import Engine
from helpers.engine.warm import MOST_STARTS, WarmEngine
from tests.batch.test_cases import GROWS
from tests.batch.test_cluster import Cluster
from tests.batch.test_interruption import below, start, wait_for
from tests.batch.test_limits import FLOODS
from tests.batch.test_surroundings import COMMAND

SCENARIOS = ("base", "rural", "weak_yen", "strong_yen")
LATEST_S = 0.8  # of a strike, after there is something to strike
Strike = Callable[[], bool]


@dataclass
class Ground:
    """Where faults happen: two quick notebooks under four scenarios, and what they leave when
    nothing disturbs them.
    """

    planned: Callable[..., Plan]
    make: Callable[..., Path]
    paths: list[Path]
    wanted: dict[str, str]
    chance: random.Random
    warm: WarmEngine
    struck: Callable[[], WarmEngine]
    cluster: Callable[[], Cluster]

    def plan(self, output: Path, *more: Path, **options: Any) -> Plan:
        """All runs, and those of further notebooks under the base scenario's name."""
        return self.planned([*self.paths, *more], *SCENARIOS, output=output, **options)

    def disturbed(self, plan: Plan, strike: Strike, engine: Engine | None = None) -> Summary:
        """What comes of the plan when something strikes at a moment by chance. The strike tells
        whether it has hit; it is tried until then.
        """
        begun, hit = threading.Event(), threading.Event()

        def disturb() -> None:
            begun.wait(60)
            time.sleep(self.chance.uniform(0, LATEST_S))
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                if strike():
                    hit.set()
                    return
                time.sleep(0.01)

        fate = threading.Thread(target=disturb, daemon=True)
        fate.start()
        summary = run_batch(plan, lambda _: begun.set(), engine)
        assert hit.is_set(), "the batch ended before anything struck"
        fate.join()
        return summary


def sent(process_id: int, depth: int, number: signal.Signals, chance: random.Random) -> bool:
    """Send a signal to one of the processes so many generations below; whether there was one to
    take it.
    """
    try:
        chance.choice(children(process_id, depth)).send_signal(number)
    except (IndexError, psutil.NoSuchProcess):
        return False
    return True


def children(process_id: int, depth: int) -> list[psutil.Process]:
    """The processes so many generations below."""
    generation = [psutil.Process(process_id)]
    for _ in range(depth):
        generation = [child for process in generation for child in process.children()]
    return generation


def template_of(engine: WarmEngine) -> int:
    assert engine._process is not None
    return engine._process.pid


def parent_killed(ground: Ground, output: Path) -> None:
    """SIGKILL for the batch itself, sometimes with everything it started; the next one resumes."""
    ground.planned(ground.paths, output=output)  # vouches for the data
    batch = start(ground.paths, output, *SCENARIOS)
    wait_for(batch, "begins")
    time.sleep(ground.chance.uniform(0, LATEST_S))
    family = below(batch.pid) if ground.chance.random() < 0.5 else []
    for process in (psutil.Process(batch.pid), *family):
        process.kill() if process.is_running() else None
    batch.communicate()
    psutil.wait_procs(family, timeout=10)
    assert_whole(output)
    assert hashes(output).items() <= ground.wanted.items()
    finished = ground.plan(output).finished()
    again = run_batch(ground.plan(output), engine=ground.warm)
    assert again.exit_code == 0
    assert len(again.outcomes) == len(ground.wanted) - len(finished), "finished work ran again"


def run_killed(ground: Ground, output: Path) -> None:
    def strike() -> bool:
        return sent(template_of(ground.warm), 2, signal.SIGKILL, ground.chance)

    assert ground.disturbed(ground.plan(output), strike, ground.warm).exit_code == 0


def template_struck(ground: Ground, output: Path, number: signal.Signals) -> None:
    """A signal for the template or, when it freezes, for one of its fork servers."""
    engine, depth = ground.struck(), 0 if number == signal.SIGKILL else 1

    def strike() -> bool:
        return sent(template_of(engine), depth, number, ground.chance)

    assert ground.disturbed(ground.plan(output), strike, engine).exit_code == 0


def agent_killed(ground: Ground, output: Path) -> None:
    cluster = ground.cluster()

    def strike() -> bool:
        return sent(cluster.processes["first"].pid, 1, signal.SIGKILL, ground.chance)

    plan = ground.plan(output, scheduler=cluster.address)
    assert ground.disturbed(plan, strike).exit_code == 0


def reader_gone(ground: Ground, output: Path) -> None:
    ground.planned(ground.paths, output=output)
    under = [word for name in SCENARIOS for word in ("--scenario", name)]
    words = ["run", *map(str, ground.paths), *under, "--output", str(output), "--no-html"]
    batch = subprocess.Popen([COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert batch.stdout is not None
    assert batch.stderr is not None
    batch.stdout.readline()
    time.sleep(ground.chance.uniform(0, LATEST_S))
    batch.stdout.close()
    assert (batch.stderr.read(), batch.wait()) == (b"", 0)
    batch.stderr.close()


def bad_neighbour(ground: Ground, output: Path, source: str, state: str) -> None:
    """A notebook that takes what the machine has, beside the others."""
    bad = ground.make("neighbour", source)
    plan = ground.plan(output, bad, limits=Limits(run_s=60, cell_s=60, memory_mb=600))
    summary = run_batch(plan, engine=ground.warm)
    assert {outcome.state for outcome in summary.failures.values()} == {state}
    assert {run.notebook for run in summary.failures} == {"neighbour"}


KILLS: dict[str, Callable[[Ground, Path], None]] = {
    "parent": parent_killed,
    "child": run_killed,
    "template": lambda ground, output: template_struck(ground, output, signal.SIGKILL),
    "agent": agent_killed,
}
OTHERS: dict[str, Callable[[Ground, Path], None]] = {
    "frozen": lambda ground, output: template_struck(ground, output, signal.SIGSTOP),
    "pipe": reader_gone,
    "memory": lambda ground, output: bad_neighbour(ground, output, GROWS, "out-of-memory"),
    "flood": lambda ground, output: bad_neighbour(ground, output, FLOODS["print"], "failed"),
}
LONG = [pytest.mark.long, pytest.mark.timeout(3_600)]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Callable[[], Cluster]]:
    """A cluster of one worker, started when it is first needed."""
    started: list[Cluster] = []

    def made() -> Cluster:
        if not started:
            (tmp_path / "cluster").mkdir()
            started.append(Cluster(tmp_path / "cluster"))
            started[0].add_worker("first")
            started[0].wait_for_workers(1)
        return started[0]

    yield made
    for cluster in started:
        cluster.close()


@pytest.fixture
def struck() -> Iterator[Callable[[], WarmEngine]]:
    """An engine whose processes may be struck: another when its template was started too often."""
    started: list[WarmEngine] = []

    def made() -> WarmEngine:
        if not started or started[-1]._starts >= MOST_STARTS:
            started.append(WarmEngine(kernel_environment(), SUITE))
            started[-1].start()
        return started[-1]

    yield made
    for engine in started:
        engine.stop()


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("parent", 2),
        *(pytest.param(kind, 5, marks=pytest.mark.slow) for kind in KILLS),
        *(pytest.param(kind, 1, marks=pytest.mark.slow) for kind in OTHERS),
        *(pytest.param(kind, 50, marks=LONG) for kind in KILLS),
        *(pytest.param(kind, 10, marks=LONG) for kind in OTHERS),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_fault_costs_nothing(
    kind: str,
    times: int,
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    warm: WarmEngine,
    struck: Callable[[], WarmEngine],
    cluster: Callable[[], Cluster],
    tmp_path: Path,
) -> None:
    paths = [
        make(name, "import time; time.sleep(0.25)", "print(jpy_per_usd)", f"'{name}' * 5_000")
        for name in ("one", "two")
    ]
    reference = planned(paths, *SCENARIOS, output=tmp_path / "reference")
    assert run_batch(reference, engine=warm).exit_code == 0
    wanted = hashes(tmp_path / "reference")
    ground = Ground(planned, make, paths, wanted, random.Random(20261121), warm, struck, cluster)
    for trial in range(times):
        output = tmp_path / f"out{trial}"
        (KILLS | OTHERS)[kind](ground, output)
        assert_whole(output)
        assert hashes(output) == wanted
        assert [path for path in output.rglob("*") if files.PARTIAL in path.name] == []
        assert ground.plan(output).pending() == []


def assert_whole(output: Path) -> None:
    """Every notebook under a final name is whole."""
    for path in output.glob("*/*.ipynb"):
        nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))


def hashes(output: Path) -> dict[str, str]:
    """Name → content of the finished notebooks; a failed run leaves none."""
    return {
        path.relative_to(output).as_posix(): sha256(path.read_bytes())
        for path in output.glob("*/*.ipynb")
        if ".failed." not in path.name
    }
