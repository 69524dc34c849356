"""One rating per rater, unit and phase: of several the same counts once, of dated ones the latest.

Invariant: no row goes without being counted with its number; where no moment says which of two
different ratings came later, the table is refused. What a rater found not observable is a rating
like a score: the later one of the two counts. An engine goes by its version, and has no phase.
"""

import pandas as pd

from reviewer.calibration.ratings.cells import chosen, counted, rows_in_words, same_cell
from reviewer.errors import RatingsError

_WHO = ["submission", "attempt", "element", "rater", "phase", "engine_version"]
_KEY = [*_WHO, "fitted_on"]
_UNSEEN = float("-inf")
"""Stands for "not observable" among scores."""


def without_twins(
    frame: pd.DataFrame, engine: "pd.Series[bool]", name: str
) -> tuple[pd.DataFrame, list[str]]:
    """`frame` without twins, and a counted sentence for each kind of what was left out.

    `engine` marks the drafts. Raises `RatingsError` with the rows of two different undated ratings.
    """
    keys = _keys(frame, engine)
    if not keys.duplicated(_KEY).any():
        return frame, []
    rows = keys.assign(
        said=_said(frame), name=frame["rater"], timestamp=frame["timestamp"], row=frame.index
    ).reset_index(drop=True)  # one row of a wide table is several ratings
    given = rows[rows["said"].notna()]
    several = given[given.duplicated(_KEY, keep=False)]
    if several.empty:
        return frame, []
    groups = several.groupby(_KEY, sort=False)
    differ = groups["said"].transform("nunique") > 1
    dated = groups["timestamp"].transform("nunique") == groups["said"].transform("size")
    _refuse_undated(several, differ & ~dated, name)
    same = several[~differ]
    redone = several[differ].sort_values("timestamp", kind="stable")
    notes, gone = [], []
    for dropped, words in (
        (same[same.duplicated(_KEY)], "given twice with the same score, counted once"),
        (redone[redone.duplicated(_KEY, keep="last")], "replaced by a later one of its phase"),
    ):
        gone += dropped.index.tolist()
        if len(dropped):
            where = rows_in_words(dropped["row"])
            notes.append(f"{counted(len(dropped), 'rating')} {words} ({where}).")
    return frame[~rows.index.isin(gone)], notes


def _keys(frame: pd.DataFrame, engine: "pd.Series[bool]") -> pd.DataFrame:
    """What makes two rows twins: a person has no engine version or fit, and an engine no phase."""
    keys = frame[_WHO].assign(fitted_on=engine & frame.get("fitted_on", False))
    nothing = same_cell("", frame.index)
    if engine.any():
        versioned = engine & (frame["engine_version"] != "")
        keys["rater"] = chosen(frame["engine_version"], versioned, frame["rater"])
        keys["phase"] = chosen(nothing, engine, frame["phase"])
    keys["engine_version"] = chosen(frame["engine_version"], engine, nothing)
    return keys


def _said(frame: pd.DataFrame) -> "pd.Series[float]":
    """The score; `_UNSEEN` where not observable was said instead, missing where nothing was."""
    if "not_observable" not in frame:
        return frame["score"]
    return frame["score"].mask(frame["score"].isna() & frame["not_observable"], _UNSEEN)


def _refuse_undated(several: pd.DataFrame, unclear: "pd.Series[bool]", name: str) -> None:
    if not unclear.any():
        return
    one = several[unclear].iloc[0]
    rows = several["row"][(several[_KEY] == one[_KEY]).all(axis=1)]
    where = "" if one["phase"] == "" else " in one phase"
    raise RatingsError(
        f"{name}, {rows_in_words(rows)}: {one['name']} gave two different scores to "
        f"{one['element']!r} of {one['submission']!r}{where}, and no timestamps say which "
        "came later; keep the one that counts."
    )
