"""Every cross-reference rule: the whole park passes, and one change brings one problem with its key and its remedy."""

from __future__ import annotations

import copy
import pickle
import tomllib
from typing import Any

import pytest

from parkflow.sim.checks import RULES, Problem, ScenarioError, check, nearest
from parkflow.sim.scenario import Scenario

PARK = tomllib.loads(
    """
name = "park"
source = "made up for these tests"
start = 2023-01-01
horizon = 1000
stages = ["approvals", "site"]

[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]
holidays = "CN"

[attributes]
buildings = "discrete(1)"
area = "uniform(10, 20)"
volume = { product = ["area"], factor = 100 }
days = { of = "area", at = [10, 20], value = [100, 150] }

[classes.plant]
deadline = { milestone = "start", days = 300 }
[classes.parcel]

[portfolio.new]
of = "plant"
count = 5
arrivals = { every = "exponential(20)" }
in_progress = { stage = "approvals", done = "uniform(0, 1)" }
[portfolio.parcels]
of = "parcel"
count = 3
process = "supply"
arrivals = { by = "land" }

[desks.window]
servers = 2
calendar = "office"
dedicated = { plant = 1 }
[desks.gate]
servers = 1

[meetings.joint]
every = 7

[stocks.land]
initial = 2
target = 1
orders = "parcels"
[stocks.quota]
initial = 1

[crews.fleet]
machines = 10
zone_machines = "area"
output = 100
practice = "zones"

[practices.together]
share = 1
[practices.zones]
[practices.ready]
holds = "take_land"
effects = [{ tags = ["land"], duration = 0.5 }]

[activities.take_land]
step = "stock"
stock = "land"
when_short = "go on"
[activities.clearing]
step = "work"
duration = "1 cd"
needs = ["take_land"]
applies = { short = "take_land" }
[activities.filing]
step = "desk"
stage = "approvals"
desk = "window"
duration = "lognormal(3, 0.5) wd"
correction = { probability = 0.2, fix = "2 wd" }
needs = ["arrival"]
tags = ["land"]
[activities.entry]
step = "desk"
desk = "gate"
duration = "1 cd"
after = { filing = "together" }
[activities.listing]
step = "notice"
duration = "20 cd"
[activities.decision]
step = "meeting"
meeting = "joint"
needs = ["filing", "listing"]
[activities.quota]
step = "stock"
stock = "quota"
[activities.earthworks]
step = "work"
stage = "site"
duration = "1 cd"
times = ["volume"]
crew = "fleet"
needs = ["decision"]
exposure = 2
[activities.frame]
step = "work"
duration = "30 wd"
calendar = "office"
per = "buildings"
needs = ["earthworks"]
previous = { frame = "together" }
[activities.start]
step = "milestone"
needs = ["frame"]

[activities.levelling]
step = "work"
processes = ["supply"]
duration = "60 cd"
[activities.handover]
step = "stock"
processes = ["supply"]
stock = "land"
gives = true
needs = ["levelling"]

[activities.officer]
step = "work"
processes = ["issue"]
duration = "3 cd"
solves = { power = 0.5 }
applies = { category = ["power"] }
[activities.issue_closed]
step = "milestone"
processes = ["issue"]
needs = ["officer"]

[issues]
rate = 0.3
stage_factors = { site = 1.5 }
[issues.categories.power]
weight = 1
stages = ["site"]

[question]
from = "arrival"
to = "start"
[cohort]
groups = ["new"]
milestone = "start"
by = 2023-12-31
""".replace('"discrete(1)"', '{ dist = "discrete", values = [1, 2], weights = [1, 1] }')
)

GONE = object()


def park(**changes: Any) -> Scenario:
    """The park with the value at each dotted path (dots written as __) replaced, or removed."""
    table = copy.deepcopy(PARK)
    for path, value in changes.items():
        *way, last = path.split("__")
        here = table
        for key in way:
            here = here.setdefault(key, {})
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return Scenario.model_validate(table)


def problems(scenario: Scenario) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        check(scenario)
    return list(caught.value.problems)


def test_the_whole_park_passes() -> None:
    check(park())


