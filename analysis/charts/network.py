"""The network that a project runs through, drawn from the scenario: a column per stage or several, time downwards."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch

from parkflow.analysis.charts.chart import Ask, Chart, some
from parkflow.analysis.charts.theme import INK, MUTED, PAPER, RULE, figure
from parkflow.analysis.language import Words
from parkflow.analysis.store.rows import each
from parkflow.sim.network import ARRIVAL, Network, network
from parkflow.sim.scenario import Scenario

FILL = {
    "work": "#d6ecf8",
    "desk": "#0072B2",
    "notice": "#F0E442",
    "meeting": "#CC79A7",
    "stock": "#009E73",
    "milestone": "#1a1a1a",
    "end": "#D55E00",
}
DARK = ("desk", "milestone", "stock", "end")
CUSTOM = "#D55E00"
COLUMNS = 3
ROW, BOX = 0.42, 0.9
"""Height of a row and width of a place for a box, in inches."""

LETTERS = 16
"""How many letters of a name stand on a line of its box."""


@dataclass(frozen=True)
class _Node:
    """An activity and where it is drawn, in inches from the top left; `column` is which of the columns."""

    name: str
    step: str
    x: float
    y: float
    column: int


def chart(scenario: Scenario, ask: Ask) -> Chart:
    """The network of a park's projects under the serial regime, with what a practice waives marked."""
    table = links(scenario)
    some(table, f"{scenario.name} has no process called project", "该情景没有名为 project 的流程")
    title = ask.say.pick("The network of a project", "项目流程网络")
    return Chart(
        "network", f"{title} ({scenario.name})", _caption(scenario, table, ask.say), draw(scenario, ask.say), table
    )


def links(scenario: Scenario) -> pd.DataFrame:
    """One row per precedence that no other implies: `before`, `activity`, and the practice that waives it, if any."""
    waived = {(b, a): practice for a, it in scenario.activities.items() for b, practice in it.after.items()}
    rows = [
        {"before": b, "activity": a, "practice": waived.get((b, a), "")}
        for b, a in _reduced(network(scenario, "project"))
    ]
    return pd.DataFrame(rows, columns=["before", "activity", "practice"])


def _reduced(net: Network) -> list[tuple[str, str]]:
    """Links of the network without those that follow from others."""
    reach: dict[int, set[int]] = {}
    found = []
    for node in net.order():
        before = net.predecessors[node]
        further = set().union(*(reach[other] for other in before)) if before else set()
        found += [(net.nodes[other][0], net.nodes[node][0]) for other in before if other not in further]
        reach[node] = further | set(before)
    return found


def draw(scenario: Scenario, say: Words) -> Figure:
    """Draw the network of a project."""
    nodes, width, height, headings = _placed(scenario)
    drawn = figure(height + 0.5, max(width + 0.2, 4.6))
    axes = drawn.subplots()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    for x, y, stage in headings:
        axes.text(x, y, say.stage(stage).upper(), fontsize=7.5, fontweight="bold", color=MUTED, va="center")
    for row in each(links(scenario)):
        if row.before in nodes and row.activity in nodes:
            _arrow(axes, nodes[row.before], nodes[row.activity], bool(row.practice))
    for node in nodes.values():
        _box(axes, node, say)
    _legend(drawn, {node.step for node in nodes.values()}, say)
    return drawn


def _placed(scenario: Scenario) -> tuple[dict[str, _Node], float, float, list[tuple[float, float, str]]]:
    """Boxes by name, the size of the drawing, and where the stages are named."""
    nodes: dict[str, _Node] = {}
    headings = []
    x = height = 0.0
    for number, stages in enumerate(_columns(_ranks(scenario))):
        wide = max(len(row) for _, rows in stages for row in rows) * BOX
        y = 0.12
        for stage, rows in stages:
            headings.append((x, y, stage))
            y += 0.12 + ROW / 2
            for row in rows:
                for place, name in enumerate(row):
                    at = x + wide * (place + 0.5) / len(row)
                    nodes[name] = _Node(name, _step(scenario, name), at, y, number)
                y += ROW
        height = max(height, y)
        x += wide + 0.35
    return nodes, x - 0.35, height, headings


def _step(scenario: Scenario, name: str) -> str:
    return "milestone" if name == ARRIVAL else scenario.activities[name].step


