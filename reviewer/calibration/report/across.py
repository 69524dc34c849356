"""Figures over all elements of a work at once: Cronbach's alpha, and r_wg(j) between people.

Invariant: alpha is of one rater's ratings of a work at a time, so it never mixes up people; r_wg(j)
counts a person on a work only where that person rated every element.
"""

import numpy as np
import pandas as pd

from reviewer.calibration.agreement import bootstrap_cronbach, rwg_j, rwg_j_of_units
from reviewer.calibration.drawing import percentile_of_draws
from reviewer.calibration.pairing import MOST_SLOTS
from reviewer.calibration.report.matrix import Drawing, figure
from reviewer.calibration.report.model import Figure
from reviewer.calibration.report.prepare import Prepared

_WORK = ["submission", "attempt"]


def cronbach_alpha(part: Prepared, drawing: Drawing) -> dict[str, Figure]:
    """Alpha across elements: of people (one rater a work) and of each engine."""
    columns = [*_WORK, "rater", "candidate", "element", "score"]
    people = part.people[columns].sort_values([*_WORK, "rater"], kind="stable")
    first = people.groupby(_WORK, sort=False)["rater"].transform("first")
    made = {"people": _alpha(people[people["rater"] == first], drawing)}
    for engine, rows in part.engine.groupby("rater", sort=True):
        made[str(engine)] = _alpha(rows, drawing)
    return made


def _alpha(rows: pd.DataFrame, drawing: Drawing) -> Figure:
    wide = rows.pivot_table(index=[*_WORK, "candidate"], columns="element", values="score")
    clusters = wide.index.get_level_values("candidate").to_numpy()
    if not len(wide):
        return Figure(None, None, None, 0, "no ratings")
    return figure(
        bootstrap_cronbach(
            wide.to_numpy(dtype="float64"),
            clusters=clusters,
            resamples=drawing.resamples,
            seed=drawing.seed,
        )
    )


def within_works(part: Prepared, drawing: Drawing) -> Figure:
    """r_wg(j) between people over all elements, mean over works; interval by candidate."""
    scales = set(part.levels.values())
    if len(scales) > 1:
        return Figure(None, None, None, 0, "the elements have different levels")
    levels = next(iter(scales))
    wide = part.people.pivot_table(
        index=[*_WORK, "candidate", "rater"], columns="element", values="score"
    )
    whole = wide.reindex(columns=sorted(part.levels)).dropna().reset_index()
    place = whole.groupby(_WORK).cumcount()
    whole, place = whole[place < MOST_SLOTS], place[place < MOST_SLOTS]
    several = whole.groupby(_WORK)["rater"].transform("size") > 1
    whole, place = whole[several], place[several]
    if whole.empty:
        return Figure(None, None, None, 0, "no work has two people who rated every element")
    work = whole.groupby(_WORK).ngroup().to_numpy()
    scores = np.full((work.max() + 1, int(place.max()) + 1, len(part.levels)), np.nan)
    scores[work, place.to_numpy()] = whole[sorted(part.levels)].to_numpy(dtype="float64")
    found = rwg_j(scores, levels=levels)
    if found.value is None:
        return Figure(None, None, None, found.n, found.reason)
    owners = whole.assign(work=work).drop_duplicates("work").sort_values("work")["candidate"]
    low, high, reason = _interval(scores, owners.to_numpy(), levels, drawing)
    return Figure(found.value, low, high, found.n, reason)


def _interval(
    scores: "np.typing.NDArray[np.float64]",
    owners: "np.typing.NDArray[np.object_]",
    levels: tuple[float, ...],
    drawing: Drawing,
) -> tuple[float | None, float | None, str | None]:
    """Percentile interval from draws of candidates; r_wg(j) is a mean of the works' own values."""
    owner, names = pd.factorize(owners, sort=True)
    if len(names) < 2:
        return None, None, "an interval needs at least two candidates"
    sums = np.bincount(owner, weights=rwg_j_of_units(scores, levels=levels))
    works = np.bincount(owner).astype("float64")
    low, high = percentile_of_draws(
        lambda draws: (draws @ sums) / (draws @ works),
        len(names),
        drawing.resamples,
        drawing.seed,
    )
    return low, high, None
