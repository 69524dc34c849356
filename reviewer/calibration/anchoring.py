"""Anchoring: how far, and in which direction, seeing the draft moved a person's own blind score.

Invariant: nothing here is agreement. A flip is judged by the expert rating alone: correct where the
final score is nearer to it than the blind one was, harmful where it is farther.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewer.calibration.agreement import RESAMPLES
from reviewer.calibration.drawing import percentile_of_draws
from reviewer.calibration.pairing import UNIT, one_each
from reviewer.calibration.ratings import ENGINE
from reviewer.calibration.ratings.cells import counted
from reviewer.calibration.shares import Share, share
from reviewer.review.rating import Aid, Phase, RaterType


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """Median seconds of active work on one element, and how many ratings it is of."""

    median_s: float
    n: int


@dataclass(frozen=True, slots=True)
class Anchoring:
    """What the draft did to the scores of one evaluator, one element, or all.

    `towards`, `away`: shares, of the blind scores that differed from the draft, that moved. `pull`:
    mean of (final - blind) / (draft - blind) over these; 0 unmoved, 1 all the way to the draft;
    `pull_low`, `pull_high`: its interval by draws of candidates, null with fewer than two of them.
    `correct`, `harmful`: shares of the flips that an expert rating can judge. `overridden`: share
    of drafts whose final score is another: workload, not accuracy.
    """

    evaluator: str
    element: str
    n: int
    differed: int
    towards: Share | None
    away: Share | None
    pull: float | None
    flips: int
    correct: Share | None
    harmful: Share | None
    overridden: Share | None
    blind_time: ActiveTime | None
    assisted_time: ActiveTime | None
    pull_low: float | None = None
    pull_high: float | None = None


ALL = ""
"""Stands for all evaluators, or all elements."""


def anchoring(
    ratings: pd.DataFrame, seed: int, resamples: int = RESAMPLES
) -> tuple[tuple[Anchoring, ...], str]:
    """For all ratings together, each evaluator and each element; empty without any final score.

    `ratings`: the whole long table; blind and final scores of one evaluator on one unit are pairs.
    Their draft is that of the `engine_version` of the later score, or the only one there is. The
    sentence, where not empty, counts pairs left out because it is not known which draft was shown.
    """
    scored = ratings[ratings["score"].notna()]
    pairs, unclear = _pairs(scored, seed)
    note = unclear and (
        f"{counted(unclear, 'pair')} of blind and later scores left out of anchoring: "
        "several engines drafted the element, and engine_version of the later score names none."
    )
    if pairs.empty:
        return (), note or ""
    parts = [
        (ALL, ALL, pairs),
        *((str(who), ALL, rows) for who, rows in pairs.groupby("rater", sort=True)),
        *((ALL, str(what), rows) for what, rows in pairs.groupby("element", sort=True)),
    ]
    made = [_of(rows, who, what, seed, resamples) for who, what, rows in parts]
    return tuple(made), note or ""


def _pairs(scored: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, int]:
    """One row per evaluator and unit with a blind and a final score and the draft between them.

    The number is that of pairs of which the draft is not known.
    """
    people = scored[scored["rater_type"].isin([RaterType.EVALUATOR, RaterType.EXPERT])]
    who = [*UNIT, "rater"]
    timed = "active_s" in scored.columns
    columns = [*who, "score", *(["active_s"] if timed else [])]
    blind = people[people["phase"] == Phase.BLIND]
    # The final word where there is one, else what was said after the reveal.
    after = people[people["phase"] != Phase.BLIND].sort_values("phase", kind="stable")
    after = after.drop_duplicates(who)
    after = after[[*columns, "engine_version"]]
    pairs = blind[[*columns, "candidate"]].merge(after, on=who, suffixes=("", "_final"))
    drafts = scored[scored["rater_type"] == ENGINE][[*UNIT, "rater", "score"]]
    pairs = pairs.merge(drafts, on=UNIT, suffixes=("", "_draft"))
    shown = pairs["engine_version"].astype("str")
    pairs = pairs[(shown == "") | (shown == pairs["rater_draft"].astype("str"))]
    several = pairs.duplicated(who, keep=False)
    unclear = len(pairs[several].drop_duplicates(who))
    pairs = pairs[~several]
    expert = _reference(scored, seed)
    pairs = pairs.merge(expert, on=UNIT, how="left", suffixes=("", "_expert"))
    own = pairs["rater"] == pairs["rater_expert"]
    return pairs.assign(score_expert=pairs["score_expert"].where(~own)), unclear


def _reference(scored: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A consensus rating where there is one, else an expert's; blind and without any aid."""
    alone = scored[(scored["phase"] == Phase.BLIND) & (scored["aid"] == Aid.NONE)]
    consensus = alone[alone["rater_type"] == RaterType.CONSENSUS]
    expert = alone[alone["rater_type"] == RaterType.EXPERT]
    both = pd.concat([one_each(consensus, seed), one_each(expert, seed)]).drop_duplicates(UNIT)
    return both[[*UNIT, "rater", "score"]]


def _of(pairs: pd.DataFrame, evaluator: str, element: str, seed: int, resamples: int) -> Anchoring:
    blind, final, draft = (
        pairs[column].to_numpy(dtype="float64")
        for column in ("score", "score_final", "score_draft")
    )
    clusters = pairs["candidate"].to_numpy()
    apart, moved = blind != draft, final != blind
    near, far = np.abs(final - draft), np.abs(blind - draft)
    known = moved & pairs["score_expert"].notna().to_numpy()
    expert = pairs["score_expert"].to_numpy(dtype="float64")[known]
    better = np.abs(final[known] - expert) - np.abs(blind[known] - expert)
    pull = (final - blind)[apart] / (draft - blind)[apart]
    low, high = _mean_interval(pull, clusters[apart], seed, resamples)
    return Anchoring(
        evaluator=evaluator,
        element=element,
        n=len(pairs),
        differed=int(apart.sum()),
        towards=share((near < far)[apart], clusters[apart]),
        away=share((near > far)[apart], clusters[apart]),
        pull=float(pull.mean()) if len(pull) else None,
        flips=int(moved.sum()),
        correct=share(better < 0, clusters[known]),
        harmful=share(better > 0, clusters[known]),
        overridden=share(final != draft, clusters),
        blind_time=_time(pairs, "active_s"),
        assisted_time=_time(pairs, "active_s_final"),
        pull_low=low,
        pull_high=high,
    )


def _mean_interval(
    values: NDArray[np.float64], candidates: NDArray[np.object_], seed: int, resamples: int
) -> tuple[float | None, float | None]:
    """Percentile interval of the mean, by draws of candidates; null with fewer than two of them."""
    names, index = np.unique(candidates, return_inverse=True)
    if len(names) < 2:
        return None, None
    sums = np.bincount(index, weights=values)
    sizes = np.bincount(index).astype("float64")
    return percentile_of_draws(
        lambda draws: (draws @ sums) / (draws @ sizes), len(names), resamples, seed
    )


def _time(pairs: pd.DataFrame, column: str) -> ActiveTime | None:
    if column not in pairs.columns:
        return None
    seconds: Sequence[float] = pairs[column].dropna().to_numpy(dtype="float64")
    return ActiveTime(float(np.median(seconds)), len(seconds)) if len(seconds) else None
