"""Rerun notebooks in bulk: everything checked first, each run in its own process, nothing lost or half-written.

`plan` checks and lays out, `run` executes, `refresh` stores the shipped notebooks with their outputs.
"""

import sys

# nbformat's checker would build a grammar of international web addresses, over a second of work that no notebook needs
_grammar = "rfc3987_syntax"
if _grammar not in sys.modules:
    sys.modules[_grammar] = None  # type: ignore[assignment] # "there is none", which the checker is prepared for
    import nbformat  # noqa: F401

    del sys.modules[_grammar]

from helpers.batch.batch import Progress, Summary, run  # noqa: E402
from helpers.batch.files import FolderInUseError  # noqa: E402
from helpers.batch.ledger import Ledger  # noqa: E402
from helpers.batch.outcome import Limits, Outcome  # noqa: E402
from helpers.batch.planning import Options, Plan, Run, plan, varied  # noqa: E402
from helpers.batch.refresh import Refreshed, refresh  # noqa: E402

__all__ = ["FolderInUseError", "Ledger", "Limits", "Options", "Outcome", "Plan", "Progress", "Refreshed", "Run", "Summary", "plan", "refresh", "run", "varied"]
