"""Every rule on small facts: each label it can give, and what it does when a fact is missing."""

import dataclasses
import datetime
from typing import Any

import pytest

from helpers.claims.claim import Claim
from helpers.errors import InputError
from tests.claims.claim_making import PUBLISHED, TODAY, claim, fact, found, inputs, label


@pytest.mark.parametrize(
    ("claimed", "kind", "expected"),
    [
        (100, "plain", "supported"),
        (102.5, "plain", "supported"),
        (97.5, "plain", "supported"),
        (102.51, "plain", "mostly_supported"),
        (107.5, "plain", "mostly_supported"),
        (107.6, "plain", "overstated"),
        (92.4, "plain", "understated"),
        (150, "plain", "overstated"),
        (150.1, "plain", "contradicted"),
        (49.9, "plain", "contradicted"),
        (105, "definition", "supported"),
        (110, "definition", "mostly_supported"),
        (102.5, "hedged", "supported"),
        (105, "hedged", "mostly_supported"),  # a hedge buys no kinder label
        (97.5, "hedged", "mostly_supported"),  # "nearly 97.5" when the fact is 100: one-sided
        (100.0001, "exact", "contradicted"),
    ],
)
def test_within_takes_the_limits_of_its_tolerance_edges_included(
    claimed: float, kind: str, expected: str
) -> None:
    assert (
        label(claim("within", {"facts": ["a.b"]}, claimed, kind), fact("E1", "a.b", 100))
        == expected
    )


def test_within_reads_the_settings() -> None:
    stated = claim("within", {"facts": ["a.b"]}, 109, "plain")
    rows = [fact("E1", "a.b", 100)]
    assert label(stated, *rows) == "overstated"
    assert label(stated, *rows, plain_tolerance_percent=4) == "mostly_supported"
    assert label(stated, *rows, plain_tolerance_percent=9) == "supported"
    assert label(stated, *rows, contradiction_percent=8) == "contradicted"


def test_within_the_nearest_of_several_definitions() -> None:
    rows = [fact("E1", "a.fob", 80), fact("E2", "a.cif", 101)]
    assert (
        label(
            claim("within", {"facts": ["a.fob", "a.cif"], "match": "nearest"}, 100, "plain"), *rows
        )
        == "supported"
    )
    assert (
        label(claim("within", {"facts": ["a.fob", "a.cif"]}, 100, "plain"), *rows) == "overstated"
    )
    assert (
        label(
            claim("within", {"facts": ["a.fob", "a.cif"], "match": "nearest"}, 100, "plain"),
            rows[1],
        )
        == "supported"
    )


def test_within_shows_its_arithmetic() -> None:
    answer = found(
        claim("within", {"facts": [{"ratio": ["a.b", "a.c"]}]}, 40, "plain"),
        fact("E1", "a.b", 100),
        fact("E2", "a.c", 4),
    )
    assert (
        answer.explanation
        == "The article says 40; on record is 100 / 4 = 25: 60.0 % too high, beyond the tolerance "
        "of 2.5 %."
    )
    assert (answer.computed, answer.evidence_ids) == (25.0, ("E1", "E2"))


@pytest.mark.parametrize(
    ("rule", "args", "value", "expected"),
    [
        ("at_least", {"bound": 10}, 10, "supported"),
        ("at_least", {"bound": 10}, 9.99, "overstated"),
        ("at_least", {"bound": 10}, 1_000, "supported"),
        ("at_least", {"bound": 10, "bound_factor": 2}, 4.9, "contradicted"),
        ("at_least", {"bound": 10, "bound_factor": 2}, 5, "overstated"),
        ("at_least", {"bound": 10, "fail": "contradicted"}, 9, "contradicted"),
        ("at_most", {"bound": 10}, 10, "supported"),
        ("at_most", {"bound": 10}, 10.1, "understated"),
        ("at_most", {"bound": 10, "fail": "contradicted"}, 11, "contradicted"),
        ("at_most", {"bound": 10, "bound_factor": 2}, 20.1, "contradicted"),
    ],
)
def test_bounds(rule: str, args: dict[str, Any], value: float, expected: str) -> None:
    assert label(claim(rule, {"fact": "a.b", **args}), fact("E1", "a.b", value)) == expected


