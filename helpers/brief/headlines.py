"""The five headline numbers of a scenario, read from the parts of its study."""

import math
from dataclasses import dataclass

<<<<<<< HEAD
from helpers.cost.break_even import Premium
from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.trade.part import TradePart
=======
import pandas as pd

from helpers import claims
from helpers.cost import case as cost_case
from helpers.fit.part import FitPart
from helpers.fit.places import fitting
from helpers.scenarios import Scenario
from helpers.study import Study
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
>>>>>>> 2993ecc (Fit is worked out by its part of the study: the space a car needs is a step that the reader can change)
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

<<<<<<< HEAD
    @property
    def fitting_percent(self) -> float:
        """Models that fit, of those with sourced sizes; 0 where no model has any."""
        return 100 * self.fitting / self.sized if self.sized else 0.0
=======

@dataclass(frozen=True)
class Brief:
    """The answers of one scenario, each as its notebook's composite gives it, and the numbers read
    from them.
    """

    known: Known
    trade: CarTrade
    effect: Effect
    volume: VolumePart
    fit: FitPart
    cost: cost_case.CostCase
    audit: claims.Audit
    numbers: Numbers


@dataclass(frozen=True)
class Statement:
    """What a headline says in words that can be true or false of any scenario.

    name: the headline, a field of `Numbers` without its unit. word: the class it claims. bound: the
    round number it stays below, 0 for none.
    """

    name: str
    word: str
    bound: float = 0.0


@dataclass(frozen=True)
class Held:
    """A statement and the scenarios, by title, in which it is true and in which not."""

    statement: Statement
    holds_in: tuple[str, ...]
    fails_in: tuple[str, ...]
>>>>>>> 2993ecc (Fit is worked out by its part of the study: the space a car needs is a step that the reader can change)

    @property
    def fitting_text(self) -> str:
        """Models that fit, of those with sourced sizes, in words."""
        return f"{self.fitting} of {self.sized}"


<<<<<<< HEAD
def headline_numbers(
    trade: TradePart, volume: VolumePart, fit: FitPart, cost: CostPart
) -> HeadlineNumbers:
    """The headline numbers of these parts, which belong to one study."""
    fitting, sized = fit.counts
    return HeadlineNumbers(
        share_of_gap_percent=float(trade.effect.share_of_gap.to("%").value),
=======
def prepare(tables: Mapping[str, pd.DataFrame]) -> Known:
    """Read the tables named in `TABLES` once."""
    return Known(tables, Study(tables, Scenario()), claims.read_case(tables))


def estimate(known: Known, scenario: Scenario, base: Scenario) -> Brief:
    """The brief of a scenario. `base` gives prices and exchange rate of the base scenario, as
    notebooks 02 and 04 take them.
    """
    tables = known.tables
    cost = cost_case.estimate(tables, scenario, base)
    effect = known.study.under(scenario).trade.effect
    found = known.study.under(scenario).volume
    fit = known.study.under(scenario).fit
    audit = claims.judge_all(known.claims, scenario.of(claims.ClaimInputs))
    return Brief(
        known,
        cost.trade,
        effect,
        found,
        fit,
        cost,
        audit,
        _numbers(effect, found, fit.verdicts, cost),
    )


def across(known: Known, scenarios: Mapping[str, Scenario], base: Scenario) -> dict[str, Numbers]:
    """The headline numbers of every scenario, by its name. What scenarios share is worked out
    once.
    """
    tables = known.tables
    found = {}
    for name, scenario in scenarios.items():
        models = known.study.under(scenario).fit.verdicts
        cost = cost_case.estimate(tables, scenario, base)
        effect = known.study.under(scenario).trade.effect
        found[name] = _numbers(effect, known.study.under(scenario).volume, models, cost)
    return found


def _numbers(
    effect: Effect,
    volume: VolumePart,
    models: pd.DataFrame,
    cost: cost_case.CostCase,
) -> Numbers:
    fits, sized = fitting(models)
    return Numbers(
        share_of_gap_percent=effect.share_of_gap.value,
>>>>>>> 2993ecc (Fit is worked out by its part of the study: the space a car needs is a step that the reader can change)
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
