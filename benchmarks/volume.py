"""Speed and memory of the import volume on one core: a million draws of the whole model, and a
sweep without notebooks.

Run: python benchmarks/volume.py [scenarios]
"""

import os

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import resource
import sys
import time

from helpers.batch import points
from helpers.scenarios import Scenario
from helpers.study import Study

DRAWS, SWEEP_DRAWS, ROWS_AT_ONCE = 1_000_000, 1_000, 500


def peak_mb() -> float:
    """Largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed_simulation(scenario: Scenario) -> None:
    """A million draws of all inputs through all models."""
    _ = Study.of(scenario).volume.units
    volume = Study.of(scenario.model_copy(update={"draws": DRAWS})).volume
    _ = volume.count
    before, clock, cpu = peak_mb(), time.perf_counter(), time.process_time()
    total = volume.units.sum(axis=0)
    print(
        f"{DRAWS:,} draws x {len(volume.market.names)} inputs: {time.perf_counter() - clock:.2f} "
        f"s, {time.process_time() - cpu:.2f} s of processor time"
    )
    print(
        f"  peak memory {peak_mb():.0f} MB, {before:.0f} MB before; mean {total.mean():,.1f} cars"
    )


def timed_sweep(scenarios: int) -> None:
    """A grid over exchange rate and drive-side effect, headline numbers only, computed as a sweep
    computes them.
    """
    side = max(1, round(scenarios**0.5))
    values = {
        "jpy_per_usd": [100 + 100 * step / side for step in range(side)],
        "lhd_demand_percent": [20 + 60 * step / side for step in range(side)],
    }
    grid = points.Grid("volume", {"draws": SWEEP_DRAWS}, values)
    clock, cpu = time.perf_counter(), time.process_time()
    for start in range(0, grid.size, ROWS_AT_ONCE):
        done = start + len(points.rows(grid, start, min(start + ROWS_AT_ONCE, grid.size)))
        if done % 10_000 < ROWS_AT_ONCE:
            print(
                f"  {done:,} scenarios, {time.process_time() - cpu:.1f} s of processor time, "
                f"peak memory {peak_mb():.0f} MB",
                flush=True,
            )
    print(
        f"{grid.size:,} scenarios x {SWEEP_DRAWS:,} draws: {time.perf_counter() - clock:.1f} s, "
        f"{time.process_time() - cpu:.1f} s of processor time"
    )


if __name__ == "__main__":
    timed_simulation(Scenario())
    timed_sweep(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
