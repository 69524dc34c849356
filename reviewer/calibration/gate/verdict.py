"""What a verdict is; `judging` gives them, the store keeps them, the pipeline obeys them.

Invariant: a verdict names all that it holds for and the report it rests on. Reading one loads no
library of statistics.
"""

from dataclasses import dataclass
from typing import Literal

from reviewer.scoring.draft import Fitness

Outcome = Literal["met", "not met", "insufficient"]


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold: what was measured, the bound that decided, and what it came to."""

    name: str
    n: int
    value: float | None
    bound: float | None
    limit: float
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the drafts of one engine version for one element of one rubric may be shown."""

    credential: str
    rubric_hash: str
    element: str
    engine_version: str
    fitness: Fitness
    reason: str
    checks: tuple[Check, ...]
    report_sha256: str
