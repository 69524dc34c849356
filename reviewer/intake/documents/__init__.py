"""Documents of every kind to one canonical text with page or slide spans; one file a format.

`reading.read_document` is the one door; it is not imported here, because the parsers behind it take
half a second that whoever only handles a `Document` need not pay.
"""

from reviewer.intake.documents.document import Document

__all__ = ["Document"]
