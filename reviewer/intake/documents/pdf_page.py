"""One page of a PDF: its lines, of the characters that can be seen.

Invariant: PDFium's order is kept, but for what was typed into form fields: it is put where it
stands on the page. Hidden characters (see `pdf_visible`) are left out; spaces are single.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from reviewer.intake.documents.pdf_lines import BROKEN_WORD, Line
from reviewer.intake.documents.pdf_visible import hidden_characters

_LINE_ENDS = (ord("\r"), ord("\n"))
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r" *\t[ \t]*|  +")
_WIDE_GAP = 2.0  # heights of a character: more space than this parts two cells of a table


def page_lines(pdf: pdfium.PdfDocument, number: int) -> tuple[list[Line], bool]:
    """The lines of page `number` (from 0), and whether the page shows a picture.

    Raises `pypdfium2.PdfiumError` for a page that cannot be read.
    """
    page = pdf[number]
    printed = None
    if pdfium_c.FPDFPage_GetAnnotCount(page) > 0:
        printed = _count(page)
        flattened = pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
        if flattened == pdfium_c.FLATTEN_SUCCESS:
            page.close()
            page = pdf[number]
    try:
        text = page.get_textpage()
        lines = list(_lines(text, hidden_characters(page, text)))
        pictured = any(True for _ in page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE]))
    finally:
        page.close()
    if printed is not None:
        typed = [line for first, line in lines if first >= printed]
        return _put_in_place([line for first, line in lines if first < printed], typed), pictured
    return [line for _, line in lines], pictured


def _count(page: pdfium.PdfPage) -> int:
    text = page.get_textpage()
    count: int = text.count_chars()
    text.close()
    return count


def _lines(text: pdfium.PdfTextPage, hidden: frozenset[int]) -> Iterator[tuple[int, Line]]:
    """Each line that has something to read, with the index of its first character."""
    pending: list[int] = []
    for index in range(text.count_chars()):
        ends = pdfium_c.FPDFText_GetUnicode(text, index) in _LINE_ENDS
        if not ends and index not in hidden:
            pending.append(index)
        if pending and (ends or pdfium_c.FPDFText_IsHyphen(text, index) == 1):
            yield from _line(text, pending)
            pending = []
    yield from _line(text, pending)


def _line(text: pdfium.PdfTextPage, indices: Sequence[int]) -> Iterator[tuple[int, Line]]:
    codes = [pdfium_c.FPDFText_GetUnicode(text, index) for index in indices]
    inked = [index for index, code in zip(indices, codes, strict=True) if not chr(code).isspace()]
    if not inked:
        return
    boxes = [_box(text, index) for index in (inked[0], inked[len(inked) // 2], inked[-1])]
    size = median(top - bottom for _, bottom, _, top in boxes)
    characters = [
        _character(text, index, code, size) for index, code in zip(indices, codes, strict=True)
    ]
    written = _cleaned("".join(characters))
    if not written:
        return
    first_space = next((at for at, one in enumerate(characters) if at and one.isspace()), None)
    word_end = inked[-1] if first_space is None else indices[first_space - 1]
    left = boxes[0][0]
    yield (
        indices[0],
        Line(
            text=written,
            left=left,
            right=boxes[-1][2],
            baseline=_baseline(text, inked[0]),
            size=size,
            first_word=max(0.0, _box(text, word_end)[2] - left),
        ),
    )


def _character(text: pdfium.PdfTextPage, index: int, code: int, size: float) -> str:
    """The character; a tab where PDFium made a space of a gap between two cells."""
    if pdfium_c.FPDFText_IsHyphen(text, index) == 1:
        return BROKEN_WORD
    if code == ord(" ") and pdfium_c.FPDFText_IsGenerated(text, index) == 1:
        gap = _box(text, index + 1)[0] - _box(text, index - 1)[2]
        return "\t" if gap > _WIDE_GAP * size else " "
    return chr(code)


def _cleaned(written: str) -> str:
    """Without what is no text; halves of characters outside the basic plane are put together."""
    broken = BROKEN_WORD if written.endswith(BROKEN_WORD) else ""
    written = _NOT_TEXT.sub("", written)
    if any("\ud800" <= character <= "\udfff" for character in written):
        written = written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    written = _SPACES.sub(lambda run: "\t" if "\t" in run.group() else " ", written).strip()
    return written + broken if written else ""


def _put_in_place(printed: list[Line], typed: Sequence[Line]) -> list[Line]:
    """Put each typed line after the last printed one that stands above it or to its left."""
    for line in typed:
        before = [
            at
            for at, other in enumerate(printed)
            if other.baseline > line.baseline + line.size / 2
            or (abs(other.baseline - line.baseline) <= line.size / 2 and other.left < line.left)
        ]
        printed.insert(before[-1] + 1 if before else 0, line)
    return printed


def _box(text: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    rect = pdfium_c.FS_RECTF()
    found = index >= 0 and pdfium_c.FPDFText_GetLooseCharBox(text, index, rect)
    box = rect.left, rect.bottom, rect.right, rect.top
    return box if found and all(map(isfinite, box)) else (0.0, 0.0, 0.0, 0.0)


def _baseline(text: pdfium.PdfTextPage, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
    return y.value
