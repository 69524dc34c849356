"""The first pass as one value: what was submitted, what was read, what was drafted.

Invariant: equal inputs give an equal value; no clock, host or folder is in it.
"""

from dataclasses import dataclass

from reviewer.intake.artifact import Artifact
from reviewer.intake.completeness import Finding
from reviewer.scoring.draft import ElementDraft

__all__ = ["Finding", "FirstPass"]


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
