"""The controls of the explore panel, made from the vocabulary of parameters: one slider a number,
one box a name.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets as widgets

from helpers.scenarios import Parameter, Scenario, parameters

# Lowest, highest and step of a slider: the part of the allowed range that a reader is likely to
# want.
SLIDERS: dict[str, tuple[float, float, float]] = {
    "jpy_per_usd": (80, 250, 0.5),
    "us_duty_percent": (0, 50, 0.5),
    "programme_units": (1_000, 100_000, 1_000),
    "unit_value_usd": (15_000, 90_000, 1_000),
    "street_width_m": (2.5, 12, 0.1),
    "clearance_mm": (0, 600, 10),
}
BOXES = ("makers", "models", "right_hand_drive_models")
_LABELS = {
    "jpy_per_usd": "Yen per dollar",
    "us_duty_percent": "US duty on cars, %",
    "programme_units": "Programme, cars",
    "unit_value_usd": "Customs value, USD",
    "street_width_m": "Street width, m",
    "clearance_mm": "Free space, mm",
    "makers": "Makers",
    "models": "Models sold",
    "right_hand_drive_models": "Wheel on the right",
}


class Controls:
    """All controls with the values they show. `moved` is called with the parameter once a control
    is let go.
    """

    def __init__(
        self, scenario: Scenario, titles: dict[str, str], moved: Callable[[Parameter], None]
    ):
        """titles: model name → how people call it."""
        self._quiet = False
        self._moved = moved
        self._declared = {own.name: own for own in parameters()}
        self._sliders = {name: self._slider(name) for name in SLIDERS}
        self._boxes = {name: self._group(name, titles) for name in BOXES}
        self.show(scenario)
        listed = [
            widgets.VBox([self._heading(name), *self._boxes[name].values()]) for name in BOXES
        ]
        self.widget = widgets.VBox(
            [
                *self._sliders.values(),
                widgets.HBox(
                    listed,
                    layout=widgets.Layout(justify_content="space-between", flex_flow="row wrap"),
                ),
            ]
        )

    def values(self) -> dict[str, Any]:
        """Parameter → value, as a scenario takes it."""
        shown: dict[str, Any] = {name: slider.value for name, slider in self._sliders.items()}
        for name, boxes in self._boxes.items():
            shown[name] = tuple(choice for choice, box in boxes.items() if box.value)
        return shown

    def show(self, scenario: Scenario) -> None:
        """Set every control to the scenario, calling nobody. A slider grows where a value lies
        beyond it.
        """
        with self._silence():
            for name, slider in self._sliders.items():
                value = getattr(scenario, name)
                slider.min, slider.max = min(slider.min, value), max(slider.max, value)
                slider.value = value
            for name, boxes in self._boxes.items():
                for choice, box in boxes.items():
                    box.value = choice in getattr(scenario, name)

    def move(self, name: str, value: Any) -> None:
        """Move one control as a hand would; a tuple sets the boxes that differ, one after
        another.
        """
        if name in self._sliders:
            self._sliders[name].value = value
            return
        for choice, box in self._boxes[name].items():
            box.value = choice in value

    @contextmanager
    def _silence(self) -> Iterator[None]:
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _slider(self, name: str) -> Any:
        low, high, step = SLIDERS[name]
        whole = self._declared[name].type == "int"
        kind = widgets.IntSlider if whole else widgets.FloatSlider
        decimals = {"jpy_per_usd": 2, "unit_value_usd": 0}.get(name, 1)
        slider = kind(
            value=low,
            min=low,
            max=high,
            step=step,
            description=_LABELS[name],
            continuous_update=False,
            layout=widgets.Layout(width="100%"),
            readout_format=",d" if whole else f",.{decimals}f",
            style={"description_width": "11em"},
        )
        slider.observe(lambda _, name=name: self._tell(name), "value")
        return slider

    def _group(self, name: str, titles: dict[str, str]) -> dict[str, Any]:
        boxes = {}
        for choice in self._declared[name].choices:
            box = widgets.Checkbox(
                description=titles.get(choice, choice),
                indent=False,
                layout=widgets.Layout(width="9.7em", height="24px"),
            )
            box.observe(lambda _, name=name: self._tell(name), "value")
            boxes[choice] = box
        return boxes

    def _heading(self, name: str) -> Any:
        return widgets.HTML(f"<strong>{_LABELS[name]}</strong>")

    def _tell(self, name: str) -> None:
        if not self._quiet:
            self._moved(self._declared[name])
