"""What is decided in the run: whether a step takes place, and which of its versions counts.

All versions were drawn beforehand; what happened before a step, and the day, only choose between them.
"""

from __future__ import annotations

from math import inf

import numpy as np

from parkflow.sim.plan import Steps


class Choices:
    """The choices of one run; the lists are the engine's own, with one entry per step (`solved`: per case)."""

    def __init__(
        self, steps: Steps, held: list[bool], skipped: list[bool], end: list[float], solved: list[bool]
    ) -> None:
        """Take the plan's steps and the engine's lists of what has happened so far."""
        self._steps, self._held, self._skipped, self._end, self._solved = steps, held, skipped, end, solved
        gated = np.asarray(steps.gate_begin < inf).any(axis=1)
        self.gated: list[bool] = np.asarray(gated).tolist()
        ranked = gated & (steps.held_rank != steps.rank[:, None]).any(axis=1)
        rows = np.flatnonzero(gated)
        gates = (column[rows].tolist() for column in (steps.gate, steps.gate_begin, steps.gate_end))
        self._gates = {step: list(zip(*its, strict=True)) for step, *its in zip(rows.tolist(), *gates, strict=True)}
        self.open = ranked | (steps.condition >= 0) | (steps.took_place >= 0) | (steps.ahead_of >= 0)
        self.open |= steps.unsolved_only | steps.solved_only | (steps.late_after > -inf)

    def takes_place(self, step: int, now: float) -> bool:
        """Whether a step that is ready takes place, after all that happened."""
        steps = self._steps
        stock, other = int(steps.condition[step]), int(steps.took_place[step])
        return not (
            (steps.unsolved_only if self._solved[steps.case[step]] else steps.solved_only)[step]
            or (stock >= 0 and self._held[stock] != steps.wanted[step])
            or (other >= 0 and self._skipped[other])
            or (steps.ahead_of[step] >= 0 and not self._ran_ahead(int(steps.ahead[step]), int(steps.ahead_of[step])))
            or now <= steps.late_after[step]
        )

    def _ran_ahead(self, sooner: int, later: int) -> bool:
        """Whether both steps took place and the first ended before the other; a step cut by issues ends in its join."""
        ends = [self._end[self._steps.skip_to[step]] for step in (sooner, later)]
        return not (self._skipped[sooner] or self._skipped[later]) and ends[0] < ends[1]

    def version(self, step: int, now: float) -> int:
        """Which version of a step counts now: bit i stands for its gate i, open at this time if its units are held."""
        return sum(
            1 << bit
            for bit, (gate, begin, end) in enumerate(self._gates.get(step, ()))
            if begin <= now < end and (gate < 0 or self._held[gate])
        )
