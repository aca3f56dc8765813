"""Stored notebooks: executed in place with their outputs, byte-identical when nothing changed."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from helpers import files
from helpers.batch import notebook as notebooks
from helpers.batch.executor import execute
from helpers.batch.interrupts import INTERRUPTED, interruptible
from helpers.batch.options import Options
from helpers.batch.planning import NOTEBOOK_FOLDER
from helpers.batch.privacy import Private, kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine import warm
from helpers.engine.cells import bare, stable_bytes
from helpers.engine.outcome import Engine, Job, Limits
from helpers.errors import Fault, InputError
from helpers.scenarios import NOTEBOOKS

EXPLORE = "explore"
"""Stored with outputs like the others, but never part of a batch: its settings are moved by
hand.
"""


@dataclass(frozen=True)
class Refreshed:
    """What refreshing one notebook came to. changed: its stored bytes differ from a fresh run's.
    where: the first cell that differs, in words. fault: why the run failed, empty otherwise; a
    failed notebook is left as it was.
    """

    notebook: str
    changed: bool
    where: str = ""
    fault: str = ""
    notes: tuple[str, ...] = ()

    def line(self, check: bool) -> str:
        """One line for people."""
        if self.fault:
            return f"{self.notebook}: failed: {self.fault}"
        if not self.changed:
            return f"{self.notebook}: unchanged"
        return f"{self.notebook}: {'differs' if check else 'refreshed'}; first in {self.where}"


def refresh(
    check: bool = False,
    names: Sequence[str] = (*NOTEBOOKS, EXPLORE),
    progress: Callable[[Refreshed], None] = lambda _: None,
    options: Options | None = None,
    folder: Path = NOTEBOOK_FOLDER,
    engine: Engine | None = None,
) -> int:
    """Execute notebooks with their base values and store them with outputs. The literals of a
    parameters cell become the present defaults, some of which follow a series.

    check: store nothing, only say which differ. engine: one that is running already, and is left
    running. Returns the exit code: 0 when nothing failed and, with check, nothing differs; 130 when
    interrupted; 1 otherwise. Raises `InputError` for notebooks that cannot run, before any does.
    """
    options = options or Options()
    paths = [folder / f"{name}.ipynb" for name in names]
    faults: list[Fault] = []
    for path in paths:
        try:
            notebooks.read(path, parametrised=path.stem != EXPLORE, follow=True)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    used = engine or warm.chosen(
        options.engine, kernel_environment(options.keep_environment), options.workers, SUITE
    )
    done = []
    pool = ThreadPoolExecutor(options.workers)
    try:
        with interruptible():
            for refreshed in pool.map(lambda path: _refreshed(path, used, check), paths):
                progress(refreshed)
                done.append(refreshed)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if engine is None:
            used.stop()  # ends what still runs, so that an interrupted refresh need not wait for it
        pool.shutdown()
    return int(any(refreshed.fault or (check and refreshed.changed) for refreshed in done))


def _refreshed(path: Path, engine: Engine, check: bool) -> Refreshed:
    stored = path.read_bytes()
    job = Job(path.stem, bare(notebooks.current(stored.decode("utf-8"))), {}, {})
    outcome = execute(engine, job, Limits(), Private.of_this_machine())
    if outcome.state != "done":
        return Refreshed(path.stem, False, fault=outcome.message)
    fresh = _stamped(outcome.files[".ipynb"])
    if fresh != stored and not check:
        files.write(path, fresh)
    return Refreshed(
        path.stem,
        fresh != stored,
        _difference(stored, fresh) if fresh != stored else "",
        notes=tuple(outcome.notes),
    )


def _stamped(executed: bytes) -> bytes:
    """The executed notebook with the hash of its cells, which tells it from an edited one; with the
    earlier hash where a step is not the suite's.
    """
    import nbformat

    from helpers.reports import by_own_step

    notebook = nbformat.reads(executed.decode("utf-8"), as_version=4)
    if not by_own_step(notebook):
        notebook.metadata[notebooks.STAMP] = notebooks.source_hash(notebook)
    return stable_bytes(notebook)


def _difference(stored: bytes, fresh: bytes) -> str:
    """The first cell whose stored form differs, in words."""
    import nbformat

    old, new = (
        nbformat.reads(content.decode("utf-8"), as_version=4) for content in (stored, fresh)
    )
    for number, (before, after) in enumerate(zip(old.cells, new.cells, strict=False), start=1):
        if before != after:
            return f"cell {number} ({after.get('id', 'no id')})"
    return "the metadata"
