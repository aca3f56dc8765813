"""The fit part of a study: which car fits which street and bay."""

import pandas as pd

from helpers.fit import answer as fit
from helpers.fit.places import FitInputs, cars_of, place_table, verdict_table
from helpers.fit.usable_shares import UsableShare, usable_shares
from helpers.parts import Part, worked_out


class FitPart(Part):
    """What notebook 03 works out."""

    @worked_out
    def answer(self) -> fit.FitAnswer:
        """Every car against every limit, and the driver's view and mirrors of the chosen models."""
        return fit.fit_answer(
            self.table("vehicles"),
            self.table("constraints"),
            self.table("road_widths"),
            self.table("programme_models"),
            self.of(FitInputs),
            self.of(fit.FitProgramme),
            self.of(fit.SightInputs),
        )

    @worked_out
    def places(self) -> pd.DataFrame:
        """Every chosen model against the stall, street, corner and aisle of the scenario."""
        place = self.of(FitInputs)
        trims = self._programme["vehicle_id"]
        rows = self.table("vehicles").set_index("vehicle_id").loc[trims].reset_index()
        return place_table(cars_of(rows, place), self.table("constraints"), place)

    @worked_out
    def verdicts(self) -> pd.DataFrame:
        """One word for each chosen model: columns model, title, vehicle_id, verdict, basis."""
        return self._programme.merge(
            verdict_table(self.places), on="vehicle_id", validate="one_to_one"
        )

    @property
    def _programme(self) -> pd.DataFrame:
        rows = self.table("programme_models").set_index("model")
        return rows.loc[list(self.parameter("models")), ["title", "vehicle_id"]].reset_index()

    @property
    def counts(self) -> tuple[int, int]:
        """How many chosen models fit, and of how many with sourced length and width."""
        return fit.fitting(self.verdicts)

    @worked_out
    def usable(self) -> dict[str, UsableShare]:
        """Shares of streets and bays: vehicle_id to shares, of programme models and segments'
        cars.
        """
        needed = {
            *self.table("programme_models")["vehicle_id"],
            *self.table("volume_segments")["reference_vehicle_id"],
        }
        vehicles = self.table("vehicles")
        return usable_shares(
            vehicles[vehicles["vehicle_id"].isin(needed)],
            self.table("constraints"),
            self.table("road_widths"),
            self.of(FitInputs),
        )
