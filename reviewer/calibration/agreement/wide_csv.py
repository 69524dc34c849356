"""A CSV file to cells: which distinct texts stand in it, and where.

Invariant: every cell is kept as it was written but for white space at its ends; what is repaired
(byte order mark, encoding) is said in ``notes``; rows are numbered as in a spreadsheet, the header
being row 1.
"""

import codecs
import csv
import io
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import RatingsError
from reviewer.intake.encoding import decode_only

_DELIMITERS = ",;\t"
_ROWS_NAMED = 5


@dataclass(frozen=True, eq=False)
class WideTable:
    """One row a unit.

    ``head``: names of the columns after the identifier; ``units``: identifiers; ``rows``: their
    numbers in the file; ``texts``: the distinct cells; ``cells``: shape (units, columns), places in
    ``texts``, −1 where blank; ``notes``: what was repaired or left out, in sentences.
    """

    name: str
    head: tuple[str, ...]
    units: tuple[str, ...]
    rows: NDArray[np.int64]
    texts: tuple[str, ...]
    cells: NDArray[np.int32]
    notes: tuple[str, ...]


def read_wide_csv(data: bytes, name: str) -> WideTable:
    """The table in `data`; ``name`` is for the sentences.

    Separators are commas, semicolons or tabs, whichever the header has most of. Raises
    `RatingsError` where it is empty, in no encoding that can be told, has no column beside the
    identifier, a column without a name or two of one name, rows longer than the header, or two rows
    for one unit.
    """
    text, notes = _decoded(data, name)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        head = [each.strip() for each in next(reader, [])]
        skipped = _identifier(head, name)
        if skipped:
            notes.append(f"The column {head[0]} before {head[1]} was left out: it is no rater.")
        return _cells(reader, head, skipped, name, tuple(notes))
    except csv.Error as error:
        raise RatingsError(
            f"{name} is not a CSV table ({error}): save it as CSV, UTF-8, and try again."
        ) from error


def _cells(
    reader: Iterable[list[str]],
    head: Sequence[str],
    identifier: int,
    name: str,
    notes: tuple[str, ...],
) -> WideTable:
    columns = range(identifier + 1, len(head))
    texts: dict[str, int] = {}
    cells, units, rows = array("i"), list[str](), array("q")
    for number, row in enumerate(reader, start=2):
        if not any(each.strip() for each in row):
            continue
        if any(each.strip() for each in row[len(head) :]):
            raise RatingsError(_too_long(name, number, len(row), len(head)))
        units.append(row[identifier].strip() if len(row) > identifier else "")
        rows.append(number)
        for at in columns:
            cell = row[at].strip() if at < len(row) else ""
            cells.append(texts.setdefault(cell, len(texts)) if cell else -1)
    numbers = np.array(rows, dtype=np.int64)
    _refuse_twins(units, numbers, head, name)
    shaped = np.array(cells, dtype=np.int32).reshape(len(units), len(columns))
    return WideTable(
        name, tuple(head[identifier + 1 :]), tuple(units), numbers, tuple(texts), shaped, notes
    )


def rows_named(rows: Iterable[int]) -> str:
    """Row numbers for a sentence, the first few of them."""
    listed = list(rows)
    shown = ", ".join(map(str, listed[:_ROWS_NAMED]))
    more = len(listed) - _ROWS_NAMED
    return f"row{'s' if len(listed) > 1 else ''} {shown}" + (
        f" and {more} more" if more > 0 else ""
    )


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    if not data.strip():
        raise RatingsError(f"{name} is empty: give a CSV table with a header and one row a unit.")
    text = decode_only(data)
    if text is None:
        raise RatingsError(
            f"{name} is text in an encoding that cannot be told: save it again as UTF-8."
        )
    notes = []
    if data.startswith(codecs.BOM_UTF8):
        notes.append("1 byte order mark at the start was left out.")
    elif not _is_utf8(data):
        notes.append("The file is not UTF-8; its characters were told from its bytes.")
    return text, notes


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data


def _identifier(head: Sequence[str], name: str) -> int:
    """The place of the column that identifies units."""
    skipped = 1 if len(head) > 1 and head[0].lower() == "group" else 0
    named = head[skipped + 1 :]
    if not named:
        raise RatingsError(
            f"{name} has no column beside {head[0] if head else 'a header'!r}: the first column "
            "identifies the unit, every other column is a rater."
        )
    for at, each in enumerate(named):
        if not each:
            raise RatingsError(f"{name}, row 1: column {at + skipped + 2} has no name; give one.")
        if each in named[:at]:
            raise RatingsError(f"{name}, row 1: two columns are called {each}; rename one.")
    return skipped


def _too_long(name: str, row: int, has: int, head: int) -> str:
    return (
        f"{name}, row {row} has {has} cells but the header has {head}: put decimal commas in "
        "quotation marks, or write points."
    )


def _refuse_twins(
    units: Sequence[str], rows: NDArray[np.int64], head: Sequence[str], name: str
) -> None:
    blank = [int(row) for row, unit in zip(rows, units, strict=True) if not unit]
    if blank:
        raise RatingsError(
            f"{name}: the unit's identifier, in the first column, is blank in {rows_named(blank)}."
        )
    if len(set(units)) == len(units):
        return
    seen: dict[str, int] = {}
    for row, unit in zip(rows, units, strict=True):
        if unit in seen:
            many = len(units) - len(set(units))
            raise RatingsError(
                f"{name}: rows {seen[unit]} and {row} are both of unit {unit} ({many} such): "
                f"{_remedy(head)}."
            )
        seen[unit] = int(row)


def _remedy(head: Sequence[str]) -> str:
    if {"rater", "score"} <= {each.lower() for each in head}:
        return "this is a long table of ratings, which `reviewer calibrate` reads"
    return "a rater rates a unit once; keep one row a unit"
