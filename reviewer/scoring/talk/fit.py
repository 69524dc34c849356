"""Talk moves learned from labelled lessons, and how well they are told in lessons held out.

Invariant: no figure is of a lesson that was fitted on; equal lessons give equal numbers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from reviewer.errors import TooFewMoves
from reviewer.scoring.talk.lines import Line, Role
from reviewer.scoring.talk.moves import RoleMoves, TalkMoves, features

FEWEST = 10  # labelled sentences of a move; one with fewer is not learned
LESSONS = 3  # lessons, at least, that the moves of a role are learned from
FOLDS = 5
EPOCHS = 10  # passes of stochastic gradient descent
PENALTY = 0.4  # of the weights' size, divided by the number of sentences
EVEN = 0.5  # exponent of the inverse frequency that a move's sentences are weighed by
SEED = 20240229


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: its lines in order, and the move of each; null where it was not labelled."""

    name: str
    lines: tuple[Line, ...]
    moves: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How well one role's moves are told in lessons held out, each by its F1 (0 to 1).

    `sentences` has how often each move was labelled.
    """

    sentences: dict[str, int]
    f1: dict[str, float]

    @property
    def macro_f1(self) -> float:
        """The mean over the moves."""
        return sum(self.f1.values()) / len(self.f1)


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    """The labelled sentences of one role: features, moves, and the lesson of each."""

    seen: csr_matrix
    moves: list[str]
    lessons: list[str]


def fit_moves(lessons: Sequence[Lesson]) -> TalkMoves:
    """The moves of every role that has enough labels.

    Raises `TooFewMoves` where no role has two moves of FEWEST sentences each, in LESSONS lessons.
    """
    labelled = _labelled(lessons)
    return TalkMoves({role: _fit(own, range(len(own.moves))) for role, own in labelled.items()})


def held_out(lessons: Sequence[Lesson]) -> dict[Role, Told]:
    """How well the moves are told in lessons held out, by role; raises as `fit_moves` does."""
    return {role: _held_out(own) for role, own in _labelled(lessons).items()}


def _labelled(lessons: Sequence[Lesson]) -> dict[Role, _Labelled]:
    """The labelled sentences of each role that has enough, with the moves that have enough."""
    seen = [features(one.lines) for one in lessons if one.lines]
    flat = [
        (line.role, move, one.name)
        for one in lessons
        for line, move in zip(one.lines, one.moves, strict=True)
    ]
    whole = vstack(seen, format="csr") if seen else csr_matrix((0, 0))
    made = {}
    for role in Role:
        counts = Counter(move for own, move, _ in flat if own is role and move is not None)
        known = {move for move, count in counts.items() if count >= FEWEST}
        rows = [at for at, (own, move, _) in enumerate(flat) if own is role and move in known]
        names = [flat[at][2] for at in rows]
        if len(known) > 1 and len(set(names)) >= LESSONS:
            made[role] = _Labelled(whole[rows], [str(flat[at][1]) for at in rows], names)
    if not made:
        raise TooFewMoves(
            f"No role has two moves with {FEWEST} labelled sentences each in {LESSONS} lessons; "
            "label more lessons."
        )
    return made


def _fit(own: _Labelled, rows: Sequence[int]) -> RoleMoves:
    # As numbers: names that are digits would be taken for numbers by the library.
    names, moves = np.unique([own.moves[at] for at in rows], return_inverse=True)
    counts = np.bincount(moves)
    model = SGDClassifier(
        loss="log_loss",
        alpha=PENALTY / len(moves),
        max_iter=EPOCHS,
        tol=None,
        average=True,
        class_weight=dict(enumerate((counts.max() / counts) ** EVEN)),
        random_state=SEED,
    ).fit(own.seen[list(rows)], moves)
    weights, intercepts = model.coef_, model.intercept_
    if len(weights) == 1:  # of two moves the model tells the second
        weights, intercepts = np.vstack([-weights, weights]), np.array([-1, 1]) * intercepts
    return RoleMoves(
        tuple(str(one) for one in names),
        np.ascontiguousarray(weights.T, np.float32),
        np.asarray(intercepts, np.float32),
    )


def _held_out(own: _Labelled) -> Told:
    truth, told = np.array(own.moves), np.empty(len(own.moves), dtype=object)
    folds = GroupKFold(min(FOLDS, len(set(own.lessons))))
    for fitted, held in folds.split(truth, groups=own.lessons):
        if len(set(truth[fitted])) < 2:
            told[held] = truth[fitted[0]]
            continue
        made = _fit(own, fitted.tolist())
        scores = own.seen[held] @ made.weights + made.intercepts
        told[held] = np.array(made.names, dtype=object)[scores.argmax(axis=1)]
    names = sorted(set(own.moves))
    found = f1_score(truth, told.astype(str), labels=names, average=None, zero_division=0.0)
    counts = Counter(own.moves)
    return Told(
        {name: counts[name] for name in names},
        dict(zip(names, map(float, found), strict=True)),
    )
