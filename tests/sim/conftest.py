"""A small park that has everything: returned files, meetings, stocks, issues, buildings, practices that are held."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable

import pytest

from parkflow.sim.records import Records
from parkflow.sim.scenario import Scenario

PARK = """
name = "small"
assumed = "made up for tests; no number describes a park"
start = 2023-01-02
horizon = 2600
stages = ["land", "approvals", "site", "construction"]

[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]
holidays = "CN"
[calendars.site]
spring_festival = [[-12, 1.0], [0, 0.1], [30, 1.0]]
months = [0.8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.9]
lost = 0.1

[attributes]
land = "lognormal(60, 0.8) mu"
buildings = { dist = "discrete", values = [1, 2, 3], weights = [2, 1, 1] }
volume = { product = ["land"], factor = 900 }
fleet = 12
zone_fleet = 5
energy = "bernoulli(0.4)"

[classes.key]
key = true
attributes = { land = "lognormal(120, 0.5) mu" }
deadline = { milestone = "permitted", days = 200 }
[classes.ordinary]
[classes.parcel]
attributes = { land = "uniform(100, 200) mu" }

[portfolio.ordinary]
of = "ordinary"
count = 9
arrivals = { every = "exponential(25)" }
[portfolio.key]
of = "key"
count = 5
arrivals = { between = [2023-01-10, 2023-08-01], batches = [2023-03-01, 2023-06-01], batch_share = 0.5 }
[portfolio.continuing]
of = "ordinary"
count = 3
arrivals = { on = [0, 30] }
in_progress = { stage = "construction", done = "uniform(0.1, 0.9)" }
[portfolio.parcels]
of = "parcel"
count = 12
process = "parcel"
arrivals = { by = "land_bank" }

[desks]
registry = { servers = 1, calendar = "office" }
planning = { servers = 2, calendar = "office", dedicated = { key = 1 } }
review = { servers = 1, calendar = "office", rule = "slack" }

[meetings]
committee = { every = 21, first = 5, places = 2, calendar = "office" }
special = { on_demand = 5 }
on_site = { every = 7, first = 3 }
joint = { every = 14, first = 9 }
leaders = { every = 30, first = 20, places = 8 }
study = { every = 60, first = 45, places = 8 }

[stocks]
land_bank = { initial = 250, target = 200, orders = "parcels" }
quota = { initial = 300, tranches = [{ on = 2023-04-01, amount = 900 }, { on = 2024-01-01, amount = 5000 }] }
commissioners = { initial = 3 }
agents = { initial = 2 }

[crews.earthworks]
machines = "fleet"
zone_machines = "zone_fleet"
output = 200
practice = "parallel_zones"

[practices.parallel_approvals]
share = 0.5
[practices.start_on_land]
share = 0.5
[practices.green_lane]
[practices.parallel_zones]
[practices.flow_line]
share = 0.5
[practices.escalation_ladder]
share = 0.7
[practices.agency_service]
share = 0.8
holds = "assign_agent"
[[practices.agency_service.effects]]
tags = ["submission"]
correction = 0.25
[[practices.agency_service.effects]]
tags = ["preparation"]
duration = 0.8
[practices.commissioners]
share = 0.8
holds = "assign_commissioner"
[[practices.commissioners.effects]]
tags = ["detection", "hand_over"]
duration = 0.3

