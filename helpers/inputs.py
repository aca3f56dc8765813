"""What models take: parameters by name, and arrays of numbers."""

from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
T = TypeVar("T")


class Parameters(Protocol):
    """Whatever can hand over parameters by name, such as a scenario."""

    def of(self, inputs: type[T]) -> T:
        """The dataclass filled with the parameters its fields name."""
        ...
