"""The five headline numbers of a scenario, read from the parts of its study."""

import math
from dataclasses import dataclass

from helpers.cost.break_even import Premium
from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.trade.part import TradePart
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
        sticker_jpy=float(cost.sticker(cost.leading).to("JPY per car").value),
        rival_jpy=float(cost.lead_rival.price.value),
        break_even_percent=_break_even_percent(cost.premium),
    )


def _break_even_percent(premium: Premium) -> float:
    """The break-even without the cap at certainty, so that "never" and "nothing to protect" can be
    told apart.
    """
    if premium.cost.value <= 0:
        return 0.0
    stake = premium.maker.difference
    return float((premium.cost / stake).to("%").value) if stake.value > 0 else math.inf
