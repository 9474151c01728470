"""The tables of the shipped fit, put into the page on calibration between its two marks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docs.making.making import Making
from docs.making.markdown import table
from parkflow.analysis.calibration.result import said_level
from parkflow.analysis.formatting import amount
from parkflow.scenarios.load import SHIPPED

NAME, FIT = "calibration.md", SHIPPED / "calibration" / "fit.json"
BEGIN, END = "from scenarios/calibration/fit.json -->\n", "<!-- end of the fit -->"

Row = Mapping[str, Any]


def shipped_fit() -> dict[str, Any]:
    """The document of the fit whose values the shipped parks carry."""
    found: dict[str, Any] = json.loads(FIT.read_text(encoding="utf-8"))
    return found


def fit_tables(fit: Row) -> str:
    """Its targets before and after, and its parameters with their intervals."""
    agreed = "a check agreed with the surfaces" if fit["agreed"] else "waves ran out before a check agreed"
    told = (
        f"Made by `{fit['record']['command']}`, seed {fit['seed']}: waves of {', '.join(map(str, fit['waves']))} "
        f"points, {fit['replications']} replications at each, until {agreed}. On {fit['check']} replications that "
        f"nothing else used, **{fit['targets_met']} of {fit['targets_in_all']}** are met (t-01 to t-10, and the shape "
        "of start curves):"
    )
    targets = table(["target", "tolerance", "before", "fitted", "met"], map(_target, fit["targets"]))
    levels = table(["parameter", "prior", "fitted", "interval of 90%", "searched", ""], map(_level, fit["parameters"]))
    return f"\n{told}\n\n{targets}\n\n{levels}\n\n"


def _target(row: Row) -> list[str]:
    digits = 0 if row["high"] - row["low"] > 20 else 2
    low, high, was, now, error = (amount(row[it], "", digits) for it in ("low", "high", "before", "after", "error"))
    name = " ".join(filter(None, (row["id"], row["part"])))
    where = f"{name} {row['title']} ({row['park']}, {row['policy']})"
    return [where, f"{low} – {high}", was, f"{now} ± {error}", "yes" if row["met"] else "**no**"]


def _level(row: Row) -> list[str]:
    own, now, low, high = (said_level(row, row[it]) for it in ("own", "fitted", "from", "to"))
    searched = f"{said_level(row, row['low'])} – {said_level(row, row['high'])}"
    return [row["title"], own, now, f"{low} – {high}", searched, "" if row["identified"] else "not identified"]


def make_calibration(making: Making) -> Iterator[str]:
    """Write the tables of the shipped fit into the page."""
    path: Path = making.folder / NAME
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(before + BEGIN + fit_tables(shipped_fit()) + END + rest.partition(END)[2], encoding="utf-8")
    yield NAME
