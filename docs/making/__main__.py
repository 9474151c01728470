"""Make the pages that come from the program itself: interface, registries, gallery, findings, validation, backtest."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import parkflow
from docs.making.api import api_page
from docs.making.backtest_page import FOLDER, LOGS, backtest_page, folder_of_logs
from docs.making.calibration import make_calibration
from docs.making.judging import make_validation
from docs.making.making import Making, make_findings, make_gallery, make_registries
from parkflow.analysis.experiments.executors import local


def make_api(making: Making) -> Iterator[str]:
    """Write the page of the Python interface."""
    (making.folder / "api.md").write_text(api_page(), encoding="utf-8")
    yield "api.md"


def make_backtest(making: Making) -> Iterator[str]:
    """Mine the permit logs, foretell their last third, and write the page; nothing where the logs are not there."""
    folder = folder_of_logs()
    if folder is None:
        yield f"backtest.md is left as it is: give the folder of the permit logs as {FOLDER}"
        return
    done = {}
    for name, (file, mapping, _) in LOGS.items():
        log = folder / file if (folder / file).exists() else file
        done[name] = parkflow.backtest(log, mapping, seed=making.seed)
        yield name
    (making.folder / "backtest.md").write_text(backtest_page(done), encoding="utf-8")
    yield "backtest.md"


MAKERS = {
    "api": make_api,
    "registries": make_registries,
    "gallery": make_gallery,
    "findings": make_findings,
    "backtest": make_backtest,
    "calibration": make_calibration,
    "validation": make_validation,
}


def main() -> None:
    """Make all pages, or those named."""
    parser = argparse.ArgumentParser(prog="python -m docs.making", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*MAKERS, []], help="what to make; all if nothing is named")
    parser.add_argument("--folder", type=Path, default=Path("docs"))
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()

    def simulate(park: str, to: Path, policies: Sequence[str]) -> None:
        parkflow.compare(
            park, policies, replications=given.replications, seed=given.seed, workers=given.workers, out=to
        )

    making = Making(
        given.folder,
        simulate,
        local(given.workers),
        max(2, given.replications // 2),
        given.seed,
        given.workers,
    )
    for name in given.only or MAKERS:
        for made in MAKERS[name](making):
            print(made)


if __name__ == "__main__":
    main()
