"""The page of the ledger: made from what is kept, with every part, and told how long it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.making import judging
from docs.making.making import Making
from parkflow.analysis.experiments.executors import here


def test_progress_tells_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Now and then a line; what was kept before does not count as speed."""
    clock = iter([0.0, 0.0, 10.0, 20.0, 60.0]).__next__
    told = judging.Told("ledger", 100, clock)
    for done in (40, 45, 50, 100):
        told(done)
    assert capsys.readouterr().err.splitlines() == ["ledger: 50/100, 2 min left", "ledger: 100/100, 0 s left"]


@pytest.mark.slow
def test_the_page_has_every_part_and_is_made_from_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledger, rules, arithmetic, verdicts over ranges, two intervals and start curves; a second call runs nothing."""
    for name, value in {
        "PARKS": ("guian",), "KEPT": tmp_path / "kept", "REPLICATIONS": 2, "POINTS": 10, "SHAPE_REPLICATIONS": 2,
        "DOUBT_REPLICATIONS": 2, "DOUBT_POINTS": 10, "POLICIES": ("reported",),
    }.items():  # fmt: skip
        monkeypatch.setattr(judging, name, value)

    def simulate(*_: object) -> None:
        raise AssertionError("the page of the ledger simulates by itself")

    making = Making(tmp_path / "docs", simulate, here, 1, workers=1)
    assert list(judging.make_validation(making)) == ["validation.md"]
    text = (tmp_path / "docs" / "validation.md").read_text(encoding="utf-8")
    parts = (
        "Rules of the verdict",
        "guian",
        "Arithmetic of the reports",
        "Headline verdicts under other assumptions",
        "Two kinds of doubt",
        "Starts after signing, beside three programmes",
    )
    assert all(f"\n## {part}\n" in text for part in parts)
    pictures = [part.split("](")[1].split(")")[0] for part in text.split("![")[1:]]
    assert pictures == ["images/validation.png", "images/validation-guian-starts.png"]
    assert all((tmp_path / "docs" / picture).stat().st_size > 10_000 for picture in pictures)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("what is kept is run again")

    monkeypatch.setattr("parkflow.analysis.validation.running.run_many", again)
    monkeypatch.setattr("parkflow.compare", again)
    list(judging.make_validation(making))
    assert (tmp_path / "docs" / "validation.md").read_text(encoding="utf-8") == text
