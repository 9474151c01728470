"""Files: what extends does, and one message with file, key and remedy for everything that can be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parkflow.scenarios.describe import difference, dumped, schema
from parkflow.scenarios.load import InputError, available, load, raw
from parkflow.sim.scenario import Scenario

PARK = """
source = "made up for these tests"
horizon = 1000
start = 2023-01-01

[classes.plant]

[portfolio.new]
of = "plant"
count = 3
arrivals = { every = "exponential(20)" }

[desks.window]
servers = 2
source = "seen"

[meetings.joint]
every = 7
places = 4

[stocks.quota]
initial = 1

[practices.together]
share = 1.0

[activities.filing]
step = "desk"
desk = "window"
duration = "pert(1, 2, 3) cd"

[activities.quota]
step = "stock"
stock = "quota"

[activities.start]
step = "milestone"
needs = ["quota"]
after = { filing = "together" }
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str | bytes) -> str:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def complaint(name: str) -> str:
    with pytest.raises(InputError) as caught:
        load(name)
    return str(caught.value)


# Bad input: text in the file, what it becomes, key, remedy

BAD = [
    ("unknown key", "servers = 2", "servers = 2\nserver = 3", "desks.window.server", "did you mean 'servers'?"),
    ("unknown table", "[portfolio.new]", "[portfolios.new]", "portfolios", "did you mean 'portfolio'?"),
    ("misspelt key that is needed", "step = \"milestone\"", "stepp = \"milestone\"",
     "activities.start.stepp", "did you mean 'step'?"),
    ("missing key", "count = 3", "", "portfolio.new.count", "add it"),
    ("wrong type", "servers = 2", 'servers = "two"', "desks.window.servers", "write a whole number"),
    ("number in quotes", "servers = 2", 'servers = "2"', "desks.window.servers", "without quotes"),
    ("true for a number", "share = 1.0", "share = true", "practices.together.share", "write a number"),
    ("number for true", 'stock = "quota"', 'stock = "quota"\ngives = 1', "activities.quota.gives", "true or false"),
    ("number for a date", "start = 2023-01-01", "start = 0", "start", "2023-07-31"),
    ("impossible date", "start = 2023-01-01", 'start = "2023-13-01"', "start", "2023-07-31"),
    ("part of a project", "count = 3", "count = 3.5", "portfolio.new.count", "whole number"),
    ("list for a table", "{ every = \"exponential(20)\" }", "[20]", "portfolio.new.arrivals", "write a table"),
    ("list for a distribution", '"pert(1, 2, 3) cd"', "[1, 2]", "activities.filing.duration", "pert(3, 10, 20) wd"),
    ("no servers", "servers = 2", "servers = 0", "desks.window.servers", "at least 1"),
    ("no end", "horizon = 1000", "horizon = inf", "horizon", "finite"),
    ("unknown unit", "3) cd", "3) weeks", "activities.filing.duration", "'wd', 'cd'"),
    ("no unit of time", "3) cd", "3) mu", "activities.filing.duration", "cd (calendar days)"),
    ("working days without a calendar", "3) cd", "3) wd", "activities.filing.duration", "give it a calendar"),
    ("negative duration", '"pert(1, 2, 3) cd"', "-1", "activities.filing.duration", "0 or above"),
    ("falling numbers", "1, 2, 3", "3, 2, 1", "activities.filing.duration", "must not fall"),
    ("too few numbers", "1, 2, 3", "1, 2", "activities.filing.duration", "'high'"),
    ("unknown distribution", "pert(1", "prt(1", "activities.filing.duration", "triangular"),
    ("unknown kind", '"pert(1, 2, 3) cd"', '{ dist = "prt" }', "activities.filing.duration", "did you mean 'pert'?"),
    ("table without kind", '"pert(1, 2, 3) cd"', "{ low = 1 }", "activities.filing.duration", "add dist"),
    ("probability above 1", "share = 1.0", "share = 1.5", "practices.together.share", "at most 1"),
    ("probability below 0", "share = 1.0", "share = -0.5", "practices.together.share", "at least 0"),
    ("unknown step", '"milestone"', '"milstone"', "activities.start.step", "did you mean 'milestone'?"),
    ("no step", 'step = "desk"', "", "activities.filing", 'add step = "work"'),
    ("desk step without a desk", 'desk = "window"', "", "activities.filing.desk", "a desk step needs a desk; add desk"),
    ("desk step without a duration", 'duration = "pert(1, 2, 3) cd"', "",
     "activities.filing.duration", "a desk step needs a duration; add duration"),
    ("stock step without a stock", 'stock = "quota"', "", "activities.quota.stock", "a stock step needs a stock"),
    ("notice at a desk", 'step = "desk"', 'step = "notice"',
     "activities.filing.desk", "a notice step has no desk; remove it, or make it a desk step"),
    ("milestone with a duration", 'step = "milestone"', 'step = "milestone"\nduration = "2 cd"',
      "activities.start.duration",
     "a milestone step has no duration; remove it, or make it a work or desk or notice or meeting step"),
    ("exposure at a desk", 'desk = "window"', 'desk = "window"\nexposure = 1',
     "activities.filing.exposure", "a desk step has no exposure; remove it, or make it a work step"),
    ("misspelt key of a step", 'desk = "window"', 'desk = "window"\ntimess = []',
     "activities.filing.timess", "did you mean 'times'?"),
    ("missing desk", 'desk = "window"', 'desk = "windw"', "activities.filing.desk", "did you mean 'window'?"),
    ("circle", 'desk = "window"', 'desk = "window"\nneeds = ["start"]',
     "activities.filing", "remove one of these links"),
    ("a practice nobody waives", 'after = { filing = "together" }', "",
     "practices.together", "name it in an activity's after"),
    ("stock that can never supply", "initial = 1", "initial = 0.5", "stocks.quota", "raise initial"),
    ("a run that can never end", "[classes.plant]", "[calendars.shut]\nweek = [0, 0, 0, 0, 0, 0, 0]\n[classes.plant]",
     "calendars.shut", "some day"),
    ("two ways to sit", "every = 7", "every = 7\non_demand = 3", "meetings.joint", "give every, dates or on_demand"),
    ("unknown arrivals", "{ every", "{ evry", "portfolio.new.arrivals.evry", "did you mean 'every'?"),
    ("bad arrivals", '{ every = "exponential(20)" }', '{ between = ["2023-02-30", 9] }',
     "portfolio.new.arrivals.between.0", "2023-07-31"),
    ("half a window", '{ every = "exponential(20)" }', '{ between = [9] }',
     "portfolio.new.arrivals.between", "has no entry number 2"),
    ("bad attribute", "[classes.plant]", "[attributes]\nx = { produkt = [] }\n[classes.plant]",
     "attributes.x.produkt", "did you mean 'product'?"),
    ("syntax", "[desks.window]", "[desks.window", "line 13", "correct it"),
    ("no source", 'source = "made up for these tests"', "", "portfolio.new", "assumed ="),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "remedy"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_gives_file_key_and_remedy(old: str, new: str, key: str, remedy: str) -> None:
    assert old in PARK
    lines = complaint(write("bad.toml", PARK.replace(old, new, 1))).splitlines()
    assert any(line.startswith("bad.toml: ") and key in line and remedy in line for line in lines)
    assert not any(word in line for line in lines for word in ("function-", "constrained", "Input should", "Sampled"))


@pytest.mark.parametrize("row", BAD, ids=[row[0] for row in BAD])
def test_one_mistake_gives_one_line(row: tuple[str, ...]) -> None:
    if row[0] != "no source":
        assert len(complaint(write("bad.toml", PARK.replace(row[1], row[2], 1))).splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "byte 1 is not UTF-8; save"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b".".join([b"a"] * 3000) + b" = 1", "nested too deeply"),
        (b"a = " + b"9" * 5000, "not valid TOML"),
        (b"", "portfolio: is missing; add it"),
    ],
    ids=["not UTF-8", "deep lists", "deep tables", "endless number", "empty"],
)
def test_what_is_no_scenario_at_all_is_refused_in_words(content: bytes, words: str) -> None:
    message = complaint(write("bad.toml", content))
    assert message.startswith("bad.toml: ")
    assert words in message
    assert len(message) < 600


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.toml", "nowhere.toml: there is no such file"),
        ("folder.toml", "folder.toml: is a directory; give a scenario file"),
        ("notes.txt", "notes.txt: is not a scenario file"),
        ("nulls\0.toml", "nulls?.toml"),
        ("x" * 5000 + ".toml", "cannot be read"),
        ("", "no park is called ''"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name: str, words: str) -> None:
    Path("folder.toml").mkdir()
    assert words in complaint(name)


