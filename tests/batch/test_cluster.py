"""A cluster of real scheduler and worker processes gives what this machine gives, whatever dies."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest

from helpers.batch import Options, Plan, Summary, files
from helpers.batch import run as run_batch
from helpers.batch.cluster import address_faults, bundle
from helpers.batch.sweep import sweep
from helpers.errors import InputError
from tests.batch.small_notebooks import recording

SCENARIOS = ("base", "rural", "weak_yen", "strong_yen")
GOOD = ("print(jpy_per_usd)", recording("price_jpy", "jpy_per_usd * 10"))
SLOW = ("import time; time.sleep(0.7)", *GOOD)
Make, Planned, Batch = Callable[..., Path], Callable[..., Plan], Callable[[Plan], Summary]


class Cluster:
    """A scheduler and workers as separate processes in a folder of their own, with none of our code on their path.

    encryption: command-line words that make them speak TLS.
    """

    def __init__(self, folder: Path, encryption: tuple[str, ...] = ()):
        self.folder, self._encryption = folder, encryption
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"{'tls' if encryption else 'tcp'}://127.0.0.1:{free.getsockname()[1]}"
        self._start("scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", self.address.rsplit(":", 1)[1], "--no-dashboard")

    def add_worker(self, name: str) -> None:
        self._start(name, "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--local-directory", str(self.folder))

    def _start(self, name: str, module: str, *words: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words, *self._encryption]
        with log:
            self.processes[name] = subprocess.Popen(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_for_workers(self, count: int) -> None:
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

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


def outputs(folder: Path) -> dict[str, str]:
    kept = [path for path in folder.rglob("*") if path.is_file() and ".ledger" not in path.parts and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): files.sha256(path.read_bytes()) for path in kept}


def below(process_id: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process_id).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_cluster_gives_what_this_machine_gives(cluster: Cluster, make: Make, planned: Planned, run: Batch, tmp_path: Path) -> None:
    paths = [make("one", *GOOD), make("two", *GOOD), make("bad", "1", "1 / 0")]
    here, there = tmp_path / "here" / "out", tmp_path / "there" / "out"
    local = run(planned(paths, *SCENARIOS, output=here, html=True))
    spread = run_batch(planned(paths, *SCENARIOS, output=there, html=True, scheduler=cluster.address))
    assert outputs(here) == outputs(there)
    ends = [{one.name: (outcome.state, outcome.message) for one, outcome in summary.outcomes.items()} for summary in (local, spread)]
    assert ends[0] == ends[1]
    again = planned(paths, *SCENARIOS, output=here, html=True, scheduler=cluster.address).pending()
    assert {one.notebook for one in again} == {"bad"}, "the same work has the same key wherever it runs"


def test_code_and_data_travel_with_the_work(cluster: Cluster, make: Make, planned: Planned, tmp_path: Path) -> None:
    path = make("one", "import helpers, helpers.data\nprint(helpers.PROJECT_ROOT)\nlen(helpers.data.load('sources')) > 100")
    summary = run_batch(planned([path], scheduler=cluster.address))
    assert summary.exit_code == 0
    text = (tmp_path / "out" / "base" / "one.ipynb").read_text()
    assert "reverse-imports-bundle-" in text
    assert "True" in text


def test_a_grid_on_a_cluster_gives_what_this_machine_gives(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text("numbers: volume\nparameters:\n  jpy_per_usd: {from: 140, to: 144, step: 1}\n  draws: [256]\n")
    for name, scheduler in (("local", ""), ("spread", cluster.address)):
        assert sweep(tmp_path / "grid.yaml", tmp_path / f"{name}.parquet", Options(scheduler=scheduler)) == 5
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "local.parquet"), pd.read_parquet(tmp_path / "spread.parquet"))


def test_nothing_is_left_on_the_workers(cluster: Cluster, make: Make, planned: Planned) -> None:
    run_batch(planned([make("one", *GOOD)], *SCENARIOS, scheduler=cluster.address))
    for name in ("first", "second"):
        assert psutil.Process(cluster.processes[name].pid).children(recursive=True) == []


def test_a_killed_worker_costs_nothing(make: Make, planned: Planned, run: Batch, tmp_path: Path) -> None:
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

        summary = run_batch(planned(paths, *SCENARIOS, output=tmp_path / "spread", scheduler=cluster.address), kill_one)
        assert summary.exit_code == 0
        assert outputs(tmp_path / "local") == outputs(tmp_path / "spread")
        assert psutil.wait_procs(killed, timeout=10)[1] == [], "what the killed worker had started is gone too"
    finally:
        cluster.close()


def test_a_scheduler_that_goes_away_fails_the_rest_and_keeps_what_is_done(make: Make, planned: Planned, run: Batch, tmp_path: Path) -> None:
    paths = [make("one", *SLOW)]
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.add_worker("first")
        cluster.wait_for_workers(1)
        plan = planned(paths, *SCENARIOS, scheduler=cluster.address)
        summary = run_batch(plan, lambda news: cluster.processes["scheduler"].kill() if news.outcome and news.done == 1 else None)
        assert summary.exit_code == 1
        assert {outcome.state for outcome in summary.failures.values()} == {"aborted"}
        assert "one · weak_yen: aborted: the connection to the scheduler was lost" in summary.lines()
        done = [one for one, outcome in summary.outcomes.items() if outcome.state == "done"]
        assert done
        assert set(plan.finished()) == {one.key for one in done}
    finally:
        cluster.close()
    again = run(planned(paths, *SCENARIOS))
    assert (again.exit_code, len(again.kept)) == (0, len(done))


def test_a_notebook_that_kills_its_process_costs_only_itself(cluster: Cluster, make: Make, planned: Planned) -> None:
    summary = run_batch(planned([make("dead", "os.kill(os.getpid(), 9)"), make("one", *GOOD)], "base", "rural", scheduler=cluster.address))
    assert sorted((one.notebook, outcome.state) for one, outcome in summary.outcomes.items()) == [("dead", "kernel-died")] * 2 + [("one", "done")] * 2


def test_a_batch_that_is_stopped_leaves_nothing_on_the_workers(cluster: Cluster, make: Make, planned: Planned, tmp_path: Path) -> None:
    path = make("slow", "import time; time.sleep(100)")
    planned([path])
    script = f"""
