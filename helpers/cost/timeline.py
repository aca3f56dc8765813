"""Can the plan have earned the cut? A cause must come before its effect, and other causes stand
beside it: when the duty cut was agreed, how firm the plan then was, and what else was agreed.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import RUNGS
from helpers.errors import refusal

COLUMNS = ("date", "part", "actor", "event", "status", "source_ids")


@dataclass(frozen=True)
class Timeline:
    """The cut and the plan in time. Days are ISO text.

    first_named_on: first event of the plan's thread. standing_when_agreed: highest rung the plan
    had reached on the day of the agreement, empty for none. aimed_on: first day at that rung or
    above, empty when never. other_terms: commitments of the same agreement, by thread.
    """

    agreed_on: str
    in_force_on: str
    first_named_on: str
    standing_when_agreed: str
    aimed_on: str
    other_terms: tuple[str, ...]
    rows: pd.DataFrame

    @property
    def plan_came_first(self) -> bool:
        """Whether the plan was a stated aim on or before the day the cut was agreed."""
        return bool(self.aimed_on) and self.aimed_on <= self.agreed_on


def timeline(events: pd.DataFrame, tariffs: pd.DataFrame, maker: str) -> Timeline:
    """Read the events of the cut and of the maker's plan: its thread (the text before the dot of
    `event_id`) is `<maker>_us_models`. The cut is the first rate for cars from Japan that includes
    everything; its events rest on the same sources, the first agreed it, the last put it in force.
    Threads that continue the name of the agreement's with `_` are its other commitments.

    rows: the events in time, with `COLUMNS`. Raises InputError for
    an event that is not in the table.
    """
    cut = _cut(events, tariffs)
    plan = f"{maker.lower()}_us_models"
    threads = events["event_id"].str.partition(".")[0]
    thread = events[(threads == plan) & events["status"].isin(RUNGS)]
    thread = thread.sort_values("date", kind="stable")
    if thread.empty:
        raise refusal("events", f"there is no event {plan}", "correct its event_id")
    agreed_on = str(cut["date"].iloc[0])
    before = [RUNGS.index(status) for status in thread.loc[thread["date"] <= agreed_on, "status"]]
    aimed = thread.loc[thread["status"].map(RUNGS.index) >= RUNGS.index("aims"), "date"]
    terms = events[threads.str.startswith(f"{cut['event_id'].iloc[0].partition('.')[0]}_")]
    rows = pd.concat(
        [
            thread.assign(part="the plan"),
            cut.iloc[[0, -1]].assign(part="the duty"),
            terms.assign(part="another commitment"),
        ]
    ).sort_values("date", kind="stable")
    return Timeline(
        agreed_on=agreed_on,
        in_force_on=str(cut["date"].iloc[-1]),
        first_named_on=str(thread["date"].iloc[0]),
        standing_when_agreed=RUNGS[max(before)] if before else "",
        aimed_on=str(aimed.iloc[0]) if len(aimed) else "",
        other_terms=tuple(dict.fromkeys(threads[terms.index])),
        rows=rows[[*COLUMNS]].reset_index(drop=True),
    )


def actors(events: pd.DataFrame) -> "pd.Series[str]":
    """Who acted in each of these events: the Government of Japan and Toyota."""
    return events["actor"].str.replace("; ", " and ")


def _cut(events: pd.DataFrame, tariffs: pd.DataFrame) -> pd.DataFrame:
    """The events of the cut in time, from the agreement to the day it is in force."""
    rates = tariffs.query("exporter == 'Japan' and product == 'passenger_car'")
    rates = rates[rates["rate_kind"] == "all_in"].sort_values("effective_from")
    if rates.empty:
        raise refusal("tariffs", "no all_in rate for passenger_car from Japan")
    start, sources = rates["effective_from"].iloc[0], set(rates["source_ids"].iloc[0].split(";"))
    shares = ~events["source_ids"].str.split(";").map(sources.isdisjoint)
    steps: pd.DataFrame = events[shares & (events["date"] <= start)]
    steps = steps.sort_values(["date", "event_id"])  # an agreement before its commitments
    if len(steps) < 2 or steps["date"].iloc[-1] != start:
        missing = f"an event of the agreement and one of {start} share a source with the cut"
        raise refusal("events", f"not true: {missing}", "add the source to the events")
    return steps
