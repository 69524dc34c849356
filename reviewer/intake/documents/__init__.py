"""Documents of every kind to one canonical text with page or slide spans; one file a format."""

from reviewer.intake.documents.document import Document
from reviewer.intake.documents.reading import read_document

__all__ = ["Document", "read_document"]
