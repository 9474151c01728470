"""What to say of a name that does not exist: the nearest one that does, or the names there are."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

LONGEST = 100
"""Letters of a name that are compared; nobody means a longer one."""

MOST_LISTED = 12


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, or None where none is like it."""
    return next(iter(difflib.get_close_matches(name[:LONGEST], list(known), n=1, cutoff=0.6)), None)


def nearest(name: str, known: Collection[str]) -> str:
    """A remedy for a name that does not exist: the nearest one that does, or a list of them."""
    if close := near(name, known):
        return f"did you mean {close!r}?"
    if not known:
        return "none is declared"
    some = listed(list(known)[:MOST_LISTED])
    return f"there are {some}{', …' if len(known) > MOST_LISTED else ''}" if len(known) > 1 else f"there is only {some}"


def listed(names: Iterable[str]) -> str:
    """Names in quotes, with commas between them."""
    return ", ".join(map(repr, names))