DESK = {"step": "desk", "desk": "window", "duration": "1 wd"}
WORK = {"step": "work", "duration": "1 cd"}

ONE_PROBLEM: list[tuple[str, dict[str, Any], str, str]] = [
    # Names
    ("dot in a name", {"desks": PARK["desks"] | {"a.b": {"servers": 1}}}, 'desks."a.b"', "dot"),
    ("reserved name", {"activities__arrival": WORK}, "activities.arrival", "choose another name"),
    ("missing calendar", {"desks__gate__calendar": "offise", "activities__entry__duration": "1 wd"},
     "desks.gate.calendar", "'office'?"),
    ("missing class of a desk", {"desks__window__dedicated": {"plants": 1}}, "desks.window.dedicated", "'plant'?"),
    ("missing calendar of a meeting", {"meetings__joint__calendar": "shop"},
     "meetings.joint.calendar", "only 'office'"),
    ("missing practice of a crew",
     {"crews__spare": {"machines": 1, "zone_machines": 1, "output": 1, "practice": "zone"}},
     "crews.spare.practice", "'zones'?"),
    ("missing class", {"portfolio__new__of": "plantt"}, "portfolio.new.of", "'plant'?"),
    ("missing process", {"portfolio__new__process": "projekt", "portfolio__new__in_progress": GONE},
     "portfolio.new.process", "'project'?"),
    ("missing stage in progress", {"portfolio__new__in_progress__stage": "aprovals"},
     "portfolio.new.in_progress.stage", "'approvals'?"),
    ("missing second deadline milestone", {"classes__plant__second_deadline": {"milestone": "strat", "days": 9}},
     "classes.plant.second_deadline.milestone", "'start'?"),
    ("missing deadline milestone", {"classes__plant__deadline__milestone": "strat"},
     "classes.plant.deadline.milestone", "'start'?"),
    ("missing class of a practice", {"practices__zones__classes": ["plan"]}, "practices.zones.classes", "'plant'?"),
    ("missing group of a practice", {"practices__zones__groups": ["news"]}, "practices.zones.groups", "'new'?"),
    ("missing stage of an activity", {"activities__frame__stage": "sight"}, "activities.frame.stage", "'site'?"),
    ("missing desk", {"activities__filing__desk": "windw"}, "activities.filing.desk", "'window'?"),
    ("missing meeting", {"activities__decision__meeting": "joined"}, "activities.decision.meeting", "'joint'"),
    ("missing stock", {"activities__quota__stock": "quotas"}, "activities.quota.stock", "'quota'?"),
    ("missing crew", {"activities__earthworks__crew": "fleets"}, "activities.earthworks.crew", "'fleet'?"),
    ("missing practice after", {"activities__entry__after": {"filing": "togeter"}},
     "activities.entry.after.filing", "'together'?"),
    ("missing practice previous", {"activities__frame__previous": {"frame": "togeter"}},
     "activities.frame.previous.frame", "'together'?"),
    ("missing practice applies", {"activities__entry__applies": {"practice": "togeter"}},
     "activities.entry.applies.practice", "'together'?"),
    ("missing practice unless", {"activities__entry__applies": {"unless": "togeter"}},
     "activities.entry.applies.unless", "'together'?"),
    ("missing class applies", {"activities__entry__applies": {"classes": ["plan"]}},
     "activities.entry.applies.classes", "'plant'?"),
    ("missing category applies", {"activities__officer__applies": {"category": ["powr"]}},
     "activities.officer.applies.category", "'power'"),
    ("missing category solves", {"activities__officer__solves": {"powr": 1}}, "activities.officer.solves", "'power'"),
    ("missing stage factor", {"issues__stage_factors": {"sight": 1}}, "issues.stage_factors", "'site'?"),
    ("missing question", {"question__to": "strat"}, "question.to", "'start'?"),
    ("missing cohort group", {"cohort__groups": ["newer"]}, "cohort.groups", "'new'"),
    ("missing cohort milestone", {"cohort__milestone": "strat"}, "cohort.milestone", "'start'?"),
    # Steps
    # Precedence
    ("missing predecessor", {"activities__start__needs": ["fram"]}, "activities.start.needs", "'frame'?"),
    ("predecessor of another process", {"activities__start__needs": ["levelling"]},
     "activities.start.needs", "'project'"),
    ("circle", {"activities__listing__needs": ["start"]},
     "activities.listing", "listing → decision → earthworks → frame → start → listing"),
    ("circle through a custom", {"activities__filing__after": {"entry": "together"}},
     "activities.filing", "entry → filing"),
    ("needs itself", {"activities__start__needs": ["start"]}, "activities.start", "start → start"),
    ("previous without copies", {"activities__start__previous": {"frame": "together"}},
     "activities.start.previous", "add per"),
    ("previous of what has no copies", {"activities__frame__previous": {"earthworks": "together"}},
     "activities.frame.previous", "add per = 'buildings'"),
    # Attributes
    ("missing attribute", {"activities__earthworks__times": ["volum"]}, "activities.earthworks.times", "'volume'?"),
    ("missing attribute where", {"activities__entry__applies": {"at_least": {"are": 1}}},
     "activities.entry.applies.at_least", "'area'?"),
    ("missing attribute of a crew", {"crews__fleet__machines": "fleet"}, "crews.fleet.machines", "there are"),
    ("missing amount", {"activities__quota__amount": "mu"}, "activities.quota.amount", "there are"),
    ("attribute of another class", {"classes__parcel__attributes": {"mu": 3}, "activities__quota__amount": "mu"},
     "activities.quota.amount", "classes.plant.attributes.mu"),
    ("attribute computed from nothing", {"classes__plant__attributes": {"cut": {"product": ["aria"]}}},
     "classes.plant.attributes.cut", "'area'?"),
    ("attributes in a circle", {"attributes__area": {"product": ["volume"]}, "crews__fleet__zone_machines": 1},
     "attributes.area", "area → volume → area"),
    ("copies without count", {"attributes__buildings": "uniform(1, 3)"}, "activities.frame.per", "whole numbers"),
    ("copies in parts", {"attributes__buildings": 1.5}, "activities.frame.per", "whole numbers"),
    ("copies without end", {"attributes__buildings": 1e6}, "activities.frame.per", "to 1000"),
    ("negative factor",
     {"attributes__area": "uniform(-1, 3)", "activities__earthworks__times": ["area"],
      "crews__fleet__zone_machines": 1},
     "activities.earthworks.times", "raise"),
    ("crew without machines", {"attributes__area": 0, "activities__earthworks__times": []},
     "crews.fleet.zone_machines", "raise"),
    ("division by zero", {"classes__plant__attributes": {"none": 0, "share": {"over": ["none"]}}},
     "classes.plant.attributes.share.over", "raise"),
    # Practices
    ("a practice nobody waives", {"practices__idle": {"share": 1}}, "practices.idle", "after"),
    ("effect on no tag", {"practices__zones__effects": [{"tags": ["lnd"]}]},
     "practices.zones.effects.0.tags", "'land'?"),
    ("holds no stock", {"practices__ready__holds": "filing"}, "practices.ready.holds", "go on"),
    ("holds what waits", {"practices__ready__holds": "quota"}, "practices.ready.holds", "go on"),
    ("short of no stock", {"activities__clearing__applies": {"short": "take_lnd"}},
     "activities.clearing.applies.short", "'take_land'?"),
    ("taken in another process", {"activities__levelling__applies": {"taken": "take_land"}},
     "activities.levelling.applies.taken", "'handover'"),
    ("short before it is known", {"activities__clearing__needs": []}, "activities.clearing.applies.short", "needs"),
    # Issues
    ("issues of no kind",
     {"issues__categories": {}, "activities__officer__solves": 1, "activities__officer__applies": {}},
     "issues.categories", "add a category"),
    ("issues without end", {"activities__issue_closed": GONE}, "issues.rate", "issue_closed"),
    ("too many issues", {"issues__rate": 100}, "issues.rate", "lower"),
    ("stage without issues", {"issues__categories__power__stages": ["approvals"]}, "issues.categories", "stage"),
    ("exposure outside projects", {"activities__levelling__exposure": 1}, "activities.levelling.exposure", "remove"),
    ("solving outside issues", {"activities__clearing__solves": 0.5}, "activities.clearing.solves", "issue"),
    # Units, signs and dates
    ("desk with calendar in calendar days", {"activities__filing__duration": "3 cd"},
     "activities.filing.duration", "wd"),
    ("desk without calendar in working days", {"activities__entry__duration": "3 wd"},
     "activities.entry.duration", "cd"),
    ("work in working days", {"activities__clearing__duration": "3 wd"}, "activities.clearing.duration", "calendar"),
    ("work in calendar days on a calendar", {"activities__frame__duration": "3 cd"},
     "activities.frame.duration", "remove the calendar"),
    ("notice in working days", {"activities__listing__duration": "3 wd"}, "activities.listing.duration", "calendar"),
    ("duration in mu", {"activities__clearing__duration": "3 mu"}, "activities.clearing.duration", "wd (working days)"),
    ("fix in working days", {"activities__entry__correction": {"probability": 0.1, "fix": "3 wd"}},
     "activities.entry.correction.fix", "calendar"),
    ("arrivals in working days", {"portfolio__new__arrivals": {"every": "3 wd"}}, "portfolio.new.arrivals.every", "cd"),
    ("negative duration", {"activities__clearing__duration": "-3 cd"}, "activities.clearing.duration", "0 or above"),
    ("negative gap", {"portfolio__new__arrivals": {"every": "uniform(-1, 3)"}},
     "portfolio.new.arrivals.every", "0 or above"),
    ("more than the stage done", {"portfolio__new__in_progress__done": 2},
     "portfolio.new.in_progress.done", "uniform(0, 1)"),
    ("astronomical number", {"desks__gate__servers": 10**30}, "desks.gate.servers", "larger"),
    ("vanishing number", {"meetings__joint__every": 1e-300}, "meetings.joint.every", "smaller"),
    ("cohort in reverse", {"portfolio__new__arrivals": {"between": [9, 3]}},
     "portfolio.new.arrivals.between", "earlier"),
    ("window in reverse", {"practices__zones__window": [9, 3]}, "practices.zones.window", "earlier"),
    ("batches on no date", {"portfolio__new__arrivals": {"between": [3, 9], "batch_share": 0.5}},
     "portfolio.new.arrivals.batches", "dates"),
    ("all sittings past", {"meetings__joint": {"dates": ["2022-01-01"]}}, "meetings.joint.dates", "later"),
    ("sittings without number", {"meetings__joint": {"every": 1e-9}}, "meetings.joint.every", "more days"),
    # Calendars, desks, stocks
    ("calendar without horizon", {"horizon": GONE}, "calendars.office", "horizon"),
    ("calendar that never opens", {"calendars__shut": {"week": [0] * 7}}, "calendars.shut", "leave some day"),
    ("calendar lost to weather", {"calendars__shut": {"lost": 1}}, "calendars.shut", "leave some day"),
    ("calendar in ancient times", {"start": "1023-01-01"}, "start", "1950"),
    ("labour curve out of order", {"calendars__office__spring_festival": [[3, 1], [1, 1]]},
     "calendars.office.spring_festival", "order"),
    ("all servers set apart", {"desks__window__dedicated": {"plant": 2}}, "desks.window.dedicated", "at most 1"),
    ("stock that can never supply", {"stocks__quota__initial": 0}, "stocks.quota", "raise initial"),
    ("stock too small for the smallest", {"activities__quota__amount": "area", "stocks__quota__initial": 9},
     "stocks.quota", "waits for 10 and at most 9"),
    ("target without orders", {"stocks__quota__target": 3}, "stocks.quota.target", "orders"),
    ("orders of those who come by themselves", {"stocks__quota__orders": "new", "activities__start__step": "stock",
     "activities__start__stock": "quota", "activities__start__gives": True}, "stocks.quota.orders", "arrivals"),
    ("orders of a process that gives nothing", {"activities__handover__gives": GONE},
     "stocks.land.orders", "gives = true"),
    ("parcels nobody orders", {"stocks__land__target": 0, "stocks__land__orders": GONE},
     "portfolio.parcels.arrivals.by", 'orders = "parcels"'),
    ("nothing to simulate", {"portfolio": {}, "stocks__land__target": 0, "stocks__land__orders": GONE, "cohort": GONE},
     "portfolio", "add"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "key", "words"), [row[1:] for row in ONE_PROBLEM], ids=[row[0] for row in ONE_PROBLEM]
)
def test_one_change_brings_one_problem_with_key_and_remedy(changes: dict[str, Any], key: str, words: str) -> None:
    found = problems(park(**changes))
    assert [problem.key for problem in found] == [key]
    assert words in f"{found[0].what}; {found[0].remedy}"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"start": GONE}, "calendars.office.week"),
        ({"start": GONE}, "cohort.by"),
        ({"source": GONE}, "desks.window"),
        ({"source": GONE}, "attributes.area"),
        ({"source": GONE}, "practices.ready"),
        ({"source": GONE}, "activities.entry"),
        ({"source": GONE}, "issues.categories.power"),
        ({"classes__plant__attributes": {"x": "1"}, "source": GONE}, "classes.plant.attributes.x"),
    ],
)
def test_what_is_missing_at_the_top_is_reported_where_it_is_needed(changes: dict[str, Any], key: str) -> None:
    assert key in [problem.key for problem in problems(park(**changes))]


