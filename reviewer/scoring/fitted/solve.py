"""Ridge over several blocks of rows at once, for all elements together: a Gaussian process.

Invariant: the prediction is linear in every block, so it is a sum over whatever a block is a sum
over. How much each block and each element's own pattern count is chosen by the evidence (marginal
likelihood) of the training works alone, against a prior that leans on few named rows while labels
are few.

Elements are pooled: their scores are turned to the principal axes of their correlation (shrunk
towards one common correlation while labels are few), and each axis has its own share of signal.
The first axis, what all elements have in common, keeps most; the others are believed as far as
the labels support them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence.match import Numbers

POOLED = 30.0  # works at which the elements' own correlations weigh as much as one common one
STIFF = 0.5  # 1 / variance of the log of a block's weight around its prior
TUNED_ON = 700  # works, at most, on which the blocks' weights are chosen
STEPS = (1.5, 0.75)  # of the search, in log weight
SIGNAL = np.linspace(-4.0, 4.0, 33)  # logits of the share of signal that are tried
USUAL = 3.0  # beyond this logit a share is unusual


@dataclass(frozen=True, slots=True)
class Solved:
    """Dual weights and what was chosen.

    `dual` (works, elements): a prediction is ``mean + kernel @ dual``, the kernel being the sum of
    the blocks' by `weights`; `held` (works, elements): each work predicted without its group.
    """

    weights: Numbers
    mean: Numbers
    dual: Numbers
    held: Numbers


def solve(
    kernels: Sequence[Numbers], scores: Numbers, groups: Sequence[str], prior: Sequence[float]
) -> Solved:
    """Fit `scores` (works, elements; at least 2 works) on kernels (works, works) of the blocks."""
    mean, spread = scores.mean(axis=0), scores.std(axis=0)
    spread = np.where(spread < 1e-6, 1.0, spread)
    axes = principal_axes(scores)
    targets = (scores - mean) / spread @ axes
    weights = _weights(kernels, targets, np.log(np.asarray(prior, float)))
    values, vectors = _eigen(kernels, weights)
    projected = vectors.T @ targets
    dual, held = np.zeros_like(targets), np.zeros_like(targets)
    members = [np.flatnonzero(np.asarray(groups) == one) for one in sorted(set(groups))]
    for axis in range(targets.shape[1]):
        _, share = _likelihood(values, projected[:, axis] ** 2)
        inverse = (vectors / (share * values + 1 - share)) @ vectors.T
        solved = inverse @ targets[:, axis]
        dual[:, axis] = share * solved
        for own in members:
            left = np.linalg.solve(inverse[np.ix_(own, own)], solved[own])
            held[own, axis] = targets[own, axis] - left
    back = axes.T * spread
    return Solved(weights, mean, dual @ back, mean + held @ back)


def principal_axes(scores: Numbers) -> Numbers:
    """Axes (elements, axes) of the elements' correlation, the strongest first."""
    works, elements = scores.shape
    if elements == 1:
        return np.ones((1, 1))
    spread = scores.std(axis=0)
    standard = (scores - scores.mean(axis=0)) / np.where(spread < 1e-6, 1.0, spread)
    own = standard.T @ standard / works
    np.fill_diagonal(own, 1.0)
    common = np.full_like(own, (own.sum() - elements) / (elements * (elements - 1)))
    np.fill_diagonal(common, 1.0)
    trusted = works / (works + POOLED)
    _, axes = np.linalg.eigh(trusted * own + (1 - trusted) * common)
    # Signs of eigenvectors are free; fix them, so that equal inputs give equal bytes.
    made: Numbers = axes[:, ::-1] * np.where(axes[:, ::-1].sum(axis=0) < 0, -1.0, 1.0)
    return made


def _eigen(kernels: Sequence[Numbers], weights: Numbers) -> tuple[Numbers, Numbers]:
    total = sum(weight * kernel for weight, kernel in zip(weights, kernels, strict=True))
    values, vectors = np.linalg.eigh(total)
    return np.maximum(values, 0.0), vectors


def _likelihood(values: Numbers, squared: Numbers) -> tuple[float, float]:
    """The best log evidence of one axis, and the share of signal that has it."""
    shares = 1 / (1 + np.exp(-SIGNAL))
    spread = shares[:, None] * values + 1 - shares[:, None]
    scale = np.maximum((squared / spread).mean(axis=1), 1e-12)
    evidence = -0.5 * (len(values) * np.log(scale) + np.log(spread).sum(axis=1))
    evidence = evidence - 0.5 * np.maximum(0.0, np.abs(SIGNAL) - USUAL) ** 2
    best = int(evidence.argmax())
    return float(evidence[best]), float(shares[best])


def _weights(kernels: Sequence[Numbers], targets: Numbers, prior: Numbers) -> Numbers:
    """Weights of the blocks, summing to 1, by coordinate search on some of the works."""
    some = np.linspace(0, len(targets) - 1, min(len(targets), TUNED_ON)).astype(int)
    parts = [kernel[np.ix_(some, some)] for kernel in kernels]
    wanted = targets[some]

    def shares(logs: Numbers) -> Numbers:
        raised = np.exp(logs - logs.max())
        made: Numbers = raised / raised.sum()
        return made

    def loss(logs: Numbers) -> float:
        values, vectors = _eigen(parts, shares(logs))
        squared = (vectors.T @ wanted) ** 2
        found = sum(_likelihood(values, one)[0] for one in squared.T)
        return 0.5 * STIFF * float(((logs - prior) ** 2).sum()) - found

    best, lowest = prior, loss(prior)
    for step in STEPS:
        for block in range(len(parts)):
            for sign in (1.0, -1.0):
                tried = best.copy()
                tried[block] += sign * step
                now = loss(tried)
                if now < lowest - 1e-3:
                    best, lowest = tried, now
                    break
    return shares(best)
