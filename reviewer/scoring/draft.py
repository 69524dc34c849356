"""A draft score: the machine's proposal, never a rating of record.

Invariant: a `draft` has a level, probabilities that sum to 1 and at least one citation; every
other kind has neither level nor probabilities, and a `reason`. Insufficient evidence is about the
work, abstention about the engine: they are never merged.
"""

from dataclasses import dataclass
from enum import StrEnum

from reviewer.evidence.citation import Citation, Excerpt


class DraftKind(StrEnum):
    """What the engine has to say about one element."""

    DRAFT = "draft"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    ABSTENTION = "abstention"
    NOT_OBSERVABLE = "not_observable"


class Fitness(StrEnum):
    """What calibration has said of this engine on this element."""

    UNMEASURED = "unmeasured"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """All that a draft depends on beside the work: same identity and work, same draft."""

    id: str
    version: str
    weights_sha256: str
    rubric_hash: str
    settings: dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class ElementDraft:
    """The draft for one element.

    `level` is one of the element's values, `expected` the mean of `probabilities` (level value as
    text -> probability), `strength` in [0, 1] the amount of evidence it rests on. `excerpts` are
    the places most worth reading for the element, best first, whatever the engine makes of them.
    """

    element: str
    kind: DraftKind
    reason: str | None
    fitness: Fitness
    level: float | None
    expected: float | None
    probabilities: dict[str, float]
    strength: float
    rationale: str
    citations: tuple[Citation, ...]
    engine: EngineIdentity
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftedLevel:
    """What measuring takes of an `ElementDraft`: the same fields, so it is read from its JSON."""

    element: str
    kind: DraftKind
    level: float | None
    probabilities: dict[str, float]
    engine: EngineIdentity

    @classmethod
    def of(cls, draft: ElementDraft) -> "DraftedLevel":
        """The level of a draft without what it rests on."""
        return cls(draft.element, draft.kind, draft.level, draft.probabilities, draft.engine)


def undrafted(element: str, kind: DraftKind, reason: str, engine: EngineIdentity) -> ElementDraft:
    """What an engine says instead of a draft; `kind` is any but `draft`."""
    return ElementDraft(
        element=element,
        kind=kind,
        reason=reason,
        fitness=Fitness.UNMEASURED,
        level=None,
        expected=None,
        probabilities={},
        strength=0.0,
        rationale="",
        citations=(),
        engine=engine,
    )
