"""When two ratings of one work go to an adjudicator, and how they are put before them.

Invariant: pure. Both ratings stay as they are; the adjudicator's is a third one, by somebody who
did not rate the work. Who gave which of the two, and who was first, cannot be told from the order
in which they are shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviewer.errors import ReviewError
from reviewer.review.draw import drawn
from reviewer.review.outcome import met, verdict
from reviewer.rubric import Credential, Element

Levels = Mapping[str, float | None]


class Discrepancy(StrEnum):
    """Why two levels of an element need a third."""

    NOT_OBSERVABLE = "not_observable"
    NON_ADJACENT = "non_adjacent"
    ACROSS_CUT = "across_cut"


DISCREPANCIES = {
    Discrepancy.NOT_OBSERVABLE: "one of the two found it not observable",
    Discrepancy.NON_ADJACENT: "the levels are more than one apart",
    Discrepancy.ACROSS_CUT: "the levels lead to different outcomes",
}
"""Each in the words that the pages show."""


@dataclass(frozen=True, slots=True)
class Discrepant:
    """An element on which two ratings need an adjudicator, and why."""

    element: str
    why: Discrepancy


def discrepancies(credential: Credential, one: Levels, other: Levels) -> tuple[Discrepant, ...]:
    """The elements to adjudicate; both raters' levels of every element are given.

    Adjacent levels on the same side of the cut are agreement enough. Where the outcomes of the two
    differ though no element is on two sides (a sum), every element on which they differ is one.
    """
    found = [
        Discrepant(element.id, why)
        for element in credential.elements
        if (why := _discrepancy(element, one[element.id], other[element.id])) is not None
    ]
    across = any(each.why is Discrepancy.ACROSS_CUT for each in found)
    if across or verdict(credential, one).outcome is verdict(credential, other).outcome:
        return tuple(found)
    known = {each.element: each for each in found}
    return tuple(
        known.get(element.id, Discrepant(element.id, Discrepancy.ACROSS_CUT))
        for element in credential.elements
        if one[element.id] != other[element.id]
    )


def _discrepancy(element: Element, one: float | None, other: float | None) -> Discrepancy | None:
    if one == other:
        return None
    if one is None or other is None:
        return Discrepancy.NOT_OBSERVABLE
    if met(element, one) is not met(element, other):
        return Discrepancy.ACROSS_CUT
    apart = abs(element.values.index(one) - element.values.index(other))
    return Discrepancy.NON_ADJACENT if apart > 1 else None


def refuse_rater(name: str, account: str, raters: Collection[str]) -> None:
    """Raise `ReviewError` if the person to adjudicate (named `name`) is one of the raters."""
    if account in raters:
        raise ReviewError(
            f"{name} has rated this work and cannot adjudicate it: choose somebody who has not."
        )


def sides(submission: str, raters: Sequence[str], seed: int) -> tuple[str, ...]:
    """The raters in the order in which they are shown, which says nothing about them."""
    return tuple(sorted(raters, key=lambda one: drawn(seed, "side", submission, one)))
