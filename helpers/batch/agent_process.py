"""The process that a cluster worker starts: reads requests from its standard input, runs jobs warm
or computes points, answers.
"""

import json
import os
import select
import sys

from helpers.batch.executor import execute
from helpers.batch.points import Grid, computed
from helpers.batch.privacy import Private, kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine.job import Job, Limits
from helpers.engine.warm import chosen

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
    private = Private.of_this_machine()
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
                if engine is None:
                    environment = kernel_environment(tuple(request["keep_environment"]))
                    engine = chosen(request["engine"], environment, 1, SUITE)
                job, limits = Job.from_json(request["job"]), Limits(**request["limits"])
                answer = execute(engine, job, limits, private).to_json()
            answers.write(answer.encode() + b"\n")
    except BrokenPipeError:  # the worker is gone
        pass
    finally:
        if engine is not None:
            engine.stop()


if __name__ == "__main__":
    main()
    sys.exit(0)
