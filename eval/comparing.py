"""``python -m eval compare``: which figures of a study are worse than its committed baseline.

Invariant: better or worse is read from the words of the figure's name and from nothing else, so
that a study cannot choose it after the fact; floors and counts are neither.
"""

import re
from collections.abc import Mapping

TOLERANCE = 0.005
"""Change, in the figure's own unit or as a share of it, that is no change."""

_LESS_IS_BETTER = frozenset(
    (
        "wrong",
        "unsure",
        "error",
        "errors",
        "wer",
        "seconds",
        "s",
        "mb",
        "gb",
        "bytes",
        "distance",
        "ms",
        "mib",
    )
)
_NEITHER = frozenset(("floor", "ceiling", "raters", "count", "n", "length"))


def worse(figures: Mapping[str, float], known: Mapping[str, float]) -> dict[str, float]:
    """The figures that got worse, each with its change; one that has gone is worse too.

    >>> worse({"macro_f1": 0.60, "run_seconds": 9.0}, {"macro_f1": 0.66, "run_seconds": 9.01})
    {'macro_f1': -0.06}
    """
    found = {}
    for name, before in known.items():
        words = set(re.split(r"[^a-z0-9]+", name.lower()))
        if words & _NEITHER:
            continue
        now = figures.get(name)
        if now is None:
            found[name] = float("-inf")
            continue
        loss = now - before if words & _LESS_IS_BETTER else before - now
        if loss > TOLERANCE * max(1.0, abs(before)):
            found[name] = round(now - before, 6)
    return found
