"""What happens in a batch, for programs: a JSON object a line, written as it happens."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Events:
    """The stream of one batch. A full disk or a folder that is gone costs its lines, not the
    batch.
    """

    def __init__(self, path: Path):
        self._path = path
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def tell(self, event: str, **facts: Any) -> None:
        """Write one event with its time."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, "at": at, **facts}) + "\n")
