"""Distributions fitted to durations of which some are cut off: likelihood, information criterion, intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import scipy
from numpy.typing import NDArray

from parkflow.sim.durations import Constant, Distribution, Empirical, Exponential, Gamma, Lognormal, Weibull

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEAST = 1e-3
"""Days below which a duration counts as this long, a minute and a half: no family here has a mass at zero."""

FEWEST = 8
"""Durations that ended below which no family is chosen: the mean of an exponential is all that is told."""

STEADY = 1e-3
"""Coefficient of variation below which a duration is always the same."""

KNOTS = 41
"""Quantiles of an empirical distribution, or half as many as durations where these are fewer."""

ENOUGH = 20
"""Durations that ended below which no quantiles take the place of a family."""

REJECTED = 1.04
"""Distance times the root of n above which a family is rejected at one per cent, its parameters being fitted
(Lilliefors, 1967)."""


@dataclass(frozen=True)
class Fitted:
    """A distribution fitted to `cases` durations, of which `censored` were cut off.

    `mean` and `cv` come with 95% intervals (`mean_between`, `cv_between`), NaN where they cannot be told. `distance` is
    the greatest one between the fitted and the observed distribution function; `rejected` where it is too great.
    """

    distribution: Distribution
    cases: int
    censored: int
    mean: float
    mean_between: tuple[float, float]
    cv: float
    cv_between: tuple[float, float]
    log_likelihood: float = 0.0
    parameters: int = 1
    distance: float = 0.0
    rejected: bool = False

    @property
    def criterion(self) -> float:
        """Akaike's information criterion: the less the better."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def words(self) -> str:
        """What the numbers rest on."""
        cut = f", {self.censored} of them cut off" if self.censored else ""
        interval = f"mean {self.mean:.3g} (95% {self.mean_between[0]:.3g} to {self.mean_between[1]:.3g})"
        shape = ", quantiles, for no family fits" if isinstance(self.distribution, Empirical) else ""
        return f"{self.cases} cases{cut}, {interval}{shape}"


@dataclass(frozen=True)
class _Family:
    """Log density, log survival and the distribution of a family, by the logarithms of its parameters."""

    density: Callable[[Floats, Floats], Floats]
    survival: Callable[[Floats, Floats], Floats]
    made: Callable[[Floats], Distribution]
    moments: Callable[[Floats], Floats]
    begin: Callable[[float, float], Floats]


def _gamma_density(p: Floats, x: Floats) -> Floats:
    shape, scale = np.exp(p)
    density: Floats = (shape - 1) * np.log(x) - x / scale - scipy.special.gammaln(shape) - shape * np.log(scale)
    return density


def _gamma_survival(p: Floats, x: Floats) -> Floats:
    shape, scale = np.exp(p)
    survival: Floats = np.log(np.maximum(scipy.special.gammaincc(shape, x / scale), 1e-300))
    return survival


def _weibull_density(p: Floats, x: Floats) -> Floats:
    shape, scale = np.exp(p)
    density: Floats = np.log(shape / scale) + (shape - 1) * np.log(x / scale) - (x / scale) ** shape
    return density


def _weibull_survival(p: Floats, x: Floats) -> Floats:
    shape, scale = np.exp(p)
    survival: Floats = -((x / scale) ** shape)
    return survival


def _weibull_moments(p: Floats) -> Floats:
    """Logarithms of mean and coefficient of variation."""
    inverse = np.exp(-p[0])
    first, second = scipy.special.gammaln(1 + inverse), scipy.special.gammaln(1 + 2 * inverse)
    return np.array([p[1] + first, 0.5 * np.log(np.expm1(max(second - 2 * first, 1e-12)))])


def _normal_density(p: Floats, x: Floats) -> Floats:
    """Lognormal density; `p` holds the mean of the logarithm and the logarithm of its standard deviation."""
    sigma = np.exp(p[1])
    density: Floats = -0.5 * ((np.log(x) - p[0]) / sigma) ** 2 - np.log(x * sigma) - 0.5 * np.log(2 * np.pi)
    return density


def _normal_survival(p: Floats, x: Floats) -> Floats:
    survival: Floats = scipy.special.log_ndtr(-(np.log(x) - p[0]) / np.exp(p[1]))
    return survival


def _normal_moments(p: Floats) -> Floats:
    variance = np.exp(2 * p[1])
    return np.array([p[0] + variance / 2, 0.5 * np.log(np.expm1(min(variance, 50.0)))])


def _by_moments(kind: type[Gamma] | type[Lognormal], moments: Callable[[Floats], Floats], p: Floats) -> Distribution:
    mean, cv = np.exp(moments(p))
    return kind(mean=rounded(mean), cv=rounded(cv))


def _gamma_moments(p: Floats) -> Floats:
    return np.array([p[0] + p[1], -p[0] / 2])


_FAMILIES: Mapping[str, _Family] = {
    "exponential": _Family(
        lambda p, x: -p[0] - x * np.exp(-p[0]),
        lambda p, x: -x * np.exp(-p[0]),
        lambda p: Exponential(mean=rounded(float(np.exp(p[0])))),
        lambda p: np.array([p[0], 0.0]),
        lambda mean, sigma: np.array([np.log(mean)]),
    ),
    "lognormal": _Family(
        _normal_density, _normal_survival, partial(_by_moments, Lognormal, _normal_moments), _normal_moments,
        lambda mean, sigma: np.array([np.log(mean) - sigma**2 / 2, np.log(sigma)]),
    ),
    "gamma": _Family(
        _gamma_density, _gamma_survival, partial(_by_moments, Gamma, _gamma_moments), _gamma_moments,
        lambda mean, sigma: np.array([-2 * np.log(sigma), np.log(mean) + 2 * np.log(sigma)]),
    ),
    "weibull": _Family(
        _weibull_density, _weibull_survival,
        lambda p: Weibull(shape=rounded(float(np.exp(p[0]))), scale=rounded(float(np.exp(p[1])))),
        _weibull_moments,
        lambda mean, sigma: np.array([-np.log(sigma), np.log(mean)]),
    ),
}  # fmt: skip


