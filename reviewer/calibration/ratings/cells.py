"""Cells of text to numbers, moments and words of a list; what is wrong is told with its rows.

Invariant: a repair is certain and counted; whatever would be a guess is a `RatingsError` that names
the first rows it is about.

A column of cells is categorical: each different text is kept, read and judged once, however many
rows have it, so that ten million ratings fit.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewer.errors import RatingsError

_SHOWN = 5  # rows that a sentence names
_MOST = 2**31 - 1  # largest whole number that is kept
_FARTHEST = 1e9  # from 0, as levels may lie (`agreement.levels`)
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


def as_cells(column: pd.Series) -> "pd.Series[str]":
    """A column of texts as cells: without the white space around them, categories in order."""
    cells = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
    words = pd.Series(cells.cat.categories.astype("str")).str.strip()
    return _recoded(cells, words)


def same_cell(text: str, rows: pd.Index) -> "pd.Series[str]":
    """A column that has the same text in every row."""
    codes = np.zeros(len(rows), dtype="int8")
    return pd.Series(pd.Categorical.from_codes(codes, categories=[text]), index=rows)


def replaced(cells: pd.Series, by: "dict[str, str]") -> "pd.Series[str]":
    """Cells with some of their texts replaced by others."""
    words = pd.Series(cells.cat.categories)
    return _recoded(cells, words.map(by).where(words.isin(by.keys()), words).astype("str"))


def chosen(first: pd.Series, where: "pd.Series[bool]", other: pd.Series) -> "pd.Series[str]":
    """The cell of `first` in the rows of `where`, that of `other` in the rest."""
    words = first.cat.categories.union(other.cat.categories).astype("str")
    mine, theirs = (one.cat.set_categories(words).cat.codes for one in (first, other))
    codes = mine.where(where, theirs)
    made = pd.Series(pd.Categorical.from_codes(codes, categories=words), index=first.index)
    return made.cat.remove_unused_categories()


def _recoded(cells: pd.Series, words: pd.Series) -> "pd.Series[str]":
    """`cells` with the texts `words` (one a category), of which several may have become alike."""
    places, texts = pd.factorize(words, sort=True)
    codes = _spread(cells, places.astype("int32"))
    made = pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="str"))
    return pd.Series(made, index=cells.index, name=cells.name)


def _spread(cells: pd.Series, values: NDArray[np.generic]) -> NDArray[np.generic]:
    """What is known of each different text, for every row."""
    return np.asarray(values[cells.cat.codes.to_numpy()])


def _first(cells: pd.Series, wrong: "pd.Series[bool]") -> str:
    """The first cell whose text is marked in `wrong`."""
    return str(cells.iloc[int(_spread(cells, wrong.to_numpy()).argmax())])


def _texts(cells: pd.Series) -> "pd.Series[str]":
    return pd.Series(cells.cat.categories, dtype="str")


def needed(table: pd.DataFrame, column: str, name: str) -> "pd.Series[str]":
    """A column without a blank cell."""
    blank = table[column] == ""
    if blank.any():
        raise RatingsError(
            f"{name}, {rows_in_words(table.index[blank])}: the column {column!r} is blank; every "
            "rating needs one."
        )
    return table[column]


def numbers(cells: pd.Series, column: str, name: str) -> "tuple[pd.Series[float], list[str]]":
    """Numbers, NaN where a cell is blank; a decimal comma is read as a point, and counted.

    Raises `RatingsError` for words, for commas and points in one number, and beyond `_FARTHEST`.
    """
    texts = _texts(cells)
    blank = texts.str.lower().isin(_BLANKS)
    comma = texts.str.fullmatch(r"[+-]?\d*,\d+")
    mended = texts.where(~comma, texts.str.replace(",", ".", regex=False))
    values = pd.to_numeric(mended.where(~blank), errors="coerce").astype("float64")
    wrong = (values.isna() & ~blank) | (texts.str.contains("inf", case=False) & ~blank)
    if wrong.any():
        rows = cells.index[_spread(cells, wrong.to_numpy())]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {column} is no number "
            f"({_first(cells, wrong)!r}); write digits, or leave the cell blank."
        )
    beyond = values.abs() > _FARTHEST
    if beyond.any():
        rows = cells.index[_spread(cells, beyond.to_numpy())]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {column} is farther from 0 than {_FARTHEST:,.0f} "
            f"({_first(cells, beyond)!r}); mend these cells."
        )
    repairs = []
    if comma.any():
        rows = cells.index[_spread(cells, comma.to_numpy())]
        repairs.append(
            f"{counted(len(rows), 'cell')} of {column} had a decimal comma, read as a "
            f"point ({rows_in_words(rows)})."
        )
    return pd.Series(_spread(cells, values.to_numpy()), index=cells.index), repairs


def whole_numbers(table: pd.DataFrame, column: str, default: int, name: str) -> "pd.Series[int]":
    """Whole numbers of 1 or more; `default` where the column or the cell is not there."""
    if column not in table.columns:
        return pd.Series(default, index=table.index, dtype="int32")
    values, _ = numbers(table[column], column, name)
    wrong = values.notna() & ((values < 1) | (values % 1 != 0) | (values > _MOST))
    if wrong.any():
        raise RatingsError(
            f"{name}, {rows_in_words(table.index[wrong])}: {column} is a whole number of 1 or "
            "more; mend these cells."
        )
    return values.fillna(default).astype("int32")


def choices(
    table: pd.DataFrame, column: str, known: Sequence[str], default: str, name: str
) -> "pd.Series[str]":
    """Words of a closed list, in lower case; `default` where column or cell is not there."""
    if column not in table.columns:
        return same_cell(str(default), table.index)
    cells = table[column]
    words = _texts(cells).str.lower()
    words = words.where(words != "", str(default))
    wrong = ~words.isin([str(one) for one in known])
    if wrong.any():
        rows = cells.index[_spread(cells, wrong.to_numpy())]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {_first(cells, wrong)!r} is no "
            f"{column}; use {', '.join(known)}."
        )
    return _recoded(cells, words)


def yes_or_no(cells: pd.Series, column: str, name: str) -> "pd.Series[bool]":
    """Yes and no in the usual spellings; a blank cell is a no."""
    words = _texts(cells).str.lower()
    yes, no = words.isin(["yes", "true", "1", "1.0"]), words.isin(["no", "false", "0", "0.0", ""])
    wrong = ~(yes | no)
    if wrong.any():
        rows = cells.index[_spread(cells, wrong.to_numpy())]
        raise RatingsError(f"{name}, {rows_in_words(rows)}: {column} is yes or no; mend these.")
    return pd.Series(_spread(cells, yes.to_numpy()), index=cells.index)


def moments(table: pd.DataFrame, column: str, name: str) -> "tuple[pd.Series, list[str]]":
    """Moments in UTC, NaT where blank; one without a zone is taken as UTC, and counted."""
    if column not in table.columns:
        return pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"), []
    cells = table[column]
    texts = _texts(cells)
    values = pd.to_datetime(
        texts.where(texts != ""), utc=True, errors="coerce", format="ISO8601"
    ).dt.as_unit("us")
    wrong = values.isna() & (texts != "")
    if wrong.any():
        rows = cells.index[_spread(cells, wrong.to_numpy())]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: {_first(cells, wrong)!r} is no {column}; write "
            "it as 2026-03-31T14:05:00+02:00."
        )
    dated = pd.Series(values.array.take(cells.cat.codes.to_numpy()), index=cells.index)
    zoned = texts.str.contains(r"[Tt ]\d[\d:.]*\s?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$", regex=True)
    naive = (texts != "") & ~zoned
    if not naive.any():
        return dated, []
    rows = cells.index[_spread(cells, naive.to_numpy())]
    return dated, [
        f"{counted(len(rows), 'timestamp')} without a time zone, taken as UTC "
        f"({rows_in_words(rows)})."
    ]
