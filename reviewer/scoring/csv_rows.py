"""The rows of a CSV table that a scorer is fitted to.

Invariant: every row has as many cells as the header; a table that breaks this is refused.
"""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from reviewer.errors import IntakeError, TableError
from reviewer.intake.encoding import decode


def csv_rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows with their numbers as a spreadsheet counts them: the header is row 1.

    Raises `TableError` for a file that cannot be read, a column of `needed` that is not there, and
    a row that has not as many cells as the header.
    """
    try:
        text = decode(path.read_bytes(), path.name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TableError(f"{path} cannot be read: {reason}; name a file that is there.") from error
    except IntakeError as error:
        raise TableError(str(error)) from error
    csv.field_size_limit(100_000_000)
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        missing = [name for name in needed if name not in header]
        if missing:
            raise TableError(
                f"{path.name} has no column {', '.join(missing)}; it has "
                f"{', '.join(header) or 'none'}. Name the columns in the first row."
            )
        made = []
        for at, cells in enumerate(reader, 2):
            if None in cells or None in cells.values():
                raise TableError(
                    f"{path.name}, row {at}: it has not as many cells as the header, "
                    f"{len(header)}; put texts with commas or line breaks in quotation marks."
                )
            made.append((at, dict(cells)))
    except csv.Error as error:
        raise TableError(f"{path.name} is not a CSV table: {error}; export it again.") from error
    return made