def _ranks(scenario: Scenario) -> dict[str, list[list[str]]]:
    """By stage, the rows of activities: a row lies below all that its activities wait for within the stage."""
    net = network(scenario, "project")
    stage, rank = ["" for _ in net.nodes], [0 for _ in net.nodes]
    found: dict[str, dict[int, list[str]]] = {}
    order = ["", *scenario.stages]
    for node in net.order():
        name, before = net.nodes[node][0], net.predecessors[node]
        own = scenario.activities[name].stage if name != ARRIVAL else next(iter(scenario.stages), "")
        stage[node] = max([own or "", *(stage[other] for other in before)], key=order.index)
        rank[node] = max((rank[other] + 1 for other in before if stage[other] == stage[node]), default=0)
        found.setdefault(stage[node], {}).setdefault(rank[node], []).append(name)
    return {name: [found[name][place] for place in sorted(found[name])] for name in order if name in found}


def _columns(stages: dict[str, list[list[str]]]) -> list[list[tuple[str, list[list[str]]]]]:
    """The stages in their order, packed into columns of similar height."""
    enough = 0.75 * sum(len(rows) for rows in stages.values()) / COLUMNS
    columns: list[list[tuple[str, list[list[str]]]]] = [[]]
    for item in stages.items():
        if columns[-1] and sum(len(rows) for _, rows in columns[-1]) >= enough and len(columns) < COLUMNS:
            columns.append([])
        columns[-1].append(item)
    return columns


def _arrow(axes: Axes, before: _Node, after: _Node, custom: bool) -> None:
    across = before.column != after.column
    colour = CUSTOM if custom else RULE if across else MUTED
    begin = (before.x, before.y + ROW * 0.36) if not across else (before.x + BOX * 0.46, before.y)
    end = (after.x, after.y - ROW * 0.38) if not across else (after.x - BOX * 0.48, after.y)
    if across and before.column > after.column:
        begin, end = (before.x - BOX * 0.46, before.y), (after.x + BOX * 0.48, after.y)
    far = after.y - before.y > 1.5 * ROW
    axes.annotate(
        "", end, begin, zorder=1 if not across else 0,
        arrowprops={
            "arrowstyle": "-|>", "mutation_scale": 5, "color": colour, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0,
            "linestyle": (0, (3, 2)) if custom else "-",
            "connectionstyle": f"arc3,rad={0.18 if far and not across else 0.0}",
        },
    )  # fmt: skip


def _box(axes: Axes, node: _Node, say: Words) -> None:
    width, height = BOX * 0.92, ROW * 0.72
    style = "round,pad=0,rounding_size=0.05" if node.step != "milestone" else "round,pad=0,rounding_size=0.12"
    axes.add_patch(
        FancyBboxPatch(
            (node.x - width / 2, node.y - height / 2), width, height, boxstyle=style, facecolor=FILL[node.step],
            edgecolor=MUTED, linewidth=0.5, zorder=2,
        )
    )  # fmt: skip
    label = fill(say.activity(node.name), LETTERS, break_long_words=False)
    size = 5.2 if label.count("\n") < 3 else 4.4
    colour = PAPER if node.step in DARK else INK
    axes.text(node.x, node.y, label, fontsize=size, ha="center", va="center", color=colour, zorder=3, linespacing=0.95)


def _legend(drawn: Figure, steps: set[str], say: Words) -> None:
    handles: list[Patch | Line2D] = [
        Patch(facecolor=colour, edgecolor=MUTED, label=say.step(step)) for step, colour in FILL.items() if step in steps
    ]
    handles.append(Line2D([], [], color=MUTED, linewidth=0.9, label=say("needed by law or technique")))
    handles.append(
        Line2D([], [], color=CUSTOM, linestyle=(0, (3, 2)), linewidth=0.9, label=say("custom that a practice waives"))
    )
    drawn.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=7)


def _caption(scenario: Scenario, table: pd.DataFrame, say: Words) -> str:
    number = len({*table["before"], *table["activity"]})
    waived = int((table["practice"] != "").sum())
    return say.pick(
        f"{number} activities of a project in {scenario.name}; dashed links ({waived}) are custom and fall away "
        "where the practice "
        "named in the scenario is in force. Time runs downwards; grey links lead from one column to another.",
        f"{scenario.name} 的项目共 {number} 个环节；虚线（{waived} 条）为惯例顺序，采用相应做法后取消。时间自上而下。",
    )
