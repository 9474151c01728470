"""Distributions as quantile functions, so that one uniform moves one project in one direction.

A distribution is written as a string, ``"pert(3, 10, 20) wd"``, or as a table, ``{dist = "pert", low = 3, mode = 10,
high = 20, unit = "wd"}``. A bare number is a constant.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np
import scipy  # loads its parts when they are first used, which lists of parks and levers do not
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from parkflow.sim.values import Value

Floats = NDArray[np.float64]
T = TypeVar("T", bound="_Distribution")

CALENDAR_DAYS_PER_WORKING_DAY = 365 / 250
"""Calendar days that a working day takes on average."""

TIME_UNITS = {"wd": "working days", "cd": "calendar days"}
Unit = Literal["wd", "cd", "mu", "m2", "m3", "share", "count", "flag", "100M CNY", "factor"]


class _Distribution(Value):
    unit: Unit | None = Field(None, description="wd (working days), cd (calendar days), or an attribute's unit.")

    def quantile(self, uniform: Floats) -> Floats:
        """Values at the given probabilities; same shape as `uniform`."""
        raise NotImplementedError

    @property
    def expectation(self) -> float:
        """Expected value, in the distribution's unit."""
        raise NotImplementedError

    @property
    def lowest(self) -> float:
        """The lower end of the support."""
        return 0.0


class Constant(_Distribution):
    """Always the same value."""

    dist: Literal["constant"] = Field("constant", description="The kind of distribution.")
    value: float = Field(description="The value.")

    def quantile(self, uniform: Floats) -> Floats:
        return np.full(np.shape(uniform), self.value)

    @property
    def expectation(self) -> float:
        return self.value

    @property
    def lowest(self) -> float:
        return self.value


class Uniform(_Distribution):
    """Equally likely between `low` and `high`."""

    dist: Literal["uniform"] = Field("uniform", description="The kind of distribution.")
    low: float = Field(description="Least value.")
    high: float = Field(description="Greatest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        return _in_order(self, self.low, self.high)

    def quantile(self, uniform: Floats) -> Floats:
        return self.low + (self.high - self.low) * uniform

    @property
    def expectation(self) -> float:
        return (self.low + self.high) / 2

    @property
    def lowest(self) -> float:
        return self.low


class Triangular(_Distribution):
    """Triangle from `low` over `mode` to `high`."""

    dist: Literal["triangular"] = Field("triangular", description="The kind of distribution.")
    low: float = Field(description="Least value.")
    mode: float = Field(description="Most likely value.")
    high: float = Field(description="Greatest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        return _in_order(self, self.low, self.mode, self.high)

    def quantile(self, uniform: Floats) -> Floats:
        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(uniform), self.low)
        rising = self.low + np.sqrt(uniform * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - uniform) * width * (self.high - self.mode))
        return np.where(uniform < (self.mode - self.low) / width, rising, falling)

    @property
    def expectation(self) -> float:
        return (self.low + self.mode + self.high) / 3

    @property
    def lowest(self) -> float:
        return self.low


class Pert(_Distribution):
    """Beta-PERT with the usual weight of 4 on the mode (Malcolm et al., 1959)."""

    dist: Literal["pert"] = Field("pert", description="The kind of distribution.")
    low: float = Field(description="Least value.")
    mode: float = Field(description="Most likely value.")
    high: float = Field(description="Greatest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Pert:
        return _in_order(self, self.low, self.mode, self.high)

    def quantile(self, uniform: Floats) -> Floats:
        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(uniform), self.low)
        shape = (1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width)
        return self.low + width * beta(uniform, *shape)

    @property
    def expectation(self) -> float:
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def lowest(self) -> float:
        return self.low


class Exponential(_Distribution):
    """Memoryless with the given mean."""

    dist: Literal["exponential"] = Field("exponential", description="The kind of distribution.")
    mean: float = Field(gt=0, description="Mean.")

    def quantile(self, uniform: Floats) -> Floats:
        return -self.mean * np.log1p(-uniform)

    @property
    def expectation(self) -> float:
        return self.mean


