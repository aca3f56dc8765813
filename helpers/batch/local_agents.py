"""Agent processes on this machine: the same ones that cluster workers start, asked from threads
that only wait.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from helpers.batch.cluster_worker import LostError, asked, started
from helpers.batch.executor import execute
from helpers.batch.options import Options
from helpers.batch.points import Grid, computed
from helpers.batch.privacy import Private, kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine.outcome import Job, Limits
from helpers.engine.warm import chosen


class LocalAgents:
    """As many agents as workers, started when they are first needed."""

    def __init__(self, options: Options):
        self._options = options
        self._environment = kernel_environment()
        self._threads = ThreadPoolExecutor(options.workers)
        self._own = threading.local()
        self._started: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def answers(self, requests: Iterable[str]) -> Iterator[str]:
        """The answers to the requests, in their order; few are under way at a time. Raises
        `LostError` when an agent is lost.
        """
        pending: deque[Future[str]] = deque()
        for request in requests:
            pending.append(self._threads.submit(self._ask, request))
            if len(pending) >= 2 * self._options.workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def close(self) -> None:
        """End the agents."""
        self._closed = True
        for agent in self._started:
            agent.kill()
        self._threads.shutdown(cancel_futures=True)
        for agent in self._started:
            agent.communicate()

    def _ask(self, request: str, again: bool = True) -> str:
        """The answer of this thread's agent; of a new one when it is lost."""
        if getattr(self._own, "agent", None) is None:
            self._own.agent = started(self._environment)
            self._started.append(self._own.agent)
        try:
            return asked(self._own.agent, request)
        except LostError:
            self._own.agent = None
            if again and not self._closed:
                return self._ask(request, again=False)
            raise


IDLE_S = 600.0


def main() -> None:
    """Serve until the worker closes the pipe, or nothing has come for long: a client that vanished
    leaves nothing behind.
    """
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # nothing but answers may reach the worker
    # a worker waits for its answer before it asks again: nothing is left in the buffer while we
    # wait
    requests = os.fdopen(0, "rb")
    engine = None
    try:
        while select.select([requests], [], [], IDLE_S)[0]:
            line = requests.readline()
            if not line:
                break
            request = json.loads(line)
            if "grid" in request:
                answer = json.dumps(
                    computed(Grid(**request["grid"]), request["start"], request["stop"])
                )
            else:
                if engine is None:  # the worker's variables, with our own before them
                    variables = request["variables"] | dict(os.environ)
                    environment = kernel_environment(tuple(request["keep_environment"]), variables)
                    engine = chosen(request["engine"], environment, 1, SUITE)
                    private = Private.of_this_machine(variables)
                job, limits = Job.from_json(request["job"]), Limits(**request["limits"])
                answer = execute(engine, job, limits, private, request["retries"]).to_json()
            answers.write(answer.encode() + b"\n")
    except BrokenPipeError:  # the worker is gone
        pass
    finally:
        if engine is not None:
            engine.stop()


if __name__ == "__main__":
    main()
    sys.exit(0)
