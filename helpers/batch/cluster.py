"""Runs on a dask.distributed cluster, through the same executor interface as on this machine.

Workers share no disk with us: our code and data travel once as a bundle named by its hash, each job
carries its notebook, finished bytes come back. At least once is assumed: what Dask runs twice comes
back once, and is kept once.
"""

import contextlib
import io
import itertools
import json
import pickle
import threading
import uuid
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import asdict
from typing import Any

from helpers import PROJECT_ROOT
from helpers.batch import cluster_worker
from helpers.batch.cluster_worker import LostError
from helpers.batch.executor import Ended, Started, begun, ended
from helpers.batch.ledger import code_files, data_files, package_versions
from helpers.batch.options import CONNECT_S, Options
from helpers.batch.planning import Work
from helpers.batch.privacy import Private, scanned
from helpers.engine import folders
from helpers.engine.journal import sha256
from helpers.engine.outcome import Outcome
from helpers.errors import refusal

FIRST_WORKER_S = 10
# runs handed to the cluster per slot: enough to keep it busy, few enough to keep it small
AHEAD = 2


def bundle() -> bytes:
    """Our code and data as a zip file, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in [*code_files(), *data_files()]:
            entry = zipfile.ZipInfo(path.relative_to(PROJECT_ROOT).as_posix())  # with a fixed date
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class Carried:
    """A function that travels with its code. Within a task it would go by its name, and workers
    have nothing of ours to look it up in.
    """

    def __init__(self, function: Callable[..., Any]):
        import cloudpickle

        for module in (cluster_worker, folders):
            cloudpickle.register_pickle_by_value(module)
        self.content: bytes = cloudpickle.dumps(function)

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.content,)

    def __call__(self) -> None:
        """Not for this side: `submit` takes only what can be called, and a worker calls the
        function itself.
        """
        raise NotImplementedError


class Cluster:
    """A connection to a scheduler, and our code and data on its workers."""

    def __init__(self, options: Options):
        from distributed import Client

        self._perform, self._farewell = Carried(cluster_worker.perform), Carried(cluster_worker.end)
        content = bundle()
        self._packages, self._handed_over = package_versions(), itertools.count()
        try:
            self._client: Any = Client(
                options.scheduler, timeout=CONNECT_S, set_as_default=False, name="reverse-imports"
            )
        except (OSError, ValueError) as error:
            raise refusal("--scheduler", f"{options.scheduler}: {error}".split("\n")[0]) from None
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError:
            self._client.close(timeout=1)
            what = f"the scheduler {options.scheduler} has no workers after {FIRST_WORKER_S} s"
            raise refusal(
                "--scheduler", what, f"start one with: dask worker {options.scheduler}"
            ) from None
        self._bundle = self._client.submit(
            bytes, content, key=f"reverse-imports-bundle-{sha256(content)}"
        )

    def ahead(self) -> int:
        """How many requests to hand over at a time."""
        slots: int = sum(self._client.nthreads().values())
        return AHEAD * max(slots, 1)

    def submit(self, request: str) -> Any:
        """Hand a request over; gives its future. Of requests that wait, the one handed over first
        is taken first.
        """
        options = {
            "key": f"reverse-imports-{uuid.uuid4().hex}",
            "priority": -next(self._handed_over),
        }
        return self._client.submit(
            self._perform, self._bundle, self._client.id, self._packages, request, **options
        )

    def completed(self) -> Any:
        """An iterator over futures as they end, to which more can be added."""
        from distributed import as_completed

        return as_completed(loop=self._client.loop)

    def answers(self, requests: Iterable[str]) -> Iterator[str]:
        """The answers to the requests, in their order; few are under way at a time. Raises
        `LostError` when one cannot be had.
        """
        pending: deque[Any] = deque()
        waiting, most = iter(requests), self.ahead()
        while True:
            pending.extend(
                self.submit(request) for request in itertools.islice(waiting, most - len(pending))
            )
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
        """Take back what has not ended and end our processes on the workers; at most a second for
        workers that do not answer.
        """
        farewell = threading.Thread(target=self._end, daemon=True)
        farewell.start()
        farewell.join(1.0)
        self._client.close(timeout=1)

    def _end(self) -> None:
        from distributed.comm.core import CommClosedError

        if self._client.status == "running":
            # the client closes before slow workers have answered
            with contextlib.suppress(CommClosedError, OSError):
                self._client.run(self._farewell, self._client.id, on_error="ignore")


class ClusterExecutor:
    """Hands runs to a cluster, a few ahead of what its workers do, and takes the outcomes as they
    come.

    private: what must not stand in what comes back. It never leaves this process: each worker looks
    for its own.
    """

    def __init__(self, options: Options, private: Private):
        self._options, self._private, self._cluster = options, private, Cluster(options)

    def run(self, works: Sequence[Work]) -> Iterator[Started | Ended]:
        """Execute the works on the cluster; events come as they happen. A run counts as begun when
        it is handed over.
        """
        waiting, most = list(reversed(works)), self._cluster.ahead()
        futures: dict[str, Work] = {}
        completed = self._cluster.completed()

        def hand_over() -> Iterator[Started | Ended]:
            while waiting and len(futures) < most:
                work = waiting.pop()
                future = self._cluster.submit(request_text(work, self._options))
                futures[future.key] = work
                completed.add(future)
                yield from begun(work)

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
    request = {
        "job": work.job.to_json(),
        "limits": asdict(options.limits),
        "retries": options.retries,
        "engine": options.engine,
        "keep_environment": options.keep_environment,
    }
    return json.dumps(request)


def _outcome(future: Any) -> Outcome:
    """The outcome of a run from its future. A result that was lost with its worker is computed
    again meanwhile.
    """
    try:
        return Outcome.from_json(future.result())
    except CancelledError:
        return Outcome("aborted", "the connection to the scheduler was lost")
    except Exception as error:  # whatever the work or its worker raised
        if type(error).__name__ == "KilledWorker":
            return Outcome("kernel-died", "the worker that ran it died, again and again")
        return Outcome("failed", str(error).split("\n")[0] or type(error).__name__)
