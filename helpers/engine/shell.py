"""ipykernel's own shell in this very process, driven by papermill's own client, with no socket and
no thread between.

The client believes it talks to a kernel; the kernel believes it talks to a client. What stands
between them in a plain kernel (ZeroMQ, an event pipe, two threads) is replaced by two queues here,
and nothing else is: displays, streams and tracebacks are made by ipykernel and put into the
notebook by nbclient. Private parts of ipykernel that this leans on are named where they are used;
`tests/batch/test_engines.py` holds both engines to equal outputs.
"""

import asyncio
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipykernel.debugger
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShellABC
from IPython.core.profiledir import ProfileDir
from nbclient.util import run_hook, run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

from helpers.engine.wire import SHELL, Queues, Stream

ENGINE = "in-process"
# of the event loop between cells, for tasks that a cell began: an idle kernel has time for them
IDLE_TURNS = 10


class Shell(ZMQInteractiveShell):
    """ipykernel's shell; a batch has no windows to integrate with."""

    def enable_gui(self, gui: Any = None) -> None:
        """Only remember the choice."""
        self.active_eventloop = gui


Shell.__name__ = ZMQInteractiveShell.__name__  # libraries ask for this name to know where they are
InteractiveShellABC.register(Shell)


class Kernel(IPythonKernel):
    """ipykernel's kernel with queues for sockets."""

    shell_class = Shell
    _execute_sleep = 0

    def _abort_queues(self, subshell_id: Any = None) -> None:
        """Nothing is queued: the client sends the next cell after the reply."""

    def _input_request(self, *_: Any, **__: Any) -> str:
        raise EOFError("a batch run has no input")


class Client(PapermillNotebookClient):
    """papermill's client; its kernel is this process.

    shared: leading cells that ran before this process was forked; their outputs are taken over.
    """

    def __init__(self, nb_man: Any, shared: Any = (), **options: Any):
        super().__init__(nb_man, **options)
        self.shared = shared

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """Nothing to start."""
        self.km = self.kc = Link()
        with this_process_prints():
            yield

    async def async_execute_cell(
        self,
        cell: Any,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> Any:
        """Execute a cell, or take over a shared one."""
        if cell_index >= len(self.shared) or cell.cell_type != "code":
            return await super().async_execute_cell(
                cell, cell_index, execution_count, store_history
            )
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if (count := self.shared[cell_index].execution_count) is not None:
            cell.outputs, cell.execution_count = deepcopy(self.shared[cell_index].outputs), count
            await run_hook(
                self.on_cell_executed,
                cell=cell,
                cell_index=cell_index,
                execute_reply={"content": {"status": "ok"}},
            )
        return cell

    execute_cell = run_sync(async_execute_cell)


class Engine(NBClientEngine):
    """papermill engine for the inside of a run's process."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, log_output: bool = False, **options: Any
    ) -> Any:
        """Execute the notebook in this process."""
        for name in (
            "input_path",
            "stdout_file",
            "stderr_file",
            "start_timeout",
            "execution_timeout",
        ):
            options.pop(name, None)
        return Client(nb_man, kernel_name=kernel_name, **options).execute()


class Link:
    """What a client needs of a kernel: manager, client and both channels in one."""

    allow_stdin = False
    has_kernel = True

    def __init__(self) -> None:
        self.session = session()
        self.shell_channel = Channel(self.session.replies)
        self.iopub_channel = Channel(self.session.published)

    def kernel_info(self) -> str:
        """Queue what a client asks for at the end: the language."""
        request = session().msg("kernel_info_request")
        session().send(
            SHELL, "kernel_info_reply", {"language_info": kernel().language_info}, parent=request
        )
        return str(request["header"]["msg_id"])

    async def execute(
        self, code: str, store_history: bool = True, stop_on_error: bool = True
    ) -> str:
        """Run a cell to its end; all its messages are queued then."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        request = session().msg("execute_request", content)
        session().meter.reset()
        kernel().set_parent([], request)
        kernel()._publish_status("busy", "shell", request)
        await kernel().execute_request(SHELL, [], request)
        kernel()._publish_status("idle", "shell", request)
        for _ in range(IDLE_TURNS):
            await asyncio.sleep(0)
        return str(request["header"]["msg_id"])

    async def is_alive(self) -> bool:
        """The kernel lives as long as this process."""
        return True


class Channel:
    """Reading end of a queue."""

    def __init__(self, messages: deque[Any]):
        self._messages = messages

    async def get_msg(self, timeout: float | None = None) -> Any:
        """The next message; there always is one, because a cell has ended before its client
        reads.
        """
        return self._messages.popleft()

    def send(self, message: Any) -> None:
        """What the front end of a widget tells the kernel, such as the outputs an Output widget
        has.
        """
        kernel().comm_manager.comm_msg(SHELL, [], message)


def session() -> Queues:
    """The session of this process's kernel."""
    queues = kernel().session
    assert isinstance(queues, Queues)
    return queues


def kernel() -> Any:
    """The one kernel of this process."""
    return Kernel.instance()


def start(folder: Path) -> None:
    """Make this process's kernel. Starts no thread and opens no socket, so that the process may
    fork afterwards.
    """
    ipykernel.debugger._is_debugpy_available = False  # a debugger would open sockets
    config = Config()
    config.HistoryManager.hist_file = ":memory:"  # as nbclient does; a file is written by a thread
    queues = Queues()
    made: Any = Kernel.instance(
        config=config,
        session=queues,
        iopub_socket=object(),
        profile_dir=ProfileDir.create_profile_dir(os.fspath(folder)),
        shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        log=_silent_log(),
    )
    made.io_loop = SimpleNamespace(
        # takes the interrupt of a cell that waits
        add_callback=lambda call: asyncio.get_running_loop().call_soon_threadsafe(call),
        # would end a kernel that was asked to exit: the run ends it
        call_later=lambda *_: None,
        stop=None,
    )
    made.shell.displayhook.get_execution_count = lambda: made.execution_count
    streams.extend(Stream(queues, name) for name in ("stdout", "stderr"))
    papermill_engines.register(ENGINE, Engine)


def _silent_log() -> logging.Logger:
    """A log of the kernel's own that no cell gets to see, whatever it sets up for its logs."""
    log = logging.getLogger(__name__)
    log.propagate = False
    log.addHandler(logging.NullHandler())
    return log


streams: list[Stream] = []


@contextmanager
def this_process_prints() -> Iterator[None]:
    """Python's streams go to the kernel."""
    previous = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = previous


def run_shared(notebook: Any, count: int) -> list[Any]:
    """Run the first `count` cells of a notebook in this process, on an event loop that is closed
    before it returns.

    Returns the cells with their outputs. Raises RuntimeError when one fails or leaves a task
    behind: its effects may then not be shared.
    """
    from papermill.engines import NotebookExecutionManager

    manager = NotebookExecutionManager(notebook, progress_bar=False)
    client = Client(manager, kernel_name="python3", record_timing=False)
    client.reset_execution_trackers()
    client.kc = client.km = Link()

    async def execute() -> None:
        for index, cell in enumerate(notebook.cells[:count]):
            await client.async_execute_cell(cell, index)
        if len(asyncio.all_tasks()) > 1 or kernel().shell.exit_now:
            raise RuntimeError("a shared cell left a task behind or asked to exit")

    with asyncio.Runner() as runner, this_process_prints():
        runner.run(execute())
    return list(notebook.cells[:count])
