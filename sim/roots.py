"""Where a function is zero, by Brent's method: what `scipy.optimize.brentq` finds, without loading `scipy.optimize`."""

from __future__ import annotations

from collections.abc import Callable

XTOL, RTOL = 2e-12, 4 * 2.0**-52
"""Half of what a root may be off: absolute, and for each of its own units."""

MOST = 100
"""Steps after which the root is taken as it is."""


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """A root between two numbers at which the function has different signs (Brent, Comput. J. 14, 1971).

    The operations are those of `brentq`, in the same order, so the result is the same to the last bit. Raises
    `ValueError` where the signs do not differ.
    """
    before, now = low, high
    value_before, value = function(before), function(now)
    if value_before == 0 or value == 0:
        return before if value_before == 0 else now
    if (value_before < 0) == (value < 0):
        raise ValueError("the function has one sign at both ends")
    across, value_across, last, step = 0.0, 0.0, 0.0, 0.0
    for _ in range(MOST):
        if value_before != 0 and value != 0 and (value_before < 0) != (value < 0):
            across, value_across, last, step = before, value_before, now - before, now - before
        if abs(value_across) < abs(value):
            before, now, across = now, across, now
            value_before, value, value_across = value, value_across, value
        delta, half = (XTOL + RTOL * abs(now)) / 2, (across - now) / 2
        if value == 0 or abs(half) < delta:
            break
        tried, is_short = half, False
        if abs(last) > delta and abs(value) < abs(value_before):
            tried = _interpolated(before, now, across, value_before, value, value_across)
            is_short = 2 * abs(tried) < min(abs(last), 3 * abs(half) - delta)
        last, step = (step, tried) if is_short else (half, half)
        before, value_before = now, value
        now += step if abs(step) > delta else (delta if half > 0 else -delta)
        value = function(now)
    return now


def _interpolated(before: float, now: float, across: float, of_before: float, of_now: float, of_across: float) -> float:
    """The step to where a line or a hyperbola through the points is zero."""
    if before == across:
        return -of_now * (now - before) / (of_now - of_before)
    slope, slope_across = (of_before - of_now) / (before - now), (of_across - of_now) / (across - now)
    steps = -of_now * (of_across * slope_across - of_before * slope)
    return steps / (slope_across * slope * (of_across - of_before))
