"""Our batch beside what people use to rerun notebooks, on the shipped notebooks, in one go.

Run: python benchmarks/batch.py [--runs 100] [--write]

Each way runs in a process tree of its own with two workers and the same environment. Slow ways do a
part of the runs, spread over notebooks and scenarios, and are compared by the seconds a run takes.
Memory is the proportional set size of the whole tree, sampled every two seconds (reading it costs
time): pages that forks share count once.
"""

import argparse
import io
import json
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import replace
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
Run = tuple[str, dict[str, Any]]  # notebook source file, parameters


def planned(output: Path, html: bool = False) -> Plan:
    """Every shipped notebook under every shipped scenario."""
    return plan(NOTEBOOKS, load_scenarios(), Options(output=output, workers=WORKERS, html=html))


def spread(runs: Sequence[Any], count: int) -> list[Any]:
    """`count` of the runs, spread evenly over notebooks and scenarios; all of them where there are
    no more.
    """
    count = min(count, len(runs))
    return [runs[index * len(runs) // count] for index in range(count)]


def chosen(output: Path, count: int) -> list[Run]:
    """Source and parameters of `count` runs."""
    return [
        (f"notebooks/{run.notebook}.ipynb", dict(run.job.parameters))
        for run in spread(planned(output).runs, count)
    ]


# Ways. Each does its runs and returns; it is called in a process of its own.


def ours(output: Path, count: int, html: bool = False, share: bool = True) -> None:
    """The batch through its library, as the command calls it. share: whether runs that differ in
    nothing a notebook takes are executed once.
    """
    from helpers.batch import run, warming

    with warming(Options(output=output, workers=WORKERS)) as engine:
        whole = planned(output, html)
        runs = tuple(spread(whole.runs, count))
        if not share:
            runs = tuple(replace(run, work=run.key) for run in runs)
        summary = run(replace(whole, runs=runs), engine=engine)
    assert summary.exit_code == 0, summary.lines()
    print(f"executions={len(works(runs))}", flush=True)


def ours_html(output: Path, count: int) -> None:
    """The same with a report per run and the index."""
    ours(output, count, html=True)


def ours_unshared(output: Path, count: int) -> None:
    """The same, each run executed for itself."""
    ours(output, count, share=False)


def command_loop(output: Path, count: int) -> None:
    """`papermill IN OUT -y PARAMETERS`, one after the other."""
    for number, (source, parameters) in enumerate(chosen(output, count)):
        words = [
            sys.executable,
            "-m",
            "papermill",
            source,
            str(output / f"{number}.ipynb"),
            "--no-progress-bar",
            "-y",
            json.dumps(parameters),
        ]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _execute(job: tuple[str, str, dict[str, Any]]) -> None:
    import papermill

    source, target, parameters = job
    papermill.execute_notebook(source, target, parameters=parameters, progress_bar=False)


def pool(output: Path, count: int) -> None:
    """papermill's Python API in a pool of two processes."""
    jobs = [
        (source, str(output / f"{number}.ipynb"), parameters)
        for number, (source, parameters) in enumerate(chosen(output, count))
    ]
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_execute, jobs))


def dask(output: Path, count: int) -> None:
    """papermill's Python API on a Dask LocalCluster of two workers."""
    from distributed import Client, LocalCluster

    jobs = [
        (source, str(output / f"{number}.ipynb"), parameters)
        for number, (source, parameters) in enumerate(chosen(output, count))
    ]
    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(_execute, jobs, pure=False))


def _cells(job: Run) -> None:
    """All cells of a notebook as plain Python in this process, what they show built and thrown
    away.
    """
    from IPython.display import display

    from helpers.engine.cells import runs

    source, parameters = job
    namespace: dict[str, Any] = {"display": display}
    with redirect_stdout(io.StringIO()):
        for cell in json.loads(Path(source).read_text())["cells"]:
            cell["source"] = "".join(cell["source"])
            if runs(cell):
                exec(compile(cell["source"], "cell", "exec"), namespace)
                if "parameters" in cell["metadata"].get("tags", []):
                    namespace |= parameters


def _captured(jobs: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
    from execnb.shell import CaptureShell, read_nb

    for source, target, parameters in jobs:
        cells = read_nb(source).cells
        place = next(cell.idx_ for cell in cells if "parameters" in cell.metadata.get("tags", []))
        code = [cells[place].source, *(f"{name} = {value!r}" for name, value in parameters.items())]
        CaptureShell(mpl_format=None).execute(
            source, target, exc_stop=True, inject_code="\n".join(code), inject_idx=place
        )


def in_process(output: Path, count: int) -> None:
    """execnb in two processes that run one notebook after the other: no kernel, no client, and
    nothing that keeps a run from the next.
    """
    jobs = [
        (source, str(output / f"{number}.ipynb"), parameters)
        for number, (source, parameters) in enumerate(chosen(output, count))
    ]
    # all at once: execnb puts the notebook in the place of the module that knows `_captured`
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_captured, (jobs[start::WORKERS] for start in range(WORKERS))))


