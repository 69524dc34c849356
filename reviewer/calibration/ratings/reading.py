"""Bytes of a table to rows of text: CSV in any encoding that can be told, or Parquet.

Invariant: nothing is interpreted here: every cell is text as it stands, without the white space
around it, and the frame's index is the row's number in the file (the header is row 1). Columns are
categorical: each different text is kept once.
"""

import csv
import io
import re
import warnings
from enum import StrEnum

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from reviewer.calibration.ratings.cells import as_cells
from reviewer.calibration.ratings.table import COLUMNS, KNOWN_EXTRA
from reviewer.errors import RatingsError
from reviewer.intake.encoding import canonical, decode_only

_PARQUET = b"PAR1"
_DELIMITERS = ",;\t|"
_ROWS_AT_ONCE = 200_000  # as texts; what is kept of them takes a tenth
_EXACT = 2**53  # up to here every whole number is a float of its own
FIRST_ROW = 2
"""Number of the first row below the header."""


class TableForm(StrEnum):
    """How the ratings lie in the file."""

    CSV = "csv"
    PARQUET = "parquet"


def read_table(data: bytes, name: str) -> pd.DataFrame:
    """The table in `data`, cells as text; `name` is for sentences.

    Columns that have a meaning are in lower case, others as written: they may name a rater.

    Raises `RatingsError` where it is neither CSV nor Parquet, has no rows, or a column twice.
    """
    if not data.strip():
        raise RatingsError(f"{name} is empty; it needs a header and one row a rating.")
    form = TableForm.PARQUET if data.startswith(_PARQUET) else TableForm.CSV
    frame = _parquet(data, name) if form is TableForm.PARQUET else _csv(data, name)
    frame.columns = pd.Index(_names([str(column) for column in frame.columns], name))
    frame = pd.DataFrame({column: as_cells(frame[column]) for column in frame.columns})
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    filled = np.zeros(len(frame), dtype=bool)
    for column in frame.columns:
        filled |= (frame[column] != "").to_numpy()
    frame = frame if filled.all() else frame[filled]
    if frame.empty:
        raise RatingsError(f"{name} has a header and no rows; it needs one row a rating.")
    return frame


def _names(columns: list[str], name: str) -> list[str]:
    """Column names, known ones in lower case; raises `RatingsError` where one stands twice."""
    names = [column.strip() for column in columns]
    lower = [one.lower() for one in names]
    twice = next((one for at, one in enumerate(lower) if one in lower[:at]), None)
    if twice is not None:
        raise RatingsError(f"{name} has the column {twice!r} twice; give each its own name.")
    known = {*COLUMNS, *KNOWN_EXTRA}
    return [low if low in known else one for low, one in zip(lower, names, strict=True)]


def _parquet(data: bytes, name: str) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except (OSError, ValueError) as error:
        raise RatingsError(
            f"{name} is a damaged Parquet file ({str(error).splitlines()[0]}); export it again."
        ) from error
    if any(one is not None for one in frame.index.names):
        frame = frame.reset_index()  # columns of the file that pandas made an index of
    moments = frame.select_dtypes(include=["datetime", "datetimetz"]).columns
    text = {}
    for column in frame.columns:
        cells = frame[column]
        if isinstance(cells.dtype, pd.CategoricalDtype):  # a dictionary-encoded column
            cells = cells.astype(cells.cat.categories.dtype)
        if column in moments:
            cells = cells.map(lambda moment: "" if pd.isna(moment) else moment.isoformat())
        if pd.api.types.is_float_dtype(cells.dtype) and _are_whole(cells):
            cells = cells.astype("Int64")  # a blank among whole numbers made them 12.0
        text[column] = as_cells(cells.astype("str").where(frame[column].notna(), ""))
    return pd.DataFrame(text)


def _are_whole(cells: pd.Series) -> bool:
    there = cells.dropna().to_numpy(dtype="float64")
    return bool((np.abs(there) <= _EXACT).all() and (there == np.floor(there)).all())


def _csv(data: bytes, name: str) -> pd.DataFrame:
    clean, delimiter = _as_utf8(data, name)
    try:
        with warnings.catch_warnings():
            # A row that is one cell too long would lose that cell with no more than a warning.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            with pd.read_csv(
                io.BytesIO(clean),
                sep=delimiter,
                dtype="str",
                keep_default_na=False,
                na_filter=False,
                index_col=False,
                skip_blank_lines=False,
                quoting=csv.QUOTE_MINIMAL,
                chunksize=_ROWS_AT_ONCE,
            ) as blocks:
                return _joined([block.astype("category") for block in blocks])
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError) as error:
        raise RatingsError(_unparsable(name, str(error))) from error


def _joined(blocks: list[pd.DataFrame]) -> pd.DataFrame:
    """Blocks of rows one below the other, each different text of a column kept once.

    (Read as categories at once, texts that look like numbers would be made numbers: 007 a 7.)
    """
    columns = {
        column: union_categoricals([block[column] for block in blocks])
        for column in blocks[0].columns
    }
    return pd.DataFrame(columns)


def _as_utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """The file in UTF-8, and its delimiter. (No text is held while a large table is parsed.)"""
    text = decode_only(data)
    if text is None or "\x00" in text:
        raise RatingsError(
            f"{name} is in an encoding that cannot be told, or is no table of text; save it as "
            "CSV in UTF-8."
        )
    clean = canonical(text)
    header = clean[: clean.find("\n")] if "\n" in clean else clean
    delimiter = max(_DELIMITERS, key=header.count)
    _names(next(csv.reader([header], delimiter=delimiter), []), name)
    return clean.encode(), delimiter


def _unparsable(name: str, error: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", error)
    if found:
        return (
            f"{name}, row {found[2]}: {found[3]} cells where the header has {found[1]}; put text "
            "that holds the delimiter between double quotes."
        )
    if "Length of header" in error:
        return (
            f"{name} has more cells in some row than in the header; put text that holds the "
            "delimiter between double quotes."
        )
    return f"{name} cannot be read as CSV ({error.strip().splitlines()[0].rstrip('.')}); check it."
