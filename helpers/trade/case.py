"""The whole answer on the car trade for one scenario: the gap, the mirror, the duty, who pays it,
and what the programme changes.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.inputs import Parameters
from helpers.trade import absorption
from helpers.trade import duty as tariffs
from helpers.trade.effect import Effect, EffectInputs, closing_grid, closing_table, effect
from helpers.trade.flows import CarTrade, TradeInputs, car_trade, year_on_year
from helpers.trade.incidence import Incidence, IncidenceInputs, incidence
from helpers.trade.mirror import Mirror, MirrorInputs, mirror

TABLES = (
    "trade_flows",
    "goods_trade",
    "goods_trade_monthly",
    "tariffs",
    "claims",
    "articles",
    "fx_usdjpy_annual",
    "fx_usdjpy_monthly",
)
# Values of a car and shares of parts of the heat table: round steps through the ranges found and
# assumed.
GRID_VALUES_USD = (30_000.0, 35_000.0, 40_000.0, 45_000.0, 50_000.0, 55_000.0, 60_000.0)
INDEX_MONTH = absorption.INDEX_MONTH
GRID_PARTS_PERCENT = (5.0, 15.0, 25.0, 35.0)


@dataclass(frozen=True)
class DateInputs:
    """The day asked for. The field name is a scenario parameter."""

    tariff_date: str


@dataclass(frozen=True)
class TradeCase:
    """All results for one scenario, with the inputs that sentences need.

    duties: the duty on the day asked for, cars and light trucks into the United States and cars
    into Japan.
    index, declared: measured absorption (`helpers.trade.absorption`). closing, grid:
    `helpers.trade.effect`.
    """

    trade: CarTrade
    years: pd.DataFrame
    mirror: Mirror
    duties: tuple[tariffs.Duty, ...]
    stated: pd.DataFrame
    index: pd.DataFrame
    declared: pd.DataFrame
    incidence_inputs: IncidenceInputs
    incidence: Incidence
    effect: Effect
    closing: pd.DataFrame
    grid: pd.DataFrame

    @property
    def duty(self) -> tariffs.Duty:
        """The US duty on a passenger car from Japan on the day asked for."""
        return self.duties[0]

    @property
    def index_row(self) -> dict[Hashable, Any]:
        """The export-price index in the month whose level was printed, with its benchmark."""
        return self.index[self.index["month"] == INDEX_MONTH].to_dict("records")[0]

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Every source behind the case, each once."""
        frames = (
            cell
            for frame in (self.years, self.index, self.declared)
            for cell in frame["source_ids"]
        )
        groups = (
            *(one.source_ids for one in self.trade.quantities),
            self.mirror.source_ids,
            *(duty.source_ids for duty in self.duties),
            *(cell.split(";") for cell in frames),
            self.incidence.origin_source_ids,
            self.effect.source_ids,
        )
        return tuple(dict.fromkeys(source for group in groups for source in group))


def estimate(tables: Mapping[str, pd.DataFrame], scenario: Parameters) -> TradeCase:
    """The case of a scenario from the tables named in `TABLES`. Raises InputError when one is
    missing or an input is bad.
    """
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise InputError(
            [Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}") for name in missing]
        )
    flows, schedule = tables["trade_flows"], tables["tariffs"]
    fx = tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"]
    trade = car_trade(scenario.of(TradeInputs), flows, tables["goods_trade"], tables["claims"], *fx)
    borne, changed = scenario.of(IncidenceInputs), scenario.of(EffectInputs)
    day = scenario.of(DateInputs).tariff_date
    directions = (
        ("passenger_car", "US", "Japan"),
        ("light_truck", "US", "Japan"),
        ("passenger_car", "Japan", "US"),
    )
    return TradeCase(
        trade=trade,
        years=year_on_year(flows, *fx),
        mirror=mirror(scenario.of(MirrorInputs), flows, *fx),
        duties=tuple(
            tariffs.duty_on(schedule, day, product, importer, exporter)
            for product, importer, exporter in directions
        ),
        stated=tariffs.stated_levels(tables["claims"], tables["articles"], schedule),
        index=absorption.index_absorption(flows, schedule, borne.baseline_duty_percent),
        declared=absorption.declared_absorption(flows, schedule, *fx, borne.baseline_duty_percent),
        incidence_inputs=borne,
        incidence=incidence(borne, trade, flows),
        effect=effect(changed, trade, flows),
        closing=closing_table(changed, trade),
        grid=closing_grid(changed, trade, GRID_VALUES_USD, GRID_PARTS_PERCENT),
    )
