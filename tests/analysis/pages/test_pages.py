"""Made pages of the documentation say what the program says now."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from docs.making import judging
from docs.making.making import PARKS, SHOWN_IN, mark, registry_pages
from docs.making.markdown import mark_in, table
from docs.making.tables import tables_page
from parkflow.analysis.measures.registry import MEASURES
from parkflow.analysis.report.limits import MODEL, limits_of
from parkflow.analysis.store.columns import COLUMNS
from parkflow.scenarios.describe import schema
from parkflow.sim.levers import CATALOGUE

DOCS = Path(__file__).parents[3] / "docs"
REMAKE = "give `python -m docs.making` and look at what has changed"


@pytest.mark.parametrize(
    "name",
    [
        "measures.md",
        "levers.md",
        "scenario-keys.md",
        "limits.md",
        "tables.md",
        "list-columns.md",
        "customs-and-tags.md",
    ],
)
def test_pages_of_registries_are_up_to_date(name: str) -> None:
    """The page in the repository is the one that the registries give."""
    assert (DOCS / name).read_text(encoding="utf-8") == registry_pages()[name], REMAKE


@pytest.mark.parametrize("name", [*SHOWN_IN, judging.NAME])
def test_pages_of_runs_rest_on_the_parks_as_they_are(name: str) -> None:
    """The mark in the page is that of the parks under their policies."""
    shown = {**SHOWN_IN, judging.NAME: judging.SHOWN}[name]
    assert mark_in((DOCS / name).read_text(encoding="utf-8")) == mark(shown), REMAKE


@pytest.mark.parametrize("name", ["findings.md", "gallery.md", "tutorial.md", "model.md", "validation.md"])
def test_pictures_are_there(name: str) -> None:
    """Every picture that a page shows exists and has words for those who cannot see it."""
    text = (DOCS / name).read_text(encoding="utf-8")
    shown = [part.split("](", 1) for part in text.split("![")[1:]]
    assert shown
    for words, rest in shown:
        assert len(words) > 15
        assert (DOCS / rest.split(")")[0]).stat().st_size > 2000


def test_findings_tell_of_five_parks() -> None:
    """Days saved, where from, which lever, who lost, what it rests on; one or two figures each."""
    sections = (DOCS / "findings.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert tuple(section.split("\n")[0] for section in sections) == PARKS
    for section in sections:
        for part in ("Days saved", "Where they come from", "Which lever did most", "Who lost", "What it rests on"):
            assert f"**{part}.**" in section
        assert 1 <= section.count("![") <= 2
        assert len(section.split()) < 650


def test_every_measure_lever_and_key_has_its_line() -> None:
    """Nothing is left without a meaning."""
    pages = registry_pages()
    assert all(f"| `{measure.name}` |" in pages["measures.md"] for measure in MEASURES)
    assert all(f"### {name}\n" in pages["levers.md"] for name in CATALOGUE)
    keys = [key for model in (schema(), *schema()["$defs"].values()) for key in model.get("properties", {})]
    assert all(f"`{key}`" in pages["scenario-keys.md"] for key in keys if key not in ("source", "assumed"))


def test_tables_escape_bars() -> None:
    """A bar inside a cell does not end it."""
    assert table(["a"], [["x|y"]]).endswith("| x\\|y |")


def test_every_stored_column_has_its_line() -> None:
    """All tables of the store, and each of their columns with unit and meaning."""
    sections = dict(part.split("\n", 1) for part in registry_pages()["tables.md"].split("\n## ")[1:])
    assert list(sections) == list(COLUMNS)
    for name, columns in COLUMNS.items():
        assert all(f"| `{one.name}` | {one.unit} | {one.meaning} |" in sections[name] for one in columns)


class Column(NamedTuple):
    """A column as a registry describes it."""

    name: str
    unit: str
    meaning: str


def test_the_page_of_tables_has_a_line_for_every_column() -> None:
    """One heading per table, one line per column."""
    made = tables_page({"projects": [Column("days", "days", "Lead time.")], "desks": [Column("desk", "", "Its key.")]})
    assert "## projects\n" in made
    assert "| `days` | days | Lead time. |" in made
    assert "| `desk` |  | Its key. |" in made


class Stated(NamedTuple):
    """Something with limits, stated as one or as several."""

    limits: str | tuple[str, ...]


@pytest.mark.parametrize(
    ("thing", "found"),
    [(Stated("it is rough"), ("it is rough",)), (Stated(("a", "b")), ("a", "b")), (Stated(""), ()), (object(), ())],
)
def test_limits_are_collected_from_what_states_them(thing: object, found: tuple[str, ...]) -> None:
    """One sentence, several, or none."""
    assert limits_of(thing) == found


def test_the_page_of_limits_collects_them_from_model_levers_and_measures() -> None:
    """Every limit stands on the page, beside the name of what it limits."""
    text = (DOCS / "limits.md").read_text(encoding="utf-8")
    assert all(f"**{limit.title}.** {limit.text}" in text for limit in MODEL)
    assert all(f"`: {limit}" in text for measure in MEASURES for limit in limits_of(measure))
    assert all(f"): {limit}" in text for lever in CATALOGUE.values() for limit in limits_of(lever))
    assert "do not withdraw" not in text
