"""Runs on this machine: a few at a time, each in a process of its own, notebooks that share cells
kept together.
"""

import errno
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from helpers.batch.options import Options
from helpers.batch.planning import Run, Work
from helpers.batch.privacy import Private, scanned
from helpers.engine.folders import new_folder
from helpers.engine.outcome import Engine, Job, Limits, Outcome, judged
from helpers.engine.watch import usual_memory_mb
from helpers.texts import printable


@dataclass(frozen=True)
class Started:
    """A run begins."""

    run: Run


@dataclass(frozen=True)
class Ended:
    """A run has its outcome."""

    run: Run
    outcome: Outcome


class Executor(Protocol):
    """Where runs run. The same interface for this machine and for a cluster."""

    def run(self, works: Sequence[Work]) -> Iterator[Started | Ended]:
        """Execute the works in any order; every run of theirs begins and ends exactly once."""
        ...

    def close(self) -> None:
        """End everything still under way, at once."""
        ...

    def remarks(self) -> list[str]:
        """What went another way than meant, without harm to the results."""
        ...


class LocalExecutor:
    """Worker threads that do nothing but wait: the work is in the processes they start.

    private: what must not stand in what a run leaves. keep: leave the engine running when all runs
    have ended.
    """

    def __init__(self, engine: Engine, options: Options, private: Private, keep: bool = False):
        self._engine, self._options, self._private, self._keep = engine, options, private, keep
        memory_mb = options.limits.memory_mb or usual_memory_mb(options.workers)
        self._limits = replace(options.limits, memory_mb=memory_mb)
        self._complete, self._refused = False, len(engine.refusals)
        self._events: queue.Queue[Started | Ended | BaseException] = queue.Queue()
        self._stopped = False
        self._threads: list[threading.Thread] = []

    def run(self, works: Sequence[Work]) -> Iterator[Started | Ended]:
        """Begin with the works at once; their events come as they happen."""
        waiting = Waiting(works)
        runs = sum(len(work.runs) for work in works)
        count = min(self._options.workers, len(works))
        self._threads = [
            threading.Thread(
                target=self._work, args=(waiting,), daemon=True, name=f"batch-{number}"
            )
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()
        return self._told(runs)

    def _told(self, runs: int) -> Iterator[Started | Ended]:
        """The events of so many runs."""
        ended = 0
        while ended < runs:
            event = self._events.get()
            if isinstance(event, BaseException):
                raise event
            ended += isinstance(event, Ended)
            yield event
        self._complete = True

    def close(self) -> None:
        """Stop the engine and wait for the workers."""
        self._stopped = True
        if not (self._keep and self._complete):
            self._engine.stop()
        for thread in self._threads:
            thread.join()

    def remarks(self) -> list[str]:
        """Why runs went a slower way than meant, each reason once."""
        reasons = (
            printable(self._private.hidden(text)) for text in self._engine.refusals[self._refused :]
        )
        return list(dict.fromkeys(reasons))

    def _work(self, waiting: "Waiting") -> None:
        current = None
        try:
            while not self._stopped and (work := waiting.next(current)) is not None:
                current = work.notebook
                for event in begun(work):
                    self._events.put(event)
                outcome = execute(
                    self._engine, work.job, self._limits, self._private, self._options.retries
                )
                for event in ended(work, outcome):
                    self._events.put(event)
        except BaseException as error:  # a fault of ours must not leave the batch waiting for ever
            self._events.put(error)


def begun(work: Work) -> list[Started | Ended]:
    """The events of a work that begins."""
    return [Started(run) for run in work.runs]


def ended(work: Work, outcome: Outcome) -> list[Started | Ended]:
    """The events of a work that has ended: each run has what is its own."""
    return [Ended(run, outcome.of(run.scenario)) for run in work.runs]


def execute(
    engine: Engine, job: Job, limits: Limits, private: Private, retries: int = 0
) -> Outcome:
    """One job in a folder of its own, which is removed afterwards; what it left is scanned for what
    is private.

    retries: how often a run that was killed from outside is tried again. A fault of the machinery
    is a failed run: others go on.
    """
    notes: list[str] = []
    while True:
        outcome = _tried(engine, job, limits, private)
        if not outcome.repeatable or len(notes) >= retries:
            return replace(outcome, notes=[*notes, *outcome.notes])
        notes.append(f"run again: {outcome.message}")


def _tried(engine: Engine, job: Job, limits: Limits, private: Private) -> Outcome:
    started = time.monotonic()
    try:
        folder = new_folder("run")
        try:
            process_end = engine.execute(job, folder, limits)
            outcome = judged(folder, process_end, time.monotonic() - started)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return scanned(outcome, private)
    except Exception as error:  # whatever it is, it is one run's
        message = f"the run could not be carried out: {_in_words(error)}"
        return scanned(Outcome("failed", message, time.monotonic() - started), private)


def _in_words(error: Exception) -> str:
    """One line for people."""
    if isinstance(error, OSError) and error.strerror:
        where = error.filename or (tempfile.gettempdir() if error.errno == errno.ENOSPC else "")
        return f"{error.strerror}: {where}" if where else error.strerror
    return f"{type(error).__name__}: {error}".split("\n")[0]


class Waiting:
    """Works that wait, by notebook. A worker stays with its notebook: what the runs of a notebook
    share is then made once, and few notebooks are open at a time.
    """

    def __init__(self, works: Iterable[Work]):
        self._lock = threading.Lock()
        self._by_notebook: dict[str, list[Work]] = {}
        for work in works:
            self._by_notebook.setdefault(work.notebook, []).append(work)
        self._open: set[str] = set()

    def next(self, current: str | None) -> Work | None:
        """The next work for a worker that last had notebook `current`: of the same, else of one
        nobody has begun, else of the fullest.
        """
        with self._lock:
            left = {name: works for name, works in self._by_notebook.items() if works}
            if not left:
                return None
            name = (
                current
                if current in left
                else next(
                    (name for name in left if name not in self._open),
                    max(left, key=lambda name: len(left[name])),
                )
            )
            self._open.add(name)
            return left[name].pop(0)


def longest_first(works: Iterable[Work], seconds: Mapping[str, float]) -> list[Work]:
    """The works so that the notebooks with most to do come first: the tail of the batch is then
    short.
    """
    by_notebook: dict[str, list[Work]] = {}
    for work in works:
        by_notebook.setdefault(work.notebook, []).append(work)
    return [
        work
        for name in sorted(by_notebook, key=lambda name: -seconds[name] * len(by_notebook[name]))
        for work in by_notebook[name]
    ]
