"""The first pass as a reader meets it: words, places and marks, ready for a template.

Invariant: plain values, no markup; what a candidate wrote stands here unescaped, and the template
escapes it. `reviewer.export.compose` makes them.
"""

from dataclasses import dataclass

from reviewer.export import wording
from reviewer.export.layout import Block
from reviewer.scoring.first_pass import Finding


@dataclass(frozen=True, slots=True)
class CitationView:
    """One quote and where it lies; `number` (``4-2``) names its anchors ``c-…`` and ``w-…``."""

    number: str
    stance: str
    glyph: str
    in_doubt: bool
    share: float
    quote: str
    artifact: str
    name: str
    place: str
    seconds: float | None
    linked: bool

    @property
    def label(self) -> str:
        """The number as people read it: ``4.2``."""
        return self.number.replace("-", ".")

    @property
    def weight(self) -> str:
        """The share in words."""
        return wording.percent(self.share)


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level with its descriptor; `probability` is null where there is no draft."""

    value: str
    title: str
    descriptor: str
    required: bool
    drafted: bool
    probability: float | None

    @property
    def percent(self) -> str:
        """The probability in words."""
        return "" if self.probability is None else wording.percent(self.probability)


@dataclass(frozen=True, slots=True)
class ElementView:
    """One element beside its draft; `kind` is a `DraftKind` value, or ``waiting``."""

    number: int
    id: str
    title: str
    question: str
    kind: str
    headline: str
    glyph: str
    level: str
    meaning: str
    reason: str
    rationale: str
    strength: str
    fitness: str
    asked: str
    needed: str
    levels: tuple[LevelView, ...]
    citations: tuple[CitationView, ...]


@dataclass(frozen=True, slots=True)
class ArtifactView:
    """One submitted file: what it is, how well it was read, and its text with marks."""

    id: str
    name: str
    slot: str
    kind: str
    playable: bool
    size: str
    hearing: str
    problem: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PassView:
    """A whole first pass."""

    submission: str
    candidate: str
    attempt: int
    title: str
    summary: str
    rule: str
    artifacts: tuple[ArtifactView, ...]
    elements: tuple[ElementView, ...]
    findings: tuple[Finding, ...]
    messages: tuple[str, ...]
    waiting: int
    outcome: str
    unreadable: int
    engines: tuple[tuple[str, str], ...]