def test_a_bound_missed_far_is_contradicted_only_when_the_reader_says_so() -> None:
    one = claim("at_least", {"fact": "a.b", "bound": 10})
    assert label(one, fact("E1", "a.b", 1)) == "overstated"
    assert label(one, fact("E1", "a.b", 1), bound_ratio=2) == "contradicted"
    assert label(one, fact("E1", "a.b", 6), bound_ratio=2) == "overstated"


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [
        ("x; y", None, "supported"),
        ("x", None, "contradicted"),
        ("x;y;z", None, "contradicted"),
        ("y", "contains", "supported"),
        ("z", "contains", "contradicted"),
    ],
)
def test_sets(value: str, mode: str | None, expected: str) -> None:
    args = {"fact": "models.a"} | ({"mode": mode} if mode else {})
    assert label(claim("set_equal", args, value), fact("E1", "models.a", "x;y")) == expected


@pytest.mark.parametrize(
    ("rung", "known", "at_least", "expected"),
    [
        ("announced", "announced", False, "supported"),
        ("announced", "aims", False, "mostly_supported"),
        ("announced", "considering", False, "contradicted"),
        ("considering", "aims", False, "outdated"),
        ("considering", "happened", True, "supported"),
        ("none", "announced", False, "outdated"),
        ("announced", None, False, "unsupported"),
        ("none", None, False, "supported"),
    ],
)
def test_the_status_ladder(rung: str, known: str | None, at_least: bool, expected: str) -> None:
    rows = (
        [
            fact("E1", "event.plan", known, "2025-10-01"),
            fact("E2", "event.plan", "none", "2025-01-01"),
        ]
        if known
        else []
    )
    assert (
        label(claim("modality_at", {"event": "plan", "rung": rung, "at_least": at_least}), *rows)
        == expected
    )


def test_the_ladder_stands_at_the_highest_rung_known_on_the_day() -> None:
    rows = [
        fact("E1", "event.plan", "considering", known_from="2025-10-01"),
        fact("E2", "event.plan", "happened", known_from="2025-12-19"),
    ]
    one = claim("modality_at", {"event": "plan", "rung": "considering"})
    assert label(one, *rows) == "supported"
    assert label(one, *rows, day=TODAY) == "outdated"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("E1", "Indiana", "2020-01/..")], "supported"),
        ([("E1", "Indiana", "2020-01/.."), ("E2", "Kentucky", "2025-09/..")], "mostly_supported"),
        ([("E1", "Indiana", "2020-01/.."), ("E2", "Kentucky", "2026-09/..")], "supported"),
        ([("E1", "Indiana", "2020-01/2022-08"), ("E2", "Texas", "2022-09/..")], "outdated"),
        ([("E2", "Texas", "2022-09/..")], "contradicted"),
        ([], "unsupported"),
    ],
)
def test_where_a_model_is_built(rows: list[tuple[str, str, str]], expected: str) -> None:
    made = [fact(evidence_id, "plant.car", state, period) for evidence_id, state, period in rows]
    assert label(claim("plant", {"model": "car", "state": "Indiana"}), *made) == expected


DUTIES = [
    fact("E1", "tariff.total.cars", 2.5, "../2025-04-02"),
    fact("E2", "tariff.total.cars", 27.5, "2025-04-03/2025-09-15"),
    fact("E3", "tariff.total.cars", 15, "2025-09-16/.."),
    fact("E4", "tariff.us_mfn_cars", 2.5, "2020-01/.."),
    fact("E5", "tariff.other", 24, "2025-04-09/2025-04-09"),
    fact("E6", "tariff.other", 10, "2025-04-10/.."),
]


@pytest.mark.parametrize(
    ("rule", "args", "value", "expected"),
    [
        ("tariff_total", {"goods": "cars", "on": "publication"}, 15, "supported"),
        ("tariff_total", {"goods": "cars", "on": "2025-04-03"}, 27.5, "supported"),
        ("tariff_total", {"goods": "cars", "on": "2025-04-02"}, 27.5, "contradicted"),
        (
            "tariff_total",
            {"goods": "cars", "on": "publication", "claimed": "threat_only"},
            "",
            "outdated",
        ),
        (
            "tariff_total",
            {"goods": "cars", "on": "2025-04-02", "claimed": "threat_only"},
            "",
            "supported",
        ),
        ("tariff_component", {"instrument": "other", "on": "publication"}, 10, "supported"),
        ("tariff_component", {"instrument": "other", "on": "publication"}, 24, "outdated"),
        ("tariff_component", {"instrument": "other", "on": "publication"}, 30, "contradicted"),
        ("tariff_component", {"instrument": "other", "on": "2025-01-01"}, 10, "unsupported"),
    ],
)
def test_duties_on_a_day(rule: str, args: dict[str, Any], value: object, expected: str) -> None:
    assert label(claim(rule, args, value), *DUTIES) == expected


