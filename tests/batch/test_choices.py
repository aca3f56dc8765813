"""What users of workflow tools expect: end early, go on with what failed, whole folders of
scenarios, a log per run, a stream of events.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.batch import Plan, Summary, only_failed
from helpers.batch import run as run_alone
from helpers.batch.ledger import EVENTS
from helpers.commands.choices import scenario_files
from helpers.engine.watch import usual_memory_mb
from helpers.errors import InputError
from tests.batch.small_notebooks import recording

Make = Callable[..., Path]
Planned = Callable[..., Plan]
Batch = Callable[..., Summary]
GOOD = recording("price_jpy", "jpy_per_usd * 10")


@pytest.mark.parametrize(
    ("most", "failed", "left"),
    [(1, 1, 2), pytest.param(2, 2, 1, marks=pytest.mark.slow)],
)
def test_a_batch_ends_after_as_many_failures_as_told(
    make: Make, planned: Planned, most: int, failed: int, left: int
) -> None:
    books = [make("bad", "1 / 0")]
    plan = planned(books, "base", "weak_yen", "strong_yen", workers=1, most_failures=most)
    summary = run_alone(plan)  # it ends its processes
    assert (summary.exit_code, len(summary.failures), len(summary.left)) == (1, failed, left)
    assert any("as told" in line for line in summary.lines())
    assert summary.retry.count("--scenario ") == 3


def test_only_what_failed_or_was_left_out_runs_again(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    books = [make("good", GOOD), make("bad", "1 / 0"), make("late", GOOD)]
    with pytest.raises(InputError, match="says nothing of earlier runs"):
        only_failed(planned(books))
    run(planned(books[:2]))
    make("good", GOOD, "'changed'")
    make("bad", GOOD)
    again = only_failed(planned(books))
    assert [each.name for each in again.runs] == ["bad · base"]
    assert run(again).exit_code == 0
    with pytest.raises(InputError, match="none of these runs failed"):
        only_failed(planned(books))


def test_events_tell_a_batch_from_its_beginning_to_its_end(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    run(planned([make("good", GOOD), make("bad", "raise ValueError('\x1b[2J')")], workers=1))
    lines = (tmp_path / "out" / ".ledger" / EVENTS).read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events] == [
        "batch",
        *["begins", "ended"] * 2,
        "end",
    ]
    states = {event["notebook"]: event["state"] for event in events if event["event"] == "ended"}
    assert states == {"good": "done", "bad": "failed"}
    assert events[-1]["exit_code"] == 1
    assert all("\x1b" not in line for line in lines)


@pytest.mark.parametrize(
    ("source", "state"), [(GOOD, "done"), ("raise ValueError('late')", "failed")]
)
def test_each_run_leaves_a_log(
    make: Make, planned: Planned, run: Batch, tmp_path: Path, source: str, state: str
) -> None:
    plan = planned([make("small", "import sys; print('noted', file=sys.stderr)", source)])
    run(plan)
    log = plan.ledger.log_path("small", "base").read_text()
    assert "begins cell 3 (step-0)" in log
    assert f"{state} after " in log
    assert ("ValueError: late" in log) == (state == "failed")


def test_a_folder_of_scenarios_is_each_of_its_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.yaml file"):
        scenario_files(tmp_path)
    for name in ("b.yaml", "a.yaml", "notes.txt"):
        (tmp_path / name).touch()
    assert scenario_files(tmp_path) == [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    assert scenario_files(tmp_path / "a.yaml") == [tmp_path / "a.yaml"]


def test_runs_at_a_time_share_the_memory() -> None:
    assert usual_memory_mb(1) == pytest.approx(4 * usual_memory_mb(4))
