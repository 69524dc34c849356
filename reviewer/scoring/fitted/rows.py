"""Works as rows of blocks, on scales that the training works set; and kernels between them.

Invariant: a scale depends on training works alone. Every block is centered, and scaled so that the
mean squared length of a training row is 1: blocks are told apart by their weights, not their units.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from reviewer.evidence.match import Numbers
from reviewer.scoring.fitted.read import WorkRead

DENSE = ("descriptors", "whole", "signs", "layers")
WORDS = "words"
BLOCKS = (*DENSE, WORDS)


@dataclass(frozen=True, slots=True)
class Rows:
    """Raw pooled rows of some works: dense blocks (works, d), and term counts (works, TERMS)."""

    dense: dict[str, Numbers]
    counts: csr_matrix


def pool(works: Sequence[WorkRead]) -> Rows:
    """Pool each work into one row a block."""
    dense = {
        "descriptors": np.stack([one.descriptors for one in works]),
        "whole": np.stack([one.whole for one in works]),
        "signs": np.stack([one.shares @ one.signs for one in works]),
        "layers": np.stack([one.shares @ one.layers.astype(float) for one in works]),
    }
    return Rows(dense, vstack([csr_matrix(one.terms.sum(axis=0)) for one in works], format="csr"))


@dataclass(frozen=True, slots=True)
class Scales:
    """What training works set: `center` and `unit` of dense columns, `idf` of terms.

    `center` of the words is the mean of its weighted rows; `size` the mean squared length of a
    block's rows before scaling. A column that does not vary in training has unit infinity, so it
    counts for nothing.
    """

    center: dict[str, Numbers]
    unit: dict[str, Numbers]
    idf: Numbers
    size: dict[str, float]


def scales_of(rows: Rows) -> Scales:
    """The scales of training rows."""
    works = rows.counts.shape[0]
    found = np.bincount(rows.counts.indices, minlength=rows.counts.shape[1])
    # A bucket that one training work alone has tells of that work, not of writing.
    idf = np.where(found > 1, np.log((1 + works) / (1 + found)) + 1, 0.0)
    center, unit, size = {}, {}, {}
    for name in DENSE:
        own = rows.dense[name]
        spread = own.std(axis=0)
        center[name] = own.mean(axis=0)
        unit[name] = np.where(spread < 1e-9, np.inf, spread)
        size[name] = max(1.0, float(np.isfinite(unit[name]).sum()))
    weighted = term_rows(rows.counts, idf)
    center[WORDS] = np.asarray(weighted.mean(axis=0)).ravel()
    length = float(weighted.multiply(weighted).sum() / works)
    size[WORDS] = max(1e-9, length - float(center[WORDS] @ center[WORDS]))
    return Scales(center, unit, idf, size)


def term_rows(counts: csr_matrix, idf: Numbers | NDArray[np.float32]) -> csr_matrix:
    """Counts as unit rows of ``(1 + log count) * idf``."""
    own = counts.tocsr().astype(float)
    own.data = (1 + np.log(own.data)) * idf[own.indices]
    length = np.sqrt(np.asarray(own.multiply(own).sum(axis=1)).ravel())
    return csr_matrix(own.multiply((1 / np.where(length > 0, length, 1.0))[:, None]))


def kernels(rows: Rows, scales: Scales) -> list[Numbers]:
    """One kernel (works, works) a block, in the order of BLOCKS, among the training works."""
    made = []
    for name in DENSE:
        standard = (rows.dense[name] - scales.center[name]) / scales.unit[name]
        made.append(standard @ standard.T / scales.size[name])
    weighted = term_rows(rows.counts, scales.idf)
    center = scales.center[WORDS]
    means = weighted @ center
    inner = np.asarray((weighted @ weighted.T).todense())
    made.append((inner - means[:, None] - means[None, :] + center @ center) / scales.size[WORDS])
    return made


def weights_of(rows: Rows, scales: Scales, share: Numbers, dual: Numbers) -> dict[str, Numbers]:
    """Weights (columns, elements) of raw dense columns and of unit term rows, from dual weights."""
    made = {}
    for at, name in enumerate(BLOCKS):
        factor = float(share[at]) / scales.size[name]
        if name in DENSE:
            centered = rows.dense[name] - scales.center[name]
            made[name] = factor * (centered.T @ dual) / scales.unit[name][:, None] ** 2
        else:
            weighted = term_rows(rows.counts, scales.idf)
            spread = np.asarray(weighted.T @ dual) - np.outer(scales.center[name], dual.sum(axis=0))
            made[name] = factor * spread
    return made
