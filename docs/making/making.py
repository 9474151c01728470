"""Making the pages: runs, charts and registries become files in the documentation's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from docs.making.customs import customs_page
from docs.making.findings import Finding, findings_page
from docs.making.gallery import Exhibit, gallery_page
from docs.making.limits import limits_page
from docs.making.list_columns import list_columns_page
from docs.making.markdown import mark_of
from docs.making.registries import keys_page, levers_page, measures_page
from docs.making.tables import tables_page
from parkflow.analysis.charts.chart import Ask, Chart
from parkflow.analysis.charts.drawing import lever_chart, run_chart, scenario_chart, sweep_chart
from parkflow.analysis.charts.kinds import RUN_KINDS
from parkflow.analysis.experiments.executors import Executor
from parkflow.analysis.experiments.responses import DEFAULT_MEASURE, responses
from parkflow.analysis.experiments.sweep import planned, run_sweep
from parkflow.analysis.experiments.sweep_file import load_sweep
from parkflow.analysis.experiments.worth import lever_worth
from parkflow.analysis.language import words
from parkflow.analysis.measures.measure import ALL
from parkflow.analysis.provenance import numbers_hash
from parkflow.analysis.store.columns import COLUMNS
from parkflow.analysis.store.rows import greatest
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.describe import schema
from parkflow.scenarios.load import load, raw
from parkflow.sim.levers import SERIAL, under

PARKS = ("guian", "zhifu", "zhaoqing", "mianyang", "yantai")
"""The parks of the five reports."""

REPORTED, GREEN_CHANNEL = "reported", "green_channel"
SHOWN = "zhaoqing"
"""The park of the gallery: it has every mechanism, a land bank included."""

WORTH_OF = "yantai"
"""The park whose levers the gallery shows."""

IMAGES = "images"
SHIPPED_SWEEP = "approvals-and-staff"
SWEEP_REPLICATIONS = 4

LEAST_SHARE = 0.05
"""Below this share of the lead time a saving is told of the group that it is for, not of all projects."""

Simulate = Callable[[str, Path, Sequence[str]], None]
"""Compares policies of a park with the serial one and keeps everything in a folder."""


class Making(NamedTuple):
    """How pages are made: where to, how to simulate, and how many replications a lever's worth gets."""

    folder: Path
    simulate: Simulate
    executor: Executor
    replications: int
    seed: int = 1
    workers: int | None = None


def registry_pages() -> dict[str, str]:
    """The pages that need no run, by file name."""
    return {
        "measures.md": measures_page(),
        "levers.md": levers_page(),
        "scenario-keys.md": keys_page(schema()),
        "limits.md": limits_page(),
        "tables.md": tables_page(COLUMNS),
        "list-columns.md": list_columns_page(raw("baseline")),
        "customs-and-tags.md": customs_page(load("baseline")),
    }


Shown = Mapping[str, Sequence[str]]
"""Policies by park."""


def mark(shown: Shown) -> str:
    """What a page rests on: the numbers that its parks use under the policies that it shows."""
    return mark_of(numbers_hash(under(load(park), policy)) for park, policies in shown.items() for policy in policies)


SHOWN_IN: dict[str, Shown] = {
    "gallery.md": {SHOWN: (SERIAL, REPORTED, GREEN_CHANNEL), WORTH_OF: (SERIAL, GREEN_CHANNEL)},
    "findings.md": dict.fromkeys(PARKS, (SERIAL, REPORTED)),
}
"""What the pages of runs show."""


def make_registries(making: Making) -> Iterator[str]:
    """Write the pages of registries, and the network of a project."""
    for name, text in registry_pages().items():
        yield _write(making.folder / name, text)
    chart = scenario_chart(load("baseline"), Ask())
    chart.save(making.folder / IMAGES / "network.png")
    yield "images/network.png"


