"""The explore panel: controls for the main assumptions, live headline numbers, three figures, one
sentence, and a button that saves.

Everything shown is read from the parts of a study, as in the notebooks: a move works out only what
it touches. Where no control can be shown the same numbers of the base scenario stand in a table and
in still figures of their own.
"""

import html
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from helpers import PROJECT_ROOT
from helpers.errors import InputError, refusal
from helpers.explore import figures, findings, tables
from helpers.explore.controls import Controls
from helpers.explore.headlines import Answers
from helpers.parts import Memory
from helpers.scenarios import (
    NamedScenario,
    Parameter,
    Scenario,
    check_values,
    load_scenarios,
    write_scenario_file,
)
from helpers.study import Study

_VIEW = "application/vnd.jupyter.widget-view+json"
_FIGURES: dict[str, Callable[[Answers, Answers], figures.Drawing]] = {
    "volume": figures.volume,
    "money": figures.money,
    "room": figures.room,
}
_KEPT = 8
"""How many results of each kind are kept, so that a control moved back answers at once."""
_STYLE = """<style>
.explore-numbers {border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.35; \
font-variant-numeric: tabular-nums}
.explore-numbers caption {text-align: left; padding: 0 0 6px}
.explore-numbers th, .explore-numbers td {padding: 2px 8px; border-bottom: 1px solid \
var(--jp-border-color2, #ddd); text-align: right}
.explore-numbers th[scope=row], .explore-numbers th:first-child {text-align: left; font-weight: \
normal}
.explore-numbers thead th {font-weight: bold}
.explore-numbers td {white-space: nowrap}
.explore-numbers .now {font-weight: bold}
.explore-numbers tr.moved {background: var(--jp-layout-color2, #f3f3f3)}
.explore-said {margin: 8px 0; font-size: 14px; line-height: 1.4; min-height: 2.8em}
</style>"""


