"""The first pass as one value: what was submitted, what was read, what was drafted.

Invariant: equal inputs give an equal value; no clock, host or folder is in it.
"""

from dataclasses import dataclass
from typing import Literal

from reviewer.intake.artifact import Artifact
from reviewer.scoring.draft import ElementDraft


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the completeness check, in words a candidate understands.

    `slot` is null where the finding is about a file that fits no slot.
    """

    slot: str | None
    kind: Literal["missing", "too_many", "too_short", "too_long", "unassigned", "ok"]
    message: str


@dataclass(frozen=True, slots=True)
class FirstPass:
    """The result of a first pass over one submission."""

    submission_id: str
    candidate: str
    attempt: int
    credential: str
    rubric_hash: str
    artifacts: tuple[Artifact, ...]
    elements: tuple[ElementDraft, ...]
    completeness: tuple[Finding, ...]
    messages: tuple[str, ...] = ()
