"""Ends of intervals in few decimals.

Invariant: an interval that was rounded holds the one it was made of, so no bound looks better than
it is.
"""

import math


def downward(value: float, decimals: int) -> float:
    """`value` or the next number below it with so many decimals.

    >>> downward(0.69996, 2), downward(0.29, 2)
    (0.69, 0.29)
    """
    unit = 10.0**decimals
    return math.floor(round(value * unit, 4)) / unit  # 0.29 * 100 is 28.999999999999996


def upward(value: float, decimals: int) -> float:
    """`value` or the next number above it with so many decimals.

    >>> upward(0.70004, 2), upward(0.29, 2)
    (0.71, 0.29)
    """
    return -downward(-value, decimals)
