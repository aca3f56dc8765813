"""A notebook shows how its numbers come about: most of its steps compute in cells that are read.

A step is a heading of the third level with the cells below it, between "Data used" and "Checks".
It is open when a cell that is not folded computes: by arithmetic, or by a call that aggregates or
transforms. Putting text and lists together is no computation. A step that only says or records
what was worked out before is not counted.
"""

import ast
import inspect
import re
from typing import Any

import nbformat
import pytest

from helpers.study import STEPS
from tests.notebooks.test_structure import NOTEBOOKS, SPOKEN, is_folded, path_of, shown_by

METHOD = [name for name in NOTEBOOKS if name[:2] not in ("00", "05")]
COMPUTING = re.compile(
    "(cum)?(sum|prod)|mean|median|quantile|percentile|var|std|count|min(imum)?|max(imum)?|clip|where"
    "|diff|pct_change|groupby|dot|interp|cdf|brentq|log|exp|sqrt|hypot|(arc)?(sin|cos|tan)|arctan2"
)
LEAST_TOGETHER, LEAST_EACH = 60, 40


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.Dict) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def computes(source: str) -> bool:
    """Whether code works out a number where a reader sees it."""
    nodes = [ast.parse(source)]
    while nodes:
        node: Any = nodes.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.BinOp):
            sides = (node.left, node.right)
            constant = all(isinstance(side, ast.Constant) for side in sides)
            if not constant and not any(map(is_text, sides)):
                return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if COMPUTING.fullmatch(name):
                return True
        nodes += ast.iter_child_nodes(node)
    return False


def steps(notebook: Any) -> list[tuple[str, list[Any]]]:
    """The steps of a notebook: heading and code cells, without those that only say results."""
    steps: list[tuple[str, list[Any]]] = []
    inside = False
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if inside and steps:
                steps[-1][1].append(cell)
            continue
        for level, title in re.findall(r"^(##|###) (.+)$", cell.source, re.MULTILINE):
            if level == "##":
                inside = title == "Data used" or (inside and title != "Checks")
            elif inside:
                steps.append((title, []))
    return [
        (title, cells)
        for title, cells in steps
        if any(not {name for name, _ in shown_by(cell)} & SPOKEN for cell in cells)
    ]


def open_steps(notebook: Any) -> list[bool]:
    return [
        any(computes(cell.source) for cell in cells if not is_folded(cell))
        for _, cells in steps(notebook)
    ]


def shipped(name: str) -> Any:
    return nbformat.read(path_of(name), as_version=4)


def bare(function: ast.FunctionDef) -> str:
    """The code of a function without its docstring and types."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return "\n".join([*(own.arg for own in function.args.args), *map(ast.unparse, body)])


def sources(name: str) -> list[str]:
    return [cell.source for cell in shipped(name).cells if cell.cell_type == "code"]


def own_steps(name: str) -> list[ast.FunctionDef]:
    """The replaceable steps that stand in cells of a notebook."""
    nodes = [node for source in sources(name) for node in ast.parse(source).body]
    return [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in STEPS]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_step_in_a_cell_is_the_code_of_the_suite_and_handed_over(name: str) -> None:
    for function in own_steps(name):
        (own,) = ast.parse(inspect.getsource(STEPS[function.name])).body
        assert isinstance(own, ast.FunctionDef)
        assert bare(function) == bare(own)
        handed_over = f"study = study.using({function.name}={function.name})"
        assert any(handed_over in source for source in sources(name))


def test_every_replaceable_step_stands_in_one_notebook() -> None:
    shown = [function.name for name in NOTEBOOKS for function in own_steps(name)]
    assert sorted(shown) == sorted(STEPS)


@pytest.mark.parametrize("name", NOTEBOOKS[1:])
def test_no_notebook_hides_most_of_its_steps(name: str) -> None:
    notebook = shipped(name)
    shown = open_steps(notebook)
    assert 100 * sum(shown) >= LEAST_EACH * len(shown), [
        title for (title, _), own in zip(steps(notebook), shown, strict=True) if not own
    ]


def test_most_steps_of_the_method_compute_in_the_open() -> None:
    shown = [own for name in METHOD for own in open_steps(shipped(name))]
    assert 100 * sum(shown) >= LEAST_TOGETHER * len(shown)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("gap = flows.exports - flows.imports", True),
        ("units = np.minimum(cap, wanted)", True),
        ("total = units.sum(axis=1)", True),
        ("def rule(a, b):\n    return a * b", True),
        ("figures.gap(study.trade.flows)", False),
        ("names = ['a'] + others", False),
        ("text = 'gap of ' + year", False),
        ("show.prose(f'{100 * share:.1f} %')", False),
        ("half = 1 / 2", False),
    ],
)
def test_computing_is_told_from_showing(source: str, expected: bool) -> None:
    assert computes(source) is expected


def test_a_step_counts_by_its_visible_cells() -> None:
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    folded = {"jupyter": {"source_hidden": True}}
    notebook = nbformat.v4.new_notebook(
        cells=[
            text("## Data used\nThese are the tables."),
            text("## Flows\n### Gap\nIt is a difference."),
            code("gap = exports - imports"),
            text("### Hidden\nA sum is hidden here."),
            code("total = gap + rest", metadata=folded),
            text("### Said\nOnly a sentence follows."),
            code("show.prose(sentence)", metadata=folded),
            text("## Checks\n### Not a step"),
            code("gap * 2"),
        ]
    )
    assert [title for title, _ in steps(notebook)] == ["Gap", "Hidden"]
    assert open_steps(notebook) == [True, False]
