"""The cost part of a study: what the cars would cost in Japan, and what the programme could be
worth.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize.elementwise import find_root
from scipy.special import ndtri

from helpers.cost.break_even import TERMS, Premium, premium, stake
from helpers.cost.keeping import GoodsPlate, KeepingRates, goods_plate, keeping_rates, taxes
from helpers.cost.sticker import COSTS, Rival, cars_of, rivals_of, sticker
from helpers.cost.timeline import Timeline, timeline
from helpers.cost.weak_yen import (
    WEAKER_YEN_PERCENT,
    SignTest,
    asked_sticker,
    landed_cost,
    sign_test,
)
from helpers.data.picking import source_tuple
from helpers.errors import Fault, InputError, refusal
from helpers.parts import Inputs, Part, worked_out
from helpers.periods import last_day
from helpers.quantities import Floats, Quantities, Quantity, fact
from helpers.trade.absorption import TariffCost, tariff_cost
from helpers.trade.part import TradePart
from helpers.uncertainty import drawn, drawn_levels, medians, pert_quantiles

_ENDS = ("low", "mode", "high")
_RATES = (1e-3, 1e5)  # JPY per USD, between which a matching rate is looked for


class CostPart(Part):
    """What notebook 04 works out."""

    def __init__(self, inputs: Inputs, trade: TradePart, base: "CostPart | None" = None):
        super().__init__(inputs)
        self.trade, self.base = trade, base or self

    @worked_out
    def cars(self) -> Quantities:
        """Every model of the programme, whether chosen or not."""
        right = self.parameter("right_hand_drive_models")
        return cars_of(self.table("programme_models"), self.table("vehicles"), right)

    @property
    def models(self) -> tuple[str, ...]:
        """The chosen models."""
        return tuple(self.parameter("models"))

    @property
    def leading(self) -> str:
        """The model of the headline: the first with right-hand drive in the base scenario."""
        return str(self.base.parameter("right_hand_drive_models")[0])

    @worked_out
    def costs(self) -> Quantities:
        """What the walk assumes."""
        return self.given(*COSTS)

    @worked_out
    def _walk(self) -> dict[str, Quantity]:
        return self._walked(self.cars, self.costs)

    @worked_out
    def _sticker(self) -> Quantity:
        return sticker(self._walk)

    def walk(self, model: str | None = None, **changes: Any) -> dict[str, Quantity]:
        """The steps from list price to sticker, JPY per car: of one model or of all programme
        models.

        changes: other costs than the scenario's, by parameter name, as numbers or draws, or
        `right_hand_drive` for all cars.
        """
        if not changes:
            return {name: _row(step, model) for name, step in self._walk.items()}
        cars = self.cars if model is None else self.cars[model]
        if "right_hand_drive" in changes:
            cars = Quantities(**vars(cars) | {"right_hand_drive": changes.pop("right_hand_drive")})
        return self._walked(cars, self.costs.but(**changes))

    def _walked(self, cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
        """What the step gives. Raises InputError for an own one that gives no named quantities."""
        walk = self.step("price_walk")(cars, costs)
        form = 'return a dict such as {"levy": Quantity(200_000, "JPY per car")}'
        if not isinstance(walk, dict):
            raise refusal("price_walk", f"gives {type(walk).__name__} and no dict", form)
        if faults := [
            Fault("price_walk", f"gives {type(amount).__name__} for {name!r} and no Quantity", form)
            for name, amount in walk.items()
            if not isinstance(amount, Quantity)
        ]:
            raise InputError(faults)
        return walk

    def sticker(self, model: str | None = None, **changes: Any) -> Quantity:
        """The price in Japan that covers the cost; see `walk`."""
        if changes:
            return sticker(self.walk(model, **changes))
        return _row(self._sticker, model)

    @worked_out
    def _asked(self) -> Quantity:
        return self._passed_through()

    def asked(self, model: str | None = None, **changes: Any) -> Quantity:
        """The sticker asked of buyers: set at the exchange rate of the base scenario, it takes up
        only a part of what the exchange rate does to the cost. changes: see `walk`.
        """
        if changes:
            return self._passed_through(model, **changes)
        return _row(self._asked, model)

    def _passed_through(self, model: str | None = None, **changes: Any) -> Quantity:
        share = self.given("yen_pass_through_percent").yen_pass_through_percent
        at_set = self.set_sticker(model, **changes)
        return asked_sticker(at_set, self.sticker(model, **changes), share)

    def set_sticker(self, model: str | None = None, **changes: Any) -> Quantity:
        """The sticker that covers the cost at the exchange rate of the base scenario."""
        return self.sticker(model, **changes | {"jpy_per_usd": self.base.costs.jpy_per_usd})

    def asked_estimate(self, model: str) -> Quantity:
        """The median of the asked sticker over the draws of its costs, with the 80 % interval."""
        return self.asked(model, **self.draws).median()

    @worked_out
    def price_ratio(self) -> Quantity:
        """The asked sticker of each programme model over that of the base scenario."""
        ratio: Quantity = self.asked() / self.base.sticker()
        return ratio

    @property
    def over_list(self) -> Quantity:
        """The sticker of each programme model over its US list price."""
        return self.sticker() / (self.cars.list_price * self.costs.jpy_per_usd)  # type: ignore[no-any-return]

    @property
    def maker(self) -> str:
        """The maker of the leading model, whose duty is at stake."""
        return str(self.cars.maker[self.leading])

    @property
    def shown(self) -> tuple[str, ...]:
        """The models to show: the chosen ones, or the leading one when none is chosen."""
        return self.models or (self.leading,)

    @property
    def quoted(self) -> tuple[str, ...]:
        """Those with a sourced list price, for headlines; the leading one for none."""
        prices = self.cars.list_price
        known = (model for model in self.models if prices[model].quality != "unverified")
        return tuple(known) or (self.leading,)

    @worked_out
    def draws(self) -> dict[str, Floats]:
        """Draws of the costs that are assumptions, to be given to `walk`, `sticker` and `asked`."""
        return drawn(self.costs, self.table("cost_ranges"))

    @worked_out
    def _estimates(self) -> dict[str, Quantity]:
        return {
            model: self.sticker(model, **self.draws).median() for model in self.cars.title.index
        }

    def estimate(self, model: str) -> Quantity:
        """The sticker of a model: the median of its draws, with their 80 % interval."""
        return self._estimates[model]

    @worked_out
    def rivals(self) -> tuple[Rival, ...]:
        """Cars on sale in Japan with a price, cheapest first."""
        return rivals_of(self.table("japan_prices"), self.table("vehicles"))

    def rivals_of(self, model: str) -> tuple[Rival, ...]:
        """The cars set against a model."""
        return tuple(rival for rival in self.rivals if model in rival.rival_of)

    @property
    def lead_rival(self) -> Rival:
        """The Japan-built car set against the leading model, newest price, then dearest."""
        built = (car for car in self.rivals_of(self.leading) if car.assembly_country == "Japan")
        return max(built, key=lambda rival: (rival.price.period, rival.price.value))

    @worked_out
    def matching_rate(self) -> Quantity:
        """Exchange rate at which the leading model would cost what its lead rival costs: the median
        over the draws of its costs, with the 80 % interval.

        Raises InputError when its cost in yen alone is more.
        """
        price, draws = self.lead_rival.price, self.draws

        def dearer(rate: Floats, *costs: Floats) -> Floats:
            inputs = dict(zip(draws, costs, strict=True))
            sticker = self.sticker(self.leading, **inputs, jpy_per_usd=rate)
            return np.asarray((sticker - price).value)

        root = find_root(dearer, _RATES, args=tuple(draws.values()))
        if np.median(root.f_bracket[0]) > 0:
            remedy = "lower the costs in yen"
            raise refusal("matching rate", "no exchange rate gives the price", remedy)
        ratio: Quantity = self.sticker(self.leading) / price
        rates = np.nan_to_num(root.x)
        return replace(ratio, value=rates, unit="JPY per USD", interval=None).median()

    @worked_out
    def yen(self) -> Quantities:
        """How price and buyers answer to the exchange rate."""
        return self.given(
            "yen_pass_through_percent", "price_elasticity", "japanese_parts_share_percent"
        )

    @worked_out
    def sign(self) -> SignTest:
        """What a weaker yen does to the leading model: medians with 80 % intervals."""
        rate = self.costs.jpy_per_usd * (1 + Quantity(WEAKER_YEN_PERCENT, "%"))
        car, draws = self.cars[self.leading], self.draws
        return medians(
            sign_test(
                self.sticker(self.leading, **draws),
                self.sticker(self.leading, **draws, jpy_per_usd=rate),
                car.list_price * (1 - self.costs.us_dealer_margin_percent),
                self.costs.but(**draws),
                self.yen.but(price_elasticity=self.elasticities),
            )
        )

    @worked_out
    def elasticities(self) -> Floats:
        """Draws of the demand for one model: notebook 02's range around the scenario's value."""
        rows = self.table("volume_assumptions")
        row = rows[(rows["model"] == "all") & (rows["factor"] == "price_elasticity")].iloc[0]
        elasticity = float(self.yen.price_elasticity.value)
        low, mode, high = sorted(elasticity * float(row[end] / row["mode"]) for end in _ENDS)
        levels = drawn_levels("elasticity", self.table("cost_ranges"))
        return pert_quantiles(low, mode, high, ndtri(levels))

    @worked_out
    def unrecovered(self) -> Quantity:
        """Cost of a programme car that its asked sticker does not bring back, USD per car: the mean
        of the models with a sourced list price.
        """
        return self.unrecovered_at()

    def unrecovered_at(self, **changes: Any) -> Quantity:
        """The same at other costs; see `walk`."""
        gaps: Any = sum(
            self.sticker(model, **changes) - self.asked(model, **changes) for model in self.quoted
        )
        costs = self.costs.but(**changes)
        mean: Quantity = landed_cost(gaps / len(self.quoted), costs) / costs.jpy_per_usd
        return mean

    @worked_out
    def terms(self) -> Quantities:
        """What decides the programme's cost and what it may protect."""
        return self.given(*TERMS)

    @property
    def drawn_terms(self) -> Quantities:
        """The same with draws of what is uncertain in them."""
        return self.terms.but(**drawn(self.terms, self.table("cost_ranges")))

    @property
    def maker_share(self) -> Quantity:
        """The maker's part of the programme's cost: its part of the models that take part."""
        makers = self.parameter("makers")
        taking = [maker for maker in self.cars.maker[list(self.shown)] if maker in makers]
        share = 100 * taking.count(self.maker) / len(taking) if taking else 100.0
        return Quantity(share, "%")

    @worked_out
    def rates(self) -> Quantity:
        """Draws of the exchange rate: the scenario's, moved as the rate has moved within a year."""
        table = self.table("fx_usdjpy_monthly")
        months = table.set_index("period")["jpy_per_usd"]
        moved = (months / months.shift(12)).dropna().to_numpy()
        levels = drawn_levels("exchange rate", self.table("cost_ranges"))
        until, sources = last_day(str(months.index[-1])), source_tuple(table["source_ids"])
        moves = fact(np.quantile(moved, levels), "", "", "derived", sources, until)
        return self.costs.jpy_per_usd * moves  # type: ignore[no-any-return]

    @worked_out
    def premium(self) -> Premium:
        """The programme as an insurance at the scenario's number of cars: medians of draws."""
        return medians(self.premium_of(self.terms.programme_units))

    def premium_of(self, units: Quantity) -> Premium:
        """The same as draws, for another number of cars or draws of it: costs, elasticities,
        exports and the exchange rate are drawn from their ranges.
        """
        terms, flow = self.drawn_terms, self.trade.untaxed.japan_cars
        now, otherwise = self.trade.now, self.trade.otherwise
        stakes = (stake(cars, flow, now, otherwise) for cars in (terms.maker_export_units, flow))
        unrecovered = self.unrecovered_at(jpy_per_usd=self.rates)
        return premium(terms, units, self.maker_share, unrecovered, *stakes)

    @property
    def break_even(self) -> Quantity:
        """Least rise in the chance of keeping the low duty that pays for the programme, %."""
        return self.premium.break_even

    @worked_out
    def tariff_cost(self) -> TariffCost:
        """What the maker itself expects of all tariffs, beside the duty on its cars from Japan."""
        return tariff_cost(
            self.table("trade_flows"),
            self.table("tariffs"),
            self.table("fx_usdjpy_annual"),
            self.table("fx_usdjpy_monthly"),
            self.maker,
            self.terms.maker_export_units,
            self._price_at,
        )

    def _price_at(self, duty: Quantity) -> Quantity:
        """What the exporter of a car gets at a duty, USD per car."""
        outcome = self.trade.under_duty(duty)
        price: Quantity = self.trade.untaxed.japan_unit_value * (1 + outcome.export_price)
        return price.median()

    @worked_out
    def timeline(self) -> Timeline:
        """The cut of the duty and the plan, in time."""
        return timeline(self.table("events"), self.table("tariffs"), self.maker)

    @worked_out
    def keeping_rates(self) -> KeepingRates:
        """Taxes, inspections and tolls of a car in Japan."""
        return keeping_rates(self.table("keeping_costs"))

    @worked_out
    def keeping(self) -> Quantities:
        """Yearly taxes and sizes of the models shown and their rivals; a row a car."""
        against = [car for car in self.rivals if set(car.rival_of) & set(self.shown)]
        names = [*self.cars.title[list(self.shown)], *(car.name for car in against)]
        ids = [*self.cars.vehicle_id[list(self.shown)], *(car.vehicle_id for car in against)]
        rows = self.table("vehicles").set_index("vehicle_id")
        trims = rows.loc[ids].set_index(pd.Index(names, name="car"))
        sizes = {name: trims[name] for name in ("length_mm", "width_mm", "body_style")}
        return Quantities(**sizes, **vars(taxes(self.keeping_rates, trims)))

    @worked_out
    def goods_plate(self) -> GoodsPlate | None:
        """What a goods plate changes for the first pickup of the programme; None without one."""
        pickups = [car for car, body in self.cars.body_style.items() if body == "pickup"]
        if not pickups:
            return None
        vehicle = self.cars.vehicle_id[pickups[0]]
        trim = self.table("vehicles").set_index("vehicle_id").loc[[vehicle]]
        tax = taxes(self.keeping_rates, trim).automobile_tax[vehicle]
        return goods_plate(self.keeping_rates, pickups[0], tax, self.parameter("keeping_years"))


def _row(quantity: Quantity, model: str | None) -> Quantity:
    return quantity[model] if model and isinstance(quantity.value, pd.Series) else quantity
