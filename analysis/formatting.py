"""The one place where a number becomes text: decimals, shares, intervals, values, durations, bytes and dates.

Negative numbers carry a minus sign, not a hyphen; zero has no sign; thousands are set apart by commas; what is not
defined (None or NaN) is a dash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NONE = "–"
MINUS = "−"

NOTES = ("source", "assumed", "title", "title_zh")
"""Keys of a table in a scenario file that say something about its values, and are none."""


def rounded(value: float | None, digits: int = 0, sign: bool = False) -> str:
    """A number with so many decimals; with `sign`, a plus before what is above zero."""
    if _is_missing(value):
        return NONE
    return _signed(f"{value:{'+' if sign else ''},.{digits}f}")


def percent(value: float | None, digits: int = 0) -> str:
    """A share as a percentage."""
    return NONE if value is None or _is_missing(value) else f"{rounded(100 * value, digits)}%"


def amount(value: float | None, unit: str = "", digits: int = 1) -> str:
    """A number in its unit: shares as percentages, everything else as it is; the unit's name is left to the caller."""
    return percent(value, digits) if unit == "share" else rounded(value, digits)


def interval(mean: float | None, low: float | None, high: float | None, unit: str = "", digits: int = 1) -> str:
    """An estimate with its bounds in brackets, as ``12.3 [10.1, 14.5]``; alone where a bound is missing."""
    if _is_missing(mean) or _is_missing(low) or _is_missing(high):
        return amount(mean, unit, digits)
    return f"{amount(mean, unit, digits)} [{amount(low, unit, digits)}, {amount(high, unit, digits)}]"


def plain(value: Any, figures: int = 6) -> str:
    """A value of a scenario on one line, as a reader writes it; floats with so many significant figures."""
    if _is_missing(value):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if "dist" in value:
            return distribution(value)
        return "; ".join(f"{key} = {plain(inner)}" for key, inner in value.items() if key not in NOTES)
    if isinstance(value, list | tuple):
        return ", ".join(plain(inner) for inner in value) or "none"
    return _signed(f"{value:.{figures}g}") if isinstance(value, float) else str(value)


def distribution(table: Mapping[str, Any]) -> str:
    """A distribution given as a table, in the short form of scenario files, as ``pert(2, 5, 12) wd``."""
    numbers = ", ".join(plain(inner) for key, inner in table.items() if key not in ("dist", "unit", *NOTES))
    return f"{table['dist']}({numbers}) {table.get('unit') or ''}".strip()


def duration(seconds: float) -> str:
    """Seconds in words of a useful size."""
    if seconds < 90:
        return f"{rounded(seconds)} s"
    return f"{rounded(seconds / 60)} min" if seconds < 5400 else f"{rounded(seconds / 3600, 1)} h"


def storage(size: float) -> str:
    """Bytes in words of a useful size."""
    return f"{rounded(size / 1e6, 1)} MB" if size < 1e9 else f"{rounded(size / 1e9, 1)} GB"


def _is_missing(value: Any) -> bool:
    """Whether a value is None or not a number."""
    return value is None or (isinstance(value, float) and value != value)


def _signed(text: str) -> str:
    """The number with a minus sign for a hyphen, an infinity for `inf`, and no sign where all its digits are zero."""
    mantissa = text.partition("e")[0]
    if not any(digit in mantissa for digit in "123456789i"):
        return text.lstrip("+-")
    return text.replace("-", MINUS).replace("inf", "∞")