def test_a_schedule_says_the_duty_and_the_fact_says_since_when_it_was_known() -> None:
    one = claim("tariff_total", {"goods": "cars", "on": "publication"}, 20)
    assert (
        found(one, *DUTIES, schedules={"tariff.total.cars": lambda day: 20.0}).label == "supported"
    )
    assert (
        found(
            one,
            *DUTIES,
            schedules={"tariff.total.cars": lambda day: 20.0},
            day=datetime.date(2024, 1, 1),
        ).label
        == "unsupported"
    )


@pytest.mark.parametrize(
    ("period", "args", "expected"),
    [
        ("2025-06-11/..", {}, "supported"),
        ("2020/2025-09-30", {}, "outdated"),
        ("2026-01-01/..", {}, "unsupported"),
        ("2020/2025-09-30", {"claimed": "former"}, "supported"),
        ("2025-01-20/..", {"claimed": "former"}, "contradicted"),
        ("2020/2025-09-30", {"on": "2025-01-01"}, "supported"),
    ],
)
def test_offices(period: str, args: dict[str, Any], expected: str) -> None:
    one = claim("holds_office", {"person": "someone", "office": "President", **args})
    assert (
        label(
            one,
            fact("E1", "office.someone", "President", period),
            fact("E2", "office.someone", "Clerk", "1990/.."),
        )
        == expected
    )


CASES = [
    fact("E1", "reverse.us.honda.coupe", 6_000, "1988-03/1989-02"),
    fact("E2", "reverse.us.toyota.cavalier", 11_000, "1996"),
    fact("E3", "reverse.us.toyota.cavalier_total", 36_228, "1996/2000"),
    fact("E4", "reverse.uk.toyota.avensis", 14_000, "2003"),
]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"of": ["us"], "subject": "honda", "day": "1988-03"}, "supported"),
        ({"of": ["us"], "subject": "honda"}, "supported"),
        ({"of": ["us"], "subject": "honda", "day": "1995"}, "mostly_supported"),
        ({"of": ["us"], "subject": "toyota"}, "contradicted"),
        ({"of": ["uk"], "subject": "toyota"}, "supported"),
        ({"of": ["toyota"]}, "contradicted"),  # a case that is not on record yet
        ({"of": ["us"], "subject": "nissan", "day": "1987"}, "unsupported"),
        ({"of": ["mexico"]}, "unsupported"),
    ],
)
def test_a_first_of_its_kind(args: dict[str, Any], expected: str) -> None:
    """The claimed case is left out, and what came later than it is no earlier case."""
    one = claim("first_of_kind", {"kind": "reverse", **args})
    assert label(one, *CASES) == expected


def test_a_fact_of_another_period_neither_supports_nor_contradicts() -> None:
    """The sixth round of talks says nothing of the round of a later day."""
    sixth = fact("E1", "talks.round", 6, "2025-06-13", known_from="2025-06-14")
    seventh = fact("E2", "talks.round", 7, "2025-06-26", known_from="2025-06-26")
    stated = claim("within", {"facts": ["talks.round"]}, 7, "exact", period="2025-06-26")
    stale = found(stated, sixth)
    assert stale.label == "not_found"
    assert "13" in stale.explanation
    assert label(stated, sixth, seventh) == "supported"
    assert label(claim("within", {"facts": ["talks.round"]}, 7, "exact"), sixth) == "contradicted"


def test_the_first_known_of_several_expressions_answers() -> None:
    args = {"facts": [{"first": ["a.late", {"sum": ["a.b", "a.c"]}]}]}
    rows = [
        fact("E1", "a.late", 5, known_from="2026-01-01"),
        fact("E2", "a.b", 1),
        fact("E3", "a.c", 2),
    ]
    assert label(claim("within", args, 3, "exact"), *rows) == "supported"
    assert label(claim("within", args, 5, "exact"), *rows, day=TODAY) == "supported"
    assert label(claim("within", args, 3, "exact"), rows[0]) == "unsupported"


