"""A batch from plan to summary: own the folder, run what is pending, keep each outcome as it comes,
collect.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from helpers import files
from helpers.batch import upload
from helpers.batch.collect import COLLECTED, OWN, collect, prepare
from helpers.batch.events import Events
from helpers.batch.executor import Ended, Executor, LocalExecutor, longest_first
from helpers.batch.interrupts import INTERRUPTED, interruptible
from helpers.batch.ledger import ENDINGS, EVENTS, LATEST, Ledger, inputs
from helpers.batch.options import ENGINES, Options
from helpers.batch.planning import CHECKED_DATA, Plan, Run, works
from helpers.batch.privacy import kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine import warm
from helpers.engine.outcome import Engine, Outcome
from helpers.errors import InputError
from helpers.texts import printable

DONE, SOME_FAILED = 0, 1


@dataclass(frozen=True)
class Progress:
    """What a batch tells while it runs. run and outcome: what just began (outcome None) or ended.
    done and total: of the pending runs. remaining_s: expected seconds to the end.
    """

    run: Run
    outcome: Outcome | None
    done: int
    total: int
    remaining_s: float


@dataclass(frozen=True)
class Summary:
    """What came of a batch. outcomes: of the runs that ran. kept: runs whose finished outputs were
    proved and kept.
    left: runs that did not get their turn. troubles: files of the batch itself that could not be
    written. remarks: what went a slower way than meant.
    """

    plan: Plan
    outcomes: Mapping[Run, Outcome]
    kept: tuple[Run, ...]
    left: tuple[Run, ...] = ()
    interrupted: bool = False
    seconds: float = 0.0
    troubles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def failures(self) -> dict[Run, Outcome]:
        """The runs that ran and are not done."""
        return {run: outcome for run, outcome in self.outcomes.items() if outcome.state != "done"}

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some failed, 130 interrupted."""
        return (
            INTERRUPTED
            if self.interrupted
            else SOME_FAILED
            if self.failures or self.troubles or self.left
            else DONE
        )

    @property
    def retry(self) -> str:
        """The command that runs again what is not done; empty when all is."""
        again = [*self.failures, *self.left]
        return self.plan.retry(again) if again else ""

    def lines(self) -> list[str]:
        """The summary for people: counts, one line per failure, notes, how to go on."""
        done = len(self.outcomes) - len(self.failures)
        counts = [
            f"{done} done",
            f"{len(self.kept)} already done",
            f"{len(self.failures)} failed",
            f"{len(self.left)} not run",
        ]
        told = ", ".join(text for text in counts if not text.startswith("0 "))
        lines = [f"{told or 'nothing to do'} in {self.seconds:.1f} s"]
        lines += [
            f"{run.name}: {outcome.state}: {outcome.message}"
            for run, outcome in self.failures.items()
        ]
        lines += [
            f"{run.name}: note: {note}"
            for run, outcome in self.outcomes.items()
            for note in outcome.notes
        ]
        lines += [f"note: {remark}" for remark in self.remarks]
        lines += self.troubles
        return [*lines, f"To run the rest: {self.retry}"] if self.retry else lines


@dataclass
class _State:
    outcomes: dict[Run, Outcome] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    interrupted: bool = False


def run(
    plan: Plan, progress: Callable[[Progress], None] = lambda _: None, engine: Engine | None = None
) -> Summary:
    """Run what is pending and write results, index and manifest. Ctrl-C or SIGTERM ends it within a
    second.

    engine: one that is running already, for programs that run many batches; it is left running
    unless interrupted. Raises `FolderInUseError` when another batch owns the output folder, OSError
    when the folder cannot be made.
    """
    started = time.monotonic()
    with plan.ledger.owned(), interruptible() as calm:
        _take_over(plan)
        pending = plan.pending()
        state = _State()
        events = Events(plan.ledger.folder / EVENTS)
        events.tell("batch", runs=len(plan.runs), pending=len(pending))
        progress = _both(progress, events)
        try:
            if pending:
                _execute(plan, pending, state, progress, engine)
        except KeyboardInterrupt:
            state.interrupted = True
        with calm():
            left, names = _collected(plan, pending, state)
        try:
            if plan.options.upload and names and not state.interrupted:
                _upload(plan, names, state)
        except KeyboardInterrupt:
            state.interrupted = True
            state.troubles.append(
                f"not everything was sent to {plan.options.upload}; the same command sends the rest"
            )
        with calm():
            summary = _summary(plan, pending, left, state, started)
            events.tell("end", exit_code=summary.exit_code, lines=summary.lines())
            return summary


def _both(progress: Callable[[Progress], None], events: Events) -> Callable[[Progress], None]:
    """Progress for people and, as events, for programs."""

    def tell(news: Progress) -> None:
        run, outcome = news.run, news.outcome
        facts: dict[str, Any] = {"notebook": run.notebook, "scenario": run.scenario}
        if outcome is not None:
            facts |= {"state": outcome.state, "message": outcome.message}
            facts |= {"seconds": round(outcome.seconds, 3), "notes": outcome.notes}
        counts = {"done": news.done, "total": news.total, "remaining_s": round(news.remaining_s, 1)}
        events.tell("ended" if outcome else "begins", **facts, **counts)
        progress(news)

    return tell


