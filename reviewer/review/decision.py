"""How a person turns a rating of their own into the score of record.

Invariant: the kind of a decision follows from the level decided and the draft that was revealed;
nobody chooses it. An override always has exactly one reason code. Taking a draft needs one opened
citation of it where it has any; keeping one's own level never takes more steps than taking the
draft's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviewer.errors import ReviewError
from reviewer.review.rating import RaterType
from reviewer.scoring.draft import ElementDraft


class DecisionKind(StrEnum):
    """`confirm`: as the draft; `override`: otherwise; `scored`: there was none to compare."""

    CONFIRM = "confirm"
    OVERRIDE = "override"
    SCORED = "scored"
    ADJUDICATE = "adjudicate"


class Reason(StrEnum):
    """Why a draft was overridden."""

    OWN_READING = "own_reading"
    EVIDENCE_MISSED = "evidence_missed"
    EVIDENCE_MISREAD = "evidence_misread"
    MISHEARD = "misheard"
    NOT_IN_WORDS = "not_in_words"
    OTHER = "other"


REASONS = {
    Reason.OWN_READING: "The same evidence reads as another level to me.",
    Reason.EVIDENCE_MISSED: "The draft missed evidence that is in the work.",
    Reason.EVIDENCE_MISREAD: "A citation does not show what the draft makes of it.",
    Reason.MISHEARD: "A recording was transcribed wrongly.",
    Reason.NOT_IN_WORDS: "It shows in the picture, or otherwise not in words.",
    Reason.OTHER: "Another reason.",
}
"""Each code in the words that the pages show; the first is the one that stands selected."""

DEFAULT_REASON = Reason.OWN_READING


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is kept: about the final rating numbered `rating`, by the same person.

    `draft_level` is the level that had been revealed, null where there was none.
    """

    number: int
    submission: str
    element: str
    rater: str
    rating: int
    kind: DecisionKind
    level: float | None
    reason: Reason | None
    words: str
    draft_level: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to decide, and what they had before them.

    `own` tells whether they had stored a level of their own (`own_level`, null for not observable)
    before the draft was revealed; `opened` how many of the draft's citations they opened.
    """

    rater_type: RaterType
    level: float | None
    draft: ElementDraft | None
    own: bool
    own_level: float | None
    opened: int


def kind_of(proposal: Proposal) -> DecisionKind:
    """The kind that follows; raises `ReviewError` where a citation must be opened first."""
    if proposal.rater_type is RaterType.ADJUDICATOR:
        return DecisionKind.ADJUDICATE
    if proposal.draft is None:
        return DecisionKind.SCORED
    if proposal.level != proposal.draft.level:
        return DecisionKind.OVERRIDE
    if must_open_citation(proposal):
        raise ReviewError(
            "Open one citation of the draft before you take its level: it has "
            f"{len(proposal.draft.citations)}."
        )
    return DecisionKind.CONFIRM


def must_open_citation(proposal: Proposal) -> bool:
    """Whether the level is the draft's rather than one's own, and none of its citations was opened.

    Who had stored the same level before the draft was revealed takes nothing from it.
    """
    if proposal.draft is None or proposal.level != proposal.draft.level:
        return False
    taken = not (proposal.own and proposal.own_level == proposal.level)
    return taken and bool(proposal.draft.citations) and proposal.opened == 0


def reason_of(kind: DecisionKind, given: Reason | None) -> Reason | None:
    """The one reason code that is kept: that of an override, `DEFAULT_REASON` if none was chosen.

    The default costs no step, so that disagreeing is never the longer way.
    """
    return (given or DEFAULT_REASON) if kind is DecisionKind.OVERRIDE else None


def steps(proposal: Proposal) -> int:
    """How many acts of a person the decision takes: opening a citation, and deciding."""
    return 1 + must_open_citation(proposal)
