"""What one cell of a wide table says: a finite number, nothing, or a word.

Invariant: a number that is read is finite; what looks like one and is not is refused with its rows.
"""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.calibration.agreement.levels import FARTHEST
from reviewer.calibration.agreement.wide_csv import WideTable, rows_named
from reviewer.errors import RatingsError

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_BLANKS = frozenset({"na", "n/a", "nan", "null", "none", "-", ".", "#n/a"})
_LEVELS_TOO = frozenset({"none"})  # among words it may well be the name of the lowest level


def number_of(text: str) -> float | None:
    """The number that is written, a decimal comma read as a point; null for a word or a blank.

    What is too large to be a number, such as 1e400 or inf, is infinite.
    """
    if _INFINITE.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def is_blank(text: str, *, among_words: bool = False) -> bool:
    """Whether the cell is a way to write that there is nothing, such as NA."""
    lower = text.lower()
    return lower in _BLANKS and not (among_words and lower in _LEVELS_TOO)


def refuse_infinite(table: WideTable) -> None:
    """Raise `RatingsError` with the rows where a cell is inf or beyond FARTHEST: no level is."""
    numbers = [number_of(text) for text in table.texts]
    places = [at for at, each in enumerate(numbers) if each is not None and math.isinf(each)]
    if np.isin(table.cells, places).any():
        refuse(table, places, "no finite numbers", "correct them, or leave missing ratings blank")
    far = [at for at, each in enumerate(numbers) if each is not None and abs(each) > FARTHEST]
    if np.isin(table.cells, far).any():
        refuse(table, far, f"numbers farther from 0 than {FARTHEST:,.0f}", "give smaller ones")


def refuse(table: WideTable, places: Sequence[int], what: str, remedy: str) -> None:
    """Raise `RatingsError` naming the rows of the cells whose texts stand at `places`."""
    refuse_where(table, np.isin(table.cells, places), what, remedy)


def refuse_where(table: WideTable, where: NDArray[np.bool_], what: str, remedy: str) -> None:
    """Raise `RatingsError` naming the rows of the cells at `where`, shape (units, columns)."""
    row, column = (int(each[0]) for each in np.nonzero(where))
    at = table.cells[row, column]
    first = table.texts[at] if at >= 0 else "a blank"
    shown = first if len(first) <= 40 else f"{first[:40]}…"
    rows = rows_named(table.rows[where.any(axis=1)].tolist())
    raise RatingsError(
        f"{table.name}, {rows}: {what}, the first being {shown} in column {table.head[column]} "
        f"({int(where.sum())} such in all); {remedy}."
    )
