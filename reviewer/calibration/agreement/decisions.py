"""Consistency and accuracy of the pass decision: what raters agree on when it counts.

Invariant: a decision is True (awarded) or False; None is missing and its unit is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from reviewer.calibration.agreement.cohen import cohen_kappa
from reviewer.calibration.agreement.results import Coefficient

Decision = bool | None


@dataclass(frozen=True)
class Share:
    """A share with its Wilson interval; None where there is nothing to take a share of."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Consistency:
    """``agreement``: same decision; ``kappa``: beyond chance; ``pass_rates``: of both sides."""

    agreement: Share
    kappa: Coefficient
    pass_rates: tuple[Share, Share]


@dataclass(frozen=True)
class Accuracy:
    """Against a reference. ``correct``: same decision; ``false_pass``: of the works that the
    reference fails, the share passed; ``false_fail``: of those it passes, the share failed.
    """

    correct: Share
    false_pass: Share
    false_fail: Share
    kappa: Coefficient


def decision_consistency(
    first: Sequence[Decision], second: Sequence[Decision], *, confidence: float = 0.95
) -> Consistency:
    """How often two sides decide alike on the same works; neither is the reference.

    Range of the share: 0 to 1. Intervals: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212, works
    taken as independent; for intervals clustered by candidate give the decisions to
    `bootstrap_agreement`.

    >>> decision_consistency([True, True, False], [True, False, False]).agreement.n
    3
    """
    pairs = _pairs(first, second)
    return Consistency(
        _share([one == other for one, other in pairs], confidence),
        _kappa(pairs, confidence),
        (
            _share([one for one, _ in pairs], confidence),
            _share([other for _, other in pairs], confidence),
        ),
    )


def decision_accuracy(
    decided: Sequence[Decision], reference: Sequence[Decision], *, confidence: float = 0.95
) -> Accuracy:
    """How often decisions are those of a reference, and in which direction they err.

    Intervals as in `decision_consistency`.

    >>> decision_accuracy([True, True, False], [True, False, False]).false_pass.value
    0.5
    """
    pairs = _pairs(decided, reference)
    return Accuracy(
        _share([one == other for one, other in pairs], confidence),
        _share([one for one, other in pairs if not other], confidence),
        _share([not one for one, other in pairs if other], confidence),
        _kappa(pairs, confidence),
    )


def share_of(wanted: int, n: int, *, confidence: float = 0.95) -> Share:
    """``wanted`` of ``n`` with the Wilson interval; raises `ValueError` unless 0 ≤ wanted ≤ n.

    >>> round(share_of(8, 10).low, 2)
    0.49
    """
    if not 0 <= wanted <= n:
        raise ValueError(f"{wanted} of {n} is no share.")
    if n == 0:
        return Share(None, 0)
    found = binomtest(wanted, n).proportion_ci(confidence, method="wilson")
    return Share(wanted / n, n, float(found.low), float(found.high))


def _pairs(first: Sequence[Decision], second: Sequence[Decision]) -> list[tuple[bool, bool]]:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} decisions do not fit {len(second)}: give both a work.")
    return [
        (bool(one), bool(other))
        for one, other in zip(first, second, strict=True)
        if one is not None and other is not None
    ]


def _share(wanted: Sequence[bool], confidence: float) -> Share:
    return share_of(sum(wanted), len(wanted), confidence=confidence)


def _kappa(pairs: Sequence[tuple[bool, bool]], confidence: float) -> Coefficient:
    rows = [[int(one), int(other)] for one, other in pairs]
    if not rows:
        return Coefficient(None, 0, reason="no work has both decisions")
    return cohen_kappa(rows, categories=[0, 1], confidence=confidence)
