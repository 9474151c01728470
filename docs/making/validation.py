"""The page of the ledger: what was reported beside what the model predicts, with every verdict and its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docs.making.markdown import page, table
from parkflow.analysis import formatting
from parkflow.analysis.formatting import percent, rounded
from parkflow.analysis.language import Words
from parkflow.analysis.measures.registry import measure
from parkflow.analysis.terminal.ledger_tables import quantiles, reported, simulated
from parkflow.analysis.validation import verdict
from parkflow.analysis.validation.arithmetic import CHECKS
from parkflow.analysis.validation.ledger import Ledger
from parkflow.analysis.validation.line import Line
from parkflow.analysis.words.names import VERDICTS
from parkflow.scenarios.evidence import contradictions, programmes

SAY = Words()


@dataclass(frozen=True)
class Shape:
    """Starts of one park: by policy the share started at the months of each programme and the log-sd, and a picture."""

    park: str
    policies: Mapping[str, tuple[Sequence[float], float]]
    picture: str
    caption: str


@dataclass(frozen=True)
class Judged:
    """Everything that the page shows."""

    ledger: Ledger
    doubts: Mapping[str, Sequence[Mapping[str, Any]]]
    """By park, both intervals of its headline."""
    shapes: Sequence[Shape]
    picture: str
    caption: str


def validation_page(it: Judged, mark: str, command: str) -> str:
    """The whole page."""
    lead = (
        "What five reports say, set beside what the model predicts under the policy that each report describes. Every "
        "line is defined beforehand in `scenarios/evidence.toml`: which events count, in which park, under which "
        "policy, by which day. `parkflow validate` prints this ledger; `--out FOLDER` keeps every replication. "
        f"Made by `{command}` ({it.ledger.replications} replications, seed {it.ledger.seed})."
    )
    return page(
        "Validation",
        lead,
        _counts(it.ledger),
        f"![{it.caption}]({it.picture})",
        _rules(),
        *(_park(it.ledger, park) for park in it.ledger.parks),
        _arithmetic(),
        _robustness(it.ledger),
        _doubts(it),
        *_shapes(it.shapes),
        mark=mark,
    )


def _counts(ledger: Ledger) -> str:
    counts = ledger.counts()
    total = sum(counts["facts"].values())
    rows = [
        [SAY.verdict(name), rounded(number), percent(number / total)]
        for name in VERDICTS
        if (number := counts["facts"].get(name, 0))
    ]
    believed = sum(counts["facts"].get(name, 0) for name in ("reproduced", "best_case"))
    targets = counts["targets"]
    text = (
        f"Of {total} usable facts {percent(believed / total)} are reproduced or plausible as a best case. "
        f"{targets['calibration']['within']} of {targets['calibration']['of']} calibration targets and "
        f"{targets['validation']['within']} of {targets['validation']['of']} validation targets are within their "
        "tolerance; nothing is ever fitted to the latter."
    )
    return f"{text}\n\n{table(['verdict', 'usable facts', 'share'], rows)}"


def _rules() -> str:
    """The rules as the module that applies them states them."""
    return "## Rules of the verdict\n\n" + "\n".join((verdict.__doc__ or "").split("\n\n", 1)[1].strip().splitlines())


def _park(ledger: Ledger, park: str) -> str:
    columns = ["line", "what is reported", "reported", "simulated [95%]", "at", "verdict", "definition, or reason"]
    return f"## {park}\n\n" + table(columns, [_line(line) for line in ledger.of_park(park)])


def _line(line: Line) -> list[str]:
    one = line.definition
    within = "" if line.met is None else f" (tolerance: {'yes' if line.met else 'no'})"
    policy = "" if one.refuted_by or one.reason else f" Policy: {one.run}."
    return [
        one.line.removesuffix(f" {one.park}"), one.title, reported(one, SAY), simulated(line), quantiles(line),
        f"**{SAY.verdict(line.verdict)}**{within}", f"{SAY.begin(line.why(SAY))}.{policy}",
    ]  # fmt: skip


def _arithmetic() -> str:
    """What the reports' own numbers come to."""
    claims = {it["id"]: it["statement"] for it in contradictions()}
    found = {name: check() for name, check in CHECKS.items()}
    rows = [
        [name, claims.get(name, "The law"), it.text, "yes" if it.contradicts else "no"] for name, it in found.items()
    ]
    text = "Computed from the reported numbers, and from the notices that the law prescribes."
    return f"## Arithmetic of the reports\n\n{text}\n\n" + table(["", "claim", "computed", "contradicts"], rows)


def _robustness(ledger: Ledger) -> str:
    """Verdicts on the headline claims over the ranges."""
    if not ledger.robustness:
        return ""
    titles = {line.definition.line: line.definition.title for line in ledger.lines}
    rows = [
        [it.line, titles[it.line], rounded(it.points), *(percent(it.share(name)) for name in VERDICTS)]
        for it in ledger.robustness
    ]
    columns = ["line", "what is reported", "points", *(SAY.verdict(name) for name in VERDICTS)]
    text = (
        "All assumed numbers move at once through their ranges (a Latin hypercube over `ranges` of the scenario); the "
        "verdict is given anew at every point."
    )
    return f"## Headline verdicts under other assumptions\n\n{text}\n\n" + table(columns, rows)


def _doubts(it: Judged) -> str:
    """Both intervals of each park's headline."""
    rows = [
        [park, measure(row["measure"]).title, row["policy"], _interval(row, "sampling"), _interval(row, "assumptions")]
        for park, told in it.doubts.items()
        for row in told
    ]
    columns = ["park", "measure", "policy", "over replications", "over assumptions"]
    text = "Sampling doubt and doubt about assumptions, side by side: `parkflow compare PARK --assumptions POINTS`."
    return f"## Two kinds of doubt\n\n{text}\n\n" + table(columns, rows) if rows else ""


def _interval(row: Mapping[str, Any], kind: str) -> str:
    return formatting.interval(row["mean"], row[f"{kind}_low"], row[f"{kind}_high"], row["unit"], 0)


def _shapes(shapes: Sequence[Shape]) -> Iterator[str]:
    """Share started by the months of the three programmes, for every park and policy."""
    told = programmes()
    columns = ["park", "policy", *(f"after {it['months'][1]} months" for it in told), "log-sd of days to the start"]
    rows = [["*reported*", "three programmes", *(f"{percent(it['share'])} ({it['source']})" for it in told), "0.56"]]
    rows += [
        [it.park, policy, *(percent(share) for share in shares), rounded(spread, 2)]
        for it in shapes
        for policy, (shares, spread) in it.policies.items()
    ]
    yield (
        "## Starts after signing, beside three programmes\n\nThe share of signed projects that have broken ground. How "
        "long the programmes' projects had been signed is a guess.\n\n" + table(columns, rows)
    )
    yield from (f"![{it.caption}]({it.picture})" for it in shapes)
