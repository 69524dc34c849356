"""The pass decision: whether two ratings of a whole work lead to the same outcome.

Invariant: the rule is the one that reviews are decided by (`reviewer.review.outcome`). A work
counts for a rater only if that rater rated every element that the rule looks at, or found it not
observable, which the rule takes as it does in reviews; an outcome is never made from the elements
of two raters.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewer.calibration.agreement import Comparison as Columns
from reviewer.calibration.agreement import decision_accuracy
from reviewer.calibration.report.matrix import Drawing, bootstrap, figure
from reviewer.calibration.report.model import Decisions, Figure, Kind
from reviewer.calibration.report.prepare import Prepared
from reviewer.review.outcome import Outcome, verdict
from reviewer.rubric import Credential

_WORK = ["submission", "attempt"]
_UNSEEN = float("-inf")
"""Stands for "not observable" among levels, where NaN says that there is no rating."""

_KEPT = {
    "percent_agreement": "same_decision",
    "cohen_kappa.unweighted": "cohen_kappa",
    "gwet.ac1": "gwet_ac1",
}


def decisions(part: Prepared, credential: Credential, drawing: Drawing) -> tuple[Decisions, ...]:
    """Consistency between people, and of each engine with the reference; none without a rule."""
    if credential.decision is None:
        return ()
    people = _first_two(outcomes(part.of_works, credential), drawing.seed)
    made = [_between(Kind.HUMAN_HUMAN, "", *people, credential, drawing)]
    reference, _ = _first_two(outcomes(part.reference_of_works, credential), drawing.seed)
    for engine, rows in part.engine.groupby("rater", sort=True):
        drafts = outcomes(rows, credential).drop_duplicates(_WORK)
        made.append(
            _between(Kind.ENGINE_HUMAN, str(engine), drafts, reference, credential, drawing)
        )
    return tuple(one for one in made if one is not None)


def outcomes(ratings: pd.DataFrame, credential: Credential) -> pd.DataFrame:
    """One row per work and rater who rated all that the rule needs: `passed`, 0 or 1.

    A row of `ratings` without a score says that the element was found not observable; of several
    rows by one rater the first counts. `unseen`: whether some element was found not observable.
    """
    needed = [
        element.id
        for element in credential.elements
        if element.required_level is not None or _sums(credential)
    ]
    known = ratings.assign(score=ratings["score"].fillna(_UNSEEN))
    wide = known.pivot_table(
        index=[*_WORK, "candidate", "rater"], columns="element", values="score", aggfunc="first"
    ).reindex(columns=needed)
    whole = wide.dropna()
    passed = _passed(whole, credential).astype("float64")
    unseen = (whole == _UNSEEN).any(axis=1)
    return pd.DataFrame({"passed": passed, "unseen": unseen}, index=whole.index).reset_index()


def _sums(credential: Credential) -> bool:
    return credential.decision is not None and credential.decision.kind == "minimum_sum"


def _passed(wide: pd.DataFrame, credential: Credential) -> NDArray[np.bool_]:
    """Whether the work in each row would be awarded; each different set of levels is asked once."""
    places = wide.groupby(list(wide.columns), sort=False).ngroup().to_numpy()
    unlooked = {element.id: None for element in credential.elements}
    awarded = [
        verdict(credential, unlooked | _levels(row)).outcome is Outcome.AWARDED
        for row in wide.drop_duplicates().to_dict("records")
    ]
    made: NDArray[np.bool_] = np.array(awarded, dtype=bool)[places]
    return made


def _levels(row: dict[str, float]) -> dict[str, float | None]:
    return {element: None if level == _UNSEEN else level for element, level in row.items()}


def _first_two(made: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    mixed = made.sample(frac=1.0, random_state=seed)
    place = mixed.groupby(_WORK).cumcount()
    return mixed[place == 0], mixed[place == 1]


def _between(
    kind: Kind,
    engine: str,
    left: pd.DataFrame,
    right: pd.DataFrame,
    credential: Credential,
    drawing: Drawing,
) -> Decisions | None:
    both = left.merge(right[[*_WORK, "passed", "unseen"]], on=_WORK, suffixes=("_left", "_right"))
    if both.empty:
        return None
    wide = both[["passed_left", "passed_right", "candidate"]]
    columns = {"all": Columns(("passed_left", "passed_right"))}
    drawn = bootstrap(wide, (0.0, 1.0), columns, drawing, list(_KEPT)).intervals["all"]
    statistics = {name: figure(drawn[key]) for key, name in _KEPT.items()}
    if kind is Kind.ENGINE_HUMAN:
        found = decision_accuracy(
            [bool(one) for one in both["passed_left"]], [bool(one) for one in both["passed_right"]]
        )
        for name, share in (("false_pass", found.false_pass), ("false_fail", found.false_fail)):
            reason = None if share.n else "no work of that outcome"
            statistics[name] = Figure(share.value, share.low, share.high, share.n, reason)
    assert credential.decision is not None
    unseen = int((both["unseen_left"] | both["unseen_right"]).sum())
    return Decisions(kind, engine, credential.decision.in_words, statistics, unseen)
