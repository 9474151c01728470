"""The page of limits: those of the model as a whole, then what levers, measures and parks say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from docs.making.markdown import page
from parkflow.analysis.measures.registry import MEASURES
from parkflow.analysis.report.limits import MODEL, limits_of
from parkflow.scenarios.load import available, load
from parkflow.sim.levers import CATALOGUE


def limits_page() -> str:
    """What the model leaves out, and what its parts leave out."""
    lead = (
        "What concerns the model as a whole comes first. What limits a lever, a measure or a park is stated where it "
        "is defined, and collected below; a report lists what concerns it."
    )
    whole = [f"**{limit.title}.** {limit.text}" for limit in MODEL]
    parts = (
        ("Of levers", ((f"[`{name}`](levers.md#{name})", lever) for name, lever in CATALOGUE.items())),
        ("Of measures", ((f"`{measure.name}`", measure) for measure in MEASURES)),
        ("Of parks", ((f"`{name}`", load(name)) for name in available())),
    )
    return page("What the model leaves out", lead, *whole, *(part for given in parts for part in _section(*given)))


def _section(title: str, things: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """A list of what each thing states, under a heading; nothing where none states anything."""
    lines = [f"* {name}: {limit}" for name, thing in things for limit in limits_of(thing)]
    if lines:
        yield f"## {title}"
        yield "\n".join(lines)
