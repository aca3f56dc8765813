"""The labels of the auditor, who did not see the computed ones. They are read here and nowhere
else.
"""

import json
from collections import Counter
from collections.abc import Mapping

import pandas as pd
import pytest

from helpers import PROJECT_ROOT, claims
from helpers.claims import Audit, Case
from helpers.claims.summary import by_article, flips
from tests.claims.claim_making import inputs

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "claims.json").read_text(encoding="utf-8"))


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
    """The labels were made counting unverified facts; since those that mattered have a source,
    leaving them out changes nothing.
    """
    assert (tables["claims"]["expected_then"] != "").sum() == 141
    assert (
        differing(claims.judge_all(case, inputs(count_unverified=count_unverified)), tables) == []
    )


def test_what_unverified_facts_change(case: Case) -> None:
    counted = next(one for one in flips(case, inputs()) if one.words == "unverified facts count")
    assert list(counted.flips) == GOLDEN["changed_by_unverified"]


def test_counts_by_article_are_those_of_the_guide(base: Audit) -> None:
    table = by_article(base).set_index("article")
    merged = table.assign(over_under=table["overstated"] + table["understated"])
    for article, wanted in GOLDEN["headline_counts"].items():
        got = merged.sum() if article == "all" else merged.loc[article]
        assert {label: int(got[label]) for label in wanted} == wanted, article


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


def test_judged_by_what_is_known_today_twelve_labels_would_be_others(base: Audit) -> None:
    """Without the guard against hindsight a report of June would be held against facts of
    December.
    """
    changed = [
        one.claim.claim_id
        for one in base.verdicts
        if one.claim.rule != "forecast" and one.then.label != one.now.label
    ]
    assert changed == GOLDEN["changed_by_hindsight"]


@pytest.mark.parametrize(("day", "count"), GOLDEN["labels_today_that_differ_on"].items())
def test_the_day_of_the_verdicts_can_be_moved(
    case: Case, base: Audit, day: str, count: int
) -> None:
    earlier = claims.judge_all(case, inputs(as_of_date=day))
    assert (
        sum(
            one.now.label != two.now.label
            for one, two in zip(base.verdicts, earlier.verdicts, strict=True)
        )
        == count
    )
    assert [one.then for one in earlier.verdicts] == [one.then for one in base.verdicts]


@pytest.mark.parametrize("flip", GOLDEN["flips"], ids=lambda flip: str(flip["change"]))
def test_what_flips_is_what_the_guide_found(
    case: Case, base: Audit, flip: dict[str, Mapping[str, object]]
) -> None:
    changed = claims.judge_all(case, inputs(**flip["change"]))
    got = {
        f"{two.claim.claim_id} {side}": getattr(two, side).label
        for one, two in zip(base.verdicts, changed.verdicts, strict=True)
        for side in ("then", "now")
        if getattr(one, side).label != getattr(two, side).label
    }
    assert got == flip["labels"]


@pytest.mark.parametrize(("tier", "count"), [(3, 42), (2, 91)])
def test_how_many_labels_hang_on_weak_sources(
    case: Case, base: Audit, tier: int, count: int
) -> None:
    """The guide counts 45 and 92: three labels rested on assumptions then, which have sources of
    tier 2 and 3 now.
    """
    strict = claims.judge_all(case, inputs(lowest_source_tier=tier))
    changed = [(one, two) for one, two in zip(base.verdicts, strict.verdicts, strict=True)]
    assert (
        sum(
            (one.then.label != two.then.label) + (one.now.label != two.now.label)
            for one, two in changed
        )
        == count
    )
    assert Counter(two.lost > 0 for _, two in changed)[True] > 0