def limit(output: Path, count: int) -> None:
    """The same cells in two warm processes: no kernel, no client, no notebook. Their start is not
    counted.
    """
    jobs = chosen(output, count)
    with ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(_cells, jobs[:: max(len(jobs) // 12, 1)]))
        begun = time.perf_counter()
        list(executor.map(_cells, jobs))
        print(f"seconds={time.perf_counter() - begun}", flush=True)


WAYS: dict[str, tuple[Callable[[Path, int], None], str, float]] = {
    "ours": (ours, "`reverse-imports run --no-html`", 1.0),
    "ours_html": (ours_html, "`reverse-imports run`, with a report per run", 1.0),
    "ours_unshared": (
        ours_unshared,
        "`reverse-imports run --no-html`, each run executed for itself",
        1.0,
    ),
    "execnb": (in_process, "floor: execnb in two processes, without isolation", 0.25),
    "limit": (limit, "limit: the same cells in two warm processes", 1.0),
    "pool": (pool, "papermill's API in a pool of 2", 0.25),
    "dask": (dask, "papermill's API on Dask, 2 workers", 0.25),
    "loop": (command_loop, "papermill command in a loop", 0.12),
}


def measured(way: str, count: int) -> dict[str, float]:
    """Seconds a run, processor seconds a run and peak memory of a way."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    command = [
        sys.executable,
        __file__,
        "--way",
        way,
        "--runs",
        str(count),
        "--output",
        str(folder),
    ]
    try:
        process = subprocess.Popen(
            command,
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
    finally:
        shutil.rmtree(folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own, executions = re.search(r"seconds=([\d.]+)", told), re.search(r"executions=(\d+)", told)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": float(own[1]) if own else seconds,
        "processor": processor,
        "mb": peak.stopped(),
        "runs": count,
        "executions": int(executions[1]) if executions else count,
    }


class Peak(threading.Thread):
    """Largest proportional set size of a process tree while it lives."""

    def __init__(self, process_id: int):
        super().__init__(daemon=True)
        self._root, self._peak, self._over = psutil.Process(process_id), 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(2.0):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self._peak = max(self._peak, sum(map(_proportional_kb, tree)))

    def stopped(self) -> float:
        """Stop sampling; the peak in MB."""
        self._over.set()
        self.join()
        return self._peak / 1024


def _proportional_kb(process: psutil.Process) -> int:
    try:
        return int(
            re.search(
                r"^Pss:\s+(\d+)",
                Path(f"/proc/{process.pid}/smaps_rollup").read_text(),
                re.MULTILINE,
            )[1]
        )  # type: ignore[index]
    except (OSError, TypeError):  # it has ended
        return 0


def command(folder: Path, *words: str) -> tuple[float, str]:
    """Seconds from prompt to prompt of `reverse-imports run`, and what it tells."""
    line = [sys.executable, "-c", "from helpers.cli import main; main()", "run", *words]
    begun = time.perf_counter()
    told = subprocess.run([*line, "--output", str(folder)], check=True, capture_output=True)
    return time.perf_counter() - begun, told.stdout.decode()


def from_prompt(*notebooks: str) -> float:
    """Seconds of these notebooks, or of all, under the base scenario into an empty folder."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        return command(Path(folder), *notebooks)[0]


def rechecked(count: int) -> tuple[int, float]:
    """Runs of a finished batch of `count` or a few more, and the seconds of the command on it, from
    its start to its end.
    """
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        names = list(dict.fromkeys(run.scenario for run in planned(folder).runs))[
            : math.ceil(count / len(NOTEBOOKS))
        ]
        words = ["--no-html", *(word for name in names for word in ("--scenario", name))]
        command(folder, *words)
        seconds, told = command(folder, *words)
        assert told.startswith(f"{len(names) * len(NOTEBOOKS)} already done"), told
        return len(names) * len(NOTEBOOKS), seconds
    finally:
        shutil.rmtree(folder)


def table(found: dict[str, dict[str, float]], again: tuple[int, float], runs: int) -> str:
    """The measurements as a Markdown section."""
    alone, six = from_prompt(NOTEBOOKS[1]), from_prompt()
    each = {way: one["seconds"] / one["runs"] for way, one in found.items()}
    lines = [
        "## Batch: rerunning the shipped notebooks",
        "",
        f"{runs} runs of the six notebooks under the shipped scenarios, two workers. "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} while measuring, Python "
        f"{sys.version.split()[0]}. `python benchmarks/batch.py --write`",
        "",
        "| way | runs | executions | seconds a run | processor seconds a run | against ours | "
        "against the limit | peak memory, MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for way, one in found.items():
        numbers = (
            f"{one['runs']:.0f}",
            f"{one['executions']:.0f}",
            f"{each[way]:.2f}",
            f"{one['processor'] / one['runs']:.2f}",
            f"{each[way] / each['ours']:.1f}×",
            f"{each[way] / each['limit']:.1f}×",
        )
        lines.append(f"| {WAYS[way][1]} | {' | '.join(numbers)} | {one['mb']:.0f} |")
    done, seconds = again
    return "\n".join(
        [
            *lines,
            "",
            "Scenarios that differ in nothing a notebook takes share one execution of it, where "
            "nothing else is said; every way that is not ours repeats it.",
            "In the floor a run has no process, kernel or limit of its own, and what it changes "
            "reaches the next; `pip install execnb` adds it, which the suite does not need.",
            f"From prompt to prompt, with reports: one notebook {alone:.1f} s, six {six:.1f} s.",
            f"A finished batch of {done} runs is proved by content in {seconds:.1f} s, from "
            "command to prompt, without starting a kernel.",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every way and print the table; --write puts it into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    here = [way for way in WAYS if way != "execnb" or find_spec("execnb")]
    parser.add_argument("--ways", nargs="*", default=here, choices=list(WAYS))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    os.chdir(Path(__file__).parent.parent)
    if given.way:
        WAYS[given.way][0](given.output, given.runs)
        return
    runs = min(given.runs, len(planned(Path("reports")).runs))
    found = {}
    for way in given.ways:
        found[way] = measured(way, max(round(runs * WAYS[way][2]), 1))
        print(way, {name: round(value, 2) for name, value in found[way].items()}, flush=True)
    if not {"ours", "limit"} <= set(found):  # what the ratios are against
        return
    section = table(found, rechecked(runs), runs)
    print(section)
    if given.write:
        store("batch", section)


if __name__ == "__main__":
    main()