def test_a_park_that_does_not_exist_brings_the_nearest_name() -> None:
    assert "did you mean 'baseline'?" in complaint("baselin")


def test_more_than_ten_problems_are_counted() -> None:
    keys = "".join(f"wrong_{number} = 1\n" for number in range(14))
    lines = complaint(write("bad.toml", keys + PARK)).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "… and 4 more"


# Extending


def test_a_file_states_only_its_difference() -> None:
    write("parent.toml", 'title = "Parent"\n' + PARK)
    child = load(write("child.toml", 'extends = "parent.toml"\nhorizon = 500\n[desks.window]\nservers = 5\n'))
    assert (child.name, child.title, child.horizon) == ("child", "", 500)
    assert (child.desks["window"].servers, child.desks["window"].source) == (5, "seen")
    assert difference(load("parent.toml"), child) == [
        ("title", "Parent", ""),
        ("name", "parent", "child"),
        ("horizon", 1000.0, 500.0),
        ("desks.window.servers", 2, 5),
    ]


def test_the_parent_is_sought_beside_the_file_that_names_it() -> None:
    Path("deep").mkdir()
    write("deep/parent.toml", PARK)
    write("deep/child.toml", 'extends = "parent.toml"\n')
    assert load(write("grandchild.toml", 'extends = "deep/child.toml"\n')).name == "grandchild"


