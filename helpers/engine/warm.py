"""The warm engine: every run is a fork of a process that has already imported everything and run
the shared cells.

Used where forking is safe, which is Linux; everywhere else, and for a run whose fork server refuses
or is lost, the plain engine takes over with the same result.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.engine.cells import shared_cells
from helpers.engine.folders import new_folder
from helpers.engine.forkserver import READY
from helpers.engine.journal import sha256
from helpers.engine.kernel import KernelEngine
from helpers.engine.outcome import JOB, Engine, Job, Limits, Passed, ProcessEnd
from helpers.engine.processes import STOPPED, end_tree, state_of
from helpers.engine.servers import FrozenError, OpenServer, lifelines, request
from helpers.engine.watch import GRACE_S, POLL_S, Watch


def available() -> bool:
    """Whether this system can fork safely and tell the end of a process without polling."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def chosen(kind: str, environment: dict[str, str], workers: int, suite: str) -> Engine:
    """The engine for this machine: warm where it is wanted and can be, else plain."""
    if kind == "warm" and available():
        return WarmEngine(environment, suite, workers)
    return KernelEngine(environment, suite)


MOST_STARTS = 4  # of the template; one that keeps ending is of no use, and each start costs seconds
START_S = 120.0  # for a template to import everything, on a busy machine
FROZEN = "the process that starts the runs did not answer; another took its place"