def make_gallery(making: Making) -> Iterator[str]:
    """Draw every kind of chart for one park, and write the gallery."""
    with TemporaryDirectory() as made:
        making.simulate(SHOWN, Path(made), (REPORTED, GREEN_CHANNEL))
        run = Run(Path(made))
        charts = [(kind, run_chart(kind, run, Ask())) for kind in RUN_KINDS if kind != "network"]
        chinese = run_chart("days_saved", run, Ask(words("zh")))
    exhibits = [_exhibit(making, kind, chart) for kind, chart in charts]
    exhibits.append(_exhibit(making, "days_saved", chinese, "-zh", " --lang zh"))
    exhibits.append(_sweep(making))
    worth = lever_worth(
        load(WORTH_OF), GREEN_CHANNEL, run.question, making.seed, range(making.replications), making.executor
    )
    exhibits.append(
        _exhibit(making, "levers", lever_chart(worth, Ask(words("en").about(load(WORTH_OF)))), source=WORTH_OF)
    )
    exhibits.append(_exhibit(making, "network", scenario_chart(load("baseline"), Ask()), source="baseline"))
    yield _write(making.folder / "gallery.md", gallery_page(exhibits, mark(SHOWN_IN["gallery.md"])))


def _sweep(making: Making) -> Exhibit:
    """A shipped sweep with few replications."""
    plan = planned(load_sweep(SHIPPED_SWEEP, (), {"replications": SWEEP_REPLICATIONS}))
    with TemporaryDirectory() as made:
        run_sweep(
            plan, Path(made) / SHIPPED_SWEEP, making.executor, lambda state: None, f"parkflow sweep {SHIPPED_SWEEP}"
        )
        chart = sweep_chart(responses(Path(made) / SHIPPED_SWEEP), DEFAULT_MEASURE, Ask())
    return _exhibit(making, "sweep", chart, source=f"sweeps/{SHIPPED_SWEEP}")


def _exhibit(
    making: Making, kind: str, chart: Chart, suffix: str = "", option: str = "", source: str = SHOWN
) -> Exhibit:
    path = f"{IMAGES}/{kind}{suffix}.png" if kind != "network" else f"{IMAGES}/network.png"
    chart.save(making.folder / path)
    return Exhibit(
        kind, chart.title, chart.caption, path, f"parkflow chart {kind} {source}{option} --out {kind}{suffix}.png"
    )


def make_findings(making: Making) -> Iterator[str]:
    """Run the five parks, draw two figures each, and write the findings."""
    findings = []
    with TemporaryDirectory() as made:
        for park in PARKS:
            making.simulate(park, Path(made) / park, (REPORTED,))
            findings.append(_finding(making, park, Run(Path(made) / park)))
            yield park
        text = findings_page(findings, mark(SHOWN_IN["findings.md"]), "python -m docs.making findings")
    yield _write(making.folder / "findings.md", text)


def _finding(making: Making, park: str, run: Run) -> Finding:
    scenario, group = load(park), _concerned(run)
    worth = lever_worth(
        scenario, REPORTED, run.question, making.seed, range(making.replications), making.executor, group=group
    )
    first = run_chart("causes" if group == ALL else "days_saved", run, Ask())
    charts = [first, *([lever_chart(worth, Ask(words("en").about(scenario)))] if worth.rows else [])]
    return Finding(park, scenario, REPORTED, run, worth, [_kept(making, park, chart) for chart in charts])


def _concerned(run: Run) -> str:
    """All projects, or the group that saves most where the policy is for so few that all together hardly save."""
    days, rows = run.rows("days", ALL).set_index("policy")["mean"], run.rows("days_saved").dropna(subset=["mean"])
    if 1 - days[REPORTED] / days[SERIAL] >= LEAST_SHARE:
        return ALL
    return str(greatest(rows[rows["policy"] == REPORTED], "mean")["group"])


def _kept(making: Making, park: str, chart: Chart) -> tuple[str, str]:
    """Where a chart of the findings was saved, and its caption."""
    path = f"{IMAGES}/findings-{park}-{chart.kind}.png"
    chart.save(making.folder / path)
    return path, chart.caption


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.name
