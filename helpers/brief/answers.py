"""The answers of the brief, one sentence to a question, in English and in Japanese."""

from collections import Counter

from helpers import numbers
from helpers.brief import wording
from helpers.brief.part import BriefPart
from helpers.claims.labels import HELD
from helpers.cost.part import CostPart
from helpers.cost.timeline import Timeline
from helpers.fit.cars import SOURCED
from helpers.fit.findings import metres
from helpers.fit.limits import NO, USABLE, WITH_CARE
from helpers.scenarios import Scenario
from helpers.volume import findings as volume_findings

QUESTIONS = (
    "How many cars?",
    "Is that much?",
    "Do they fit?",
    "What would one cost?",
    "Does it pay?",
    "Did it earn the lower duty?",
    "Which article is wrong?",
)
ANALYST = ", one analyst's estimate,"
Named = tuple[str, wording.Filling]


def answered(brief: BriefPart) -> dict[str, str]:
    """Each of `QUESTIONS` with its answer; without the order of events where it says nothing."""
    *first, claims = answers(brief, "en")
    said = (*first, order(brief.cost.timeline), claims)
    return {question: own for question, own in zip(QUESTIONS, said, strict=True) if own}


def answers(brief: BriefPart, language: str) -> tuple[str, ...]:
    """The same answers in a language, `en` or `ja`, without the order of events."""
    fillings = (_volume(brief), _share(brief), _room(brief), _price(brief.cost))
    named = (*fillings, _insurance(brief.cost), _claims(brief))
    return tuple(wording.said(name, filling, language) for name, filling in named)


def _volume(brief: BriefPart) -> Named:
    volume = brief.volume
    low, high = volume.median.ends
    return "volume", {
        "median": wording.cars(volume.median.value),
        "low": wording.cars(numbers.significant(low, 2)),
        "high": wording.cars(numbers.significant(high, 2)),
        "asked": wording.cars(volume.threshold),
        "likelihood": volume_findings.likelihood(volume.probability),
        "chance": wording.chance(volume.probability),
        "counted": wording.part_of_chance(volume.pool.inside.at_least(volume.threshold)),
        "precedents": wording.part_of_chance(volume.pool.outside.at_least(volume.threshold)),
    }


def _share(brief: BriefPart) -> Named:
    units = brief.parameter("programme_units")
    return "share", {
        "cars": wording.cars(units),
        "origin": ANALYST if units == Scenario().programme_units else "",
        "share": numbers.percent(brief.headlines.share_of_gap_percent),
        "year": str(brief.trade.flows.year),
    }


def _room(brief: BriefPart) -> Named:
    models, sizes = brief.fit.models, brief.fit.sizes
    count = models.loc[models["basis"] == SOURCED, "verdict"].value_counts()
    usable, careful, no = (int(count.get(verdict, 0)) for verdict in (USABLE, WITH_CARE, NO))
    filling = {
        "sized": str(count.sum()),
        "careful": str(careful),
        "no": str(no),
        "length": metres(sizes.stall_length_mm),
        "width": metres(sizes.stall_width_mm),
        "street": f"{sizes.street_width_m:g}",
    }
    return ("fit", filling | {"usable": str(usable)}) if usable else ("fit_none", filling)


def _price(cost: CostPart) -> Named:
    price, rival = float(cost.estimate(cost.leading).value), cost.lead_rival
    return "price", {
        "model": cost.cars.title[cost.leading],
        "price": wording.yen(price),
        "ratio": numbers.plain(price / rival.price.value, 2),
        "rival": rival.name,
        "rate": numbers.plain(cost.parameter("jpy_per_usd"), 2),
    }


def _insurance(cost: CostPart) -> Named:
    premium = cost.premium
    filling: wording.Filling = {
        "maker": cost.maker,
        "cost": wording.dollars(premium.maker_cost.to("USD").value),
        "points": numbers.plain(premium.break_even.value, 1),
    }
    if premium.maker.loss.value <= 0:
        return "nothing_to_protect", filling
    return ("never_pays" if premium.break_even.value >= 100 else "pays"), filling


def _claims(brief: BriefPart) -> Named:
    verdicts = brief.claims.audit.verdicts
    wrong = Counter(own.claim.outlet for own in verdicts if own.headline == "contradicted")
    filling = {
        "claims": str(len(verdicts)),
        "articles": str(len({own.claim.article_id for own in verdicts})),
        "held": str(sum(own.headline in HELD for own in verdicts)),
    }
    if not wrong:
        return "claims_hold", filling
    outlet, most = wrong.most_common(1)[0]
    worst = {"most": str(most), "outlet": outlet}
    return "claims", filling | worst | {"contradicted": str(wrong.total())}


def order(events: Timeline) -> str:
    """What the order of events says of the plan as cause of the cut; nothing for an early plan."""
    if events.plan_came_first:
        return ""
    if events.first_named_on > events.agreed_on:
        return "The plan was confirmed after the cut, so it cannot have earned it."
    return (
        "The plan became a stated aim only after the cut; whether the idea, public before it, "
        "helped is unknown."
    )
