"""The headlines of the brief as results: each with its interval, and what stands beside them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from helpers.brief import wording
from helpers.brief.answers import answers
from helpers.brief.part import BriefPart, HeadlineNumbers
from helpers.brief.robustness import Held
from helpers.claims import findings as claims_findings
from helpers.cost import findings as cost_findings
from helpers.cost.part import CostPart
from helpers.fit import findings as fit_findings
from helpers.quantities import Quantity, together
from helpers.results import Result, result
from helpers.show import numbers
from helpers.show.prose import Summary
from helpers.trade import findings as trade_findings
from helpers.trade.part import TradePart
from helpers.volume import findings as volume_findings
from helpers.volume.part import VolumePart

_COUNTED = (
    "claims_contradicted",
    "claims_supported",
    "claims_mostly_supported",
    "facts_that_count",
)


@dataclass(frozen=True)
class Headline:
    """One headline: the result of the notebook it comes from, and how to read and write its number.

    unit: of the axis. of: the number of a scenario on that axis. text: a scenario's number in
    words. interval: the 80 % interval on the same axis, for the share of the gap the range of
    values per car, None where there is none. note: an interval in words, with what it is an
    interval of where that is not the number itself.
    """

    label: str
    unit: str
    notebook: str
    result: Result
    of: Callable[[HeadlineNumbers], float]
    text: Callable[[HeadlineNumbers], str]
    interval: tuple[float, float] | None = None
    note: str = "–"


def headlines(brief: BriefPart) -> tuple[Headline, ...]:
    """The five headlines in their order."""
    return (
        _share_of_gap(brief),
        _probability(brief.volume),
        _fit(brief),
        _sticker(brief.cost),
        _break_even(brief.cost),
    )


def _share_of_gap(brief: BriefPart) -> Headline:
    effect, flows = brief.trade.effect, brief.trade.flows
    share = (effect.gross / flows.gap_value).to("%").interval
    return Headline(
        "Share of the car gap",
        "%",
        "01",
        share_of_gap(brief.trade),
        lambda numbers_of: numbers_of.share_of_gap_percent,
        lambda numbers_of: numbers.percent(numbers_of.share_of_gap_percent),
        share,
        f"{numbers.span(*share, 2)} % (range of values per car)" if share else "–",
    )


def share_of_gap(trade: TradePart) -> Result:
    """The value of the cars against the car gap."""
    return trade_findings.share_of_gap(trade.effect, trade.flows)


def closing_net(trade: TradePart) -> Result:
    """Cars that close the share of the gap asked for, net of Japanese parts and backfill."""
    return trade_findings.closing_net(trade.effect, trade.effect.units_to_close_net)


def _probability(volume: VolumePart) -> Headline:
    low, high = volume.range_percent
    return Headline(
        f"Chance of {numbers.units(volume.threshold, 'cars')} a year",
        "%",
        "02",
        volume_findings.chance(volume.chance, volume.pool),
        lambda numbers_of: numbers_of.probability_percent,
        lambda numbers_of: numbers.probability(numbers_of.probability_percent / 100),
        (low, high),
        f"{numbers.between(numbers.plain(low), numbers.plain(high), '–')} % "
        "(other choices of method)",
    )


def views(volume: VolumePart) -> str:
    """What each of the two views says of the volume asked for."""
    return volume_findings.disagreement(volume.pool)


def _fit(brief: BriefPart) -> Headline:
    return Headline(
        "Models usable without care",
        "%",
        "03",
        models_that_fit(brief),
        lambda numbers_of: numbers_of.fitting_percent,
        lambda numbers_of: numbers_of.fitting_text,
    )


def _sticker(cost: CostPart) -> Headline:
    own = cost_findings.sticker(cost, cost.leading)
    cheap, dear = ((end or 0.0) / 1e6 for end in (own.low, own.high))
    return Headline(
        f"Price of a {cost.cars.title[cost.leading]}",
        "¥ m",
        "04",
        own,
        lambda numbers_of: numbers_of.sticker_jpy / 1e6,
        lambda numbers_of: numbers.jpy(numbers_of.sticker_jpy),
        (cheap, dear),
        f"¥{numbers.span(cheap, dear)} m (80 %)",
    )


def _break_even(cost: CostPart) -> Headline:
    own = cost_findings.break_even(cost)
    spread = None if own.low is None or own.high is None else (own.low, own.high)
    return Headline(
        "Extra certainty needed",
        "points",
        "04",
        own,
        lambda numbers_of: min(numbers_of.break_even_percent, 100.0),
        lambda numbers_of: _points(numbers_of.break_even_percent),
        spread,
        f"{numbers.span(*spread, 2)} points (80 %)" if spread else "–",
    )


def _points(percent: float) -> str:
    if percent >= 100:
        return "more than 100 points"
    return f"{numbers.plain(percent, 1 if percent < 10 else 0)} points"


def over_list(cost: CostPart, ratio: Quantity) -> str:
    """The sticker of the leading model against its list price in the US and a rival in Japan."""
    rival = cost.lead_rival
    against = float(cost.estimate(cost.leading).value / rival.price.value)
    return (
        f"A {cost.cars.title[cost.leading]} would cost {numbers.plain(float(ratio), 2)} times its "
        f"US list price in Japan, and {numbers.plain(against, 2)} times a {rival.name}."
    )


def results(brief: BriefPart) -> tuple[Result, ...]:
    """The headlines as their notebooks record them, and what stands beside them."""
    return (*(headline.result for headline in headlines(brief)), *beside(brief))


def beside(brief: BriefPart) -> tuple[Result, ...]:
    """What stands beside the headlines, as its notebooks record it: cars that close the share asked
    for, the middle volume, a weaker yen, the verdicts.
    """
    audited = claims_findings.results(brief.claims.audit, [], [])
    return (
        closing_net(brief.trade),
        volume_findings.middle(brief.volume.median),
        cost_findings.weak_yen_units(brief.cost),
        *(own for own in audited if own.name in _COUNTED),
    )


def robust(brief: BriefPart, share: Quantity, true: int, cases: int) -> Result:
    """In how many cases, one for each statement and scenario, the headline statements are true. It
    rests on all that the headlines rest on.
    """
    sentence = f"Over all scenarios the headline statements are true in {true} of {cases} cases."
    rests_on = together(headline.result for headline in headlines(brief))
    return result("headlines_hold_percent", replace(share, provenance=rests_on), sentence)


def statement(held: Held, brief: BriefPart) -> str:
    """The statement of a headline in words."""
    own, cost = held.statement, brief.cost
    bound = numbers.plain(own.bound) if own.bound < float("inf") else ""
    if own.name == "share_of_gap":
        return (
            f"The cars are worth less than {bound} % of the gap"
            if bound
            else "The cars are worth more than the gap"
        )
    if own.name == "probability":
        return f"Reaching the volume is {own.word}"
    if own.name == "fit":
        return {
            "most": "Most models are usable without care",
            "half or fewer": "Half of the models are usable without care, or fewer",
        }.get(own.word, "No model has sourced sizes")
    if own.name == "sticker":
        return f"A {cost.cars.title[cost.leading]} is {own.word} than a {cost.lead_rival.name}"
    if own.word == "worth it":
        return (
            f"Fewer than {bound} points of certainty pay for the programme"
            if brief.headlines.break_even_percent < 100
            else "Certainty just pays for the programme"
        )
    return {"never": "Not even certainty pays for the programme"}.get(
        own.word, "There is no duty advantage to protect"
    )


def models_that_fit(brief: BriefPart) -> Result:
    """The count of models usable without care."""
    return fit_findings.models_that_fit(brief.fit)


def japanese(brief: BriefPart) -> Summary:
    """The answers, the five numbers and what is not known, in Japanese."""
    return Summary(
        wording.TITLE,
        {
            wording.ANSWERS_HEAD: answers(brief, "ja"),
            wording.NUMBERS_HEAD: tuple(_headlines(brief)),
            wording.LIMITS_HEAD: tuple(japanese for _, japanese in wording.LIMITS),
        },
        "ja",
    )


def _headlines(brief: BriefPart) -> Iterator[str]:
    own = brief.headlines
    certain = own.break_even_percent < 100
    values = (
        f"{own.share_of_gap_percent:.1f}%",
        wording.japanese_chance(own.probability_percent / 100),
        f"{own.sized}車種中{own.fitting}車種",
        wording.yen(own.sticker_jpy).japanese(own.sticker_jpy),
        f"{own.break_even_percent:.1f}ポイント" if certain else "100ポイント超",
    )
    asked = wording.cars(brief.volume.threshold)
    model = brief.cost.cars.title[brief.cost.leading]
    for label, value in zip(wording.HEADLINES, values, strict=True):
        yield f"{label.format(asked=asked.japanese(asked.value), model=model)}：{value}"
