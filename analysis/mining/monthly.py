"""Arrivals by month: how many, how surely, and whether they come more in bursts than chance would have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.log_files import date_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def months_of(days: Floats, origin: float) -> Ints:
    """The calendar month of each day, counted from the year 0; `origin` is the day 0 in days since 1970-01-01."""
    dates = np.datetime64("1970-01-01") + np.floor(days + origin).astype(np.int64)
    return dates.astype("datetime64[M]").astype(np.int64) + 1970 * 12


def counts_by_month(days: Floats, origin: float, begin: float, end: float) -> Ints:
    """How many of the days lie in each month from that of `begin` to that of the day before `end`."""
    first, last = months_of(np.array([begin, end - 1e-6]), origin)
    inside = days[(days >= begin) & (days < end)]
    return np.bincount(months_of(inside, origin) - first, minlength=int(last - first) + 1)


def month_names(origin: float, begin: float, end: float) -> list[str]:
    """The months from that of `begin` to that of the day before `end`, as 2014-05."""
    first, last = months_of(np.array([begin, end - 1e-6]), origin).tolist()
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def arrivals_words(days: Floats, origin: float, until: float) -> str:
    """How many came a month: mean with its interval, least and most, and dispersion against chance (1)."""
    whole = counts_by_month(days, origin, float(days.min()), max(until, float(days.max()) + 1e-6))
    counts = whole[1:-1] if len(whole) > 3 else whole
    mean = counts.mean()
    width = 1.96 * counts.std(ddof=1) / np.sqrt(len(counts)) if len(counts) > 1 else np.nan
    text = f"{len(days)} cases, from {date_of(origin + float(days.min()))} on; by full month {mean:.3g}"
    spread = (
        f", {counts.min()} to {counts.max()}, dispersion {counts.var(ddof=1) / mean:.2g}" if len(counts) > 1 else ""
    )
    return f"{text} (95% {max(0.0, mean - width):.3g} to {mean + width:.3g}{spread})"
