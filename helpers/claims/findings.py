"""The recorded results of the claim audit."""

from helpers import results as declared
from helpers.claims import Audit, Verdict
from helpers.claims.comparison import Contradiction
from helpers.claims.labels import amount
from helpers.claims.review import evidence_of
from helpers.claims.sentences import (
    contradicted_sentence,
    contradictions_sentence,
    dates_sentence,
    facts_sentence,
    facts_that_count,
)
from helpers.claims.summary import Outcome, missing_origins, sources_of, weakest_quality
from helpers.quantities import QUALITIES, Provenance, Quantity
from helpers.results import Result
from helpers.show import numbers

Facts = tuple[str, tuple[str, ...]]
"""What a result rests on: the weakest quality of its facts, and their sources."""


def results(audit: Audit, found: list[Contradiction], outcomes: list[Outcome]) -> list[Result]:
    """The results of the audit; none where no verdict rests on a source."""
    total = len(audit.verdicts)
    if not sources_of(audit):
        return []
    by_article: dict[str, int] = {}
    for verdict in audit.verdicts:
        contradicted = verdict.headline == "contradicted"
        article = verdict.claim.article_id
        by_article[article] = by_article.get(article, 0) + contradicted
    listed = ", ".join(f"{article} {count}" for article, count in by_article.items())
    shown = sum(one.outcome in ("shown", "all fail") for one in found)
    flipping = len({claim_id for outcome in outcomes for claim_id in outcome.flips})
    moved = sum(verdict.then.label != verdict.now.label for verdict in audit.verdicts)
    wrong = ("contradicted",)
    quality, sources = failing = _resting_on_labels(audit, wrong)
    flips = (
        f"{flipping} of {total} claims change their label under at least one of "
        f"{len(outcomes)} other settings."
    )
    settled = ("forecast_met", "forecast_partly_met", "forecast_missed")
    return [
        _counted(audit, "claims_contradicted", wrong, f"are contradicted, of {total}"),
        _counted(audit, "claims_supported", ("supported",), f"are supported, of {total}"),
        _counted(
            audit,
            "claims_mostly_supported",
            ("mostly_supported",),
            f"are mostly supported, of {total}",
        ),
        _counted(audit, "forecasts_settled", settled, "are forecasts met, partly met or missed"),
        declared.word(
            "contradicted_by_article",
            listed,
            contradicted_sentence(audit),
            quality=quality,
            source_ids=sources,
        ),
        _number("verdicts_changed_later", moved, "claims", dates_sentence(audit), failing),
        _number(
            "facts_that_count", facts_that_count(audit), "facts", facts_sentence(audit), failing
        ),
        _number(
            "contradictions_shown",
            shown,
            "contradictions",
            contradictions_sentence(found),
            failing,
        ),
        _number("claims_that_flip", flipping, "claims", flips, failing),
    ]


def _number(name: str, value: float, unit: str, sentence: str, facts: Facts) -> Result:
    quality, source_ids = facts
    quantity = Quantity(value, unit, Provenance("", quality, source_ids))
    return declared.result(name, quantity, sentence)


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
    """The numbers under those claims whose rows name a result; a claim without a number is left
    out.
    """
    rows = []
    for verdict in audit.verdicts:
        name = verdict.claim.result
        fact = verdict.now.computed
        if not name or not isinstance(fact, float):
            continue
        facts = _resting_on(audit, verdict)
        if name in _SHARES:
            share = 100 * fact
            said = _SHARES[name].format(numbers.percent(share, 2))
            rows.append(_number(name, share, "%", said, facts))
        else:
            rows += _off(name, verdict, fact, audit, facts)
    return rows


def _off(name: str, verdict: Verdict, fact: float, audit: Audit, facts: Facts) -> list[Result]:
    """How far a stated number is off its fact, and how much tolerance is missing or left."""
    claim = verdict.claim
    off = 100 * (claim.number / fact - 1)
    beyond = abs(off) - audit.inputs.tolerance_percent(claim.tolerance_kind)
    said = (
        f"{amount(claim.number, claim.unit)} stated against {amount(fact, claim.unit)}: "
        f"{numbers.percent(abs(off))} {'too many' if off > 0 else 'too few'}, {_beyond(beyond)}."
    )
    if name.endswith("_beyond_tolerance_percent"):
        return [_number(name, beyond, "points", said, facts)]
    return [
        _number(name, off, "%", said, facts),
        _number("exports_beyond_tolerance_percent", beyond, "points", said, facts),
    ]


def _beyond(points: float) -> str:
    return (
        f"{numbers.plain(abs(points), 1)} points {'beyond' if points > 0 else 'inside'} the "
        "tolerance"
    )


def origin_results(audit: Audit) -> list[Result]:
    """How many independent origins the settings ask for beyond those on record."""
    short = missing_origins(audit)
    rows = [audit.of(claim_id) for claim_id in short.claims]
    facts = [audit.evidence[id] for verdict in rows for id in verdict.then.evidence_ids]
    resting = (
        max((row.quality for row in facts), key=QUALITIES.index, default="derived"),
        tuple(dict.fromkeys(source for row in facts for source in row.source_ids))
        or sources_of(audit),
    )
    plural = (
        f"{short.plural} more independent origins would be needed behind plurals such as analysts."
    )
    refuting = (
        f"{short.refuting} more refuting origins would make contradicted what is refuted and "
        "held in part."
    )
    return [
        _number("plural_origins_missing", short.plural, "origins", plural, resting),
        _number("refuting_origins_missing", short.refuting, "origins", refuting, resting),
    ]


def _counted(audit: Audit, name: str, labels: tuple[str, ...], said: str) -> Result:
    count = sum(verdict.headline in labels for verdict in audit.verdicts)
    facts = _resting_on_labels(audit, labels)
    return _number(name, count, "claims", f"{count} claims {said}.", facts)


def _resting_on_labels(audit: Audit, labels: tuple[str, ...]) -> Facts:
    return weakest_quality(audit, labels), sources_of(audit, labels) or sources_of(audit)


def _resting_on(audit: Audit, verdict: Verdict) -> Facts:
    rows = [audit.evidence[id] for id in evidence_of(verdict)]
    sources = tuple(dict.fromkeys(source for row in rows for source in row.source_ids))
    return max((row.quality for row in rows), key=QUALITIES.index), sources
