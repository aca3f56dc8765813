"""A papermill engine that keeps a prepared process warm and forks each run from it; and a plain
one, with a process and a kernel per run, as its reference.

It knows nothing of the notebooks it runs. What a suite of notebooks adds (`perform.Suite`) is a
module whose name is handed in.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(name: str) -> Iterator[None]:
    """While something is imported that can do without a module, which is slow to import: "there is
    none". One that is imported already stays.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


# nbformat's checker would build a grammar of international web addresses, over a second of work
# that no notebook needs
with without("rfc3987_syntax"):
    import nbformat  # noqa: F401
