"""The worked example of CONTRIBUTING.md works as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from parkflow.sim.levers import CATALOGUE, LeverError, make_lever, with_levers
from parkflow.sim.levers.base import Lever, parameter
from parkflow.sim.scenario import Scenario
from tests.sim.levers.case import Case
from tests.sim.levers.cases_approvals import few
from tests.sim.levers.observe import spent

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
CLASS, CASE = re.findall(r"```python\n(.*?)```", TEXT, flags=re.S)


def test_a_new_lever_takes_a_class_a_line_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class joins the catalogue, its neutral parameters change nothing, its observable moves, its range holds."""
    names: dict[str, Any] = {
        "Lever": Lever, "parameter": parameter, "Scenario": Scenario, "Any": Any,
        "Case": Case, "few": few, "spent": spent,
    }  # fmt: skip
    exec(compile("from __future__ import annotations\n" + CLASS, "CONTRIBUTING.md", "exec"), names)
    lever = names["MoreMachines"]
    monkeypatch.setitem(CATALOGUE, lever.name, lever)
    assert with_levers(few(), {lever.name: lever.neutral}) == few()
    exec(compile(CASE, "CONTRIBUTING.md", "exec"), names)
    moved, half_width = names["CASE"].movement()
    assert moved > half_width
    with pytest.raises(LeverError, match="output"):
        make_lever(lever.name, {"output": 0})