@pytest.mark.parametrize(
    ("child", "path", "value"),
    [
        ('[activities.start]\nneeds = ["filing"]\nafter = {}', ("activities", "start", "needs"), ["filing"]),
        ('activities.filing.duration = { dist = "uniform", low = 1, high = 2 }', ("activities", "filing", "duration"),
         {"dist": "uniform", "low": 1, "high": 2}),
        ("portfolio.new.arrivals = { on = [3] }", ("portfolio", "new", "arrivals"), {"on": [3]}),
        ("meetings.joint = { on_demand = 2 }", ("meetings", "joint"), {"on_demand": 2, "places": 4}),
        ('desks.window = { assumed = "doubled" }', ("desks", "window"), {"assumed": "doubled", "servers": 2}),
        ('without = ["meetings.joint"]', ("meetings",), {}),
    ],
    ids=["lists are replaced", "distributions are replaced", "arrivals are replaced", "one way to sit replaces another",
         "a note replaces a note", "without removes"],
)  # fmt: skip
def test_merging(child: str, path: tuple[str, ...], value: object) -> None:
    write(
        "parent.toml", PARK.replace('"pert(1, 2, 3) cd"', '{ dist = "pert", low = 1, mode = 2, high = 3, unit = "cd" }')
    )
    here: object = raw(write("child.toml", f'extends = "parent.toml"\n{child}'))
    for key in path:
        assert isinstance(here, dict)
        here = here[key]
    assert here == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('extends = "child.toml"', "child.toml: extends: files extend each other in a circle: child.toml → child.toml"),
        ('extends = "loop.toml"',
         "loop.toml: extends: files extend each other in a circle: child.toml → loop.toml → child.toml"),
        ("extends = 3", "child.toml: extends: must be one name"),
        ('extends = "baselin"', "child.toml: extends: no park is called 'baselin'; did you mean 'baseline'?"),
        ('extends = "nowhere.toml"', "child.toml: extends: nowhere.toml: there is no such file"),
        ('extends = "parent.toml"\nwithout = ["desks.windw"]',
         "child.toml: without: desks.windw is not in what the file extends; did you mean 'window'?"),
        ('extends = "parent.toml"\nwithout = "desks"', "child.toml: without: must be a list"),
        ('extends = "parent.toml"\nhorizon = -1', "child.toml: horizon: "),
        ('extends = "parent.toml"\nwithout = ["desks.window"]', "parent.toml: activities.filing.desk: "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_family_names_the_file_that_says_so(text: str, words: str) -> None:
    write("parent.toml", PARK)
    write("loop.toml", 'extends = "child.toml"')
    assert words in complaint(write("child.toml", text))


# What a scenario comes to


def test_a_dump_loads_back_to_the_same_scenario() -> None:
    scenario = load(write("park.toml", PARK))
    assert Scenario.model_validate(json.loads(json.dumps(dumped(scenario)))) == scenario


def test_only_what_was_set_is_dumped() -> None:
    assert dumped(load(write("park.toml", PARK)))["desks"] == {"window": {"servers": 2, "source": "seen"}}


def test_equal_scenarios_do_not_differ_and_a_distribution_differs_as_a_whole() -> None:
    before = load(write("park.toml", PARK))
    after = before.with_changes({"activities.filing.duration": "uniform(1, 2) cd"})
    assert difference(before, before) == []
    pert = {"dist": "pert", "low": 1.0, "mode": 2.0, "high": 3.0, "unit": "cd"}
    uniform = {"dist": "uniform", "low": 1.0, "high": 2.0, "unit": "cd"}
    assert difference(before, after) == [("activities.filing.duration", pert, uniform)]


def test_the_schema_describes_what_a_file_may_hold() -> None:
    found = schema()
    assert {"extends", "without", "activities", "name"} <= found["properties"].keys()
    assert found["$schema"].startswith("https://json-schema.org/")
    assert found["title"]
    assert "required" not in found and "required" not in found["$defs"]["Desk"]
    json.dumps(found)


@pytest.mark.parametrize("name", available())
def test_every_shipped_park_loads_and_dumps(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert Scenario.model_validate(dumped(scenario)) == scenario


def test_a_file_may_make_an_inherited_activity_another_step() -> None:
    write("parent.toml", PARK)
    text = 'extends = "parent.toml"\n[activities.filing]\nstep = "notice"\n'
    filing = load(write("child.toml", text)).activities["filing"]
    assert (filing.step, filing.desk, filing.duration) == (
        "notice",
        None,
        load("parent.toml").activities["filing"].duration,
    )


def test_a_changed_step_keeps_what_the_other_step_knows() -> None:
    park = load(write("park.toml", PARK))
    filing = park.with_changes({"activities.filing.step": "notice"}).activities["filing"]
    assert (filing.step, filing.desk, filing.duration) == ("notice", None, park.activities["filing"].duration)
    with pytest.raises(KeyError, match=r"activities\.start\.duration"):
        park.with_changes({"activities.start.duration": "3 cd"})
