"""How the parts of the compiled engine are told to numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

PLAIN: dict[str, Any] = {"_nrt": False, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Nothing is allocated, so no array's references need to be counted; and no check for a division by zero."""


def kept(function: F) -> F:
    """What Python calls: compiled once, and kept on disk."""
    compiled: F = njit(cache=True, **PLAIN)(function)
    return compiled


def inlined(function: F) -> F:
    """A part that is compiled into whoever calls it.

    Handing tuples of arrays from function to function, and counting references to each, would take twenty times as long
    as the work itself.
    """
    compiled: F = njit(forceinline=True, no_cpython_wrapper=True, **PLAIN)(function)
    return compiled
