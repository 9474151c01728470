"""The workload in SimPy as it is usually written: processes, `Resource`, `with request()` and `AllOf`.

This is the yardstick for speed, so it is plain SimPy and nothing in it is slowed down: draws are made beforehand and
turned into Python numbers once, because SimPy's arithmetic on numpy scalars is slow.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from benchmarks.workload import ACTIVITIES, CAPACITIES, PREDECESSORS, Inputs, Outcome, Variant

Steps = Generator[simpy.Event, object, None]


class Park:
    """One replication: the departments as resources and the draws as lists."""

    def __init__(self, inputs: Inputs) -> None:
        self.env = simpy.Environment()
        self.departments = [simpy.Resource(self.env, capacity) for capacity in CAPACITIES]
        self.inter: list[float] = inputs.inter.tolist()
        self.attempts: list[list[int]] = inputs.attempts.tolist()
        self.durations: list[list[list[float]]] = inputs.durations.tolist()
        self.lead_times = [0.0] * len(self.inter)

    def arrivals(self, variant: Variant) -> Steps:
        """Projects enter one after another, each as a process of its own."""
        project = self.serial_project if variant == "SERIAL" else self.parallel_project
        for i, inter in enumerate(self.inter):
            yield self.env.timeout(inter)
            self.env.process(project(i))

    def serial_project(self, i: int) -> Steps:
        """One activity after another."""
        arrival = self.env.now
        for a in range(len(ACTIVITIES)):
            yield from self.work(i, a)
        self.lead_times[i] = self.env.now - arrival

    def parallel_project(self, i: int) -> Steps:
        """A process per activity, each waiting for the processes of its predecessors; the last is groundbreaking."""
        arrival = self.env.now
        processes: list[simpy.Process] = []
        for a, predecessors in enumerate(PREDECESSORS["PARALLEL"]):
            processes.append(self.env.process(self.activity(i, a, [processes[p] for p in predecessors])))
        yield processes[-1]
        self.lead_times[i] = self.env.now - arrival

    def activity(self, i: int, a: int, predecessors: list[simpy.Process]) -> Steps:
        """Wait for all predecessors, then do the activity."""
        if predecessors:
            yield self.env.all_of(predecessors)
        yield from self.work(i, a)

    def work(self, i: int, a: int) -> Steps:
        """Every attempt of one activity: a pure delay, or service after queueing at its department."""
        department = ACTIVITIES[a].department
        for duration in self.durations[i][a][: self.attempts[i][a]]:
            if department is None:
                yield self.env.timeout(duration)
            else:
                with self.departments[department].request() as request:
                    yield request
                    yield self.env.timeout(duration)


def run(inputs: Inputs, variant: Variant) -> Outcome:
    """Run one replication from given draws; `events` counts every event SimPy scheduled."""
    park = Park(inputs)
    park.env.process(park.arrivals(variant))
    park.env.run()
    scheduled = next(park.env._eid)  # SimPy numbers its events but does not publish the count
    return Outcome(np.array(park.lead_times), float(park.env.now), scheduled)
