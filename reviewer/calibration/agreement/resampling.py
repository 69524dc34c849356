"""Draws of candidates with replacement, as counts of patterns.

Invariant: candidates whose units have the same patterns are alike, and drawing n candidates with
replacement is a multinomial draw over the kinds of candidates: exactly the clustered bootstrap, at
the price of the number of kinds. Units of one candidate are always drawn together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from reviewer.calibration.agreement.patterns import Floats, Patterns

_FEW_OF_A_KIND = 4  # below so many candidates a kind, drawing each candidate is quicker
_BLOCK_NUMBERS = 1 << 22  # numbers held at once, 32 MiB of them

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Kinds:
    """Kinds of candidates: ``counts`` of each, and how often each pattern is in one of each kind
    (``content``, kinds × patterns; None where every candidate is one unit, so a kind is a pattern).
    """

    counts: NDArray[np.int64]
    content: csr_matrix | None

    @property
    def candidates(self) -> int:
        """How many candidates there are to draw from."""
        return int(self.counts.sum())


def kinds_of(patterns: Patterns, clusters: NDArray[np.intp] | None) -> Kinds:
    """The kinds of candidates; ``clusters``: each unit's candidate from 0; None: each its own."""
    if clusters is None or patterns.index is None or _all_single(clusters):
        return Kinds(patterns.counts.astype(np.int64), None)
    order = np.lexsort((patterns.index, clusters))
    pattern, cluster = patterns.index[order], clusters[order]
    starts = np.flatnonzero(np.r_[True, cluster[1:] != cluster[:-1]])
    sizes = np.diff(np.r_[starts, len(cluster)])
    kind = _kinds_by_content(pattern, starts, sizes, len(patterns.counts))
    _, example, counts = np.unique(kind, return_index=True, return_counts=True)
    many = sizes[example]
    rows = np.repeat(np.arange(len(example)), many)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
    columns = pattern[np.repeat(starts[example], many) + within]
    content = csr_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(example), len(patterns.counts))
    )
    return Kinds(counts.astype(np.int64), content)


def draw_times(patterns: Patterns, kinds: Kinds, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each pattern is in each resample, in blocks of shape (some draws, patterns).

    The draws depend on the seed alone, not on the size of a block.
    """
    draw = np.random.default_rng(seed)
    block = max(1, _BLOCK_NUMBERS // max(len(kinds.counts), len(patterns.counts)))
    for done in range(0, resamples, block):
        drawn = _drawn(kinds, draw, min(block, resamples - done)).astype(np.float64)
        yield drawn if kinds.content is None else np.asarray(drawn @ kinds.content)


def _drawn(kinds: Kinds, draw: np.random.Generator, size: int) -> NDArray[np.int64]:
    """How often each kind is in each of `size` resamples, shape (size, kinds)."""
    total, many = kinds.candidates, len(kinds.counts)
    if many * _FEW_OF_A_KIND < total:
        return draw.multinomial(total, kinds.counts / total, size=size)
    kind = np.repeat(np.arange(many), kinds.counts)
    chosen = kind[draw.integers(0, total, (size, total))]
    chosen += np.arange(size)[:, None] * many
    return np.bincount(chosen.reshape(-1), minlength=size * many).reshape(size, many)


def _all_single(clusters: NDArray[np.intp]) -> bool:
    return len(clusters) == 0 or int(np.bincount(clusters).max()) == 1


def _kinds_by_content(pattern: Places, starts: Places, sizes: Places, patterns: int) -> Places:
    """A number for each candidate, the same for the same sorted patterns."""
    kind = np.unique(sizes, return_inverse=True)[1].reshape(-1).astype(np.int64)
    for at in range(int(sizes.max())):
        longer = np.flatnonzero(sizes > at)
        key = kind * patterns
        key[longer] += pattern[starts[longer] + at]
        kind = np.unique(key, return_inverse=True)[1].reshape(-1)
    return kind
