"""The public face is typed as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the extra 'dev' installs mypy")
ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_users_script_passes_mypy_in_strict_mode() -> None:
    """Every name has its real type, and the mistakes in the script are found."""
    called = [sys.executable, "-m", "mypy", "tests/typing/face.py"]
    # Without the packages of the configuration: only this file and what it imports.
    done = subprocess.run([*called, "--strict"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
