"""The audit: every claim judged twice, at its publication and on the reader's day, from tables to
verdicts.
"""

import dataclasses
import datetime
import difflib
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import pandas as pd

from helpers.claims.claim import Claim, ClaimInputs, Finding
from helpers.claims.evidence import Evidence, Facts, MissingFactError, StaleFactError, known, passes
from helpers.claims.labels import NO_SCORE, headline
from helpers.claims.reading import read_claims, read_evidence
from helpers.claims.registry import RULES, fact_addresses
from helpers.claims.shared import duty_schedules
from helpers.numbers import day as in_days

ClaimRule = Callable[[Claim, Facts, datetime.date], Finding]


@dataclass(frozen=True)
class Verdict:
    """The two findings on one claim and its label. lost: linked facts that filters take away."""

    claim: Claim
    then: Finding
    now: Finding
    headline: str
    lost: int

    @property
    def to_do(self) -> bool:
        """Whether nothing on record bears on the claim: no link, and no fact by its rule."""
        return self.then.label == self.now.label == "unsupported" and not (
            self.claim.links or self.then.evidence_ids or self.now.evidence_ids
        )


@dataclass(frozen=True)
class Audit:
    """All verdicts in the order of the claims table, their evidence and settings."""

    verdicts: tuple[Verdict, ...]
    evidence: Mapping[str, Evidence]
    inputs: ClaimInputs

    def of(self, claim_id: str) -> Verdict:
        """The verdict on one claim. Raises KeyError for an unknown id."""
        return {verdict.claim.claim_id: verdict for verdict in self.verdicts}[claim_id]


@dataclass(frozen=True)
class Case:
    """Everything an audit reads, parsed once: many settings can be tried on it."""

    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    schedules: Mapping[str, Callable[[str], float]]


def read_case(tables: Mapping[str, pd.DataFrame]) -> Case:
    """Parse the tables of `TABLES`. Raises InputError with every fault of claims and evidence."""
    return Case(read_claims(tables), read_evidence(tables), duty_schedules(tables["tariffs"]))


def audit(tables: Mapping[str, pd.DataFrame], inputs: ClaimInputs) -> Audit:
    """Judge every claim under the reader's settings. Raises InputError for unsound tables."""
    return judge_all(read_case(tables), inputs)


def claim_rule(claim: Claim, facts: Facts, day: datetime.date) -> Finding:
    """Judge one claim by the rule its row names, on the facts known on a day."""
    return RULES[claim.rule].rule(claim, claim.args, facts, day)


def judge_all(case: Case, inputs: ClaimInputs, rule: ClaimRule = claim_rule) -> Audit:
    """Judge every claim of a parsed case by a rule. A day before an article's publication counts
    as its publication for that article.
    """
    on_day: dict[datetime.date, Facts] = {}
    failing = {row.evidence_id for row in case.evidence if not passes(row, inputs)}
    verdicts = []
    for claim in case.claims:
        today = max(inputs.as_of, claim.published)
        for day in {claim.published, today} - on_day.keys():
            on_day[day] = known(case.evidence, day, inputs, case.schedules)
        then = judge(claim, on_day[claim.published], claim.published, rule)
        now = _until_known(judge(claim, on_day[today], today, rule), on_day[today], today)
        shown = headline(claim.claim_type, then.label, now.label, inputs.verdict_basis)
        verdicts.append(Verdict(claim, then, now, shown, _lost(claim, failing)))
    return Audit(tuple(verdicts), {row.evidence_id: row for row in case.evidence}, inputs)


def judge(claim: Claim, facts: Facts, day: datetime.date, rule: ClaimRule = claim_rule) -> Finding:
    """One claim on one day. A missing fact gives `unsupported`, never an error."""
    facts = facts.without_page_of(claim.article_id)
    try:
        finding = rule(claim, facts, day)
    except StaleFactError as gap:
        return Finding("not_found", None, f"No fact is on record for {gap}.")
    except MissingFactError as gap:
        return Finding(
            "unsupported", None, f"No fact that was public by {in_days(day)} bears on {gap}."
        )
    return _with_enough_origins(finding, facts)


def _until_known(finding: Finding, facts: Facts, day: datetime.date) -> Finding:
    """The finding with the day of the last word on it, where it rests on what is only presumed to
    last: an office, a plant, a duty without an end on record.
    """
    rows = facts.by_id
    used = [rows[name] for name in finding.evidence_ids if name in rows]
    last = min((row.last_word for row in used if row.is_open_at(day)), default=None)
    if last is None:
        return finding
    words = f"{finding.explanation} Known until {in_days(last)}, and taken to go on."
    return dataclasses.replace(finding, explanation=words)


def _with_enough_origins(finding: Finding, facts: Facts) -> Finding:
    """Unsupported where a fact has fewer independent origins than the reader asks for."""
    asked = facts.settings.minimum_origins
    if asked <= 1 or finding.label in NO_SCORE or not finding.evidence_ids:
        return finding
    origins = [_origins_of_same(facts.by_id[name], facts) for name in finding.evidence_ids]
    # where stances were counted, the facts bear the verdict together
    fewest = len(set().union(*origins)) if finding.tally else min(map(len, origins))
    if fewest >= asked:
        return finding
    words = f"{finding.explanation} Independent origins: {fewest}; asked for: {asked}."
    return dataclasses.replace(finding, label="unsupported", explanation=words)


def _origins_of_same(row: Evidence, facts: Facts) -> set[str]:
    """Independent origins of the known rows with the same metric, period and value."""
    said = (row.period, row.value)
    same = [other for other in facts.all_of(row.metric) if (other.period, other.value) == said]
    return {origin for other in same for origin in other.origins}


def _lost(claim: Claim, failing: Set[str]) -> int:
    return len(failing & {link.evidence_id for link in claim.links if link.stance != "context"})


def is_awaited(metric: str) -> bool:
    """Whether a metric is a future outcome: a row with it settles forecasts that wait."""
    return metric == "event.rhd_rd_programme" or metric.startswith("outcome.")


def open_work(tables: Mapping[str, pd.DataFrame], inputs: ClaimInputs) -> list[str]:
    """One line a claim that waits for evidence, naming the facts its rule asks for. Unverified
    facts count here whatever the settings say.

    Raises InputError for tables with faults.
    """
    evidence = read_evidence(tables)
    metrics = {row.metric for row in evidence}
    lines = [
        f"{row.evidence_id}: rests on the page of {', '.join(sorted(row.page_of))} alone, so it "
        "does not count for claims of that article"
        for row in evidence
        if row.page_of
    ]
    for verdict in audit(tables, dataclasses.replace(inputs, count_unverified=True)).verdicts:
        claim = verdict.claim
        asked = [address.partition("@")[0] for address in fact_addresses(claim.rule, claim.args)]
        unknown = [name for name in dict.fromkeys(asked) if name not in metrics]
        gaps = [_with_nearest(name, metrics) for name in unknown if not is_awaited(name)]
        start = f"{claim.claim_id}: no evidence yet"
        if gaps:
            lines.append(f"{start} for {', '.join(gaps)}")
        elif verdict.to_do:
            lines.append(f"{start}; link a fact to it in claim_evidence.csv")
    return lines


def _with_nearest(metric: str, metrics: set[str]) -> str:
    near = difflib.get_close_matches(metric, metrics, 1, 0.75)
    return f"{metric} (did you mean {near[0]}?)" if near else metric
