"""One person's level for one element of one submission, and what they had seen before giving it.

Invariant: ratings are appended, never edited: the latest of a phase counts. `aid` is derived from
what was shown (`aid_of`), never taken from the rater's word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviewer.errors import ReviewError
from reviewer.rubric import Element


class RaterType(StrEnum):
    """Who rates. An engine is never one of them: its proposals are `ElementDraft`s."""

    EVALUATOR = "evaluator"
    EXPERT = "expert"
    CONSENSUS = "consensus"
    ADJUDICATOR = "adjudicator"
    TRAINEE = "trainee"


class Phase(StrEnum):
    """When a rating was given: before the draft was shown, after it, or as the score of record."""

    BLIND = "blind"
    REVEALED = "revealed"
    FINAL = "final"


class Aid(StrEnum):
    """What the rater had seen before rating; only `none` counts as fully independent."""

    NONE = "none"
    EXCERPTS = "excerpts"
    DRAFT = "draft"


class Sight(StrEnum):
    """Something that was put before a rater's eyes.

    `work`: what was handed in, which is no aid; `excerpts`: passages in the order of the work,
    without stance, weight or level; `draft`: the revealed draft, or another rater's rating;
    `citation`: one citation of a revealed draft was opened at its place in the work.
    """

    WORK = "work"
    EXCERPTS = "excerpts"
    DRAFT = "draft"
    CITATION = "citation"


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as it is kept; `level` is null where the rater found the element not observable.

    `number` rises with every rating of the store; `at` is in UTC.
    """

    number: int
    submission: str
    element: str
    rater: str
    rater_type: RaterType
    level: float | None
    phase: Phase
    aid: Aid
    at: datetime

    @property
    def independent(self) -> bool:
        """Whether it may be counted as given without any help: blind, and nothing was seen."""
        return self.phase is Phase.BLIND and self.aid is Aid.NONE


def aid_of(seen: Iterable[Sight]) -> Aid:
    """The aid that follows from everything that a rater has seen of one element so far."""
    sights = set(seen)
    if sights & {Sight.DRAFT, Sight.CITATION}:
        return Aid.DRAFT
    return Aid.EXCERPTS if Sight.EXCERPTS in sights else Aid.NONE


def checked_level(element: Element, level: float | None) -> float | None:
    """`level` if it is one of the element's, or null (not observable); raises `ReviewError`."""
    if level is None or level in element.values:
        return level
    known = ", ".join(f"{value:g}" for value in element.values)
    raise ReviewError(
        f"{level:g} is no level of the element {element.title!r}: choose one of {known}, or say "
        "that it is not observable."
    )
