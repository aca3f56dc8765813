"""Two made-up articles, one with everything right and one with everything wrong, through all rules
that can say so.
"""

import datetime
import json
from collections.abc import Mapping

import pandas as pd

from helpers import claims
from tests.claims.claim_making import inputs

# rule, arguments, tolerance, right value, wrong value; arguments may differ too.
PAIRS = [
    ("within", {"facts": ["trade.jp_us_vehicle_units@2024"]}, "plain", "1370000", "3000000"),
    (
        "at_least",
        {"fact": "trade.jp_us_vehicle_units@2024", "bound": 1_000_000},
        "bound",
        "",
        {"bound": 2_000_000},
    ),
    ("at_most", {"fact": "market.us_brand_share_jp@2024", "bound": 1}, "bound", "", {"bound": 0.1}),
    (
        "set_equal",
        {"fact": "models.toyota_plan"},
        "exact",
        "Camry;Tundra;Highlander",
        "Camry;Sienna",
    ),
    ("modality_at", {"event": "toyota_plan", "rung": "aims"}, "exact", "", {"rung": "happened"}),
    ("plant", {"model": "sequoia", "state": "Texas"}, "exact", "", {"state": "Indiana"}),
    ("tariff_total", {"goods": "cars_from_japan", "on": "publication"}, "exact", "15", "42.5"),
    (
        "tariff_component",
        {"instrument": "us_s232_cars_from_japan", "on": "2025-04-03"},
        "exact",
        "25",
        "24",
    ),
    (
        "holds_office",
        {"person": "akio_toyoda", "office": "Chairman of Toyota"},
        "exact",
        "",
        {"claimed": "former"},
    ),
    (
        "rank",
        {"subject": "jp", "by": [{"jp": "military.us_in_japan", "de": "military.us_in_germany"}]},
        "exact",
        "1",
        "2",
    ),
    (
        "sign",
        {"facts": [{"diff": ["tariff.us_mfn_cars", "tariff.jp_cars"]}]},
        "exact",
        "positive",
        "negative",
    ),
    (
        "days_between",
        {"from": "start:tariff.us_s232_cars_from_japan", "to": "publication", "order": "before"},
        "exact",
        "",
        {"order": "after"},
    ),
]
EXPECTED_WRONG = {"at_least": "overstated", "at_most": "understated", "plant": "outdated"}


def toy(tables: Mapping[str, pd.DataFrame], right: bool) -> Mapping[str, pd.DataFrame]:
    own = {"article_id": "A8", "outlet": "A toy", "published": "2026-01-15", "sha256": "0" * 64}
    article = tables["articles"].head(1).assign(**own)
    rows = []
    for number, (rule, args, kind, good, bad) in enumerate(PAIRS, 1):
        changed = args if right or isinstance(bad, str) else args | bad
        value = good if right or not isinstance(bad, str) else bad
        rows.append(
            {
                "claim_id": f"A8-{number:02d}",
                "article_id": "A8",
                "paragraph": number,
                "claim": f"claim {number}",
                "claim_type": "factual",
                "value": value,
                "rule": rule,
                "rule_args": json.dumps(changed),
                "tolerance_kind": kind,
            }
        )
    empty = dict.fromkeys(tables["claims"].columns, "")
    frame = pd.DataFrame([empty | row for row in rows])
    return {
        **tables,
        "articles": article,
        "claims": frame,
        "claim_evidence": tables["claim_evidence"].head(0),
    }


def test_an_article_with_everything_right_is_supported_throughout(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    audit = claims.audit(toy(tables, right=True), inputs(as_of_date="2026-01-15"))
    assert {one.claim.rule: one.headline for one in audit.verdicts} == {
        rule: "supported" for rule, *_ in PAIRS
    }


def test_an_article_with_everything_wrong_is_never_supported(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    audit = claims.audit(toy(tables, right=False), inputs(as_of_date="2026-01-15"))
    assert {one.claim.rule: one.headline for one in audit.verdicts} == {
        rule: EXPECTED_WRONG.get(rule, "contradicted") for rule, *_ in PAIRS
    }
    assert all(one.claim.published == datetime.date(2026, 1, 15) for one in audit.verdicts)


def test_toys_beside_the_real_articles_change_nothing_there(
    tables: Mapping[str, pd.DataFrame], base: claims.Audit
) -> None:
    more = toy(tables, right=False)
    both = {
        **tables,
        "articles": pd.concat([tables["articles"], more["articles"]]),
        "claims": pd.concat([tables["claims"].astype(object), more["claims"]]),
    }
    audit = claims.audit(both, inputs())
    assert audit.verdicts[: len(base.verdicts)] == base.verdicts
    assert len(audit.verdicts) == len(base.verdicts) + len(PAIRS)
