"""An approval of one's own, written as the docs show it, does what they say; half of it does nothing, and is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parkflow.checking import checked
from parkflow.comparisons import compare
from parkflow.scenarios.load import load

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```toml\n# ([\w-]+\.toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEVEL, SEVERAL = "parallel_approvals", 3


def written(page: str) -> dict[str, str]:
    """The files of a page by name."""
    return dict(BLOCK.findall((DOCS / page).read_text(encoding="utf-8")))


@pytest.fixture
def _harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harbour park of the page, without and with its port authority."""
    monkeypatch.chdir(tmp_path)
    for name, text in written("scenarios.md").items():
        Path(name).write_text(text, encoding="utf-8")


def days(park: str) -> tuple[float, float]:
    """Days from land contract to construction permit in the serial park, and with parallel approvals alone."""
    found = compare(
        park, levers=[LEVEL], start="land_contract", end="construction_permit", measures=["days"],
        replications=SEVERAL, workers=1,
    )  # fmt: skip
    serial, parallel = (found.rows("days", policy, "all")[0]["mean"] for policy in ("serial", f"serial+{LEVEL}"))
    assert serial is not None
    assert parallel is not None
    return serial, parallel


@pytest.mark.slow
@pytest.mark.usefixtures("_harbour")
def test_the_port_review_lengthens_the_serial_park_and_is_waived() -> None:
    """By its own length at least in the serial park, and hardly at all beside the others."""
    without, with_port = days("harbour.toml"), days("lantern.toml")
    expected = load("lantern.toml").activities["port_review"].duration
    assert expected is not None
    serial, parallel = (after - before for before, after in zip(without, with_port, strict=True))
    assert serial > expected.expectation
    assert parallel < serial / 2


@pytest.mark.slow
@pytest.mark.usefixtures("_harbour")
def test_a_park_as_the_docs_write_it_is_not_doubtful() -> None:
    """Nothing to warn of; and half of the approval is warned of."""
    assert not checked("lantern.toml").doubts
    text = Path("lantern.toml").read_text(encoding="utf-8")
    after = 'after = { planning_permit = "parallel_approvals", land_contract = "start_on_land" }\n'
    custom = '[activities.drawings.after]\nport_review = "parallel_approvals"\n'
    half = text.replace(after, "").replace(custom, "").replace('tags = ["submission"]\n', "")
    Path("half.toml").write_text(half, encoding="utf-8")
    assert [it.key for it in checked("half.toml").doubts] == ["activities.port_review"]
    nobody = half.replace('needs = ["permit_handover", "port_review"]', 'needs = ["permit_handover"]')
    Path("nobody.toml").write_text(nobody, encoding="utf-8")
    told = [it.what.split(",")[0] for it in checked("nobody.toml").doubts]
    assert told == ["nothing waits for it", "no lever touches it", "lies beside every way to a milestone"]
