"""Every command and every file in the documentation and the README works as it is written there.

The commands of fenced `sh` blocks, and of the README's `console` blocks, are run in the order of the page and in one
folder, with one or two replications. A `toml` block whose first line is a comment with a file name is saved under that
name first. The README's first `sh` block sets up an environment: CI runs it.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from typer.testing import CliRunner

from parkflow.commands import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FEW: dict[str, tuple[str, ...]] = dict.fromkeys(("compare", "run", "chart", "report", "worth"), ("-n", "2", "-w", "1"))
FEW |= {
    "sweep": ("-n", "1", "-w", "1"),
    "rerun": ("-w", "1"),
    "displacement": ("-n", "2", "-w", "1"),
    "attribute": ("-n", "2", "-w", "1", "--method", "sampled"),
    "choose": ("--cap", "20", "-w", "1"),
    "need": ("--cap", "16", "-w", "1"),
    "sensitivity": ("--trajectories", "2", "--inputs", "1", "--rows", "2", "-w", "1"),
    "validate": ("-n", "2", "-w", "1"),
    "calibrate": ("-n", "2", "-w", "1", "--points", "4", "--waves", "1"),
    "nation": ("--zones", "1", "-w", "1"),
}
SCRIPTS = ("tutorial.md",)
"""Pages whose Python is run too, with the files that the page has made so far."""

SLOW = ("gallery.md", "findings.md")
"""Their commands are written by the program, and were run when it made the page."""


def blocks(path: Path) -> list[tuple[str, str]]:
    """Language and text of the fenced blocks of a page, in order."""
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def lines(text: str) -> list[str]:
    """Commands of a block, continued lines joined."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]


def run(line: str) -> None:
    """Run one line of parkflow where we are; what it prints to a file goes there."""
    command, _, target = line.split("  #")[0].partition(" > ")
    name, *arguments = shlex.split(command)
    assert name == "parkflow", line
    runs_nothing = arguments[:2] == ["chart", "network"]
    runs_nothing |= arguments[0] in ("chart", "report") and any(Path(word).is_dir() for word in arguments[1:])
    done = CliRunner().invoke(app, [*arguments, *(() if runs_nothing else FEW.get(arguments[0], ()))])
    assert done.exit_code == 0, f"{line}\n{done.output}"
    if target:
        Path(target.strip()).write_text(done.stdout, encoding="utf-8")


def save(text: str, folder: Path, name: str | None = None) -> None:
    """Save a scenario file of a page."""
    first = text.splitlines()[0]
    named = name or (first[2:] if first.startswith("# ") and first.endswith(".toml") else None)
    if named:
        (folder / named).write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page not in SLOW])
def test_commands_of_the_documentation_work(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, in one folder."""
    monkeypatch.chdir(tmp_path)
    for language, text in blocks(ROOT / "docs" / page):
        if language == "toml":
            save(text, tmp_path)
        elif language == "sh":
            for line in lines(text):
                run(line)
        elif language == "python" and page in SCRIPTS:
            exec(compile(text, page, "exec"), {"__name__": page})


@pytest.mark.slow
def test_commands_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With few replications."""
    monkeypatch.chdir(tmp_path)
    found = blocks(ROOT / "README.md")
    for language, text in found:
        if language == "toml":
            save(text, tmp_path, "my-park.toml")
    for language, text in found:
        if language == "console":
            for line in lines(text):
                if line.startswith("$ parkflow"):
                    run(line[2:])


def test_links_of_the_documentation_lead_somewhere() -> None:
    """Files that pages refer to exist."""
    for page in (ROOT / "docs").glob("*.md"):
        for address in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert address.startswith("https://") or (page.parent / address).exists(), f"{page.name}: {address}"


@pytest.mark.slow
def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """All its code cells, in order, in one namespace."""
    monkeypatch.syspath_prepend(str(ROOT))
    mpl.use("Agg")
    notebook = json.loads((ROOT / "docs" / "researcher.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 5
    names: dict[str, object] = {"__name__": "notebook"}
    for cell in cells:
        exec(compile(cell, "researcher.ipynb", "exec"), names)
    assert "columns" in dir(names["measures"])


@pytest.mark.slow
def test_a_chart_in_chinese_without_a_font_is_refused_kindly(tmp_path: Path) -> None:
    """Exit status 2 and a remedy, no traceback; drawn where a font is there."""
    called = [sys.executable, "-m", "parkflow", "chart", "network", "zhifu", "--lang", "zh", "-o", "n.png"]
    done = subprocess.run(called, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)
    assert (tmp_path / "n.png").exists() or "apt-get install fonts-noto-cjk" in done.stderr
