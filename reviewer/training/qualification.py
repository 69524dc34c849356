"""Whether a trainee rates as the key does: exact agreement over two forms, with its interval.

Invariant: a verdict rests on at least `Policy.fewest_ratings` ratings; below that it is
*insufficient data*, whatever the share. The cut of a credential whose elements have different
numbers of levels is the mean of their cuts, weighted by their ratings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviewer.calibration.shares import Share, share
from reviewer.rubric import Element
from reviewer.training.comparing import steps_between
from reviewer.training.policy import Policy

_ROUNDING = 1e-9  # 8 of 10 reaches a cut of 0.8, however the sum of cuts is rounded


class Verdict(StrEnum):
    """What an attempt ends in."""

    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    INSUFFICIENT_DATA = "insufficient_data"


@dataclass(frozen=True, slots=True)
class Answer:
    """One rating of an attempt beside the key's; `level` is null for not observable."""

    work: str
    element: str
    level: float | None
    key: float


@dataclass(frozen=True, slots=True)
class ElementResult:
    """Agreement on one element; the shares are null where it was not asked for."""

    element: Element
    exact: Share | None
    adjacent: Share | None
    cut: float


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt judged: `exact` is pooled over all elements and both forms, `required` its cut."""

    verdict: Verdict
    exact: Share | None
    adjacent: Share | None
    required: float
    elements: tuple[ElementResult, ...]
    because: str


def judge(elements: Sequence[Element], answers: Sequence[Answer], policy: Policy) -> Result:
    """The result of `answers`, each about one of `elements`.

    Intervals are Wilson's on the effective number of ratings, several of one work counting as less
    than as many of different works (`reviewer.calibration.shares`). The verdict compares the share
    itself with the cut, as NAEP does; the interval says how sure that is.
    """
    known = {one.id: one for one in elements}
    steps = [steps_between(known[one.element], one.level, one.key) for one in answers]
    results = tuple(_element(one, answers, steps, policy) for one in elements)
    exact, adjacent = _shares(answers, steps)
    cuts = [policy.cut(len(known[one.element].values)) for one in answers]
    required = sum(cuts) / len(cuts) if cuts else 0.0
    if exact is None or exact.n < policy.fewest_ratings:
        n = exact.n if exact else 0
        because = f"{n} ratings are too few to tell; {policy.fewest_ratings} are needed."
        return Result(Verdict.INSUFFICIENT_DATA, exact, adjacent, required, results, because)
    passed = exact.value >= required - _ROUNDING
    because = (
        f"{round(exact.value * exact.n)} of {exact.n} ratings are exactly the key's "
        f"({exact.value:.0%}); {required:.0%} {'are' if passed else 'would be'} needed."
    )
    verdict = Verdict.QUALIFIED if passed else Verdict.NOT_QUALIFIED
    return Result(verdict, exact, adjacent, required, results, because)


def _element(
    element: Element, answers: Sequence[Answer], steps: Sequence[int | None], policy: Policy
) -> ElementResult:
    own = [
        (answer, step)
        for answer, step in zip(answers, steps, strict=True)
        if answer.element == element.id
    ]
    exact, adjacent = _shares([one for one, _ in own], [one for _, one in own])
    return ElementResult(element, exact, adjacent, policy.cut(len(element.values)))


def _shares(
    answers: Sequence[Answer], steps: Sequence[int | None]
) -> tuple[Share | None, Share | None]:
    works = [one.work for one in answers]
    near = [one is not None and abs(one) <= 1 for one in steps]
    return share([one == 0 for one in steps], works), share(near, works)
