"""A cluster of real scheduler and worker processes gives what this machine gives, whatever dies."""

import base64
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest

from helpers import PROJECT_ROOT, files
from helpers.batch import Options, Plan, Progress, Summary
from helpers.batch import run as run_batch
from helpers.batch.cluster import bundle
from helpers.batch.options import CERTIFICATE, scheduler_faults
from helpers.batch.sweep import sweep
from helpers.engine.journal import sha256
from helpers.errors import InputError
from tests.batch.relay import Relay
from tests.batch.small_notebooks import recording

SCENARIOS = ("base", "rural", "weak_yen", "strong_yen")
GOOD = ("print(jpy_per_usd)", recording("price_jpy", "jpy_per_usd * 10"))
SLOW = ("import time; time.sleep(0.7)", *GOOD)
Make, Planned, Batch = Callable[..., Path], Callable[..., Plan], Callable[[Plan], Summary]


class Cluster:
    """A scheduler and workers as separate processes in a folder of their own, with none of our code
    on their path: -S leaves out what is installed to be edited.

    encryption: command-line words that make them speak TLS. temporary: where the workers put their
    temporary files.
    """

    def __init__(self, folder: Path, encryption: tuple[str, ...] = ()):
        self.folder, self._encryption = folder, encryption
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"{'tls' if encryption else 'tcp'}://127.0.0.1:{free.getsockname()[1]}"
        self._start(
            "scheduler",
            "dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            self.address.rsplit(":", 1)[1],
            "--no-dashboard",
        )

    def add_worker(self, name: str, threads: int = 1) -> None:
        words = (
            "--nthreads",
            str(threads),
            "--no-nanny",
            "--no-dashboard",
            "--name",
            name,
            "--local-directory",
            str(self.folder),
        )
        self._start(name, "dask_worker", self.address, *words)

    def _start(self, name: str, module: str, *words: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        environment = os.environ | {
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "TMPDIR": str(self.temporary),
        }
        command = [
            sys.executable,
            "-S",
            "-m",
            f"distributed.cli.{module}",
            *words,
            *self._encryption,
        ]
        with log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_for_workers(self, count: int) -> None:
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def answers(self) -> bool:
        """Whether the scheduler takes connections."""
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", int(self.address.rsplit(":", 1)[1]))) == 0

    def left(self) -> list[str]:
        """What runs left on the workers: processes and temporary files."""
        workers = [process for name, process in self.processes.items() if name != "scheduler"]
        return [child.name() for worker in workers for child in below(worker.pid)] + [
            path.name for path in self.temporary.glob("reverse-imports-*")
        ]

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.add_worker("first")
    made.add_worker("second")
    made.wait_for_workers(2)
    yield made
    made.close()


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler for one test alone, still without workers."""
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    until(made.answers)
    yield made
    made.close()


def outputs(folder: Path) -> dict[str, str]:
    kept = [
        path
        for path in folder.rglob("*")
        if path.is_file() and ".ledger" not in path.parts and path.name != "manifest.json"
    ]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()) for path in kept}


def until(condition: Callable[[], object]) -> None:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def executed(log: Path) -> str:
    """A cell that tells each execution of its run to a file of this machine."""
    return (
        f"with open({str(log)!r}, 'a') as told:\n    print(os.getpid(), jpy_per_usd, file=told, "
        "sep=':')"
    )


def command(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What comes of a command line, with these variables in its environment."""
    script = str(Path(sys.executable).parent / "reverse-imports")
    return subprocess.run(
        [script, *words], capture_output=True, text=True, timeout=100, env=os.environ | variables
    )


def below(process_id: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process_id).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def contents(*folders: Path) -> dict[str, bytes]:
    """Path → content of every file that is there now."""
    held = {}
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with contextlib.suppress(FileNotFoundError):  # of a run that ended meanwhile
            held[str(path)] = path.read_bytes()
    return held


pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_cluster_gives_what_this_machine_gives(
    cluster: Cluster, make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [make("one", *GOOD), make("two", *GOOD), make("bad", "1", "1 / 0")]
    here, there = tmp_path / "here" / "out", tmp_path / "there" / "out"
    local = run(planned(paths, *SCENARIOS, output=here, html=True))
    spread = run_batch(
        planned(paths, *SCENARIOS, output=there, html=True, scheduler=cluster.address)
    )
    assert outputs(here) == outputs(there)
    ends = [
        {run.name: (outcome.state, outcome.message) for run, outcome in summary.outcomes.items()}
        for summary in (local, spread)
    ]
    assert ends[0] == ends[1]
    again = planned(paths, *SCENARIOS, output=here, html=True, scheduler=cluster.address).pending()
    assert {run.notebook for run in again} == {"bad"}, (
        "the same work has the same key wherever it runs"
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments")
def test_a_secret_of_the_client_is_nowhere_on_the_wire_nor_where_the_work_is_done(
    cluster: Cluster, make: Make, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = "marker-" + "13579bdf02468ace"
    monkeypatch.setenv("MY_API_KEY", marker)
    begun, go = tmp_path / "begun", tmp_path / "go"
    waits = f"open({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(go)!r}): pass"
    relay = Relay(int(cluster.address.rsplit(":", 1)[1]))
    left: dict[str, bytes] = {}

    def look_around() -> None:
        until(begun.exists)
        for process in (own for ours in cluster.processes.values() for own in below(ours.pid)):
            with contextlib.suppress(OSError):  # ended meanwhile
                environment = Path(f"/proc/{process.pid}/environ").read_bytes()
                left[f"environment of {process.pid}"] = environment
        left.update(contents(tmp_path, cluster.folder))
        go.touch()

    watch = threading.Thread(target=look_around)
    watch.start()
    try:
        plan = planned([make("unmistakable", waits, *GOOD)], scheduler=relay.address, html=True)
        summary = run_batch(plan)
    finally:
        go.touch()
        watch.join()
        relay.close()
    assert (summary.exit_code, marker in plan.private.secrets) == (0, True)
    assert b"unmistakable" in relay.seen
    assert any(name.startswith("environment") for name in left)
    assert any(name.endswith("job.json") for name in left)
    left |= {"wire": bytes(relay.seen), **contents(tmp_path, cluster.folder)}
    coded = (marker, marker[::-1], base64.b64encode(marker.encode()).decode())
    assert [
        name for name, text in left.items() if any(form.encode() in text for form in coded)
    ] == []


@pytest.mark.slow
def test_code_and_data_travel_with_the_work(
    cluster: Cluster, make: Make, planned: Planned, tmp_path: Path
) -> None:
    path = make(
        "one",
        "import helpers, helpers.data\nprint(helpers.PROJECT_ROOT)\n"
        "len(helpers.data.load('sources')) > 100",
    )
    summary = run_batch(planned([path], scheduler=cluster.address))
    assert summary.exit_code == 0
    text = (tmp_path / "out" / "base" / "one.ipynb").read_text()
    assert "reverse-imports-bundle-" in text
    assert "True" in text


@pytest.mark.slow
def test_a_grid_on_a_cluster_gives_what_this_machine_gives(
    cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "grid.yaml").write_text(
        "numbers: volume\nparameters:\n  jpy_per_usd: {from: 140, to: 144, step: 1}\n  draws: "
        "[256]\n"
    )
    for name, scheduler in (("local", ""), ("spread", cluster.address)):
        assert (
            sweep(
                tmp_path / "grid.yaml", tmp_path / f"{name}.parquet", Options(scheduler=scheduler)
            )
            == 5
        )
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "local.parquet"), pd.read_parquet(tmp_path / "spread.parquet")
    )


@pytest.mark.slow
def test_a_batch_that_succeeds_says_so_and_no_more(
    cluster: Cluster, make: Make, tmp_path: Path
) -> None:
    done = command(
        "run",
        str(make("one", *GOOD)),
        "--no-html",
        "--output",
        str(tmp_path / "out"),
        "--scheduler",
        cluster.address,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_nothing_is_left_on_the_workers(
    cluster: Cluster, make: Make, planned: Planned, engine: str
) -> None:
    run_batch(planned([make("one", *GOOD)], *SCENARIOS, scheduler=cluster.address, engine=engine))
    until(lambda: cluster.left() == [])


@pytest.mark.slow
def test_shipped_notebooks_have_the_same_bytes_from_a_cluster(
    cluster: Cluster, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [
        PROJECT_ROOT / "notebooks" / f"{name}.ipynb"
        for name in ("01_trade_imbalance", "05_claim_audit")
    ]
    here, there = tmp_path / "here" / "out", tmp_path / "there" / "out"
    assert run(planned(paths, "base", "weak_yen", output=here, html=True)).exit_code == 0
    assert (
        run_batch(
            planned(paths, "base", "weak_yen", output=there, html=True, scheduler=cluster.address)
        ).exit_code
        == 0
    )
    assert len(outputs(here)) >= 8
    assert outputs(here) == outputs(there)


@pytest.mark.slow
def test_the_end_of_a_batch_leaves_other_batches_alone(
    own_cluster: Cluster, make: Make, planned: Planned, tmp_path: Path
) -> None:
    own_cluster.add_worker("first", threads=2)
    own_cluster.wait_for_workers(1)
    begun, go = tmp_path / "begun", tmp_path / "go"
    slow = make(
        "slow",
        f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\nwhile not "
        f"os.path.exists({str(go)!r}): time.sleep(0.05)",
        *GOOD,
    )
    plans = [
        planned([path], output=tmp_path / path.stem, scheduler=own_cluster.address)
        for path in (slow, make("quick", *GOOD))
    ]
    summaries: list[Summary] = []
    other = threading.Thread(target=lambda: summaries.append(run_batch(plans[0])))
    other.start()
    try:
        until(begun.exists)
        assert run_batch(plans[1]).exit_code == 0
    finally:
        go.touch()
        other.join()
    assert summaries[0].lines()[0].startswith("1 done in")
    until(lambda: own_cluster.left() == [])


@pytest.mark.slow
def test_a_run_that_is_executed_twice_is_kept_once(
    own_cluster: Cluster, make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    log = tmp_path / "executions"
    twice = f"import time\nwhile len(open({str(log)!r}).readlines()) < 2: time.sleep(0.05)"
    paths = [make("held", executed(log), twice, *GOOD), make("one", *GOOD)]
    own_cluster.add_worker("first")
    own_cluster.add_worker("second")
    own_cluster.wait_for_workers(2)
    first_attempt: list[psutil.Process] = []

    def kill_the_worker_that_holds_it() -> None:
        until(lambda: lines(log))
        holder = psutil.Process(int(lines(log)[0].split(":")[0]))
        first_attempt.extend([holder, *holder.parents()[:-1]])
        next(
            process
            for process in own_cluster.processes.values()
            if process.pid in {holder.pid for holder in first_attempt}
        ).kill()

    killer = threading.Thread(target=kill_the_worker_that_holds_it)
    killer.start()
    ends: Counter[str] = Counter()
    plan = planned(paths, output=tmp_path / "spread", html=True, scheduler=own_cluster.address)
    summary = run_batch(plan, lambda news: ends.update([news.run.name] if news.outcome else []))
    killer.join()
    assert summary.exit_code == 0
    assert len(lines(log)) >= 2, "the run was really executed more than once"
    assert set(ends.values()) == {1}
    run(planned(paths, output=tmp_path / "local", html=True))
    assert outputs(tmp_path / "local") == outputs(tmp_path / "spread")
    assert not list((tmp_path / "spread").rglob(f"*{files.PARTIAL}"))


@pytest.mark.slow
def test_a_result_that_dies_with_its_worker_is_computed_again(
    own_cluster: Cluster, make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    from distributed import Client

    log = tmp_path / "executions"
    paths = [make("one", executed(log), *GOOD)]
    own_cluster.add_worker("first")
    own_cluster.wait_for_workers(1)

    def lose_what_is_finished(news: Progress) -> None:
        """Once one run has come back and the other waits on the worker to be fetched, replace the
        worker.
        """
        if news.outcome is None or news.done > 1:
            return
        with Client(own_cluster.address, set_as_default=False) as client:
            until(lambda: len(lines(log)) == 2 and not any(client.processing().values()))
            own_cluster.processes["first"].kill()
            until(lambda: not client.has_what())
        assert own_cluster.left(), "a killed worker leaves its folder"
        own_cluster.add_worker("second")

    summary = run_batch(
        planned(
            paths, "base", "weak_yen", output=tmp_path / "spread", scheduler=own_cluster.address
        ),
        lose_what_is_finished,
    )
    assert summary.lines()[0].startswith("2 done in")
    assert len(lines(log)) == 3
    run(planned(paths, "base", "weak_yen", output=tmp_path / "local"))
    assert outputs(tmp_path / "local") == outputs(tmp_path / "spread")
    until(lambda: own_cluster.left() == [])


def test_a_cluster_without_workers_is_not_waited_for(
    own_cluster: Cluster, make: Make, tmp_path: Path
) -> None:
    done = command(
        "run",
        str(make("one", *GOOD)),
        "--output",
        str(tmp_path / "out"),
        "--scheduler",
        own_cluster.address,
    )
    assert done.returncode == 2
    told = (
        f"the scheduler {own_cluster.address} has no workers after 10 s; start one with: dask "
        f"worker {own_cluster.address}"
    )
    assert done.stderr.splitlines()[-2:] == [
        f"--scheduler: {told}",
        "1 fault found; nothing was run.",
    ]
    assert not list(tmp_path.glob("out/*/*.ipynb"))


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [make("one", *SLOW), make("two", *SLOW)]
    run(planned(paths, *SCENARIOS, output=tmp_path / "local"))
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.add_worker("first")
        cluster.add_worker("second")
        cluster.wait_for_workers(2)
        killed: list[psutil.Process] = []

        def kill_one(news: object) -> None:
            if not killed:
                time.sleep(2.0)
                killed.extend(below(cluster.processes["first"].pid))
                cluster.processes["first"].kill()

        summary = run_batch(
            planned(paths, *SCENARIOS, output=tmp_path / "spread", scheduler=cluster.address),
            kill_one,
        )
        assert summary.exit_code == 0
        assert outputs(tmp_path / "local") == outputs(tmp_path / "spread")
        assert psutil.wait_procs(killed, timeout=10)[1] == [], (
            "what the killed worker had started is gone too"
        )
    finally:
        cluster.close()


@pytest.mark.slow
def test_a_scheduler_that_goes_away_fails_the_rest_and_keeps_what_is_done(
    make: Make, planned: Planned, run: Batch, tmp_path: Path
) -> None:
    paths = [make("one", *SLOW)]
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.add_worker("first")
        cluster.wait_for_workers(1)
        plan = planned(paths, *SCENARIOS, scheduler=cluster.address)
        summary = run_batch(
            plan,
            lambda news: (
                cluster.processes["scheduler"].kill() if news.outcome and news.done == 1 else None
            ),
        )
        assert summary.exit_code == 1
        assert {outcome.state for outcome in summary.failures.values()} == {"aborted"}
        assert (
            "one · weak_yen: aborted: the connection to the scheduler was lost" in summary.lines()
        )
        done = [run for run, outcome in summary.outcomes.items() if outcome.state == "done"]
        assert done
        assert set(plan.finished()) == {run.key for run in done}
    finally:
        cluster.close()
    again = run(planned(paths, *SCENARIOS))
    assert (again.exit_code, len(again.kept)) == (0, len(done))


@pytest.mark.slow
def test_a_notebook_that_kills_its_process_costs_only_itself(
    cluster: Cluster, make: Make, planned: Planned
) -> None:
    summary = run_batch(
        planned(
            [make("dead", "os.kill(os.getpid(), 9)"), make("one", *GOOD)],
            "base",
            "rural",
            scheduler=cluster.address,
        )
    )
    assert (
        sorted((run.notebook, outcome.state) for run, outcome in summary.outcomes.items())
        == [("dead", "kernel-died")] * 2 + [("one", "done")] * 2
    )


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_a_batch_that_is_stopped_leaves_nothing_on_the_workers(
    cluster: Cluster, make: Make, planned: Planned, tmp_path: Path, engine: str
) -> None:
    path = make("slow", "import time; time.sleep(100)")
    planned([path], *SCENARIOS)
    script = f"""
import sys
from pathlib import Path
from helpers.batch import Options, plan, run
from helpers.scenarios import load_scenario
options = Options(output=Path({str(tmp_path / "out")!r}), html=False, engine={engine!r}, \
scheduler={cluster.address!r})
planned = plan([Path({str(path)!r})], [load_scenario(name) for name in {SCENARIOS!r}], options)
sys.exit(run(planned, lambda news: print("begins", flush=True)).exit_code)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    workers = [psutil.Process(cluster.processes[name].pid) for name in ("first", "second")]
    deadline = time.monotonic() + 60
    while (
        not any(len(worker.children(recursive=True)) > 2 for worker in workers)
        and time.monotonic() < deadline
    ):
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    started = [child for worker in workers for child in worker.children(recursive=True)]
    assert psutil.wait_procs(started, timeout=20)[1] == []
    until(lambda: cluster.left() == [])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_an_encrypted_cluster(make: Make, planned: Planned, tmp_path: Path) -> None:
    import dask
    import distributed  # noqa: F401 - its defaults must be in place before some are set

    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    words = [
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(["openssl", "req", *words], check=True, capture_output=True)
    cluster = Cluster(
        tmp_path, ("--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key)
    )
    settings = {
        f"distributed.comm.tls.{side}.{part}": value
        for side in ("client", "worker", "scheduler")
        for part, value in (("cert", certificate), ("key", key))
    }
    try:
        with dask.config.set({"distributed.comm.tls.ca-file": certificate, **settings}):
            cluster.add_worker("first")
            cluster.wait_for_workers(1)
            assert (
                run_batch(planned([make("one", *GOOD)], scheduler=cluster.address)).exit_code == 0
            )
        assert set(CERTIFICATE) == set(
            re.findall(r"DASK_\w+", (PROJECT_ROOT / "README.md").read_text(encoding="utf-8"))
        )
        (tmp_path / "grid.yaml").write_text("parameters: {draws: [256]}")
        words = (
            "sweep",
            str(tmp_path / "grid.yaml"),
            "--output",
            str(tmp_path / "out.parquet"),
            "--scheduler",
            cluster.address,
        )
        from_the_guide = {
            name: key if name.endswith("KEY") else certificate for name in CERTIFICATE
        }
        for variables, told in (
            ({}, "no certificate for TLS is set; set DASK_"),
            (from_the_guide | {CERTIFICATE[0]: "missing.pem"}, "cannot be read: No such file"),
        ):
            refused = command(*words, **variables)
            assert refused.returncode == 2
            assert told in refused.stderr
            assert "Traceback" not in refused.stderr
        done = command(*words, **from_the_guide)
        assert done.returncode == 0, done.stderr
    finally:
        cluster.close()


def test_the_bundle_is_the_same_for_the_same_content() -> None:
    assert bundle() == bundle()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1", "'127.0.0.1' is not an address; write it as dask prints it"),
        ("tcp://127.0.0.1", "is not an address"),
        ("tcp://127.0.0.1:port", "is not an address"),
        ("nonsense", "is not an address"),
        ("tcp://[::1:8786", "is not an address"),
        (
            "http://127.0.0.1:8786",
            "'http' is not a way to reach a scheduler; write tcp:// or tls://",
        ),
        (
            "tcp://192.0.2.1:8786",
            "192.0.2.1 is another machine and tcp:// is not encrypted; use tls://, or add "
            "--trust-scheduler",
        ),
        (
            "tcp://scheduler.example.org:8786",
            "scheduler.example.org is another machine and tcp:// is not encrypted",
        ),
        ("0.0.0.0:8786", "0.0.0.0 is another machine and tcp:// is not encrypted"),
        ("tcp://[2001:db8::1]:8786", "2001:db8::1 is another machine"),
        (
            "tcp://127.0.0.1:9",
            "no scheduler answers at tcp://127.0.0.1:9: Connection refused; start one with: "
            "dask scheduler",
        ),
    ],
)
def test_an_address_that_is_not_safe_or_not_there_is_refused(
    make: Make, planned: Planned, address: str, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        planned([make("one", *GOOD)], scheduler=address)
    (fault,) = caught.value.faults
    assert told in str(fault)


def test_an_address_of_another_machine_may_be_trusted() -> None:
    (fault,) = scheduler_faults("tcp://127.1.1.1:9", trusted=True)
    assert "no scheduler answers" in str(fault)
