"""Shares of one, rounded so that they still add up to one.

Invariant: rounding moves no share by more than one unit of the last of PLACES decimals.
"""

from collections.abc import Sequence

PLACES = 4
UNITS = 10**PLACES


def shares_of_one(parts: Sequence[float]) -> list[float]:
    """`parts` >= 0 (not all 0) as shares of their sum; the roundings add up to 1.

    What is left after rounding down goes, unit by unit, to the largest remainders, earlier first.
    """
    total = sum(parts)
    exact = [UNITS * part / total for part in parts]
    whole = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda at: (round(whole[at] - exact[at], 9), at))
    for at in order[: UNITS - sum(whole)]:
        whole[at] += 1
    return [one / UNITS for one in whole]