@pytest.mark.parametrize(
    "changes",
    [
        {"activities__frame__previous": {"frame": "together", "roof": "together"},
         "activities__roof": {**WORK, "per": "buildings", "needs": ["frame"]}},
        {"stocks__quota": {"tranches": [{"on": 30, "amount": 1}]}},
        {"stocks__quota__initial": 0,
         "activities__start": {"step": "stock", "stock": "quota", "gives": True, "needs": ["frame"]}},
        {"stocks__quota__initial": 0, "activities__quota__when_short": "go on"},
        {"activities__clearing__processes": ["project", "supply"], "activities__clearing__applies": {}},
        {"activities__clearing__correction": {"probability": 0.2}},
        {"desks__gate__source": "x", "issues__rate": 0, "issues__categories__power__weight": 0},
    ],
    ids=["crews that move on", "tranches", "gives", "goes on", "one process only", "work may come back", "no issues"],
)  # fmt: skip
def test_what_looks_odd_but_is_right_passes(changes: dict[str, Any]) -> None:
    check(park(**changes))


def test_the_previous_copy_closes_a_circle_through_what_all_copies_meet_in() -> None:
    roof = {**WORK, "per": "buildings", "needs": ["start"]}
    found = problems(park(activities__roof=roof, activities__frame__previous={"roof": "together"}))
    assert ["circle" in problem.what for problem in found] == [True]


