"""The cost part of a study: what the cars would cost in Japan, and what the programme could be
worth.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.cost import case as cost_case
from helpers.cost.sticker import COSTS, cars_of, sticker
from helpers.parts import Inputs, Part, worked_out
from helpers.quantities import Quantities, Quantity
from helpers.trade.part import TradePart


class CostPart(Part):
    """What notebook 04 works out."""

    def __init__(self, inputs: Inputs, trade: TradePart, base: "CostPart | None" = None):
        super().__init__(inputs)
        self.trade, self.base = trade, base or self

    @worked_out
    def case(self) -> cost_case.CostCase:
        """Walks of the chosen models, what the exchange rate does to each, and the premium."""
        tables: Mapping[str, pd.DataFrame] = {name: self.table(name) for name in cost_case.TABLES}
        return cost_case.estimate(tables, self, self.base)

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
        """The model whose sticker is the headline, chosen or not: the first that the base scenario
        offers with right-hand drive.
        """
        return str(self.base.parameter("right_hand_drive_models")[0])

    @worked_out
    def costs(self) -> Quantities:
        """What the walk assumes."""
        return self.given(*COSTS)

    @worked_out
    def _walk(self) -> dict[str, Quantity]:
        return self.step("price_walk")(self.cars, self.costs)  # type: ignore[no-any-return]

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
        return self.step("price_walk")(cars, self.costs.but(**changes))  # type: ignore[no-any-return]

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
        own = self.given("yen_pass_through_percent")
        rate = self.base.parameter("jpy_per_usd")
        at_set = self.sticker(model, **changes | {"jpy_per_usd": rate})
        moved: Quantity = (self.sticker(model, **changes) / at_set) ** own.yen_pass_through_percent
        asked: Quantity = at_set * moved
        return asked

    @worked_out
    def price_ratio(self) -> Quantity:
        """The asked sticker of each programme model over that of the base scenario."""
        ratio: Quantity = self.asked() / self.base.sticker()
        return ratio


def _row(quantity: Quantity, model: str | None) -> Quantity:
    return quantity[model] if model and isinstance(quantity.value, pd.Series) else quantity