class Lognormal(_Distribution):
    """Lognormal by mean and coefficient of variation; `cap` moves what lies above it onto the cap.

    Agencies finish at the statutory limit (Parkinson effect; Trietsch et al., EJOR 2012), hence a mass at the cap.
    """

    dist: Literal["lognormal"] = Field("lognormal", description="The kind of distribution.")
    mean: float = Field(gt=0, description="Mean.")
    cv: float = Field(ge=0, description="Coefficient of variation.")
    cap: float | None = Field(None, gt=0, description="What lies above is moved onto this.")

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return float(np.sqrt(np.log1p(self.cv**2)))

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return float(np.log(self.mean) - self.sigma**2 / 2)

    def quantile(self, uniform: Floats) -> Floats:
        values = np.exp(self.mu + self.sigma * scipy.special.ndtri(uniform))
        return values if self.cap is None else np.minimum(values, self.cap)

    @property
    def expectation(self) -> float:
        if self.cap is None or self.sigma == 0:
            return self.mean if self.cap is None else min(self.mean, self.cap)
        z = (np.log(self.cap) - self.mu) / self.sigma
        return float(self.mean * scipy.special.ndtr(z - self.sigma) + self.cap * scipy.special.ndtr(-z))


class Gamma(_Distribution):
    """Gamma by mean and coefficient of variation."""

    dist: Literal["gamma"] = Field("gamma", description="The kind of distribution.")
    mean: float = Field(gt=0, description="Mean.")
    cv: float = Field(gt=0, description="Coefficient of variation.")

    def quantile(self, uniform: Floats) -> Floats:
        shape = self.cv**-2
        return self.mean / shape * _interpolated(uniform, _table("gamma", (shape,)))

    @property
    def expectation(self) -> float:
        return self.mean


class Weibull(_Distribution):
    """Weibull by shape and scale."""

    dist: Literal["weibull"] = Field("weibull", description="The kind of distribution.")
    shape: float = Field(gt=0, description="Shape; above 1 the values are less spread than an exponential's.")
    scale: float = Field(gt=0, description="Scale.")

    def quantile(self, uniform: Floats) -> Floats:
        return self.scale * (-np.log1p(-uniform)) ** (1 / self.shape)

    @property
    def expectation(self) -> float:
        return float(self.scale * scipy.special.gamma(1 + 1 / self.shape))


class Empirical(_Distribution):
    """Observed values, joined by straight lines between their quantiles."""

    dist: Literal["empirical"] = Field("empirical", description="The kind of distribution.")
    values: tuple[float, ...] = Field(min_length=2, description="The values.")

    def quantile(self, uniform: Floats) -> Floats:
        return np.quantile(self.values, uniform)

    @property
    def expectation(self) -> float:
        ordered = np.sort(self.values)
        return float(np.mean((ordered[1:] + ordered[:-1]) / 2))

    @property
    def lowest(self) -> float:
        return min(self.values)


class Discrete(_Distribution):
    """Values with weights; the weights need not sum to one."""

    dist: Literal["discrete"] = Field("discrete", description="The kind of distribution.")
    values: tuple[float, ...] = Field(min_length=1, description="The values.")
    weights: tuple[float, ...] = Field(min_length=1, description="How frequent each value is.")

    @model_validator(mode="after")
    def _matching(self) -> Discrete:
        if len(self.values) != len(self.weights):
            raise ValueError(f"{len(self.values)} values but {len(self.weights)} weights; give one weight a value")
        if min(self.weights) < 0 or sum(self.weights) <= 0:
            raise ValueError("weights must not be negative, and one of them must be above zero")
        return self

    def quantile(self, uniform: Floats) -> Floats:
        order = np.argsort(self.values, kind="stable")
        edges = np.cumsum(np.asarray(self.weights)[order]) / np.sum(self.weights)
        index = np.searchsorted(edges, uniform, side="right")
        return np.asarray(self.values)[order][np.minimum(index, len(self.values) - 1)]

    @property
    def expectation(self) -> float:
        return float(np.average(self.values, weights=self.weights))

    @property
    def lowest(self) -> float:
        return min(self.values)


class Bernoulli(_Distribution):
    """One with the given probability, else zero."""

    dist: Literal["bernoulli"] = Field("bernoulli", description="The kind of distribution.")
    probability: float = Field(ge=0, le=1, description="Chance of a one.")

    def quantile(self, uniform: Floats) -> Floats:
        return (uniform >= 1 - self.probability).astype(np.float64)

    @property
    def expectation(self) -> float:
        return self.probability


