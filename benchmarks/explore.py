"""How long the explore panel takes to answer a control: model, sentence, table and figures, in
process, without a browser.

Run: python benchmarks/explore.py [--write] With --write the table replaces the section between its
markers in benchmarks/README.md.
"""

import os
import platform
import statistics
import sys
import time
from typing import Any

from report import store

from helpers.explore.panel import Panel
from helpers.study import Study

MEDIAN_MS, SLOWEST_MS = 80, 150
# Forty moves as a reader makes them: every control at least once, the main ones more often.
MOVES: tuple[tuple[str, Any], ...] = (
    ("jpy_per_usd", 160.0),
    ("jpy_per_usd", 175.0),
    ("us_duty_percent", 20.0),
    ("us_duty_percent", 10.0),
    ("programme_units", 30_000),
    ("programme_units", 50_000),
    ("unit_value_usd", 45_000.0),
    ("unit_value_usd", 35_000.0),
    ("street_width_m", 4.4),
    ("street_width_m", 6.0),
    ("clearance_mm", 300),
    ("clearance_mm", 200),
    ("right_hand_drive_models", ("camry", "highlander")),
    ("right_hand_drive_models", ("camry",)),
    ("models", ("camry", "highlander", "tundra", "integra_type_s", "passport")),
    ("makers", ("Toyota", "Nissan")),
    ("jpy_per_usd", 130.0),
    ("street_width_m", 5.0),
    ("programme_units", 20_000),
    ("jpy_per_usd", 149.5),
    ("jpy_per_usd", 148.0),
    ("clearance_mm", 150),
    ("us_duty_percent", 27.5),
    ("right_hand_drive_models", ("camry", "highlander")),
    ("unit_value_usd", 55_000.0),
    ("models", ("camry", "highlander", "tundra")),
    ("street_width_m", 5.4),
    ("street_width_m", 7.5),
    ("programme_units", 80_000),
    ("makers", ("Toyota", "Honda", "Nissan")),
    ("jpy_per_usd", 200.0),
    ("clearance_mm", 0),
    ("clearance_mm", 450),
    ("us_duty_percent", 0.0),
    ("unit_value_usd", 20_000.0),
    ("right_hand_drive_models", ("highlander",)),
    ("models", ("highlander", "tundra", "integra_type_s", "passport")),
    ("programme_units", 5_000),
    ("street_width_m", 3.5),
    ("jpy_per_usd", 156.66),
)


def measured() -> list[tuple[str, str, float, float]]:
    """Control, value, wall clock and processor time in milliseconds of each move."""
    panel = Panel(Study.of())
    found = []
    for name, value in MOVES:
        clock, cpu = time.perf_counter(), time.process_time()
        panel.controls.move(name, value)
        found.append(
            (
                name,
                str(value),
                1_000 * (time.perf_counter() - clock),
                1_000 * (time.process_time() - cpu),
            )
        )
    return found


def report(found: list[tuple[str, str, float, float]]) -> str:
    """The section of the README."""
    walls, cpus = [wall for *_, wall, _ in found], [cpu for *_, cpu in found]
    by_control: dict[str, list[float]] = {}
    for name, _, wall, _ in found:
        by_control.setdefault(name, []).append(wall)
    lines = [
        "## Explore panel: answer to a control",
        "",
        f"{len(found)} moves in process, each with model, sentence, table and the figures it "
        f"touches; goal: a median within {MEDIAN_MS} ms and no move beyond {SLOWEST_MS} ms on two "
        f"cores. {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} while measuring, Python {platform.python_version()}. "
        "`python benchmarks/explore.py --write`",
        "",
        "| | ms |",
        "|---|--:|",
        f"| median, wall clock | {statistics.median(walls):.0f} |",
        f"| median, processor time | {statistics.median(cpus):.0f} |",
        f"| slowest, wall clock | {max(walls):.0f} |",
        f"| slowest, processor time | {max(cpus):.0f} |",
        "",
        "| control | moves | median ms |",
        "|---|--:|--:|",
        *(
            f"| {name} | {len(times)} | {statistics.median(times):.0f} |"
            for name, times in by_control.items()
        ),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    section = report(measured())
    print(section)
    if "--write" in sys.argv[1:]:
        store("explore", section)
