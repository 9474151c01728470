"""A report as a workbook and as a Word document: everything is there, numbers as numbers, in files that open."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

import parkflow
from parkflow.analysis.errors import ArgumentError
from parkflow.analysis.report import workbook as workbooks
from parkflow.analysis.report.page import Page, Section, number, sheet, text
from parkflow.analysis.store.run_folder import Run

MEASURES = pd.DataFrame({"measure": ["days", "days"], "mean": [1.5, None]})


def page() -> Page:
    """A page with two tables of one name, a name that Excel forbids, and a letter that XML cannot have."""
    table = sheet("Days: a/b", ["desk", "officers"], [[text("one\x0b"), number(3.0)], [text("two"), number(None)]])
    return Page("Title", "made", "how many?", ["Three."], [Section("Results", sheets=[table])], annex=[
        Section("Behind", sheets=[table]),
    ])  # fmt: skip


def test_a_workbook_has_a_sheet_per_table_and_all_measures() -> None:
    """Numbers are numbers; names are such as Excel takes, and each is there once."""
    openpyxl = pytest.importorskip("openpyxl", reason="the extra 'excel' installs openpyxl")
    book = openpyxl.load_workbook(BytesIO(workbooks.workbook(page(), MEASURES)))
    assert book.sheetnames == ["Summary", "Days  a b", "Days  a b 2", "All measures"]
    assert list(book["Days  a b"].values) == [("desk", "officers"), ("one", 3), ("two", "–")]
    assert list(book["All measures"].values) == [("measure", "mean"), ("days", 1.5), ("days", None)]
    assert [row[0] for row in book["Summary"].values] == ["Title", "made", "how many?", "Three."]


def test_a_document_holds_words_tables_and_pictures(stored: Run, tmp_path: Path) -> None:
    """Every sentence of the answer, every table of the report, and a picture for each chart of it."""
    docx = pytest.importorskip("docx", reason="the extra 'word' installs python-docx")
    made = parkflow.report(stored)
    made.save(tmp_path / "report.docx")
    found = docx.Document(str(tmp_path / "report.docx"))
    written = "\n".join(paragraph.text for paragraph in found.paragraphs)
    assert all(sentence in written for sentence in made.answer)
    tables = [it for section in made.page.sections for it in section.sheets]
    assert all(it.title in written for it in tables)
    pictures = [it for section in made.page.sections for it in section.pictures]
    with ZipFile(tmp_path / "report.docx") as parts:
        images = [name for name in parts.namelist() if name.startswith("word/media/")]
    assert len(images) == len(pictures)


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(workbooks.ExtraError, match=r"install parkflow\[excel\]"):
        workbooks.workbook(page(), MEASURES)


def test_another_suffix_is_refused(stored: Run, tmp_path: Path) -> None:
    """And nothing is written."""
    with pytest.raises(ArgumentError, match=r"ends in \.html, \.pdf, \.docx, \.xlsx, \.md, \.tex"):
        parkflow.report(stored).save(tmp_path / "report.odt")
    assert not list(tmp_path.iterdir())


def test_tables_alone_are_written_for_papers(stored: Run, tmp_path: Path) -> None:
    """As Markdown and as LaTeX, whose special letters are kept from it; what is folded only with the annex."""
    made = parkflow.report(stored)
    shown = [it for it in made.page.sheets if not it.folded]
    markdown = made.save(tmp_path / "tables.md").read_text(encoding="utf-8")
    latex = made.save(tmp_path / "tables.tex").read_text(encoding="utf-8")
    assert all(f"**{it.title}**" in markdown for it in shown)
    assert latex.count(r"\begin{tabular}") == latex.count(r"\bottomrule") == len(shown)
    assert not re.search(r"(?<!\\)[%&#_](?! )", latex.replace(" & ", "   "))


def test_several_parks_stand_side_by_side(stored: Run, single: Run, tmp_path: Path) -> None:
    """One row per park and policy, what is said first of each, and all measures with the park that they are of."""
    made = parkflow.report([stored, single])
    table = made.page.sheets[0]
    assert [row[1].text for row in table.rows] == [
        "serial park",
        "reported practice",
        "green channel",
        "reported practice",
    ]
    assert len(made.answer) == 2
    assert set(made.measures["park"]) == {"zhifu"}
    assert made.save(tmp_path / "parks.html").stat().st_size > 100_000


def test_a_stored_run_cannot_be_asked_otherwise(stored: Run) -> None:
    """What would need a simulation is refused with the reason, not ignored."""
    for given in (
        {"baseline": "serial"},
        {"levers": ["land_bank"]},
        {"without": ["land_bank"]},
        {"start": "agreement"},
    ):
        with pytest.raises(ArgumentError, match="is stored as it was asked"):
            parkflow.report(stored, **given)
    with pytest.raises(ArgumentError, match="only the chart gantt shows one project"):
        parkflow.chart("causes", stored, project="new-1")


@pytest.mark.slow
def test_levers_are_weighed_where_that_is_asked(stored: Run) -> None:
    """Their worth stands as a chart beside the causes."""
    part = parkflow.report(stored, policy="green_channel", worth=2).page.sections[2]
    assert part.pictures[-1].chart.kind == "levers"
    assert not part.paragraphs