[activities.assign_commissioner]
step = "stock"
stock = "commissioners"
when_short = "go on"
applies = { practice = "commissioners" }
[activities.release_commissioner]
step = "stock"
stock = "commissioners"
gives = true
needs = ["assign_commissioner", "production"]
applies = { taken = "assign_commissioner" }
[activities.assign_agent]
step = "stock"
stage = "land"
stock = "agents"
when_short = "go on"
applies = { practice = "agency_service" }
[activities.release_agent]
step = "stock"
stage = "approvals"
stock = "agents"
gives = true
needs = ["assign_agent", "permitted"]
applies = { taken = "assign_agent" }
[activities.draw_land]
step = "stock"
stage = "land"
stock = "land_bank"
amount = "land"
when_short = "go on"
needs = ["assign_commissioner"]
[activities.expropriation]
step = "work"
stage = "land"
processes = ["project", "parcel"]
duration = "pert(20, 30, 80)"
needs = ["draw_land"]
applies = { short = "draw_land" }
exposure = 1.0
[activities.conversion]
step = "desk"
stage = "land"
processes = ["project", "parcel"]
desk = "registry"
duration = "gamma(4, 0.5) wd"
needs = ["expropriation"]
applies = { short = "draw_land" }
correction = { probability = 0.3, attempts = 3, fix = "uniform(1, 6) wd" }
[activities.quota]
step = "stock"
stage = "land"
processes = ["project", "parcel"]
stock = "quota"
amount = "land"
needs = ["conversion"]
applies = { short = "draw_land" }
[activities.parcel_ready]
step = "stock"
processes = ["parcel"]
stock = "land_bank"
amount = "land"
gives = true
needs = ["quota"]
[activities.listing]
step = "notice"
stage = "land"
duration = "20 cd"
needs = ["quota"]
[activities.land_certificate]
step = "desk"
stage = "land"
desk = "registry"
duration = "uniform(0.5, 2) wd"
needs = ["listing"]
[activities.committee]
step = "meeting"
stage = "approvals"
meeting = "committee"
needs = ["draw_land"]
[activities.design]
step = "work"
stage = "approvals"
duration = "lognormal(20, 0.4) wd"
calendar = "office"
needs = ["committee"]
after = { land_certificate = "start_on_land" }
exposure = 0.5
correction = { probability = 0.2, attempts = 2 }
tags = ["preparation", "lag"]
[activities.planning_permit]
step = "desk"
stage = "approvals"
desk = "planning"
duration = "weibull(2, 5) wd"
needs = ["design"]
correction = { probability = 0.4, decay = 0.5, attempts = 4, fix = "exponential(3)" }
tags = ["submission", "window"]
[activities.energy_review]
step = "desk"
stage = "approvals"
desk = "review"
duration = "triangular(1, 3, 8) wd"
needs = ["design"]
after = { planning_permit = "parallel_approvals" }
applies = { where = { energy = 1 } }
correction = { probability = 0.2, fix = "2 cd", repeat = 0.5 }
tags = ["submission"]
[activities.drawing_review]
step = "desk"
stage = "approvals"
desk = "review"
duration = "lognormal(3, 0.7, 9) wd"
needs = ["design"]
after = { energy_review = "parallel_approvals" }
[activities.pre_review_redone]
step = "work"
stage = "approvals"
duration = "uniform(5, 15) wd"
calendar = "office"
needs = ["planning_permit", "drawing_review", "land_certificate"]
applies = { practice = "start_on_land", probability = 0.1 }
tags = ["circulation"]
[activities.permitted]
step = "milestone"
stage = "approvals"
needs = ["planning_permit", "energy_review", "drawing_review", "land_certificate", "pre_review_redone"]
[activities.special_meeting]
step = "meeting"
stage = "approvals"
meeting = "special"
needs = ["permitted"]
applies = { classes = ["key"] }
[activities.earthworks]
step = "work"
stage = "site"
duration = "1 wd"
calendar = "site"
times = ["volume"]
crew = "earthworks"
needs = ["permitted", "special_meeting"]
exposure = 1.0
[activities.foundation]
step = "work"
stage = "construction"
duration = "pert(10, 20, 40) wd"
calendar = "site"
per = "buildings"
needs = ["earthworks"]
previous = { frame = "flow_line", foundation = "parallel_zones" }
exposure = 2.0
[activities.frame]
step = "work"
stage = "construction"
duration = { dist = "empirical", values = [15, 22, 25, 60], unit = "wd" }
calendar = "site"
per = "buildings"
needs = ["foundation"]
previous = { frame = "parallel_zones" }
exposure = 2.0
[activities.production]
step = "milestone"
needs = ["frame"]

