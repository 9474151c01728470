"""Reports in a real browser: no error, no overflow, tables sort, pictures have words, few pages of A4."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parkflow.analysis.report.browser import PrintingError, printed

playwright = pytest.importorskip("playwright.sync_api", reason="the extra 'test' installs playwright")
ROOT = Path(__file__).parents[3]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (Debian: apt-get install chromium)")


def parkflow(*arguments: str) -> None:
    """Run the command line as a user would."""
    subprocess.run([sys.executable, "-m", "parkflow", *arguments], check=True, capture_output=True, cwd=ROOT)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A comparison of Zhaoqing and a shipped sweep, as files."""
    folder = tmp_path_factory.mktemp("reports")
    parkflow("report", "zhaoqing", "-n", "2", "-w", "1", "--out", str(folder / "zhaoqing.html"))
    parkflow("sweep", "levers-left-out", "-n", "2", "-w", "1", "--out", str(folder / "sweep"))
    parkflow("report", str(folder / "sweep"), "--out", str(folder / "sweep.html"))
    return {"comparison": folder / "zhaoqing.html", "sweep": folder / "sweep.html"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, file: Path, width: int) -> tuple[Any, list[str]]:
    """A page, and what went wrong while it was loaded, requests to the network included."""
    page, wrong = browser.new_page(viewport={"width": width, "height": 900}), []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    return page, wrong


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["comparison", "sweep"])
@pytest.mark.parametrize("width", [1280, 400])
def test_a_report_fits_and_is_silent(browser: Any, reports: dict[str, Path], kind: str, width: int) -> None:
    """Nothing in the console, nothing from the network, nothing wider than the window, no empty picture; under 5 MB."""
    page, wrong = opened(browser, reports[kind], width)
    assert not wrong
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("Array.from(document.images).every(i => i.naturalWidth > 0 && i.alt.length > 20)")
    assert page.evaluate("Array.from(document.images).every(i => i.getBoundingClientRect().right <= innerWidth)")
    assert reports[kind].stat().st_size < 5_000_000
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["comparison", "sweep"])
def test_tables_sort_up_and_down(browser: Any, reports: dict[str, Path], kind: str) -> None:
    """A click orders the rows by number, another turns them round; the heading says which way."""
    page, _ = opened(browser, reports[kind], 1280)
    table = page.locator("table.sortable").nth(0 if kind == "sweep" else 3)
    column = 9 if kind == "sweep" else 2
    heading = table.locator("th").nth(column - 1)
    cells = table.locator(f"tbody tr td:nth-child({column})")
    for direction, sign in (("ascending", 1.0), ("descending", -1.0)):
        heading.locator("button").click()
        keys = [sign * float(cell.get_attribute("data-key")) for cell in cells.all()]
        assert keys == sorted(keys)
        assert heading.get_attribute("aria-sort") == direction
    page.close()


@pytest.mark.slow
def test_a_report_is_eight_pages_of_a4_at_most(reports: dict[str, Path], tmp_path: Path) -> None:
    """The annex, which is folded on the screen, is left out on paper unless it is asked for."""
    short = printed(reports["comparison"].read_text(encoding="utf-8"))
    assert 3 <= pages(short) <= 8
    assert re.search(rb"/MediaBox ?\[ ?0 0 59[45][.0-9]* 84[12]", short)
    parkflow("report", "zhaoqing", "-n", "2", "-w", "1", "--annex", "--out", str(tmp_path / "whole.pdf"))
    assert pages((tmp_path / "whole.pdf").read_bytes()) > 20


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


def test_without_a_browser_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do instead; also where a browser does not print."""
    monkeypatch.setattr("parkflow.analysis.report.browser.NAMES", ("no-such-browser",))
    with pytest.raises(PrintingError, match=r"none is installed; install Chromium.*ends in \.html"):
        printed("<p>")
    monkeypatch.setattr("parkflow.analysis.report.browser.NAMES", ("true",))
    with pytest.raises(PrintingError, match=r"true did not print: status 0; write a page"):
        printed("<p>")
