"""Ratings of the same thing side by side: which two scores are compared, and which one is drawn.

Invariant: a unit is one element of one work (submission and attempt); where a side has several
ratings of a unit, one is drawn with the recorded seed, so that every unit counts once and both
sides stay single ratings, as the human ceiling is.
"""

import numpy as np
import pandas as pd

UNIT = ["submission", "attempt", "element"]
"""The columns that name a unit."""


def one_each(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One rating a unit, drawn at random where there are several; order of rows does not matter."""
    return _shuffled(ratings, seed).drop_duplicates(UNIT)


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


def first_and_second(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Units with two or more raters: two of their ratings, drawn and in random order.

    With exactly two raters in the whole table `left` is the first of them by name everywhere.
    """
    raters = sorted(ratings["rater"].unique())
    if len(raters) == 2:
        one, two = (ratings[ratings["rater"] == rater] for rater in raters)
        return two_sides(one, two, seed)
    mixed = _shuffled(ratings, seed)
    place = mixed.groupby(UNIT, sort=False).cumcount()
    left, right = mixed[place == 0], mixed[place == 1]
    both = left[[*UNIT, "candidate", "score"]].merge(right[[*UNIT, "score"]], on=UNIT)
    return both.rename(columns={"score_x": "left", "score_y": "right"})


def _shuffled(ratings: pd.DataFrame, seed: int) -> pd.DataFrame:
    return _mixed(ratings.sort_values([*UNIT, "rater"], kind="stable"), seed)


def _drawn(pairs: pd.DataFrame, order: list[str], seed: int) -> pd.DataFrame:
    kept = _mixed(pairs.sort_values(order, kind="stable"), seed).drop_duplicates(UNIT)
    return kept.sort_values(UNIT, kind="stable").reset_index(drop=True)


def _mixed(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
