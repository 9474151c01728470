"""What several measures need of one run is computed once, when the first of them asks, and lives as long as the run."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
Kept = TypeVar("Kept", bound=Any)


def once(find: Callable[[Kept], T]) -> Callable[[Kept], T]:
    """A function of records, of a layout or of a view whose result is kept with them, as a cached property's is.

    Whoever asks must not change what is found: arrays are handed out as they are.
    """
    name = f"{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def found(of: Kept) -> T:
        kept = vars(of)
        if name not in kept:
            kept[name] = find(of)
        result: T = kept[name]
        return result

    return found
