"""Which few segments are cited for a fitted draft: those that move it, for and against.

Invariant: a segment's pull is what the expected level would lose without it, the rest being scored
as a work of its own; at most MOST_CITED are cited, and the cited ones alone lead at least half of
the way from the intercept to the expected level wherever some choice of them does.
"""

from collections.abc import Sequence

import numpy as np

from reviewer.evidence.match import Numbers
from reviewer.scoring.account import MOST_CITED
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.scorer import Account, Scorer, segments_of

AGAINST = 2  # citations, at most, that pull the other way
ENOUGH = 0.5  # of the way that the cited ones alone should lead


def pulls(account: Account, shares: Numbers) -> Numbers:
    """What each segment (rows) pulls each element (columns) up or, below 0, down."""
    total = account.segments.sum(axis=0)
    left = np.maximum(1 - shares, shares.min(initial=1.0))
    made: Numbers = (account.segments - shares[:, None] * total) / left[:, None]
    return made


def choose_cited(
    scorer: Scorer, work: WorkRead, account: Account, element: int, most: int = MOST_CITED
) -> list[int]:
    """Numbers of the segments cited for one element (by place in the scorer), strongest first."""
    pull = pulls(account, work.shares)[:, element]
    way = float(account.expected[element] - account.intercept[element])
    with_it = np.argsort(-pull * (1 if way >= 0 else -1), kind="stable").tolist()
    against = min(AGAINST, most - 1, len(pull) - 1)
    while True:
        chosen = _ends(with_it, min(most, len(pull)), max(0, against))
        if against <= 0 or restored(scorer, work, account, element, chosen) >= ENOUGH:
            return sorted(chosen, key=lambda at: (-abs(round(float(pull[at]), 6)), at))
        against -= 1


def _ends(order: Sequence[int], most: int, against: int) -> list[int]:
    return [*order[: most - against], *order[len(order) - against :]]


def restored(
    scorer: Scorer, work: WorkRead, account: Account, element: int, kept: Sequence[int]
) -> float:
    """Share of the way from the intercept to the expected level that `kept` alone lead.

    The named whole-work signs stay as they are; 1 where there is no way to go.
    """
    way = float(account.expected[element] - account.intercept[element])
    if abs(way) < 1e-6:
        return 1.0
    alone = segments_of(scorer, work, sorted(kept))[:, element].sum()
    return float(alone + account.whole[:, element].sum()) / way
