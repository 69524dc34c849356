"""Which of several engines drafts an element: the best of those that are open, else the usual one.

Invariant: an engine that was not measured, or was measured and is closed, never takes the place of
another. The choice is made when a first pass is read, so a verdict holds from the moment it is
given, and what every engine drafted stays as it was.
"""

from collections.abc import Sequence

from reviewer.calibration.gate.verdict import Verdict
from reviewer.scoring.draft import ElementDraft, Fitness
from reviewer.scoring.gate import engine_version

QWK = "QWK"  # the check whose bound orders open engines


def chosen(drafts: Sequence[ElementDraft], verdicts: Sequence[Verdict]) -> tuple[ElementDraft, ...]:
    """One draft an element, in the order of the elements' first drafts.

    It is that of the open engine whose QWK has the highest lower bound (of two alike the earlier
    one in `drafts`); where none is open, the first draft of the element, which is that of the
    engine that needs no ratings. `drafts` carry their measured fitness.
    """
    bounds = {(one.element, one.engine_version): _bound(one) for one in verdicts}
    made: dict[str, ElementDraft] = {}
    for draft in drafts:
        known = made.get(draft.element)
        if known is None or _rank(draft, bounds) > _rank(known, bounds):
            made[draft.element] = draft
    return tuple(made.values())


def _rank(draft: ElementDraft, bounds: dict[tuple[str, str], float]) -> tuple[bool, float]:
    if draft.fitness is not Fitness.OPEN:
        return False, 0.0
    return True, bounds.get((draft.element, engine_version(draft.engine)), -1.0)


def _bound(verdict: Verdict) -> float:
    """The lower bound of QWK that the verdict rests on; -1, the least there is, without one."""
    for check in verdict.checks:
        if check.name == QWK and check.bound is not None:
            return check.bound
    return -1.0
