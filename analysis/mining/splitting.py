"""Activities that take classes differently: told apart where an information criterion says that it is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    """An activity as some classes go through it: `classes` is empty where all do, `suffix` tells it from the others."""

    classes: tuple[str, ...]
    suffix: str
    cases: Bools
    spells: Spells


def variants(log: CaseLog, spells: Spells) -> tuple[Variant, ...]:
    """One variant for all classes, or one for each that is large enough, by Schwarz's criterion (1978).

    Counted are how long first attempts take and how many come back.
    """
    everyone = np.ones(len(log.arrival), dtype=bool)
    whole = (Variant((), "", everyone, spells),)
    parts = tuple(_parts(log, spells))
    if len(parts) < 2:
        return whole
    size = np.log(max(2, int((spells.number == 1).sum())))
    return parts if sum(_cost(it, size) for it in parts) < _cost(whole[0], size) else whole


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
        yield Variant(
            tuple(log.classes[kind] for kind in some), f"_{name}", np.isin(log.kind, some), spells.of(chosen)
        )


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
