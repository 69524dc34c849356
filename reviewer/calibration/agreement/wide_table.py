"""Cells of a wide table to `Patterns`: ratings, counts or a contingency table.

Invariant: a cell is a level, blank, or refused with its rows; every repair is counted and said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reviewer.calibration.agreement.krippendorff import METRICS, Metric
from reviewer.calibration.agreement.levels import Levels, levels_of
from reviewer.calibration.agreement.patterns import (
    MOST_COUNTED,
    Patterns,
    patterns_of_codes,
    patterns_of_contingency,
    patterns_of_tallies,
)
from reviewer.calibration.agreement.wide_cells import (
    is_blank,
    number_of,
    refuse,
    refuse_infinite,
    refuse_where,
)
from reviewer.calibration.agreement.wide_csv import WideTable
from reviewer.errors import RatingsError

Form = Literal["ratings", "counts", "contingency"]


@dataclass(frozen=True)
class Asked:
    """What a person asked of a table: ``raters`` and ``levels`` are None where not said."""

    form: Form = "ratings"
    raters: tuple[str, ...] | None = None
    levels: tuple[str, ...] | None = None
    metric: Metric | None = None


def read_wide(table: WideTable, asked: Asked) -> tuple[Patterns, tuple[str, ...]]:
    """The patterns of a table and what was repaired, assumed or left out, in sentences.

    Raises `RatingsError` for cells that are no level, counts that are blank or no whole numbers, a
    contingency table whose rows and columns do not name the same levels, raters that are not
    there, fewer than two raters, and a table without any rating.
    """
    if asked.raters is not None and asked.form != "ratings":
        raise RatingsError(f"--raters chooses columns of ratings; a {asked.form} table has none.")
    if asked.form == "ratings":
        return _ratings(table, asked)
    counts = _counts(table)
    if not counts.any():
        raise RatingsError(f"{table.name} has no rating at all; there is nothing to measure.")
    if asked.form == "counts":
        levels = _stated(list(table.head), asked)
        ordered = counts[:, [table.head.index(each) for each in _in_order(table.head, levels)]]
        return patterns_of_tallies(ordered, levels), table.notes
    levels = _stated(list(table.head), asked)
    order = _in_order(table.head, levels)
    if sorted(table.units) != sorted(table.head):
        raise RatingsError(
            f"{table.name}: the rows are of {', '.join(table.units)} but the columns of "
            f"{', '.join(table.head)}; a contingency table has the same levels both ways."
        )
    down = [table.units.index(each) for each in order]
    across = [table.head.index(each) for each in order]
    cells = counts[np.ix_(down, across)]
    return patterns_of_contingency(cells, levels, ("rows", "columns")), table.notes


def _ratings(table: WideTable, asked: Asked) -> tuple[Patterns, tuple[str, ...]]:
    table = _with_raters(table, asked.raters)
    if len(table.head) < 2:
        raise RatingsError(
            f"{table.name} has one rater, {table.head[0]}: agreement needs two or more "
            "columns of ratings beside the identifier."
        )
    cells = table.cells
    notes = list(table.notes)
    if not (cells >= 0).any():
        raise RatingsError(f"{table.name} has no rating at all; there is nothing to measure.")
    refuse_infinite(table)
    used = np.bincount(cells[cells >= 0], minlength=len(table.texts))
    numbers = _numbers(table, used, asked, notes)
    if numbers is None:
        levels, place = _word_levels(table, used, asked, notes)
    else:
        levels, place = _number_levels(numbers, used, asked)
    codes = np.append(np.array(place, dtype=np.int32), np.int32(-1))[cells]
    wrong = codes == -2
    if wrong.any():
        shown = ", ".join(_shown(each) for each in levels.labels)
        remedy = "mend them or name their level in --levels"
        refuse_where(table, wrong, f"ratings off the levels {shown}", remedy)
    if not (codes >= 0).any():
        raise RatingsError(f"{table.name} has no rating at all; there is nothing to measure.")
    if asked.levels is None:
        shown = ", ".join(_shown(each) for each in levels.labels)
        notes.append(f"Levels are those that occur: {shown} (--levels names all).")
    return patterns_of_codes(codes, levels, table.head), tuple(notes)


def _with_raters(table: WideTable, wanted: tuple[str, ...] | None) -> WideTable:
    """The table with the wanted columns alone."""
    if wanted is None:
        return table
    missing = [each for each in wanted if each not in table.head]
    if missing:
        raise RatingsError(
            f"{table.name} has no column {', '.join(missing)}; its raters are "
            f"{', '.join(table.head)}."
        )
    if len(set(wanted)) < len(wanted):
        raise RatingsError("--raters names a column twice; name each once.")
    columns = [table.head.index(each) for each in wanted]
    return replace(table, head=wanted, cells=table.cells[:, columns])


def _numbers(
    table: WideTable, used: NDArray[np.intp], asked: Asked, notes: list[str]
) -> list[float | None] | None:
    """The number of each text (None: it counts as blank), or None where ratings are words."""
    numbers = [number_of(text) for text in table.texts]
    occurring = [at for at, many in enumerate(used) if many]
    words = [at for at in occurring if numbers[at] is None]
    blanks = [at for at in words if is_blank(table.texts[at])]
    strange = [at for at in words if at not in blanks]
    if asked.levels is not None:
        if any(number_of(each) is None for each in asked.levels):
            return None
    elif len(words) == len(occurring):
        return None
    if strange:
        figures = int(used.sum()) - int(used[words].sum())
        if asked.levels is None and int(used[strange].sum()) > figures:
            return None  # words among which some happen to be figures
        remedy = "leave missing ratings blank or name words in --levels"
        refuse(table, strange, "words among ratings that are numbers", remedy)
    _note_blanks(table, used, blanks, notes)
    commas = [at for at in occurring if at not in words and "," in table.texts[at]]
    if commas:
        many = int(used[commas].sum())
        plural, example = "s were" if many > 1 else " was", table.texts[commas[0]]
        notes.append(f"{many} decimal comma{plural} read as a point (as in {example}).")
    return numbers


def _note_blanks(
    table: WideTable, used: NDArray[np.intp], blanks: Sequence[int], notes: list[str]
) -> None:
    if blanks:
        many = int(used[blanks].sum())
        shown = ", ".join(table.texts[at] for at in blanks)
        notes.append(f"{many} cell{'s' if many > 1 else ''} with {shown} counted as blank.")


def _number_levels(
    numbers: Sequence[float | None], used: NDArray[np.intp], asked: Asked
) -> tuple[Levels, list[int]]:
    occurring = {
        each for each, many in zip(numbers, used, strict=True) if many and each is not None
    }
    try:
        seen = levels_of(sorted(occurring) or [0.0])
    except ValueError as error:
        raise RatingsError(f"the ratings cannot be levels: {error}") from error
    levels = _stated(asked.levels, asked) if asked.levels else seen
    place = {each: at for at, each in enumerate(levels.numbers.tolist())}
    codes = [-1 if each is None else place.get(each, -2) for each in numbers]
    return _at_metric(levels, asked.metric), codes


def _word_levels(
    table: WideTable, used: NDArray[np.intp], asked: Asked, notes: list[str]
) -> tuple[Levels, list[int]]:
    named = asked.levels or ()
    blanks = [
        at
        for at, text in enumerate(table.texts)
        if used[at] and is_blank(text, among_words=True) and text not in named
    ]
    _note_blanks(table, used, blanks, notes)
    if asked.levels is not None:
        levels = _stated(asked.levels, asked)
    else:
        occurring = sorted(
            text for at, text in enumerate(table.texts) if used[at] and at not in blanks
        )
        levels = _at_metric(Levels(tuple(occurring), None, ordered=False), asked.metric)
    place = {str(label): at for at, label in enumerate(levels.labels)}
    codes = [-1 if at in blanks else place.get(text, -2) for at, text in enumerate(table.texts)]
    return levels, codes


def _stated(labels: Sequence[str] | None, asked: Asked) -> Levels:
    """Levels as a person named them, in --levels or in the header of a table of counts."""
    named = list(asked.levels or labels or ())
    try:
        numbers = [number_of(each) for each in named]
        if None not in numbers:
            levels = levels_of(numbers)
        else:
            levels = levels_of(named, ordered=asked.levels is not None)
    except ValueError as error:
        raise RatingsError(f"--levels cannot be used: {error}") from error
    return _at_metric(levels, asked.metric)


def _at_metric(levels: Levels, metric: Metric | None) -> Levels:
    """Levels of which no more is taken for granted than the metric says."""
    if metric is None:
        return levels if levels.values is not None else Levels(levels.labels, None, ordered=False)
    if metric == "nominal":
        return Levels(levels.labels, None, ordered=False)
    if metric == "ordinal":
        if not levels.ordered:
            raise RatingsError("--metric ordinal on words needs their order: name it in --levels.")
        return Levels(levels.labels, None, ordered=True)
    if levels.values is None:
        raise RatingsError(
            f"--metric {metric} needs levels that are numbers; words can be "
            f"{METRICS[0]} or, with --levels in order, {METRICS[1]}."
        )
    return replace(levels, ratios=metric == "ratio")


def _in_order(head: Sequence[str], levels: Levels) -> list[str]:
    """The header's names in the order of the levels."""
    by_level = {
        label if isinstance(label, str) else _shown(label): at
        for at, label in enumerate(levels.labels)
    }

    def rank(name: str) -> int:
        number = number_of(name)
        key = name if number is None else _shown(number)
        return by_level.get(key, by_level.get(name, -1))

    if len(head) != len(levels) or any(rank(each) < 0 for each in head):
        shown = ", ".join(_shown(each) for each in levels.labels)
        raise RatingsError(
            f"the columns {', '.join(head)} are not the levels {shown}: name every column once."
        )
    return sorted(head, key=rank)


def _counts(table: WideTable) -> NDArray[np.float64]:
    values = []
    for text in table.texts:
        number = number_of(text)
        whole = number is not None and math.isfinite(number) and number == math.floor(number)
        fits = number is not None and whole and 0 <= number <= MOST_COUNTED
        values.append(number if number is not None and fits else -1.0)
    counts = np.append(np.array(values, dtype=np.float64), -1.0)[table.cells]
    if (counts < 0).any():
        remedy = (
            f"a count is a whole number from 0 to {MOST_COUNTED:,}; ratings themselves need --form "
            "ratings"
        )
        refuse_where(table, counts < 0, "cells that are no count", remedy)
    return np.asarray(counts)


def _shown(label: str | float) -> str:
    return label if isinstance(label, str) else f"{label:g}"