def rounded(value: float, digits: int = 5) -> float:
    """A number with so many significant digits, for files that people read."""
    return float(f"{value:.{digits}g}")


def fit(days: Floats, cut: Bools, shape: str = "auto") -> Fitted:
    """The family with the least information criterion (Akaike's), censored durations in the likelihood.

    `days` and `cut`, which says what was cut off, have one entry per duration. With `shape` "auto", quantiles take the
    place of a family that is rejected, where there are enough durations; it may name a family as well.
    Raises `ValueError` if none has ended.
    """
    days = np.maximum(days, LEAST)
    ended = days[~cut]
    if not len(ended):
        raise ValueError("no duration has ended")
    if np.ptp(ended) <= STEADY * ended.mean():
        return _steady(days, cut)
    if shape in _FAMILIES:
        return _fit_one(shape, days, cut)
    names = list(_FAMILIES) if len(ended) >= FEWEST else ["exponential"]
    best = min((_fit_one(name, days, cut) for name in names), key=lambda it: it.criterion)
    if shape == "auto" and best.rejected and len(ended) >= ENOUGH:
        return replace(best, distribution=_quantiles(best.distribution, days, cut))
    return best


def _steady(days: Floats, cut: Bools) -> Fitted:
    mean = float(days[~cut].mean())
    return Fitted(Constant(value=rounded(mean)), len(days), int(cut.sum()), mean, (mean, mean), 0.0, (0.0, 0.0))


def _fit_one(name: str, days: Floats, cut: Bools) -> Fitted:
    family = _FAMILIES[name]

    def loss(p: Floats) -> float:
        with np.errstate(all="ignore"):
            value = -family.density(p, days[~cut]).sum() - family.survival(p, days[cut]).sum()
        return float(value) if np.isfinite(value) else 1e12

    mean, sigma = float(days.mean()), float(np.clip(np.log(days).std(), 0.05, 3.0))
    found = scipy.optimize.minimize(loss, family.begin(mean, sigma), method="Nelder-Mead", options={"maxiter": 800})
    mean_between, cv_between = _intervals(loss, family.moments, found.x)
    with np.errstate(all="ignore"):
        middle = np.exp(family.moments(found.x))
    distance = _distance(family.made(found.x), days, cut)
    rejected = distance * np.sqrt((~cut).sum()) > REJECTED
    return Fitted(
        family.made(found.x), len(days), int(cut.sum()), float(middle[0]), mean_between, float(middle[1]), cv_between,
        -loss(found.x), len(found.x), distance, bool(rejected),
    )  # fmt: skip


def _intervals(
    loss: Callable[[Floats], float], moments: Callable[[Floats], Floats], at: Floats
) -> tuple[tuple[float, float], tuple[float, float]]:
    """95% intervals of mean and coefficient of variation from the curvature of the likelihood (delta method)."""
    try:
        covariance = np.linalg.inv(_curvature(loss, at))
    except np.linalg.LinAlgError:
        return (np.nan, np.nan), (np.nan, np.nan)
    steps = 1e-4 * np.eye(len(at))
    slopes = np.array([(moments(at + step) - moments(at - step)) / 2e-4 for step in steps])
    width = 1.96 * np.sqrt(np.maximum(np.einsum("ik,ij,jk->k", slopes, covariance, slopes), 0.0))
    middle = moments(at)
    low, high = np.exp(middle - width), np.exp(middle + width)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _curvature(loss: Callable[[Floats], float], at: Floats) -> Floats:
    """Second derivatives by differences."""
    size, step = len(at), 1e-3
    axes = step * np.eye(size)
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            corners = [loss(at + s * axes[i] + t * axes[j]) * s * t for s in (1, -1) for t in (1, -1)]
            curvature[i, j] = sum(corners) / (4 * step**2)
    return curvature


def kaplan_meier(days: Floats, cut: Bools) -> tuple[Floats, Floats]:
    """Days at which durations ended, and the share that was over by then (Kaplan and Meier, 1958)."""
    ended, counts = np.unique(days[~cut], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), ended, side="left")
    over: Floats = np.asarray(1 - np.cumprod(1 - counts / at_risk), dtype=np.float64)
    return ended, over


def _distance(distribution: Distribution, days: Floats, cut: Bools) -> float:
    """Greatest distance between the fitted and the observed distribution function, up to the last end."""
    ended, share = kaplan_meier(days, cut)
    grid = np.linspace(0.0005, 0.9995, 2000)
    fitted = np.interp(ended, distribution.quantile(grid), grid, left=0.0, right=1.0)
    steps = np.concatenate(([0.0], share[:-1]))
    return float(np.maximum(np.abs(fitted - share), np.abs(fitted - steps)).max())


def _quantiles(family: Distribution, days: Floats, cut: Bools) -> Empirical:
    """The observed quantiles; beyond the last that is observed, those of the family."""
    ended, share = kaplan_meier(days, cut)
    knots = min(KNOTS, int((~cut).sum()) // 2)
    grid = (np.arange(knots) + 0.5) / knots
    observed = np.interp(grid, share, ended)
    beyond = grid > share[-1]
    values = np.where(beyond, np.maximum(family.quantile(grid), ended[-1]), observed)
    return Empirical(values=tuple(rounded(float(value)) for value in values))
