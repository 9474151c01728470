"""Printing a page to PDF by a browser without a window; there is no other program that prints HTML as well."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from parkflow.analysis.errors import AnalysisError

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
"""Programs that can print without a window, by name or where they are usually installed."""

PATIENCE = 120.0
"""Seconds after which a browser that does not come back is given up."""


class PrintingError(AnalysisError):
    """No browser is there to print, or it did not; the message says what to do instead."""


def browser() -> str:
    """The first browser that is installed.

    Raises `PrintingError` where there is none.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise PrintingError(
            "a PDF is printed by a browser, and none is installed; install Chromium, Chrome or Edge, or write a page "
            "that ends in .html and print that from any browser"
        )
    return found


def printed(page: str) -> bytes:
    """A page of HTML as PDF, on the paper that the page asks for.

    Raises `PrintingError` where there is no browser, or it does not print.
    """
    program = browser()
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        source, target = Path(made) / "page.html", Path(made) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        told = _run([program, *_options(Path(made) / "profile", target), source.as_uri()])
        if not target.is_file() or not target.stat().st_size:
            raise PrintingError(f"{program} did not print: {told}; write a page that ends in .html, and print that")
        return target.read_bytes()


def _options(profile: Path, target: Path) -> list[str]:
    """Its own profile keeps it apart from a browser that is open; a superuser has no sandbox."""
    options = [
        "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", f"--user-data-dir={profile}",
        f"--print-to-pdf={target}",
    ]  # fmt: skip
    return [*options, *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else [])]


def _run(command: Sequence[str]) -> str:
    """Run a browser; what it said last."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"it did not come back within {PATIENCE:.0f} seconds"
    except OSError as error:
        return str(error)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"status {done.returncode}"
