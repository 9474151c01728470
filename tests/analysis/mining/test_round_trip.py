"""Ten random parks are run, exported and mined: what comes back is what went in within its intervals, or not told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import parkflow
from parkflow.analysis.mining.mined import Mined
from parkflow.analysis.replication.replication import laid_out, run
from parkflow.scenarios.load import load
from parkflow.sim.scenario import Scenario

PARKS = range(10)
FAMILIES = ("lognormal", "gamma", "weibull", "exponential")
FIRST = dt.date(2021, 1, 4)
pytestmark = pytest.mark.slow


def duration(random: np.random.Generator, mean: float, unit: str) -> str:
    """A duration of some family."""
    family = FAMILIES[random.integers(len(FAMILIES))]
    spread = {
        "weibull": f"weibull({random.uniform(1.2, 2.5):.2f}, {mean:.2f})",
        "exponential": f"exponential({mean:.2f})",
    }
    return f"{spread.get(family, f'{family}({mean:.2f}, {random.uniform(0.4, 0.9):.2f})')} {unit}"


def activity(random: np.random.Generator) -> dict[str, Any]:
    """A step of some kind."""
    kind = random.integers(3)
    if kind == 0:
        return {"step": "work", "duration": duration(random, random.uniform(3, 20), "cd")}
    if kind == 1:
        return {"step": "work", "duration": duration(random, random.uniform(3, 20), "wd"), "calendar": "office"}
    desk = ("front", "back")[random.integers(2)]
    return {"step": "desk", "desk": desk, "duration": duration(random, random.uniform(0.5, 1.5), "wd")}


def network(random: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Six activities in some order, the third with returns and the fourth optional, and a milestone."""
    names = [f"a{number}" for number in range(6)]
    found: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(names):
        needs = random.choice(number, min(number, int(random.integers(1, 3))), replace=False).tolist() if number else []
        found[name] = {**activity(random), "needs": [names[it] for it in sorted(needs)]}
    share = float(np.round(random.uniform(0.2, 0.5), 2))
    fix = f"lognormal({random.uniform(4, 12):.2f}, 0.7) cd"
    found["a2"]["correction"] = {"probability": share, "attempts": 3, "decay": 0.5, "fix": fix}
    found["a3"]["applies"] = {"probability": float(np.round(random.uniform(0.3, 0.7), 2))}
    before = {other for it in found.values() for other in it["needs"]}
    return {**found, "done": {"step": "milestone", "needs": [name for name in names if name not in before]}}


@cache
def truth(number: int) -> Scenario:
    """A random park of 200 plants in a year and a half; every second one keeps the holidays of China."""
    random = np.random.default_rng(number)
    office: dict[str, Any] = {"week": [1, 1, 1, 1, 1, 0, 0]} | ({"holidays": "CN"} if number % 2 else {})
    desks = {name: {"servers": int(random.integers(1, 3)), "calendar": "office"} for name in ("front", "back")}
    park = {
        "name": f"random-{number}", "assumed": "drawn", "start": FIRST, "horizon": 2500.0,
        "question": {"from": "arrival", "to": "done"}, "calendars": {"office": office}, "classes": {"plant": {}},
        "portfolio": {"plants": {"of": "plant", "count": 200, "arrivals": {"between": [FIRST, dt.date(2022, 6, 30)]}}},
        "desks": desks, "activities": network(random),
    }  # fmt: skip
    return Scenario.model_validate(park)


@cache
def mined(number: int) -> Mined:
    """What is mined from one replication of a random park."""
    with TemporaryDirectory() as folder:
        parkflow.run(truth(number), replications=1, workers=1, out=Path(folder) / "run")
        to = ("csv", "xes")[number % 2]
        log = parkflow.export(Path(folder) / "run", to, out=Path(folder) / f"log.{to}")
        return parkflow.mine(log)


