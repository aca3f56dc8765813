"""The exchange rate of a period. What a figure becomes at it is a division or a product."""

import re

import pandas as pd

from helpers.data.picking import source_tuple
from helpers.errors import Fault, InputError
from helpers.periods import last_day, months_of
from helpers.quantities import Quantity, fact

UNIT = "JPY per USD"


def rate(fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame, period: str) -> Quantity:
    """Yen per dollar over a period: the published yearly or monthly average, else the mean of the
    months.

    fx_annual, fx_monthly: columns `period`, `jpy_per_usd`, `quality`, `source_ids`. Raises
    InputError when a month of the period is missing, or the text is no period of whole months.
    """
    published = fx_annual if re.fullmatch(r"\d{4}", period) else fx_monthly
    rows = published[published["period"].astype(str) == period]
    if rows.empty:
        months = months_of(period).astype(str)
        rows = fx_monthly[fx_monthly["period"].isin(months)]
        if missing := sorted(set(months) - set(rows["period"])):
            what = f"no average for {', '.join(missing)}"
            held = fx_monthly["period"]
            known = f"the monthly table holds {held.min()} to {held.max()}"
            raise InputError([Fault(f"exchange rate of {period}", what, known)])
    quality = str(rows["quality"].iloc[0]) if len(rows) == 1 else "derived"
    sources = source_tuple(rows["source_ids"])
    mean, until = float(rows["jpy_per_usd"].mean()), last_day(period)
    return fact(mean, UNIT, period, quality, sources, until)
