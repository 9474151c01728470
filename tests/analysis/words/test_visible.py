"""What a county office sees is Chinese: the report, every chart and the tables of every command hold no English word.

Left as they are: names that the user gave (parks, projects, keys, files), units, and names of programs and people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.text import Text
from typer.testing import CliRunner

import parkflow
from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.charts.drawing import run_chart
from parkflow.analysis.charts.kinds import RUN_KINDS
from parkflow.analysis.language import words
from parkflow.analysis.store.run_folder import Run
from parkflow.commands import app

GIVEN = re.compile(r"`[^`]*`|\b(zhaoqing|zhifu|[a-z_]+-\d+)\b|https?://\S+|\S*/\S+|\S+\.(toml|json|html)\b")
"""What the user named, addresses, files, and commands."""

NAMES = (
    "parkflow Python SimPy NumPy PCG BLAKE simpy numpy scipy pydantic holidays numba pandas pyarrow joblib dask "
    "PERT LN Linux fc glibc with MIT Hall Kaplan Meier STRESS DES III class slack"
)
"""Programs, methods and people; and two rules by their keys."""

CITATION = re.compile(r"Monks, T.*?55-67\.")


def english(text: str) -> set[str]:
    """English words of a text."""
    text = GIVEN.sub(" ", CITATION.sub(" ", text))
    return {word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in NAMES.split()}


class Seen(HTMLParser):
    """The text of a page that a reader sees, without what is marked as code."""

    SILENT = frozenset({"style", "script", "code", "pre"})
    VOID = frozenset({"br", "img", "meta", "link", "input", "hr", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """An element begins."""
        if tag not in self.VOID:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and what was left open in it."""
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        if not self.SILENT & set(self.inside):
            self.texts.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zhaoqing under three policies."""
    path = tmp_path_factory.mktemp("zhaoqing") / "run"
    parkflow.compare("zhaoqing", ["reported", "green_channel"], replications=2, workers=1, out=path)
    return path


@pytest.mark.slow
def test_the_report_is_chinese(folder: Path, tmp_path: Path) -> None:
    """All text of the page, its pictures' too, with the annex."""
    seen = Seen()
    seen.feed(parkflow.report(folder, lang="zh").save(tmp_path / "report.html").read_text(encoding="utf-8"))
    assert len(seen.texts) > 1000
    assert not {(text[:80], *english(text)) for text in seen.texts if english(text)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", RUN_KINDS)
def test_every_chart_is_chinese(kind: str, folder: Path) -> None:
    """Title, caption, axes, legends and labels."""
    chart = run_chart(kind, Run(folder), Ask(words("zh")))
    texts = [chart.title, chart.caption, *(text.get_text() for text in chart.figure.findobj(Text))]
    assert not {(text[:80], *english(text)) for text in texts if english(text)}


def shown(*arguments: str) -> Iterator[str]:
    """Lines that a command prints in Chinese."""
    done = CliRunner().invoke(app, list(arguments), env={"PARKFLOW_LANG": "zh"})
    assert done.exit_code == 0, done.output
    yield from done.output.splitlines()


SHORT = ("-n", "2", "-w", "1")

COMMANDS = (
    ("compare", "zhaoqing", *SHORT),
    ("compare", "zhaoqing", "--full", *SHORT),
    ("run", "zhaoqing", "--policy", "reported", *SHORT),
    ("diary", "zhaoqing", "--project", "new-8"),
    ("worth", "zhifu", "--policy", "green_channel", *SHORT),
)


@pytest.mark.slow
@pytest.mark.parametrize("given", COMMANDS, ids=" ".join)
def test_tables_of_commands_are_chinese(given: tuple[str, ...]) -> None:
    """Sentences, heads and rows."""
    assert not {(line[:80], *english(line)) for line in shown(*given) if english(line)}


LISTS = (("scenarios",), ("levers",), ("levers", "land_bank"), ("levers", "--mechanisms"))

KEYS = re.compile(
    r"\b[a-z]+(_[a-z]+)*\b(?= +[=│])|\b[a-z]+(_[a-z]+)+\b|│ [a-z]+(-\d+)? +│|\b(serial|reported|full|late|key)\b"
)
"""What is typed in commands and files: parameters, levers, parks and policies."""


@pytest.mark.slow
@pytest.mark.parametrize("given", LISTS, ids=" ".join)
def test_lists_are_chinese_but_for_keys(given: tuple[str, ...]) -> None:
    """What is typed stands as it is typed; nothing else is English."""
    assert not {(line[:80], *found) for line in shown(*given) if (found := english(KEYS.sub(" ", line)))}