_KINDS: dict[str, tuple[type[_Distribution], tuple[str, ...]]] = {
    "constant": (Constant, ("value",)),
    "uniform": (Uniform, ("low", "high")),
    "triangular": (Triangular, ("low", "mode", "high")),
    "pert": (Pert, ("low", "mode", "high")),
    "exponential": (Exponential, ("mean",)),
    "lognormal": (Lognormal, ("mean", "cv", "cap")),
    "gamma": (Gamma, ("mean", "cv")),
    "weibull": (Weibull, ("shape", "scale")),
    "bernoulli": (Bernoulli, ("probability",)),
}
_WRITTEN = re.compile(r"^\s*(?:(?P<dist>[a-z]+)\s*\((?P<numbers>[^()]*)\)|(?P<constant>[-+.\deE]+))\s*(?P<unit>\S.*)?$")


def _parsed(written: Any) -> Any:
    """Turn ``"pert(3, 10, 20) wd"`` or a bare number into the table that pydantic checks."""
    if isinstance(written, bool):
        raise ValueError("a number or a distribution is wanted, not true or false")
    if isinstance(written, int | float):
        return {"dist": "constant", "value": written}
    if not isinstance(written, str):
        return written
    match = _WRITTEN.match(written)
    if match is None:
        raise ValueError(f"cannot read {written!r}; write it like 'pert(3, 10, 20) wd' or 'lognormal(12, 0.6) cd'")
    dist = match["dist"] or "constant"
    if dist not in _KINDS:
        raise ValueError(f"no distribution is called {dist!r}; there are {', '.join(_KINDS)}, discrete, empirical")
    return {"dist": dist, **_numbers(dist, match["numbers"] or match["constant"]), "unit": match["unit"]}


def _numbers(dist: str, text: str) -> dict[str, float]:
    names = _KINDS[dist][1]
    numbers = [part.strip() for part in text.split(",")] if text.strip() else []
    if len(numbers) > len(names):
        raise ValueError(f"{dist} takes {', '.join(names)}: {len(numbers)} numbers are too many")
    try:
        return {name: float(number) for name, number in zip(names, numbers, strict=False)}
    except ValueError:
        raise ValueError(f"{dist}({text}) holds something that is not a number") from None


Tabled = Annotated[
    Constant
    | Uniform
    | Triangular
    | Pert
    | Exponential
    | Lognormal
    | Gamma
    | Weibull
    | Empirical
    | Discrete
    | Bernoulli,
    Field(discriminator="dist"),
]
_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
_NUMBERS = rf"\s*{_NUMBER}\s*(,\s*{_NUMBER}\s*)*"
Written = Annotated[
    str,
    Field(
        pattern=rf"^\s*(({'|'.join(_KINDS)})\s*\({_NUMBERS}\)|{_NUMBER})\s*({'|'.join(get_args(Unit))})?\s*$",
        description="A distribution as text, such as pert(3, 10, 20) wd.",
    ),
]
"""How an author may write a distribution; the pattern is for editors, messages come from `_parsed`."""

Distribution = Annotated[Tabled, BeforeValidator(_parsed, json_schema_input_type=float | Written | Tabled)]


def _in_order(distribution: T, *numbers: float) -> T:
    if list(numbers) != sorted(numbers):
        raise ValueError(f"the numbers must not fall: {', '.join(f'{n:g}' for n in numbers)}")
    return distribution


def beta(uniform: Floats, first: float, second: float) -> Floats:
    """Quantiles of a beta distribution with these two shapes, at the given probabilities."""
    return _interpolated(uniform, _table("beta", (first, second)))


_GRID = np.linspace(-8.0, 8.0, 4097)
_INVERSES = {"beta": ("betaincinv", "betainccinv"), "gamma": ("gammaincinv", "gammainccinv")}
"""Quantile functions of `scipy.special` by family, of the lower and of the upper tail, as `scipy.stats` calls them."""


@lru_cache(maxsize=512)
def _table(family: str, shape: tuple[float, ...]) -> Floats:
    """Quantiles on a grid of normal scores, where their curve is smooth in both tails."""
    below, above = (getattr(scipy.special, name) for name in _INVERSES[family])
    lower, upper = scipy.special.ndtr(_GRID), scipy.special.ndtr(-_GRID)
    quantiles: Floats = np.where(_GRID < 0, below(*shape, lower), above(*shape, upper))
    return quantiles


def _interpolated(uniform: Floats, table: Floats) -> Floats:
    score = np.clip(scipy.special.ndtri(uniform), -8.0, 8.0)
    return np.interp(score, _GRID, table)
