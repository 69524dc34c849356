"""The long table as the matrix that the many-facet Rasch model is fitted on.

Invariant: all raters of a design can be compared: they are linked by works they have in common. All
its elements have the same number of levels. What had to stay outside is said in `notes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MOST_RATINGS = 20_000
"""Ratings that the model is fitted on; of more, a sample of whole works is drawn."""


@dataclass(frozen=True, slots=True)
class Design:
    """What the model is fitted on.

    `responses`: rows (rater, number of the work), one column an element, codes 0 to `top`, NaN
    where not rated. `raters`: the raters and what they are. `step`: mean width of one code in
    points of the scale.
    """

    responses: pd.DataFrame
    top: int
    step: float
    raters: dict[str, str]
    notes: tuple[str, ...]

    @property
    def ratings(self) -> int:
        """Number of ratings."""
        return int(self.responses.notna().to_numpy().sum())


def design(ratings: pd.DataFrame, levels: Mapping[str, Sequence[float]], seed: int) -> Design | str:
    """The design of `ratings` (long, scored, independent), or the reason why there is none.

    `levels`: each element's level values, rising. Ratings off these levels are not expected here.
    """
    notes: list[str] = []
    ratings = ratings[ratings["element"].isin([one for one, own in levels.items() if len(own) > 1])]
    if ratings.empty:
        return "all ratings are of one level, so nobody can be told from anybody"
    kept, counts = _one_level_count(ratings, levels, notes)
    work = kept.groupby(["submission", "attempt"], sort=True).ngroup()
    frame = kept[["rater", "rater_type", "element", "score"]].assign(work=work)
    frame = _linked(frame, notes)
    if frame["rater"].nunique() < 2:
        return "no two raters have rated the same work, so their severity cannot be compared"
    frame = _sampled(frame, seed, notes)
    frame = frame.assign(rater=frame["rater"].astype("str"), element=frame["element"].astype("str"))
    codes = {one: {value: code for code, value in enumerate(levels[one])} for one in counts}
    frame = frame.assign(
        code=[
            codes[element][score]
            for element, score in zip(frame["element"], frame["score"], strict=True)
        ]
    )
    top = len(levels[next(iter(counts))]) - 1
    frame = _without_extremes(frame, top, notes)
    if frame["rater"].nunique() < 2:
        return "fewer than two linked raters used more than one end of the scale"
    responses = frame.pivot_table(index=["rater", "work"], columns="element", values="code")
    spans = [levels[one][-1] - levels[one][0] for one in counts]
    if responses.notna().any().sum() < 2:
        return "the model needs two elements that are rated on the same levels"
    kinds = frame.drop_duplicates("rater").set_index("rater")["rater_type"].to_dict()
    step = float(np.mean(spans)) / top
    return Design(responses.astype("float64"), top, step, kinds, tuple(notes))


def _one_level_count(
    ratings: pd.DataFrame, levels: Mapping[str, Sequence[float]], notes: list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """The ratings of the elements with the most common number of levels."""
    counts = {element: len(levels[element]) for element in sorted(ratings["element"].unique())}
    rated = ratings["element"].value_counts()
    sizes = pd.Series(0, index=sorted(set(counts.values()), reverse=True))
    for element, count in counts.items():
        sizes[count] += int(rated[element])
    most = int(sizes.idxmax())
    chosen = [element for element, count in counts.items() if count == most]
    outside = [element for element in counts if element not in chosen]
    if outside:
        notes.append(
            f"Rater effects are of the elements with {most} levels; {', '.join(outside)} "
            f"{'has' if len(outside) == 1 else 'have'} another number and would need a model of "
            "their own."
        )
    return ratings[ratings["element"].isin(chosen)], chosen


def _linked(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """The largest set of raters that works in common link, directly or through others."""
    rater, raters = pd.factorize(frame["rater"], sort=True)
    work, works = pd.factorize(frame["work"])
    edges = np.unique(rater.astype("int64") * len(works) + work)
    ends = (edges // len(works), edges % len(works) + len(raters))
    size = len(raters) + len(works)
    graph = coo_matrix((np.ones(len(edges)), ends), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    parts = pd.Series(part[: len(raters)]).value_counts(sort=False)
    largest = parts.sort_index().idxmax()
    outside = [str(name) for name, at in zip(raters, part, strict=False) if at != largest]
    if outside:
        notes.append(
            f"{len(outside)} of {len(raters)} raters share no work, directly or through others, "
            f"with the rest and cannot be compared with them: {', '.join(outside[:8])}"
            f"{' and others' if len(outside) > 8 else ''}. Double scoring across raters links them."
        )
    return frame[part[rater] == largest]


def _without_extremes(frame: pd.DataFrame, top: int, notes: list[str]) -> pd.DataFrame:
    """Without raters whose every code is 0, or `top`: with one of them the model fits nobody.

    Who is left is linked anew.
    """
    ends = frame.groupby("rater", sort=True)["code"].agg(["min", "max"])
    extreme = ends.index[(ends["max"] == 0) | (ends["min"] == top)]
    if extreme.empty:
        return frame
    notes.append(
        f"{', '.join(map(str, extreme[:8]))}{' and others' if len(extreme) > 8 else ''} used one "
        "end of the scale alone: no severity can be told."
    )
    left = frame[~frame["rater"].isin(extreme)]
    return left if left.empty else _linked(left, notes)


def _sampled(frame: pd.DataFrame, seed: int, notes: list[str]) -> pd.DataFrame:
    """At most `MOST_RATINGS` ratings: whole works, those with two or more raters first."""
    if len(frame) <= MOST_RATINGS:
        return frame
    per_work = frame.groupby("work", sort=True)
    sizes = per_work.size()
    shared = per_work["rater"].nunique() > 1
    order = np.random.default_rng(seed).permutation(len(sizes))
    order = np.concatenate([order[shared.to_numpy()[order]], order[~shared.to_numpy()[order]]])
    taken = order[sizes.to_numpy()[order].cumsum() <= MOST_RATINGS]
    notes.append(
        f"Rater effects are of a sample of {len(taken):,} of {len(sizes):,} works drawn with seed "
        f"{seed}, works with two or more raters first."
    )
    return _linked(frame[frame["work"].isin(sizes.index[taken])], notes)
