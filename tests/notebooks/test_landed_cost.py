"""Notebook 04 as a reader changes it: a step of the walk moves everything after it, and its checks
notice a wrong step of the suite.
"""

import ast
from pathlib import Path

import nbformat
import pytest

from helpers import PROJECT_ROOT, study
from helpers.cost import sticker
from helpers.parts import Steps
from helpers.quantities import Quantities, Quantity
from tests.notebooks.cells import Run, run

LEVY = '    steps["levy"] = Quantity(200_000, "JPY per car")\n    return steps'


def cell(name: str) -> str:
    notebook = nbformat.read(PROJECT_ROOT / "notebooks" / "04_landed_cost.ipynb", 4)
    return str(next(own.source for own in notebook.cells if own.id == name))


@pytest.fixture(scope="module")
def plain() -> Run:
    return run("04")


@pytest.fixture(scope="module")
def levied() -> Run:
    source = cell("step")
    assert source.endswith("    return steps")
    return run("04", {"step": source.removesuffix("    return steps") + LEVY})


def test_the_function_of_the_notebook_is_the_one_of_the_suite() -> None:
    module = ast.parse(Path(sticker.__file__).read_text(encoding="utf-8"))
    own = next(node for node in module.body if getattr(node, "name", "") == "price_walk")
    assert ast.dump(ast.parse(cell("step")).body[0]) == ast.dump(own)


def test_a_levy_in_the_walk_moves_figure_table_finding_and_result_together(
    plain: Run, levied: Run
) -> None:
    assert plain.error is None
    assert levied.error is None
    lead = plain.names["lead"]
    for key in (("sticker_jpy", lead), ("lowest_sticker_jpy", ""), ("asked_sticker_jpy", "")):
        more = float(levied.results[key].value) - float(plain.results[key].value)
        assert more == pytest.approx(200_000)
    assert "levy" in levied.figures["price_walks"]["csv"]
    assert "levy" not in plain.figures["price_walks"]["csv"]
    for name in ("price_walks", "beside_rivals", "yen"):
        assert levied.figures[name]["alt"] != plain.figures[name]["alt"]
    for name in ("stickers", "weaker_yen", "yen_verdict"):
        assert levied.tables[name]["csv"] != plain.tables[name]["csv"]
    for name in ("interval-read", "matching-read", "weaker-read"):
        assert levied.text(name) != plain.text(name)


def test_the_answer_stands_once_more_where_a_step_is_the_readers(plain: Run, levied: Run) -> None:
    assert plain.outputs["own-answer"] == []
    assert levied.text("brief") == plain.text("brief")
    again = levied.text("own-answer")
    assert again.startswith("Your answer, by a price_walk of your own:")
    sticker = levied.results["sticker_jpy", levied.names["lead"]].sentence
    assert sticker in again
    assert sticker not in levied.text("brief")


def test_checks_name_the_replaced_step_and_show_both_numbers(levied: Run) -> None:
    checks = levied.tables["checks"]
    assert "replaced by the reader: price_walk" in checks["caption"]
    assert "False" in checks["csv"]


def test_a_parameter_set_in_more_reaches_the_walk(plain: Run) -> None:
    changed = run("04", more={"japan_duty_percent": 10.0})
    assert changed.error is None
    assert changed.text("ratio-read") != plain.text("ratio-read")


def test_a_wrong_step_of_the_suite_fails_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
        return {"all": 1.01 * cars.list_price * costs.jpy_per_usd}

    monkeypatch.setattr(study, "STEPS", Steps(dict(study.STEPS) | {"price_walk": wrong}))
    done = run("04")
    assert done.stopped_at == "checks"
    assert "differs between the lines above and the study" in str(done.error)
