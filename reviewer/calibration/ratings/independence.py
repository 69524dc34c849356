"""Which ratings are independent evidence, which are reported apart, and what is left out and why.

Invariant: a score given after a reveal never counts as independent, nor does one by somebody who
had seen excerpts or a draft, be it a panel; every row of the table is in exactly one part or is
counted as left out with its reason.
"""

from dataclasses import dataclass

import pandas as pd

from reviewer.calibration.ratings.table import ENGINE, Ratings
from reviewer.review.rating import Aid, Phase, RaterType


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many rows do not count as independent, and why."""

    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a table, all with its columns.

    `independent`: blind, unaided, by evaluators and experts; `aided`: blind, but after excerpts or
    a draft was seen; `consensus`: reference ratings of a panel, blind and unaided too; `engine`:
    drafts on works that the engine was not fitted on; `unseen`: rows without a score, of
    independent people and panels who found the element not observable, which only outcomes of
    whole works can use.
    """

    independent: pd.DataFrame
    aided: pd.DataFrame
    consensus: pd.DataFrame
    engine: pd.DataFrame
    unseen: pd.DataFrame
    left_out: tuple[LeftOut, ...]


_REVEALED = "given after the draft was revealed, or as the final word: anchoring, not agreement"
_UNSEEN = "where the rater found the element not observable"
_BLANK = "no score"
_ADJUDICATED = "by an adjudicator, who had seen the scores to settle"
_TRAINEE = "by a trainee"
_FITTED = "draft of a work that the engine was fitted on"
_PANEL_AIDED = "by a panel that had seen excerpts or a draft"


def split(ratings: Ratings) -> Split:
    """Tell the rows of `ratings` apart."""
    frame = ratings.frame
    kind, phase, aid = frame["rater_type"], frame["phase"], frame["aid"]
    left = pd.Series(True, index=frame.index)
    counted: list[LeftOut] = []
    nothing = ~left
    fitted = frame["fitted_on"] if "fitted_on" in frame.columns else nothing
    unseen = frame["not_observable"] if "not_observable" in frame.columns else nothing
    engine, panel = kind == ENGINE, kind == RaterType.CONSENSUS
    single = kind.isin([RaterType.EVALUATOR, RaterType.EXPERT])
    unseen = unseen & frame["score"].isna()
    alone = (single | panel) & (phase == Phase.BLIND) & (aid == Aid.NONE)
    for reason, rows in (
        (_UNSEEN, unseen),
        (_BLANK, frame["score"].isna()),
        (_FITTED, engine & fitted),
        (_ADJUDICATED, kind == RaterType.ADJUDICATOR),
        (_TRAINEE, kind == RaterType.TRAINEE),
        (_REVEALED, (phase != Phase.BLIND) & ~engine),
        (_PANEL_AIDED, panel & (aid != Aid.NONE)),
    ):
        out = left & rows
        if out.any():
            counted.append(LeftOut(int(out.sum()), reason))
        left &= ~rows
    person = left & single
    return Split(
        independent=frame[person & (aid == Aid.NONE)],
        aided=frame[person & (aid != Aid.NONE)],
        consensus=frame[left & panel],
        engine=frame[left & engine],
        unseen=frame[unseen & alone],
        left_out=tuple(counted),
    )
