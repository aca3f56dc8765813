"""Quantities of the car trade as they stand in its sentences."""

from dataclasses import replace

import numpy as np

from helpers import numbers
from helpers.quantities import Quantity
from helpers.texts import is_day


def middle(quantity: Quantity) -> Quantity:
    """The median of draws with its interval; a plain number as it is."""
    return quantity.median() if isinstance(quantity.value, np.ndarray) else quantity


def size(change: Quantity) -> str:
    """How large a change is, with its interval and without its sign: 8.4 % (3.8 % to 13.7 %)."""
    median = middle(change)
    if median.value >= 0 or not median.interval:
        return replace(median, value=abs(median.value)).text
    low, high = median.interval
    return replace(median, value=-median.value, interval=(-high, -low)).text


def usd(money: Quantity) -> str:
    """A sum in dollars without its range: $800 m."""
    return numbers.usd(money.to("USD").value)


def published(vintage: str) -> str:
    """A publication in words: published 17 June 2026, first release."""
    if is_day(vintage):
        return f"published {numbers.day(vintage)}"
    first, _, last = vintage.rpartition("_")  # first_release, before_2026-06
    return f"{first} {numbers.day(last) if '-' in last else last}"


def outlet_name(outlet: str) -> str:
    """An outlet in few words, of a reprint where it stands: Nikkei (Tokyo) as Nikkei."""
    return outlet.split(" (")[0].rpartition("reprint at ")[2]


def share_text(share: Quantity) -> str:
    """A share or duty that somebody set, without idle decimals: 10 %, 2.5 %."""
    return rate_text(float(share.value))


def rate_text(percent: float) -> str:
    """The same of a number in percent."""
    return numbers.percent(percent, 0 if percent % 1 == 0 else 1)


def away(change: Quantity) -> str:
    """A difference in words: 2.5 % above."""
    return f"{numbers.percent(abs(change.value))} {'above' if change.value >= 0 else 'below'}"


def signed(change: Quantity) -> str:
    """A change in percent with its sign."""
    text = numbers.percent(change.value)
    return f"+{text}" if round(change.value, 1) > 0 else text
