"""Ratings of the same thing side by side: which two scores are compared, and which one is drawn.

Invariant: a unit is one element of one work (submission and attempt); where a side has several
ratings of a unit, one is drawn with the recorded seed, so that every unit counts once and both
sides stay single ratings, as the human ceiling is.
"""

import numpy as np
import pandas as pd

UNIT = ["submission", "attempt", "element"]
"""The columns that name a unit."""

MOST_SLOTS = 6
"""Ratings of one unit that statistics for any number of raters see."""


def one_each(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One rating a unit, drawn at random where there are several; order of rows does not matter.

    Columns: those of the unit, `candidate`, `rater`, `score`.
    """
    return _shuffled(ratings[[*UNIT, "candidate", "rater", "score"]], seed).drop_duplicates(UNIT)


def two_sides(left: pd.DataFrame, right: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Units that both sides rated: columns of the unit, `candidate`, `left` and `right` scores.

    A rater is never paired with itself.
    """
    columns = [*UNIT, "candidate", "rater", "score"]
    both = left[columns].merge(
        right[[*UNIT, "rater", "score"]], on=UNIT, suffixes=("_left", "_right")
    )
    both = both[both["rater_left"] != both["rater_right"]]
    both = both.rename(columns={"score_left": "left", "score_right": "right"})
    order = [*UNIT, "rater_left", "rater_right"]
    return _drawn(both, order, seed)[[*UNIT, "candidate", "left", "right"]]


def slots(ratings: pd.DataFrame, first: "pd.Series[bool]", seed: int) -> pd.DataFrame:
    """One row a unit, its ratings in the columns 0, 1, … (at most `MOST_SLOTS`), NaN where none.

    With two raters in all, each has a column. With more, a unit's raters stand in random order, but
    the rows marked in `first` before the others. Index: the unit; column `candidate` beside.
    """
    ratings = ratings[[*UNIT, "candidate", "rater", "score"]]
    raters = sorted(ratings["rater"].unique())
    if len(raters) <= 2:
        place = ratings["rater"].map({rater: at for at, rater in enumerate(raters)})
        placed = ratings.assign(place=place.astype("int64"))
    else:
        mixed = _shuffled(ratings.assign(later=~first), seed).sort_values("later", kind="stable")
        placed = mixed.assign(place=mixed.groupby(UNIT, sort=False).cumcount())
        placed = placed[placed["place"] < MOST_SLOTS]
    wide = placed.pivot(index=UNIT, columns="place", values="score")
    wide = wide.reindex(columns=range(max(2, len(wide.columns))))
    wide["candidate"] = placed.drop_duplicates(UNIT).set_index(UNIT)["candidate"]
    return wide


def _shuffled(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    return _mixed(ratings.sort_values([*UNIT, "rater"], kind="stable"), seed)


def _drawn(pairs: pd.DataFrame, order: list[str], seed: int) -> pd.DataFrame:
    kept = _mixed(pairs.sort_values(order, kind="stable"), seed).drop_duplicates(UNIT)
    return kept.sort_values(UNIT, kind="stable").reset_index(drop=True)


def _mixed(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
