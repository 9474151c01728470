"""What mutated files and command lines have found, each as a small case."""

from __future__ import annotations

import pytest

from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.scenarios.load import InputError, load
from parkflow.sim.levers import LeverError
from parkflow.sim.levers.base import sitting_days


def test_a_number_of_officers_without_bounds_is_refused() -> None:
    """It used to end in an OverflowError, when it was rounded."""
    for level in ("inf", "-inf", "nan"):
        with pytest.raises(InputError, match=r"factors\.desks\.planning\.servers: .*does not fit"):
            load_sweep("zhifu", (f"desks.planning.servers=2,{level}",))


def test_a_meeting_that_sits_without_end_is_refused() -> None:
    """Its sittings used to be counted before anybody asked how many there are."""
    park = load("zhifu")
    name, meeting = next((name, it) for name, it in park.meetings.items() if it.every is not None)
    often = park.model_copy(update={"meetings": {name: meeting.model_copy(update={"every": 1e-300})}})
    with pytest.raises(LeverError, match="let it sit less often"):
        sitting_days(often, name)