[activities.latent]
step = "work"
processes = ["issue"]
duration = "uniform(0, 30)"
tags = ["detection"]
[activities.hand_over]
step = "work"
processes = ["issue"]
duration = "lognormal(3, 0.8) wd"
calendar = "office"
needs = ["latent"]
tags = ["hand_over"]
[activities.department]
step = "desk"
processes = ["issue"]
desk = "review"
duration = "lognormal(2, 1) wd"
needs = ["hand_over"]
[activities.department.solves]
land = 0.3
labour = 0.8
[activities.on_site_meeting]
step = "meeting"
processes = ["issue"]
meeting = "on_site"
needs = ["department"]
applies = { practice = "escalation_ladder", unsolved = true }
solves = 0.5
[activities.joint_meeting]
step = "meeting"
processes = ["issue"]
meeting = "joint"
needs = ["on_site_meeting"]
applies = { practice = "escalation_ladder", unsolved = true, category = ["land"] }
solves = 0.6
[activities.leaders_meeting]
step = "meeting"
processes = ["issue"]
meeting = "leaders"
needs = ["joint_meeting"]
applies = { practice = "escalation_ladder", unsolved = true }
solves = 1
[activities.department_again]
step = "work"
processes = ["issue"]
duration = "lognormal(20, 0.8) wd"
calendar = "office"
needs = ["department"]
applies = { unless = "escalation_ladder", unsolved = true }
solves = 1
[activities.issue_closed]
step = "milestone"
processes = ["issue"]
needs = ["leaders_meeting", "department_again"]
[activities.evaluation]
step = "work"
processes = ["issue"]
duration = 3
needs = ["issue_closed"]

[issues]
rate = 0.4
stage_factors = { land = 1.5 }
[issues.categories.land]
weight = 1
stages = ["land", "site"]
stops = 0.7
[issues.categories.labour]
weight = 2
stops = 0.3
"""


@pytest.fixture(scope="session")
def small_park() -> Scenario:
    """The small park, in no policy."""
    return Scenario.model_validate(tomllib.loads(PARK))


def _histories(records: Records) -> dict[tuple[object, ...], str]:
    """What happened to every step, to the last bit, by group, project, issue, activity, copy and segment."""
    plan, layout = records.plan, records.layout
    attempts: dict[int, list[tuple[float, ...]]] = {}
    columns = (records.attempt_step, records.attempt_ready, records.attempt_start, records.attempt_end)
    for step, *moments in zip(*(column.tolist() for column in columns), strict=True):
        attempts.setdefault(step, []).append(tuple(moments))
    met: Counter[tuple[object, ...]] = Counter()
    owners: list[tuple[object, ...]] = []
    cases = (plan.cases.group.tolist(), plan.cases.row.tolist(), plan.cases.category.tolist())
    for group, row, category in zip(*cases, strict=True):
        owner = (layout.groups[group], row, "issue" if category >= 0 else "case")
        owners.append((*owner, met[owner]))
        met[owner] += 1
    found = {}
    steps = (plan.steps.case.tolist(), plan.steps.activity.tolist(), plan.steps.copy.tolist())
    for step, (case, activity, copy) in enumerate(zip(*steps, strict=True)):
        key = (*owners[case], layout.activities[activity], copy)
        times = (records.ready[step], records.start[step], records.end[step])
        what = (*map(float, times), bool(records.held[step]), bool(records.skipped[step]), attempts.get(step, []))
        found[(*key, met[key])] = repr(what)
        met[key] += 1
    return found


@pytest.fixture
def histories() -> Callable[[Records], dict[tuple[object, ...], str]]:
    """Everything that happened in one replication, in a form that two scenarios can be compared by."""
    return _histories


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a timed activity is run for each activity of the small park that takes time."""
    if "timed_activity" in metafunc.fixturenames:
        activities = tomllib.loads(PARK)["activities"]
        metafunc.parametrize("timed_activity", [name for name, table in activities.items() if "duration" in table])
