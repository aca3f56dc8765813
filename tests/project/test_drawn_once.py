"""A figure is drawn once for equal inputs, and what is given again has the bytes of a new one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from helpers.brief import figures as brief
from helpers.cost import figures as cost
from helpers.fit import bay_figures, street_figures
from helpers.fit import figures as fit
from helpers.parts import drawn_once
from helpers.quantities import Quantity
from helpers.scenarios import check_values
from helpers.show import Drawing
from helpers.study import STEPS, Study
from helpers.trade import duty_figures
from helpers.trade import figures as trade
from helpers.volume import figures as volume

RATES = [120.0, 150.0]
FIGURES: dict[str, Callable[[Study], tuple[Any, ...]]] = {
    "brief.verdicts": lambda study: (brief.verdicts, study.brief),
    "cost.walks": lambda study: (cost.walks, study.cost),
    "cost.beside_rivals": lambda study: (cost.beside_rivals, study.cost),
    "cost.yen": lambda study: (cost.yen, study.cost, list(RATES)),
    "fit.overlays": lambda study: (bay_figures.overlays, study.fit),
    "fit.stalls": lambda study: (bay_figures.stalls, study.fit),
    "fit.pallets": lambda study: (bay_figures.pallets, study.fit),
    "fit.streets": lambda study: (street_figures.streets, study.fit),
    "fit.corners": lambda study: (street_figures.corners, study.fit),
    "fit.reversing": lambda study: (street_figures.reversing, study.fit),
    "fit.bays": lambda study: (street_figures.bays, study.fit),
    "fit.road_curve": lambda study: (fit.road_curve, study.fit),
    "fit.regions": lambda study: (fit.regions, study.fit),
    "trade.both_flows": lambda study: (trade.both_flows, study.trade.flows, study.trade.effect),
    "trade.price_cut": lambda study: (trade.price_cut, study.trade.years),
    "trade.mirror_ladder": lambda study: (trade.mirror_ladder, study.trade.mirror),
    "trade.closing_curve": lambda study: (
        trade.closing_curve,
        study.trade.effect,
        study.trade.flows,
    ),
    "trade.duty_steps": lambda study: (duty_figures.duty_steps, study.trade),
    "trade.incidence_line": lambda study: (duty_figures.incidence_line, study.trade),
    "volume.dumbbells": lambda study: (volume.dumbbells, study.volume.precedents),
}
"""The figures that are drawn once, each with what it takes of a study."""
MOVED = {
    "fit.pallets": {"models": ["camry"]},
    "fit.corners": {"corner_lane_width_m": 5.0},
    "cost.beside_rivals": {"jpy_per_usd": 171.0},
    "trade.both_flows": {"programme_units": 30_000},
}
"""Of some, values that change them."""


def drawn(study: Study, name: str) -> Drawing:
    figure, *given = FIGURES[name](study)
    return figure(*given)  # type: ignore[no-any-return]


def fresh(study: Study, name: str) -> Drawing:
    """The same without what was drawn before."""
    figure, *given = FIGURES[name](study)
    return figure.__wrapped__(*given)  # type: ignore[no-any-return]


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