@contextmanager
def warming(options: Options) -> Iterator[Engine | None]:
    """An engine that starts while the batch is still being checked, and is ended at the end. None
    where there may be nothing to run, which only the plan of a folder with earlier runs can tell,
    and where the runs go to a cluster.
    """
    has_runs = os.access(Ledger(options.output).folder, os.F_OK)
    if has_runs or options.scheduler or options.engine not in ENGINES:
        yield None
        return
    environment = kernel_environment(options.keep_environment)
    engine = warm.chosen(options.engine, environment, max(options.workers, 1), SUITE)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def _take_over(plan: Plan) -> None:
    """Make the folder this batch's: what an interrupted write left goes, what the batch's names
    mean is put on record.
    """
    ledger, output = plan.ledger, plan.options.output
    earlier = ledger.latest()
    books = {*earlier.sources, *(run.notebook for run in plan.runs)}
    scenarios = {*earlier.definitions, *(run.scenario for run in plan.runs)}
    parts = [
        output / scenario / f"{book}{ending}"
        for scenario in scenarios
        for book in books
        for ending in ENDINGS
    ]
    marks = [ledger.mark_path(book, scenario) for book in books for scenario in scenarios]
    shared = [
        *(output / name for name in OWN),
        *(ledger.folder / name for name in (CHECKED_DATA, COLLECTED, LATEST, upload.SENT)),
    ]
    files.remove_partial_files([*parts, *marks, *shared])
    ledger.take_names(
        plan.inputs.hash,
        {run.notebook: run.source for run in plan.runs},
        {run.scenario: run.definition for run in plan.runs},
    )
    files.write(ledger.folder / CHECKED_DATA, plan.inputs.checked.encode())


def _collected(plan: Plan, pending: list[Run], state: _State) -> tuple[tuple[Run, ...], list[str]]:
    """The runs that did not get their turn, and the names of all files that belong together."""
    if inputs() != plan.inputs:
        _unmark(plan, state)
    left = tuple(run for run in pending if run not in state.outcomes)
    try:
        return left, collect(plan, state.outcomes, left)
    except OSError as error:
        state.troubles.append(
            f"results and manifest could not be written: {error.strerror}: {plan.options.output}"
        )
    except InputError as error:
        state.troubles += [str(fault) for fault in error.faults]
    return left, []


def _summary(
    plan: Plan, pending: list[Run], left: tuple[Run, ...], state: _State, started: float
) -> Summary:
    to_run = set(pending)
    kept = tuple(run for run in plan.runs if run not in to_run)
    for run in kept:
        plan.ledger.forget_failure(run.notebook, run.scenario)
    return Summary(
        plan,
        state.outcomes,
        kept,
        left,
        state.interrupted,
        time.monotonic() - started,
        tuple(state.troubles),
        tuple(state.remarks),
    )


def _upload(plan: Plan, names: list[str], state: _State) -> None:
    try:
        upload.send(plan.ledger, names, plan.options.upload)
    except Exception as error:  # every store raises errors of its own; what is done here stays done
        reason = plan.private.hidden(f"{type(error).__name__}: {error}".split("\n")[0])
        state.troubles.append(
            printable(f"not everything could be sent to {plan.options.upload}: {reason}")
        )


def _unmark(plan: Plan, state: _State) -> None:
    """Code or data changed under the batch: nobody can say what its runs were made from, so none
    counts as finished.
    """
    for run, outcome in state.outcomes.items():
        if outcome.state == "done":
            plan.ledger.unmark(run.notebook, run.scenario)
    state.troubles.append("helpers or data changed while the batch ran; run it again")


def _execute(
    plan: Plan,
    pending: list[Run],
    state: _State,
    progress: Callable[[Progress], None],
    engine: Engine | None,
) -> None:
    seconds = plan.seconds()
    shared = longest_first(works(pending), seconds)
    cost = {run: seconds[work.notebook] / len(work.runs) for work in shared for run in work.runs}
    whole = sum(cost.values())
    began = time.monotonic()
    spent, failures = 0.0, 0
    executor = _executor(plan, engine)
    try:
        events = executor.run(shared)
        prepare()  # while the template imports too, and the other core is idle
        for event in events:
            if isinstance(event, Ended):
                state.outcomes[event.run] = _kept(plan, event.run, event.outcome)
                spent += cost[event.run]
            pace = (time.monotonic() - began) / spent if spent else 1 / plan.options.workers
            outcome = state.outcomes[event.run] if isinstance(event, Ended) else None
            progress(
                Progress(
                    event.run, outcome, len(state.outcomes), len(pending), (whole - spent) * pace
                )
            )
            failures += outcome is not None and outcome.state != "done"
            if failures and failures == plan.options.most_failures:
                state.remarks.append(f"ended after {failures} failed, as told")
                break
    finally:
        executor.close()
        state.remarks += executor.remarks()


def _executor(plan: Plan, engine: Engine | None) -> Executor:
    options = plan.options
    if options.scheduler:
        from helpers.batch.cluster import ClusterExecutor

        return ClusterExecutor(options, plan.private)
    used = engine or warm.chosen(options.engine, dict(plan.environment), options.workers, SUITE)
    return LocalExecutor(used, options, plan.private, keep=engine is not None)


def _kept(plan: Plan, run: Run, outcome: Outcome) -> Outcome:
    """The outcome after its files are kept. A run whose outputs cannot be written has failed."""
    try:
        plan.ledger.keep_log(run.notebook, run.scenario, outcome)
        if outcome.state == "done":
            context = run.job.reports.get(run.scenario, {})
            headings = outcome.headings | {
                name: context[name] for name in ("scenario_title", "story") if context
            }
            plan.ledger.finish(
                run.notebook,
                run.scenario,
                run.key,
                plan.inputs.hash,
                replace(outcome, headings=headings),
                run.source,
                run.definition,
                run.method,
            )
        elif outcome.state != "aborted":
            plan.ledger.keep_failure(run.notebook, run.scenario, outcome)
    except OSError as error:
        message = f"the outputs could not be written: {error.strerror or error}"
        return Outcome(
            "failed",
            f"{outcome.message}; {message}" if outcome.message else message,
            outcome.seconds,
            notes=outcome.notes,
        )
    return outcome
