"""Points of a grid or a sample of scenarios, computed by the models themselves, without
notebooks.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import InputError
from helpers.scenarios import Scenario, check_values

Row = dict[str, Any]
MOST_KEPT = 16
"""Results of each kind that are remembered between points, so that memory stays the same."""


GRID, LATIN_HYPERCUBE, SOBOL = "grid", "latin_hypercube", "sobol"
DESIGNS = (GRID, LATIN_HYPERCUBE, SOBOL)


@dataclass(frozen=True)
class Grid:
    """Scenarios on top of one: every combination of values, the last name turning fastest, or a
    sample.

    numbers: what is computed of each: `brief`, the five headline numbers, or `volume`, the
    headlines of notebook 02.
    changes: what the scenario itself sets. values: name → values; in a sample a range may stand for
    them, {"from": , "to": }.
    design: grid, latin_hypercube or sobol. points, seed: of a sample.
    """

    numbers: str
    changes: Mapping[str, Any]
    values: Mapping[str, Any]
    design: str = GRID
    points: int = 0
    seed: int = 0

    @property
    def size(self) -> int:
        """Number of points."""
        if self.design != GRID:
            return self.points
        return math.prod(len(values) for values in self.values.values())

    def point(self, index: int) -> Row:
        """The parameters of a point."""
        if self.design != GRID:
            places = _sample(self.design, self.points, len(self.values), self.seed)[index]
            values = zip(self.values.items(), places, strict=True)
            return {name: _at(entry, float(place)) for (name, entry), place in values}
        chosen: Row = {}
        for name in reversed(list(self.values)):
            index, position = divmod(index, len(self.values[name]))
            chosen[name] = self.values[name][position]
        return {name: chosen[name] for name in self.values}


@functools.lru_cache(2)
def _sample(design: str, points: int, dimensions: int, seed: int) -> Any:
    """Points of the unit cube, an array (points, dimensions)."""
    from scipy.stats import qmc

    if design == SOBOL:
        return qmc.Sobol(dimensions, scramble=True, rng=seed).random(points)
    return qmc.LatinHypercube(dimensions, rng=seed).random(points)


def _at(entry: Any, place: float) -> Any:
    """The value at a place from 0 to 1: of a list one entry, of a range a number, whole where both
    ends are.
    """
    if isinstance(entry, Mapping):
        low, high = entry["from"], entry["to"]
        if type(low) is int and type(high) is int:
            return min(high, low + int(place * (high - low + 1)))
        return low + place * (high - low)
    return entry[min(len(entry) - 1, int(place * len(entry)))]


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
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in point.items()
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _brief(scenarios: Sequence[Scenario]) -> list[Mapping[str, Any]]:
    base = _base()
    return [_headlines(base.under(scenario)) for scenario in scenarios]


def _headlines(study: Any) -> dict[str, Any]:
    """The five headline numbers by the names of their results, a subject after a point."""
    own = study.brief.headlines
    return {
        "programme_share_of_gap_percent": own.share_of_gap_percent,
        "volume_probability_percent": own.probability_percent,
        "models_that_fit": own.fitting,
        f"sticker_jpy.{study.cost.leading}": own.sticker_jpy,
        "break_even_probability_percent": own.break_even_percent,
    }


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
