"""The ledger of an output folder: which runs are finished, proved by the content of their files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from helpers.batch import files
from helpers.batch.fate import Outcome

LEDGER = ".ledger"


@dataclass(frozen=True)
class Mark:
    """A finished run.

    key: hash of all it depends on; inputs: of the part that all runs share. files: path below the output folder → SHA-256.
    results: as recorded. words: title, answer, scenario title and story for the index, empty when no report was wanted.
    """

    notebook: str
    scenario: str
    key: str
    inputs: str
    seconds: float
    files: Mapping[str, str]
    results: list[dict[str, Any]]
    words: Mapping[str, str]
    notes: list[str] = field(default_factory=list)


class Ledger:
    """Finished runs of an output folder. One small file per run, written after the files it vouches for."""

    def __init__(self, output: Path):
        self.output = output
        self.folder = output / LEDGER

    def marks(self) -> Iterator[Mark]:
        """Every mark that can be read, in order of scenario and notebook. Whether its files still hold is another question."""
        for path in sorted(self.folder.glob("*.*.json")):
            try:
                yield Mark(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError):  # a damaged mark proves nothing: its run is done again
                continue

    def holds(self, mark: Mark) -> bool:
        """Whether every file of the run stands with the content it was marked with."""
        paths = {self.output / name: digest for name, digest in mark.files.items()}
        return all(path.is_file() and files.sha256(path.read_bytes()) == digest for path, digest in paths.items())

    def finish(self, notebook: str, scenario: str, key: str, inputs: str, outcome: Outcome) -> None:
        """Keep a finished run: its files first, each whole or not at all, then the mark. Raises OSError with every earlier
        file intact."""
        folder = self.output / scenario
        folder.mkdir(exist_ok=True)
        for ending, content in outcome.files.items():
            files.write(folder / f"{notebook}{ending}", content)
        digests = {f"{scenario}/{notebook}{ending}": files.sha256(content) for ending, content in outcome.files.items()}
        mark = Mark(notebook, scenario, key, inputs, round(outcome.seconds, 3), digests, outcome.results, outcome.words, outcome.notes)
        files.write(self.folder / f"{scenario}.{notebook}.json", (json.dumps(asdict(mark), indent=1) + "\n").encode())
        self.forget_failure(notebook, scenario)

    def unmark(self, notebook: str, scenario: str) -> None:
        """Let a run count as unfinished; its files stay."""
        (self.folder / f"{scenario}.{notebook}.json").unlink(missing_ok=True)

    def forget_failure(self, notebook: str, scenario: str) -> None:
        """Remove what an earlier failure left: the run stands finished."""
        (self.output / scenario / f"{notebook}.failed.ipynb").unlink(missing_ok=True)

    def keep_failure(self, notebook: str, scenario: str, outcome: Outcome) -> None:
        """Keep what a failed run left, beside an earlier good output and never over it."""
        folder = self.output / scenario
        folder.mkdir(exist_ok=True)
        for ending, content in outcome.files.items():
            files.write(folder / f"{notebook}{ending}", content)
