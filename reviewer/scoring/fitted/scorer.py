"""A fitted scorer: expected level = intercept + segments + named whole-work signs, exactly.

Invariant: `Account.expected` is the sum of what the account shows. A scorer is immutable; all its
numbers are float32, in memory as on disk, so a saved one scores as the one that was fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers
from reviewer.scoring.fitted.ordinal import Ordinal
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.rows import WORDS, term_rows

Parameters = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Task:
    """Where works on the one task of training lie: their mean embedding, and how near they are.

    A work whose likeness to `center` (cosine) is below `nearest` is not on the task.
    """

    center: Vectors
    nearest: float


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights by block (columns, elements), centers (columns,), idf (terms,), levels by element."""

    elements: tuple[str, ...]
    intercept: Parameters
    weights: dict[str, Parameters]
    centers: dict[str, Parameters]
    idf: Parameters
    levels: tuple[Ordinal, ...]
    task: Task | None


@dataclass(frozen=True, slots=True)
class Account:
    """How one work's expected levels come about.

    `intercept` (elements,); `segments` (segments, elements); `whole` (whole-work signs, elements),
    those of the descriptors first.
    """

    intercept: Numbers
    segments: Numbers
    whole: Numbers

    @property
    def expected(self) -> Numbers:
        """The sum, shape (elements,), on the scale of the levels and not clipped to it."""
        made: Numbers = self.intercept + self.segments.sum(axis=0) + self.whole.sum(axis=0)
        return made


def account_of(scorer: Scorer, work: WorkRead) -> Account:
    """The account of a work with at least one segment that counts."""
    kept = range(len(work.shares))
    descriptors = (work.descriptors - scorer.centers["descriptors"])[:, None]
    whole = (work.whole - scorer.centers["whole"])[:, None]
    return Account(
        scorer.intercept.astype(float),
        segments_of(scorer, work, kept),
        np.concatenate(
            [descriptors * scorer.weights["descriptors"], whole * scorer.weights["whole"]]
        ),
    )


def segments_of(scorer: Scorer, work: WorkRead, kept: Sequence[int]) -> Numbers:
    """Contributions (kept, elements) of these segments, as if the work held no others."""
    at = np.asarray(kept, int)
    shares = work.shares[at] / work.shares[at].sum()
    signs = (work.signs[at] - scorer.centers["signs"]) @ scorer.weights["signs"]
    layers = (work.layers[at] - scorer.centers["layers"]) @ scorer.weights["layers"]
    made: Numbers = shares[:, None] * (signs + layers) + _of_words(scorer, work.terms[at], shares)
    return made


def _of_words(scorer: Scorer, counts: csr_matrix, shares: Numbers) -> Numbers:
    """A word's weight is shared out to the segments that hold it, by how often they do."""
    total = csr_matrix(counts.sum(axis=0))
    row = term_rows(total, scorer.idf)
    often = np.asarray(total.todense()).ravel()[row.indices]
    worth = (row.data / often)[:, None] * scorer.weights[WORDS][row.indices]
    offset = scorer.centers[WORDS] @ scorer.weights[WORDS]
    made: Numbers = np.asarray(counts[:, row.indices] @ worth) - shares[:, None] * offset
    return made
