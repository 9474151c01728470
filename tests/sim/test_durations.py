"""Distributions: what a uniform becomes, what the mean is, how they are written, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import integrate, special, stats

from parkflow.sim.durations import Distribution, Lognormal
from parkflow.sim.laws import Laws
from parkflow.sim.quantiles import Shape, Tables

READ: TypeAdapter[Any] = TypeAdapter(Distribution)

CONTINUOUS = (
    "uniform(2, 5)",
    "triangular(1, 2, 9)",
    "triangular(1, 1, 9)",
    "triangular(1, 9, 9)",
    "pert(3, 10, 20)",
    "pert(3, 3, 20)",
    "pert(3, 20, 20)",
    "exponential(7)",
    "lognormal(12, 0.6)",
    "lognormal(12, 0.6, 15)",
    "lognormal(12, 2.5, 5)",
    "gamma(12, 0.5)",
    "gamma(12, 1.8)",
    "weibull(0.8, 4)",
    "weibull(3, 4)",
    {"dist": "empirical", "values": [9, 3, 4, 20]},
)
LUMPY = (
    "6",
    "pert(4, 4, 4)",
    "triangular(4, 4, 4)",
    "bernoulli(0.3)",
    {"dist": "discrete", "values": [1, 2, 5], "weights": [3, 1, 1]},
    {"dist": "discrete", "values": [5, 1, 2], "weights": [1, 3, 1]},
    {"dist": "discrete", "values": [1, 2, 3], "weights": [1, 1, 0]},
)


@pytest.mark.parametrize("written", [*CONTINUOUS, *LUMPY])
def test_a_higher_uniform_never_gives_less(written: Any) -> None:
    """Quantile functions never fall, so one uniform moves a project in one direction; they keep the shape they get."""
    uniform = np.sort(np.concatenate((np.random.default_rng(1).random(5000), [1e-12, 0.5, 1 - 1e-12])))
    values = READ.validate_python(written).quantile(uniform)
    assert values.shape == uniform.shape
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()
    table = READ.validate_python(written).quantile(uniform[:12].reshape(3, 4))
    np.testing.assert_array_equal(table, values[:12].reshape(3, 4))


@pytest.mark.parametrize("written", CONTINUOUS)
def test_the_mean_is_the_area_under_the_quantile_function(written: Any) -> None:
    """The stated mean equals the integral of the quantile function, within the quadrature's own error estimate."""
    distribution = READ.validate_python(written)

    def value(score: float) -> float:
        return float(distribution.quantile(stats.norm.cdf(np.array([score])))[0] * stats.norm.pdf(score))

    area, error = integrate.quad(value, -8, 8, limit=400, points=[-1, 0, 1])
    assert error < 1e-4 * distribution.expectation
    assert abs(area - distribution.expectation) < 10 * error + 2e-6 * distribution.expectation


@pytest.mark.parametrize("written", LUMPY)
def test_the_mean_of_lumps(written: Any) -> None:
    """For lumps the mean of equally spaced quantiles is the stated mean, but for one spacing at each step."""
    distribution = READ.validate_python(written)
    spaced = distribution.quantile((np.arange(10_000) + 0.5) / 10_000)
    width = spaced.max() - spaced.min()
    assert abs(spaced.mean() - distribution.expectation) <= 3e-4 * width + 1e-12


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ("pert(3, 10, 20)", stats.beta(1 + 4 * 7 / 17, 1 + 4 * 10 / 17, 3, 17)),
        ("gamma(12, 0.5)", stats.gamma(4, scale=3)),
        ("lognormal(12, 0.6)", stats.lognorm(np.sqrt(np.log1p(0.36)), scale=12 / np.sqrt(1.36))),
        ("weibull(2, 5)", stats.weibull_min(2, scale=5)),
        ("exponential(4)", stats.expon(scale=4)),
        ("triangular(1, 3, 8)", stats.triang(2 / 7, 1, 7)),
    ],
)
def test_quantiles_are_those_of_the_law(written: str, law: Any) -> None:
    """Quantiles agree with SciPy's to a millionth of the spread, tabulated ones too, far into both tails."""
    uniform = np.concatenate((np.linspace(0.0005, 0.9995, 1999), [1e-7, 1 - 1e-7]))
    np.testing.assert_allclose(READ.validate_python(written).quantile(uniform), law.ppf(uniform), atol=5e-6 * law.std())


def test_a_cap_gathers_what_lies_above_it() -> None:
    """A capped lognormal has a lump at its cap as heavy as the tail it replaces, and is untouched below it."""
    free, capped = (READ.validate_python(written) for written in ("lognormal(10, 0.5)", "lognormal(10, 0.5, 12)"))
    uniform = np.linspace(0.0005, 0.9995, 1000)
    np.testing.assert_array_equal(capped.quantile(uniform), np.minimum(free.quantile(uniform), 12))
    assert 0.2 < (capped.quantile(uniform) == 12).mean() < 0.3
    assert capped.expectation < free.expectation == 10


