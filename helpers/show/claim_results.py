"""The recorded results of the claim audit."""

from typing import Any

from helpers.models.claims import Audit, Verdict
from helpers.models.claims.comparison import Contradiction
from helpers.models.claims.review import evidence_of
from helpers.models.claims.sensitivity import Outcome
from helpers.models.claims.summary import sources_of, weakest_quality
from helpers.models.claims.verdicts import QUALITIES, deviation_label
from helpers.show import numbers
from helpers.show.claims import contradicted_sentence, contradictions_sentence, dates_sentence, facts_sentence, facts_that_count, word


def results(audit: Audit, found: list[Contradiction], outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """The recorded results of the audit, as keyword arguments of `results.record`."""
    total = len(audit.verdicts)
    rows = [
        _counted(audit, "claims_contradicted", ("contradicted",), f"are contradicted, of {total}"),
        _counted(audit, "claims_supported", ("supported",), f"are supported, of {total}"),
        _counted(audit, "claims_mostly_supported", ("mostly_supported",), f"are mostly supported, of {total}"),
        _counted(audit, "forecasts_settled", ("forecast_met", "forecast_partly_met", "forecast_missed"), "are forecasts met, partly met or missed"),
    ]
    by_article: dict[str, int] = {}
    for verdict in audit.verdicts:
        by_article[verdict.claim.article_id] = by_article.get(verdict.claim.article_id, 0) + (verdict.headline == "contradicted")
    said = ", ".join(f"{article} {count}" for article, count in by_article.items())
    shown = sum(one.outcome in ("shown", "all fail") for one in found)
    flipping = len({flip.claim_id for outcome in outcomes for flip in outcome.flips})
    moved = sum(verdict.then.label != verdict.now.label for verdict in audit.verdicts)
    wrong = ("contradicted",)
    failing = {"quality": weakest_quality(audit, wrong), "source_ids": sources_of(audit, wrong) or sources_of(audit)}
    rows += [
        {"name": "contradicted_by_article", "value": said, "unit": "claims", "sentence": contradicted_sentence(audit), **failing},
        {"name": "verdicts_changed_later", "value": moved, "unit": "claims", "sentence": dates_sentence(audit), **failing},
        {"name": "facts_that_count", "value": facts_that_count(audit), "unit": "facts", "sentence": facts_sentence(audit), **failing},
        {"name": "contradictions_shown", "value": shown, "unit": "contradictions", "sentence": contradictions_sentence(found), **failing},
        {
            "name": "claims_that_flip", "value": flipping, "unit": "claims",
            "sentence": f"{flipping} of {total} claims change their label under at least one of {len(outcomes)} other settings.", **failing,
        },
    ]  # fmt: skip
    return [row for row in rows if row["source_ids"]]


# Numbers that verdicts rest on and that a reader may want by themselves: result, claim, factor, unit, sentence.
_NUMBERS = (
    ("audit_share_of_flow_percent", "A2-24", 100, "%", "The cars of the programme are {} of the vehicles traded between both countries in a year."),
    ("audit_share_of_deficit_percent", "A2-26", 100, "%", "The cars of the programme are worth {} of the yearly US goods deficit with Japan."),
)


def number_results(audit: Audit) -> list[dict[str, Any]]:
    """Recorded numbers under single verdicts; a claim that is not in the tables, or has no number, is left out."""
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    rows = []
    for name, claim_id, factor, unit, sentence in _NUMBERS:
        if claim_id in verdicts and isinstance(computed := verdicts[claim_id].now.computed, float):
            said = sentence.format(numbers.percent(factor * computed, 2))
            rows.append({"name": name, "value": factor * computed, "unit": unit, "sentence": said, **_resting_on(audit, verdicts[claim_id])})
    one = verdicts.get("A1-06")
    if one and isinstance(one.then.computed, float):
        off = 100 * (one.claim.number / one.then.computed - 1)
        nearly, words = deviation_label(one.claim.number, one.then.computed, "hedged", audit.inputs)
        stated = f"{numbers.plain(one.claim.number)} vehicles stated against {numbers.plain(one.then.computed)}"
        below = f"{stated}: {numbers.percent(off)} too many."
        rows.append({"name": "exports_overstated_percent", "value": off, "unit": "%", "sentence": below, **_resting_on(audit, one)})
        sentence = f"Read as 'nearly', the number would be {word(nearly)}: {words}."
        rows.append({"name": "exports_if_nearly", "value": word(nearly), "unit": "", "sentence": sentence, **_resting_on(audit, one)})
    return rows


def _counted(audit: Audit, name: str, labels: tuple[str, ...], said: str) -> dict[str, Any]:
    count = sum(verdict.headline in labels for verdict in audit.verdicts)
    sources = sources_of(audit, labels) or sources_of(audit)
    quality = weakest_quality(audit, labels)
    return {"name": name, "value": count, "unit": "claims", "quality": quality, "source_ids": sources, "sentence": f"{count} claims {said}."}


def _resting_on(audit: Audit, verdict: Verdict) -> dict[str, Any]:
    rows = [audit.evidence[id] for id in evidence_of(verdict)]
    sources = tuple(dict.fromkeys(source for row in rows for source in row.source_ids))
    return {"quality": max((row.quality for row in rows), key=QUALITIES.index), "source_ids": sources}
