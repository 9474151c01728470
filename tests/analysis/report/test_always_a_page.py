"""Always a page: of every shipped park and policy, of what has little to show, and of generated parks."""

from __future__ import annotations

from pathlib import Path

import pytest

import parkflow
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.load import available, load
from parkflow.sim.levers import policy_names
from tests.analysis.report.generated_reports import all_have_a_page

OTHERS = {
    park: [name for name in policy_names(load(park)) if name != "serial"] for park in available()
}  # approvals-275 knows two policies, the others up to six


@pytest.mark.slow
@pytest.mark.parametrize("replications", [1, 2, 5])
@pytest.mark.parametrize("park", available())
def test_every_shipped_park_has_a_report(park: str, replications: int, tmp_path: Path) -> None:
    """Under every policy that it knows, all in one page, with a sentence or more for each."""
    made = parkflow.report(park, policy=OTHERS[park], replications=replications, workers=1)
    assert len(made.answer) > len(OTHERS[park])
    assert made.save(tmp_path / "report.html").stat().st_size > 50_000


def test_a_run_in_which_nothing_is_reached_has_a_report(empty: Run, tmp_path: Path) -> None:
    """Nobody has arrived: there is a page that says so, in both languages."""
    for language in ("en", "zh"):
        made = parkflow.report(empty, lang=language)
        assert made.save(tmp_path / f"{language}.html").stat().st_size > 20_000
        assert made.page.recommendation


@pytest.mark.slow
def test_a_run_without_a_finished_project_has_a_report(cut: Run, tmp_path: Path) -> None:
    """All are cut off; the charts that have nothing to show are sentences."""
    made = parkflow.report(cut)
    assert made.save(tmp_path / "report.html").stat().st_size > 50_000
    assert any("Nothing to show" in paragraph for section in made.page.sections for paragraph in section.paragraphs)


@pytest.mark.slow
def test_a_bank_that_is_never_empty_has_a_report(tmp_path: Path) -> None:
    """The strongest land policy: nobody ever asks in vain, so there is no bar and no shortage to draw."""
    strong = {"initial": 100_000, "target": 50_000}
    made = parkflow.report("zhifu", levers={"land_bank": strong}, replications=2, workers=1)
    assert made.save(tmp_path / "report.html").stat().st_size > 50_000


@pytest.mark.slow
def test_generated_parks_have_reports() -> None:
    """Sixty of them; `python -m tests.analysis.report.generated_reports 1000` tries more."""
    all_have_a_page(60, 1)
