"""The ledger of an output folder: which runs are finished, proved by the content of their files."""

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers import GLOSSARY, PROJECT_ROOT, files
from helpers.engine import folders
from helpers.engine.journal import sha256
from helpers.engine.outcome import Outcome
from helpers.errors import refusal
from helpers.texts import printable

LEDGER = ".ledger"
LATEST = "latest.json"
EVENTS = "events.jsonl"
ENDINGS = (".ipynb", ".html", ".failed.ipynb")
"""Of the files that a run leaves."""


@dataclass(frozen=True)
class Mark:
    """A finished run.

    key: hash of all it depends on; inputs: of the part that all runs share; source, definition: of
    the notebook's cells and of the scenario. files: path below the output folder → SHA-256.
    method: by whose cells, as `notebook.method` says. results: as recorded. headings: title,
    answer, scenario title and story for the index, empty when no report was wanted.
    """

    notebook: str
    scenario: str
    key: str
    inputs: str
    source: str
    definition: str
    method: str
    seconds: float
    files: Mapping[str, str]
    results: list[dict[str, Any]]
    headings: Mapping[str, str]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Latest:
    """What the names of a folder mean now: inputs, and per notebook and scenario the hash that a
    batch used last.
    """

    inputs: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)

    def admits(self, mark: Mark) -> bool:
        """Whether a run was made from what its names mean now, so that it may stand beside the
        others.
        """
        own = (mark.inputs, mark.source, mark.definition)
        return own == (
            self.inputs,
            self.sources.get(mark.notebook, ""),
            self.definitions.get(mark.scenario, ""),
        )


