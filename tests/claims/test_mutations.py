"""Verdicts hang on what they should hang on: the stated value, the evidence, its date; and on
nothing else.
"""

import dataclasses
import datetime
import random
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import claims
from helpers.claims import Audit, Case, Verdict
from helpers.claims.audit import judge
from helpers.claims.claim import Claim, Link
from helpers.claims.evidence import Evidence, known
from helpers.claims.labels import HELD
from helpers.claims.registry import fact_addresses
from helpers.data import load
from tests.claims.claim_making import inputs

INPUTS = inputs()
BY_VALUE = (
    "within",
    "tariff_total",
    "tariff_component",
    "rank",
    "sign",
    "set_equal",
    "days_between",
)
BY_BOUND = ("at_least", "at_most", "days_between")
NO_EVIDENCE = ("opinion", "unverifiable", "not_found")


def all_claims() -> list[Claim]:
    return list(claims.read_case({name: load(name) for name in claims.TABLES}).claims)


def ids(one: Claim) -> str:
    return one.claim_id


def at_publication(case: Case, one: Claim) -> str:
    return judge(
        one, known(case.evidence, one.published, INPUTS, case.schedules), one.published
    ).label


def moved(one: Claim, computed: Any, label: str) -> Claim | None:
    """The claim with its stated value or bound set so that its verdict must turn; None where it
    states none.
    """
    args = dict(one.args)
    if one.rule == "days_between" and "order" in args:
        return dataclasses.replace(
            one, args=args | {"order": "after" if args["order"] == "before" else "before"}
        )
    if one.rule == "days_between":
        name = "exactly" if "exactly" in args else "at_most"
        if "word" in args:
            name = "bound"
        holds = computed <= args[name] if name != "exactly" else computed == args[name]
        return dataclasses.replace(
            one,
            args=args
            | {
                name: computed - 1
                if holds and name != "exactly"
                else computed
                if not holds
                else computed + 1
            },
        )
    if one.rule in ("at_least", "at_most"):
        holds = computed >= args["bound"] if one.rule == "at_least" else computed <= args["bound"]
        beyond = 2.0 if (one.rule == "at_least") == holds else 0.5
        return dataclasses.replace(one, args=args | {"bound": computed * beyond})
    if one.rule == "sign":
        right = "positive" if computed > 0 else "negative"
        return dataclasses.replace(one, value=right if label == "contradicted" else "zero")
    if one.rule == "set_equal":
        actual = computed.split(", ")
        return dataclasses.replace(
            one, value="Corolla" if set(one.words) <= set(actual) else ";".join(actual)
        )
    if one.rule == "modality_at":
        return dataclasses.replace(
            one,
            args=args
            | {
                "rung": "happened" if args["rung"] in ("none", "rumour", "considering") else "none",
                "at_least": False,
            },
        )
    if one.rule in ("within", "tariff_total", "tariff_component", "rank") and one.value:
        right = label in HELD or one.number == computed
        return dataclasses.replace(one, value=repr(computed * 3 + 1 if right else computed))
    return None


NUMERIC = [
    one
    for one in all_claims()
    if one.rule in (*BY_VALUE, *BY_BOUND) and not (one.rule == "tariff_total" and not one.value)
]


@pytest.mark.parametrize("one", NUMERIC, ids=ids)
def test_moving_the_stated_value_flips_the_verdict(case: Case, base: Audit, one: Claim) -> None:
    side = (
        base.of(one.claim_id).then
        if base.of(one.claim_id).then.label != "unsupported"
        else base.of(one.claim_id).now
    )
    day = one.published if side is base.of(one.claim_id).then else INPUTS.as_of
    other = moved(one, side.computed, side.label)
    assert other is not None
    assert judge(other, known(case.evidence, day, INPUTS, case.schedules), day).label != side.label


@pytest.mark.parametrize(
    "one", [one for one in all_claims() if one.rule not in (*NO_EVIDENCE, "forecast")], ids=ids
)
def test_without_its_evidence_a_claim_is_unsupported(case: Case, one: Claim) -> None:
    read = {address.partition("@")[0] for address in fact_addresses(one.rule, one.args)}
    read |= {"tariff.us_mfn_cars"} if one.rule == "tariff_total" else set()
    linked = {link.evidence_id for link in one.links}
    prefix = one.args.get("kind", "no kind")
    left = tuple(
        row
        for row in case.evidence
        if row.metric not in read
        and row.evidence_id not in linked
        and not row.metric.startswith(prefix)
    )
    bare = dataclasses.replace(case, evidence=left)
    expected = (
        "supported" if one.rule == "modality_at" and one.args["rung"] == "none" else "unsupported"
    )
    assert at_publication(bare, one) == expected


