"""Target files: what is read, what is refused and how, and that validation targets stay outside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit

import parkflow as pf
from parkflow import calibration
from parkflow.analysis.calibration.target_file import SHIPPED_TARGETS, load_targets
from parkflow.analysis.calibration.targets import Target, doubt_of, middle_of
from parkflow.scenarios import evidence as facts
from parkflow.scenarios.evidence import evidence

POISON = """
[[target]]
id = "v-01"
kind = "validation"
what = "days"
from = "agreement"
to = "start"
park = "small"
value = {value}
low = {value}
high = 1e9

[[target]]
id = "v-02"
kind = "validation"
nonsense = "{value}"
"""


SETTING = {"id": "v", "what": "setting", "setting": "site_visits.visits", "value": 1, "low": 0, "high": 2}
WRONG = {"cv": {"keys": ["attributes.hardship.sampled.cv"], "low": -1, "high": 1}}


@pytest.mark.slow
def test_validation_targets_change_nothing(folder: Path) -> None:
    """Whatever they hold, even what no target could hold, the fit is the same to the last bit."""
    found = []
    text = (folder / "mine.toml").read_text(encoding="utf-8")
    for name, more in (("clean", ""), ("poisoned", POISON.format(value=-5)), ("other", POISON.format(value=99))):
        (folder / "mine.toml").write_text(text + more, encoding="utf-8")
        fit = pf.calibrate((), folder / "mine.toml", points=6, waves=1, workers=1, out=folder / name)
        found.append({key: it for key, it in fit.document.items() if key != "record"})
        assert {row["id"] for row in fit.document["targets"]} == {"land", "spread", "started"}
    assert found[0] == found[1] == found[2]


def test_the_shipped_fit_never_opens_the_evidence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the file of all facts and validation targets out of reach, the problem is the same."""
    before = calibration.planned().problem.document()
    monkeypatch.setattr(facts, "FILE", tmp_path / "gone.toml")
    evidence.cache_clear()
    try:
        assert calibration.planned().problem.document() == before
    finally:
        monkeypatch.undo()
        evidence.cache_clear()


def test_the_shipped_targets_are_those_of_the_evidence() -> None:
    """t-01 to t-10 with their values and tolerances, the shape of start curves, and no validation target."""
    _, file = load_targets()
    said = {each["id"]: each for each in evidence()["target"]}
    ids = {target.id for target in file.target}
    assert ids == {name for name, each in said.items() if each["kind"] == "calibration"} | {"S13-S15"}
    exact = {t.id: t.value for t in file.target if not t.part and t.id not in ("t-07", "t-10", "S13-S15")}
    assert exact == {name: said[name]["value"] for name in exact}
    permits = next(t.value for t in file.target if t.id == "t-10")
    assert permits == pytest.approx(said["t-10"]["value"] * 297 / 30.4, abs=0.5)
    assert "validation" not in SHIPPED_TARGETS.read_text(encoding="utf-8").partition("[[target]]")[2]
    numbers = {t.name: (t.low, t.high) for t in file.target}
    assert numbers["t-01"] == pytest.approx((182.5 * 0.85, 182.5 * 1.15), abs=0.1)
    assert numbers["t-04"] == pytest.approx((182.5 * 0.9, 182.5 * 1.1))
    assert (numbers["t-07"], numbers["t-09"]) == ((45 - 13, 45 + 13), (0.257, 0.557))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": ["land_tme"]}, "mine.toml: parameters: no park has a range 'land_tme'; did you mean 'la"),
        ({"parameters": []}, "mine.toml: parameters: "),
        ({"parametrs": ["land_time"]}, "mine.toml: parametrs: unknown key; did you mean 'parameters'?"),
        ({"replications": 1}, "mine.toml: replications: "),
        ({"target.0.to": "lend"}, "mine.toml: target land: to: small has no 'lend'; did you mean"),
        ({"target.0.to": "land.begin"}, "mine.toml: target land: to: land: small has no 'begin'; there are"),
        ({"target.0.policy": "serail"}, "mine.toml: target land: policy: small has no 'serail'; did you mean"),
        ({"target.0.park": "large"}, "mine.toml: target land: park: 'large' is not fitted; there is only"),
        ({"target.0.valu": 3}, "mine.toml: target land: valu: unknown key; did you mean 'value'?"),
        ({"target.0.value": 200}, "mine.toml: target land: 120 to 140 is no tolerance of 200; give low ≤"),
        ({"target.0.from": []}, "mine.toml: target land: days needs from; add it"),
        ({"target.0.kind": "validtion"}, "mine.toml: target land: kind: 'validtion' is no kind of target; w"),
        ({"target.0.where": {"hardshp": [1]}}, "mine.toml: target land: where: small has no 'hardshp'; did you mean"),
        ({"target.2.within": 30}, "mine.toml: target started: a share needs within or by, and not both; give one"),
        ({"target.2.groups": ["old"]}, "mine.toml: target started: groups: small has no 'old'; there is only"),
        ({"target.0": SETTING}, "mine.toml: target v: setting: serial does not use 'site_visits'; none is declared"),
        ({"search": {"land_tme": [1, 2]}}, "mine.toml: search: 'land_tme' is not fitted; did you mean 'land_time'?"),
        ({"search": {"window": [9, 2]}}, "mine.toml: search.window: 9 to 2 is no range; low must be below high"),
        ({"prior": {"smal": {}}}, "mine.toml: prior: 'smal' is not fitted; did you mean 'small'?"),
        ({"prior": {"all": {"desks.door": 1}}}, "mine.toml: prior.all: no park of the fit has 'desks.door'; check"),
        ({"prior": {"all": {"desks.*.servers": "x"}}}, "mine.toml: prior: desks.*.servers: small cannot have 'x': "),
        ({"ranges": WRONG, "parameters": ["cv"]}, "mine.toml: ranges.cv: small cannot be at -1: attributes.hardship."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_key_and_remedy(
    folder: Path, table: dict[str, Any], change: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, value in change.items():
        *parents, key = path.split(".")
        node: Any = table
        for parent in parents:
            node = node[int(parent)] if isinstance(node, list) else node[parent]
        node[int(key) if isinstance(node, list) else key] = value
    (folder / "mine.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(pf.ParkflowError) as error:
        calibration.planned((), "mine.toml")
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("nowhere.toml", None), "nowhere.toml: there is no such file"),
        (("mine.toml", ["baseline"]), "mine.toml: parameters: none moves anything in baseline"),
    ],
)
def test_files_and_parks_that_do_not_fit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: Any, message: str
) -> None:
    monkeypatch.chdir(folder)
    text = (folder / "mine.toml").read_text(encoding="utf-8").replace('groups = ["new"]', 'groups = ["ordinary"]')
    text = text.replace('"land_time", "spread", "window", "review_spread"', '"window"').replace(
        '"land"', '"land_contract"'
    )
    (folder / "mine.toml").write_text(text.replace('"start"', '"groundbreaking"'), encoding="utf-8")
    with pytest.raises(pf.ParkflowError, match=message):
        calibration.planned(given[1] or (), given[0])


