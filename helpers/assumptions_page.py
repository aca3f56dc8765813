"""`docs/assumptions.md`: every assumption with its value, range, reason and source, and the
functions that use it, as they stand in the code.
"""

import ast
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.scenarios import parameters
from helpers.scenarios.assumptions import TABLES, Assumption, assumptions

PAGE = Path("docs") / "assumptions.md"
QUESTIONS = ("trade", "fit", "cost", "volume", "claims", "brief")
SHOWING = ("figures", "tables", "findings", "sentences", "views", "links")
"""Last word of the name of modules that show what a model worked out."""

_HEAD = """# Assumptions

Every number that the suite assumes and a reader may set: the parameters, then the rows of the \
assumption tables. Each is set by its name, with `-p NAME=VALUE`, in a scenario file, or in the \
parameters cell of a notebook. Written by `make refresh`."""


def changed_files(root: Path = PROJECT_ROOT) -> dict[Path, str]:
    """The page, where it differs from what it is made of: path → what should stand there."""
    path, text = root / PAGE, page(root)
    current = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {} if current == text else {path: text}


def page(root: Path = PROJECT_ROOT) -> str:
    """The page as the vocabulary, the assumption tables and the code under `root` make it."""
    uses = functions_by_name(root)
    register = set(load("sources")["source_id"])
    rows: list[tuple[str, ...]] = [
        (own.name, _plain(own.default), own.range, own.unit, own.why, _sources(own.why, register))
        for own in parameters()
    ]
    parts = [_HEAD, "## Parameters", _table(rows, [uses.get(own[0], ()) for own in rows])]
    for table in TABLES:
        frame, own_rows = load(table), [own for own in assumptions().values() if own.table == table]
        rows = [_row(own, frame.iloc[own.row]) for own in own_rows]
        used = [_users(own, uses) for own in own_rows]
        parts += [f"## Rows of data/market/{table}.csv", _table(rows, used)]
    return "\n\n".join(parts) + "\n"


def functions_by_name(root: Path = PROJECT_ROOT) -> dict[str, tuple[str, ...]]:
    """Name → the functions of the models that read it, as file:function, by attribute or text.

    Where no function reads a name, a declaration counts, as a field or in a list of names; else
    the cells of notebooks that read it, as file:cell.
    """
    inside: dict[str, dict[str, None]] = {}
    declared: dict[str, dict[str, None]] = {}
    for folder in QUESTIONS:
        for path in sorted((root / "helpers" / folder).rglob("*.py")):
            if path.stem.endswith(SHOWING):
                continue
            where = path.relative_to(root).as_posix()
            for owner, reads, name in _named(ast.parse(path.read_text(encoding="utf-8"))):
                kept = inside if reads else declared
                kept.setdefault(name, {})[f"{where}:{owner}"] = None
    users = _cells_by_name(root) | declared | inside
    return {name: tuple(own) for name, own in users.items()}


def _cells_by_name(root: Path) -> dict[str, dict[str, None]]:
    cells: dict[str, dict[str, None]] = {}
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        where = path.relative_to(root).as_posix()
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    cells.setdefault(_name(node), {})[f"{where}:{cell['id']}"] = None
    return cells


def _named(node: ast.AST, owner: str = "", reads: bool = False) -> Iterator[tuple[str, bool, str]]:
    """Function, class or constant, whether it is a function, and a name that stands in it."""
    for child in ast.iter_child_nodes(node):
        below, called = owner, reads
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not reads:
            if child.name == "__post_init__":  # it only checks
                continue
            below = f"{owner}.{child.name}" if owner else child.name
            called = isinstance(child, ast.FunctionDef)
        elif isinstance(child, ast.Assign) and not owner:
            below = ast.unparse(child.targets[0])
        if below and (name := _name(child)):
            yield below, called, name
        elif below and isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name):
            yield below, called, child.target.id
        yield from _named(child, below, called)


def _name(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
    return ""


def _row(own: Assumption, row: "pd.Series[Any]") -> tuple[str, ...]:
    ends = "–" if math.isnan(own.low) else f"{own.low:g} to {own.high:g}"
    why = str(row.get("why", row.get("note")))
    return own.name, f"{own.likely:.6g}", ends, own.unit, why, str(row["source_ids"])


def _users(own: Assumption, uses: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The functions that read a row by its factor, else those that read its table."""
    factor, _, key = own.name.partition(".")
    readers = uses.get(own.table, ())
    folders = tuple({reader.rpartition("/")[0] for reader in readers})
    named = uses.get(key if factor == "range" else factor, ())
    return tuple(user for user in named if user.startswith(folders)) or readers


def _sources(why: str, register: set[str]) -> str:
    ids = (word.strip(",.;:()") for word in why.split())
    return ";".join(dict.fromkeys(word for word in ids if word in register)) or "ASSUMPTION"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _table(rows: Iterable[tuple[str, ...]], uses: Iterable[tuple[str, ...]]) -> str:
    lines = ["| Name | Value | Range | Unit | Why | Source | Used by |", "|---" * 7 + "|"]
    for (name, *cells), functions in zip(rows, uses, strict=True):
        used = ", ".join(f"`{function}`" for function in functions)
        cells = [cell.replace("|", r"\|").replace("\n", " ") for cell in cells]
        lines.append(f"| `{name}` | {' | '.join(cells)} | {used} |")
    return "\n".join(lines)
