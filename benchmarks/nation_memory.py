"""Pace and memory of a worker over the zones of the shipped nation: it should not grow from the fifth zone on.

``python -m benchmarks.nation_memory [ZONES]``, by default 40, under two policies, in this process.
"""

from __future__ import annotations

import resource
import sys
import time

from parkflow.analysis.experiments.nation import planned_nation
from parkflow.analysis.experiments.nation_file import load_nation


def main() -> None:
    """Print the seconds of a zone, and the peak of memory after five zones and after all."""
    zones = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    plan = planned_nation(load_nation("national"))
    (kind, *_), peaks, begun = plan.counts, list[float](), 0.0
    for zone in range(zones):
        plan.zones.observed(kind, zone, 0)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        if zone == 4:
            begun = time.process_time()
    pace = (time.process_time() - begun) / (zones - 5)
    total = sum(plan.counts.values())
    print(
        f"{1000 * pace:.0f} ms a zone, {pace * total:.0f} s of one core for {total:,}; "
        f"peak {peaks[4]:.0f} MB after 5 zones, {peaks[-1]:.0f} MB after {zones}"
    )


if __name__ == "__main__":
    main()
