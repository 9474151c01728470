"""Activities that take classes differently: told apart where an information criterion says that it is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parkflow.analysis.mining.families import Fitted, fit
from parkflow.analysis.mining.spells import Spells
from parkflow.analysis.mining.traces import CaseLog

Bools = NDArray[np.bool_]
FEWEST = 30
"""First attempts that ended below which a class is not told apart."""


@dataclass(frozen=True)
class Variant:
    """An activity as some cases go through it: `suffix` tells it from the others.

    `classes` is empty where all go through it alike. Where first attempts that come back last otherwise than those that
    pass, each kind is a variant: `back` says which, and `share` is how many of the classes' cases come back.
    """

    classes: tuple[str, ...]
    suffix: str
    cases: Bools
    spells: Spells
    back: bool | None = None
    share: float = 0.0


def variants(log: CaseLog, name: str, spells: Spells) -> tuple[Variant, ...]:
    """One variant for all classes, or one for each that is large enough, by Schwarz's criterion (1978).

    Counted are how long first attempts take and how many come back. The same criterion tells what comes back from what
    does not.
    """
    everyone = np.ones(len(log.arrival), dtype=bool)
    whole: tuple[Variant, ...] = (Variant((), "", everyone, spells),)
    parts = tuple(_parts(log, spells))
    size = np.log(max(2, int((spells.number == 1).sum())))
    if len(parts) > 1 and sum(_cost(it, size) for it in parts) < _cost(whole[0], size):
        whole = parts
    back = np.zeros(len(log.arrival), dtype=bool)
    back[[it.case for it in log.returns if it.activity == log.number(name)]] = True
    return tuple(kind for it in whole for kind in _by_outcome(it, back, size))


def _parts(log: CaseLog, spells: Spells) -> Iterator[Variant]:
    """The classes that are large enough, and all others together."""
    kinds = log.kind[spells.case]
    ended = (spells.number == 1) & ~spells.cut
    large = [kind for kind in range(len(log.classes)) if (ended & (kinds == kind)).sum() >= FEWEST]
    rest = [kind for kind in range(len(log.classes)) if kind not in large]
    for some in [[kind] for kind in large] + ([rest] if rest else []):
        chosen = np.isin(kinds, some)
        if not (chosen & ended).any():
            continue  # these classes never do it
        name = log.classes[some[0]] if len(some) == 1 else "rest"
        yield Variant(tuple(log.classes[kind] for kind in some), f"_{name}", np.isin(log.kind, some), spells.of(chosen))


def _by_outcome(variant: Variant, came_back: Bools, per_parameter: float) -> tuple[Variant, ...]:
    """What comes back and what passes at once, apart where their first attempts last differently.

    `came_back` has one entry per case.
    """
    spells = variant.spells
    again = came_back[spells.case]
    first = (spells.number == 1) & ~spells.cut
    if min((first & again).sum(), (first & ~again).sum()) < FEWEST // 2:
        return (variant,)
    share = len(np.unique(spells.case[again])) / len(np.unique(spells.case))
    kinds = tuple(
        replace(
            variant, suffix=f"{variant.suffix}{'_returned' if back else ''}", cases=variant.cases & (came_back == back),
            spells=spells.of(again == back), back=back, share=share,
        )
        for back in (False, True)
    )  # fmt: skip
    apart = sum(-2 * first_fit(it.spells).log_likelihood + 2 * per_parameter for it in kinds)
    return kinds if apart < -2 * first_fit(spells).log_likelihood + 2 * per_parameter else (variant,)


def _cost(variant: Variant, per_parameter: float) -> float:
    """Schwarz's criterion of a variant."""
    first = variant.spells.number == 1
    fitted = first_fit(variant.spells)
    back = len(np.unique(variant.spells.case[~first]))
    share = min(max(back / max(1, int(first.sum())), 1e-6), 1 - 1e-6)
    binomial = back * np.log(share) + (int(first.sum()) - back) * np.log1p(-share)
    return float(-2 * fitted.log_likelihood - 2 * binomial + (fitted.parameters + 1) * per_parameter)


def first_fit(spells: Spells) -> Fitted:
    """How long first attempts take; raises `ValueError` if none has ended."""
    first = spells.number == 1
    return fit(spells.spent[first], spells.cut[first])
