"""Which lever did it: attribution on a park of four levers against brute force, by way of ordinary comparisons."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import parkflow
from parkflow.analysis.experiments.attribution import SHARE, TURN, WAYS
from parkflow.analysis.experiments.shapley import every
from parkflow.sim.levers import LeverError, register_lever

Floats = NDArray[np.float64]

REPLICATIONS = 4


class Officer(parkflow.Lever):
    """A desk gets one officer more than it has."""

    def changes(self, scenario: parkflow.Scenario) -> dict[str, Any]:
        """One more than there are."""
        desk = "office" if self.name == "clerk" else "hall"
        return {f"desks.{desk}.servers": scenario.desks[desk].servers + 1}


class Left(Officer):
    name = "left"


class Right(Officer):
    name = "right"


class Clerk(Officer):
    name = "clerk"


class Idle(parkflow.Lever):
    name = "idle"

    def changes(self, scenario: parkflow.Scenario) -> dict[str, Any]:
        """The same as before."""
        return {"desks.office.rule": scenario.desks["office"].rule}


class Needy(parkflow.Lever):
    """Quick files, which take two officers at the hall."""

    name = "needy"

    def changes(self, scenario: parkflow.Scenario) -> dict[str, Any]:
        """Half the days."""
        if scenario.desks["hall"].servers < 2:
            raise LeverError("levers.needy", "there are too few officers", "add one")
        return {"activities.filing.duration": "uniform(2, 8) cd"}


FOUR = ("left", "right", "clerk", "idle")


@pytest.fixture(scope="module", autouse=True)
def _levers() -> None:
    for lever in (Left, Right, Clerk, Idle, Needy):
        register_lever(lever)


def park(*levers: str) -> parkflow.Scenario:
    """Six projects file at one officer, and file again at another."""
    given: dict[str, Any] = {
        "name": "tiny",
        "assumed": "a test",
        "classes": {"plain": {}},
        "portfolio": {"plain": {"of": "plain", "count": 6, "arrivals": {"on": [0.0]}}},
        "desks": {"hall": {"servers": 1}, "office": {"servers": 1}},
        "activities": {
            "filing": {"step": "desk", "desk": "hall", "duration": "uniform(5, 15) cd"},
            "permit": {"step": "desk", "desk": "office", "duration": "uniform(4, 9) cd", "needs": ["filing"]},
            "groundbreaking": {"step": "milestone", "needs": ["permit"]},
        },
        "question": {"from": "arrival", "to": "groundbreaking"},
        "policies": {"some": {"assumed": "a test", "levers": {name: {} for name in levers or FOUR}}},
    }
    return parkflow.Scenario.model_validate(given)


def shared_out(*levers: str, **asked: Any) -> parkflow.Attribution:
    """The attribution of some levers."""
    return parkflow.attribute(park(*levers), "some", **{"replications": REPLICATIONS, "workers": 1} | asked)


@pytest.fixture(scope="module")
def four() -> parkflow.Attribution:
    """The attribution of four levers, of which two are alike and one is idle."""
    return shared_out(order=("clerk", "right"))


@pytest.fixture(scope="module")
def compared() -> dict[frozenset[str], Floats]:
    """Days saved by every set of the four, as comparisons of policies give them, one replication after another."""
    found = {frozenset[str](): np.zeros(REPLICATIONS)}
    for coalition in every(FOUR)[1:]:
        found[coalition] = saved_by(coalition)
    return found


def saved_by(coalition: frozenset[str]) -> Floats:
    """What a comparison says that some levers save, by replication: from the means that it tells on its way."""
    means: list[float] = [0.0]
    parkflow.compare(
        park(*sorted(coalition)), "some", replications=REPLICATIONS, workers=1, measures=("days_saved",),
        so_far=lambda saved: means.append(saved["some"]),
    )  # fmt: skip
    return np.diff(np.multiply(means, range(REPLICATIONS + 1)))


def test_shares_are_the_mean_over_all_orders(
    four: parkflow.Attribution, compared: dict[frozenset[str], Floats]
) -> None:
    """By brute force: every order of joining, with what comparisons say of every set; in each replication."""
    shares, whole = four.replicated["days_saved"]
    for lever, mine in zip(FOUR, shares, strict=True):
        added = [
            compared[frozenset(order[: order.index(lever) + 1])] - compared[frozenset(order[: order.index(lever)])]
            for order in permutations(FOUR)
        ]
        assert mine == pytest.approx(np.mean(added, axis=0), abs=1e-9)
    assert whole == pytest.approx(compared[frozenset(FOUR)], abs=1e-9)


def test_shares_sum_to_the_joint_effect_in_each_replication(four: parkflow.Attribution) -> None:
    """So do the turns; and the means to what the table says of the policy."""
    for measure, (shares, whole) in four.replicated.items():
        assert shares.sum(axis=0) == pytest.approx(whole, abs=1e-9)
        (joint,) = (row for row in four.joint if row["measure"] == measure)
        for way in (SHARE, TURN):
            assert sum(row["mean"] for row in four.of(measure, way).values()) == pytest.approx(joint["mean"])
    table = four.by_replication().groupby(["measure", "replication"])
    assert table["share"].sum().to_numpy() == pytest.approx(table["joint"].first().to_numpy(), abs=1e-9)


def test_a_lever_that_does_nothing_has_exactly_nothing(four: parkflow.Attribution) -> None:
    """In every way, with an interval of no width."""
    for way in WAYS:
        row = four.of("days_saved", way)["idle"]
        assert (row["low"], row["mean"], row["high"]) == (0.0, 0.0, 0.0)


def test_levers_that_do_the_same_have_the_same_share(four: parkflow.Attribution) -> None:
    """In each replication; not so their turns, for the second officer saves less than the first."""
    shares, _ = four.replicated["days_saved"]
    assert shares[0] == pytest.approx(shares[1], abs=1e-9)
    turns = four.of("days_saved", TURN)
    assert turns["right"]["mean"] > turns["left"]["mean"] > 0
    assert four.order == ("clerk", "right", "left", "idle")


def test_first_and_last_and_pairs(four: parkflow.Attribution, compared: dict[frozenset[str], Floats]) -> None:
    """What a lever changes alone, what the policy lacks without it, and what two change beyond each."""
    everybody = frozenset(FOUR)
    for lever in FOUR:
        alone, missed = compared[frozenset({lever})], compared[everybody] - compared[everybody - {lever}]
        assert four.of("days_saved", "first_in")[lever]["mean"] == pytest.approx(alone.mean())
        assert four.of("days_saved", "last_out")[lever]["mean"] == pytest.approx(missed.mean())
    pairs = {
        (row["lever"], row["other"], row["way"]): row["mean"] for row in four.pairs if row["measure"] == "net_days"
    }
    both = compared[frozenset({"left", "right"})] - 2 * compared[frozenset({"left"})]
    assert pairs["left", "right", "first_in"] == pytest.approx(both.mean())
    assert pairs["left", "right", SHARE] < 0
    assert pairs["left", "idle", SHARE] == pytest.approx(0.0, abs=1e-9)


def test_a_setting_that_depends_on_another_lever_is_shown(four: parkflow.Attribution) -> None:
    """Either officer is the second, and both are three."""
    (found,) = four.dependences
    assert found.row() == {
        "lever": "left", "other": "right", "key": "desks.hall.servers",
        "alone": 2, "other_alone": 2, "together": 3,
    }  # fmt: skip


def test_a_lever_that_needs_another_does_nothing_without_it() -> None:
    """It has no effect alone, and all its effect goes to both where the other is there."""
    found = shared_out("needy", "left")
    assert found.of("days_saved", "first_in")["needy"]["mean"] == 0.0
    assert found.of("days_saved")["needy"]["mean"] > 0
    shares, whole = found.replicated["days_saved"]
    assert shares.sum(axis=0) == pytest.approx(whole)


def test_drawn_orders_agree_with_all_coalitions(four: parkflow.Attribution) -> None:
    """Estimates sum to the joint effect in each replication, and their intervals hold the exact shares of as many."""
    drawn, known = (shared_out(replications=12, method=method) for method in ("sampled", "exact"))
    assert drawn.method == "sampled"
    shares, whole = drawn.replicated["days_saved"]
    assert shares.sum(axis=0) == pytest.approx(whole, abs=1e-9)
    for lever in FOUR:
        row = drawn.of("days_saved")[lever]
        assert row["low"] - 1e-9 <= known.of("days_saved")[lever]["mean"] <= row["high"] + 1e-9


def test_a_level_is_compared_with_the_serial_park() -> None:
    """A measure that is not paired is shared out as its change: officers' days do not depend on who is there."""
    found = shared_out("left", "clerk", measures=("officer_days", "days"))
    officers, days = (row["mean"] for row in found.joint)
    assert officers == pytest.approx(0.0, abs=1e-9)
    assert days < 0


