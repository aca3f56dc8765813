"""What moves with an elasticity rests on an assumption: its sentence says so, with a range."""

import json
import re
from typing import Any

import pytest

from helpers.scenarios import NOTEBOOKS, Scenario
from tests.notebooks.cells import NOTEBOOKS as FOLDER
from tests.notebooks.cells import run, words
from tests.tiers import representatives

ELASTICITIES = {
    name: 1.3 * value
    for name, value in Scenario().model_dump().items()
    if name.endswith("elasticity")
}
SPOKEN = re.compile(r"show\.(answer|own_answer|prose|result)\(")
RESPONSE = re.compile(r"duty|price response|elasticit|yen (weaker|stronger)")
"""What a sentence that states the consequence of an elasticity speaks of. A volume or a probability
rests on an elasticity among much else."""
ASSUMED = re.compile(r"assum")
RANGE = re.compile(r"\d[^ ]*( %| bn| m| trn)?( to |–)−?[¥$]?\d")


def sentences(text: str) -> set[str]:
    lines = text.splitlines()
    return {own for line in lines for own in re.split(r"(?<=\.)\s+(?=[A-Z0-9$¥•])", line) if own}


def stored(name: str) -> dict[str, str]:
    """What the spoken cells of the stored notebook show, by id of the cell."""
    (path,) = FOLDER.glob(f"{name}*.ipynb")
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {
        cell["id"]: "\n".join(
            words(output["data"]) for output in cell["outputs"] if "data" in output
        )
        for cell in cells
        if cell["cell_type"] == "code" and SPOKEN.search("".join(cell["source"]))
    }


def bare(said: set[str]) -> list[str]:
    """Sentences on a response that do not say that it is assumed, or give no range of it."""
    return sorted(
        own
        for own in said
        if RESPONSE.search(own) and not (ASSUMED.search(own) and RANGE.search(own))
    )


@pytest.mark.parametrize(
    "name", representatives(list(NOTEBOOKS), "01_trade_imbalance", "04_landed_cost")
)
def test_a_sentence_that_an_elasticity_moves_says_that_it_is_assumed_with_a_range(
    name: str,
) -> None:
    moved = run(name, more=ELASTICITIES)
    assert moved.error is None, moved.stopped_at
    said = {
        sentence
        for cell, text in stored(name).items()
        for sentence in sentences(text) - sentences(moved.text(cell))
    }
    assert said or name[:2] not in ("01", "04")
    assert not bare(said), "\n".join(bare(said))


def test_a_bare_consequence_is_found() -> None:
    lowers = "A duty of 15 % lowers their number by 4.5 %"
    assert bare({f"{lowers}.", f"{lowers} (2.0 % to 7.5 %)."})
    assert not bare({f"{lowers} (2.0 % to 7.5 %) at the assumed elasticities."})
