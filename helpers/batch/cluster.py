"""Runs on a dask.distributed cluster, through the same executor interface as on this machine.

Workers share no disk with us: our code and data travel once as a bundle named by its hash, each job carries its notebook,
finished bytes come back. At least once is assumed: what Dask runs twice comes back once, and is kept once.
"""

import contextlib
import io
import ipaddress
import itertools
import json
import pickle
import socket
import threading
import uuid
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from helpers import PROJECT_ROOT
from helpers.batch import remote
from helpers.batch.agents import LostError
from helpers.batch.executor import Ended, Started, begun, ended
from helpers.batch.files import sha256
from helpers.batch.inputs import code_files, data_files, package_versions
from helpers.batch.outcome import Outcome
from helpers.batch.planning import Options, Work
from helpers.batch.privacy import Private
from helpers.batch.scan import scanned
from helpers.errors import Fault, InputError

ENCRYPTED = ("tls", "wss")
CERTIFICATE = tuple(f"DASK_DISTRIBUTED__COMM__TLS__{part}" for part in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY"))
CONNECT_S = 10
FIRST_WORKER_S = 10
AHEAD = 2  # runs handed to the cluster per slot: enough to keep it busy, few enough to keep it small


def address_faults(address: str, trusted: bool) -> list[Fault]:
    """What is wrong with a scheduler address: unreadable, open to others, or nobody there.

    Whoever reaches a plain TCP scheduler can run any code on its workers, so only this machine's own is taken, unless told.
    """
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:  # a bracket or a port that is none
        host, port = None, None
    if not host or not port:
        return [Fault("--scheduler", f"'{address}' is not an address", "write it as dask prints it, such as tcp://127.0.0.1:8786")]
    if parts.scheme not in (*ENCRYPTED, "tcp"):
        return [Fault("--scheduler", f"'{parts.scheme}' is not a way to reach a scheduler", "write tcp:// or tls://")]
    if parts.scheme not in ENCRYPTED and not trusted and not _loopback(host):
        return [Fault("--scheduler", f"{host} is another machine and tcp:// is not encrypted", "use tls://, or add --trust-scheduler on a network you trust")]
    if parts.scheme in ENCRYPTED and (fault := _certificate_fault()):
        return [Fault("--scheduler", fault, f"set {', '.join(CERTIFICATE)} to the files")]
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except OSError as error:
        return [Fault("--scheduler", f"no scheduler answers at {address}: {error.strerror or error}", "start one with: dask scheduler --host 127.0.0.1")]
    return []


def _certificate_fault() -> str:
    """Why nothing could be encrypted with what Dask is told of certificates, or an empty string."""
    from distributed.security import Security

    try:
        found = Security().get_connection_args("client")["ssl_context"]
    except OSError as error:
        return f"the certificates for TLS cannot be read: {error.strerror or error}"
    return "" if found else "no certificate for TLS is set"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bundle() -> bytes:
    """Our code and data as a zip file, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in [*code_files(), *data_files()]:
            entry = zipfile.ZipInfo(path.relative_to(PROJECT_ROOT).as_posix())  # with a fixed date
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class Carried:
    """A function that travels with its code. Within a task it would go by its name, and workers have nothing of ours to look it
    up in."""

    def __init__(self, function: Callable[..., Any]):
        import cloudpickle

        cloudpickle.register_pickle_by_value(remote)
        self.content: bytes = cloudpickle.dumps(function)

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.content,)

    def __call__(self) -> None:
        """Not for this side: `submit` takes only what can be called, and a worker calls the function itself."""
        raise NotImplementedError


class Cluster:
    """A connection to a scheduler, and our code and data on its workers."""

    def __init__(self, options: Options):
        from distributed import Client

        self._perform, self._farewell = Carried(remote.perform), Carried(remote.end)
        content = bundle()
        self._packages, self._handed_over = package_versions(), itertools.count()
        try:
            self._client: Any = Client(options.scheduler, timeout=CONNECT_S, set_as_default=False, name="reverse-imports")
        except (OSError, ValueError) as error:
            raise InputError([Fault("--scheduler", f"{options.scheduler}: {error}".split("\n")[0])]) from None
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError:
            self._client.close(timeout=1)
            words = f"the scheduler {options.scheduler} has no workers after {FIRST_WORKER_S} s"
            raise InputError([Fault("--scheduler", words, f"start one with: dask worker {options.scheduler}")]) from None
        self._bundle = self._client.submit(bytes, content, key=f"reverse-imports-bundle-{sha256(content)}")

    def ahead(self) -> int:
        """How many requests to hand over at a time."""
        slots: int = sum(self._client.nthreads().values())
        return AHEAD * max(slots, 1)

    def submit(self, request: str) -> Any:
        """Hand a request over; gives its future. Of requests that wait, the one handed over first is taken first."""
        words = {"key": f"reverse-imports-{uuid.uuid4().hex}", "priority": -next(self._handed_over)}
        return self._client.submit(self._perform, self._bundle, self._client.id, self._packages, request, **words)

    def completed(self) -> Any:
        """An iterator over futures as they end, to which more can be added."""
        from distributed import as_completed

        return as_completed(loop=self._client.loop)

    def answers(self, requests: Iterable[str]) -> Iterator[str]:
        """The answers to the requests, in their order; few are under way at a time. Raises `LostError` when one cannot be had."""
        pending: deque[Any] = deque()
        waiting, most = iter(requests), self.ahead()
        while True:
            pending.extend(self.submit(request) for request in itertools.islice(waiting, most - len(pending)))
            if not pending:
                return
            future = pending.popleft()
            try:
                yield str(future.result())
            except CancelledError:
                raise LostError("the connection to the scheduler was lost") from None
            except Exception as error:  # whatever the work or its worker raised
                raise LostError(str(error).split("\n")[0]) from None
            future.release()

    def close(self) -> None:
        """Take back what has not ended and end our processes on the workers; at most a second for workers that do not answer."""
        farewell = threading.Thread(target=self._end, daemon=True)
        farewell.start()
        farewell.join(1.0)
        self._client.close(timeout=1)

    def _end(self) -> None:
        from distributed.comm.core import CommClosedError

        if self._client.status == "running":
            with contextlib.suppress(CommClosedError, OSError):  # the client closes before slow workers have answered
                self._client.run(self._farewell, self._client.id, on_error="ignore")


class ClusterExecutor:
    """Hands runs to a cluster, a few ahead of what its workers do, and takes the outcomes as they come.

    private: what must not stand in what comes back. It never leaves this process: each worker looks for its own.
    """

    def __init__(self, options: Options, private: Private):
        self._options, self._private, self._cluster = options, private, Cluster(options)

    def run(self, works: Sequence[Work]) -> Iterator[Started | Ended]:
        """Execute the works on the cluster; events come as they happen. A run counts as begun when it is handed over."""
        waiting, most = list(reversed(works)), self._cluster.ahead()
        futures: dict[str, Work] = {}
        completed = self._cluster.completed()

        def hand_over() -> Iterator[Started | Ended]:
            while waiting and len(futures) < most:
                one = waiting.pop()
                future = self._cluster.submit(request_text(one, self._options))
                futures[future.key] = one
                completed.add(future)
                yield from begun(one)

        yield from hand_over()
        while futures:
            future = next(completed)
            yield from ended(futures.pop(future.key), scanned(_outcome(future), self._private))
            future.release()
            yield from hand_over()

    def close(self) -> None:
        """Take back what has not ended and end our processes on the workers."""
        self._cluster.close()

    def remarks(self) -> list[str]:
        """Nothing: workers tell no more than outcomes."""
        return []


def request_text(work: Work, options: Options) -> str:
    """What is sent to a worker for one execution, as text."""
    words = {"job": work.job.to_json(), "limits": asdict(options.limits), "engine": options.engine, "keep_environment": options.keep_environment}
    return json.dumps(words)


def _outcome(future: Any) -> Outcome:
    """The outcome of a run from its future. A result that was lost with its worker is computed again meanwhile."""
    try:
        return Outcome.from_json(future.result())
    except CancelledError:
        return Outcome("aborted", "the connection to the scheduler was lost")
    except Exception as error:  # whatever the work or its worker raised
        if type(error).__name__ == "KilledWorker":
            return Outcome("kernel-died", "the worker that ran it died, again and again")
        return Outcome("failed", str(error).split("\n")[0] or type(error).__name__)
