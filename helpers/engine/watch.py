"""Whoever started a run watches it from outside: its time, its memory, what it writes past its
streams.
"""

import os
import time
from pathlib import Path

import psutil

from helpers.engine.journal import Record, read
from helpers.engine.outcome import (
    CELL_OUTPUT_LIMIT,
    PROCESS_LOGS,
    WRITES_TOO_MUCH,
    Limits,
    Passed,
)
from helpers.engine.processes import private_bytes

POLL_S = 0.1
GRACE_S = 2.0
"""Seconds that an interrupted run has to end by itself, and a fork server to answer."""
MOST_CAUGHT = 20 * CELL_OUTPUT_LIMIT  # bytes, of all cells
SHARE_OF_MEMORY = 0.8
CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")


def usual_memory_mb(runs: int = os.cpu_count() or 1) -> float:
    """The memory that each of so many runs at a time may use on this machine."""
    most: float = psutil.virtual_memory().total
    if CONTROL_GROUP.exists() and (own := CONTROL_GROUP.read_text().strip()).isdigit():
        most = min(most, int(own))
    return most * SHARE_OF_MEMORY / runs / 1e6


class Watch:
    """The limits of one run from its start on."""

    def __init__(self, folder: Path, limits: Limits):
        self._folder, self._limits, self._started = folder, limits, time.monotonic()
        self._ask_again = 0.0  # before then no limit of time can be passed
        self._most = (limits.memory_mb or usual_memory_mb()) * 1e6

    def passed(self, process: int) -> Passed | None:
        """The limit that the run of this process has passed now."""
        if (used := private_bytes(process, self._most)) > self._most:
            where = read(self._folder).current or "the run"
            message = f"{where} used {used / 1e6:,.0f} MB; the limit is {self._most / 1e6:,.0f} MB"
            return Passed("out-of-memory", message)
        if sum(map(_size, (self._folder / name for name in PROCESS_LOGS))) > MOST_CAUGHT:
            return Passed("failed", f"{read(self._folder).current}: {WRITES_TOO_MUCH}")
        now = time.monotonic()
        return self._overdue(now, read(self._folder)) if now >= self._ask_again else None

    def _overdue(self, now: float, record: Record) -> Passed | None:
        of_run = self._started + self._limits.run_s - now
        of_cell = (record.since or now) + self._limits.cell_s - now
        self._ask_again = now + min(of_run, of_cell)
        if of_run <= 0:
            where = record.current or "no cell yet"
            what = f"the run took longer than {self._limits.run_s:g} s; it was in {where}"
            return Passed("timeout", what)
        if of_cell <= 0:
            return Passed("timeout", f"{record.current} took longer than {self._limits.cell_s:g} s")
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # not there yet
        return 0
