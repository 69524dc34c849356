"""From an amount of evidence to probabilities of any number of levels, without labels.

Invariant: more evidence never lowers the expected level; the probabilities, rounded to 4 decimals,
sum to 1 exactly; nothing but the amount of evidence and the level values is used.
"""

from collections.abc import Sequence
from math import comb

from reviewer.scoring.rounding import PLACES, shares_of_one

UNSURE = 0.05  # chance of each step, and against it, that no amount of evidence takes away
STEEP = 1.25  # how steeply reach rises around `enough`


def reach(evidence: float, enough: float) -> float:
    """How far up the levels an amount of evidence reaches, in [0, 1): one half at `enough`.

    A smooth step with diminishing returns, ``e^s / (e^s + enough^s)`` with s = STEEP; no evidence,
    or more against than for, reaches 0.
    """
    risen = max(0.0, evidence) ** STEEP
    return float(risen / (risen + enough**STEEP))


def probabilities(reached: float, values: Sequence[float]) -> dict[str, float]:
    """Level value as text -> probability: ``binomial(K - 1, reached)`` over the K levels.

    Each of the K - 1 steps between levels is climbed with the same chance, never surer than
    UNSURE allows; its mean is ``reached * (K - 1)`` steps, it is wide where the evidence is
    middling, and it needs no names.
    """
    steps = len(values) - 1
    step = min(max(reached, UNSURE), 1 - UNSURE)
    exact = [comb(steps, at) * step**at * (1 - step) ** (steps - at) for at in range(steps + 1)]
    names = [f"{value:g}" for value in values]
    return dict(zip(names, shares_of_one(exact), strict=True))


def most_likely(shares: dict[str, float]) -> float:
    """The value of the most probable level; of equal ones the lowest."""
    return float(max(shares, key=lambda value: (shares[value], -float(value))))


def expected(shares: dict[str, float]) -> float:
    """The mean level value, rounded to 4 decimals."""
    return round(sum(float(value) * share for value, share in shares.items()), PLACES)