def test_a_run_ends_when_no_target_looks_further(folder: Path) -> None:
    assert calibration.planned((), folder / "mine.toml").problem.parks["small"].horizon == 900
    (folder / "mine.toml").write_text(
        (folder / "mine.toml").read_text(encoding="utf-8").replace('what = "days"', 'what = "days"\nuntil = 700'),
        encoding="utf-8",
    )
    plan = calibration.planned((), folder / "mine.toml")
    assert plan.problem.parks["small"].horizon == 701
    assert plan.problem.whole["small"].horizon == 900


def test_a_tolerance_is_read_as_an_interval_of_95_percent() -> None:
    given = {
        "id": "t",
        "what": "share",
        "to": "start",
        "by": dt.date(2023, 1, 1),
        "value": 0.5,
        "low": 0.4,
        "high": 0.9,
    }
    target = Target.model_validate({**given, "discrepancy": 0})
    assert target.deviations == pytest.approx((0.125 / 1.96, 0.4 / 1.96))
    assert Target.model_validate(given).deviations[1] == pytest.approx(((0.4 / 1.96) ** 2 + 0.025**2) ** 0.5)


PRIOR = """
[prior.all]
"activities.land.duration.mean" = 90
"portfolio.*.arrivals.between" = [2023-02-01, 2023-12-31]

[prior.small]
"attributes.hardship.sampled.cv" = 0.4

[search]
land_time = [0.7, 1.5]
"""


def test_a_fit_begins_at_the_prior_whatever_the_park_holds(folder: Path) -> None:
    """So the command that made a file's fitted values makes them again from that file."""
    text = (folder / "mine.toml").read_text(encoding="utf-8")
    before, targets, after = text.partition("[[target]]")
    (folder / "mine.toml").write_text(before + PRIOR + targets + after, encoding="utf-8")
    one = calibration.planned((), folder / "mine.toml").problem
    park = (folder / "small.toml").read_text(encoding="utf-8")
    fitted = park.replace("lognormal(100, 0.3)", "lognormal(70, 0.3)").replace("low = 0.05", "low = 0.2")
    fitted = fitted.replace("lognormal(1, 0.3)", "lognormal(1, 0.7)").replace(
        "[2023-01-02, 2023-12-31]", "[2023-05-01, 2023-12-31]"
    )
    (folder / "small.toml").write_text(fitted.replace("high = 2\n", "high = 1.1\n"), encoding="utf-8")
    other = calibration.planned((), folder / "mine.toml").problem
    assert one.parks["small"].activities["land"].duration.mean == 90  # type: ignore[union-attr]
    assert (one.parameters["land_time"].low, one.parameters["land_time"].high) == (0.7, 1.5)
    assert one.own_levels() == {**other.own_levels(), "spread": 0.4}
    told, again = one.document(), other.document()
    del told["parameters"]["spread"], again["parameters"]["spread"]  # its range is the park's own
    assert told == again


def test_the_middle_of_replications_is_not_moved_by_a_rare_one() -> None:
    seen = np.array([[40.0, 1.0], [41.0, np.nan], [42.0, 3.0], [300.0, 2.0]])
    assert middle_of(seen).tolist() == [41.5, 2.0]
    assert np.isnan(middle_of(np.full((3, 1), np.nan))).all()
    normal = np.random.default_rng(1).normal(10, 2, size=(4000, 1))
    assert doubt_of(normal)[0] == pytest.approx((np.pi / 2) ** 0.5 * 2 / 4000**0.5, rel=0.1)