@pytest.mark.parametrize(
    "one",
    [
        one
        for one in all_claims()
        if one.rule == "forecast"
        and one.args.get("then", {"rule": "opinion"})["rule"] not in NO_EVIDENCE
    ],
    ids=ids,
)
def test_without_evidence_a_forecast_is_unsupported_at_publication_and_open_later(
    case: Case, one: Claim
) -> None:
    bare = dataclasses.replace(case, evidence=(), claims=(one,))
    (verdict,) = claims.judge_all(bare, INPUTS).verdicts
    assert verdict.then.label == "unsupported"
    assert verdict.now.label in ("forecast_pending", "forecast_missed", "unsupported")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_what_becomes_known_later_never_changes_the_verdict_at_publication(seed: int) -> None:
    """Every fact is told again after the last article, with another value, another stance and the
    best quality.
    """
    case, base = _case_and_base()
    draw = random.Random(seed)
    last = max(claim.published for claim in case.claims)
    late = [_later(row, draw, last) for row in case.evidence]
    more = dataclasses.replace(
        case,
        evidence=(*case.evidence, *draw.sample(late, len(late) // 2)),
        claims=tuple(_linked(one, draw) for one in case.claims),
    )
    audit = claims.judge_all(more, INPUTS)
    assert [one.then for one in audit.verdicts] == [one.then for one in base.verdicts]


_KEPT: list[tuple[Case, Audit]] = []


def _case_and_base() -> tuple[Case, Audit]:
    if not _KEPT:
        case = claims.read_case({name: load(name) for name in claims.TABLES})
        _KEPT.append((case, claims.judge_all(case, INPUTS)))
    return _KEPT[0]


def _later(row: Evidence, draw: random.Random, last: datetime.date) -> Evidence:
    value = draw.choice([row.value, "1", "999999", "happened", "none", "Nevada", ""])
    day = last + datetime.timedelta(days=1 + draw.randrange(300))
    return dataclasses.replace(
        row,
        evidence_id=f"L{row.evidence_id}",
        value=value,
        known_from=day,
        quality="official",
        tier=1,
    )


def _linked(one: Claim, draw: random.Random) -> Claim:
    added = tuple(
        Link(f"L{link.evidence_id}", draw.choice(["supports", "refutes", "partial"]))
        for link in one.links
    )
    return dataclasses.replace(one, links=(*one.links, *added))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_says_nothing(
    tables: Mapping[str, pd.DataFrame], base: Audit, seed: int
) -> None:
    shuffled = {
        name: frame.sample(frac=1, random_state=seed + index).reset_index(drop=True)
        for index, (name, frame) in enumerate(tables.items())
    }
    audit = claims.audit(shuffled, INPUTS)
    for one in base.verdicts:
        other = audit.of(one.claim.claim_id)
        assert (_said(other), other.headline) == (_said(one), one.headline), one.claim.claim_id


def _said(verdict: Verdict) -> list[Any]:
    return [
        (side.label, side.computed, side.explanation, sorted(side.evidence_ids))
        for side in (verdict.then, verdict.now)
    ]


def test_a_corrected_table_corrects_the_verdict(
    tables: Mapping[str, pd.DataFrame], base: Audit
) -> None:
    """The duty in the tariff table, a count of cars, a plant, an event: each reaches
    the verdict that rests on it.
    """
    assert base.of("A1-05").then.label == "contradicted"
    tariffs = tables["tariffs"].copy()
    tariffs.loc[
        (tariffs["instrument"] == "section_232_autos") & (tariffs["product"] == "passenger_car"),
        "rate_percent",
    ] = 46.5
    corrected = claims.audit({**tables, "tariffs": tariffs}, INPUTS)
    assert corrected.of("A1-05").then.label == "supported"
    assert corrected.of("A1-03").then.label == "contradicted"
    plants = tables["plants"].copy()
    plants.loc[plants["model"] == "Camry", "state"] = "Ohio"
    plants.loc[(plants["model"] == "Sequoia") & (plants["state"] == "Indiana"), "to"] = "2025-12-31"
    elsewhere = claims.audit({**tables, "plants": plants}, INPUTS)
    assert (elsewhere.of("A0-11").then.label, elsewhere.of("A4-08").then.label) == (
        "contradicted",
        "mostly_supported",
    )
    events = tables["events"].copy()
    events.loc[events["event_id"] == "toyota_us_models.20251219", "status"] = "announced"
    assert claims.audit({**tables, "events": events}, INPUTS).of("A4-01").then.label == "supported"
    flows = tables["trade_flows"].copy()
    shipped = (
        (flows["flow"] == "jp_to_us_vehicles")
        & (flows["reporter"] == "us_commerce")
        & (flows["measure"] == "units")
        & (flows["period"] == "2024")
    )
    flows.loc[shipped, "value"] = 1_480_000
    assert (
        claims.audit({**tables, "trade_flows": flows}, INPUTS).of("A1-06").then.label == "supported"
    )
    offices = tables["office_holders"].copy()
    offices.loc[offices["person"] == "Koji Sato", "to"] = "2025-10-28"
    assert (
        claims.audit({**tables, "office_holders": offices}, INPUTS).of("A2-06").then.label
        == "outdated"
    )
