"""Words that have an order: how good a number is, and how firm a plan is."""

from typing import Literal, get_args

Quality = Literal["official", "reported", "derived", "estimate", "unverified"]
QUALITIES: tuple[str, ...] = get_args(Quality)
"""Best first. What is computed from several numbers is as good as the weakest of them."""

RUNGS = ("none", "rumour", "considering", "aims", "announced", "happened")
"""Weakest first."""
