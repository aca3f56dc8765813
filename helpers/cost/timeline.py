"""Can the plan have earned the cut? A cause must come before its effect: when the duty cut was
agreed, and how firm the plan then was.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.ladders import RUNGS

AGREED, IN_FORCE, PLAN = "us_japan_deal.20250722", "us_auto_tariff.20250916", "toyota_us_models"


@dataclass(frozen=True)
class Timeline:
    """The cut and the plan in time. Days are ISO text.

    first_named_on: first event of the plan's thread. standing_when_agreed: highest rung the plan
    had reached on the day of the agreement, empty for none. aimed_on: first day at that rung or
    above, empty when never.
    """

    agreed_on: str
    in_force_on: str
    first_named_on: str
    standing_when_agreed: str
    aimed_on: str
    rows: pd.DataFrame

    @property
    def plan_came_first(self) -> bool:
        """Whether the plan was a stated aim on or before the day the cut was agreed."""
        return bool(self.aimed_on) and self.aimed_on <= self.agreed_on


def timeline(events: pd.DataFrame) -> Timeline:
    """Read the events of the cut and of the plan's thread (the text before the dot of `event_id`).

    rows: the events in time with columns date, actor, event, status, event_id. Raises InputError
    for an event that is not in the table.
    """
    by_id = events.set_index("event_id")
    missing = [name for name in (AGREED, IN_FORCE) if name not in by_id.index]
    thread = events[
        (events["event_id"].str.partition(".")[0] == PLAN) & (events["status"].isin(RUNGS))
    ].sort_values("date", kind="stable")
    if missing or thread.empty:
        raise InputError(
            [
                Fault("events", f"there is no event {name}", "correct its event_id")
                for name in [*missing, *([PLAN] if thread.empty else [])]
            ]
        )
    agreed_on = str(by_id.at[AGREED, "date"])
    before = [RUNGS.index(status) for status in thread.loc[thread["date"] <= agreed_on, "status"]]
    aimed = thread.loc[thread["status"].map(RUNGS.index) >= RUNGS.index("aims"), "date"]
    rows = pd.concat([thread, events[events["event_id"].isin([AGREED, IN_FORCE])]]).sort_values(
        "date", kind="stable"
    )
    return Timeline(
        agreed_on=agreed_on,
        in_force_on=str(by_id.at[IN_FORCE, "date"]),
        first_named_on=str(thread["date"].iloc[0]),
        standing_when_agreed=RUNGS[max(before)] if before else "",
        aimed_on=str(aimed.iloc[0]) if len(aimed) else "",
        rows=rows[["date", "actor", "event", "status", "event_id"]].reset_index(drop=True),
    )
