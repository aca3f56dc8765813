"""The claim audit in sentences and results, which notebook and brief share. Claims are text from
others: they reach a page as text only.
"""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from helpers import results as declared
from helpers.claims import Audit, Verdict
from helpers.claims.claim import Claim
from helpers.claims.comparison import Contradiction
from helpers.claims.evidence import Evidence, passes
from helpers.claims.labels import FORECASTS, HELD, OFF, amount, number_in, of_group
from helpers.claims.part import ClaimsPart
from helpers.claims.review import evidence_of
from helpers.claims.summary import Outcome, counts, missing_origins
from helpers.numbers import day as in_days
from helpers.quantities import Provenance, Quantity, together
from helpers.results import Result
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
    tally = counts(audit)
    held, off = sum(tally[label] for label in HELD), sum(tally[label] for label in OFF)
    rest = sum(tally[label] for label in of_group("none"))
    return (
        f"Of {numbers.units(len(audit.verdicts), 'claims')} in {_articles(audit)} we find {held} "
        f"supported or mostly supported, {off} mixed, overstated, understated or outdated, "
        f"{tally['contradicted']} contradicted and {tally['unsupported']} without support. "
        f"Of the others, {sum(tally[label] for label in FORECASTS)} are forecasts that time tests, "
        f"and {rest} are opinions, were not found or cannot be checked."
    )


def contradicted_sentence(audit: Audit) -> str:
    """How many claims the facts contradict, and in how many articles they stand."""
    articles = [
        verdict.claim.article_id for verdict in audit.verdicts if verdict.headline == "contradicted"
    ]
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
            missed.append((off, f"{_stated(claim)}, where the fact is {amount(fact, claim.unit)}"))
    if not missed:
        return "No stated number misses its fact under these settings."
    listed = "; ".join(words for _, words in sorted(missed, reverse=True))
    if len(missed) == 1:
        return f"One stated number misses its fact: {listed}."
    return f"{numbers.spelled(len(missed)).capitalize()} stated numbers miss their facts: {listed}."


