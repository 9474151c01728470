"""Ctrl-C in a comparison keeps what is done: the answer from the replications done, how many they are, status 130."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from parkflow.analysis.store.run_folder import Run
from tests.terminal.screen import seen

MANY = ("-n", "4000", "-w", "1")


def several_are_done(written: str) -> bool:
    """Whether the bar tells that a few replications are done."""
    return any(int(done) >= 3 for done in re.findall(r"(\d+)/4000", written))


@pytest.mark.slow
def test_what_is_done_is_told_and_kept(tmp_path: Path) -> None:
    """Sentences, table, the number of replications, and a folder that holds exactly these."""
    out = tmp_path / "run"
    lines, status = seen("compare", "zhifu", *MANY, "--out", str(out), columns=200, stop_at=several_are_done)
    assert status == 130
    text = " ".join(lines)
    (done,) = re.findall(r"stopped after (\d+) of 4000 replications", text)
    assert 3 <= int(done) < 4000
    assert "Under the reported practice a project takes" in text
    assert Run(out).replications == int(done)
    assert json.loads((out / "comparison.json").read_text())["interrupted"] is True
    assert set(Run(out).table("projects")["replication"]) == set(range(int(done)))


@pytest.mark.slow
def test_before_the_first_replication_nothing_is_kept(tmp_path: Path) -> None:
    """There is nothing to tell: status 130, one line."""
    out = tmp_path / "run"
    lines, status = seen(
        "compare", "zhifu", *MANY, "--out", str(out), columns=200, stop_at=lambda written: "preparing" in written
    )
    assert status == 130
    assert "parkflow: stopped" in lines[-1]
    assert not (out / "comparison.json").exists()
