"""What is still missing for a verdict: claims on which nothing is on record, and addresses that no
fact answers.
"""

import dataclasses
import difflib
from collections.abc import Mapping

import pandas as pd

from helpers.claims.audit import audit
from helpers.claims.reading import read_evidence
from helpers.claims.registry import fact_addresses
from helpers.claims.verdicts import ClaimInputs

# Future outcomes that no fact can answer yet. Adding a row with such a metric settles the forecasts
# that wait for it.
AWAITED = ("event.rhd_rd_programme",)
AWAITED_PREFIX = "outcome."


def open_work(tables: Mapping[str, pd.DataFrame], inputs: ClaimInputs) -> list[str]:
    """One line a claim that waits for evidence, naming the facts its rule asks for. Unverified
    facts count here whatever the settings say.

    Raises InputError for tables with faults.
    """
    metrics = {row.metric for row in read_evidence(tables)}
    lines = []
    for verdict in audit(tables, dataclasses.replace(inputs, count_unverified=True)).verdicts:
        claim = verdict.claim
        asked = [address.partition("@")[0] for address in fact_addresses(claim.rule, claim.args)]
        unknown = [
            one
            for one in dict.fromkeys(asked)
            if one not in metrics and one not in AWAITED and not one.startswith(AWAITED_PREFIX)
        ]
        if unknown:
            lines.append(
                f"{claim.claim_id}: no evidence yet for "
                f"{', '.join(_with_nearest(one, metrics) for one in unknown)}"
            )
        elif verdict.to_do:
            lines.append(
                f"{claim.claim_id}: no evidence yet; link a fact to it in claim_evidence.csv"
            )
    return lines


def _with_nearest(metric: str, metrics: set[str]) -> str:
    near = difflib.get_close_matches(metric, metrics, 1, 0.75)
    return f"{metric} (did you mean {near[0]}?)" if near else metric
