"""What the panel moves: a label for each control, the part of its range that a slider offers, and
why a headline follows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_ROOM = "a model is bought where there is room for it"


@dataclass(frozen=True)
class Lever:
    """One control, named like its parameter.

    why: headlines that it is moved for, the most telling first, and why each moves. low, high,
    step: of a slider; a number is typed beyond it. All 0 for a choice of names.
    """

    name: str
    label: str
    why: Mapping[str, str]
    low: float = 0
    high: float = 0
    step: float = 0


# One control a few lines, as a table.
# fmt: off
NUMBERS = (
    Lever("jpy_per_usd", "Yen per dollar",
        {"sticker_jpy": "nearly all of its cost is in dollars"}, 80, 250, 0.5),
    Lever("us_duty_percent", "US duty on cars, %", {"duty_difference_usd_mn":
        "it is what would be due without the agreement, less the duty now"}, 0, 50, 0.5),
    Lever("programme_units", "Programme, cars",
        {"programme_value_usd_mn": "every car counts at its customs value"}, 1_000, 100_000, 1_000),
    Lever("unit_value_usd", "Customs value, USD",
        {"programme_value_usd_mn": "every car counts at this value"}, 15_000, 90_000, 1_000),
    Lever("street_width_m", "Street width, m",
        {"models_that_fit": "a car must pass down the street and meet another inside its edge",
        "volume_p50_units": _ROOM}, 2.5, 12, 0.1),
    Lever("clearance_mm", "Free space, mm",
        {"models_that_fit": "the space wanted beside a moving car counts as part of what it needs",
        "volume_p50_units": _ROOM}, 0, 600, 10),
)
NAMES = (
    Lever("makers", "Makers",
        {"volume_p50_units": "only models of makers that take part are sold"}),
    Lever("models", "Models sold",
        {"volume_p50_units": "each model brings the buyers of its segment",
        "models_that_fit": "another set of cars is tried",
        "programme_cost_usd_mn":
        "the cost that the price does not bring back is averaged over the chosen models"}),
    Lever("right_hand_drive_models", "Wheel on the right",
        {"volume_p50_units": "buyers take more of a model with the wheel on the right",
        "sticker_jpy": "building the wheel on the right costs extra at the plant"}),
)
# fmt: on
LEVERS = {lever.name: lever for lever in (*NUMBERS, *NAMES)}
COUNTED = "counted months"
COUNTED_WHY = "what was counted weighs every drawn future by how well it foresaw it"
