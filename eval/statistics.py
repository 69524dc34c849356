"""The few statistics that studies print, and the seeded halves that they choose and report on.

Invariant: ranks take the mean of ties; nothing here looks at which half is asked for.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata, spearmanr

SEED = 7


def halves(groups: Sequence[str], draw: np.random.Generator) -> tuple[list[int], list[int]]:
    """Positions to choose on and to report on: whole groups, drawn at random, half of them each.

    For essays of one prompt give every essay a group of its own. Groups are drawn from their names
    in alphabetical order.
    """
    names = sorted(set(groups))
    order = draw.permutation(len(names))
    first = {names[at] for at in order[: len(names) // 2]}
    return (
        [at for at, group in enumerate(groups) if group in first],
        [at for at, group in enumerate(groups) if group not in first],
    )


def spearman(one: ArrayLike, other: ArrayLike) -> float:
    """Rank correlation; 0 where one of the two is constant."""
    a, b = np.asarray(one, float), np.asarray(other, float)
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(spearmanr(a, b)[0])


def partial_spearman(one: ArrayLike, other: ArrayLike, held: Sequence[ArrayLike]) -> float:
    """Correlation of ranks after the ranks of `held` were regressed out of both."""
    ranks = [rankdata(np.asarray(each, float)) for each in held]
    base = np.column_stack([np.ones(len(ranks[0])), *ranks])

    def left(values: ArrayLike) -> NDArray[np.float64]:
        own = rankdata(np.asarray(values, float))
        return own - base @ np.linalg.lstsq(base, own, rcond=None)[0]

    a, b = left(one), left(other)
    if a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def average_precision(wanted: ArrayLike, ranking: ArrayLike) -> float:
    """Mean, over the wanted ones, of the precision at their place (highest `ranking` first)."""
    order = np.argsort(-np.asarray(ranking, float), kind="stable")
    hits = np.asarray(wanted, bool)[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def recall_at(wanted: ArrayLike, ranking: ArrayLike, most: int) -> float:
    """Share of the wanted ones among the first `most`, out of as many as could be there."""
    order = np.argsort(-np.asarray(ranking, float), kind="stable")[:most]
    hits = np.asarray(wanted, bool)
    return float(hits[order].sum() / min(most, hits.sum()))


def bootstrap_interval(
    values: ArrayLike, seed: int = SEED, draws: int = 1000
) -> tuple[float, float]:
    """95 % percentile interval of the mean of `values`."""
    own = np.asarray(values, float)
    drawn = np.random.default_rng(seed).integers(0, len(own), (draws, len(own)))
    low, high = np.quantile(own[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
