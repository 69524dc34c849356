"""PDF: the visible text of each page, read by PDFium, with what was typed into form fields.

Invariant: one `PageSpan` a page. A file that was cut off is refused even where PDFium could rebuild
a part of it. Text that the page itself hides is left out (see `pdf_visible`).
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from reviewer.errors import DamagedFile, Encrypted, NoText, UnpacksTooLarge
from reviewer.intake.artifact import PageSpan
from reviewer.intake.documents.document import PARAGRAPH, Document
from reviewer.intake.documents.pdf_lines import (
    BROKEN_WORD,
    Line,
    Vocabulary,
    continues,
    paragraphs,
    seam,
    vocabulary,
)
from reviewer.intake.documents.pdf_page import page_lines
from reviewer.intake.encoding import canonical
from reviewer.intake.limits import Limits

_PDFIUM = threading.Lock()  # PDFium may be called from one thread at a time
_LOCKED = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
_END_WITHIN = 1024  # bytes, in which a whole file says %%EOF


def read_pdf(path: Path, limits: Limits) -> Document:
    """Read a PDF. Raises `DamagedFile`, `Encrypted`, `NoText` for scans, `UnpacksTooLarge`."""
    pages: list[list[Line]] = []
    pictures = False
    length = 0
    with _PDFIUM, _opened(path) as pdf:
        for number in range(len(pdf)):
            try:
                lines, picture = page_lines(pdf, number)
            except pdfium.PdfiumError as error:
                raise _damaged(path) from error
            pages.append(lines)
            pictures |= picture
            length += sum(len(line.text) for line in lines)
            if length > limits.max_unpacked_bytes:
                raise UnpacksTooLarge(
                    f"{path.name} unpacks to more text than any document holds: export it again "
                    "and submit that file."
                )
    if not any(pages):
        raise _without_text(path, pictures)
    known = vocabulary(pages)
    return _joined([paragraphs(lines, known) for lines in pages], known)


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        pdf = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise Encrypted(
                f"{path.name} is locked with a password: export it again without one and submit "
                "that file."
            ) from error
        raise _damaged(path) from error
    with pdf:
        if not pdfium_c.FPDF_DocumentHasValidCrossReferenceTable(pdf) and _was_cut_off(path):
            raise _damaged(path)
        pdf.init_forms()
        yield pdf


def _was_cut_off(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _END_WITHIN))
        return b"%%EOF" not in stream.read()


def _joined(pages: Sequence[list[str]], known: Vocabulary) -> Document:
    """One text; a paragraph that goes on over a page break is one, each page keeps its own part."""
    parts: list[str] = []
    spans: list[PageSpan] = []
    length = 0
    for number, page in enumerate(pages, 1):
        glue = PARAGRAPH if page and parts else ""
        if page and parts and continues(parts[-1], page[0]):
            kept = parts[-1][:-1] + BROKEN_WORD if parts[-1].endswith("-") else parts[-1]
            kept, glue = seam(kept, page[0], known)
            length += len(kept) - len(parts[-1])
            spans[-1] = PageSpan(spans[-1].number, spans[-1].start, length)
            parts[-1] = kept
        text = canonical(PARAGRAPH.join(page))
        start = length + len(glue)
        length = start + len(text)
        spans.append(PageSpan(number, start, length))
        if page:
            parts += [glue, text]
    return Document("".join(parts), tuple(spans))


def _damaged(path: Path) -> DamagedFile:
    return DamagedFile(
        f"{path.name} is damaged or was cut off on its way: export it as PDF again and submit "
        "that file."
    )


def _without_text(path: Path, pictures: bool) -> NoText:
    if pictures:
        return NoText(
            f"{path.name} is a scan: its pages are pictures without text. Run text recognition "
            "(OCR) on it, or export the original as PDF, and submit that file."
        )
    return NoText(
        f"{path.name} has pages but no text on them: export it as PDF again and submit that file."
    )