import sys
from pathlib import Path
from helpers.batch import Options, plan, run
from helpers.scenarios import load_scenario
planned = plan([Path({str(path)!r})], [load_scenario("base")], Options(output=Path({str(tmp_path / "out")!r}), html=False, scheduler={cluster.address!r}))
sys.exit(run(planned, lambda news: print("begins", flush=True)).exit_code)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    workers = [psutil.Process(cluster.processes[name].pid) for name in ("first", "second")]
    deadline = time.monotonic() + 60
    while not any(len(worker.children(recursive=True)) > 2 for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    started = [child for worker in workers for child in worker.children(recursive=True)]
    assert psutil.wait_procs(started, timeout=20)[1] == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_an_encrypted_cluster(make: Make, planned: Planned, tmp_path: Path) -> None:
    import dask
    import distributed  # noqa: F401 - its defaults must be in place before some are set

    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", *words], check=True, capture_output=True)
    cluster = Cluster(tmp_path, ("--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key))
    settings = {
        f"distributed.comm.tls.{side}.{part}": value for side in ("client", "worker", "scheduler") for part, value in (("cert", certificate), ("key", key))
    }
    try:
        with dask.config.set({"distributed.comm.tls.ca-file": certificate, **settings}):
            cluster.add_worker("first")
            cluster.wait_for_workers(1)
            assert run_batch(planned([make("one", *GOOD)], scheduler=cluster.address)).exit_code == 0
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
        ("http://127.0.0.1:8786", "'http' is not a way to reach a scheduler; write tcp:// or tls://"),
        ("tcp://192.0.2.1:8786", "192.0.2.1 is another machine and tcp:// is not encrypted; use tls://, or add --trust-scheduler"),
        ("tcp://scheduler.example.org:8786", "scheduler.example.org is another machine and tcp:// is not encrypted"),
        ("0.0.0.0:8786", "0.0.0.0 is another machine and tcp:// is not encrypted"),
        ("tcp://[2001:db8::1]:8786", "2001:db8::1 is another machine"),
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9: Connection refused; start one with: dask scheduler"),
    ],
)
def test_an_address_that_is_not_safe_or_not_there_is_refused(make: Make, planned: Planned, address: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        planned([make("one", *GOOD)], scheduler=address)
    (fault,) = caught.value.faults
    assert told in str(fault)


def test_an_address_of_another_machine_may_be_trusted() -> None:
    (fault,) = address_faults("tcp://127.1.1.1:9", trusted=True)
    assert "no scheduler answers" in str(fault)
