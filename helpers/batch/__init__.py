"""Rerun notebooks in bulk: everything checked first, each run in its own process, nothing lost or
half-written.

`plan` checks and lays out, `run` executes, `refresh` stores the shipped notebooks with their
outputs.
"""

from helpers.batch.batch import Progress, Summary, run, warming
from helpers.batch.ledger import Ledger
from helpers.batch.options import Options
from helpers.batch.planning import Plan, Run, only_failed, plan, varied
from helpers.batch.refresh import Refreshed, refresh
from helpers.engine.folders import FolderInUseError
from helpers.engine.outcome import Limits, Outcome

__all__ = [
    "FolderInUseError",
    "Ledger",
    "Limits",
    "Options",
    "Outcome",
    "Plan",
    "Progress",
    "Refreshed",
    "Run",
    "Summary",
    "only_failed",
    "plan",
    "refresh",
    "run",
    "varied",
    "warming",
]
