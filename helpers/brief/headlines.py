"""The brief: the answers of all notebooks for one scenario, and whether each headline still holds
in the others.

Everything is computed by the composites that the notebooks call; nothing here is worked out a
second time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import claims
from helpers.cost import case as cost_case
from helpers.fit.answer import (
    FitAnswer,
    FitProgramme,
    VehicleFit,
    fit_answer,
    fitting,
    programme_verdicts,
    vehicle_fit,
)
from helpers.fit.places import FitInputs
from helpers.fit.sight import SightInputs
from helpers.scenarios import Scenario
from helpers.study import Study
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.volume.part import VolumePart

TABLES = tuple(
    dict.fromkeys(
        (
            *cost_case.TABLES,
            "volume_assumptions",
            "volume_segments",
            "japan_market",
            "precedents",
            "constraints",
            "road_widths",
            *claims.TABLES,
            "forecasts",
        )
    )
)

_BOUNDS = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0)
_LIKELIHOODS = ((100 / 3, "unlikely"), (200 / 3, "about as likely as not"), (math.inf, "likely"))


@dataclass(frozen=True)
class Known:
    """The tables, and what is parsed from them once for all scenarios."""

    tables: Mapping[str, pd.DataFrame]
    study: Study
    claims: claims.Case


@dataclass(frozen=True)
class Numbers:
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


@dataclass(frozen=True)
class Brief:
    """The answers of one scenario, each as its notebook's composite gives it, and the numbers read
    from them.
    """

    known: Known
    trade: CarTrade
    effect: Effect
    volume: VolumePart
    fit: FitAnswer
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

    @property
    def percent(self) -> float:
        """Share of the scenarios in which it is true."""
        return 100 * len(self.holds_in) / (len(self.holds_in) + len(self.fails_in))


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
    fit = fit_answer(
        tables["vehicles"],
        tables["constraints"],
        tables["road_widths"],
        tables["programme_models"],
        scenario.of(FitInputs),
        scenario.of(FitProgramme),
        scenario.of(SightInputs),
    )
    audit = claims.judge_all(known.claims, scenario.of(claims.ClaimInputs))
    return Brief(
        known,
        cost.trade,
        effect,
        found,
        fit,
        cost,
        audit,
        _numbers(effect, found, fit.models, cost),
    )


def across(known: Known, scenarios: Mapping[str, Scenario], base: Scenario) -> dict[str, Numbers]:
    """The headline numbers of every scenario, by its name. What scenarios share is worked out
    once.
    """
    tables = known.tables
    fits: dict[FitInputs, VehicleFit] = {}
    found = {}
    for name, scenario in scenarios.items():
        inputs = scenario.of(FitInputs)
        if inputs not in fits:
            fits[inputs] = vehicle_fit(
                tables["vehicles"], tables["constraints"], tables["road_widths"], inputs
            )
        models = programme_verdicts(
            fits[inputs], tables["programme_models"], scenario.of(FitProgramme).models
        )
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
        probability_percent=100 * volume.probability,
        threshold_units=volume.threshold,
        fitting=fits,
        sized=sized,
        sticker_jpy=cost.leading.sticker_jpy,
        rival_jpy=cost.lead_rival.price_jpy,
        break_even_percent=100 * cost.premium.maker_break_even,
    )


def statements(own: Numbers) -> tuple[Statement, ...]:
    """What the five headlines of these numbers say in words that another scenario can make
    false.
    """
    return (
        Statement("share_of_gap", "below", _bound(own.share_of_gap_percent)),
        Statement("probability", _likelihood(own.probability_percent)),
        Statement("fit", _majority(own)),
        Statement("sticker", _dearness(own)),
        Statement(
            "break_even",
            _worth(own),
            _bound(own.break_even_percent) if own.break_even_percent <= 100 else 0.0,
        ),
    )


def holds(statement: Statement, numbers: Numbers) -> bool:
    """Whether a statement is true of these numbers."""
    if statement.name == "share_of_gap":
        return numbers.share_of_gap_percent < statement.bound or math.isinf(statement.bound)
    if statement.name == "probability":
        return _likelihood(numbers.probability_percent) == statement.word
    if statement.name == "fit":
        return _majority(numbers) == statement.word
    if statement.name == "sticker":
        return _dearness(numbers) == statement.word
    if statement.bound:
        return numbers.break_even_percent < statement.bound
    return _worth(numbers) == statement.word


def robustness(own: Numbers, others: Mapping[str, Numbers]) -> tuple[Held, ...]:
    """For each headline of `own` the scenarios in which it stays true and in which not."""
    found = []
    for statement in statements(own):
        true = tuple(name for name, numbers in others.items() if holds(statement, numbers))
        found.append(Held(statement, true, tuple(name for name in others if name not in true)))
    return tuple(found)


def _bound(percent: float) -> float:
    return next((bound for bound in _BOUNDS if percent < bound), math.inf)


def _likelihood(percent: float) -> str:
    return next(word for limit, word in _LIKELIHOODS if percent < limit)


def _majority(numbers: Numbers) -> str:
    if not numbers.sized:
        return "unknown"
    return "most" if 2 * numbers.fitting > numbers.sized else "half or fewer"


def _dearness(numbers: Numbers) -> str:
    return "dearer" if numbers.sticker_jpy > numbers.rival_jpy else "no dearer"


def _worth(numbers: Numbers) -> str:
    if math.isinf(numbers.break_even_percent):
        return "nothing to protect"
    return "worth it" if numbers.break_even_percent <= 100 else "never"


def same_question(brief: Brief) -> dict[Any, Any]:
    """The row of the ledger of forecasts, both views mixed, that asks what the volume headline
    asks; the oldest where several do.
    """
    forecasts = brief.known.tables["forecasts"]
    rows: list[dict[Any, Any]] = forecasts[forecasts["view"] == "both"].to_dict("records")
    return min(
        rows, key=lambda row: (row["threshold_units"] != brief.volume.threshold, row["made_on"])
    )
