"""Claim audit: verdicts that are computed from data, tolerance, date and evidence."""

from helpers.claims.audit import Audit, Case, Verdict, audit, judge_all, read_case
from helpers.claims.claim import ClaimInputs, Finding
from helpers.claims.labels import LABELS
from helpers.claims.reading import TABLES

__all__ = [
    "LABELS",
    "TABLES",
    "Audit",
    "Case",
    "ClaimInputs",
    "Finding",
    "Verdict",
    "audit",
    "judge_all",
    "read_case",
]
