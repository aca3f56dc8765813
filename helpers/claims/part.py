"""The claims part of a study: every claim judged at publication and on the reader's day."""

from helpers import claims
from helpers.parts import Part, worked_out


class ClaimsPart(Part):
    """What notebook 05 works out."""

    @worked_out
    def case(self) -> claims.Case:
        """Claims, evidence and duty schedules, parsed."""
        return claims.read_case({name: self.table(name) for name in claims.TABLES})

    @worked_out
    def audit(self) -> claims.Audit:
        """All verdicts under the settings of the scenario."""
        return claims.judge_all(self.case, self.of(claims.ClaimInputs))
