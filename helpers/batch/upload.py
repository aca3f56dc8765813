"""Finished files at an fsspec address such as s3://bucket/folder: sent once, whole, and again only
when they change.
"""

import json
from collections.abc import Iterable
from typing import Any

from helpers import files
from helpers.batch.ledger import Ledger
from helpers.engine.journal import sha256
from helpers.errors import Fault

SENT = "sent.json"


def address_faults(address: str) -> list[Fault]:
    """What is wrong with the address: unreadable, a folder of this machine, or of a kind no
    installed package serves.
    """
    from fsspec.core import url_to_fs

    try:
        store, _ = url_to_fs(address)
    except (ImportError, ValueError) as error:
        return [
            Fault(
                f"--upload {address}",
                str(error).split("\n")[0],
                "install what it names, or write another address",
            )
        ]
    # some stores connect at once, and every store raises errors of its own
    except Exception as error:
        return [
            Fault(
                f"--upload {address}",
                f"cannot be reached: {type(error).__name__}: {error}".split("\n")[0],
                "start the store or write another address",
            )
        ]
    if "file" in store.protocol or "local" in store.protocol:
        return [
            Fault(f"--upload {address}", "this is a folder of this machine", "give it as --output")
        ]
    return []


def send(ledger: Ledger, names: Iterable[str], address: str) -> None:
    """Send these files of the output folder that the address does not have yet in this form.

    What was sent is put on record after each file, so that an interrupted upload goes on where it
    stopped. Object stores make a file appear when it is complete. Raises OSError, or what the
    store's own library raises.
    """
    from fsspec.core import url_to_fs

    store, root = url_to_fs(address)
    record = ledger.folder / SENT
    known: dict[str, dict[str, str]] = (
        json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    )
    sent = known.setdefault(address, {})
    for name in names:
        content = (ledger.output / name).read_bytes()
        if sent.get(name) != sha256(content):
            _put(store, f"{root.rstrip('/')}/{name}", content)
            sent[name] = sha256(content)
            files.write(record, json.dumps(known, indent=1).encode())


def _put(store: Any, path: str, content: bytes) -> None:
    store.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    store.pipe_file(path, content)
