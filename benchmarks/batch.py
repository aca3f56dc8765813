"""Our batch beside what people use to rerun notebooks, on the shipped notebooks, in one go.

Run: python benchmarks/batch.py [--runs 100] [--write | --ways ours pool]

Each way runs in a process tree of its own with the same environment, on two workers where it can
use them. Slow ways do a part of the runs, spread over notebooks and scenarios, and are compared by
the seconds a run takes. Memory is the proportional set size of the whole tree, sampled every two
seconds (reading it costs time): pages that forks share count once.
"""

import argparse
import io
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
from report import store

from helpers.batch import Options, Plan, plan
from helpers.batch.planning import works
from helpers.batch.privacy import kernel_environment
from helpers.scenarios import NOTEBOOKS, load_scenarios

WORKERS = 2
Job = tuple[str, str, dict[str, Any]]  # notebook, executed notebook, parameters


def planned(output: Path) -> Plan:
    """Every shipped notebook under every shipped scenario."""
    return plan(NOTEBOOKS, load_scenarios(), Options(output=output, workers=WORKERS, html=False))


def spread(runs: Sequence[Any], count: int) -> list[Any]:
    """`count` of the runs, spread evenly over notebooks and scenarios; all of them where there are
    no more.
    """
    count = min(count, len(runs))
    return [runs[index * len(runs) // count] for index in range(count)]


def chosen(output: Path, count: int) -> list[Job]:
    """`count` runs as papermill takes them. To choose them is no part of a way, and not counted."""
    begun = time.perf_counter()
    jobs = [
        (
            f"notebooks/{run.notebook}.ipynb",
            str(output / f"{number}.ipynb"),
            dict(run.job.parameters),
        )
        for number, run in enumerate(spread(planned(output).runs, count))
    ]
    print(f"uncounted={time.perf_counter() - begun}", flush=True)
    return jobs


# Ways. Each does its runs and returns; it is called in a process of its own.


def ours(output: Path, count: int, share: bool = True) -> None:
    """The batch through its library, as the command calls it. share: whether runs that differ in
    nothing a notebook takes are executed once.
    """
    from helpers.batch import run, warming

    with warming(Options(output=output, workers=WORKERS)) as engine:
        whole = planned(output)
        runs = tuple(spread(whole.runs, count))
        if not share:
            runs = tuple(replace(run, work=run.key) for run in runs)
        summary = run(replace(whole, runs=runs), engine=engine)
    assert summary.exit_code == 0, summary.lines()
    print(f"executions={len(works(runs))}", flush=True)


def ours_unshared(output: Path, count: int) -> None:
    """The same, each run executed for itself."""
    ours(output, count, share=False)


def _execute(job: Job) -> None:
    import papermill

    source, target, parameters = job
    papermill.execute_notebook(source, target, parameters, progress_bar=False)


def pool(output: Path, count: int) -> None:
    """papermill's Python API in a pool of two processes."""
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_execute, chosen(output, count)))


def loop(output: Path, count: int) -> None:
    """`papermill IN OUT -y PARAMETERS`, one after the other."""
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    for source, target, parameters in chosen(output, count):
        words = [*papermill, source, target, "-y", json.dumps(parameters)]
        subprocess.run(words, check=True, capture_output=True)


def _cells(job: Job) -> None:
    """All cells of a notebook as plain Python in this process, what they show built and thrown
    away.
    """
    from IPython.display import display

    from helpers.engine.cells import runs

    source, _, parameters = job
    namespace: dict[str, Any] = {"display": display}
    with redirect_stdout(io.StringIO()):
        for cell in json.loads(Path(source).read_text())["cells"]:
            cell["source"] = "".join(cell["source"])
            if runs(cell):
                exec(compile(cell["source"], "cell", "exec"), namespace)
                if "parameters" in cell["metadata"].get("tags", []):
                    namespace |= parameters


def _captured(jobs: Sequence[Job]) -> None:
    from execnb.shell import CaptureShell, read_nb

    for source, target, parameters in jobs:
        cells = read_nb(source).cells
        place = next(cell.idx_ for cell in cells if "parameters" in cell.metadata.get("tags", []))
        code = [cells[place].source, *(f"{name} = {value!r}" for name, value in parameters.items())]
        CaptureShell(mpl_format=None).execute(
            source, target, exc_stop=True, inject_code="\n".join(code), inject_idx=place
        )


def execnb(output: Path, count: int) -> None:
    """execnb in two processes that run one notebook after the other: no kernel, no client, and
    nothing that keeps a run from the next.
    """
    jobs = chosen(output, count)
    # all at once: execnb puts the notebook in the place of the module that knows `_captured`
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_captured, (jobs[start::WORKERS] for start in range(WORKERS))))


