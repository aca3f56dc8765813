"""The recorded results of the claim audit."""

from typing import Any

from helpers.claims import Audit, Verdict
from helpers.claims.comparison import Contradiction
from helpers.claims.review import evidence_of
from helpers.claims.sensitivity import Outcome
from helpers.claims.sentences import (
    contradicted_sentence,
    contradictions_sentence,
    dates_sentence,
    facts_sentence,
    facts_that_count,
    word,
)
from helpers.claims.summary import missing_origins, sources_of, weakest_quality
from helpers.claims.verdicts import deviation_label, say
from helpers.quantities import QUALITIES
from helpers.show import numbers


def results(
    audit: Audit, found: list[Contradiction], outcomes: list[Outcome]
) -> list[dict[str, Any]]:
    """The recorded results of the audit, as keyword arguments of `results.record`."""
    total = len(audit.verdicts)
    rows = [
        _counted(audit, "claims_contradicted", ("contradicted",), f"are contradicted, of {total}"),
        _counted(audit, "claims_supported", ("supported",), f"are supported, of {total}"),
        _counted(
            audit,
            "claims_mostly_supported",
            ("mostly_supported",),
            f"are mostly supported, of {total}",
        ),
        _counted(
            audit,
            "forecasts_settled",
            ("forecast_met", "forecast_partly_met", "forecast_missed"),
            "are forecasts met, partly met or missed",
        ),
    ]
    by_article: dict[str, int] = {}
    for verdict in audit.verdicts:
        by_article[verdict.claim.article_id] = by_article.get(verdict.claim.article_id, 0) + (
            verdict.headline == "contradicted"
        )
    said = ", ".join(f"{article} {count}" for article, count in by_article.items())
    shown = sum(one.outcome in ("shown", "all fail") for one in found)
    flipping = len({claim_id for outcome in outcomes for claim_id in outcome.flips})
    moved = sum(verdict.then.label != verdict.now.label for verdict in audit.verdicts)
    wrong = ("contradicted",)
    failing = {
        "quality": weakest_quality(audit, wrong),
        "source_ids": sources_of(audit, wrong) or sources_of(audit),
    }
    rows += [
        {
            "name": "contradicted_by_article",
            "value": said,
            "unit": "claims",
            "sentence": contradicted_sentence(audit),
            **failing,
        },
        {
            "name": "verdicts_changed_later",
            "value": moved,
            "unit": "claims",
            "sentence": dates_sentence(audit),
            **failing,
        },
        {
            "name": "facts_that_count",
            "value": facts_that_count(audit),
            "unit": "facts",
            "sentence": facts_sentence(audit),
            **failing,
        },
        {
            "name": "contradictions_shown",
            "value": shown,
            "unit": "contradictions",
            "sentence": contradictions_sentence(found),
            **failing,
        },
        {
            "name": "claims_that_flip",
            "value": flipping,
            "unit": "claims",
            "sentence": (
                f"{flipping} of {total} claims change their label under at least one of "
                f"{len(outcomes)} other settings."
            ),
            **failing,
        },
    ]
    return [row for row in rows if row["source_ids"]]


# Numbers that verdicts rest on and that a reader may want by themselves: result, claim, factor,
# unit, sentence.
_NUMBERS = (
    (
        "audit_share_of_flow_percent",
        "A2-24",
        100,
        "%",
        "The cars of the programme are {} of the vehicles traded between both countries in a year.",
    ),
    (
        "audit_share_of_deficit_percent",
        "A2-26",
        100,
        "%",
        "The cars of the programme are worth {} of the yearly US goods deficit with Japan.",
    ),
)


def number_results(audit: Audit) -> list[dict[str, Any]]:
    """Recorded numbers under single verdicts; a claim that is not in the tables, or has no number,
    is left out.
    """
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    rows = []
    for name, claim_id, factor, unit, sentence in _NUMBERS:
        if claim_id in verdicts and isinstance(computed := verdicts[claim_id].now.computed, float):
            said = sentence.format(numbers.percent(factor * computed, 2))
            rows.append(
                {
                    "name": name,
                    "value": factor * computed,
                    "unit": unit,
                    "sentence": said,
                    **_resting_on(audit, verdicts[claim_id]),
                }
            )
    rows += _exports(audit, verdicts.get("A1-06"), verdicts.get("A1-07"))
    return rows


