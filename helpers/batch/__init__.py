"""Rerun notebooks in bulk: everything checked first, each run in its own process, nothing lost or half-written.

`plan` checks and lays out, `run` executes, `refresh` stores the shipped notebooks with their outputs.
"""

from helpers.batch.batch import Progress, Summary, run
from helpers.batch.fate import Limits, Outcome
from helpers.batch.files import FolderInUseError
from helpers.batch.planning import Options, Plan, Run, plan, varied
from helpers.batch.refresh import Refreshed, refresh

__all__ = ["FolderInUseError", "Limits", "Options", "Outcome", "Plan", "Progress", "Refreshed", "Run", "Summary", "plan", "refresh", "run", "varied"]
