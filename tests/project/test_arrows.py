"""Imports point one way: from a question to what questions share, never back, and never round in a
circle.
"""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from helpers import PROJECT_ROOT

SHARED = {
    "environment",
    "errors",
    "files",
    "numbers",
    "periods",
    "quantities",
    "texts",
    "uncertainty",
}
FORMS = SHARED | {"data", "parts", "scenarios", "results"}
ALLOWED: dict[str, set[str]] = {
    **dict.fromkeys(sorted(SHARED), SHARED),
    "data": SHARED,
    "scenarios": SHARED | {"data"},
    "parts": SHARED | {"scenarios"},
    "results": SHARED,
    "show": FORMS,
    "trade": FORMS,
    "fit": FORMS,
    "cost": FORMS | {"trade", "fit"},
    "volume": FORMS | {"trade", "fit", "cost"},
    "claims": FORMS | {"trade", "fit", "cost", "volume"},
    "brief": FORMS | {"trade", "fit", "cost", "volume", "claims"},
    "explore": FORMS | {"trade", "fit", "cost", "volume", "study"},
    "reports": FORMS | {"show"},
    "engine": set(),
}
"""What each folder or file of helpers may import. Who is not listed (batch, the commands) stands
above all that is.
"""
QUESTIONS = {"trade", "fit", "cost", "volume", "claims", "brief", "explore"}
SHOWING = {
    "figures",
    "tables",
    "findings",
    "sentences",
    "views",
    "charts",
    "drawings",
    "shapes",
    "boards",
    "panel",
    "checks",
}
"""Modules of a question that may use `helpers.show`: by name, or by the last word of the name. All
of explore may.
"""


def room(module: str) -> str:
    """The folder of helpers that a module stands in, or the module itself where it stands in
    none.
    """
    return module.split(".")[1]


def imports(path: Path) -> Iterator[str]:
    """The modules of helpers that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("helpers."))
        elif isinstance(node, ast.ImportFrom) and node.module == "helpers":
            yield from (
                f"helpers.{alias.name}"
                for alias in node.names
                if not alias.name.isupper() and not alias.name.startswith("_")
            )
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers."):
            yield str(node.module)


def may(module: str, other: str) -> bool:
    """Whether a module may import from a folder or file of helpers."""
    own, stem = room(module), module.rpartition(".")[2]
    if own == other or own not in ALLOWED:
        return True
    if other == "show" and own in QUESTIONS:
        return own == "explore" or stem.rpartition("_")[2] in SHOWING
    return other in ALLOWED[own]


def against() -> set[tuple[str, str]]:
    found = set()
    for path in sorted((PROJECT_ROOT / "helpers").rglob("*.py")):
        parts = path.relative_to(PROJECT_ROOT).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        if module != "helpers":
            found |= {(module, room(name)) for name in imports(path) if not may(module, room(name))}
    return found


def test_imports_point_one_way() -> None:
    assert against() == set()


def test_the_arrows_make_no_circle() -> None:
    rooms = {name: others - {name} for name, others in ALLOWED.items() if name not in SHARED}
    TopologicalSorter({name: others - SHARED for name, others in rooms.items()}).prepare()


def test_the_folders_of_the_tests_are_those_of_the_helpers() -> None:
    folders = {
        path.name
        for path in (PROJECT_ROOT / "tests").iterdir()
        if path.is_dir() and any(path.glob("test_*.py"))
    }
    others = {"lab", "notebooks", "project"}
    assert folders - others <= {
        path.name for path in (PROJECT_ROOT / "helpers").iterdir() if path.is_dir()
    }