class WarmEngine:
    """Forks a process per run. Used from several threads at once.

    suite: name of the suite's module, or empty.
    open_notebooks: how many notebooks are kept open at a time. forked: how many runs were forked.
    refusals: why something could not be shared or forked, in words; the run itself then went
    another way.
    """

    def __init__(self, environment: dict[str, str], suite: str = "", open_notebooks: int = 2):
        self._environment, self._suite, self._most = environment, suite, open_notebooks
        self._plain = KernelEngine(environment, suite)
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}
        self._template: OpenServer | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._open: dict[str, OpenServer] = {}
        self._unshared: set[str] = set()
        self._lifelines: set[socket.socket] = set()
        self._stopped = False
        self._starts = 0
        self.forked = 0
        self.refusals: list[str] = []

    @cached_property
    def _folder(self) -> Path:
        return new_folder("warm")

    def execute(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd:
        """Run the job in `folder` in a forked process and wait for its end."""
        (folder / JOB).write_text(job.to_json())
        while self._starts < MOST_STARTS and not self._stopped:
            try:
                process_end = self._forked(job, folder, limits)
            except FrozenError:  # before it took the run: the next one takes it
                continue
            if process_end is not None:
                return process_end
            break
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self._plain.execute(job, folder, limits)

    def stop(self) -> None:
        """End every process of this engine at once."""
        self._stopped = True
        with self._lock:
            for lifeline in self._lifelines:
                lifeline.shutdown(socket.SHUT_RDWR)
            for server in self._open.values():
                server.close()
            self._open.clear()
            if self._template is not None:
                self._template.close()
                if not self._template.ready:  # it imports, and would notice late
                    end_tree(self._template.process)
        self._plain.stop()
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                end_tree(self._process.pid)
                self._process.wait()
            shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the template, without waiting for it."""
        with self._lock:
            self._start()

    def _forked(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd | None:
        """The fate of the job in a forked process; None when no fork server could take it. Raises
        `FrozenError` when the one that should did not answer.
        """
        try:
            server = self._fork_server(job, limits)
            ours, theirs = lifelines()
        except OSError:  # the template is gone
            return None
        with self._lock:
            self._lifelines.add(ours)
            server.busy += 1
        try:
            with theirs:
                request(server, {"do": "run", "folder": os.fspath(folder)}, theirs)
            told = self._answer(ours, server)
            if "process" not in told:
                self.refusals += [told["refused"]] if "refused" in told else []
                return None
            self.forked += 1
            return self._wait(ours, server, told["process"], Watch(folder, limits))
        except OSError:  # the fork server is gone
            return None
        finally:
            with self._lock:
                self._lifelines.discard(ours)
                server.busy -= 1
                server.used = time.monotonic()
            ours.close()

    def _answer(
        self, lifeline: socket.socket, server: OpenServer, cells_s: float = 0.0
    ) -> dict[str, Any]:
        """The next word of a fork server; nothing when it is gone, or when it runs cells for longer
        than `cells_s`. One that stands still, or that runs none and is silent for seconds, is
        ended. Raises `FrozenError` then.
        """
        give_up = time.monotonic() + (cells_s or GRACE_S)
        lifeline.settimeout(POLL_S)
        while True:
            with contextlib.suppress(TimeoutError):
                answer: dict[str, Any] = json.loads(lifeline.recv(4096) or b"{}")
                return answer
            is_late = time.monotonic() > give_up
            if state_of(server.process)[0] == STOPPED or (is_late and not cells_s):
                self._end_frozen(server)
                raise FrozenError(FROZEN)
            if is_late:
                return {}

    def _wait(
        self, lifeline: socket.socket, server: OpenServer, process: int, watch: Watch
    ) -> ProcessEnd:
        """Wait for the end of a child. One that passes a limit of time is interrupted, so that the
        cell can say where it was, and killed when it does not end by itself; one that passes
        another limit is killed at once. A child that has ended without a word from its fork server
        tells that this one is frozen.
        """
        passed: Passed | None = None
        ended_at = kill_at = float("inf")
        while True:
            lifeline.settimeout(POLL_S)
            with contextlib.suppress(TimeoutError):
                message = lifeline.recv(4096)
                status = json.loads(message)["status"] if message else None
                return ProcessEnd(status, passed, self._stopped)
            now = time.monotonic()
            state, status = state_of(process)
            if state in ("Z", "X", ""):
                ended_at = min(ended_at, now)
                if now > ended_at + GRACE_S:
                    self._end_frozen(server)
                    return ProcessEnd(status if state == "Z" else None, passed, note=FROZEN)
            elif now > kill_at:
                end_tree(process)
            elif passed is None and (passed := watch.passed(process)):
                kill_at = now
                if passed.state == "timeout":
                    with contextlib.suppress(ProcessLookupError):  # it has just ended
                        os.kill(process, signal.SIGINT)
                    kill_at += GRACE_S

    def _end_frozen(self, server: OpenServer) -> None:
        """End a fork server that does not answer, with all below it."""
        with self._lock:
            self._open = {key: other for key, other in self._open.items() if other is not server}
            end_tree(server.process)
            server.close()
            if self._process is not None and server is self._template:
                self._process.wait()  # only then is it seen to have ended
        self.refusals.append(FROZEN)

    def _fork_server(self, job: Job, limits: Limits) -> OpenServer:
        """The open fork server of the job's notebook; the template itself when its leading cells
        cannot be shared.
        """
        key = leading_key(job)
        with self._lock:
            turn = self._opening.setdefault(key, threading.Lock())
        with turn:
            if key in self._open and self._open[key].told():
                with self._lock:
                    self._open.pop(key).close()
            if key not in self._open and key not in self._unshared and key:
                opened = self._opened(job, limits)
                with self._lock:
                    if opened is None:
                        self._unshared.add(key)
                    else:
                        self._close_idle()
                        self._open[key] = opened
            return self._open.get(key) or self._started()

    def _close_idle(self) -> None:
        """Close idle fork servers beyond the number that may be open, the longest unused first.
        Call with the lock held.
        """
        idle = sorted(
            (name for name, server in self._open.items() if not server.busy),
            key=lambda name: self._open[name].used,
        )
        for name in idle[: max(len(self._open) - self._most + 1, 0)]:
            self._open.pop(name).close()

    def _opened(self, job: Job, limits: Limits) -> OpenServer | None:
        """A new fork server that has run the leading cells, or None when they cannot be shared."""
        template = self._started()
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        (folder / JOB).write_text(job.to_json())
        (lifeline, their_lifeline), (requests, their_requests) = lifelines(), lifelines()
        server = OpenServer(0, requests, lifeline)
        try:
            with their_lifeline, their_requests:
                content = {"do": "open", "folder": os.fspath(folder)}
                request(template, content, their_lifeline, their_requests)
            told = self._answer(lifeline, template)
            if "process" in told:
                server.process = told["process"]
                told = self._answer(lifeline, server, limits.cell_s)
        except FrozenError:
            server.close()
            raise
        except OSError:  # the template is gone
            told = {}
        if "ready" in told:
            return server
        self.refusals.append(
            told.get("refused", "the shared cells took too long or ended their process")
        )
        server.close()
        return None

    def _started(self) -> OpenServer:
        """The template process, ready to fork. Raises OSError when it is gone before it is."""
        with self._starting:
            with self._lock:
                template = self._start()
            give_up = time.monotonic() + START_S
            while not template.ready and not self._stopped:
                if template.told(POLL_S):
                    template.ready = template.requests.recv(len(READY)) == READY
                    if not template.ready:
                        raise ConnectionError("the template ended while it started")
                elif time.monotonic() > give_up or state_of(template.process)[0] == STOPPED:
                    end_tree(template.process)
            return template

    def _start(self) -> OpenServer:
        """The template process, started when there is none or the last one is gone. Call with the
        lock held.
        """
        if (
            self._template is not None
            and self._process is not None
            and self._process.poll() is None
        ):
            return self._template
        self._starts += 1
        ours, theirs = lifelines()
        command = [sys.executable, "-P", "-m", "helpers.engine.forkserver"]
        command += [str(theirs.fileno()), os.fspath(self._folder / "ipython"), self._suite]
        with theirs, (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=self._environment,
                cwd=self._folder,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self._template is not None:
            self._template.close()
        self._template = OpenServer(self._process.pid, ours)
        return self._template


def leading_key(job: Job) -> str:
    """Hash of the cells above the parameters cell, which no parameter can reach; empty when there
    are none.
    """
    cells = json.loads(job.source)["cells"]
    count = shared_cells(cells)
    return (
        sha256(json.dumps([job.directory, *(cell["source"] for cell in cells[:count])]).encode())
        if count
        else ""
    )
