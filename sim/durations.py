"""Distributions as quantile functions, so that one uniform moves one project in one direction.

A distribution is written as a string, ``"pert(3, 10, 20) wd"``, or as a table, ``{dist = "pert", low = 3, mode = 10,
high = 20, unit = "wd"}``. A bare number is a constant.
"""

from __future__ import annotations

import re
from math import inf
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np
import scipy  # loads its parts when they are first used, which lists of parks and levers do not
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from parkflow.sim.quantiles import TABLES, Shape
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
        tabled = self.tabled
        return self.values_at(TABLES.quantiles(uniform, [tabled]) if tabled else uniform, *self.parameters)

    @staticmethod
    def values_at(uniform: Floats, *parameters: Any) -> Floats:
        """Values of a family at the given probabilities, or at quantiles of its `tabled` shapes.

        Each parameter is a number, or an array like `uniform`.
        """
        raise NotImplementedError

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters by which `values_at` tells the members of the family apart."""
        raise NotImplementedError

    @property
    def tabled(self) -> Shape | None:
        """The shape whose quantiles `values_at` takes instead of probabilities."""
        return None

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

    @staticmethod
    def values_at(uniform: Floats, value: Any) -> Floats:
        return np.full(np.shape(uniform), value)

    @property
    def parameters(self) -> tuple[float, ...]:
        return (self.value,)

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

    @staticmethod
    def values_at(uniform: Floats, low: Any, high: Any) -> Floats:
        values: Floats = low + (high - low) * uniform
        return values

    @property
    def parameters(self) -> tuple[float, ...]:
        return self.low, self.high

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

    @staticmethod
    def values_at(uniform: Floats, low: Any, width: Any) -> Floats:
        values: Floats = low + width * uniform
        return values

    @property
    def parameters(self) -> tuple[float, ...]:
        return self.low, self.high - self.low

    @property
    def tabled(self) -> Shape | None:
        width = self.high - self.low or 1.0
        return "beta", (1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width)

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

    @staticmethod
    def values_at(uniform: Floats, mean: Any) -> Floats:
        values: Floats = -mean * np.log1p(-uniform)
        return values

    @property
    def parameters(self) -> tuple[float, ...]:
        return (self.mean,)

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

    @staticmethod
    def values_at(uniform: Floats, mu: Any, sigma: Any, cap: Any) -> Floats:
        values: Floats = np.minimum(np.exp(mu + sigma * scipy.special.ndtri(uniform)), cap)
        return values

    @property
    def parameters(self) -> tuple[float, ...]:
        return self.mu, self.sigma, inf if self.cap is None else self.cap

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

    @staticmethod
    def values_at(uniform: Floats, scale: Any) -> Floats:
        values: Floats = scale * uniform
        return values

    @property
    def parameters(self) -> tuple[float, ...]:
        return (self.mean / self.cv**-2,)

    @property
    def tabled(self) -> Shape | None:
        return "gamma", (self.cv**-2,)

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
