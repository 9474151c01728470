"""Output goes through any encoding, and no name steers a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from parkflow.commands.streams import Harmless, harmless, told_shortly

ROOT = Path(__file__).parents[2]


def piped(encoding: str, *words: str) -> bytes:
    """What a command writes into a pipe of an encoding."""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "parkflow", *words], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gb18030", "latin-1"])
def test_output_can_be_piped_in_any_encoding(encoding: str) -> None:
    """What is lacking is spelt, and JSON is the same whatever the pipe can hold; for ASCII Click writes UTF-8."""
    written = "utf-8" if encoding == "ascii" else encoding
    assert "serial" in piped(encoding, "compare", "yantai", "-n", "2", "-w", "1").decode(written)
    shown = piped(encoding, "show", "yantai").decode(written)
    assert json.loads(shown)["title_zh"] == json.loads(piped("utf-8", "show", "yantai"))["title_zh"]


def test_what_steers_a_terminal_is_shown_as_it_would_be_written() -> None:
    assert harmless("a\x1b[31mred\x07\x9b2J\u202eb\r") == "a\\u001b[31mred\\u0007\\u009b2J\\u202eb\\u000d"
    assert harmless("园区\tone\nline") == "园区\tone\nline"


def test_tables_keep_their_colours_and_lose_those_of_names() -> None:
    """The escape sequence of a cell is text; rich's own is still one."""
    table = Table("name", style="red")
    table.add_row("\x1b[2Jevil [bold]x[/bold]")
    console = Console(force_terminal=True, color_system="standard", width=60, markup=False)
    with console.capture() as captured:
        console.print(Harmless(table))
    assert "\\u001b[2Jevil [bold]x[/bold]" in captured.get()
    assert "\x1b[31m" in captured.get()


def test_a_word_without_end_is_cut_short() -> None:
    """The start and the end of it say which one is meant; paths of a usual length stay whole."""
    message = told_shortly(f"there is no desk '{'x' * 20_000}'; add it")
    assert len(message) < 200
    assert message.endswith("x'; add it")
    assert told_shortly("/home/" + "a" * 200) == "/home/" + "a" * 200
