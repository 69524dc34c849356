"""From short-time embeddings to speaker turns: cluster, then follow the voices through each span.

Invariant: turns rise in time and do not overlap, every moment of a heard span lies in exactly one,
speakers are S1, S2 ... in the order in which they are first heard, and equal input gives equal
turns. Pure: no model, no sound.

The thresholds were chosen on dialogues made of real readers and of synthetic voices (decision
0036); they belong to GE2E's cosines and to stretches of `PARTIAL_S`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PARTIAL_S = 1.2  # sound of one embedding: long enough to know a voice, short enough for a turn
DISTANCE = 0.32  # mean cosine distance below which two clusters are one voice
SAMPLE = 1500  # embeddings clustered at most: 18 MB of distances; the rest goes to the centroids
SMALLEST = 3  # embeddings that make a voice: about two seconds of speech
STEP_S = 0.1  # resolution of turns
SHARPNESS = 20.0  # weight of one unit of cosine in a step, against the costs of a change
CHANGE = 2.0  # cost of a change of speaker in the middle of sound
CHANGE_QUIET = 0.5  # the same at a moment of quiet, where most changes are
STRANGE = 0.5  # cosine to the nearest voice below which it is nobody's
MARGIN = 0.04  # lead over the next voice below which a turn is nobody's
SURE = 0.25  # lead (or, with one voice, cosine above STRANGE) at which confidence is 1
SHORT_S = 0.4  # a shorter turn between others is too short to tell


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds ``[start_s, end_s)`` of one voice: ``S1``, ``S2`` ... or null where unsure.

    `confidence` in [0, 1] grows with the lead over the next voice; null with a null speaker.
    """

    start_s: float
    end_s: float
    speaker: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True, eq=False)
class HeardSpan:
    """What is kept of one voiced span, seconds on the recording's clock.

    `rows`, shape (n, dimensions), n >= 1, are unit embeddings of the sound from ``starts_s`` to
    ``ends_s`` (shape (n,)); `quiet` says for each `STEP_S` whether the sound is low.
    """

    start_s: float
    end_s: float
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    rows: NDArray[np.float32]
    quiet: NDArray[np.bool_]


def find_turns(spans: Sequence[HeardSpan]) -> tuple[Turn, ...]:
    """The turns of a recording; how many voices there are is found, not given."""
    if not spans:
        return ()
    voices = centroids(np.concatenate([span.rows for span in spans]))
    turns = [turn for span in spans for turn in _follow(span, voices)]
    return _numbered(_joined(turns))


def centroids(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """One unit row for each voice among unit `rows` (n >= 1): shape (voices, dimensions).

    Rows of zeros (silence) belong to nobody; where there is nothing else, neither does the result.
    """
    from sklearn.cluster import AgglomerativeClustering

    rows = rows[rows.any(axis=1)] if rows.any() else rows[:1]
    chosen = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).round().astype(int))
    sample = rows[chosen]
    if len(sample) < 2 * SMALLEST:
        return _unit(sample.mean(axis=0, keepdims=True))
    labels = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=DISTANCE
    ).fit_predict(sample)
    sizes = np.bincount(labels)
    kept = np.flatnonzero(sizes >= SMALLEST)
    if not len(kept):
        kept = np.array([int(sizes.argmax())])
    return _unit(np.stack([sample[labels == label].mean(axis=0) for label in kept]))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.float32(1e-9))
    return unit


def _follow(span: HeardSpan, voices: NDArray[np.float32]) -> Iterator[Turn]:
    """The turns of one span; speakers are still the numbers of the voices."""
    cosines = _cosines(span, voices)
    path = _path(cosines, span.quiet)
    changes = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    whole = len(changes) == 2
    for first, last in pairwise(changes):
        start_s = span.start_s + first * STEP_S
        end_s = span.end_s if last == len(path) else span.start_s + last * STEP_S
        voice = int(path[first])
        confidence = _confidence(cosines[first:last].mean(axis=0), voice)
        if confidence is None or (end_s - start_s < SHORT_S and not whole):
            yield Turn(start_s, end_s, None, None)
        else:
            yield Turn(start_s, end_s, str(voice), confidence)


def _cosines(span: HeardSpan, voices: NDArray[np.float32]) -> NDArray[np.float64]:
    """Likeness to each voice, step by step: means over the embeddings around it."""
    steps = len(span.quiet)
    times = span.start_s + (np.arange(steps) + 0.5) * STEP_S
    middles = (span.starts_s + span.ends_s) / 2
    reach = (span.ends_s - span.starts_s) / 2 + STEP_S
    nearness = 1 - np.abs(times[:, None] - middles) / reach
    weights = np.square(np.clip(nearness, 0.02, None))
    weights[nearness < 0] = 0.0
    alone = weights.sum(axis=1) == 0
    weights[alone, np.abs(times[alone, None] - middles).argmin(axis=1)] = 1.0
    weights /= weights.sum(axis=1, keepdims=True)
    cosines: NDArray[np.float64] = weights @ (span.rows @ voices.T).astype(np.float64)
    return cosines


def _path(cosines: NDArray[np.float64], quiet: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The voice of each step that fits best overall, when every change has its cost (Viterbi)."""
    gains = cosines * SHARPNESS
    steps, voices = gains.shape
    came = np.zeros((steps, voices), np.int64)
    score = gains[0].copy()
    for step in range(1, steps):
        best = int(score.argmax())
        changed = score[best] - (CHANGE_QUIET if quiet[step] else CHANGE)
        came[step] = np.where(score >= changed, np.arange(voices), best)
        score = np.maximum(score, changed) + gains[step]
    path = np.zeros(steps, np.int64)
    path[-1] = int(score.argmax())
    for step in range(steps - 1, 0, -1):
        path[step - 1] = came[step, path[step]]
    return path


def _confidence(cosines: NDArray[np.float64], voice: int) -> float | None:
    """How far a voice leads, in [0, 1]; null where nobody does."""
    own = float(cosines[voice])
    others = np.delete(cosines, voice)
    if own < STRANGE or (len(others) and own - float(others.max()) < MARGIN):
        return None
    lead = own - float(others.max()) if len(others) else own - STRANGE
    return round(min(1.0, lead / SURE), 3)


def _joined(turns: Sequence[Turn]) -> list[Turn]:
    """Turns of one voice that touch become one; so do those of nobody."""
    joined: list[Turn] = []
    for turn in turns:
        before = joined[-1] if joined else None
        if before and before.speaker == turn.speaker and before.end_s >= turn.start_s - 1e-6:
            joined[-1] = replace(before, end_s=turn.end_s, confidence=_mean(before, turn))
        else:
            joined.append(turn)
    return joined


def _mean(one: Turn, two: Turn) -> float | None:
    if one.confidence is None or two.confidence is None:
        return None
    first, second = one.end_s - one.start_s, two.end_s - two.start_s
    return round((one.confidence * first + two.confidence * second) / (first + second), 3)


def _numbered(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """S1 is whoever speaks first."""
    names: dict[str, str] = {}
    for turn in turns:
        if turn.speaker is not None:
            names.setdefault(turn.speaker, f"S{len(names) + 1}")
    return tuple(
        turn if turn.speaker is None else replace(turn, speaker=names[turn.speaker])
        for turn in turns
    )
