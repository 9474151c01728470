"""Numbers that stand for something in the compiled engine."""

from __future__ import annotations

from typing import cast

import numpy as np


def _whole(value: int) -> int:
    """A number as numpy's: numba takes each of Python's for a type, and would compile a function for every one."""
    return cast(int, np.int64(value))


NOTHING = _whole(-1)
"""No step, no line, no edge."""

COMPLETE, RESUBMIT, ARRIVE, OPEN_DESK, PRESS, SIT, OBTAINED, DELIVER, LAPSE, SET_UP, EXPECT = map(_whole, range(11))
"""What falls due on the agenda."""

NORMAL, LAST = _whole(0), _whole(1 << 62)
"""Priorities: what is `LAST` happens after all else of the same instant."""

OVER, ORDER, SERVE, GREET = map(_whole, range(4))
"""What a frame does; see `kernels.flow`."""

TOP = _whole(0)
"""Where a heap begins that has its arrays for itself."""
