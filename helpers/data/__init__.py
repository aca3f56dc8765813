"""The data package: reading and checking."""

import pandas as pd

from helpers import PROJECT_ROOT

DATA = PROJECT_ROOT / "data"


def load(name: str) -> pd.DataFrame:
    """A table of the data package by its name."""
    (path,) = DATA.glob(f"**/{name}.csv")
    frame = pd.read_csv(path, keep_default_na=False, na_values=[], dtype=str, index_col=False)
    for column in frame.columns:
        try:
            frame[column] = pd.to_numeric(frame[column].replace("", None))
        except (ValueError, TypeError):
            frame[column] = frame[column].fillna("")
    return frame
