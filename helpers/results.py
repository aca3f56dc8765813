"""The one form of a result. `record` shows a line and leaves the result in the executed notebook itself."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from IPython.display import display
from pydantic import BaseModel, ConfigDict, Field, model_validator

MIME = "application/vnd.reverse-imports.result+json"
QUALITIES = ("official", "reported", "derived", "estimate", "unverified")
Quality = Literal["official", "reported", "derived", "estimate", "unverified"]


class Result(BaseModel):
    """One named number or word with all that is needed to quote it.

    low, high: bounds of the interval, `interval` says which (such as "80 %").
    quality: the weakest quality among the values it rests on; an assumption makes it "unverified".
    sentence: one plain sentence with the number, for a reader who sees nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    value: int | float | str
    unit: str
    quality: Quality
    source_ids: tuple[str, ...] = Field(min_length=1)
    sentence: str = Field(min_length=1)
    low: float | None = None
    high: float | None = None
    interval: str = ""

    @model_validator(mode="after")
    def _interval_is_whole(self) -> "Result":
        if (self.low is None) != (self.high is None) or (self.low is not None) != bool(self.interval):
            raise ValueError("low, high and interval come together")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self


def record(
    name: str,
    value: Any,
    unit: str,
    *,
    quality: str,
    source_ids: Iterable[str],
    sentence: str,
    interval: tuple[float, float, str] | None = None,
) -> None:
    """Show a result and store it in the output. `name` must be one of `NAMES`; `interval` is (low, high, label).

    Raises ValueError for an unknown name, a missing unit, source or sentence, and for NaN or infinity.
    """
    if name not in NAMES:
        raise ValueError(f"result name {name} is not listed in helpers/results.py")
    low, high, label = interval or (None, None, "")
    number = value.item() if hasattr(value, "item") else value
    result = Result(
        name=name, value=_rounded(number), unit=unit, quality=quality, source_ids=tuple(dict.fromkeys(source_ids)),
        sentence=sentence, low=_rounded(low), high=_rounded(high), interval=label,
    )  # fmt: skip
    display({MIME: result.model_dump(mode="json"), "text/plain": f"{name} = {result.value} {unit}".rstrip() + f" · {sentence}"}, raw=True)


def _rounded(value: Any) -> Any:
    """Twelve significant digits: more are noise that differs between machines."""
    return float(f"{value:.12g}") if isinstance(value, float) and math.isfinite(value) else value


def collect(notebook: Mapping[str, Any]) -> list[Result]:
    """The results of an executed notebook, in order. Raises ValueError when one name comes twice."""
    outputs = [output for cell in notebook["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]
    bundles = [output.get("data", {}).get(MIME) for output in outputs]
    found = [Result.model_validate(json.loads(bundle) if isinstance(bundle, str) else bundle) for bundle in bundles if bundle]
    names = [result.name for result in found]
    if len(set(names)) < len(names):
        raise ValueError(f"recorded more than once: {sorted({name for name in names if names.count(name) > 1})}")
    return found


# Result name → what it is. Stable: other programs read results by these names.
NAMES: dict[str, str] = {
    # 04 Landed cost
    "highlander_sticker_jpy": "Japanese sticker of a US-built Highlander that covers its cost",
    "lowest_sticker_jpy": "lowest sticker among the chosen models",
    "highest_sticker_jpy": "highest sticker among the chosen models",
    "weak_yen_units_change_percent": "change of Highlander units when the yen weakens by ten percent",
    "asked_sticker_jpy": "sticker of the Highlander after the assumed pass-through of the exchange rate",
    "programme_cost_usd_mn": "yearly cost of the programme, one-off cost spread over the horizon",
    "programme_cost_per_car_usd": "the same per programme car",
    "duty_difference_usd_mn": "duty that the low rate saves on the maker's cars in a year",
    "break_even_probability_percent": "least rise in the probability of keeping the low duty that pays for the programme, the maker alone",
    "industry_break_even_probability_percent": "the same against the duty on all cars from Japan",
    "volume_p50_units": "US-built cars sold in Japan in the year looked at, median of both views, with 80 % interval",
    "volume_probability_percent": "probability that the threshold volume is reached, both views mixed",
    "volume_inside_p50_units": "the median by the model-by-model estimate alone",
    "volume_inside_probability_percent": "probability of the threshold by the model-by-model estimate alone",
    "volume_outside_p50_units": "the median by the precedents alone, the reported volume read as a plan",
    "volume_outside_probability_percent": "probability of the threshold by the precedents alone",
}
