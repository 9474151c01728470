"""The workload as a bare event loop on a heap: the independent oracle, sharing no code with SimPy or the engine.

`python -m benchmarks.reference` prints the sums of lead times and makespans of the benchmark seeds, as hex floats.
"""

from __future__ import annotations

import json
from collections import deque
from heapq import heappop, heappush

import numpy as np

from benchmarks.workload import (
    ACTIVITIES,
    CAPACITIES,
    GROUNDBREAKING,
    N_PROJECTS,
    PREDECESSORS,
    Inputs,
    Outcome,
    Variant,
    sample,
)

GOLDEN_SEEDS = range(1000, 1005)
ARRIVAL = -1
DEPARTMENT_OF = tuple(activity.department for activity in ACTIVITIES)


class Loop:
    """State of one replication: the agenda, free servers, queues and unfinished predecessors."""

    def __init__(self, inputs: Inputs, variant: Variant) -> None:
        predecessors = PREDECESSORS[variant]
        n = len(inputs.inter)
        self.successors = [[b for b, before in enumerate(predecessors) if a in before] for a in range(len(ACTIVITIES))]
        self.unfinished = [[len(before) for before in predecessors] for _ in range(n)]
        self.attempts_left: list[list[int]] = inputs.attempts.tolist()
        self.remaining: list[list[list[float]]] = inputs.durations[:, :, ::-1].tolist()  # next attempt at the end
        self.free = list(CAPACITIES)
        self.queues: list[deque[tuple[int, int]]] = [deque() for _ in CAPACITIES]
        self.agenda: list[tuple[float, int, int, int]] = []
        self.inserted = self.events = 0
        self.now = 0.0
        self.arrivals = [0.0] * n
        self.lead_times = [0.0] * n

    def schedule(self, time: float, project: int, activity: int) -> None:
        """Insert an event; records compare by time, then by order of insertion."""
        heappush(self.agenda, (time, self.inserted, project, activity))
        self.inserted += 1

    def start(self, project: int, activity: int) -> None:
        """Begin an attempt: it ends at now + duration, with no other arithmetic."""
        self.schedule(self.now + self.remaining[project][activity].pop(), project, activity)

    def request(self, project: int, activity: int) -> None:
        """Start at once if no server is needed or one is free, else join the tail of the queue."""
        department = DEPARTMENT_OF[activity]
        if department is None:
            self.start(project, activity)
        elif self.free[department]:
            self.free[department] -= 1
            self.start(project, activity)
        else:
            self.queues[department].append((project, activity))

    def release(self, activity: int) -> None:
        """Tie rule 1: the server passes to the head of its queue before anything else happens."""
        department = DEPARTMENT_OF[activity]
        if department is None:
            return
        if self.queues[department]:
            self.start(*self.queues[department].popleft())
        else:
            self.free[department] += 1

    def finish(self, project: int, activity: int) -> None:
        """End of an attempt: release, then rule 2 (a failed one requests again) or rule 3 (successors request)."""
        self.release(activity)
        self.attempts_left[project][activity] -= 1
        if self.attempts_left[project][activity]:
            self.request(project, activity)
            return
        for successor in self.successors[activity]:
            self.unfinished[project][successor] -= 1
            if not self.unfinished[project][successor]:
                self.ready(project, successor)

    def ready(self, project: int, activity: int) -> None:
        """The last predecessor is complete; groundbreaking takes no time and no event."""
        if activity == GROUNDBREAKING:
            self.lead_times[project] = self.now - self.arrivals[project]
        else:
            self.request(project, activity)

    def run(self) -> None:
        """Take events in order until the agenda is empty."""
        while self.agenda:
            self.now, _, project, activity = heappop(self.agenda)
            self.events += 1
            if activity == ARRIVAL:
                self.request(project, 0)
            else:
                self.finish(project, activity)


def run(inputs: Inputs, variant: Variant) -> Outcome:
    """Run one replication from given draws; `events` are the model events, the fewest possible."""
    loop = Loop(inputs, variant)
    time = 0.0
    for project, inter in enumerate(inputs.inter.tolist()):
        time += inter
        loop.arrivals[project] = time
        loop.schedule(time, project, ARRIVAL)
    loop.run()
    return Outcome(np.array(loop.lead_times), loop.now, loop.events)


def sum_in_order(outcome: Outcome) -> float:
    """Sum of lead times, added one by one in project order.

    np.sum adds pairwise, and the built-in sum compensates from Python 3.12 on: both differ in the last bits.
    """
    total = 0.0
    for lead_time in outcome.lead_times.tolist():
        total += lead_time
    return total


def golden_row(seed: int, variant: Variant) -> dict[str, str | int]:
    """The checked figures of one seed and variant, floats in hex."""
    outcome = run(sample(N_PROJECTS, seed), variant)
    return {
        "lead_time_sum": sum_in_order(outcome).hex(),
        "makespan": outcome.makespan.hex(),
        "model_events": outcome.events,
    }


if __name__ == "__main__":
    variants: tuple[Variant, ...] = ("SERIAL", "PARALLEL")
    print(json.dumps({seed: {v: golden_row(seed, v) for v in variants} for seed in GOLDEN_SEEDS}, indent=2))
