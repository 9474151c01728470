"""What observing one replication costs: all measures and days saved only, against the same of an older commit.

``git worktree add ../before COMMIT`` and then ``python -m benchmarks.observing ../before [PARK ...]`` prints, for each
park under all its policies, the processor time of `observe` on both sides and the ratios. Each side is a process with
its own ``PYTHONPATH``, which makes its replication once; then rounds of the two follow each other, and medians are
taken. Both must observe the same numbers to the last bit.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parents[1]
ROUNDS = 15
EVERYTHING, ONLY = "everything", "days_saved"


@dataclass
class Side:
    """A process that observes with the code of one folder, when it is told to."""

    process: subprocess.Popen[str]

    @classmethod
    def of(cls, folder: Path, park: str) -> Side:
        """Start one, and wait until it has made its replication."""
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        command = [sys.executable, __file__, "--side", park]
        side = cls(subprocess.Popen(command, text=True, stdin=-1, stdout=-1, env=environment, cwd=folder))
        side.answer()
        return side

    def observed(self, asked: str) -> tuple[float, str]:
        """Milliseconds of processor time for one round, and a digest of what was seen."""
        assert self.process.stdin
        self.process.stdin.write(f"{asked}\n")
        self.process.stdin.flush()
        milliseconds, digest = self.answer().split()
        return float(milliseconds), digest

    def answer(self) -> str:
        """The next line that the process prints."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def end(self) -> None:
        """Close the process."""
        self.process.communicate()


def serve(park: str) -> None:
    """Be one side: make a replication under all policies, and observe it afresh for every line that comes in."""
    from parkflow.analysis.measures.registry import observe
    from parkflow.analysis.replication.replication import laid_out, replicate
    from parkflow.scenarios.load import load
    from parkflow.sim.levers import policy_names, under

    scenario = load(park)
    asked = scenario.question
    pair = (asked.start, asked.end) if asked else ("arrival", list(scenario.activities)[-1])
    layouts = {policy: laid_out(under(scenario, policy)) for policy in policy_names(scenario)}
    runs = replicate(layouts, 1, 0)
    observe(_fresh(runs), "serial", pair)
    print("ready", flush=True)
    for line in sys.stdin:
        some, fresh = None if line.strip() == EVERYTHING else [line.strip()], _fresh(runs)
        begun = time.process_time()
        seen = observe(fresh, "serial", pair, some)
        milliseconds = 1e3 * (time.process_time() - begun)
        print(milliseconds, hashlib.sha256(repr(seen).encode()).hexdigest(), flush=True)


def _fresh(runs: dict[str, Any]) -> dict[str, Any]:
    """The same replications with nothing found yet."""
    records = {policy: run.records for policy, run in runs.items()}
    return {policy: type(runs[policy])(replace(kept, plan=replace(kept.plan))) for policy, kept in records.items()}


def compared(before: Path, park: str) -> tuple[float, float, float]:
    """Median milliseconds of all measures before and now, and of days saved only now."""
    old, new = (Side.of(folder, park) for folder in (before, HERE))
    times: dict[str, list[float]] = {"before": [], "now": [], "only": []}
    for _ in range(ROUNDS):
        answers = {"before": old.observed(EVERYTHING), "now": new.observed(EVERYTHING), "only": new.observed(ONLY)}
        assert answers["before"][1] == answers["now"][1], f"{park}: the numbers differ"
        for name, (milliseconds, _digest) in answers.items():
            times[name].append(milliseconds)
    old.end()
    new.end()
    return median(times["before"]), median(times["now"]), median(times["only"])


def main(before: str, parks: Sequence[str]) -> None:
    """Print the table."""
    from parkflow.scenarios.load import available

    print("milliseconds of processor time")
    print(f"{'park':16}{'before':>10}{'now':>10}{'ratio':>8}{'days saved only':>18}{'of all':>8}")
    for park in parks or available():
        old, new, only = compared(Path(before).resolve(), park)
        print(f"{park:16}{old:10.1f}{new:10.1f}{old / new:7.1f}×{only:18.2f}{new / only:7.1f}×", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--side":
        serve(sys.argv[2])
    else:
        main(sys.argv[1], sys.argv[2:])
