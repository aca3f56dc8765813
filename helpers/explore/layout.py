"""Where the parts of the panel stand: controls, beside them the numbers, then figures and files."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from helpers.numbers import unbroken
from helpers.texts import escaped

_STYLE = """<style>
.explore-panel .widget-label, .explore-panel .jupyter-widgets {font-size: 13px}
.explore-panel table.explore-numbers {border-collapse: collapse; width: 100%; font-size: 12px; \
line-height: 1.3; font-variant-numeric: tabular-nums; margin: 0; table-layout: auto}
.explore-numbers caption {text-align: left; padding: 0 0 4px}
.explore-panel .explore-numbers :is(th, td) {padding: 2px 4px; max-width: 13em; \
border-bottom: 1px solid var(--jp-border-color2, #ddd); text-align: right; vertical-align: top}
.explore-panel .explore-numbers th:first-child {text-align: left; font-weight: normal; \
max-width: none}
.explore-numbers tr[data-headline] :is(th, td) {white-space: nowrap}
@media (max-width: 600px) {.explore-panel .explore-numbers th:first-child {white-space: normal}}
.explore-numbers thead th {font-weight: bold}
.explore-numbers .explore-now {font-weight: bold}
.explore-numbers tr.explore-moved {background: var(--jp-layout-color2, #f3f3f3)}
.explore-numbers tr[data-setting] {font-style: italic}
.explore-stale {opacity: 0.45}
.explore-stale caption {font-weight: bold}
.explore-panel .explore-invalid input {outline: 2px solid #b3261e !important; background: \
#fdecea !important; color: #1a1a1a !important}
.explore-said {margin: 0 0 6px; font-size: 13px; line-height: 1.35}
.explore-wrong {border-left: 4px solid #b3261e; padding-left: 8px}
.explore-panel .widget-html-content {min-width: 0}
.explore-panel figure {overflow-x: auto}
.explore-panel figure svg {min-width: 330px}
.explore-note {line-height: 1.3; opacity: 0.85}
</style>"""
_COPY = "navigator.clipboard.writeText(this.previousElementSibling.textContent)"


class Layout:
    """The widgets that every panel has, and what they show.

    started, compared: lists of scenarios. reset, keep, save, look: buttons. name, replace: of a
    file.
    """

    def __init__(self, controls: Any, counted: Any, drawings: int):
        wide = widgets.Layout(width="auto")
        words = {"description_width": "7.5em"}
        self.started = widgets.Dropdown(description="Start from", layout=wide, style=words)
        self.compared = widgets.Dropdown(description="Compare with", layout=wide, style=words)
        self.reset = widgets.Button(description="Reset all", tooltip="Back to the start")
        self.keep = widgets.Button(
            description="Keep to compare", tooltip="Set this setting beside those that follow"
        )
        self.name = widgets.Text(
            value="my_scenario",
            description="Save as",
            continuous_update=False,
            layout=wide,
            style=words,
        )
        self.replace = widgets.Checkbox(description="replace a file of this name", indent=False)
        self.save = widgets.Button(
            description="Save as scenario",
            tooltip="Write the setting to a YAML file beside this notebook",
        )
        self.look = widgets.Button(
            description="Look for reports", tooltip="Show the reports that a run has made by now"
        )
        self._said, self._saved, self._command = (widgets.HTML() for _ in range(3))
        # JupyterLab opens a link to a notebook only from an output, not from an HTML widget.
        self._numbers, self._reports = widgets.Output(), widgets.Output()
        within = widgets.Layout(max_width="100%")
        self._drawings = [widgets.HTML(layout=within) for _ in range(drawings)]
        self.widget = self._placed(controls, counted)

    def say(self, text: str, wrong: bool = False) -> None:
        """The sentence. wrong: whether it tells a fault."""
        look = "explore-said explore-wrong" if wrong else "explore-said"
        self._said.value = f'<p class="{look}" role="status">{escaped(unbroken(text))}</p>'

    def numbers(self, table: str) -> None:
        """The table of numbers."""
        _publish(self._numbers, table, "The headline numbers of both settings.")

    def draw(self, drawings: Sequence[str]) -> None:
        """The figures."""
        for widget, drawing in zip(self._drawings, drawings, strict=True):
            widget.value = drawing

    def mark_stale(self, stale: bool) -> None:
        """Mark the figures as those of another setting, or as this one's."""
        for widget in self._drawings:
            (widget.add_class if stale else widget.remove_class)("explore-stale")

    def saved(self, text: str) -> None:
        """What came of saving."""
        self._saved.value = f'<p class="explore-said">{html.escape(text)}</p>'

    def link(self, command: str, reports: Mapping[str, str], counted: bool) -> None:
        """The command that runs the setting, and its reports where there are some."""
        runs = (
            f"<p>Run it: <code>{html.escape(command)}</code> "
            f'<button type="button" onclick="{_COPY}">Copy</button></p>'
            if command
            else "<p>Save the setting to run it: only a file can hold it.</p>"
        )
        months = "<p>Counted months are no part of a scenario: "
        months += "<code>reverse-imports forecast observe</code> takes them in.</p>"
        self._command.value = runs + (months if counted else "")
        lead = "Its reports: " if reports else "There is no report of this setting yet."
        links = ", ".join(f'<a href="{page}">{name[:2]}</a>' for name, page in reports.items())
        _publish(self._reports, f"<p>{lead}{links}</p>", lead + ", ".join(reports.values()))

    def _placed(self, controls: Any, counted: Any) -> Any:
        months = widgets.Accordion([counted], titles=["A month that was counted"])
        files = widgets.Accordion(
            [widgets.VBox([self.name, self.replace, self.save, self._saved])],
            titles=["Save this setting as a scenario"],
        )
        buttons = widgets.HBox([self.reset, self.keep], layout=widgets.Layout(flex_flow="row wrap"))
        choices = widgets.VBox([self.started, self.compared, buttons])
        left = widgets.VBox(
            [choices, controls, months, files],
            layout=widgets.Layout(flex="1 1 380px", max_width="470px"),
        )
        middle = widgets.VBox(
            [self._said, self._numbers, self._command, self._reports, self.look],
            layout=widgets.Layout(flex="1 1 430px"),
        )
        right = widgets.HBox(
            self._drawings,
            layout=widgets.Layout(
                flex="1 1 470px",
                flex_flow="row wrap",
                grid_gap="0 24px",
                align_items="flex-start",
                align_content="flex-start",
            ),
        )
        columns = widgets.HBox(
            [left, middle, right], layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 20px")
        )
        panel = widgets.VBox([widgets.HTML(_STYLE), columns])
        panel.add_class("explore-panel")
        return panel


def _publish(widget: Any, markup: str, plain: str) -> None:
    data = {"text/html": markup, "text/plain": plain}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    widget.outputs = (output,)
