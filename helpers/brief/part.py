"""The brief of a study: its five headlines, and the parts they come from."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from helpers.claims.part import ClaimsPart
from helpers.cost.break_even import Premium
from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.parts import Inputs, Part, worked_out
from helpers.trade.part import TradePart
from helpers.volume import ledger
from helpers.volume.part import VolumePart


@dataclass(frozen=True)
class HeadlineNumbers:
    """The five headline numbers of a scenario, with what they are set against. Percent are percent,
    money is JPY.

    fitting, sized: models that fit the stall and street, of those with sourced length and width.
    break_even_percent: infinite when there is nothing to protect.
    """

    share_of_gap_percent: float
    probability_percent: float
    threshold_units: int
    fitting: int
    sized: int
    sticker_jpy: float
    rival_jpy: float
    break_even_percent: float

    @property
    def fitting_percent(self) -> float:
        """Models that fit, of those with sourced sizes; 0 where no model has any."""
        return 100 * self.fitting / self.sized if self.sized else 0.0

    @property
    def fitting_text(self) -> str:
        """Models that fit, of those with sourced sizes, in words."""
        return f"{self.fitting} of {self.sized}"


def headline_numbers(
    trade: TradePart, volume: VolumePart, fit: FitPart, cost: CostPart
) -> HeadlineNumbers:
    """The headline numbers of these parts, which belong to one study."""
    fitting, sized = fit.counts
    return HeadlineNumbers(
        share_of_gap_percent=float(trade.effect.share_of_gap.to("%").value),
        probability_percent=100 * volume.probability,
        threshold_units=volume.threshold,
        fitting=fitting,
        sized=sized,
        sticker_jpy=float(cost.estimate(cost.leading).to("JPY per car").value),
        rival_jpy=float(cost.lead_rival.price.value),
        break_even_percent=_break_even_percent(cost.premium),
    )


def _break_even_percent(premium: Premium) -> float:
    """The break-even without the cap at certainty, which "never" and "nothing" share."""
    if premium.maker_cost.value <= 0:
        return 0.0
    if premium.maker.loss.value <= 0:
        return math.inf
    rise = float(premium.break_even.value)
    return rise if rise < 100 else float((premium.maker_cost / premium.maker.loss).to("%").value)


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
        """The newest forecast on record of the cars of a year, both views put together, at the
        threshold of the volume headline where one was made of it.
        """
        scored = ledger.scored(self.table("forecasts"), self.table("questions"))
        mixed = scored[(scored["view"] == "both") & (scored["kind"] == "year")]
        asked = mixed[mixed["threshold_units"] == self.volume.threshold]
        rows = (asked if len(asked) else mixed).sort_values("made_on", kind="stable")
        return dict(rows.iloc[-1].items())
