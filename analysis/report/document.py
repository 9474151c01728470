"""A report as a Word document: what an office passes on, comments on and cuts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from parkflow.analysis.report.page import Page, Picture, Section, Sheet
from parkflow.analysis.report.workbook import IMPOSSIBLE, ExtraError

WIDTH, COLUMN_WIDTH = 17.4, 8.4
"""Centimetres between the margins of an A4 page, and of one of two columns."""

SMALL = 8.0
"""Points of letters in tables and captions."""


def document(page: Page, annex: bool = False) -> bytes:
    """The report as the bytes of a DOCX file, with its annex where it is asked for.

    Raises `ExtraError` where python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError:
        raise ExtraError("a Word document needs python-docx: install parkflow[word]") from None
    made = Document()
    _set_up(made, page)
    made.add_heading(_plain(page.title), 0)
    _paragraph(made, page.subtitle, small=True)
    _paragraph(made, page.question, bold=True)
    for number, sentence in enumerate(page.recommendation):
        _paragraph(made, sentence, bold=not number)
    for sentence in (*page.answer, page.basis):
        _paragraph(made, sentence)
    for section in (*page.sections, *(page.annex if annex else ())):
        _section(made, section)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _set_up(made: Any, page: Page) -> None:
    """A4 with the margins of the printed page, and a font that has the language."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    paper, style = made.sections[0], made.styles["Normal"]
    paper.page_width, paper.page_height = Cm(21), Cm(29.7)
    paper.left_margin = paper.right_margin = Cm(1.8)
    paper.top_margin = paper.bottom_margin = Cm(1.8)
    style.font.size, style.paragraph_format.space_after = Pt(10), Pt(4)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        fonts = made.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    made.core_properties.title = _plain(page.title)


def _plain(text: str) -> str:
    """The text without letters that XML cannot have."""
    return IMPOSSIBLE.sub("", text)


def _paragraph(made: Any, text: str, bold: bool = False, small: bool = False, style: str | None = None) -> None:
    from docx.shared import Pt

    if not text:
        return
    run = made.add_paragraph(style=style).add_run(_plain(text))
    run.bold = bold
    if small:
        run.font.size = Pt(SMALL)


def _section(made: Any, section: Section) -> None:
    made.add_heading(_plain(section.title), 1)
    for paragraph in section.paragraphs:
        _paragraph(made, paragraph)
    for point in section.points:
        _paragraph(made, point, style="List Bullet")
    _pictures(made, [it for it in section.pictures if not it.is_wide])
    for picture in section.pictures:
        if picture.is_wide:
            _picture(made.add_paragraph(), made.add_paragraph(), picture, WIDTH)
    for sheet in section.sheets:
        _table(made, sheet)
    _paragraph(made, section.code, small=True)


def _pictures(made: Any, pictures: list[Picture]) -> None:
    """Two pictures beside each other, their captions below them: a table without lines."""
    if not pictures:
        return
    grid = made.add_table(rows=(len(pictures) + 1) // 2, cols=2)
    for number, picture in enumerate(pictures):
        cell = grid.cell(number // 2, number % 2)
        _picture(cell.paragraphs[0], cell.add_paragraph(), picture, COLUMN_WIDTH)


def _picture(place: Any, below: Any, picture: Picture, width: float) -> None:
    from docx.shared import Cm, Pt

    title = place.add_run(_plain(picture.title))
    title.bold = True
    title.add_break()
    place.add_run().add_picture(BytesIO(picture.png()), width=Cm(width))
    below.add_run(_plain(picture.caption)).font.size = Pt(SMALL)


def _table(made: Any, sheet: Sheet) -> None:
    """A table whose head is repeated on every page, and whose rows are not broken."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    made.add_heading(_plain(sheet.title), 2)
    _paragraph(made, sheet.note, small=True)
    table = made.add_table(rows=1 + len(sheet.rows), cols=len(sheet.columns), style="Light List Accent 1")
    lines = [list(sheet.columns), *([cell.text for cell in row] for row in sheet.rows)]
    for row, line in zip(table.rows, lines, strict=True):
        _keep_whole(row, is_head=row is table.rows[0])
        for number, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            _write(cell.paragraphs[0], text)
            if sheet.rows and isinstance(sheet.rows[0][number].key, float):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write(paragraph: Any, text: str) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(_plain(text)).font.size = Pt(SMALL)


def _keep_whole(row: Any, is_head: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
