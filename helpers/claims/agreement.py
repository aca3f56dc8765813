"""A second judge: Cohen's kappa between the computed labels and independent judgements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.claims.audit import Audit
from helpers.claims.rows import records
from helpers.claims.verdicts import four_labels


@dataclass(frozen=True)
class Agreement:
    """Agreement of one coder with the computed labels. kappa is None where chance alone already
    gives full agreement or nothing is filled.
    """

    coder: str
    side: str
    scheme: str
    claims: int
    agreeing: int
    kappa: float | None


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """(p₀ − pₑ) / (1 − pₑ) for two labellings of the same items (Cohen 1960); None without items or
    with pₑ = 1.

    Raises ValueError when the lengths differ.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels against {len(second)}")
    n = len(first)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    left, right = Counter(first), Counter(second)
    expected = sum(left[label] * right[label] for label in left) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def agreements(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> list[Agreement]:
    """Each coder of the judgements table against the computed labels: then and now, on all labels
    and on the four of AVeriTeC.
    """
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    rows = [row for row in records(tables["judgements"]) if row["claim_id"] in verdicts]
    found = []
    for coder in dict.fromkeys(row["coder"] for row in rows):
        for side in ("then", "now"):
            own = [row for row in rows if row["coder"] == coder and row[side]]
            given = [row[side] for row in own]
            computed = [getattr(verdicts[row["claim_id"]], side).label for row in own]
            for scheme, one, two in (
                ("all labels", given, computed),
                ("four labels", *_in_four(given, computed)),
            ):
                agreeing = sum(a == b for a, b in zip(one, two, strict=True))
                found.append(
                    Agreement(coder, side, scheme, len(one), agreeing, cohens_kappa(one, two))
                )
    return found


def _in_four(given: list[str], computed: list[str]) -> tuple[list[str], list[str]]:
    pairs = [(four_labels(one), four_labels(two)) for one, two in zip(given, computed, strict=True)]
    kept = [pair for pair in pairs if all(pair)]
    return [one for one, _ in kept], [two for _, two in kept]
