"""Levers on the site: more fronts, more hours, crews that do not wait for one another."""

from __future__ import annotations

from typing import Any

from sim.levers.base import Lever, coverage, covered_share, parameter
from sim.scenario import Scenario


class ParallelZones(Lever):
    """A site is cut into zones that are worked at the same time, round the clock if the shifts say so."""

    name = "parallel_zones"
    title = "Parallel zones with several shifts"
    title_zh = "分区平行施工、几班倒"
    area = "construction"
    mechanisms = ("m24",)
    facts = ("f000-12", "f000-14", "f000-20", "f000-22")
    observable = "Days of earthworks fall, by less with every further zone."
    neutral = {"zones": 1, "shifts": 1}

    share: float = covered_share()
    classes: tuple[str, ...] = coverage()
    zones: int = parameter(4, "zones", "Zones worked at the same time.", ge=1, le=20)
    shifts: int = parameter(2, "shifts", "Shifts a day; two cover 24 hours.", ge=1, le=3)
    night_factor: float = parameter(0.8, "factor", "Output of a further shift, against the first.", ge=0, le=1)
    congestion: float = parameter(0.1, "share", "Output lost for each zone above the fourth.", ge=0, le=1)

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        crew = "crews.earthworks"
        return {
            "practices.parallel_zones.share": self.share,
            "practices.parallel_zones.classes": self.classes,
            f"{crew}.zones": self.zones,
            f"{crew}.shifts": self.shifts,
            f"{crew}.night_factor": self.night_factor,
            f"{crew}.congestion": self.congestion,
        }
