"""Logs as others read them: valid by the published schemas, opened by a process-mining library, precedence regained.

The schemas are not shipped, for neither says under which terms that may be done. They are looked for in the folder that
`PARKFLOW_SCHEMAS` names, or in `shared/schemas` beside the checkout: `xes-ieee-1849-2016.xsd` and
`ocel20-schema-json.json`.
"""

from __future__ import annotations

import json
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import parkflow
from parkflow.analysis.exchange.event_log import EventLog
from parkflow.analysis.exchange.formats import log_of
from parkflow.analysis.exchange.ocel import unfinished
from parkflow.analysis.store.run_folder import Run

SCHEMAS = Path(os.environ.get("PARKFLOW_SCHEMAS", Path(__file__).parents[4] / "shared" / "schemas"))


def schema(name: str) -> Path:
    """A published schema; skips the test where it is not there."""
    if not (SCHEMAS / name).is_file():
        pytest.skip(f"{name} is not in {SCHEMAS}; set PARKFLOW_SCHEMAS to the folder that has it")
    return SCHEMAS / name


@pytest.fixture(scope="module")
def miner() -> Iterator[Any]:
    """The process-mining library; it tells of itself in warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pytest.importorskip("pm4py", reason="the extra 'test' installs pm4py")


def told(element: ElementTree.Element) -> dict[str, str]:
    """The attributes of a trace or an event."""
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


@pytest.mark.slow
def test_xes_is_valid_by_the_schema_of_the_standard(xes: Path) -> None:
    etree = pytest.importorskip("lxml.etree", reason="the extra 'test' installs lxml")
    published = etree.XMLSchema(etree.parse(schema("xes-ieee-1849-2016.xsd")))
    published.assertValid(etree.parse(xes))


@pytest.mark.slow
def test_ocel_is_valid_by_the_schema_of_the_standard(ocel: Path) -> None:
    validator = pytest.importorskip("jsonschema", reason="the extra 'test' installs jsonschema")
    published = json.loads(schema("ocel20-schema-json.json").read_text(encoding="utf-8"))
    validator.validate(json.loads(ocel.read_text(encoding="utf-8")), published)


@pytest.mark.slow
def test_xes_says_what_the_log_says_and_in_order(xes: Path, yantai: Run) -> None:
    """Every trace is in the order of time; no attempt starts before it is scheduled, nor completes before it starts."""
    turns = {"schedule": 0, "start": 1, "suspend": 2, "resume": 2, "complete": 3}
    transitions = Counter[str]()
    for trace in ElementTree.parse(xes).getroot().iter("trace"):
        times, reached = [], Counter[str]()
        for event in map(told, trace.iter("event")):
            transitions[event["lifecycle:transition"]] += 1
            times.append(event["time:timestamp"])
            turn = turns[event["lifecycle:transition"]]
            assert turn >= reached[event["concept:instance"]]
            reached[event["concept:instance"]] = turn
        assert times == sorted(times)
    log = log_of(yantai)
    attempts = log.rows[log.rows["step"] != "milestone"]
    assert transitions["schedule"] == len(attempts)
    assert transitions["start"] == attempts["start"].notna().sum()
    assert transitions["complete"] == log.rows["complete"].notna().sum()
    assert (transitions["suspend"], transitions["resume"]) == (len(log.pauses), log.pauses["end"].notna().sum())
    assert transitions["suspend"] > 50


@pytest.mark.slow
def test_the_library_reads_the_same_log_from_xes(xes: Path, miner: Any, yantai: Run) -> None:
    """As many cases as projects, officers at desks, and waits that sum to those of the stored steps."""
    log: pd.DataFrame = miner.read_xes(str(xes))
    assert log["case:concept:name"].nunique() == yantai.table("projects", policy="serial")["project"].nunique()
    steps = yantai.table("steps", policy="serial")
    assert log["wait"].sum() == pytest.approx((steps["start"] - steps["ready"]).sum())
    assert {"planning/1", "housing/1"} <= set(log["org:resource"].dropna())
    assert log["time:timestamp"].dt.year.min() >= 2018


@pytest.mark.slow
def test_the_library_reads_the_same_objects_from_ocel(ocel: Path, miner: Any, yantai: Run, log: EventLog) -> None:
    """Projects, issues, desks, meetings and stocks; one event per completed attempt or milestone."""
    found = miner.read_ocel2_json(str(ocel))
    kinds = Counter(found.objects["ocel:type"])
    assert kinds["project"] == yantai.table("projects", policy="green_channel")["project"].nunique()
    assert kinds["issue"] == yantai.table("issues", policy="green_channel")["raised"].notna().sum()
    assert kinds["desk"] == len(log.scenario.desks)
    assert {"parcel", "meeting", "stock"} <= set(kinds)
    assert len(found.events) == len(log.rows) - unfinished(log)


def test_ocel_refers_to_what_it_declares(ocel: Path) -> None:
    """What no schema can say: identifiers are unique, types and attributes declared, and no relation leads nowhere."""
    found = json.loads(ocel.read_text(encoding="utf-8"))
    for kind, things in (("objectTypes", "objects"), ("eventTypes", "events")):
        declared = {one["name"]: {each["name"] for each in one["attributes"]} for one in found[kind]}
        for thing in found[things]:
            assert {each["name"] for each in thing["attributes"]} <= declared[thing["type"]]
        assert len({thing["id"] for thing in found[things]}) == len(found[things])
    known = {thing["id"] for thing in found["objects"]}
    related = [each["objectId"] for thing in (*found["objects"], *found["events"]) for each in thing["relationships"]]
    assert set(related) <= known
    assert len(related) > len(found["events"])


def test_csv_and_parquet_have_the_same_rows(yantai: Run, tmp_path: Path, log: EventLog) -> None:
    """The columns of the log, with moments as text and as timestamps."""
    paths = [
        parkflow.export(yantai, to, policy="green_channel", out=tmp_path / f"log.{to}") for to in ("csv", "parquet")
    ]
    csv = pd.read_csv(paths[0], keep_default_na=False, parse_dates=["complete"])
    parquet = pd.read_parquet(paths[1])
    assert list(csv) == list(parquet) == list(log.rows)
    assert (csv["complete"].dropna() == parquet["complete"].dropna()).all()
    assert csv["contention"].tolist() == parquet["contention"].tolist() == log.rows["contention"].tolist()


def test_a_format_that_is_none_is_refused_and_leaves_no_file(yantai: Run, tmp_path: Path) -> None:
    with pytest.raises(parkflow.ParkflowError, match="to=xess: there is no such format; did you mean 'xes'"):
        parkflow.export(yantai, "xess", out=tmp_path / "log")
    assert not list(tmp_path.iterdir())
