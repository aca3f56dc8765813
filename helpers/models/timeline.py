"""Can the plan have earned the cut? A cause must come before its effect: when the duty cut was agreed, and how firm the plan then was."""

from dataclasses import dataclass

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.ladders import RUNGS

AGREED, IN_FORCE, PLAN = "us_japan_deal.20250722", "us_auto_tariff.20250916", "toyota_us_models"


@dataclass(frozen=True)
class Timeline:
    """The cut and the plan in time. Days are ISO text.

    first_named_on: first event of the plan's thread. standing_when_agreed: highest rung the plan had reached on the day of the
    agreement, empty for none. aimed_on, announced_on: first day at that rung or above, empty when never.
    """

    agreed_on: str
    in_force_on: str
    first_named_on: str
    standing_when_agreed: str
    aimed_on: str
    announced_on: str
    rows: pd.DataFrame

    @property
    def plan_came_first(self) -> bool:
        """Whether the plan was a stated aim on or before the day the cut was agreed."""
        return bool(self.aimed_on) and self.aimed_on <= self.agreed_on


def timeline(events: pd.DataFrame, agreed: str = AGREED, in_force: str = IN_FORCE, plan: str = PLAN) -> Timeline:
    """Read the events of the cut and of the plan's thread (the text before the dot of `event_id`).

    rows: the events in time with columns date, actor, event, status, event_id. Raises InputError for an event that is not in the table.
    """
    by_id = events.set_index("event_id")
    missing = [name for name in (agreed, in_force) if name not in by_id.index]
    thread = events[(events["event_id"].str.partition(".")[0] == plan) & (events["status"].isin(RUNGS))].sort_values("date", kind="stable")
    if missing or thread.empty:
        raise InputError([Fault("events", f"there is no event {name}", "correct its event_id") for name in [*missing, *([plan] if thread.empty else [])]])
    agreed_on = str(by_id.at[agreed, "date"])
    before = [RUNGS.index(status) for status in thread.loc[thread["date"] <= agreed_on, "status"]]
    rows = pd.concat([thread, events[events["event_id"].isin([agreed, in_force])]]).sort_values("date", kind="stable")
    return Timeline(
        agreed_on=agreed_on,
        in_force_on=str(by_id.at[in_force, "date"]),
        first_named_on=str(thread["date"].iloc[0]),
        standing_when_agreed=RUNGS[max(before)] if before else "",
        aimed_on=_first_at(thread, "aims"),
        announced_on=_first_at(thread, "announced"),
        rows=rows[["date", "actor", "event", "status", "event_id"]].reset_index(drop=True),
    )


def _first_at(thread: pd.DataFrame, rung: str) -> str:
    reached = thread[thread["status"].map(RUNGS.index) >= RUNGS.index(rung)]
    return str(reached["date"].iloc[0]) if len(reached) else ""
