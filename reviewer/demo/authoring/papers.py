"""The written texts become files as a teacher would send them: DOCX and PDF.

Invariant: both formats hold the words of the source and nothing else, and the same source gives
the same bytes with the same libraries (no time of day, fixed archive dates).
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
from docx.shared import Pt
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

AUTHOR = "Ms. Brown (synthetic)"
WRITTEN = datetime(2025, 11, 16, 20, 30, tzinfo=UTC)
_ARCHIVED = (2025, 11, 16, 20, 30, 0)  # date of every member of a DOCX


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a numbered step, a heading of level 1 or 2, or one row of a table."""

    kind: str  # "paragraph", "step", "heading1", "heading2", "row"
    text: str
    cells: tuple[str, ...] = ()


def read_blocks(path: Path) -> tuple[Block, ...]:
    """Read the small part of Markdown that the sources use; a blank line ends a block."""
    return tuple(_blocks(path.read_text(encoding="utf-8").splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    for line in filter(None, (line.strip() for line in lines)):
        if line.startswith("#"):
            marks, _, title = line.partition(" ")
            yield Block(f"heading{len(marks)}", title)
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if not all(set(cell) == {"-"} for cell in cells):
                yield Block("row", "", cells)
        elif re.match(r"\d+\. ", line):
            yield Block("step", line)
        else:
            yield Block("paragraph", line)


def write_docx(blocks: tuple[Block, ...], out: Path) -> None:
    """Write a word processor's file with headings, steps and tables."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(11)
    properties = document.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.created = properties.modified = WRITTEN
    properties.title = blocks[0].text
    table = None
    for block in blocks:
        if block.kind == "row":
            if table is None:
                table = document.add_table(rows=0, cols=len(block.cells), style="Light Grid")
            for cell, text in zip(table.add_row().cells, block.cells, strict=True):
                cell.text = text
            continue
        table = None
        if block.kind.startswith("heading"):
            document.add_heading(block.text, level=int(block.kind[-1]))
        else:
            paragraph = document.add_paragraph(block.text)
            if block.kind == "step":
                paragraph.paragraph_format.left_indent = Pt(18)
                paragraph.paragraph_format.first_line_indent = Pt(-14)
    raw = BytesIO()
    document.save(raw)
    _archive(raw, out)


def _archive(raw: BytesIO, out: Path) -> None:
    """Copy an office file with fixed dates: writers put the time of day on every member."""
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            member = zipfile.ZipInfo(name, _ARCHIVED)
            member.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(member, made.read(name))


def write_pdf(blocks: tuple[Block, ...], out: Path) -> None:
    """Write a printed page or two, letter size."""
    body = ParagraphStyle(
        "body", fontName="Times-Roman", fontSize=11.5, leading=15.5, spaceAfter=7, alignment=TA_LEFT
    )
    styles = {
        "paragraph": body,
        "step": ParagraphStyle("step", parent=body, leftIndent=18, firstLineIndent=-14),
        "heading1": ParagraphStyle(
            "heading1", parent=body, fontName="Helvetica-Bold", fontSize=17, leading=22
        ),
        "heading2": ParagraphStyle(
            "heading2", parent=body, fontName="Helvetica-Bold", fontSize=12, spaceBefore=5
        ),
    }
    SimpleDocTemplate(
        str(out), pagesize=LETTER, title=blocks[0].text, author=AUTHOR, invariant=1
    ).build([Paragraph(escape(block.text), styles[block.kind]) for block in blocks])
