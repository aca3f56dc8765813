"""The part of a cluster run that travels to a worker by value: unpack our code, keep one agent
process per slot, ask it.

A worker needs the packages of the lock file and nothing of ours. So this module needs the standard
library only, and psutil, which Dask brings; the names from other modules of ours travel with it.
Each client has a home on the worker: a folder with our code and all temporary files of its agents.
"""

import atexit
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import types
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from helpers.engine.folders import is_private
from helpers.environment import ALLOWED

HOLDER = "_reverse_imports_homes"  # a module of the worker process: what is kept between tasks
PREFIX = "reverse-imports-bundle-"
LOCK = "lock"  # a file of a home, locked for as long as the worker or one of the agents lives

AGENT_LOST = "an agent process was lost"


class LostError(RuntimeError):
    """A process or a connection that was to give an answer is gone."""


def started(environment: dict[str, str], **options: Any) -> "subprocess.Popen[bytes]":
    """A new agent process, asked through its pipes."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "helpers.batch.local_agents"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        **options,
    )


def asked(agent: Any, request: str) -> str:
    """The answer of an agent. Raises `LostError` when it ends before."""
    try:
        agent.stdin.write(request.encode() + b"\n")
        agent.stdin.flush()
        answer = agent.stdout.readline()
        json.loads(answer)
    except (OSError, ValueError):
        raise LostError(AGENT_LOST) from None
    return str(answer, "utf-8")


def perform(bundle: bytes, client: str, packages: dict[str, str], request: str) -> str:
    """Run one job of a client on this worker and return its outcome as JSON. A job whose agent is
    lost is tried again as often as it says. Raises RuntimeError when the worker cannot give the
    same result as the client, or when the last agent is lost too.
    """
    different = _differences(packages)
    if different:
        raise RuntimeError(f"a worker has other packages: {', '.join(different)}")
    lost = 0
    while True:
        try:
            return _noted(_performed(bundle, client, request), lost)
        except LostError:
            lost += 1
            if lost > json.loads(request).get("retries", 1):
                raise


def _noted(answer: str, lost: int) -> str:
    """The answer of an agent with a note for each one that was lost before it; points of a grid
    have no notes.
    """
    told: Any = json.loads(answer) if lost else {}
    if "notes" not in told:
        return answer
    return json.dumps(told | {"notes": [f"run again: {AGENT_LOST}"] * lost + told["notes"]})


def _performed(bundle: bytes, client: str, request: str) -> str:
    """The answer of an agent that waits for work, or of a new one."""
    holder = _holder()
    home, agent = _free_agent(holder, bundle, client)
    # by a pipe, which nobody else reads: what to look for in outputs, what to hand on if told
    told = json.loads(request) | {"variables": dict(os.environ)}
    try:
        answer = asked(agent, json.dumps(told))
    except BaseException:
        _kill(agent)
        raise
    with holder.lock:
        home.free.append(agent)
    return answer


def end(client: str) -> None:
    """End the agents of a client on this worker, at once, with all below them, and remove its
    home.
    """
    holder = _holder()
    with holder.lock:
        holder.ended.add(client)  # a task of its that is still under way must not start anew
        if client in holder.homes:
            _remove(holder.homes.pop(client))


def _end_all(holder: Any) -> None:
    for client in list(holder.homes):
        end(client)


def _differences(packages: dict[str, str]) -> list[str]:
    present = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in packages:
        if name != "python":
            try:
                present[name] = version(name)
            except PackageNotFoundError:
                present[name] = "no"
    return [
        f"{present[name]} {name} instead of {wanted}"
        for name, wanted in packages.items()
        if present[name] != wanted
    ]


def _holder() -> Any:
    holder: Any = types.ModuleType(HOLDER)
    holder.lock, holder.homes, holder.ended = threading.Lock(), {}, set()
    kept = sys.modules.setdefault(HOLDER, holder)
    if kept is holder:
        atexit.register(_end_all, holder)
    return kept


def _free_agent(holder: Any, bundle: bytes, client: str) -> tuple[Any, Any]:
    """The home of a client, and an agent of its that waits for work, or a new one."""
    with holder.lock:
        if client in holder.ended:
            raise RuntimeError("the batch has ended")
        if client not in holder.homes:
            _clear(holder)
            holder.homes[client] = _home(bundle)
        home = holder.homes[client]
        while home.free:
            agent = home.free.pop()
            if agent.poll() is None:
                return home, agent
        code, temporary = os.fspath(home.folder / "code"), os.fspath(home.folder / "tmp")
        allowed = {name: os.environ[name] for name in ALLOWED if name in os.environ}
        # the agent must find our code in the bundle, whatever else is installed on the worker
        agent = started(
            allowed | {"PYTHONPATH": code, "TMPDIR": temporary},
            cwd=code,
            pass_fds=[home.lock.fileno()] if os.name == "posix" else [],
        )
        home.agents.append(agent)
        return home, agent


def _home(bundle: bytes) -> Any:
    """A new home with the bundle unpacked. Its lock file gets its name when it is locked: no other
    worker can find it free.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = (folder / "new").open("wb")
    _locked(lock)
    if os.name == "posix":
        (folder / "new").rename(folder / LOCK)
    (folder / "tmp").mkdir()
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder / "code")  # never leads out of the folder, whatever the names say
    return types.SimpleNamespace(folder=folder, lock=lock, agents=[], free=[])


def _locked(file: Any) -> bool:
    """Lock a file for this process and those that inherit it; the system unlocks it when the last
    of them is gone. False when others hold it.
    """
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # not every system has such locks: there nothing is taken for left behind
    except (ImportError, OSError):
        return False
    return True


def _clear(holder: Any) -> None:
    """Remove the homes that nobody will: of clients that vanished, whose agents have ended, and of
    workers that were killed.
    """
    for client, home in list(holder.homes.items()):
        if all(agent.poll() is not None for agent in home.agents):
            _remove(holder.homes.pop(client))
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # gone meanwhile, or only being made
            if not is_private(folder):
                continue  # whoever can write there chooses what its links lead to
            with (folder / LOCK).open("rb") as file:
                # of the very form that a worker makes, and nobody's
                if (folder / "code" / "helpers").is_dir() and _locked(file):
                    shutil.rmtree(folder, ignore_errors=True)


def _remove(home: Any) -> None:
    for agent in home.agents:
        _kill(agent)
    home.lock.close()
    shutil.rmtree(home.folder, ignore_errors=True)


def _kill(agent: Any) -> None:
    """Kill an agent and everything below it, wait until all are gone, and close its pipes."""
    if agent.poll() is None:
        _kill_family(agent)
    for pipe in (agent.stdin, agent.stdout):
        with contextlib.suppress(OSError):  # what was left to write has no reader
            pipe.close()


def _kill_family(agent: Any) -> None:
    import psutil

    try:
        family = psutil.Process(agent.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    agent.kill()
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    agent.wait()
    psutil.wait_procs(family, timeout=2)
