"""The explore panel: controls for the main assumptions beside live headline numbers, two settings
side by side, three figures, one sentence, and scenario files.

Everything shown is read from the parts of a study, as in the notebooks: a move works out only what
it touches. Where no control can be shown the numbers of the base scenario stand in a table and in
figures of their own.
"""

from collections import ChainMap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from IPython.display import display

from helpers.errors import InputError
from helpers.explore import figures, findings, tables
from helpers.explore.controls import Controls
from helpers.explore.counted import Counted
from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.explore.layout import Layout
from helpers.explore.levers import COUNTED, NUMBERS, Lever
from helpers.explore.saving import ScenarioFiles
from helpers.scenarios import NamedScenario, Scenario, check_values, parameters
from helpers.show import Drawing
from helpers.study import Study

_VIEW = "application/vnd.jupyter.widget-view+json"
_FIGURES: tuple[Callable[[Answers, Answers], Drawing], ...] = (
    figures.volume,
    figures.money,
    figures.room,
)
_KEPT = 8
"""How many results of each kind are kept, so that a control moved back answers at once."""
KEPT = "the setting kept"


class Panel:
    """The panel with the state it shows.

    answers: of the last setting that could be worked out. reference: of the setting it is compared
    with. start: the scenario that the controls go back to. stale: what is wrong with the setting of
    the controls, empty while the answers are its own.
    """

    def __init__(self, base: Study, folder: Path | None = None):
        """base: the study of the base scenario. folder: where scenario files are saved and read;
        the current folder if none is given.
        """
        memory = replace(base.memory, most=_KEPT)
        self._base_study = Study(base.tables, base.scenario, base.steps, memory)
        self.base = self.reference = Answers(self._base_study, "Base")
        self.answers = Answers(self._base_study)
        folder = (folder or Path.cwd()).resolve()
        self.files = ScenarioFiles(folder)
        self.start: NamedScenario = self.files.read("base")
        self._start_name, self.stale, self._kept = "base", "", self.base
        cars = self._base_study.cost.cars
        titles, makers = cars.title.to_dict(), cars.maker.to_dict()
        self.controls = Controls(self.start.scenario, titles, makers, self._moved)
        stored = self._base_study.tables["observations"]
        self.counted = Counted(stored, titles, makers, self._counted_changed)
        self.layout = Layout(self.controls.widget, self.counted.widget, len(_FIGURES))
        self._connect()
        self._refresh("Move a control: numbers, sentence and figures follow when you let go.")

    @property
    def scenario(self) -> Scenario:
        """The scenario that is shown."""
        return self.answers.study.scenario

    def show(self) -> None:
        """Publish the panel; where controls cannot be shown, a sentence that says what they need
        and the numbers of the base scenario.
        """
        self._say_what_stands_still()
        view = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": self.layout.widget.model_id,
        }
        said = (
            "Controls need a running kernel: in JupyterLab, choose Run All Cells in the menu Run."
        )
        shown = tables.still(self.base)._repr_mimebundle_()
        texts = {kind: shown[kind] for kind in ("text/html", "text/plain")}
        texts["text/html"] = f"<p>{said}</p>\n{texts['text/html']}"
        texts["text/plain"] = f"{said}\n{texts['text/plain']}"
        display(shown | texts | {_VIEW: view}, raw=True)

    def show_base(self) -> None:
        """Publish the three figures of the base scenario."""
        for draw in _FIGURES:
            display(draw(self.base, self.base))

    def begin(self, name: str) -> None:
        """Set all controls to a scenario and forget counted months; every button goes back
        there.
        """
        try:
            self.start = self.files.read(name)
        except InputError as error:
            return self._refuse(error)
        self._start_name = name
        self.counted.clear()
        self.controls.show(self.start.scenario)
        self._work_out(None, f"{self.start.title}: {self.start.story}")

    def compare_with(self, name: str) -> None:
        """Set what the numbers are compared with: a scenario, or the setting that was kept."""
        try:
            if name == KEPT:
                self.reference = self._kept
            else:
                named = self.files.read(name)
                study = self._base_study.under(named.scenario)
                self.reference = self.base if name == "base" else Answers(study, named.title)
        except InputError as error:
            return self._refuse(error)
        self._refresh()

    def keep(self) -> None:
        """Keep the present setting beside the ones that follow."""
        self._kept = Answers(self.answers.study, "Kept")
        self.layout.compared.options = [*self.files.options(), (KEPT, KEPT)]
        self.layout.compared.value = KEPT
        self.compare_with(KEPT)

    def save(self, name: str, replace: bool = False) -> str:
        """Write the present setting as a scenario file, from where it goes on. Raises InputError
        for a name or a setting that a file cannot have.
        """
        if self.stale:
            raise InputError(self._faults)
        self._start_name = self.files.save(name, self.scenario, replace)
        self.start = self.files.read(self._start_name)
        return self._start_name

    def _connect(self) -> None:
        layout = self.layout
        self._offer()
        layout.started.observe(lambda change: self._chosen(self.begin, change["new"]), "value")
        layout.compared.observe(
            lambda change: self._chosen(self.compare_with, change["new"]), "value"
        )
        layout.reset.on_click(lambda _: self.begin(self._start_name))
        layout.keep.on_click(lambda _: self.keep())
        layout.save.on_click(lambda _: self._save())
        layout.look.on_click(lambda _: self._link())

    def _offer(self) -> None:
        """Fill both lists with the scenarios there are, without moving what is chosen."""
        self._offering = True
        for choice, extra in ((self.layout.started, []), (self.layout.compared, [(KEPT, KEPT)])):
            chosen = choice.value
            choice.options = [*self.files.options(), *extra]
            choice.value = chosen or "base"
        self._offering = False

    def _chosen(self, do: Callable[[str], None], name: str | None) -> None:
        if name and not self._offering:
            do(name)

    def _moved(self, name: str) -> None:
        self._work_out(name)

    def _counted_changed(self, fault: str) -> None:
        if fault:
            self.layout.say(fault)
            return
        self._work_out(COUNTED)

    def _work_out(self, moved: str | None, said: str = "") -> None:
        """Answer the setting of the controls, or say why there is no answer. moved: what moved."""
        try:
            start = {name: value for name, (value, _) in self.start.scenario.differing().items()}
            scenario = check_values({**start, **self.controls.values()}, "panel")
            answers = Answers(self._study(scenario))
            answers.numbers  # noqa: B018 - what cannot be worked out is told before it is shown
        except InputError as error:
            return self._refuse(error)
        self.answers = answers
        self.controls.show(scenario, self.start.scenario)
        self._refresh(said, moved)

    def _study(self, scenario: Scenario) -> Study:
        if self.counted.rows.empty:
            return self._base_study.under(scenario)
        tables = ChainMap({"observations": self.counted.table}, self._base_study.tables)  # type: ignore[arg-type]
        return Study(tables, scenario, self._base_study.steps, self._base_study.memory)

    def _refuse(self, error: InputError) -> None:
        """Say what cannot be, mark it, and mark the numbers as those of another setting."""
        self.stale, self._faults = str(error), error.faults
        self.controls.mark(self._invalid())
        self.layout.say(f"{findings.refused(error)}. Nothing was worked out.", wrong=True)
        self.layout.mark_stale(True)
        self.layout.numbers(self._table())

    def _invalid(self) -> dict[str, bool]:
        """Which controls hold what their parameter cannot be."""
        invalid = {}
        for name, value in self.controls.values().items():
            try:
                check_values({name: value}, "panel")
            except InputError:
                invalid[name] = True
        return invalid

    def _refresh(self, said: str = "", moved: str | None = None) -> None:
        self.stale = ""
        self.controls.mark({})
        self.layout.mark_stale(False)
        self.layout.numbers(self._table())
        sentences = [
            said or findings.compared(self.reference, self.answers, self._differing, moved),
            findings.not_of_a_maker(self.answers),
            findings.differing(self.answers, self.controls.values()) if said else "",
        ]
        self.layout.say(" ".join(filter(None, sentences)))
        self.layout.draw([figures.live(draw(self.answers, self.reference)) for draw in _FIGURES])
        self._link()

    def _link(self) -> None:
        """Show the command that runs the setting, and the reports that there are of it by now."""
        self.layout.link(
            self.files.command(self.scenario, self._start_name),
            self.files.reports(self.scenario, self._start_name),
            not self.counted.rows.empty,
        )

    @property
    def _differing(self) -> list[findings.Setting]:
        return findings.settings(self.reference, self.answers, self.counted.words)

    def _table(self) -> str:
        return tables.live(
            self.reference, self.answers, self._differing, self.files.notebooks, bool(self.stale)
        )

    def _save(self) -> None:
        try:
            name = self.save(self.layout.name.value.strip(), self.layout.replace.value)
        except InputError as error:
            self.layout.saved(f"Not saved. {error}")
            return
        self._offer()
        self._offering, self.layout.started.value = True, name
        self._offering = False
        self.layout.saved(f"Saved {name}.")
        self._refresh()

    def _say_what_stands_still(self) -> None:
        """Below each slider that moves no number near the base scenario, from where on it does."""
        units = {parameter.name: parameter.unit for parameter in parameters()}
        for lever in NUMBERS:
            ends = [self._first_effect(lever, sign) for sign in (-1, 1)]
            if None in ends or all(ends):
                near, far = (end or None for end in ends)
                self.controls.numbers[lever.name].say(findings.still(near, far, units[lever.name]))

    def _first_effect(self, lever: Lever, sign: int) -> Any:
        """The first value of a slider off its base, downwards or upwards, that changes a number; 0
        where a step does; None where no value does. What one value changes, a further one does.
        """
        base = getattr(self.base.study.scenario, lever.name)
        most = int(abs((lever.high if sign > 0 else lever.low) - base) / lever.step + 1e-9)

        def value(steps: int) -> Any:
            return type(base)(round(base + sign * steps * lever.step, 6))

        def moves(steps: int) -> bool:
            scenario = self.base.study.scenario.model_copy(update={lever.name: value(steps)})
            own = Answers(self._base_study.under(scenario)).numbers
            return any(
                text_of(of, own[of.name]) != text_of(of, self.base.numbers[of.name])
                for of in HEADLINES
            )

        if moves(1):
            return 0
        low, high = 1, 2
        while high < most and not moves(high):
            low, high = high, 2 * high
        high = min(high, most)
        if not moves(high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if moves(middle) else (middle, high)
        return value(high)
