"""The brief of a study: its five headlines, and the parts they come from."""

from collections.abc import Hashable
from typing import Any

from helpers.brief.headlines import HeadlineNumbers, headline_numbers
from helpers.claims.part import ClaimsPart
from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.parts import Inputs, Part, worked_out
from helpers.trade.part import TradePart
from helpers.volume.part import VolumePart


class BriefPart(Part):
    """What notebook 00 puts on one page."""

    def __init__(
        self,
        inputs: Inputs,
        trade: TradePart,
        volume: VolumePart,
        fit: FitPart,
        cost: CostPart,
        claims: ClaimsPart,
    ):
        super().__init__(inputs)
        self.trade, self.volume, self.fit, self.cost = trade, volume, fit, cost
        self.claims = claims

    @worked_out
    def headlines(self) -> HeadlineNumbers:
        """The five headline numbers."""
        return headline_numbers(self.trade, self.volume, self.fit, self.cost)

    @worked_out
    def registered(self) -> dict[Hashable, Any]:
        """The row of the ledger of forecasts, both views mixed, that asks what the volume headline
        asks; the oldest where several do.
        """
        forecasts = self.table("forecasts")
        mixed = forecasts[forecasts["view"] == "both"]
        asked = mixed[mixed["threshold_units"] == self.volume.threshold]
        rows = (asked if len(asked) else mixed).sort_values("made_on", kind="stable")
        return dict(rows.iloc[0].items())
