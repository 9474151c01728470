"""The language of sweeps: factors, designs, and messages that name the key and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parkflow.analysis.experiments.executors import here
from parkflow.analysis.experiments.sweep import forecast, planned, run_sweep
from parkflow.analysis.experiments.sweep_file import Sweep, available_sweeps, load_sweep
from parkflow.scenarios.load import InputError, load
from parkflow.sim.errors import ParkflowError
from parkflow.sim.levers import with_levers


def of(park: str, *vary: str, **settings: Any) -> Sweep:
    """A sweep from the command line."""
    return load_sweep(park, vary, settings)


def test_a_grid_has_every_combination_of_levels(park: str) -> None:
    """The last factor changes fastest, ranges include both ends, and whole numbers stay whole."""
    points = of(park, "desks.window.servers=1:3:3", "levers.parallel_approvals.share=0:1:2").points
    assert [tuple(point.values()) for point in points] == [(n, r) for n in (1, 2, 3) for r in (0.0, 1.0)]
    assert all(isinstance(point["desks.window.servers"], int) for point in points)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_sampled_designs_fill_the_ranges(park: str, design: str) -> None:
    """Every value lies in its range, the same seed gives the same points, and strata of lhs and sobol are all met."""
    vary = ("desks.window.servers=1:4", "levers.parallel_approvals.share=0:1")
    sweep = of(park, *vary, design=design, size=32)
    rates = [point["levers.parallel_approvals.share"] for point in sweep.points]
    assert {point["desks.window.servers"] for point in sweep.points} == {1, 2, 3, 4}
    assert all(0 <= rate <= 1 for rate in rates)
    assert sweep.points == of(park, *vary, design=design, size=32).points
    assert design == "random" or sorted(int(rate * 32) for rate in rates) == list(range(32))


def test_a_lever_parameter_reaches_every_policy_that_uses_the_lever() -> None:
    """levers.NAME.PARAMETER changes the parameter in both policies, policies.P.levers.NAME.PARAMETER in one."""
    vary = ("levers.commissioners.officers=5,6", "policies.reported.levers.commissioners.caseload=7,8")
    sweep = load_sweep("zhaoqing", vary, {"policies": ("reported", "green_channel")})
    scenarios = sweep.variation(sweep.points[0])
    initial = {policy: scenario.stocks["commissioners"].initial for policy, scenario in scenarios.items()}
    assert initial == {"serial": 0, "reported": 5 * 7, "green_channel": 5 * 2}


def test_membership_takes_a_lever_out_and_puts_it_in() -> None:
    """policies.P.levers.NAME = false is the policy without that lever, and true is with it."""
    vary = ("policies.reported.levers.land_bank=true,false", "policies.reported.levers.parallel_approvals=true,false")
    sweep = load_sweep("zhaoqing", vary, {"policies": ("reported",)})
    scenario = load("zhaoqing")
    levers = {name: dict(given) for name, given in scenario.policies["reported"].levers.items()}
    assert sweep.variation(sweep.points[1])["reported"] == with_levers(scenario, levers)
    assert sweep.variation(sweep.points[0])["reported"].practices["parallel_approvals"].share > 0
    assert sweep.variation(sweep.points[2])["reported"].stocks["land_bank"].initial == 0


def test_the_policy_itself_can_be_a_factor() -> None:
    """Each point compares its own policy with the baseline."""
    sweep = load_sweep("zhaoqing", ["policy=reported,green_channel"])
    assert [list(sweep.variation(point)) for point in sweep.points] == [
        ["serial", "reported"],
        ["serial", "green_channel"],
    ]


def test_the_baseline_may_be_the_park_as_it_is(park: str) -> None:
    """Against the park, a factor does not touch the baseline."""
    values = {"desks.window.servers": 5}
    at_point, as_is = (of(park, "desks.window.servers=4,5", against=way).variation(values) for way in ("point", "park"))
    assert [it["serial"].desks["window"].servers for it in (at_point, as_is)] == [5, 2]
    assert [it["green_channel"].desks["window"].servers for it in (at_point, as_is)] == [5, 5]


@pytest.mark.parametrize("name", available_sweeps())
def test_shipped_sweeps_can_be_run(name: str) -> None:
    """Every shipped sweep loads, says its question, and its scenarios can be built at the first and the last point."""
    sweep = load_sweep(name)
    assert sweep.file.title
    assert planned(sweep).experiment.question
    for point in (sweep.points[0], sweep.points[-1]):
        assert len(sweep.variation(point)) >= 2


def test_a_file_may_nest_its_factors(tmp_path: Path, park: str) -> None:
    """desks.window.servers under [factors] needs no quotes; the park's path is relative to the file."""
    file = tmp_path / "staff.toml"
    file.write_text(f'park = "{park}"\n[factors]\ndesks.window.servers = [1, 2]\n', encoding="utf-8")
    sweep = load_sweep(str(file))
    assert sweep.points == ({"desks.window.servers": 1}, {"desks.window.servers": 2})
    assert sweep.file.name == "staff"


