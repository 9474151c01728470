"""Reports of generated parks: always a page, whatever happens in a park, in both languages, with few replications.

``python -m tests.analysis.report.generated_reports 1000`` tries so many parks; it takes some two seconds for each.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, seed, settings

from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.language import words
from parkflow.analysis.replication.replication import laid_out
from parkflow.analysis.report.comparison_page import comparison_page
from parkflow.analysis.report.page import html
from parkflow.analysis.store.run_folder import Run
from parkflow.comparisons import Request, carry_out
from parkflow.policies import Site
from parkflow.scenarios.describe import difference
from parkflow.sim.scenario import Scenario
from tests.sim.test_invariants import SEEDS, parks

QUICK = {"practices.parallel.share": 1.0, "practices.all_at_once.share": 1.0}
"""What the policy beside the serial one changes in a generated park."""


def reported(park: Scenario, chance: int) -> str:
    """The report of a generated park under two policies, of one or two replications, in one of the languages."""
    layouts = {"serial": laid_out(park), "quick": laid_out(park.with_changes(QUICK))}
    draws = random.Random(chance)
    with TemporaryDirectory() as made:
        request = Request(replications=draws.choice((1, 2)), seed=chance, workers=1, out=Path(made) / "run")
        carry_out(Site("generated", park), layouts, request, "compare")
        run = Run(Path(made) / "run")
        changes = {"quick": difference(run.scenario, run.scenarios["quick"])}
        return html(comparison_page(run, Ask(words(draws.choice(("en", "zh")))), changes))


def all_have_a_page(number: int, first: int) -> None:
    """Try so many parks; `first` keys which."""

    @seed(first)
    @settings(
        max_examples=number, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(parks(), SEEDS)
    def tried(park: Scenario, chance: int) -> None:
        assert "</html>" in reported(park, chance)

    tried()


if __name__ == "__main__":
    all_have_a_page(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
