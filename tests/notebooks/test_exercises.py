"""The exercises at the end of each notebook: they stand under Next, run, and move results."""

import re
from typing import Any

import nbformat
import pytest

from helpers.results import collect
from helpers.scenarios import NOTEBOOKS
from tests.notebooks import cells
from tests.tiers import representatives

Edit = tuple[str, str, str]
# Notebook → for each exercise the cell, what stands in it, and what the reader writes instead.
EXERCISES: dict[str, tuple[Edit, Edit]] = {
    "00_brief": (
        (
            "parameters",
            "top_down_weight_percent: float = 50.0",
            "top_down_weight_percent: float = 0.0",
        ),
        ("parameters", '"tundra", ', ""),
    ),
    "01_trade_imbalance": (
        (
            "parameters",
            "japanese_parts_share_percent: float = 15.0",
            "japanese_parts_share_percent: float = 40.0",
        ),
        ("net-effect", "(1 - new_parts) - backfill_share * japan_value", "(1 - parts_share)"),
    ),
    "02_import_volume": (
        (
            "pooling",
            "(1 - weight) * counted + weight * precedents",
            "np.minimum(counted, precedents)",
        ),
        ("parameters", "more: dict = {}", 'more: dict = {"share_percent.camry": 4.0}'),
    ),
    "03_vehicle_fit": (
        ("parameters", "cars: list = []", 'cars: list = ["jp_nbox"]'),
        (
            "space",
            "car.width_mm + allowances.least_door_room_mm",
            "car.width_mm + 2 * allowances.least_door_room_mm",
        ),
    ),
    "04_landed_cost": (
        (
            "step",
            "    return steps",
            '    return steps | {"levy": Quantity(200_000, "JPY per car")}',
        ),
        ("parameters", "more: dict = {}", 'more: dict = {"japan_duty_percent": 10.0}'),
    ),
    "05_claim_audit": (
        ("parameters", "minimum_origins: int = 1", "minimum_origins: int = 2"),
        ("rule", "claim.args, facts, day)", "claim.args, facts, day.replace(day=1))"),
    ),
}


def stored(name: str) -> Any:
    return nbformat.read(cells.NOTEBOOKS / f"{name}.ipynb", as_version=4)


def source(name: str, cell_id: str) -> str:
    (cell,) = [cell for cell in stored(name).cells if cell.id == cell_id]
    return str(cell.source)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_two_exercises_stand_under_next_with_a_way_back(name: str) -> None:
    last = stored(name).cells[-1].source
    assert last.startswith("## Next")
    assert len(re.findall(r"^- ", last.partition("Two exercises")[2], re.MULTILINE)) == 2
    assert "[Back to the answer](#Answer-in-brief)" in last
    for cell_id, old, new in EXERCISES[name]:
        assert old in source(name, cell_id)
        written = new.strip() or old.strip(' ",')
        assert f"`{written.removeprefix('return ')}`" in last or written in last.lower(), written


@pytest.mark.parametrize("name", representatives(NOTEBOOKS, "02_import_volume"))
def test_a_notebook_runs_with_its_exercises_done_and_moves(name: str) -> None:
    sources: dict[str, str] = {}
    for cell_id, old, new in EXERCISES[name]:
        sources[cell_id] = sources.get(cell_id, source(name, cell_id)).replace(old, new)
    done = cells.run(name[:2], sources)
    assert done.error is None, f"{done.stopped_at}: {done.error}"
    before = {(own.name, own.subject): own.value for own in collect(stored(name))}
    assert {key: own.value for key, own in done.results.items()} != before
