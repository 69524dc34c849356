"""One door to all document formats: from a file of a known kind to one canonical text.

Invariant: whatever a file holds, `read_document` returns a `Document` with something to read in it
or raises one class of `reviewer.errors.IntakeError` whose sentence names the file.
"""

import unicodedata
from collections.abc import Callable
from pathlib import Path

from reviewer.errors import EmptyFile, NoText, TooLarge, WrongType
from reviewer.intake.documents.document import Document
from reviewer.intake.documents.docx import read_docx
from reviewer.intake.documents.html import read_html
from reviewer.intake.documents.odt import read_odt
from reviewer.intake.documents.pdf import read_pdf
from reviewer.intake.documents.plain import read_plain
from reviewer.intake.documents.pptx import read_pptx
from reviewer.intake.documents.rtf import read_rtf
from reviewer.intake.limits import Limits
from reviewer.intake.sniff import ContentKind

_FROM_FILE: dict[ContentKind, Callable[[Path, Limits], Document]] = {
    ContentKind.PDF: read_pdf,
    ContentKind.DOCX: read_docx,
    ContentKind.PPTX: read_pptx,
    ContentKind.ODT: read_odt,
}
_FROM_BYTES: dict[ContentKind, Callable[[bytes, str], Document]] = {
    ContentKind.RTF: read_rtf,
    ContentKind.HTML: read_html,
    ContentKind.MARKDOWN: read_plain,
    ContentKind.TEXT: read_plain,
}
_MEGABYTE = 1e6
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # Unicode categories: controls, formats, spaces


def read_document(path: Path, content: ContentKind, limits: Limits) -> Document:
    """Read a document that `sniff` told to be `content`.

    Raises `EmptyFile`, `TooLarge`, `WrongType` (for recordings and captions, which are read
    elsewhere), `DamagedFile`, `Encrypted`, `NoText`, `UnpacksTooLarge`, `UnreadableEncoding`.
    """
    name, size = path.name, path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{name} is empty (0 bytes): please submit it again.")
    if size > limits.max_file_bytes:
        raise _too_large(name, size, limits.max_file_bytes, "REVIEWER_MAX_FILE_MB")
    if content in _FROM_FILE:
        document = _FROM_FILE[content](path, limits)
    elif content in _FROM_BYTES:
        if size > limits.max_unpacked_bytes:  # these are read at once
            raise _too_large(name, size, limits.max_unpacked_bytes, "REVIEWER_MAX_UNPACKED_MB")
        document = _FROM_BYTES[content](path.read_bytes(), name)
    else:
        raise WrongType(
            f"{name} is a recording or captions ({content}), not a document: submit it for a slot "
            "that takes recordings."
        )
    if not _has_something_to_read(document.text):
        raise NoText(
            f"{name} has no text in it that can be seen: export it again and submit that file."
        )
    return document


def _has_something_to_read(text: str) -> bool:
    return any(
        not character.isspace() and unicodedata.category(character) not in _UNSEEN
        for character in text
    )


def _too_large(name: str, size: int, most: int, setting: str) -> TooLarge:
    return TooLarge(
        f"{name} has {size / _MEGABYTE:.1f} MB, more than the {most / _MEGABYTE:.1f} MB that "
        f"{setting} allows: submit a smaller version of it."
    )
