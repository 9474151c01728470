"""Numbers of a log as a scenario file has them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import date_of
from parkflow.sim.durations import Distribution, Empirical

Table = dict[str, Any]
Floats = NDArray[np.float64]
_PARAMETERS = {
    "constant": ("value",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "weibull": ("shape", "scale"),
}


def written(distribution: Distribution, unit: str) -> str | Table:
    """A distribution as a scenario file has it, such as ``lognormal(12, 0.6) cd``."""
    if isinstance(distribution, Empirical):
        return {"dist": "empirical", "values": list(distribution.values), "unit": unit}
    numbers = ", ".join(f"{getattr(distribution, name):g}" for name in _PARAMETERS[distribution.dist])
    return f"{numbers} {unit}" if distribution.dist == "constant" else f"{distribution.dist}({numbers}) {unit}"


def dated(days: Floats, origin: float) -> list[dt.date] | list[float]:
    """Days as dates where all are whole, and as days since day 0 with three digits where they are not."""
    if (days == np.floor(days)).all():
        return [date_of(origin + day) for day in days.tolist()]
    return [round(day, 3) for day in days.tolist()]
