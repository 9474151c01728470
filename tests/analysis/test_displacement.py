"""Who pays: each way of parting the projects sums to the park, and the order of service saves no waits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.language import words
from parkflow.analysis.measures.displacement import picking
from parkflow.analysis.replication.conservation import _in_turn
from parkflow.analysis.replication.replication import laid_out, run
from parkflow.analysis.sentences.payers import check, payers
from parkflow.commands import app
from parkflow.scenarios.load import available
from parkflow.sim.levers import with_levers

LANE: dict[str, Any] = {"green_lane": {"circulation": 1.0, "lag": 1.0}}
"""A lane that changes the order of service, and nothing else."""


def moved(park: str, replications: int = 4) -> parkflow.Displacement:
    """What the lane moves in a park."""
    return parkflow.displacement(park, "serial", levers=LANE, replications=replications, workers=1)


@pytest.fixture(scope="module")
def lane() -> parkflow.Displacement:
    """What it moves in the typical park."""
    return moved("baseline")


def test_every_way_of_parting_the_projects_sums_to_the_park(lane: parkflow.Displacement) -> None:
    """Those covered and the others, groups, classes or sizes: projects, days gained, days lost and net."""
    (whole,) = lane.of("all").values()
    kinds = {row["kind"] for row in lane.rows} - {"all"}
    assert kinds >= {"cover", "group", "size"}
    for kind in kinds:
        for part in ("projects", "gained", "lost", "net"):
            assert sum(row[part] for row in lane.of(kind).values()) == pytest.approx(whole[part]), (kind, part)
    for row in lane.rows:
        assert row["gained"] - row["lost"] == pytest.approx(row["net"])


def test_who_is_moved_ahead_gains_what_the_others_lose(lane: parkflow.Displacement) -> None:
    """The lane covers the key projects: they gain days, the others lose, and net next to nothing is won."""
    cover, (whole,) = lane.of("cover"), lane.of("all").values()
    assert cover["covered"]["net"] > 0 > cover["others"]["net"]
    assert abs(whole["net"]) < cover["covered"]["gained"]


def test_net_is_that_of_the_comparison(lane: parkflow.Displacement) -> None:
    """Net days over projects are the net of the park that every table has, times the projects of a replication."""
    found = parkflow.displacement("baseline", "serial", levers=LANE, replications=1, workers=1)
    compared = parkflow.compare("baseline", "serial", levers=LANE, replications=1, workers=1, measures=["net_days"])
    (net,) = compared.rows("net_days", group="all")
    (whole,) = found.of("all").values()
    assert net["mean"] == pytest.approx(whole["net"] / whole["projects"])


def test_a_policy_for_everybody_picks_nobody_out() -> None:
    """Practices in force for all projects, or under the baseline too, do not tell projects apart."""
    park = parkflow.load("baseline")
    everybody = with_levers(park, {"agency_service": {}})
    assert picking(everybody, park) == ()
    assert picking(with_levers(park, LANE), park) == ("green_lane",)
    assert picking(with_levers(park, LANE), with_levers(park, LANE)) == ()
    assert "picks nobody out" in payers(
        parkflow.displacement(park, "serial", levers={"agency_service": {}}, replications=2, workers=1), words("en")
    )


def counter(rule: str, servers: int = 1) -> parkflow.Scenario:
    """Forty projects, half of them key, file at one desk, which takes key files first where its rule says so."""
    given = {
        "name": "counter",
        "assumed": "a test",
        "classes": {"key": {}, "plain": {}},
        "portfolio": {
            name: {"of": name, "count": 20, "arrivals": {"every": "exponential(6) cd"}} for name in ("key", "plain")
        },
        "desks": {"hall": {"servers": servers, "rule": rule}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "uniform(2, 4) cd"},
            "groundbreaking": {"step": "milestone", "needs": ["filing"]},
        },
        "practices": {"first": {"share": 1, "classes": ["key"], "lead": 1, "assumed": "a test"}},
        "question": {"from": "arrival", "to": "groundbreaking"},
    }
    return parkflow.Scenario.model_validate(given)


def waits(scenario: parkflow.Scenario, replication: int) -> tuple[float, float, float]:
    """Work of one desk, the weighted wait, and that in the order of arrival."""
    (found,) = run(laid_out(scenario), 1, replication).waiting
    return found.work, found.weighted, found.in_turn


@pytest.mark.parametrize("replication", range(3))
def test_one_officer_conserves_waits_exactly(replication: int) -> None:
    """Key files first or not: work × wait has one sum, that in the order of arrival, in each replication."""
    fifo, first = (waits(counter(rule), replication) for rule in ("fifo", "class"))
    assert fifo == pytest.approx((first[0], first[1], fifo[2]))
    assert first[1] == pytest.approx(first[2], rel=1e-9)
    assert first[1] > 0


def test_several_officers_serve_in_turn_as_the_engine_does() -> None:
    """First come, first served by three officers is what the reckoning in the order of arrival gives, to rounding."""
    _, weighted, in_turn = waits(counter("fifo", servers=2), 0)
    assert weighted == pytest.approx(in_turn, rel=1e-9)
    assert in_turn > 0


def test_in_turn_by_hand() -> None:
    """Three files of 4, 1 and 2 days come on days 0, 0 and 1: one officer takes them on 0, 4, 5, two on 0, 0, 1."""
    ready, work = np.array([0.0, 0.0, 1.0]), np.array([4.0, 1.0, 2.0])
    assert _in_turn(ready, work, 1).tolist() == [0.0, 4.0, 5.0]
    assert _in_turn(ready, work, 2).tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("park", sorted(set(available()) - {"approvals-275"}))  # it has no key projects
def test_conservation_holds_on_the_parks(park: str) -> None:
    """At fixed capacity a lane changes who waits, and not how much work waits: an interval contains zero.

    Six parks are tested, so each interval is as wide as six that hold together need (Bonferroni).
    """
    found = moved(park, 10)
    assert found.check is not None
    mean, low, high = (found.check[name] for name in ("mean", "low", "high"))
    wider = stdtrit(9, 1 - 0.025 / 6) / stdtrit(9, 0.975)
    assert mean - wider * (mean - low) <= 0 <= mean + wider * (high - mean), found.check
    assert abs(found.check["mean"]) < 0.02 * found.check["in_turn"]
    assert ("It is conserved" in check(found, words("en"))) == (low <= 0 <= high)


def test_the_command_prints_sentence_table_and_check() -> None:
    """In both languages; as CSV it has the rows of Python."""
    asked = ["displacement", "baseline", "-p", "serial", "-l", "green_lane:circulation=1,lag=1", "-n", "2", "-w", "1"]
    printed = CliRunner().invoke(app, asked).stdout
    assert "those that it covers" in printed.lower()
    assert "Check: with the same files and officers" in printed
    chinese = CliRunner().invoke(app, [*asked, "--lang", "zh"]).stdout
    assert "政策覆盖的项目" in chinese
    assert "covered" not in chinese
    table = CliRunner().invoke(app, [*asked, "-f", "csv"]).stdout
    assert table.splitlines()[0].startswith("kind,group,projects")


def test_the_baseline_moves_nobody() -> None:
    """It is told so."""
    with pytest.raises(parkflow.ParkflowError, match="policy=serial: it is the baseline"):
        parkflow.displacement("baseline", "serial")
