"""A papermill engine that keeps a prepared process warm and forks each run from it; and a plain
one, with a process and a kernel per run, as its reference.

It knows nothing of the notebooks it runs. What a suite of notebooks adds (`perform.Suite`) is a
module whose name is handed in.
"""

import sys

# nbformat's checker would build a grammar of international web addresses, over a second of work
# that no notebook needs
_grammar = "rfc3987_syntax"
if _grammar not in sys.modules:
    # "there is none", which the checker is prepared for
    sys.modules[_grammar] = None  # type: ignore[assignment]
    import nbformat  # noqa: F401

    del sys.modules[_grammar]
