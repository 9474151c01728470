"""What is seen at 80 × 24 in a real terminal: the answer and its table on one screen, no number and no name broken."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from parkflow.sim.levers import CATALOGUE
from tests.terminal.screen import ROOT, seen

ESTIMATE = re.compile(r"−?\d[\d,.]*%? \[−?\d[\d,.]*%?, −?\d[\d,.]*%?\]")
FEW = ("-n", "5", "-w", "1")


def piped(*arguments: str) -> str:
    """What a command writes into a pipe."""
    called = [sys.executable, "-m", "parkflow", *arguments]
    return subprocess.run(called, capture_output=True, text=True, cwd=ROOT, check=True).stdout


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_answer_and_its_table_fit_one_screen(lang: str) -> None:
    """At most 22 lines, each at most 80 cells; every row of the table has its whole name and whole estimates."""
    lines, status = seen("compare", "yantai", *FEW, "--lang", lang)
    assert status == 0
    assert len(lines) <= 22, "\n".join(lines)
    names = {"en": ("reported practice", "green channel"), "zh": ("报道做法", "绿色通道")}[lang]
    for name in names:
        row = next(line for line in lines[-5:] if line.replace(" ", "").startswith(name.replace(" ", "")))
        assert len(ESTIMATE.findall(row)) >= 3


@pytest.mark.slow
def test_every_number_of_the_sentences_is_whole() -> None:
    """The terminal breaks lines between words only: joined again they are what is piped."""
    lines, _ = seen("compare", "zhifu", *FEW)
    flat = " ".join(" ".join(lines).split())
    for paragraph in piped("compare", "zhifu", *FEW).split("\n\n")[:2]:
        assert " ".join(paragraph.split()) in flat


@pytest.mark.slow
def test_full_tables_break_no_number() -> None:
    """Policies that do not fit side by side go on in a table below; all estimates that are piped are seen whole."""

    def estimates(lines: list[str]) -> list[str]:
        return sorted(ESTIMATE.findall("\n".join(line for line in lines if line.startswith("│"))))

    lines, _ = seen("compare", "zhifu", *FEW, "--full")
    wide = piped("compare", "zhifu", *FEW, "--full")
    assert estimates(lines) == estimates(wide.splitlines())


@pytest.mark.slow
def test_nothing_is_cut_in_a_pipe() -> None:
    """Every lever by its whole name and title, on lines as long as they take."""
    text = piped("levers")
    for name, lever in CATALOGUE.items():
        line = next(line for line in text.splitlines() if f" {name} " in line)
        assert lever.title in line
    assert "…" not in text


@pytest.mark.slow
def test_lists_of_names_are_whole_in_a_terminal() -> None:
    """The name of every lever stands on one line at 80 columns."""
    lines, _ = seen("levers")
    assert set(CATALOGUE) <= {word for line in lines for word in line.split()}
