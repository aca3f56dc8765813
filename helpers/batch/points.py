"""Points of a grid of scenarios, computed by the models themselves, without notebooks."""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from helpers.errors import InputError
from helpers.scenarios import Scenario, check_values

Row = dict[str, Any]
MOST_KEPT = 16
"""Results of each kind that are remembered between points, so that memory stays the same."""


@dataclass(frozen=True)
class Grid:
    """Every combination of values on top of a scenario, the last name turning fastest.

    numbers: what is computed of each: `brief`, the five headline numbers, or `volume`, the
    headlines of notebook 02.
    changes: what the scenario itself sets. values: name → values.
    """

    numbers: str
    changes: Mapping[str, Any]
    values: Mapping[str, Sequence[Any]]

    @property
    def size(self) -> int:
        """Number of combinations."""
        return math.prod(len(values) for values in self.values.values())

    def point(self, index: int) -> Row:
        """The combination at a place."""
        chosen: Row = {}
        for name in reversed(list(self.values)):
            index, position = divmod(index, len(self.values[name]))
            chosen[name] = self.values[name][position]
        return {name: chosen[name] for name in self.values}


def rows(grid: Grid, start: int, stop: int) -> list[Row]:
    """The points of the grid from `start` up to `stop`: what varies, then the numbers. A number
    that is not finite is None.
    """
    points = [grid.point(index) for index in range(start, stop)]
    scenarios = [check_values({**grid.changes, **point}, "grid") for point in points]
    results = CORES[grid.numbers](scenarios)
    return [
        {**_flat(point), **{name: _finite(value) for name, value in numbers.items()}}
        for point, numbers in zip(points, results, strict=True)
    ]


def computed(grid: Grid, start: int, stop: int) -> dict[str, Any]:
    """The rows, or the fault that a point of the range meets, in words."""
    try:
        return {"rows": rows(grid, start, stop)}
    except (InputError, ValueError, ArithmeticError) as error:
        return {"fault": str(error).split("\n")[0]}


def _flat(point: Mapping[str, Any]) -> Row:
    return {
        name: (", ").join(value) if isinstance(value, list | tuple) else value
        for name, value in point.items()
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _brief(scenarios: Sequence[Scenario]) -> list[Mapping[str, Any]]:
    base = _base()
    return [asdict(base.under(scenario).brief.headlines) for scenario in scenarios]


def _volume(scenarios: Sequence[Scenario]) -> list[Mapping[str, Any]]:
    base = _base()
    return [base.under(scenario).volume.headlines for scenario in scenarios]


@functools.cache
def _base() -> Any:
    """The base study, with a memory that holds what neighbours in a grid share."""
    from helpers.parts import Memory
    from helpers.study import Study, Tables

    return Study(Tables(), Scenario(), memory=Memory(MOST_KEPT))


CORES = {"brief": _brief, "volume": _volume}