BAD: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "unknown desk": (["desks.windo.servers=1,2"], {}, "desks has no key 'windo'; did you mean 'window'?"),
    "unknown field": (["desks.window.server=1,2"], {}, "did you mean 'servers'?"),
    "unknown lever": (["levers.parallel_aprovals.share=0,1"], {}, "did you mean 'parallel_approvals'?"),
    "unknown parameter": (["levers.land_bank.intial=0,1"], {}, "did you mean 'initial'?"),
    "unknown policy": (["policy=serial,gren_channel"], {}, "did you mean 'green_channel'?"),
    "unused lever": (["levers.land_bank.initial=0,1"], {}, "do not use land_bank; add land_bank to a policy"),
    "unused factor": (["practices.parallel_approvals.window=1,2"], {}, "does not fit"),
    "same everywhere": (["desks.window.servers=2,2.0"], {}, "no policy compared uses it"),
    "out of range": (["desks.window.servers=0,1"], {}, "0 does not fit; input should be greater than or equal to 1"),
    "bad lever value": (["levers.parallel_approvals.share=0,2"], {}, "2 does not fit"),
    "no levels": (["desks.window.servers="], {}, "write key=2,3,4 or key=low:high:points"),
    "no factors": ([], {}, "no factor is varied; add [factors], or vary a key"),
    "range without points": (["levers.parallel_approvals.share=0:1"], {}, "a grid needs the number of levels"),
    "falling range": (["levers.parallel_approvals.share=1:0:3"], {}, "swap low and high"),
    "no size": (["desks.window.servers=1,2"], {"design": "sobol"}, "size: a sobol design needs a number of points"),
    "unknown key": (["desks.window.servers=1,2"], {"replicatons": 3}, "did you mean 'replications'?"),
    "wrong type": (["desks.window.servers=1,2"], {"replications": "many"}, "replications: 'many' does not fit"),
    "cap below minimum": (["desks.window.servers=1,2"], {"precision": {"half_width": 1, "maximum": 20}}, "raise it"),
    "no milestone": (["desks.window.servers=1,2"], {"to": "dome"}, "did you mean 'done'?"),
    "unknown measure": (
        ["desks.window.servers=1,2"],
        {"precision": {"measure": "days_save", "half_width": 1}},
        "did you mean 'days_saved'?",
    ),
    "policy not compared": (
        ["desks.window.servers=1,2"],
        {"precision": {"policy": "full", "half_width": 1}},
        "full is not compared",
    ),
    "broken block": (["desks.window.servers=1,2"], {"latin_hypercube": True, "replications": 65}, "a multiple of 16"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_sweeps_get_one_clear_message(park: str, case: str) -> None:
    """The message names what is wrong and what would be right."""
    vary, settings, expected = BAD[case]
    with pytest.raises(ParkflowError) as caught:
        planned(of(park, *vary, **settings))
    assert expected in str(caught.value)


def test_a_number_of_replications_and_a_precision_contradict_each_other(tmp_path: Path, park: str) -> None:
    """A file gives one of them; on the command line a number overrules the file's precision."""
    file = tmp_path / "both.toml"
    text = f'park = "{park}"\nfactors.desks.window.servers = [1, 2]\nprecision.half_width = 1\n'
    file.write_text(text, encoding="utf-8")
    assert planned(load_sweep(str(file), settings={"replications": 3})).target is None
    file.write_text(f"replications = 5\n{text}", encoding="utf-8")
    with pytest.raises(InputError, match="replications and precision contradict each other"):
        load_sweep(str(file))


def test_an_empty_grid_is_refused(tmp_path: Path, park: str) -> None:
    """A factor without levels leaves nothing to run."""
    file = tmp_path / "empty.toml"
    file.write_text(f'park = "{park}"\n[factors]\ndesks.window.servers = []\n', encoding="utf-8")
    with pytest.raises(InputError, match="has no levels, so the grid is empty"):
        load_sweep(str(file))


def test_a_precision_out_of_reach_is_refused_before_the_night(tmp_path: Path, park: str) -> None:
    """A pilot of the first point shows that the cap is far too low, and says which precision it would do for."""
    precision = {"half_width": 0.001, "maximum": 100}
    plan = planned(of(park, "desks.window.servers=1,2", precision=precision))
    with pytest.raises(InputError, match="replications or more, and the cap is 100; raise maximum, or ask for"):
        run_sweep(plan, tmp_path / "run", here, lambda state: None, "a test")
    assert not (tmp_path / "run").exists()


def test_a_forecast_counts_points_and_replications(park: str) -> None:
    """The dry run says how much there is to do, and that it takes time and room."""
    plan = planned(of(park, "desks.window.servers=1,2,3", replications=7))
    found = forecast(plan)
    assert (found.points, found.least, found.most) == (3, 21, 21)
    assert found.seconds > 0
    assert found.bytes > 0
