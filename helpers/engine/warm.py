"""The warm engine: every run is a fork of a process that has already imported everything and run
the shared cells.

Used where forking is safe, which is Linux; everywhere else, and for a run whose fork server refuses
or is lost, the plain engine takes over with the same result.
"""

import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from helpers.engine.cells import shared_cells
from helpers.engine.folders import new_folder
from helpers.engine.journal import sha256
from helpers.engine.kernel import KernelEngine
from helpers.engine.outcome import JOB, LONGEST_WAIT_S, Engine, Job, Limits, ProcessEnd, overdue
from helpers.engine.processes import end_tree


def available() -> bool:
    """Whether this system can fork safely and tell the end of a process without polling."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def chosen(kind: str, environment: dict[str, str], workers: int, suite: str) -> Engine:
    """The engine for this machine: warm where it is wanted and can be, else plain."""
    if kind == "warm" and available():
        return WarmEngine(environment, suite, workers)
    return KernelEngine(environment, suite)


MOST_STARTS = 4  # of the template; one that keeps ending is of no use, and each start costs seconds


@dataclass
class OpenServer:
    """A fork server as its owner holds it. requests: where to ask for runs. lifeline: kept open for
    as long as it is wanted.
    """

    requests: socket.socket
    lifeline: socket.socket | None = None
    used: float = field(default_factory=time.monotonic)
    busy: int = 0

    def gone(self) -> bool:
        """Whether the fork server has ended by itself."""
        ended = selectors.PollSelector()
        # it never writes here: something to read can only be the end
        ended.register(self.requests, selectors.EVENT_READ)
        return bool(ended.select(0))

    def close(self) -> None:
        """Let the fork server go; it ends with everything below it."""
        self.requests.close()
        if self.lifeline is not None:
            self.lifeline.close()


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
        process_end = self._forked(job, folder, limits) if self._starts < MOST_STARTS else None
        if process_end is not None and (
            process_end.status is not None or process_end.overdue or process_end.stopped
        ):
            return process_end
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
        self._plain.stop()
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                end_tree(self._process.pid)
                self._process.wait()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _forked(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd | None:
        """The fate of the job in a forked process; None when no fork server could take it."""
        server = self._fork_server(job, limits)
        started = time.monotonic()
        ours, theirs = lifelines()
        with self._lock:
            self._lifelines.add(ours)
            server.busy += 1
        try:
            with theirs:
                request(server, {"do": "run", "folder": os.fspath(folder)}, theirs)
            self.forked += 1
            return self._wait(ours, folder, started, limits)
        except OSError:  # the fork server is gone
            return None
        finally:
            with self._lock:
                self._lifelines.discard(ours)
                server.busy -= 1
                server.used = time.monotonic()
            ours.close()

    def _wait(
        self, lifeline: socket.socket, folder: Path, started: float, limits: Limits
    ) -> ProcessEnd | None:
        """Wait for the word on a child: its status, a refusal, or the end of the fork server. A
        passed limit closes the lifeline.
        """
        passed = ""
        while True:
            left, limit = (5.0, passed) if passed else overdue(folder, started, limits)
            if limit and not passed:
                passed = limit
                lifeline.shutdown(socket.SHUT_WR)
                continue
            lifeline.settimeout(max(left, 0.001))
            try:
                message = lifeline.recv(4096)
            except TimeoutError:
                if passed:  # even the fork server does not answer
                    return ProcessEnd(None, passed)
                continue
            if not message:
                return ProcessEnd(None, passed, self._stopped)
            told = json.loads(message)
            if "refused" in told:
                self.refusals.append(told["refused"])
                return None
            return ProcessEnd(told["status"], passed, self._stopped)

    def _fork_server(self, job: Job, limits: Limits) -> OpenServer:
        """The open fork server of the job's notebook; the template itself when its leading cells
        cannot be shared.
        """
        key = leading_key(job)
        with self._lock:
            turn = self._opening.setdefault(key, threading.Lock())
        with turn:
            if key in self._open and self._open[key].gone():
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
        told: dict[str, str] = {}
        try:
            with their_lifeline, their_requests:
                request(
                    template,
                    {"do": "open", "folder": os.fspath(folder)},
                    their_lifeline,
                    their_requests,
                )
            lifeline.settimeout(min(limits.cell_s, LONGEST_WAIT_S))
            told = json.loads(lifeline.recv(4096) or b"{}")
        except OSError:
            pass
        server = OpenServer(requests, lifeline)
        if "ready" in told:
            return server
        self.refusals.append(
            told.get("refused", "the shared cells took too long or ended their process")
        )
        server.close()
        return None

    def _started(self) -> OpenServer:
        """The template process, started when there is none or the last one is gone."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._starts += 1
                ours, theirs = lifelines()
                command = [
                    sys.executable,
                    "-P",
                    "-m",
                    "helpers.engine.forkserver",
                    str(theirs.fileno()),
                    os.fspath(self._folder / "ipython"),
                    self._suite,
                ]
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
                self._template = OpenServer(ours)
            assert self._template is not None
            return self._template


def lifelines() -> tuple[socket.socket, socket.socket]:
    """A pair of connected sockets that keep messages apart: one end for us, one for a process to
    come.
    """
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def request(server: OpenServer, content: dict[str, str], *sockets: socket.socket) -> None:
    """Ask a fork server for a child that holds these sockets."""
    socket.send_fds(
        server.requests, [json.dumps(content).encode()], [end.fileno() for end in sockets]
    )


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
