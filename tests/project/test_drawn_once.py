"""A figure is drawn once for equal inputs, and what is given again has the bytes of a new one."""

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any

import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.brief.part import BriefPart
from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.parts import drawn_once
from helpers.quantities import Quantity
from helpers.scenarios import check_values
from helpers.show import Drawing
from helpers.study import STEPS, Study
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.mirror import Mirror
from helpers.trade.part import TradePart

ARGUMENTS: dict[Any, Callable[[Study], Any]] = {
    BriefPart: lambda study: study.brief,
    CostPart: lambda study: study.cost,
    FitPart: lambda study: study.fit,
    TradePart: lambda study: study.trade,
    CarTrade: lambda study: study.trade.flows,
    Effect: lambda study: study.trade.effect,
    TwoYears: lambda study: study.trade.years,
    Mirror: lambda study: study.trade.mirror,
    pd.DataFrame: lambda study: study.volume.precedents,
    Iterable[float]: lambda study: [120.0, 150.0],
}
"""What a figure takes of a study, by the type of its parameter."""


def figures() -> Iterator[tuple[str, Callable[..., Drawing]]]:
    """The figures that are drawn once, each named by its question and function."""
    for path in sorted((PROJECT_ROOT / "helpers").glob("*/*figures.py")):
        module = importlib.import_module(f"helpers.{path.parent.name}.{path.stem}")
        for name, own in vars(module).items():
            if isinstance(own, FunctionType) and hasattr(own, "__wrapped__"):
                yield f"{path.parent.name}.{name}", own


FIGURES = dict(figures())
MOVED = {
    "fit.pallets": {"models": ["camry"]},
    "fit.corners": {"corner_lane_width_m": 5.0},
    "cost.beside_rivals": {"jpy_per_usd": 171.0},
    "trade.both_flows": {"programme_units": 30_000},
}
"""Of some, values that change them."""


def arguments(study: Study, name: str) -> list[Any]:
    needed = inspect.signature(FIGURES[name]).parameters.values()
    return [ARGUMENTS[own.annotation](study) for own in needed if own.default is own.empty]


def drawn(study: Study, name: str) -> Drawing:
    return FIGURES[name](*arguments(study, name))


def fresh(study: Study, name: str) -> Drawing:
    """The same without what was drawn before."""
    return FIGURES[name].__wrapped__(*arguments(study, name))  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(scope="module")
def base() -> Study:
    study = Study.of()
    for name in FIGURES:
        drawn(study.base, name)
    return study


@pytest.mark.parametrize("name", FIGURES)
def test_a_drawing_given_again_has_the_bytes_of_a_new_one(base: Study, name: str) -> None:
    other = base.under(check_values({"seed": 8, "freight_usd_per_m3": 75.0}, "test"))
    assert drawn(other, name).bundle == fresh(other, name).bundle


@pytest.mark.parametrize("name", MOVED)
def test_what_a_figure_does_not_read_draws_nothing_and_what_it_reads_does(
    base: Study, name: str
) -> None:
    shown = drawn(base.base, name)
    elsewhere = check_values({"seed": 8, "verdict_basis": "today"}, "test")
    assert drawn(base.under(elsewhere), name) is shown
    moved = drawn(base.under(check_values(MOVED[name], "test")), name)
    assert moved.bundle != shown.bundle
    assert drawn(base.base, name) is shown


def test_a_replaced_step_draws_what_rests_on_it_and_nothing_else(base: Study) -> None:
    levied = base.using(
        price_walk=lambda cars, costs: (
            STEPS["price_walk"](cars, costs) | {"levy": Quantity(200_000, "JPY per car")}
        )
    )
    assert drawn(levied, "trade.both_flows") is drawn(base, "trade.both_flows")
    assert drawn(levied, "cost.walks").bundle != drawn(base, "cost.walks").bundle


def test_an_argument_that_changed_in_place_is_drawn_again() -> None:
    @drawn_once
    def bars(frame: pd.DataFrame, heights: list[int]) -> Drawing:
        said = f"Bars of {frame['cars'].sum()} cars in {sum(heights)} rows"
        return Drawing("bars", said, said, said, lambda _: None, said, frame.copy())

    frame, heights = pd.DataFrame({"cars": [1, 2]}), [1]
    first = bars(frame, heights)
    assert bars(frame, heights) is first
    frame.loc[0, "cars"] = 5
    assert bars(frame, heights).title == "Bars of 7 cars in 1 rows"
    heights.append(2)
    assert bars(frame, heights).title == "Bars of 7 cars in 3 rows"
