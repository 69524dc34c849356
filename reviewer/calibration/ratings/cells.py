"""Cells of text to numbers, moments and words of a list; what is wrong is told with its rows.

Invariant: a repair is certain and counted; whatever would be a guess is a `RatingsError` that names
the first rows it is about.
"""

from collections.abc import Iterable
from enum import StrEnum

import pandas as pd

from reviewer.errors import RatingsError

_SHOWN = 5  # rows that a sentence names
_BLANKS = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "-", "–"})


def rows_in_words(rows: Iterable[int]) -> str:
    """Row numbers as words, the first few of them: "row 3", "rows 3, 8 and 120 more"."""
    numbers = sorted({int(row) for row in rows})
    if len(numbers) == 1:
        return f"row {numbers[0]:,}"
    shown = ", ".join(f"{number:,}" for number in numbers[:_SHOWN])
    more = f" and {len(numbers) - _SHOWN:,} more" if len(numbers) > _SHOWN else ""
    return f"rows {shown}{more}"


def counted(number: int, thing: str) -> str:
    """A number with its noun, such as "1 row" or "1,200 rows"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def needed(table: pd.DataFrame, column: str, name: str) -> "pd.Series[str]":
    """A column without a blank cell."""
    blank = table[column] == ""
    if blank.any():
        raise RatingsError(
            f"{name}, {rows_in_words(table.index[blank])}: the column {column!r} is blank; every "
            "rating needs one."
        )
    return table[column]


def numbers(
    cells: "pd.Series[str]", column: str, name: str
) -> "tuple[pd.Series[float], list[str]]":
    """Numbers, NaN where a cell is blank; a decimal comma is read as a point, and counted.

    Raises `RatingsError` for words, and for commas and points in one number.
    """
    blank = cells.str.lower().isin(_BLANKS)
    comma = cells.str.fullmatch(r"[+-]?\d*,\d+")
    mended = cells.where(~comma, cells.str.replace(",", ".", regex=False))
    values = pd.to_numeric(mended.where(~blank), errors="coerce").astype("float64")
    wrong = (values.isna() & ~blank) | values.isin([float("inf"), float("-inf")])
    if wrong.any():
        rows = cells.index[wrong]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {column} is no number "
            f"({cells.to_numpy()[wrong][0]!r}); write digits, or leave the cell blank."
        )
    repairs = []
    if comma.any():
        repairs.append(
            f"{counted(int(comma.sum()), 'cell')} of {column} had a decimal comma, read as a "
            f"point ({rows_in_words(cells.index[comma])})."
        )
    return values, repairs


def whole_numbers(table: pd.DataFrame, column: str, default: int, name: str) -> "pd.Series[int]":
    """Whole numbers of 1 or more; `default` where the column or the cell is not there."""
    if column not in table.columns:
        return pd.Series(default, index=table.index, dtype="int64")
    values, _ = numbers(table[column], column, name)
    wrong = values.notna() & ((values < 1) | (values % 1 != 0))
    if wrong.any():
        raise RatingsError(
            f"{name}, {rows_in_words(table.index[wrong])}: {column} is a whole number of 1 or "
            "more; mend these cells."
        )
    return values.fillna(default).astype("int64")


def choices(
    table: pd.DataFrame, column: str, known: type[StrEnum], default: StrEnum, name: str
) -> "pd.Series[str]":
    """Words of a closed list, in lower case; `default` where column or cell is not there."""
    if column not in table.columns:
        return pd.Series(str(default), index=table.index, dtype="str")
    words = table[column].str.lower().where(table[column] != "", str(default))
    wrong = ~words.isin([str(one) for one in known])
    if wrong.any():
        rows = table.index[wrong]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {table[column].to_numpy()[wrong][0]!r} is no "
            f"{column}; use {', '.join(known)}."
        )
    return words


def yes_or_no(cells: "pd.Series[str]", column: str, name: str) -> "pd.Series[bool]":
    """Yes and no in the usual spellings; a blank cell is a no."""
    words = cells.str.lower()
    yes, no = words.isin(["yes", "true", "1", "1.0"]), words.isin(["no", "false", "0", "0.0", ""])
    if not (yes | no).all():
        rows = cells.index[~(yes | no)]
        raise RatingsError(f"{name}, {rows_in_words(rows)}: {column} is yes or no; mend these.")
    return yes


def moments(table: pd.DataFrame, column: str, name: str) -> "tuple[pd.Series, list[str]]":
    """Moments in UTC, NaT where blank; one without a zone is taken as UTC, and counted."""
    if column not in table.columns:
        return pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"), []
    cells = table[column]
    values = pd.to_datetime(
        cells.where(cells != ""), utc=True, errors="coerce", format="ISO8601"
    ).dt.as_unit("us")
    wrong = values.isna() & (cells != "")
    if wrong.any():
        rows = cells.index[wrong]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {cells.to_numpy()[wrong][0]!r} is no {column}; write "
            "it as 2026-03-31T14:05:00+02:00."
        )
    zoned = cells.str.contains(r"(?:[zZ]|[+-]\d\d:?\d\d)$", regex=True)
    naive = (cells != "") & ~zoned
    if not naive.any():
        return values, []
    return values, [
        f"{counted(int(naive.sum()), 'timestamp')} without a time zone, taken as UTC "
        f"({rows_in_words(cells.index[naive])})."
    ]
