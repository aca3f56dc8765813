"""The recorded results of the claim audit."""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from helpers import results as declared
from helpers.claims import Audit, Verdict
from helpers.claims.comparison import Contradiction
from helpers.claims.evidence import Evidence
from helpers.claims.labels import amount
from helpers.claims.review import evidence_of
from helpers.claims.sentences import contradicted_sentence, facts_that_count
from helpers.claims.summary import Outcome, missing_origins
from helpers.numbers import day as in_days
from helpers.quantities import Provenance, Quantity, together
from helpers.results import Result
from helpers.show import numbers


def results(audit: Audit, found: list[Contradiction], outcomes: list[Outcome]) -> list[Result]:
    """The results of the audit; none where no verdict rests on a source."""
    total = len(audit.verdicts)
    if not _counted_on(audit).source_ids:
        return []
    by_outlet: dict[str, int] = {}
    for verdict in audit.verdicts:
        contradicted = verdict.headline == "contradicted"
        outlet = verdict.claim.outlet
        by_outlet[outlet] = by_outlet.get(outlet, 0) + contradicted
    shown = sum(one.fails for one in found)
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
    failed = f"In {shown} of {len(found)} noted contradictions at least one side fails."
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
    short = missing_origins(audit)
    used = [id for claim_id in short.claims for id in audit.of(claim_id).then.evidence_ids]
    resting = _resting_on([audit.evidence[id] for id in used], _record_end(audit))
    resting = resting if resting.source_ids else _counted_on(audit)
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
    sentence = f"{count} claims {said}."
    return _number(name, count, "claims", sentence, _counted_on(audit, *labels))


def _counted_on(audit: Audit, *labels: str) -> Provenance:
    """What a count of claims with these labels rests on, else all facts under a verdict."""
    chosen = [one for one in audit.verdicts if not labels or one.headline in labels]
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
