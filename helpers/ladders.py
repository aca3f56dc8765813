"""How firm a plan is, in words that have an order."""

RUNGS = ("none", "rumour", "considering", "aims", "announced", "happened")
"""Weakest first."""