class Ledger:
    """Finished runs of an output folder. One small file per run, written after the files it vouches
    for.
    """

    def __init__(self, output: Path):
        self.output = output
        self.folder = output / LEDGER

    def refuse_owned(self) -> None:
        """Raise `FolderInUseError` when another batch owns the folder now, `InputError` when its
        lock is not ours to touch or the folder cannot be one; changes nothing.
        """
        try:
            folders.refuse_owned(self.folder)
        except folders.ForeignLockError as error:
            what = "it is a link, not a file, or another user's, and is left alone"
            raise refusal(str(error.path), what, "remove it or give another --output") from None
        except OSError as error:  # a file, a name too long
            where = printable(f"--output {self.folder.parent}")
            raise refusal(where, f"it cannot be used: {error.strerror}", "give a folder") from None

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Own the folder for the duration; raises as `refuse_owned`."""
        self.refuse_owned()
        with folders.owned(self.folder):
            yield

    def marks(self) -> Iterator[Mark]:
        """Every mark that can be read, in order of scenario and notebook. Whether its files still
        hold is another question.
        """
        for path in sorted(self.folder.glob("*.*.json")):
            try:
                yield Mark(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError):  # a damaged mark proves nothing: its run is done again
                continue

    def holds(self, mark: Mark) -> bool:
        """Whether every file of the run stands with the content it was marked with."""
        paths = {self.output / name: digest for name, digest in mark.files.items()}
        return all(
            path.is_file() and sha256(path.read_bytes()) == digest for path, digest in paths.items()
        )

    def latest(self) -> Latest:
        """What the names of this folder meant to the last batch; nothing when there was none."""
        try:
            return Latest(**json.loads((self.folder / LATEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Latest()

    def take_names(
        self, inputs: str, sources: Mapping[str, str], definitions: Mapping[str, str]
    ) -> None:
        """Put on record what the names of a batch mean from now on; those of other batches keep
        their meaning.
        """
        before = self.latest()
        now = Latest(inputs, {**before.sources, **sources}, {**before.definitions, **definitions})
        files.write(self.folder / LATEST, (json.dumps(asdict(now), indent=1) + "\n").encode())

    def finish(
        self,
        notebook: str,
        scenario: str,
        key: str,
        inputs: str,
        outcome: Outcome,
        source: str = "",
        definition: str = "",
        method: str = "",
    ) -> None:
        """Keep a finished run: its files first, each whole or not at all, then the mark. Raises
        OSError with every earlier file intact.
        """
        folder = self.output / scenario
        folder.mkdir(exist_ok=True)
        for ending, content in outcome.files.items():
            files.write(folder / f"{notebook}{ending}", content)
        digests = {
            f"{scenario}/{notebook}{ending}": sha256(content)
            for ending, content in outcome.files.items()
        }
        mark = Mark(
            notebook,
            scenario,
            key,
            inputs,
            source,
            definition,
            method,
            round(outcome.seconds, 3),
            digests,
            outcome.results,
            outcome.headings,
            outcome.notes,
        )
        files.write(
            self.mark_path(notebook, scenario),
            (json.dumps(asdict(mark), indent=1) + "\n").encode(),
        )
        self.forget_failure(notebook, scenario)

    def mark_path(self, notebook: str, scenario: str) -> Path:
        """Where the mark of a run stands."""
        return self.folder / f"{scenario}.{notebook}.json"

    def unmark(self, notebook: str, scenario: str) -> None:
        """Let a run count as unfinished; its files stay."""
        self.mark_path(notebook, scenario).unlink(missing_ok=True)

    def forget_failure(self, notebook: str, scenario: str) -> None:
        """Remove what an earlier failure left: the run stands finished."""
        (self.output / scenario / f"{notebook}.failed.ipynb").unlink(missing_ok=True)

    def keep_log(self, notebook: str, scenario: str, outcome: Outcome) -> None:
        """Keep what happened in a run, whatever came of it."""
        ended = f"{outcome.state} after {outcome.seconds:.2f} s: {outcome.message}"
        text = "\n".join([outcome.log, *outcome.notes, ended.removesuffix(": "), ""])
        self.log_path(notebook, scenario).write_text(text, encoding="utf-8")

    def log_path(self, notebook: str, scenario: str) -> Path:
        """Where the log of a run stands."""
        return self.folder / f"{scenario}.{notebook}.log"

    def keep_failure(self, notebook: str, scenario: str, outcome: Outcome) -> None:
        """Keep what a failed run left, beside an earlier good output and never over it."""
        folder = self.output / scenario
        folder.mkdir(exist_ok=True)
        for ending, content in outcome.files.items():
            files.write(folder / f"{notebook}{ending}", content)


PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "pydantic",
    "matplotlib",
    "shapely",
    "papermill",
    "nbclient",
    "nbformat",
    "nbconvert",
    "ipykernel",
    "ipython",
    "Jinja2",
)


@dataclass(frozen=True)
class Inputs:
    """Hashes of the data files (all scenarios among them: notebooks compare them), our code, the
    lock file, package versions.
    data_date: newest date of the data package.
    """

    data: str
    code: str
    lock: str
    versions: str
    data_date: str

    @property
    def hash(self) -> str:
        """One hash for all."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode())

    @property
    def checked(self) -> str:
        """Hash of the data and of the code that checks it."""
        return sha256(f"{self.data} {self.code}".encode())


def data_files() -> list[Path]:
    """The files of the data package that notebooks may read."""
    return [path for path in sorted((PROJECT_ROOT / "data").rglob("*")) if path.is_file()]


def code_files() -> list[Path]:
    """Our own code and templates, and the glossary that pages quote."""
    return [
        GLOSSARY,
        *(
            path
            for path in sorted((PROJECT_ROOT / "helpers").rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        ),
    ]


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that results can depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def inputs() -> Inputs:
    """The inputs as they stand now."""
    lock = PROJECT_ROOT / "requirements.lock"
    return Inputs(
        data=_tree_hash(data_files()),
        code=_tree_hash(code_files()),
        lock=sha256(lock.read_bytes()) if lock.exists() else "",
        versions=sha256(json.dumps(package_versions()).encode()),
        data_date=data_date(),
    )


def _tree_hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(
            f"{path.relative_to(PROJECT_ROOT).as_posix()} {sha256(path.read_bytes())}\n".encode()
        )
    return digest.hexdigest()


def data_date() -> str:
    """Day of the data package, ISO, or empty."""
    descriptor = PROJECT_ROOT / "data" / "datapackage.json"
    return (
        str(json.loads(descriptor.read_text(encoding="utf-8")).get("created", ""))[:10]
        if descriptor.exists()
        else ""
    )
