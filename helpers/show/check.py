"""Two books that must agree: numbers worked out in a notebook beside those of its study."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.quantities import Quantity
from helpers.show.table import Table

S = TypeVar("S", bound="Stepwise")

RELATIVE_TOLERANCE = 1e-9


class Stepwise(Protocol):
    """A study as far as a check needs it."""

    @property
    def own(self: S) -> S:
        """The same by the suite's own steps."""
        ...

    @property
    def replaced(self) -> tuple[str, ...]:
        """The steps that the reader replaced."""
        ...


def check(study: S, numbers: Mapping[str, tuple[Any, Callable[[S], Any]]]) -> Table:
    """A table of numbers worked out above beside the same numbers of the study and of the suite.

    numbers: what it is → the number shown above, and the function that takes it from a study.
    Raises InputError where they differ while no step is replaced: then the lines above or the
    suite are wrong. With a step replaced by the reader, the table names it and shows both.
    """
    rows = []
    for what, (shown, of) in numbers.items():
        own, suite = of(study), of(study.own)
        unit = shown.unit if isinstance(shown, Quantity) else ""
        values = [_plain(number, unit) for number in (shown, own, suite)]
        equal = np.isclose(values[0], values[1:], rtol=RELATIVE_TOLERANCE).all()
        rows.append((what, unit, *values, bool(equal)))
    frame = pd.DataFrame(
        rows, columns=["Number", "Unit", "Shown above", "Study", "Suite's own steps", "Equal"]
    )
    differing = frame.loc[~frame["Equal"], "Number"]
    if len(differing) and not study.replaced:
        raise InputError(
            Fault(what, "differs between the lines above and the study", _REMEDY)
            for what in differing
        )
    replaced = f"; replaced by the reader: {', '.join(study.replaced)}" if study.replaced else ""
    decimals = dict.fromkeys(("Shown above", "Study", "Suite's own steps"), 2)
    return Table(
        "checks",
        f"Numbers worked out above, and those of the study{replaced}",
        frame,
        decimals=decimals,
    )


_REMEDY = "hand an own method to the study with study.using(...); otherwise one of the two is wrong"


def _plain(number: Any, unit: str) -> float:
    """The number as a float in that unit; of draws the median."""
    value = number.to(unit).value if isinstance(number, Quantity) else number
    return float(np.median(value))
