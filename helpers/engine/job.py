"""What is asked of an engine, and what it tells."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

JOB = "job.json"
CELL_OUTPUT_LIMIT = 2_000_000
"""Characters that a cell may write."""


@dataclass(frozen=True)
class Job:
    """What a run needs, in plain values that travel between processes and machines.

    source: the notebook as JSON. parameters: what papermill injects. reports: name → what the suite
    needs to make this report of the executed notebook. It carries nothing private: the cells can
    read it.
    directory: where the cells run; empty for an empty folder of the run's own.
    """

    name: str
    source: str
    parameters: Mapping[str, Any]
    reports: Mapping[str, Mapping[str, Any]]
    directory: str = ""

    def to_json(self) -> str:
        """The job as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """The job that `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Limits:
    """Wall-clock limits in seconds."""

    run_s: float = 900.0
    cell_s: float = 300.0


@dataclass(frozen=True)
class ProcessEnd:
    """How a run's process ended. status: exit code, or minus the signal; None when unknown.
    overdue: the limit that was passed, in words. stopped: whether the whole batch was stopped.
    """

    status: int | None
    overdue: str = ""
    stopped: bool = False


class Engine(Protocol):
    """Executes one job in a process and waits for its fate. Used from several threads at once.

    refusals: why something went a slower way than meant, in words.
    """

    refusals: list[str]

    def execute(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd:
        """Run the job in `folder`."""
        ...

    def stop(self) -> None:
        """End every run at once; those under way end as stopped."""
        ...
