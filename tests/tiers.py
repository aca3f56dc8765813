"""Which cases of a repeated kind `make test` runs; the others wait for `make test-slow`."""

from collections.abc import Sequence
from typing import Any

import pytest


def representatives(values: Sequence[str], *kept: str) -> list[Any]:
    """The values for `parametrize`, all but the kept ones marked slow. A kept value that is gone is
    an error: `make test` would try none.
    """
    assert set(kept) <= set(values), f"{set(kept) - set(values)} is no longer among the cases"
    return [
        value if value in kept else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]
