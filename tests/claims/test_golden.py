"""The labels of the auditor, read here and nowhere else."""

from collections.abc import Mapping

import pandas as pd
import pytest

from helpers import PROJECT_ROOT, claims
from helpers.claims import Audit, Case
from tests.claims.claim_making import inputs


def differing(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str, str]]:
    expected = tables["claims"].set_index("claim_id")
    pairs = [
        (
            one.claim.claim_id,
            side,
            expected.loc[one.claim.claim_id, f"expected_{side}"],
            getattr(one, side).label,
        )
        for one in audit.verdicts
        for side in ("then", "now")
    ]
    return [
        (claim_id, side, str(wanted), got)
        for claim_id, side, wanted, got in pairs
        if wanted and wanted != got
    ]


@pytest.mark.parametrize("count_unverified", [True, False])
def test_every_labelled_claim_comes_out_as_labelled(
    case: Case, tables: Mapping[str, pd.DataFrame], count_unverified: bool
) -> None:
    """Leaving out unverified facts changes none of them."""
    assert (tables["claims"]["expected_then"] != "").any()
    audit = claims.judge_all(case, inputs(count_unverified=count_unverified))
    assert differing(audit, tables) == []


def test_every_changed_label_has_its_reason_among_the_corrections(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """A correction says what a label was and is, and the last one is the label of the table."""
    labels = tables["claims"].set_index("claim_id")
    corrections = tables["corrections"]
    last = corrections[corrections["item"].isin(["expected_then", "expected_now"])].groupby(
        ["claim_id", "item"]
    )
    assert (corrections["reason"] != "").all()
    for (claim_id, item), rows in last:
        latest = rows.sort_values("corrected_on", kind="stable").iloc[-1]
        assert labels.loc[claim_id, item] in ("", latest["new"]), claim_id


def test_only_the_tests_read_the_labels() -> None:
    files = [
        path
        for folder in ("helpers", "notebooks")
        for path in sorted((PROJECT_ROOT / folder).rglob("*"))
    ]
    files = [path for path in files if path.parent.name != "data"]  # where the columns are checked
    readers = [
        path.name
        for path in files
        if path.suffix in (".py", ".ipynb") and "expected_then" in path.read_text(encoding="utf-8")
    ]
    assert readers == []


def test_judged_by_what_is_known_today_some_labels_would_be_others(base: Audit) -> None:
    """Without the guard against hindsight a report of June would be held against facts of
    December.
    """
    assert any(
        one.claim.rule != "forecast" and one.then.label != one.now.label for one in base.verdicts
    )


def test_weak_sources_bear_some_labels_and_the_audit_says_which(case: Case, base: Audit) -> None:
    strict = claims.judge_all(case, inputs(lowest_source_tier=2))
    pairs = list(zip(base.verdicts, strict.verdicts, strict=True))
    assert any(one.then.label != two.then.label for one, two in pairs)
    assert any(two.lost > 0 for _, two in pairs)