def _exports(audit: Audit, units: Verdict | None, value: Verdict | None) -> list[dict[str, Any]]:
    """How far the stated exports to the US are off, in number and value, and how much tolerance is
    missing or left.
    """
    rows: list[dict[str, Any]] = []
    if units and isinstance(units.then.computed, float):
        off = 100 * (units.claim.number / units.then.computed - 1)
        nearly, words = deviation_label(
            units.claim.number, units.then.computed, "hedged", audit.inputs
        )
        resting = _resting_on(audit, units)
        short, short_nearly = (
            off - audit.inputs.plain_tolerance_percent,
            off - audit.inputs.hedged_tolerance_percent,
        )
        stated = (
            f"{numbers.plain(units.claim.number)} vehicles stated against "
            f"{numbers.plain(units.then.computed)}"
        )
        printed = " as printed" if units.claim.tolerance_kind == "hedged" else ""
        below = (
            f"{stated}: {numbers.percent(off)} too many; read as a plain number, {_beyond(short)}."
        )
        sentence = f"Read as 'nearly'{printed}, the number is {word(nearly)}: {words}."
        further = f"Read as 'nearly'{printed}, it is {_beyond(short_nearly)}."
        rows += [
            {
                "name": "exports_overstated_percent",
                "value": off,
                "unit": "%",
                "sentence": below,
                **resting,
            },
            {
                "name": "exports_beyond_tolerance_percent",
                "value": short,
                "unit": "points",
                "sentence": below,
                **resting,
            },
            {
                "name": "exports_beyond_nearly_percent",
                "value": short_nearly,
                "unit": "points",
                "sentence": further,
                **resting,
            },
            {
                "name": "exports_if_nearly",
                "value": word(nearly),
                "unit": "",
                "sentence": sentence,
                **resting,
            },
        ]
    if value and isinstance(value.then.computed, float):
        off = 100 * abs(value.claim.number / value.then.computed - 1)
        beyond = off - audit.inputs.definition_tolerance_percent
        stated = (
            f"{say(value.claim.number)} {value.claim.unit} stated against "
            f"{say(value.then.computed)} by the nearest definition"
        )
        said = f"{stated}: {numbers.percent(off)} off, {_beyond(beyond)}."
        rows.append(
            {
                "name": "exports_value_beyond_tolerance_percent",
                "value": beyond,
                "unit": "points",
                "sentence": said,
                **_resting_on(audit, value),
            }
        )
    return rows


def _beyond(points: float) -> str:
    return (
        f"{numbers.plain(abs(points), 1)} points {'beyond' if points > 0 else 'inside'} the "
        "tolerance"
    )


def origin_results(audit: Audit) -> list[dict[str, Any]]:
    """How many independent origins the settings ask for beyond those on record."""
    short = missing_origins(audit)
    rows = [audit.of(claim_id) for claim_id in short.claims]
    facts = [audit.evidence[id] for verdict in rows for id in verdict.then.evidence_ids]
    resting = {
        "quality": max((row.quality for row in facts), key=QUALITIES.index, default="derived"),
        "source_ids": tuple(dict.fromkeys(source for row in facts for source in row.source_ids))
        or sources_of(audit),
    }
    plural = (
        f"{short.plural} more independent origins would be needed behind plurals such as analysts."
    )
    refuting = (
        f"{short.refuting} more refuting origins would make contradicted what is refuted and "
        "held in part."
    )
    return [
        {
            "name": "plural_origins_missing",
            "value": short.plural,
            "unit": "origins",
            "sentence": plural,
            **resting,
        },
        {
            "name": "refuting_origins_missing",
            "value": short.refuting,
            "unit": "origins",
            "sentence": refuting,
            **resting,
        },
    ]


def _counted(audit: Audit, name: str, labels: tuple[str, ...], said: str) -> dict[str, Any]:
    count = sum(verdict.headline in labels for verdict in audit.verdicts)
    sources = sources_of(audit, labels) or sources_of(audit)
    quality = weakest_quality(audit, labels)
    return {
        "name": name,
        "value": count,
        "unit": "claims",
        "quality": quality,
        "source_ids": sources,
        "sentence": f"{count} claims {said}.",
    }


def _resting_on(audit: Audit, verdict: Verdict) -> dict[str, Any]:
    rows = [audit.evidence[id] for id in evidence_of(verdict)]
    sources = tuple(dict.fromkeys(source for row in rows for source in row.source_ids))
    return {
        "quality": max((row.quality for row in rows), key=QUALITIES.index),
        "source_ids": sources,
    }
