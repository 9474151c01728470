"""Plans made up at random: everything that an engine can meet, far more densely than in any park."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from parkflow.sim.kinds import DESK, END, MEETING, MILESTONE, SKIPPED, STOCK, WORK
from parkflow.sim.plan import Cases, Plan, Steps
from parkflow.sim.resources import Curves, Meetings, Pools, Stocks, begins

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DAYS = 70
POOLS, MEETINGS, STOCKS, GATES = 4, 3, 3, 3
DURATIONS = (*(0.0, 0.0, 1.0, 1.0, 2.5, 3.5, 7.0) * 3, 5e-10)
KINDS = (WORK, DESK, DESK, DESK, MEETING, STOCK, STOCK, STOCK, MILESTONE, SKIPPED, END)


def random_plan(seed: int) -> Plan:
    """A plan of up to a dozen cases with up to a dozen steps each; many things happen at one instant."""
    return _Maker(seed).plan()


class _Maker:
    """What is drawn of one plan: `case` has one entry per step, `first` one per case."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        sizes = self.rng.integers(1, 13, self.rng.integers(0, self.rng.choice([3, 13, 25])))
        self.case = np.repeat(np.arange(len(sizes)), sizes)
        self.first = begins(sizes)[:-1]
        self.count, self.later = len(self.case), 0
        ends_later = np.append(self.case[2:], [-1, -1])[: self.count] == self.case
        self.segment = self._chance(0.15) & ends_later
        self.segment[self.first] = False
        self.segment[1:] &= ~self.segment[:-1]
        self.segment[2:] &= ~self.segment[:-2]
        self.ordered = self.rng.random(len(sizes)) < 0.4
        self.crowded = self.rng.random() < 0.4
        self.kind = self._kinds()
        self.whole = self.rng.random(STOCKS) < 0.5

    def plan(self) -> Plan:
        """Put it all together; there is no layout, and an engine does not miss it."""
        edges = self._edges()
        steps = self._steps(edges)
        again = self.rng.choice(DURATIONS, self.later)
        return Plan(
            layout=cast(Any, None),
            cases=self._cases(),
            steps=steps,
            fix=self.rng.choice(DURATIONS, self.later),
            again=again,
            successors=np.array([target for targets in edges for target in targets], dtype=np.int64),
            pools=self._pools(),
            meetings=self._meetings(),
            stocks=self._stocks(),
            calendars=self._calendars(),
            horizon=float(self.rng.choice([np.inf, 60.0, 25.5])),
        )

    def _chance(self, share: float, *shape: int) -> NDArray[np.bool_]:
        return self.rng.random((self.count, *shape)) < share

    def _among(self, values: Sequence[float], *shape: int) -> Floats:
        return self.rng.choice(np.array(values, dtype=np.float64), (self.count, *shape))

    def _kinds(self) -> Ints:
        """The first step of a case is where it arrives; behind a segment come a second one and the join of both."""
        kind = self.rng.choice([*KINDS, *([STOCK, DESK] * 5 if self.crowded else [])], self.count)
        kind[self.first] = MILESTONE
        kind[1:][self.segment[:-1]] = WORK
        kind[2:][self.segment[:-2]] = MILESTONE
        return kind

    def _edges(self) -> list[list[int]]:
        """What waits for each step: one or two steps before it, sometimes of another case; a join only for its own."""
        targets: list[list[int]] = [[] for _ in range(self.count)]
        for step in range(self.count):
            begin = self.first[self.case[step]]
            if step == begin:
                continue
            before = {int(self.rng.integers(begin, step)) for _ in range(self.rng.integers(1, 3))}
            if self.rng.random() < 0.1:
                before.add(int(self.rng.integers(0, step)))
            if self.segment[step - 1] or (step > 1 and self.segment[step - 2]):
                before = {step - 1}
            for other in before:
                targets[other].append(step)
        return targets

    def _some(self, share: float, kind: int | None = None) -> Ints:
        """For each step another one, of this kind, or -1."""
        others = np.flatnonzero(self.kind == kind) if kind is not None else np.arange(self.count)
        if not len(others):
            return np.full(self.count, -1)
        return np.where(self._chance(share), self.rng.choice(others, self.count), -1)

    def _attempts(self) -> tuple[Ints, Ints]:
        """How often each step comes back, and where its later attempts begin."""
        left = np.where(np.isin(self.kind, (WORK, DESK, MEETING)), self._among([0, 0, 1, 3]), 0).astype(np.int64)
        following = self.later + np.cumsum(left) - left
        self.later += int(left.sum())
        return left, following

    def _steps(self, edges: list[list[int]]) -> Steps:
        attempts = [self._attempts() for _ in range(2**GATES)]
        resources = {DESK: POOLS, MEETING: MEETINGS, STOCK: STOCKS}
        sizes = begins([len(targets) for targets in edges])
        waiting = np.bincount([target for targets in edges for target in targets], minlength=self.count)
        later, sooner = self._some(0.15), self._some(1.0)
        return Steps(
            case=self.case,
            activity=np.zeros(self.count, dtype=np.int64),
            copy=np.zeros(self.count, dtype=np.int64),
            kind=self.kind,
            resource=np.array([self._one_of(resources.get(kind, 1)) for kind in self.kind], dtype=np.int64),
            calendar=self._clock(),
            fix_calendar=self._clock(),
            rank=self._among([1] if self.crowded else [0, 1, 1, 2, np.inf]),
            work=self._among(DURATIONS),
            next_attempt=attempts[0][1],
            left=attempts[0][0],
            gate=np.stack([self._some(0.5, STOCK) for _ in range(GATES)], axis=1),
            gate_begin=self._among([np.inf, np.inf, 0, 5], GATES),
            gate_end=self._among([np.inf, 10], GATES),
            held_rank=self._among([0, 1, 2], len(attempts) - 1),
            held_work=self._among(DURATIONS, len(attempts) - 1),
            held_next_attempt=np.stack([following for _, following in attempts[1:]], axis=1),
            held_left=np.stack([left for left, _ in attempts[1:]], axis=1),
            condition=self._some(0.15, STOCK),
            wanted=self._chance(0.5),
            took_place=self._some(0.1),
            ahead=np.where(later >= 0, np.where(self._chance(0.5), sooner, self._cut()), -1),
            ahead_of=later,
            unsolved_only=self._chance(0.1),
            solved_only=self._chance(0.05),
            late_after=self._among([-np.inf] * 8 + [0, 6]),
            solves=self._chance(0.1),
            start_by=self._among([0, 1, 1, 2.5, 3.5, 7, np.inf]),
            clock=self._clock(),
            amount=self._among([0.1, 0.7, 1.0, 1.3, 4.0]),
            gives=self._chance(0.5),
            goes_on=self._chance(0.3),
            skip_to=np.arange(self.count) + 2 * self.segment + np.append(False, self.segment)[: self.count],
            waiting=waiting,
            edges_begin=sizes[:-1],
            edges_end=sizes[1:],
        )

    def _cut(self) -> Ints:
        """For each step one that issues have cut, if there is any."""
        cut = np.flatnonzero(self.segment)
        return self.rng.choice(cut if len(cut) else np.arange(self.count), self.count)

    def _one_of(self, resources: int) -> int:
        """One of so many resources; in a crowded plan everybody goes to the first."""
        return 0 if self.crowded else int(self.rng.integers(resources))

    def _clock(self) -> Ints:
        return self.rng.integers(-1, 2, self.count)

    def _cases(self) -> Cases:
        """Cases that arrive, many together, and such as wait to be ordered."""
        count = len(self.first)
        none, days = np.full(count, -1), self.rng.choice([0.0, 0.0, 3.0, 3.3, 20.1], count)
        arrival = np.where(self.ordered, np.inf, days)
        parent = np.arange(count)
        tie = self.rng.random(count).round(1)
        return Cases(np.zeros_like(parent), parent, parent, self.first, arrival, tie, none, none, none)

    def _pools(self) -> Pools:
        """Two desks of two pools each, the second of which may have nobody in it."""
        hours = np.repeat(self.rng.integers(-1, 2, 2), 2)
        servers = np.array([1, 0, 1, 0]) + self.rng.integers(0, 2, POOLS)
        rules, surge = self.rng.integers(0, 2, POOLS), self.rng.choice([0, 1, 1, 2], POOLS)
        return Pools(servers, rules, np.array([0, 0, 1, 1]), hours, hours, surge)

    def _meetings(self) -> Meetings:
        sizes = self.rng.integers(0, 12, MEETINGS)
        sittings = [np.sort(self.rng.choice(60, size)).astype(np.float64) for size in sizes]
        quorum = self.rng.choice([np.nan, np.nan, 3.0, 0.0], MEETINGS)
        places = self.rng.integers(1, 4, MEETINGS)
        return Meetings(places, self.rng.integers(0, 2, MEETINGS), quorum, begins(sizes), np.concatenate(sittings))

    def _stocks(self) -> Stocks:
        sizes, lots, lapses = (self.rng.integers(0, most, STOCKS) for most in (4, 4, 3))
        lot = self.rng.choice([0.1, 0.2, 0.7, 1.5, 5.0], lots.sum())
        ends, orders = begins(lots), self.rng.permutation(np.flatnonzero(self.ordered))
        held = [lot[ends[stock] : ends[stock + 1]].sum() for stock in range(STOCKS)]
        owner = np.sort(self.rng.integers(0, 1 if self.crowded else STOCKS, len(orders)))
        return Stocks(
            initial=np.where(self.whole, held, self.rng.choice([0.0, 0.7, 6.0], STOCKS)),
            target=self.rng.choice([0.0, 0.9, 1.4, 2.0, 9.0], STOCKS),
            rule=self.rng.integers(0, 2, STOCKS),
            tranche_begin=begins(sizes),
            tranche_day=self.rng.choice([0.0, 3.0, 4.5, 30.0], sizes.sum()),
            tranche_amount=self.rng.choice([0.3, 0.7, 3.0], sizes.sum()),
            order_begin=begins(np.bincount(owner, minlength=STOCKS)),
            order=orders,
            parcel=self.rng.choice([0.7, 1.0, 2.2], len(orders)),
            whole=self.whole,
            lot_begin=ends,
            lot=lot,
            lapse_begin=begins(lapses),
            lapse_day=self.rng.choice([0.0, 4.5, 12.0], lapses.sum()),
        )

    def _calendars(self) -> Curves:
        """One calendar with weekends and half days, one that stops after a while."""
        rate = np.ones((2, DAYS))
        rate[0, 5::7] = rate[0, 6::7] = 0.0
        rate[0, self.rng.integers(0, DAYS, 9)] = 0.5
        rate[1] = self.rng.choice([0.0, 0.3, 1.0], DAYS)
        rate[1, 45:] = 0.0
        return Curves(rate, 1 - rate, np.zeros_like(rate))
