"""The distributions of a scenario by number, whose quantiles are asked for all at once, one call for each family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.durations import Constant, Distribution, Exponential, Gamma, Lognormal, Pert, Uniform
from parkflow.sim.quantiles import TABLES, Shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAMILIES = (Constant, Uniform, Pert, Exponential, Lognormal, Gamma)
"""Families whose members are told apart by parameters; a distribution of another family is asked by itself."""


@dataclass(frozen=True)
class _Family:
    """The members of one family among the laws: `place` is a law's own, `parameters` has one column per member."""

    kind: type[Distribution]
    place: Ints
    parameters: Floats
    shapes: tuple[Shape, ...]


class Laws:
    """Distributions by number."""

    def __init__(self, laws: Sequence[Distribution]) -> None:
        """Sort the laws by family; a law that is none of `FAMILIES` is a family of its own."""
        self._laws = tuple(laws)
        kinds = [
            FAMILIES.index(type(law)) if type(law) in FAMILIES else len(FAMILIES) + n for n, law in enumerate(laws)
        ]
        self._family = np.array(kinds, dtype=np.int64)
        self._known = {number: self._members(number) for number in range(len(FAMILIES)) if number in kinds}

    def _members(self, family: int) -> _Family:
        mine = np.flatnonzero(self._family == family)
        members = [self._laws[number] for number in mine.tolist()]
        place = np.zeros(len(self._laws), dtype=np.int64)
        place[mine] = np.arange(len(mine))
        parameters = np.array([member.parameters for member in members], dtype=np.float64).T
        shapes = tuple(member.tabled for member in members if member.tabled)
        return _Family(FAMILIES[family], place, parameters, shapes)

    def quantiles(self, law: Ints, uniform: Floats) -> Floats:
        """The quantile of each entry's own law at its probability; both arrays have one entry per value."""
        values = np.empty(len(law))
        family = self._family[law]
        for number in np.flatnonzero(np.bincount(family)).tolist():
            mine = np.flatnonzero(family == number)
            values[mine] = self._of_family(number, law[mine], uniform[mine])
        return values

    def _of_family(self, number: int, law: Ints, uniform: Floats) -> Floats:
        if number not in self._known:
            return self._laws[number - len(FAMILIES)].quantile(uniform)
        family = self._known[number]
        which = family.place[law]
        given = TABLES.quantiles(uniform, family.shapes, which) if family.shapes else uniform
        return family.kind.values_at(given, *family.parameters[:, which])
