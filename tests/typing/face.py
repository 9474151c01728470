"""The face as a user writes it; mypy reads this file in strict mode, and nobody runs it."""

from __future__ import annotations

from typing import Any, assert_type

import pandas as pd

import parkflow as pf


@pf.register
class MorePlanners(pf.Lever):
    """A lever of a user's own."""

    name = "more_planners"
    officers: int = 1

    def changes(self, scenario: pf.Scenario) -> dict[str, Any]:
        """So many planners more."""
        return {"desks.planning.servers": scenario.desks["planning"].servers + self.officers}


def parks() -> None:
    """A park is given by its name, a path or a scenario; levers in many ways."""
    park = assert_type(pf.load("zhifu"), pf.Scenario)
    changed = assert_type(park.with_changes({"desks.planning.servers": 3}), pf.Scenario)
    assert_type(pf.compare(changed, "green_channel", levers=MorePlanners), pf.Comparison)
    assert_type(pf.compare("zhifu", ["reported"], levers=["land_bank", MorePlanners(officers=2)]), pf.Comparison)
    assert_type(pf.run("zhifu", levers={"land_bank": {"target": 3}}, without=("flow_line",)).frame(), pd.DataFrame)
    assert_type(pf.simulate(changed, seed=3, replication=1).frame("steps"), pd.DataFrame)
    assert_type(pf.levers(), dict[str, type[pf.Lever]])
    assert_type(pf.__version__, str)


def results() -> None:
    """Sweeps, folders, charts and reports."""
    found = assert_type(pf.sweep("zhifu", {"desks.planning.servers": [2, 3]}, out="planners"), pf.SweepResult)
    assert_type(found.frame(["days", "days_saved"]), pd.DataFrame)
    opened = assert_type(pf.open_run("planners"), pf.Run | pf.SweepResult)
    assert_type(pf.chart("sweep", opened, lang="zh"), pf.Chart)
    assert_type(pf.report(opened), pf.Report)
    assert_type(pf.calibrate("zhifu", "mine.toml").frame("targets"), pd.DataFrame)
    try:
        pf.worth("zhifu").frame()
    except pf.ParkflowError as error:
        print(error)


def mistakes() -> None:
    """What a type checker finds before anything runs."""
    pf.compare(3)  # type: ignore[arg-type]
    pf.sweep("zhifu", design="random-ish")  # type: ignore[arg-type]
    pf.register(int)  # type: ignore[type-var]
    pf.nothing  # type: ignore[attr-defined]  # noqa: B018
