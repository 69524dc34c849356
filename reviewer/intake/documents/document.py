"""A document as one canonical text, put together from blocks.

Invariant: every `PageSpan` of a `Document` lies in its text, spans rise and do not overlap; the
text is in normal form C with line feeds. Paragraphs, headings and list items stand between blank
lines, rows of a table on lines of their own, cells between tabs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewer.intake.artifact import PageSpan
from reviewer.intake.encoding import canonical

_SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML and ODF collapse; a no-break space stays
PARAGRAPH = "\n\n"
ROW = "\n"
CELL = "\t"


@dataclass(frozen=True, slots=True)
class Document:
    """One document read: its text, and its pages or slides where the format has them."""

    text: str
    pages: tuple[PageSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row; `is_row` where it is a row of single lines."""

    text: str
    is_row: bool = False


def join_blocks(blocks: Sequence[Block]) -> str:
    """The text of the blocks; rows that follow one another stand on lines, not in paragraphs."""
    out: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None:
            out.append(ROW if before.is_row and block.is_row else PARAGRAPH)
        out.append(block.text)
    return "".join(out)


def join_pages(pages: Iterable[str], unit: Literal["page", "slide"]) -> Document:
    """One text of the pages' texts; a page without text keeps its number and an empty span."""
    text: list[str] = []
    spans: list[PageSpan] = []
    length = 0
    for number, page in enumerate(pages, 1):
        if page and length:
            text.append(PARAGRAPH)
            length += len(PARAGRAPH)
        spans.append(PageSpan(number, length, length + len(page), unit))
        text.append(page)
        length += len(page)
    return Document("".join(text), tuple(spans))


@dataclass(slots=True)
class _Open:
    """What stands open while a document is walked: a block, a cell, a row, or the whole."""

    text: list[str] = field(default_factory=list)
    space_due: bool = False  # white space was met, and shows if a word follows on this line
    blocks: list[Block] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)

    def left_over(self) -> list[Block]:
        """All blocks within, also those of cells that stand in no row of a broken table."""
        return self.blocks + [block for cell in self.cells for block in cell]


class BlockCollector:
    """Collects text while a tree is walked from start tags to end tags.

    Blocks may nest (a text box in a paragraph): the inner one follows the outer. A row whose cells
    are single lines becomes one line with tabs, any other row a block for each paragraph in it.
    """

    def __init__(self) -> None:
        self._open = [_Open()]

    def add(self, text: str) -> None:
        """Append to the innermost open block, as it stands."""
        here = self._open[-1]
        if here.space_due and not text.startswith("\n"):
            here.text.append(" ")
        here.space_due = False
        here.text.append(text)

    def add_words(self, text: str) -> None:
        """Append with white space collapsed, across calls too, as HTML and ODF ask for."""
        here = self._open[-1]
        text = _SPACES.sub(" ", text)
        words = text.strip(" ")
        at_line_start = not here.text or here.text[-1].endswith("\n")
        here.space_due = (here.space_due or text.startswith(" ")) and not at_line_start
        if words:
            self.add(words)
            here.space_due = text.endswith(" ")

    def open_block(self) -> None:
        """Begin a paragraph, heading or list item."""
        self._open.append(_Open())

    def close_block(self) -> None:
        """End the innermost block; one without text leaves nothing."""
        done = self._open.pop()
        text = canonical("".join(done.text)).strip()
        if text:
            self._open[-1].blocks.append(Block(text))
        self._open[-1].blocks += done.left_over()

    def put(self, blocks: Iterable[Block]) -> None:
        """Append blocks made elsewhere, such as a footnote, after the innermost open block."""
        self._open[-1].blocks += blocks

    def open_row(self) -> None:
        """Begin a row of a table."""
        self._open.append(_Open())

    def open_cell(self) -> None:
        """Begin a cell; blocks are opened in it as anywhere."""
        self._open.append(_Open())

    def close_cell(self) -> None:
        """End the innermost cell."""
        done = self._open.pop()
        self._open[-1].cells.append(done.left_over())

    def close_row(self) -> None:
        """End the innermost row."""
        done = self._open.pop()
        cells = [cell for cell in done.cells if cell]
        if all(len(cell) == 1 and not {ROW, CELL} & set(cell[0].text) for cell in cells):
            cells = [[Block(CELL.join(cell[0].text for cell in cells), is_row=True)]] * bool(cells)
        self._open[-1].blocks += [block for cell in cells for block in cell] + done.blocks

    def finish(self) -> list[Block]:
        """All blocks, in order; nothing may be open."""
        (whole,) = self._open
        return whole.left_over()
