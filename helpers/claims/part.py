"""The claims part of a study: every claim judged at publication and on the reader's day."""

import datetime

import pandas as pd

from helpers import claims
from helpers.claims import comparison, shared, summary
from helpers.claims.evidence import Facts, known
from helpers.errors import refusal
from helpers.parts import Inputs, Part, worked_out


class ClaimsPart(Part):
    """What notebook 05 works out."""

    def __init__(self, inputs: Inputs, base: "ClaimsPart | None" = None):
        super().__init__(inputs)
        self.base = base or self

    @worked_out
    def case(self) -> claims.Case:
        """Claims, evidence and duty schedules, parsed."""
        return claims.read_case(self._tables)

    @worked_out
    def audit(self) -> claims.Audit:
        """All verdicts under the settings of the scenario."""
        return claims.judge_all(self.case, self.of(claims.ClaimInputs), self.step("claim_rule"))

    @worked_out
    def outcomes(self) -> list[summary.Outcome]:
        """What flips when one setting changes."""
        inputs = self.of(claims.ClaimInputs)
        return summary.flips(self.case, inputs, self.step("claim_rule"))

    @worked_out
    def contradictions(self) -> list[comparison.Contradiction]:
        """The noted contradictions, put to the verdicts."""
        return comparison.noted_contradictions(self.audit, self._tables)

    @worked_out
    def disagreements(self) -> pd.DataFrame:
        """Facts that differ from the table they share."""
        return shared.disagreements(self._tables)

    def facts(self, day: datetime.date) -> Facts:
        """What was known on a day and counts under the settings."""
        case = self.case
        return known(case.evidence, day, self.of(claims.ClaimInputs), case.schedules)

    @property
    def example(self) -> "ClaimsPart":
        """This part, or the base scenario's where settings leave no stated number with a fact."""
        return self if comparison.closest_number(self.audit) else self.base

    @property
    def closest(self) -> claims.Verdict:
        """The stated number that is nearest to its fact without being equal to it.

        Raises InputError where no claim has one.
        """
        verdict = comparison.closest_number(self.audit)
        if verdict is None:
            raise refusal("claims", "none states a number that differs from its fact")
        return verdict

    @property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {name: self.table(name) for name in claims.TABLES}
