"""Every fixed text that reports and tables show has its Chinese: notes of parks, levers, measures, sources, charts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from parkflow.analysis.charts.kinds import KINDS
from parkflow.analysis.measures.registry import MEASURES
from parkflow.analysis.terminal.lever_tables import parameters
from parkflow.analysis.words.catalogue import in_chinese
from parkflow.scenarios.load import available, raw
from parkflow.scenarios.sources import sources
from parkflow.sim.levers import CATALOGUE

NAMES = (
    "PERT LN Kaplan Meier BPI Challenge ATC GitHub LawRefBook Laws ResearchData TU Altuwaijri Trietsch Mazmanyan "
    "Gevorgyan Baker van Dongen III fronts class slack net_days"
)
"""Names of distributions, methods, people, data sets, and keys of scenario files."""


def notes(value: object) -> Iterator[str]:
    """Where the numbers of a scenario come from, as its file says."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        if key in ("source", "assumed") and isinstance(inner, str):
            yield inner
        else:
            yield from notes(inner)


def texts() -> Iterator[str]:
    """Everything that is shown as it stands."""
    for park in available():
        yield from notes(raw(park))
    for lever in CATALOGUE.values():
        yield from (" ".join((lever.__doc__ or "").split()), lever.observable, *lever.limits)
        yield from (text for each in parameters(lever) for text in (each.meaning, each.unit))
    for measure in MEASURES:
        yield from (measure.formula, *measure.limits)
    yield from (str(each["title"]) for each in sources().values() if "publisher" in each and "found" in each)
    yield from KINDS.values()


@pytest.mark.parametrize("text", dict.fromkeys(texts()))
def test_every_text_has_its_chinese(text: str) -> None:
    """No English word is left but names."""
    assert not set(re.findall("[A-Za-z_]{2,}", in_chinese(text))) - set(NAMES.split()), in_chinese(text)
