"""Indices against published values and closed forms; the order of samples changes nothing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from helpers.errors import InputError
from helpers.uncertainty import Estimated
from helpers.volume import sensitivity
from helpers.volume.sensitivity import uniform_points

GOLDEN: Any = json.loads(
    (Path(__file__).parents[1] / "golden" / "volume.json").read_text(encoding="utf-8")
)


def values(found: list[Estimated]) -> Any:
    return np.array([own.value for own in found])


def sobol_indices(*inputs: Any) -> tuple[Any, Any]:
    main, total = sensitivity.sobol_indices(*inputs)
    return values(main), values(total)


def shapley_effects(*inputs: Any) -> Any:
    return values(list(sensitivity.shapley_effects(*inputs).values()))


def ishigami(unit: Any) -> Any:
    x = np.pi * (2 * unit - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def sobol_g(unit: Any) -> Any:
    a = np.array(GOLDEN["sobol_g"]["a"])[:, None]
    return np.prod((np.abs(4 * unit - 2) + a) / (1 + a), axis=0)


def both(dimensions: int, points: int = 16_384, seed: int = 3) -> Any:
    drawn = uniform_points(points, 2 * dimensions, seed)
    return drawn[:dimensions], drawn[dimensions:]


def test_ishigami() -> None:
    golden = GOLDEN["ishigami"]
    first, second = both(3)
    main, total = sobol_indices(ishigami, first, second)
    assert main == pytest.approx(golden["first"], abs=1e-2)
    assert total == pytest.approx(golden["total"], abs=1e-2)
    assert ishigami(first).mean() == pytest.approx(golden["mean"], abs=1e-2)
    assert ishigami(first).var() == pytest.approx(golden["variance"], rel=1e-2)


def test_sobol_g() -> None:
    golden = GOLDEN["sobol_g"]
    main, total = sobol_indices(sobol_g, *both(8))
    assert main == pytest.approx(golden["first"], abs=1e-2)
    a = np.array(golden["a"])
    parts = 1 / (3 * (1 + a) ** 2)
    expected = parts * np.prod(1 + parts) / (1 + parts) / (np.prod(1 + parts) - 1)
    assert total == pytest.approx(expected, abs=1e-2)
    assert sobol_g(np.zeros((8, 1)))[0] == pytest.approx(np.prod((2 + a) / (1 + a)))


def product_indices(variation: Any) -> tuple[Any, Any]:
    """First-order and total indices of a product of independent inputs with these coefficients of
    variation.
    """
    squares = np.asarray(variation, dtype=float) ** 2
    whole = np.prod(1 + squares)
    return squares / (whole - 1), squares * whole / (1 + squares) / (whole - 1)


def test_product_closed_form_and_simulation() -> None:
    golden = GOLDEN["product_indices"]
    first, total = product_indices(golden["variation"])
    assert first == pytest.approx(golden["first"], abs=1e-6)
    assert total == pytest.approx(golden["total"], abs=1e-6)
    variation = np.array(golden["variation"])[:, None]
    found = sobol_indices(lambda unit: np.prod(1 + variation * ndtri(unit), axis=0), *both(3))
    assert found[0] == pytest.approx(first, abs=1e-2)
    assert found[1] == pytest.approx(total, abs=1.5e-2)


def test_groups_of_all_inputs_explain_everything() -> None:
    first, total = sobol_indices(ishigami, *both(3), [[0, 1, 2]])
    assert (first[0], total[0]) == pytest.approx((1, 1), abs=2e-2)
    main, whole = sobol_indices(ishigami, *both(3), [[0, 2], [1]])
    assert main[0] == pytest.approx(1 - 0.4424, abs=1e-2)
    assert main == pytest.approx(whole, abs=2e-2), "the two groups do not interact"


def test_shapley_closed_form() -> None:
    correlation = np.array([[1, 0.5], [0.5, 1]])
    found = shapley_effects(
        lambda z: z[0] + 2 * z[1], correlation, {"one": [0], "two": [1]}, 8_192, 3
    )
    assert found == pytest.approx(GOLDEN["shapley"]["effects"], abs=2e-3)


def test_shapley_without_correlation_lies_between_first_and_total() -> None:
    first, total = sobol_indices(lambda u: ishigami(u), *both(3))
    effects = shapley_effects(
        lambda z: ishigami(ndtr(z)), np.eye(3), {"a": [0], "b": [1], "c": [2]}, 8_192, 5
    )
    assert effects.sum() == pytest.approx(1, abs=1e-12)
    assert (effects >= first - 2e-2).all()
    assert (effects <= total + 2e-2).all()
    assert effects == pytest.approx([(0.3139 + 0.5576) / 2, 0.4424, 0.2437 / 2], abs=1e-2)


def test_shuffled_points_change_no_index() -> None:
    first, second = both(3, 2_048)
    order = np.random.default_rng(1).permutation(2_048)
    for one, other in zip(
        sobol_indices(ishigami, first, second),
        sobol_indices(ishigami, first[:, order], second[:, order]),
        strict=True,
    ):
        assert one == pytest.approx(other, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("name", "function"), [("ishigami", ishigami), ("sobol_g", sobol_g)])
def test_indices_agree_with_salib_within_their_errors(name: str, function: Any) -> None:
    golden = GOLDEN["salib"][name]
    dimensions = len(golden["first"])
    found = sensitivity.sobol_indices(function, *both(dimensions))
    for kind, own in zip(("first", "total"), found, strict=True):
        errors = np.array(golden[f"{kind}_error"])
        for index, known, error in zip(own, golden[kind], errors, strict=True):
            apart = abs(index.value - known)
            assert apart <= 3 * np.hypot(index.standard_error, error) + 1e-5, (kind, known)


def test_errors_cover_the_known_value() -> None:
    golden, outside = GOLDEN["ishigami"], 0
    for seed in range(20):
        main, _ = sensitivity.sobol_indices(ishigami, *both(3, 2_048, seed))
        outside += sum(
            abs(own.value - known) > 2 * own.standard_error
            for own, known in zip(main, golden["first"], strict=True)
        )
    assert outside <= 12, "of 60 intervals of two standard errors"


def test_a_constant_has_no_drivers() -> None:
    def flat(inputs: Any) -> Any:
        return np.full(inputs.shape[1], 4.0)

    first, total = sobol_indices(flat, *both(2, 64))
    assert not first.any()
    assert not total.any()
    assert not shapley_effects(flat, np.eye(2), {"a": [0], "b": [1]}, 64, 1).any()


@pytest.mark.parametrize(
    "call",
    [
        lambda: uniform_points(1_000, 2, 1),
        lambda: shapley_effects(ishigami, np.eye(3), {"a": [0], "b": [0, 1, 2]}, 64, 1),
    ],
)
def test_bad_input_is_named(call: Any) -> None:
    with pytest.raises(InputError):
        call()
