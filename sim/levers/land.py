"""Levers on land: what is prepared before a project asks for it."""

from __future__ import annotations

from typing import Any

from sim.levers.base import Lever, parameter
from sim.scenario import Scenario


class LandBank(Lever):
    """Land is prepared ahead and waits for projects; the stock is replenished through the same desks."""

    name = "land_bank"
    title = "Ready-land bank (land waits for projects)"
    title_zh = "熟地储备、以地等项目"
    area = "land"
    mechanisms = ("m02",)
    facts = ("f002-05", "f002-06", "f002-14", "f002-17")
    observable = "Days of land supply fall for projects that find a parcel, while the stock lasts."
    neutral = {"initial": 0.0, "target": 0.0}

    initial: float = parameter(1500.0, "mu", "Ready land on the first day.", ge=0, le=100_000)
    target: float = parameter(
        1500.0, "mu", "Level plus orders under way at which no more is ordered.", ge=0, le=100_000
    )

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        return {"stocks.land_bank.initial": self.initial, "stocks.land_bank.target": self.target}