def test_an_article_is_no_evidence_for_itself() -> None:
    own = dataclasses.replace(fact("E1", "a.b", 3), page_of=frozenset({"A9"}))
    other = dataclasses.replace(own, page_of=frozenset({"A1"}))
    one = claim("within", {"facts": ["a.b"]}, 3, "exact")
    assert label(one, own) == "unsupported"
    assert label(one, other) == "supported"


def test_a_search_without_a_hit_says_its_words_and_its_day() -> None:
    answer = found(claim("not_found", {"searched": ["two words"], "on": "2026-11-29"}))
    assert answer.label == "not_found"
    assert "two words" in answer.explanation
    assert "29 November 2026" in answer.explanation


@pytest.mark.parametrize(("value", "expected"), [(1, "mixed"), (2, "mixed"), (3, "contradicted")])
def test_ranks_under_two_measures(value: int, expected: str) -> None:
    by = [{"jp": "v.jp", "mx": "v.mx", "kr": "v.kr"}, {"jp": "u.jp", "mx": "u.mx", "kr": "u.kr"}]
    rows = [
        fact(f"E{index}", metric, number)
        for index, (metric, number) in enumerate(
            {"v.jp": 9, "v.mx": 8, "v.kr": 1, "u.jp": 5, "u.mx": 9, "u.kr": 4}.items()
        )
    ]
    assert label(claim("rank", {"subject": "jp", "by": by}, value), *rows) == expected
    assert label(claim("rank", {"subject": "jp", "by": by[:1]}, 1), *rows) == "supported"


def test_a_measure_with_a_gap_is_left_out_of_a_rank() -> None:
    by = [{"jp": "v.jp", "mx": "v.mx"}, {"jp": "u.jp", "mx": "u.mx"}]
    rows = [fact("E1", "v.jp", 2), fact("E2", "v.mx", 1), fact("E3", "u.jp", 1)]
    assert label(claim("rank", {"subject": "jp", "by": by}, 1), *rows) == "supported"
    assert label(claim("rank", {"subject": "jp", "by": by}, 1), rows[0]) == "unsupported"


@pytest.mark.parametrize(
    ("value", "expected"), [("positive", "mixed"), ("negative", "mixed"), ("zero", "contradicted")]
)
def test_signs(value: str, expected: str) -> None:
    args = {"facts": [{"diff": ["a.new", "a.old"]}, {"diff": ["a.old", "a.new"]}]}
    assert (
        label(claim("sign", args, value), fact("E1", "a.new", 3), fact("E2", "a.old", 1))
        == expected
    )


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"from": "publication", "to": "event.visit", "at_most": 7}, "supported"),
        ({"from": "event.deal", "to": "publication", "at_most": 30}, "overstated"),
        (
            {"from": "event.deal", "to": "publication", "at_most": 30, "bound_factor": 3},
            "contradicted",
        ),
        ({"from": "event.visit", "to": "2025-10-27", "exactly": 0}, "supported"),
        ({"from": "event.visit", "to": "2025-10-28", "exactly": 0}, "contradicted"),
        (
            {"from": "history.founded", "to": "publication", "unit": "years", "exactly": 88},
            "supported",
        ),
        ({"from": "publication", "to": "start:tariff.a", "order": "before"}, "contradicted"),
        ({"from": "publication", "to": "start:tariff.a", "order": "after"}, "supported"),
        ({"from": "publication", "to": "event.unknown", "at_most": 7}, "unsupported"),
    ],
)
def test_days_between(args: dict[str, Any], expected: str) -> None:
    rows = [
        fact("E1", "event.visit", "announced", "2025-10-27"),
        fact("E2", "event.deal", "announced", "2025-07-22"),
        fact("E3", "history.founded", "1937-08-28", "1937-08-28"),
        fact("E4", "tariff.a", 25, "2025-04-03/2025-09-15"),
    ]
    assert label(claim("days_between", args), *rows) == expected


EVENTS = {"events": ["one", "two"], "mode": "all", "need": "announced", "deadline": "2026-12-31"}
ONE = fact("E1", "event.one", "announced", "2026-03-05", known_from="2026-03-05")
TWO = fact("E2", "event.two", "happened", "2026-04-02", known_from="2026-04-02")


