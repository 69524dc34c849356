"""What a statistic is: what it needs, its formula over samples, and when it has no value.

Invariant: `values` gives nan exactly for samples in which the statistic is undefined; `estimate`
turns that into None with a reason before anybody sees it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reviewer.calibration.agreement.levels import MOST_LEVELS, NAMES_ONLY
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.results import Estimate
from reviewer.calibration.agreement.sample import Sample, whole

Needs = Callable[[Patterns], str | None]

CHANCE_IS_ALL = "all ratings are of one level, so agreement by chance is already complete"


@dataclass(frozen=True)
class Statistic:
    """``name``: as in ``reviewer agreement``. ``needs``: why patterns do not allow it, or None.

    ``values``: one figure a draw, nan where undefined. ``units``: how many units count.
    ``degenerate``: the reason for a nan. ``is_share``: a share of agreeing pairs, from 0 to 1.
    """

    name: str
    needs: Needs
    values: Callable[[Sample], Floats]
    units: Callable[[Patterns], int]
    degenerate: str = CHANCE_IS_ALL
    is_share: bool = False


def estimate(statistic: Statistic, patterns: Patterns) -> Estimate:
    """The statistic of the data themselves."""
    reason = statistic.needs(patterns)
    if reason:
        return Estimate(None, statistic.units(patterns), reason)
    value = float(statistic.values(whole(patterns))[0])
    n = statistic.units(patterns)
    return Estimate(None, n, statistic.degenerate) if np.isnan(value) else Estimate(value, n)


def all_of(*needs: Needs) -> Needs:
    """The first reason against, in the order given."""

    def check(patterns: Patterns) -> str | None:
        return next((reason for need in needs if (reason := need(patterns))), None)

    return check


def needs_pairs(patterns: Patterns) -> str | None:
    """At least one unit with two ratings."""
    return None if patterns.paired_units else "no unit has two ratings"


def needs_few_levels(patterns: Patterns) -> str | None:
    """Levels, not measurements."""
    many = len(patterns.levels)
    if many > MOST_LEVELS:
        return f"{many} different levels are a measurement, not categories (at most {MOST_LEVELS})"
    return None


def needs_two_levels(patterns: Patterns) -> str | None:
    """A scale on which raters could disagree."""
    return None if len(patterns.levels) > 1 else "there is only one level"


def needs_two_raters(patterns: Patterns) -> str | None:
    """Exactly two raters, known apart."""
    if patterns.codes is None:
        return "counts do not say which rater gave which rating"
    many = patterns.codes.shape[1]
    return None if many == 2 else f"it is for two raters; this table has {many}"


def needs_raters(patterns: Patterns) -> str | None:
    """Two or more raters, known apart."""
    if patterns.codes is None:
        return "counts do not say which rater gave which rating"
    many = patterns.codes.shape[1]
    return None if many > 1 else "there is only one rater"


def needs_numbers(patterns: Patterns) -> str | None:
    """Levels that are numbers."""
    return None if patterns.levels.values is not None else NAMES_ONLY


def needs_complete(patterns: Patterns) -> str | None:
    """At least two units that every rater rated."""
    many = patterns.complete_units
    return None if many > 1 else f"it needs two units that every rater rated; there are {many}"


CATEGORICAL = all_of(needs_few_levels, needs_two_levels, needs_pairs)
"""What every coefficient on categories needs."""
