"""A stored run of Yantai, and its event log as written."""

from __future__ import annotations

from pathlib import Path

import pytest

import parkflow
from parkflow.analysis.exchange.event_log import EventLog
from parkflow.analysis.exchange.formats import log_of
from parkflow.analysis.store.run_folder import Run


@pytest.fixture(scope="session")
def yantai(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One replication of Yantai, serial and in the green channel."""
    folder = tmp_path_factory.mktemp("yantai") / "run"
    parkflow.compare("yantai", "green_channel", measures="days", replications=1, workers=1, out=folder)
    return Run(folder)


@pytest.fixture(scope="session")
def log(yantai: Run) -> EventLog:
    """What happened in the green channel, where files overtake each other."""
    return log_of(yantai, "green_channel")


@pytest.fixture(scope="session")
def xes(yantai: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What happened in the serial park, as XES."""
    return parkflow.export(yantai, "xes", out=tmp_path_factory.mktemp("xes") / "log.xes")


@pytest.fixture(scope="session")
def ocel(yantai: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What happened in the green channel, as OCEL 2.0."""
    target = tmp_path_factory.mktemp("ocel") / "log.jsonocel"
    return parkflow.export(yantai, "ocel", policy="green_channel", out=target)
