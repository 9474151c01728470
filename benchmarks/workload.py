"""The workload `approvals-275`: its constants, its draws and what every implementation returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Variant = Literal["SERIAL", "PARALLEL"]

N_PROJECTS = 275
MEAN_PROJECTS_PER_YEAR = 275
DAYS_PER_YEAR = 365
P_FAIL = 0.15
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Department:
    """An approving department: identical servers behind one first-come-first-served queue."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Activity:
    """One approval activity; `department` is None for a pure delay, `mean` (days) and `cv` are of one attempt."""

    name: str
    department: int | None
    mean: float
    cv: float
    rework: bool


@dataclass(frozen=True, slots=True)
class Inputs:
    """The draws of one replication: `inter` (n,) days, `attempts` (n, 14) int, `durations` (n, 14, 5) days."""

    inter: NDArray[np.float64]
    attempts: NDArray[np.int64]
    durations: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: `lead_times` (n,) days in project order, time of the last event, events the kernel counted."""

    lead_times: NDArray[np.float64]
    makespan: float
    events: int


DEPARTMENTS = (
    Department("INVEST", 2),
    Department("SURVEY", 3),
    Department("LAND", 4),
    Department("ECO", 4),
    Department("DESIGN", 3),
    Department("FIRE", 1),
    Department("BUILD", 2),
)
CAPACITIES = tuple(department.capacity for department in DEPARTMENTS)

ACTIVITIES = (
    Activity("project filing", 0, 0.6, 0.6, True),
    Activity("site survey", 1, 2.5, 0.5, True),
    Activity("land listing notice", None, 20.0, 0.1, False),
    Activity("land contract", 2, 1.2, 0.6, True),
    Activity("planning permit", 2, 1.2, 0.6, True),
    Activity("EIA", 3, 3.6, 0.8, True),
    Activity("energy review", 0, 1.2, 0.8, True),
    Activity("scheme design review", 4, 1.4, 0.7, True),
    Activity("engineering planning permit", 2, 1.6, 0.6, True),
    Activity("drawing review", 4, 1.4, 0.7, True),
    Activity("fire review", 5, 0.8, 0.7, True),
    Activity("tender filing", 6, 0.9, 0.5, True),
    Activity("construction permit", 6, 0.6, 0.5, True),
    Activity("groundbreaking", None, 0.0, 0.0, False),
)
GROUNDBREAKING = len(ACTIVITIES) - 1

PREDECESSORS: dict[Variant, tuple[tuple[int, ...], ...]] = {
    "SERIAL": ((), *((a,) for a in range(GROUNDBREAKING))),
    "PARALLEL": (
        (),
        (0,),
        (0,),
        (1, 2),
        (3,),
        (1,),
        (0,),
        (1,),
        (4, 7),
        (7,),
        (7,),
        (9,),
        (5, 6, 8, 10, 11),
        (12,),
    ),
}


def sample(n: int, seed: int) -> Inputs:
    """Draws of one replication of `n` projects, the same for every implementation (order of draws is part of it)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    exponential = rng.standard_exponential(n)
    uniform = rng.random((n, len(ACTIVITIES), MAX_ATTEMPTS - 1))
    normal = rng.standard_normal((n, len(ACTIVITIES), MAX_ATTEMPTS))
    inter = exponential * DAYS_PER_YEAR / MEAN_PROJECTS_PER_YEAR
    return Inputs(inter, _attempts(uniform), _durations(normal))


def model_events(inputs: Inputs) -> int:
    """Arrivals and attempt completions before groundbreaking: the fewest events any implementation can use."""
    return len(inputs.inter) + int(inputs.attempts[:, :GROUNDBREAKING].sum())


def _attempts(uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    leading_failures = np.logical_and.accumulate(uniform < P_FAIL, axis=2).sum(axis=2, dtype=np.int64)
    rework = np.array([activity.rework for activity in ACTIVITIES])
    return np.where(rework, 1 + leading_failures, 1)


def _durations(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    durations = np.zeros_like(normal)
    for a, activity in enumerate(ACTIVITIES[:GROUNDBREAKING]):
        variance = math.log(1 + activity.cv**2)
        mu = math.log(activity.mean) - variance / 2
        durations[:, a] = np.exp(mu + math.sqrt(variance) * normal[:, a])
    return durations
