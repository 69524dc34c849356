"""What a snapshot is made of: facts of one moment, without a store and without a clock.

Invariant: a validity work is in `validity` alone; it is no work of the program and none of its
ratings is in `ratings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewer.calibration.gate import Thresholds
from reviewer.review.routing import Why
from reviewer.rubric import Credential

if TYPE_CHECKING:
    from reviewer.calibration.ratings import Ratings


class State(StrEnum):
    """Where a work waits, or that it is finished."""

    UNASSIGNED = "unassigned"
    EVALUATOR = "with_evaluator"
    SECOND = "second_score"
    ADJUDICATION = "adjudication"
    FINALIZE = "to_finalize"
    FINISHED = "finished"


STATES = {
    State.UNASSIGNED: "assigned to nobody yet",
    State.EVALUATOR: "with its evaluator",
    State.SECOND: "waiting for the second score",
    State.ADJUDICATION: "with an adjudicator",
    State.FINALIZE: "ready to be finalized",
    State.FINISHED: "finished",
}
"""Each state as tables and pages say it."""


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt: moments in UTC; `target_days` null where nobody promised any.

    `why`: the reasons for a second score; `adjudicated`: whether the two went to an adjudicator;
    `waived`: whether it went on without a second score, since nobody could give one.
    `overrides`: element -> reason of the override, of the decisions on drafts (null: confirmed).
    """

    submission: str
    candidate: str
    attempt: int
    received_at: datetime
    finalized_at: datetime | None
    outcome: str | None
    state: State
    target_days: int | None
    why: tuple[Why, ...]
    adjudicated: bool
    waived: bool
    overrides: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class ValidityRating:
    """A rater's level for an element of a work whose level was known; null: not observable."""

    rater: str
    submission: str
    element: str
    level: float | None
    reference: float | None


@dataclass(frozen=True, slots=True)
class Waived:
    """A second score that nobody could give: `words` is the reason of the issuer named `by`."""

    submission: str
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything at `at` (UTC): `ratings` is the long table, null where nobody rated yet.

    `awards`: (candidate, credential) of every award of the program and of its stack's other
    credentials. `time_zone`: IANA name; the program's days and months are its.
    """

    credential: Credential
    at: datetime
    time_zone: str
    thresholds: Thresholds
    works: tuple[Work, ...]
    ratings: "Ratings | None"
    validity: tuple[ValidityRating, ...]
    awards: tuple[tuple[str, str], ...]
    waivers: tuple[Waived, ...] = ()