def test_a_note_of_its_own_or_of_its_class_is_enough() -> None:
    scenario = park(source=GONE, desks__gate__assumed="as seen", classes__plant__source="s",
                    classes__plant__attributes={"x": "1"})  # fmt: skip
    keys = {problem.key for problem in problems(scenario)}
    assert "desks.window" in keys
    assert not keys & {"desks.gate", "classes.plant.attributes.x"}


def test_all_problems_are_told_at_once_one_line_each() -> None:
    with pytest.raises(ScenarioError) as caught:
        check(park(activities__filing__desk="gaet", question__to="strat"))
    assert sorted(str(caught.value).splitlines()) == [
        "activities.filing.desk: no desk is called 'gaet'; did you mean 'gate'?",
        "question.to: no activity is called 'strat'; did you mean 'start'?",
    ]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_every_rule_accepts_the_smallest_scenario() -> None:
    smallest = Scenario.model_validate(
        {"name": "s", "source": "s", "classes": {"a": {}}, "activities": {"x": WORK},
         "portfolio": {"g": {"of": "a", "count": 1, "arrivals": {"on": [0]}}}}
    )  # fmt: skip
    assert [problem for rule in RULES for problem in rule(smallest)] == []


@pytest.mark.parametrize(
    ("known", "remedy"),
    [
        ((), "none is declared"),
        (("ab",), "there is only 'ab'"),
        (("ab", "cd"), "there are 'ab', 'cd'"),
        (("stat", "x"), "did you mean 'stat'?"),
    ],
)
def test_the_nearest_name_is_suggested_or_the_names_are_listed(known: tuple[str, ...], remedy: str) -> None:
    assert nearest("start", known) == remedy
