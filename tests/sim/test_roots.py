"""Roots are those of `scipy.optimize.brentq`, to the last bit."""

from __future__ import annotations

from math import exp, tanh

import numpy as np
import pytest
from scipy import optimize

from parkflow.sim.roots import root


@pytest.mark.slow
def test_roots_are_those_of_brentq() -> None:
    """Of curves that are flat, steep or straight, over wide and narrow ranges; ends that are roots are taken."""
    random = np.random.default_rng(1)
    for _ in range(300):
        at, slope, wide = random.uniform(-3, 3), 10 ** random.uniform(-2, 1.5), 10 ** random.uniform(-3, 1)
        for function in (
            lambda x, a=at, s=slope: tanh(s * (x - a)),
            lambda x, a=at, s=slope: (1 - exp(-s * (x - a))) / s,
            lambda x, a=at, s=slope: s * (x - a) + (x - a) ** 3,
        ):
            low, high = at - wide * random.uniform(0.1, 1), at + wide * random.uniform(0.1, 1)
            assert root(function, low, high) == optimize.brentq(function, low, high)
    assert root(lambda x: x, 0.0, 1.0) == 0.0
    assert root(lambda x: x - 1, 0.0, 1.0) == 1.0
    with pytest.raises(ValueError, match="one sign"):
        root(lambda x: x + 2, 0.0, 1.0)
