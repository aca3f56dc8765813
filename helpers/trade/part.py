"""The trade part of a study: flows, who bears the duty, and what the programme changes."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.data.picking import find, quantity_of, source_tuple
from helpers.parts import Part, worked_out
from helpers.quantities import Quantities, Quantity, fact
from helpers.trade import absorption, history
from helpers.trade import duty as tariffs
from helpers.trade import effect as effects
from helpers.trade import flows as trade
from helpers.trade import market as markets
from helpers.trade import mirror as mirrors
from helpers.uncertainty import drawn

FX = ("fx_usdjpy_annual", "fx_usdjpy_monthly")
LAST_UNTAXED_YEAR = 2024
"""The last full year whose cars from Japan paid the duty of before April 2025."""
WAYS = (
    ("passenger_car", "US", "Japan"),
    ("light_truck", "US", "Japan"),
    ("passenger_car", "Japan", "US"),
)


class TradePart(Part):
    """What notebook 01 works out."""

    def _tables(self, *names: str) -> dict[str, pd.DataFrame]:
        return {name: self.table(name) for name in names}

    @worked_out
    def flows(self) -> trade.CarTrade:
        """Both flows of the car trade of the year, and the goods deficit they stand in."""
        return trade.car_trade(self._tables(*trade.TABLES), self.of(trade.TradeInputs))

    @worked_out
    def long_run(self) -> pd.DataFrame:
        """Shipments and their value by year, as far as sourced."""
        return history.long_run(self._tables("trade_flows", *FX))

    @worked_out
    def years(self) -> history.TwoYears:
        """Shipments and export value of two years, side by side."""
        return history.year_on_year(self._tables("trade_flows", *FX))

    @worked_out
    def mirror_facts(self) -> Quantities:
        """What both sides publish of the same flow, and the rates and shares between them."""
        return mirrors.mirror_facts(self._tables("trade_flows", *FX))

    @worked_out
    def mirror(self) -> mirrors.Mirror:
        """The ladder from Japan's export figure to the US import figure."""
        margin = self.given("cif_fob_margin_percent").cif_fob_margin_percent
        return mirrors.mirror(self.mirror_facts, margin)

    @worked_out
    def pairs(self) -> pd.DataFrame:
        """Both sides of every year that has both."""
        return mirrors.pairs(self._tables("trade_flows", *FX))

    @worked_out
    def duties(self) -> tuple[tariffs.Duty, ...]:
        """Duty on the day asked for: cars and light trucks into the US, cars into Japan."""
        day = self.parameter("tariff_date")
        return tuple(tariffs.duty_on(self.table("tariffs"), day, *way) for way in WAYS)

    @property
    def duty(self) -> tariffs.Duty:
        """The US duty on a passenger car from Japan on the day asked for."""
        return self.duties[0]

    @property
    def schedule(self) -> pd.DataFrame:
        """The tariff schedule."""
        return self.table("tariffs")

    @worked_out
    def stated(self) -> pd.DataFrame:
        """What each article says a Japanese car pays, beside what it paid."""
        return tariffs.stated_levels(
            self.table("claims"), self.table("articles"), self.table("tariffs")
        )

    @property
    def baseline_duty(self) -> Quantity:
        """The duty before the change."""
        duty: Quantity = self.given("baseline_duty_percent").baseline_duty_percent
        return duty

    def full_cut(self, duty: Quantity) -> Quantity:
        """The change of the export price that keeps the landed price at that duty."""
        factor: Quantity = absorption.full_absorption(self.baseline_duty, duty)
        return (factor - 1).to("%")

    @worked_out
    def export_prices(self) -> Quantities:
        """Change of the export price and mean duty, a row each month."""
        return absorption.export_prices(self.table("trade_flows"), self.table("tariffs"))

    @worked_out
    def declared_values(self) -> Quantities:
        """Change of declared value and units, rates and mean duty, a row each period."""
        return absorption.declared_values(self._tables("trade_flows", "tariffs", *FX))

    @worked_out
    def index(self) -> pd.DataFrame:
        """Absorption of the duty as the export-price index shows it, by month."""
        return absorption.index_absorption(self.export_prices, self.baseline_duty)

    @property
    def index_row(self) -> dict[Hashable, Any]:
        """The export-price index in the month whose level was printed, with its benchmark."""
        return self.index[self.index["month"] == absorption.INDEX_MONTH].to_dict("records")[0]

    @worked_out
    def collected(self) -> Quantities:
        """Duty collected against a schedule, and the mean of ours over the same months."""
        return absorption.collected_duty(self.table("trade_flows"), self.table("tariffs"))

    @worked_out
    def us_share(self) -> Quantity:
        """The part of the cars behind the index that goes to the United States."""
        return absorption.us_share(self.table("trade_flows"))

    @worked_out
    def declared(self) -> pd.DataFrame:
        """Absorption of the duty as declared values show it."""
        return absorption.declared_absorption(self.declared_values, self.baseline_duty)

    @worked_out
    def imports(self) -> Quantity:
        """US imports of cars by origin."""
        return markets.import_values(self.table("trade_flows"))

    @worked_out
    def market(self) -> markets.Market:
        """The US car market, its shares and elasticities drawn from their ranges."""
        given = self.given(*markets.MARKET_PARAMETERS)
        draws = drawn(given, self.table("cost_ranges"))
        return markets.car_market(self.imports, given.but(**draws))

    @worked_out
    def untaxed(self) -> trade.CarTrade:
        """The car trade that a duty is followed from: of a year that had not paid it."""
        inputs = self.of(trade.TradeInputs)
        year = min(inputs.trade_year, LAST_UNTAXED_YEAR)
        return trade.car_trade(self._tables(*trade.TABLES), replace(inputs, trade_year=year))

    def under_duty(self, duty: Quantity) -> markets.Outcome:
        """What a duty on cars from Japan does to a year's flow that paid the duty before."""
        flow, step = self.untaxed, self.step("duty_incidence")
        duties = self.baseline_duty, duty
        return markets.outcome(flow.japan_value, flow.japan_unit_value, self.market, duties, step)

    @worked_out
    def now(self) -> markets.Outcome:
        """What the duty in force does."""
        return self.under_duty(self.given("us_duty_percent").us_duty_percent)

    @worked_out
    def otherwise(self) -> markets.Outcome:
        """What the duty that would apply otherwise does."""
        duty: Quantity = self.given("counterfactual_duty_percent").counterfactual_duty_percent
        return self.under_duty(duty)

    @property
    def saving_static(self) -> Quantity:
        """Duty saved by the lower rate on the unchanged flow."""
        return self.otherwise.revenue_static - self.now.revenue_static

    @property
    def saving(self) -> Quantity:
        """Duty saved by the lower rate with prices and demand responding."""
        return self.otherwise.revenue - self.now.revenue

    @worked_out
    def effect(self) -> effects.Effect:
        """What the programme changes, seen four ways."""
        return self.effect_of(self.given("programme_units").programme_units)

    def effect_of(self, units: Quantity) -> effects.Effect:
        """The same for a number of cars a year, or for draws of it."""
        return effects.effect(
            units,
            self.flows,
            self.given(*effects.EFFECT_PARAMETERS),
            self.step("net_effect"),
        )

    @worked_out
    def goods_months(self) -> Quantities:
        """US exports to Japan and the goods deficit with it by month, and by how much Japan's
        imports of US crude oil grew in the last month that reports it.
        """
        rows = self.table("goods_trade_monthly").sort_values("month").set_index("month")
        sources, period = source_tuple(rows["source_ids"]), f"{rows.index[0]}/{rows.index[-1]}"
        exports, deficit = (
            fact(values, "USD million", period, "official", sources)
            for values in (rows["exports_usd_mn"], -rows["balance_usd_mn"])
        )
        crude = find(self.table("trade_flows"), "crude oil", flow="us_crude_to_jp").iloc[-1]
        return Quantities(exports=exports, deficit=deficit, crude=quantity_of(crude, ""))

    @worked_out
    def closing_grid(self) -> pd.DataFrame:
        """Cars that close the share asked for, by value of a car and Japanese parts."""
        given = self.given(*effects.EFFECT_PARAMETERS)
        return effects.closing_grid(self.flows, given, self.step("net_effect"))
