"""What all runs of a batch depend on, by content."""

import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from helpers import PROJECT_ROOT
from helpers.engine.journal import sha256

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
    """Our own code and templates."""
    return [
        path
        for path in sorted((PROJECT_ROOT / "helpers").rglob("*"))
        if path.is_file() and ("__pycache__") not in path.parts
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
        data_date=_data_date(),
    )


def _tree_hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(
            f"{path.relative_to(PROJECT_ROOT).as_posix()} {sha256(path.read_bytes())}\n".encode()
        )
    return digest.hexdigest()


def _data_date() -> str:
    descriptor = PROJECT_ROOT / "data" / "datapackage.json"
    return (
        str(json.loads(descriptor.read_text(encoding="utf-8")).get("created", ""))[:10]
        if descriptor.exists()
        else ""
    )