def _stated(claim: Claim) -> str:
    """How a claim comes by its number, which an article need not print."""
    stated = amount(claim.number, claim.unit)
    text = f"“{short(claim.text, 80)}” ({claim.outlet})"
    added = "rates" if claim.rule.startswith("tariff") else "numbers"
    ways = {
        PRINTED: f"{text} says {stated}",
        ADDED: f"the {added} of {text} add to {stated}",
        READ: f"{text} is read as {stated}",
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


def contradictions_sentence(noted: list[Contradiction]) -> str:
    """How many of the noted contradictions the verdicts show."""
    shown = sum(contradiction.fails for contradiction in noted)
    return (
        f"The articles contradict each other or themselves in {len(noted)} places; in {shown} of "
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


def results(audit: Audit, noted: list[Contradiction], outcomes: list[Outcome]) -> list[Result]:
    """The results of the audit; none where no verdict rests on a source."""
    total = len(audit.verdicts)
    if not _counted_on(audit).source_ids:
        return []
    by_outlet: dict[str, int] = {}
    for verdict in audit.verdicts:
        contradicted = verdict.headline == "contradicted"
        outlet = verdict.claim.outlet
        by_outlet[outlet] = by_outlet.get(outlet, 0) + contradicted
    shown = sum(contradiction.fails for contradiction in noted)
    flipping = len({claim_id for outcome in outcomes for claim_id in outcome.flips})
    moved = sum(verdict.then.label != verdict.now.label for verdict in audit.verdicts)
    failing = _counted_on(audit, "contradicted")
    flips = (
        f"{flipping} of {total} claims change their label under at least one of "
        f"{len(outcomes)} other settings."
    )
    changed = f"{moved} verdicts differ between publication and {in_days(audit.inputs.as_of)}."
    counting = facts_that_count(audit)
    known = f"{counting} of {numbers.units(len(audit.evidence), 'facts')} count here."
    failed = f"In {shown} of {len(noted)} noted contradictions at least one side fails."
    settled = ("forecast_met", "forecast_partly_met", "forecast_missed")
    counted = (
        ("claims_contradicted", ("contradicted",), f"are contradicted, of {total}"),
        ("claims_supported", ("supported",), f"are supported, of {total}"),
        ("claims_mostly_supported", ("mostly_supported",), f"are mostly supported, of {total}"),
        ("forecasts_settled", settled, "are forecasts met, partly met or missed"),
    )
    return [
        *(_counted(audit, *entry) for entry in counted),
        declared.word(
            "contradicted_by_article",
            ", ".join(f"{outlet} {count}" for outlet, count in by_outlet.items()),
            contradicted_sentence(audit),
            failing,
        ),
        _number("verdicts_changed_later", moved, "claims", changed, failing),
        _number("facts_that_count", counting, "facts", known, failing),
        _number("contradictions_shown", shown, "contradictions", failed, failing),
        _number("claims_that_flip", flipping, "claims", flips, failing),
    ]


def _number(name: str, value: float, unit: str, sentence: str, rests_on: Provenance) -> Result:
    return declared.result(name, Quantity(value, unit, rests_on), sentence)


# What the number under a claim says, by the result that its row names.
_SHARES = {
    "audit_share_of_flow_percent": (
        "The cars of the programme are {} of the vehicles traded between both countries in a year."
    ),
    "audit_share_of_deficit_percent": (
        "The cars of the programme are worth {} of the yearly US goods deficit with Japan."
    ),
}


def number_results(audit: Audit) -> list[Result]:
    """The numbers under claims whose rows name a result; a claim without one is left out."""
    rows = []
    for verdict in audit.verdicts:
        name = verdict.claim.result
        fact = verdict.now.computed
        if not name or not isinstance(fact, float):
            continue
        used = [audit.evidence[id] for id in evidence_of(verdict)]
        rests_on = _resting_on(used, min(_known_until(row, audit) for row in used))
        if name in _SHARES:
            share = 100 * fact
            said = _SHARES[name].format(numbers.percent(share, 2))
            rows.append(_number(name, share, "%", said, rests_on))
        else:
            rows += _off(name, verdict, fact, audit, rests_on)
    return rows


def _off(
    name: str, verdict: Verdict, fact: float, audit: Audit, rests_on: Provenance
) -> list[Result]:
    """How far a stated number is off its fact, and how much tolerance is missing or left."""
    claim = verdict.claim
    off = 100 * (claim.number / fact - 1)
    beyond = abs(off) - audit.inputs.tolerance_percent(claim.tolerance_kind)
    said = (
        f"{amount(claim.number, claim.unit)} stated against {amount(fact, claim.unit)}: "
        f"{numbers.percent(abs(off))} {'too many' if off > 0 else 'too few'}."
    )
    side = "beyond" if beyond > 0 else "inside"
    further = (
        f"The {numbers.percent(abs(off))} by which {claim.outlet} is off are "
        f"{numbers.plain(abs(beyond), 1)} points {side} the tolerance."
    )
    if name.endswith("_beyond_tolerance_percent"):
        return [_number(name, beyond, "points", further, rests_on)]
    return [
        _number(name, off, "%", said, rests_on),
        _number("exports_beyond_tolerance_percent", beyond, "points", further, rests_on),
    ]


def origin_results(audit: Audit) -> list[Result]:
    """How many independent origins the settings ask for beyond those on record."""
    lacking = missing_origins(audit)
    used = [id for claim_id in lacking.claims for id in audit.of(claim_id).then.evidence_ids]
    resting = _resting_on([audit.evidence[id] for id in used], _record_end(audit))
    resting = resting if resting.source_ids else _counted_on(audit)
    plural = (
        f"{lacking.plural} more independent origins would be needed behind plurals such as "
        "analysts."
    )
    refuting = (
        f"{lacking.refuting} more refuting origins would make contradicted what is refuted and "
        "held in part."
    )
    return [
        _number("plural_origins_missing", lacking.plural, "origins", plural, resting),
        _number("refuting_origins_missing", lacking.refuting, "origins", refuting, resting),
    ]


def _counted(audit: Audit, name: str, labels: tuple[str, ...], said: str) -> Result:
    count = sum(verdict.headline in labels for verdict in audit.verdicts)
    sentence = f"{count} claims {said}."
    return _number(name, count, "claims", sentence, _counted_on(audit, *labels))


def _counted_on(audit: Audit, *labels: str) -> Provenance:
    """What a count of claims with these labels rests on, else all facts under a verdict."""
    chosen = [verdict for verdict in audit.verdicts if not labels or verdict.headline in labels]
    used = [audit.evidence[id] for verdict in chosen for id in evidence_of(verdict)]
    if labels and not used:
        return _counted_on(audit)
    return _resting_on(used, _record_end(audit))


def _resting_on(rows: Iterable[Evidence], until: datetime.date) -> Provenance:
    return replace(together(rows), known_until=until.isoformat())


def _record_end(audit: Audit) -> datetime.date:
    """The day of the latest source on record by the reader's day: nothing later is known."""
    days = [row.last_word for row in audit.evidence.values()]
    return max((day for day in days if day <= audit.inputs.as_of), default=audit.inputs.as_of)


def _known_until(row: Evidence, audit: Audit) -> datetime.date:
    """The last day of a fact's period, or of its latest source where it has no end."""
    return min(row.span.last, max(row.span.first, row.last_word), audit.inputs.as_of)