def numbers(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """The true numbers of a park, by the keys under which they are mined."""
    for name, it in scenario.activities.items():
        if it.duration is not None:
            yield f"activities.{name}.duration", it.duration.expectation
        if it.applies.probability < 1:
            yield f"activities.{name}.applies.probability", it.applies.probability
        if it.correction and it.correction.fix:
            yield f"activities.{name}.correction.probability", it.correction.probability
            yield f"activities.{name}.correction.fix", it.correction.fix.expectation


def before(scenario: Scenario, name: str) -> set[str]:
    """All that comes before an activity."""
    direct = set(scenario.activities[name].needs)
    return direct.union(*(before(scenario, other) for other in direct))


def test_numbers_lie_in_their_intervals() -> None:
    """Means of durations, shares and days of applicants: nineteen in twenty, within three errors of such a share."""
    inside, missing = [], []
    for park in PARKS:
        estimates = {it.key: it for it in mined(park).estimates}
        for key, value in numbers(truth(park)):
            if key not in estimates:
                missing.append((park, key))
                continue
            inside.append(estimates[key].low <= value <= estimates[key].high)
    assert not missing
    assert np.mean(inside) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(inside))


@pytest.mark.parametrize("park", PARKS)
def test_the_precedence_comes_back(park: int) -> None:
    """What is mined follows from the truth, and what is true from what is mined, or it was never seen to matter."""
    true, found = truth(park), mined(park)
    untold = {(link.before, link.after) for link in found.order.untold}
    for name in true.activities:
        assert before(found.scenario, name) <= before(true, name)
        for lost in before(true, name) - before(found.scenario, name):
            after = {name, *(it for it in true.activities if lost in before(true, it) and it in before(true, name))}
            assert any((one, other) in untold for one in (lost, *after) for other in after)


@pytest.mark.parametrize("park", PARKS)
def test_steps_units_and_calendars_come_back(park: int) -> None:
    """A desk is a desk, working days are told from calendar days, and the holidays are known or said not to be."""
    true, found = truth(park), mined(park).scenario
    for name, it in true.activities.items():
        mine = found.activities[name]
        assert mine.step == it.step
        if it.duration is not None and mine.duration is not None:
            assert mine.duration.unit == it.duration.unit
    assert found.calendars["office"].week == true.calendars["office"].week
    if not any("single closed days" in text for text in mined(park).untold):
        assert found.calendars["office"].holidays == true.calendars["office"].holidays


@pytest.mark.parametrize("park", PARKS)
def test_the_size_of_each_desk_comes_back_or_is_not_told(park: int) -> None:
    """As many officers as there were; fewer only where it is said that nobody waited."""
    true, found = truth(park), mined(park)
    used = {it.desk for it in true.activities.values() if it.desk}
    assert set(found.scenario.desks) == used
    for name in used:
        servers = found.scenario.desks[name].servers
        assert servers == true.desks[name].servers or any(f"the size of {name}" in text for text in found.untold)


@pytest.mark.parametrize("park", PARKS)
def test_the_mined_park_behaves_like_the_true_one(park: int) -> None:
    """Mean days of twelve replications each differ by less than the parameters are unsure: a seventh."""

    def days(scenario: Scenario) -> float:
        layout = laid_out(scenario)
        runs = [run(layout, 9, number) for number in range(12)]
        return float(np.mean([(it.reached("done").day - it.reached("arrival").day).mean() for it in runs]))

    assert days(mined(park).scenario) == pytest.approx(days(truth(park)), rel=1 / 7)


def test_the_written_park_is_the_mined_one(tmp_path: Path) -> None:
    """The file loads to the same scenario, checks, and names the log in every note."""
    found = mined(1)
    (tmp_path / "park.toml").write_text(found.text, encoding="utf-8")
    loaded = load(tmp_path / "park.toml")
    assert loaded.activities == found.scenario.activities
    assert loaded.portfolio == found.scenario.portfolio
    assert loaded.calendars == found.scenario.calendars
    assert all(it.source and "mined from log.xes" in it.source for it in loaded.activities.values())
    assert len(parkflow.compare(loaded, replications=2, workers=1).frame())