@pytest.mark.parametrize(
    ("args", "rows", "day", "expected"),
    [
        (EVENTS, [ONE, TWO], TODAY, "forecast_met"),
        (EVENTS, [ONE], TODAY, "forecast_partly_met"),
        (EVENTS, [], TODAY, "forecast_pending"),
        (EVENTS, [], datetime.date(2027, 1, 1), "forecast_missed"),
        (EVENTS, [ONE], datetime.date(2027, 1, 1), "forecast_partly_met"),
        (EVENTS | {"mode": "any"}, [TWO], TODAY, "forecast_met"),
        (EVENTS | {"deadline": "2026-03-31"}, [ONE, TWO], TODAY, "forecast_partly_met"),
        (EVENTS | {"deadline": ""}, [], datetime.date(2099, 1, 1), "forecast_pending"),
        (EVENTS, [ONE, TWO], PUBLISHED, "opinion"),
        ({"outcome": None}, [], TODAY, "forecast_pending"),
        (
            {"outcome": {"metric": "outcome.a", "at_most": 5}, "deadline": "2027-12-31"},
            [],
            TODAY,
            "forecast_pending",
        ),
        (
            {"outcome": {"metric": "outcome.a", "at_most": 5}, "deadline": "2026-01-01"},
            [],
            TODAY,
            "forecast_missed",
        ),
    ],
)
def test_forecasts(
    args: dict[str, Any], rows: list[Any], day: datetime.date, expected: str
) -> None:
    assert label(claim("forecast", args, claim_type="forecast"), *rows, day=day) == expected


def test_a_gap_made_by_the_filters_is_no_missed_forecast() -> None:
    one, late = claim("forecast", EVENTS, claim_type="forecast"), datetime.date(2027, 1, 1)
    weak = fact("E1", "event.one", "announced", "2026-03-05", known_from="2026-03-05", tier=4)
    assert label(one, weak, day=late) == "forecast_partly_met"
    assert label(one, weak, day=late, lowest_source_tier=3) == "unsupported"
    assert label(one, weak, TWO, day=late, lowest_source_tier=3) == "forecast_partly_met"
    later = claim(
        "forecast", {"now": {"rule": "stances"}}, claim_type="forecast", links={"E1": "supports"}
    )
    assert label(later, weak, day=late, lowest_source_tier=3) == "unsupported"
    assert label(later, day=late) == "forecast_pending"


@pytest.mark.parametrize(
    ("bound", "value", "expected"),
    [
        ("at_most", 5, "forecast_met"),
        ("at_most", 6, "forecast_missed"),
        ("at_least", 5, "forecast_met"),
    ],
)
def test_an_outcome_row_settles_a_forecast(bound: str, value: float, expected: str) -> None:
    one = claim(
        "forecast",
        {"outcome": {"metric": "outcome.a", bound: 5}, "deadline": "2027-12-31"},
        claim_type="forecast",
    )
    assert (
        label(one, fact("E1", "outcome.a", value, known_from="2026-06-01"), day=TODAY) == expected
    )


def test_a_forecast_change_without_an_established_cause_is_partly_met() -> None:
    outcome = {"metric": "tariff.total.cars", "change": "down", "attributable": False}
    early = datetime.date(2025, 6, 12)
    one = claim(
        "forecast",
        {"outcome": outcome, "deadline": "2025-12-31"},
        claim_type="forecast",
        published=early,
    )
    assert label(one, *DUTIES, day=TODAY) == "forecast_partly_met"
    sure = claim(
        "forecast",
        {"outcome": outcome | {"attributable": True}, "deadline": "2025-12-31"},
        claim_type="forecast",
        published=early,
    )
    assert label(sure, *DUTIES, day=TODAY) == "forecast_met"
    late = claim("forecast", {"outcome": outcome, "deadline": "2027-12-31"}, claim_type="forecast")
    assert label(late, *DUTIES, day=TODAY) == "forecast_pending"


def stance_claim(stances: dict[str, str], **other: Any) -> Claim:
    return claim("stances", {}, links=stances, **other)


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        ({}, "unsupported"),
        ({"E1": "context"}, "unsupported"),
        ({"E1": "supports"}, "supported"),
        ({"E1": "supports", "E2": "partial"}, "mostly_supported"),
        ({"E1": "partial"}, "mostly_supported"),
        ({"E1": "refutes"}, "contradicted"),
        ({"E1": "refutes", "E2": "refutes", "E3": "refutes", "E4": "partial"}, "contradicted"),
        ({"E1": "refutes", "E2": "refutes", "E4": "partial"}, "mixed"),
        ({"E1": "supports", "E2": "refutes"}, "mixed"),
    ],
)
def test_stances(stances: dict[str, str], expected: str) -> None:
    assert (
        label(stance_claim(stances), *(fact(f"E{number}", "context.a") for number in range(1, 5)))
        == expected
    )


