"""How a textbook system is written, run and compared: a few lines, independent replications, one tolerance."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from parkflow.sim.layout import Layout
from parkflow.sim.records import Records, simulate
from parkflow.sim.scenario import Scenario

Floats = NDArray[np.float64]

SEED = 20240601
HEAD = 'name = "textbook"\nassumed = "a textbook system"\n'


def _system(text: str) -> Layout:
    return Layout(Scenario.model_validate(tomllib.loads(HEAD + text)))


def _replicate(observe: Callable[[Records], float], system: Layout, replications: int) -> Floats:
    return np.array([observe(simulate(system, SEED, replication)) for replication in range(replications)])


def _agrees(observed: Sequence[float] | Floats, theory: float, precision: float = 0.03) -> None:
    """The mean of independent replications lies within four of its own standard errors of the theory.

    The standard error has to be below `precision` times the theory, or the test would accept anything.
    """
    values = np.asarray(observed, dtype=np.float64)
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    assert error < precision * abs(theory), f"standard error {error:.3g} is too large to tell"
    assert abs(values.mean() - theory) < 4 * error, f"{values.mean():.6g} ± {error:.2g}, theory {theory:.6g}"


def _times(records: Records, activity: str) -> tuple[Floats, Floats, Floats]:
    """When each project became ready for an activity, started it and ended it, in the order of the projects."""
    mine = records.plan.steps.activity == records.layout.number[activity]
    return records.ready[mine], records.start[mine], records.end[mine]


@pytest.fixture
def system() -> Callable[[str], Layout]:
    """A textbook system from its TOML text."""
    return _system


@pytest.fixture
def replicate() -> Callable[[Callable[[Records], float], Layout, int], Floats]:
    """One number from each of so many independent replications."""
    return _replicate


@pytest.fixture
def agrees() -> Callable[..., None]:
    """Check independent replications against the exact value."""
    return _agrees


@pytest.fixture
def times() -> Callable[[Records, str], tuple[Floats, Floats, Floats]]:
    """When projects became ready for an activity, started it and ended it."""
    return _times
