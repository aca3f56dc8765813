"""The trade part of a study: flows, who bears the duty, and what the programme changes."""

import pandas as pd

from helpers.parts import Part, worked_out
from helpers.trade import absorption, duty
from helpers.trade import effect as trade_effect
from helpers.trade import flows as trade
from helpers.trade import mirror as trade_mirror
from helpers.trade.incidence import Incidence, IncidenceInputs, incidence


class TradePart(Part):
    """What notebook 01 works out."""

    @worked_out
    def flows(self) -> trade.CarTrade:
        """Both flows of the car trade of the year, and the goods deficit they stand in."""
        return trade.car_trade(
            self.of(trade.TradeInputs),
            self.table("trade_flows"),
            self.table("goods_trade"),
            self.table("claims"),
            self.table("fx_usdjpy_annual"),
            self.table("fx_usdjpy_monthly"),
        )

    @worked_out
    def years(self) -> pd.DataFrame:
        """Shipments and export value of two years, side by side."""
        return trade.year_on_year(
            self.table("trade_flows"),
            self.table("fx_usdjpy_annual"),
            self.table("fx_usdjpy_monthly"),
        )

    @worked_out
    def mirror(self) -> trade_mirror.Mirror:
        """The ladder from Japan's export figure to the US import figure."""
        return trade_mirror.mirror(
            self.of(trade_mirror.MirrorInputs),
            self.table("trade_flows"),
            self.table("fx_usdjpy_annual"),
            self.table("fx_usdjpy_monthly"),
        )

    @worked_out
    def duties(self) -> tuple[duty.Duty, ...]:
        """Duty on the day asked for: cars and light trucks into the US, cars into Japan."""
        directions = (
            ("passenger_car", "US", "Japan"),
            ("light_truck", "US", "Japan"),
            ("passenger_car", "Japan", "US"),
        )
        day = self.parameter("tariff_date")
        return tuple(duty.duty_on(self.table("tariffs"), day, *way) for way in directions)

    @worked_out
    def index(self) -> pd.DataFrame:
        """Absorption of the duty as the export-price index shows it, by month."""
        return absorption.index_absorption(
            self.table("trade_flows"),
            self.table("tariffs"),
            self.parameter("baseline_duty_percent"),
        )

    @worked_out
    def declared(self) -> pd.DataFrame:
        """Absorption of the duty as declared values show it."""
        return absorption.declared_absorption(
            self.table("trade_flows"),
            self.table("tariffs"),
            self.table("fx_usdjpy_annual"),
            self.table("fx_usdjpy_monthly"),
            self.parameter("baseline_duty_percent"),
        )

    @worked_out
    def incidence(self) -> Incidence:
        """Who bears the duty, and what follows for revenue and quantities."""
        return incidence(self.of(IncidenceInputs), self.flows, self.table("trade_flows"))

    @worked_out
    def effect(self) -> trade_effect.Effect:
        """What the programme changes, seen four ways."""
        inputs = self.of(trade_effect.EffectInputs)
        return trade_effect.effect(inputs, self.flows, self.table("trade_flows"))