def test_origins_are_counted_and_not_documents() -> None:
    relays = [fact(f"E{number}", "quote.a", origins=("reuters",)) for number in range(1, 4)]
    other = fact("E4", "quote.a", origins=("kyodo",))
    plural = stance_claim(
        {"E1": "supports", "E2": "supports", "E3": "supports", "E4": "supports"},
        attributed_to="unnamed analysts",
    )
    assert label(plural, *relays) == "mostly_supported"
    assert label(plural, *relays, other) == "supported"
    assert label(plural, *relays, plural_origins=1) == "supported"
    refuted = stance_claim({"E1": "refutes", "E2": "refutes", "E3": "refutes", "E4": "partial"})
    assert label(refuted, *relays, other) == "mixed"


def test_filters_take_facts_away() -> None:
    one = stance_claim({"E1": "supports", "E2": "refutes"})
    rows = [fact("E1", "a.b", tier=2), fact("E2", "a.b", tier=4)]
    assert label(one, *rows) == "mixed"
    assert label(one, *rows, lowest_source_tier=3) == "supported"
    assert label(one, *rows, lowest_source_tier=1) == "unsupported"
    guess = claim("at_most", {"fact": "a.c", "bound": 1})
    assert label(guess, fact("E1", "a.c", 5, quality="unverified")) == "unsupported"
    assert (
        label(guess, fact("E1", "a.c", 5, quality="unverified"), count_unverified=True)
        == "understated"
    )


def test_the_reader_may_ask_for_more_than_one_origin() -> None:
    one = claim("within", {"facts": ["a.b"]}, 100, "plain")
    assert label(one, fact("E1", "a.b", 100), minimum_origins=2) == "unsupported"
    assert label(one, fact("E1", "a.b", 100, origins=("x", "y")), minimum_origins=2) == "supported"
    assert (
        label(one, fact("E1", "a.b", 100), fact("E2", "a.b", 100), minimum_origins=2) == "supported"
    )
    assert (
        label(
            one,
            fact("E1", "a.b", 100),
            fact("E2", "a.b", 99, quality="estimate"),
            minimum_origins=2,
        )
        == "unsupported"
    )
    several = stance_claim({"E1": "supports", "E2": "supports"})
    assert label(several, fact("E1", "a.b"), fact("E2", "a.c"), minimum_origins=2) == "supported"


def test_opinions_and_what_nobody_can_check() -> None:
    assert label(claim("opinion", {})) == "opinion"
    assert (
        "software"
        in found(claim("unverifiable", {"why": "speaker is a software product"})).explanation
    )


def test_the_best_row_answers_an_address() -> None:
    one = claim("within", {"facts": ["a.b@2024"]}, 3, "exact")
    rows = [
        fact("E1", "a.b", 1, quality="reported"),
        fact("E2", "a.b", 2, quality="official", known_from="2025-01-02"),
        fact("E3", "a.b", 3, quality="official", known_from="2025-01-03"),
        fact("E4", "a.b", 4, quality="official", known_from="2025-01-03"),
        fact("E5", "a.b", 5, "2023", quality="official"),
    ]
    assert found(one, *rows).evidence_ids == ("E3",)
    assert found(claim("within", {"facts": ["a.b"]}, 5), rows[4], rows[0]).evidence_ids == ("E1",)


@pytest.mark.parametrize(
    "expression",
    [
        {"ratio": ["a.b", "a.zero"]},
        {"ratio": ["a.b", {"diff": ["a.b", "a.b"]}]},
        "a.word",
        "a.missing",
    ],
)
def test_what_cannot_be_worked_out_is_unsupported(expression: Any) -> None:
    rows = [fact("E1", "a.b", 1), fact("E2", "a.zero", 0), fact("E3", "a.word", "many")]
    answer = found(claim("within", {"facts": [expression]}, 1), *rows)
    assert answer.label == "unsupported"
    assert answer.explanation.startswith("No fact that was public by 26 October 2025 bears on ")


@pytest.mark.parametrize(
    "settings",
    [
        {"as_of_date": "20261121"},
        {"as_of_date": "2026-02-30"},
        {"as_of_date": ""},
        {"verdict_basis": "tomorrow"},
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(InputError, match=f"parameter {next(iter(settings))}"):
        inputs(**settings)
