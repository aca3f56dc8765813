"""No car, maker, claim or event stands in code: what the data package names, code asks for by what
it is.
"""

import ast
import re
from collections.abc import Iterator

from helpers import PROJECT_ROOT
from helpers.data import load

NAMED = {
    "programme_models": ("model", "title", "maker"),
    "vehicles": ("vehicle_id", "make", "model"),
    "adoption": ("maker",),
    "claims": ("claim_id",),
    "evidence": ("evidence_id",),
    "events": ("event_id",),
}
"""Columns of the data package whose texts are names of such things."""


def names() -> set[str]:
    """Every name, and of an event its thread too."""
    cells = {
        str(cell)
        for table, columns in NAMED.items()
        for column in columns
        for cell in load(table)[column]
    }
    threads = {str(event).partition(".")[0] for event in load("events")["event_id"]}
    return (cells | threads) - {""}


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string literal of a file that is no docstring."""
    tree = ast.parse(source)
    docstrings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and node not in docstrings else None
        if isinstance(text, str):
            yield node.lineno, text


def named(source: str, wanted: set[str]) -> list[tuple[int, str]]:
    """Line and name of every name in the string literals of a file, as a whole word."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(wanted)))})(?![\w-])")
    return [(line, name) for line, text in texts(source) for name in pattern.findall(text)]


def test_no_name_of_the_data_stands_in_code() -> None:
    wanted = names()
    faults = [
        f"{path.relative_to(PROJECT_ROOT)} line {line}: {name}"
        for path in sorted((PROJECT_ROOT / "helpers").rglob("*.py"))
        for line, name in named(path.read_text(encoding="utf-8"), wanted)
    ]
    assert faults == []


def test_a_name_in_a_text_or_as_a_key_is_seen() -> None:
    source = (
        '"""A docstring may name the camry."""\nrate = costs["camry"]\nf"{x} of A1-06"\n"camry2"'
    )
    assert named(source, {"camry", "A1-06"}) == [(2, "camry"), (3, "A1-06")]
