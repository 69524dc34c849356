"""An excerpt is a verbatim span; a citation is an excerpt that carries part of a score.

Invariant: ``artifact.text[start:end] == quote`` for the artifact that is named; `cite` is the only
way to make either, and it checks.
"""

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """Whether a citation speaks for the element or against it."""

    SUPPORTS = "supports"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One or more whole consecutive sentences of one artifact.

    `segments` are indices into the artifact's segments; `similarity` (cosine, -1 to 1) is to the
    closest query, which `query` names (an indicator id, or ``level:VALUE`` for a descriptor).
    """

    artifact: str
    segments: tuple[int, ...]
    start: int
    end: int
    quote: str
    similarity: float
    query: str
    stance: Stance
    page: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    hearing: float | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked link from a draft score to a place in the work.

    `weight` >= 0 is this excerpt's share of what moved the draft: the weights of one draft's
    citations sum to 1 (or there are none).
    """

    artifact: str
    quote: str
    start: int
    end: int
    page: int | None
    start_s: float | None
    end_s: float | None
    speaker: str | None
    stance: Stance
    weight: float
    hearing: float | None
