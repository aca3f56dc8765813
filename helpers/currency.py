"""Exchange rates and what trade figures become at them: period averages, their vintage, and the
rate that every converted figure of trade used.

Prices in Japan are built up step by step at the rate of the scenario (`landed_cost`).
"""

import re
from dataclasses import dataclass

import pandas as pd

from helpers.errors import Fault, InputError

LOWEST_JPY_PER_USD = 50.0
HIGHEST_JPY_PER_USD = 400.0


@dataclass(frozen=True)
class Rate:
    """Yen per dollar over a period.

    value: JPY per USD, between 50 and 400.
    period: what it averages, as the tables write it (`2024`, `2025-06`, `FY2024`,
    `2025-04/2025-09`), or `scenario`.
    basis: how it was made, in words. vintage: last month of the table it came from, empty for a
    rate given by hand.
    Raises InputError when the value is no plausible rate: zero, negative, NaN or a slip of the
    point (1.5, 15000).
    """

    value: float
    period: str
    basis: str
    source_ids: tuple[str, ...]
    vintage: str = ""

    def __post_init__(self) -> None:
        if not LOWEST_JPY_PER_USD <= self.value <= HIGHEST_JPY_PER_USD:
            what = f"{self.value:g} yen per dollar is not a plausible exchange rate"
            raise InputError(
                [
                    Fault(
                        f"exchange rate of {self.period}",
                        what,
                        f"write {LOWEST_JPY_PER_USD:g} to {HIGHEST_JPY_PER_USD:g} (JPY per USD)",
                    )
                ]
            )

    @property
    def said(self) -> str:
        """The rate for a caption: `¥151.46 per dollar, average of 2024 (FX-FED, data to
        2026-06)`.
        """
        where = ", ".join(self.source_ids) + (f", data to {self.vintage}" if self.vintage else "")
        return f"¥{self.value:.2f} per dollar, {self.basis} ({where})"


def given_rate(jpy_per_usd: float, source_ids: tuple[str, ...] = ("ASSUMPTION",)) -> Rate:
    """A rate that a reader sets by hand, such as the scenario's."""
    return Rate(float(jpy_per_usd), "scenario", "rate of the scenario", source_ids)


def rate(fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame, period: str) -> Rate:
    """The average rate of a period: the published yearly or monthly average, else the mean of the
    months.

    fx_annual, fx_monthly: columns `period`, `jpy_per_usd`, `source_ids`.
    period: `YYYY`, `YYYY-MM`, `FY2024` (April 2024 to March 2025), `2025-04/2025-09` or
    `2017/2021`. Raises InputError when a month or year of the period is missing, or the text is
    none of these forms.
    """
    vintage = str(fx_monthly["period"].max())
    published = fx_annual if re.fullmatch(r"\d{4}", period) else fx_monthly
    row = published[published["period"].astype(str) == period]
    if len(row) == 1:
        return Rate(
            float(row["jpy_per_usd"].iloc[0]),
            period,
            f"average of {period}",
            _sources(row),
            vintage,
        )
    months = months_of(period)
    rows = fx_monthly[fx_monthly["period"].isin(months)]
    missing = sorted(set(months) - set(rows["period"]))
    if missing:
        known = f"{fx_monthly['period'].min()} to {vintage}"
        raise InputError(
            [
                Fault(
                    f"exchange rate of {period}",
                    f"no average for {', '.join(missing)}",
                    f"the monthly table holds {known}",
                )
            ]
        )
    return Rate(
        float(rows["jpy_per_usd"].mean()),
        period,
        f"mean of the {len(rows)} monthly averages of {period}",
        _sources(rows),
        vintage,
    )


def months_of(period: str) -> list[str]:
    """The months of a period, in order, as `YYYY-MM`. Raises InputError for a text that is no
    period.
    """
    if re.fullmatch(r"FY\d{4}", period):
        year = int(period[2:])
        return _month_range(f"{year}-04", f"{year + 1}-03")
    start, slash, end = period.partition("/")
    end = end if slash else start
    forms = [bool(re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", part)) for part in (start, end)]
    if not all(forms):
        raise InputError(
            [
                Fault(
                    "period",
                    f"'{period}' is not a period",
                    "write YYYY, YYYY-MM, FY2024 or 2025-04/2025-09",
                )
            ]
        )
    first = start if "-" in start else f"{start}-01"
    last = end if "-" in end else f"{end}-12"
    if first > last:
        raise InputError(
            [Fault("period", f"'{period}' ends before it starts", "write the earlier month first")]
        )
    return _month_range(first, last)


def shifted(months: list[str], by: int) -> list[str]:
    """The months moved by that many months: `by=-1` is one month earlier."""
    moved = [int(month[:4]) * 12 + int(month[5:]) - 1 + by for month in months]
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in moved]


def to_usd_mn(jpy_bn: float, at: Rate) -> float:
    """Billions of yen as millions of dollars."""
    return jpy_bn * 1_000 / at.value


def to_jpy_bn(usd_mn: float, at: Rate) -> float:
    """Millions of dollars as billions of yen."""
    return usd_mn * at.value / 1_000


def _month_range(first: str, last: str) -> list[str]:
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def _sources(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for cell in rows["source_ids"] for source in cell.split(";")))
