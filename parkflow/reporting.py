"""The reporting sheet of a study: of a stored run, or of a park as `parkflow compare` would run it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from parkflow.analysis.language import words
from parkflow.analysis.report.stress import markdown, study_of
from parkflow.analysis.report.stress_items import Study
from parkflow.analysis.store.run_folder import Run
from parkflow.comparisons import DEFAULT_REPLICATIONS
from parkflow.park import DEFAULT_PARK, Park
from parkflow.policies import BASELINE, Site, question
from parkflow.sim.scenario import Scenario


def stress(source: Park | Run = DEFAULT_PARK, *, lang: Literal["en", "zh"] = "en") -> str:
    """The reporting sheet STRESS-DES of a run folder or a park, in Markdown; what only its authors know is `MISSING`.

    Raises `ParkflowError` where there is no such run or park.
    """
    is_folder = not isinstance(source, Run | Scenario) and Path(source).is_dir()
    if isinstance(source, Run) or is_folder:
        run = source if isinstance(source, Run) else Run(Path(source))  # type: ignore[arg-type]
        return markdown(study_of(run), words(lang))
    return markdown(_of_park(source), words(lang))


def _of_park(park: Park) -> Study:
    site = Site.of(park)
    policies = (BASELINE, *site.chosen((), BASELINE))
    asked = question(site.layout(BASELINE), None, None)
    command = f"parkflow compare {site.said}"
    return Study(site.scenario, policies, asked, DEFAULT_REPLICATIONS, 1, command)
