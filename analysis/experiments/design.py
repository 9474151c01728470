"""Designs of experiments: from the levels of factors to points."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Mapping
from math import exp, log, prod
from typing import Annotated, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from parkflow.scenarios.load import InputError
from parkflow.sim.values import Value

Floats = NDArray[np.float64]
Point = Mapping[str, Any]
Whole = Callable[[Any], Any]
"""Rounds a level to what its key can hold."""

DESIGNS = ("grid", "list", "random", "lhs", "sobol")
MOST_POINTS = 1_000_000


class Range(Value):
    """Levels between two numbers, evenly spaced, or so on a logarithmic scale."""

    low: float
    high: float
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = Field(None, description="Levels in a grid.")
    log: bool = Field(False, description="Even spacing of logarithms.")

    @model_validator(mode="after")
    def _positive(self) -> Range:
        if self.log and self.low <= 0:
            raise ValueError("a logarithmic range must begin above 0")
        return self

    def at(self, share: float) -> float:
        """The level at a share of the way from low to high."""
        if self.log:
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        return self.low + share * (self.high - self.low)

    def levels(self, number: int) -> list[float]:
        """So many levels, both ends included."""
        return [self.at(share) for share in (np.linspace(0, 1, number).tolist() if number > 1 else [0.0])]


Levels = Range | tuple[Any, ...]


class Spec(Protocol):
    """What a design needs to know of a sweep."""

    @property
    def design(self) -> str:
        """One of `DESIGNS`."""

    @property
    def size(self) -> int | None:
        """Points of a random, lhs or sobol design."""

    @property
    def seed(self) -> int:
        """Seed of the sweep."""

    @property
    def factors(self) -> dict[str, Levels]:
        """Levels by factor."""

    @property
    def points(self) -> tuple[dict[str, Any], ...]:
        """Points of a list design."""


def points(name: str, spec: Spec, whole: Mapping[str, Whole]) -> tuple[Point, ...]:
    """The points of a sweep, each with a value of every factor.

    Raises `InputError` when the design lacks what it needs, or would have no points or too many.
    """
    if spec.design == "list":
        return _listed(name, spec)
    if spec.points:
        raise InputError(f'{name}: points: only a list design has them; write design = "list" or remove them')
    if not spec.factors:
        raise InputError(f"{name}: no factor is varied; add [factors], or vary a key such as desks.planning.servers")
    if spec.design == "grid":
        return _grid(name, spec, whole)
    return _sampled(name, spec, whole)


def _listed(name: str, spec: Spec) -> tuple[Point, ...]:
    if not spec.points:
        raise InputError(f"{name}: points: a list design needs them; add [[points]] with a value for each factor")
    if spec.factors:
        raise InputError(f"{name}: factors: a list design has [[points]] only; remove the factors")
    keys = set(spec.points[0])
    for number, point in enumerate(spec.points):
        if odd := sorted(keys ^ set(point)):
            raise InputError(f"{name}: points.{number}: {odd[0]} is not given at every point; give it a value at each")
    return spec.points


def _grid(name: str, spec: Spec, whole: Mapping[str, Whole]) -> tuple[Point, ...]:
    levels = {key: _grid_levels(name, key, given, whole[key]) for key, given in spec.factors.items()}
    if prod(map(len, levels.values())) > MOST_POINTS:
        raise InputError(f'{name}: the grid has more than {MOST_POINTS} points; use design = "sobol" with a size')
    return tuple(dict(zip(levels, values, strict=True)) for values in itertools.product(*levels.values()))


def _grid_levels(name: str, key: str, given: Levels, whole: Whole) -> list[Any]:
    if not isinstance(given, Range):
        return _distinct(given)
    if given.points is None:
        raise InputError(f"{name}: factors.{key}: a grid needs the number of levels; add points = 5")
    return _distinct(whole(level) for level in given.levels(given.points))


def _sampled(name: str, spec: Spec, whole: Mapping[str, Whole]) -> tuple[Point, ...]:
    if spec.size is None or spec.size > MOST_POINTS:
        raise InputError(f"{name}: size: a {spec.design} design needs a number of points, at most {MOST_POINTS}")
    shares = _unit_cube(spec.design, len(spec.factors), spec.size, spec.seed)
    keys = list(spec.factors)
    return tuple(
        {key: _level(spec.factors[key], share, whole[key]) for key, share in zip(keys, row, strict=True)}
        for row in shares.tolist()
    )


def _unit_cube(design: str, factors: int, size: int, seed: int) -> Floats:
    """Points in the unit cube; shape (size, factors)."""
    if design == "random":
        return np.random.default_rng(seed).random((size, factors))
    from scipy.stats import qmc  # half a second, which a grid need not wait for

    sampler: Any = qmc.LatinHypercube if design == "lhs" else qmc.Sobol
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Sobol' points are best in powers of two, and good in any number
        found: Floats = sampler(factors, seed=np.random.default_rng(seed)).random(size)
    return found


def _level(given: Levels, share: float, whole: Whole) -> Any:
    if not isinstance(given, Range):
        return given[min(int(share * len(given)), len(given) - 1)]
    if isinstance(whole(given.low), int):  # every whole number is equally likely
        low, high = round(given.low), round(given.high)
        return min(low + int(share * (high - low + 1)), high) if not given.log else whole(given.at(share))
    return given.at(share)


def _distinct(levels: Iterable[Any]) -> list[Any]:
    return list({repr(level): level for level in levels}.values())
