"""The command that says which lever did it: sentence, tables, chart and plain values, in both languages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from matplotlib.patches import Rectangle
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.charts.stacking import share_chart
from parkflow.analysis.language import words
from parkflow.analysis.sentences.shares import depends, how, shares
from parkflow.commands import app

ASKED = ("attribute", "approvals-275", "-p", "green_channel", "-n", "3", "-w", "1")


def told(*arguments: str, status: int = 0) -> str:
    """What the command prints."""
    done = CliRunner().invoke(app, [*ASKED, *arguments])
    assert done.exit_code == status, done.output
    return done.stdout if status == 0 else done.output


def test_a_sentence_and_tables_are_printed(tmp_path: Path) -> None:
    """The one lever has the whole effect; the picture is drawn."""
    printed = told("--chart", str(tmp_path / "shares.png"))
    assert "Shared out among 1 levers" not in printed
    assert "All of it is parallel approvals" in printed
    assert "net of the park" in printed
    assert (tmp_path / "shares.png").stat().st_size > 10_000


def test_it_speaks_chinese() -> None:
    """Sentence, headings and note."""
    printed = told("--lang", "zh")
    assert "节省天数" in printed
    assert "沙普利值" in printed
    assert "share" not in printed


def test_plain_values() -> None:
    """JSON has what Python has, CSV a line per measure, lever and way."""
    document = json.loads(told("-f", "json", "-m", "days_saved"))
    (joint,) = document["joint"]
    found = parkflow.attribute("approvals-275", "green_channel", measures=["days_saved"], replications=3, workers=1)
    assert joint == found.joint[0]
    assert document["method"] == "exact"
    lines = list(csv.DictReader(io.StringIO(told("-f", "csv", "-m", "days_saved"))))
    assert [line["way"] for line in lines] == ["shapley", "first_in", "last_out", "in_order"]
    assert all(float(line["mean"]) == pytest.approx(joint["mean"]) for line in lines)


def test_a_wrong_order_is_told_in_one_line() -> None:
    """With the option's name, and a status that is not zero."""
    assert "--order lift: the policy has no such lever" in told("--order", "lift", status=2)


def row(lever: str, mean: float, low: float, high: float, way: str = "shapley") -> dict[str, Any]:
    """A row of days saved."""
    return {
        "measure": "days_saved", "unit": "days", "lever": lever, "way": way, "mean": mean, "low": low, "high": high,
        "replications": 9,
    }  # fmt: skip


def made(**changes: Any) -> parkflow.Attribution:
    """An attribution of days saved to two levers that overlap, of which one is unsure."""
    rows = [row("land_bank", 20, 15, 25), row("green_lane", 4, -2, 10)]
    rows += [row("land_bank", 40, 30, 50, "first_in"), row("green_lane", 8, 1, 15, "first_in")]
    rows += [row(lever, mean, mean, mean, "in_order") for lever, mean in (("land_bank", 40), ("green_lane", -16))]
    given: dict[str, Any] = {
        "park": "baseline", "policy": "green_channel", "question": ("agreement", "groundbreaking"), "group": "all",
        "seed": 1, "replications": 9, "method": "exact", "levers": ("land_bank", "green_lane"),
        "order": ("land_bank", "green_lane"), "joint": (row("", 24, 20, 28),), "rows": tuple(rows), "pairs": (),
        "dependences": (), "replicated": {},
    }  # fmt: skip
    return parkflow.Attribution(**given | changes)


def test_the_sentence_says_what_is_sure_and_what_overlaps() -> None:
    """Shares with their parts of the whole, the lever whose interval contains zero, and the sum of levers alone."""
    said = shares(made(), "days_saved", words("en").about(parkflow.load("baseline")))
    assert "24 days (95% interval 20 to 28)" in said
    assert "land bank 20 (83%), green lane 4.0 (17%)" in said
    assert "Of green lane nothing is sure" in said
    assert "would change 48 in sum: they overlap" in said


def test_the_chart_ends_at_the_joint_effect() -> None:
    """Bars go from where the last one ended, losses too; the table holds what is drawn."""
    drawn = share_chart(made(), words("en").about(parkflow.load("baseline")))
    first, second, whole = (bar for bar in drawn.figure.axes[0].patches if isinstance(bar, Rectangle))
    assert (first.get_x(), first.get_width()) == (0, 40)
    assert second.get_x() + second.get_width() == whole.get_width() == 24
    assert set(drawn.table["way"]) == {"shapley", "in_order"}
    assert "Which lever did it" in drawn.title


def test_dependence_and_method_are_told() -> None:
    """A line per key that two levers set, and how shares were found."""
    say = words("en")
    from parkflow.analysis.experiments.dependence import Dependence

    (line,) = depends([Dependence("land_bank", "green_lane", "desks.hall.servers", 2, 2, 3)], say)
    assert "do not set desks.hall.servers independently: 2 and 2 alone, 3 together" in line
    assert "all 4 sets of levers" in how(made(), say)
    assert "random order" in how(made(method="sampled"), say)
