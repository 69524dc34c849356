"""The statistics that hold a machine to people, in the form the bootstrap takes.

Invariant: columns are named by their place in the patterns; a unit counts where both sides have a
score.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.calibration.agreement.patterns import Patterns
from reviewer.calibration.agreement.prmse import NO_DOUBLE_SCORES, NO_TRUE_VARIATION, prmse_values
from reviewer.calibration.agreement.standardized import NO_SPREAD, dsm_values, smd_values
from reviewer.calibration.agreement.statistic import Statistic, needs_numbers


def _both_rated(system: int, human: int) -> Callable[[Patterns], int]:
    def count(patterns: Patterns) -> int:
        return patterns.columns((system, human)).complete_units

    return count


def smd_statistic(system: int, human: int) -> Statistic:
    """SMD of column `system` against column `human`, in human standard deviations."""

    def needs(patterns: Patterns) -> str | None:
        many = _both_rated(system, human)(patterns)
        return needs_numbers(patterns) or (
            None if many > 1 else f"it needs two units with both scores; there are {many}"
        )

    return Statistic(
        "smd",
        needs,
        lambda sample: smd_values(sample, system, human),
        _both_rated(system, human),
        NO_SPREAD,
    )


def prmse_statistic(system: int, humans: Sequence[int]) -> Statistic:
    """PRMSE of column `system` against the columns `humans`."""

    def scored(patterns: Patterns) -> NDArray[np.int64]:
        assert patterns.codes is not None
        many = (patterns.codes[:, list(humans)] >= 0).sum(axis=1)
        return np.asarray(many * (patterns.codes[:, system] >= 0), dtype=np.int64)

    def needs(patterns: Patterns) -> str | None:
        double = (scored(patterns) > 1).any()
        return needs_numbers(patterns) or (None if double else NO_DOUBLE_SCORES)

    return Statistic(
        "prmse",
        needs,
        lambda sample: prmse_values(sample, system, humans),
        lambda patterns: int(patterns.counts[scored(patterns) > 0].sum()),
        NO_TRUE_VARIATION,
    )


def dsm_statistic(patterns: Patterns, code: float) -> Statistic:
    """DSM of column 0 against column 1, of the subgroup that has `code` in column 2."""
    mine = (patterns.scores[:, 2] == code).astype(np.float64)

    def count(own: Patterns) -> int:
        assert own.codes is not None
        both = (own.codes[:, :2] >= 0).all(axis=1)
        return int(own.counts[both & (mine > 0)].sum())

    return Statistic(
        "dsm",
        lambda own: None if count(own) else "no unit of this subgroup has both scores",
        lambda sample: dsm_values(sample, 0, 1, mine),
        count,
        NO_SPREAD,
    )
