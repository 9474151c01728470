"""Quantiles of the beta and the gamma distribution, which have no formula: read off tables on a grid of normal scores.

On that grid their curves are smooth in both tails. A table is filled in where it is read, so the first replication of a
park does not wait for quantiles that it has no use for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy  # loads its parts when they are first used, which lists of parks and levers do not
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Shape = tuple[str, tuple[float, ...]]
"""A family, and the shape parameters of one of its members."""

_FINE = 256
"""Points of the grid per unit of the normal score; a power of two, so that a score finds its place without rounding."""
_END = 8
_GRID = np.arange(-_END * _FINE, _END * _FINE + 2) / _FINE
"""One point lies beyond the last score, which is the end of no interval."""
_UNKNOWN = 0.0
_INVERSES = {"beta": ("betaincinv", "betainccinv"), "gamma": ("gammaincinv", "gammainccinv")}
"""Quantile functions of `scipy.special` by family, of the lower and of the upper tail, as `scipy.stats` calls them."""


class Tables:
    """The tables of the shapes that were asked for last, one per row; more than `most` only if one call needs them."""

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._row: dict[Shape, int] = {}
        self._values = np.zeros((0, len(_GRID)))

    def quantiles(self, uniform: Floats, shapes: Sequence[Shape], which: Ints | int = 0) -> Floats:
        """Quantiles at the given probabilities, of the shapes numbered `which`; same shape as `uniform`."""
        rows = self._rows(shapes)
        score = np.clip(scipy.special.ndtri(uniform), -float(_END), float(_END))
        place = np.floor(score * _FINE).astype(np.int64) + _END * _FINE
        cell = rows[which] * len(_GRID) + place
        table = self._values.reshape(-1)
        lower, upper = table[cell], table[cell + 1]
        unknown = (lower == _UNKNOWN) | (upper == _UNKNOWN)
        if unknown.any():
            wanted = np.unique(np.concatenate((cell[unknown], cell[unknown] + 1)))
            self._fill(wanted, dict(zip(rows.tolist(), shapes, strict=True)))
            lower, upper = table[cell], table[cell + 1]
        read: Floats = (upper - lower) * _FINE * (score - _GRID[place]) + lower
        return read

    def _rows(self, shapes: Sequence[Shape]) -> Ints:
        """The row of each shape's table; those not asked for the longest time give way to new ones."""
        for shape in shapes:
            if shape in self._row:
                self._row[shape] = self._row.pop(shape)
        for shape in shapes:
            if shape not in self._row:
                self._row[shape] = self._free(len(shapes))
        return np.array([self._row[shape] for shape in shapes], dtype=np.int64)

    def _free(self, wanted: int) -> int:
        """A row without values: a further one, or that of the table which was not asked for the longest time."""
        if len(self._row) >= max(self._most, wanted):
            row = self._row.pop(next(iter(self._row)))
            self._values[row] = _UNKNOWN
            return row
        if len(self._row) == len(self._values):
            more = np.zeros((len(self._values) + 64, len(_GRID)))
            more[: len(self._values)] = self._values
            self._values = more
        return len(self._row)

    def _fill(self, cells: Ints, shapes: dict[int, Shape]) -> None:
        """Work out the values of some cells of the flat table; `shapes` has the shape by row."""
        table = self._values.reshape(-1)
        row, place = np.divmod(cells[table[cells] == _UNKNOWN], len(_GRID))
        for family, (below, above) in _INVERSES.items():
            mine = [number for number, shape in shapes.items() if shape[0] == family]
            here = np.isin(row, mine)
            if not here.any():
                continue
            parameters = np.zeros((len(self._values), len(shapes[mine[0]][1])))
            parameters[mine] = [shapes[number][1] for number in mine]
            for tail, function, sign in ((_GRID < 0, below, 1), (_GRID >= 0, above, -1)):
                now = here & tail[place]
                probability = scipy.special.ndtr(sign * _GRID[place[now]])
                found = getattr(scipy.special, function)(*parameters[row[now]].T, probability)
                table[row[now] * len(_GRID) + place[now]] = found


TABLES = Tables()
"""The tables of this process."""
