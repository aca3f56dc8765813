"""The shipped claim tables hold together, and agree with the tables of the other notebooks."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import claims
from helpers.claims import Audit, Case
from helpers.claims.audit import is_awaited, open_work
from helpers.claims.labels import LABELS, NO_SCORE
from helpers.claims.registry import RULES, fact_addresses, problems
from helpers.claims.shared import disagreements, read_shared
from helpers.data import load
from helpers.errors import InputError
from tests.claims.claim_making import inputs

Tables = Mapping[str, pd.DataFrame]


def test_the_shipped_tables_have_no_fault_and_no_claim_waits(tables: Tables) -> None:
    assert [line for line in open_work(tables, inputs()) if "no evidence yet" in line] == []


def test_every_rule_is_used_and_every_label_is_known(base: Audit) -> None:
    assert {one.claim.rule for one in base.verdicts} == set(RULES)
    assert {side.label for one in base.verdicts for side in (one.then, one.now)} <= set(LABELS)


def test_every_address_is_answered_or_awaited(case: Case) -> None:
    metrics = {row.metric for row in case.evidence}
    for one in case.claims:
        for address in fact_addresses(one.rule, one.args):
            metric = address.partition("@")[0]
            assert metric in metrics or is_awaited(metric), f"{one.claim_id}: {address}"


def test_every_verdict_names_evidence_or_says_why_not(base: Audit) -> None:
    for one in base.verdicts:
        for side in (one.then, one.now):
            assert set(side.evidence_ids) <= set(base.evidence)
            if side.label not in ("unsupported", *NO_SCORE) and side.computed != "none":
                assert side.evidence_ids, one.claim.claim_id
            assert side.explanation.endswith(".")


def test_facts_agree_with_the_tables_they_share(tables: Tables) -> None:
    """One difference is wanted: the table gives the negotiator's last day as approximate, the fact
    leaves it open.
    """
    assert disagreements(tables)["evidence_id"].tolist() == ["E181"]


def test_most_facts_that_other_tables_hold_are_read_from_there(tables: Tables) -> None:
    """Facts on trade, duties, exchange rates, plants and offices that stay on their own are those
    without a row elsewhere.
    """
    readings = read_shared(tables)
    evidence = tables["evidence"]
    groups = evidence["metric"].str.split(".").str[0]
    alone = evidence[
        groups.isin(["trade", "tariff", "fx", "plant", "office", "dims"])
        & ~evidence["evidence_id"].isin(readings)
    ]
    computed = {"E039", "E044", "E156"}  # totals come from the tariff model
    rule_of_law = {"E040", "E041"}  # that two duties do not add up is in the notes of the schedule
    no_row = {"E048", "E060", "E115", "E116", "E117", "E190"}
    no_row |= {"E203", "E204", "E205"}
    assert set(alone["evidence_id"]) == computed | rule_of_law | no_row


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("row", "event_id=nothing", "0 rows of events fit"),
        ("row", "status=considering", "rows of events fit"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(
    tables: Tables, column: str, value: str, told: str
) -> None:
    links = tables["shared_values"].copy()
    row = links.index[links["evidence_id"] == "E001"][0]
    links.loc[row, column] = value
    with pytest.raises(InputError, match=told):
        claims.read_case({**tables, "shared_values": links})


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("rule", "eval", "is not a rule"),
        ("rule_args", "{", "not a JSON object"),
        ("rule_args", "[]", "not a JSON object"),
        ("rule_args", '{"facts":["a.b"],"bound":NaN}', "not a JSON object"),
        ("rule_args", "{}", "'facts' is missing"),
        ("rule_args", '{"facts":[{"ratio":["a.b"]}]}', "cannot use"),
        ("rule_args", '{"facts":[{"__import__":["os"]}]}', "cannot use"),
        ("rule_args", '{"facts":["a.b"],"tolerance":3}', "takes no argument 'tolerance'"),
        ("value", "many", "is not a number"),
        ("value", "nan", "is not a number"),
        ("value", "1e999", "is not a number"),
    ],
)
def test_a_faulty_claim_is_told_with_its_column(
    tables: Tables, column: str, value: str, told: str
) -> None:
    frame = tables["claims"].astype(object)
    row = frame.index[frame["claim_id"] == "A1-06"][0]
    frame.loc[row, column] = value
    with pytest.raises(InputError) as raised:
        claims.read_case({**tables, "claims": frame})
    assert any(
        "row A1-06" in fault.where and told in str(fault) for fault in raised.value.faults
    ), raised.value


def test_all_faults_come_at_once(tables: Tables) -> None:
    frame = tables["claims"].astype(object)
    frame.loc[frame.index[:5], "rule_args"] = "{"
    valued = frame.index[5:][frame["value"].iloc[5:].astype(str).str.fullmatch(r"[0-9.]+")][0]
    frame.loc[valued, "value"] = "many"
    with pytest.raises(InputError) as raised:
        claims.read_case({**tables, "claims": frame})
    assert len(raised.value.faults) == 6


def test_an_address_that_nothing_answers_is_open_work_and_not_an_error(tables: Tables) -> None:
    frame = tables["claims"].astype(object)
    row = frame.index[frame["claim_id"] == "A1-06"][0]
    frame.loc[row, "rule_args"] = '{"facts":["trade.jp_us_vehicle_unit@2024"]}'
    changed = {**tables, "claims": frame}
    assert [line for line in open_work(changed, inputs()) if line.startswith("A1-06")] == [
        "A1-06: no evidence yet for trade.jp_us_vehicle_unit (did you mean "
        "trade.jp_us_vehicle_units?)"
    ]
    verdict = claims.audit(changed, inputs()).of("A1-06")
    assert (verdict.headline, verdict.then.evidence_ids) == ("unsupported", ())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats()
    | st.sampled_from(
        ["trade.jp_us_vehicle_units@2024", "publication", "2025-01-01", "happened", "x", ""]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ratio", "sum", "years_since", "rule", "metric", "at_least", "a"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)
NAMES = sorted(
    {name for entry in RULES.values() for name in (*entry.needs, *entry.may)} | {"other"}
)


@given(
    st.sampled_from(sorted(RULES)),
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5),
    st.sampled_from(["", "1", "positive", "Camry"]),
)
@settings(max_examples=200, deadline=None)
def test_no_arguments_can_break_an_audit(rule: str, args: dict[str, Any], value: str) -> None:
    """Arguments are refused with words, or the rule gives a label: nothing else can happen."""
    tables = _few_tables()
    frame = tables["claims"].copy()
    frame.loc[:, ["rule", "rule_args", "value"]] = [rule, json.dumps(args), value]
    try:
        audit = claims.audit({**tables, "claims": frame}, inputs())
    except InputError:
        return
    assert problems(rule, args) == []
    assert all(
        side.label in LABELS and "inf" not in side.explanation.split()
        for one in audit.verdicts
        for side in (one.then, one.now)
    )


_TABLES: dict[str, pd.DataFrame] = {}


def _few_tables() -> dict[str, pd.DataFrame]:
    if not _TABLES:
        _TABLES.update({name: load(name) for name in claims.TABLES})
        _TABLES["claims"] = (
            _TABLES["claims"].astype(object).query("claim_id == 'A1-06'").reset_index(drop=True)
        )
        _TABLES["shared_values"] = _TABLES["shared_values"].head(0)
    return _TABLES
