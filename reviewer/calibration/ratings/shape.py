"""Wide tables to long ones: one column a rater, or one column an element.

Invariant: a row of the result keeps the number of the row that it was read from; what the columns
were taken for is said.
"""

from collections.abc import Sequence

import pandas as pd

from reviewer.calibration.ratings.cells import as_cells, same_cell
from reviewer.errors import RatingsError


def lengthen(
    table: pd.DataFrame, name: str, required: Sequence[str], known: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """`table` with every `required` column, and a sentence where it had to be turned.

    `known` are the column names that never stand for a rater or an element. Raises `RatingsError`
    naming the absent columns.
    """
    missing = [column for column in required if column not in table.columns]
    if not missing:
        return table, ()
    if "submission" in missing:
        raise RatingsError(_absent(name, missing, table))
    kept = [column for column in table.columns if column in known]
    turned = [column for column in table.columns if column not in known]
    if set(missing) in ({"rater", "score"}, {"rater", "score", "element"}):
        if len(turned) < 2:
            raise RatingsError(_absent(name, missing, table))
        long = _melt(table, kept, turned, "rater")
        if "element" in missing:
            long["element"] = same_cell("score", long.index)
        return long, (f"The table has one column a rater: {', '.join(turned)}.",)
    if set(missing) == {"element", "score"} and turned:
        long = _melt(table, kept, turned, "element")
        return long, (f"The table has one column an element: {', '.join(turned)}.",)
    raise RatingsError(_absent(name, missing, table))


def _melt(table: pd.DataFrame, kept: list[str], turned: list[str], into: str) -> pd.DataFrame:
    long = table.astype(dict.fromkeys(turned, "str")).melt(
        id_vars=kept, value_vars=turned, var_name=into, value_name="score", ignore_index=False
    )
    return long.assign(
        **{column: as_cells(long[column].astype("str")) for column in (into, "score")}
    )


def _absent(name: str, missing: Sequence[str], table: pd.DataFrame) -> str:
    there = ", ".join(table.columns[:12])
    return (
        f"{name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} (it has "
        f"{there}); a ratings table needs submission, element, rater and score."
    )
