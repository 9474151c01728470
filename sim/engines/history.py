"""What an engine saw of one plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """One entry per step, unless said otherwise; times in days, NaN for what did not happen before the horizon.

    `ready`, `start`, `end` and `served_by` are the last attempt's; `returned` has one row (step, ready, start, end,
    served_by) per earlier one. `served_by` is the pool whose officer served it (`NOBODY`, or `BORROWED` for the time).
    `released_by` is the step whose end made a step ready (-1: none); `held` tells whether a stock step obtained its
    units. `levels` has one row (day, stock, level) per change; `over` is the time of the last event.
    """

    ready: Floats
    start: Floats
    end: Floats
    served_by: Ints
    returned: Floats
    released_by: Ints
    held: Bools
    skipped: Bools
    levels: Floats
    over: float