@pytest.mark.parametrize(("cap", "mean"), [(None, 8.0), (20.0, 8.0), (5.0, 5.0)])
def test_a_lognormal_without_spread_is_its_mean(cap: float | None, mean: float) -> None:
    """With a coefficient of variation of zero every value is the mean, or the cap below it."""
    distribution = Lognormal(mean=8, cv=0, cap=cap)
    np.testing.assert_allclose(distribution.quantile(np.array([1e-9, 0.3, 0.9])), mean, rtol=1e-12)
    assert distribution.expectation == mean


@pytest.mark.parametrize(
    ("written", "lowest"),
    [("uniform(2, 5)", 2), ("pert(3, 10, 20)", 3), ("lognormal(12, 0.6)", 0), ("-4", -4), (CONTINUOUS[-1], 3)],
)
def test_the_lower_end(written: Any, lowest: float) -> None:
    """The lowest value is known without drawing."""
    assert READ.validate_python(written).lowest == lowest


@pytest.mark.parametrize(
    ("written", "table"),
    [
        (3, {"dist": "constant", "value": 3}),
        ("2.5 cd", {"dist": "constant", "value": 2.5, "unit": "cd"}),
        ("1e2", {"dist": "constant", "value": 100}),
        (" pert( 3,10 , 20 )  wd", {"dist": "pert", "low": 3, "mode": 10, "high": 20, "unit": "wd"}),
        ("lognormal(12, 0.6)", {"dist": "lognormal", "mean": 12, "cv": 0.6}),
        ("lognormal(12, 0.6, 30) wd", {"dist": "lognormal", "mean": 12, "cv": 0.6, "cap": 30, "unit": "wd"}),
        ("lognormal(5, 1) 100M CNY", {"dist": "lognormal", "mean": 5, "cv": 1, "unit": "100M CNY"}),
    ],
)
def test_writing(written: Any, table: Any) -> None:
    """A string, a number and a table say the same."""
    assert READ.validate_python(written) == READ.validate_python(table)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("pert(3, 10", "cannot read"),
        ("", "cannot read"),
        ("normal(3, 1)", "no distribution is called 'normal'"),
        ("pert(1, 2, 3, 4)", "too many"),
        ("pert(1, two, 3)", "not a number"),
        ("pert(1, 2)", "high"),
        ("pert(5, 2, 9)", "must not fall"),
        ("uniform(5, 2)", "must not fall"),
        ("exponential(0)", "greater than 0"),
        ("lognormal(4, -1)", "greater than or equal to 0"),
        ("bernoulli(1.2)", "less than or equal to 1"),
        ("uniform(0, nan)", "finite"),
        ("4 weeks", "wd"),
        (True, "true or false"),
        (None, "valid dictionary"),
        ({"dist": "pert", "low": 1, "mode": 2, "high": 3, "men": 4}, "Extra inputs"),
        ({"dist": "discrete", "values": [1, 2], "weights": [1]}, "one weight a value"),
        ({"dist": "discrete", "values": [1, 2], "weights": [0, 0]}, "above zero"),
        ({"dist": "discrete", "values": [1, 2], "weights": [2, -1]}, "not be negative"),
        ({"dist": "empirical", "values": [1]}, "at least 2"),
    ],
)
def test_what_is_refused(written: Any, says: str) -> None:
    """A distribution that cannot be is refused in words that name what is wrong."""
    with pytest.raises(ValidationError) as error:
        READ.validate_python(written)
    assert says in str(error.value)


def test_many_laws_at_once_are_each_alone() -> None:
    """Quantiles of mixed laws, asked for in one call, are those of each law to the last bit, whatever its family."""
    laws = [READ.validate_python(written) for written in (*CONTINUOUS, *LUMPY)]
    generator = np.random.default_rng(5)
    law, uniform = generator.integers(len(laws), size=5000), generator.random(5000)
    together = Laws(laws).quantiles(law, uniform)
    for number, alone in enumerate(laws):
        mine = law == number
        np.testing.assert_array_equal(together[mine], alone.quantile(uniform[mine]), err_msg=repr(alone))


def test_tables_that_give_way_come_back_the_same() -> None:
    """With room for two tables, those of three shapes take turns, and one call may need more room than that."""
    shapes: list[Shape] = [("beta", (2.0, 4.0)), ("gamma", (1.5,)), ("beta", (3.0, 3.0))]
    uniform = np.random.default_rng(6).random(300)
    few, which = Tables(most=2), np.arange(300) % 3
    alone = [Tables().quantiles(uniform, [shape]) for shape in shapes]
    for _ in range(2):
        for shape, known in zip(shapes, alone, strict=True):
            np.testing.assert_array_equal(few.quantiles(uniform, [shape]), known)
    np.testing.assert_array_equal(few.quantiles(uniform, shapes, which), np.choose(which, alone))
    np.testing.assert_array_equal(few.quantiles(uniform, shapes[1:2]), alone[1])


def test_tables_reach_from_end_to_end() -> None:
    """The smallest and the greatest uniform have the quantiles of eight standard deviations of the normal."""
    table, ends = Tables(), np.array([0.0, 1e-300, np.nextafter(1.0, 0.0)])
    found = table.quantiles(ends, [("gamma", (2.0,))])
    tail = float(special.ndtr(-8.0))
    below, above = special.gammaincinv(2.0, tail), special.gammainccinv(2.0, tail)
    np.testing.assert_array_equal(found, [below, below, above])
