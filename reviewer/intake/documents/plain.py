"""Plain text and Markdown: changed by nothing but decoding, newlines and normal form C.

Invariant: the canonical text is the decoded file; Markdown marks stay, for a quote must be found
in the file that was submitted.
"""

from reviewer.intake.documents.document import Document
from reviewer.intake.encoding import decode


def read_plain(data: bytes, name: str) -> Document:
    """Read a text or Markdown file. Raises `UnreadableEncoding`."""
    return Document(decode(data, name))
