"""Pictures of a report for the documentation, taken in Debian's chromium without a window.

Run it with ``python -m docs.making.screenshots`` from the root, with the extra ``test`` installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "images"
SWEEP = ("sweep", "land-and-start", "-n", "4", "--out")


def parkflow(*arguments: str) -> None:
    """Run the command line."""
    subprocess.run([sys.executable, "-m", "parkflow", *arguments], check=True, stdout=subprocess.DEVNULL)


def shoot(report: Path, name: str, width: int, height: int) -> None:
    """The top of a report in a window of this size."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(report.as_uri())
        page.screenshot(path=IMAGES / f"{name}-{width}.png", clip={"x": 0, "y": 0, "width": width, "height": height})
        browser.close()


def main() -> None:
    """A comparison of Zhaoqing at two widths, and a sweep."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        parkflow("report", "zhaoqing", "-n", "12", "--out", str(folder / "zhaoqing.html"))
        parkflow(*SWEEP, str(folder / "sweep"))
        parkflow("report", str(folder / "sweep"), "--out", str(folder / "sweep.html"))
        shoot(folder / "zhaoqing.html", "report", 1280, 2400)
        shoot(folder / "zhaoqing.html", "report", 400, 1600)
        shoot(folder / "sweep.html", "sweep-report", 1280, 1500)


if __name__ == "__main__":
    main()
