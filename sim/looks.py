"""How soon something is found that a periodic report would show, when somebody looks in the meantime.

With a report every T days what arose in between is found after U(0, T) days. Looks that find it at a rate of v a day
find it after Exp(v) days. The mean of the smaller of the two, against T/2, is 2(λ - 1 + exp(-λ))/λ² with λ = vT.
Where several people look independently their rates add, so they are worth less together than one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def time_left(looks: ArrayLike) -> NDArray[np.float64]:
    """Mean time until it is found, against reports alone, with so many successful looks expected per report."""
    rate = np.asarray(looks, dtype=np.float64)
    real = np.where(rate < 1e-4, 1.0, rate)
    left: NDArray[np.float64] = np.where(rate < 1e-4, 1 - rate / 3, 2 * (real - 1 + np.exp(-real)) / real**2)
    return left
