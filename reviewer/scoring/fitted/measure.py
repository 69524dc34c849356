"""How well a scorer does on works it was not fitted on: cross-validation and a learning curve.

Invariant: no figure here rests on a work that the scorer had seen; whole groups are held out, and
whatever a fit chooses, it chooses within its own training works.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import GroupKFold, KFold

from reviewer.evidence.match import Numbers
from reviewer.rubric import Credential
from reviewer.scoring.fitted.fit import FEWEST, fit_scorer
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.scorer import Scorer, account_of

FOLDS = 5
DRAWS = 1000  # bootstrap resamples
Places = NDArray[np.intp]
SIZES = (20, 50, 100, 200)  # works of a learning curve
REPEATS = 3  # random draws of training works at each size


@dataclass(frozen=True, slots=True)
class Sample:
    """Works that were read, with their scores (works, elements) and the groups held together."""

    works: tuple[WorkRead, ...]
    scores: Numbers
    groups: tuple[str, ...]
    one_task: bool

    def some(self, at: Places) -> "Sample":
        """The works at these places."""
        chosen = [int(one) for one in at]
        return Sample(
            tuple(self.works[one] for one in chosen),
            self.scores[chosen],
            tuple(self.groups[one] for one in chosen),
            self.one_task,
        )


@dataclass(frozen=True, slots=True)
class Predicted:
    """Expected levels (clipped), levels and probabilities (works, elements[, levels])."""

    expected: Numbers
    levels: Numbers
    probabilities: tuple[Numbers, ...]


def fit_sample(credential: Credential, sample: Sample) -> Scorer:
    """A scorer fitted to all of a sample."""
    return fit_scorer(
        credential, sample.works, sample.scores, sample.groups, sample.one_task
    ).scorer


def predict(scorer: Scorer, works: Sequence[WorkRead]) -> Predicted:
    """What a scorer drafts; a work with nothing to read gets the lowest levels for sure."""
    sums = np.stack(
        [
            account_of(scorer, one).expected
            if one.sentences
            else np.array([own.values[0] for own in scorer.levels])
            for one in works
        ]
    )
    return drafted(scorer, sums)


def drafted(scorer: Scorer, sums: Numbers) -> Predicted:
    """What a scorer drafts where its accounts add up to `sums` (works, elements)."""
    expected = np.column_stack(
        [
            np.clip(sums[:, at], own.values[0], own.values[-1])
            for at, own in enumerate(scorer.levels)
        ]
    )
    levels = np.array(
        [
            [own.level(float(one)) for own, one in zip(scorer.levels, row, strict=True)]
            for row in sums
        ]
    )
    shares = tuple(own.all_probabilities(expected[:, at]) for at, own in enumerate(scorer.levels))
    return Predicted(expected, levels, shares)


def folds(sample: Sample, seed: int) -> list[tuple[Places, Places]]:
    """Training and held-out places; whole groups are held out together."""
    count = len(set(sample.groups))
    if count == len(sample.groups):
        return list(KFold(FOLDS, shuffle=True, random_state=seed).split(sample.scores))
    return list(GroupKFold(min(FOLDS, count)).split(sample.scores, groups=list(sample.groups)))


def cross_validated(credential: Credential, sample: Sample, seed: int) -> Predicted:
    """Every work of the sample as drafted by a scorer that was fitted without its group."""
    parts = []
    for training, held in folds(sample, seed):
        scorer = fit_sample(credential, sample.some(training))
        parts.append((held, predict(scorer, sample.some(held).works)))
    order = np.argsort(np.concatenate([held for held, _ in parts]))
    return Predicted(
        np.concatenate([one.expected for _, one in parts])[order],
        np.concatenate([one.levels for _, one in parts])[order],
        tuple(
            np.concatenate([one.probabilities[at] for _, one in parts])[order]
            for at in range(sample.scores.shape[1])
        ),
    )


def qwk(levels: Numbers, scores: Numbers, values: Sequence[float]) -> float:
    """Quadratic weighted kappa of drafted levels with scores (each at its nearest level).

    0 where both are one and the same level throughout: there is nothing to agree on.
    """
    known = np.asarray(values, float)
    one, other = (
        np.abs(np.asarray(each, float)[:, None] - known).argmin(axis=1) for each in (levels, scores)
    )
    if len(set(one.tolist()) | set(other.tolist())) < 2:
        return 0.0
    return float(cohen_kappa_score(one, other, weights="quadratic", labels=range(len(known))))


def interval(
    levels: Numbers, scores: Numbers, values: Sequence[float], groups: Sequence[str], seed: int
) -> tuple[float, float]:
    """95 % percentile interval of `qwk` over resamples of whole groups."""
    names = sorted(set(groups))
    members = [np.flatnonzero(np.asarray(groups) == one) for one in names]
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(DRAWS if len(names) > 1 else 0):
        at = np.concatenate([members[one] for one in draw.integers(0, len(names), len(names))])
        found.append(qwk(levels[at], scores[at], values))
    if not found:
        return -1.0, 1.0
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def learning_curve(credential: Credential, sample: Sample, seed: int) -> dict[int, float]:
    """Mean QWK over elements by number of training works, on all works that were not drawn."""
    made = {}
    for size in SIZES:
        if size < FEWEST or 2 * size > len(sample.works):
            continue
        found = []
        for repeat in range(REPEATS):
            order = np.random.default_rng([seed, repeat]).permutation(len(sample.works))
            scorer = fit_sample(credential, sample.some(order[:size]))
            rest = sample.some(order[size:])
            drafted = predict(scorer, rest.works).levels
            found += [
                qwk(drafted[:, at], rest.scores[:, at], element.values)
                for at, element in enumerate(credential.elements)
            ]
        made[size] = float(np.mean(found))
    return made
