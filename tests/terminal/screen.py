"""What a real terminal shows of a command: it runs in a pseudo-terminal, whose bytes a terminal emulator reads."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).parents[2]
HISTORY = 2000
"""Lines that have scrolled out above and are kept."""


class Seen(NamedTuple):
    """The lines of a terminal from the first to the last, those that scrolled away too, and the exit status."""

    lines: list[str]
    status: int


def seen(*arguments: str, columns: int = 80, rows: int = 24, stop_at: Callable[[str], bool] | None = None) -> Seen:
    """Run a command line in a terminal; Ctrl-C is pressed once as soon as `stop_at` says so of what was written."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "NO_COLOR")}
    environment |= {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    called = [sys.executable, "-m", "parkflow", *arguments]
    with subprocess.Popen(
        called, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        written = _read(ours, process, stop_at)
    screen = pyte.HistoryScreen(columns, rows, history=HISTORY)
    pyte.ByteStream(screen).feed(written)
    above = ["".join(line[column].data for column in range(columns)) for line in screen.history.top]
    lines = [line.rstrip() for line in (*above, *screen.display)]
    while lines and not lines[-1]:
        lines.pop()
    return Seen(lines, process.returncode)


def _read(ours: int, process: subprocess.Popen[bytes], stop_at: Callable[[str], bool] | None) -> bytes:
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
        if stop_at is not None and stop_at(written.decode("utf-8", "replace")):
            os.killpg(process.pid, signal.SIGINT)
            stop_at = None
    os.close(ours)
    process.wait()
    return written
