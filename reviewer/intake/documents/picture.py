"""One page of a PDF as a picture: ``python -m reviewer.intake.documents.picture FILE PAGE``.

Invariant: run as a process of its own, so that a file which PDFium hangs or dies on takes nothing
with it; nothing is written but the picture, to standard output.
"""

import io
import sys
from pathlib import Path

import pypdfium2 as pdfium

from reviewer.errors import DamagedFile, ReviewerError

LONGEST = 1600
"""Pixels of the longer side: readable at the full width of a pane, on a dense screen too."""


def page_picture(path: Path, number: int) -> bytes:
    """Page `number` (from 1) as PNG; raises `DamagedFile` where it cannot be drawn."""
    try:
        with pdfium.PdfDocument(path) as pdf:
            if not 1 <= number <= len(pdf):
                raise DamagedFile(f"{path.name} has no page {number}: it has {len(pdf)}.")
            pdf.init_forms()
            page = pdf[number - 1]
            scale = LONGEST / max(1.0, *page.get_size())
            image = page.render(scale=scale, grayscale=False).to_pil()
    except pdfium.PdfiumError as error:
        raise DamagedFile(
            f"Page {number} of {path.name} cannot be drawn; its text can be read all the same."
        ) from error
    # Few colours are enough to read a page by, and a third of the bytes.
    data = io.BytesIO()
    image.quantize(64).save(data, "PNG")
    return data.getvalue()


def main() -> None:
    """Write the picture of a page, or say in one sentence why there is none (exit status 1)."""
    try:
        data = page_picture(Path(sys.argv[1]), int(sys.argv[2]))
    except ReviewerError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
