"""The claim audit in sentences. Claims are text from others: they reach a page as text only."""

from helpers.claims import Audit
from helpers.claims.claim import Claim
from helpers.claims.comparison import Contradiction
from helpers.claims.evidence import passes
from helpers.claims.labels import FORECASTS, HELD, OFF, number_in, of_group, say
from helpers.claims.part import ClaimsPart
from helpers.claims.summary import counts
from helpers.numbers import day as in_days
from helpers.show import numbers
from helpers.texts import ADDED, PRINTED, READ, how_stated, short


def answer(claims: ClaimsPart) -> list[str]:
    """The answer in brief."""
    return [
        counts_sentence(claims.audit),
        numbers_sentence(claims.audit),
        forecast_sentence(claims.audit),
        contradictions_sentence(claims.contradictions),
    ]


def counts_sentence(audit: Audit) -> str:
    """How the claims fall. No share: most claims of a text can be its itinerary."""
    found = counts(audit)
    held, off = sum(found[label] for label in HELD), sum(found[label] for label in OFF)
    rest = sum(found[label] for label in of_group("none"))
    return (
        f"Of {numbers.units(len(audit.verdicts), 'claims')} in {_articles(audit)} we find {held} "
        f"supported or mostly supported, {off} mixed, overstated, understated or outdated, "
        f"{found['contradicted']} contradicted and {found['unsupported']} without support. "
        f"Of the others, {sum(found[label] for label in FORECASTS)} are forecasts that time tests, "
        f"and {rest} are opinions, were not found or cannot be checked."
    )


def contradicted_sentence(audit: Audit) -> str:
    """How many claims the facts contradict, and in how many articles they stand."""
    articles = [one.claim.article_id for one in audit.verdicts if one.headline == "contradicted"]
    if not articles:
        return "No claim is contradicted under these settings."
    are = "claim is" if len(articles) == 1 else "claims are"
    return f"{len(articles)} {are} contradicted, in {len(set(articles))} of {_articles(audit)}."


def numbers_sentence(audit: Audit) -> str:
    """The stated numbers that miss their fact, farthest first."""
    missed = []
    for verdict in audit.verdicts:
        fact, claim = verdict.then.computed, verdict.claim
        numeric = claim.rule in ("within", "tariff_total", "tariff_component")
        if not (
            numeric and number_in(claim.value) is not None and isinstance(fact, float) and fact
        ):
            continue
        if verdict.headline in ("contradicted", "overstated", "understated"):
            off = abs(claim.number / fact - 1)
            missed.append((off, f"{_stated(claim)}, where the fact is {_amount(fact, claim.unit)}"))
    if not missed:
        return "No stated number misses its fact under these settings."
    listed = "; ".join(words for _, words in sorted(missed, reverse=True))
    if len(missed) == 1:
        return f"One stated number misses its fact: {listed}."
    return f"{numbers.spelled(len(missed)).capitalize()} stated numbers miss their facts: {listed}."


def _amount(number: float, unit: str) -> str:
    if unit == "percent":
        return numbers.percent(number, 0 if number % 1 == 0 else 1)
    return f"{say(number)} {unit}"


def _stated(claim: Claim) -> str:
    """How a claim comes by its number, which an article need not print."""
    amount = _amount(claim.number, claim.unit)
    text = f"“{short(claim.text, 80)}” ({claim.outlet})"
    added = "rates" if claim.rule.startswith("tariff") else "numbers"
    ways = {
        PRINTED: f"{text} says {amount}",
        ADDED: f"the {added} of {text} add to {amount}",
        READ: f"{text} is read as {amount}",
    }
    return ways[how_stated(claim.text, claim.number)]


def facts_sentence(audit: Audit) -> str:
    """How many facts are on record and count, and how many claims lose one to the settings."""
    lost = sum(verdict.lost > 0 for verdict in audit.verdicts)
    losing = (
        f", and {numbers.units(lost, 'claims')} lose a fact that is linked to them"
        if lost > 1
        else ", and one claim loses a fact"
        if lost
        else ""
    )
    return (
        f"{numbers.units(len(audit.evidence), 'facts')} are on record; {facts_that_count(audit)} "
        f"count under these settings{losing}."
    )


def facts_that_count(audit: Audit) -> int:
    """How many facts pass the reader's filters."""
    return sum(passes(row, audit.inputs) for row in audit.evidence.values())


def dates_sentence(audit: Audit) -> str:
    """How many labels differ between publication and the reader's day."""
    moved = [verdict for verdict in audit.verdicts if verdict.then.label != verdict.now.label]
    forecasts = sum(verdict.claim.claim_type == "forecast" for verdict in moved)
    return (
        f"Between publication and {in_days(audit.inputs.as_of)} the verdict changes for "
        f"{numbers.units(len(moved), 'claims')}, {forecasts} of them forecasts."
    )


def contradictions_sentence(found: list[Contradiction]) -> str:
    """How many of the noted contradictions the verdicts show."""
    shown = sum(one.fails for one in found)
    return (
        f"The articles contradict each other or themselves in {len(found)} places; in {shown} of "
        "them at least one side fails."
    )


def forecast_sentence(audit: Audit) -> str:
    """What came of the forecasts."""
    met, partly, pending, missed = (counts(audit)[label] for label in FORECASTS)
    total = met + partly + pending + missed
    return (
        f"By {in_days(audit.inputs.as_of)}, {met} of {total} forecasts are met, {partly} partly "
        f"met and {missed} missed; {pending} are pending."
    )


def forecast_kind_sentence(audit: Audit) -> str:
    """How many claims of the kind forecast carry no forecast's label."""
    labels = [
        verdict.headline for verdict in audit.verdicts if verdict.claim.claim_type == "forecast"
    ]
    later = sum(label in FORECASTS for label in labels)
    rest = len(labels) - later
    said = (
        f"{rest} {'is' if rest == 1 else 'are'} settled by a number or a fact and "
        f"{'has' if rest == 1 else 'have'} its label"
        if rest
        else "none has another"
    )
    return (
        f"Of {numbers.units(len(labels), 'claims')} of the kind forecast {later} carry a "
        f"forecast's label; {said}."
    )


def open_claims_sentence(audit: Audit) -> str:
    """The to-do list: claims on which nothing is on record yet."""
    waiting = [verdict.claim.claim_id for verdict in audit.verdicts if verdict.to_do]
    return (
        f"No evidence yet for {', '.join(waiting)}."
        if waiting
        else "Every claim has evidence on record, or is an opinion or beyond checking."
    )


def _articles(audit: Audit) -> str:
    return numbers.units(len({verdict.claim.article_id for verdict in audit.verdicts}), "articles")
