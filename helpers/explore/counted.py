"""Months that a reader has counted: entered in the panel, they move the forecast of the volume."""

import re
from collections.abc import Callable, Mapping

import ipywidgets as widgets
import pandas as pd

from helpers.errors import refusal
from helpers.quantities import ASSUMPTION
from helpers.volume.demand import START
from helpers.volume.updating import ALL

_ROW = ["month", "maker", "scope"]


class Counted:
    """Entry of counted months, and the table of observations that they make.

    rows: those entered, one a month, maker and scope. table: those on record and these.
    """

    def __init__(
        self,
        stored: pd.DataFrame,
        titles: Mapping[str, str],
        makers: Mapping[str, str],
        changed: Callable[[str], None],
    ):
        """stored: observations on record. titles, makers: of each model. changed: called with the
        fault of an entry, empty for none.
        """
        self._stored, self._changed = stored, changed
        self.rows, self.table = stored.iloc[:0], stored
        self._titles = {ALL: "all cars", **titles}
        scopes = [("All makers", (ALL, ALL))]
        for maker in dict.fromkeys(makers.values()):
            scopes.append((f"{maker}, its programme cars", (maker, ALL)))
            scopes += [
                (titles[model], (maker, model)) for model, make in makers.items() if make == maker
            ]
        entry = {"layout": widgets.Layout(width="auto"), "style": {"description_width": "5em"}}
        self.month = widgets.Text(placeholder="2026-10", description="Month", **entry)
        self.scope = widgets.Dropdown(options=scopes, description="Cars of", **entry)
        self.count = widgets.Text(placeholder="410", description="Count", **entry)
        self.add = widgets.Button(description="Take the month in")
        self.forget = widgets.Button(description="Forget the months")
        self._listed = widgets.HTML()
        self.add.on_click(lambda _: self._add())
        self.forget.on_click(lambda _: self._take(stored.iloc[:0]))
        self.widget = widgets.VBox(
            [
                self.month,
                self.scope,
                self.count,
                widgets.HBox([self.add, self.forget]),
                self._listed,
            ]
        )

    @property
    def words(self) -> list[str]:
        """Each entry as a reader reads it."""
        return [
            f"{row['month']}: {row['units']:,} "
            f"{self._titles[row['scope']] if row['scope'] != ALL else _of(row['maker'])}"
            for row in self.rows.to_dict("records")
        ]

    def clear(self) -> None:
        """Forget what was entered, telling nobody."""
        self._keep(self._stored.iloc[:0])

    def _add(self) -> None:
        month, count = self.month.value.strip(), self.count.value.strip().replace(",", "")
        known = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
        if not known or int(known[1]) < START:
            remedy = f"write a month from {START}-01 on, such as {START}-10"
            return self._changed(str(refusal("Month", f"'{month}' is no month", remedy)))
        if not re.fullmatch(r"\d{1,7}", count):
            remedy = "write a whole number such as 410"
            return self._changed(str(refusal("Count", f"'{count}' is no count", remedy)))
        maker, scope = self.scope.value
        row = (month, maker, scope, int(count), "unverified", ASSUMPTION, "entered by hand")
        entered = pd.DataFrame([row], columns=self._stored.columns)
        rows = entered if self.rows.empty else pd.concat([self.rows, entered])
        self._take(rows.drop_duplicates(_ROW, keep="last", ignore_index=True))

    def _take(self, rows: pd.DataFrame) -> None:
        self._keep(rows)
        self._changed("")

    def _keep(self, rows: pd.DataFrame) -> None:
        self.rows, self.table = rows, pd.concat([self._stored, rows], ignore_index=True)
        items = "".join(f"<li>{text}</li>" for text in self.words)
        self._listed.value = f'<ul class="explore-note">{items}</ul>' if items else ""


def _of(maker: str) -> str:
    return "cars of all makers" if maker == ALL else f"cars of {maker}"
