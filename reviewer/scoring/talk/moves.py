"""Talk moves told from words: one logistic model a move, for teachers and for pupils apart.

Invariant: a line's moves are told from itself and from what was said before it. A model is numbers
and names; words are hashed, and none is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from reviewer.evidence.match import Numbers
from reviewer.scoring.talk.lines import PLACES, Line, Numbers32, Role, context_of

OWN, BEFORE = 2**16, 2**14  # buckets of hashed words and pairs, of a line and of the one before it
WIDTH = OWN + BEFORE + PLACES
LESS = 0.5  # weight of the words before
_WORDS = r"(?u)\w[\w']*|\?"


@dataclass(frozen=True, slots=True, eq=False)
class RoleMoves:
    """The moves of one role: their names, weights (WIDTH, moves) and intercepts (moves,)."""

    names: tuple[str, ...]
    weights: Numbers32
    intercepts: Numbers32


@dataclass(frozen=True, slots=True, eq=False)
class TalkMoves:
    """What was learned, by role; a role without labels has no moves."""

    roles: Mapping[Role, RoleMoves]

    @property
    def names(self) -> tuple[str, ...]:
        """Each move with who makes it, such as "teacher: press for reasoning"."""
        return tuple(f"{role}: {name}" for role, own in self.roles.items() for name in own.names)

    def probabilities(self, lines: Sequence[Line]) -> Numbers:
        """How probable each move is, shape (lines, names); 0 for the moves of the other role.

        `lines` are those of one lesson, in order. The moves of a line add up to 1 where its role
        has any.
        """
        made = np.zeros((len(lines), len(self.names)))
        if not lines:
            return made
        seen = features(lines)
        start = 0
        for role, own in self.roles.items():
            rows = [at for at, line in enumerate(lines) if line.role is role]
            if rows:
                made[rows, start : start + len(own.names)] = _told(own, seen[rows])
            start += len(own.names)
        return made


def _told(own: RoleMoves, seen: csr_matrix) -> Numbers:
    scores = np.asarray(seen @ own.weights, float) + own.intercepts
    # One model a move: their probabilities are made to add up to 1.
    alone = 1 / (1 + np.exp(-np.clip(scores, -30.0, 30.0)))
    made: Numbers = alone / alone.sum(axis=1, keepdims=True)
    return made


def features(lines: Sequence[Line]) -> csr_matrix:
    """Hashed words of each line and of the line before it, and its context: (lines, WIDTH)."""
    context = context_of(lines)
    said = _counter(OWN).transform([line.text for line in lines])
    before = _counter(BEFORE).transform(context.before) * LESS
    made: csr_matrix = hstack([said, before, csr_matrix(context.places)], format="csr")
    return made


@lru_cache(maxsize=2)
def _counter(buckets: int) -> Any:
    return HashingVectorizer(
        ngram_range=(1, 2),
        token_pattern=_WORDS,
        n_features=buckets,
        binary=True,
        alternate_sign=False,
        dtype=np.float32,
    )
