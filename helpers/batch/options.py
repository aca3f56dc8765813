"""How a batch runs, and what may be wrong with that."""

import ipaddress
import math
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from helpers import PROJECT_ROOT
from helpers.batch import upload
from helpers.engine.outcome import Limits
from helpers.errors import Fault
from helpers.texts import did_you_mean, printable

ENGINES = ("warm", "kernel")
# a path has lost one of the two strokes
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
SOURCE_FOLDERS = ("data", "helpers", "notebooks", "tests", "docs", "lab", "benchmarks")
ENCRYPTED = ("tls", "wss")
CERTIFICATE = tuple(
    f"DASK_DISTRIBUTED__COMM__TLS__{part}" for part in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY")
)
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CONNECT_S = 10


@dataclass(frozen=True)
class Options:
    """How a batch runs.

    output: folder for reports. workers: runs at a time. engine: warm (falls back to kernel where it
    must) or kernel.
    scheduler: address of a dask.distributed scheduler, empty for this machine. upload: fsspec
    address that gets every finished file too, empty for none. force: run finished work again.
    retries: how often a run that was killed from outside is tried again. most_failures: of runs,
    after which the batch ends; 0 for no such number.
    html: export a report per run. keep_environment: names of variables that kernels get besides the
    allow-list.
    as_given: name of a scenario or notebook → how the command line names it, for the retry command;
    a name that is missing names itself.
    """

    output: Path = PROJECT_ROOT / "reports"
    workers: int = os.cpu_count() or 1
    engine: Literal["warm", "kernel"] = "warm"
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    retries: int = 1
    most_failures: int = 0
    html: bool = True
    keep_environment: tuple[str, ...] = ()
    scheduler: str = ""
    trust_scheduler: bool = False
    upload: str = ""
    as_given: Mapping[str, str] = field(default_factory=dict)


def option_faults(options: Options) -> list[Fault]:
    """What is wrong with workers, limits or the scheduler's address."""
    faults = []
    if options.engine not in ENGINES:
        faults.append(
            Fault(
                "--engine",
                f"'{options.engine}' is no engine",
                did_you_mean(options.engine, ENGINES, f"write {' or '.join(ENGINES)}"),
            )
        )
    if options.workers < 1:
        faults.append(Fault("--workers", f"{options.workers} is out of range", "write 1 or more"))
    if not (0 < options.limits.run_s < math.inf and 0 < options.limits.cell_s < math.inf):
        faults.append(
            Fault(
                "--timeout",
                "a limit must be a positive number",
                "write the number of seconds, such as 900",
            )
        )
    if not 0 <= options.limits.memory_mb < math.inf:
        what = "a limit must be a positive number"
        faults.append(Fault("--memory", what, "write the number of megabytes, such as 4000"))
    for flag, count in (("--retries", options.retries), ("--max-failures", options.most_failures)):
        if count < 0:
            faults.append(Fault(flag, f"{count} is out of range", "write 0 or more"))
    for name in options.keep_environment:
        if not VARIABLE.fullmatch(name):
            what = f"{printable(name) or 'an empty text'} is no name of a variable"
            faults.append(Fault("--keep-environment", what, "write its name alone, as HTTPS_PROXY"))
    if options.scheduler:
        faults += scheduler_faults(options.scheduler, options.trust_scheduler)
    if options.upload:
        faults += upload.address_faults(options.upload)
    return faults


def misplaced(output: Path) -> Fault | None:
    """What is wrong with an output that names an address, or a file or folder among the project's
    own.
    """
    where = f"--output {output}"
    if ADDRESS.match(os.fspath(output)):
        what, instead = (
            "is an address, not a folder",
            "give a folder; run --upload also sends its files to an address",
        )
        return Fault(where, what, instead)
    if any(output.resolve().is_relative_to(PROJECT_ROOT / name) for name in SOURCE_FOLDERS):
        what = "the project itself stands there, and the output would become part of it"
        return Fault(where, what, "give another folder, such as reports")
    return None


def scheduler_faults(address: str, trusted: bool) -> list[Fault]:
    """What is wrong with a scheduler address: unreadable, open to others, or nobody there.

    Whoever reaches a plain TCP scheduler can run any code on its workers, so only this machine's
    own is taken, unless told.
    """
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:  # a bracket or a port that is none
        host, port = None, None
    if not host or not port:
        return [
            Fault(
                "--scheduler",
                f"'{address}' is not an address",
                "write it as dask prints it, such as tcp://127.0.0.1:8786",
            )
        ]
    if parts.scheme not in (*ENCRYPTED, "tcp"):
        return [
            Fault(
                "--scheduler",
                f"'{parts.scheme}' is not a way to reach a scheduler",
                "write tcp:// or tls://",
            )
        ]
    if parts.scheme not in ENCRYPTED and not trusted and not _loopback(host):
        return [
            Fault(
                "--scheduler",
                f"{host} is another machine and tcp:// is not encrypted",
                "use tls://, or add --trust-scheduler on a network you trust",
            )
        ]
    if parts.scheme in ENCRYPTED and (fault := _certificate_fault()):
        return [Fault("--scheduler", fault, f"set {', '.join(CERTIFICATE)} to the files")]
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except OSError as error:
        return [
            Fault(
                "--scheduler",
                f"no scheduler answers at {address}: {error.strerror or error}",
                "start one with: dask scheduler --host 127.0.0.1",
            )
        ]
    return []


def _certificate_fault() -> str:
    """Why nothing could be encrypted with what Dask is told of certificates, or an empty string."""
    from distributed.security import Security

    try:
        context = Security().get_connection_args("client")["ssl_context"]
    except OSError as error:
        return f"the certificates for TLS cannot be read: {error.strerror or error}"
    return "" if context else "no certificate for TLS is set"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
