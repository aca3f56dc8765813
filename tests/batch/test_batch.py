"""A batch from plan to manifest: what runs, what is kept, what is told."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.batch import FolderInUseError, Ledger, Options, Plan, Progress, Summary, plan
from helpers.batch import run as run_alone
from helpers.batch.refresh import refresh
from helpers.engine.journal import sha256
from helpers.engine.warm import WarmEngine
from helpers.scenarios import NamedScenario, Scenario
from tests.batch.small_notebooks import recording

GOOD = ("print(jpy_per_usd)", recording("price_jpy", "jpy_per_usd * 10"))
BASE = round(Scenario().jpy_per_usd * 10, 6)
Make = Callable[..., Path]
Planned = Callable[..., Plan]
Batch = Callable[..., Summary]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that a reader gets."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ledger" not in path.parts
    }


def states(summary: Summary) -> dict[str, str]:
    return {run.name: outcome.state for run, outcome in summary.outcomes.items()}


def test_runs_notebooks_times_scenarios_and_collects(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    summary = run(planned([make("one", *GOOD), make("two", *GOOD)], "base", "weak_yen"))
    assert summary.exit_code == 0
    assert set(states(summary)) == {"one · base", "two · base", "one · weak_yen", "two · weak_yen"}
    results = pd.read_csv(tmp_path / "out" / "results.csv")
    assert results["value"].tolist() == [BASE, BASE, 1700.0, 1700.0]
    assert results.loc[0, ["scenario", "notebook", "name", "unit", "quality"]].tolist() == [
        "base",
        "one",
        "price_jpy",
        "JPY",
        "estimate",
    ]
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out" / "results.parquet")[["scenario", "name", "value"]],
        results[["scenario", "name", "value"]],
        check_dtype=False,
    )
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [(entry["scenario"], entry["notebook"], entry["state"]) for entry in manifest["runs"]][
        :2
    ] == [
        ("base", "one", "done"),
        ("base", "two", "done"),
    ]
    for entry in manifest["runs"]:
        assert {
            name: sha256((tmp_path / "out" / name).read_bytes()) for name in entry["files"]
        } == entry["files"]
    assert set(manifest["inputs"]) == {"data", "code", "lock", "versions", "data_date"}


@pytest.mark.parametrize(
    ("edit", "marked"),
    [
        (lambda text: text, "suite"),
        (lambda text: text.replace("jpy_per_usd * 10", "jpy_per_usd * 11"), "edited notebook"),
        (lambda text: text.replace("suite_source_sha256", "other"), "own notebook"),
    ],
)
def test_results_say_by_whose_notebook_they_come_about(
    make: Make,
    planned: Planned,
    run: Batch,
    warm: WarmEngine,
    tmp_path: Path,
    edit: Callable[[str], str],
    marked: str,
) -> None:
    path, out = make("one", *GOOD), tmp_path / "out"
    refresh(names=["one"], folder=path.parent, engine=warm)
    text = path.read_text(encoding="utf-8")
    run(planned([path], html=True))
    first = (out / "results.csv").read_bytes()
    assert pd.read_csv(out / "results.csv")["method"].tolist() == ["suite"]
    path.write_text(edit(text), encoding="utf-8")
    run(planned([path], html=True))
    assert (edit(text) == text) == ((out / "results.csv").read_bytes() == first)
    for rows in (pd.read_csv(out / "results.csv"), pd.read_parquet(out / "results.parquet")):
        assert rows["method"].tolist() == [marked]
    manifest = json.loads((out / "manifest.json").read_text())
    assert [own["method"] for own in manifest["runs"]] == [marked]
    index, page = ((out / name).read_text() for name in ("index.html", "base/one.html"))
    assert ("From an edited notebook" in index) == (marked == "edited notebook")
    assert ("its cells were edited" in page) == (marked == "edited notebook")
    path.write_text(text, encoding="utf-8")
    run(planned([path], html=True))
    assert (out / "results.csv").read_bytes() == first


def test_two_batches_give_the_same_bytes(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [make("one", *GOOD)]
    for folder, in_processes in (("first", run), ("second", run_alone)):
        in_processes(planned(paths, "base", "rural", output=tmp_path / folder))
    first, second = tree(tmp_path / "first"), tree(tmp_path / "second")
    assert {name: content for name, content in first.items() if name != "manifest.json"} == {
        name: second[name] for name in first if name != "manifest.json"
    }


def test_goes_on_after_failures_and_says_how_to_retry(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [
        make("good", *GOOD),
        make("bad", "1", "1 / 0"),
        make("dead", "os.kill(os.getpid(), 9)"),
    ]
    summary = run(
        planned(paths, "base", "rural", as_given={"rural": "--scenario-file my rural.yaml"})
    )
    assert summary.exit_code == 1
    ends = {"good": "done", "bad": "failed", "dead": "kernel-died"}
    assert states(summary) == {
        f"{name} · {scenario}": state
        for name, state in ends.items()
        for scenario in ("base", "rural")
    }
    told = summary.lines()
    assert told[0].startswith("2 done, 4 failed in ")
    assert "bad · base: failed: cell 4 (step-1): ZeroDivisionError: division by zero" in told
    assert "dead · base: kernel-died: cell 3 (step-0): the kernel process ended by SIGKILL" in told
    assert told[-1].startswith("To run the rest: reverse-imports run ")
    assert "--scenario base" in told[-1]
    assert "--scenario-file my rural.yaml" in told[-1]
    assert f"--output {tmp_path / 'out'}" in told[-1]
    assert sorted(tree(tmp_path / "out" / "base")) == [
        "bad.failed.ipynb",
        "dead.failed.ipynb",
        "good.ipynb",
    ]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {entry["state"] for entry in manifest["runs"]} == {"done", "failed", "kernel-died"}


def test_finished_work_is_not_done_again(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    paths = [make("one", f"with open({str(count)!r}, 'a') as file: file.write('x')", *GOOD)]
    first = run(planned(paths))
    before = tree(tmp_path / "out")
    again = run(planned(paths))
    assert (len(first.outcomes), len(again.outcomes), len(again.kept), again.exit_code) == (
        1,
        0,
        1,
        0,
    )
    assert again.lines()[0].startswith("1 already done in ")
    assert tree(tmp_path / "out") == before
    (tmp_path / "out" / "base" / "one.ipynb").write_bytes(b"tampered")
    assert len(run(planned(paths)).outcomes) == 1, (
        "an output that is not what was written is made again"
    )
    assert tree(tmp_path / "out") | {"manifest.json": b""} == before | {"manifest.json": b""}
    assert len(run(planned(paths, force=True)).outcomes) == 1
    assert count.read_text() == "xxx"


def test_what_holds_all_runs_is_made_again_only_when_it_must(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    names = ("results.csv", "results.parquet", "results.xlsx", "manifest.json", "index.html")
    paths = [make("one", *GOOD)]
    run(planned(paths, html=True))
    written = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in names}
    run(planned(paths, html=True))
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in names} == written
    for name in names:
        content = (tmp_path / "out" / name).read_bytes()
        (tmp_path / "out" / name).write_bytes(b"tampered")
        run(planned(paths, html=True))
        assert (tmp_path / "out" / name).read_bytes() == content
    run(planned(paths, "base", "rural", html=True))
    assert pd.read_csv(tmp_path / "out" / "results.csv")["scenario"].tolist() == ["base", "rural"]


def test_a_change_of_what_a_run_depends_on_runs_it_again(
    make: Make, planned: Planned, run: Batch
) -> None:
    path = make("one", *GOOD)
    run(planned([path]))
    assert len(planned([path]).pending()) == 0
    assert len(planned([path], html=True).pending()) == 1
    assert len(planned([path], "weak_yen").pending()) == 1
    make("one", *GOOD, "'more'")
    assert len(planned([path]).pending()) == 1


def test_stored_outputs_of_a_source_do_not_matter(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    path = make("one", *GOOD)
    run(planned([path]))
    shutil.copy(tmp_path / "out" / "base" / "one.ipynb", path)
    assert planned([path]).pending() == []


def test_a_failing_rerun_keeps_the_good_output(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    path = make("one", *GOOD)
    run(planned([path]))
    good = (tmp_path / "out" / "base" / "one.ipynb").read_bytes()
    make("one", *GOOD, "1 / 0")
    assert run(planned([path])).exit_code == 1
    assert (tmp_path / "out" / "base" / "one.ipynb").read_bytes() == good
    assert (tmp_path / "out" / "base" / "one.failed.ipynb").is_file()
    make("one", *GOOD)
    assert run(planned([path])).exit_code == 0
    assert not (tmp_path / "out" / "base" / "one.failed.ipynb").exists()


def test_reports_and_index(make: Make, planned: Planned, run: Batch, tmp_path: Path) -> None:
    summary = run(
        planned([make("one", *GOOD), make("bad", "1 / 0")], "base", "weak_yen", html=True)
    )
    assert summary.exit_code == 1
    index = (tmp_path / "out" / "index.html").read_text()
    assert 'href="base/one.html"' in index
    assert "ZeroDivisionError" in index
    assert "weak_yen" in (tmp_path / "out" / "weak_yen" / "one.html").read_text()


def test_an_output_folder_that_vanishes_fails_the_runs_left(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    summary = run(
        planned([make("one", *GOOD)], "base", "rural", "weak_yen", workers=1),
        lambda news: shutil.rmtree(tmp_path / "out", ignore_errors=True) if news.outcome else None,
    )
    assert summary.exit_code == 1
    assert list(states(summary).values()).count("done") == 1
    assert (
        "the outputs could not be written: No such file or directory"
        in next(iter(summary.failures.values())).message
    )
    assert any("results and manifest could not be written" in line for line in summary.lines())
    assert not (tmp_path / "out").exists()


def test_an_output_folder_in_use_is_refused_before_anything(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    plan = planned([make("one", *GOOD)])
    with (
        Ledger(tmp_path / "out").owned(),
        pytest.raises(FolderInUseError, match=f"process {os.getpid()}"),
    ):
        run(plan)
    assert tree(tmp_path / "out") == {}


def test_progress_tells_each_start_and_end_and_the_time_left(
    make: Make, planned: Planned, run: Batch
) -> None:
    news: list[Progress] = []
    run(planned([make("one", *GOOD)], "base", "weak_yen", workers=1), news.append)
    assert [
        (
            progress.run.scenario,
            progress.outcome.state if progress.outcome else "",
            progress.done,
            progress.total,
        )
        for progress in news
    ] == [
        ("base", "", 0, 2),
        ("base", "done", 1, 2),
        ("weak_yen", "", 1, 2),
        ("weak_yen", "done", 2, 2),
    ]
    assert news[0].remaining_s > 0
    assert news[-1].remaining_s == 0


def test_scenarios_that_differ_in_nothing_a_notebook_takes_share_one_execution(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    path = make("one", f"with open({str(count)!r}, 'a') as file: file.write('x')", *GOOD)
    summary = run(planned([path], "base", "rural", "weak_yen", html=True))
    assert (summary.exit_code, len(summary.outcomes), count.read_text()) == (0, 3, "xx")
    base, rural, weak = (tree(tmp_path / "out" / name) for name in ("base", "rural", "weak_yen"))
    assert base["one.ipynb"] == rural["one.ipynb"] != weak["one.ipynb"]
    assert b"Country town" in rural["one.html"]
    assert b"Country town" not in base["one.html"]
    assert planned([path], "base", "rural", "weak_yen", html=True).pending() == []
    failing = run(planned([make("two", "1 / 0")], "base", "rural"))
    assert states(failing) == {"two · base": "failed", "two · rural": "failed"}


def test_prediction_comes_from_earlier_runs(make: Make, planned: Planned, run: Batch) -> None:
    slow, quick = make("slow", "import time; time.sleep(1.5)"), make("quick", "1")
    run(planned([slow, quick]))
    plan = planned([slow, quick], "rural", workers=1)
    assert plan.seconds()["slow"] > plan.seconds()["quick"]
    assert plan.predicted_s() == pytest.approx(sum(plan.seconds().values()))


def test_earlier_runs_stay_in_results_and_older_ones_do_not(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    path = make("one", *GOOD)
    run(planned([path], "base"))
    run(planned([path], "rural"))
    assert pd.read_csv(tmp_path / "out" / "results.csv")["scenario"].tolist() == ["base", "rural"]
    mark = tmp_path / "out" / ".ledger" / "base.one.json"
    mark.write_text(
        mark.read_text().replace(json.loads(mark.read_text())["inputs"], "of other code")
    )
    run(planned([path], "rural"))
    assert pd.read_csv(tmp_path / "out" / "results.csv")["scenario"].tolist() == ["rural"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {entry["scenario"]: entry["present"] for entry in manifest["runs"]} == {
        "base": False,
        "rural": True,
    }


def scenario_of(jpy_per_usd: float) -> NamedScenario:
    return NamedScenario(
        "mine", "Mine", "My rate.", {"jpy_per_usd": jpy_per_usd}, Scenario(jpy_per_usd=jpy_per_usd)
    )


def test_one_name_stands_for_one_scenario_and_one_source_in_the_results(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    planned([])  # vouches for the data
    options = Options(output=tmp_path / "out", workers=2, html=False)
    one, two = make("one", *GOOD), make("two", *GOOD)
    run(plan([one], [scenario_of(160.0)], options))
    run(plan([two], [scenario_of(300.0)], options))
    results = pd.read_csv(tmp_path / "out" / "results.csv")
    assert results[["notebook", "value"]].to_numpy().tolist() == [["two", 3000.0]], (
        "a run of what the name meant before is no part of the results"
    )
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {run["notebook"]: run["present"] for run in manifest["runs"]} == {
        "one": False,
        "two": True,
    }
    make("two", *GOOD, "1 / 0")
    assert run(plan([two], [scenario_of(300.0)], options)).exit_code == 1
    assert pd.read_csv(tmp_path / "out" / "results.csv").empty, (
        "what an earlier source gave is no result of the one that fails"
    )


@pytest.mark.slow
def test_the_retry_command_can_be_typed(make: Make, tmp_path: Path) -> None:
    flag, book = (
        tmp_path / "flag",
        make("bad", f"import pathlib; pathlib.Path({str(tmp_path / 'flag')!r}).stat()", *GOOD),
    )
    command = [sys.executable, "-c", "from helpers.cli import main; main()"]
    words = [
        "run",
        str(book),
        "--scenario",
        "rural",
        "-p",
        "jpy_per_usd=175",
        "--no-html",
        "--engine",
        "kernel",
        "--output",
        str(tmp_path / "out put"),
    ]
    first = subprocess.run(
        [*command, *words], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert first.returncode == 1, first.stderr
    (retry,) = [
        line.removeprefix("To run the rest: reverse-imports ")
        for line in first.stdout.splitlines()
        if line.startswith("To run the rest: ")
    ]
    flag.touch()
    again = subprocess.run(
        [*command, *shlex.split(retry)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, again.stderr) == (0, "")
    assert "1 done in " in again.stdout
    assert "--no-html" in retry


def test_an_index_that_cannot_be_made_leaves_everything_else(
    make: Make, planned: Planned, run: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.reports.overview.LARGEST_INDEX", 0)
    monkeypatch.setattr("helpers.reports.overview.BYTES_PER_REPORT", 0)
    summary = run(planned([make("one", *GOOD)], html=True))
    assert summary.exit_code == 1
    assert any("index" in line and "may have 0" in line for line in summary.lines())
    assert (tmp_path / "out" / "base" / "one.html").is_file()
    assert pd.read_csv(tmp_path / "out" / "results.csv")["value"].tolist() == [BASE]


def test_files_of_others_below_the_output_folder_stay(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    plan_now = planned([make("one", *GOOD)])
    foreign = [
        tmp_path / "out" / name for name in (".sweep.parquet.partial", "deep/er/.mine.partial")
    ]
    ours = [
        tmp_path / "out" / name
        for name in (
            ".results.csv.partial",
            "base/.one.ipynb.partial",
            ".ledger/.base.one.json.partial",
        )
    ]
    for path in (*foreign, *ours):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    run(plan_now)
    assert [path.exists() for path in (*foreign, *ours)] == [True, True, False, False, False]


@pytest.mark.slow
def test_code_that_changes_under_a_batch_vouches_for_nothing(
    make: Make, planned: Planned, tmp_path: Path
) -> None:
    copy = tmp_path / "project"
    for part in ("helpers", "data", "docs"):
        shutil.copytree(
            PROJECT_ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    script = f"""
from pathlib import Path
from helpers.batch import Options, plan, run
import helpers
from helpers.scenarios import load_scenario
assert str(helpers.PROJECT_ROOT) == {str(copy)!r}
planned = plan([Path({str(make("one", *GOOD))!r})], [load_scenario("base")], \
Options(output=Path({str(tmp_path / "out")!r}), html=False))
summary = run(planned, lambda news: (helpers.PROJECT_ROOT / "helpers" / "new.py").write_text("") \
if news.outcome else None)
print(*summary.lines(), len(planned.finished()), sep="\\n")
"""
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=copy, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert "helpers or data changed while the batch ran; run it again" in told
    assert told.endswith("\n0\n")


def test_a_finished_batch_is_proved_without_a_process(
    make: Make, planned: Planned, run: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [make(name, *GOOD) for name in ("one", "two")]
    run(planned(paths, "base", "rural"))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    plan = planned(paths, "base", "rural")
    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    assert (plan.pending(), plan.predicted_s()) == ([], 0)
