"""Applicants outside the list: the share of a desk's time that they take, drawn week by week.

Nobody models them one by one. What they leave is the curve by which the desk's officers work on the files of the list:
the calendar's rate times one minus the share of the week. No lever touches it, and officers who are added to a desk, or
taken from it, leave the applicants as many as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.calendars import WorkCurve
from parkflow.sim.quantiles import TABLES, Shape
from parkflow.sim.scenario import Desk

Floats = NDArray[np.float64]

MOST = 0.95
"""No week is so busy that applicants outside the list take more than this share."""

WEEK = 7


def left_over(hours: WorkCurve, shares: Floats) -> WorkCurve:
    """The curve that a desk's background leaves of its opening hours; `shares` has one entry per week from day 0.

    Closed and lost days are those of the opening hours: what the background takes is lost to neither.
    """
    left = 1 - np.minimum(shares, MOST)
    return WorkCurve(hours.rate * np.repeat(left, WEEK)[: hours.days], hours.closed, hours.weather)


def weekly_shares(desks: Sequence[Desk], uniforms: Floats) -> Floats:
    """Shares by beta distribution, with what is outside as mean and a desk's spread as coefficient of variation.

    `uniforms` and what is given have one row per desk and one column per week. Where the mean is too large for such a
    spread, as it is where most officers are taken from a desk, all weeks are alike.
    """
    shares = np.tile(np.array([desk.outside for desk in desks])[:, None], uniforms.shape[1])
    drawn = [number for number, desk in enumerate(desks) if desk.background_spread and _weight(desk) > 0]
    if drawn:
        shapes = [_shape(desks[number]) for number in drawn]
        which = np.repeat(np.arange(len(drawn)), uniforms.shape[1])
        found = TABLES.quantiles(uniforms[drawn].ravel(), shapes, which)
        shares[drawn] = found.reshape(len(drawn), -1)
    return shares


def _shape(desk: Desk) -> Shape:
    """The beta distribution of a desk's shares."""
    return "beta", (desk.outside * _weight(desk), (1 - desk.outside) * _weight(desk))


def _weight(desk: Desk) -> float:
    """The sum of both parameters of that distribution; it has none where this is not above 0."""
    return (1 - desk.outside) / (desk.outside * desk.background_spread**2) - 1
