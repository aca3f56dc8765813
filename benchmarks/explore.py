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
START, COMPARE, COUNT = "Start from", "Compare with", "A month that was counted"
MODELS = ("camry", "highlander", "tundra", "integra_type_s", "passport", "murano")
# Forty moves as a reader makes them: every control, the main ones more often; of names one tick.
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
    ("right_hand_drive_models", ("highlander", "camry")),
    ("right_hand_drive_models", ("camry",)),
    ("models", MODELS[:-1]),
    ("models", MODELS[:-2]),
    ("makers", ("Toyota", "Honda")),
    ("makers", ("Toyota",)),
    (COMPARE, "weak_yen"),
    ("jpy_per_usd", 130.0),
    ("street_width_m", 5.0),
    (COUNT, "600"),
    ("programme_units", 20_000),
    ("jpy_per_usd", 149.5),
    (START, "rhd_offered"),
    ("clearance_mm", 150),
    ("us_duty_percent", 27.5),
    ("makers", ("Toyota", "Nissan")),
    ("unit_value_usd", 55_000.0),
    ("models", (*MODELS[:2], "murano")),
    ("street_width_m", 5.4),
    ("programme_units", 80_000),
    ("makers", ("Toyota", "Honda", "Nissan")),
    ("jpy_per_usd", 200.0),
    ("clearance_mm", 450),
    ("us_duty_percent", 0.0),
    (START, "base"),
    ("models", MODELS[1:]),
    ("street_width_m", 3.5),
    ("jpy_per_usd", 156.66),
)


def move(panel: Panel, name: str, value: Any) -> None:
    """Do with one control what a hand does."""
    if name == START:
        panel.layout.started.value = value
    elif name == COMPARE:
        panel.layout.compared.value = value
    elif name == COUNT:
        panel.counted.month.value, panel.counted.count.value = "2026-10", value
        panel.counted.add.click()
    else:
        panel.controls.move(name, value)


def measured() -> list[tuple[str, float, float]]:
    """Control, wall clock and processor time in milliseconds of each move."""
    panel, times = Panel(Study.of()), []
    for name, value in MOVES:
        clock, cpu = time.perf_counter(), time.process_time()
        move(panel, name, value)
        passed = time.perf_counter() - clock, time.process_time() - cpu
        times.append((name, *(1_000 * seconds for seconds in passed)))
    return times


def report(times: list[tuple[str, float, float]]) -> str:
    """The section of the README."""
    walls, cpus = [wall for _, wall, _ in times], [cpu for *_, cpu in times]
    by_control: dict[str, list[float]] = {}
    for name, wall, _ in times:
        by_control.setdefault(name, []).append(wall)
    lines = [
        "## Explore panel: answer to a control",
        "",
        f"{len(times)} moves in process, each with model, sentence, table and the figures it "
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
            f"| {name} | {len(own)} | {statistics.median(own):.0f} |"
            for name, own in by_control.items()
        ),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    section = report(measured())
    print(section)
    if "--write" in sys.argv[1:]:
        store("explore", section)
