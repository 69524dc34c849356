"""The long table of ratings as a value: one row a rating, every column typed.

Invariant: `Ratings.frame` has the columns of `COLUMNS`, in that order, followed by the extra ones;
no cell but `score` and `timestamp` is missing; a missing score is a row that counts as left out.
A person gives one score per unit and phase, an engine version one per unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reviewer.calibration.ratings.cells import (
    choices,
    chosen,
    moments,
    needed,
    numbers,
    replaced,
    rows_in_words,
    same_cell,
    whole_numbers,
    yes_or_no,
)
from reviewer.calibration.ratings.shape import lengthen
from reviewer.calibration.ratings.twins import without_twins
from reviewer.errors import RatingsError
from reviewer.review.rating import Aid, Phase, RaterType

ENGINE = "engine"
"""What `rater_type` says of a draft; the other words are those of `RaterType`."""

REQUIRED = ("submission", "element", "rater", "score")
COLUMNS = (
    "submission", "attempt", "candidate", "element", "rater", "rater_type", "score", "phase",
    "aid", "timestamp", "rubric_version", "engine_version",
)  # fmt: skip
"""The columns of the long table; `REQUIRED` ones must be there, the others have defaults."""

KNOWN_EXTRA = {
    "credential": "which credential the submission was for",
    "confidence": "probability that the engine gave its level, 0 to 1",
    "active_s": "seconds that the rater was active on this rating",
    "fitted_on": "yes: this engine was fitted on this work",
    "not_observable": "yes: the rater found that the work cannot show the element",
}
"""Extra columns that have a meaning here; any other is kept and reported."""

ASSUMED = {
    "attempt": "every row is attempt 1",
    "candidate": "every submission is by another candidate",
    "rater_type": "every rater is an evaluator, but for those called engine, expert or consensus",
    "phase": "every rating is blind",
    "aid": "every rater had seen nothing (aid none)",
    "rubric_version": "all ratings are on one version of the rubric",
    "engine_version": "each engine is one version",
}
"""What is taken for granted where a column is absent; said in every report."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """A table of ratings and what was done to it on the way in.

    `frame`: one row a rating (see `COLUMNS`); its index is the row's number in the file, `score` is
    float with NaN only where the cell was blank; columns of text are categorical, in order.
    `assumed`: one sentence per absent column; `repairs`: one counted sentence per kind of repair;
    `extra`: names of the columns kept beside.
    """

    frame: pd.DataFrame
    assumed: tuple[str, ...]
    repairs: tuple[str, ...]
    extra: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.frame)


def make_ratings(table: pd.DataFrame, name: str) -> Ratings:
    """The ratings in a table of text cells, as `read_table` or a store gives it.

    A table without the columns `rater` and `score` is taken as one column a rater, one without
    `element` and `score` as one column an element. `name` is for sentences. Raises `RatingsError`
    naming the rows, or a counted repair is in the result.
    """
    long, notes = lengthen(table, name, REQUIRED, (*COLUMNS, *KNOWN_EXTRA))
    assumed = [sentence for column, sentence in ASSUMED.items() if column not in long.columns]
    repairs = list(notes)
    made = {column: needed(long, column, name) for column in ("submission", "element", "rater")}
    made["score"], scored = numbers(long["score"], "score", name)
    repairs += scored
    made["attempt"] = whole_numbers(long, "attempt", 1, name)
    made["candidate"] = _candidates(long, made["submission"])
    made["rater_type"] = _rater_types(long, made["rater"], name)
    made["phase"] = choices(long, "phase", tuple(Phase), Phase.BLIND, name)
    made["aid"] = choices(long, "aid", tuple(Aid), Aid.NONE, name)
    made["timestamp"], timed = moments(long, "timestamp", name)
    repairs += timed
    for column in ("rubric_version", "engine_version"):
        made[column] = long[column] if column in long.columns else same_cell("", long.index)
    extra = tuple(column for column in long.columns if column not in COLUMNS)
    frame = pd.DataFrame({column: made[column] for column in COLUMNS} | _extras(long, extra, name))
    frame, dropped = without_twins(frame, frame["rater_type"] == ENGINE, name)
    _one_candidate_a_submission(frame, name)
    return Ratings(frame, tuple(assumed), (*repairs, *dropped), extra)


def _candidates(table: pd.DataFrame, submissions: pd.Series) -> pd.Series:
    """Whose work each row is of; where that is not said, each submission is its own candidate."""
    if "candidate" not in table.columns:
        return submissions
    said = table["candidate"] != ""
    return table["candidate"] if said.all() else chosen(table["candidate"], said, submissions)


def _rater_types(table: pd.DataFrame, raters: pd.Series, name: str) -> pd.Series:
    if "rater_type" in table.columns:
        return choices(table, "rater_type", (*RaterType, ENGINE), RaterType.EVALUATOR, name)
    said = {ENGINE, RaterType.EXPERT, RaterType.CONSENSUS}
    kinds = {
        one: one.lower() if one.lower() in said else str(RaterType.EVALUATOR)
        for one in raters.cat.categories
    }
    return replaced(raters, kinds)


def _extras(table: pd.DataFrame, extra: Sequence[str], name: str) -> dict[str, pd.Series]:
    made = {}
    for column in extra:
        made[column] = table[column]
        if column in ("confidence", "active_s"):
            made[column], _ = numbers(table[column], column, name)
        if column in ("fitted_on", "not_observable"):
            made[column] = yes_or_no(table[column], column, name)
    if "confidence" in made:
        wrong = made["confidence"].notna() & ~made["confidence"].between(0.0, 1.0)
        if wrong.any():
            raise RatingsError(
                f"{name}, {rows_in_words(table.index[wrong])}: confidence is a probability "
                "between 0 and 1; mend these cells."
            )
    return made


def _one_candidate_a_submission(frame: pd.DataFrame, name: str) -> None:
    pairs = frame[["submission", "attempt", "candidate"]].drop_duplicates()
    twice = pairs[pairs.duplicated(["submission", "attempt"], keep=False)]
    if len(twice):
        who = twice["submission"].iloc[0]
        rows = twice.index[twice["submission"] == who]
        raise RatingsError(
            f"{name}, {rows_in_words(rows)}: the submission {who!r} is of two candidates; "
            "intervals need to know whose work it is, so name one."
        )
