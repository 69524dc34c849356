"""From rated works to a scorer: scales, weights, calibration, thresholds.

Invariant: everything a scorer holds comes from the works it is fitted on; its levels are cut, and
its probabilities calibrated, by predictions of works held out with their whole group.

Length is taken out as far as it can be spared: a draft should not be higher because a work is
longer than others of its expert score. Where that would cost much of the agreement (on a task where
experts themselves reward how much is told), it is left in, and the model card says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence.match import Numbers
from reviewer.rubric import Credential
from reviewer.scoring.fitted.ordinal import fit_ordinal
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.rows import (
    BLOCKS,
    Rows,
    Scales,
    kernels,
    pool,
    scales_of,
    weights_of,
)
from reviewer.scoring.fitted.scorer import Parameters, Scorer, Task
from reviewer.scoring.fitted.signs import WHOLE_SIGNS
from reviewer.scoring.fitted.solve import Solved, solve

FEWEST = 10  # rated works
MANY = 500  # works from which the prior leans no more on the descriptors
STEADY = 30.0  # works at which the slope found weighs as much as a slope of 1
STRAYS = 0.005  # share of the training works that may lie outside of their own task
MARGIN = 0.9  # of the likeness of the nearest stray to the task
LENGTH = WHOLE_SIGNS.index("length (log words)")
TIED = 0.05  # partial correlation with length, given the score, that is aimed at in training
SPARED = 0.06  # share of the held-out correlation that taking length out may cost
TOLD = 100  # works from which that cost can be told from chance; with fewer, length is left in


@dataclass(frozen=True, slots=True)
class Fit:
    """A scorer, and what its training works say of it: `held` (works, elements) out of training.

    `held` is on the scale of the expected level; `weights` are the shares of the blocks;
    `length_out` (elements,) is what one log word less adds since length was taken out, 0 where it
    was not.
    """

    scorer: Scorer
    held: Numbers
    weights: dict[str, float]
    length_out: Numbers


def fit_scorer(
    credential: Credential,
    works: Sequence[WorkRead],
    scores: Numbers,
    groups: Sequence[str],
    one_task: bool,
) -> Fit:
    """Fit a scorer on works (FEWEST or more) and their scores, shape (works, elements), all known.

    `groups`: works of one group (a prompt, else a candidate) are held out together. `one_task`:
    all works are on the same task, so that another work can be told to be off it.
    """
    rows = pool(works)
    scales = scales_of(rows)
    solved = solve(kernels(rows, scales), scores, groups, _prior(len(works)))
    length = rows.dense["whole"][:, LENGTH] - scales.center["whole"][LENGTH]
    out = _length_out(solved.held, scores, length)
    held = solved.held - np.outer(length, out)
    slope = _slopes(held, scores)
    held = solved.mean + (held - held.mean(axis=0)) * slope
    levels = tuple(
        fit_ordinal(held[:, at], scores[:, at], element.values)
        for at, element in enumerate(credential.elements)
    )
    scorer = Scorer(
        tuple(element.id for element in credential.elements),
        _float32(solved.mean),
        _weights(rows, scales, solved, slope, out),
        {name: _float32(scales.center[name]) for name in BLOCKS},
        _float32(scales.idf),
        levels,
        _task(works) if one_task else None,
    )
    weights = dict(zip(BLOCKS, map(float, solved.weights), strict=True))
    return Fit(scorer, held, weights, out * slope)


def deep_scorer(
    credential: Credential,
    works: Sequence[WorkRead],
    scores: Numbers,
    held: Numbers,
    head: tuple[Numbers, Numbers],
    one_task: bool,
) -> Fit:
    """The scorer of a tuned encoder: all of it lies in the last third of the layers.

    `held` are predictions of works held out of tuning, `head` its weights (dimensions, elements)
    and bias (elements,).
    """
    rows = pool(works)
    scales = scales_of(rows)
    length = rows.dense["whole"][:, LENGTH] - scales.center["whole"][LENGTH]
    out = _length_out(held, scores, length)
    held = held - np.outer(length, out)
    slope = _slopes(held, scores)
    held = scores.mean(axis=0) + (held - held.mean(axis=0)) * slope
    elements = scores.shape[1]
    weights = {name: np.zeros((len(scales.center[name]), elements)) for name in BLOCKS}
    weights["layers"][-len(head[0]) :] = head[0] * slope
    weights["whole"][LENGTH] = -out * slope
    # Centered rows add up to the distance from an average training work.
    mean = scales.center["layers"][-len(head[0]) :] @ head[0] + head[1]
    scorer = Scorer(
        tuple(element.id for element in credential.elements),
        _float32(scores.mean(axis=0) + (mean - scores.mean(axis=0)) * slope),
        {name: _float32(one) for name, one in weights.items()},
        {name: _float32(scales.center[name]) for name in BLOCKS},
        _float32(scales.idf),
        tuple(
            fit_ordinal(held[:, at], scores[:, at], element.values)
            for at, element in enumerate(credential.elements)
        ),
        _task(works) if one_task else None,
    )
    return Fit(scorer, held, {"layers": 1.0}, out * slope)


def _prior(works: int) -> list[float]:
    """Prior weights of the blocks: few named columns first, many columns as labels come in."""
    many = min(1.0, works / MANY)
    rich = works / (works + 300 - 200 * many)
    by_name = {
        "descriptors": 16.0 ** (1 - many) * 4.0**many,
        "whole": 1.0,
        "signs": rich,
        "layers": 4 * rich,
        "words": rich,
    }
    return [by_name[name] for name in BLOCKS]


def _slopes(held: Numbers, scores: Numbers) -> Numbers:
    """How far, per element, predictions must be drawn in (or out) for a point to mean a point."""
    centered = held - held.mean(axis=0)
    found = (centered * (scores - scores.mean(axis=0))).sum(axis=0)
    slope = found / np.maximum((centered**2).sum(axis=0), 1e-9)
    trusted = len(held) / (len(held) + STEADY)
    made: Numbers = trusted * np.clip(slope, 0.0, 1.5) + 1 - trusted
    return made


def _length_out(held: Numbers, scores: Numbers, length: Numbers) -> Numbers:
    """Per element, the slope on length to take out of predictions; 0 for all if it costs much."""
    if len(length) < TOLD:
        return np.zeros(scores.shape[1])
    found = np.array([_tie(held[:, at], scores[:, at], length) for at in range(held.shape[1])])
    before = _correlations(held, scores)
    after = _correlations(held - np.outer(length, found), scores)
    return found if after >= (1 - SPARED) * before else np.zeros_like(found)


def _tie(held: Numbers, scores: Numbers, length: Numbers) -> float:
    """The least slope that leaves a partial correlation of TIED or less; 0 if none is needed."""
    base = np.column_stack([np.ones_like(scores), scores])
    rest, long = (one - base @ np.linalg.lstsq(base, one, rcond=None)[0] for one in (held, length))
    own, both, spread = float(rest @ rest), float(rest @ long), float(long @ long)
    if spread < 1e-9 or both <= TIED * (own * spread) ** 0.5:
        return 0.0
    # Without the part of `rest` that goes with length, the correlation is 0; of that part so much
    # stays that it is TIED: stays = TIED * sqrt(apart / (1 - TIED ** 2)).
    apart = max(0.0, own - both**2 / spread)
    stays = TIED * (apart / (1 - TIED**2)) ** 0.5
    return float(both / spread - stays / spread**0.5)


def _correlations(one: Numbers, other: Numbers) -> float:
    """The mean over the elements of the correlation; 0 where one does not vary."""
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return float(((a * b).sum(axis=0) / np.maximum(size, 1e-9)).mean())


def _weights(
    rows: Rows, scales: Scales, solved: Solved, slope: Numbers, out: Numbers
) -> dict[str, Parameters]:
    found = weights_of(rows, scales, solved.weights, solved.dual)
    found["whole"][LENGTH] -= out
    return {name: _float32(found[name] * slope) for name in BLOCKS}


def _float32(values: Numbers) -> Parameters:
    return np.asarray(values, np.float32)


def _task(works: Sequence[WorkRead]) -> Task:
    centers = np.stack([one.center for one in works])
    mean = centers.mean(axis=0)
    unit = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return Task(unit.astype(np.float32), MARGIN * float(np.quantile(centers @ unit, STRAYS)))
