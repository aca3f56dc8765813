"""Limit formulas, read by a closed parser: numbers, named variables, the four operations and
brackets. Nothing else is ever run.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping

from helpers.errors import Fault, InputError

FORMULA_VARIABLES = (
    "carriageway_m",
    "pallet_inner_width_mm",
    "parking_space_length_mm",
    "parking_space_width_mm",
)
_OPERATIONS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_LONGEST_FORMULA = 200


def formula_value(formula: str, variables: Mapping[str, float]) -> float:
    """The value of a limit formula, such as ``(carriageway_m - 0.5) / 2``.

    Raises InputError for anything but numbers, the given variables, + - * / and brackets, and for a
    division by zero.
    """
    place = f"limit_formula '{formula[:80]}'"
    if len(formula) > _LONGEST_FORMULA:
        raise InputError([Fault(place, f"is longer than {_LONGEST_FORMULA} characters")])
    try:
        value = _evaluated(ast.parse(formula.strip(), mode="eval").body, variables, place)
    except (SyntaxError, ValueError):
        raise InputError(
            [Fault(place, "is not a formula", "write numbers, variables, + - * / and brackets")]
        ) from None
    except (ZeroDivisionError, OverflowError):
        raise InputError([Fault(place, "has no finite value for this place")]) from None
    if not math.isfinite(value):
        raise InputError([Fault(place, "has no finite value for this place")])
    return value


def _evaluated(node: ast.AST, variables: Mapping[str, float], place: str) -> float:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in variables:
        return float(variables[node.id])
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](
            _evaluated(node.left, variables, place), _evaluated(node.right, variables, place)
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluated(node.operand, variables, place)
    if isinstance(node, ast.Name):
        raise InputError(
            [Fault(place, f"there is no variable {node.id} here", f"use: {', '.join(variables)}")]
        )
    raise InputError([Fault(place, "holds more than numbers, variables, + - * / and brackets")])
