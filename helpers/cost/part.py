"""The cost part of a study: what the cars would cost in Japan, and what the programme could be
worth.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.cost import case as cost_case
from helpers.parts import Inputs, Part, worked_out
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
