"""The controls of the panel, made from the vocabulary of parameters: a slider with an entry for a
number, a box for a name.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from helpers.explore.levers import NAMES, NUMBERS, Lever
from helpers.scenarios import Parameter, Scenario, parameters, parse_text

INVALID = "explore-invalid"
Moved = Callable[[str], None]


class NumberControl:
    """One number: a slider over the likely part of its range, an entry for any value, and a button
    back to where it started.

    value: the number, or the text that was typed where it is none. note: a line below the control.
    """

    def __init__(self, lever: Lever, parameter: Parameter, moved: Moved):
        self.name, self._moved = lever.name, moved
        self.value: Any = parameter.default
        self._start = self.value
        kind = widgets.IntSlider if parameter.type == "int" else widgets.FloatSlider
        self._slider = kind(
            value=lever.low,
            min=lever.low,
            max=lever.high,
            step=lever.step,
            description=lever.label,
            readout=False,
            continuous_update=False,
            layout=widgets.Layout(flex="1 1 200px", min_width="0"),
            style={"description_width": "10.5em"},
        )
        self.entry = widgets.Text(
            continuous_update=False,
            tooltip=f"{parameter.meaning}; {parameter.range} {parameter.unit}".strip(),
            layout=widgets.Layout(width="5.6em", flex="0 0 auto"),
        )
        self.back = widgets.Button(
            description="↺", layout=widgets.Layout(width="2.4em", flex="0 0 auto")
        )
        self.note = widgets.HTML(layout=widgets.Layout(display="none", margin="-6px 0 0 11em"))
        row = widgets.HBox(
            [self._slider, self.entry, self.back], layout=widgets.Layout(flex_flow="row wrap")
        )
        self.widget = widgets.VBox([row, self.note])
        self.widget.add_class(f"explore-{lever.name}")
        self._slider.observe(lambda change: self._move(change["new"]), "value")
        self.entry.observe(lambda change: self._typed(change["new"]), "value")
        self.back.on_click(lambda _: self._move(self._start))

    def show(self, value: Any, start: Any) -> None:
        """Show a value, telling nobody. start: where the button goes back to. The slider grows
        where the value lies beyond it.
        """
        self.value, self._start = value, start
        slider = self._slider
        slider.min, slider.max = min(slider.min, value), max(slider.max, value)
        slider.value, self.entry.value = value, _plain(value)
        self.back.disabled = value == start
        self.back.tooltip = f"Back to {_plain(start)}"

    def mark(self, invalid: bool) -> None:
        """Mark the entry as one that cannot be, or as sound."""
        (self.entry.add_class if invalid else self.entry.remove_class)(INVALID)

    def say(self, text: str) -> None:
        """A line below the control."""
        self.note.value = f'<small class="explore-note">{text}</small>'
        self.note.layout.display = "" if text else "none"

    def _move(self, value: Any) -> None:
        if value != self.value:  # else it is shown, not moved
            self.value, self.entry.value = value, _plain(value)
            self._tell()

    def _typed(self, text: str) -> None:
        value = parse_text(self.name, text.strip())
        if value != self.value and text != _plain(self.value):
            self.value = value
            self._tell()

    def _tell(self) -> None:
        self.back.disabled = self.value == self._start
        self._moved(self.name)


def _plain(value: Any) -> str:
    """A number to the last digit, as an entry takes it; a text as it is."""
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


class NamesControl:
    """Some of the names that a parameter may hold: one box each."""

    def __init__(
        self, lever: Lever, choices: Mapping[str, str], ticked: Callable[[str, str], None]
    ):
        """choices: name to what people call it. ticked: called with parameter and name."""
        self.boxes = {name: self._box(title) for name, title in choices.items()}
        self._telling, self._parameter, self._ticked = True, lever.name, ticked
        for name, box in self.boxes.items():
            box.observe(lambda _, name=name: self._tell(name), "value")
        heading = widgets.HTML(f"<strong>{lever.label}</strong>")
        self.widget = widgets.VBox([heading, *self.boxes.values()])
        self.widget.add_class(f"explore-{lever.name}")

    @property
    def value(self) -> tuple[str, ...]:
        """The names that are ticked."""
        return tuple(name for name, box in self.boxes.items() if box.value)

    def show(self, names: tuple[str, ...]) -> None:
        """Tick just these, telling nobody."""
        self._telling = False
        for name, box in self.boxes.items():
            box.value = name in names
        self._telling = True

    def allow(self, names: set[str]) -> None:
        """Let only these be moved."""
        for name, box in self.boxes.items():
            box.disabled = name not in names

    def _tell(self, name: str) -> None:
        if self._telling:
            self._ticked(self._parameter, name)

    @staticmethod
    def _box(title: str) -> Any:
        return widgets.Checkbox(
            description=title, indent=False, layout=widgets.Layout(width="9em", height="22px")
        )


class Controls:
    """All controls. What hangs together moves together: a maker that is left out takes its models
    with it, and brings back those that the start has.
    """

    def __init__(
        self, scenario: Scenario, titles: Mapping[str, str], makers: Mapping[str, str], moved: Moved
    ):
        """titles, makers: of each model. moved: called with the name of a parameter."""
        self._makers, self._moved, self._start = makers, moved, scenario
        declared = {parameter.name: parameter for parameter in parameters()}
        self.numbers = {
            lever.name: NumberControl(lever, declared[lever.name], moved) for lever in NUMBERS
        }
        self.names = {
            lever.name: NamesControl(
                lever,
                {name: titles.get(name, name) for name in declared[lever.name].choices},
                self._ticked,
            )
            for lever in NAMES
        }
        self.show(scenario)
        self.widget = widgets.VBox(
            [
                *(control.widget for control in self.numbers.values()),
                widgets.HBox(
                    [control.widget for control in self.names.values()],
                    layout=widgets.Layout(flex_flow="row wrap", justify_content="space-between"),
                ),
            ]
        )

    def values(self) -> dict[str, Any]:
        """Parameter → value, as a scenario takes it; a text where what was typed is none."""
        return {name: control.value for name, control in (self.numbers | self.names).items()}

    def show(self, scenario: Scenario, start: Scenario | None = None) -> None:
        """Set every control to the scenario, telling nobody. start: what the buttons go back to,
        the scenario itself if none is given.
        """
        self._start = start or scenario
        for name, number in self.numbers.items():
            number.show(getattr(scenario, name), getattr(self._start, name))
        for name, boxes in self.names.items():
            boxes.show(getattr(scenario, name))
        self._link()

    def mark(self, invalid: Mapping[str, bool]) -> None:
        """Mark the numbers that cannot be."""
        for name, control in self.numbers.items():
            control.mark(invalid.get(name, False))

    def move(self, name: str, value: Any) -> None:
        """Move one control as a hand would: a number is typed, of names the boxes that differ are
        ticked one after another.
        """
        if name in self.numbers:
            self.numbers[name].entry.value = _plain(value)
            return
        for choice, box in self.names[name].boxes.items():
            box.value = choice in value

    def _ticked(self, name: str, choice: str) -> None:
        if name == "makers":
            models = self.names["models"]
            of_maker = {model for model, maker in self._makers.items() if maker == choice}
            others = set(models.value) - of_maker
            back = of_maker & set(self._start.models) or of_maker
            takes_part = choice in self.names["makers"].value
            models.show(tuple(others | back if takes_part else others))
        self._link()
        self._moved(name)

    def _link(self) -> None:
        """Let models be moved whose maker takes part, and wheels of models that are sold."""
        makers, models = self.names["makers"].value, self.names["models"]
        models.allow({model for model in models.boxes if self._makers[model] in makers})
        self.names["right_hand_drive_models"].allow(set(models.value))