def limit(output: Path, count: int) -> None:
    """The same cells in two warm processes: no kernel, no client, no notebook. Their start is not
    counted.
    """
    jobs = chosen(output, count)
    begun = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_cells, jobs[:: max(len(jobs) // 12, 1)]))
        print(f"uncounted={time.perf_counter() - begun}", flush=True)
        list(executor.map(_cells, jobs))


@dataclass(frozen=True)
class Way:
    """A way to run notebooks. share: of the runs that it does, as slow ones do a part."""

    do: Callable[[Path, int], None]
    label: str
    share: float = 1.0


WAYS = {
    "ours": Way(ours, "`reverse-imports run --no-html`"),
    "ours_unshared": Way(
        ours_unshared, "`reverse-imports run --no-html`, each run executed for itself"
    ),
    "execnb": Way(execnb, "floor: execnb in two processes, without isolation", 0.25),
    "limit": Way(limit, "limit: the same cells in two warm processes", 0.5),
    "pool": Way(pool, "papermill's API in a pool of 2", 0.25),
    "loop": Way(loop, "papermill command in a loop", 0.12),
}


@dataclass(frozen=True)
class Measured:
    """What a way took: seconds on the clock and of the processors, in all; peak memory in MB."""

    runs: int
    executions: int
    seconds: float
    processor_s: float
    memory_mb: float

    @property
    def run_s(self) -> float:
        """Seconds a run."""
        return self.seconds / self.runs


@dataclass(frozen=True)
class Prompts:
    """Seconds from prompt to prompt: of a notebook and of all with reports, and of a finished batch
    of so many runs.
    """

    notebook_s: float
    all_s: float
    finished_runs: int
    finished_s: float


def measured(way: str, runs: int) -> Measured:
    """What a way takes for its share of so many runs."""
    count = max(round(runs * WAYS[way].share), 1)
    command = [sys.executable, __file__, "--way", way, "--runs", str(count), "--output"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, folder],
            env=kernel_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = Peak(process.pid)
        told, errors = process.communicate()
        seconds = time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError(f"{way}: {errors[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    uncounted = re.findall(r"uncounted=(\S+)", told)
    executions = re.findall(r"executions=(\d+)", told)
    return Measured(
        count,
        int(executions[0]) if executions else count,
        seconds - sum(map(float, uncounted)),
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak.stopped(),
    )


class Peak(threading.Thread):
    """Largest proportional set size of a process tree while it lives."""

    def __init__(self, process_id: int):
        super().__init__(daemon=True)
        self._root, self._peak, self._over = psutil.Process(process_id), 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(2.0):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self._peak = max(self._peak, sum(map(_proportional_mb, tree)))

    def stopped(self) -> float:
        """Stop sampling; the peak in MB."""
        self._over.set()
        self.join()
        return self._peak


def _proportional_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 2**20
    except psutil.Error:  # it has ended
        return 0.0


def command(output: str, *words: str) -> tuple[float, str]:
    """Seconds from prompt to prompt of `reverse-imports run`, and what it tells."""
    line = [sys.executable, "-c", "from helpers.cli import main; main()", "run", *words]
    begun = time.perf_counter()
    told = subprocess.run([*line, "--output", output], check=True, capture_output=True, text=True)
    return time.perf_counter() - begun, told.stdout


def prompts(runs: int) -> Prompts:
    """The command for a notebook and for all under the base scenario, each into an empty folder,
    and for a batch of so many runs, or a few more, that is finished.
    """
    names = [named.name for named in load_scenarios()][: math.ceil(runs / len(NOTEBOOKS))]
    finished = ["--no-html", *(word for name in names for word in ("--scenario", name))]
    count = len(names) * len(NOTEBOOKS)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        notebook_s, _ = command(f"{folder}/notebook", NOTEBOOKS[1])
        all_s, _ = command(f"{folder}/all")
        command(f"{folder}/finished", *finished)
        finished_s, told = command(f"{folder}/finished", *finished)
    assert told.startswith(f"{count} already done"), told
    return Prompts(notebook_s, all_s, count, finished_s)


FLOOR = (
    "In the floor a run has no process, kernel or limit of its own, and what it changes reaches "
    "the next; `pip install execnb` adds it, which the suite does not need."
)


def section(ways: Mapping[str, Measured], times: Prompts, load: float) -> str:
    """The measurements as Markdown. load: of the machine while measuring."""
    ours, limit = ways["ours"], ways["limit"]
    rows = [
        (
            WAYS[name].label,
            f"{way.runs}",
            f"{way.executions}",
            f"{way.run_s:.2f}",
            f"{way.processor_s / way.runs:.2f}",
            f"{way.run_s / ours.run_s:.1f}×",
            f"{way.run_s / limit.run_s:.1f}×",
            f"{way.memory_mb:.0f}",
        )
        for name, way in ways.items()
    ]
    lines = [
        "## Batch: rerunning the shipped notebooks",
        "",
        f"{ours.runs} runs of the six notebooks under the shipped scenarios, two workers. "
        f"{os.cpu_count()} cores, load {load:.1f} while measuring, Python "
        f"{sys.version.split()[0]}. `python benchmarks/batch.py --write`",
        "",
        "| way | runs | executions | seconds a run | processor seconds a run | against ours | "
        "against the limit | peak memory, MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        "Scenarios that differ in nothing a notebook takes share one execution of it, where "
        "nothing else is said; every way that is not ours repeats it.",
        *([FLOOR] if "execnb" in ways else []),
        f"From prompt to prompt, with reports: one notebook {times.notebook_s:.1f} s, six "
        f"{times.all_s:.1f} s.",
        f"A finished batch of {times.finished_runs} runs is proved by content in "
        f"{times.finished_s:.1f} s, from command to prompt, without starting a kernel.",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all and print the section of benchmarks/README.md; --write puts it there. With
    --ways, measure only these.
    """
    here = [way for way in WAYS if way != "execnb" or find_spec("execnb")]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--ways", nargs="+", choices=here)
    either.add_argument("--write", action="store_true")
    either.add_argument("--way", choices=here, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    os.chdir(Path(__file__).parent.parent)
    if given.way:
        WAYS[given.way].do(given.output, given.runs)
        return
    runs = min(given.runs, len(planned(Path("reports")).runs))
    ways = {}
    for name in given.ways or here:
        way = ways[name] = measured(name, runs)
        print(
            f"{name}: {way.seconds:.1f} s, {way.runs} runs, {way.executions} executions, "
            f"{way.processor_s:.1f} processor seconds, {way.memory_mb:.0f} MB",
            flush=True,
        )
    if given.ways:
        return
    text = section(ways, prompts(runs), os.getloadavg()[0])
    print(text)
    if given.write:
        store("batch", text)


if __name__ == "__main__":
    main()
