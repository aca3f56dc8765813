"""The part of a cluster run that travels to a worker by value: unpack our code, keep one agent process per slot, ask it.

A worker needs the packages of the lock file and nothing of ours. So this module imports the standard library only.
"""

import atexit
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import types
from importlib.metadata import PackageNotFoundError, version
from typing import Any

HOLDER = "_reverse_imports_agents"  # a module of the worker process: what is kept between tasks


def perform(bundle: bytes, digest: str, packages: dict[str, str], request: str) -> str:
    """Run one job on this worker and return its outcome as JSON. Raises RuntimeError when the worker cannot give the same
    result as the client, or when the process that runs the cells is lost."""
    different = _differences(packages)
    if different:
        raise RuntimeError(f"a worker has other packages: {', '.join(different)}")
    holder = _holder()
    agent = _free_agent(holder, bundle, digest)
    try:
        answer = _asked(agent, request)
    except BaseException:
        agent.kill()
        raise
    with holder.lock:
        holder.free.setdefault(digest, []).append(agent)
    return answer


def end(digest: str) -> None:
    """End the agents of a bundle on this worker, at once, and remove what was unpacked."""
    holder = _holder()
    with holder.lock:
        for agent in holder.all.pop(digest, []):
            agent.kill()
            agent.wait()
        holder.free.pop(digest, None)
        shutil.rmtree(holder.folders.pop(digest, ""), ignore_errors=True)


def _end_all(holder: Any) -> None:
    for digest in list(holder.all):
        end(digest)


def _differences(packages: dict[str, str]) -> list[str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in packages:
        if name != "python":
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = "no"
    return [f"{found[name]} {name} instead of {wanted}" for name, wanted in packages.items() if found[name] != wanted]


def _holder() -> Any:
    holder: Any = types.ModuleType(HOLDER)
    holder.lock, holder.all, holder.free, holder.folders = threading.Lock(), {}, {}, {}
    kept = sys.modules.setdefault(HOLDER, holder)
    if kept is holder:
        atexit.register(_end_all, holder)
    return kept


def _free_agent(holder: Any, bundle: bytes, digest: str) -> Any:
    """An agent that waits for work, or a new one."""
    with holder.lock:
        waiting = holder.free.get(digest, [])
        while waiting:
            agent = waiting.pop()
            if agent.poll() is None:
                return agent
        if digest not in holder.folders:
            folder = tempfile.mkdtemp(prefix="reverse-imports-bundle-")
            with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
                archive.extractall(folder, filter="data")
            holder.folders[digest] = folder
        folder = holder.folders[digest]
        # the agent must find our code in the bundle, whatever else is installed on the worker
        agent = subprocess.Popen(
            [sys.executable, "-m", "helpers.batch.agent"], cwd=folder, env={**os.environ, "PYTHONPATH": folder},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        holder.all.setdefault(digest, []).append(agent)
        return agent


def _asked(agent: Any, request: str) -> str:
    try:
        agent.stdin.write(request.encode() + b"\n")
        agent.stdin.flush()
        answer = agent.stdout.readline()
        json.loads(answer)
    except (OSError, ValueError):
        raise RuntimeError("the agent process on a worker was lost") from None
    return str(answer, "utf-8")
