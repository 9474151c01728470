"""Applicants outside the list: the share of a desk's time that they take, drawn week by week.

Nobody models them one by one. What they leave is the curve by which the desk's officers work on the files of the list:
the calendar's rate times one minus the share of the week. No lever touches it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import WorkCurve
from parkflow.sim.durations import beta
from parkflow.sim.scenario import Desk

Floats = NDArray[np.float64]

MOST = 0.95
"""No week is so busy that applicants outside the list take more than this share."""

WEEK = 7


def left_over(hours: WorkCurve, desk: Desk, uniforms: Floats) -> WorkCurve:
    """The curve that a desk's background leaves of its opening hours; `uniforms` has one entry per week from day 0.

    Closed and lost days are those of the opening hours: what the background takes is lost to neither.
    """
    shares = np.minimum(weekly_shares(desk, uniforms), MOST)
    return WorkCurve(hours.rate * (1 - np.repeat(shares, WEEK)[: hours.days]), hours.closed, hours.weather)


def weekly_shares(desk: Desk, uniforms: Floats) -> Floats:
    """Shares by beta distribution, with the desk's background as mean and its spread as coefficient of variation."""
    mean = desk.background
    if desk.background_spread == 0:
        return np.full(len(uniforms), mean)
    weight = (1 - mean) / (mean * desk.background_spread**2) - 1
    return beta(uniforms, mean * weight, (1 - mean) * weight)