def test_what_is_stored_is_not_run_again(tmp_path: Path) -> None:
    """With more replications the folder keeps those that it has, and the answer is that of a fresh one."""
    runs: list[int] = []
    few = shared_out(out=tmp_path / "kept", replications=2, method="sampled", progress=lambda at: runs.append(at.done))
    again = shared_out(out=tmp_path / "kept", replications=2, method="sampled", progress=lambda at: runs.append(-1))
    assert -1 not in runs
    assert again.rows == few.rows
    more = shared_out(out=tmp_path / "kept", replications=5, method="sampled")
    fresh = shared_out(replications=5, method="sampled", workers=2)
    assert more.rows == fresh.rows


def test_what_does_not_fit_is_told() -> None:
    """An order of other levers, a policy without any, a group that is not there."""
    with pytest.raises(parkflow.ParkflowError, match="order=lift: the policy has no such lever; did you mean 'left'"):
        shared_out(order=("lift",))
    with pytest.raises(parkflow.ParkflowError, match="order=left: name each lever once"):
        shared_out(order=("left", "left"))
    with pytest.raises(parkflow.ParkflowError, match="policy=serial: it has no levers"):
        parkflow.attribute(park(), "serial")
    with pytest.raises(parkflow.ParkflowError, match="tiny has no days_saved of nobody"):
        shared_out(group="nobody", replications=1)


def test_one_object_of_plain_values(four: parkflow.Attribution) -> None:
    """The document is what JSON holds, with a row per measure, lever and way."""
    import json

    document = json.loads(json.dumps(four.document(), allow_nan=False))
    assert document["order"] == ["clerk", "right", "left", "idle"]
    assert len(document["levers"]) == len(four.frame()) == 2 * 4 * len(WAYS)
