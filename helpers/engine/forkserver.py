"""Processes that fork: the template that has imported everything, and per notebook one that has run
the shared cells.

    batch ── template ──┬── fork server of a notebook ──┬── run
                        │                               └── run
                        └── run (of a notebook whose leading cells cannot be shared)

A fork server has one thread and no event loop, so that forking it is safe; it asks the system
before every fork. It does three things: fork on request, kill when told or when its owner is gone,
and report how each child ended. Requests come as JSON with a socket attached, the child's lifeline:
the child's process id comes on it at once, by which the owner knows that the server is alive, and
its end when it ends; closing it kills the child and all that it started.
"""

import contextlib
import faulthandler
import functools
import gc
import json
import os
import random
import selectors
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from helpers.engine.processes import (
    adopt_orphans,
    children,
    die_with_parent,
    end_children,
    end_tree,
    threads,
)

LONGEST_REQUEST = 65_536
LONGEST_FAULT = 300  # characters of a message to the owner
READY = b"ready"  # the one word that a template says by itself
BROKEN = 70  # exit code of a child that failed in our own code


@dataclass
class Child:
    """A forked process: its id, a descriptor that becomes readable at its end, its lifeline."""

    process: int
    ended: int
    lifeline: socket.socket


class ForkServer:
    """The loop of a forking process. suite: name of the suite's module, or empty. shared: cells
    that have run and that its children take over.
    """

    def __init__(self, requests: socket.socket, suite: str, shared: Sequence[Any] = ()):
        self._requests, self._suite, self._shared = requests, suite, shared
        self._children: dict[int, Child] = {}
        # holds no descriptor of its own that a fork would share
        self._selector = selectors.PollSelector()

    def serve(self) -> NoReturn:
        """Serve requests until the owner is gone; then end every child and this process."""
        adopt_orphans()
        gc.collect()
        gc.freeze()  # a collection in a child would touch, and so copy, every page
        self._selector.register(self._requests, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._requests:
                    self._request()
                elif key.data in self._children and key.fd == self._children[key.data].ended:
                    self._report(self._children.pop(key.data))
                # any word on the lifeline, or its end, means: kill
                elif key.data in self._children:
                    self._selector.unregister(key.fileobj)
                    end_tree(key.data)

    def _request(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._requests, LONGEST_REQUEST, 2)
        if not message:
            end_children()
            os._exit(0)
        lifeline, *others = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        request = json.loads(message)
        if threads() > 1 or (self._shared and set(children()) - set(self._children)):
            _tell(lifeline, refused="the process has more than one thread")
            lifeline.close()
            return
        process = os.fork()
        if process == 0:
            self._become_child(request, lifeline, others)
        child = Child(process, os.pidfd_open(process), lifeline)
        self._children[process] = child
        self._selector.register(child.ended, selectors.EVENT_READ, process)
        self._selector.register(lifeline, selectors.EVENT_READ, process)
        _tell(lifeline, process=process)
        for other in others:
            other.close()

    def _report(self, child: Child) -> None:
        _, status = os.waitpid(child.process, 0)
        self._selector.unregister(child.ended)
        if child.lifeline in self._selector.get_map():
            self._selector.unregister(child.lifeline)
        os.close(child.ended)
        end_children(spare=set(self._children))  # what the child left behind is ours now
        _tell(child.lifeline, status=os.waitstatus_to_exitcode(status))
        child.lifeline.close()

    def _become_child(
        self, request: dict[str, Any], lifeline: socket.socket, others: list[socket.socket]
    ) -> NoReturn:
        code = BROKEN
        try:
            os.setsid()
            die_with_parent()
            for child in self._children.values():
                child.lifeline.close()
                os.close(child.ended)
            self._requests.close()
            folder = Path(request["folder"])
            if request["do"] == "open":
                open_notebook(folder, self._suite, lifeline, others[0])
            lifeline.close()
            run(folder, self._suite, self._shared)
            code = 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)


def _tell(lifeline: socket.socket, **facts: Any) -> None:
    with contextlib.suppress(OSError):  # the owner has closed it: nobody wants to know
        lifeline.send(json.dumps(facts).encode())


def open_notebook(
    folder: Path, suite: str, lifeline: socket.socket, requests: socket.socket
) -> NoReturn:
    """Become the fork server of a notebook: run the cells above its parameters cell, then serve."""
    from helpers.engine import shell
    from helpers.engine.cells import shared_cells
    from helpers.engine.outcome import JOB, Job
    from helpers.engine.perform import prepared

    job = Job.from_json((folder / JOB).read_text())
    notebook = prepared(job)
    count = shared_cells(notebook.cells)
    settle(folder, job.directory)
    try:
        shared = shell.run_shared(notebook, count)
        fault = (
            ""
            if threads() == 1 and not children()
            else "the shared cells left threads or processes behind"
        )
    except Exception as error:  # whatever it is, the runs will meet it themselves and say so
        fault = f"{type(error).__name__}: {error}".split("\n")[0][:LONGEST_FAULT]
    if fault:
        _tell(lifeline, refused=fault)
        os._exit(0)
    _tell(lifeline, ready=count)
    lifeline.close()
    ForkServer(requests, suite, shared).serve()


def run(folder: Path, suite: str, shared: Sequence[Any]) -> None:
    """Perform the job in `folder` in this freshly forked process."""
    from helpers.engine import perform, shell
    from helpers.engine.outcome import JOB, Job
    from helpers.engine.processes import FaultMonitor

    # stops the cell that runs, as in a plain kernel. In place of a handler that it knows for
    # Python's an event loop puts its own, which spares a cell that never waits
    signal.signal(signal.SIGINT, functools.partial(signal.default_int_handler))
    faulthandler.enable()  # a crash says where, for the log
    adopt_orphans()  # until this process ends, what it starts belongs to it
    job = Job.from_json((folder / JOB).read_text())
    settle(folder, job.directory)
    monitor = FaultMonitor(folder, shell.kernel().shell)
    perform.perform(
        job, folder, shell.ENGINE, perform.suite_named(suite), shared=shared, at_end=monitor.finish
    )


def settle(folder: Path, directory: str) -> None:
    """Give a forked process what must not be its parent's: folders, streams, random numbers.
    directory: where its cells run.
    """
    from helpers.engine import shell
    from helpers.engine.perform import scratch

    os.environ.update(scratch(folder))
    tempfile.tempdir = None
    os.chdir(directory or folder / "work")
    for stream in shell.streams:
        stream.catch(folder)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(None)


def template(requests: socket.socket, folder: Path, name: str) -> NoReturn:
    """Become the template: make the kernel, warm up for the suite of this name, then serve."""
    from helpers.engine import shell
    from helpers.engine.perform import suite_named

    shell.start(folder)
    if module := suite_named(name):
        module.warm_up()
    requests.send(READY)
    ForkServer(requests, name).serve()


if __name__ == "__main__":
    # Ctrl-C is the batch's to handle: it closes the lifelines
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    template(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), sys.argv[3])