class Panel:
    """The panel with the state it shows: the last setting that could be worked out."""

    def __init__(self, base: Study, folder: Path | None = None):
        """base: the study of the base scenario. folder: where scenario files are saved; the current
        folder if none is given.
        """
        self._base_study = Study(base.tables, base.scenario, base.steps, Memory(_KEPT))
        self._folder = folder
        self.base = self.answers = Answers(self._base_study)
        titles = self._base_study.cost.cars.title.to_dict()
        self._starts: dict[str, NamedScenario] = {own.name: own for own in load_scenarios()}
        self._drawings: dict[str, tuple[tuple[Any, ...], str]] = {}
        self._said = widgets.HTML()
        self._numbers = widgets.HTML()
        self._drawn = {name: widgets.HTML() for name in _FIGURES}
        self.controls = Controls(self.scenario, titles, self._moved)
        self._start = widgets.Dropdown(
            options=[(own.title, name) for name, own in self._starts.items()],
            value="base",
            description="Start from",
        )
        self._start.observe(lambda _: self._started(), "value")
        self._name = widgets.Text(
            value="my_scenario", description="Save as", continuous_update=False
        )
        self._replace = widgets.Checkbox(
            description="replace a file of this name",
            indent=False,
            layout=widgets.Layout(width="16em"),
        )
        self._save = widgets.Button(
            description="Save as scenario",
            tooltip="Write the settings to a YAML file in this folder",
        )
        self._saved: Any = widgets.HTML()
        self._save.on_click(lambda _: self._saved.set_trait("value", self._written()))
        self.widget = self._laid_out()
        self._say("Move a control: the numbers and figures follow when you let go.")
        self._refresh()

    @property
    def scenario(self) -> Scenario:
        """The scenario that is shown."""
        return self.answers.study.scenario

    def show(self) -> None:
        """Publish the panel; where controls cannot be shown, a sentence that says what they
        need.
        """
        live = {_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}}
        said = (
            "The controls, live numbers and figures need a running kernel: open this notebook "
            "in JupyterLab and run it."
        )
        display(live | {"text/html": f"<p>{said}</p>", "text/plain": said}, raw=True)

    def show_base(self) -> None:
        """Publish the headline numbers of the base scenario as a table, and the three figures."""
        display(tables.still(self.base))
        for draw in _FIGURES.values():
            draw(self.base, self.base).show()

    def save(self, name: str, replace: bool = False) -> Path:
        """Write the present settings as a scenario file and return its path. Raises InputError as
        `write_scenario_file` does.
        """
        folder = self._folder or Path.cwd()
        path = folder / f"{name}.yaml"
        if path.parent != folder:
            raise refusal(
                "Save as", f"'{name}' is not a name but a path", "write small letters, digits and _"
            )
        changes = ", ".join(
            f"{key} = {value}" for key, (value, _) in self.scenario.differing().items()
        )
        story = (
            f"Saved from the explore panel; differs from the base scenario in {changes}."
            if changes
            else "Saved from the explore panel; nothing differs."
        )
        write_scenario_file(
            path, self.scenario, f"Own settings: {name.replace('_', ' ')}", story, replace
        )
        return path

    def _moved(self, control: Parameter) -> None:
        before, old = self.answers, getattr(self.scenario, control.name)
        try:
            start = self._settings(self._starts[self._start.value].scenario)
            scenario = check_values({**start, **self.controls.values()}, "panel")
            self.answers = self._answers(scenario)
        except InputError as error:
            self._say(f"{error}. The numbers below are those of the last setting that can be.")
            return
        self._refresh()
        new = getattr(scenario, control.name)
        self._say(findings.moved(control, old, new, before, self.answers))

    def _started(self) -> None:
        chosen = self._starts[self._start.value]
        self.controls.show(chosen.scenario)
        self.answers = self._answers(chosen.scenario)
        self._refresh()
        others = findings.differing(self.scenario, self.controls.values())
        self._say(f"{chosen.title}: {chosen.story} {others}".strip())

    def _answers(self, scenario: Scenario) -> Answers:
        """The answers under a scenario, worked out. Raises InputError where they cannot be."""
        answers = Answers(self._base_study.under(scenario))
        answers.numbers  # noqa: B018 - what cannot be worked out is told before anything is shown
        return answers

    def _settings(self, scenario: Scenario) -> dict[str, Any]:
        return {name: value for name, (value, _) in scenario.differing().items()}

    def _written(self) -> str:
        try:
            path = self.save(self._name.value.strip(), self._replace.value)
        except InputError as error:
            return f"<p>Not saved. {html.escape(str(error))}</p>"
        near = path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path
        command = f"reverse-imports run --scenario-file {shlex.quote(str(near))}"
        return f"<p>Saved {html.escape(path.name)}. Run it: <code>{html.escape(command)}</code></p>"

    def _say(self, text: str) -> None:
        self._said.value = f'<p class="explore-said">{html.escape(text)}</p>'

    def _refresh(self) -> None:
        self._numbers.value = tables.live(self.answers, self.base)
        for name, needs in self._needs(self.answers.study).items():
            known = self._drawings.get(name, ((), ""))[0]
            if len(known) != len(needs) or any(
                old is not new for old, new in zip(known, needs, strict=True)
            ):
                drawing = _FIGURES[name](self.answers, self.base).html()
                self._drawings[name] = (needs, drawing)
                self._drawn[name].value = drawing

    @staticmethod
    def _needs(study: Study) -> dict[str, tuple[Any, ...]]:
        """What each figure is drawn from; a study shares the very same object when a move leaves it
        alone.
        """
        return {
            "volume": (study.volume.pool,),
            "money": (study.cost.sticker(), study.cost.premium, study.trade.effect),
            "room": (study.fit.verdicts,),
        }

    def _laid_out(self) -> Any:
        saving = widgets.VBox([self._name, self._replace, self._save, self._saved])
        side = widgets.VBox(
            [self._start, self.controls.widget, saving],
            layout=widgets.Layout(flex="1 1 400px", min_width="320px"),
        )
        main = widgets.VBox(
            [self._said, self._numbers, *self._drawn.values()],
            layout=widgets.Layout(flex="2 1 520px", min_width="320px", padding="0 0 0 16px"),
        )
        return widgets.VBox(
            [
                widgets.HTML(_STYLE),
                widgets.HBox([side, main], layout=widgets.Layout(flex_flow="row wrap")),
            ]
        )
