"""Whatever happens to a stored file, it is told, repaired or of no matter, and never used.

The same a thousand times: python -m tests.store.damage
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.damage import cases

CASES = {"run": 150, "sweep": 40}


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_damage_is_told_or_repaired_and_never_used(kind: str, tmp_path: Path) -> None:
    came = {number: (done, outcome) for number, done, outcome in cases(kind, 0, CASES[kind], tmp_path)}
    assert not {
        number: case for number, case in came.items() if case[1] not in ("told", "told and repaired", "harmless")
    }
    assert any(outcome.startswith("told") for _, outcome in came.values())
