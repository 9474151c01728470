"""The links of a checkout, which an unpacked sdist lacks, and the park of the inner loop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "parkflow"

for room in ("sim", "scenarios", "analysis"):
    if not (PACKAGE / room).exists():
        (PACKAGE / room).symlink_to(Path("..") / room, target_is_directory=True)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the engine, where that has not been done, before each worker does so by itself."""
    if not hasattr(config, "workerinput"):
        from parkflow.sim.choosing import engine  # needs the links

        engine()


INNER = "baseline"
"""What is tested for every shipped park is slow for all but this one."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of all other shipped parks as slow, before any are chosen by their marks."""
    from parkflow.scenarios.load import available  # needs the links

    others = set(available()) - {INNER}
    for item in items:
        given = getattr(getattr(item, "callspec", None), "params", {}).values()
        if any(isinstance(value, str) and value in others for value in given):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="module")
def _levers_of_others_are_forgotten() -> Iterator[None]:
    """A lever that the tests of one file register is unknown to those of the next in the same process."""
    from parkflow.sim.levers import CATALOGUE

    before = dict(CATALOGUE)
    yield
    CATALOGUE.clear()
    CATALOGUE.update(before)
