"""The pass decision: whether two ratings of a whole work lead to the same outcome.

Invariant: the rule is the one that reviews are decided by (`reviewer.review.outcome`). A work
counts for a rater only if that rater rated every element that the rule looks at; an outcome is
never made from the elements of two raters.
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
_KEPT = {
    "percent_agreement": "same_decision",
    "cohen_kappa.unweighted": "cohen_kappa",
    "gwet.ac1": "gwet_ac1",
}


def decisions(part: Prepared, credential: Credential, drawing: Drawing) -> tuple[Decisions, ...]:
    """Consistency between people, and of each engine with the reference; none without a rule."""
    if credential.decision is None:
        return ()
    people = outcomes(part.people, credential)
    made = [_between(Kind.HUMAN_HUMAN, "", *_first_two(people, drawing.seed), credential, drawing)]
    reference = _one(outcomes(part.reference, credential))
    for engine, rows in part.engine.groupby("rater", sort=True):
        drafts = _one(outcomes(rows, credential))
        made.append(
            _between(Kind.ENGINE_HUMAN, str(engine), drafts, reference, credential, drawing)
        )
    return tuple(one for one in made if one is not None)


def outcomes(ratings: pd.DataFrame, credential: Credential) -> pd.DataFrame:
    """One row per work and rater who rated all that the rule needs: `passed`, 0 or 1."""
    needed = [
        element.id
        for element in credential.elements
        if element.required_level is not None or _sums(credential)
    ]
    wide = ratings.pivot_table(
        index=[*_WORK, "candidate", "rater"], columns="element", values="score", aggfunc="first"
    ).reindex(columns=needed)
    whole = wide.dropna()
    passed = _passed(whole, credential).astype("float64")
    return pd.DataFrame({"passed": passed}, index=whole.index).reset_index()


def _sums(credential: Credential) -> bool:
    return credential.decision is not None and credential.decision.kind == "minimum_sum"


def _passed(wide: pd.DataFrame, credential: Credential) -> NDArray[np.bool_]:
    """Whether the work in each row would be awarded; each different set of levels is asked once."""
    places = wide.groupby(list(wide.columns), sort=False).ngroup().to_numpy()
    unlooked = {element.id: None for element in credential.elements}
    awarded = [
        verdict(credential, unlooked | levels).outcome is Outcome.AWARDED
        for levels in wide.drop_duplicates().to_dict("records")
    ]
    made: NDArray[np.bool_] = np.array(awarded, dtype=bool)[places]
    return made


def _one(made: pd.DataFrame) -> pd.DataFrame:
    return made.drop_duplicates(_WORK)


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
    both = left.merge(right[[*_WORK, "passed"]], on=_WORK, suffixes=("_left", "_right"))
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
    return Decisions(kind, engine, credential.decision.in_words, statistics)
