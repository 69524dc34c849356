"""Subgroups of candidates, from a file of its own: candidate, then one column a grouping.

Invariant: what belongs to a candidate never enters the ratings table from elsewhere; a candidate
without a row is in no subgroup, and counted.
"""

from collections.abc import Iterable

import pandas as pd

from reviewer.calibration.ratings.cells import counted, replaced, rows_in_words
from reviewer.calibration.ratings.table import Ratings
from reviewer.errors import RatingsError


def with_subgroups(ratings: Ratings, table: pd.DataFrame, name: str) -> tuple[Ratings, list[str]]:
    """`ratings` with the groupings of `table` as extra columns, and the names of these.

    Raises `RatingsError` for a table without `candidate`, with a candidate twice, or without any of
    the ratings' candidates.
    """
    if "candidate" not in table.columns or len(table.columns) < 2:
        raise RatingsError(
            f"{name} needs a column candidate and at least one column of subgroups; it has "
            f"{', '.join(table.columns[:12])}."
        )
    twice = table["candidate"].duplicated(keep=False)
    if twice.any():
        raise RatingsError(
            f"{name}, {rows_in_words(table.index[twice])}: a candidate stands twice; keep one row "
            "for each."
        )
    groupings = [column for column in table.columns if column != "candidate"]
    taken = [column for column in groupings if column in ratings.frame.columns]
    if taken:
        raise RatingsError(
            f"{name} and the ratings both have a column {taken[0]!r}; rename one of them."
        )
    by_candidate = table.set_index("candidate")
    frame = ratings.frame.copy()
    for column in groupings:
        group_of = by_candidate[column].to_dict()
        everybody = frame["candidate"].cat.categories
        frame[column] = replaced(
            frame["candidate"], {one: group_of.get(one, "") for one in everybody}
        )
    known = set(frame["candidate"].unique())
    absent = known - set(by_candidate.index)
    if absent == known:
        raise RatingsError(
            f"{name} has none of the candidates of the ratings (these are {_some(known)}; it has "
            f"{_some(by_candidate.index)}); write them alike in both."
        )
    notes = (
        (f"{counted(len(absent), 'candidate')} in no row of {name}: in no subgroup.",)
        if absent
        else ()
    )
    extra = (*ratings.extra, *groupings)
    return Ratings(frame, ratings.assumed, (*ratings.repairs, *notes), extra), groupings


def _some(candidates: Iterable[str]) -> str:
    return ", ".join(sorted(map(str, candidates))[:3])
